# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How fast something advances, and when it should end. Pure. PRIVATE to the collection."""

import time
from collections import deque
from typing import NamedTuple, Optional

#: Seconds over which a rate is taken: shorter, it jumps; longer, it does not see a change.
_WINDOW = 120.0


class Reading(NamedTuple):
    """What was left at a moment, in seconds of a clock that only goes forward."""

    at: float
    left: float


class Progress:
    """The readings of one thing that is to come to nothing."""

    def __init__(self) -> None:
        self._readings: deque[Reading] = deque()
        self._moved: Optional[float] = None

    def note(self, at: float, left: float) -> None:
        """Take a reading. What gets less counts, also where it was less before: counts of heals rise at first."""
        if self._moved is None or left < self._readings[-1].left:
            self._moved = at
        self._readings.append(Reading(at, left))
        while self._readings[0].at < at - _WINDOW and len(self._readings) > 2:
            self._readings.popleft()

    @property
    def rate(self) -> float:
        """By how much it gets less in a second, 0 where it does not."""
        first, last = self._readings[0], self._readings[-1]
        passed = last.at - first.at
        return max((first.left - last.left) / passed, 0.0) if passed else 0.0

    @property
    def seconds_left(self) -> Optional[float]:
        """In how many seconds it should end, None where nobody can tell."""
        return self._readings[-1].left / self.rate if self.rate else None

    def idle(self, at: float) -> float:
        """Return for how many seconds it has not got less."""
        return at - self._moved if self._moved is not None else 0.0


def time_of_day(at: float, now: float) -> str:
    """Return a moment, in seconds since 1970, for people of the controller: 14:32 CET, with the date on another day."""
    moment = time.localtime(at)
    is_today = moment[:3] == time.localtime(now)[:3]
    return time.strftime("%H:%M %Z" if is_today else "%Y-%m-%d %H:%M %Z", moment)


def ends(seconds: float, now: float) -> str:
    """Return when what takes that long from now on should end."""
    return f"done in about {duration(seconds)}, at {time_of_day(now + seconds, now)}"


def duration(seconds: float) -> str:
    """Return a time for people: 45 s, 12 min, 3 h 20 min."""
    whole = round(seconds)
    if whole < 90:
        return f"{whole} s"
    minutes = round(whole / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"
