# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a trusted storage pool is made of. Immutable; made by the parsers. PRIVATE to the collection."""

from typing import Dict, List, NamedTuple, Optional, Tuple

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import ParseError

#: Value of <state> of a peer that takes part: "Peer in Cluster".
IN_CLUSTER = 3
#: Value of <state> of a peer whose volumes differ from ours: "Peer Rejected".
REJECTED = 6
#: Status of a volume that was created and never started: no client has written to it yet.
NEVER_STARTED = "Created"
#: Name under which a node lists itself.
LOCALHOST = "localhost"


class Peer(NamedTuple):
    """A member of the pool as one node sees it; names are all by which that node knows it."""

    uuid: str
    names: Tuple[str, ...]
    connected: bool
    state: Optional[int]
    state_text: str

    @property
    def is_local(self) -> bool:
        """Whether this is the node that was asked."""
        return LOCALHOST in self.names

    @property
    def is_well(self) -> bool:
        """Whether the node that was asked counts on this peer. It lists itself without a state."""
        return self.is_local or (self.connected and self.state == IN_CLUSTER)


class Pool(NamedTuple):
    """The pool as one node sees it; own_names are what that node calls itself (host names, addresses)."""

    peers: Tuple[Peer, ...]
    own_names: Tuple[str, ...] = ()

    @property
    def local(self) -> Peer:
        """The node that was asked."""
        found = next((peer for peer in self.peers if peer.is_local), None)
        if found is None:
            raise ParseError(
                "gluster pool list: found no line for the node that was asked (localhost); run it by hand there"
            )
        return found

    def names_of(self, peer: Peer) -> Tuple[str, ...]:
        """Return all names by which a peer is known, the node's own for the local one."""
        return tuple(peer.names) + (tuple(self.own_names) if peer.is_local else ())

    def find(self, name: str) -> Optional[Peer]:
        """Return the peer that is known by a name, or None."""
        return next((peer for peer in self.peers if name in self.names_of(peer)), None)


class Brick(NamedTuple):
    """A brick of a volume: the directory and the member that holds it."""

    host: str
    path: str
    host_uuid: str = ""
    arbiter: bool = False

    @property
    def name(self) -> str:
        """The brick as GlusterFS writes it."""
        return "%s:%s" % (self.host, self.path)


class Volume(NamedTuple):
    """A volume as C(gluster volume info) shows it. disperse is the number of all bricks of a dispersed set.

    type_text is the type in GlusterFS's own words, which also has types that are no more.
    """

    name: str
    volume_id: str
    status: str
    replicas: int
    arbiters: int
    disperse: int
    redundancy: int
    bricks: Tuple[Brick, ...]
    options: Dict[str, str]
    snapshots: int = 0
    type_text: str = ""

    @property
    def is_started(self) -> bool:
        """Whether clients can mount it."""
        return self.status == "Started"

    @property
    def set_width(self) -> int:
        """Number of bricks of one set. distCount is of no use: it changed its meaning between 7 and 10."""
        return max(self.replicas, self.disperse, 1)

    @property
    def sets(self) -> int:
        """Number of sets over which files are distributed."""
        return len(self.bricks) // self.set_width

    @property
    def brick_sets(self) -> List[Tuple[Brick, ...]]:
        """The bricks of each set, which keep the same files."""
        return [self.bricks[first : first + self.set_width] for first in range(0, len(self.bricks), self.set_width)]

    def set_of(self, name: str) -> Tuple[Brick, ...]:
        """The set that holds the brick of that name, empty for one that the volume does not have."""
        return next((bricks for bricks in self.brick_sets if any(brick.name == name for brick in bricks)), ())


class BrickStatus(NamedTuple):
    """A running or dead brick process; sizes in bytes, None where nobody told, and the device of its file system."""

    host: str
    path: str
    online: bool
    port: Optional[int]
    pid: Optional[int]
    size: Optional[int] = None
    free: Optional[int] = None
    device: str = ""

    @property
    def name(self) -> str:
        """The brick as GlusterFS writes it."""
        return "%s:%s" % (self.host, self.path)

    @property
    def serves(self) -> bool:
        """Whether clients can reach it: glusterd below 10 forgets the port of one outside of its range."""
        return self.online and self.port is not None


class Task(NamedTuple):
    """A rebalance or remove-brick that runs, or that waits for its commit. bricks are those that are removed."""

    volume: str
    kind: str
    status: str
    bricks: Tuple[str, ...] = ()

    @property
    def is_running(self) -> bool:
        """Whether it is under way; a rebalance of the layout alone says so in words of its own."""
        return self.status.endswith("in progress")

    @property
    def is_removal(self) -> bool:
        """Whether it takes bricks out of the volume."""
        return self.kind == "Remove brick"


class SelfHealDaemon(NamedTuple):
    """The process by which a member heals a volume; one process serves all volumes of the member."""

    volume: str
    host_uuid: str
    online: bool


class NodeMigration(NamedTuple):
    """What one member has moved of a volume: files, bytes, files looked at, and those that did not move."""

    uuid: str
    files: int
    size: int
    scanned: int
    failures: int
    skipped: int
    status: str
    seconds: float


class HealCount(NamedTuple):
    """Entries of a brick that wait for healing; None where the brick could not be asked."""

    brick: str
    connected: bool
    pending: Optional[int]
    split_brain: Optional[int]


class Listed(NamedTuple):
    """An entry that a brick lists as in split-brain, or as waiting for healing.

    path is empty where the brick knows its gfid only.
    """

    brick: str
    gfid: str
    path: str


Volumes = List[Volume]
