# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the file system of a brick gets to its mount point: its line in fstab, and the mount. Pure. PRIVATE."""

from typing import List, Optional

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import PlanError, UnsafeChangeError
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
    steps = _fstab_steps(brick, group, logical, options, observed)
    mounted = observed.mount_at(brick.mount)
    if mounted and not (logical and is_on(mounted, logical, observed)):
        raise _wrong_mount(brick, mounted, logical, observed)
    if mounted:
        return steps
    _refuse_hiding(brick, observed)
    device = logical_path(group, brick.name)
    return steps + [
        Step("make_mount_point", brick.name, ("mkdir", "-p", brick.mount)),
        # The device is what is looked for at the mount point afterwards: with nofail, mount succeeds without mounting.
        Step("mount", brick.name, ("mount", brick.mount), text=device),
    ]


def _wrong_mount(
    brick: DesiredBrick, mounted: Mount, logical: Optional[LogicalVolume], observed: ObservedHost
) -> UnsafeChangeError:
    if logical and is_snapshot_of(mounted, logical, observed):
        return UnsafeChangeError(
            "mount on %s: brick %s serves old files, as %s; leave %s as it is until that is done"
            % (observed.host, brick.name, SNAPSHOT_IN_PLACE % mounted.source, brick.mount)
        )
    return UnsafeChangeError(
        "mount on %s: %s already has %s mounted, where brick %s belongs; unmount that, or give the brick another "
        "mount point" % (observed.host, brick.mount, mounted.source, brick.name)
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


def _refuse_hiding(brick: DesiredBrick, observed: ObservedHost) -> None:
    place = observed.places.get(brick.directory)
    if place and not place.mount_is_empty:
        raise UnsafeChangeError(
            "mount on %s: %s is not empty, and mounting brick %s there would hide what it holds; move that elsewhere"
            % (observed.host, brick.mount, brick.name)
        )


def _fstab_steps(
    brick: DesiredBrick, group: str, logical: Optional[LogicalVolume], options: str, observed: ObservedHost
) -> List[Step]:
    present = observed.fstab_entries(brick.mount)
    ours = fstab_entries(brick.mount, logical, observed)
    foreign = [entry for entry in present if entry not in ours]
    device = logical_path(group, brick.name)
    if foreign:
        raise PlanError(
            "mount on %s: /etc/fstab mounts something else at %s: %s; brick %s belongs there (%s): remove that line, "
            "or give the brick another mount point" % (observed.host, brick.mount, foreign[0].line, brick.name, device)
        )
    line = fstab.brick_line(device, brick.mount, options)
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
