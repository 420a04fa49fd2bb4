# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether bricks may be put on a device, and why not. Pure. PRIVATE to the collection."""

from typing import Optional

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import (
    BrickworkError,
    InputError,
    UnsafeChangeError,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.records import (
    OUR_PV,
    DesiredDevice,
    Device,
    ObservedHost,
)


def refuse_device(desired: DesiredDevice, observed: ObservedHost) -> Optional[BrickworkError]:
    """Return the error for a device that can't be used, or None."""
    device = observed.devices.get(desired.path)
    where = "device %s on %s" % (desired.path, observed.host)
    if device is None:
        return InputError(
            "%s: found no such device; write one of the disks there: %s" % (where, ", ".join(observed.disks) or "none")
        )
    twins = observed.names_of(device)
    if len(twins) > 1:
        return InputError(
            "%s: %s are the same disk %s; name each disk once" % (where, " and ".join(sorted(twins)), device.path)
        )
    found = _use(device) or _hidden(device, observed) or _children(device) or _rejection(device)
    found = found or ("" if desired.overwrite else _content(device))
    return UnsafeChangeError("%s: %s" % (where, found)) if found else None


def _use(device: Device) -> str:
    """Return what a device is in use for, whoever asks; "" for nothing, and for a physical volume of ours."""
    if device.is_logical:
        return "is a logical volume of LVM; name a disk or a partition, on which a volume group can be made"
    if device.read_only:
        return "is read-only; name another disk"
    if device.mounts:
        return "is mounted at %s; name another disk" % ", ".join(device.mounts)
    if device.physical and device.physical.group and not device.physical.is_ours:
        return (
            "is a physical volume of the volume group %s, which this collection did not make; name another disk"
            % device.physical.group
        )
    return ""


def _hidden(device: Device, observed: ObservedHost) -> str:
    """Return what is to be said of a physical volume of which LVM can't tell what it holds. It may be full of data."""
    if not device.is_hidden_physical:
        return ""
    maker = " of this collection" if device.signature_uuid.startswith(OUR_PV) else ""
    found = "is a physical volume%s (%s)" % (maker, device.signature_uuid or "without a uuid")
    if device.children:
        found += " in use by %s" % ", ".join(device.children)
    if "pvs" in observed.missing_tools:
        return found + ", and lvm2 is not installed there to show what it holds; install lvm2 there, and run again"
    return (
        "%s, and LVM does not show it%s; add it to LVM's devices file (lvmdevices --adddev), or let the filter in "
        "/etc/lvm/lvm.conf accept it, and run again" % (found, _because(device))
    )


def _because(device: Device) -> str:
    return " (%s)" % device.rejection if device.rejection else " (its devices file or filter leaves it out)"


def _children(device: Device) -> str:
    if not device.children or (device.physical and device.physical.is_ours):
        return ""
    holds = "holds %s and " % device.signature if device.signature else ""
    return "%sis in use by %s; name another disk" % (holds, ", ".join(device.children))


def _rejection(device: Device) -> str:
    if not device.rejection:
        return ""
    return (
        "LVM takes no such device: %s; name another disk, or change LVM's devices file or the filter in "
        "/etc/lvm/lvm.conf if they are wrong" % device.rejection
    )


def _content(device: Device) -> str:
    hint = "; name another disk (overwrite: true for this device gives up for good what it holds)"
    if device.physical and not device.physical.is_ours:
        return "is a physical volume (%s) of no volume group%s" % (device.physical.uuid, hint)
    return "holds %s%s" % (device.signature, hint) if device.signature else ""
