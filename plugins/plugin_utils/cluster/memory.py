# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a node has the memory for its brick processes, before the kernel ends glusterd. Pure. PRIVATE."""

from typing import Any, Dict, FrozenSet, Iterable, List, NamedTuple, Set

from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.options import canonical_value
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Volume
from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import MIB, format_size
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.records import Node

#: Bytes that a brick process takes at rest: the most that was measured, on 9.2, 10.3 and 11.1 (docs/benchmarks.md).
BRICK_PROCESS = 24 * MIB
#: Bytes for the system, glusterd and the self-heal daemon.
_REST = 150 * MIB
_MULTIPLEX = "cluster.brick-multiplex"


class NodeLoad(NamedTuple):
    """A node: by which the pool knows it, its memory in bytes (0 where it did not tell), and its brick directories."""

    name: str
    memory: int
    paths: FrozenSet[str]


def node_loads(nodes: Iterable[Node], volumes: Iterable[Volume], placed: Iterable[Dict[str, Any]]) -> List[NodeLoad]:
    """Return the NodeLoads of nodes: bricks that run, and those that are to run."""
    there = [(brick.host_uuid, brick.path) for volume in volumes if volume.is_started for brick in volume.bricks]
    started = [volume for volume in placed if volume.get("state", "started") == "started"]
    new = [(brick["host"], brick["path"]) for volume in started for brick in volume["bricks"]]
    by_key: Dict[str, Set[str]] = {}
    for key, path in there + new:
        by_key.setdefault(key, set()).add(path)
    return [
        NodeLoad(
            node.name,
            node.gluster.get("memory") or 0,
            frozenset(by_key.get(node.name, set()) | (by_key.get(node.uuid, set()) if node.uuid else set())),
        )
        for node in nodes
    ]


def memory_warnings(loads: Iterable[NodeLoad], volumes: Iterable[Volume]) -> List[str]:
    """Name the nodes whose memory is too small; none where one process serves all bricks of a node."""
    if any(canonical_value(_MULTIPLEX, volume.options.get(_MULTIPLEX, "off")) == "on" for volume in volumes):
        return []
    return [
        "%s: %s brick processes take about %s at rest and more in use, and the node has %s of memory: the kernel may "
        "end glusterd there; add memory, put fewer bricks on it, or have one process serve all bricks of a node "
        "(gluster volume set all %s on), which takes less, and which then fails for all of them at once"
        % (load.name, len(load.paths), format_size(_needed(load)), format_size(load.memory), _MULTIPLEX)
        for load in loads
        if load.memory and _needed(load) > load.memory
    ]


def _needed(load: NodeLoad) -> int:
    return len(load.paths) * BRICK_PROCESS + _REST if load.paths else 0
