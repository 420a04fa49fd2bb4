# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Brings a folder of RPMs from the controller to the node, as far as the node does not have it yet."""

import os
from collections.abc import Iterable
from typing import Any, Optional

from ansible.errors import AnsibleActionFail

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import BrickworkError
from ansible_collections.brickwork.gluster.plugins.plugin_utils.rpm_files import (
    find_folder,
    is_on_controller,
    list_files,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.waiting_action import TellingAction

_MODULE = "brickwork.gluster.rpm_folder"


class ActionModule(TellingAction):
    """One call where nothing has to be brought, else two, with the files that differ in between."""

    MODULE = "rpm_folder"
    # With True Ansible would make a temporary folder on the node before it is known whether anything goes there.
    TRANSFERS_FILES = False
    _supports_check_mode = True

    def run(self, tmp: Optional[str] = None, task_vars: Optional[dict[str, Any]] = None) -> dict[str, Any]:
        """Return the module's answer."""
        result = super().run(tmp, task_vars)
        with self._told(task_vars or {}):
            return {**result, **self._answer(dict(self._task.args), task_vars)}

    def _answer(self, args: dict[str, Any], task_vars: Optional[dict[str, Any]]) -> dict[str, Any]:
        if not is_on_controller(args):
            return self._call(args, task_vars)
        try:
            folder = find_folder(str(args["path"]), self._find_needle)
            files = list_files(folder)
        except BrickworkError as error:
            raise AnsibleActionFail(str(error)) from error
        answer = self._call(dict(args, brought=files), task_vars)
        if answer.get("missing") and not answer.get("failed"):
            answer = self._bring(folder, files, answer["missing"], args, task_vars)
        return answer

    def _call(self, args: dict[str, Any], task_vars: Optional[dict[str, Any]]) -> dict[str, Any]:
        return self._execute_module(module_name=_MODULE, module_args=args, task_vars=task_vars)

    def _bring(
        self,
        folder: str,
        files: list[dict[str, Any]],
        missing: Iterable[str],
        args: dict[str, Any],
        task_vars: Optional[dict[str, Any]],
    ) -> dict[str, Any]:
        """Copy what is missing to the connection's temporary folder, and call the module with where that is."""
        if not self._connection._shell.tmpdir:
            self._make_tmp_path()
        temporary = self._connection._shell.tmpdir
        try:
            brought = {name: self._connection._shell.join_path(temporary, name) for name in missing}
            for name, path in brought.items():
                self._transfer_file(os.path.join(folder, name), path)
            self._fixup_perms2([temporary, *brought.values()])
            files = [dict(file, path=brought.get(file["name"])) for file in files]
            return self._call(dict(args, brought=files), task_vars)
        finally:
            self._remove_tmp_path(temporary)
