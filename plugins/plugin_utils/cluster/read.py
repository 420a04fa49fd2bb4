# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the inventory and the answers of the look to the records that the plan is made of. PRIVATE."""

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.certificates import read_certificate
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.looks import is_lost, maintenance_of
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.plan import Settings
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.records import Absent, Node, node_disks
from ansible_collections.brickwork.gluster.plugins.plugin_utils.inventory.read import Inventory, Machine

#: Which variable of the inventory says what of the Settings.
_SETTINGS = {
    "zone_policy": "gluster_zone_policy",
    "root": "gluster_root",
    "mount_options": "gluster_plan_mount_options",
}


def read_node(machine: Machine, answer: Any) -> Node:
    """Return the Node of a machine of the inventory and what gluster_node_info answered for it."""
    if not isinstance(answer, Mapping) or "disks" not in answer:
        raise InputError(
            "gluster_servers: %s was not looked at; leave no storage node out by --limit, as the plan needs all of them"
            % machine.name
        )
    disks = machine.values.get("gluster_devices", [])
    return Node(
        name=machine.name,
        address=machine.values["gluster_address"],
        zone=machine.values.get("gluster_zone", "default"),
        devices=[{key: value for key, value in disk.items() if key != "state"} for disk in disks],
        gluster=answer["gluster"],
        disks=node_disks(machine.name, answer["gluster"]["uuid"], answer["disks"]),
        desired_version=str(machine.values.get("gluster_server_version", "")),
        missing_packages=answer.get("missing_packages"),
        software=answer.get("software") or [],
        daemon=answer.get("daemon") or [],
        firewall=answer.get("firewall") or [],
        certificate=read_certificate(answer.get("certificate")),
        retired=machine.values.get("gluster_state") == "retired",
        disk_states=_states(disks),
        brick_states=_states(machine.values.get("gluster_bricks", [])),
    )


def _states(things: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return by path the disks, or the bricks, that are retired or lost."""
    return {one["path"]: one["state"] for one in things if one.get("state", "active") != "active"}


def read_absent(machine: Machine, answer: Any) -> Absent:
    """Return the Absent of a machine that did not answer, is in maintenance, or is lost."""
    zone = machine.values.get("gluster_zone", "default")
    retired = machine.values.get("gluster_state") == "retired"
    address = machine.values["gluster_address"]
    return Absent(machine.name, address, zone, maintenance_of(answer), lost=is_lost(answer), retired=retired)


def read_settings(inventory: Inventory) -> Settings:
    """Return what holds for the whole cluster."""
    given = {field: inventory.cluster[name] for field, name in _SETTINGS.items() if name in inventory.cluster}
    clients = tuple(inventory.group("gluster_clients"))
    renewed = tuple(inventory.cluster.get("gluster_replace_nodes") or ())
    servers = inventory.group("gluster_servers").values()
    accepted = tuple(next((server.values.get("gluster_accept_downtime", ()) for server in servers), ()))
    return Settings(
        tls_names=_tls_names(inventory),
        clients=clients,
        renewed=renewed,
        moved=_named("gluster_move_volumes", inventory),
        readdressed=_named("gluster_readdress_nodes", inventory),
        downtime_ok=accepted,
        cloned=inventory.cluster.get("gluster_clone_volume", ""),
        clone=inventory.cluster.get("gluster_clone_name", ""),
        **given,
    )


def _named(variable: str, inventory: Inventory) -> tuple[str, ...]:
    """Return what a playbook is asked to do by name, each name once."""
    return tuple(dict.fromkeys(inventory.cluster.get(variable) or ()))


def _tls_names(inventory: Inventory) -> dict[str, str]:
    """Return by host the names in the machines' certificates, none if they have no TLS."""
    machines = {**inventory.group("gluster_clients"), **inventory.group("gluster_servers")}
    return {
        name: machine.values.get("gluster_server_tls_name", name)
        for name, machine in machines.items()
        if machine.values.get("gluster_server_tls")
    }
