# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells the copies of what is in split-brain side by side, of what was read on each node."""

from collections.abc import Mapping
from typing import Any

from ansible_collections.brickwork.gluster.plugins.plugin_utils.data_action import DataAction, Hostvars
from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.split_brain import tell


class ActionModule(DataAction):
    """Lines for people, and what the bricks know beyond GlusterFS's list."""

    _VALID_ARGS = frozenset(("files", "waiting", "hosts"))

    def compute(self, arguments: Mapping[str, Any], hostvars: Hostvars) -> dict[str, Any]:
        """Return the lines, and what was seen."""
        answers = [hostvars[name].get("gluster_split_brain_copies") or {} for name in arguments["hosts"]]
        copies = [copy for answer in answers for copy in answer.get("copies") or ()]
        return tell(arguments["files"], copies, arguments.get("waiting") or ())
