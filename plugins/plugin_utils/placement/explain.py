# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Says in words why bricks are where they are, and why there is no place. PRIVATE to the collection."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import brick_footprint, format_size
from ansible_collections.brickwork.gluster.plugins.plugin_utils.placement.capacity import DeviceSpace, HostSpace
from ansible_collections.brickwork.gluster.plugins.plugin_utils.placement.records import (
    Brick,
    Existing,
    PlacedVolume,
    Request,
    Target,
)

# That module says its refusals in words of this one.
if TYPE_CHECKING:
    from ansible_collections.brickwork.gluster.plugins.plugin_utils.placement.spread import SetChoice

#: More set numbers than this in a line help nobody.
_SHOWN = 5


def placement(volumes: Sequence[PlacedVolume], request: Request) -> list[str]:
    """Return the lines that explain a placement."""
    lines = []
    if volumes and not request.has_zones:
        lines.append("no host names a zone: each host counts as a failure zone of its own")
    for volume in volumes:
        lines.append(_choice(volume))
        lines.extend(_not_spread(volume, request))
        lines.extend(_left_over(volume))
    return lines


def _choice(volume: PlacedVolume) -> str:
    target, bricks = volume.target, volume.bricks
    kept = sum(brick.in_volume for brick in bricks)
    prepared = sum(brick.exists for brick in bricks) - kept
    new = len(bricks) - kept - prepared
    counts = [(kept, "kept"), (prepared, "prepared earlier"), (new, "new, emptiest devices first")]
    return "volume %s: %s, %s of bricks of %s%s in %s: %s" % (
        target.desired.name,
        target.desired.shape.describe(),
        _plural(target.sets, "set"),
        format_size(target.data_size),
        " (arbiters %s)" % format_size(target.arbiter_size) if target.desired.shape.arbiters else "",
        _zones(bricks),
        ", ".join("%s %s" % count for count in counts if count[0]),
    )


def _zones(bricks: Iterable[Brick]) -> str:
    names = sorted({brick.zone for brick in bricks})
    return "%s %s" % ("zone" if len(names) == 1 else "zones", _few(names))


def _not_spread(volume: PlacedVolume, request: Request) -> Iterator[str]:
    """Name the sets that losing one zone would hurt."""
    shape = volume.target.desired.shape
    if shape.width == 1 or not request.has_zones:
        return
    limit = shape.redundancy or 1
    crowded = []
    for number, first in enumerate(range(0, len(volume.bricks), shape.width), 1):
        zones = [brick.zone for brick in volume.bricks[first : first + shape.width]]
        if max(zones.count(zone) for zone in zones) > limit:
            crowded.append(str(number))
    if crowded:
        yield "volume %s: for want of room in other zones, a zone holds more than %s of %s %s" % (
            volume.target.desired.name,
            _plural(limit, "brick"),
            "set" if len(crowded) == 1 else "sets",
            _few(crowded),
        )


def _left_over(volume: PlacedVolume) -> Iterator[str]:
    for brick in volume.target.left_over:
        yield (
            "volume %s: %s-%s on %s is left over from an earlier run; no volume uses it"
            % (
                brick.volume,
                brick.volume,
                brick.number,
                brick.host,
            )
        )


def unfit(brick: Existing, reason: str) -> str:
    """Refuse a prepared brick that breaks a rule."""
    return (
        "volume %s: brick %s, which an earlier run prepared on %s, does not fit: %s; "
        "remove it by name (lvm_brick, state absent) or undo what changed in the inventory since"
        % (brick.volume, brick.name, brick.host, reason)
    )


def unknown_host(brick: Existing) -> str:
    """Refuse to go on with a brick on a host that the inventory does not have."""
    return "volume %s: brick %s is on %s, which is not among the hosts; put that host back into the inventory" % (
        brick.volume,
        brick.name,
        brick.host,
    )


def cannot_grow(target: Target, position: int, brick: Existing, free: int) -> str:
    """Refuse a size that a brick's own device has no room for."""
    size = brick.size or 0
    more = brick_footprint(target.size_at(position)) - brick_footprint(size)
    return (
        "volume %s: size: its brick %s on %s would have to grow from %s to %s, which takes %s more, and %s has %s "
        "free; raise sets instead, or ask for less"
        % (
            target.desired.name,
            position + 1,
            brick.host,
            format_size(size),
            format_size(target.size_at(position)),
            format_size(more),
            brick.device,
            format_size(free),
        )
    )


def no_place(choice: "SetChoice", position: int, request: Request, hosts: Sequence[HostSpace]) -> str:
    """Refuse a set for which there is no place: how many bricks are missing, and what each zone lacks."""
    target = choice.target
    missing = len([other for other in choice.positions if other >= position and other not in target.prepared])
    arbiter = target.is_arbiter(position)
    need = brick_footprint(target.size_at(position))
    lacks = [lack for zone in sorted(choice.pool.zones) for lack in _lack(zone, choice, need, arbiter, hosts)]
    what = "arbiter brick" if arbiter else "brick"
    return "volume %s: set %s needs %s more %s of %s (%s with its pool's metadata); %s%s" % (
        target.desired.name,
        position // target.desired.shape.width + 1,
        missing,
        what if missing == 1 else what + "s",
        format_size(target.size_at(position)),
        format_size(need),
        _few(lacks, "; ") + ": " if lacks else "",
        _advice(choice, request),
    )


def _lack(zone: str, choice: "SetChoice", need: int, arbiter: bool, hosts: Iterable[HostSpace]) -> Iterator[str]:
    """Say why a zone offers nothing to the set."""
    taken = choice.hosts.get(zone, ())
    if len(taken) >= choice.limit:
        return
    rest = [host for host in hosts if host.zone.name == zone and host.name not in taken]
    usable = [host for host in rest if arbiter or not host.arbiter_only]
    limits = choice.target.desired.limits
    devices = [device for host in usable for device in host.devices if limits.admits_device(device.path)]
    name = "zone %s" % zone if len(choice.pool.zones) > 1 else "there"
    verb = "has" if len(choice.pool.zones) > 1 else "is"
    yield "%s %s no %shost with %s free%s" % (
        name,
        verb,
        "other " if taken else "",
        format_size(need),
        _most(devices),
    )


def _most(devices: Sequence[DeviceSpace]) -> str:
    if not devices:
        return ""
    best = max(devices, key=lambda device: (device.free, -device.host.order, -device.order))
    reason = ", %s" % best.reason if best.reason else ""
    return " (at most %s, on %s of %s%s)" % (format_size(max(best.free, 0)), best.path, best.host.name, reason)


def _advice(choice: "SetChoice", request: Request) -> str:
    if not request.has_zones or choice.limit == choice.target.desired.shape.width:
        return "add devices or hosts, or ask for less"
    full = sorted(zone for zone, hosts in choice.hosts.items() if len(hosts) >= choice.limit)
    have = " and %s %s that" % (_few(full), "has" if len(full) == 1 else "have") if full else ""
    return (
        "zone_policy strict allows %s of a set in a zone%s; add devices or hosts in another zone, ask for less, or set "
        "zone_policy to preferred" % (_plural(choice.limit, "brick"), "," + have if have else "")
    )


def _plural(number: int, word: str) -> str:
    return "%s %s%s" % (number, word, "" if number == 1 else "s")


def _few(words: Iterable[str], separator: str = ", ") -> str:
    words = list(words)
    more = ["and %s more" % (len(words) - _SHOWN)] if len(words) > _SHOWN else []
    return separator.join(words[:_SHOWN] + more)
