# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the file system of a brick gets to its mount point: its line in fstab, and the mount. Pure. PRIVATE."""

from typing import List, NamedTuple, Optional, Sequence

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import UnsafeChangeError
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.snapshot_in_place import SNAPSHOT_IN_PLACE
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm import fstab
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.records import (
    DesiredBrick,
    FileSystem,
    LogicalVolume,
    Mount,
    ObservedHost,
    filesystem_uuid,
    logical_name,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import Step


class MountFault(NamedTuple):
    """Why a brick can't be brought to its mount point, or would not be there after a boot, and the way out.

    hides: what is seen in the brick's place now is not the brick.
    """

    found: str
    remedy: str
    hides: bool


def existing_filesystem(logical: LogicalVolume, observed: ObservedHost) -> FileSystem:
    """Return what a logical volume holds; nothing that is known while it is not active."""
    return observed.filesystems.get(logical.path, FileSystem())


def new_uuid(group: str, logical: str, observed: ObservedHost) -> str:
    """Return the uuid for the file system that is about to be made on a logical volume."""
    return filesystem_uuid(observed.machine_id, group, logical)


def logical_path(group: str, brick: str) -> str:
    """Return the path of a brick's logical volume."""
    return "/dev/%s/%s" % (group, logical_name(brick))


def is_on(mount: Mount, logical: LogicalVolume, observed: ObservedHost) -> bool:
    """Whether a mount is of what is on a logical volume. A snapshot of it has the uuid of its file system as well."""
    source = observed.logical_at(mount.source)
    if source:
        return source == logical
    uuid = existing_filesystem(logical, observed).uuid
    return bool(uuid and mount.uuid == uuid)


def mount_steps(
    brick: DesiredBrick, group: str, logical: Optional[LogicalVolume], options: str, observed: ObservedHost
) -> List[Step]:
    """Return the steps that have a brick mounted now and after each boot.

    logical is the volume with a file system that is there, None where the volume is about to be made.
    """
    faults = mount_faults(brick.mount, brick.directory, logical, observed)
    if faults:
        raise _refusal(brick, group, logical, faults, observed)
    steps = _fstab_steps(brick, group, options, observed)
    if observed.mount_at(brick.mount):
        return steps
    device = logical_path(group, brick.name)
    return steps + [
        Step("make_mount_point", brick.name, ("mkdir", "-p", brick.mount)),
        # The device is what is looked for at the mount point afterwards: with nofail, mount succeeds without mounting.
        Step("mount", brick.name, ("mount", brick.mount), text=device),
    ]


def mount_faults(
    mount: str, directory: str, logical: Optional[LogicalVolume], observed: ObservedHost
) -> List[MountFault]:
    """Return all that is in the way of a brick at its mount point. logical: see mount_steps."""
    mounted, place = observed.mount_at(mount), observed.places.get(directory)
    is_here = bool(mounted and logical and is_on(mounted, logical, observed))
    faults = []
    if mounted and not is_here:
        faults.append(MountFault("%s is mounted there" % mounted.source, "unmount that", True))
    ours = fstab_entries(mount, logical, observed)
    foreign = [entry.line for entry in observed.fstab_entries(mount) if entry not in ours]
    if foreign:
        found = "/etc/fstab mounts something else there (%s)" % foreign[0]
        faults.append(MountFault(found, "remove that line", not is_here))
    if not mounted and place and not (place.mount_is_empty or place.problem):
        found = "that folder is not empty: a mount would hide what it holds"
        faults.append(MountFault(found, "move what is in it elsewhere", True))
    if is_here and place and not (place.directory_exists or place.mount_is_empty or place.problem):
        found = "its file system is mounted, holds something, and has no folder %s" % directory
        faults.append(MountFault(found, "look for the brick's files in it, as in lost+found, and move them back", True))
    return faults


def all_found(faults: Sequence[MountFault]) -> str:
    """Return what was found in words."""
    return " and ".join(fault.found for fault in faults)


def all_remedies(faults: Sequence[MountFault]) -> str:
    """Return the way out in words."""
    return ", ".join(fault.remedy for fault in faults)


def _refusal(
    brick: DesiredBrick,
    group: str,
    logical: Optional[LogicalVolume],
    faults: Sequence[MountFault],
    observed: ObservedHost,
) -> UnsafeChangeError:
    mounted = observed.mount_at(brick.mount)
    if mounted and logical and is_snapshot_of(mounted, logical, observed):
        return UnsafeChangeError(
            "mount on %s: brick %s serves old files, as %s; leave %s as it is until that is done"
            % (observed.host, brick.name, SNAPSHOT_IN_PLACE % mounted.source, brick.mount)
        )
    return UnsafeChangeError(
        "mount on %s: %s is not free for brick %s (%s): %s; see what it is, and %s, or give the brick another mount "
        "point"
        % (
            observed.host,
            brick.mount,
            brick.name,
            logical_path(group, brick.name),
            all_found(faults),
            all_remedies(faults),
        )
    )


def is_snapshot_of(mounted: Mount, logical: LogicalVolume, observed: ObservedHost) -> bool:
    """Whether a mount is of a snapshot of a logical volume, or of a clone: by their thin pool, or the uuid of both.

    Of a volume that is not active nobody knows the uuid. A brick of this collection has a thin pool of its own.
    """
    if is_on(mounted, logical, observed):
        return False
    source = observed.logical_at(mounted.source)
    if source and logical.pool and (source.group, source.pool) == (logical.group, logical.pool):
        return True
    uuid = existing_filesystem(logical, observed).uuid
    return bool(uuid and mounted.uuid == uuid)


def _fstab_steps(brick: DesiredBrick, group: str, options: str, observed: ObservedHost) -> List[Step]:
    present = observed.fstab_entries(brick.mount)
    line = fstab.brick_line(logical_path(group, brick.name), brick.mount, options)
    if not present:
        return [Step("add_fstab_line", brick.name, text=line)]
    if len(present) == 1 and fstab.is_same(present[0].line, line):
        return []
    return [Step("repair_fstab_line", brick.mount, text=line)]


def fstab_entries(target: str, logical: Optional[LogicalVolume], observed: ObservedHost) -> List[fstab.Entry]:
    """Return the lines for a mount point that are of this collection, or of the brick's own volume."""
    sources = set()
    if logical:
        sources = {logical.path, logical.mapper_path, "UUID=%s" % existing_filesystem(logical, observed).uuid}
    present = observed.fstab_entries(target)
    return [entry for entry in present if entry.is_of_a_brick or entry.source in sources]
