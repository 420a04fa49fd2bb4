# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The observed cluster: what the look found on each node, read once, and what the reference node knows. PRIVATE."""

import functools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Optional, Union

from ansible_collections.brickwork.gluster.plugins.module_utils.facts import from_facts
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.marks import Mark
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Brick, Pool, Volume
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.records import ObservedHost
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.certificates import (
    NO_CERTIFICATE,
    Certificate,
)

#: What becomes of a disk or a single brick, as the inventory says.
LOST, RETIRED = "lost", "retired"


class NodeDisks(NamedTuple):
    """The disks and bricks of a node. uuid is by which the pool knows the node, "" for none.

    host is all that was read there, devices and bricks what lvm_brick_info makes of it, bricks by their directories.
    """

    node: str
    uuid: str
    host: ObservedHost
    devices: list[dict[str, Any]]
    bricks: dict[str, dict[str, Any]]


def node_disks(node: str, uuid: str, answer: Mapping[str, Any]) -> NodeDisks:
    """Return the NodeDisks of what lvm_brick_info, or the look, answered."""
    host = from_facts(ObservedHost, answer["observed"])
    return NodeDisks(node, uuid, host, answer["devices"], {brick["path"]: brick for brick in answer["bricks"]})


def brick_number(path: str) -> tuple[str, int]:
    """Return the volume and the number in the name of a brick's directory; a number of 0 for another kind of name."""
    name, _dash, number = path.removesuffix("/brick").rpartition("/")[2].rpartition("-")
    return name, int(number) if number.isdigit() else 0


class Node(NamedTuple):
    """A storage node: what the inventory says of it, and what the look found there.

    gluster is what the node tells of GlusterFS: its own uuid, the number of peers it sees (unwell: those of them
    that it does not count on), and the volumes it knows, with a digest for each.
    """

    name: str
    address: str
    zone: str
    devices: list[dict[str, Any]]
    gluster: Mapping[str, Any]
    disks: NodeDisks
    #: Packages that are missing, None where the node could not tell.
    missing_packages: Optional[list[str]] = []
    #: What is to be done until the node has what its repository or folder of RPMs has for it, as steps.
    software: list[dict[str, Any]] = []
    #: Of GlusterFS, as the inventory asks for it; "" for any.
    desired_version: str = ""
    #: What is to be done to glusterd and to the firewall, as their modules show steps.
    daemon: list[dict[str, Any]] = []
    firewall: list[dict[str, Any]] = []
    certificate: Certificate = NO_CERTIFICATE
    #: Whether all that is on it is to go elsewhere.
    retired: bool = False
    #: By path the disks that are retired or lost.
    disk_states: Mapping[str, str] = {}
    #: By directory the single bricks that are.
    brick_states: Mapping[str, str] = {}

    @property
    def is_set_up(self) -> bool:
        """Whether glusterd runs there as it is to run."""
        serves = self.gluster["installed"] and self.gluster["running"]
        as_desired = not self.daemon and not self.firewall and not self.certificate.is_due
        return bool(serves and self.missing_packages == [] and not self.software and as_desired)

    @property
    def uuid(self) -> str:
        """The node's own uuid, as its files have it; "" for one that never had any."""
        return self.gluster["uuid"]

    @property
    def sees_all_well(self) -> bool:
        """Whether it counts on every peer that it knows."""
        return not self.gluster["unwell"]

    @property
    def machine_id(self) -> str:
        """The machine's own id (/etc/machine-id), "" where it is not known."""
        return self.disks.host.machine_id

    @property
    def volumes(self) -> Mapping[str, str]:
        """The volumes that a running glusterd knows there: name -> digest."""
        return self.gluster["volumes"] if self.gluster["running"] else {}

    @property
    def peers(self) -> int:
        """How many members the node sees, itself among them; 0 while its glusterd does not run."""
        return self.gluster["peers"] if self.gluster["running"] else 0

    def was_used(self, path: str) -> bool:
        """Whether a brick holds anything: a command that was refused marks one, too, and leaves it empty.

        The mark alone does not tell: somebody may have taken it away, and left the files.
        """
        place = self.disks.host.places.get(path)
        return place is not None and place.directory_exists and not place.directory_is_pristine

    def mark_at(self, path: str) -> Optional[Mark]:
        """Return the mark of a brick directory on this node, or None."""
        place = self.disks.host.places.get(path)
        return place.mark if place else None


class Absent(NamedTuple):
    """A storage node of the inventory that does not answer, is in maintenance or lost: what is on it stays as it is.

    maintenance is since when, and why; "" for one that does not answer. renewed: it does answer, and is to become the
    member again that it was. lost: it does not come back. retired:
    all that is on it is to go elsewhere.
    """

    name: str
    address: str
    zone: str
    maintenance: str = ""
    renewed: bool = False
    lost: bool = False
    retired: bool = False


class PoolAnswer(NamedTuple):
    """What the reference node told of the whole pool (gluster_info): volumes, and where it could be asked the rest.

    bricks and tasks are empty where nobody could be asked, and where nobody was, as each member has found its own
    bricks running and no task (in_passing). groups are GlusterFS's own groups of options.
    """

    pool: Pool = Pool(())
    volumes: tuple[Volume, ...] = ()
    bricks: tuple[dict[str, Any], ...] = ()
    tasks: tuple[dict[str, Any], ...] = ()
    groups: dict[str, dict[str, str]] = {}
    version: str = ""
    op_version: int = 0
    in_passing: bool = False

    @property
    def serving(self) -> frozenset[str]:
        """The bricks that clients can reach."""
        if self.in_passing:
            return frozenset(brick.name for volume in self.volumes if volume.is_started for brick in volume.bricks)
        return frozenset(f"{one['host']}:{one['path']}" for one in self.bricks if one["online"])


def pool_answer(facts: Mapping[str, Any]) -> PoolAnswer:
    """Return the PoolAnswer of gluster_info's answer."""
    return PoolAnswer(
        pool=from_facts(Pool, facts["pool"]),
        volumes=tuple(from_facts(Volume, volume) for volume in facts.get("volumes") or ()),
        bricks=tuple(facts.get("bricks") or ()),
        tasks=tuple(facts.get("tasks") or ()),
        groups=facts.get("option_groups") or {},
        version=facts.get("version") or "",
        op_version=facts.get("op_version") or 0,
        in_passing="bricks" not in facts,
    )


class ObservedCluster:
    """All nodes and the pool, with what planning looks up in them."""

    def __init__(
        self, nodes: Iterable[Node], reference: Node, answer: PoolAnswer, absent: Sequence[Absent] = ()
    ) -> None:
        self.nodes = list(nodes)
        self.absent = list(absent)
        self.reference = reference
        self.answer = answer
        self.members = {peer.uuid for peer in answer.pool.peers}
        self.volumes = {volume.name: volume for volume in answer.volumes}
        self.by_name = {node.name: node for node in self.nodes}
        self.by_uuid = {node.uuid: node for node in self.nodes if node.uuid}
        self.absent_by_uuid = self._known_absent() if absent else {}

    def _known_absent(self) -> dict[str, Absent]:
        """Return the absent nodes by the uuid under which the pool, or a brick, knows their address."""
        uuids = {name: peer.uuid for peer in self.answer.pool.peers for name in peer.names}
        bricks = {brick.host: brick.host_uuid for volume in self.answer.volumes for brick in volume.bricks}
        found = {node.address: uuids.get(node.address) or bricks.get(node.address) for node in self.absent}
        return {uuid: node for node in self.absent if (uuid := found[node.address])}

    def host_of(self, uuid: str) -> Optional[Union[Node, Absent]]:
        """Return the node that is the member with that uuid, also one that does not answer."""
        return self.by_uuid.get(uuid) or self.absent_by_uuid.get(uuid)

    @property
    def pool(self) -> Pool:
        """The pool as the reference node sees it."""
        return self.answer.pool

    @property
    def disks(self) -> list[NodeDisks]:
        """The disks of all nodes."""
        return [node.disks for node in self.nodes]

    @functools.cached_property
    def serving(self) -> frozenset[str]:
        """The bricks that clients can reach, put together once for all volumes."""
        return self.answer.serving

    @functools.cached_property
    def lost_in_place(self) -> frozenset[str]:
        """The bricks of which the inventory says that they, or their disks, are lost, once for all volumes.

        Their nodes answer, and may well have them still, as they were long ago: who reads old files says so of a brick.
        """
        bricks = [brick for volume in self.answer.volumes for brick in volume.bricks]
        return frozenset(brick.name for brick in bricks if self._is_at_lost_place(brick))

    def _is_at_lost_place(self, brick: Brick) -> bool:
        node = self.by_uuid.get(brick.host_uuid)
        if node is None:
            return False
        disk = node.disks.bricks.get(brick.path, {}).get("device") or ""
        return LOST in (node.brick_states.get(brick.path), node.disk_states.get(disk))

    @functools.cached_property
    def last_numbers(self) -> dict[str, int]:
        """By volume the largest number in the names of brick directories that hold anything, once for all volumes."""
        found: dict[str, int] = {}
        for node in self.nodes:
            for path in filter(node.was_used, node.disks.bricks):
                name, number = brick_number(path)
                found[name] = max(found.get(name, 0), number)
        return found

    def is_member(self, node: Node) -> bool:
        """Whether the node is in the reference node's pool."""
        return bool(node.uuid) and node.uuid in self.members

    @property
    def strangers(self) -> list[Node]:
        """The nodes that are to join: those in no pool, or only in one of their own, that are not retired."""
        return [node for node in self.nodes if not self.is_member(node) and not node.retired]

    @property
    def awaited(self) -> list[Absent]:
        """The absent nodes that come back."""
        return [node for node in self.absent if not node.lost]
