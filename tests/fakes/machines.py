# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Storage nodes with two disks each, and volumes that placement has put there; no glusterd, no LVM."""

from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.marks import Mark
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Brick, Peer, Pool, Volume
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.records import BrickPlace, ObservedHost
from ansible_collections.brickwork.gluster.plugins.module_utils.shapes import shape_of
from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import GIB, brick_footprint
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.plan import placement_hosts
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.records import (
    Absent,
    Node,
    NodeDisks,
    ObservedCluster,
    PoolAnswer,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.placement.place import place_bricks

ROOM = 20 * GIB


class Machines:
    """Nodes with two disks each, and volumes that placement has put there."""

    def __init__(self, zones, volumes, leaving=None, disks=None):
        self.zones = {f"n{number}": zone for number, zone in enumerate(zones, 1)}
        self.leaving = leaving or {}
        #: By host the disks that are retired, by their paths.
        self.disks = {}
        self.bricks = {name: {} for name in self.zones}
        self.volumes = []
        #: Directories of bricks that a volume has used, by host.
        self.used = {name: set() for name in self.zones}
        hosts = placement_hosts(self.observed({}))
        for volume in place_bricks(volumes, hosts, (), "preferred", "/srv/gluster")["volumes"]:
            bricks = [self.add(brick["host"], brick) for brick in volume["bricks"]]
            arbiters = [bool(brick["arbiter"]) for brick in volume["bricks"]]
            shape = shape_of(volume["type"], volume["replicas"], volume["disperse_data"], volume["redundancy"])
            made = [brick._replace(arbiter=arbiter) for brick, arbiter in zip(bricks, arbiters, strict=True)]
            counts = (shape.replicas, shape.arbiters, shape.disperse, shape.redundancy)
            self.volumes.append(Volume(volume["name"], volume["name"], "Started", *counts, tuple(made), {}))
        self.disks = disks or {}

    def add(self, host, brick):
        """Put a brick on a host's disk."""
        self.make(host, brick)
        self.used[host].add(brick["path"])
        return Brick(host, brick["path"], "u" + host)

    def make(self, host, brick):
        """Make a brick that no volume has yet."""
        self.bricks[host][brick["path"]] = {key: brick[key] for key in ("name", "device", "size", "path")}

    def free(self, host, path):
        return ROOM - sum(
            brick_footprint(brick["size"]) for brick in self.bricks[host].values() if brick["device"] == path
        )

    def observed(self, leaving=None):
        """Return the cluster; those that are lost can't be asked."""
        states = self.leaving if leaving is None else leaving
        nodes = [self.node(name, states.get(name)) for name in self.zones if states.get(name) != "lost"]
        absent = [Absent(name, name, self.zones[name], lost=True) for name in self.zones if states.get(name) == "lost"]
        peers = tuple(Peer("u" + name, (name,), True, 3, "Peer in Cluster") for name in self.zones)
        answer = PoolAnswer(Pool(peers), tuple(self.volumes))
        return ObservedCluster(nodes, nodes[0], answer, absent)

    def node(self, name, state):
        devices = [
            {"path": path, "size": ROOM, "free": self.free(name, path), "reason": ""}
            for path in ("/dev/sdb", "/dev/sdc")
        ]
        gluster = {"running": True, "installed": True, "uuid": "u" + name, "peers": len(self.zones), "volumes": {}}
        places = {path: BrickPlace(False, True, False, Mark(path, "v", False)) for path in self.used[name]}
        host = ObservedHost("", "", {}, places=places)
        disks = NodeDisks(name, "u" + name, host, devices, self.bricks[name])
        node = Node(name, name, self.zones[name], [], gluster, disks, retired=state == "retired")
        return node._replace(disk_states=self.disks.get(name, {}))
