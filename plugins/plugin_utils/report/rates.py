# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How fast heals and rebalances of a report advance, and when they should end. Pure. PRIVATE to the collection."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, Optional

_FORM = "%Y-%m-%dT%H:%M:%SZ"
_RUNNING = "in progress"
_Data = Mapping[str, Any]


class Rate(NamedTuple):
    """By how much it gets less in a second, and in how many seconds it should end; None where nobody can tell."""

    each_second: Optional[float] = None
    seconds_left: Optional[float] = None

    def ends(self, made: str) -> Optional[str]:
        """Return when it should end, if it went on from when the report was made; in the report's form of times."""
        if self.seconds_left is None:
            return None
        try:
            end = datetime.datetime.strptime(made, _FORM) + datetime.timedelta(seconds=self.seconds_left)
        except (ValueError, OverflowError):
            return None
        return end.strftime(_FORM)


def heal_rates(pool: _Data) -> dict[tuple[str, str], Rate]:
    """Return the rates of bricks for which something waits, by volume and brick, of two counts."""
    first = {(one["volume"], one["brick"]): one["pending"] for one in pool.get("heal") or ()}
    found = {}
    for later in pool.get("heal_later") or ():
        key = later["volume"], later["brick"]
        before, left, seconds = first.get(key), later["pending"], later["seconds"]
        if before and left is not None and seconds > 0:
            found[key] = _rate(before - left, left, seconds)
    return found


def _rate(less: float, left: float, seconds: float) -> Rate:
    """What grows, or stays, has no rate at which it would end."""
    rate = max(less, 0) / seconds
    return Rate(round(rate, 2), left / rate if rate else None)


def together(rates: Iterable[Optional[Rate]]) -> Rate:
    """Return the rate of all: it ends with the last of them, and nobody can tell where one of them does not end."""
    told = list(rates)
    known = [one for one in told if one is not None and one.each_second is not None]
    if not known:
        return Rate()
    ends = [one.seconds_left if one is not None else None for one in told]
    finite = [end for end in ends if end is not None]
    rate = round(sum(one.each_second or 0 for one in known), 2)
    return Rate(rate, max(finite) if len(finite) == len(ends) else None)


def moving_rate(told: _Data) -> Rate:
    """Return the bytes a second that a rebalance has moved since its start, None where no file moves."""
    if told.get("state") != _RUNNING or told.get("layout_only"):
        return Rate()
    seconds = max((one["seconds"] for one in told.get("members") or ()), default=0)
    if seconds <= 0 or not told.get("size"):
        return Rate()
    rate = told["size"] / seconds
    return Rate(round(rate, 2), (told.get("left") or 0) / rate)


def until(end: str) -> str:
    """Return for people when something should end."""
    return f"until about {end.replace('T', ' ')[:-4]} UTC"
