# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lines of sudoers for the user that heketi logs in as: what it runs on a node, and nothing else. Pure. PRIVATE.

Whoever has heketi's key can still lose all data of the node: making and removing volumes is what the key is for. A star
of sudo's matches blanks, too. So the lines keep to heketi's own names where they can, and give no shell.
"""

from typing import List, Tuple

MOUNTS = "/var/lib/heketi/mounts"
#: Bricks of volumes that were cloned are where glusterd mounts its snapshots.
SNAPSHOTS = "/run/gluster/snaps"
_DEFAULT_FSTAB = "/etc/fstab"

#: Words of LVM's and how heketi uses them; version 9 runs them by their own names, 10 as words of /usr/sbin/lvm.
_LVM: Tuple[Tuple[str, str], ...] = (
    ("pvcreate", "-qq --metadatasize=128M --dataalignment=* /dev/*"),
    ("pvremove", "-qq /dev/*"),
    ("pvs", "--reportformat json --units k"),
    ("pvs", "-o pv_name,pv_uuid,vg_name --reportformat=json /dev/*"),
    ("vgcreate", "-qq --physicalextentsize=* --autobackup=* vg_* /dev/*"),
    ("vgdisplay", "-c vg_*"),
    ("vgremove", "-qq vg_*"),
    ("vgs", "--reportformat json --units k"),
    (
        "lvcreate",
        "-qq --autobackup=* --poolmetadatasize *K --chunksize * --size *K --thin vg_*/tp_* --virtualsize *K "
        "--name brick_*",
    ),
    ("lvremove", "--autobackup=* -f vg_*"),
    ("lvremove", "--autobackup=* -f /dev/mapper/*"),
    ("lvs", "--noheadings --options=thin_count vg_*"),
    ("lvs", "--noheadings --separator=/ -ovg_name,pool_lv /dev/*"),
    ("lvs", "--reportformat json --units k*"),
)

#: Everything else. FSTAB stands for the file that heketi writes its mounts into.
_OTHERS: Tuple[Tuple[str, str], ...] = (
    ("/usr/bin/systemctl", "status glusterd"),
    ("/usr/sbin/gluster", "--mode=script *"),
    ("/usr/sbin/gluster-block", "create *"),
    ("/usr/sbin/gluster-block", "modify *"),
    ("/usr/sbin/gluster-block", "delete *"),
    ("/usr/sbin/gluster-block", "list *"),
    ("/usr/sbin/gluster-block", "info *"),
    ("/usr/sbin/wipefs", "--all /dev/*"),
    ("/usr/bin/udevadm", "info --query=symlink --name=/dev/*"),
    ("/usr/sbin/mkfs.xfs", "-i * -n size=8192 /dev/mapper/vg_*-brick_*"),
    ("/usr/bin/awk", 'BEGIN {print "/dev/mapper/vg_*-brick_* %s/vg_*/brick_* xfs * 1 2" >> "FSTAB"}' % MOUNTS),
    ("/usr/bin/sed", "-i.save /brick_*/d FSTAB"),
    ("/usr/bin/mount", '""'),
    ("/usr/bin/mount", "-o * /dev/mapper/vg_*-brick_* %s/vg_*/brick_*" % MOUNTS),
    ("/usr/bin/umount", MOUNTS + "/vg_*"),
    ("/usr/bin/umount", SNAPSHOTS + "/*"),
    ("/usr/bin/mkdir", "-p %s/vg_*/brick_*" % MOUNTS),
    ("/usr/bin/mkdir", "%s/vg_*/brick_*/brick" % MOUNTS),
    ("/usr/bin/rmdir", MOUNTS + "/vg_*"),
    ("/usr/bin/rmdir", SNAPSHOTS + "/*"),
    ("/usr/bin/ls", MOUNTS + "/vg_*"),
    ("/usr/bin/chown", ":* %s/vg_*/brick_*/brick" % MOUNTS),
    ("/usr/bin/chmod", "2775 %s/vg_*/brick_*/brick" % MOUNTS),
)


def commands(version, fstab=_DEFAULT_FSTAB):
    """Return the commands of a version, each a program and the pattern of its arguments ('""' for none)."""
    if version == 9:
        lvm = [("/usr/sbin/" + word, pattern) for word, pattern in _LVM]
    else:
        lvm = [("/usr/sbin/lvm", "%s %s" % pair) for pair in _LVM]
    return lvm + [(program, pattern.replace("FSTAB", fstab)) for program, pattern in _OTHERS]


def sudoers(user, version, fstab=_DEFAULT_FSTAB):
    """Return the file for /etc/sudoers.d, or "" for root, who needs none."""
    if user == "root":
        return ""
    lines: List[str] = [
        "# Written by brickwork.gluster.heketi: the commands of heketi %s on a node." % version,
        "Defaults:%s !requiretty, secure_path=/usr/sbin:/usr/bin:/sbin:/bin" % user,
    ]
    lines += [
        "%s ALL=(root) NOPASSWD: %s %s" % (user, program, _escaped(pattern))
        for program, pattern in commands(version, fstab)
    ]
    return "\n".join(lines) + "\n"


def _escaped(pattern):
    return "".join("\\" + sign if sign in ",:=" else sign for sign in pattern)
