# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Chooses where the bricks of one set go. PRIVATE to the collection.

No two bricks of a set share a host. How many may share a zone is the zone policy's business:

- C(strict), replicate and arbiter: one, so that losing a zone leaves all copies but one.
- C(strict), disperse: one; as many as the redundancy where the set is wider than there are zones. Losing a zone never
  loses data.
- C(preferred): any number, but the zones that hold the fewest of the set come first.
- No zone named on any host: each host counts as a zone of its own, which is the first rule already.
"""

from typing import Optional

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import PlacementError
from ansible_collections.brickwork.gluster.plugins.module_utils.shapes import Shape
from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import brick_footprint
from ansible_collections.brickwork.gluster.plugins.plugin_utils.placement import explain
from ansible_collections.brickwork.gluster.plugins.plugin_utils.placement.capacity import DeviceSpace, HostSpace
from ansible_collections.brickwork.gluster.plugins.plugin_utils.placement.pools import Need, Pool, Rank
from ansible_collections.brickwork.gluster.plugins.plugin_utils.placement.records import (
    PREFERRED,
    Existing,
    Request,
    Target,
)


def zone_limit(shape: Shape, request: Request, zones: int) -> int:
    """Return how many bricks of a set one zone may hold, of that number of zones."""
    if request.zone_policy == PREFERRED or not request.has_zones:
        return shape.width
    return shape.redundancy if shape.disperse and shape.width > zones else 1


class SetChoice:
    """One set while its bricks are being chosen.

    hosts: those in use, by zone. turns: bricks whose turn has come, by zone. limit: bricks of a zone at most.
    """

    def __init__(self, target: Target, first: int, pool: Pool, limit: int) -> None:
        self.target, self.first, self.pool, self.limit = target, first, pool, limit
        self.hosts: dict[str, set[str]] = {}
        self.turns: dict[str, int] = {}
        self._need_of_data = _need(target, first)

    @property
    def positions(self) -> range:
        """The positions of the set's bricks in the volume."""
        return range(self.first, self.first + self.target.desired.shape.width)

    def reserve(self, brick: Existing, host: HostSpace) -> None:
        """Note that a brick which stands ready on that host is one of the set.

        Raises PlacementError if that breaks a rule: it is never moved, and never put where it does harm.
        """
        in_zone = self.hosts.setdefault(host.zone.name, set())
        if host.name in in_zone and not brick.fixed:
            raise PlacementError(explain.unfit(brick, "another brick of its set is on that host"))
        if len(in_zone) >= self.limit and not brick.fixed:
            raise PlacementError(explain.unfit(brick, "zone %s has enough bricks of its set" % host.zone.name))
        in_zone.add(host.name)

    def count(self, zone: str) -> None:
        """Note that a brick's turn has come in this zone."""
        self.turns[zone] = self.turns.get(zone, 0) + 1

    def choose(self, position: int) -> Optional[DeviceSpace]:
        """Return the device for the brick at this position and take its room, or None if there is no place."""
        need = _need(self.target, position) if self.target.is_arbiter(position) else self._need_of_data
        candidates: list[tuple[Rank, DeviceSpace]]
        candidates = [((0,) + answer[:2], answer[2]) for answer in [self.pool.first(need, self.hosts)] if answer]
        for zone, taken in self.hosts.items():
            answer = self.pool.best(zone, need, taken) if zone in self.pool.zones and len(taken) < self.limit else None
            if answer:
                candidates.append(((self.turns.get(zone, 0), answer[0], zone), answer[1]))
        return self._take(min(candidates, key=lambda candidate: candidate[0])[1], need) if candidates else None

    def _take(self, device: DeviceSpace, need: Need) -> DeviceSpace:
        zone = device.host.zone.name
        device.take(need.footprint)
        self.hosts.setdefault(zone, set()).add(device.host.name)
        self.count(zone)
        return device


def _need(target: Target, position: int) -> Need:
    """A new brick's need of room."""
    arbiter = target.is_arbiter(position)
    data = brick_footprint(target.data_size)
    return Need(brick_footprint(target.arbiter_size) if arbiter else data, data, arbiter)
