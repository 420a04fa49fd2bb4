# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes what the module read of the node into a file of the controller. What is read is in no answer."""

import base64
import os
import time
from typing import Any, Optional

from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase

from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.state_archive import unpack
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import BrickworkError, InputError
from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.state import ENCRYPTED, archive_name, too_old
from ansible_collections.brickwork.gluster.plugins.plugin_utils.state_files import StateFiles

_MODULE = "brickwork.gluster.gluster_state_backup"
_KEEP = 10
_Data = dict[str, Any]


class ActionModule(ActionBase):
    """One call; an archive where the state differs from the newest one."""

    TRANSFERS_FILES = False
    _supports_check_mode = True

    def run(self, tmp: Optional[str] = None, task_vars: Optional[_Data] = None) -> _Data:
        """Return the module's answer, with where the archive is."""
        result = super().run(tmp, task_vars)
        try:
            return {**result, **self._save(dict(self._task.args), task_vars or {})}
        except (BrickworkError, OSError) as error:
            return {**result, "failed": True, "msg": str(error)}

    def _save(self, args: _Data, task_vars: _Data) -> _Data:
        node = str(task_vars["inventory_hostname"])
        encrypt, vault_id = boolean(args.get("encrypt", False)), args.get("vault_id") or None
        files = StateFiles(_required(args, "folder"), self._loader._vault)
        if encrypt:
            # A password that is missing is told before the node is asked.
            files.encrypted(b"", vault_id)
        present = files.of(node)
        about = {"node": node, "address": str(task_vars.get("gluster_address") or ""), "saved": _now()}
        given = {**args, "about": about, "has": _digest(files, present, encrypt)}
        answer = self._execute_module(module_name=_MODULE, module_args=given, task_vars=task_vars)
        content = base64.b64decode(answer.pop("content", "") or "")
        if answer.get("failed") or answer.get("unreachable"):
            return answer
        newest = present[-1] if present else ""
        if content and not self._task.check_mode:
            newest = files.write(
                archive_name(node, about["saved"], encrypt),
                files.encrypted(content, vault_id) if encrypt else content,
            )
        removed = [] if self._task.check_mode else _clean(files, node, int(args.get("keep", _KEEP)))
        return {**answer, "changed": bool(content or removed), "archive": newest, "removed": removed}


def _required(args: _Data, name: str) -> str:
    value = str(args.get(name) or "")
    if not value:
        raise InputError(f"{name}: it is missing; write a folder of the controller")
    return value


def _now() -> str:
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())


def _digest(files: StateFiles, present: list[str], encrypt: bool) -> str:
    """Return the digest of the newest archive; none where it is damaged, or encrypted otherwise than is asked for."""
    if not present or present[-1].endswith(ENCRYPTED) != encrypt:
        return ""
    try:
        return str(unpack(files.read(present[-1])).manifest["digest"])
    except (BrickworkError, OSError):
        return ""


def _clean(files: StateFiles, node: str, keep: int) -> list[str]:
    removed = too_old(files.of(node), keep)
    for path in removed:
        os.unlink(path)
    return removed
