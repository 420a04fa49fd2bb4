# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting for what takes time, with a limit. PRIVATE to the collection."""

from typing import Any, Callable, TypeVar

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import VerifyError

#: Seconds between two looks; a look is a command or two of 0.1 s each.
#: The module time, or what stands in for it: time(), monotonic() and sleep(seconds).
Clock = Any
Left = TypeVar("Left")

_PAUSE = 0.5


def wait_until_nothing(
    left_over: Callable[[], Left], timeout: float, clock: Clock, complaint: Callable[[Left], str]
) -> None:
    """Call left_over() until it returns nothing, for at most timeout seconds.

    Raises VerifyError with complaint(what is left over).
    """
    deadline = clock.monotonic() + timeout
    while True:
        left = left_over()
        if not left:
            return
        if clock.monotonic() >= deadline:
            raise VerifyError(complaint(left))
        clock.sleep(_PAUSE)
