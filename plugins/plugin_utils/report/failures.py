# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What fails if a node or a failure zone fails: judged set by set, from what serves now. Pure. PRIVATE."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Brick, Volume
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.redundancy import bricks_needed, holds_all

#: With it, a member that sees too few of the others ends its bricks of the volume.
_SERVER_QUORUM, _QUORUM_RATIO = "cluster.server-quorum-type", "cluster.server-quorum-ratio"
_Nodes = frozenset[str]


class Standing(NamedTuple):
    """How the cluster stands now.

    owners: by the name of a brick the node that holds it. away: the names of bricks that do not serve. empty: those
    that hold no files that anybody may count on. members: the nodes of the pool, absent those of them that are away.
    """

    volumes: Sequence[Volume]
    owners: Mapping[str, str]
    away: frozenset[str]
    empty: frozenset[str]
    members: _Nodes
    absent: _Nodes


class Failure(NamedTuple):
    """What a failure of nodes does to volumes, by their names.

    stops: those that clients can use now, and not all of which they could then. loses: those that lose files if the
    nodes do not come back. weakened: the others with bricks there, which go on with fewer copies.
    """

    stops: list[str]
    loses: list[str]
    weakened: list[str]


def failures(domains: Mapping[str, Collection[str]], standing: Standing) -> dict[str, Failure]:
    """Return by name what the failure of each domain does; a domain is the nodes that fail together."""
    there = _volumes_by_node(standing)
    ruled = [volume for volume in standing.volumes if volume.options.get(_SERVER_QUORUM) == "server"]
    found = {}
    for name, nodes in domains.items():
        touched = {volume.name: volume for node in nodes for volume in there.get(node, ())}
        found[name] = _failure(frozenset(nodes), touched, ruled, standing)
    return found


def stopped_now(standing: Standing) -> list[str]:
    """Return the started volumes that clients can't use all of now."""
    return sorted(volume.name for volume in standing.volumes if _stops(volume, frozenset(), standing))


def _failure(nodes: _Nodes, touched: Mapping[str, Volume], ruled: Iterable[Volume], standing: Standing) -> Failure:
    concerned = {**touched, **{volume.name: volume for volume in ruled}}
    stops = [
        name
        for name, volume in sorted(concerned.items())
        if _stops(volume, nodes, standing) and not _stops(volume, frozenset(), standing)
    ]
    loses = [name for name, volume in sorted(touched.items()) if _loses(volume, nodes, standing)]
    weakened = sorted(set(touched) - set(stops) - set(loses))
    return Failure(stops, loses, weakened)


def _volumes_by_node(standing: Standing) -> dict[str, list[Volume]]:
    found: dict[str, list[Volume]] = defaultdict(list)
    for volume in standing.volumes:
        for node in {standing.owners[brick.name] for brick in volume.bricks}:
            found[node].append(volume)
    return found


def _stops(volume: Volume, nodes: _Nodes, standing: Standing) -> bool:
    """Whether clients can't use all of a started volume while these nodes are away."""
    if not volume.is_started:
        return False
    if volume.options.get(_SERVER_QUORUM) == "server" and _too_few(volume, nodes, standing):
        return True
    needed = bricks_needed(volume)
    return any(_serving(bricks, nodes, standing) < needed for bricks in volume.brick_sets)


def _serving(bricks: Iterable[Brick], nodes: _Nodes, standing: Standing) -> int:
    return sum(brick.name not in standing.away and standing.owners[brick.name] not in nodes for brick in bricks)


def _too_few(volume: Volume, nodes: _Nodes, standing: Standing) -> bool:
    """Whether too few members are left for the quorum of servers: more than half, or the share that an option says."""
    members = len(standing.members)
    left = len(standing.members - standing.absent - nodes)
    ratio = volume.options.get(_QUORUM_RATIO, "").rstrip("%")
    if ratio.replace(".", "", 1).isdigit():
        return left * 100 < members * float(ratio)
    return left <= members // 2


def _loses(volume: Volume, nodes: _Nodes, standing: Standing) -> bool:
    """Whether what is left of a set, without these nodes, does not hold all of its files."""
    for bricks in volume.brick_sets:
        left = [brick for brick in bricks if standing.owners[brick.name] not in nodes]
        kept = [brick for brick in left if brick.name not in standing.empty]
        if len(left) < len(bricks) and not holds_all(volume, kept):
            return True
    return False
