# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Has heketi undo or finish what was cut off in it. PRIVATE to the collection."""

import json
import time
from typing import Any, Collection, Dict, FrozenSet, Iterable, List, Sequence, Tuple

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import PlanError
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.answers import read_pending
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.client import Heketi
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.records import (
    IN_FLIGHT,
    NEVER_CLEANED,
    PendingOperation,
    warnings_of,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.topology_plan import request_step
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.transport import NoAnswer
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.under_way import wait_until_done
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import Operation, Plan, Step
from ansible_collections.brickwork.gluster.plugins.module_utils.waiting import Clock

_PATH = "/operations/pending/cleanup"


def plan_cleanup(wanted: Collection[str], pending: Sequence[PendingOperation]) -> Plan:
    """Return the Plan that cleans up the operations of the ids wanted, or without any all that heketi can.

    Pure. Raises PlanError for a wanted one that somebody is working on. One that is not pending is done with.
    """
    chosen = [operation for operation in pending if operation.operation_id in wanted] if wanted else _cleanable(pending)
    busy = [operation.obstacle() for operation in chosen if operation.status == IN_FLIGHT]
    if busy:
        raise PlanError("\n".join("operations: %s" % text for text in busy))
    before = {"pending_operations": [operation.describe() for operation in pending]}
    left = {"pending_operations": [operation.describe() for operation in pending if operation not in chosen]}
    warnings = warnings_of([operation for operation in pending if operation not in chosen])
    return Plan([_step(operation) for operation in chosen], before, left, warnings=warnings)


def _cleanable(pending: Iterable[PendingOperation]) -> List[PendingOperation]:
    return [one for one in pending if one.status != IN_FLIGHT and one.kind not in NEVER_CLEANED]


def _step(operation: PendingOperation) -> Step:
    body = {"operations": [operation.operation_id]}
    # It takes away the bricks of what was half made, and ends what was half deleted.
    return request_step("clean_up", operation.describe(), "POST", _PATH, body, destroys=True)


class CleanupOperation(Operation[Tuple[PendingOperation, ...]]):
    """Cleans up one pending operation after the other."""

    def __init__(self, heketi: Heketi, wanted: Iterable[str], timeout: int = 600, clock: Clock = time) -> None:
        """timeout is in seconds: how long to wait for a cleanup whose answer was lost."""
        self._heketi = heketi
        self._wanted = frozenset(wanted)
        self._timeout = timeout
        self._clock = clock

    def observe(self) -> Tuple[PendingOperation, ...]:
        """Return the pending operations."""
        return read_pending(self._heketi)

    def plan(self, observed: Tuple[PendingOperation, ...]) -> Plan:
        """Return the Plan; see plan_cleanup."""
        return plan_cleanup(self._wanted, observed)

    def findings(self, observed: Tuple[PendingOperation, ...]) -> Dict[str, Any]:
        """Return the operations that are pending."""
        return {"pending_operations": [operation.facts() for operation in observed]}

    def perform(self, step: Step) -> None:
        """Send one request. heketi says that all went well even where it did nothing; reading again tells."""
        body = json.loads(step.argv[2])
        try:
            self._heketi.change("POST", _PATH, body)
        except NoAnswer as lost:
            self._wait_for(frozenset(body["operations"]), lost)

    def _wait_for(self, ids: FrozenSet[str], reason: NoAnswer) -> None:
        def same() -> List[PendingOperation]:
            return [operation for operation in self.observe() if operation.operation_id in ids]

        wait_until_done(same, reason, self._timeout, self._clock)

    def settle(self, plan: Plan) -> None:
        """Nothing is left to wait for: each request is waited for."""
