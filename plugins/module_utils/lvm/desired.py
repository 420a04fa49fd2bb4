# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what a user writes about disks and bricks to the planner's records. Pure. PRIVATE to the collection."""

from typing import Any, Mapping

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError
from ansible_collections.brickwork.gluster.plugins.module_utils.grammar import (
    absolute_path,
    logical_name,
    mount_options,
    mount_point,
    shown,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.info import brick_mount
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.records import (
    DesiredBrick,
    DesiredDevice,
    DesiredHost,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import KIB, parse_size

#: Parameters of one disk, the same in lvm_brick and lvm_brick_info.
DEVICE_SPEC = {
    "path": {"type": "str", "required": True},
    "data_alignment": {"type": "str", "default": "256KiB"},
    "overwrite": {"type": "bool", "default": False},
}


def desired_device(device: Any) -> DesiredDevice:
    """Return the DesiredDevice of a disk, given by its path or with what is special about it."""
    if isinstance(device, str):
        return DesiredDevice(absolute_path("devices: path", device))
    if not isinstance(device, dict) or set(device) - set(DEVICE_SPEC) or not device.get("path"):
        raise InputError(
            "devices: found %s; write a path, or a dictionary of %s" % (shown(device), ", ".join(sorted(DEVICE_SPEC)))
        )
    path = absolute_path("devices: path", device["path"])
    option = "devices: data_alignment of %s" % path
    alignment = parse_size(device.get("data_alignment") or "256KiB", option)
    if alignment < 64 * KIB or alignment % (64 * KIB):
        raise InputError("%s: found %s; write a multiple of 64KiB" % (option, device["data_alignment"]))
    return DesiredDevice(path, alignment, _overwrite(path, device.get("overwrite")))


def _overwrite(path: str, value: Any) -> bool:
    """A text that says false must not give leave to wipe a disk."""
    if value is not None and not isinstance(value, bool):
        raise InputError(
            "devices: overwrite of %s: found %s; write true or false without quotes" % (path, shown(value))
        )
    return bool(value)


def desired_host(params: Mapping[str, Any]) -> DesiredHost:
    """Return the DesiredHost of lvm_brick's parameters; raises InputError."""
    devices = [desired_device(device) for device in params["devices"]]
    paths = [device.path for device in devices]
    twice = sorted({path for path in paths if paths.count(path) > 1})
    if twice:
        raise InputError("devices: found %s twice; name each disk once" % ", ".join(twice))
    by_path = dict(zip(paths, devices))
    bricks = tuple(_desired_brick(brick, by_path, params["root"]) for brick in params["bricks"])
    return DesiredHost(bricks, mount_options("mount_options", params["mount_options"]))


def _desired_brick(brick: Mapping[str, Any], devices: Mapping[str, DesiredDevice], root: str) -> DesiredBrick:
    name, path = logical_name("bricks: name", brick["name"]), brick.get("device")
    path = absolute_path("bricks: device of %s" % name, path) if path else None
    present = brick.get("state", "present") == "present"
    mount = mount_point("bricks: mount of %s" % name, brick.get("mount") or brick_mount(root, name))
    default = mount + "/brick"
    return DesiredBrick(
        name=name,
        device=devices.get(path, DesiredDevice(path)) if path else None,
        size=parse_size(brick["size"], "bricks: size of %s" % name) if present else 0,
        mount=mount,
        directory=absolute_path("bricks: directory of %s" % name, brick.get("directory") or default),
        present=present,
    )
