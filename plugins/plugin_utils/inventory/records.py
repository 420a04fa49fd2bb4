# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a volume, a disk and a machine may say of themselves in the inventory. PRIVATE to the collection."""

from typing import Any

from ansible_collections.brickwork.gluster.plugins.module_utils import grammar
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError
from ansible_collections.brickwork.gluster.plugins.module_utils.shapes import shape_of
from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import KIB, parse_size
from ansible_collections.brickwork.gluster.plugins.plugin_utils.inventory.kinds import (
    Boolean,
    Choice,
    Items,
    Key,
    MountOptions,
    Record,
    Size,
    Table,
    Text,
    Whole,
    volume_options,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.placement.desired import MOST_BRICKS
from ansible_collections.brickwork.gluster.plugins.plugin_utils.placement.targets import check_brick_size

#: What a volume may be in the inventory. Removal is a playbook of its own.
STATES = ("present", "started", "stopped")
MOST_BRICKS_OF_A_SET = 255
#: LVM aligns to this at least, and XFS knows no finer stripe on thin pools.
ALIGNMENT = 64 * KIB

DISK = Record(
    keys=(
        Key("path", Text(grammar.device_path, False), required=True),
        Key("data_alignment", Size(ALIGNMENT, ALIGNMENT)),
        Key("overwrite", Boolean()),
    ),
    alone="path",
    example="a disk, such as path: /dev/sdb",
)
#: heketi's tags of disks and nodes.
TAGS = Table(grammar.one_line, Text(grammar.one_line))
HEKETI_DISK = Record(keys=(*DISK.keys, Key("tags", TAGS)), alone="path", example=DISK.example)

#: An empty list would mean none to one reader and all to another.
HOSTS = Items(Text(grammar.one_line, False), least=1)

CLIENT = Record(
    keys=(
        Key("path", Text(grammar.mount_point, False), required=True),
        Key("hosts", HOSTS),
        Key("options", MountOptions(grammar.mount_options)),
    ),
    example="where it is mounted, such as path: /mnt/shared",
)


def _check_volume(volume: dict[str, Any]) -> None:
    """Raise InputError where the parts of a volume don't go together."""
    kind = volume["type"]
    if volume.get("arbiter"):
        if kind not in ("replicate", "distributed-replicate", "arbiter", "distributed-arbiter"):
            raise InputError(f"arbiter: found true with type {kind}; write it with type: replicate only")
        kind = "arbiter"
    shape = shape_of(kind, *(volume.get(count) for count in ("replicas", "disperse_data", "redundancy")))
    if "size" in volume:
        check_brick_size(parse_size(volume["size"]), volume.get("sets") or 1, shape)


VOLUME = Record(
    keys=(
        Key("name", Text(grammar.volume_name, False), required=True),
        Key("type", Text(grammar.one_line, False), required=True),
        Key("arbiter", Boolean()),
        Key("replicas", Whole(1, MOST_BRICKS_OF_A_SET)),
        Key("disperse_data", Whole(1, MOST_BRICKS_OF_A_SET)),
        Key("redundancy", Whole(1, MOST_BRICKS_OF_A_SET)),
        Key("sets", Whole(1, MOST_BRICKS)),
        Key("size", Size()),
        Key("rebalance", Boolean()),
        Key("hosts", HOSTS),
        Key("state", Choice(STATES)),
        Key("options", volume_options()),
        Key("reset_options", Items(Text(grammar.option_name, False))),
        Key("clients", Items(CLIENT)),
    ),
    check=_check_volume,
    example="a volume, such as {name: shared, type: replicate, size: 10GiB}",
)
