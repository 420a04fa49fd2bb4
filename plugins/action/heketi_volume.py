# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps heketi from a name that is one of the inventory's own volumes, before the module is run."""

from collections.abc import Mapping, Sequence
from typing import Any, Optional

from ansible.plugins.action import ActionBase

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import BrickworkError
from ansible_collections.brickwork.gluster.plugins.plugin_utils.inventory.checks import refuse_own_volume
from ansible_collections.brickwork.gluster.plugins.plugin_utils.inventory.read import read_inventory

_MODULE = "brickwork.gluster.heketi_volume"


class ActionModule(ActionBase):
    """The module's own answer, but for such a name."""

    TRANSFERS_FILES = False
    _supports_check_mode = True

    def run(self, tmp: Optional[str] = None, task_vars: Optional[dict[str, Any]] = None) -> dict[str, Any]:
        """Return the module's answer, or why it was not run."""
        result = super().run(tmp, task_vars)
        args = self._task.args
        if args.get("state", "present") == "present":
            try:
                refuse_own_volume(str(args.get("name")), _own_volumes(task_vars or {}))
            except BrickworkError as error:
                return {**result, "failed": True, "msg": str(error)}
        return {**result, **self._execute_module(module_name=_MODULE, module_args=args, task_vars=task_vars)}


def _own_volumes(task_vars: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Return the inventory's volumes, which hold for the whole cluster and are read from one storage node."""
    servers = list(task_vars.get("groups", {}).get("gluster_servers", ()))[:1]
    return read_inventory({"gluster_servers": servers}, task_vars["hostvars"]).volumes if servers else []
