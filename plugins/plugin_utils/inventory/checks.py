# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be wrong between the parts of an inventory, each of which is right in itself. PRIVATE to the collection."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.settings import (
    FIRST_PORT,
    LAST_PORT,
    Ports,
    check_ports,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError
from ansible_collections.brickwork.gluster.plugins.plugin_utils.inventory.problems import Problems

if TYPE_CHECKING:
    from ansible_collections.brickwork.gluster.plugins.plugin_utils.inventory.read import Inventory, Machine

#: What heketi calls volumes that were asked for without a name, its own in Kubernetes, and the one of the role's trial.
_NAME_OF_HEKETI = re.compile(r"(vol_[0-9a-f]{32}|heketidbstorage|brickwork-test)\Z")


def check(inventory: Inventory, known: set[str], problems: Problems) -> None:
    """Report what does not go together; known are all hosts that the inventory has."""
    servers = inventory.group("gluster_servers")
    clients = inventory.group("gluster_clients")
    _check_addresses(servers, problems)
    _check_ports(servers, problems)
    _check_tls({**clients, **servers}, problems)
    _check_sources({**clients, **servers}, problems)
    for machine in servers.values():
        for name in ("gluster_devices", "gluster_bricks", "heketi_devices"):
            _check_twins(name, "path", machine.values.get(name, ()), problems, machine.name)
    _check_twins("gluster_volumes", "name", inventory.volumes, problems)
    _check_names_of_heketi(inventory, problems)
    _check_hosts(inventory.volumes, set(servers), known, problems)
    _check_devices(inventory.volumes, servers, problems)
    _check_mount_points(inventory.volumes, clients, problems)
    _check_replaced(inventory, servers, problems)


def _check_replaced(inventory: Inventory, servers: Iterable[str], problems: Problems) -> None:
    for name in inventory.cluster.get("gluster_replace_nodes", ()):
        if name not in servers:
            problems.of()(
                f"gluster_replace_nodes: found {name}, which is no storage node; write one of {', '.join(servers)}"
            )


def _check_addresses(servers: Mapping[str, Machine], problems: Problems) -> None:
    owners: dict[str, str] = {}
    for name, machine in servers.items():
        address = machine.values.get("gluster_address")
        if address is None:
            continue
        if address in owners:
            problems.of(name)(f"gluster_address: found {address}, which is that of {owners[address]}; write its own")
        owners.setdefault(address, name)
        if _is_ipv6(address):
            problems.of(name)(
                f"gluster_address: found {address}, and glusterd as it is shipped listens on IPv4 only; write an IPv4 "
                "address, or a name that has one"
            )


def _is_ipv6(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).version == 6
    except ValueError:
        return False


def _check_ports(servers: Mapping[str, Machine], problems: Problems) -> None:
    for name, machine in servers.items():
        first = machine.values.get("gluster_server_base_port", FIRST_PORT)
        last = machine.values.get("gluster_server_max_port", LAST_PORT)
        try:
            check_ports(Ports(first, last))
        except InputError as error:
            problems.of(name)(f"gluster_server_{error}")


def _check_tls(machines: Mapping[str, Machine], problems: Problems) -> None:
    with_tls = sorted(name for name, machine in machines.items() if machine.values.get("gluster_server_tls"))
    without = sorted(set(machines) - set(with_tls))
    if with_tls and without:
        problems.of()(
            f"gluster_server_tls: found true on {', '.join(with_tls)} and not on {', '.join(without)}; write it for "
            "all machines of a cluster, or for none"
        )


def _check_sources(machines: Mapping[str, Machine], problems: Problems) -> None:
    for name, machine in machines.items():
        values = machine.values
        if values.get("gluster_server_source") == "rpm_folder" and not values.get("gluster_server_rpm_folder"):
            problems.of(name)(
                "gluster_server_source: found rpm_folder, and gluster_server_rpm_folder does not say where the RPMs "
                "are; write their folder or address"
            )


def _check_twins(where: str, key: str, items: Iterable[Mapping[str, Any]], problems: Problems, host: str = "") -> None:
    seen: set[str] = set()
    for item in items:
        value = item.get(key)
        if value in seen:
            problems.of(host)(f"{where}: found {key} {value} twice; remove or rename one")
        if value is not None:
            seen.add(value)


def _check_names_of_heketi(inventory: Inventory, problems: Problems) -> None:
    """A volume whose name heketi takes for its own volume would be deleted by it, or take its place."""
    prefixes = _prefixes_of_classes(inventory.group("kubernetes"))
    for volume in inventory.volumes:
        name = volume.get("name", "")
        if _NAME_OF_HEKETI.match(name) or name.startswith(prefixes):
            problems.of()(
                f"gluster_volumes: found the name {name}, which heketi gives to volumes of its own; write another name"
            )


def _prefixes_of_classes(machines: Mapping[str, Machine]) -> tuple[str, ...]:
    classes = [one for machine in machines.values() for one in machine.values.get("gluster_storageclass_classes", ())]
    return tuple(f"{one['volumenameprefix']}_" for one in classes if one.get("volumenameprefix"))


def refuse_own_volume(name: str, volumes: Iterable[Mapping[str, Any]]) -> None:
    """Raise InputError if heketi is asked for a volume by the name of one of the inventory's own."""
    if name in [volume.get("name") for volume in volumes]:
        raise InputError(
            f"name: found {name}, which is one of gluster_volumes, and heketi would delete it to take its name; choose "
            "another name"
        )


def _check_devices(volumes: list[dict[str, Any]], servers: Mapping[str, Machine], problems: Problems) -> None:
    """A path that no host has would hinder every new brick, and say so only when one is due."""
    for volume in volumes:
        hosts = volume.get("hosts") or servers
        disks = {
            disk.get("path")
            for name in hosts
            if name in servers
            for disk in servers[name].values.get("gluster_devices", ())
        }
        for path in volume.get("devices", ()):
            if path not in disks:
                problems.of()(
                    f"gluster_volumes: {volume.get('name')}: devices: found {path}, which is in gluster_devices of "
                    "none of its hosts; write a path as it stands there"
                )


def _check_hosts(volumes: list[dict[str, Any]], servers: set[str], known: set[str], problems: Problems) -> None:
    for volume in volumes:
        name = volume.get("name")
        _report_strangers(f"gluster_volumes: {name}: hosts", volume.get("hosts", ()), servers, problems)
        for place in volume.get("clients", ()):
            where = f"gluster_volumes: {name}: clients: {place.get('path')}: hosts"
            _report_strangers(where, place.get("hosts", ()), known, problems)


def _report_strangers(where: str, hosts: Iterable[str], known: set[str], problems: Problems) -> None:
    strangers = [host for host in hosts if host not in known]
    if strangers:
        problems.of()(f"{where}: found {', '.join(strangers[:3])}, not in the inventory there; write {_some(known)}")


def _some(known: set[str]) -> str:
    return ", ".join(sorted(known)[:5]) + (" ..." if known and len(known) > 5 else "")


def _check_mount_points(volumes: list[dict[str, Any]], clients: Mapping[str, Machine], problems: Problems) -> None:
    owners: dict[tuple[str, str], str] = {}
    for volume in volumes:
        for place in volume.get("clients", ()):
            for host in place.get("hosts", clients):
                key = (host, place.get("path", ""))
                if key in owners:
                    problems.of(host)(
                        f"gluster_volumes: {volume.get('name')}: clients: found {place.get('path')}, where "
                        f"{owners[key]} is mounted; write another path"
                    )
                owners[key] = volume.get("name", "")
