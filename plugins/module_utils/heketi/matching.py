# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of heketi's clusters, nodes and devices a wish is about. Pure. PRIVATE to the collection."""

from typing import Dict, NamedTuple, Optional

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import PlanError
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.records import Cluster, Node
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.wishes import ABSENT

#: Remedies of differences that no request can change.
_FIXED = "heketi can't change that; take the node out (state: absent) and add it anew, or correct the wish"


class Match(NamedTuple):
    """For each wished cluster, by its position, and each wished node, by its name, what heketi has, or None."""

    clusters: Dict[int, Optional[Cluster]]
    nodes: Dict[str, Optional[Node]]

    def device(self, node_name, name):
        """Return the device of that name on a wished node, or None."""
        node = self.nodes[node_name]
        return node.find(name) if node else None


def match_topology(clusters, topology):
    """Return the Match of the wished clusters. Raises PlanError with all differences that can't be changed.

    A wished cluster is the one that has its nodes, in whatever order they are listed. One of which heketi has no node
    is an empty one that a run before this one left, or a new one.
    """
    nodes = {node.name: _find_node(node, topology) for cluster in clusters for node in cluster.nodes}
    homes = {node.node_id: cluster for cluster in topology.clusters for node in cluster.nodes}
    found = {number: _cluster_of(cluster, nodes, homes, topology) for number, cluster in enumerate(clusters)}
    problems = _node_differences(clusters, nodes) + _cluster_differences(clusters, found, nodes, homes)
    if problems:
        raise PlanError("\n".join(problems))
    return Match(_with_empty_ones(clusters, found, topology), nodes)


def _find_node(wish, topology):
    """Return the node that has any of the wished names: heketi lets no two have the same."""
    for node in topology.nodes():
        if set(node.manage) & set(wish.manage) or set(node.storage) & set(wish.storage):
            return node
    return None


def _cluster_of(wish, nodes, homes, topology):
    if wish.cluster_id:
        return next((one for one in topology.clusters if one.cluster_id == wish.cluster_id), None)
    known = [nodes[node.name] for node in wish.nodes if nodes[node.name] is not None]
    return homes[known[0].node_id] if known else None


def _with_empty_ones(clusters, found, topology):
    """Give wished clusters that have no node yet those of heketi's that hold nothing."""
    empty = [cluster for cluster in topology.clusters if cluster.is_empty and cluster not in found.values()]
    for number, wish in enumerate(clusters):
        if found[number] is None and not wish.cluster_id and wish.is_kept and empty:
            found[number] = empty.pop(0)
    return found


def _node_differences(clusters, nodes):
    wishes = [node for cluster in clusters for node in cluster.nodes if node.state != ABSENT]
    return [text for wish in wishes if nodes[wish.name] is not None for text in _differences(wish, nodes[wish.name])]


def _differences(wish, node):
    pairs = (
        ("zone", wish.zone, node.zone),
        ("manage", ", ".join(wish.manage), ", ".join(node.manage)),
        ("storage", ", ".join(wish.storage), ", ".join(node.storage)),
    )
    return [
        "%s: %s is %s in heketi (node %s), and %s is asked for; %s"
        % (wish.name, what, has, node.node_id, wants, _FIXED)
        for what, wants, has in pairs
        if wants != has
    ]


def _cluster_differences(clusters, found, nodes, homes):
    problems = []
    for number, wish in enumerate(clusters):
        if wish.cluster_id and found[number] is None and wish.state != ABSENT:
            problems.append("clusters: heketi has no cluster %s; leave the id out to have one made" % wish.cluster_id)
        home = found[number].cluster_id if found[number] else wish.cluster_id
        for node in wish.nodes:
            has = homes[nodes[node.name].node_id].cluster_id if nodes[node.name] else home
            if has != home:
                problems.append(
                    "%s: is in cluster %s, and this part of the wish is about cluster %s; heketi can't move a node"
                    % (node.name, has, home)
                )
    return problems + _shared(found)


def _shared(found):
    ids = [cluster.cluster_id for cluster in found.values() if cluster is not None]
    return [
        "clusters: two of the wished clusters are the one cluster %s in heketi; list their nodes together" % cluster_id
        for cluster_id in sorted({one for one in ids if ids.count(one) > 1})
    ]
