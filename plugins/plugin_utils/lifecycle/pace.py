# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a wait shows how far it is: every few seconds in a terminal, else once a minute. PRIVATE to the collection."""

import sys
from collections.abc import Hashable, Mapping
from typing import Optional

#: Asked when this file is loaded, which is in Ansible's first process: a worker of ansible-core 2.19 has no terminal.
TERMINAL = sys.stdout.isatty()
#: ansible-runner, and so AWX, has a terminal that nobody looks at, and sets the first. CI systems set the other.
_LOGS = ("AWX_ISOLATED_DATA_DIR", "CI")
_IN_TERMINAL, _IN_LOG = 5.0, 60.0


def seconds_between_lines(environment: Mapping[str, str], terminal: bool) -> float:
    """Return how many seconds are between two lines where nothing new happens."""
    given = environment.get("BRICKWORK_PROGRESS_SECONDS", "")
    if given.isdecimal():
        return float(given)
    return _IN_TERMINAL if terminal and not any(environment.get(name) for name in _LOGS) else _IN_LOG


class Pace:
    """Says of each moment of a wait whether something is shown then."""

    def __init__(self, every: float) -> None:
        self._every = every
        self._shown: Optional[float] = None
        self._phase: Hashable = None

    def due(self, at: float, phase: Hashable) -> bool:
        """Return whether to show something: at first, when another phase begins, and each time the seconds are over."""
        due = self._shown is None or phase != self._phase or at - self._shown >= self._every
        if due:
            self._shown, self._phase = at, phase
        return due
