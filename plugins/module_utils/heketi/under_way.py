# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting for what heketi is at already, before anything is planned by what it shows. PRIVATE to the collection."""

from typing import Any, Callable, Iterable, List, Sequence, TypeVar

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import BrickworkError
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.records import (
    IN_FLIGHT,
    PendingOperation,
    Topology,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.transport import NoAnswer
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.volume_plan import Observed
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import Operation, Step
from ansible_collections.brickwork.gluster.plugins.module_utils.waiting import Clock, wait_until_nothing

#: What a read shows, with its pending operations.
Shown = TypeVar("Shown", Topology, Observed)


def read_when_ended(
    read: Callable[[], Shown], deciding: Callable[[Shown], Iterable[PendingOperation]], timeout: float, clock: Clock
) -> Shown:
    """Return what read() shows once the operations that deciding(shown) named at first are no longer under way.

    What read() returns has the pending operations as C(pending). Raises VerifyError after timeout seconds.
    """
    seen = [read()]
    awaited = {operation.operation_id for operation in deciding(seen[0])}

    def under_way() -> List[PendingOperation]:
        left = [operation for operation in seen[-1].pending if operation.operation_id in awaited]
        left = [operation for operation in left if operation.status == IN_FLIGHT]
        if left:
            seen.append(read())
        return left

    wait_until_nothing(under_way, timeout, clock, lambda left: _complaint(left, timeout))
    return seen[-1]


def _complaint(operations: Iterable[PendingOperation], timeout: float) -> str:
    told = ", ".join(operation.describe() for operation in operations)
    return "heketi is still at it after %s s, and goes on by itself: %s" % (timeout, told)


def wait_until_done(left: Callable[[], Sequence[object]], reason: BrickworkError, timeout: float, clock: Clock) -> None:
    """Wait until left() returns nothing; reason is why nobody knows whether the request was done.

    heketi may be restarting: while it does not answer, the request may be left over, and it is asked again.
    """
    silence: List[BrickworkError] = [reason]

    def still_left() -> Sequence[object]:
        try:
            return left()
        except NoAnswer as error:
            silence[0] = error
            return [error]

    wait_until_nothing(
        still_left, timeout, clock, lambda _left: "%s; still not done after %s s" % (silence[0], timeout)
    )


def left_of(operation: Operation[Any], step: Step) -> List[Step]:
    """Return what a fresh plan of an operation still has of a step: nothing, once its request was done."""
    return [left for left in operation.plan(operation.observe()).steps if left[:2] == step[:2]]
