# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the module, and shows how long it has been at it."""

from ansible_collections.brickwork.gluster.plugins.plugin_utils.waiting_action import WaitingAction


class ActionModule(WaitingAction):
    """The module's answer."""

    MODULE = "gluster_snapshot"
