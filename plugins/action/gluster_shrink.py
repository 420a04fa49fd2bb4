# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the module until the files have moved and their bricks have left, and shows how far they are."""

from collections.abc import Mapping
from typing import Any

from ansible_collections.brickwork.gluster.plugins.plugin_utils.migration_action import MigrationAction


class ActionModule(MigrationAction):
    """The module's last answer, or why it is waited for no longer."""

    MODULE = "brickwork.gluster.gluster_shrink"
    STATE = "shrunk"

    def problems(self, volume: Mapping[str, Any]) -> list[str]:
        """What did not move, the module itself refuses to commit."""
        if volume["state"] != "not started":
            return []
        return [
            f"volume: the removal of bricks of {volume['name']} was ended by somebody else meanwhile; look at its "
            "bricks (gluster volume info), and run again"
        ]
