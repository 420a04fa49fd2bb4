# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.command import Result
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.death import why_stopped

LINE = "Out of memory: Killed process 812 (glusterd) total-vm:482812kB, anon-rss:23108kB"
#: A brick's process is another one.
OTHERS = (
    "glusterfsd invoked oom-killer: gfp_mask=0x140cca\nOut of memory: Killed process 900 (glusterfsd) total-vm:1kB\n"
)


class Node:
    def __init__(self, unit, log):
        self.answers = {"systemctl": Result(0, unit, ""), "journalctl": Result(0, log, "")}

    def run(self, argv, timeout):
        return self.answers[argv[0]]


@pytest.mark.parametrize(
    ("unit", "log", "words"),
    [
        ("ActiveState=inactive\nResult=success\n", "", ""),
        ("ActiveState=failed\nResult=oom-kill\n", "", "its unit is failed (oom-kill)"),
        ("ActiveState=activating\nResult=signal\n", OTHERS + LINE,
         "its unit is activating (signal); the kernel ended it: " + LINE),
        ("ActiveState=inactive\nResult=success\n", OTHERS, ""),
        # Ended weeks ago, and stopped in order since.
        ("ActiveState=inactive\nResult=success\n", LINE, ""),
        ("", "", ""),
    ],
)  # fmt: skip
def test_why_glusterd_does_not_run(unit, log, words):
    assert why_stopped(Node(unit, log)) == words
