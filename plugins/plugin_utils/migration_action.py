# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the actions have in common that wait for files to move between sets. PRIVATE to the collection."""

import os
import time
from collections.abc import Mapping
from typing import Any, Optional

from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.heals import Limits
from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.migrations import RUNNING, MigrationWait
from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.pace import (
    TERMINAL,
    Pace,
    seconds_between_lines,
)

#: As the modules document them.
_TIMEOUT, _PATIENCE, _INTERVAL = 604800, 3600, 10
Answer = dict[str, Any]
_Vars = Optional[dict[str, Any]]
_SAFE = "Ctrl-C is safe: files go on moving, and the same playbook, run again, goes on from there"


class MigrationAction(ActionBase):
    """Runs a module until no file moves any more, and shows how far that is. A module can't show anything.

    The module takes the next step that there is. While files move it is only asked how far they are.
    """

    TRANSFERS_FILES = False
    _supports_check_mode = True
    #: The module's name, and the state for which it is waited.
    MODULE = ""
    STATE = ""
    #: What all runs of the module have warned of; the last answer has only its own.
    _warned: tuple[Any, ...] = ()

    def run(self, tmp: Optional[str] = None, task_vars: _Vars = None) -> Answer:
        """Take the next step, and wait; in check mode ask once."""
        result = super().run(tmp, task_vars)
        given = self._task.args
        answer = self._ask(given, task_vars)
        waits = boolean(given.get("wait", True)) and given.get("state", self.STATE) == self.STATE
        if waits and not self._task.check_mode:
            answer = self._wait(answer, task_vars)
        return {**result, **answer, **({"warnings": list(self._warned)} if self._warned else {})}

    def _ask(self, arguments: Mapping[str, Any], task_vars: _Vars) -> Answer:
        answer = self._execute_module(module_name=self.MODULE, module_args=dict(arguments), task_vars=task_vars)
        self._warned += tuple(answer.get("warnings") or ())
        return answer

    def _wait(self, answer: Answer, task_vars: _Vars) -> Answer:
        """Go on until nothing moves; what comes after that is the module's next step."""
        wait = self._begun()
        if not answer.get("failed") and self._moves(answer):
            Display().display(f"{_SAFE}; {wait.latest_end()}")
        while not answer.get("failed") and self._moves(answer):
            seen = self._follow(wait, answer, task_vars)
            if seen.get("failed"):
                return _both(answer, seen)
            answer = _both(answer, self._ask(self._task.args, task_vars))
        return answer

    def _begun(self) -> MigrationWait:
        given = self._task.args
        limits = Limits(float(given.get("timeout", _TIMEOUT)), float(given.get("patience", _PATIENCE)))
        return MigrationWait(limits, time.monotonic(), time.time)

    def _moves(self, answer: Answer) -> bool:
        return any(volume["state"] == RUNNING for volume in answer["volumes"])

    def _follow(self, wait: MigrationWait, answer: Answer, task_vars: _Vars) -> Answer:
        """Show how far it is until nothing moves; return the last answer, failed where the wait or the move did."""
        followed = {volume["name"] for volume in answer["volumes"] if volume["state"] == RUNNING}
        pace = Pace(seconds_between_lines(os.environ, TERMINAL))
        while self._moves(answer):
            wait.note(time.monotonic(), answer["volumes"])
            if pace.due(time.monotonic(), tuple(one["name"] for one in answer["volumes"] if one["state"] == RUNNING)):
                for line in wait.lines(answer["volumes"]):
                    Display().display(line)
            verdict = wait.verdict(time.monotonic(), answer["volumes"])
            if verdict:
                return {**answer, "failed": True, "msg": verdict}
            time.sleep(float(self._task.args.get("interval", _INTERVAL)))
            answer = self._ask({**self._task.args, "state": "observed"}, task_vars)
            if answer.get("failed"):
                return answer
        for line in wait.ends(answer["volumes"]):
            Display().display(line)
        wrong = [text for volume in answer["volumes"] if volume["name"] in followed for text in self.problems(volume)]
        return {**answer, "failed": True, "msg": "\n".join(wrong)} if wrong else answer

    def problems(self, volume: Mapping[str, Any]) -> list[str]:
        """Return why a volume whose files have moved needs people, in sentences; nothing where all is well."""
        raise NotImplementedError


def _both(first: Answer, last: Answer) -> Answer:
    """Return the last answer with the changes of all."""
    changed = bool(first.get("changed") or last.get("changed"))
    return {**last, "changed": changed, "steps": first.get("steps", []) + last.get("steps", [])}
