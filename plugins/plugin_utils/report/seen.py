# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All that a report is made of: what the inventory says, and what the nodes answered. PRIVATE to the collection."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Brick, Volume
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.looks import is_lost, maintenance_of
from ansible_collections.brickwork.gluster.plugins.plugin_utils.inventory.read import Machine

_Data = Mapping[str, Any]
#: Where a brick is whose member is none of the inventory.
UNKNOWN_ZONE = "not in the inventory"


class NodeSeen(NamedTuple):
    """A storage node of the inventory, and what the look answered for it; look is empty where nobody was seen."""

    machine: Machine
    look: _Data

    @property
    def name(self) -> str:
        """Its name in the inventory."""
        return self.machine.name

    @property
    def address(self) -> str:
        """By which the others reach it."""
        return str(self.machine.values["gluster_address"])

    @property
    def zone(self) -> str:
        """Its failure zone."""
        return str(self.machine.values.get("gluster_zone", "default"))

    @property
    def gluster(self) -> _Data:
        """What it tells of GlusterFS."""
        return self.look.get("gluster") or {}

    @property
    def disks(self) -> _Data:
        """What it tells of its disks."""
        return self.look.get("disks") or {}

    @property
    def answers(self) -> bool:
        """Whether it was looked at."""
        return bool(self.gluster) and "observed" in self.disks

    @property
    def reason(self) -> str:
        """Why it does not serve, as it or Ansible said in one line, "" for no reason."""
        if self.answers:
            return str(self.gluster.get("stopped_because") or "")
        said = (self.look.get("node") or {}).get("refusal") or self.look.get("msg") or ""
        return (str(said).strip().splitlines() or [""])[0][:300]

    @property
    def uuid(self) -> str:
        """By which the pool knows it, "" where that is not known."""
        return str(self.gluster.get("uuid") or "")

    @property
    def state(self) -> str:
        """In a few words."""
        if is_lost(self.look):
            return "lost"
        if not self.answers:
            silent = self.look.get("unreachable") or not self.reason
            return "does not answer" if silent else "could not be looked at"
        if maintenance_of(self.look):
            return "in maintenance"
        return "serves" if self.gluster.get("running") else "glusterd does not run"


class Seen(NamedTuple):
    """A cluster at one moment.

    nodes, clients: by name. pool is what the node asked told of it, empty where none could tell, and volumes those in
    it. judged: problems and notes of health. explanation: why bricks are where they are. moving: how far rebalances
    are. capacity: what fits still.
    """

    name: str
    made: str
    nodes: Mapping[str, NodeSeen]
    clients: Mapping[str, _Data] = {}
    pool: _Data = {}
    volumes: Sequence[Volume] = ()
    asked: str = ""
    judged: _Data = {}
    explanation: Sequence[str] = ()
    moving: Sequence[_Data] = ()
    capacity: Sequence[_Data] = ()


class Owners:
    """Which node of the inventory holds a brick, and what that node tells of it."""

    def __init__(self, nodes: Mapping[str, NodeSeen]) -> None:
        self._nodes = nodes
        self._by_uuid = {node.uuid: name for name, node in nodes.items() if node.uuid}
        self._by_address = {node.address: name for name, node in nodes.items()}
        self._disks = {
            name: {brick["path"]: brick for brick in node.disks.get("bricks") or ()} for name, node in nodes.items()
        }

    def name_of(self, brick: Brick) -> str:
        """Return the node's name, for one that the inventory does not have the host of the brick."""
        return self._by_uuid.get(brick.host_uuid) or self._by_address.get(brick.host) or brick.host

    def zone_of(self, name: str) -> str:
        """Return the zone of a node."""
        return self._nodes[name].zone if name in self._nodes else UNKNOWN_ZONE

    def disk_of(self, brick: Brick) -> _Data:
        """Return what the node tells of a brick's logical volume, nothing where it has none."""
        return self._disks.get(self.name_of(brick), {}).get(brick.path, {})
