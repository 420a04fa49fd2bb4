# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is to be said of single bricks: lost with their disks, too small, or used by nobody. Pure. PRIVATE.

A brick that is lost is a finding of its own. It ends no plan, no health check and no run for the rest of the cluster.
"""

from typing import Any, Container, Dict, Iterable, Iterator, List, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Brick, Volume
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.snapshot_in_place import SNAPSHOT_IN_PLACE
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm import fstab
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.mount_plan import (
    MountFault,
    all_found,
    all_remedies,
    fstab_entries,
    mount_faults,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.records import (
    FileSystem,
    LogicalVolume,
    ObservedHost,
    logical_name,
    pool_name,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import format_size
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.records import NodeDisks

_REMEDY = (
    "; put a disk that works in its place, make the brick anew on it%s, and have GlusterFS fill it from the others of "
    "its set: docs/repair.md, 'A disk died'"
)
_BY_MODULE = " (lvm_brick)"
#: heketi's bricks have findings of their own (heketi/bricks.py), and a role that brings them back.
_HEKETI = "/var/lib/heketi/mounts/"


class BrokenBrick(NamedTuple):
    """A brick of a volume of which its node has no directory, or one that can't be read.

    device is the disk that it is on, "" where that is gone. sentence says all of it, with the remedy.
    """

    volume: str
    brick: Brick
    node: str
    device: str
    sentence: str


def find_broken(volumes: Iterable[Volume], nodes: Sequence[NodeDisks]) -> List[BrokenBrick]:
    """Return the bricks that their nodes have lost; those of nodes that were not looked at are unknown."""
    by_uuid = {node.uuid: node for node in nodes if node.uuid}
    bricks = [
        (volume.name, brick)
        for volume in volumes
        for brick in volume.bricks
        if brick.host_uuid in by_uuid and not brick.path.startswith(_HEKETI)
    ]
    judged = [_judge(volume, brick, by_uuid[brick.host_uuid]) for volume, brick in bricks]
    return [found for found in judged if found]


def _judge(volume: str, brick: Brick, node: NodeDisks) -> Optional[BrokenBrick]:
    place = node.host.places.get(brick.path)
    disk = node.bricks.get(brick.path, {})
    reason = _problem(place, disk) or _loss(place, disk, brick, node)
    if not reason:
        return None
    sentence = "volume %s: brick %s on %s %s" % (volume, brick.name, node.node, reason)
    return BrokenBrick(volume, brick, node.node, disk.get("device") or "", sentence)


class BlockedBrick(NamedTuple):
    """A brick that a run has prepared for a volume, which has not taken it up, and that can't come to its place."""

    volume: str
    node: str
    path: str
    sentence: str


class WrongMounts(NamedTuple):
    """By the names of bricks of volumes what is to be said of them.

    now: they are not in their place. at_boot: they are, and a boot would not mount them there.
    """

    now: Dict[str, str]
    at_boot: Dict[str, str]


def wrong_mounts(volumes: Iterable[Volume], nodes: Sequence[NodeDisks], known: Container[str] = ()) -> WrongMounts:
    """Return the WrongMounts of all volumes.

    Such a brick is not broken: what it is to hold is on its own logical volume, or on a snapshot of that. known are the
    names of bricks of which it is said already that they are lost.
    """
    by_uuid = {node.uuid: node for node in nodes if node.uuid}
    found = WrongMounts({}, {})
    for volume in volumes:
        for brick in volume.bricks:
            node = by_uuid.get(brick.host_uuid)
            if node and brick.path in node.bricks:
                _note_wrong_mount(found, volume.name, brick, node, brick.name in known)
    return found


def _note_wrong_mount(found: WrongMounts, volume: str, brick: Brick, node: NodeDisks, is_known: bool) -> None:
    what = "volume %s: brick %s on %s" % (volume, brick.name, node.node)
    snapshot = node.bricks[brick.path].get("mounted_instead")
    if snapshot:
        found.now[brick.name] = "%s serves old files: %s; nothing is done to it" % (what, SNAPSHOT_IN_PLACE % snapshot)
        return
    faults = [] if is_known else _faults(brick.path, node)
    if faults:
        there = found.now if any(fault.hides for fault in faults) else found.at_boot
        there[brick.name] = "%s %s" % (what, _as_it_is(brick.path, faults))


def _faults(path: str, node: NodeDisks) -> List[MountFault]:
    """Return what keeps a brick that this collection has made from its mount point."""
    logical = node.host.logical(logical_name(_name_of(path)))
    return mount_faults(_mount_of(path), path, logical, node.host) if logical else []


def _as_it_is(path: str, faults: Sequence[MountFault]) -> str:
    return "is left as it is: it belongs at %s, and %s; %s, and run site" % (
        _mount_of(path),
        all_found(faults),
        all_remedies(faults),
    )


def wrong_mount_lines(nodes: Iterable[NodeDisks], known: Container[Tuple[str, str]] = ()) -> List[str]:
    """Name the bricks that this collection has made, also for no volume yet, and that can't come to their place.

    known are those of which it is said already that they are lost, by node and directory. Of snapshots that are in
    place of a brick health tells itself.
    """
    return [
        "%s: brick %s %s" % (node.node, disk["name"], _as_it_is(path, faults))
        for node in nodes
        for path, disk in node.bricks.items()
        if not disk.get("mounted_instead") and not disk.get("problem") and (node.node, path) not in known
        if (faults := _faults(path, node))
    ]


def bricks_out_of_place(nodes: Iterable[NodeDisks]) -> List[str]:
    """Name the bricks that a boot should have mounted and that are not in their place.

    Those that were given up have no line in fstab. Of those whose disk is gone nothing is told: it may not come back.
    """
    return [
        "%s: brick %s %s" % (node.node, disk["name"], reason)
        for node in nodes
        for path, disk in node.bricks.items()
        if (reason := _out_of_place(path, disk, node))
    ]


def _out_of_place(path: str, disk: Dict[str, Any], node: NodeDisks) -> str:
    if disk.get("mounted_instead"):
        return "would serve old files: %s" % SNAPSHOT_IN_PLACE % disk["mounted_instead"]
    mount = _mount_of(path)
    if not fstab_entries(mount, node.host.logical(logical_name(_name_of(path))), node.host):
        return ""
    faults = [fault for fault in _faults(path, node) if fault.hides]
    if not faults and disk["mounted"]:
        return ""
    return (
        "is not in its place: %s; a boot may take a minute to mount it, so run this again first; then %s (mount %s), "
        "or take its line out of /etc/fstab if its disk is dead"
    ) % (
        all_found(faults) or "nothing is mounted at %s" % mount,
        ", ".join([fault.remedy for fault in faults] + ["mount it"]),
        mount,
    )


def _mount_of(path: str) -> str:
    """Return the mount point of a brick of this collection, which is the folder above its directory."""
    return path.rpartition("/")[0]


def _name_of(path: str) -> str:
    return _mount_of(path).rpartition("/")[2]


def blocked_bricks(placed: Iterable[Dict[str, Any]], nodes: Iterable[NodeDisks]) -> List[BlockedBrick]:
    """Return those of the placed bricks that are made already and can't come to their place.

    Those of volumes are none of them: they are left as they are, and so have no device here.
    """
    by_name = {node.node: node for node in nodes}
    return [
        BlockedBrick(
            volume["name"],
            node.node,
            path,
            "gluster_volumes: %s waits: its brick %s on %s, which was made before, %s"
            % (volume["name"], _name_of(path), node.node, _as_it_is(path, faults)),
        )
        for volume in placed
        for brick in volume["bricks"]
        if brick["device"] and (node := by_name.get(brick["host"]))
        if (path := brick["path"]) in node.bricks and (faults := _faults(path, node))
    ]


def lines_by_uuid(nodes: Iterable[NodeDisks]) -> List[str]:
    """Name the lines of /etc/fstab by which a boot may mount a snapshot in place of its brick.

    Development versions before 1.0.0 wrote them. lvm_brick repairs those of the volumes that the inventory names.
    """
    return [
        "%s: /etc/fstab mounts %s by %s, which each snapshot of the brick has as well, so that a boot may mount one in "
        "its place: write %s there instead; site does that for volumes of the inventory"
        % (node.node, entry.target, entry.source, logical.path)
        for node in nodes
        for entry in fstab.entries(node.host.fstab)
        if entry.is_of_a_brick and entry.source.startswith("UUID=")
        for logical in [node.host.logical(logical_name(entry.target.rpartition("/")[2]))]
        if logical
    ]


def _problem(place: Any, disk: Dict[str, Any]) -> str:
    problem = disk.get("problem") or (place and place.problem)
    if not problem:
        return ""
    device = " %s" % disk["device"] if disk.get("device") else ""
    return "can't be read (%s): its disk%s may be dead, see dmesg there%s" % (
        problem,
        device,
        _REMEDY % (_BY_MODULE if disk else ""),
    )


def _loss(place: Any, disk: Dict[str, Any], brick: Brick, node: NodeDisks) -> str:
    """Return what is missing. A logical volume of ours that is there, or a path nobody looked at, is no loss."""
    if place is None or place.directory_exists or disk:
        return ""
    observed = node.host
    line = next((entry for entry in fstab.entries(observed.fstab) if _is_above(entry, brick.path)), None)
    if line is None:
        return "has no directory there, and /etc/fstab mounts nothing for it; mount what it is on, if that is there" + (
            _suspects(node.devices)
        )
    if not line.is_of_a_brick or _is_present(line, observed):
        return "has no directory there: /etc/fstab mounts %s at %s; mount that, or see why it can't be (mount %s)" % (
            line.source,
            line.target,
            line.target,
        )
    missing = "is gone: /etc/fstab mounts %s at %s, and the node has no such logical volume" % (
        line.source,
        line.target,
    )
    return missing + _suspects(node.devices) + _REMEDY % _BY_MODULE


def _is_present(line: fstab.Entry, observed: ObservedHost) -> bool:
    """Whether the file system of a line is on a logical volume that the node shows."""
    uuid = line.source[len("UUID=") :] if line.source.startswith("UUID=") else ""
    return any(
        line.source in (logical.path, logical.mapper_path)
        or (uuid and observed.filesystems.get(logical.path, FileSystem()).uuid == uuid)
        for logical in observed.logicals
    )


def _is_above(entry: fstab.Entry, path: str) -> bool:
    return entry.target != "/" and path.startswith(entry.target + "/")


def _suspects(devices: Iterable[Dict[str, Any]]) -> str:
    """Name the disks of the node that hold no bricks: one of them is what was lost, or stands in its place."""
    found = ["%s is %s" % (one["path"], "empty" if one["size"] else "missing") for one in devices if not one["group"]]
    return "; of the node's disks %s" % ", ".join(found) if found else ""


def kept_sizes(placed: Iterable[Dict[str, Any]], nodes: Iterable[NodeDisks], volumes: Iterable[Volume]) -> List[str]:
    """Name the bricks that stay smaller than their volume asks for: those of a restored snapshot are none of ours."""
    by_uuid = {node.uuid: node for node in nodes if node.uuid}
    sizes = {volume["name"]: volume["brick_size"] for volume in placed}
    return [
        "volume %s: brick %s is on %s, which this collection did not make: it stays at %s and does not grow to %s"
        % (volume.name, brick.name, logical.path, format_size(logical.size), format_size(sizes[volume.name]))
        for volume in volumes
        if volume.name in sizes
        for brick, logical in _foreign_logicals(volume, by_uuid)
        if not brick.arbiter and logical.size < sizes[volume.name]
    ]


def _foreign_logicals(volume: Volume, by_uuid: Dict[str, NodeDisks]) -> Iterator[Tuple[Brick, LogicalVolume]]:
    """Return with their logical volumes the bricks of a volume that are on LVM, and not on what lvm_brick made."""
    for brick in volume.bricks:
        node = by_uuid.get(brick.host_uuid)
        logical = node.host.logical_below(brick.path) if node and brick.path not in node.bricks else None
        if logical:
            yield brick, logical


def unused_bricks(
    placed: Iterable[Dict[str, Any]],
    nodes: Iterable[NodeDisks],
    volumes: Iterable[Volume],
    existing: Iterable[Dict[str, Any]],
) -> List[str]:
    """Name the bricks that no volume uses and none will: what a replaced or removed brick, or a deleted volume, left.

    Of those that are named after a desired volume, place_bricks tells itself.
    """
    used = {(brick.host_uuid, brick.path) for volume in volumes for brick in volume.bricks}
    spoken_of = {(brick["host"], brick["path"]) for volume in placed for brick in volume["bricks"]}
    spoken_of |= {(brick["host"], brick["path"]) for brick in existing if not brick["in_volume"]}
    return [
        "%s on %s (%s on %s) is used by no volume%s%s"
        % (
            disk["name"],
            node.node,
            format_size(disk["size"]),
            disk["device"] or "another disk",
            _left_data(disk),
            _way_out(disk, node),
        )
        for node in nodes
        for path, disk in node.bricks.items()
        if (node.uuid, path) not in used and (node.node, path) not in spoken_of
    ]


def _way_out(disk: Dict[str, Any], node: NodeDisks) -> str:
    """Say how it is removed, but for one whose pool also holds snapshots, or a brick since one was restored."""
    pool, own = pool_name(disk["name"]), logical_name(disk["name"])
    others = [logical.name for logical in node.host.logicals if logical.pool == pool and logical.name != own]
    if others:
        return ", and stays: its thin pool holds snapshots, or a brick of a restored one (%s)" % ", ".join(others)
    return "; to remove it with what it holds: gluster_teardown_bricks"


def _left_data(disk: Dict[str, Any]) -> str:
    return " and holds what the volume with the id %s left" % disk["volume_id"] if disk["volume_id"] else ""
