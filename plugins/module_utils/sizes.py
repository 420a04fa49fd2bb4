# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sizes, and what a brick of a given size takes on its device. Everything is in bytes. PRIVATE to the collection."""

import re
from decimal import Decimal
from typing import Any

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError
from ansible_collections.brickwork.gluster.plugins.module_utils.grammar import shown

KIB = 1024
MIB = 1024 * KIB
GIB = 1024 * MIB

#: LVM's default extent. Every logical volume is a whole number of these.
EXTENT = 4 * MIB
#: LVM refuses thin pool metadata beyond this (lvmthin(7): "maximum supported is 15.81 GiB").
MAX_POOL_METADATA = 15 * GIB
#: mkfs.xfs refuses anything smaller since xfsprogs 5.19.
MIN_BRICK = 300 * MIB
#: Good for single disks and RAID 10 (Red Hat Gluster Storage administration guide, "Brick configuration").
DEFAULT_ALIGNMENT = 256 * KIB
MAX_CHUNK = GIB
#: dm-thin maps a chunk with 64 bytes of metadata (kernel documentation, thin-provisioning.rst: 48 bytes and btree).
METADATA_PER_CHUNK = 64

#: No file system that a brick stands on is larger (XFS: 8 EiB).
_LARGEST = 8 * 1024**6
_SIZE = re.compile(r"\s*([0-9]{1,19}(?:\.[0-9]{1,9})?)\s*(B|([KMGTP])(?:I?B)?)\s*\Z", re.IGNORECASE)
_UNITS = {"K": KIB, "M": MIB, "G": GIB, "T": 1024 * GIB, "P": 1024 * 1024 * GIB}


def parse_size(value: Any, option: str = "size") -> int:
    """Return bytes of a size such as C(10G), C(10GiB), C(512 MB) or C(4096B).

    All units are powers of 1024, as in GlusterFS and LVM; a number without a unit is refused, since heketi takes it for
    GiB and LVM for MiB. Raises InputError that names the option.
    """
    match = _SIZE.match(value) if isinstance(value, str) else None
    size = int(Decimal(match.group(1)) * _UNITS.get((match.group(3) or "").upper(), 1)) if match else 0
    if not 0 < size <= _LARGEST:
        raise InputError("%s: found %s; write a size with its unit, such as 10GiB or 512MiB" % (option, shown(value)))
    return size


def whole_gib(value: Any, option: str = "size") -> int:
    """Return the GiB of a size with its unit, 0 for None; heketi knows whole GiB only."""
    size = 0 if value is None else parse_size(value, option)
    if size % GIB:
        raise InputError("%s: found %s, and heketi counts in whole GiB; write such as 10GiB" % (option, shown(value)))
    return size // GIB


def format_size(size: int) -> str:
    """Return a size in bytes as people write it: the largest unit that leaves at least 1, two decimals at most."""
    value, unit = float(size), "B"
    for larger in ("KiB", "MiB", "GiB", "TiB", "PiB"):
        if value < 1024:
            break
        value, unit = value / 1024, larger
    return "%s %s" % (("%.2f" % value).rstrip("0").rstrip("."), unit)


def round_up(size: int, unit: int) -> int:
    """Return the smallest multiple of unit that is not less than size."""
    return -(-size // unit) * unit


def pool_metadata_size(size: int) -> int:
    """Return the metadata size in bytes of a thin pool with size bytes of data.

    Half a percent, as heketi does: leaves room for snapshots of the brick.
    """
    return min(max(round_up(size // 200, EXTENT), EXTENT), MAX_POOL_METADATA)


def pool_chunk_size(size: int, alignment: int = DEFAULT_ALIGNMENT) -> int:
    """Return the chunk size in bytes for a thin pool of size bytes on a device with that alignment.

    A chunk is one full stripe of the device, doubled until the metadata can map the whole pool.
    """
    chunk = alignment
    while size // chunk * METADATA_PER_CHUNK > pool_metadata_size(size) and chunk < MAX_CHUNK:
        chunk *= 2
    return chunk


def brick_footprint(size: int) -> int:
    """Return the bytes that a brick of size bytes takes in its volume group.

    Data and metadata of its own thin pool, and as much again for the group's spare metadata volume,
    which LVM keeps as large as the largest metadata: counted for every brick, so that it always fits.
    """
    return round_up(size, EXTENT) + 2 * pool_metadata_size(size)


def usable_size(device_size: int, alignment: int = DEFAULT_ALIGNMENT) -> int:
    """Return the bytes that a volume group on a fresh device of device_size bytes has to give."""
    header = round_up(MIB, alignment)
    return max(device_size - header, 0) // EXTENT * EXTENT
