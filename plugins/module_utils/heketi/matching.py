# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of heketi's clusters, nodes and devices a desired topology is about. Pure. PRIVATE to the collection."""

from typing import Dict, Iterable, List, Mapping, NamedTuple, Optional, Sequence

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import PlanError
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.desired import (
    ABSENT,
    DesiredCluster,
    DesiredNode,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.records import Cluster, Device, Node, Topology

#: Remedies of differences that no request can change.
_FIXED = "heketi can't change that; take the node out (state: absent) and add it anew, or correct the inventory"


class Match(NamedTuple):
    """For each desired cluster, by its position, and each desired node, by its name, what heketi has, or None."""

    clusters: Dict[int, Optional[Cluster]]
    nodes: Dict[str, Optional[Node]]

    def device(self, node_name: str, name: str) -> Optional[Device]:
        """Return the device of that name on a desired node, or None."""
        node = self.nodes[node_name]
        return node.find(name) if node else None


def match_topology(clusters: Sequence[DesiredCluster], topology: Topology) -> Match:
    """Return the Match of the desired clusters. Raises PlanError with all differences that can't be changed.

    A desired cluster is the one that has its nodes, in whatever order they are listed. One of which heketi has no node
    is an empty one that a run before this one left, or a new one.
    """
    nodes = {node.name: _find_node(node, topology) for cluster in clusters for node in cluster.nodes}
    homes = {node.node_id: cluster for cluster in topology.clusters for node in cluster.nodes}
    found = {number: _cluster_of(cluster, nodes, homes, topology) for number, cluster in enumerate(clusters)}
    problems = _node_differences(clusters, nodes) + _cluster_differences(clusters, found, nodes, homes)
    if problems:
        raise PlanError("\n".join(problems))
    return Match(_with_empty_ones(clusters, found, topology), nodes)


def _find_node(desired: DesiredNode, topology: Topology) -> Optional[Node]:
    """Return the node that has any of the desired names: heketi lets no two have the same."""
    for node in topology.nodes():
        if set(node.manage) & set(desired.manage) or set(node.storage) & set(desired.storage):
            return node
    return None


def _cluster_of(
    desired: DesiredCluster, nodes: Mapping[str, Optional[Node]], homes: Mapping[str, Cluster], topology: Topology
) -> Optional[Cluster]:
    if desired.cluster_id:
        return next((one for one in topology.clusters if one.cluster_id == desired.cluster_id), None)
    known = [node for node in (nodes[each.name] for each in desired.nodes) if node is not None]
    return homes[known[0].node_id] if known else None


def _with_empty_ones(
    clusters: Sequence[DesiredCluster], found: Dict[int, Optional[Cluster]], topology: Topology
) -> Dict[int, Optional[Cluster]]:
    """Give desired clusters that have no node yet those of heketi's that hold nothing."""
    empty = [cluster for cluster in topology.clusters if cluster.is_empty and cluster not in found.values()]
    for number, desired in enumerate(clusters):
        if found[number] is None and not desired.cluster_id and desired.is_kept and empty:
            found[number] = empty.pop(0)
    return found


def _node_differences(clusters: Iterable[DesiredCluster], nodes: Mapping[str, Optional[Node]]) -> List[str]:
    kept = [node for cluster in clusters for node in cluster.nodes if node.state != ABSENT]
    pairs = [(desired, nodes[desired.name]) for desired in kept]
    return [text for desired, node in pairs if node is not None for text in _differences(desired, node)]


def _differences(desired: DesiredNode, node: Node) -> List[str]:
    pairs = (
        ("zone", desired.zone, node.zone),
        ("manage", ", ".join(desired.manage), ", ".join(node.manage)),
        ("storage", ", ".join(desired.storage), ", ".join(node.storage)),
    )
    return [
        "%s: %s is %s in heketi (node %s), and %s is asked for; %s"
        % (desired.name, what, has, node.node_id, wants, _FIXED)
        for what, wants, has in pairs
        if wants != has
    ]


def _cluster_differences(
    clusters: Iterable[DesiredCluster],
    found: Mapping[int, Optional[Cluster]],
    nodes: Mapping[str, Optional[Node]],
    homes: Mapping[str, Cluster],
) -> List[str]:
    problems = []
    for number, desired in enumerate(clusters):
        if desired.cluster_id and found[number] is None and desired.state != ABSENT:
            problems.append(
                "clusters: heketi has no cluster %s; leave the id out to have one made" % desired.cluster_id
            )
        cluster = found[number]
        home = cluster.cluster_id if cluster else desired.cluster_id
        for node in desired.nodes:
            known = nodes[node.name]
            has = homes[known.node_id].cluster_id if known else home
            if has != home:
                problems.append(
                    "%s: is in cluster %s, and this part of the task is about cluster %s; heketi can't move a node"
                    % (node.name, has, home)
                )
    return problems + _shared(found)


def _shared(found: Mapping[int, Optional[Cluster]]) -> List[str]:
    ids = [cluster.cluster_id for cluster in found.values() if cluster is not None]
    return [
        "clusters: two of the desired clusters are the one cluster %s in heketi; list their nodes together" % cluster_id
        for cluster_id in sorted({one for one in ids if ids.count(one) > 1})
    ]
