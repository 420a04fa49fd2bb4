# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nodes leave clusters of any shape: what holds of every plan of moves, and of the cluster after each of its moves."""

from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Brick, Peer, Pool, Volume
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.records import ObservedHost
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
from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.moves import Placing, moves
from ansible_collections.brickwork.gluster.plugins.plugin_utils.placement.place import place_bricks

ROOM = 20 * GIB
SHAPES = [
    {"type": "replicate", "replicas": 3},
    {"type": "arbiter"},
    {"type": "disperse", "disperse_data": 2, "redundancy": 1},
    {"type": "replicate", "replicas": 2},
]


class Machines:
    """Nodes with two disks each, and volumes that placement has put there."""

    def __init__(self, zones, volumes, leaving):
        self.zones = {f"n{number}": zone for number, zone in enumerate(zones, 1)}
        self.leaving = leaving
        self.bricks = {name: {} for name in self.zones}
        self.volumes = []
        hosts = placement_hosts(self.observed({}))
        for volume in place_bricks(volumes, hosts, (), "preferred", "/srv/gluster")["volumes"]:
            bricks = [self.add(brick["host"], brick) for brick in volume["bricks"]]
            arbiters = [bool(brick["arbiter"]) for brick in volume["bricks"]]
            shape = shape_of(volume["type"], volume["replicas"], volume["disperse_data"], volume["redundancy"])
            made = [brick._replace(arbiter=arbiter) for brick, arbiter in zip(bricks, arbiters, strict=True)]
            counts = (shape.replicas, shape.arbiters, shape.disperse, shape.redundancy)
            self.volumes.append(Volume(volume["name"], volume["name"], "Started", *counts, tuple(made), {}))

    def add(self, host, brick):
        """Put a brick on a host's disk."""
        kept = {key: brick[key] for key in ("name", "device", "size", "path")}
        self.bricks[host][brick["path"]] = kept
        return Brick(host, brick["path"], "u" + host)

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
        disks = NodeDisks(name, "u" + name, ObservedHost("", "", {}), devices, self.bricks[name])
        return Node(name, name, self.zones[name], [], gluster, disks, retired=state == "retired")

    def plan(self, policy):
        cluster = self.observed()
        return moves(cluster, Placing(placement_hosts(cluster), [], policy, "/srv/gluster"))

    def carry_out(self, move):
        """Replace the brick, as GlusterFS does."""
        new = self.add(move.node, move._asdict())
        for at, volume in enumerate(self.volumes):
            if volume.name == move.volume:
                bricks = [new._replace(arbiter=one.arbiter) if one.name == move.brick else one for one in volume.bricks]
                self.volumes[at] = volume._replace(bricks=tuple(bricks))


@st.composite
def clusters(draw):
    zones = draw(st.lists(st.sampled_from("abcd"), min_size=4, max_size=9))
    shapes = draw(st.lists(st.tuples(st.sampled_from(SHAPES), st.integers(1, 2)), min_size=1, max_size=4))
    volumes = [
        {"name": f"v{at}", "sets": sets, "size": f"{2 * sets}GiB", **shape} for at, (shape, sets) in enumerate(shapes)
    ]
    names = [f"n{number}" for number in range(1, len(zones) + 1)]
    leaving = draw(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True))
    states = {name: draw(st.sampled_from(["lost", "retired"])) for name in leaving}
    return Machines(zones, volumes, states)


@settings(max_examples=250, deadline=None)
@given(clusters(), st.sampled_from(["strict", "preferred"]))
def test_each_move_keeps_the_rules_and_all_of_them_empty_the_nodes_that_leave(machines, policy):
    plan = machines.plan(policy)
    for number, move in enumerate(plan.made):
        assert move.leaving in machines.leaving and move.node not in machines.leaving
        assert brick_footprint(move.size) <= machines.free(move.node, move.device)
        left = plan.made[number:]
        # A run that is cut off here goes on with just these.
        assert sorted(one.brick for one in machines.plan(policy).made) == sorted(one.brick for one in left)
        machines.carry_out(move)
    for volume in machines.volumes:
        for bricks in volume.brick_sets:
            assert len({brick.host for brick in bricks}) == len(bricks), "no two bricks of a set share a host"
    if not plan.refused:
        held = {brick.host for volume in machines.volumes for brick in volume.bricks}
        assert not held & set(machines.leaving)
        assert machines.plan(policy) == ([], [])


@settings(max_examples=100, deadline=None)
@given(clusters())
def test_strict_zones_hold_of_every_set_that_gets_a_new_brick_where_they_held_before(machines):
    before = {volume.name: crowded(machines, volume) for volume in machines.volumes}
    for move in machines.plan("strict").made:
        machines.carry_out(move)
    for volume in machines.volumes:
        assert crowded(machines, volume) <= before[volume.name]


def crowded(machines, volume):
    """Return the numbers of the sets that would lose more than they may with one zone."""
    limit = volume.redundancy or 1
    counts = [[machines.zones[brick.host] for brick in bricks] for bricks in volume.brick_sets]
    return {at for at, zones in enumerate(counts) if max(map(zones.count, zones)) > limit}
