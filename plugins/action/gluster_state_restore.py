# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judges an archive on the controller, and whether it may be put back, before the node is asked."""

import base64
import os
from collections.abc import Mapping
from typing import Any, Optional

from ansible.plugins.action import ActionBase

from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.state_archive import unpack
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import BrickworkError, InputError
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.looks import look_of
from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.state import refuse_restore
from ansible_collections.brickwork.gluster.plugins.plugin_utils.state_files import StateFiles

_MODULE = "brickwork.gluster.gluster_state_restore"
_Data = dict[str, Any]


class ActionModule(ActionBase):
    """One call, with the archive in it."""

    TRANSFERS_FILES = False
    _supports_check_mode = True

    def run(self, tmp: Optional[str] = None, task_vars: Optional[_Data] = None) -> _Data:
        """Return the module's answer, with which archive was taken."""
        result = super().run(tmp, task_vars)
        try:
            return {**result, **self._restore(dict(self._task.args), task_vars or {})}
        except (BrickworkError, OSError) as error:
            return {**result, "failed": True, "msg": str(error)}

    def _restore(self, args: _Data, task_vars: _Data) -> _Data:
        node = str(task_vars["inventory_hostname"])
        files = StateFiles(str(args.get("folder") or "."), self._loader._vault)
        path = _chosen(args, files, node)
        data = files.read(path)
        refuse_restore(node, unpack(data).manifest, list(args.get("nodes") or ()), task_vars["hostvars"])
        if self._task.check_mode and not _is_installed(task_vars["hostvars"][node]):
            # Without a glusterd, the module has nothing to plan with.
            return {"changed": True, "archive": path, "uuid": "", "steps": []}
        given = {**args, "content": base64.b64encode(data).decode("ascii")}
        answer = self._execute_module(module_name=_MODULE, module_args=given, task_vars=task_vars)
        answer.pop("invocation", None)
        return {**answer, "archive": path}


def _is_installed(variables: Mapping[str, Any]) -> bool:
    look = look_of(variables)
    return bool(isinstance(look, Mapping) and (look.get("gluster") or {}).get("installed"))


def _chosen(args: _Data, files: StateFiles, node: str) -> str:
    """Return the path of the archive that is named, or of the node's newest one."""
    if args.get("archive"):
        return _present(os.path.abspath(os.path.expanduser(str(args["archive"]))))
    if not args.get("folder"):
        raise InputError("archive: found neither an archive nor a folder of archives; write one of them")
    present = files.of(node)
    if not present:
        raise InputError(f"folder: found no archive of {node} in {files.folder}; write the folder of state_backup")
    return present[-1]


def _present(path: str) -> str:
    if not os.path.isfile(path):
        raise InputError(f"archive: found no file {path}; write the path of one that state_backup has saved")
    return path
