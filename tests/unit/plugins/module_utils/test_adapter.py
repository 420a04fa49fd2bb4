# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import os

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils import adapter
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import CommandError, PlanError
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import Plan, Step


class Ended(Exception):
    """What ends a module."""


class Module:
    """The few things that the adapter asks of an AnsibleModule."""

    _name = "lvm_brick"
    _diff = True

    def __init__(self, check_mode=False):
        self.check_mode = check_mode

    def fail_json(self, **answer):
        raise Ended(dict(answer, failed=True))

    def exit_json(self, **answer):
        raise Ended(answer)


class Operation:
    """One step, which may fail."""

    STEP = Step("make", "it", ("make", "it"))

    def __init__(self, error=None):
        self.error = error
        self.done = False

    def observe(self):
        return self.done

    def plan(self, observed):
        return Plan([] if observed else [self.STEP], {"is": observed}, {"is": True})

    def findings(self, observed):
        return {}

    def perform(self, step):
        if self.error:
            raise self.error
        self.done = True

    def settle(self, plan):
        pass


def answer_of(operation, **more):
    with pytest.raises(Ended) as ended:
        adapter.run(Module(**more), operation)
    return ended.value.args[0]


@pytest.fixture(autouse=True)
def as_root(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)


def test_the_answer_tells_steps_and_difference_and_check_mode_takes_none():
    planned, done = Operation(), Operation()
    assert answer_of(planned, check_mode=True) == answer_of(done)
    assert (planned.done, done.done) == (False, True)
    assert answer_of(done) == {"changed": False, "steps": [], "diff": {"before": {"is": True}, "after": {"is": True}}}


def test_a_failed_step_keeps_what_the_command_said():
    answer = answer_of(Operation(CommandError("making: no", ["make", "it"], 2, "out", "err")))
    assert answer["failed"] and answer["steps_done"] == []
    assert answer["failed_step"]["kind"] == "make"
    assert (answer["msg"], answer["cmd"], answer["rc"]) == ("make it: making: no", "make it", 2)


@pytest.mark.parametrize("check_mode", [False, True])
def test_another_user_than_root_is_told_what_to_set(monkeypatch, check_mode):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    operation = Operation()
    answer = answer_of(operation, check_mode=check_mode)
    assert "lvm_brick" in answer["msg"] and "user 1000" in answer["msg"] and "become: true" in answer["msg"]
    assert not operation.done
    with pytest.raises(Ended, match="become: true"):
        adapter.report(Module(), dict)


def test_an_info_module_fails_with_the_error_alone():
    def refuse():
        raise PlanError("no")

    with pytest.raises(Ended) as ended:
        adapter.report(Module(), refuse)
    assert ended.value.args[0] == {"msg": "no", "failed": True}
