# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judges the health of a cluster on the controller, of what the look found on every machine."""

from collections.abc import Mapping
from typing import Any

from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.looks import look_of
from ansible_collections.brickwork.gluster.plugins.plugin_utils.data_action import DataAction, Hostvars
from ansible_collections.brickwork.gluster.plugins.plugin_utils.health.findings import find_notes, find_problems
from ansible_collections.brickwork.gluster.plugins.plugin_utils.health.query import answer_query, judged_cluster
from ansible_collections.brickwork.gluster.plugins.plugin_utils.heketi.account import DEFAULT_FSTAB
from ansible_collections.brickwork.gluster.plugins.plugin_utils.heketi.bricks import brick_problems
from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.disks import states_of


class ActionModule(DataAction):
    """What is wrong (problems), what is under way (notes), and the answer to a query."""

    _VALID_ARGS = frozenset(("hosts", "clients", "pool", "query"))

    def compute(self, arguments: Mapping[str, Any], hostvars: Hostvars) -> dict[str, Any]:
        """Return problems and notes, and the answer where something is asked."""
        return judge(arguments, hostvars)


def judge(arguments: Mapping[str, Any], hostvars: Hostvars) -> dict[str, Any]:
    """Return problems and notes, and the answer to the query. Clients that --limit leaves out are not judged."""
    nodes = {name: look_of(hostvars[name]) or {} for name in arguments["hosts"]}
    looks = {name: look_of(hostvars[name]) for name in arguments.get("clients") or ()}
    states = {name: states_of(hostvars[name]) for name in arguments["hosts"]}
    clients = {name: look for name, look in looks.items() if look}
    problems = find_problems(nodes, arguments["pool"], clients=clients, states=states)
    addresses = {name: str(address) for name in nodes if (address := hostvars[name].get("gluster_address"))}
    notes = find_notes(nodes, arguments["pool"], states, addresses)
    judged = {"problems": problems + _heketi_problems(hostvars, nodes), "notes": notes}
    query = str(arguments.get("query") or "")
    if not query:
        return judged
    return {**judged, "answer": answer_query("query", query, judged_cluster(judged, nodes, arguments["pool"]))}


def _heketi_problems(hostvars: Hostvars, nodes: Hostvars) -> list[str]:
    options = [hostvars[name].get("heketi_options") or {} for name in hostvars]
    fstab = next((given["fstab"] for given in options if "fstab" in given), DEFAULT_FSTAB)
    return brick_problems({name: node.get("disks") for name, node in nodes.items()}, fstab)
