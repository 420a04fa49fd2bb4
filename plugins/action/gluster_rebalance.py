# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the module until the files are spread, and shows how far they are."""

from collections.abc import Mapping
from typing import Any

from ansible_collections.brickwork.gluster.plugins.plugin_utils.migration_action import MigrationAction


class ActionModule(MigrationAction):
    """The module's last answer, or why it is waited for no longer."""

    MODULE = "brickwork.gluster.gluster_rebalance"
    STATE = "started"

    def problems(self, volume: Mapping[str, Any]) -> list[str]:
        """Files that were skipped are well where they are; those that failed are not."""
        name, state = volume["name"], volume["state"]
        if state == "not started" or state == "stopped":
            return [f"volumes: the rebalance of {name} was stopped by somebody else meanwhile; run again to go on"]
        silent = [f"{member} does not tell what it has moved; bring it back" for member in volume["silent"]]
        if state == "completed" and not volume["failures"]:
            return [f"volumes: the rebalance of {name} is not known to be whole:", *silent] if silent else []
        return [
            f"volumes: the rebalance of {name} is {state}, and {volume['failures']} files did not move; repair what "
            "hindered them, and run again:",
            *volume["problems"],
            *silent,
        ]
