# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""New bricks in sets that exist: instead of one that leaves, or as one more copy. Pure. PRIVATE to the collection.

Placement chooses, by all its rules. It sees of each volume only the sets that have a gap, with the others of each set
as bricks that stand ready, so that it fills just the gaps.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Optional

from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Brick, Volume
from ansible_collections.brickwork.gluster.plugins.module_utils.shapes import Shape
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.records import (
    Node,
    ObservedCluster,
    brick_number,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.placement.place import place_bricks

_Data = dict[str, Any]


class Placing(NamedTuple):
    """By what placement chooses: hosts as it takes them, the desired volumes, and the rules."""

    hosts: Sequence[_Data]
    volumes: Sequence[_Data]
    zone_policy: str
    root: str


class Gaps(NamedTuple):
    """Sets of a volume that have gaps: their shape, by position the brick that stays there, None for a gap.

    names are by position those of the bricks that fill the gaps.
    """

    volume: Volume
    shape: Shape
    bricks: Sequence[Optional[Brick]]
    names: Mapping[int, str]


class NewBrick(NamedTuple):
    """A brick that fills a gap: on which node, where, and with how many bytes on which disk."""

    node: str
    address: str
    name: str
    path: str
    device: str
    size: int

    @property
    def place(self) -> str:
        """The brick as a volume has it."""
        return f"{self.address}:{self.path}"

    @property
    def made(self) -> _Data:
        """The brick as lvm_brick takes it."""
        return {"name": self.name, "device": self.device, "size": f"{self.size}B"}


def fill(
    gaps: Sequence[Gaps], cluster: ObservedCluster, placing: Placing, starting: bool = False
) -> dict[str, dict[int, NewBrick]]:
    """Return by volume and position the bricks that fill the gaps. Room that one takes is none for the next.

    starting is whether who makes the bricks starts glusterd where it does not run yet. Raises PlacementError or
    InputError where one finds no place.
    """
    able = _able(cluster, starting)
    hosts = [host if host["name"] in able else {**host, "devices": []} for host in placing.hosts]
    limits = {volume["name"]: _limits(volume) for volume in placing.volumes}
    requested = [_requested(one, data_size(one.volume, cluster), limits.get(one.volume.name, {})) for one in gaps]
    existing = [brick for one in gaps for brick in _ready(one, cluster, placing.root, able)]
    placed = place_bricks(requested, hosts, existing, placing.zone_policy, placing.root)
    bricks = {volume["name"]: volume["bricks"] for volume in placed["volumes"]}
    return {one.volume.name: _new_bricks(one, bricks[one.volume.name], placing.root) for one in gaps}


def first_number(volume: Volume, cluster: ObservedCluster) -> int:
    """Return the first number for the name of a new brick. One that was replaced or removed keeps its own."""
    numbers = [number for brick in volume.bricks for name, number in [brick_number(brick.path)] if name == volume.name]
    return max([len(volume.bricks), cluster.last_numbers.get(volume.name, 0), *numbers]) + 1


def data_size(volume: Volume, cluster: ObservedCluster) -> int:
    """Return the bytes of the largest data brick that a node shows, 0 where none does."""
    return max((place_of(brick, cluster)["size"] or 0 for brick in volume.bricks if not brick.arbiter), default=0)


def place_of(brick: Brick, cluster: ObservedCluster) -> _Data:
    """Return host, device, size and path of a brick, None for what no node shows."""
    node = cluster.host_of(brick.host_uuid)
    disk: Mapping[str, Any] = node.disks.bricks.get(brick.path, {}) if isinstance(node, Node) else {}
    host = node.name if node else brick.host
    return {"host": host, "device": disk.get("device"), "size": disk.get("size"), "path": brick.path}


def held(bricks: Sequence[Brick], cluster: ObservedCluster) -> int:
    """Return about how many bytes a set holds: how full the thin pool of its fullest brick is."""
    return max([_used(brick, cluster) for brick in bricks if not brick.arbiter], default=0)


def _used(brick: Brick, cluster: ObservedCluster) -> int:
    node = cluster.host_of(brick.host_uuid)
    disk: Mapping[str, Any] = node.disks.bricks.get(brick.path, {}) if isinstance(node, Node) else {}
    size, percent = place_of(brick, cluster)["size"] or 0, disk.get("data_percent")
    return size if percent is None else int(size * percent / 100)


def _able(cluster: ObservedCluster, starting: bool) -> set[str]:
    """Return the members that can take a brick at once: GlusterFS puts none on a machine outside of the pool."""
    return {node.name for node in cluster.nodes if cluster.is_member(node) and (starting or node.gluster["running"])}


def _limits(volume: Mapping[str, Any]) -> _Data:
    return {key: volume.get(key) or [] for key in ("hosts", "devices")}


def _requested(gaps: Gaps, size_of_data: int, limits: _Data) -> _Data:
    shape, sets = gaps.shape, len(gaps.bricks) // gaps.shape.width
    data = shape.disperse - shape.redundancy
    size = sets * max(data, 1) * size_of_data
    kind: _Data = {"type": "arbiter" if shape.arbiters else "replicate", "replicas": shape.replicas}
    if shape.disperse:
        kind = {"type": "disperse", "disperse_data": data, "redundancy": shape.redundancy}
    return {"name": gaps.volume.name, "sets": sets, "size": f"{size}B", **limits, **kind}


def _ready(gaps: Gaps, cluster: ObservedCluster, root: str, able: set[str]) -> list[_Data]:
    """Return the bricks that stay, and those that a run which was cut off has made for a gap, as ready ones.

    Not what it has made on a node that is not able to take a brick: that could hold up each further run.
    """
    ready = []
    for at, brick in enumerate(gaps.bricks):
        if brick:
            ready.append({**_existing(gaps, at, place_of(brick, cluster)), "fixed": True})
        else:
            made = _made_before(_path(root, gaps.names[at]), cluster, able)
            ready += [_existing(gaps, at, made)] if made else []
    return ready


def _existing(gaps: Gaps, at: int, place: _Data) -> _Data:
    return {"volume": gaps.volume.name, "index": at + 1, "in_volume": False, **place}


def _made_before(path: str, cluster: ObservedCluster, able: set[str]) -> Optional[_Data]:
    for node in cluster.nodes:
        disk = node.disks.bricks.get(path) if node.name in able else None
        if disk and not node.retired and disk["device"] not in node.disk_states and path not in node.brick_states:
            return {"host": node.name, "device": disk["device"], "size": disk["size"], "path": path}
    return None


def _path(root: str, name: str) -> str:
    return f"{root}/{name}/brick"


def _new_bricks(gaps: Gaps, placed: Iterable[_Data], root: str) -> dict[int, NewBrick]:
    return {
        at: NewBrick(
            new["host"], new["address"], gaps.names[at], _path(root, gaps.names[at]), new["device"], new["size"]
        )
        for at, new in enumerate(placed)
        if at in gaps.names
    }
