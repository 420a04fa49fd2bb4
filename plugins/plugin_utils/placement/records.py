# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What placement reads and returns. Immutable; sizes in bytes. PRIVATE to the collection."""

from typing import Any, NamedTuple, Optional

from ansible_collections.brickwork.gluster.plugins.module_utils.shapes import Shape

#: The zone of a host that names none.
DEFAULT_ZONE = "default"
#: The hosts of a zone of this name hold arbiters only, if nothing else is said.
ARBITER_ZONE = "arbiter"

STRICT = "strict"
PREFERRED = "preferred"


class Device(NamedTuple):
    """A disk for bricks. free is what new bricks may take; reason says why it is missing or full."""

    path: str
    size: int
    free: int
    reason: str = ""


class Host(NamedTuple):
    """A host of the pool: the address that bricks are known by, its failure zone and its disks."""

    name: str
    address: str
    zone: str
    devices: tuple[Device, ...]
    arbiter_only: bool = False


class Existing(NamedTuple):
    """A brick of a running volume, or one that an earlier, interrupted run prepared for a volume.

    number is the position in the volume, from 1; of a prepared brick the number in its name. name is that of its mount
    where that is one of ours. device and size are None where nobody knows them. fixed is a brick of a running volume
    that is given like a prepared one, beside gaps that are to be filled: it stays, also where it breaks a rule.
    """

    volume: str
    number: int
    name: str
    host: str
    device: Optional[str]
    size: Optional[int]
    path: Optional[str]
    in_volume: bool
    fixed: bool = False


class RequestedVolume(NamedTuple):
    """A volume as the user wants it. given is what he wrote; sets and size are None where he left them out.

    hosts and devices limit where new bricks may go; none for no limit.
    """

    name: str
    shape: Shape
    sets: Optional[int]
    size: Optional[int]
    hosts: tuple[str, ...]
    given: dict[str, Any]
    devices: tuple[str, ...] = ()

    @property
    def limits(self) -> "Limits":
        """Where new bricks may go."""
        return Limits(self.hosts, self.devices)


class Limits(NamedTuple):
    """The only hosts, and the only devices by their paths, that new bricks of a volume may go to; none for all."""

    hosts: tuple[str, ...] = ()
    devices: tuple[str, ...] = ()

    def admits_host(self, name: str) -> bool:
        """Whether a brick may go to a host of this name."""
        return not self.hosts or name in self.hosts

    def admits_device(self, path: str) -> bool:
        """Whether a brick may go to a device of this path, on a host that is admitted."""
        return not self.devices or path in self.devices


class Request(NamedTuple):
    """Everything that placement starts from, checked."""

    volumes: list[RequestedVolume]
    hosts: list[Host]
    existing: dict[str, list[Existing]]
    zone_policy: str
    root: str

    @property
    def has_zones(self) -> bool:
        """Whether anybody named a zone. If not, each host is a failure zone of its own."""
        return any(host.zone != DEFAULT_ZONE for host in self.hosts)


class Target(NamedTuple):
    """What a volume is to consist of.

    running: its bricks, in order. prepared: those that stand ready for a place, by the place's position from 0.
    first_number: the number in the name of the first brick behind the running ones.
    left_over: prepared bricks that no place is for.
    """

    desired: RequestedVolume
    sets: int
    data_size: int
    arbiter_size: int
    running: tuple[Existing, ...]
    prepared: dict[int, Existing]
    first_number: int
    left_over: tuple[Existing, ...]

    def is_arbiter(self, position: int) -> bool:
        """Whether the brick at this position, from 0, is an arbiter: the last of each set."""
        shape = self.desired.shape
        return bool(shape.arbiters) and position % shape.width == shape.width - 1

    def size_at(self, position: int) -> int:
        """Bytes of the brick at this position; what exists never shrinks."""
        wanted = self.arbiter_size if self.is_arbiter(position) else self.data_size
        existing = self.existing_at(position)
        return max(wanted, existing.size or 0) if existing else wanted

    def existing_at(self, position: int) -> Optional[Existing]:
        """The brick that stands at this position, or None."""
        return self.running[position] if position < len(self.running) else self.prepared.get(position)

    @property
    def positions(self) -> range:
        """All positions of the volume, set after set."""
        return range(self.sets * self.desired.shape.width)


class Brick(NamedTuple):
    """A brick in its place. number is the one in its name; exists means in the volume already, or prepared for it."""

    number: int
    name: str
    host: str
    address: str
    zone: str
    device: Optional[str]
    size: int
    mount: str
    path: str
    arbiter: bool
    exists: bool
    in_volume: bool


class PlacedVolume(NamedTuple):
    """A volume with all its bricks in the order that C(gluster volume create) wants."""

    target: Target
    bricks: list[Brick]


class Placement(NamedTuple):
    """All volumes in the order they were given, and the reasons in words."""

    volumes: list[PlacedVolume]
    explanation: list[str]
