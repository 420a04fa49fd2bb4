# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Installs packages as ansible.builtin.package does, says how long already, and completes what dpkg was cut off in."""

from collections.abc import Mapping
from typing import Any, Optional

from ansible_collections.brickwork.gluster.plugins.plugin_utils.waiting_action import TellingAction

_BENEATH = "ansible.builtin.package"
#: apt does nothing until that is run, and names it in every language.
_REMEDY = "dpkg --configure -a"
#: Where a power cut took apt's lists as well, apt finds no archive for a package that was cut off while it was
#: unpacked, and says so in the machine's language. This lists such packages; where there is no dpkg, none.
_UNFINISHED = "dpkg --audit"
#: As apt has dpkg treat files of the configuration: one that was changed on the machine is kept.
_COMPLETE = (
    "apt-get -q update; "
    "DEBIAN_FRONTEND=noninteractive dpkg --force-confdef --force-confold --configure -a"
)
_Answer = dict[str, Any]


class ActionModule(TellingAction):
    """The answer of Ansible's own action. The machine is asked for nothing more where apt does not refuse."""

    MODULE = "install_packages"
    TRANSFERS_FILES = False
    _supports_check_mode = True

    def run(self, tmp: Optional[str] = None, task_vars: Optional[dict[str, Any]] = None) -> _Answer:
        """Install; where an earlier installation was cut off, complete that first and install once more."""
        result = super().run(tmp, task_vars)
        with self._told(task_vars or {}):
            answer = self._install(task_vars)
            if answer.get("failed") and not self._task.check_mode and self._was_cut_off(answer):
                answer = self._install_after_the_cut(task_vars or {})
        return {**result, **answer}

    def _install(self, task_vars: Optional[dict[str, Any]]) -> _Answer:
        action = self._shared_loader_obj.action_loader.get(
            _BENEATH,
            task=self._task,
            connection=self._connection,
            play_context=self._play_context,
            loader=self._loader,
            templar=self._templar,
            shared_loader_obj=self._shared_loader_obj,
        )
        return dict(action.run(task_vars=task_vars))

    def _was_cut_off(self, answer: Mapping[str, Any]) -> bool:
        said = " ".join(str(answer.get(key) or "") for key in ("msg", "stderr"))
        return _REMEDY in said or bool(self._low_level_execute_command(_UNFINISHED)["stdout"].strip())

    def _install_after_the_cut(self, task_vars: dict[str, Any]) -> _Answer:
        """What dpkg can't complete alone, apt mends or tells."""
        host = self._task.delegate_to or task_vars.get("inventory_hostname", "")
        self._show(f"{host}: dpkg was cut off in an earlier installation, which is completed now ({_REMEDY})")
        self._low_level_execute_command(_COMPLETE)
        return {**self._install(task_vars), "changed": True}
