# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How each guest was made, written down: a system disk that was begun on one image boots on no other."""

from __future__ import annotations

import dataclasses
import json
import pathlib

from brickwork_lab.kernel import Kernel


@dataclasses.dataclass(frozen=True)
class Made:
    """The kernel and the image that a guest boots with, and how often it got a new system disk."""

    kernel: Kernel
    image: pathlib.Path
    system_disk: int = 0


def read_made(state: pathlib.Path, name: str) -> Made | None:
    """Return how a guest was made, None for one that never was."""
    path = _path(state, name)
    if not path.exists():
        return None
    data = json.loads(path.read_text())
    root = data["kernel"]["root"]
    kernel = Kernel(data["kernel"]["version"], pathlib.Path(data["kernel"]["modules"]), root and pathlib.Path(root))
    return Made(kernel, pathlib.Path(data["image"]), data["system_disk"])


def write_made(state: pathlib.Path, name: str, made: Made) -> None:
    """Write down how a guest was made."""
    _path(state, name).write_text(json.dumps(dataclasses.asdict(made), default=str))


def _path(state: pathlib.Path, name: str) -> pathlib.Path:
    return state / f"{name}.made.json"
