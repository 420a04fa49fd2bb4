# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The planners for roles and playbooks, on the controller: data in, data out, nothing touched."""

from collections import ChainMap
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Optional

from ansible.errors import AnsibleFilterError

from ansible_collections.brickwork.gluster.plugins.module_utils import versions
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import BrickworkError
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.volumes_plan import pending_volumes
from ansible_collections.brickwork.gluster.plugins.module_utils.reading import FOREIGN
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster import mounts
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.brick_starts import with_brick_starts
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.certificate_files import chosen_files
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.looks import look_of, node_of, unpacked
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.reference import is_in_doubt, knowing
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.words import step_lines
from ansible_collections.brickwork.gluster.plugins.plugin_utils.health.query import query_expression
from ansible_collections.brickwork.gluster.plugins.plugin_utils.heketi import bricks as heketi_bricks
from ansible_collections.brickwork.gluster.plugins.plugin_utils.heketi.account import (
    DEFAULT_FSTAB,
    node_problems,
    node_settings,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.heketi.due import (
    keyed_sums,
    known_hosts,
    node_steps,
    server_steps,
    silent_nodes,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.heketi.inventory import heketi_clusters
from ansible_collections.brickwork.gluster.plugins.plugin_utils.heketi.server import (
    chain_problems,
    desired_disks,
    disk_problems,
    server_files,
    server_problems,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.inventory.read import read_inventory
from ansible_collections.brickwork.gluster.plugins.plugin_utils.kubernetes import (
    differences,
    manifests,
    storage_plan,
    trial,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.kubernetes.mounted import not_mounted
from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.disks import lost_paths, states_of
from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.upgrade_start import start_problems


def _in_ansible(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function as a filter: an error of the engine becomes one of Ansible's.

    So does what Python raises for data that is in another form than the modules return it.
    """

    def planned(*arguments: Any, **options: Any) -> Any:
        try:
            return function(*arguments, **options)
        except BrickworkError as error:
            raise AnsibleFilterError(str(error))
        except FOREIGN as error:
            raise AnsibleFilterError(
                "%s: the data that it was given is not in the form that its documentation says (%s: %s)"
                % (function.__name__, type(error).__name__, str(error)[:200])
            )

    planned.__doc__ = function.__doc__
    return planned


def query_problem(expression: str) -> str:
    """Return why an expression is no query for health, "" for one that is."""
    try:
        query_expression("gluster_health_query", expression)
    except BrickworkError as error:
        return str(error)
    return ""


def find_pending_volumes(
    volumes: list[dict[str, Any]],
    gluster: dict[str, Any],
    hostvars: Optional[Mapping[str, Any]] = None,
    hosts: Iterable[str] = (),
) -> list[dict[str, Any]]:
    """Return those of the volumes, given as gluster_volume's parameters, that differ from what gluster_info told.

    Bricks without a process are started where the hosts told, by lvm_brick_info, that they may be; never one that the
    inventory calls lost.
    """
    known = {host: (hostvars or {})[host] for host in hosts}
    seen = {host: (variables.get("gluster_volumes_disks") or {}).get("observed") for host, variables in known.items()}
    observed = {host: answer for host, answer in seen.items() if answer}
    lost = {(answer["uuid"], path) for host, answer in observed.items() for path in _lost_bricks(known[host])}
    return pending_volumes(with_brick_starts(volumes, gluster, list(observed.values()), lost), gluster)


def _lost_bricks(variables: Mapping[str, Any]) -> set[str]:
    """Return the directories of a host's bricks that the inventory calls lost; the look tells their disks."""
    return lost_paths(states_of(variables), ((look_of(variables) or {}).get("disks") or {}).get("bricks") or ())


def clusters_of_heketi(servers: Sequence[str], hostvars: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the one cluster of those hosts as heketi_topology takes it."""
    return heketi_clusters(servers, _judged(servers, hostvars))


def disks_of_heketi(hostvars: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """Return a node's disks for heketi as lvm_brick_info takes them."""
    return desired_disks(_judged([name], hostvars), name)


def heketi_problems(
    desired: Mapping[str, Any], host: str, hosts: Sequence[str], hostvars: Mapping[str, Any], servers: Sequence[str]
) -> list[str]:
    """Return all that is wrong with a heketi server that is asked for, in sentences."""
    try:
        judged = _judged(servers, hostvars)
    except BrickworkError as error:
        return str(error).splitlines()
    return server_problems(desired, host, hosts, judged, servers)


def _judged(servers: Iterable[str], hostvars: Mapping[str, Any]) -> dict[str, ChainMap[str, Any]]:
    """Return the servers' variables by host, in the form in which the inventory's schema has them."""
    machines = read_inventory({"gluster_servers": list(servers)}, hostvars).group("gluster_servers")
    return {name: ChainMap(dict(machine.values), hostvars[name]) for name, machine in machines.items()}


def find_version_problems(hostvars: Mapping[str, Any], servers: Sequence[str], clients: Iterable[str]) -> list[str]:
    """Return in sentences which versions of GlusterFS don't go together, of what the entry point bootstrap found."""
    mounting = [name for name in clients if name not in servers]
    return versions.version_problems(_versioned(servers, hostvars), _versioned(mounting, hostvars))


def _versioned(names: Iterable[str], hostvars: Mapping[str, Any]) -> list[versions.Node]:
    """Return the Nodes of those hosts that were looked at; --limit may leave some out."""
    seen = {name: node_of(hostvars[name]) for name in names}
    return [_with_version(name, node["gluster"], hostvars[name]) for name, node in seen.items() if node is not None]


def _with_version(name: str, version: str, facts: Mapping[str, Any]) -> versions.Node:
    desired = str(facts.get("gluster_server_version") or "")
    source = facts.get("gluster_server_source") or "distribution"
    return versions.Node(name, version, desired, source, _folder_of_a_member(facts.get("gluster_server_seen") or {}))


def _folder_of_a_member(look: Mapping[str, Any]) -> str:
    """Return the version in the folder of RPMs of a member that serves: site would restart all of them at once.

    "" where that is the version of the packages that it has: what the program says of itself does not count beside it.
    """
    gluster = look.get("gluster") or {}
    serves = (gluster.get("peers") or 0) > 1 or bool(gluster.get("known_volumes"))
    offered = (look.get("upgrade") or {}).get("offered") or {}
    version = str(offered.get("version") or "")
    return version if serves and version != offered.get("installed") else ""


def find_heketi_brick_problems(looked: Mapping[str, Any], fstab_path: str = DEFAULT_FSTAB) -> list[str]:
    """Return what is wrong with heketi's bricks, by host of what lvm_brick_info or gluster_node_info answered."""
    answers = {name: unpacked(answer) for name, answer in looked.items()}
    return heketi_bricks.brick_problems({name: each.get("disks", each) for name, each in answers.items()}, fstab_path)


def find_server_problems(hostvars: Mapping[str, Any], servers: Sequence[str]) -> list[str]:
    """Return in sentences what does not hold of servers, of what the role gluster_server registered on them."""
    given = {name: hostvars[name]["gluster_server_answer"] for name in servers}
    answers = {name: dict(answer, peers=len(answer["pool"]["peers"])) for name, answer in given.items()}
    desired = {name: str(hostvars[name].get("gluster_server_version") or "") for name in servers}
    return versions.server_problems(answers, desired)


def plan_storage(
    classes: Iterable[dict[str, Any]],
    volumes: Iterable[dict[str, Any]],
    version: Any,
    settings: Mapping[str, Any],
    hostvars: Mapping[str, Any],
    servers: Iterable[str],
) -> dict[str, Any]:
    """Return the objects for a cluster of Kubernetes, or only why there are none."""
    addresses = {name: str(hostvars[name].get("gluster_address", "")) for name in servers}
    try:
        given = storage_plan.Settings(**settings)
        return storage_plan.plan_storage(list(classes), list(volumes), str(version), given, addresses)
    except BrickworkError as error:
        return {"refusal": str(error)}


def storage_secrets(secrets: Iterable[dict[str, str]], key: Any) -> list[dict[str, Any]]:
    """Return the Secrets with heketi's key."""
    return [manifests.secret(one["name"], one["namespace"], str(key)) for one in secrets]


def storage_differences(desired: list[dict[str, Any]], found: list[dict[str, Any]]) -> list[str]:
    """Return in sentences what differs, of what no API can change."""
    return [difference.sentence() for difference in differences.find_differences(desired, found)]


def heketi_lines(
    missing: Iterable[str],
    steps: Optional[list[dict[str, Any]]] = None,
    clusters: Iterable[dict[str, Any]] = (),
    bricks: Iterable[str] = (),
) -> list[str]:
    """Return the plan of a heketi server as lines for people: what its host lacks, its topology, and its bricks.

    steps are those of heketi_topology; clusters are told of where there is no heketi yet that could have planned them.
    bricks are what heketi_brick_problems says.
    """
    if steps is None:
        nodes = [node for cluster in clusters for node in cluster["nodes"]]
        lines = [_new_node_words(node) for node in nodes]
    else:
        lines = step_lines(steps)
    return list(missing) + lines + list(bricks) or ["nothing to do"]


def _new_node_words(node: dict[str, Any]) -> str:
    disks = [("DESTROYS DATA: " if disk["destroydata"] else "") + disk["name"] for disk in node["devices"]]
    return "%s: load node with %s" % (node["manage"][0], ", ".join(disks) or "no disks")


class FilterModule:
    """The filters."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters by name."""
        found: dict[str, Callable[..., Any]] = {
            "_certificate_files": chosen_files,
            "_is_in_doubt": is_in_doubt,
            "_knowing_node": knowing,
            "_query_problem": query_problem,
            "_pending_volumes": find_pending_volumes,
            "_plan_mounts": mounts.plan_mounts,
            "heketi_clusters": clusters_of_heketi,
            "_heketi_problems": heketi_problems,
            "_heketi_lines": heketi_lines,
            "_heketi_files": server_files,
            "_heketi_keyed_sums": keyed_sums,
            "_heketi_server_steps": server_steps,
            "_heketi_node_steps": node_steps,
            "_heketi_known_hosts": known_hosts,
            "_heketi_silent_nodes": silent_nodes,
            "_heketi_chain_problems": chain_problems,
            "_heketi_disks": disks_of_heketi,
            "_heketi_disk_problems": disk_problems,
            "_heketi_node_problems": node_problems,
            "_heketi_node_settings": node_settings,
            "_heketi_brick_problems": find_heketi_brick_problems,
            "_heketi_brick_commands": heketi_bricks.restoring_commands,
            "_heketi_volumes_to_start": heketi_bricks.volumes_to_start,
            "_version_problems": find_version_problems,
            "_server_problems": find_server_problems,
            "_start_problems": start_problems,
            "_plan_storage": plan_storage,
            "_storage_secrets": storage_secrets,
            "_storage_differences": storage_differences,
            "_not_mounted": not_mounted,
            "_claim_problems": trial.claim_problems,
            "_pod_problems": trial.pod_problems,
            "_trial_leftovers": trial.leftovers,
        }
        return {name: _in_ansible(function) for name, function in found.items()}
