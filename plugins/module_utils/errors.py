# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every way in which the engine refuses or fails. PRIVATE to the collection."""

from typing import Iterable, Optional, Sequence

#: Nobody reads more at once, and an inventory may be wrong 100,000 times.
MOST_PROBLEMS = 20


class BrickworkError(Exception):
    """Base of all errors of the engine; its text is what the user reads."""


class InputError(BrickworkError):
    """What was asked for is wrong in itself: names the option, what was found and what to change."""


class PlanError(BrickworkError):
    """The observed state does not allow what was asked for."""


class UnsafeChangeError(PlanError):
    """What was asked for would destroy or reuse something without leave."""


class PlacementError(PlanError):
    """No place for a brick: says how many are missing, and where."""


class ParseError(BrickworkError):
    """An answer that is not what the program promises to print."""


class CommandError(BrickworkError):
    """A command that failed; keeps what it said."""

    def __init__(
        self, message: str, argv: Iterable[str] = (), rc: Optional[int] = None, stdout: str = "", stderr: str = ""
    ) -> None:
        super(CommandError, self).__init__(message)
        self.argv = list(argv)
        self.rc = rc
        self.stdout = stdout
        self.stderr = stderr


class VerifyError(BrickworkError):
    """The state after the steps is not the one that was desired."""


def all_at_once(problems: Sequence[str]) -> str:
    """Return the text of an error that names many things: the first of them, a line each, and how many more."""
    lines = list(problems[:MOST_PROBLEMS])
    if problems[MOST_PROBLEMS:]:
        lines.append("... and %s more like these" % (len(problems) - MOST_PROBLEMS))
    return "\n".join(lines)
