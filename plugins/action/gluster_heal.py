# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the module until all is healed, and shows how far it is. It waits here, since a module can't show anything."""

import itertools
import os
import time
from collections.abc import Mapping, Sequence
from typing import Any, Optional

from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.heals import HealWait, Limits
from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.pace import (
    TERMINAL,
    Pace,
    seconds_between_lines,
)

_MODULE = "brickwork.gluster.gluster_heal"
#: As the module documents them.
_TIMEOUT, _PATIENCE, _INTERVAL = 86400, 900, 5
_Answer = dict[str, Any]
_SAFE = "Ctrl-C is safe: GlusterFS goes on healing, and the same playbook, run again, goes on from there"


class ActionModule(ActionBase):
    """The module's last answer, or why it is waited for no longer."""

    TRANSFERS_FILES = False
    _supports_check_mode = True
    #: What all runs of the module have warned of; the last answer has only its own.
    _warned: tuple[Any, ...] = ()

    def run(self, tmp: Optional[str] = None, task_vars: Optional[dict[str, Any]] = None) -> _Answer:
        """Count, ask for healing, and wait; in check mode count once."""
        result = super().run(tmp, task_vars)
        answer = self._count(self._task.args, task_vars)
        waits = boolean(self._task.args.get("wait", True)) and not self._task.check_mode
        if waits and not answer.get("failed"):
            answer = self._wait(answer, task_vars)
        return {**result, **answer, **({"warnings": list(self._warned)} if self._warned else {})}

    def _count(self, arguments: Mapping[str, Any], task_vars: Optional[dict[str, Any]]) -> _Answer:
        answer = self._execute_module(module_name=_MODULE, module_args=dict(arguments), task_vars=task_vars)
        self._warned += tuple(answer.get("warnings") or ())
        return answer

    def _wait(self, first: _Answer, task_vars: Optional[dict[str, Any]]) -> _Answer:
        given = self._task.args
        limits = Limits(float(given.get("timeout", _TIMEOUT)), float(given.get("patience", _PATIENCE)))
        wait, answer, changed = HealWait(limits, time.monotonic(), time.time), first, bool(first["changed"])
        # The walk through all files is asked for once.
        again = {**given, "full": False}
        # What a short absence left is healed in a moment, and what takes long is not counted all the time.
        pauses = itertools.count(1)
        pace = Pace(seconds_between_lines(os.environ, TERMINAL))
        if not answer["healed"]:
            Display().display(f"{_SAFE}; {wait.latest_end()}")
        while not answer["healed"]:
            wait.note(time.monotonic(), answer["volumes"])
            if pace.due(time.monotonic(), _phase(answer)):
                self._show(wait.lines(answer["volumes"]))
            verdict = wait.verdict(time.monotonic(), answer["volumes"])
            if verdict:
                named = self._count({**again, "names": True}, task_vars)
                # Where even that fails, the verdict stands without names.
                lines = wait.names(named.get("volumes", ()))
                changed = changed or bool(named.get("changed"))
                return {**answer, "changed": changed, "failed": True, "msg": "\n".join([verdict, *lines])}
            time.sleep(min(next(pauses), float(given.get("interval", _INTERVAL))))
            answer = self._count(again, task_vars)
            changed = changed or bool(answer.get("changed"))
            if answer.get("failed"):
                break
            if answer["healed"]:
                Display().display("all is healed")
        return {**answer, "changed": changed}

    def _show(self, lines: Sequence[str]) -> None:
        for line in lines:
            Display().display(line)


def _phase(answer: _Answer) -> tuple[Any, ...]:
    """Return what is shown at once where it changes: which volumes are waited for, and what stands in their way."""
    return tuple((volume["name"], *volume["obstacles"]) for volume in answer["volumes"] if not volume["healed"])
