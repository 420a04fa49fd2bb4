# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""gluster_rebalance and gluster_shrink: how often their modules run, with what, and what comes of it."""

from unittest import mock

import pytest

from ansible_collections.brickwork.gluster.plugins.action import gluster_rebalance, gluster_shrink

BASE = "ansible_collections.brickwork.gluster.plugins.plugin_utils.migration_action"
ACTIONS = {"rebalance": gluster_rebalance, "shrink": gluster_shrink}


def seen(state, changed=False, steps=(), **more):
    volume = {"name": "v", "state": state, "layout_only": False, "files": 0, "size": 0, "scanned": 0, "failures": 0,
              "skipped": 0, "left": 0, "used": 0, "problems": [], "silent": []}  # fmt: skip
    return {"changed": changed, "steps": list(steps), "volumes": [dict(volume, **more)]}


class Clock:
    """Goes on by what is slept."""

    def __init__(self):
        self.now = 0.0

    def monotonic(self):
        return self.now

    def time(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


def run(name, *answers, check_mode=False, **args):
    """Return the answer, the states that the runs of the module were asked for, and what was shown."""
    task = mock.Mock(args=args, async_val=0, environment=None, delay=0, check_mode=check_mode)
    action = ACTIONS[name].ActionModule(task, mock.Mock(), mock.Mock(check_mode=check_mode), None, None, None)
    given = iter(answers)
    last = answers[-1]
    with (
        mock.patch.object(action, "_execute_module", side_effect=lambda **_given: next(given, last)) as module,
        mock.patch(f"{BASE}.time", Clock()),
        mock.patch(f"{BASE}.Display") as display,
    ):
        answer = action.run(None, {})
    shown = [call.args[0] for call in display().display.call_args_list]
    assert {call.kwargs["module_name"] for call in module.call_args_list} == {f"brickwork.gluster.gluster_{name}"}
    return answer, [call.kwargs["module_args"].get("state") for call in module.call_args_list], shown


@pytest.mark.parametrize("name", ACTIONS)
def test_where_nothing_moves_the_module_runs_once_and_nothing_is_shown(name):
    answer, states, shown = run(name, seen("completed"))
    assert not answer["changed"] and "failed" not in answer and states == [None] and shown == []


def test_what_any_run_of_the_module_has_warned_of_is_told_in_the_end():
    first = dict(seen("in progress", True, ["start"], left=10), warnings=["h3 failed"])
    answer, states, _shown = run("rebalance", first, seen("completed"), seen("completed"))
    assert len(states) == 3 and answer["changed"] and answer["warnings"] == ["h3 failed"]
    assert "warnings" not in run("rebalance", seen("completed"))[0]


def test_while_files_move_it_is_only_looked_at_and_then_the_next_step_is_taken(monkeypatch):
    monkeypatch.setenv("BRICKWORK_PROGRESS_SECONDS", "10")
    answer, states, shown = run(
        "shrink",
        seen("in progress", True, ["start"], left=10),
        seen("in progress", left=5),
        seen("completed"),
        seen("not started", True, ["commit"]),
    )
    assert states == [None, "observed", "observed", None]
    assert (
        "Ctrl-C is safe" in shown[0]
        and shown[0].endswith("at the latest")
        and shown[1].startswith("v: 0 files looked at")
    )
    assert shown[-1].startswith("v: completed, ") and len(shown) == 4
    assert answer["changed"] and answer["steps"] == ["start", "commit"] and "failed" not in answer


@pytest.mark.parametrize("name", ACTIONS)
@pytest.mark.parametrize("how", [{"check_mode": True}, {"wait": False}, {"state": "stopped"}, {"state": "observed"}])
def test_without_waiting_the_module_runs_once(name, how):
    answer, states, shown = run(name, seen("in progress"), **how)
    assert "failed" not in answer and len(states) == 1 and shown == []


@pytest.mark.parametrize("name", ACTIONS)
def test_the_wait_ends_and_says_that_the_move_goes_on(name):
    answer, states, _shown = run(name, seen("in progress", True), timeout=30, interval=10)
    assert answer["failed"] and "not done after 30 s; it goes on without this wait" in answer["msg"]
    assert states == [None, "observed", "observed", "observed"] and answer["changed"]


@pytest.mark.parametrize("name", ACTIONS)
def test_one_that_somebody_else_has_ended_is_not_begun_again(name):
    answer, states, _shown = run(name, seen("in progress", True), seen("not started"))
    assert answer["failed"] and "by somebody else meanwhile" in answer["msg"] and states == [None, "observed"]


def test_files_that_did_not_move_in_a_rebalance_are_an_error_and_skipped_ones_are_none():
    failed = seen("completed", failures=2, problems=["h2: 2 files failed"])
    answer, states, _shown = run("rebalance", seen("in progress", True), failed)
    assert answer["failed"] and "2 files did not move" in answer["msg"] and "h2: 2 files failed" in answer["msg"]
    assert states == [None, "observed"]
    answer, _states, _shown = run("rebalance", seen("in progress", True), seen("completed", silent=["h3"]))
    assert answer["failed"] and "h3 does not tell what it has moved" in answer["msg"]
    answer, _states, _shown = run("rebalance", seen("in progress", True), seen("completed", skipped=3))
    assert "failed" not in answer and answer["changed"]


@pytest.mark.parametrize("name", ACTIONS)
def test_an_error_of_the_module_is_the_answer(name):
    answer, states, _shown = run(name, seen("in progress"), {"failed": True, "msg": "Connection failed"})
    assert answer["failed"] and answer["msg"] == "Connection failed" and len(states) == 2
    answer, states, _shown = run(name, {"failed": True, "msg": "refused"})
    assert answer["msg"] == "refused" and len(states) == 1
