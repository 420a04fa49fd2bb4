#!/usr/bin/env python
# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What heketi's account may run as root on a storage node. It stands alone: Python 3.6 and nothing else.

sudo lets that account run this program and nothing else. The arguments are the words of one of heketi's commands. They
have to be those of a rule below, word by word, and what they name has to be heketi's: its disks, volume groups, mount
points, volumes and nodes. Then the real program takes this one's place, found in the system's own folders, with an
environment of its own. Everything else is refused in one line, here and in the system's log.
"""

import fcntl
import json
import os
import re
import resource
import shlex
import signal
import stat
import subprocess
import sys
import syslog
import tempfile

CONFIGURATION = "/etc/brickwork-heketi-node.json"
MOUNTS = "/var/lib/heketi/mounts"
FOLDERS = ("/usr/sbin", "/usr/bin", "/sbin", "/bin")
#: LC_ALL: heketi reads what the programs say. SYSTEMD_PAGER: a pager could start a shell.
ENVIRONMENT = {"PATH": ":".join(FOLDERS), "LC_ALL": "C", "HOME": "/root", "SYSTEMD_PAGER": "cat", "PAGER": "cat"}
#: What the caller may have set, so that a program of root's is cut off in the middle of its work.
LIMITS = (resource.RLIMIT_FSIZE, resource.RLIMIT_CPU, resource.RLIMIT_AS, resource.RLIMIT_DATA, resource.RLIMIT_STACK)
#: ... and how many files a program may have open at least.
OPEN_FILES = 1024
#: Who changes fstab holds this.
LOCK = "/run/brickwork-heketi-node.lock"
#: heketi does not ask for it. What a client writes into a brick must not give rights on the node.
SAFE_MOUNT = "nosuid,nodev"
#: The role asks this itself, to see whether heketi's way to the node is whole.
CHECK = "brickwork-check"
LVM_WORDS = ("pvcreate", "pvremove", "pvs", "vgcreate", "vgremove", "vgdisplay", "vgs", "lvcreate", "lvremove", "lvs")
#: LVM's physical volumes that this collection made have a uuid that begins so.
OWN_UUID = "brickw"

_ID = "[0-9a-f]{32}"
_HOST = "[A-Za-z0-9](?:[A-Za-z0-9.:-]{0,250}[A-Za-z0-9])?"
_BLOCK_HOST = "[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?"
_NAME = "[A-Za-z0-9_][A-Za-z0-9_-]{0,99}"
#: Links in /dev are udev's, but in these folders others may make some.
_DEVICE = "/dev/(?![/.]|std|shm/|mqueue/|fd/|pts/|hugepages/)[A-Za-z0-9_.:/+-]{1,200}"
_BRICK_PATH = MOUNTS + "/vg_" + _ID + "/brick_" + _ID + "/brick"
#: Bricks of volumes that were cloned are where glusterd mounts its snapshots.
_SNAPSHOT_MOUNT = "(?:/var)?/run/gluster/snaps/" + _ID + "/brick[0-9]{1,4}"

#: What a placeholder in a rule stands for. The same placeholder twice in a rule stands for the same text.
PATTERNS = {
    "vg": "vg_" + _ID,
    "brick": "brick_" + _ID,
    "pool": "tp_" + _ID,
    "lv": "(?:brick_|tp_)" + _ID + "|" + _ID + "_[0-9]{1,4}",
    "disk": _DEVICE,
    "device": _DEVICE,
    "size": "[1-9][0-9]{0,9}[KMG]",
    "chunk": "[1-9][0-9]{0,9}[KMG]",
    "data": "[1-9][0-9]{0,17}",
    "meta": "[1-9][0-9]{0,17}",
    "virtual": "[1-9][0-9]{0,17}",
    "yn": "[yn]",
    "number": "[1-9][0-9]{0,5}",
    "count": "[1-9][0-9]{0,2}",
    "redundancy": "[1-9][0-9]?",
    "inode": "size=512|maxpct=100",
    "stripe": "su=[1-9][0-9]{0,8}[kmg]?,sw=[1-9][0-9]{0,3}",
    "options": "[A-Za-z0-9_,=.:-]{1,500}",
    "fstab": "/[A-Za-z0-9_./-]{1,200}",
    # Groups of the system, such as disk and shadow, are below 1000.
    "gid": "[1-9][0-9]{3,9}",
    "snapmount": _SNAPSHOT_MOUNT,
    "snapshot": "tmpsnap_" + _ID,
    "host": _HOST,
    "volume": "(?!all(?:/|\\Z))" + _NAME,
    "clone": "(?!all(?:/|\\Z))" + _NAME,
    "block": _NAME,
    "blockhosts": _BLOCK_HOST + "(?:," + _BLOCK_HOST + "){0,63}",
    "blocksize": "[1-9][0-9]{0,8}GiB",
    "switch": "enable|disable",
    "prealloc": "full|no",
    "newbrick": "(?:" + _HOST + "):" + _BRICK_PATH,
    "oldbrick": "(?:" + _HOST + "):(?:" + _BRICK_PATH + "|" + _SNAPSHOT_MOUNT + "/brick)",
    "group": "[a-z0-9][a-z0-9-]{0,62}",
    # No option that names a file or a program, as nfs.rpc-statd, server.statedump-path and diagnostics.*-log-file do.
    "option": (
        "user\\.heketi\\.[a-z-]+|(?:performance|cluster|network|disperse|dht)\\.(?!compression)[a-z0-9.-]+|client\\.[a-z-]+"
        "|server\\.(?:allow-insecure|anon[gu]id|event-threads|dynamic-auth|gid-timeout|keepalive-(?:count|interval|time)"
        "|manage-gids|outstanding-rpc-limit|root-squash|all-squash|ssl|tcp-user-timeout)"
        "|auth\\.(?:allow|reject|ssl-allow)|nfs\\.disable|transport\\.address-family"
        "|features\\.(?:shard(?:-[a-z-]+)?|cache-invalidation(?:-timeout)?|ctime|read-only|leases|locks-[a-z-]+)"
        "|locks\\.[a-z-]+"
        "|storage\\.(?:owner-[gu]id|linux-aio|reserve|build-pgfid|gfid2path|health-check-(?:interval|timeout)"
        "|batch-fsync-[a-z-]+|max-hardlinks|ctime|fips-mode-rchecksum)"
        "|diagnostics\\.(?:(?:brick|client)-(?:sys-)?log-level|latency-measurement|count-fop-hits|dump-fd-stats)"
    ),
    "value": "[A-Za-z0-9_*/][A-Za-z0-9_.,:*%/()=@+-]{0,1023}",
}  # fmt: skip

_DEV = "/dev/mapper/<vg>-<brick>"
_MOUNT = MOUNTS + "/<vg>/<brick>"
_GLUSTER = "gluster --mode=script --timeout=<number> "
_AWK = 'BEGIN {print "%s %s xfs %s 1 2" >> "<fstab>"}'


class Refused(Exception):
    """The command is none of heketi's, or it is about something that is not heketi's."""


class Rule:
    """One of heketi's commands: its words, what has to hold of what they name, and what is run if not the same."""

    def __init__(self, words, *checks, **options) -> None:
        self.words = words.split() if isinstance(words, str) else words
        self.checks = checks
        self.run = options.get("run") or self.words
        #: What is done by this program itself, in place of a program of the system's.
        self.edit = options.get("edit")
        #: The placeholder that the command may end with any number of, one or more.
        self.repeated = options.get("repeated", "")

    def match(self, words: list):
        """Return by placeholder what the words say, lists for the repeated one; None if they are another command's."""
        if len(words) < len(self.words) + bool(self.repeated):
            return None
        tail = words[len(self.words) :]
        if bool(tail) != bool(self.repeated) or not all(_whole(PATTERNS[self.repeated], word) for word in tail):
            return None
        found = {self.repeated: tail} if tail else {}
        for wanted, word in zip(self.words, words):
            named = _match_word(wanted, word)
            if named is None or any(found.setdefault(name, text) != text for name, text in named.items()):
                return None
        return found

    def command(self, found: dict) -> list:
        """Return what is run."""
        tail = found.get(self.repeated, []) if self.repeated else []
        return [re.sub("<([a-z]+)>", lambda name: found[name.group(1)], word) for word in self.run] + tail


def _whole(pattern: str, word: str):
    # Not fullmatch with $: it would take a final newline.
    return re.match("(?:%s)\\Z" % pattern, word)


def _match_word(wanted: str, word: str):
    parts = re.split("<([a-z]+)>", wanted)
    names = parts[1::2]
    pattern = "".join("(%s)" % PATTERNS[part] if at % 2 else re.escape(part) for at, part in enumerate(parts))
    match = _whole(pattern, word)
    return dict(zip(names, match.groups())) if match else None


# What has to hold of what a command names. Each takes the node and what was found.


def _given(node: "Node", found: dict) -> None:
    if found["disk"] not in node.settings["devices"]:
        raise Refused(
            "%s is none of heketi_devices of this node; name it there and run playbooks/heketi.yml" % found["disk"]
        )


def _unused(node: "Node", found: dict) -> None:
    use = node.use_of(found["disk"])
    if use:
        raise Refused("%s %s; heketi gets disks only that nothing uses" % (found["disk"], use))


def _not_another_group(node: "Node", found: dict) -> None:
    group, _uuid = node.physical_volume(found["disk"])
    if group and not _whole(PATTERNS["vg"], group):
        raise Refused("%s belongs to the volume group %s, which is not heketi's" % (found["disk"], group))


def _may_be_wiped(node: "Node", found: dict) -> None:
    if not node.settings["devices"][found["disk"]] and node.signatures(found["disk"]):
        raise Refused(
            "%s holds something; set overwrite: true for it in heketi_devices to have it wiped" % found["disk"]
        )


def _removable(node: "Node", found: dict) -> None:
    """An orphan: LVM itself keeps one that is in a group. Its device may be gone from the inventory already."""
    group, uuid = node.physical_volume(found["disk"])
    if group and not _whole(PATTERNS["vg"], group):
        raise Refused("%s belongs to the volume group %s, which is not heketi's" % (found["disk"], group))
    if uuid.startswith(OWN_UUID):
        raise Refused("%s is a brick's physical volume, and not heketi's" % found["disk"])


def _plain(node: "Node", found: dict) -> None:
    name = found.get("disk") or found.get("device")
    if not node.is_device(name):
        raise Refused("%s is no block device" % name)


def _volume_there(node: "Node", found: dict) -> None:
    if not node.is_device("/dev/mapper/%s-%s" % (found["vg"], found["brick"])):
        raise Refused("there is no logical volume %s/%s" % (found["vg"], found["brick"]))


def _own_fstab(node: "Node", found: dict) -> None:
    if found["fstab"] != node.settings["fstab"]:
        raise Refused("%s is not the fstab of heketi_options (%s)" % (found["fstab"], node.settings["fstab"]))
    node.require_roots(found["fstab"])


def _mount_options(node: "Node", found: dict) -> None:
    if found["options"] != node.settings["mount_options"]:
        raise Refused("mount options are %s, and not %s" % (node.settings["mount_options"], found["options"]))


def _mounts(node: "Node", found: dict) -> None:
    """The folder of the mount points, and below it what is on the way, are root's alone, and no links."""
    node.require_folder(MOUNTS)
    node.require_roots(os.path.join(MOUNTS, found["vg"]))


def _mount_point(node: "Node", found: dict) -> None:
    _mounts(node, found)
    node.require_roots(os.path.join(MOUNTS, found["vg"], found["brick"]))


def _brick_folder(node: "Node", found: dict) -> None:
    """A brick that is not mounted would be a folder of the root file system, which has no nosuid."""
    _mount_point(node, found)
    mount = os.path.join(MOUNTS, found["vg"], found["brick"])
    if node.mounted_from(mount) != "/dev/mapper/%s-%s" % (found["vg"], found["brick"]):
        raise Refused("the brick is not mounted at %s" % mount)
    node.require_no_link(os.path.join(mount, "brick"))


def _snapshot_of_heketi(node: "Node", found: dict) -> None:
    path = re.sub("\\A/var/run/", "/run/", found["snapmount"])
    node.require_roots(path)
    source = node.mounted_from(path)
    if source and not re.match("/dev/mapper/vg_%s-|/dev/vg_%s/" % (_ID, _ID), source):
        raise Refused("%s is mounted from %s, which is not heketi's" % (path, source))


def _snapshot_limit(node: "Node", found: dict) -> None:
    """It holds for the whole pool, and so for volumes of others."""
    if found["count"] != str(node.settings.get("snapshot_limit")):
        raise Refused("the limit of snapshots is what heketi_options have as snapshot_limit")


def _peer(node: "Node", found: dict) -> None:
    _known(node, [found["host"]])


def _bricks_on_peers(node: "Node", found: dict) -> None:
    bricks = found.get("newbrick", [])
    bricks = [bricks] if isinstance(bricks, str) else bricks
    bricks = bricks + ([found["oldbrick"]] if "oldbrick" in found else [])
    _known(node, [brick.partition(":/")[0] for brick in bricks])


def _block_hosts(node: "Node", found: dict) -> None:
    _known(node, found["blockhosts"].split(","))


def _known(node: "Node", hosts: list) -> None:
    for host in hosts:
        if host not in node.settings["peers"]:
            raise Refused(
                "%s is none of the storage nodes; add it to gluster_servers and run playbooks/heketi.yml" % host
            )


def _volume_of_heketi(node: "Node", found: dict) -> None:
    for path in node.bricks_of(found["volume"]):
        restored = node.was_restored(found["volume"])
        if restored or not re.match("-var-lib-heketi-mounts-vg_|(-var)?-run-gluster-snaps-", path):
            raise Refused("%s is a volume that heketi did not make" % found["volume"])


# What is done to fstab: by one program at a time, and in one step, so that no line of others is ever lost.


def _add_line(found: dict, text: str) -> str:
    line = "/dev/mapper/%(vg)s-%(brick)s " + MOUNTS + "/%(vg)s/%(brick)s xfs %(options)s," + SAFE_MOUNT + " 1 2\n"
    return text + ("" if text.endswith("\n") or not text else "\n") + line % found


def _remove_lines(found: dict, text: str) -> str:
    return "".join(line for line in text.splitlines(True) if found["brick"] not in line)


_DISK = (_given, _plain, _unused, _not_another_group)

#: heketi's commands, of version 9.0.0 and of 10.4.1; LVM's words go to lvm, as they come in either version.
RULES = (
    Rule("systemctl status glusterd", run="systemctl --no-pager status glusterd".split()),
    Rule("wipefs --all <disk>", *(_DISK + (_may_be_wiped,))),
    Rule("lvm pvcreate -qq --metadatasize=128M --dataalignment=<size> <disk>", *_DISK),
    Rule("lvm pvremove -qq <disk>", _plain, _removable),
    Rule("lvm pvs --reportformat json --units k"),
    Rule("lvm pvs -o pv_name,pv_uuid,vg_name --reportformat=json <device>", _plain),
    Rule("lvm vgcreate -qq --physicalextentsize=<size> --autobackup=<yn> <vg> <disk>", *_DISK),
    Rule("lvm vgdisplay -c <vg>"),
    Rule("lvm vgremove -qq <vg>"),
    Rule("lvm vgs --reportformat json --units k"),
    Rule("lvm vgs -o pv_name,pv_uuid,vg_name --reportformat=json <vg>"),
    Rule(
        "lvm lvcreate -qq --autobackup=<yn> --poolmetadatasize <meta>K --chunksize <chunk> --size <data>K "
        "--thin <vg>/<pool> --virtualsize <virtual>K --name <brick>"
    ),
    Rule("lvm lvremove --autobackup=<yn> -f <vg>/<lv>"),
    Rule("lvm lvs --noheadings --options=thin_count <vg>/<lv>"),
    Rule("lvm lvs --reportformat json --units k"),
    Rule("udevadm info --query=symlink --name=<device>", _plain),
    Rule("mkfs.xfs -i <inode> -n size=8192 " + _DEV, _volume_there),
    Rule("mkfs.xfs -i <inode> -d <stripe> -n size=8192 " + _DEV, _volume_there),
    Rule(
        ["awk", _AWK % (_DEV, _MOUNT, "<options>")], _volume_there, _mount_point, _mount_options, _own_fstab,
        run=["awk", _AWK % (_DEV, _MOUNT, "<options>," + SAFE_MOUNT)], edit=_add_line,
    ),
    Rule("sed -i.save /<brick>/d <fstab>", _own_fstab, edit=_remove_lines),
    Rule("cat <fstab>", _own_fstab),
    Rule("mount"),
    Rule(
        ["mount", "-o", "<options>", _DEV, _MOUNT], _volume_there, _mount_point, _mount_options,
        run=["mount", "-o", "<options>," + SAFE_MOUNT, _DEV, _MOUNT],
    ),
    Rule("umount " + _MOUNT, _mounts),
    Rule("umount <snapmount>", _snapshot_of_heketi),
    Rule("mkdir -p " + _MOUNT, _mount_point),
    Rule("mkdir " + _MOUNT + "/brick", _brick_folder),
    Rule("chown :<gid> " + _MOUNT + "/brick", _brick_folder),
    Rule("chmod 2775 " + _MOUNT + "/brick", _brick_folder),
    Rule("ls " + MOUNTS + "/<vg>", _mounts),
    Rule("rmdir " + MOUNTS + "/<vg>", _mounts),
    Rule("rmdir " + _MOUNT, _mount_point),
    Rule("rmdir <snapmount>", _snapshot_of_heketi),
    Rule(_GLUSTER + "peer probe <host>", _peer),
    Rule(_GLUSTER + "peer detach <host>", _peer),
    Rule(_GLUSTER + "snapshot config snap-max-hard-limit <count>", _snapshot_limit),
    Rule(_GLUSTER + "snapshot list <volume> --xml"),
    Rule(_GLUSTER + "--xml snapshot create <snapshot> <volume> no-timestamp", _volume_of_heketi),
    Rule(_GLUSTER + "--xml snapshot activate <snapshot>"),
    Rule(_GLUSTER + "--xml snapshot deactivate <snapshot>"),
    Rule(_GLUSTER + "--xml snapshot delete <snapshot>"),
    Rule(_GLUSTER + "--xml snapshot clone <clone> <snapshot>"),
    Rule(_GLUSTER + "--xml volume start <volume>", _volume_of_heketi),
    Rule(_GLUSTER + "volume create <volume>", _bricks_on_peers, repeated="newbrick"),
    Rule(_GLUSTER + "volume create <volume> replica <count>", _bricks_on_peers, repeated="newbrick"),
    Rule(_GLUSTER + "volume create <volume> replica <count> arbiter 1", _bricks_on_peers, repeated="newbrick"),
    Rule(
        _GLUSTER + "volume create <volume> disperse-data <count> redundancy <redundancy>", _bricks_on_peers,
        repeated="newbrick",
    ),
    Rule(_GLUSTER + "volume add-brick <volume>", _volume_of_heketi, _bricks_on_peers, repeated="newbrick"),
    Rule(
        _GLUSTER + "volume replace-brick <volume> <oldbrick> <newbrick> commit force", _volume_of_heketi,
        _bricks_on_peers,
    ),
    Rule(_GLUSTER + "volume set <volume> group <group>", _volume_of_heketi),
    Rule(_GLUSTER + "volume set <volume> <option> <value>", _volume_of_heketi),
    Rule(_GLUSTER + "volume start <volume>", _volume_of_heketi),
    Rule(_GLUSTER + "volume stop <volume>", _volume_of_heketi),
    Rule(_GLUSTER + "volume stop <volume> force", _volume_of_heketi),
    Rule(_GLUSTER + "volume delete <volume>", _volume_of_heketi),
    Rule(_GLUSTER + "volume rebalance <volume> start", _volume_of_heketi),
    Rule(_GLUSTER + "volume info --xml"),
    Rule(_GLUSTER + "volume info <volume> --xml"),
    Rule(_GLUSTER + "volume heal <volume> info --xml"),
    Rule(
        "gluster-block create <volume>/<block> ha <count> auth <switch> prealloc <prealloc> <blockhosts> <blocksize> "
        "--json", _volume_of_heketi, _block_hosts,
    ),
    Rule("gluster-block modify <volume>/<block> size <blocksize> --json", _volume_of_heketi),
    Rule("gluster-block delete <volume>/<block> --json", _volume_of_heketi),
    Rule("gluster-block list <volume> --json", _volume_of_heketi),
    Rule("gluster-block info <volume>/<block> --json", _volume_of_heketi),
)  # fmt: skip


class Node:
    """This machine, as far as the checks look at it."""

    def __init__(self, settings: dict) -> None:
        self.settings = settings

    def use_of(self, disk: str) -> str:
        """Return what uses a disk, "" if nothing does."""
        number = os.stat(disk).st_rdev
        name = "%d:%d" % (os.major(number), os.minor(number))
        sys_folder = "/sys/dev/block/" + name
        if name in [fields[2] for fields in _fields("/proc/self/mountinfo")]:
            return "is mounted"
        if number in [os.stat(swap).st_rdev for swap, *_more in _fields("/proc/swaps") if os.path.exists(swap)]:
            return "is swap"
        if os.listdir(sys_folder + "/holders"):
            return "is in use (by %s)" % ", ".join(sorted(os.listdir(sys_folder + "/holders")))
        if any(os.path.exists(os.path.join(sys_folder, entry, "partition")) for entry in os.listdir(sys_folder)):
            return "has partitions"
        return ""

    def is_device(self, path: str) -> bool:
        """Whether a path is that of a block device; links in /dev are udev's and root's."""
        real = os.path.realpath(path)
        return real.startswith("/dev/") and os.path.exists(real) and stat.S_ISBLK(os.stat(real).st_mode)

    def physical_volume(self, disk: str) -> tuple:
        """Return the volume group and the uuid of LVM's physical volume on a disk; both "" if it is none."""
        real = os.path.realpath(disk)
        lines = self.ask(["lvm", "pvs", "--noheadings", "--separator=|", "-o", "pv_name,vg_name,pv_uuid"]).splitlines()
        for name, group, uuid in [line.strip().split("|") for line in lines if line.count("|") == 2]:
            if os.path.realpath(name) == real:
                return group, uuid
        if "LVM2_member" in self.signatures(disk):
            raise Refused("%s is a physical volume that LVM does not show (filter or devices file)" % disk)
        return "", ""

    def signatures(self, disk: str) -> str:
        """Return what wipefs finds on a disk, "" if nothing."""
        return self.ask(["wipefs", disk]).strip()

    def ask(self, words: list) -> str:
        """Return what a program of the system's says. One that fails tells nothing, and nothing is run then."""
        done = subprocess.run(
            real_command(words), env=ENVIRONMENT, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, check=False,
        )  # fmt: skip
        if done.returncode != 0:
            raise Refused("%s failed with exit code %s, so nobody can tell" % (words[0], done.returncode))
        return done.stdout.decode("utf-8", "replace")

    def mounted_from(self, path: str) -> str:
        """Return what is mounted at a path, "" if nothing is."""
        sources = [fields[fields.index("-") + 2] for fields in _fields("/proc/self/mountinfo") if fields[4] == path]
        return sources[-1] if sources else ""

    def bricks_of(self, volume: str) -> list:
        """Return the paths of a volume's bricks as glusterd's own files have them, "-" for "/"; none if it has none."""
        bricks = [line.partition("=")[2] for line in self._info(volume) if re.match("brick-[0-9]+=", line)]
        return ["-" + brick.partition(":-")[2] for brick in bricks]

    def was_restored(self, volume: str) -> bool:
        """Whether a volume was restored from a snapshot: its bricks are then where those of heketi's clones are."""
        said = [line.partition("=")[2] for line in self._info(volume) if line.startswith("restored_from_snap=")]
        return any(uuid.strip("0-") for uuid in said)

    def _info(self, volume: str) -> list:
        path = os.path.join(self.settings["volumes"], volume, "info")
        if not os.path.exists(path):
            return []
        with open(path, encoding="utf-8", errors="replace") as lines:
            return [line.strip() for line in lines]

    def require_folder(self, path: str) -> None:
        """Refuse to work below a folder that is not there; the role makes it."""
        self.require_roots(path)
        if not os.path.isdir(path):
            raise Refused("there is no %s; run playbooks/heketi.yml" % path)
        # What a client writes may belong to any account of the node, also to the one that this is about.
        if os.stat(path).st_mode & 0o077:
            raise Refused("others than root may pass %s; run playbooks/heketi.yml" % path)

    def require_roots(self, path: str) -> None:
        """Refuse a path that others than root could lead elsewhere. What does not exist yet is nobody's."""
        for part in _ancestors(path):
            try:
                found = os.lstat(part)
            except FileNotFoundError:
                return
            if not is_roots(found):
                raise Refused("%s is a link, or others than root may change it; run playbooks/heketi.yml" % part)

    def require_no_link(self, path: str) -> None:
        """Refuse a link. Whoever owns the folder itself, its parent is root's."""
        if os.path.islink(path):
            raise Refused("%s is a link" % path)


def is_roots(found: os.stat_result) -> bool:
    """Whether only root can change what lies at a path. In a folder as /tmp, others can't take away what is root's."""
    others = found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    sticky = stat.S_ISDIR(found.st_mode) and found.st_mode & stat.S_ISVTX
    return found.st_uid == 0 and not stat.S_ISLNK(found.st_mode) and bool(not others or sticky)


def _ancestors(path: str) -> list:
    parts = path.strip("/").split("/")
    return ["/"] + ["/" + "/".join(parts[: at + 1]) for at in range(len(parts))]


def _fields(path: str) -> list:
    with open(path, encoding="utf-8", errors="replace") as lines:
        return [line.split() for line in lines if line.strip()]


def plain_words(words: list) -> list:
    """Return the words with LVM's in one form: version 9 runs pvs, version 10 /usr/sbin/lvm pvs."""
    if not words:
        raise Refused("no command was given")
    if words[0] in LVM_WORDS:
        return ["lvm"] + words
    if words[0] in ("/usr/sbin/lvm", "/usr/bin/udevadm"):
        return [os.path.basename(words[0])] + words[1:]
    if words[0] == "lvm":
        raise Refused("heketi runs /usr/sbin/lvm")
    return words


def find_rule(words: list, node: Node) -> tuple:
    """Return the rule that these words follow, and what they name; raises Refused."""
    plain = plain_words(words)
    if any(".." in word.split("/") for word in plain):
        raise Refused("a path has .. in it")
    for rule in RULES:
        found = rule.match(plain)
        if found is not None:
            for check in rule.checks:
                check(node, found)
            return rule, found
    raise Refused("it is none of heketi's commands")


def judge(words: list, node: Node) -> list:
    """Return the command that may be run for these words; raises Refused."""
    rule, found = find_rule(words, node)
    return rule.command(found)


def real_command(words: list) -> list:
    """Return the words with the program's own path, in the system's folders."""
    for folder in FOLDERS:
        path = os.path.join(folder, words[0])
        if os.access(path, os.X_OK):
            return [path] + words[1:]
    raise Refused("there is no program %s on this node" % words[0])


def read_settings(path: str) -> dict:
    """Return what the role wrote; whoever else could have written it is not believed."""
    with open(path, encoding="utf-8") as text:
        if not is_roots(os.fstat(text.fileno())):
            raise Refused("%s can be changed by others than root" % path)
        return json.load(text)


def check_links(node: Node) -> None:
    """Print a line for each link of heketi's way: its name and "ok", or what is wrong."""
    print("sudo ok")
    state = _said(["systemctl", "is-active", "glusterd"])
    print("glusterd " + ("ok" if state == "active" else state or "failed"))
    print("lvm " + (_missing("lvm", "mkfs.xfs") or _failure(["lvm", "lvs", "--reportformat", "json", "--units", "k"])))
    print("thin_check " + (_missing("thin_check") or "ok"))
    print("modules " + _modules(node.settings["modules"]))


def _said(words: list) -> str:
    done = subprocess.run(
        real_command(words), env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, check=False,
    )  # fmt: skip
    return done.stdout.decode("utf-8", "replace").strip()


def _failure(words: list) -> str:
    code = subprocess.call(real_command(words), env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return "ok" if code == 0 else "%s failed with exit code %s" % (" ".join(words), code)


def _missing(*programs: str) -> str:
    for program in programs:
        try:
            real_command([program])
        except Refused:
            return program + ": not found"
    return ""


def _modules(names: list) -> str:
    lines = [line for file in _configured_modules() for line in _fields(file)]
    for name in names:
        if not os.path.isdir("/sys/module/" + name):
            return name + " is not loaded"
        if [name] not in lines:
            return name + " is not loaded at boot"
    return "ok"


def _configured_modules() -> list:
    folder = "/etc/modules-load.d"
    return [os.path.join(folder, name) for name in sorted(os.listdir(folder)) if name.endswith(".conf")]


def refuse(words: list, error: Exception) -> int:
    """Say in one line why nothing is run, to heketi and to the system's log."""
    shown = " ".join(shlex.quote(word) for word in words).encode("unicode_escape").decode()[:300]
    text = "heketi's account may not run this as root: %s: %s" % (shown, error)
    syslog.openlog("brickwork-heketi-node", 0, syslog.LOG_AUTHPRIV)
    syslog.syslog(syslog.LOG_WARNING, text)
    sys.stderr.write(text + "\n")
    return 126


def lift_limits() -> None:
    """Lift what the caller has set, before anything is asked: a program that is cut off would tell nothing."""
    os.umask(0o022)
    os.chdir("/")
    for limit in LIMITS:
        resource.setrlimit(limit, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    files, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(files, OPEN_FILES), max(most, OPEN_FILES)))


def take_place(command: list) -> None:
    """Have the real program in this one's place; does not return."""
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    # Python ignores it, and what is run would, too.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    os.execve(command[0], command, ENVIRONMENT)


def edit_fstab(path: str, change, lock: str = LOCK) -> None:
    """Put a changed fstab in place in one step; what was there before is beside it."""
    with open(lock, "a", encoding="utf-8") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        status = os.stat(path)
        with open(path, encoding="utf-8", errors="surrogateescape") as text:
            before = text.read()
        after = change(before)
        if after != before:
            _put(path + ".save", before, status)
            _put(path, after, status)


def _put(path: str, text: str, like: os.stat_result) -> None:
    handle, new = tempfile.mkstemp(prefix=".brickwork-", dir=os.path.dirname(path))
    with os.fdopen(handle, "w", encoding="utf-8", errors="surrogateescape") as stream:
        os.fchown(stream.fileno(), like.st_uid, like.st_gid)
        os.fchmod(stream.fileno(), stat.S_IMODE(like.st_mode))
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(new, path)
    # Without it a line that was taken out may be there again after a power cut, and keep the node from booting.
    folder = os.open(os.path.dirname(path), os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def main(words: list):
    try:
        lift_limits()
        node = Node(read_settings(CONFIGURATION))
        if words == [CHECK]:
            return check_links(node)
        rule, found = find_rule(words, node)
        if rule.edit:
            return edit_fstab(found["fstab"], lambda text: rule.edit(found, text))
        return take_place(real_command(rule.command(found)))
    except (Refused, OSError, ValueError) as error:
        return refuse(words, error)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
