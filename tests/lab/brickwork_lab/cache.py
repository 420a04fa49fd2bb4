# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What takes long is built once and kept, under a name that says what went in."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import pathlib
import shutil
import tempfile
from collections.abc import Callable, Iterator


def cache_folder() -> pathlib.Path:
    """Return the folder of everything that can be built again."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return pathlib.Path(base) / "brickwork-lab"


def key_of(parts: object) -> str:
    """Return a short name for what goes into something: the same parts, the same name."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


def cached(kind: str, parts: object, build: Callable[[pathlib.Path], None]) -> pathlib.Path:
    """Return the folder of that kind made from those parts; build fills it if it is not there yet.

    It is built beside its place and renamed, so that a folder with its name is always whole.
    """
    place = cache_folder() / f"{kind}-{key_of(parts)}"
    with locked(place):
        if not place.exists():
            _build(place, build)
    return place


@contextlib.contextmanager
def locked(place: pathlib.Path) -> Iterator[None]:
    """Let one process at a time do what makes the file or folder of that name."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with open(f"{place}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _build(place: pathlib.Path, build: Callable[[pathlib.Path], None]) -> None:
    for left in place.parent.glob(f"{place.name}.*.part"):
        shutil.rmtree(left, ignore_errors=True)
    part = pathlib.Path(tempfile.mkdtemp(prefix=f"{place.name}.", suffix=".part", dir=place.parent))
    try:
        build(part)
        part.rename(place)
    finally:
        shutil.rmtree(part, ignore_errors=True)
