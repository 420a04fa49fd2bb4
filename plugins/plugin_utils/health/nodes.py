# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with single machines of a cluster, and where they disagree, in sentences. Pure. PRIVATE."""

from typing import Any, Collection, Dict, List, Optional, Set

from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.heal import DEAD_DAEMON_REMEDY
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.snapshot_in_place import SNAPSHOT_IN_PLACE
from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import GIB, MIB, format_size
from ansible_collections.brickwork.gluster.plugins.module_utils.versions import differences
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.looks import is_lost, maintenance_of
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.mounts import unmounted_lines

#: Days for which a certificate still holds from which on it is a problem; it should have been renewed long before.
CERTIFICATE_LIMIT = 30
#: Seconds by which clocks may differ: logs can't be compared, and certificates begin and end too early or too late.
_CLOCK_LIMIT = 60
#: A file system of the system is nearly full below this many free bytes, or below this share and that many.
_LEAST_FREE, _LEAST_SHARE, _ENOUGH_FREE = 100 * MIB, 0.05, 2 * GIB

Answers = Dict[str, Dict[str, Any]]


def members_in_maintenance(nodes: Answers) -> Set[str]:
    """Return the uuids of the nodes that are in maintenance."""
    return {node["gluster"].get("uuid") or "" for node in nodes.values() if maintenance_of(node)}


def node_problems(
    name: str,
    node: Dict[str, Any],
    pool_limit: float,
    broken: Collection[str] = (),
    resting: Collection[str] = (),
) -> List[str]:
    """Return what is wrong with a storage node; see health.find_problems for its answers.

    broken are the paths of those of its bricks of which all is said already, resting the members in maintenance.
    """
    silence = _silence(name, node)
    if silence:
        return [silence]
    problems = _space_problems(name, node.get("node") or {})
    if maintenance_of(node):
        return problems
    if not node["gluster"]["running"]:
        return problems + ["%s: glusterd does not run%s" % (name, _because(node["gluster"]))]
    problems += _certificate_problems(name, node["gluster"].get("certificate_days"))
    problems += _peer_problems(name, node["gluster"]["peers"], node["gluster"]["unwell"], resting)
    bricks = [brick for brick in node["disks"]["bricks"] if brick.get("path") not in broken]
    return problems + _disk_problems(name, bricks, pool_limit)


def _because(gluster: Dict[str, Any]) -> str:
    return ": " + gluster["stopped_because"] if gluster.get("stopped_because") else ""


def _silence(name: str, node: Dict[str, Any]) -> str:
    """Return why a node told nothing, "" where it did."""
    refusal = (node.get("node") or {}).get("refusal")
    if refusal:
        return "%s %s" % (name, refusal)
    if "gluster" in node and "disks" in node:
        return ""
    if is_lost(node):
        return "%s is lost (gluster_state): run the playbook replace, and remove it from the inventory then" % name
    if node.get("msg") and not node.get("unreachable"):
        return "%s could not be looked at: %s" % (name, node["msg"].strip().splitlines()[0])
    return "%s does not answer" % name


def _space_problems(name: str, node: Dict[str, Any]) -> List[str]:
    return [
        "%s: %s has %s of %s free; make room before glusterd can't write what it is told"
        % (name, place["path"], format_size(place["free"]), format_size(place["size"]))
        for place in node.get("space") or ()
        if _is_nearly_full(place["free"], place["size"])
    ]


def _is_nearly_full(free: int, size: int) -> bool:
    return free < min(_LEAST_FREE, size // 10) or (free < _ENOUGH_FREE and free < size * _LEAST_SHARE)


def _certificate_problems(name: str, days: Optional[int]) -> List[str]:
    if days is None or days >= CERTIFICATE_LIMIT:
        return []
    return ["%s: its certificate ends within %s days, and with it the node's part in the pool" % (name, days + 1)]


def _peer_problems(name: str, members: int, unwell: List[Dict[str, Any]], resting: Collection[str]) -> List[str]:
    problems = [
        "%s sees %s: %s%s" % (name, peer["names"][0], peer["state_text"], "" if peer["connected"] else ", disconnected")
        for peer in unwell
        if peer.get("uuid") not in resting
    ]
    well = members - len(unwell)
    if 2 * well <= members:
        problems.append("%s: the pool has no quorum, only %s of %s members are there" % (name, well, members))
    return problems


def _disk_problems(name: str, bricks: List[Dict[str, Any]], pool_limit: float) -> List[str]:
    problems = ["%s: brick %s is not mounted" % (name, brick["name"]) for brick in bricks if not brick["mounted"]]
    problems += [
        "%s: brick %s serves old files: %s" % (name, brick["name"], SNAPSHOT_IN_PLACE % brick["mounted_instead"])
        for brick in bricks
        if brick.get("mounted_instead")
    ]
    problems += [
        "%s: brick %s can't be read: %s; its disk may be dead" % (name, brick["name"], brick["problem"])
        for brick in bricks
        if brick.get("problem")
    ]
    for brick in bricks:
        for what in ("data", "metadata"):
            percent = brick["%s_percent" % what]
            if percent is not None and percent >= pool_limit:
                problems.append("%s: thin pool of brick %s: %s is %.0f %% full" % (name, brick["name"], what, percent))
    return problems


def clock_problems(nodes: Answers) -> List[str]:
    """Return which nodes' clocks are apart from those of most."""
    offsets = {name: node["node"]["clock_offset"] for name, node in nodes.items() if _tells_clock(node)}
    if not offsets:
        return []
    middle = sorted(offsets.values())[(len(offsets) - 1) // 2]
    return [
        "%s: its clock is %s s %s those of the others; have it set by NTP (chrony)"
        % (name, abs(offset - middle), "ahead of" if offset > middle else "behind")
        for name, offset in sorted(offsets.items())
        if abs(offset - middle) > _CLOCK_LIMIT
    ]


def _tells_clock(node: Dict[str, Any]) -> bool:
    return (node.get("node") or {}).get("clock_offset") is not None


def version_problems(nodes: Answers) -> List[str]:
    """Return that the running nodes have several versions of GlusterFS, where they have."""
    running = {name: node["gluster"] for name, node in nodes.items() if (node.get("gluster") or {}).get("running")}
    return differences({name: gluster["version"] for name, gluster in running.items() if gluster.get("version")})


def checksum_problems(nodes: Answers, gluster: Dict[str, Any]) -> List[str]:
    """Return the volumes of which running members know different things; GlusterFS calls them connected."""
    members = {peer["uuid"] for peer in gluster["pool"]["peers"]} if "pool" in gluster else set()
    told = {
        name: node["gluster"]["volumes"]
        for name, node in sorted(nodes.items())
        if node.get("gluster") and node["gluster"]["running"] and node["gluster"].get("uuid") in members
    }
    volumes = sorted(volume["name"] for volume in gluster["volumes"])
    problems = []
    for volume in volumes if told else ():
        groups: Dict[str, List[str]] = {}
        for name, known in told.items():
            groups.setdefault(known.get(volume, "none"), []).append(name)
        if len(groups) > 1:
            shown = "; ".join("%s on %s" % (checksum, ", ".join(names)) for checksum, names in groups.items())
            problems.append(
                "volume %s: the members know different things of it (checksums %s): a change reached only some of "
                "them; see that each has room in /var, and set one of its options once more, to the value that it "
                "should have" % (volume, shown)
            )
    return problems


def self_heal_notes(nodes: Answers, gluster: Dict[str, Any]) -> List[str]:
    """Return the members whose self-heal daemon does not run, with the volumes that it should heal.

    No problem as long as nothing waits: after a boot, glusterd 10.3 may have lost it of a volume that was changed
    meanwhile. glusterd tells of none that is away. Of nodes in maintenance, or without glusterd, more is said already.
    """
    silent = {node["gluster"].get("uuid") for node in nodes.values() if _is_stopped(node)}
    silent |= members_in_maintenance(nodes)
    found: Dict[str, List[str]] = {}
    for daemon in gluster.get("self_heal_daemons_down") or ():
        if daemon["host_uuid"] not in silent:
            found.setdefault(_name_of_member(daemon["host_uuid"], nodes, gluster), []).append(daemon["volume"])
    return [
        "%s: its self-heal daemon does not run, and heals nothing of %s; where something waits, the playbook heal "
        "starts it, or %s"
        % (name, ", ".join(sorted(volumes)), DEAD_DAEMON_REMEDY)
        for name, volumes in sorted(found.items())
    ]


def _is_stopped(node: Dict[str, Any]) -> bool:
    return "gluster" in node and not node["gluster"]["running"]


def _name_of_member(uuid: str, nodes: Answers, gluster: Dict[str, Any]) -> str:
    """Return what the inventory calls a member, or the pool, where the node itself was not heard."""
    own = [name for name, node in nodes.items() if (node.get("gluster") or {}).get("uuid") == uuid]
    peers = (gluster.get("pool") or {}).get("peers") or ()
    return (own + [peer["names"][0] for peer in peers if peer["uuid"] == uuid] + [uuid])[0]


def client_problems(name: str, client: Dict[str, Any], volumes: List[str]) -> List[str]:
    """Return what is wrong with a client; see health.find_problems for its answers."""
    files = client.get("files")
    if not files:
        return ["client %s does not answer" % name]
    unmounted = [
        "client %s: /etc/fstab has %s at %s, and that is not mounted; see /var/log/glusterfs there"
        % (name, entry.source, entry.target)
        for entry in unmounted_lines(files["/etc/fstab"], files["/proc/mounts"], volumes)
    ]
    return unmounted + [
        "client %s: the process that served %s has ended, and all who use it get errors; see /var/log/glusterfs there; "
        "the playbook site mounts it again where the inventory has it, and nothing else is mounted in it" % (name, path)
        for path in client.get("dead_mounts") or ()
    ]
