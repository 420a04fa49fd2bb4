# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError, UnsafeChangeError
from ansible_collections.brickwork.gluster.plugins.module_utils.mounts import client_mounts, plan_mounts

BRICKS = [{"address": address} for address in ("10.0.0.1", "10.0.0.2", "10.0.0.1", "10.0.0.3")]
VOLUMES = [
    {"name": "shared", "bricks": BRICKS, "clients": [{"path": "/mnt/shared/"}]},
    {"name": "one", "bricks": BRICKS[:1], "clients": [{"path": "/mnt/one", "hosts": ["c1"], "options": "ro"}]},
    {"name": "none", "bricks": BRICKS},
]
OPTIONS = "defaults,_netdev,backup-volfile-servers=10.0.0.2:10.0.0.3"
SHARED = {"volume": "shared", "path": "/mnt/shared", "source": "10.0.0.1:/shared", "options": OPTIONS}
LINE = "10.0.0.1:/shared /mnt/shared glusterfs %s 0 0\n" % OPTIONS
MOUNTED = "10.0.0.2:/shared /mnt/shared fuse.glusterfs rw 0 0\n"


def test_each_client_mounts_what_names_it_with_the_other_servers_behind():
    assert client_mounts(VOLUMES, "c2") == [SHARED]
    assert client_mounts(VOLUMES, "c1")[1] == {
        "volume": "one",
        "path": "/mnt/one",
        "source": "10.0.0.1:/one",
        "options": "ro,_netdev",
    }


def test_only_what_is_missing_is_planned():
    assert plan_mounts([SHARED], LINE, MOUNTED) == []
    assert plan_mounts([SHARED], "", "") == [dict(SHARED, state="mounted")]
    assert plan_mounts([SHARED], LINE, "") == [dict(SHARED, state="mounted")]
    assert plan_mounts([SHARED], LINE.replace("_netdev", "x"), MOUNTED) == [dict(SHARED, state="present")]


def test_what_is_mounted_there_stays():
    with pytest.raises(UnsafeChangeError, match=r"/mnt/shared has /dev/sdz \(ext4\) mounted, not volume shared"):
        plan_mounts([SHARED], "", "/dev/sdz /mnt/shared ext4 rw 0 0\n")


def test_bad_mount_points():
    with pytest.raises(InputError, match="path 'mnt' of volume shared"):
        client_mounts([dict(VOLUMES[0], clients=[{"path": "mnt"}])], "c1")
    with pytest.raises(InputError, match="/mnt/x on c1 is the mount point of two volumes"):
        client_mounts([dict(volume, clients=[{"path": "/mnt/x"}]) for volume in VOLUMES[:2]], "c1")
