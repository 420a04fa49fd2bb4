# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the desired topology and heketi's to the requests that lead there. Pure. PRIVATE to the collection.

A step's argv is the request: method, path and body. What gets its id only when it is made is named in both by what it
is, in angle brackets, so that a plan reads the same whether it is carried out or not.
"""

import json
from typing import Any, Dict, Iterable, List, NamedTuple, Optional, Tuple, Union

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import PlanError, UnsafeChangeError
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.desired import (
    ABSENT,
    PRESENT,
    DesiredCluster,
    DesiredDevice,
    DesiredNode,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.evacuation import evacuation_problems
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.matching import Match, match_topology
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.records import (
    FAILED,
    OFFLINE,
    ONLINE,
    Cluster,
    Device,
    Node,
    Topology,
    warnings_of,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import Plan, Step

#: The steps that take bricks away, or get ready for it.
EVACUATIONS = ("close_device", "evacuate_device", "close_node", "evacuate_node")


class Wanted(NamedTuple):
    """The desired topology, and what heketi has of it."""

    clusters: Tuple[DesiredCluster, ...]
    match: Match
    topology: Topology

    def kept(self) -> List[Tuple[int, DesiredCluster]]:
        """Return position and desired state of the clusters that are to be there, or that are there and may stay."""
        numbered = enumerate(self.clusters)
        return [(number, desired) for number, desired in numbered if desired.is_kept or self._stays(number, desired)]

    def _stays(self, number: int, desired: DesiredCluster) -> bool:
        return desired.state != ABSENT and self.match.clusters[number] is not None

    def kept_nodes(self) -> List[DesiredNode]:
        """Return the nodes that are to be there."""
        return [node for _number, cluster in self.kept() for node in cluster.nodes if node.state != ABSENT]

    def leaving_nodes(self) -> List[Node]:
        """Return the nodes to remove; in a cluster to remove, all that are named."""
        named = [
            self.match.nodes[node.name]
            for cluster in self.clusters
            for node in cluster.nodes
            if ABSENT in (cluster.state, node.state)
        ]
        return [node for node in named if node is not None]

    def leaving_devices(self) -> List[Tuple[Node, Device]]:
        """Return node and device of the devices to remove while their node stays."""
        desired = [(node, device) for node in self.kept_nodes() for device in node.devices if device.state == ABSENT]
        found = [(self.match.nodes[node.name], self.match.device(node.name, device.name)) for node, device in desired]
        return [(node, device) for node, device in found if node is not None and device is not None]

    def leaving(self) -> Dict[str, str]:
        """Return all devices to remove, id -> name for people."""
        places = self.leaving_devices()
        places += [(node, device) for node in self.leaving_nodes() for device in node.devices]
        return {device.device_id: device_label(node.name, device.name) for node, device in places}


def cluster_reference(number: int) -> str:
    """Return what stands for the id of a desired cluster."""
    return "<cluster %s>" % (number + 1)


def node_reference(name: str) -> str:
    """Return what stands for the id of a node."""
    return "<node %s>" % name


def device_reference(node_name: str, name: str) -> str:
    """Return what stands for the id of a device."""
    return "<device %s>" % device_label(node_name, name)


def device_label(node_name: str, name: str) -> str:
    """Return a device's name for people."""
    return "%s %s" % (node_name, name)


def wanted_of(clusters: Tuple[DesiredCluster, ...], topology: Topology) -> Wanted:
    """Return the desired topology beside heketi's; raises PlanError with differences that can't be changed."""
    return Wanted(clusters, match_topology(clusters, topology), topology)


def plan_topology(clusters: Tuple[DesiredCluster, ...], topology: Topology) -> Plan:
    """Return the Plan; raises PlanError or UnsafeChangeError with all that stands against it."""
    wanted = wanted_of(clusters, topology)
    growing = _growing(wanted)
    removing = _removing(wanted)
    _refuse_impossible(wanted, growing)
    before, after = _describe(topology), _after(wanted)
    return Plan(growing + removing, before, after, warnings=warnings_of(topology.pending))


def request_step(
    kind: str, target: str, method: str, path: str, body: Optional[Dict[str, Any]] = None, destroys: bool = False
) -> Step:
    """Return the step that a request is."""
    argv = (method, path) + (() if body is None else (json.dumps(body, sort_keys=True),))
    return Step(kind, target, argv, destroys)


def _growing(wanted: Wanted) -> List[Step]:
    """Return the steps that add and update; all nodes come before all devices, so a wrong name is found early."""
    steps = []
    for number, desired in wanted.kept():
        steps += _cluster_steps(number, desired, wanted.match.clusters[number])
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


def _cluster_steps(number: int, desired: DesiredCluster, cluster: Optional[Cluster]) -> List[Step]:
    target = "cluster %s" % (number + 1)
    if cluster is None:
        return [request_step("create_cluster", target, "POST", "/clusters", _flags(desired, True, True))]
    flags = _flags_of(desired, cluster)
    if flags == {"file": cluster.file, "block": cluster.block}:
        return []
    return [request_step("set_cluster_flags", target, "POST", "/clusters/%s/flags" % cluster_reference(number), flags)]


def _flags_of(desired: DesiredCluster, cluster: Cluster) -> Dict[str, bool]:
    """An empty one that was found is as good as new; whoever names it by its id may have set its flags."""
    if cluster.is_empty and not desired.cluster_id:
        return _flags(desired, True, True)
    return _flags(desired, cluster.file, cluster.block)


def _flags(desired: DesiredCluster, file: bool, block: bool) -> Dict[str, bool]:
    return {
        "file": file if desired.file is None else desired.file,
        "block": block if desired.block is None else desired.block,
    }


def _node_steps(number: int, desired: DesiredNode, node: Optional[Node]) -> List[Step]:
    if node is not None:
        return _tag_steps("set_node_tags", desired.name, desired, node, "/nodes/" + node_reference(desired.name))
    body: Dict[str, Any] = {
        "cluster": cluster_reference(number),
        "hostnames": {"manage": list(desired.manage), "storage": list(desired.storage)},
        "zone": desired.zone,
    }
    if desired.tags:
        body["tags"] = desired.tags
    return [request_step("add_node", desired.name, "POST", "/nodes", body)]


def _node_state_steps(desired: DesiredNode, node: Optional[Node]) -> List[Step]:
    """A node's state comes after its devices, so that a new one is whole when it goes offline."""
    state = node.state if node else ONLINE
    if desired.state in (PRESENT, state):
        return []
    path = "/nodes/%s/state" % node_reference(desired.name)
    return [request_step("set_node_state", desired.name, "POST", path, {"state": desired.state})]


def _device_steps(node: DesiredNode, desired: DesiredDevice, device: Optional[Device]) -> List[Step]:
    target = device_label(node.name, desired.name)
    path = "/devices/" + device_reference(node.name, desired.name)
    if device is not None:
        return _tag_steps("set_device_tags", target, desired, device, path) + _state_steps(
            target, path, desired, device.state
        )
    body: Dict[str, Any] = {"name": desired.name, "node": node_reference(node.name)}
    if desired.destroy_data:
        body["destroydata"] = True
    if desired.tags:
        body["tags"] = desired.tags
    added = request_step("add_device", target, "POST", "/devices", body, desired.destroy_data)
    return [added] + _state_steps(target, path, desired, ONLINE)


def _state_steps(target: str, path: str, desired: DesiredDevice, state: str) -> List[Step]:
    """A device that failed comes back by way of offline only."""
    if desired.state in (PRESENT, state):
        return []
    ways = [OFFLINE, desired.state] if (state, desired.state) == (FAILED, ONLINE) else [desired.state]
    return [
        request_step("set_device_state", "%s %s" % (target, way), "POST", path + "/state", {"state": way})
        for way in ways
    ]


def _tag_steps(
    kind: str, target: str, desired: Union[DesiredNode, DesiredDevice], entry: Union[Node, Device], path: str
) -> List[Step]:
    if desired.tags is None or desired.tags == entry.tags:
        return []
    return [request_step(kind, target, "POST", path + "/tags", {"change_type": "set", "tags": desired.tags})]


def _removing(wanted: Wanted) -> List[Step]:
    """Return the steps that take away, in heketi's only order: offline, failed, devices, node, cluster."""
    steps = []
    for node, device in wanted.leaving_devices():
        steps += _remove_device(node.name, device)
    for node in wanted.leaving_nodes():
        steps += _remove_node(node)
    for number, desired in enumerate(wanted.clusters):
        if desired.state == ABSENT and wanted.match.clusters[number] is not None:
            path = "/clusters/" + cluster_reference(number)
            steps.append(request_step("delete_cluster", "cluster %s" % (number + 1), "DELETE", path))
    return steps


def _remove_device(node_name: str, device: Device, empty: bool = False) -> List[Step]:
    target = device_label(node_name, device.name)
    path = "/devices/" + device_reference(node_name, device.name)
    steps = []
    if device.state == ONLINE and not empty:
        steps.append(request_step("close_device", target, "POST", path + "/state", {"state": OFFLINE}))
    if device.state != FAILED and not empty:
        steps.append(request_step("evacuate_device", target, "POST", path + "/state", {"state": FAILED}))
    return steps + [request_step("delete_device", target, "DELETE", path)]


def _remove_node(node: Node) -> List[Step]:
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


def _refuse_impossible(wanted: Wanted, growing: Iterable[Step]) -> None:
    problems = _failed_nodes(wanted) + _strangers(wanted)
    leaving = wanted.leaving()
    if leaving and not any(step.kind == "add_device" for step in growing):
        problems += evacuation_problems(leaving, wanted.topology)
    if problems:
        raise UnsafeChangeError("\n".join(problems)) if leaving else PlanError("\n".join(problems))


def _failed_nodes(wanted: Wanted) -> List[str]:
    return [
        "%s: heketi takes a failed node to no other state; take it out (state: absent) and add it anew" % desired.name
        for desired, node in ((desired, wanted.match.nodes[desired.name]) for desired in wanted.kept_nodes())
        if desired.state in (ONLINE, OFFLINE) and node is not None and node.state == FAILED
    ]


def _strangers(wanted: Wanted) -> List[str]:
    """Return what is in clusters to remove and was not named."""
    problems = []
    named = {node.node_id for node in wanted.leaving_nodes()}
    for number, desired in enumerate(wanted.clusters):
        cluster = wanted.match.clusters[number]
        if desired.state != ABSENT or cluster is None:
            continue
        others = [node.name for node in cluster.nodes if node.node_id not in named]
        if others:
            problems.append("cluster %s: holds nodes that are not named: %s" % (cluster.cluster_id, ", ".join(others)))
        if cluster.volumes or cluster.blockvolumes:
            held = len(cluster.volumes) + len(cluster.blockvolumes)
            problems.append("cluster %s: holds %s volumes; delete them first" % (cluster.cluster_id, held))
    return problems


def _describe(topology: Topology) -> Dict[str, Any]:
    """Return the topology as the modules show it in a difference."""
    return {
        cluster.cluster_id: {
            "file": cluster.file,
            "block": cluster.block,
            "nodes": {node.name: _node_facts(node) for node in cluster.nodes},
        }
        for cluster in topology.clusters
    }


def _node_facts(node: Node) -> Dict[str, Any]:
    return {
        "zone": node.zone,
        "manage": list(node.manage),
        "storage": list(node.storage),
        "state": node.state,
        "tags": node.tags,
        "devices": {device.name: {"state": device.state, "tags": device.tags} for device in node.devices},
    }


def _after(wanted: Wanted) -> Dict[str, Any]:
    """Return the topology as it will be; new clusters have no id yet."""
    after: Dict[str, Any] = _describe(wanted.topology)
    for number, desired in enumerate(wanted.clusters):
        cluster = wanted.match.clusters[number]
        key = cluster.cluster_id if cluster else cluster_reference(number)
        if desired.state == ABSENT:
            after.pop(key, None)
        if (number, desired) not in wanted.kept():
            continue
        shown = after.setdefault(key, {"file": True, "block": True, "nodes": {}})
        shown.update(_flags_of(desired, cluster) if cluster else _flags(desired, True, True))
        for node in desired.nodes:
            _apply_node(shown["nodes"], node, wanted.match.nodes[node.name])
    return after


def _apply_node(nodes: Dict[str, Any], desired: DesiredNode, node: Optional[Node]) -> None:
    if desired.state == ABSENT:
        nodes.pop(node.name if node else "", None)
        return
    new = {"zone": desired.zone, "manage": list(desired.manage), "storage": list(desired.storage), "state": ONLINE}
    shown = nodes.setdefault(desired.name, dict(new, tags={}, devices={}))
    _apply(shown, desired)
    for device in desired.devices:
        if device.state == ABSENT:
            shown["devices"].pop(device.name, None)
        else:
            _apply(shown["devices"].setdefault(device.name, {"state": ONLINE, "tags": {}}), device)


def _apply(shown: Dict[str, Any], desired: Union[DesiredNode, DesiredDevice]) -> None:
    if desired.tags is not None:
        shown["tags"] = desired.tags
    if desired.state != PRESENT:
        shown["state"] = desired.state
