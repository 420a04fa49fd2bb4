# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError, UnsafeChangeError
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.mounts import (
    client_mounts,
    plan_mounts,
    unmounted_lines,
)

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


def test_what_nobody_serves_any_more_is_mounted_again():
    dead = dict(SHARED, state="mounted", dead=True)
    assert plan_mounts([SHARED], LINE, MOUNTED, ["/mnt/shared"]) == [dead]
    assert plan_mounts([SHARED], LINE, MOUNTED, ["/mnt/other"]) == []
    assert plan_mounts([SHARED], LINE, "", ["/mnt/shared"]) == [dict(SHARED, state="mounted")], "it went meanwhile"


INSIDE = {"volume": "one", "path": "/mnt/shared/one", "source": "10.0.0.1:/one", "options": "defaults,_netdev"}
BOTH = LINE + "10.0.0.1:/one /mnt/shared/one glusterfs defaults,_netdev 0 0\n"


def test_what_is_mounted_in_a_dead_mount_goes_with_it_and_comes_back_after_it():
    mounted = MOUNTED + "10.0.0.1:/one /mnt/shared/one fuse.glusterfs rw 0 0\n"
    assert plan_mounts([INSIDE, SHARED], BOTH, mounted, ["/mnt/shared"]) == [
        dict(SHARED, state="mounted", dead=True), dict(INSIDE, state="mounted")
    ]  # fmt: skip
    assert plan_mounts([INSIDE, SHARED], BOTH, mounted, ["/mnt/shared/one"]) == [
        dict(INSIDE, state="mounted", dead=True)
    ]


def test_a_dead_mount_stays_where_something_is_mounted_in_it_that_nobody_would_mount_again():
    mounted = MOUNTED + "/dev/sdz /mnt/shared/other ext4 rw 0 0\n/dev/sdy /mnt/shared2 ext4 rw 0 0\n"
    assert plan_mounts([SHARED], LINE, mounted, ["/mnt/shared"]) == []


AUTOMOUNT = "systemd-1 /mnt/shared autofs rw,relatime 0 0\n"


def test_an_automount_is_no_foreign_mount():
    """After a boot it is idle: systemd mounts as soon as somebody looks, and what is mounted then covers it."""
    line = LINE.replace("_netdev", "x-systemd.automount,_netdev")
    mount = dict(SHARED, options=OPTIONS.replace("_netdev", "x-systemd.automount,_netdev"))
    assert plan_mounts([mount], line, AUTOMOUNT) == []
    assert plan_mounts([mount], line, AUTOMOUNT + MOUNTED) == []
    with pytest.raises(UnsafeChangeError, match="auto.misc .autofs. mounted"):
        plan_mounts([mount], line, AUTOMOUNT.replace("systemd-1", "auto.misc"))
    with pytest.raises(UnsafeChangeError, match="/dev/sdz"):
        plan_mounts([mount], line, AUTOMOUNT + "/dev/sdz /mnt/shared ext4 rw 0 0\n")


def test_what_is_written_with_blanks_and_doubled_slashes_is_not_pending_for_ever():
    place = {"path": "/mnt//shared/", "options": "rw, noatime"}
    [mount] = client_mounts([dict(VOLUMES[0], clients=[place])], "c1")
    assert (mount["path"], mount["options"].split(",")[:2]) == ("/mnt/shared", ["rw", "noatime"])
    line = "%s %s glusterfs %s 0 0\n" % (mount["source"], mount["path"], mount["options"])
    assert plan_mounts([mount], line, MOUNTED) == []


def test_a_second_line_for_a_mount_point_is_pending():
    assert plan_mounts([SHARED], LINE + LINE.replace("_netdev", "x"), MOUNTED) == [dict(SHARED, state="present")]


def test_lines_of_volumes_that_are_not_mounted():
    fstab = (
        LINE
        + "10.0.0.1:/other /mnt/other glusterfs defaults,_netdev 0 0\n"
        + "10.0.0.1:/shared /mnt/later glusterfs noauto 0 0\n"
        + "elsewhere:/foreign /mnt/foreign glusterfs defaults 0 0\n"
        + "10.0.0.1:/shared /mnt/nfs nfs defaults 0 0\n"
    )

    def lines(mounts):
        return [entry.target for entry in unmounted_lines(fstab, mounts, ["shared", "other"])]

    assert lines("") == ["/mnt/shared", "/mnt/other"]
    assert lines(MOUNTED) == lines(AUTOMOUNT) == ["/mnt/other"]
    assert lines(MOUNTED.replace(":/shared", ":/other")) == ["/mnt/shared", "/mnt/other"]


def test_what_is_mounted_there_stays():
    with pytest.raises(UnsafeChangeError, match=r"/mnt/shared has /dev/sdz \(ext4\) mounted, not volume shared"):
        plan_mounts([SHARED], "", "/dev/sdz /mnt/shared ext4 rw 0 0\n")


def test_bad_mount_points():
    with pytest.raises(InputError, match="path of volume shared: found .mnt."):
        client_mounts([dict(VOLUMES[0], clients=[{"path": "mnt"}])], "c1")
    with pytest.raises(InputError, match="/mnt/x on c1 is the mount point of two volumes"):
        client_mounts([dict(volume, clients=[{"path": "/mnt/x"}]) for volume in VOLUMES[:2]], "c1")
