# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as data: what the page is made of, and what is written as JSON. Pure. PRIVATE to the collection.

docs/report.md describes the form. What is taken out of it, or changes its meaning, raises FORM.
"""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any, Optional

from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.filling import fillings
from ansible_collections.brickwork.gluster.plugins.plugin_utils.health.nodes import CERTIFICATE_LIMIT
from ansible_collections.brickwork.gluster.plugins.plugin_utils.report.advice import finding
from ansible_collections.brickwork.gluster.plugins.plugin_utils.report.failures import (
    Standing,
    failures,
    stopped_now,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.report.rates import moving_rate
from ansible_collections.brickwork.gluster.plugins.plugin_utils.report.seen import NodeSeen, Owners, Seen
from ansible_collections.brickwork.gluster.plugins.plugin_utils.report.volumes import OFFLINE, UNKNOWN, VolumeWords

FORM = 1
_Data = dict[str, Any]


def document(seen: Seen) -> _Data:
    """Return the report of a cluster as data of plain kinds."""
    owners = Owners(seen.nodes)
    words = VolumeWords(seen, owners)
    volumes = [words.describe(volume) for volume in sorted(seen.volumes, key=lambda one: one.name)]
    disks = [disk for _name, node in sorted(seen.nodes.items()) for disk in _disks(node)]
    found: _Data = {
        "form": FORM,
        "made": seen.made,
        "cluster": {
            "name": seen.name,
            "asked": seen.asked,
            "op_version": seen.pool.get("op_version") or None,
        },
        "findings": [finding(problem)._asdict() for problem in seen.judged.get("problems") or ()],
        "notes": list(seen.judged.get("notes") or ()),
        "heals": _heals(volumes, seen, words),
        "moving": _moving(seen),
        "failures": _failures(seen, owners, words),
        "capacity": list(seen.capacity),
        "zones": _zones(seen.nodes, disks),
        "nodes": [_node(node, volumes) for _name, node in sorted(seen.nodes.items())],
        "disks": disks,
        "volumes": volumes,
        "versions": _versions(seen),
        "certificates": _certificates(seen),
        "placement": list(seen.explanation),
    }
    return {**found, "summary": _summary(found)}


def _summary(found: Mapping[str, Any]) -> _Data:
    volumes, nodes, disks = found["volumes"], found["nodes"], found["disks"]
    return {
        "problems": len(found["findings"]),
        "zones": len(found["zones"]),
        "nodes": len(nodes),
        "nodes_serving": sum(node["state"] == "serves" for node in nodes),
        "disks": len(disks),
        "size": sum(disk["size"] for disk in disks),
        "free": sum(disk["free"] for disk in disks),
        "volumes": len(volumes),
        "volumes_started": sum(volume["status"] == "Started" for volume in volumes),
        "bricks": sum(len(one["bricks"]) for volume in volumes for one in volume["sets"]),
        "bricks_offline": sum(volume["offline"] for volume in volumes),
        "entries_to_heal": sum(volume["pending"] for volume in volumes),
    }


def _node(node: NodeSeen, volumes: Iterable[Mapping[str, Any]]) -> _Data:
    return {
        "name": node.name,
        "address": node.address,
        "zone": node.zone,
        "state": node.state,
        "since": str(node.gluster.get("maintenance") or ""),
        "reason": node.reason,
        "retired": node.machine.values.get("gluster_state") == "retired",
        "members": node.gluster.get("peers") if node.gluster.get("running") else None,
        "memory": node.gluster.get("memory") or None,
    }


def _disks(node: NodeSeen) -> list[_Data]:
    bricks = [brick.get("device") for brick in node.disks.get("bricks") or ()]
    states = {disk["path"]: disk.get("state", "active") for disk in node.machine.values.get("gluster_devices", ())}
    return [
        {
            "node": node.name,
            "zone": node.zone,
            "path": disk["path"],
            "size": disk["size"],
            "free": disk["free"],
            "full_percent": _percent(disk["size"] - disk["free"], disk["size"]),
            "bricks": bricks.count(disk["path"]),
            "state": states.get(disk["path"], "active"),
            "reason": disk.get("reason") or "",
        }
        for disk in node.disks.get("devices") or ()
    ]


def _percent(part: int, whole: int) -> Optional[int]:
    return round(100 * part / whole) if whole else None


def _zones(nodes: Mapping[str, NodeSeen], disks: Iterable[Mapping[str, Any]]) -> list[_Data]:
    found: dict[str, _Data] = {}
    for name, node in sorted(nodes.items(), key=lambda item: (item[1].zone, item[0])):
        zone = found.setdefault(node.zone, {"name": node.zone, "nodes": [], "size": 0, "free": 0})
        zone["nodes"].append(name)
    for disk in disks:
        found[disk["zone"]]["size"] += disk["size"]
        found[disk["zone"]]["free"] += disk["free"]
    return [{**zone, "full_percent": _percent(zone["size"] - zone["free"], zone["size"])} for zone in found.values()]


def _heals(volumes: Iterable[Mapping[str, Any]], seen: Seen, words: VolumeWords) -> list[_Data]:
    """Return the volumes in which something waits for healing, or of which that is not known."""
    pool = seen.pool
    rates = {volume.name: words.rate_of(volume) for volume in seen.volumes}
    unknown: dict[str, list[str]] = {}
    for count in pool.get("heal") or ():
        if not count["connected"]:
            unknown.setdefault(count["volume"], []).append(count["brick"])
    unread = {one["volume"]: one["reason"] for one in pool.get("unread") or () if one["part"] == "heal"}
    found = [
        {
            "volume": volume["name"],
            "pending": volume["pending"],
            "rate": rates[volume["name"]].each_second,
            "ends": rates[volume["name"]].ends(seen.made),
            "split_brain": volume["split_brain"],
            "files_in_split_brain": list((pool.get("split_brain") or {}).get(volume["name"]) or ()),
            "new_bricks": [brick["brick"] for one in volume["sets"] for brick in one["bricks"] if brick["new"]],
            "not_asked": unknown.get(volume["name"], []),
            "unread": unread.get(volume["name"], ""),
        }
        for volume in volumes
    ]
    return [one for one in found if any(value for key, value in one.items() if key != "volume")]


def _moving(seen: Seen) -> list[_Data]:
    """Return rebalances and removals of sets, with how far they are where that was told."""
    told = {one["name"]: one for one in seen.moving}
    numbers = ("files", "size", "scanned", "failures", "skipped", "left")
    found = []
    for task in seen.pool.get("tasks") or ():
        progress = told.get(task["volume"], {}) if task["kind"] == "Rebalance" else {}
        rate = moving_rate(progress)
        found.append(
            {
                "volume": task["volume"],
                "kind": task["kind"],
                "status": task["status"],
                "bricks": list(task.get("bricks") or ()),
                **{number: progress.get(number) for number in numbers},
                "rate": rate.each_second,
                "ends": rate.ends(seen.made),
            }
        )
    return found


def _failures(seen: Seen, owners: Owners, words: VolumeWords) -> _Data:
    standing = _standing(seen, owners, words)
    holders = {name for name in standing.owners.values() if name not in seen.nodes}
    nodes = {name: (name,) for name in [*sorted(seen.nodes), *sorted(holders)]}
    zones: dict[str, list[str]] = {}
    for name, node in sorted(seen.nodes.items(), key=lambda item: item[1].zone):
        zones.setdefault(node.zone, []).append(name)
    return {
        "now": stopped_now(standing),
        "zones": [{"name": name, **found._asdict()} for name, found in failures(zones, standing).items()],
        "nodes": [{"name": name, **found._asdict()} for name, found in failures(nodes, standing).items()],
    }


def _standing(seen: Seen, owners: Owners, words: VolumeWords) -> Standing:
    bricks = [(volume, brick) for volume in seen.volumes for brick in volume.bricks]
    away = {brick.name for volume, brick in bricks if words.state_of(volume, brick) == OFFLINE}
    # Where nobody could be asked, what a node that does not answer holds does not serve.
    away |= {
        brick.name
        for volume, brick in bricks
        if words.state_of(volume, brick) == UNKNOWN and not _answers(seen, owners.name_of(brick))
    }
    lost = {name for name, node in seen.nodes.items() if node.state == "lost"}
    new = {name for volume in seen.volumes for name in fillings(volume)}
    members, absent = _members(seen)
    return Standing(
        volumes=seen.volumes,
        owners={brick.name: owners.name_of(brick) for _volume, brick in bricks},
        away=frozenset(away),
        empty=frozenset(new | {brick.name for _volume, brick in bricks if owners.name_of(brick) in lost}),
        members=members,
        absent=absent,
    )


def _answers(seen: Seen, name: str) -> bool:
    return name in seen.nodes and seen.nodes[name].state == "serves"


def _members(seen: Seen) -> tuple[frozenset[str], frozenset[str]]:
    """Return the members of the pool by their names in the inventory, and those of them that are away."""
    by_uuid = {node.uuid: name for name, node in seen.nodes.items() if node.uuid}
    by_address = {node.address: name for name, node in seen.nodes.items()}
    members, absent = set(), set()
    for peer in (seen.pool.get("pool") or {}).get("peers") or ():
        known = [by_address[name] for name in peer["names"] if name in by_address]
        name = by_uuid.get(peer["uuid"]) or (known or list(peer["names"]) or [peer["uuid"]])[0]
        members.add(name)
        if not peer["connected"]:
            absent.add(name)
    return frozenset(members), frozenset(absent)


def _versions(seen: Seen) -> list[_Data]:
    servers = [
        {
            "machine": name,
            "part": "storage node",
            "glusterfs": str(node.gluster.get("version") or ""),
            "op_version": node.gluster.get("op_version") or None,
            "python": _python(node.look),
        }
        for name, node in sorted(seen.nodes.items())
    ]
    clients = [
        {
            "machine": name,
            "part": "client",
            "glusterfs": str((look.get("node") or {}).get("gluster") or ""),
            "op_version": None,
            "python": _python(look),
        }
        for name, look in sorted(seen.clients.items())
        if name not in seen.nodes
    ]
    return servers + clients


def _python(look: Mapping[str, Any]) -> str:
    return str((look.get("node") or {}).get("python") or "")


def _certificates(seen: Seen) -> list[_Data]:
    """Return until when each node's certificate holds at least, of the nodes that have one.

    The day stays the same from one report to the next, which the days that are left do not.
    """
    days = {name: node.gluster.get("certificate_days") for name, node in sorted(seen.nodes.items())}
    made = datetime.datetime.strptime(seen.made, "%Y-%m-%dT%H:%M:%SZ")
    return [
        {
            "node": name,
            "until": str((made + datetime.timedelta(days=left)).date()),
            "due": left < CERTIFICATE_LIMIT,
        }
        for name, left in days.items()
        if left is not None
    ]
