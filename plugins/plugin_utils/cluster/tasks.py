# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rebalances and brick removals in words: what runs, what has failed, what waits for its commit. Pure. PRIVATE.

Each task is what gluster_info tells of it: volume, kind and status.
"""

from typing import Any, Dict, Iterable, List

Tasks = Iterable[Dict[str, Any]]
_REMOVAL = "Remove brick"


def task_lines(tasks: Tasks) -> List[str]:
    """Return all that is to be said of tasks."""
    return running_tasks(tasks) + task_problems(tasks)


def running_tasks(tasks: Tasks) -> List[str]:
    """Return what is under way, and is no problem. (A rebalance of the layout has a status of its own words.)"""
    return [
        "%s is in progress; the playbook %s waits for its end, and can stop it" % (_words(task), _playbook(task))
        for task in tasks
        if task["status"].endswith("in progress")
    ]


def task_problems(tasks: Tasks) -> List[str]:
    """Return what has failed, and what waits for its commit."""
    failed = [
        "%s has failed; the playbook %s %s"
        % (_words(task), _playbook(task), "tells where" if task["kind"] == _REMOVAL else "starts it anew")
        for task in tasks
        if task["status"].endswith("failed")
    ]
    return failed + [
        "volume %s: a removal of bricks is completed and waits for its commit; until then they are in the volume: the "
        "playbook shrink commits it, or gives them back" % task["volume"]
        for task in tasks
        if task["kind"] == _REMOVAL and task["status"] == "completed"
    ]


def _playbook(task: Dict[str, Any]) -> str:
    return "shrink" if task["kind"] == _REMOVAL else "rebalance"


def _words(task: Dict[str, Any]) -> str:
    return "volume %s: %s" % (task["volume"], task["kind"])
