# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An action that only computes: data in, data out, on the controller. PRIVATE to the collection."""

from collections.abc import Mapping
from typing import Any, Optional

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import BrickworkError
from ansible_collections.brickwork.gluster.plugins.module_utils.reading import FOREIGN

#: Under which name the look at each machine is registered.
Hostvars = Mapping[str, Mapping[str, Any]]


class DataAction(ActionBase):
    """Nothing leaves the controller, and nothing changes. An error of the engine is the failure's message."""

    TRANSFERS_FILES = False
    _requires_connection = False
    _supports_check_mode = True

    def run(self, tmp: Optional[str] = None, task_vars: Optional[dict[str, Any]] = None) -> dict[str, Any]:
        """Return what is computed, or why it can't be."""
        result = super().run(tmp, task_vars)
        try:
            found = self.compute(self._task.args, (task_vars or {})["hostvars"])
        except BrickworkError as error:
            return {**result, "failed": True, "msg": str(error)}
        except FOREIGN as error:
            raise AnsibleActionFail(
                f"{self._task.action}: what it was given is not in the form that its documentation says "
                f"({type(error).__name__}: {str(error)[:200]}); look at the nodes with the same version of this "
                f"collection"
            ) from error
        return {**result, **found, "changed": False}

    def compute(self, arguments: Mapping[str, Any], hostvars: Hostvars) -> dict[str, Any]:
        """Return what is made of the task's arguments and of what all hosts answered before."""
        raise NotImplementedError
