# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads disks, LVM, mounts and brick directories of this node. PRIVATE to the collection."""

import errno
import os
import socket
from typing import Dict, List, Optional, Sequence, Tuple

from ansible_collections.brickwork.gluster.plugins.module_utils.command import (
    COMMAND_TIMEOUT,
    NOT_FOUND,
    CommandRunner,
    Commands,
    Runner,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.files import TextFiles
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster import answers as gluster_answers
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.marks import BrickDirectories
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import NEVER_STARTED, Volume
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm import answers
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.boot_order import BOOT_FILES
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.labels import is_enabled, type_of
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.records import (
    BrickPlace,
    Device,
    FileSystem,
    LogicalVolume,
    Mount,
    ObservedHost,
    PhysicalVolume,
    brick_name,
)

TOOLS = ("pvs", "thin_check", "mkfs.xfs")
#: Seconds for a tool to say its version.
PROBE_TIMEOUT = 10

_LSBLK = ["lsblk", "-P", "-b", "-p", "-o", "NAME,KNAME,PKNAME,TYPE,SIZE,RO,MOUNTPOINT"]
_FINDMNT = ["findmnt", "-P", "-o", "SOURCE,TARGET,FSTYPE,UUID"]
#: Looks at the device itself: udev's database may be older than what is on it.
_BLKID = ("blkid", "-p", "-o", "export")
_REPORT = ["--reportformat", "json", "--units", "b", "--nosuffix", "-o"]
_PVS = ["pvs"] + _REPORT + ["pv_name,pv_uuid,vg_name,vg_tags,vg_free"]
_LVS = (
    ["lvs"]
    + _REPORT
    + ["lv_name,vg_name,lv_size,lv_tags,pool_lv,lv_metadata_size,data_percent,metadata_percent,lv_active"]
)


class HostFiles(TextFiles):
    """The few files and directories that planning needs, and the one that is written."""

    fstab = "/etc/fstab"

    def real_path(self, path: str) -> Optional[str]:
        """Return the kernel's name for a device, or None if there is no such device."""
        return os.path.realpath(path) if os.path.exists(path) else None

    def is_empty(self, path: str) -> bool:
        """Whether a directory holds nothing, or does not exist."""
        return not os.path.isdir(path) or not os.listdir(path)

    def is_directory(self, path: str) -> bool:
        """Whether there is a directory."""
        return os.path.isdir(path)

    def label(self, path: str) -> str:
        """Return SELinux's context of a file, "" where there is none."""
        try:
            return os.getxattr(path, "security.selinux").decode("utf-8", "replace")
        except OSError as error:
            if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ENODATA, errno.ENOTSUP):
                return ""
            raise


class BrickHost:
    """This node, as far as its bricks go."""

    def __init__(
        self,
        runner: Runner,
        gluster: Gluster,
        files: Optional[HostFiles] = None,
        directories: Optional[BrickDirectories] = None,
        host: Optional[str] = None,
        timeout: int = COMMAND_TIMEOUT,
    ) -> None:
        self.commands = Commands(runner, timeout)
        self._probes = Commands(runner, PROBE_TIMEOUT)
        self._gluster = gluster
        self.files = files or HostFiles()
        self.directories = directories or BrickDirectories()
        self.name = host or socket.gethostname()

    def observe(self, devices: Sequence[str], bricks: Sequence[Tuple[str, str]]) -> ObservedHost:
        """Return the ObservedHost; devices are the users' names for disks, bricks are (mount, directory) pairs."""
        blocks = answers.parse_pairs(self.commands.run(_LSBLK, "reading the disks"))
        mounts = self._mounts()
        physicals, logicals = self._lvm()
        uuid, volumes, used = self._volumes()
        return ObservedHost(
            host=self.name,
            uuid=uuid,
            machine_id=self.files.read("/etc/machine-id").strip(),
            boot_files={path: self.files.read(path) for path in BOOT_FILES},
            selinux_rules=self.selinux_rules([directory for _mount, directory in bricks]),
            boot_id=self.files.read("/proc/sys/kernel/random/boot_id").strip(),
            devices={given: self._device(given, blocks, mounts, physicals) for given in devices},
            physicals=physicals,
            logicals=logicals,
            mounts=mounts,
            fstab=self.files.read(self.files.fstab),
            places={directory: self.place(mount, directory) for mount, directory in bricks},
            filesystems=self._probe_all([lv.path for lv in logicals if brick_name(lv.name) and lv.active]),
            volume_ids=None if volumes is None else {volume.volume_id: volume.name for volume in volumes},
            used_paths={path: volume.name for path, volume in used.items()},
            unstarted={path: volume.volume_id for path, volume in used.items() if volume.status == NEVER_STARTED},
            disks=tuple(block["NAME"] for block in blocks if block["TYPE"] == "disk"),
            missing_tools=self._missing_tools(),
        )

    def selinux_rules(self, directories: Sequence[str]) -> Optional[Dict[str, str]]:
        """Return which type the policy has for each brick directory, None where the node has no SELinux."""
        if not is_enabled(self.files):
            return None
        if not directories:
            return {}
        said = self.commands.run(["matchpathcon", "-n"] + list(directories), "reading SELinux's policy")
        return {path: type_of(context) for path, context in zip(directories, said.splitlines())}

    def _mounts(self) -> Tuple[Mount, ...]:
        return answers.parse_mounts(self.commands.run(_FINDMNT, "reading the mounts"))

    def _lvm(self) -> Tuple[Tuple[PhysicalVolume, ...], Tuple[LogicalVolume, ...]]:
        if self.commands.answer(["pvs", "--version"]).rc == NOT_FOUND:
            return (), ()
        physicals = answers.parse_physicals(self.commands.run(_PVS, "reading the physical volumes"))
        return physicals, answers.parse_logicals(self.commands.run(_LVS, "reading the logical volumes"))

    def _missing_tools(self) -> Tuple[str, ...]:
        probes = [(tool, self._probes.answer([tool, "-V" if tool != "pvs" else "--version"])) for tool in TOOLS]
        return tuple(tool for tool, result in probes if result.rc == NOT_FOUND)

    def _volumes(self) -> Tuple[str, Optional[List[Volume]], Dict[str, Volume]]:
        """Return the node's uuid, all volumes, and whose each brick directory is; None where nobody can be asked."""
        try:
            local = self._gluster.pool().local
            volumes = self._gluster.volumes()
        except gluster_answers.GlusterError:
            return "", None, {}
        used = {brick.path: volume for volume in volumes for brick in volume.bricks if brick.host_uuid == local.uuid}
        return local.uuid, volumes, used

    def _device(
        self, given: str, blocks: Sequence[Dict[str, str]], mounts: Sequence[Mount], physicals: Sequence[PhysicalVolume]
    ) -> Optional[Device]:
        path = self.files.real_path(given)
        block = next((block for block in blocks if path in (block["NAME"], block["KNAME"])), None)
        if path is None or block is None:
            return None
        physical = next((pv for pv in physicals if self.files.real_path(pv.path) in (path, block["KNAME"])), None)
        found = FileSystem() if physical else self._probe(path)
        device = Device(
            given=given,
            path=path,
            size=int(block["SIZE"]),
            signature=found.kind,
            signature_uuid=found.uuid,
            children=_children(block, blocks),
            mounts=tuple(mount.target for mount in mounts if self.files.real_path(mount.source) == path),
            physical=physical,
            read_only=block["RO"] == "1",
            is_logical=block["TYPE"] == "lvm",
        )
        return device if physical else device._replace(rejection=self._rejection(device))

    def _probe_all(self, paths: Sequence[str]) -> Dict[str, FileSystem]:
        """Return what is on each device: one command for all, and one more for each that it does not tell of."""
        told = answers.parse_probes(self.commands.answer(_BLKID + tuple(paths))) if len(paths) > 1 else {}
        return {path: told.get(path) or self._probe(path) for path in paths}

    def _probe(self, path: str) -> FileSystem:
        return answers.parse_probe(self.commands.answer((*_BLKID, path)))

    def _rejection(self, device: Device) -> str:
        # LVM's own judgement of filters, devices file and kinds of devices. In test mode it writes nothing, and with
        # -qq it answers its own question whether to wipe something with no.
        return answers.parse_rejection(
            self.commands.answer(["pvcreate", "--test", "-qq", device.path]), device.signature
        )

    def place(self, mount: str, directory: str) -> BrickPlace:
        """Return the BrickPlace of one brick, also of one whose disk is dead."""
        try:
            mark = self.directories.read(directory)
            return BrickPlace(
                mount_is_empty=self.files.is_empty(mount),
                directory_exists=self.files.is_directory(directory),
                directory_is_pristine=mark.pristine if mark else self.directories.is_pristine(directory),
                mark=mark,
                selinux_type=type_of(self.files.label(directory)),
            )
        except OSError as error:
            return BrickPlace(
                False, False, False, None, problem=os.strerror(error.errno) if error.errno else str(error)
            )

    def is_mounted(self, device: str, target: str) -> bool:
        """Whether what is seen at a mount point now is the file system of that device."""
        sources = [mount.source for mount in self._mounts() if mount.target == target]
        return bool(sources) and self.files.real_path(sources[-1]) == self.files.real_path(device)


def _children(block: Dict[str, str], blocks: Sequence[Dict[str, str]]) -> Tuple[str, ...]:
    """Return what stands on a block device, each once: one on several disks is listed under each."""
    names = {block["NAME"], block["KNAME"]}
    return tuple(dict.fromkeys(child["NAME"] for child in blocks if child["PKNAME"] in names))


def local_host(timeout: int) -> BrickHost:
    """Return the BrickHost of the node that this runs on; timeout is in seconds, for one command."""
    runner = CommandRunner()
    return BrickHost(runner, Gluster(runner, timeout), timeout=timeout)
