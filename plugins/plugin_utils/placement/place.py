# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decides which device each brick of each volume goes to. Sizes in bytes. PRIVATE to the collection.

What exists stays where it is. The rest is placed volume after volume, those with the largest bricks first, since small
ones still fit where large ones don't. The same request gives the same placement; a request that holds part of an
earlier placement as prepared bricks is completed to just that placement.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Optional

from ansible_collections.brickwork.gluster.plugins.module_utils.defaults import ROOT
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import PlacementError
from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import brick_footprint
from ansible_collections.brickwork.gluster.plugins.plugin_utils.placement import explain
from ansible_collections.brickwork.gluster.plugins.plugin_utils.placement.capacity import (
    DeviceSpace,
    HostSpace,
    Space,
    growth,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.placement.desired import read_request
from ansible_collections.brickwork.gluster.plugins.plugin_utils.placement.pools import BalancedPool, Pool, TightPool
from ansible_collections.brickwork.gluster.plugins.plugin_utils.placement.records import (
    DEFAULT_ZONE,
    PREFERRED,
    STRICT,
    Brick,
    Existing,
    Host,
    Limits,
    PlacedVolume,
    Placement,
    Request,
    Target,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.placement.spread import SetChoice, zone_limit
from ansible_collections.brickwork.gluster.plugins.plugin_utils.placement.targets import read_targets

#: Host and device of a brick; no device where nobody knows it.
Place = tuple[str, Optional[str]]


def place_bricks(
    volumes: Iterable[Any],
    hosts: Iterable[Any],
    existing: Iterable[Any] = (),
    zone_policy: str = STRICT,
    root: str = ROOT,
) -> dict[str, Any]:
    """Return {volumes, explanation} as plain data for plain data; see the filter of the same name.

    Raises InputError and PlacementError as place().
    """
    placement = place(read_request(volumes, hosts, existing, zone_policy, root))
    return {"volumes": [_described(volume) for volume in placement.volumes], "explanation": placement.explanation}


def _described(volume: PlacedVolume) -> dict[str, Any]:
    target, shape = volume.target, volume.target.desired.shape
    return dict(
        target.desired.given,
        type=shape.kind,
        replicas=shape.replicas or None,
        arbiters=shape.arbiters,
        disperse_data=shape.disperse - shape.redundancy or None,
        redundancy=shape.redundancy or None,
        sets=target.sets,
        brick_size=target.data_size,
        bricks=[_described_brick(brick) for brick in volume.bricks],
    )


def _described_brick(brick: Brick) -> dict[str, Any]:
    described = dict(brick._asdict())
    described["index"] = described.pop("number")
    return described


def place(request: Request) -> Placement:
    """Return the Placement for a Request.

    Raises InputError for what is wrong in itself, before anything is placed, and PlacementError where a brick finds no
    place: with the volume, the size, the number of bricks that are missing, and the zones that lack room.
    """
    targets = read_targets(request)
    placed = _first_that_works(list(_ways(request)), targets)
    hosts = {host.name: host for host in request.hosts}
    volumes = [_placed_volume(target, placed[target.desired.name], hosts, request.root) for target in targets]
    return Placement(volumes, explain.placement(volumes, request))


def _first_that_works(ways: Sequence[tuple[Request, type[Pool]]], targets: Sequence[Target]) -> dict[str, list[Place]]:
    request, pool_class = ways[0]
    try:
        return _Placing(request, targets, pool_class).run()
    except PlacementError:
        if len(ways) == 1:
            raise
    return _first_that_works(ways[1:], targets)


def _ways(request: Request) -> Iterator[tuple[Request, type[Pool]]]:
    """What is tried, one after the other: full balance, then room above balance, then room above zones if allowed."""
    yield request, BalancedPool
    yield request, TightPool
    if request.zone_policy == PREFERRED and request.has_zones:
        yield request._replace(hosts=[host._replace(zone=DEFAULT_ZONE) for host in request.hosts]), TightPool


class _Placing:
    """One try at placing all volumes. The result maps a volume's name to (host, device) at each position."""

    def __init__(self, request: Request, targets: Sequence[Target], pool_class: type[Pool]) -> None:
        self.request, self.targets, self.pool_class = request, targets, pool_class
        self.space = Space(request.hosts)
        self.pools: dict[Limits, tuple[Pool, int]] = {}
        self.placed: dict[str, list[Place]] = {}

    def run(self) -> dict[str, list[Place]]:
        for target in self.targets:
            self._account(target)
        for target in sorted(self.targets, key=lambda target: (-target.data_size, target.desired.name)):
            self.placed[target.desired.name] = self._place_volume(target)
        return self.placed

    def _account(self, target: Target) -> None:
        """Take the room that existing bricks grow by; let the choice not see prepared bricks before their turn."""
        for position in target.positions:
            brick = target.existing_at(position)
            if brick is None:
                continue
            self._host_of(brick)
            device = self.space.device(brick.host, brick.device)
            if brick.size is not None:
                self._grow(target, position, brick, device)
            if device and not brick.in_volume:
                device.rank(brick_footprint(target.size_at(position)))

    def _grow(self, target: Target, position: int, brick: Existing, device: Optional[DeviceSpace]) -> None:
        more = growth(brick.size or 0, target.size_at(position))
        if brick.device is not None and more > (device.free if device else 0):
            raise PlacementError(explain.cannot_grow(target, position, brick, device.free if device else 0))
        if device:
            device.take(more)

    def _host_of(self, brick: Existing) -> HostSpace:
        host = self.space.hosts.get(brick.host)
        if host is None:
            raise PlacementError(explain.unknown_host(brick))
        return host

    def _place_volume(self, target: Target) -> list[Place]:
        width = target.desired.shape.width
        places: list[Place] = [(brick.host, brick.device) for brick in target.running]
        for first in range(len(places), len(target.positions), width):
            places += self._place_set(target, first)
        return places

    def _place_set(self, target: Target, first: int) -> list[Place]:
        pool, zones = self._pool(target.desired.limits)
        limit = zone_limit(target.desired.shape, self.request, zones)
        choice = SetChoice(target, first, pool, limit)
        for position in choice.positions:
            brick = target.prepared.get(position)
            if brick:
                choice.reserve(brick, self._host_of(brick))
        return [self._place_brick(choice, position) for position in choice.positions]

    def _place_brick(self, choice: SetChoice, position: int) -> Place:
        brick = choice.target.prepared.get(position)
        if brick is None:
            device = choice.choose(position)
            if device is None:
                raise PlacementError(explain.no_place(choice, position, self.request, self._pool_hosts(choice.target)))
            return device.host.name, device.path
        choice.count(self._host_of(brick).zone.name)
        device = self.space.device(brick.host, brick.device)
        if device:
            device.rank(-brick_footprint(choice.target.size_at(position)))
        return brick.host, brick.device

    def _pool(self, limits: Limits) -> tuple[Pool, int]:
        """Return the pool of the hosts within these limits, and the number of zones with hosts for data bricks."""
        if limits not in self.pools:
            hosts = self._hosts(limits)
            zones = {host.zone.name for host in hosts if not host.arbiter_only}
            self.pools[limits] = (self.pool_class(hosts, limits), len(zones))
        return self.pools[limits]

    def _pool_hosts(self, target: Target) -> list[HostSpace]:
        return self._hosts(target.desired.limits)

    def _hosts(self, limits: Limits) -> list[HostSpace]:
        return [
            host
            for host in self.space.hosts.values()
            if limits.admits_host(host.name) and any(limits.admits_device(path) for path in host.by_path)
        ]


def _placed_volume(target: Target, places: Iterable[Place], hosts: Mapping[str, Host], root: str) -> PlacedVolume:
    bricks = [_brick(target, position, hosts[host], device, root) for position, (host, device) in enumerate(places)]
    return PlacedVolume(target, bricks)


def _brick(target: Target, position: int, host: Host, device: Optional[str], root: str) -> Brick:
    existing = target.existing_at(position)
    running = len(target.running)
    number = position + 1 if position < running else target.first_number + position - running
    name = existing.name if existing else "%s-%s" % (target.desired.name, number)
    path = existing.path if existing and existing.path else "%s/%s/brick" % (root, name)
    return Brick(
        number=number,
        name=name,
        host=host.name,
        address=host.address,
        zone=host.zone,
        device=device,
        size=target.size_at(position),
        mount=path.rsplit("/", 1)[0],
        path=path,
        arbiter=target.is_arbiter(position),
        exists=existing is not None,
        in_volume=bool(existing and existing.in_volume),
    )
