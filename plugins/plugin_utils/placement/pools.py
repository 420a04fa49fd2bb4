# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the device for the next brick. Sizes in bytes. PRIVATE to the collection.

A pool answers C(best(zone, need, taken)): the best device of a zone on a host that the set does not use yet, with its
rank among the zones' answers (the least is taken). A rank only ever gets worse, so that heaps may hold old ones.
BalancedPool evens out how full devices are. TightPool, tried when that led nowhere, evens out how many bricks still
fit, which finds a place for all sets of one size where there is one.
"""

import heapq
from collections.abc import Collection, Container, Iterable, Sequence
from typing import Any, NamedTuple, Optional

from ansible_collections.brickwork.gluster.plugins.plugin_utils.placement.capacity import (
    DeviceSpace,
    HostSpace,
    Key,
    ZoneSpace,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.placement.records import Limits

#: Preference of an arbiter brick for a device; data bricks have none.
_ONLY_FOR_ARBITERS, _TOO_SMALL_FOR_DATA, _ANY_DEVICE = range(3)

#: What answers are compared by; each kind of pool has a form of its own.
Rank = tuple[Any, ...]
#: The best device of a zone.
Answer = tuple[Rank, DeviceSpace]
#: ... and of which zone it is.
Ranked = tuple[Rank, str, DeviceSpace]
_Heap = list[tuple[Key, DeviceSpace]]


class Need(NamedTuple):
    """Room in bytes that a brick takes on its device; data_footprint is that of the data bricks beside it."""

    footprint: int
    data_footprint: int
    arbiter: bool

    def admits(self, device: DeviceSpace) -> bool:
        """Whether such a brick may be on a device of that host."""
        return self.arbiter or not device.host.arbiter_only

    def preference(self, device: DeviceSpace) -> int:
        """Arbiters go where data bricks can't."""
        if not self.arbiter:
            return 0
        if device.host.arbiter_only:
            return _ONLY_FOR_ARBITERS
        return _TOO_SMALL_FOR_DATA if device.size < self.data_footprint else _ANY_DEVICE


class Pool:
    """What both pools have in common: the zones, ranked, and which devices of their hosts a volume may use."""

    def __init__(self, hosts: Iterable[HostSpace], limits: Limits) -> None:
        self.zones: dict[str, ZoneSpace] = {host.zone.name: host.zone for host in hosts}
        self._rankings: dict[Need, list[Ranked]] = {}
        self._limits = limits

    def _devices(self, host: HostSpace) -> list[DeviceSpace]:
        return [device for device in host.devices if self._limits.admits_device(device.path)]

    def best(self, zone: str, need: Need, taken: Collection[str]) -> Optional[Answer]:
        """Return (rank, device) of the zone's best device on a host that is not taken, or None."""
        raise NotImplementedError

    def first(self, need: Need, excluded: Container[str]) -> Optional[Ranked]:
        """Return (rank, zone, device) of the best zone that is not excluded, or None."""
        heap = self._ranking(need)
        aside = []
        found = None
        while heap and found is None:
            rank, zone, device = heap[0]
            fresh = self.best(zone, need, ())
            if fresh is None:
                heapq.heappop(heap)
            elif fresh[0] != rank:
                heapq.heapreplace(heap, (fresh[0], zone, fresh[1]))
            elif zone in excluded:
                aside.append(heapq.heappop(heap))
            else:
                found = heap[0]
        for entry in aside:
            heapq.heappush(heap, entry)
        return found

    def _ranking(self, need: Need) -> list[Ranked]:
        # Volumes come by size: what was made for earlier needs is hardly ever of use again.
        if need not in self._rankings and len(self._rankings) > 1:
            self._rankings.clear()
            self._forget()
        if need not in self._rankings:
            answers = [(self.best(zone, need, ()), zone) for zone in self.zones]
            heap = [(answer[0], zone, answer[1]) for answer, zone in answers if answer]
            heapq.heapify(heap)
            self._rankings[need] = heap
        return self._rankings[need]

    def _forget(self) -> None:
        """Drop what was remembered for earlier needs."""
        raise NotImplementedError


class BalancedPool(Pool):
    """The devices that a volume may use, by zone and class of size, emptiest first.

    Devices of one class are of about the same size, so that the emptiest has the most room: if a brick does not fit
    there, it fits nowhere in the class.
    """

    def __init__(self, hosts: Sequence[HostSpace], limits: Limits) -> None:
        super(BalancedPool, self).__init__(hosts, limits)
        self._heaps: dict[str, dict[tuple[bool, int], _Heap]] = {}
        self._found: dict[tuple[str, Need], tuple[int, Optional[Answer]]] = {}
        for host in hosts:
            classes = self._heaps.setdefault(host.zone.name, {})
            for device in self._devices(host):
                heap = classes.setdefault((host.arbiter_only, device.size_class), [])
                heap.append((device.key(), device))
        for classes in self._heaps.values():
            for heap in classes.values():
                heapq.heapify(heap)

    def best(self, zone: str, need: Need, taken: Collection[str]) -> Optional[Answer]:
        if taken:
            return self._search(zone, need, taken)
        # As long as nothing changed in the zone, the answer of the last set stands.
        version = self.zones[zone].version
        known = self._found.get((zone, need))
        if known is None or known[0] != version:
            known = self._found[(zone, need)] = (version, self._search(zone, need, taken))
        return known[1]

    def _forget(self) -> None:
        self._found.clear()

    def _search(self, zone: str, need: Need, taken: Container[str]) -> Optional[Answer]:
        found = None
        for heap in self._heaps[zone].values():
            device = _emptiest(heap, need, taken)
            if device is not None:
                rank = (need.preference(device), device.used, self.zones[zone].used, device.key())
                if found is None or rank < found[0]:
                    found = (rank, device)
        return found


def _emptiest(heap: _Heap, need: Need, taken: Container[str]) -> Optional[DeviceSpace]:
    """Return the device of the heap with the most room that fits, or None; bring old entries up to date on the way."""
    aside = []
    found = None
    while heap:
        key, device = heap[0]
        fresh = device.key()
        if fresh != key:
            heapq.heapreplace(heap, (fresh, device))
        elif device.ranked < need.footprint or not need.admits(device):
            break
        elif device.free >= need.footprint and device.host.name not in taken:
            found = device
            break
        else:
            aside.append(heapq.heappop(heap))
    for entry in aside:
        heapq.heappush(heap, entry)
    return found


class TightPool(Pool):
    """The devices that a volume may use, by how many bricks of the size in question still fit on their hosts."""

    def __init__(self, hosts: Sequence[HostSpace], limits: Limits) -> None:
        super(TightPool, self).__init__(hosts, limits)
        self._hosts: dict[str, list[HostSpace]] = {}
        self._slots: dict[tuple[str, Need], tuple[int, int]] = {}
        for host in hosts:
            self._hosts.setdefault(host.zone.name, []).append(host)

    def best(self, zone: str, need: Need, taken: Collection[str]) -> Optional[Answer]:
        """Return (rank, device) on the host of the zone with room for the most bricks, or None."""
        slots = [(self._slots_of(host, need), -host.order, host) for host in self._hosts[zone]]
        free_hosts = [entry for entry in slots if entry[0] and entry[2].name not in taken]
        if not free_hosts:
            return None
        most, order, host = max(free_hosts, key=lambda entry: entry[:2])
        device = min(
            (device for device in self._devices(host) if device.free >= need.footprint),
            key=lambda device: (need.preference(device), device.key()),
        )
        return (need.preference(device), -sum(entry[0] for entry in slots), -most, -order), device

    def _forget(self) -> None:
        self._slots.clear()

    def _slots_of(self, host: HostSpace, need: Need) -> int:
        known = self._slots.get((host.name, need))
        if known is None or known[0] != host.ranked:
            known = self._slots[(host.name, need)] = (host.ranked, _slots(self._devices(host), need))
        return known[1]


def _slots(devices: Iterable[DeviceSpace], need: Need) -> int:
    return sum(device.free // need.footprint for device in devices if need.admits(device))
