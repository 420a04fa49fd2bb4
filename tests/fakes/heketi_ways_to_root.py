# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ways in which somebody with heketi's key has tried, or may try, to become root on a storage node.

PROOF stands for a file that only root can make: where it is there afterwards, a way has led to root. The unit tests
have every way judged, and the scenario heketi goes all of them on a machine.
"""

import shlex
from typing import List, NamedTuple

PROOF = "/root/brickwork-proof"
ID = "0123456789abcdef0123456789abcdef"
MOUNT = "/var/lib/heketi/mounts/vg_%s/brick_%s" % (ID, ID)
DEVICE = "/dev/mapper/vg_%s-brick_%s" % (ID, ID)
#: What heketi has in fstab, but for its mount options.
LINE = "%s %s xfs" % (DEVICE, MOUNT)
GLUSTER = ["gluster", "--mode=script", "--timeout=600"]


class Way(NamedTuple):
    """A way: its name, what is sent over ssh, and the words behind sudo for whoever got a shell of the account's."""

    name: str
    command: str
    words: List[str]


def _sudo(name, *words):
    body = "sudo " + " ".join(shlex.quote(word) for word in words)
    return Way(name, "/bin/bash -c " + shlex.quote(body), list(words))


def _sent(name, command):
    return Way(name, command, [])


def _set(name, *words):
    return _sudo("option " + name, *(GLUSTER + ["volume", "set", "v1"] + list(words)))


WAYS = (
    # What was done on the lines that sudo had before.
    _sudo(
        "awk runs a program", "awk", 'BEGIN {print "%s " ; system("touch %s") } 1 2" >> "/etc/fstab"}' % (LINE, PROOF)
    ),
    _sudo("awk writes sudoers", "awk", 'BEGIN {print "%s rw,inode64,noatime,nouuid 1 2" >> "/etc/sudoers"}' % LINE),
    _sudo(
        "awk writes a second line of fstab",
        "awk",
        'BEGIN {print "%s rw,inode64,noatime,nouuid 1 2\n/dev/sdz /etc xfs rw 1 2" >> "/etc/fstab"}' % LINE,
    ),
    _sudo(
        "awk writes an escaped line",
        "awk",
        'BEGIN {print "%s rw,inode64\\n/dev/sdz /etc xfs rw 1 2" >> "/etc/fstab"}' % LINE,
    ),
    _sudo("awk writes other mount options", "awk", 'BEGIN {print "%s rw,suid,user,exec 1 2" >> "/etc/fstab"}' % LINE),
    _sudo(
        "awk writes to a program",
        "awk",
        'BEGIN {print "%s rw,inode64,noatime,nouuid 1 2" | "touch %s" ; print "" >> "/etc/fstab"}' % (LINE, PROOF),
    ),
    _sudo("awk reads a program", "awk", "-f", "/tmp/x.awk"),
    _sudo("sed runs a program", "sed", "-i.save", "1e touch " + PROOF, "/etc/fstab"),
    _sudo("sed runs a program behind a brick", "sed", "-i.save", "/brick_%s/d;1e touch %s" % (ID, PROOF), "/etc/fstab"),
    _sudo("sed writes a file", "sed", "-i.save", "/brick_%s/w%s" % (ID, PROOF), "/etc/fstab"),
    _sudo("sed has a second file", "sed", "-i.save", "/brick_%s/d" % ID, "/etc/fstab", "/etc/shadow"),
    _sudo("sed has another file", "sed", "-i.save", "/brick_%s/d" % ID, "/etc/sudoers"),
    _sudo("sed keeps its copy elsewhere", "sed", "-i/root/*", "/brick_%s/d" % ID, "/etc/fstab"),
    _sudo("chown of a second path", "chown", ":2001", "/etc/shadow", MOUNT + "/brick"),
    _sudo("chown to a user", "chown", "heketi-ssh:2001", MOUNT + "/brick"),
    _sudo("chown by reference", "chown", "--reference=/home", MOUNT + "/brick"),
    _sudo(
        "chown with .. in the path",
        "chown",
        ":2001",
        "/var/lib/heketi/mounts/vg_%s/brick_%s/../../../../../../etc/brick" % (ID, ID),
    ),
    _sudo("chown to a group of the system", "chown", ":42", MOUNT + "/brick"),
    _sudo("chmod of a second path", "chmod", "2775", "/etc", MOUNT + "/brick"),
    _sudo("chmod makes setuid", "chmod", "4755", "/bin/bash"),
    _sudo("chmod makes a brick setuid", "chmod", "6777", MOUNT + "/brick"),
    _sudo("mkdir with a mode", "mkdir", "-p", "-m", "777", "/etc/sudoers.d/x", MOUNT),
    _sudo("mkdir of another folder", "mkdir", "-p", PROOF),
    _sudo("mkdir with .. in the path", "mkdir", "-p", "/var/lib/heketi/mounts/../../../../" + PROOF),
    _sudo("mount over the system", "mount", "-o", "rw,inode64,noatime,nouuid", DEVICE, "/etc"),
    _sudo("mount with other options", "mount", "-o", "rw,suid,dev,exec", DEVICE, MOUNT),
    _sudo("mount binds", "mount", "-o", "bind", "/tmp", MOUNT),
    _sudo("mount runs a helper", "mount", "-t", "fuse.sshfs", "-o", "ssh_command=touch " + PROOF, "x:/", MOUNT),
    _sudo("mount of another device", "mount", "-o", "rw,inode64,noatime,nouuid", "/dev/shm/image", MOUNT),
    _sudo("mount remounts", "mount", "-o", "remount,rw,suid", "/"),
    _sudo("umount of the system", "umount", "/boot"),
    _sudo("lvm runs a program by its settings", "/usr/sbin/lvm", "lvs", "--config", "global/fsadm_executable=/tmp/x"),
    _sudo(
        "lvm writes its log",
        "/usr/sbin/lvm",
        "lvs",
        "--config",
        'log{file="%s" level=7}' % PROOF,
        "--reportformat",
        "json",
        "--units",
        "k",
    ),
    _sudo("lvm with settings before the word", "/usr/sbin/lvm", "--config", "x", "pvs"),
    _sudo("lvm shell", "/usr/sbin/lvm"),
    _sudo("lvm under its bare name", "lvm", "vgdisplay", "-c", "vg_" + ID),
    _sudo(
        "lvm resizes with a program", "/usr/sbin/lvm", "lvextend", "--resizefs", "-L+1G", "vg_%s/brick_%s" % (ID, ID)
    ),
    _sudo("lvcreate in another group", "lvcreate", "-qq", "--size", "1G", "root_vg"),
    _sudo("lvremove of another volume", "/usr/sbin/lvm", "lvremove", "--autobackup=n", "-f", "root_vg/root"),
    _sudo("vgcfgrestore reads a file", "/usr/sbin/lvm", "vgcfgrestore", "-f", "/tmp/x", "vg_" + ID),
    _sudo("pvcreate of the system disk", "pvcreate", "-qq", "--metadatasize=128M", "--dataalignment=256K", "/dev/sda"),
    _sudo("pvcreate by force", "pvcreate", "-ff", "-y", "/dev/sdb"),
    _sudo(
        "pvcreate with a file", "pvcreate", "-qq", "--metadatasize=128M", "--dataalignment=256K", "/dev/../etc/shadow"
    ),
    _sudo("wipefs of the system disk", "wipefs", "--all", "/dev/sda"),
    _sudo("wipefs keeps a copy", "wipefs", "--all", "--backup=" + PROOF, "/dev/sdb"),
    _sudo("wipefs of a second disk", "wipefs", "--all", "/dev/sdb", "/dev/sda"),
    _sudo("gluster writes its log", *(GLUSTER + ["--log-file=" + PROOF, "volume", "info", "--xml"])),
    _sudo("gluster writes its log, at the end", *(GLUSTER + ["volume", "info", "v1", "--log-file=" + PROOF, "--xml"])),
    _sudo(
        "gluster's log in place of the time",
        "gluster",
        "--mode=script",
        "--log-file=" + PROOF,
        "volume",
        "info",
        "--xml",
    ),
    _sudo("gluster of another host", *(GLUSTER + ["--remote-host=10.9.9.9", "volume", "info", "--xml"])),
    _sudo("gluster runs a program on all nodes", *(GLUSTER + ["system::", "execute", "gsec_create"])),
    _sudo("gluster copies a file to all nodes", *(GLUSTER + ["system::", "copy", "file", "/../../etc/passwd"])),
    _sudo("gluster without script mode", "gluster", "volume", "info", "--xml"),
    _sudo("gluster's own prompt", "gluster"),
    _sudo("a brick in the system", *(GLUSTER + ["volume", "create", "v1", "192.168.72.101:/etc/brick", "force"])),
    _sudo(
        "a brick with .. in the path",
        *(GLUSTER + ["volume", "create", "v1", "192.168.72.101:%s/../../../../../etc/brick" % MOUNT]),
    ),
    _sudo("a peer of somebody's", *(GLUSTER + ["peer", "probe", "10.9.9.9"])),
    _sudo("a peer that is an option", *(GLUSTER + ["peer", "probe", "--log-file=" + PROOF])),
    _sudo("all volumes", *(GLUSTER + ["volume", "set", "all", "cluster.enable-shared-storage", "enable"])),
    _sudo(
        "geo-replication runs ssh",
        *(GLUSTER + ["volume", "geo-replication", "v1", "x::y", "config", "ssh_command", "/tmp/x"]),
    ),
    _sudo("statedump", *(GLUSTER + ["volume", "statedump", "v1"])),
    _sudo("glusterd copies its files", *(GLUSTER + ["get-state", "odir", "/etc/cron.d", "file", "x"])),
    _set("that names a program", "nfs.rpc-statd", "/tmp/x"),
    _set("that names a file to write", "nfs.mount-rmtab", PROOF),
    _set("that names a folder to write", "server.statedump-path", "/etc/cron.d"),
    _set("that names a changelog", "changelog.changelog-dir", "/etc"),
    _set("that names a log", "debug.log-file", PROOF),
    _set("for Samba's hook", "user.smb", "enable"),
    _set("whose value is an option", "performance.cache-size", "--log-file=" + PROOF),
    _set("whose value has lines", "performance.cache-size", "1\n    option x y\nend-volume"),
    _set("that reads a group file elsewhere", "group", "../../../tmp/x"),
    _set("that makes files setuid", "storage.force-create-mode", "04755"),
    _sudo(
        "mkfs reads a file",
        "mkfs.xfs",
        "-i",
        "size=512",
        "-d",
        "name=" + PROOF + ",file,size=300m",
        "-n",
        "size=8192",
        DEVICE,
    ),
    _sudo("mkfs takes a prototype", "mkfs.xfs", "-p", "/etc/shadow", "-i", "size=512", "-n", "size=8192", DEVICE),
    _sudo("mkfs of the system disk", "mkfs.xfs", "-i", "size=512", "-n", "size=8192", "/dev/sda"),
    _sudo("mkfs by force", "mkfs.xfs", "-f", "-i", "size=512", "-n", "size=8192", DEVICE),
    _sudo("udevadm runs a program", "udevadm", "test", "/sys/block/sda"),
    _sudo("udevadm triggers", "/usr/bin/udevadm", "control", "--property=X=y"),
    _sudo("systemctl's pager", "systemctl", "status"),
    _sudo("systemctl links a unit", "systemctl", "link", "/tmp/x.service"),
    _sudo("systemctl edits", "systemctl", "edit", "glusterd"),
    _sudo("systemctl of another unit", "systemctl", "status", "glusterd", "ssh"),
    _sudo(
        "gluster-block with its own store",
        "gluster-block",
        "create",
        "v1/b1",
        "storage",
        "/etc/shadow",
        "ha",
        "1",
        "127.0.0.1",
        "1GiB",
    ),
    _sudo(
        "gluster-block with .. in its name",
        "gluster-block",
        "create",
        "v1/../x",
        "ha",
        "1",
        "auth",
        "disable",
        "prealloc",
        "full",
        "127.0.0.1",
        "1GiB",
        "--json",
    ),
    _sudo("ls of root's folder", "ls", "/root"),
    _sudo("cat of the passwords", "cat", "/etc/shadow"),
    _sudo("cat of a second file", "cat", "/etc/fstab", "/etc/shadow"),
    _sudo("rmdir of another folder", "rmdir", "/srv"),
    _sudo("any program", "touch", PROOF),
    _sudo("a shell", "bash", "-c", "touch " + PROOF),
    _sudo("the program by another path", "/tmp/lvm", "pvs"),
    _sudo("a variable before the word", "LD_PRELOAD=/tmp/x.so", "mount"),
    _sudo("no word", ""),
    # What a shell would make of it.
    _sent("a command behind a command", "/bin/bash -c 'sudo mount; sudo touch %s'" % PROOF),
    _sent("a line behind a line", "/bin/bash -c 'sudo mount\nsudo touch %s'" % PROOF),
    _sent("a command in a command", "/bin/bash -c 'sudo ls $(sudo touch %s)'" % PROOF),
    _sent("an edit", "/bin/bash -c 'sudo -e /etc/sudoers'"),
    _sent("a shell by sudo", "/bin/bash -c 'sudo -i'"),
    _sent("another user", "/bin/bash -c 'sudo -u#-1 touch %s'" % PROOF),
    _sent("sudo reads a password", "/bin/bash -c 'sudo -S touch %s'" % PROOF),
    _sent("no sudo", "/bin/bash -c 'touch %s'" % PROOF),
    _sent("no bash", "sudo mount"),
    _sent("a login", ""),
    _sent("a shell", "bash -i"),
    _sent("the files' own way in", "internal-sftp"),
    _sent("the files' program", "/usr/lib/openssh/sftp-server"),
    _sent("a quote that is open", "/bin/bash -c 'sudo mount"),
)
