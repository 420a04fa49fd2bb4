# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host with disks in memory that answers LVM, mkfs, mount and blkid.

C(cut_after) ends the run after so many changes, as a power cut would.
"""

import errno
import json
import re

from ansible_collections.brickwork.gluster.plugins.module_utils.command import NOT_FOUND, Result
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.marks import Mark
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.boot_order import BOOT_FILES
from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import EXTENT, MIB

OK = Result(0, "", "")
_READING = (
    "lsblk", "findmnt", "pvs", "lvs", "blkid", "thin_check", "hostname", "gluster", "systemctl", "matchpathcon",
    "journalctl",
)  # fmt: skip


class PowerCut(Exception):
    """The host went away in the middle."""


class FakeHost:
    """Disks by path with their sizes in bytes; also stands in for HostFiles and BrickDirectories."""

    fstab = "/etc/fstab"

    def __init__(self, disks, tools=True):
        self.disks = dict(disks)
        self.tools = tools
        self.signatures = {}
        self.partitions = {}
        self.links = {}
        self.physicals = {}
        self.groups = {}
        self.volumes = {}
        self.mounted = {}
        self.folders = {"/": []}
        self.marks = {}
        self.texts = {
            "/etc/machine-id": "0123456789abcdef\n",
            "/etc/fstab": "# a comment\n/dev/ubda / ext4 defaults 0 1\n",
            # What orders glusterd is there from an earlier run, so that most tests need not speak of it.
            **BOOT_FILES,
        }
        self.inactive = set()
        #: Physical volumes that LVM does not show, and by device what pvcreate says of one that LVM does not take.
        self.hidden = set()
        self.rejected = {}
        #: SELinux: the policy's rules (mount point -> type), and the contexts of files.
        self.label_rules = {}
        self.labels = {}
        #: Whether a volume that becomes active is mounted at once, where fstab names it.
        self.systemd_mounts = False
        #: How often mkfs finds that somebody else uses the device.
        self.busy = 0
        self.cut_after = None
        self.changes = []
        #: All commands, also those that only read.
        self.ran = []

    def run(self, argv, timeout):
        self.ran.append(list(argv))
        name = argv[0].replace(".", "_")
        reading = argv[0] in _READING or argv[1:2] in (["-V"], ["--version"], ["--test"])
        if not self.tools and argv[0] in ("pvs", "pvcreate", "thin_check", "mkfs.xfs"):
            return Result(NOT_FOUND, "", "")
        if argv[0] not in ("gluster", "systemctl") and argv[1:2] in (["-V"], ["--version"]):
            return OK
        if not reading:
            self._change(" ".join(argv))
        return getattr(self, "_" + name)(list(argv[1:]))

    def _change(self, what):
        if self.cut_after is not None and len(self.changes) >= self.cut_after:
            raise PowerCut(what)
        self.changes.append(what)

    # What a HostFiles does

    def read(self, path):
        return self.texts.get(path, "")

    def replace(self, path, text, mode=None):
        self._change("write " + path)
        self.texts[path] = text

    def exists(self, path):
        return path in self.texts

    def label(self, path):
        return self.labels.get(path, "")

    def real_path(self, path):
        path = self.links.get(path, path)
        nodes = {node: "/dev/" + name for name in self.volumes for node in ("/dev/" + name, _mapper(name))}
        return path if path in self.disks else nodes.get(path)

    def is_empty(self, path):
        if path in self.mounted:
            return not self.volumes.get(self.mounted[path], {}).get("content")
        return not self.folders.get(path)

    def is_directory(self, path):
        mount = path.rpartition("/")[0]
        if mount in self.mounted:
            return path.rpartition("/")[2] in self.volumes.get(self.mounted[mount], {}).get("content", [])
        return path in self.folders

    # What the commands do

    def _gluster(self, argv):
        return Result(NOT_FOUND, "", "")

    def _journalctl(self, argv):
        return Result(1, "", "")

    def _hostname(self, argv):
        return Result(0, "host1\n", "")

    def _lsblk(self, argv):
        lines = [self._lsblk_line(path, "", "disk", size) for path, size in sorted(self.disks.items())]
        for disk, names in self.partitions.items():
            lines += [self._lsblk_line(name, disk, "part", 1) for name in names]
        for name, volume in sorted(self.volumes.items()):
            disk = next(path for path, pv in self.physicals.items() if pv["group"] == volume["group"])
            lines.append(self._lsblk_line(_mapper(name), disk, "lvm", 1).replace(_mapper(name), "/dev/" + name, 1))
        return Result(0, "".join(lines), "")

    def _lsblk_line(self, path, parent, kind, size):
        line = 'NAME="%s" KNAME="%s" PKNAME="%s" TYPE="%s" SIZE="%s" RO="0" MOUNTPOINT=""\n'
        return line % (path, path, parent, kind, size)

    def _findmnt(self, argv):
        lines = ['SOURCE="/dev/ubda" TARGET="/" FSTYPE="ext4" UUID="root"\n']
        for target, volume in self.mounted.items():
            line = 'SOURCE="%s" TARGET="%s" FSTYPE="xfs" UUID="%s"\n'
            known = volume in self.volumes
            lines.append(line % (_mapper(volume), target, self.volumes[volume]["uuid"] if known else "other"))
        return Result(0, "".join(lines), "")

    def _blkid(self, argv):
        """One device as it is; of several those on which something is, each with its name."""
        found = [(path, self._signature(path)) for path in argv[3:]]
        if len(found) == 1:
            return found[0][1]
        told = ["DEVNAME=%s\n%s" % (path, result.stdout) for path, result in found if result.rc == 0]
        return Result(found[-1][1].rc, "\n".join(told), found[-1][1].stderr)

    def _signature(self, given):
        path = self.links.get(given, given)
        if path[5:] in self.inactive:
            return Result(2, "", "no such device")
        if path in self.physicals:
            return Result(0, "UUID=%s\nTYPE=LVM2_member\n" % self.physicals[path]["uuid"], "")
        if path[5:] in self.volumes:
            volume = self.volumes[path[5:]]
            found = volume["filesystem"]
            return Result(0, "UUID=%s\nTYPE=%s\n" % (volume["uuid"], found), "") if found else Result(2, "", "")
        found = self.signatures.get(path, "")
        if not found:
            return Result(2, "", "")
        return Result(0, ("PTTYPE=dos\n" if found == "dos" else "TYPE=%s\n" % found), "")

    def _pvs(self, argv):
        rows = [
            {
                "pv_name": path,
                "pv_uuid": pv["uuid"],
                "vg_name": pv["group"],
                "vg_tags": ",".join(self.groups[pv["group"]]["tags"]) if pv["group"] else "",
                "vg_free": str(self._free(pv["group"])) if pv["group"] else "",
            }
            for path, pv in sorted(self.physicals.items())
            if path not in self.hidden
        ]
        return Result(0, json.dumps({"report": [{"pv": rows}]}), "")

    def _free(self, group):
        used = sum(
            lv["size"] + lv["metadata"] for lv in self.volumes.values() if lv["group"] == group and not lv["pool"]
        )
        spare = max([lv["metadata"] for lv in self.volumes.values() if lv["group"] == group] or [0])
        return self.groups[group]["size"] - used - spare

    def _lvs(self, argv):
        rows = [
            {
                "lv_name": name.partition("/")[2],
                "vg_name": lv["group"],
                "lv_size": str(lv["size"]),
                "lv_tags": ",".join(sorted(lv["tags"])),
                "pool_lv": lv["pool"],
                "lv_metadata_size": str(lv["metadata"] or ""),
                "data_percent": "1.5",
                "metadata_percent": "",
                "lv_active": "" if name in self.inactive else "active",
            }
            for name, lv in sorted(self.volumes.items())
            if not any(self.physicals[path]["group"] == lv["group"] for path in self.hidden)
        ]
        return Result(0, json.dumps({"report": [{"lv": rows}]}), "")

    def _wipefs(self, argv):
        self.signatures.pop(self.links.get(argv[-1], argv[-1]), None)
        self.physicals.pop(self.links.get(argv[-1], argv[-1]), None)
        return OK

    def _pvcreate(self, argv):
        path = self.links.get(argv[-1], argv[-1])
        if path in self.rejected:
            return Result(5, "", "  Cannot use %s: %s\n" % (argv[-1], self.rejected[path]))
        if argv[0] == "--test":
            return self._test_pvcreate(path)
        if path in self.signatures or path in self.physicals:
            return Result(5, "", "%s holds something" % path)
        self.physicals[path] = {"uuid": argv[1], "group": ""}
        return OK

    def _test_pvcreate(self, path):
        said = "  TEST MODE: Metadata will NOT be updated and volumes will not be (de)activated.\n"
        if path in self.signatures:
            said += "WARNING: ext4 signature detected on %s at offset 1080. Wipe it? [y/n]: [n]\n" % path
            said += "  Aborted wiping of ext4.\n  1 existing signature left on the device.\n"
            return Result(5, "", said)
        return Result(0, "", said)

    def _vgcreate(self, argv):
        path = self.links.get(argv[-1], argv[-1])
        self.physicals[path]["group"] = argv[2]
        self.groups[argv[2]] = {"tags": [argv[1]], "size": (self.disks[path] - MIB) // EXTENT * EXTENT}
        return OK

    def _lvcreate(self, argv):
        options = dict(zip(argv[:-1:2], argv[1:-1:2]))
        group = argv[-1]
        size = _bytes(options.get("--size") or options.get("--virtualsize"))
        metadata = _bytes(options.get("--poolmetadatasize", "0b"))
        if "--size" in options and size + 2 * metadata > self._free(group):
            return Result(5, "", "insufficient free space")
        self.volumes["%s/%s" % (group, options["--name"])] = {
            "group": group,
            "size": size,
            "tags": {options["--addtag"]} if "--addtag" in options else set(),
            "pool": options.get("--thinpool", ""),
            "metadata": metadata,
            "filesystem": "",
            "uuid": "",
            "content": [],
        }
        return OK

    def _lvchange(self, argv):
        if argv[0] == "--activate":
            self.inactive.discard(argv[2])
            if self.systemd_mounts:
                self._mount(["/srv/gluster/" + argv[2].partition("brick_")[2]])
            return OK
        tags = self.volumes[argv[2]]["tags"]
        tags.add(argv[1]) if argv[0] == "--addtag" else tags.discard(argv[1])
        return OK

    def _lvextend(self, argv):
        key = "size" if argv[0] == "--size" else "metadata"
        self.volumes[argv[2]][key] = _bytes(argv[1])
        return OK

    def _lvremove(self, argv):
        group, _slash, pool = argv[-1].partition("/")
        for name in [name for name, lv in self.volumes.items() if lv["group"] == group and pool in (name, lv["pool"])]:
            del self.volumes[name]
        self.volumes.pop(argv[-1], None)
        self.inactive &= set(self.volumes)
        return OK

    def _mkfs_xfs(self, argv):
        if argv[-1][5:] in self.inactive:
            return Result(1, "", "Error accessing specified device %s: No such file or directory" % argv[-1])
        volume = self.volumes[argv[-1][5:]]
        if self.busy:
            self.busy -= 1
            return Result(1, "", "mkfs.xfs: cannot open %s: Device or resource busy" % argv[-1])
        volume.update(filesystem="xfs", uuid=re.search("uuid=([^ ]+)", " ".join(argv)).group(1), content=[])
        volume["filesystem_size"] = volume["size"]
        return OK

    def _xfs_growfs(self, argv):
        volume = self.volumes[self.mounted[argv[0]]]
        volume["filesystem_size"] = volume["size"]
        return OK

    def _mkdir(self, argv):
        mount, _slash, name = argv[-1].rpartition("/")
        if mount in self.mounted:
            self.volumes[self.mounted[mount]]["content"].append(name)
        else:
            self.folders.setdefault(argv[-1], [])
        return OK

    def _systemctl(self, argv):
        return OK

    def _matchpathcon(self, argv):
        return Result(0, "".join("%s\n" % _context(self._type_for(path)) for path in argv[1:]), "")

    def _type_for(self, path):
        return next((kind for mount, kind in self.label_rules.items() if path.startswith(mount)), "default_t")

    def _semanage(self, argv):
        self.label_rules[argv[-1].replace("(/.*)?", "")] = argv[-2]
        return OK

    def _restorecon(self, argv):
        self.labels.update({path: _context(self._type_for(path)) for path in argv})
        return OK

    def _mount(self, argv):
        line = next((line for line in self.texts[self.fstab].splitlines() if line.split()[1:2] == argv[:1]), None)
        source = line.split()[0] if line else ""
        # By uuid, mount takes any of those that have it: a snapshot as well, and LVM shows the newest first.
        found = [name for name, lv in self.volumes.items() if source in ("/dev/" + name, "UUID=%s" % lv["uuid"])][::-1]
        if line and not found and "nofail" in line:
            return OK
        if not found or argv[0] not in self.folders or found[0] in self.inactive:
            return Result(32, "", "can't find %s" % argv[0])
        if argv[0] in self.mounted:
            return Result(32, "", "%s already mounted on %s" % (found[0], argv[0]))
        self.mounted[argv[0]] = found[0]
        return OK

    def _umount(self, argv):
        del self.mounted[argv[0]]
        return OK


class FakeDirectories:
    """Marks of brick directories; path -> Mark. Those that are dead answer EIO, as on a disk that failed."""

    def __init__(self):
        self.marks = {}
        self.dead = set()
        #: Directories with files from which somebody has taken the mark.
        self.unmarked = set()

    def read(self, path):
        if path in self.dead:
            raise OSError(errno.EIO, "Input/output error")
        return self.marks.get(path)

    def set(self, path, volume_id):
        self.marks[path] = Mark(path, volume_id, True)

    def clear(self, path):
        del self.marks[path]

    def is_pristine(self, path):
        return path not in self.unmarked and (path not in self.marks or self.marks[path].pristine)


def _context(kind):
    return "system_u:object_r:%s:s0" % kind


def _mapper(volume):
    group, _slash, name = volume.partition("/")
    return "/dev/mapper/%s-%s" % (group.replace("-", "--"), name.replace("-", "--"))


def _bytes(text):
    assert text.endswith("b"), text
    return int(text[:-1])
