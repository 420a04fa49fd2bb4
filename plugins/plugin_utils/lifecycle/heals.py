# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The wait for healing: what is shown of it, and when it ends. Pure. PRIVATE to the collection."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import format_size
from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.progress import (
    Progress,
    duration,
    ends,
    time_of_day,
)

_Volume = Mapping[str, Any]
#: Seconds in which a brick that was just started may still come.
_GRACE = 60


class Limits(NamedTuple):
    """Seconds: for the whole wait, and for one in which nothing gets less."""

    timeout: float
    patience: float

    def latest_end(self, now: float) -> str:
        """Return when a wait that begins now, in seconds since 1970, ends in any case."""
        return f"this wait ends at {time_of_day(now + self.timeout, now)} at the latest"


class HealWait:
    """A wait for volumes to be healed, from its first count to its last. now tells the seconds since 1970."""

    def __init__(self, limits: Limits, began: float, now: Callable[[], float]) -> None:
        self._limits = limits
        self._began = began
        self._now = now
        self._progress: dict[str, Progress] = {}
        self._all, self._bytes = Progress(), Progress()

    def latest_end(self) -> str:
        """Return when the wait ends in any case, while it begins."""
        return self._limits.latest_end(self._now())

    def note(self, at: float, volumes: Sequence[_Volume]) -> None:
        """Take a count of all volumes."""
        for volume in volumes:
            self._progress.setdefault(volume["name"], Progress()).note(at, volume["pending"])
        self._all.note(at, sum(volume["pending"] for volume in volumes))
        self._bytes.note(at, sum(volume["behind"] for volume in volumes))

    def _idle(self, at: float) -> float:
        """A large file is one entry until its end, and its bytes get less; small ones are entries and hardly bytes."""
        return min(self._all.idle(at), self._bytes.idle(at))

    def lines(self, volumes: Sequence[_Volume]) -> list[str]:
        """Return what is shown of the volumes that are not whole, a line each."""
        return [self._line(volume) for volume in volumes if not volume["healed"]]

    def _line(self, volume: _Volume) -> str:
        progress = self._progress[volume["name"]]
        words = [f"{volume['pending']} entries left"]
        if volume["behind"]:
            words.append(f"about {format_size(volume['behind'])} to copy")
        if volume.get("filling"):
            words.append(f"not known to be filled: {', '.join(volume['filling'])}")
        if progress.rate:
            words.append(f"{progress.rate:.1f} entries a second")
        if progress.seconds_left is not None and volume["pending"]:
            words.append(ends(progress.seconds_left, self._now()))
        return f"{volume['name']}: " + "; ".join([", ".join(words), *volume["obstacles"]])

    def names(self, volumes: Sequence[_Volume]) -> list[str]:
        """Return, a line for each volume, the names of what waits: somebody may want to look at these files."""
        return [f"{volume['name']}: what waits: {', '.join(volume['names'])}" for volume in volumes if volume["names"]]

    def verdict(self, at: float, volumes: Sequence[_Volume]) -> str:
        """Return why to wait no longer, "" to go on."""
        left = [volume for volume in volumes if not volume["healed"]]
        # What stands in the way of one volume is waited for as long as another one heals.
        if left and all(volume["obstacles"] for volume in left) and self._idle(at) >= _GRACE:
            return self._ended("this does not heal by itself", left)
        if at - self._began >= self._limits.timeout:
            return self._ended(f"not healed after {duration(at - self._began)}", left)
        if self._idle(at) >= self._limits.patience:
            seen = "the playbook split_brain shows names that keep folders waiting, where there are such"
            return self._ended(f"nothing got less for {duration(self._idle(at))} ({seen})", left)
        return ""

    def _ended(self, why: str, left: Sequence[_Volume]) -> str:
        lines = [self._line(volume) + (f"; {volume['unknown']}" if volume["unknown"] else "") for volume in left]
        return "\n".join([f"volumes: {why}:", *lines])
