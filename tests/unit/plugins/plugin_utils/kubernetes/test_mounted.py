# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from ansible_collections.brickwork.gluster.plugins.plugin_utils.kubernetes.mounted import not_mounted

MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
10.0.0.1:/shared /srv/shared fuse.glusterfs rw 0 0
/dev/sdb1 /srv/shared/disk ext4 rw 0 0
10.0.0.1:/other /srv/other fuse.glusterfs rw 0 0
tmpfs /srv/other tmpfs rw 0 0
"""


def test_only_what_is_below_a_volumes_mount_point_is_on_it():
    on = ["/srv/shared/claims", "/srv/shared/a/b"]
    off = ["/srv/shared", "/srv/sharedless/claims", "/srv/shared/disk/claims", "/srv/other/claims", "/mnt/claims"]
    assert not_mounted(on + off, MOUNTS) == off
    assert not_mounted(on, "") == on
