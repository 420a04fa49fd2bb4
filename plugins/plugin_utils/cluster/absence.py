# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes on while nodes do not answer or are in maintenance, and what has to wait for them. Pure. PRIVATE.

What exists stays as it is and can be tuned. New bricks wait where a node that does not answer might hold them, because
they never move afterwards; and nobody joins the pool while a member is away.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.maintenance import OFFLINE_REASON
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import PlanError, all_at_once
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.pause_mark import pause_sentences
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Volume
from ansible_collections.brickwork.gluster.plugins.module_utils.shapes import shape_of
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.records import Absent, Node, ObservedCluster

_Data = dict[str, Any]


class Split(NamedTuple):
    """The volumes that can be planned, and in sentences why the others can't."""

    volumes: Sequence[_Data]
    waiting: list[str]


def refuse_silence(nodes: Sequence[Node], absent: Sequence[Absent]) -> None:
    """Raise PlanError where nobody answers at all."""
    if absent and not nodes:
        raise PlanError(
            "gluster_servers: %s %s, which is all of them; check that they run and can be reached"
            % (
                ", ".join(node.name for node in absent),
                "are in maintenance" if all(node.maintenance for node in absent) else "did not answer",
            )
        )


def offline_rest(name: str, maintenance: str) -> str:
    """Say of a node that it rests in the middle of an upgrade of all nodes at once, and what to do; "" of others."""
    if not maintenance.endswith(f"({OFFLINE_REASON})"):
        return ""
    return (
        f"{name} is out of service since {maintenance}, with all other storage nodes, and that did not end; run the "
        "playbook upgrade with gluster_upgrade_offline: true, which goes on with it"
    )


def refuse_half_upgraded(absent: Sequence[Absent], volumes: Iterable[Volume]) -> None:
    """Raise PlanError in the middle of an upgrade of all nodes at once, which alone knows what is to be started."""
    found = list(filter(None, (offline_rest(node.name, node.maintenance) for node in absent)))
    found += pause_sentences(volumes)
    if found:
        raise PlanError("gluster_servers: found an offline upgrade that did not end:\n" + all_at_once(found))


def refuse_blind_plan(cluster: ObservedCluster) -> None:
    """Raise PlanError where nobody who answers can tell what the absent nodes hold."""
    unknown = [node.name for node in cluster.awaited if node not in cluster.absent_by_uuid.values()]
    if unknown and not cluster.volumes:
        raise PlanError(
            "gluster_servers: %s did not answer, and no other node knows a volume, so that nobody can tell whether "
            "there are any; bring it back, or leave it out of the inventory" % ", ".join(unknown)
        )


def split_volumes(volumes: Sequence[_Data], cluster: ObservedCluster) -> Split:
    """Return which volumes can be planned without the nodes that are not to be had."""
    unavailable = _unavailable(cluster)
    if not unavailable:
        return Split(volumes, [])
    held = {volume["name"]: _in_the_way(volume, cluster, unavailable) for volume in volumes}
    waiting = [
        "gluster_volumes: {}: its new bricks wait, since {} may hold them and is not to be had now; bring back what "
        "does not answer, or name other hosts for the volume (hosts)".format(name, ", ".join(names))
        for name, names in held.items()
        if names
    ]
    return Split([volume for volume in volumes if not held[volume["name"]]], waiting)


def _unavailable(cluster: ObservedCluster) -> list[str]:
    """Return the nodes that can't take bricks now: those that do not answer, and with them those that are to join."""
    if not cluster.awaited:
        return []
    return [node.name for node in cluster.awaited] + [node.name for node in cluster.strangers]


def _in_the_way(volume: _Data, cluster: ObservedCluster, unavailable: Iterable[str]) -> list[str]:
    if not _needs_bricks(volume, cluster):
        return []
    allowed = volume.get("hosts")
    return [name for name in unavailable if not allowed or name in allowed]


def _needs_bricks(volume: _Data, cluster: ObservedCluster) -> bool:
    existing = cluster.volumes.get(volume["name"])
    if existing is None:
        return True
    counts = [volume.get(count) for count in ("replicas", "disperse_data", "redundancy")]
    width = shape_of("arbiter" if volume.get("arbiter") else volume["type"], *counts).width
    return (volume.get("sets") or 0) * width > len(existing.bricks)


def part_absences(part: str, absent: Sequence[str]) -> list[str]:
    """Say of each host of heketi or Kubernetes that did not answer that its part waits."""
    return [f"{name} did not answer: what is planned for {part} there waits; bring it back" for name in absent]


def heketi_waits(absent: Sequence[str]) -> list[str]:
    """Say of each storage node that did not answer what of heketi waits for it."""
    return [f"heketi: its way to {name}, and its disks there, wait until {name} is back" for name in absent]


def maintenance_notes(cluster: ObservedCluster) -> list[str]:
    """Say of each node in maintenance that it is left as it is: that is so on purpose, and nothing is broken."""
    return [
        f"{node.name} is in maintenance since {node.maintenance}: what is on it stays as it is; the playbook "
        "maintenance has it serve again"
        for node in cluster.absent
        if node.maintenance
    ]


def absence_lines(cluster: ObservedCluster) -> list[str]:
    """Say of each node that does not answer that it is left as it is, and of those that can't join meanwhile why."""
    away = ", ".join(node.name for node in cluster.awaited)
    lines = [_absence_line(node) for node in cluster.absent if not node.maintenance and not _has_left(node, cluster)]
    joining = [node.name for node in cluster.strangers if node is not cluster.reference] if away else []
    return lines + [f"{name} joins the pool once {away} is back" for name in joining]


def _has_left(node: Absent, cluster: ObservedCluster) -> bool:
    return node.lost and node not in cluster.absent_by_uuid.values()


def left_lines(cluster: ObservedCluster) -> list[str]:
    """Name the nodes that are only in the inventory still: they have left the pool for good."""
    gone = [f"{node.name} is lost" for node in cluster.absent if _has_left(node, cluster)]
    gone += [f"{node.name} is retired" for node in cluster.nodes if node.retired and not cluster.is_member(node)]
    return [f"{one} and in no pool: remove it from the inventory" for one in gone]


def _absence_line(node: Absent) -> str:
    if node.lost:
        return (
            f"{node.name} is lost (gluster_state): the playbook replace makes its bricks anew on other nodes, and "
            "takes it out of the pool; remove it from the inventory then"
        )
    if node.renewed:
        return f"{node.name} is to become the member again that it was: what is to be done there is planned after that"
    return f"{node.name} did not answer: what is on it stays as it is; bring it back"
