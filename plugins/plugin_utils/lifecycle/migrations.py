# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The wait for files that move between sets: what is shown of it, and when it ends. Pure. PRIVATE to the collection."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import format_size
from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.heals import Limits
from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.progress import Progress, duration, ends

_Volume = Mapping[str, Any]
RUNNING = "in progress"
_ON = "it goes on without this wait; run again to see how far it is"


class MigrationWait:
    """A wait for the files of volumes to be where they belong, from its first answer to its last.

    now tells the seconds since 1970.
    """

    def __init__(self, limits: Limits, began: float, now: Callable[[], float]) -> None:
        self._limits = limits
        self._began = began
        self._now = now
        self._progress: dict[str, Progress] = {}
        self._seen: dict[str, tuple[Any, ...]] = {}
        self._changed_at = began

    def latest_end(self) -> str:
        """Return when the wait ends in any case, while it begins."""
        return self._limits.latest_end(self._now())

    def note(self, at: float, volumes: Sequence[_Volume]) -> None:
        """Take an answer. A large file counts only when it is whole, so what bricks hold tells that it advances."""
        for volume in volumes:
            self._progress.setdefault(volume["name"], Progress()).note(at, volume["left"])
        seen = {one["name"]: (one["files"], one["size"], one["scanned"], one["used"], one["state"]) for one in volumes}
        if seen != self._seen:
            self._seen, self._changed_at = seen, at

    def lines(self, volumes: Sequence[_Volume]) -> list[str]:
        """Return what is shown of the volumes whose files still move, a line each."""
        return [self._line(volume) for volume in volumes if volume["state"] == RUNNING]

    def ends(self, volumes: Sequence[_Volume]) -> list[str]:
        """Return what is shown of the volumes that were waited for, with who has left which files where they were."""
        ended = [volume for volume in volumes if volume["name"] in self._seen and volume["state"] != RUNNING]
        return [
            line
            for volume in ended
            for line in (f"{volume['name']}: {volume['state']}, {', '.join(_moved(volume))}", *volume["problems"])
        ]

    def _line(self, volume: _Volume) -> str:
        progress = self._progress[volume["name"]]
        words = _moved(volume)
        if volume["left"] and not volume["layout_only"]:
            words.append(f"about {format_size(volume['left'])} left")
            if progress.seconds_left is not None:
                words.append(f"{format_size(int(progress.rate))} a second")
                words.append(ends(progress.seconds_left, self._now()))
        return f"{volume['name']}: " + ", ".join(words)

    def verdict(self, at: float, volumes: Sequence[_Volume]) -> str:
        """Return why to wait no longer, "" to go on."""
        if at - self._began >= self._limits.timeout:
            return self._ended(f"not done after {duration(at - self._began)}", volumes)
        if at - self._changed_at >= self._limits.patience:
            return self._ended(f"nothing has moved for {duration(at - self._changed_at)}", volumes)
        return ""

    def _ended(self, why: str, volumes: Sequence[_Volume]) -> str:
        return "\n".join([f"volumes: {why}; {_ON}:", *self.lines(volumes)])


def _moved(volume: _Volume) -> list[str]:
    moved = f"{volume['files']} moved ({format_size(volume['size'])})"
    kept = [(volume["failures"], "failed"), (volume["skipped"], "skipped")]
    return [f"{volume['scanned']} files looked at", moved, *(f"{number} {word}" for number, word in kept if number)]
