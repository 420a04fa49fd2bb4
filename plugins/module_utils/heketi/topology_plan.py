# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the wished topology and heketi's to the requests that lead there. Pure. PRIVATE to the collection.

A step's argv is the request: method, path and body. What gets its id only when it is made is named in both by what it
is, in angle brackets, so that a plan reads the same whether it is carried out or not.
"""

import json
from typing import Any, Dict, NamedTuple, Tuple

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import PlanError, UnsafeChangeError
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.evacuation import evacuation_problems
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.matching import Match, match_topology
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.records import (
    FAILED,
    OFFLINE,
    ONLINE,
    Topology,
    warnings_of,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.wishes import ABSENT, PRESENT, ClusterWish
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import Plan, Step

#: The steps that take bricks away, or get ready for it.
EVACUATIONS = ("close_device", "evacuate_device", "close_node", "evacuate_node")


class Wanted(NamedTuple):
    """The wish, and what heketi has of it."""

    clusters: Tuple[ClusterWish, ...]
    match: Match
    topology: Topology

    def kept(self):
        """Return position and wish of the clusters that shall be there, or are there and may stay."""
        wishes = enumerate(self.clusters)
        return [(number, wish) for number, wish in wishes if wish.is_kept or self._stays(number, wish)]

    def _stays(self, number, wish):
        return wish.state != ABSENT and self.match.clusters[number] is not None

    def kept_nodes(self):
        """Return the wishes for nodes that shall be there."""
        return [node for _number, cluster in self.kept() for node in cluster.nodes if node.state != ABSENT]

    def leaving_nodes(self):
        """Return the nodes that shall go; in a cluster that shall go all that are named."""
        named = [
            self.match.nodes[node.name]
            for cluster in self.clusters
            for node in cluster.nodes
            if ABSENT in (cluster.state, node.state)
        ]
        return [node for node in named if node is not None]

    def leaving_devices(self):
        """Return node and device of the devices that shall go while their node stays."""
        wished = [(node, device) for node in self.kept_nodes() for device in node.devices if device.state == ABSENT]
        found = [(self.match.nodes[node.name], self.match.device(node.name, device.name)) for node, device in wished]
        return [(node, device) for node, device in found if device is not None]

    def leaving(self):
        """Return all devices that shall go, id -> name for people."""
        places = self.leaving_devices()
        places += [(node, device) for node in self.leaving_nodes() for device in node.devices]
        return {device.device_id: device_label(node.name, device.name) for node, device in places}


def cluster_reference(number):
    """Return what stands for the id of a wished cluster."""
    return "<cluster %s>" % (number + 1)


def node_reference(name):
    """Return what stands for the id of a node."""
    return "<node %s>" % name


def device_reference(node_name, name):
    """Return what stands for the id of a device."""
    return "<device %s>" % device_label(node_name, name)


def device_label(node_name, name):
    """Return a device's name for people."""
    return "%s %s" % (node_name, name)


def wanted_of(clusters, topology):
    """Return the wish beside what heketi has of it; raises PlanError with differences that can't be changed."""
    return Wanted(clusters, match_topology(clusters, topology), topology)


def plan_topology(clusters, topology):
    """Return the Plan; raises PlanError or UnsafeChangeError with all that stands against it."""
    wanted = wanted_of(clusters, topology)
    growing = _growing(wanted)
    removing = _removing(wanted)
    _refuse_impossible(wanted, growing)
    before, after = _describe(topology), _after(wanted)
    findings = {"pending_operations": [operation.facts() for operation in topology.pending]}
    return Plan(growing + removing, before, after, findings, warnings_of(topology.pending))


def request_step(kind, target, method, path, body=None, destroys=False):
    """Return the step that a request is."""
    argv = (method, path) + (() if body is None else (json.dumps(body, sort_keys=True),))
    return Step(kind, target, argv, destroys)


def _growing(wanted):
    """Return the steps that add and update; all nodes come before all devices, so a wrong name is found early."""
    steps = []
    for number, wish in wanted.kept():
        steps += _cluster_steps(number, wish, wanted.match.clusters[number])
    for number, cluster in wanted.kept():
        for node in cluster.nodes:
            if node.state != ABSENT:
                steps += _node_steps(number, node, wanted.match.nodes[node.name])
    for node in wanted.kept_nodes():
        for device in node.devices:
            if device.state != ABSENT:
                steps += _device_steps(node, device, wanted.match.device(node.name, device.name))
        steps += _node_state_steps(node, wanted.match.nodes[node.name])
    return steps


def _cluster_steps(number, wish, cluster):
    target = "cluster %s" % (number + 1)
    if cluster is None:
        return [request_step("create_cluster", target, "POST", "/clusters", _flags(wish, True, True))]
    flags = _flags_of(wish, cluster)
    if flags == {"file": cluster.file, "block": cluster.block}:
        return []
    return [request_step("set_cluster_flags", target, "POST", "/clusters/%s/flags" % cluster_reference(number), flags)]


def _flags_of(wish, cluster):
    """An empty one that was found is as good as new; whoever names it by its id may have set its flags."""
    if cluster.is_empty and not wish.cluster_id:
        return _flags(wish, True, True)
    return _flags(wish, cluster.file, cluster.block)


def _flags(wish, file, block):
    return {"file": file if wish.file is None else wish.file, "block": block if wish.block is None else wish.block}


def _node_steps(number, wish, node):
    if node is not None:
        return _tag_steps("set_node_tags", wish.name, wish, node, "/nodes/" + node_reference(wish.name))
    body: Dict[str, Any] = {
        "cluster": cluster_reference(number),
        "hostnames": {"manage": list(wish.manage), "storage": list(wish.storage)},
        "zone": wish.zone,
    }
    if wish.tags:
        body["tags"] = wish.tags
    return [request_step("add_node", wish.name, "POST", "/nodes", body)]


def _node_state_steps(wish, node):
    """A node's state comes after its devices, so that a new one is whole when it goes offline."""
    state = node.state if node else ONLINE
    if wish.state in (PRESENT, state):
        return []
    path = "/nodes/%s/state" % node_reference(wish.name)
    return [request_step("set_node_state", wish.name, "POST", path, {"state": wish.state})]


def _device_steps(node, wish, device):
    target = device_label(node.name, wish.name)
    path = "/devices/" + device_reference(node.name, wish.name)
    if device is not None:
        return _tag_steps("set_device_tags", target, wish, device, path) + _state_steps(
            target, path, wish, device.state
        )
    body: Dict[str, Any] = {"name": wish.name, "node": node_reference(node.name)}
    if wish.destroy_data:
        body["destroydata"] = True
    if wish.tags:
        body["tags"] = wish.tags
    added = request_step("add_device", target, "POST", "/devices", body, wish.destroy_data)
    return [added] + _state_steps(target, path, wish, ONLINE)


def _state_steps(target, path, wish, state):
    """A device that failed comes back by way of offline only."""
    if wish.state in (PRESENT, state):
        return []
    ways = [OFFLINE, wish.state] if (state, wish.state) == (FAILED, ONLINE) else [wish.state]
    return [
        request_step("set_device_state", "%s %s" % (target, way), "POST", path + "/state", {"state": way})
        for way in ways
    ]


def _tag_steps(kind, target, wish, entry, path):
    if wish.tags is None or wish.tags == entry.tags:
        return []
    return [request_step(kind, target, "POST", path + "/tags", {"change_type": "set", "tags": wish.tags})]


def _removing(wanted):
    """Return the steps that take away, in heketi's only order: offline, failed, devices, node, cluster."""
    steps = []
    for node, device in wanted.leaving_devices():
        steps += _remove_device(node.name, device)
    for node in wanted.leaving_nodes():
        steps += _remove_node(node)
    for number, wish in enumerate(wanted.clusters):
        if wish.state == ABSENT and wanted.match.clusters[number] is not None:
            path = "/clusters/" + cluster_reference(number)
            steps.append(request_step("delete_cluster", "cluster %s" % (number + 1), "DELETE", path))
    return steps


def _remove_device(node_name, device, empty=False):
    target = device_label(node_name, device.name)
    path = "/devices/" + device_reference(node_name, device.name)
    steps = []
    if device.state == ONLINE and not empty:
        steps.append(request_step("close_device", target, "POST", path + "/state", {"state": OFFLINE}))
    if device.state != FAILED and not empty:
        steps.append(request_step("evacuate_device", target, "POST", path + "/state", {"state": FAILED}))
    return steps + [request_step("delete_device", target, "DELETE", path)]


def _remove_node(node):
    """A node that fails takes its devices along, so they need no steps of their own but the last."""
    path = "/nodes/" + node_reference(node.name)
    steps = []
    if node.state == ONLINE:
        steps.append(request_step("close_node", node.name, "POST", path + "/state", {"state": OFFLINE}))
    if node.state != FAILED:
        steps.append(request_step("evacuate_node", node.name, "POST", path + "/state", {"state": FAILED}))
    for device in node.devices:
        steps += _remove_device(node.name, device, empty=node.state != FAILED)
    return steps + [request_step("delete_node", node.name, "DELETE", path)]


def _refuse_impossible(wanted, growing):
    problems = _failed_nodes(wanted) + _strangers(wanted)
    leaving = wanted.leaving()
    if leaving and not any(step.kind == "add_device" for step in growing):
        problems += evacuation_problems(leaving, wanted.topology)
    if problems:
        raise UnsafeChangeError("\n".join(problems)) if leaving else PlanError("\n".join(problems))


def _failed_nodes(wanted):
    return [
        "%s: heketi takes a failed node to no other state; take it out (state: absent) and add it anew" % wish.name
        for wish in wanted.kept_nodes()
        if wish.state in (ONLINE, OFFLINE) and wanted.match.nodes[wish.name] is not None
        if wanted.match.nodes[wish.name].state == FAILED
    ]


def _strangers(wanted):
    """Return what is in clusters that shall go and was not named."""
    problems = []
    named = {node.node_id for node in wanted.leaving_nodes()}
    for number, wish in enumerate(wanted.clusters):
        cluster = wanted.match.clusters[number]
        if wish.state != ABSENT or cluster is None:
            continue
        others = [node.name for node in cluster.nodes if node.node_id not in named]
        if others:
            problems.append("cluster %s: holds nodes that are not named: %s" % (cluster.cluster_id, ", ".join(others)))
        if cluster.volumes or cluster.blockvolumes:
            held = len(cluster.volumes) + len(cluster.blockvolumes)
            problems.append("cluster %s: holds %s volumes; delete them first" % (cluster.cluster_id, held))
    return problems


def _describe(topology):
    """Return the topology as the modules show it in a difference."""
    return {
        cluster.cluster_id: {
            "file": cluster.file,
            "block": cluster.block,
            "nodes": {node.name: _node_facts(node) for node in cluster.nodes},
        }
        for cluster in topology.clusters
    }


def _node_facts(node):
    return {
        "zone": node.zone,
        "manage": list(node.manage),
        "storage": list(node.storage),
        "state": node.state,
        "tags": node.tags,
        "devices": {device.name: {"state": device.state, "tags": device.tags} for device in node.devices},
    }


def _after(wanted):
    """Return the topology as it will be; new clusters have no id yet."""
    after: Dict[str, Any] = _describe(wanted.topology)
    for number, wish in enumerate(wanted.clusters):
        cluster = wanted.match.clusters[number]
        key = cluster.cluster_id if cluster else cluster_reference(number)
        if wish.state == ABSENT:
            after.pop(key, None)
        if (number, wish) not in wanted.kept():
            continue
        shown = after.setdefault(key, {"file": True, "block": True, "nodes": {}})
        shown.update(_flags_of(wish, cluster) if cluster else _flags(wish, True, True))
        for node in wish.nodes:
            _apply_node(shown["nodes"], node, wanted.match.nodes[node.name])
    return after


def _apply_node(nodes, wish, node):
    if wish.state == ABSENT:
        nodes.pop(node.name if node else "", None)
        return
    new = {"zone": wish.zone, "manage": list(wish.manage), "storage": list(wish.storage), "state": ONLINE}
    shown = nodes.setdefault(wish.name, dict(new, tags={}, devices={}))
    _apply(shown, wish)
    for device in wish.devices:
        if device.state == ABSENT:
            shown["devices"].pop(device.name, None)
        else:
            _apply(shown["devices"].setdefault(device.name, {"state": ONLINE, "tags": {}}), device)


def _apply(shown, wish):
    if wish.tags is not None:
        shown["tags"] = wish.tags
    if wish.state != PRESENT:
        shown["state"] = wish.state
