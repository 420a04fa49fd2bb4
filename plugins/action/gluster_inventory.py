# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judges the inventory on the controller, before anything is contacted."""

from collections.abc import Sequence
from typing import Any, Optional

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import BrickworkError
from ansible_collections.brickwork.gluster.plugins.plugin_utils.inventory.read import read_inventory
from ansible_collections.brickwork.gluster.plugins.plugin_utils.inventory.schema import GROUPS


class ActionModule(ActionBase):
    """Reads every variable of these groups once; nothing leaves the controller."""

    TRANSFERS_FILES = False
    _requires_connection = False
    _supports_check_mode = True
    _VALID_ARGS = frozenset(("groups", "needed"))

    def run(self, tmp: Optional[str] = None, task_vars: Optional[dict[str, Any]] = None) -> dict[str, Any]:
        """Return whether it failed, and why."""
        result = super().run(tmp, task_vars)
        task_vars = task_vars or {}
        inventory = task_vars.get("groups", {})
        groups = {name: list(inventory.get(name, ())) for name in self._names("groups", list(GROUPS))}
        problems = [
            f"inventory: found no host in the group {name}; write at least one, see inventory.example"
            for name in self._names("needed", [])
            if not inventory.get(name)
        ]
        try:
            read_inventory(groups, task_vars["hostvars"])
        except BrickworkError as error:
            problems += str(error).splitlines()
        if problems:
            result.update(failed=True, msg=_message(problems))
        return result

    def _names(self, option: str, default: list[str]) -> list[str]:
        names = self._task.args.get(option, default)
        unknown = [str(name) for name in names if name not in GROUPS] if isinstance(names, list) else [str(names)]
        if unknown:
            raise AnsibleActionFail(f"{option}: found {', '.join(unknown)}; write a list of {', '.join(GROUPS)}")
        return names


def _message(problems: Sequence[str]) -> str:
    if not problems[1:]:
        return problems[0]
    return "\n".join(["the inventory is wrong in these places, and nothing was contacted:", *problems])
