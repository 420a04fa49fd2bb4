# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Room on devices while bricks are being placed. Sizes in bytes. PRIVATE to the collection.

Two figures are kept for each device. C(free) is what is really there for new bricks. C(ranked) is what the choice
goes by: as free, but a brick that an interrupted run prepared counts from its turn on and not from the beginning.
So a second run sees at every turn what the first one saw, and chooses the same.
"""

from collections.abc import Iterable
from typing import Optional

from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import brick_footprint
from ansible_collections.brickwork.gluster.plugins.plugin_utils.placement.records import Device, Host

#: What devices are ordered by.
Key = tuple[int, int, int, int]


class Space:
    """The room of all devices of all hosts."""

    def __init__(self, hosts: Iterable[Host]) -> None:
        self.hosts: dict[str, HostSpace] = {}
        self.zones: dict[str, ZoneSpace] = {}
        for order, host in enumerate(hosts):
            zone = self.zones.setdefault(host.zone, ZoneSpace(host.zone))
            self.hosts[host.name] = HostSpace(host, order, zone)

    def device(self, host: str, path: Optional[str]) -> Optional["DeviceSpace"]:
        """Return the DeviceSpace of a host's device, or None if nobody knows it."""
        return self.hosts[host].by_path.get(path) if path is not None and host in self.hosts else None


class ZoneSpace:
    """The sums of a failure zone. version changes with every brick placed in it."""

    __slots__ = ("name", "size", "ranked", "version")

    def __init__(self, name: str) -> None:
        self.name = name
        self.size = self.ranked = self.version = 0

    @property
    def used(self) -> float:
        """Fraction in use."""
        return 1 - self.ranked / self.size if self.size else 1.0


class HostSpace:
    """A host's devices and their sums."""

    __slots__ = ("name", "address", "zone", "order", "arbiter_only", "size", "ranked", "devices", "by_path")

    def __init__(self, host: Host, order: int, zone: ZoneSpace) -> None:
        self.name, self.address, self.zone, self.order = host.name, host.address, zone, order
        self.arbiter_only = host.arbiter_only
        self.size = self.ranked = 0
        self.devices = [DeviceSpace(self, device, number) for number, device in enumerate(host.devices)]
        self.by_path = {device.path: device for device in self.devices}


class DeviceSpace:
    """A device's room."""

    __slots__ = ("host", "path", "reason", "order", "size", "size_class", "free", "ranked")

    def __init__(self, host: HostSpace, device: Device, order: int) -> None:
        self.host, self.path, self.reason, self.order = host, device.path, device.reason, order
        self.size = max(device.size, device.free)
        self.size_class = size_class(self.size)
        self.free = self.ranked = 0
        host.size += self.size
        host.zone.size += self.size
        self.free = device.free
        self.rank(device.free)

    def rank(self, amount: int) -> None:
        """Let the choice see so much more (or less) room on this device."""
        self.ranked += amount
        self.host.ranked += amount
        self.host.zone.ranked += amount
        self.host.zone.version += 1

    def take(self, footprint: int) -> None:
        """Use room for a new brick."""
        self.free -= footprint
        self.rank(-footprint)

    @property
    def used(self) -> float:
        """Fraction in use, as the choice sees it; of the class's size, so that it never improves within a class."""
        return 1 - self.ranked / self.size_class if self.size else 1.0

    def key(self) -> Key:
        """What devices of about equal size are ordered by: most room first, on the host that is used least.

        It only ever gets worse, which is why a heap may hold old ones.
        """
        host = self.host
        return (-self.ranked, host.size - host.ranked, self.order, host.order)


def size_class(size: int) -> int:
    """Round down to five binary digits: devices of one class differ by 6 % at most."""
    shift = max(size.bit_length() - 5, 0)
    return size >> shift << shift


def growth(old: int, new: int) -> int:
    """Return the room that a brick of old bytes takes more when it grows to new bytes."""
    return max(brick_footprint(new) - brick_footprint(old), 0)
