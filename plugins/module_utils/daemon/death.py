# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why glusterd does not run on this node: its unit's state, and what the kernel's log says. PRIVATE."""

import re

from ansible_collections.brickwork.gluster.plugins.module_utils.command import Commands, Runner
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.host import GLUSTERD

_UNIT = ("systemctl", "show", GLUSTERD, "-p", "ActiveState", "-p", "Result")
_KERNEL_LOG = ("journalctl", "--boot", "--dmesg", "--no-pager", "--output=cat", "--lines=5000")
#: Linux, mm/oom_kill.c, from 3.10 on. Only for want of memory does the kernel say so.
_KILLED = re.compile(r"^.*Killed process \d+ \(glusterd\).*$", re.MULTILINE)


def why_stopped(runner: Runner, timeout: int = 10) -> str:
    """Return in words why glusterd is down, "" where it was stopped in order or never started."""
    commands = Commands(runner, timeout)
    state = dict(line.split("=", 1) for line in commands.answer(_UNIT).stdout.splitlines() if "=" in line)
    killed = _KILLED.findall(commands.answer(_KERNEL_LOG).stdout)
    if state.get("Result", "success") == "success":
        return ""
    words = ["its unit is %s (%s)" % (state.get("ActiveState", "unknown"), state["Result"])]
    if killed:
        words.append("the kernel ended it: %s" % killed[-1].strip())
    return "; ".join(words)
