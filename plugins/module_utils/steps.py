# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""observe, plan, execute, verify: the one way through. PRIVATE to the collection."""

import threading
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Dict, Generic, List, NamedTuple, Sequence, Tuple, TypeVar

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import BrickworkError, VerifyError

#: What an operation sees before it plans.
Observed = TypeVar("Observed")


class Step(NamedTuple):
    """One change: what kind, of what, the command that it stands for, and whether it destroys data.

    A change that is made without running a command has a text for it (a line of /etc/fstab, the id in a mark).
    Steps of one lane (a volume) are done in order, and those of different lanes side by side.
    """

    kind: str
    target: str
    argv: Tuple[str, ...] = ()
    destroys: bool = False
    text: str = ""
    lane: str = ""

    def describe(self) -> Dict[str, Any]:
        """Return the step as the modules' C(steps) shows it."""
        return {
            "kind": self.kind,
            "target": self.target,
            "command": " ".join(self.argv) or self.text,
            "destroys": self.destroys,
        }


class Plan(NamedTuple):
    """The steps from the observed state to the desired state, and both states as C(--diff) shows them.

    findings is what the module returns beside the steps: planning tells what is to be told of the steps themselves, and
    converge() adds what the operation finds in its last observation. warnings is what it warns of.
    """

    steps: List[Step]
    before: Dict[str, Any]
    after: Dict[str, Any]
    findings: Dict[str, Any] = {}
    warnings: List[str] = []
    #: How many lanes may be under way at a time.
    at_once: int = 1

    def describe(self) -> List[Dict[str, Any]]:
        """Return the steps as the modules return them."""
        return [step.describe() for step in self.steps]


class Failure(NamedTuple):
    """A step that failed, and why."""

    step: Step
    cause: BrickworkError

    def describe(self) -> str:
        """Return the failure in a line."""
        return "%s %s: %s" % (self.step.kind.replace("_", " "), self.step.target, self.cause)


class StepError(BrickworkError):
    """Steps that failed, one a lane, with those that were done; untried are the lanes that nobody began after that."""

    def __init__(self, failures: Sequence[Failure], done: Sequence[Step], untried: Sequence[str] = ()) -> None:
        lines = [failure.describe() for failure in failures]
        if untried:
            lines.append("not tried after that: %s; run again when that is mended" % ", ".join(untried))
        super(StepError, self).__init__("\n".join(lines))
        self.failed, self.cause = failures[0]
        self.failures = failures
        self.done = done


class Operation(Generic[Observed]):
    """One kind of change to this node or its pool, from what is observed to what is desired."""

    def observe(self) -> Observed:
        """Read all that planning needs; changes nothing."""
        raise NotImplementedError

    def plan(self, observed: Observed) -> Plan:
        """Return the Plan from the observed state to the desired state."""
        raise NotImplementedError

    def findings(self, observed: Observed) -> Dict[str, Any]:
        """Return what is so, for the module to return beside the steps; asked of the last observation."""
        return {}

    def perform(self, step: Step) -> None:
        """Carry out one step."""
        raise NotImplementedError

    def settle(self, plan: Plan) -> None:
        """Wait for what takes time after the steps."""
        raise NotImplementedError

    def goes_on_after(self, error: BrickworkError) -> bool:
        """Whether other lanes are begun after one that failed; asked only where a plan has several."""
        raise NotImplementedError


class _Lanes:
    """The lanes of some steps, and how far they are. Several threads work on them, each on one lane at a time."""

    def __init__(self, operation: Operation[Any], steps: Sequence[Step]) -> None:
        lanes: Dict[str, List[Step]] = {}
        for step in steps:
            lanes.setdefault(step.lane, []).append(step)
        self._operation = operation
        self._waiting = deque(lanes.values())
        self._lock = threading.Lock()
        self.done: List[Step] = []
        self.failures: List[Failure] = []
        self.untried: Tuple[str, ...] = ()

    def work(self) -> None:
        """Do lane after lane until none waits, or a failure is a reason to begin no more."""
        while True:
            with self._lock:
                if not self._waiting:
                    return
                lane = self._waiting.popleft()
            try:
                self._do(lane)
            except BaseException:
                self._waiting.clear()
                raise

    def _do(self, lane: Sequence[Step]) -> None:
        for step in lane:
            try:
                self._operation.perform(step)
            except BrickworkError as error:
                self._note(Failure(step, error))
                return
            self.done.append(step)

    def _note(self, failure: Failure) -> None:
        self.failures.append(failure)
        with self._lock:
            if self._waiting and not self._operation.goes_on_after(failure.cause):
                self.untried = tuple(lane[0].lane for lane in self._waiting)
                self._waiting.clear()


def execute(steps: Sequence[Step], operation: Operation[Any], at_once: int = 1) -> None:
    """Perform the steps, so many lanes at once; raises StepError when all is done that a failure allows.

    A lane ends at its first failure. Where there are several, C(operation.goes_on_after(error)) says whether the others
    are begun all the same.
    """
    lanes = _Lanes(operation, steps)
    if at_once == 1:
        lanes.work()
    else:
        with ThreadPoolExecutor(at_once) as pool:
            for worker in [pool.submit(lanes.work) for _number in range(at_once)]:
                worker.result()
    if lanes.failures:
        raise StepError(lanes.failures, lanes.done, lanes.untried)


def converge(operation: Operation[Any], check_mode: bool = False) -> Plan:
    """Take an operation through all four parts and return its Plan, with the findings of the last observation.

    Verifying is planning once more: whatever step is left over does not hold.
    """
    observed = operation.observe()
    plan = operation.plan(observed)
    if not check_mode:
        execute(plan.steps, operation, plan.at_once)
        operation.settle(plan)
        if plan.steps:
            plan, observed = _verified(operation, plan)
    return plan._replace(findings=dict(plan.findings, **operation.findings(observed)))


def _verified(operation: Operation[Observed], plan: Plan) -> Tuple[Plan, Observed]:
    """Return the plan with all steps that were taken, and what is so after them.

    Raises VerifyError with the steps that did not help.
    """
    observed = operation.observe()
    left = operation.plan(observed).steps
    if left and _came_to_light(left, plan.steps):
        execute(left, operation, plan.at_once)
        plan = plan._replace(steps=plan.steps + left)
        observed = operation.observe()
        left = operation.plan(observed).steps
    _refuse_left_over(left)
    return plan, observed


def _came_to_light(left: Sequence[Step], done: Sequence[Step]) -> bool:
    """Whether the steps are of another kind than those that were taken, and harmless.

    What a volume that was not active holds, nobody could see before, and so nobody could plan for.
    """
    return not any(step.destroys for step in left) and not {step[:2] for step in left} & {step[:2] for step in done}


def _refuse_left_over(left: Sequence[Step]) -> None:
    if left:
        kinds = ", ".join("%s %s" % (step.kind.replace("_", " "), step.target) for step in left)
        raise VerifyError(
            "verify: all commands succeeded, and this is still to do: %s; run again, and look at the node if it stays "
            "so" % kinds
        )
