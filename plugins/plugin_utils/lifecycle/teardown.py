# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether what is named may be removed, before the first client is unmounted, and which bricks go. Pure. PRIVATE."""

from typing import Any, Collection, Dict, Iterable, List, NamedTuple

from ansible_collections.brickwork.gluster.plugins.module_utils.facts import from_facts
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Pool, Volume


class Named(NamedTuple):
    """What the user named: volumes, addresses of members, and bricks as (host of the inventory, name of the brick)."""

    volumes: Collection[str] = ()
    peers: Collection[str] = ()
    bricks: Collection[str] = ()


def find_refusals(named: Named, gluster: Dict[str, Any], disks: Dict[str, Dict[str, Any]]) -> List[str]:
    """Return in sentences why what is named may not be removed.

    gluster is what gluster_info told of pool, volumes and tasks; disks is lvm_brick_info's answer by host. What is gone
    already is no mistake, so that a run which was cut off can be run again.
    """
    if not gluster["running"] and gluster["stored_volumes"]:
        return [
            "gluster_servers: glusterd answers on no node, and there are volumes (%s); start it first (systemctl start "
            "glusterd)" % ", ".join(gluster["stored_volumes"])
        ]
    volumes = [from_facts(Volume, volume) for volume in gluster["volumes"]]
    going = [volume for volume in volumes if volume.name in named.volumes]
    staying = [volume for volume in volumes if volume.name not in named.volumes]
    problems = _snapshots(going) + _tasks(named, gluster["tasks"])
    problems += _members(named, from_facts(Pool, gluster["pool"]), staying)
    return problems + _bricks(named, volumes, disks)


def _snapshots(going: Iterable[Volume]) -> List[str]:
    return [
        "gluster_teardown_volumes: %s has %s snapshots; delete them first (gluster snapshot delete volume %s)"
        % (volume.name, volume.snapshots, volume.name)
        for volume in going
        if volume.snapshots
    ]


def _tasks(named: Named, tasks: Iterable[Dict[str, Any]]) -> List[str]:
    return [
        "gluster_teardown_volumes: %s has a task: %s, %s; let it end (or commit or stop it) first"
        % (task["volume"], task["kind"], task["status"])
        for task in tasks
        if task["volume"] in named.volumes
        and (task["status"].endswith("in progress") or task["kind"] == "Remove brick")
    ]


def _members(named: Named, pool: Pool, staying: Iterable[Volume]) -> List[str]:
    uuids = {address: peer.uuid for address in named.peers for peer in [pool.find(address)] if peer}
    return [
        "gluster_teardown_peers: %s holds bricks of a volume that stays: %s of %s; replace or remove them first"
        % (address, brick.name, volume.name)
        for address, uuid in uuids.items()
        for volume in staying
        for brick in volume.bricks
        if brick.host_uuid == uuid
    ]


def _bricks(named: Named, volumes: Iterable[Volume], disks: Dict[str, Dict[str, Any]]) -> List[str]:
    users = {(brick.host_uuid, brick.path): volume.name for volume in volumes for brick in volume.bricks}
    problems = []
    for word in named.bricks:
        host, _colon, name = word.partition(":")
        if host not in disks:
            problems.append(
                "gluster_teardown_bricks: found %s, and no host %s that was looked at; write HOST:NAME as the plan has "
                "them, of a host in gluster_servers that --limit does not leave out" % (word, host)
            )
            continue
        observed = disks[host]["observed"]
        if observed["volume_ids"] is None:
            problems.append(
                "gluster_teardown_bricks: found %s, and glusterd on %s does not answer, so nobody can say whether a "
                "volume uses it; start glusterd there first" % (word, host)
            )
            continue
        uuid = observed["uuid"]
        volume = next((users.get((uuid, disk["path"])) for disk in disks[host]["bricks"] if disk["name"] == name), None)
        if volume:
            problems.append(
                "gluster_teardown_bricks: %s is a brick of volume %s; replace or remove it there first" % (word, volume)
            )
    return problems


def bricks_to_remove(
    bricks: Iterable[Dict[str, Any]], volumes: Collection[str], named: Collection[str] = (), host: str = ""
) -> List[Dict[str, str]]:
    """Return lvm_brick's parameters that remove those of a host's bricks that are named or are of the named volumes."""
    return [
        {"name": brick["name"], "state": "absent"}
        for brick in bricks
        if "%s:%s" % (host, brick["name"]) in named
        or (brick["name"].rpartition("-")[0] in volumes and brick["name"].rpartition("-")[2].isdigit())
    ]
