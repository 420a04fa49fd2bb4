# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bricks of a node and the space for more, for lvm_brick_info and for planning on the controller. PRIVATE."""

import os
from typing import Any, Dict, List, Optional, Sequence

from ansible_collections.brickwork.gluster.plugins.module_utils.facts import to_facts
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm import fstab
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.brick_plan import free_space
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.device_check import refuse_device
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.host import BrickHost
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.mount_plan import (
    existing_filesystem,
    is_snapshot_of,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.records import (
    NEW_TAG,
    DesiredDevice,
    LogicalVolume,
    ObservedHost,
    brick_name,
    pool_name,
)


def brick_mount(root: str, name: str) -> str:
    """Return the mount point of a brick."""
    return "%s/%s" % (root.rstrip("/"), name)


def brick_directory(root: str, name: str) -> str:
    """Return the directory of a brick: inside the mount, so that a missing mount is no brick."""
    return brick_mount(root, name) + "/brick"


def observe_bricks(host: BrickHost, devices: Sequence[DesiredDevice], root: str) -> Dict[str, Any]:
    """Return the host's devices with their free space, its bricks, and all that planning needs (observed)."""
    observed = host.observe([device.path for device in devices], [])
    # heketi's logical volumes have names like ours, in groups of its own.
    ours = [logical for logical in observed.logicals if logical == observed.logical(logical.name)]
    names = [name for name in (brick_name(logical.name) for logical in ours) if name]
    places = {
        brick_directory(root, name): host.place(brick_mount(root, name), brick_directory(root, name)) for name in names
    }
    # Bricks that are none of ours are looked at, too: whether they may be started is known only on their node. And
    # those of a lost disk: while glusterd does not run there, nothing else tells of them.
    others = [path for path in (*observed.used_paths, *_mounted_by_fstab(observed.fstab)) if path not in places]
    places.update({path: host.place(os.path.dirname(path), path) for path in others})
    observed = observed._replace(places=places, selinux_rules=host.selinux_rules(list(places)))
    return {
        "devices": [device_facts(device, observed) for device in devices],
        "bricks": [brick_facts(name, observed, root) for name in names],
        "missing_tools": list(observed.missing_tools),
        "observed": to_facts(observed),
    }


def _mounted_by_fstab(text: str) -> List[str]:
    """Return the directories of the bricks that this collection's lines of /etc/fstab mount."""
    return [brick_directory(*os.path.split(entry.target)) for entry in fstab.entries(text) if entry.is_of_a_brick]


def device_facts(desired: DesiredDevice, observed: ObservedHost) -> Dict[str, Any]:
    """Return one device: sizes in bytes; reason says why nothing may be put on it, "" if something may."""
    device = observed.devices.get(desired.path)
    refusal = refuse_device(desired, observed)
    return {
        "path": desired.path,
        "size": device.size if device else 0,
        "free": free_space(desired, observed),
        "group": device.physical.group if device and device.physical else "",
        "reason": str(refusal) if refusal else "",
    }


def brick_facts(name: str, observed: ObservedHost, root: str) -> Dict[str, Any]:
    """Return one brick: size in bytes, use of its thin pool in percent; mounted_instead is what is in its place."""
    logical = observed.logical("brick_" + name)
    pool = observed.logical(pool_name(name))
    place = observed.places[brick_directory(root, name)]
    mount = observed.mount_at(brick_mount(root, name))
    return {
        "name": name,
        "device": _device_of(logical, observed),
        "size": logical.size if logical else 0,
        "mount": brick_mount(root, name),
        "path": brick_directory(root, name),
        "problem": place.problem or _unseen(logical, observed),
        "mounted": mount is not None,
        "mounted_instead": mount.source if mount and logical and is_snapshot_of(mount, logical, observed) else "",
        "volume_id": place.mark.volume_id if place.mark else "",
        "data_percent": pool.data_percent if pool else None,
        "metadata_percent": pool.metadata_percent if pool else None,
    }


def _unseen(logical: Optional[LogicalVolume], observed: ObservedHost) -> str:
    """Return what is to be said of a logical volume on which no probe finds the brick's file system, "" for nothing.

    On a disk that has just died, directories and their attributes may still be read from memory.
    """
    if logical is None or not logical.active or NEW_TAG in logical.tags:
        return ""
    # A probe that ran out of time, or found something else, tells nothing of the disk.
    return "" if existing_filesystem(logical, observed).kind else "blkid finds nothing on %s" % logical.path


def _device_of(logical: Optional[LogicalVolume], observed: ObservedHost) -> str:
    group = logical.group if logical else ""
    return next(
        (
            device.given
            for device in observed.devices.values()
            if device and device.physical and device.physical.group == group
        ),
        "",
    )
