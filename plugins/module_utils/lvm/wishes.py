# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what a user writes about disks and bricks to the planner's wishes. Pure. PRIVATE to the collection."""

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.brick_plan import BrickWish, DeviceWish, HostWish
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.info import brick_directory, brick_mount
from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import KIB, parse_size

#: Parameters of one disk, the same in lvm_brick and lvm_brick_info.
DEVICE_SPEC = {
    "path": {"type": "str", "required": True},
    "data_alignment": {"type": "str", "default": "256KiB"},
    "overwrite": {"type": "bool", "default": False},
}


def device_wish(device):
    """Return the DeviceWish of a disk, given by its path or with what is special about it."""
    if not isinstance(device, dict):
        return DeviceWish(str(device))
    alignment = parse_size(device.get("data_alignment") or "256KiB", "devices: data_alignment of %s" % device["path"])
    if alignment < 64 * KIB or alignment % (64 * KIB):
        raise InputError("devices: data_alignment of %s must be a multiple of 64 KiB" % device["path"])
    return DeviceWish(device["path"], alignment, bool(device.get("overwrite")))


def host_wish(params):
    """Return the HostWish of lvm_brick's parameters; raises InputError."""
    devices = [device_wish(device) for device in params["devices"]]
    paths = [device.path for device in devices]
    twice = sorted({path for path in paths if paths.count(path) > 1})
    if twice:
        raise InputError("devices: %s is named twice" % ", ".join(twice))
    by_path = dict(zip(paths, devices))
    bricks = tuple(_brick_wish(brick, by_path, params["root"]) for brick in params["bricks"])
    return HostWish(bricks, params["mount_options"])


def _brick_wish(brick, devices, root):
    name, path = brick["name"], brick.get("device")
    present = brick.get("state", "present") == "present"
    mount = (brick.get("mount") or brick_mount(root, name)).rstrip("/")
    default = brick_directory(root, name) if not brick.get("mount") else mount + "/brick"
    return BrickWish(
        name=name,
        device=devices.get(path, DeviceWish(path)) if path else None,
        size=parse_size(brick["size"], "bricks: size of %s" % name) if present else 0,
        mount=mount,
        directory=brick.get("directory") or default,
        present=present,
    )
