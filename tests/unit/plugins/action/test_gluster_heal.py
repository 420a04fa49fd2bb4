# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The wait for healing: how often the module runs, what is shown, and what comes of it."""

from unittest import mock

import pytest

from ansible_collections.brickwork.gluster.plugins.action import gluster_heal

ACTION = "ansible_collections.brickwork.gluster.plugins.action.gluster_heal"


def counted(pending, changed=True, **more):
    volume = {"name": "v", "pending": pending, "split_brain": 0, "behind": 0, "obstacles": [], "unknown": ""}
    volume.update({"names": [], **more}, healed=not pending and not more.get("obstacles"))
    return {"changed": changed, "healed": volume["healed"], "volumes": [volume]}


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


def run(*answers, check_mode=False, **args):
    """Return the answer, the arguments of each run of the module, and what was shown."""
    task = mock.Mock(args=args, async_val=0, environment=None, delay=0, check_mode=check_mode)
    action = gluster_heal.ActionModule(task, mock.Mock(), mock.Mock(check_mode=check_mode), None, None, None)
    counts = iter(answers)
    last = answers[-1]
    with (
        mock.patch.object(action, "_execute_module", side_effect=lambda **_given: next(counts, last)) as module,
        mock.patch(f"{ACTION}.time", Clock()),
        mock.patch(f"{ACTION}.Display") as display,
    ):
        answer = action.run(None, {})
    shown = [call.args[0] for call in display().display.call_args_list]
    return answer, [call.kwargs["module_args"] for call in module.call_args_list], shown


def test_where_all_is_healed_it_is_counted_once_and_nothing_is_shown():
    answer, calls, shown = run(counted(0, changed=False))
    assert answer["healed"] and not answer["changed"] and len(calls) == 1 and shown == []


def test_what_any_run_of_the_module_has_warned_of_is_told_in_the_end():
    answer, calls, _shown = run(dict(counted(20), warnings=["h3 failed"]), counted(10), counted(0, changed=False))
    assert len(calls) == 3 and answer["healed"] and answer["warnings"] == ["h3 failed"]
    assert "warnings" not in run(counted(0, changed=False))[0]


def test_it_counts_until_nothing_is_left_and_shows_each_count(monkeypatch):
    monkeypatch.setenv("BRICKWORK_PROGRESS_SECONDS", "1")
    answer, calls, shown = run(counted(20), counted(10), counted(0, changed=False), full=True)
    assert answer["healed"] and answer["changed"]
    assert [call["full"] for call in calls] == [True, False, False], "the walk through all files is asked for once"
    assert shown[0].startswith("Ctrl-C is safe") and shown[0].endswith("at the latest") and shown[-1] == "all is healed"
    first, second = shown[1:-1]
    assert first == "v: 20 entries left"
    assert second.startswith("v: 10 entries left, 10.0 entries a second, done in about 1 s, at ")


def test_a_log_has_a_line_a_minute_and_one_where_something_new_stands_in_the_way(monkeypatch):
    monkeypatch.setenv("BRICKWORK_PROGRESS_SECONDS", "60")
    _answer, calls, shown = run(*(counted(number) for number in range(30, -1, -1)), interval=5)
    assert len(calls) == 31 and [line.split(",")[0] for line in shown[1:-1]] == [
        "v: 30 entries left",
        "v: 16 entries left",
        "v: 4 entries left",
    ]
    _answer, _calls, shown = run(counted(9), counted(8), counted(8, obstacles=["disk full"]), counted(0))
    assert [line.split(",")[0] for line in shown[1:-1]] == ["v: 9 entries left", "v: 8 entries left"]
    assert shown[2].endswith("disk full")


@pytest.mark.parametrize("how", [{"check_mode": True}, {"wait": False}])
def test_without_waiting_it_counts_once(how):
    answer, calls, shown = run(counted(20), **how)
    assert not answer["healed"] and "failed" not in answer and len(calls) == 1 and shown == []


def test_it_ends_with_the_reason_where_nothing_gets_less():
    answer, calls, _shown = run(counted(20), patience=5, interval=10)
    assert answer["failed"] and answer["msg"].startswith("volumes: nothing got less for 6 s (")
    assert answer["msg"].endswith("):\nv: 20 entries left")
    # After 0, 1, 3 and 6 seconds, and once for the names.
    assert len(calls) == 5 and answer["volumes"][0]["pending"] == 20


def test_it_ends_with_the_names_of_what_waits():
    answer, calls, _shown = run(counted(2, names=["/a", "<gfid:1>"]), patience=1, interval=10)
    assert answer["msg"].endswith("\nv: what waits: /a, <gfid:1>")
    assert [call.get("names", False) for call in calls] == [False, False, True]


def test_the_verdict_stands_where_the_names_can_not_be_had():
    answers = [counted(2), counted(2), {"failed": True, "msg": "Connection failed"}]
    answer, _calls, _shown = run(*answers, patience=1, interval=10)
    assert answer["msg"].startswith("volumes: nothing got less for 1 s (")
    assert answer["msg"].endswith("):\nv: 2 entries left")


def test_a_brick_that_does_not_serve_ends_it_after_a_minute():
    answer, calls, _shown = run(counted(20, obstacles=["brick b does not serve"]), interval=20)
    # 1 + 2 + ... + 11 seconds are more than a minute.
    assert answer["failed"] and "this does not heal by itself" in answer["msg"] and len(calls) == 1 + 11 + 1


def test_an_error_of_the_module_is_the_answer():
    answer, calls, _shown = run(counted(20), {"failed": True, "msg": "Connection failed"})
    assert answer["failed"] and answer["msg"] == "Connection failed" and len(calls) == 2


def test_what_a_later_count_changed_is_told_too():
    """A new brick is taken up anew, or noted as filled, when a later count finds that it may be."""
    first = counted(0, changed=False, obstacles=["brick b does not serve"])
    for answers in ([first, counted(0)], [first, counted(3), counted(0, changed=False)]):
        answer, _calls, _shown = run(*answers)
        assert answer["healed"] and answer["changed"]
    answer, _calls, _shown = run(first, counted(0, changed=False))
    assert answer["healed"] and not answer["changed"]
    ended = [first, counted(0, obstacles=["x"]), counted(0, changed=False, obstacles=["x"])]
    answer, _calls, _shown = run(*ended, interval=90)
    assert answer["failed"] and answer["changed"]
