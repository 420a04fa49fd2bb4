# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the device for the next brick. Sizes in bytes. PRIVATE to the collection.

A pool answers C(best(zone, need, taken)): the best device of a zone on a host that the set does not use yet, with its
rank among the zones' answers (the least is taken). BalancedPool evens out how full devices are. TightPool, tried when
that led nowhere, evens out how many bricks still fit, which finds a place for all sets where there is one.
"""

import heapq
from typing import Any, Dict, List, NamedTuple

#: Preference of an arbiter brick for a device; data bricks have none.
_ONLY_FOR_ARBITERS, _TOO_SMALL_FOR_DATA, _ANY_DEVICE = range(3)


class Need(NamedTuple):
    """Room in bytes that a brick takes on its device; data_footprint is that of the data bricks beside it."""

    footprint: int
    data_footprint: int
    arbiter: bool

    def admits(self, device):
        """Whether such a brick may be on a device of that host."""
        return self.arbiter or not device.host.arbiter_only

    def preference(self, device):
        """Arbiters go where data bricks can't."""
        if not self.arbiter:
            return 0
        if device.host.arbiter_only:
            return _ONLY_FOR_ARBITERS
        return _TOO_SMALL_FOR_DATA if device.size < self.data_footprint else _ANY_DEVICE


class BalancedPool(object):
    """The devices that a volume may use, by zone and class of size, emptiest first.

    Devices of one class are of about the same size, so that the emptiest has the most room: if a brick does not fit
    there, it fits nowhere in the class.
    """

    def __init__(self, hosts):
        self.zones: Dict[str, Any] = {}
        self._heaps: Dict[str, Dict[Any, List[Any]]] = {}
        self._found: Dict[Any, Any] = {}
        for host in hosts:
            self.zones[host.zone.name] = host.zone
            classes = self._heaps.setdefault(host.zone.name, {})
            for device in host.devices:
                heap = classes.setdefault((host.arbiter_only, _size_class(device.size)), [])
                heap.append((device.key(), device))
        for classes in self._heaps.values():
            for heap in classes.values():
                heapq.heapify(heap)

    def best(self, zone, need, taken):
        """Return (rank, device) of the zone's best device on a host that is not taken, or None."""
        if taken:
            return self._search(zone, need, taken)
        # As long as nothing changed in the zone, the answer of the last set stands.
        version = self.zones[zone].version
        known = self._found.get((zone, need))
        if known is None or known[0] != version:
            known = self._found[(zone, need)] = (version, self._search(zone, need, taken))
        return known[1]

    def _search(self, zone, need, taken):
        found = None
        for heap in self._heaps[zone].values():
            device = _emptiest(heap, need, taken)
            if device is not None:
                rank = (need.preference(device), device.used, self.zones[zone].used, device.key())
                if found is None or rank < found[0]:
                    found = (rank, device)
        return found


def _size_class(size):
    """Round down to five binary digits: devices of one class differ by 6 % at most."""
    shift = max(size.bit_length() - 5, 0)
    return size >> shift << shift


def _emptiest(heap, need, taken):
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


class TightPool(object):
    """The devices that a volume may use, by how many bricks of the size in question still fit on their hosts."""

    def __init__(self, hosts):
        self.zones: Dict[str, Any] = {}
        self._hosts: Dict[str, List[Any]] = {}
        self._slots: Dict[Any, Any] = {}
        for host in hosts:
            self.zones[host.zone.name] = host.zone
            self._hosts.setdefault(host.zone.name, []).append(host)

    def best(self, zone, need, taken):
        """Return (rank, device) on the host of the zone with room for the most bricks, or None."""
        slots = [(self._slots_of(host, need), -host.order, host) for host in self._hosts[zone]]
        free_hosts = [entry for entry in slots if entry[0] and entry[2].name not in taken]
        if not free_hosts:
            return None
        most, order, host = max(free_hosts)
        device = min(
            (device for device in host.devices if device.free >= need.footprint),
            key=lambda device: (need.preference(device), device.key()),
        )
        return (need.preference(device), -sum(entry[0] for entry in slots), -most, -order), device

    def _slots_of(self, host, need):
        known = self._slots.get((host.name, need))
        if known is None or known[0] != host.ranked:
            known = self._slots[(host.name, need)] = (host.ranked, _slots(host, need))
        return known[1]


def _slots(host, need):
    return sum(device.free // need.footprint for device in host.devices if need.admits(device))
