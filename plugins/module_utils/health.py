# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with a cluster, in sentences. Pure. PRIVATE to the collection."""

from typing import Dict, List, Optional

from ansible_collections.brickwork.gluster.plugins.module_utils.facts import from_facts
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Volume
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.redundancy import bricks_needed
from ansible_collections.brickwork.gluster.plugins.module_utils.mounts import unmounted_lines
from ansible_collections.brickwork.gluster.plugins.module_utils.reading import parser

#: Percent of a thin pool from which on it is a problem.
POOL_LIMIT = 85.0
#: Days for which a certificate still holds from which on it is a problem; it should have been renewed long before.
CERTIFICATE_LIMIT = 30


@parser("gluster_info or lvm_brick_info")
def find_problems(nodes, gluster, pool_limit=POOL_LIMIT, clients=None):
    """Return the problems of a cluster, none if it is well.

    nodes: host name -> its answers C(gluster) (gluster_info with the pool) and C(disks) (lvm_brick_info).
    gluster: the full answer of gluster_info of one node.
    clients: host name -> the texts of its C(fstab) and C(mounts), nothing where it did not answer.
    """
    problems: List[str] = []
    for name, node in sorted(nodes.items()):
        problems.extend(_node_problems(name, node, pool_limit))
    problems.extend(_brick_problems(gluster["bricks"]))
    problems.extend(_quorum_problems(gluster))
    problems += _task_problems(gluster["tasks"]) + _heal_problems(gluster["heal"])
    names = [volume["name"] for volume in gluster["volumes"]]
    for name, client in sorted((clients or {}).items()):
        problems.extend(_client_problems(name, client, names))
    return problems


def _client_problems(name: str, client: Optional[Dict[str, str]], volumes: List[str]) -> List[str]:
    if client is None:
        return ["client %s does not answer" % name]
    return [
        "client %s: /etc/fstab has %s at %s, and that is not mounted; see /var/log/glusterfs there"
        % (name, entry.source, entry.target)
        for entry in unmounted_lines(client["fstab"], client["mounts"], volumes)
    ]


def _node_problems(name, node, pool_limit):
    if "running" not in (node["gluster"] or {}) or "bricks" not in (node["disks"] or {}):
        return ["%s does not answer" % name]
    if not node["gluster"]["running"]:
        return ["%s: glusterd does not run" % name]
    problems = _certificate_problems(name, node["gluster"].get("certificate_days"))
    problems += _peer_problems(name, node["gluster"]["pool"]["peers"])
    return problems + _disk_problems(name, node["disks"], pool_limit)


def _certificate_problems(name, days):
    if days is None or days >= CERTIFICATE_LIMIT:
        return []
    return ["%s: its certificate ends within %s days, and with it the node's part in the pool" % (name, days + 1)]


def _peer_problems(name, peers):
    well = [peer for peer in peers if "localhost" in peer["names"] or (peer["connected"] and peer["state"] == 3)]
    problems = [
        "%s sees %s: %s%s" % (name, peer["names"][0], peer["state_text"], "" if peer["connected"] else ", disconnected")
        for peer in peers
        if peer not in well
    ]
    if 2 * len(well) <= len(peers):
        problems.append("%s: the pool has no quorum, only %s of %s members are there" % (name, len(well), len(peers)))
    return problems


def _disk_problems(name, disks, pool_limit):
    problems = [
        "%s: brick %s is not mounted" % (name, brick["name"]) for brick in disks["bricks"] if not brick["mounted"]
    ]
    problems += [
        "%s: brick %s can't be read: %s; its disk may be dead" % (name, brick["name"], brick["problem"])
        for brick in disks["bricks"]
        if brick.get("problem")
    ]
    for brick in disks["bricks"]:
        for what in ("data", "metadata"):
            percent = brick["%s_percent" % what]
            if percent is not None and percent >= pool_limit:
                problems.append("%s: thin pool of brick %s: %s is %.0f %% full" % (name, brick["name"], what, percent))
    return problems


def _brick_problems(bricks):
    return [
        "volume %s: brick %s:%s is offline" % (brick["volume"], brick["host"], brick["path"])
        for brick in bricks
        if not brick["online"] and brick["volume_started"]
    ]


def _quorum_problems(gluster):
    online = {(brick["volume"], brick["host"], brick["path"]) for brick in gluster["bricks"] if brick["online"]}
    problems = []
    for volume in gluster["volumes"]:
        if volume["started"]:
            problems.extend(_set_problems(volume, online))
    return problems


def _set_problems(volume, online):
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


def _task_problems(tasks):
    return ["volume %s: %s has failed" % (task["volume"], task["kind"]) for task in tasks if task["status"] == "failed"]


def _heal_problems(counts):
    problems = []
    for count in counts:
        if not count["connected"]:
            problems.append("volume %s: heals of %s are unknown, it can't be asked" % (count["volume"], count["brick"]))
        for key, text in (("pending", "entries wait for healing"), ("split_brain", "entries are in split-brain")):
            if count[key]:
                problems.append("volume %s: %s %s on %s" % (count["volume"], count[key], text, count["brick"]))
    return problems
