# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The account on the nodes that heketi logs in to, on the controller: what it may do there. Pure. PRIVATE.

By sudo it may run one program (roles/heketi/files/heketi_node.py), which judges every word. What differs from cluster
to cluster is in that program's settings.
"""

from typing import Any, Dict, Iterable, List, Mapping, Set

from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.desired import DesiredNode, desired_topology
from ansible_collections.brickwork.gluster.plugins.plugin_utils.heketi.server import desired_disks

#: How the account is told apart from one that somebody else made.
COMMENT = "heketi at its nodes (brickwork.gluster)"
DEFAULT_FSTAB = "/etc/fstab"
DEFAULT_MOUNT_OPTIONS = "rw,inode64,noatime,nouuid"


def node_settings(
    hostvars: Mapping[str, Any], name: str, servers: Iterable[str], desired: Mapping[str, Any]
) -> Dict[str, Any]:
    """Return the settings of the program on a node.

    desired is what heketi's host says: C(options), C(modules), C(disks) (whether there are any) and C(topology).
    """
    listed = [node for cluster in desired_topology({"topology": desired["topology"]}) for node in cluster.nodes]
    own = _own_addresses(hostvars[name])
    folder = str(hostvars[name].get("gluster_server_working_directory") or "/var/lib/glusterd")
    return {
        "fstab": desired["options"].get("fstab", DEFAULT_FSTAB),
        "mount_options": desired["options"].get("mountopts", DEFAULT_MOUNT_OPTIONS),
        "snapshot_limit": desired["options"].get("snapshot_limit"),
        "modules": list(desired["modules"]),
        "volumes": folder + "/vols",
        "devices": dict(_listed_devices(listed, own | {name}), **_devices(hostvars, name, desired["disks"])),
        "peers": sorted(set().union(*(_own_addresses(hostvars[server]) for server in servers), *map(_names, listed))),
    }


def _own_addresses(facts: Mapping[str, Any]) -> Set[str]:
    return {str(facts[key]) for key in ("gluster_address", "heketi_manage") if facts.get(key)}


def _names(node: DesiredNode) -> Set[str]:
    return set(node.manage) | set(node.storage)


def _devices(hostvars: Mapping[str, Any], name: str, loaded: bool) -> Dict[str, bool]:
    """Return the inventory's disks for heketi, and whether each may be wiped.

    Where the topology is not made of the inventory, gluster_devices are not heketi's.
    """
    if not loaded and "heketi_devices" not in hostvars[name]:
        return {}
    return {disk["path"]: disk["overwrite"] for disk in desired_disks(hostvars, name)}


def _listed_devices(nodes: List[DesiredNode], own: Set[str]) -> Dict[str, bool]:
    """Return the disks that heketi's own form has for a node; those of all where it can't be told which node it is."""
    mine = [node for node in nodes if _names(node) & own]
    return {device.name: device.destroy_data for node in mine or nodes for device in node.devices}


def node_problems(looked: Mapping[str, str], user: str) -> List[str]:
    """Return in sentences why heketi can't be let in; looked has by node what look_at_node.sh said."""
    return [
        "%s: %s" % (name, problem)
        for name in sorted(looked)
        for problem in _node_problems(looked[name].splitlines(), user)
    ]


def _node_problems(lines: List[str], user: str) -> List[str]:
    said: Dict[str, List[str]] = {}
    for line in lines:
        kind, _blank, text = line.partition(" ")
        said.setdefault(kind, []).append(text)
    problems = list(said.get("unsafe", []))
    if "python" not in said:
        problems.append(
            "there is neither /usr/bin/python3 nor /usr/libexec/platform-python; install the system's python3"
        )
    if user != "root":
        problems += [
            problem
            for entry in said.get("account", [])
            for problem in [_account_problem(user, entry.split(":"), said.get("sudoers", []))]
            if problem
        ]
    return problems


def _account_problem(user: str, entry: List[str], sudo_lines: List[str]) -> str:
    """Return why an account that is there can't be heketi's, "" if it can."""
    made_here = entry[4] == COMMENT or any(line.startswith(user + " ALL=") for line in sudo_lines)
    if made_here and entry[2] != "0" and entry[5].rpartition("/")[2] == user:
        return ""
    return (
        "heketi_ssh_user: there is an account %s already (home %s), and this role did not make it; its home would "
        "become root's and its keys would be replaced; name another account, or remove this one" % (user, entry[5])
    )
