# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Actions around modules that wait and can't show anything: they say how long already. PRIVATE to the collection."""

import contextlib
import os
import threading
import time
from collections.abc import Iterator, Mapping
from typing import Any, Optional

from ansible.plugins.action import ActionBase
from ansible.plugins.action.normal import ActionModule as NormalAction
from ansible.utils.display import Display

from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.pace import TERMINAL, seconds_between_lines
from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.silences import SILENCES, line, turns


class TellingAction(ActionBase):
    """What an action needs to speak while a module runs. It asks the machine nothing, and is silent for a moment."""

    #: The module's name in the table of silences.
    MODULE = ""

    @contextlib.contextmanager
    def _told(self, task_vars: Mapping[str, Any]) -> Iterator[None]:
        """Have a thread speak until the module ends, however it ends. Check mode waits for nothing."""
        if self._task.check_mode:
            yield
            return
        ended = threading.Event()
        thread = threading.Thread(target=self._tell, args=(ended, task_vars), daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def _tell(self, ended: threading.Event, task_vars: Mapping[str, Any]) -> None:
        began = time.monotonic()
        name = str(task_vars.get("inventory_hostname", ""))
        hosts = () if self._task.run_once else list(task_vars.get("ansible_play_batch", ()))
        turn = turns(seconds_between_lines(os.environ, TERMINAL), hosts, name)
        if ended.wait(turn.first):
            return
        self._show(f"{self._line(name, began)}. {SILENCES[self.MODULE].interrupted}")
        while not ended.wait(turn.then):
            self._show(self._line(name, began))

    def _line(self, host: str, began: float) -> str:
        return line(self._task.delegate_to or host, SILENCES[self.MODULE], self._task.args, time.monotonic() - began)

    def _show(self, text: str) -> None:
        Display().display(text)


class WaitingAction(TellingAction, NormalAction):
    """Runs the module as Ansible does, and speaks."""

    def run(self, tmp: Optional[str] = None, task_vars: Optional[dict[str, Any]] = None) -> dict[str, Any]:
        """Return the module's answer."""
        with self._told(task_vars or {}):
            return super().run(tmp, task_vars)
