# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many more volumes of a kind fit. Placement itself is asked, by all its rules. Sizes in bytes. Pure. PRIVATE."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import BrickworkError
from ansible_collections.brickwork.gluster.plugins.module_utils.shapes import Shape, shape_of
from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import GIB, brick_footprint
from ansible_collections.brickwork.gluster.plugins.plugin_utils.placement.desired import MOST_BRICKS
from ansible_collections.brickwork.gluster.plugins.plugin_utils.placement.place import place_bricks

#: Nobody counts further.
MOST_VOLUMES = 1000
#: What is asked for where the cluster has no volume that tells.
_USUAL = (shape_of("replicate"), 1, 100 * GIB)
#: As many sizes of a kind are told: the most frequent ones.
_SIZES = 3
#: By this part of the largest disk the largest volume is known.
_STEPS = 10
_NAME = "report"


class Room(NamedTuple):
    """Where more could go: hosts as placement takes them, and its rules."""

    hosts: Sequence[Mapping[str, Any]]
    zone_policy: str
    root: str


class Kind(NamedTuple):
    """A kind of volume, its number of sets, and what users may store in it."""

    shape: Shape
    sets: int
    size: int


def kinds(volumes: Iterable[Kind], sizes: Sequence[int]) -> list[Kind]:
    """Return the kinds that are asked for: the most frequent ones of the cluster, or these sizes in one set each."""
    by_shape: dict[Shape, Counter[Kind]] = defaultdict(Counter)
    for one in volumes:
        by_shape[one.shape][one] += 1
    if not by_shape:
        by_shape[_USUAL[0]][Kind(*_USUAL)] += 1
    if sizes:
        return [Kind(shape, 1, size) for shape in sorted(by_shape) for size in sorted(set(sizes))]
    return [one for shape in sorted(by_shape) for one in sorted(_frequent(by_shape[shape]))]


def _frequent(counted: Counter[Kind]) -> list[Kind]:
    ordered = sorted(counted, key=lambda one: (-counted[one], -one.size, one.sets))
    return ordered[:_SIZES]


def capacity(wanted: Iterable[Kind], room: Room) -> list[dict[str, Any]]:
    """Return for each kind how many more volumes fit, what ends that, and the largest single one in one set."""
    largest: dict[Shape, int] = {}
    found = []
    for one in wanted:
        if one.shape not in largest:
            largest[one.shape] = largest_volume(one.shape, room)
        count, at_least, limit = count_more(one, room)
        found.append(
            {
                "kind": one.shape.describe(),
                "sets": one.sets,
                "size": one.size,
                "count": count,
                "at_least": at_least,
                "limit": limit,
                "largest": largest[one.shape],
            }
        )
    return found


def count_more(kind: Kind, room: Room) -> tuple[int, bool, str]:
    """Return how many more volumes of a kind fit, whether it may be more than that, and why not one more."""
    bound = _bound(kind, room)
    if bound and not _refusal(kind, bound, room):
        at_least = bound >= _most(kind)
        return bound, at_least, "" if at_least else _refusal(kind, bound + 1, room)
    count = _last(lambda number: not _refusal(kind, number, room), max(bound, 1))
    return count, False, _refusal(kind, count + 1, room)


def largest_volume(shape: Shape, room: Room) -> int:
    """Return about how many bytes the largest single volume of one set can hold, down to a part of the largest disk."""
    data = max(shape.disperse - shape.redundancy, 1)
    free = max((device["free"] for host in room.hosts for device in host["devices"]), default=0)
    step = max(free // 2**_STEPS, GIB)
    fits = _last(lambda number: not _refusal(Kind(shape, 1, data * step * number), 1, room), free // step + 1)
    return data * step * fits


def _last(fits: Callable[[int], bool], above: int) -> int:
    """Return the last number that fits, of those from 0 up to one that does not; what fits, fits with less, too."""
    low, high = 0, above
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    return low


def _most(kind: Kind) -> int:
    return max(min(MOST_VOLUMES, MOST_BRICKS // (kind.sets * kind.shape.width)), 1)


def _bound(kind: Kind, room: Room) -> int:
    """Return a number that is not less than what fits: of all the room, or as far as anybody counts."""
    data = max(kind.shape.disperse - kind.shape.redundancy, 1)
    bricks = kind.sets * (kind.shape.width - kind.shape.arbiters)
    free = sum(device["free"] for host in room.hosts for device in host["devices"])
    return min(free // (bricks * brick_footprint(-(-kind.size // (kind.sets * data)))), _most(kind))


def _refusal(kind: Kind, number: int, room: Room) -> str:
    """Return why that many volumes of a kind have no place, "" for a place: one with all their sets stands for them."""
    shape = kind.shape
    volume = {"name": _NAME, "type": shape.kind, "sets": kind.sets * number, "size": f"{kind.size * number}B"}
    if shape.replicas:
        volume["replicas"] = shape.replicas
    if shape.disperse:
        volume.update(disperse_data=shape.disperse - shape.redundancy, redundancy=shape.redundancy)
    try:
        place_bricks([volume], room.hosts, (), room.zone_policy, room.root)
    except BrickworkError as error:
        return str(error).removeprefix("volumes: ").removeprefix(f"volume {_NAME}: ").removeprefix(f"{_NAME}: ")
    return ""
