# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the look asks of a machine, by the variables of the role gluster_software. Pure. PRIVATE to the collection.

Ansible compiles each template anew for each machine, and works out each name in it, also in a branch that is not taken.
With hundreds of machines that was most of the time of a plan. So a variable is read here only where it is needed.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from ansible.module_utils.parsing.convert_bool import boolean

from ansible_collections.brickwork.gluster.plugins.module_utils.defaults import ROOT

#: Returns the value of a variable, None for one that is not there.
Read = Callable[[str], Any]
_Data = dict[str, Any]


class _Machine(NamedTuple):
    """What decides on the questions: what the machine is, where its software comes from, and what the look is for."""

    host: str
    servers: Sequence[str]
    clients: Sequence[str]
    source: str
    plans: bool
    upgrades: bool

    @property
    def is_server(self) -> bool:
        return self.host in self.servers

    @property
    def is_client(self) -> bool:
        return self.host in self.clients


def questions(host: str, groups: Mapping[str, Sequence[str]], read: Read) -> _Data:
    """Return the options of gluster_node_info for a machine."""
    machine = _Machine(
        host,
        groups.get("gluster_servers", []),
        groups.get("gluster_clients", []),
        read("gluster_server_source"),
        _is_on("gluster_server_look_plans", read),
        _is_on("gluster_server_look_upgrade", read),
    )
    return {
        **_always(machine, read),
        **_of_software(machine, read),
        **(_of_a_plan(machine, read) if machine.plans else {}),
    }


def _is_on(name: str, read: Read) -> bool:
    return boolean(read(name) or False, strict=False)


def _always(machine: _Machine, read: Read) -> _Data:
    asked: _Data = {
        "files": read("__gluster_software_look_files") if machine.is_client else [],
        "python_install": _is_on("gluster_server_python_install", read),
        "python_folder": read("gluster_server_python_folder") or "",
    }
    if machine.is_server:
        asked["bricks"] = {
            "devices": read("gluster_devices") or [],
            "root": read("gluster_root") or ROOT,
            "pool": machine.plans and machine.host == machine.servers[0],
        }
    if read("gluster_server_look_managed"):
        asked["managed"] = read("__gluster_software_look_managed")
    return asked


def _of_software(machine: _Machine, read: Read) -> _Data:
    """Return what tells whether the machine has the software that it is to have, and what its source has."""
    asked, repository = {}, machine.source == "repository"
    if machine.plans or (machine.upgrades and repository):
        known = machine.source in read("__gluster_software_sources_by_family")
        asked["packages"] = read("__gluster_software_look_packages") if known else {}
        if repository and read("__gluster_software_look_components"):
            asked["repository"] = read("__gluster_software_look_repository")
    folder = machine.source == "rpm_folder"
    if folder and (machine.plans or machine.upgrades) and read("__gluster_software_look_components"):
        asked["rpm_folder"] = read("__gluster_software_look_folder")
    if machine.upgrades or (machine.plans and folder):
        offers = _is_on("gluster_server_look_offers", read)
        asked["upgrade"] = {"version": read("gluster_server_version") or "", "offers": offers}
    return asked


def _of_a_plan(machine: _Machine, read: Read) -> _Data:
    """Return what is compared with the desired settings of the machine."""
    asked = {}
    if machine.is_server:
        asked["daemon"] = read("__gluster_software_settings")
        if _is_on("gluster_server_firewall", read):
            asked["firewall"] = read("__gluster_software_opening")
    if (machine.is_server or machine.is_client) and _is_on("gluster_server_tls", read):
        asked["tls"] = read("__gluster_software_look_tls")
    return asked
