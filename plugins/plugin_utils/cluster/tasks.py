# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rebalances and brick removals in words: what runs, what has failed, what waits for its commit. Pure. PRIVATE.

Each task is what gluster_info tells of it: volume, kind and status.
"""

from typing import Dict, Iterable, List

Tasks = Iterable[Dict[str, str]]


def task_lines(tasks: Tasks) -> List[str]:
    """Return all that is to be said of tasks."""
    return running_tasks(tasks) + task_problems(tasks)


def running_tasks(tasks: Tasks) -> List[str]:
    """Return what is under way, and is no problem."""
    return ["%s is in progress" % _words(task) for task in tasks if task["status"] == "in progress"]


def task_problems(tasks: Tasks) -> List[str]:
    """Return what has failed, and what waits for its commit."""
    failed = ["%s has failed" % _words(task) for task in tasks if task["status"] == "failed"]
    return failed + [
        "volume %s: a removal of bricks is completed and waits for its commit; until then they are in the volume: "
        "gluster volume remove-brick %s BRICKS commit (or stop)" % (task["volume"], task["volume"])
        for task in tasks
        if task["kind"] == "Remove brick" and task["status"] == "completed"
    ]


def _words(task: Dict[str, str]) -> str:
    return "volume %s: %s" % (task["volume"], task["kind"])
