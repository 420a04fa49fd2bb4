# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a heketi server knows. Immutable; made by the parsers. Sizes in KiB, as heketi has them. PRIVATE."""

from typing import Any, Container, Dict, Iterable, List, NamedTuple, Optional, Tuple

ONLINE, OFFLINE, FAILED = "online", "offline", "failed"
IN_FLIGHT = "in-flight"
#: Kinds of pending operations that heketi's own cleanup leaves alone for ever.
NEVER_CLEANED = ("clone-volume", "remove-device")

#: KiB of an LVM extent; sizes of thin pools are whole numbers of them.
EXTENT = 4096


class Brick(NamedTuple):
    """A brick; size without what its thin pool takes besides."""

    brick_id: str
    volume_id: str
    device_id: str
    node_id: str
    size: int


class Device(NamedTuple):
    """A disk of a node that heketi has made a volume group of."""

    device_id: str
    name: str
    state: str
    tags: Dict[str, str]
    total: int
    free: int
    used: int
    bricks: Tuple[Brick, ...] = ()


class Node(NamedTuple):
    """A storage node."""

    node_id: str
    manage: Tuple[str, ...]
    storage: Tuple[str, ...]
    zone: int
    state: str
    tags: Dict[str, str]
    devices: Tuple[Device, ...] = ()

    @property
    def name(self) -> str:
        """The name by which heketi reaches it."""
        return self.manage[0]

    def find(self, name: str) -> Optional[Device]:
        """Return the device of that name, or None."""
        return next((device for device in self.devices if device.name == name), None)


class Cluster(NamedTuple):
    """Nodes that share volumes."""

    cluster_id: str
    file: bool
    block: bool
    nodes: Tuple[Node, ...] = ()
    volumes: Tuple[str, ...] = ()
    blockvolumes: Tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether it holds nothing at all."""
        return not (self.nodes or self.volumes or self.blockvolumes)


class PendingOperation(NamedTuple):
    """Something that is under way, or that was cut off or failed and waits for a cleanup. changes are ids."""

    operation_id: str
    kind: str
    status: str
    changes: Tuple[str, ...] = ()

    def describe(self) -> str:
        """Return it in words."""
        return "%s %s (%s)" % (self.kind, self.operation_id, self.status)

    def obstacle(self) -> str:
        """Return in words that it is in the way, and what to do about it."""
        if self.status == IN_FLIGHT:
            return "%s has to end first" % self.describe()
        if self.kind in NEVER_CLEANED:
            return (
                "%s is left over, and heketi 9 never cleans up that kind; what it began has to be taken out of an "
                "export of the database (heketi db export, with heketi stopped)" % self.describe()
            )
        return "%s is left over: clean it up first (heketi_cleanup)" % self.describe()

    def facts(self) -> Dict[str, Any]:
        """Return it as the modules return it."""
        return {
            "id": self.operation_id,
            "kind": self.kind,
            "status": self.status,
            "changes": list(self.changes),
        }


def warnings_of(pending: Iterable[PendingOperation]) -> List[str]:
    """Return a warning for each pending operation."""
    return ["pending operation: %s" % operation.describe() for operation in pending]


class Volume(NamedTuple):
    """A volume; size in GiB. Counts that do not belong to its kind are 0."""

    volume_id: str
    name: str
    size: int
    kind: str
    replicas: int
    disperse_data: int
    redundancy: int
    options: Tuple[str, ...]
    gid: int
    factor: float
    cluster_id: str
    hosts: Tuple[str, ...]
    blockvolumes: Tuple[str, ...] = ()
    bricks: Tuple[Brick, ...] = ()
    mount: Optional[str] = None

    @property
    def set_width(self) -> int:
        """Number of bricks of one set."""
        return max(self.replicas, self.disperse_data + self.redundancy, 1)

    @property
    def is_strict(self) -> bool:
        """Whether the bricks of a set have to be in different zones, as an option of the volume says."""
        return "user.heketi.zone-checking strict" in self.options


class BlockVolume(NamedTuple):
    """A disk that clients reach by iSCSI, in a file of a hosting volume; size in GiB. username is "" without auth."""

    volume_id: str
    name: str
    size: int
    hacount: int
    cluster_id: str
    hosting_volume: str
    hosts: Tuple[str, ...]
    iqn: str
    lun: int
    username: str = ""
    password: str = ""


class Topology(NamedTuple):
    """Everything but the volumes; those only as far as somebody asked for them."""

    clusters: Tuple[Cluster, ...]
    pending: Tuple[PendingOperation, ...] = ()
    volumes: Tuple[Volume, ...] = ()
    #: Ids of volumes that a pending operation hides: they are listed, and can't be read.
    hidden: Tuple[str, ...] = ()
    #: Whether this heketi can move a brick of which there are two copies only.
    moves_pairs: bool = True

    def nodes(self) -> List[Node]:
        """Return all nodes of all clusters."""
        return [node for cluster in self.clusters for node in cluster.nodes]

    def bricks_on(self, device_ids: Container[str]) -> List[Brick]:
        """Return the bricks of the devices with these ids."""
        devices = [device for node in self.nodes() for device in node.devices if device.device_id in device_ids]
        return [brick for device in devices for brick in device.bricks]


def room_for(size: int, factor: float = 1) -> int:
    """Return the KiB that a brick takes of its device: the thin pool, and half a per cent of it for its metadata."""
    pool = _extents(int(size * factor))
    return pool + _extents(int(pool * 0.005))


def _extents(size: int) -> int:
    return -(-size // EXTENT) * EXTENT
