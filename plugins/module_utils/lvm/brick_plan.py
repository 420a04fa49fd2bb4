# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the disks of a host to its bricks: what a device may be used for, and every step. Pure. PRIVATE."""

import re
from collections import Counter
from typing import Any, Dict, List, Optional, Sequence

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import (
    InputError,
    PlanError,
    UnsafeChangeError,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.marks import clear_steps, set_step
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.boot_order import order_steps
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.device_check import refuse_device
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.labels import label_steps
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.mount_plan import (
    existing_filesystem,
    fstab_entries,
    is_on,
    mount_steps,
    new_uuid,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.records import (
    GROWING_TAG,
    NEW_TAG,
    OUR_TAG,
    POOL_TAG,
    BrickPlace,
    DesiredBrick,
    DesiredDevice,
    DesiredHost,
    LogicalVolume,
    ObservedHost,
    grouped,
    logical_name,
    physical_uuid,
    pool_name,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import (
    EXTENT,
    KIB,
    MIN_BRICK,
    brick_footprint,
    format_size,
    pool_chunk_size,
    pool_metadata_size,
    round_up,
    usable_size,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import Plan, Step

#: Longest name of a device-mapper device (DM_NAME_LEN in linux/dm-ioctl.h, with the 0 at its end).
MAX_MAPPER_NAME = 127
_NAME = re.compile(r"^[A-Za-z0-9_][A-Za-z0-9_-]{0,99}\Z")


def check_desired(desired: DesiredHost, host: str) -> None:
    """Raise InputError for what is wrong whatever the state."""
    for field in ("name", "mount", "directory"):
        values = Counter(getattr(brick, field) for brick in desired.bricks)
        if len(values) < len(desired.bricks):
            twice = sorted(value for value, count in values.items() if count > 1)
            raise InputError(
                "bricks on %s: found %s %s twice; give each brick its own" % (host, field, ", ".join(twice))
            )
    for brick in desired.bricks:
        _check_brick(brick, host)


def _check_brick(brick: DesiredBrick, host: str) -> None:
    if not _NAME.match(brick.name):
        raise InputError("bricks on %s: name %r; use letters, digits, - and _, at most 100" % (host, brick.name))
    if not brick.mount.startswith("/") or brick.mount == "/" or brick.mount.split() != [brick.mount]:
        raise InputError("bricks on %s: mount %r of %s is no path for a mount point" % (host, brick.mount, brick.name))
    if not brick.directory.startswith(brick.mount + "/"):
        raise InputError(
            "bricks on %s: found directory %s of %s; write one inside its mount %s"
            % (host, brick.directory, brick.name, brick.mount)
        )
    if brick.present and brick.device is None:
        raise InputError("bricks on %s: found no device for %s; write the disk that it is made on" % (host, brick.name))
    if brick.present and brick.size < MIN_BRICK:
        raise InputError(
            "bricks on %s: found size %s of %s; write %s or more, which XFS needs"
            % (host, format_size(brick.size), brick.name, format_size(MIN_BRICK))
        )


def plan_bricks(desired: DesiredHost, observed: ObservedHost) -> Plan:
    """Return the Plan for all bricks of a host.

    Every device and every size is checked before the first step; raises InputError, PlanError or
    UnsafeChangeError that names the option, the host and what was found.
    """
    check_desired(desired, observed.host)
    present = [brick for brick in desired.bricks if brick.present]
    by_device = grouped(present, lambda brick: brick.disk)
    devices = sorted(by_device)
    for device in devices:
        refusal = refuse_device(device, observed)
        if refusal:
            raise refusal
    for device in devices:
        _check_space(device, by_device[device], observed)
    steps = [step for device in devices for step in _device_steps(device, observed)]
    for brick in present:
        steps.extend(_brick_steps(brick, desired, observed))
    for brick in desired.bricks:
        if not brick.present:
            steps.extend(_removal_steps(brick, observed))
    steps.extend(_order_steps(desired, observed))
    before = {brick.name: _describe(brick, observed) for brick in desired.bricks}
    return Plan(steps, before, {brick.name: _describe_desired(brick, observed) for brick in desired.bricks})


def _order_steps(desired: DesiredHost, observed: ObservedHost) -> List[Step]:
    return order_steps([brick.mount for brick in desired.bricks if brick.present], observed.boot_files)


def _describe(brick: DesiredBrick, observed: ObservedHost) -> Dict[str, Any]:
    logical = observed.logical(logical_name(brick.name))
    if logical is None:
        return {"state": "absent"}
    mount = observed.mount_at(brick.mount)
    return {"state": "present", "size": format_size(logical.size), "mounted": brick.mount if mount else None}


def _describe_desired(brick: DesiredBrick, observed: ObservedHost) -> Dict[str, Any]:
    if not brick.present:
        return {"state": "absent"}
    logical = observed.logical(logical_name(brick.name))
    size = max(round_up(brick.size, EXTENT), logical.size if logical else 0)
    return {"state": "present", "size": format_size(size), "mounted": brick.mount}


def free_space(desired: DesiredDevice, observed: ObservedHost) -> int:
    """Return the bytes that new bricks may take on a device; 0 if it can't be used."""
    device = observed.devices.get(desired.path)
    if device is None or refuse_device(desired, observed):
        return 0
    if device.physical and device.physical.group:
        return device.physical.group_free
    return usable_size(device.size, desired.alignment)


def _check_space(device: DesiredDevice, bricks: Sequence[DesiredBrick], observed: ObservedHost) -> None:
    """Raise InputError for a device that is too small for its bricks."""
    needed = sum(_additional_space(brick, observed) for brick in bricks)
    free = free_space(device, observed) if needed else 0
    if needed > free:
        raise InputError(
            "size on %s: %s %s more with thin pool metadata, and %s has %s free; take less, or another device"
            % (observed.host, _need(bricks), format_size(needed), device.path, format_size(free))
        )


def _need(bricks: Sequence[DesiredBrick]) -> str:
    names = ", ".join("%s (%s)" % (brick.name, format_size(brick.size)) for brick in bricks)
    return "%s %s" % (names, "needs" if len(bricks) == 1 else "need")


def _additional_space(brick: DesiredBrick, observed: ObservedHost) -> int:
    pool = observed.logical(pool_name(brick.name))
    if pool is None:
        return brick_footprint(brick.size)
    if brick.size <= pool.size:
        return 0
    return max(brick_footprint(brick.size) - brick_footprint(pool.size), 0)


def group_of(desired: DesiredDevice, observed: ObservedHost) -> str:
    """Return the name of the volume group on a device, also of one that is still to be made."""
    device = observed.device(desired)
    if device.physical and device.physical.group:
        return device.physical.group
    taken = {physical.group for physical in observed.physicals}
    return next(name for name in group_names(desired.path, len(taken) + 2) if name not in taken)


def group_names(path: str, count: int) -> List[str]:
    """Return the names that the volume group on a disk can get, the first that is free being taken."""
    name = "brickwork_" + re.sub(r"[^A-Za-z0-9_+.-]", "_", path.rpartition("/")[2])
    return [name] + ["%s_%s" % (name, number) for number in range(2, count + 1)]


def _device_steps(desired: DesiredDevice, observed: ObservedHost) -> List[Step]:
    device = observed.device(desired)
    if device.physical and device.physical.group:
        return []
    steps = []
    ready = device.physical is not None and device.physical.is_ours
    if not ready:
        if device.signature or device.physical:
            steps.append(Step("wipe_device", desired.path, ("wipefs", "--all", desired.path), destroys=True))
        steps.append(_pvcreate(desired, observed))
    group = group_of(desired, observed)
    steps.append(Step("create_volume_group", group, ("vgcreate", "--addtag", OUR_TAG, group, desired.path)))
    return steps


def _pvcreate(desired: DesiredDevice, observed: ObservedHost) -> Step:
    taken = {physical.uuid for physical in observed.physicals}
    taken |= {device.signature_uuid for device in observed.devices.values() if device}
    uuid = physical_uuid(observed.machine_id, observed.boot_id, desired.path, taken)
    return Step(
        "create_physical_volume",
        desired.path,
        ("pvcreate", "--uuid", uuid, "--norestorefile", "--dataalignment", _kib(desired.alignment), desired.path),
    )


def _kib(size: int) -> str:
    return "%sk" % (size // KIB)


def _brick_steps(brick: DesiredBrick, desired: DesiredHost, observed: ObservedHost) -> List[Step]:
    logical = observed.logical(logical_name(brick.name))
    group = logical.group if logical else group_of(brick.disk, observed)
    _refuse_unreadable(brick, observed)
    if logical:
        _check_logical(brick, logical, observed)
    else:
        _check_name_fits(brick, group, observed)
    steps = _remaking_steps(brick, group, logical, observed)
    if steps:
        logical = None
    else:
        steps = _pool_steps(brick, group, observed)
    steps.extend(_activation_steps(brick, logical))
    if _is_still_hidden(brick, logical, observed):
        return steps
    steps.extend(_logical_steps(brick, group, logical))
    steps.extend(_filesystem_steps(brick, group, logical, observed))
    steps.extend(mount_steps(brick, group, logical, desired.mount_options, observed))
    steps.extend(_growth_steps(brick, logical))
    return steps + _directory_steps(brick, observed) + label_steps(brick, observed)


def _refuse_unreadable(brick: DesiredBrick, observed: ObservedHost) -> None:
    place = observed.places.get(brick.directory)
    if place and place.problem:
        raise PlanError(
            "bricks on %s: %s can't be read: %s; nothing is changed: see dmesg for its disk %s, and bring that back or "
            "replace it" % (observed.host, brick.directory, place.problem, brick.device.path if brick.device else "")
        )


def _is_still_hidden(brick: DesiredBrick, logical: Optional[LogicalVolume], observed: ObservedHost) -> bool:
    """Whether what fstab has to name shows only once the volume is active; the rest is planned then."""
    if logical is None or logical.active or NEW_TAG in logical.tags:
        return False
    return not observed.mount_at(brick.mount) and not observed.fstab_entries(brick.mount)


def _check_name_fits(brick: DesiredBrick, group: str, observed: ObservedHost) -> None:
    """Raise InputError for a name with which LVM would fail half-way: device-mapper knows VG and LV as one name."""
    longest = "%s-%s-tpool" % tuple(name.replace("-", "--") for name in (group, pool_name(brick.name)))
    if len(longest) > MAX_MAPPER_NAME:
        raise InputError(
            "bricks on %s: name %s is too long: with the volume group %s device-mapper would have to know %s letters, "
            "and takes %s; use a shorter name, or a shorter path of the device"
            % (observed.host, brick.name, group, len(longest), MAX_MAPPER_NAME)
        )


def _check_logical(brick: DesiredBrick, logical: LogicalVolume, observed: ObservedHost) -> None:
    device = observed.device(brick.disk)
    if device.physical is None or device.physical.group != logical.group:
        raise PlanError(
            "bricks on %s: %s exists in the volume group %s, which is not on %s; name its own device, as a brick does "
            "not move" % (observed.host, brick.name, logical.group, brick.disk.path)
        )
    if logical.size > round_up(brick.size, EXTENT):
        raise UnsafeChangeError(
            "size on %s: brick %s has %s and would shrink to %s, which XFS can't; write the size that it has, or more"
            % (observed.host, brick.name, format_size(logical.size), format_size(brick.size))
        )
    found = existing_filesystem(logical, observed)
    if NEW_TAG not in logical.tags and logical.active and found.kind != "xfs":
        raise UnsafeChangeError(
            "bricks on %s: %s is the volume of brick %s and should hold XFS, and holds %s; nothing is changed: look at "
            "it with blkid and xfs_repair -n, and mend it or restore it"
            % (observed.host, logical.path, brick.name, found.kind or "nothing that blkid knows")
        )


def _remaking_steps(
    brick: DesiredBrick, group: str, logical: Optional[LogicalVolume], observed: ObservedHost
) -> List[Step]:
    """Return the steps that make a pool anew of which a run that was cut off left something useless, else none."""
    pool = observed.logical(pool_name(brick.name))
    if pool is None or not _is_useless(pool, group, logical, observed):
        return []
    _check_unused(pool, logical, observed)
    remove = Step("remove_half_made_pool", brick.name, ("lvremove", "--yes", pool.vg_path))
    return [remove, _create_pool(brick, group)]


def _is_useless(pool: LogicalVolume, group: str, logical: Optional[LogicalVolume], observed: ObservedHost) -> bool:
    """Whether a pool never came to use, and would not now.

    It never became a pool; or it is on another disk than its brick goes to, since its space made placement choose that;
    or a power cut took what the kernel had not written of it, so that it, or its new volume, can't be activated.
    """
    if pool.is_half_made or pool.group != group:
        return True
    if logical is not None:
        return NEW_TAG in logical.tags and not logical.active
    return not pool.active and POOL_TAG in pool.tags and not observed.volumes_in(pool)


def _pool_steps(brick: DesiredBrick, group: str, observed: ObservedHost) -> List[Step]:
    pool = observed.logical(pool_name(brick.name))
    size, metadata = round_up(brick.size, EXTENT), pool_metadata_size(brick.size)
    if pool is None:
        return [_create_pool(brick, group)]
    if not pool.is_pool:
        raise UnsafeChangeError(
            "bricks on %s: %s bears the name of a thin pool and is none; look at it with lvs, and rename it or take "
            "another name for the brick" % (observed.host, pool.vg_path)
        )
    steps = []
    if pool.metadata_size < metadata and pool.size < size:
        argv = ("lvextend", "--poolmetadatasize", _bytes(metadata), pool.vg_path)
        steps.append(Step("extend_pool_metadata", brick.name, argv))
    if pool.size < size:
        steps.append(Step("extend_pool", brick.name, ("lvextend", "--size", _bytes(size), pool.vg_path)))
    return steps


def _check_unused(pool: LogicalVolume, logical: Optional[LogicalVolume], observed: ObservedHost) -> None:
    """Refuse to remove a pool that is in use by more than the brick's new volume, or that is not ours."""
    users = [lv.name for lv in observed.volumes_in(pool) if logical is None or lv.name != logical.name]
    if users or POOL_TAG not in pool.tags:
        raise UnsafeChangeError(
            "bricks on %s: %s is in the way of a brick's thin pool and %s; look at it with lvs, and rename it or take "
            "another name for the brick"
            % (observed.host, pool.vg_path, "holds " + ", ".join(users) if users else "is not of this collection")
        )


def _bytes(size: int) -> str:
    return "%sb" % size


def _create_pool(brick: DesiredBrick, group: str) -> Step:
    size, metadata = round_up(brick.size, EXTENT), pool_metadata_size(brick.size)
    argv = ("lvcreate", "--type", "thin-pool", "--size", _bytes(size), "--poolmetadatasize", _bytes(metadata))
    # Not zeroing new chunks is what the GlusterFS administration guide asks for: XFS never shows them unwritten.
    chunk = ("--chunksize", _kib(pool_chunk_size(size, brick.disk.alignment)), "--zero", "n")
    names = ("--addtag", POOL_TAG, "--name", pool_name(brick.name), group)
    return Step("create_thin_pool", brick.name, argv + chunk + names)


def _activation_steps(brick: DesiredBrick, logical: Optional[LogicalVolume]) -> List[Step]:
    """After a boot the system may not have got so far yet, or an administrator has taken it out of use."""
    if logical is None or logical.active:
        return []
    return [Step("activate_volume", brick.name, ("lvchange", "--activate", "y", logical.vg_path))]


def _logical_steps(brick: DesiredBrick, group: str, logical: Optional[LogicalVolume]) -> List[Step]:
    size = round_up(brick.size, EXTENT)
    if logical is None:
        argv = ("lvcreate", "--virtualsize", _bytes(size), "--thinpool", pool_name(brick.name), "--addtag", NEW_TAG)
        return [Step("create_thin_volume", brick.name, argv + ("--name", logical_name(brick.name), group))]
    if logical.size == size:
        return []
    return [
        Step("mark_growing", brick.name, ("lvchange", "--addtag", GROWING_TAG, logical.vg_path)),
        Step("extend_thin_volume", brick.name, ("lvextend", "--size", _bytes(size), logical.vg_path)),
    ]


def _filesystem_steps(
    brick: DesiredBrick, group: str, logical: Optional[LogicalVolume], observed: ObservedHost
) -> List[Step]:
    if logical is not None and NEW_TAG not in logical.tags:
        return []
    name = logical_name(brick.name)
    device = "/dev/%s/%s" % (group, name)
    ready = Step("mark_ready", brick.name, ("lvchange", "--deltag", NEW_TAG, "%s/%s" % (group, name)))
    mount = next((mount.target for mount in observed.mounts if logical and is_on(mount, logical, observed)), None)
    if mount == brick.mount:
        # A run was cut off after its mkfs had ended, and systemd mounted what fstab names.
        return [ready]
    if mount:
        raise UnsafeChangeError(
            "bricks on %s: %s is marked as new and yet mounted at %s; nothing is made on it: if it holds data, remove "
            "its tag %s with lvchange --deltag" % (observed.host, device, mount, NEW_TAG)
        )
    # -f: what an interrupted mkfs left on a volume that bears the tag is nobody's data. -K: it is all holes already.
    argv = (
        "mkfs.xfs",
        "-f",
        "-K",
        "-q",
        "-i",
        "size=512",
        "-n",
        "size=8192",
        "-m",
        "uuid=%s" % new_uuid(group, name, observed),
        device,
    )
    return [Step("make_filesystem", brick.name, argv), ready]


def _growth_steps(brick: DesiredBrick, logical: Optional[LogicalVolume]) -> List[Step]:
    if logical is None:
        return []
    if logical.size == round_up(brick.size, EXTENT) and GROWING_TAG not in logical.tags:
        return []
    return [
        Step("grow_filesystem", brick.name, ("xfs_growfs", brick.mount)),
        Step("mark_grown", brick.name, ("lvchange", "--deltag", GROWING_TAG, logical.vg_path)),
    ]


def _directory_steps(brick: DesiredBrick, observed: ObservedHost) -> List[Step]:
    place = observed.places.get(brick.directory)
    if observed.mount_at(brick.mount) is None or place is None:
        return [_make_directory(brick)]
    make = [] if place.directory_exists else [_make_directory(brick)]
    return make + _lost_mark_steps(brick, place, observed) + _leftover_steps(place, observed)


def _make_directory(brick: DesiredBrick) -> Step:
    return Step("make_brick_directory", brick.name, ("mkdir", "-p", brick.directory))


def _lost_mark_steps(brick: DesiredBrick, place: BrickPlace, observed: ObservedHost) -> List[Step]:
    """Give back the mark that a power cut took from a new brick, without which its volume can't be started.

    Only to a pristine directory of a volume that was never started: no client can have written to that.
    """
    is_new = place.directory_is_pristine or not place.directory_exists
    if brick.directory not in observed.unstarted or place.mark or not is_new:
        return []
    return [set_step(brick.directory, observed.unstarted[brick.directory])]


def _leftover_steps(place: BrickPlace, observed: ObservedHost) -> List[Step]:
    """Clear the mark that a refused create or add-brick left, where it is certain that no volume has the brick.

    A refused add-brick leaves the mark of a volume that there is.
    """
    if place.mark is None or not place.mark.pristine or observed.volume_ids is None:
        return []
    if place.mark.volume_id in observed.volume_ids and place.mark.path in observed.used_paths:
        return []
    return clear_steps([place.mark], {})


def _removal_steps(brick: DesiredBrick, observed: ObservedHost) -> List[Step]:
    _refuse_used(brick, observed)
    steps = []
    logical = observed.logical(logical_name(brick.name))
    mounted = observed.mount_at(brick.mount)
    if mounted and not (logical and is_on(mounted, logical, observed)):
        raise UnsafeChangeError(
            "bricks on %s: %s is mounted at %s and is not brick %s; unmount it, or name the brick that it is"
            % (observed.host, mounted.source, brick.mount, brick.name)
        )
    if mounted:
        steps.append(Step("unmount", brick.name, ("umount", brick.mount)))
    for entry in fstab_entries(brick.mount, logical, observed):
        steps.append(Step("remove_fstab_line", brick.name, text=entry.line))
    pool = observed.logical(pool_name(brick.name))
    if pool:
        _refuse_other_volumes(pool, brick, observed)
        argv = ("lvremove", "--yes", pool.vg_path)
        steps.append(Step("remove_brick_volume", brick.name, argv, destroys=True))
    return steps


def _refuse_other_volumes(pool: LogicalVolume, brick: DesiredBrick, observed: ObservedHost) -> None:
    """Snapshots of GlusterFS live in the pool of their brick, and a restored one is a brick itself."""
    others = [lv.name for lv in observed.volumes_in(pool) if lv.name != logical_name(brick.name)]
    if others:
        raise UnsafeChangeError(
            "bricks on %s: the thin pool %s of brick %s also holds %s: snapshots of a volume, or its brick since one "
            "was restored; nothing is removed: delete the snapshots first (gluster snapshot list)"
            % (observed.host, pool.vg_path, brick.name, ", ".join(others))
        )


def _refuse_used(brick: DesiredBrick, observed: ObservedHost) -> None:
    place = observed.places.get(brick.directory)
    is_hidden = observed.logical(logical_name(brick.name)) and not observed.mount_at(brick.mount)
    if observed.volume_ids is None and (is_hidden or (place and place.mark)):
        raise UnsafeChangeError(
            "bricks on %s: brick %s %s, and glusterd does not answer, so nobody can say whether a volume uses it; "
            "start glusterd first"
            % (
                observed.host,
                brick.name,
                "bears the mark of the volume %s" % place.mark.volume_id if place and place.mark else "is not mounted",
            )
        )
    user = observed.used_paths.get(brick.directory)
    if user:
        raise UnsafeChangeError(
            "bricks on %s: %s is a brick of volume %s; remove the volume or the brick from it first"
            % (observed.host, brick.directory, user)
        )
