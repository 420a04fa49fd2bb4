# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the bricks go of nodes that are retired or lost. Pure. PRIVATE to the collection.

Placement chooses, by all its rules. It sees of each volume only the sets that lose a brick, with the others of each set
as bricks that stand ready, so that it fills just the gaps.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Optional

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import BrickworkError
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Brick, Volume
from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import format_size
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.records import Node, ObservedCluster
from ansible_collections.brickwork.gluster.plugins.plugin_utils.placement.place import place_bricks

_Data = dict[str, Any]


class Move(NamedTuple):
    """A brick that another one takes the place of: from which node, onto which, with how many bytes on which disk."""

    volume: str
    brick: str
    leaving: str
    node: str
    address: str
    name: str
    path: str
    device: str
    size: int

    def describe(self) -> _Data:
        """Return it as plain data, with the new brick as lvm_brick takes it (made) and as a volume has it."""
        made = {"name": self.name, "device": self.device, "size": f"{self.size}B"}
        place = f"{self.address}:{self.path}"
        keys = {"volume": self.volume, "brick": self.brick, "leaving": self.leaving, "node": self.node}
        return {**keys, "new_brick": place, "made": made}

    def line(self) -> str:
        """Return it in words."""
        return (
            f"volume {self.volume}: {self.brick} on {self.leaving} is replaced by {self.name} on {self.node} "
            f"({format_size(self.size)} on {self.device})"
        )


class Moves(NamedTuple):
    """What moves, and in sentences what can't."""

    made: list[Move]
    refused: list[str]


class Placing(NamedTuple):
    """By what placement chooses: hosts as it takes them, the desired volumes, and the rules."""

    hosts: Sequence[_Data]
    volumes: Sequence[_Data]
    zone_policy: str
    root: str


class _Gaps(NamedTuple):
    """A volume that loses bricks: the positions of the sets' bricks in their order, and of those that leave.

    first_number is that in the name of the first new brick.
    """

    volume: Volume
    positions: list[int]
    leaving: dict[int, str]
    first_number: int


def leavers(cluster: ObservedCluster) -> dict[str, str]:
    """Return by uuid the names of the members that are lost or retired."""
    lost = {uuid: node.name for uuid, node in cluster.absent_by_uuid.items() if node.lost}
    return {**lost, **{node.uuid: node.name for node in cluster.nodes if node.retired and cluster.is_member(node)}}


def moves(cluster: ObservedCluster, placing: Placing) -> Moves:
    """Return where each brick of a node that leaves is to go. Room that one takes is none for the next."""
    names, waiting = leavers(cluster), _waiting(cluster)
    if not names:
        return Moves([], waiting)
    gaps = [_gaps(volume, names, cluster) for volume in cluster.answer.volumes]
    losing = [one for one in gaps if one.leaving]
    reasons = {one.volume.name: _refusal(one, cluster) for one in losing}
    refused = waiting + [reason for reason in reasons.values() if reason]
    movable = [one for one in losing if not reasons[one.volume.name]]
    try:
        placed = _placed(movable, cluster, placing)
    except BrickworkError as error:
        return Moves([], refused + str(error).splitlines())
    return Moves([move for one in movable for move in _moves_of(one, placed[one.volume.name], placing.root)], refused)


def _waiting(cluster: ObservedCluster) -> list[str]:
    """Name the retired nodes that can't give anything away now."""
    return [
        f"{node.name} is retired and {'is in maintenance' if node.maintenance else 'does not answer'}: bring it back, "
        "or write gluster_state: lost where it does not come back"
        for node in cluster.awaited
        if node.retired
    ]


def _gaps(volume: Volume, names: Mapping[str, str], cluster: ObservedCluster) -> _Gaps:
    leaving = {at: names[brick.host_uuid] for at, brick in enumerate(volume.bricks) if brick.host_uuid in names}
    width = volume.set_width
    sets = sorted({at // width for at in leaving})
    positions = [at for number in sets for at in range(number * width, (number + 1) * width)]
    return _Gaps(volume, positions, leaving, _first_number(volume, cluster))


def _first_number(volume: Volume, cluster: ObservedCluster) -> int:
    """Return the first number for the name of a new brick. One that was replaced or removed keeps its own."""
    paths = [brick.path for brick in volume.bricks]
    paths += [path for node in cluster.nodes for path, disk in node.disks.bricks.items() if disk.get("volume_id")]
    return max([len(volume.bricks), *(_number(volume.name, path) for path in paths)]) + 1


def _refusal(gaps: _Gaps, cluster: ObservedCluster) -> str:
    volume, hosts = gaps.volume, ", ".join(sorted(set(gaps.leaving.values())))
    if volume.set_width == 1:
        return (
            f"volume {volume.name} keeps no copies, so that nothing can be replaced on {hosts}: have its files moved "
            "away while the node serves (gluster_shrink), or restore them from a backup"
        )
    if not volume.is_started:
        return f"volume {volume.name} has bricks on {hosts} and is not started, so nothing heals: start it first"
    lost = {node.name for node in cluster.absent}
    away = {volume.bricks[at].name for at, name in gaps.leaving.items() if name in lost}
    if any(len([brick for brick in bricks if brick.name in away]) > 1 for bricks in volume.brick_sets):
        return (
            f"volume {volume.name} has lost several bricks of one set on {hosts}, and a new brick is filled only while "
            "all others of its set serve: bring all but one of these nodes back, or restore the volume from a backup"
        )
    if _data_size(volume, cluster):
        return ""
    return (
        f"volume {volume.name} has no brick on the logical volumes of this collection that tells its size: replace its "
        "bricks by hand (gluster_brick)"
    )


def _data_size(volume: Volume, cluster: ObservedCluster) -> int:
    """Return the bytes of the largest data brick that a node shows, 0 where none does."""
    return max((_place(brick, cluster)["size"] or 0 for brick in volume.bricks if not brick.arbiter), default=0)


def _placed(movable: Sequence[_Gaps], cluster: ObservedCluster, placing: Placing) -> dict[str, list[_Data]]:
    """Return by volume the bricks of the sets that lose one, in order."""
    able = _able(cluster)
    hosts = [host if host["name"] in able else {**host, "devices": []} for host in placing.hosts]
    limits = {volume["name"]: volume.get("hosts") for volume in placing.volumes}
    requested = [_requested(gaps, _data_size(gaps.volume, cluster), limits.get(gaps.volume.name)) for gaps in movable]
    existing = [brick for gaps in movable for brick in _ready(gaps, cluster, placing.root)]
    placed = place_bricks(requested, hosts, existing, placing.zone_policy, placing.root)
    return {volume["name"]: volume["bricks"] for volume in placed["volumes"]}


def _able(cluster: ObservedCluster) -> set[str]:
    """Return the members that can take a brick at once: GlusterFS puts none on a machine outside of the pool."""
    return {node.name for node in cluster.nodes if cluster.is_member(node) and node.gluster["running"]}


def _requested(gaps: _Gaps, data_size: int, hosts: Optional[Sequence[str]]) -> _Data:
    volume, sets = gaps.volume, len(gaps.positions) // gaps.volume.set_width
    size = sets * max(volume.disperse - volume.redundancy, 1) * data_size
    shape: _Data = {"type": "arbiter" if volume.arbiters else "replicate", "replicas": volume.replicas}
    if volume.disperse:
        data = volume.disperse - volume.redundancy
        shape = {"type": "disperse", "disperse_data": data, "redundancy": volume.redundancy}
    return {"name": volume.name, "sets": sets, "size": f"{size}B", "hosts": hosts or [], **shape}


def _ready(gaps: _Gaps, cluster: ObservedCluster, root: str) -> list[_Data]:
    """Return the bricks that stay, and those that a run which was cut off has made for a gap, as ready ones."""
    ready = []
    for index, at in enumerate(gaps.positions, 1):
        brick = gaps.volume.bricks[at]
        if at not in gaps.leaving:
            ready.append({**_existing(gaps.volume.name, index, _place(brick, cluster)), "fixed": True})
        else:
            made = _made_before(_new_path(gaps, at, root), cluster)
            ready += [_existing(gaps.volume.name, index, made)] if made else []
    return ready


def _existing(volume: str, index: int, place: _Data) -> _Data:
    return {"volume": volume, "index": index, "in_volume": False, **place}


def _place(brick: Brick, cluster: ObservedCluster) -> _Data:
    node = cluster.host_of(brick.host_uuid)
    disk: Mapping[str, Any] = node.disks.bricks.get(brick.path, {}) if isinstance(node, Node) else {}
    host = node.name if node else brick.host
    return {"host": host, "device": disk.get("device"), "size": disk.get("size"), "path": brick.path}


def _made_before(path: str, cluster: ObservedCluster) -> Optional[_Data]:
    for node in cluster.nodes:
        disk = node.disks.bricks.get(path)
        if disk and not node.retired:
            return {"host": node.name, "device": disk["device"], "size": disk["size"], "path": path}
    return None


def _new_path(gaps: _Gaps, at: int, root: str) -> str:
    return f"{root}/{_new_name(gaps, at)}/brick"


def _new_name(gaps: _Gaps, at: int) -> str:
    """Return the name of the brick that fills a gap."""
    return f"{gaps.volume.name}-{gaps.first_number + sorted(gaps.leaving).index(at)}"


def _number(volume: str, path: str) -> int:
    name, _dash, number = path.removesuffix("/brick").rpartition("/")[2].rpartition("-")
    return int(number) if name == volume and number.isdigit() else 0


def _moves_of(gaps: _Gaps, placed: Sequence[_Data], root: str) -> list[Move]:
    found = []
    for at, new in zip(gaps.positions, placed):
        if at in gaps.leaving:
            old, name = gaps.volume.bricks[at], _new_name(gaps, at)
            place = (new["host"], new["address"], name, _new_path(gaps, at, root), new["device"], new["size"])
            found.append(Move(gaps.volume.name, old.name, gaps.leaving[at], *place))
    return found
