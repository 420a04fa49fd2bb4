# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A random cluster: its machines, its zones, its volumes; as a lab's spec and as an inventory. Pure."""

from __future__ import annotations

import dataclasses
import random

NETWORK = "192.168.72.0/24"
#: What the guests have from the start; installing is not what a fault run is about.
PACKAGES = ["attr", "glusterfs-client", "glusterfs-server", "lvm2", "thin-provisioning-tools", "xfsprogs"]
#: Kinds of volumes that go on without one of their bricks.
KINDS = (
    {"type": "replicate", "replicas": 3},
    {"type": "replicate", "replicas": 3, "sets": 2},
    {"type": "arbiter"},
    {"type": "disperse", "disperse_data": 2, "redundancy": 1},
)
MIB = 256
#: Without wsync, a brick may lose a rename that it has answered for when its power is cut, and no heal knows of it.
MOUNT_OPTIONS = "noatime,inode64,wsync"
DEVICES = ("/dev/sdb", "/dev/sdc")
#: How far a node's second address is from its first.
_SECOND = 50


@dataclasses.dataclass
class Cluster:
    """What the inventory says at a moment: zone by node, the volumes, and the states of what is not active.

    states are those of nodes, disk_states those of disks by node and path. at_second are the nodes that go by their
    second address.
    """

    zones: dict[str, str]
    volumes: list[dict]
    states: dict[str, str] = dataclasses.field(default_factory=dict)
    disk_states: dict[tuple[str, str], str] = dataclasses.field(default_factory=dict)
    at_second: set[str] = dataclasses.field(default_factory=set)

    @property
    def nodes(self) -> list[str]:
        """Names of the storage nodes."""
        return list(self.zones)

    def neighbours(self, node: str) -> list[str]:
        """Return the other nodes of a node's zone: these can take what it has."""
        return [other for other, zone in self.zones.items() if zone == self.zones[node] and other != node]

    def address_of(self, node: str) -> str:
        """Return the address that the inventory gives a storage node."""
        return second_address_of(node) if node in self.at_second else address_of(node)

    def inventory(self) -> dict:
        """Return the inventory as YAML has it."""
        hosts = {
            node: {
                "gluster_address": self.address_of(node), "gluster_zone": zone, "gluster_devices": self._devices(node)
            }
            | ({"gluster_state": self.states[node]} if node in self.states else {})
            for node, zone in self.zones.items()
        }  # fmt: skip
        variables = {
            "gluster_cluster_name": "fault-run",
            "gluster_zone_policy": "strict",
            "gluster_plan_mount_options": MOUNT_OPTIONS,
        }
        return {
            "gluster_servers": {"hosts": hosts},
            "gluster_clients": {"hosts": {"client1": None}},
            "all": {"vars": variables | {"gluster_volumes": self.volumes}},
        }

    def _devices(self, node: str) -> list[dict]:
        return [{"path": path, "state": self.disk_states.get((node, path), "active")} for path in DEVICES]

    def spec(self, name: str) -> dict:
        """Return the spec of the lab with these machines."""
        storage = [
            {"name": node, "address": address_of(node), "zone": zone, "disks": ["8G", "8G"]}
            for node, zone in self.zones.items()
        ]
        client = {"name": "client1", "address": "192.168.72.120", "zone": "clients", "memory": "400M"}
        return {"name": name, "network": NETWORK, "packages": PACKAGES, "guests": [*storage, client]}


def address_of(node: str) -> str:
    """Return the address with which a storage node begins."""
    return f"192.168.72.{100 + int(node.removeprefix('node'))}"


def second_address_of(node: str) -> str:
    """Return the other address that a storage node can have."""
    return f"192.168.72.{100 + _SECOND + int(node.removeprefix('node'))}"


def node_at(address: str) -> str:
    """Return the storage node at an address."""
    return f"node{(int(address.rpartition('.')[2]) - 100) % _SECOND}"


def draw(chance: random.Random) -> Cluster:
    """Return a cluster of three zones, at least one of them with a node to spare, and two volumes."""
    zones = ["a", "b", "c", *chance.choices("abc", k=chance.choice((1, 2)))]
    chance.shuffle(zones)
    volumes = [volume(name, kind, chance) for name, kind in zip(("first", "second"), chance.sample(KINDS, 2))]
    return Cluster({f"node{number}": zone for number, zone in enumerate(zones, 1)}, volumes)


def volume(name: str, kind: dict, chance: random.Random) -> dict:
    """Return a volume of a kind with bricks of a random size."""
    units = chance.randint(2, 4) * kind.get("sets", 1) * kind.get("disperse_data", 1)
    return {
        "name": name,
        "size": f"{units * MIB}MiB",
        "options": {"network.ping-timeout": 20},
        "clients": [{"path": f"/mnt/{name}"}],
    } | kind
