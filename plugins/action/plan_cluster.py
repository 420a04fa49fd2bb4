# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans the whole cluster on the controller, of what the look found on every node."""

from collections.abc import Mapping
from typing import Any, Optional

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import BrickworkError
from ansible_collections.brickwork.gluster.plugins.module_utils.reading import FOREIGN
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.clients import client_absence, plan_client
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.plan import plan_cluster
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.read import (
    is_absent,
    read_absent,
    read_node,
    read_settings,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.records import PoolAnswer, pool_answer
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.words import plan_lines
from ansible_collections.brickwork.gluster.plugins.plugin_utils.inventory.read import read_inventory

#: Under which name the look at each machine is registered.
LOOK = "gluster_server_seen"
#: What the user may give in front of the inventory's own.
_GIVEN = {
    "volumes": "gluster_volumes",
    "zone_policy": "gluster_zone_policy",
    "root": "gluster_root",
    "mount_options": "gluster_plan_mount_options",
}
_Data = dict[str, Any]


class ActionModule(ActionBase):
    """Data in, data out: nothing leaves the controller."""

    TRANSFERS_FILES = False
    _requires_connection = False
    _supports_check_mode = True
    _VALID_ARGS = frozenset(("hosts", "clients", "pool", "client_unit", *_GIVEN))

    def run(self, tmp: Optional[str] = None, task_vars: Optional[_Data] = None) -> _Data:
        """Return the plan, or why there is none."""
        result = super().run(tmp, task_vars)
        try:
            plan = self._plan((task_vars or {})["hostvars"])
        except BrickworkError as error:
            return {**result, "failed": True, "msg": str(error)}
        except FOREIGN as error:
            raise AnsibleActionFail(
                f"plan_cluster: the answers of the look are not in the form that gluster_node_info returns them "
                f"({type(error).__name__}: {str(error)[:200]}); look at the nodes with the same version of this "
                f"collection"
            ) from error
        return {**result, **plan, "changed": False, "lines": plan_lines(plan)}

    def _plan(self, hostvars: Mapping[str, Mapping[str, Any]]) -> _Data:
        arguments = self._task.args
        servers, clients = list(arguments.get("hosts") or ()), list(arguments.get("clients") or ())
        given = {name: arguments[key] for key, name in _GIVEN.items() if arguments.get(key) is not None}
        inventory = read_inventory({"gluster_servers": servers, "gluster_clients": clients}, hostvars, given)
        machines = inventory.group("gluster_servers")
        seen = {name: hostvars[name].get(LOOK) for name in machines}
        absent = [read_absent(machine) for name, machine in machines.items() if is_absent(seen[name])]
        nodes = [read_node(machine, seen[name]) for name, machine in machines.items() if not is_absent(seen[name])]
        answer = _answer(arguments.get("pool"))
        plan = plan_cluster(inventory.volumes, nodes, read_settings(inventory), answer, absent)
        plan["broken"] += [client_absence(name) for name in clients if is_absent(hostvars[name].get(LOOK))]
        looks = {name: _look_of(hostvars[name]) for name in clients}
        unit = str(arguments.get("client_unit") or "")
        plan["clients"] = {name: plan_client(name, plan["volumes"], look, unit) for name, look in looks.items() if look}
        return dict(plan, needs_change=plan["needs_change"] or any(map(_is_due, plan["clients"].values())))


def _answer(pool: Optional[Mapping[str, Any]]) -> PoolAnswer:
    """Return what the pool's answer says; a task that was skipped or failed gave none."""
    return pool_answer(pool) if pool and "pool" in pool else PoolAnswer()


def _look_of(variables: Mapping[str, Any]) -> _Data:
    """Return what was seen of a client; nothing of one that --limit leaves out."""
    look = variables.get(LOOK)
    return dict(look) if isinstance(look, Mapping) and look.get("files") else {}


def _is_due(client: Mapping[str, Any]) -> bool:
    return bool(client["is_due"] or client["missing_packages"])
