# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What bricks stand on, as observed on one host. Immutable; sizes in bytes. PRIVATE to the collection."""

import hashlib
import uuid
from typing import Callable, Collection, Dict, Iterable, List, NamedTuple, Optional, Tuple, TypeVar

from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.marks import Mark
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm import fstab
from ansible_collections.brickwork.gluster.plugins.module_utils.once import MadeOnce
from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import DEFAULT_ALIGNMENT

Item = TypeVar("Item")
Key = TypeVar("Key")

#: Tag of the volume groups that are ours. Others are never touched.
OUR_TAG = "brickwork"
#: Our thin pools bear this, from before they are pools.
POOL_TAG = "brickwork_pool"
#: A brick's logical volume bears this from its making until its file system is whole.
NEW_TAG = "brickwork_new"
#: ... and this while it grows, until its file system has grown, too.
GROWING_TAG = "brickwork_growing"
#: What blkid calls a physical volume.
PHYSICAL_SIGNATURE = "LVM2_member"
#: How the uuids of our physical volumes begin, so that one without a volume group can be told from anybody's.
OUR_PV = "brickw-"


class PhysicalVolume(NamedTuple):
    """A PV and its volume group (group "" where it has none)."""

    path: str
    uuid: str
    group: str
    group_tags: Tuple[str, ...]
    group_free: int

    @property
    def is_ours(self) -> bool:
        """Whether this collection made it."""
        return OUR_TAG in self.group_tags if self.group else self.uuid.startswith(OUR_PV)


class LogicalVolume(NamedTuple):
    """An LV; pool is the thin pool it lives in, the percentages are a pool's own. Only an active one can be read."""

    name: str
    group: str
    size: int
    tags: Tuple[str, ...] = ()
    pool: str = ""
    metadata_size: int = 0
    data_percent: Optional[float] = None
    metadata_percent: Optional[float] = None
    active: bool = True

    @property
    def is_pool(self) -> bool:
        """Whether it is a thin pool."""
        return bool(self.metadata_size)

    @property
    def is_half_made(self) -> bool:
        """Whether it was to be one of our pools and is none: what a lvcreate that was cut off leaves, never used."""
        return POOL_TAG in self.tags and not self.is_pool

    @property
    def path(self) -> str:
        """Its device node, while it is active."""
        return "/dev/%s/%s" % (self.group, self.name)

    @property
    def mapper_path(self) -> str:
        """The same node by device-mapper's name, as findmnt and /proc/mounts show it."""
        return "/dev/mapper/%s-%s" % tuple(name.replace("-", "--") for name in (self.group, self.name))

    @property
    def vg_path(self) -> str:
        """Its name for LVM's commands."""
        return "%s/%s" % (self.group, self.name)


class Mount(NamedTuple):
    """A mounted file system. uuid is the file system's."""

    source: str
    target: str
    kind: str
    uuid: str


class FileSystem(NamedTuple):
    """What a probe of a device found: its type ("xfs", "dos partition table"), and its uuid; "" for nothing."""

    kind: str = ""
    uuid: str = ""


class Device(NamedTuple):
    """A disk that bricks may stand on. given is the user's name for it, path the kernel's.

    signature: what a probe of the raw device found ("xfs", "dos partition table"), "" for nothing.
    signature_uuid: the uuid in it, if it has one.
    children: what stands on it (partitions, RAID, encryption, logical volumes).
    physical: the physical volume that LVM shows on it. Without one, rejection is why LVM takes no such device, "" where
    LVM would take it, or is not there to be asked.
    """

    given: str
    path: str
    size: int
    signature: str = ""
    children: Tuple[str, ...] = ()
    mounts: Tuple[str, ...] = ()
    physical: Optional[PhysicalVolume] = None
    read_only: bool = False
    is_logical: bool = False
    signature_uuid: str = ""
    rejection: str = ""

    @property
    def is_hidden_physical(self) -> bool:
        """Whether it bears the label of a physical volume that LVM does not show."""
        return self.physical is None and PHYSICAL_SIGNATURE in self.signature


class BrickPlace(NamedTuple):
    """What is on the path of one brick: the mount point's own content while nothing is mounted, and the directory."""

    mount_is_empty: bool
    directory_exists: bool
    directory_is_pristine: bool
    mark: Optional[Mark]
    #: Why it can't be read, as the system says it: "Input/output error" of a disk that is dead.
    problem: str = ""
    #: SELinux's type of the directory, "" where there is none.
    selinux_type: str = ""


class DesiredDevice(NamedTuple):
    """How a device is to be used. alignment in bytes: one full stripe of a RAID.

    overwrite: leave to wipe what a probe finds on it; never what is mounted or in use.
    """

    path: str
    alignment: int = DEFAULT_ALIGNMENT
    overwrite: bool = False


class DesiredBrick(NamedTuple):
    """A brick as it is desired: size in bytes, mount is the mount point, directory lies inside it."""

    name: str
    device: Optional[DesiredDevice]
    size: int
    mount: str
    directory: str
    present: bool = True

    @property
    def disk(self) -> DesiredDevice:
        """The device of a brick that is to be there; check_desired() refuses one without."""
        if self.device is None:
            raise AssertionError("a brick without a device was not refused")
        return self.device


class DesiredHost(NamedTuple):
    """All bricks that a call is about."""

    bricks: Tuple[DesiredBrick, ...]
    mount_options: str = "noatime,inode64"


class _HostFields(NamedTuple):
    """What ObservedHost is made of.

    volume_ids: id -> name of the volumes that exist in the pool, None where glusterd could not be asked.
    used_paths: brick directory -> volume, of this host. filesystems: path of an active LV -> what it holds.
    unstarted: brick directory of this host -> id of its volume, for volumes that were never started.
    """

    host: str
    machine_id: str
    devices: Dict[str, Optional[Device]]
    physicals: Tuple[PhysicalVolume, ...] = ()
    logicals: Tuple[LogicalVolume, ...] = ()
    mounts: Tuple[Mount, ...] = ()
    fstab: str = ""
    places: Dict[str, BrickPlace] = {}
    filesystems: Dict[str, FileSystem] = {}
    volume_ids: Optional[Dict[str, str]] = None
    used_paths: Dict[str, str] = {}
    unstarted: Dict[str, str] = {}
    disks: Tuple[str, ...] = ()
    missing_tools: Tuple[str, ...] = ()
    #: Another one after each boot: what tells a new physical volume from one that an older system of this machine made.
    boot_id: str = ""
    #: By which the pool knows this node, "" where glusterd could not be asked.
    uuid: str = ""
    #: By path, what orders glusterd after the bricks at boot (boot_order).
    boot_files: Dict[str, str] = {}
    #: Brick directory -> the type that SELinux's policy has for it; None where the node has no SELinux.
    selinux_rules: Optional[Dict[str, str]] = None


class ObservedHost(_HostFields):
    """All that planning needs to know of one host."""

    @MadeOnce
    def _our_logicals(self) -> Dict[str, LogicalVolume]:
        """Of two with one name, as where a disk comes back that was given up, the one that is mounted is the brick."""
        ours = {physical.group for physical in self.physicals if physical.is_ours}
        at_mounts = [self.logical_at(mount.source) for mount in self.mounts]
        mounted = {found.vg_path for found in at_mounts if found}
        found = [lv for lv in reversed(self.logicals) if lv.group in ours]
        return {lv.name: lv for lv in sorted(found, key=lambda lv: lv.vg_path in mounted)}

    @MadeOnce
    def _seen_mounts(self) -> Dict[str, Mount]:
        return {mount.target: mount for mount in self.mounts}

    @MadeOnce
    def _fstab_entries(self) -> Dict[str, List[fstab.Entry]]:
        return grouped(fstab.entries(self.fstab), lambda entry: entry.target)

    @MadeOnce
    def _names_of_disks(self) -> Dict[str, List[str]]:
        named = [given for given, device in self.devices.items() if device]
        return grouped(named, lambda given: self.devices[given].path)  # type: ignore[union-attr]

    @MadeOnce
    def _volumes_by_pool(self) -> Dict[Tuple[str, str], List[LogicalVolume]]:
        return grouped(self.logicals, lambda lv: (lv.group, lv.pool))

    @MadeOnce
    def _logicals_by_source(self) -> Dict[str, LogicalVolume]:
        return {source: lv for lv in reversed(self.logicals) for source in (lv.path, lv.mapper_path)}

    def logical(self, name: str) -> Optional[LogicalVolume]:
        """Return the logical volume of that name in one of our groups, or None."""
        return self._our_logicals.get(name)

    def logical_at(self, source: str) -> Optional[LogicalVolume]:
        """Return the logical volume with that path, by one of its two names; None for what is none."""
        return self._logicals_by_source.get(source)

    def mount_at(self, target: str) -> Optional[Mount]:
        """Return what is mounted there, or None. The last mount is the one that is seen."""
        return self._seen_mounts.get(target)

    def fstab_entries(self, target: str) -> List[fstab.Entry]:
        """Return the entries of fstab for a mount point."""
        return self._fstab_entries.get(target, [])

    def device(self, desired: DesiredDevice) -> Device:
        """Return the disk that is meant; refuse_device() refuses one that is not there."""
        found = self.devices[desired.path]
        if found is None:
            raise AssertionError("a device that is not there was not refused")
        return found

    def names_of(self, device: Device) -> List[str]:
        """Return all names that the user has given to a disk."""
        return self._names_of_disks.get(device.path, [])

    def volumes_in(self, pool: LogicalVolume) -> List[LogicalVolume]:
        """Return the logical volumes in a thin pool."""
        return self._volumes_by_pool.get((pool.group, pool.name), [])

    def logical_below(self, path: str) -> Optional[LogicalVolume]:
        """Return the logical volume whose file system a path is on, or None where it is on something else."""
        mounts = [mount for mount in self.mounts if _is_above(mount.target, path)]
        source = max(mounts, key=lambda mount: len(mount.target)).source if mounts else ""
        return self.logical_at(source)

    def is_on_its_own_mount(self, path: str) -> bool:
        """Whether a directory is on what is to be mounted for it, and not on the root file system below that.

        What fstab mounts there counts, so that a directory under the mount point of a missing disk is none.
        """
        mounted = {mount.target for mount in self.mounts if mount.target != "/" and _is_above(mount.target, path)}
        return bool(mounted) and all(
            entry.target in mounted or entry.target == "/"
            for entry in fstab.entries(self.fstab)
            if _is_above(entry.target, path)
        )


def grouped(items: Iterable[Item], key: Callable[[Item], Key]) -> Dict[Key, List[Item]]:
    """Return by key the items that have it, in their order."""
    found: Dict[Key, List[Item]] = {}
    for item in items:
        found.setdefault(key(item), []).append(item)
    return found


def _is_above(target: str, path: str) -> bool:
    return path == target or path.startswith(target.rstrip("/") + "/")


def logical_name(brick: str) -> str:
    """Return the name of a brick's logical volume."""
    return "brick_" + brick


def pool_name(brick: str) -> str:
    """Return the name of a brick's thin pool."""
    return "pool_" + brick


def brick_name(logical: str) -> Optional[str]:
    """Return the brick's name of a logical volume's name, or None if it is not a brick's."""
    return logical[len("brick_") :] if logical.startswith("brick_") else None


def physical_uuid(machine_id: str, boot_id: str, device: str, taken: Collection[str] = ()) -> str:
    """Return the uuid for a new PV: the same in every plan until the next boot, and to be recognised as ours.

    The boot is part of it, because the machine's identity and the device's name come again: a disk that was taken away
    under the same name may come back.
    """
    for attempt in range(len(taken) + 1):
        seed = "%s:%s:%s:%s" % (machine_id, boot_id, device, attempt)
        digest = hashlib.sha256(seed.encode()).hexdigest()
        groups = [digest[start : start + 4] for start in range(0, 20, 4)]
        found = OUR_PV + "-".join(groups) + "-" + digest[20:26]
        if found not in taken:
            return found
    raise AssertionError("more uuids than attempts")


def filesystem_uuid(machine_id: str, group: str, logical: str) -> str:
    """Return the uuid for a file system that is about to be made: the same in every plan.

    That of one that exists is read, never computed: the machine may have got another identity since.
    """
    return str(uuid.uuid5(uuid.NAMESPACE_OID, "brickwork:%s:%s/%s" % (machine_id, group, logical)))
