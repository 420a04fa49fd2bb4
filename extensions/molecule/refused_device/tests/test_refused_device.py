# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A disk that holds something: site.yml refuses it, names it and changes nothing on any machine."""

import pytest

FIRST = "head -c 1048576 {disk} | sha256sum"
#: What is put on the disk, and what the refusal must say of it.
CONTENTS = {
    "a file system": (
        "node3", "/dev/sdc",
        "mkfs.ext4 -q -F /dev/sdc && mkdir -p /tmp/m && mount /dev/sdc /tmp/m"
        " && echo precious > /tmp/m/file && umount /tmp/m",
        "ext4",
    ),
    "a mounted file system": ("node3", "/dev/sdc", "mount -o ro /dev/sdc /tmp/m", "is mounted at /tmp/m"),
    "a partition table": (
        "node2", "/dev/sdb",
        # The signature of an empty DOS table, in the last two bytes of the first sector, and one entry.
        r"printf '\0\0\2\0\203\0\0\0\0\10\0\0\0\10\0\0' | dd of=/dev/sdb bs=1 seek=446 status=none;"
        r" printf '\125\252' | dd of=/dev/sdb bs=1 seek=510 conv=fsync status=none",
        "holds dos partition table",
    ),
    "a partition": ("node2", "/dev/sdb", "blockdev --rereadpt /dev/sdb && udevadm settle", "is in use by"),
    "a volume group": (
        "node4", "/dev/sdc",
        "apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends lvm2"
        " >/dev/null && vgcreate -q foreign /dev/sdc",
        "volume group foreign",
    ),
}  # fmt: skip


@pytest.mark.parametrize("content", CONTENTS)
def test_refused_untouched_and_named(lab, content):
    node, disk, preparation, found = CONTENTS[content]
    lab.run(node, preparation)
    before, bytes_before = lab.fingerprint(), lab.run(node, FIRST.format(disk=disk))
    # Nothing says that the disk is needed; but the inventory gives it away, so it is looked at.
    lab.play("site").refused(node, disk, found)
    assert lab.fingerprint() == before
    assert lab.run(node, FIRST.format(disk=disk)) == bytes_before


def test_the_file_is_still_there(lab):
    assert lab.run("node3", "cat /tmp/m/file") == "precious"
