# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans on the controller what a teardown removes, of what the look found on every storage node."""

from collections.abc import Mapping
from typing import Any

from ansible.module_utils.parsing.convert_bool import boolean

from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.looks import look_of
from ansible_collections.brickwork.gluster.plugins.plugin_utils.data_action import DataAction, Hostvars
from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.teardown import (
    Named,
    bricks_to_remove,
    find_refusals,
)


class ActionModule(DataAction):
    """Why what is named may not be removed (refusals), and by host which bricks go (bricks)."""

    _VALID_ARGS = frozenset(("hosts", "pool", "volumes", "peers", "bricks", "destroy_data"))

    def compute(self, arguments: Mapping[str, Any], hostvars: Hostvars) -> dict[str, Any]:
        """Return refusals and bricks. Without destroy_data, only the bricks go that are named themselves."""
        named = Named(*(arguments.get(key) or () for key in ("volumes", "peers", "bricks")))
        disks = {name: look_of(hostvars[name])["disks"] for name in arguments["hosts"]}
        emptied = named.volumes if boolean(arguments.get("destroy_data", False)) else ()
        return {
            "refusals": find_refusals(named, arguments["pool"], disks),
            "bricks": {
                name: bricks_to_remove(seen["bricks"], emptied, named.bricks, name) for name, seen in disks.items()
            },
        }
