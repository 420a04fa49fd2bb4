# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""observe, plan, execute, verify: the one way through. PRIVATE to the collection."""

from typing import Any, Dict, List, NamedTuple, Tuple

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import BrickworkError, VerifyError


class Step(NamedTuple):
    """One change: what kind, of what, the command that it stands for, and whether it destroys data.

    A change that is made without running a command has a text for it (a line of /etc/fstab, the id in a mark).
    """

    kind: str
    target: str
    argv: Tuple[str, ...] = ()
    destroys: bool = False
    text: str = ""

    def describe(self):
        """Return the step as the modules' C(steps) shows it."""
        return {
            "kind": self.kind,
            "target": self.target,
            "command": " ".join(self.argv) or self.text,
            "destroys": self.destroys,
        }


class Plan(NamedTuple):
    """The steps from the observed state to the desired state, and both states as C(--diff) shows them.

    findings is what the module returns beside the steps, and warnings what it warns of.
    """

    steps: List[Step]
    before: Dict[str, Any]
    after: Dict[str, Any]
    findings: Dict[str, Any] = {}
    warnings: List[str] = []

    def describe(self):
        """Return the steps as the modules return them."""
        return [step.describe() for step in self.steps]


class StepError(BrickworkError):
    """A step that failed, with those that were done before it."""

    def __init__(self, failed, done, cause):
        super(StepError, self).__init__("%s %s: %s" % (failed.kind.replace("_", " "), failed.target, cause))
        self.failed = failed
        self.done = done
        self.cause = cause


def execute(steps, perform):
    """Perform the steps in order; stop at the first that fails with StepError."""
    for position, step in enumerate(steps):
        try:
            perform(step)
        except BrickworkError as error:
            raise StepError(step, steps[:position], error)


def converge(operation, check_mode=False):
    """Take an operation through all four parts and return its Plan.

    An operation has C(observe()), C(plan(observed)), C(perform(step)) and C(settle()), which waits for what
    takes time. Verifying is planning once more: whatever step is left over does not hold.
    """
    plan = operation.plan(operation.observe())
    if check_mode:
        return plan
    execute(plan.steps, operation.perform)
    operation.settle(plan)
    return _verified(operation, plan) if plan.steps else plan


def _verified(operation, plan):
    """Return the plan with all steps that were taken; raises VerifyError with those that did not help."""
    left = operation.plan(operation.observe()).steps
    if left and _came_to_light(left, plan.steps):
        execute(left, operation.perform)
        plan = plan._replace(steps=plan.steps + left)
        left = operation.plan(operation.observe()).steps
    _refuse_left_over(left)
    return plan


def _came_to_light(left, done):
    """Whether the steps are of another kind than those that were taken, and harmless.

    What a volume that was not active holds, nobody could see before, and so nobody could plan for.
    """
    return not any(step.destroys for step in left) and not {step[:2] for step in left} & {step[:2] for step in done}


def _refuse_left_over(left):
    if left:
        kinds = ", ".join("%s %s" % (step.kind.replace("_", " "), step.target) for step in left)
        raise VerifyError(
            "verify: all commands succeeded, and this is still to do: %s; run again, and look at the node if it stays "
            "so" % kinds
        )
