# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How ssh, Ansible, molecule and testinfra get into the lab's guests from outside its namespace."""

from __future__ import annotations

import pathlib

import yaml

from brickwork_lab.network import namespace
from brickwork_lab.spec import Spec


def ssh_config(spec: Spec, state: pathlib.Path, image: pathlib.Path) -> str:
    """Return an ssh_config with an entry for each guest."""
    guests = "".join(f"Host {guest.name}\n  HostName {guest.address}\n" for guest in spec.guests)
    return (
        f"{guests}Host *\n"
        "  User root\n"
        f"  IdentityFile {image}/id\n"
        "  IdentitiesOnly yes\n"
        f"  ProxyCommand ip netns exec {namespace(spec)} nc %h %p\n"
        f"  UserKnownHostsFile {state}/known_hosts\n"
        "  GlobalKnownHostsFile /dev/null\n"
        "  StrictHostKeyChecking yes\n"
        "  ControlMaster auto\n"
        f"  ControlPath {control_path(state)}\n"
        "  ControlPersist 60s\n"
        "  ConnectTimeout 10\n"
        "  ServerAliveInterval 5\n"
        "  ServerAliveCountMax 6\n"
        "  LogLevel ERROR\n"
    )


def control_path(state: pathlib.Path) -> str:
    """Return where the connections of this lab wait to be used again; never another lab's with the same addresses."""
    return f"{state}/cm-%n"


def known_hosts(spec: Spec, host_key: str) -> str:
    """Return the guests' host key under all their names."""
    kind, key = host_key.split()[:2]
    return "".join(f"{guest.name},{guest.address} {kind} {key}\n" for guest in spec.guests)


def inventory(spec: Spec, state: pathlib.Path) -> str:
    """Return an inventory that holds the connections and nothing else, for use beside the real one."""
    # The control path stands here, too: without it Ansible would take one by address, common to all labs.
    connection = {
        "ansible_connection": "ssh",
        "ansible_user": "root",
        "ansible_python_interpreter": "/usr/bin/python3",
        "ansible_ssh_common_args": f"-F {state}/ssh_config -o ControlPath={control_path(state)}",
    }
    hosts = {guest.name: dict(connection) for guest in spec.guests}
    return "---\n" + yaml.safe_dump({"all": {"hosts": hosts}}, sort_keys=False)
