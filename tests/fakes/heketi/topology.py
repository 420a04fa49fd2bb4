# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clusters, nodes and devices."""

from types import SimpleNamespace

from . import pending, request
from .allocator import Allocator, NoSpace, width_of
from .state import cluster_info, device_info, node_info
from .wire import Answer, Failure, Refusal, accepted, compact, empty_json

_FLAGS = {"block": bool, "file": bool}
_NODE = {"zone": int, "hostnames": {"manage": [str], "storage": [str]}, "cluster": str, "tags": request.TAGS}
_DEVICE = {"name": str, "node": str, "tags": request.TAGS, "destroydata": bool}
STATES = ("online", "offline", "failed")


def list_clusters(app, _request):
    return compact({"clusters": sorted(app.state.clusters)})


def create_cluster(app, asked):
    desired = request.parse(asked.body, _FLAGS)
    cluster = SimpleNamespace(
        id=app.ids("cluster"),
        nodes=set(),
        volumes=set(),
        blockvolumes=set(),
        block=desired["block"],
        file=desired["file"],
    )
    app.state.clusters[cluster.id] = cluster
    return compact(cluster_info(cluster, ()), 201)


def show_cluster(app, _request, cluster_id):
    cluster = app.find(app.state.clusters, cluster_id)
    return compact(cluster_info(cluster, app.complete_volumes() & cluster.volumes))


def set_flags(app, asked, cluster_id):
    desired = request.parse(asked.body, _FLAGS)
    app.find(app.state.clusters, cluster_id).__dict__.update(desired)
    return empty_json()


def delete_cluster(app, _request, cluster_id):
    cluster = app.find(app.state.clusters, cluster_id)
    if cluster.nodes or cluster.volumes:
        raise Refusal(409, "Unable to delete cluster [%s] because it contains volumes and/or nodes" % cluster_id)
    del app.state.clusters[cluster_id]
    return Answer(200, {})


def add_node(app, asked):
    desired = request.parse(asked.body, _NODE)
    request.validate(
        {
            "zone": request.number(desired["zone"]),
            "hostnames": {kind: request.hosts(desired["hostnames"][kind], kind) for kind in ("manage", "storage")},
            "cluster": request.uuid(desired["cluster"]),
            "tags": request.tags(desired["tags"]),
        }
    )
    cluster = app.state.clusters.get(desired["cluster"])
    if cluster is None:
        raise Refusal(404, "Cluster id does not exist")
    names = desired["hostnames"]
    _refuse_known_hosts(app.state, names)
    if app.faults.take("glusterd"):
        text = "None of the nodes in cluster has" if cluster.nodes else "New Node doesn't have"
        raise Refusal(400, text + " glusterd running")
    node = SimpleNamespace(
        id=app.ids("node", manage=names["manage"][0]),
        manage=names["manage"],
        storage=names["storage"],
        zone=desired["zone"],
        cluster=cluster.id,
        tags=desired["tags"],
        state="online",
        devices=set(),
    )

    def finish():
        del app.state.reserved_hosts[node.id]
        app.faults.strike("peer_probe")
        app.state.nodes[node.id] = node
        cluster.nodes.add(node.id)
        return "/nodes/" + node.id

    app.state.reserved_hosts[node.id] = node
    return accepted(app.queue.add(finish), "POST")


def _refuse_known_hosts(state, names):
    for node in list(state.nodes.values()) + list(state.reserved_hosts.values()):
        taken = [name for name in names["manage"] if name in node.manage]
        taken += [name for name in names["storage"] if name in node.storage]
        if taken:
            raise Refusal(409, "Hostname %s already used by node with id %s\n" % (taken[0], node.id))


def show_node(app, _request, node_id):
    return compact(node_info(app.state, app.find(app.state.nodes, node_id)))


def delete_node(app, _request, node_id):
    node = app.find(app.state.nodes, node_id)
    if node.devices:
        raise Refusal(409, "Unable to delete node [%s] because it contains devices" % node_id)

    def finish():
        app.faults.strike("peer_detach")
        if node_id not in app.state.nodes:
            raise Failure("Id not found")
        cluster = app.state.clusters[node.cluster]
        del app.state.nodes[node_id]
        cluster.nodes.discard(node_id)
        app.state.refresh_hosts(cluster)

    return accepted(app.queue.add(finish), "DELETE")


def tag_node(app, asked, node_id):
    return _tag(app.find(app.state.nodes, node_id), asked)


def tag_device(app, asked, device_id):
    return _tag(app.find(app.state.devices, device_id), asked)


def _tag(entry, asked):
    entry.tags = request.changed_tags(entry.tags, asked.body)
    return compact(dict(sorted(entry.tags.items())))


def add_device(app, asked):
    desired = request.parse(asked.body, _DEVICE)
    request.validate(
        {
            "name": request.matching(desired["name"], "/[a-zA-Z0-9_.:/-]+"),
            "node": request.uuid(desired["node"]),
            "tags": request.tags(desired["tags"]),
        }
    )
    node = app.state.nodes.get(desired["node"])
    if node is None:
        raise Refusal(404, "Node id does not exist")
    for other in app.state.devices_of(node) + list(app.state.reserved_devices.values()):
        if (other.node, other.name) == (node.id, desired["name"]):
            used = (other.name, node.id, other.id)
            raise Refusal(409, "Device %s is already used on node %s by device %s" % used)
    device = SimpleNamespace(
        id=app.ids("device", node=node.id, name=desired["name"]),
        name=desired["name"],
        node=node.id,
        tags=desired["tags"],
        state="online",
        total=app.device_size,
        free=app.device_size,
        bricks=set(),
        destroyed=desired["destroydata"],
    )

    def finish():
        del app.state.reserved_devices[device.id]
        app.faults.strike("device_setup")
        app.state.devices[device.id] = device
        node.devices.add(device.id)

    app.state.reserved_devices[device.id] = device
    return accepted(app.queue.add(finish), "POST")


def show_device(app, _request, device_id):
    return compact(device_info(app.state, app.find(app.state.devices, device_id)))


def resync_device(app, _request, device_id):
    app.find(app.state.devices, device_id)
    return accepted(app.queue.add(lambda: None), "GET")


def delete_device(app, _request, device_id):
    device = app.find(app.state.devices, device_id)
    if device.state != "failed":
        raise Refusal(400, "device: %s is not in failed state" % device_id)
    if device.bricks:
        raise Refusal(409, "Unable to delete device [%s] because it contains bricks" % device_id)

    def finish():
        app.faults.strike("device_teardown")
        if device_id not in app.state.devices:
            raise Failure("Id not found")
        del app.state.devices[device_id]
        app.state.nodes[device.node].devices.discard(device_id)

    return accepted(app.queue.add(finish), "DELETE")


def _desired_state(asked):
    desired = request.parse(asked.body, {"state": str})["state"]
    request.validate({"state": request.state(desired, STATES)})
    return desired


def set_device_state(app, asked, device_id):
    desired = _desired_state(asked)
    device = app.find(app.state.devices, device_id)
    return _queue_state(app, desired, device, lambda: _move_device(app, device, desired), [device_id])


def set_node_state(app, asked, node_id):
    desired = _desired_state(asked)
    node = app.find(app.state.nodes, node_id)
    return _queue_state(app, desired, node, lambda: _move_node(app, node, desired), sorted(node.devices))


def _queue_state(app, desired, entry, move, device_ids):
    """Only what moves bricks counts as busy, and stands in the database for as long as it takes."""
    if desired == "failed":
        app.refuse_if_busy()
    filled = [device_id for device_id in device_ids if app.state.devices[device_id].bricks]
    removals = []
    if (entry.state, desired) == ("offline", "failed"):
        removals = [pending.begin(app, "remove-device", [(pending.REMOVE_DEVICE, one)]) for one in filled]

    def finish():
        for operation in removals:
            del app.state.operations[operation.id]
        move()

    return accepted(app.queue.add(finish, throttled=desired == "failed"), "POST")


def _move_device(app, device, desired):
    if (device.state, desired) == ("failed", "online"):
        raise Failure("Cannot move a failed/removed device to online state")
    if (device.state, desired) == ("online", "failed"):
        raise Failure("Device must be offline before remove operation is performed, device:" + device.id)
    if desired == "failed" and device.state == "offline":
        _evacuate(app, device)
    device.state = desired


def _move_node(app, node, desired):
    """A node that fails takes its devices along, one after the other up to the first that can't be emptied."""
    if node.state == "failed" and desired != "failed":
        raise Failure("Cannot move a failed/removed node to %s state" % desired)
    if (node.state, desired) == ("online", "failed"):
        raise Failure("Node must be offline before remove operation is performed, node:" + node.id)
    if desired == "failed":
        for device in app.state.devices_of(node):
            _evacuate(app, device)
            device.state = "failed"
    node.state = desired


def _evacuate(app, device):
    """Replace all bricks of a device. Those before the one that can't be replaced have been, and stay so."""
    bricks = [app.state.bricks[brick_id] for brick_id in sorted(device.bricks)]
    try:
        for brick in bricks:
            _replace(app, brick)
    except Failure as failure:
        raise Failure("Failed to remove device, error: %s" % failure)


def _replace(app, brick):
    state = app.state
    volume = state.volumes[brick.volume]
    if volume.durability["type"] not in ("replicate", "disperse"):
        raise Failure("replace brick is not supported for volume durability type none")
    if app.faults.take("heal_info"):
        raise Failure("Unable to get heal info of volume : " + volume.name)
    app.faults.strike("replace_brick")
    if app.version == 9 and width_of(volume.durability)[0] == 2:
        text = "Cannot replace brick %s as only 1 of 2 required peer bricks are online"
        raise Failure(text % brick.id)
    one_set = next(one for one in volume.sets if brick.id in one)
    mates = [state.bricks[brick_id] for brick_id in one_set if brick_id != brick.id]
    places = Allocator(app, state.clusters[volume.cluster], volume)
    brick_id = app.ids("brick", volume=volume.id, size=brick.size)
    try:
        new = places.brick_for(brick_id, brick.size, brick.subtype == 2, mates, without=brick.device)
    except NoSpace:
        raise Failure("No Replacement was found for resource requested to be removed")
    state.drop_brick(brick)
    state.put_brick(new)
    one_set[one_set.index(brick.id)] = new.id
