# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a volume, a disk and a machine may say of themselves in the inventory. PRIVATE to the collection."""

from typing import Any

from ansible_collections.brickwork.gluster.plugins.module_utils import grammar
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.split_brain import POLICIES, resolution
from ansible_collections.brickwork.gluster.plugins.module_utils.shapes import (
    DEFAULT_DISPERSE_DATA,
    DEFAULT_REDUNDANCY,
    DEFAULT_REPLICAS,
    KINDS,
    SYNONYMS,
    shape_of,
)
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
#: Of a disk, as of a node (gluster_state).
DISK_STATES = ("active", "retired", "lost")
MOST_BRICKS_OF_A_SET = 255
#: LVM aligns to this at least, and XFS knows no finer stripe on thin pools.
ALIGNMENT = 64 * KIB

DISK = Record(
    keys=(
        Key(
            "path",
            Text(grammar.device_path, False),
            "Any name of the disk. A name in C(/dev/disk/by-id) does not change with the cabling.",
            required=True,
        ),
        Key(
            "data_alignment",
            Size(ALIGNMENT, ALIGNMENT),
            "One full stripe of a hardware RAID: stripe unit times number of data disks.",
            default="256KiB",
        ),
        Key(
            "overwrite",
            Boolean(),
            "V(true) allows the loss of everything on this one disk. A disk that is mounted, partitioned or in use is "
            "refused even then.",
            default=False,
        ),
        Key(
            "state",
            Choice(DISK_STATES),
            "V(retired): no new bricks go there, and the playbook retire moves those that are there to other disks. "
            "V(lost): it does not come back, and the playbook replace makes its bricks anew on other disks.",
            default="active",
        ),
    ),
    alone="path",
    example="a disk, such as path: /dev/sdb",
)
BRICK = Record(
    keys=(
        Key(
            "path",
            Text(grammar.mount_point, False),
            "The directory of the brick, as C(gluster volume info) shows it behind the node's address.",
            required=True,
        ),
        Key(
            "state",
            Choice(DISK_STATES),
            "V(retired): the playbook retire moves the brick to another place while it serves. V(lost): what was on it "
            "does not come back, and the playbook replace makes it anew at another place.",
            default="active",
        ),
    ),
    example="a brick, such as {path: /srv/gluster/shared-1/brick, state: retired}",
)
#: heketi's tags of disks and nodes.
TAGS = Table(grammar.one_line, Text(grammar.one_line))
HEKETI_DISK = Record(
    # heketi knows the states of its disks itself.
    keys=(
        *(key for key in DISK.keys if key.name != "state"),
        Key("tags", TAGS, "heketi's tags of the disk: names and values."),
    ),
    alone="path",
    example=DISK.example,
)

#: An empty list would mean none to one reader and all to another.
HOSTS = Items(Text(grammar.one_line, False), least=1)

CLIENT = Record(
    keys=(
        Key("path", Text(grammar.mount_point, False), "Mount point.", required=True),
        Key("hosts", HOSTS, "The only clients that mount the volume there.", otherwise="all clients"),
        Key("options", MountOptions(grammar.mount_options), "Further mount options: V(ro,acl), or a list."),
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


_COUNT = Whole(1, MOST_BRICKS_OF_A_SET)
VOLUME = Record(
    keys=(
        Key(
            "name",
            Text(grammar.volume_name, False),
            "Name of the volume: letters, digits, V(-) and V(_), at most 90. Names that LVM reserves behind V(brick_) "
            "are refused, such as V(tdata) and all names with V(_tdata) in them, and so are L(names that heketi "
            "gives,docs/heketi.md#names).",
            required=True,
        ),
        Key(
            "type",
            Text(grammar.one_line, False, values=(*KINDS, *SYNONYMS)),
            "Type of the volume: V(distribute), V(replicate), V(arbiter) or V(disperse). The prefix V(distributed-) "
            "makes no difference. V(stripe) is gone since GlusterFS 6: use the option V(features.shard).",
            required=True,
        ),
        Key(
            "arbiter",
            Boolean(),
            "V(true) with type V(replicate) is the same as type V(arbiter).",
            default=False,
        ),
        Key(
            "replicas",
            _COUNT,
            "Copies of each file, for V(replicate). V(2) has to be written out, because two copies can end in "
            "split-brain.",
            default=DEFAULT_REPLICAS,
        ),
        Key("disperse_data", _COUNT, "Data bricks of a set, for V(disperse).", default=DEFAULT_DISPERSE_DATA),
        Key("redundancy", _COUNT, "Redundancy bricks of a set, for V(disperse).", default=DEFAULT_REDUNDANCY),
        Key(
            "sets",
            Whole(1, MOST_BRICKS),
            "Sets over which files are distributed. Raise it to grow the volume.",
            otherwise="as many as there are, 1 for a new volume",
        ),
        Key(
            "size",
            Size(),
            "What users may store in the whole volume, with its unit: V(10GiB), V(512MiB), V(2TiB) (powers of 1024). "
            "Each brick has to get at least 300 MiB. Raise it and the bricks grow; lower it and nothing changes. A "
            "volume needs it as long as bricks are to be placed.",
        ),
        Key("rebalance", Boolean(), "Whether a rebalance is started after sets were added.", default=False),
        Key(
            "hosts",
            HOSTS,
            "The only hosts that new bricks may go to. The playbook move moves those there that are elsewhere.",
            otherwise="all storage nodes",
        ),
        Key(
            "devices",
            Items(Text(grammar.device_path, False), least=1),
            "The only disks that new bricks may go to, on each of the hosts that has them, by their paths in "
            "C(gluster_devices). The playbook move moves those there that are elsewhere.",
            otherwise="all disks of the hosts",
        ),
        Key(
            "state",
            Choice(STATES),
            "V(started): the volume runs. V(present): it exists, and is neither started nor stopped. V(stopped): it "
            "exists and is stopped.",
            default="started",
        ),
        Key(
            "options",
            volume_options(),
            "Volume options to set; others are left alone. V(group: virt) stands for the options of GlusterFS's own "
            "group V(virt); options beside it take precedence. L(What network.ping-timeout "
            "does,docs/inventory.md#what-a-client-waits-when-a-storage-node-dies).",
            default={},
        ),
        Key(
            "reset_options",
            Items(Text(grammar.option_name, False)),
            "Names of the volume options to set back to their defaults.",
            default=[],
        ),
        Key("clients", Items(CLIENT), "Where the volume is mounted: a list of the keys below.", default=[]),
    ),
    check=_check_volume,
    example="a volume, such as {name: shared, type: replicate, size: 10GiB}",
)


def _check_resolution(found: dict[str, Any]) -> None:
    resolution("source", found)


RESOLUTION = Record(
    keys=(
        Key("volume", Text(grammar.present_name, False), "Name of the volume.", required=True),
        Key(
            "path",
            Text(grammar.volume_path, False),
            "The path from the volume's root, or V(gfid:) and the gfid of a file whose path is not known.",
            required=True,
        ),
        Key(
            "policy",
            Choice(POLICIES),
            "Which copy stays: the one that was written last, the one with more bytes, or the one on C(source).",
            required=True,
        ),
        Key("source", Text(), "With V(source-brick), the brick whose copy stays, as C(host:/path)."),
    ),
    check=_check_resolution,
    example="a dictionary with volume, path and policy",
)
