# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans the whole cluster on the controller, of what the look found on every node."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Optional

from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.absence import heketi_waits, part_absences
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.clients import client_absence, plan_client
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.looks import is_absent, look_of, maintenance_of
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.plan import plan_cluster
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.read import (
    read_absent,
    read_node,
    read_settings,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.records import PoolAnswer, pool_answer
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.reference import knowing
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.words import plan_lines, software_lines
from ansible_collections.brickwork.gluster.plugins.plugin_utils.data_action import DataAction, Hostvars
from ansible_collections.brickwork.gluster.plugins.plugin_utils.inventory.read import read_inventory

#: What the user may give in front of the inventory's own.
_GIVEN = {
    "volumes": "gluster_volumes",
    "zone_policy": "gluster_zone_policy",
    "root": "gluster_root",
    "mount_options": "gluster_plan_mount_options",
    "renewed": "gluster_replace_nodes",
}
_Data = dict[str, Any]


class ActionModule(DataAction):
    """The plan of the whole cluster, and its lines for people."""

    _VALID_ARGS = frozenset(("hosts", "clients", "heketi", "kubernetes", "pool", "client_unit", "shrinking", *_GIVEN))

    def compute(self, arguments: Mapping[str, Any], hostvars: Hostvars) -> _Data:
        """Return the plan."""
        plan = _plan(arguments, hostvars)
        return dict(plan, lines=plan_lines(plan))


def _plan(arguments: Mapping[str, Any], hostvars: Hostvars) -> _Data:
    servers, clients = list(arguments.get("hosts") or ()), list(arguments.get("clients") or ())
    given = {name: arguments[key] for key, name in _GIVEN.items() if arguments.get(key) is not None}
    inventory = read_inventory({"gluster_servers": servers, "gluster_clients": clients}, hostvars, given)
    machines = inventory.group("gluster_servers")
    seen = {name: look_of(hostvars[name]) for name in {**machines, **dict.fromkeys(clients)}}
    away = {name for name in machines if is_absent(seen[name]) or maintenance_of(seen[name])}
    absent = [read_absent(machine, seen[name]) for name, machine in machines.items() if name in away]
    nodes = [read_node(machine, seen[name]) for name, machine in machines.items() if name not in away]
    volumes = _with_all_sets(inventory.volumes, arguments.get("shrinking") or ())
    answer = _answer(arguments.get("pool") or _told_in_passing({name: seen[name] for name in machines}))
    plan = plan_cluster(volumes, nodes, read_settings(inventory), answer, absent)
    plan["broken"] += [client_absence(name) for name in clients if is_absent(seen[name])]
    plan["broken"] += _waiting(arguments, hostvars, [node.name for node in absent])
    unit = str(arguments.get("client_unit") or "")
    plan["clients"] = {
        name: plan_client(name, plan["volumes"], seen[name], unit) for name in clients if _is_seen(seen[name])
    }
    plan["kubernetes"] = _kubernetes_software(arguments, hostvars, {*machines, *clients})
    is_due = any(map(_is_due, plan["clients"].values())) or any(plan["kubernetes"].values())
    return dict(plan, needs_change=plan["needs_change"] or is_due)


def _with_all_sets(volumes: Iterable[_Data], shrinking: Collection[str]) -> list[_Data]:
    """Return the volumes, those that are about to shrink with as many sets as they have until then."""
    return [
        {key: value for key, value in volume.items() if key != "sets" or volume.get("name") not in shrinking}
        for volume in volumes
    ]


def _kubernetes_software(
    arguments: Mapping[str, Any], hostvars: Hostvars, planned: Collection[str]
) -> dict[str, list[str]]:
    """Return what is to be installed on machines of Kubernetes, in words, but for those that are planned anyway."""
    names = [name for name in arguments.get("kubernetes") or () if name not in planned]
    looks = {name: look_of(hostvars[name]) for name in names}
    return {name: _software_words(name, look) for name, look in looks.items() if isinstance(look, Mapping)}


def _software_words(name: str, look: Mapping[str, Any]) -> list[str]:
    if look.get("software"):
        return software_lines(name, look["software"])
    missing = look.get("missing_packages") or []
    return [f"{name}: install {', '.join(missing)}"] if missing else []


def _waiting(arguments: Mapping[str, Any], hostvars: Hostvars, absent: list[str]) -> list[str]:
    """Return what of heketi and Kubernetes waits for machines that did not answer; absent are the storage nodes."""
    waiting = []
    for part in ("heketi", "kubernetes"):
        hosts = list(arguments.get(part) or ())
        away = [name for name in hosts if is_absent(look_of(hostvars[name]))]
        waiting += part_absences(part, away)
        if part == "heketi" and hosts and not away and hostvars[hosts[0]].get("heketi_executor", "ssh") == "ssh":
            waiting += heketi_waits(absent)
    return waiting


def _told_in_passing(seen: Mapping[str, Any]) -> Optional[Mapping[str, Any]]:
    """Return what the look at the node that knows the most told of the pool, None where it was not asked for."""
    name = knowing({name: look.get("gluster") or {} for name, look in seen.items() if isinstance(look, Mapping)})
    return seen[name].get("pool") if name else None


def _answer(pool: Optional[Mapping[str, Any]]) -> PoolAnswer:
    """Return what the pool's answer says; a task that was skipped or failed gave none."""
    return pool_answer(pool) if pool and "pool" in pool else PoolAnswer()


def _is_seen(look: Any) -> bool:
    """Whether a client was looked at; --limit may leave it out."""
    return isinstance(look, Mapping) and bool(look.get("files"))


def _is_due(client: Mapping[str, Any]) -> bool:
    return bool(client["is_due"] or client["missing_packages"] or client["software"])
