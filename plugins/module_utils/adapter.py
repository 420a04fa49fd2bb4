# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one file of the engine that knows Ansible: from parameters to the answer. PRIVATE to the collection."""

import os
import platform
from typing import TYPE_CHECKING, Any, Callable, Dict, TypeVar

from ansible_collections.brickwork.gluster.plugins.module_utils.command import COMMAND_TIMEOUT
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import BrickworkError, CommandError
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import Operation, StepError, converge

# Only for the types: the engine's tests run without Ansible, too.
if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

Desired = TypeVar("Desired")

#: Parameters that all modules share.
COMMON_SPEC = {"command_timeout": {"type": "int", "default": COMMAND_TIMEOUT}}


def require_root(module: "AnsibleModule") -> None:
    """End the module where it can neither read nor change what it is about."""
    if os.geteuid() != 0:
        module.fail_json(
            msg="%s reads and changes disks, mounts and glusterd as root, and runs as user %s on %s; set become: true "
            "(ansible_become: true in the inventory)" % (module._name, os.geteuid(), platform.node())
        )


def run(
    module: "AnsibleModule",
    operation: Operation[Any],
    as_root: bool = True,
    on_failure: Callable[[], Dict[str, Any]] = dict,
) -> None:
    """Converge the operation and end the module with changed, steps, diff and findings, or with one clear error.

    on_failure tells what else is returned with an error.
    """
    if as_root:
        require_root(module)
    try:
        plan = converge(operation, module.check_mode)
    except BrickworkError as error:
        module.fail_json(**dict(failure(error), **on_failure()))
    for text in plan.warnings:
        module.warn(text)
    answer = dict(plan.findings, changed=bool(plan.steps), steps=plan.describe())
    if module._diff:
        answer["diff"] = {"before": plan.before, "after": plan.after}
    module.exit_json(**answer)


def desired_or_fail(module: "AnsibleModule", read_desired: Callable[[Dict[str, Any]], Desired]) -> Desired:
    """Return what read_desired(params) makes of the parameters, or end the module with one clear error."""
    try:
        return read_desired(module.params)
    except BrickworkError as error:
        module.fail_json(**failure(error))
        # For the types only, which do not know that fail_json() ends the module.
        raise


def report(module: "AnsibleModule", observe: Callable[[], Dict[str, Any]], as_root: bool = True) -> None:
    """End an info module with what observe() returns, or with one clear error."""
    if as_root:
        require_root(module)
    try:
        observed = observe()
    except BrickworkError as error:
        module.fail_json(**failure(error))
    module.exit_json(changed=False, **observed)


def failure(error: BrickworkError) -> Dict[str, Any]:
    """Return the arguments of fail_json for an error of the engine."""
    answer: Dict[str, Any] = {"msg": str(error)}
    if isinstance(error, StepError):
        answer["steps_done"] = [step.describe() for step in error.done]
        answer["failed_step"] = error.failed.describe()
        error = error.cause
    if isinstance(error, CommandError):
        answer.update(cmd=" ".join(error.argv), rc=error.rc, stdout=error.stdout, stderr=error.stderr)
    return answer
