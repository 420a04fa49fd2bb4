# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where bricks that were lost with their disks are made anew, at their old place. Pure. PRIVATE to the collection.

The new brick keeps name, directory and size, and so its place in the volume; healing fills it.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple, Optional, Union

from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Brick, Volume
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.volumes_plan import offline_bricks
from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import brick_footprint, format_size
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.brick_findings import BrokenBrick
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.records import Node, ObservedCluster
from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.losses import (
    Losses,
    hopeless,
    hopeless_sets,
    losses,
    lost_bricks,
    lost_with,
    stated_losses,
    unsaid,
    unsaid_sets,
)

#: The directory of a brick that this collection made ends so; the first part is the brick's name.
_OUR_PATH = re.compile(r"/([^/]+)/brick\Z")


class Replacement(NamedTuple):
    """A brick that is made anew: of which volume, on which node and disk, under which name, with how many bytes.

    lost_with are others of its set that are lost. with_arbiter: another of them is an arbiter, which may list files as
    waiting for healing that only the lost brick had.
    """

    volume: str
    brick: str
    node: str
    name: str
    device: str
    size: int
    lost_with: Sequence[str] = ()
    with_arbiter: bool = False

    def describe(self) -> dict[str, Any]:
        """Return it as plain data, with the brick as lvm_brick takes it (made)."""
        made = {"name": self.name, "device": self.device, "size": f"{self.size}B"}
        what = {"volume": self.volume, "brick": self.brick, "node": self.node, "made": made}
        return {**what, "lost_with": list(self.lost_with), "with_arbiter": self.with_arbiter}

    def line(self) -> str:
        """Return it in words."""
        return (
            f"{self.node}: make {self.name} anew on {self.device} ({format_size(self.size)}), and have volume "
            f"{self.volume} fill it from the other bricks of its set"
        )


class _Refused(NamedTuple):
    """Why a brick can't be made anew where it was."""

    reason: str


class Replacements(NamedTuple):
    """What is made anew, and in sentences what can't be."""

    made: list[Replacement]
    refused: list[str]


def replacements(
    broken: Sequence[BrokenBrick],
    cluster: ObservedCluster,
    gone: Mapping[str, str] = MappingProxyType({}),
    stale: Collection[str] = (),
) -> Replacements:
    """Return where each lost brick is made anew. Room that one takes is none for the next.

    gone are those that are made anew elsewhere: see lifecycle.moves. stale are the names of those that are not
    mounted in their place.
    """
    halves, stated = _half_made(cluster), stated_losses(broken, cluster)
    found = losses(lost_bricks(broken, gone, cluster) | {one.brick for one in halves}, stale, cluster)
    room = {node.name: _room(node, broken) for node in cluster.nodes}
    stuck = _stuck(cluster, found, stated)
    own = [one for one in broken if one.brick.name not in gone]
    judged = [
        _replacement(one, cluster, room[one.node]) for one in own if one.node in room and one.brick.name not in stuck
    ]
    made = [one for one in halves if one.brick not in stuck | stated]
    made += [one for one in judged if isinstance(one, Replacement)]
    beyond = [line for name in sorted({one.volume for one in own} | {half.volume for half in halves})
              for line in _beyond_repair(cluster.volumes[name], found, cluster)]  # fmt: skip
    return Replacements(
        [_among_others(one, cluster.volumes[one.volume], found) for one in made],
        beyond + _unsaid(cluster, found, stated) + [one.reason for one in judged if isinstance(one, _Refused)],
    )


def _among_others(one: Replacement, volume: Volume, found: Losses) -> Replacement:
    others = [brick for brick in volume.set_of(one.brick) if brick.name != one.brick]
    return one._replace(
        lost_with=lost_with(one.brick, volume, found.lost), with_arbiter=any(brick.arbiter for brick in others)
    )


def _beyond_repair(volume: Volume, found: Losses, cluster: ObservedCluster) -> list[str]:
    """A volume without copies is told of brick by brick."""
    return hopeless(volume, found, cluster) if volume.set_width > 1 else []


def _unsaid(cluster: ObservedCluster, found: Losses, stated: Collection[str]) -> list[str]:
    """Of a set of which too little is left, that is told instead."""
    volumes = [volume for volume in cluster.answer.volumes if not hopeless_sets(volume, found)]
    return [line for volume in volumes for line in unsaid(volume, found.lost, stated, cluster)]


def _stuck(cluster: ObservedCluster, found: Losses, stated: Collection[str]) -> frozenset[str]:
    """Return the bricks of sets of which too little is left, or of which nobody said what does not come back."""
    sets = [
        bricks
        for volume in cluster.answer.volumes
        if volume.set_width > 1
        for bricks in hopeless_sets(volume, found) + unsaid_sets(volume, found.lost, stated)
    ]
    return frozenset(brick.name for bricks in sets for brick in bricks)


def _half_made(cluster: ObservedCluster) -> list[Replacement]:
    """Return the bricks that a run which was cut off has made anew, and that their volumes have not taken up."""
    offline = {name for names in offline_bricks(cluster.answer.bricks).values() for name in names}
    return [
        Replacement(volume.name, brick.name, node.name, disk["name"], disk["device"], disk["size"])
        for volume in cluster.answer.volumes
        if volume.is_started and volume.set_width > 1
        for brick in volume.bricks
        if brick.name in offline and (node := cluster.by_uuid.get(brick.host_uuid))
        if (disk := node.disks.bricks.get(brick.path)) and _is_fresh(node, brick, volume)
    ]


def begun(
    cluster: ObservedCluster, names: Collection[str], untouched: Collection[str] = ()
) -> dict[str, list[dict[str, Any]]]:
    """Return by node, as lvm_brick takes them, the offline bricks on logical volumes that are not in their place.

    A run that was cut off while it made one leaves it so, and so does a boot. Only when it is mounted, it shows whether
    it is empty. names are those of the desired volumes, untouched of the bricks to which nothing is done.
    """
    by_volume = offline_bricks(cluster.answer.bricks)
    offline = {name for volume in names for name in by_volume.get(volume, ())} - set(untouched)
    bricks = (brick for volume in cluster.answer.volumes for brick in volume.bricks) if offline else ()
    found: dict[str, list[dict[str, Any]]] = {}
    for brick in bricks:
        node = cluster.by_uuid.get(brick.host_uuid) if brick.name in offline else None
        disk = node.disks.bricks.get(brick.path) if node else None
        if node and disk and disk["device"] and not _is_in_place(node, brick, disk):
            made = {"name": disk["name"], "device": disk["device"], "size": f"{disk['size']}B"}
            found.setdefault(node.name, []).append(made)
    return found


def _is_in_place(node: Node, brick: Brick, disk: Mapping[str, Any]) -> bool:
    place = node.disks.host.places.get(brick.path)
    return bool(disk["mounted"] and place and place.directory_exists)


def _is_fresh(node: Node, brick: Brick, volume: Volume) -> bool:
    """Whether a brick directory is there and no process has ever run on it. A refused reset-brick leaves the mark.

    The mark alone does not tell: somebody may have taken it away, and left the files.
    """
    place = node.disks.host.places.get(brick.path)
    if place is None or not place.directory_exists or place.problem:
        return False
    return place.directory_is_pristine and (place.mark is None or place.mark.volume_id == volume.volume_id)


def _room(node: Node, broken: Sequence[BrokenBrick]) -> dict[str, int]:
    """Return the free bytes of a node's disks that are not the ones that died."""
    dead = {found.device for found in broken if found.node == node.name}
    return {
        device["path"]: device["free"]
        for device in node.disks.devices
        if device["path"] not in {*dead, *node.disk_states} and not device.get("reason")
    }


def _replacement(found: BrokenBrick, cluster: ObservedCluster, room: dict[str, int]) -> Union[Replacement, _Refused]:
    what = f"volume {found.volume}: brick {found.brick.name} on {found.node}"
    match = _OUR_PATH.search(found.brick.path)
    volume = cluster.volumes[found.volume]
    if match is None:
        return _Refused(f"{what} was not made by this collection; make it anew by hand, and run gluster_brick")
    if volume.set_width == 1:
        return _Refused(f"{what} is the only copy of its files; restore them from a backup")
    size = _size_of(found.brick, volume, cluster)
    if size is None:
        return _Refused(f"{what} has no other brick of its set to tell its size; bring those back first")
    fitting = [path for path, free in room.items() if free >= brick_footprint(size)]
    if not fitting:
        return _Refused(
            f"{what} needs {format_size(brick_footprint(size))}, and no disk of {found.node} has them free; put a disk "
            "in, and name it in gluster_devices"
        )
    device = max(fitting, key=lambda path: (room[path], path))
    room[device] -= brick_footprint(size)
    return Replacement(found.volume, found.brick.name, found.node, match[1], device, size)


def _size_of(brick: Brick, volume: Volume, cluster: ObservedCluster) -> Optional[int]:
    """Return the bytes of another brick of the same kind, as all of a set hold the same.

    An arbiter gets those of another set's arbiter, and where there is none those of a data brick: too much is no harm.
    """
    own = volume.set_of(brick.name)
    data, arbiters = [one for one in own if not one.arbiter], [one for one in volume.bricks if one.arbiter]
    for kin in [arbiters, data] if brick.arbiter else [data]:
        sizes = [size for one in kin if one.name != brick.name and (size := _seen_size(one, cluster))]
        if sizes:
            return max(sizes)
    return None


def _seen_size(brick: Brick, cluster: ObservedCluster) -> int:
    node = cluster.by_uuid.get(brick.host_uuid)
    disk: Mapping[str, Any] = node.disks.bricks.get(brick.path, {}) if node else {}
    return disk.get("size") or 0
