# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The volumes of a report, with their sets and bricks. Sizes in bytes. Pure. PRIVATE to the collection."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Optional

from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.filling import fillings
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Brick, Volume
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.redundancy import sources_needed
from ansible_collections.brickwork.gluster.plugins.module_utils.shapes import Shape
from ansible_collections.brickwork.gluster.plugins.plugin_utils.report.rates import Rate, heal_rates, together
from ansible_collections.brickwork.gluster.plugins.plugin_utils.report.seen import Owners, Seen

_Data = dict[str, Any]
_Key = tuple[str, str]

SERVES, OFFLINE, STOPPED, UNKNOWN = "serves", "offline", "volume is not started", "unknown"


class VolumeWords:
    """Makes the data of volumes, with what was told of their bricks looked up once."""

    def __init__(self, seen: Seen, owners: Owners) -> None:
        self._owners = owners
        pool = seen.pool
        self._status = {(one["volume"], f"{one['host']}:{one['path']}"): one for one in pool.get("bricks") or ()}
        self._heals = {(one["volume"], one["brick"]): one for one in pool.get("heal") or ()}
        self._rates, self._made = heal_rates(pool), seen.made
        self._unread = any(one["part"] == "bricks" for one in pool.get("unread") or ())

    def describe(self, volume: Volume) -> _Data:
        """Return a volume as data."""
        sets = [self._set(volume, number, bricks) for number, bricks in enumerate(volume.brick_sets, 1)]
        bricks = [brick for one in sets for brick in one["bricks"]]
        return {
            "name": volume.name,
            "kind": shape_of_volume(volume).describe(),
            "status": volume.status,
            "size": _sum(one["size"] for one in sets),
            "used": _sum(one["used"] for one in sets),
            "snapshots": volume.snapshots,
            "offline": sum(brick["state"] not in (SERVES, STOPPED) for brick in bricks),
            "pending": sum(brick["pending"] or 0 for brick in bricks),
            "split_brain": sum(brick["split_brain"] or 0 for brick in bricks),
            "options": dict(sorted(volume.options.items())),
            "sets": sets,
        }

    def rate_of(self, volume: Volume) -> Rate:
        """Return how fast a volume heals: all of its bricks for which something waits."""
        keys = [(volume.name, brick.name) for brick in volume.bricks]
        return together(self._rates.get(key) for key in keys if self._heals.get(key, {}).get("pending"))

    def state_of(self, volume: Volume, brick: Brick) -> str:
        """Return in a few words whether a brick serves."""
        if not volume.is_started:
            return STOPPED
        status = self._status.get((volume.name, brick.name))
        if self._unread or status is None:
            return UNKNOWN
        return SERVES if status["online"] else OFFLINE

    def _set(self, volume: Volume, number: int, bricks: Sequence[Brick]) -> _Data:
        told = [self._status.get((volume.name, brick.name), {}) for brick in bricks if not brick.arbiter]
        return {
            "number": number,
            "size": _of_set(volume, [one.get("size") for one in told], min),
            "used": _of_set(volume, [_used(one) for one in told], max),
            "bricks": [self._brick(volume, brick) for brick in bricks],
        }

    def _brick(self, volume: Volume, brick: Brick) -> _Data:
        node, disk = self._owners.name_of(brick), self._owners.disk_of(brick)
        heal = self._heals.get((volume.name, brick.name), {})
        rate = self._rates.get((volume.name, brick.name), Rate())
        return {
            "brick": brick.name,
            "node": node,
            "zone": self._owners.zone_of(node),
            "disk": disk.get("device") or "",
            "size": disk.get("size") or None,
            "full_percent": _whole(disk.get("data_percent")),
            "arbiter": brick.arbiter,
            "new": brick.name in fillings(volume),
            "state": self.state_of(volume, brick),
            "pending": heal.get("pending"),
            "split_brain": heal.get("split_brain"),
            "heal_rate": rate.each_second,
            "heal_ends": rate.ends(self._made),
        }


def shape_of_volume(volume: Volume) -> Shape:
    """Return the shape of a volume that exists."""
    if volume.disperse:
        return Shape("disperse", disperse=volume.disperse, redundancy=volume.redundancy)
    if volume.replicas > 1:
        return Shape("arbiter" if volume.arbiters else "replicate", volume.replicas, volume.arbiters)
    return Shape("distribute")


def brick_size(volume: Volume, owners: Owners) -> int:
    """Return the bytes of a volume's largest data brick, 0 where no node tells."""
    return max((owners.disk_of(brick).get("size") or 0 for brick in volume.bricks if not brick.arbiter), default=0)


def _used(status: Mapping[str, Any]) -> Optional[int]:
    size, free = status.get("size"), status.get("free")
    return None if size is None or free is None else size - free


def _of_set(volume: Volume, values: Sequence[Optional[int]], choose: Any) -> Optional[int]:
    known = [value for value in values if value is not None]
    return int(choose(known)) * sources_needed(volume) if known else None


def _sum(values: Iterable[Optional[int]]) -> Optional[int]:
    """Return the sum, None where a part is not known."""
    found = list(values)
    return sum(value or 0 for value in found) if found and None not in found else None


def _whole(percent: Optional[float]) -> Optional[int]:
    return None if percent is None else round(percent)
