# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with a cluster, in sentences. Pure. PRIVATE to the collection."""

from typing import Any, Collection, Container, Dict, Iterable, List, Mapping, Optional, Set, Tuple

from ansible_collections.brickwork.gluster.plugins.module_utils.facts import from_facts
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.filling import filling_objections, fillings
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.options import canonical_value
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.pause_mark import pause_sentences
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Volume
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.redundancy import bricks_needed
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.version_defaults import (
    OPEN_BEHIND,
    crashes_in_open_behind,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.reading import parser
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.absence import offline_rest
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.brick_findings import (
    find_broken,
    lines_by_uuid,
    wrong_mount_lines,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.looks import maintenance_of
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.records import NodeDisks, node_disks
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.tasks import running_tasks, task_problems
from ansible_collections.brickwork.gluster.plugins.plugin_utils.health.nodes import (
    Answers,
    checksum_problems,
    client_problems,
    clock_problems,
    members_in_maintenance,
    node_problems,
    self_heal_notes,
    version_problems,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.disks import health_sentence, leaving_notes

#: Percent of a thin pool from which on it is a problem.
POOL_LIMIT = 85.0
#: What the parts of gluster_info are called in a sentence.
_PARTS = {
    "bricks": "which bricks are online is unknown",
    "tasks": "which tasks run is unknown",
    "heal": "what waits for healing is not fully known",
    "clients": "which clients are connected is unknown",
    "split_brain": "which files are in split-brain is unknown",
}


@parser("gluster_node_info or gluster_info")
def find_problems(
    nodes: Answers,
    gluster: Dict[str, Any],
    pool_limit: float = POOL_LIMIT,
    clients: Optional[Mapping[str, Any]] = None,
    states: Optional[Mapping[str, Mapping[str, str]]] = None,
) -> List[str]:
    """Return the problems of a cluster, none if it is well.

    nodes: host name -> what gluster_node_info answered there, nothing where nobody asked.
    gluster: the full answer of gluster_info of one node.
    clients: host name -> what gluster_node_info answered there.
    states: host name -> by path the disks and bricks that the inventory calls retired or lost.
    """
    disks = _disks(nodes)
    volumes = [from_facts(Volume, volume) for volume in gluster["volumes"]]
    broken = find_broken(volumes, disks)
    resting = members_in_maintenance(nodes)
    gluster = _without_bricks_of(resting, gluster)
    problems: List[str] = []
    for name, node in sorted(nodes.items()):
        lost = [found.brick.path for found in broken if found.node == name]
        problems.extend(node_problems(name, node, pool_limit, lost, resting))
    problems += list(filter(None, (offline_rest(name, maintenance_of(node)) for name, node in sorted(nodes.items()))))
    problems += version_problems(nodes) + clock_problems(nodes) + checksum_problems(nodes, gluster)
    problems += wrong_mount_lines(disks, {(found.node, found.brick.path) for found in broken}) + lines_by_uuid(disks)
    hosts = {node.node: node.host for node in disks}
    problems += [health_sentence(found, hosts[found.node], (states or {}).get(found.node, {})) for found in broken]
    problems += (
        pause_sentences(volumes) + _filling_problems(volumes) + _unread_problems(nodes, gluster.get("unread") or ())
    )
    if not any(part["part"] == "bricks" for part in gluster.get("unread") or ()):
        problems += _brick_problems(gluster["bricks"]) + _quorum_problems(gluster)
    problems += task_problems(gluster["tasks"]) + _heal_problems(gluster)
    names = [volume["name"] for volume in gluster["volumes"]]
    for name, client in sorted((clients or {}).items()):
        problems.extend(client_problems(name, client, names))
    return problems


@parser("gluster_node_info or gluster_info")
def find_notes(
    nodes: Answers,
    gluster: Dict[str, Any],
    states: Optional[Mapping[str, Mapping[str, str]]] = None,
    addresses: Optional[Mapping[str, str]] = None,
) -> List[str]:
    """Return what is under way, or still to be done, and is no problem. states: see find_problems.

    addresses: host name -> the address that the inventory gives it, where it gives one.
    """
    volumes = [from_facts(Volume, volume) for volume in gluster["volumes"]] if states or addresses else []
    return (
        leaving_notes(volumes, _disks(nodes), states or {})
        + _old_address_notes(volumes, nodes, addresses or {})
        + _open_behind_notes(nodes, gluster["volumes"])
        + self_heal_notes(nodes, gluster)
        + running_tasks(gluster["tasks"])
        + [
            "%s is in maintenance since %s; the playbook maintenance has it serve again" % (name, maintenance_of(node))
            for name, node in sorted(nodes.items())
            if maintenance_of(node) and not offline_rest(name, maintenance_of(node))
        ]
    )


def _open_behind_notes(nodes: Answers, volumes: Iterable[Mapping[str, Any]]) -> List[str]:
    """Return the volumes whose clients may crash, as their version of GlusterFS does, where there are any."""
    versions = {(node.get("gluster") or {}).get("version") or "" for node in nodes.values()}
    crashing = sorted(filter(crashes_in_open_behind, versions))
    concerned = [
        volume["name"]
        for volume in volumes
        if canonical_value(OPEN_BEHIND, volume["options"].get(OPEN_BEHIND, "on")) == "on"
    ]
    if not crashing or not concerned:
        return []
    return [
        "clients with GlusterFS %s may crash when a file that is being opened is renamed or removed; set %s to 'off' "
        "in the options of %s, or upgrade to 7.8 or newer" % (", ".join(crashing), OPEN_BEHIND, ", ".join(concerned))
    ]


def _old_address_notes(volumes: Iterable[Volume], nodes: Answers, addresses: Mapping[str, str]) -> List[str]:
    """Return which nodes have bricks with another address than the inventory's, as where a readdress did not end."""
    by_uuid = {(node.get("gluster") or {}).get("uuid"): name for name, node in nodes.items() if name in addresses}
    found: Dict[str, Tuple[Set[str], Set[str]]] = {}
    for volume in volumes:
        for brick in volume.bricks:
            name = by_uuid.get(brick.host_uuid) if brick.host_uuid else None
            if name and brick.host != addresses[name]:
                hosts, names = found.setdefault(name, (set(), set()))
                hosts.add(brick.host)
                names.add(volume.name)
    return [
        "%s is %s in the inventory, and %s in its bricks of %s; the playbook readdress changes that"
        % (name, addresses[name], ", ".join(sorted(hosts)), ", ".join(sorted(names)))
        for name, (hosts, names) in sorted(found.items())
    ]


def _without_bricks_of(members: Collection[str], gluster: Dict[str, Any]) -> Dict[str, Any]:
    """Return the answer without the state of what members in maintenance hold: that it is away is so on purpose.

    Quorum is judged all the same, of the volumes' own lists of bricks.
    """
    if not members:
        return gluster
    bricks = [brick for volume in gluster["volumes"] for brick in volume["bricks"] if brick.get("host_uuid") in members]
    names = {"%s:%s" % (brick["host"], brick["path"]) for brick in bricks}
    return dict(
        gluster,
        bricks=[brick for brick in gluster["bricks"] if "%s:%s" % (brick["host"], brick["path"]) not in names],
        heal=[count for count in gluster["heal"] if count["brick"] not in names],
    )


def _disks(nodes: Answers) -> List[NodeDisks]:
    return [
        node_disks(name, node["disks"]["observed"].get("uuid") or "", node["disks"])
        for name, node in sorted(nodes.items())
        if "observed" in (node.get("disks") or {})
    ]


def _filling_problems(volumes: Iterable[Volume]) -> List[str]:
    """Return which bricks are new and not known to be filled: the copies are fewer than they look."""
    return [
        "volume %s: %s" % (volume.name, line)
        for volume in volumes
        for line in filling_objections(volume, fillings(volume))
    ]


def _unread_problems(nodes: Answers, unread: Iterable[Dict[str, str]]) -> List[str]:
    names = {(node.get("disks") or {}).get("observed", {}).get("uuid"): name for name, node in nodes.items()}
    problems = []
    for part in unread:
        where = "volume %s: " % part["volume"] if part["volume"] else ""
        known = [name for uuid, name in names.items() if uuid and uuid in part["reason"]]
        holder = "; that is %s: see there what runs, or restart glusterd there" % known[0] if known else ""
        problems.append("%s%s: %s%s" % (where, _PARTS[part["part"]], part["reason"], holder))
    return problems


def _brick_problems(bricks: Iterable[Dict[str, Any]]) -> List[str]:
    started = [brick for brick in bricks if brick["volume_started"]]
    offline = [_brick_words(brick) + " is offline" for brick in started if not brick["online"]]
    return offline + [
        _brick_words(brick)
        + " is online and glusterd knows no port of it, so that no new client can reach it; with its range of ports in "
        "the inventory (gluster_server_base_port, gluster_server_max_port), site restarts it once the others are healed"
        for brick in started
        if brick["online"] and brick.get("port", 0) is None
    ]


def _brick_words(brick: Dict[str, Any]) -> str:
    return "volume %s: brick %s:%s" % (brick["volume"], brick["host"], brick["path"])


def _quorum_problems(gluster: Dict[str, Any]) -> List[str]:
    online = {(brick["volume"], brick["host"], brick["path"]) for brick in gluster["bricks"] if brick["online"]}
    problems = []
    for volume in gluster["volumes"]:
        if volume["started"]:
            problems.extend(_set_problems(volume, online))
    return problems


def _set_problems(volume: Dict[str, Any], online: Container[Tuple[str, str, str]]) -> List[str]:
    width = max(volume["replicas"], volume["disperse"], 1)
    needed = bricks_needed(from_facts(Volume, volume))
    problems = []
    for first in range(0, len(volume["bricks"]), width):
        bricks = volume["bricks"][first : first + width]
        there = sum((volume["name"], brick["host"], brick["path"]) in online for brick in bricks)
        if there < needed:
            problems.append(
                "volume %s: set %s has no quorum, %s of %s bricks are online and %s are needed"
                % (volume["name"], first // width + 1, there, width, needed)
            )
    return problems


def _heal_problems(gluster: Dict[str, Any]) -> List[str]:
    problems = []
    for count in gluster["heal"]:
        if not count["connected"]:
            problems.append("volume %s: heals of %s are unknown, it can't be asked" % (count["volume"], count["brick"]))
        for key, text in (("pending", "entries wait for healing"), ("split_brain", "entries are in split-brain")):
            if count[key]:
                problems.append("volume %s: %s %s on %s" % (count["volume"], count[key], text, count["brick"]))
    return problems + [
        "volume %s: the playbook split_brain shows what is in split-brain, and resolves it%s"
        % (volume, "; the first files: " + ", ".join(names) if names else "")
        for volume, names in sorted((gluster.get("split_brain") or {}).items())
    ]
