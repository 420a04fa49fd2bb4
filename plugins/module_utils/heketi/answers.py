# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From heketi's JSON to records, and the few reads that others are made of. PRIVATE to the collection."""

from typing import Any, Callable, Dict, List, Sequence, Tuple, TypeVar

from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.client import Heketi, HeketiError
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.records import (
    IN_FLIGHT,
    BlockVolume,
    Brick,
    Cluster,
    Device,
    Node,
    PendingOperation,
    Topology,
    Volume,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.reading import parser

Read = TypeVar("Read")

_GONE = 404
_WRONG_METHOD = 405


@parser("heketi")
def parse_brick(answer: Dict[str, Any]) -> Brick:
    """Return the Brick of its answer."""
    return Brick(answer["id"], answer["volume"], answer["device"], answer["node"], answer["size"])


@parser("heketi")
def parse_device(answer: Dict[str, Any]) -> Device:
    """Return the Device of its answer."""
    storage = answer["storage"]
    return Device(
        device_id=answer["id"],
        name=answer["name"],
        state=answer["state"],
        tags=answer.get("tags") or {},
        total=storage["total"],
        free=storage["free"],
        used=storage["used"],
        bricks=tuple(parse_brick(brick) for brick in answer["bricks"]),
    )


@parser("heketi")
def parse_node(answer: Dict[str, Any]) -> Node:
    """Return the Node of its answer, with its devices by name."""
    devices = sorted(answer["devices"], key=lambda device: device["name"])
    return Node(
        node_id=answer["id"],
        manage=tuple(answer["hostnames"]["manage"]),
        storage=tuple(answer["hostnames"]["storage"]),
        zone=answer["zone"],
        state=answer["state"],
        tags=answer.get("tags") or {},
        devices=tuple(parse_device(device) for device in devices),
    )


@parser("heketi")
def parse_volume(answer: Dict[str, Any]) -> Volume:
    """Return the Volume of its answer."""
    durability = answer["durability"]
    kind = durability["type"]
    disperse = durability["disperse"] if kind == "disperse" else {}
    mount = answer["mount"]["glusterfs"]
    return Volume(
        volume_id=answer["id"],
        name=answer["name"],
        size=answer["size"],
        kind=kind,
        # Asked for without a count heketi keeps two copies, and shows no count.
        replicas=(durability["replicate"].get("replica") or 2) if kind == "replicate" else 0,
        disperse_data=disperse.get("data", 0),
        redundancy=disperse.get("redundancy", 0),
        # Before and behind the options that were asked for are those of the server, "" if it has none.
        options=tuple(option for option in answer.get("glustervolumeoptions") or () if option),
        gid=answer.get("gid", 0),
        factor=answer["snapshot"]["factor"],
        cluster_id=answer["cluster"],
        hosts=tuple(mount["hosts"]),
        blockvolumes=tuple(answer["blockinfo"].get("blockvolume") or ()),
        bricks=tuple(parse_brick(brick) for brick in answer["bricks"]),
        mount=mount["device"],
    )


@parser("heketi")
def parse_block_volume(answer: Dict[str, Any]) -> BlockVolume:
    """Return the BlockVolume of its answer."""
    target = answer["blockvolume"]
    return BlockVolume(
        volume_id=answer["id"],
        name=answer["name"],
        size=answer["size"],
        hacount=answer["hacount"],
        cluster_id=answer["cluster"],
        hosting_volume=answer["blockhostingvolume"],
        hosts=tuple(target["hosts"]),
        iqn=target["iqn"],
        lun=target["lun"],
        username=target["username"],
        password=target["password"],
    )


@parser("heketi")
def parse_operation(entry: Dict[str, Any], details: Dict[str, Any]) -> PendingOperation:
    """Return the PendingOperation of its place in the list and of its details."""
    status = entry.get("sub_status") or entry.get("status") or IN_FLIGHT
    changes = tuple(change["id"] for change in details.get("changes") or ())
    return PendingOperation(entry["id"], entry["type_name"], status, changes)


@parser("heketi")
def read_topology(heketi: Heketi) -> Topology:
    """Return clusters, nodes and pending operations. heketi has no list of nodes, so each is asked for."""
    clusters = [_read_cluster(heketi, cluster_id) for cluster_id in parse_ids(heketi.read("/clusters"), "clusters")]
    return Topology(tuple(clusters), read_pending(heketi))


@parser("heketi")
def _read_cluster(heketi: Heketi, cluster_id: str) -> Cluster:
    answer = heketi.read("/clusters/" + cluster_id)
    nodes = [parse_node(heketi.read("/nodes/" + node_id)) for node_id in parse_ids(answer, "nodes")]
    return Cluster(
        cluster_id=cluster_id,
        file=answer["file"],
        block=answer["block"],
        nodes=tuple(sorted(nodes, key=lambda node: node.name)),
        volumes=tuple(answer["volumes"]),
        blockvolumes=tuple(answer.get("blockvolumes") or ()),
    )


@parser("heketi")
def read_pending(heketi: Heketi) -> Tuple[PendingOperation, ...]:
    """Return the pending operations with what they change. One that ends meanwhile is left out."""
    entries = heketi.read("/operations/pending")["pendingoperations"] or ()
    found = [(entry, _read_or_none(heketi, "/operations/pending/" + entry["id"])) for entry in entries]
    return tuple(parse_operation(entry, details) for entry, details in found if details is not None)


def read_moves_pairs(heketi: Heketi) -> bool:
    """Return whether this heketi moves bricks of volumes with two copies, which version 9 never does.

    No answer tells the version. The path of evictions came with version 10, and can't be read: there it is the wrong
    method, and in version 9 nothing at all.
    """
    try:
        heketi.read("/bricks/to-evict/0")
    except HeketiError as error:
        return error.status == _WRONG_METHOD
    return True


def read_volumes(heketi: Heketi, volume_ids: Sequence[str]) -> Tuple[Tuple[Volume, ...], Tuple[str, ...]]:
    """Return the volumes that can be read, and the ids of those that a pending operation hides."""
    return _read_each(heketi, "/volumes/", volume_ids, parse_volume)


def read_all_volumes(heketi: Heketi) -> Tuple[Tuple[Volume, ...], Tuple[str, ...]]:
    """Return the same of all volumes."""
    return read_volumes(heketi, parse_ids(heketi.read("/volumes"), "volumes"))


def read_all_block_volumes(heketi: Heketi) -> Tuple[Tuple[BlockVolume, ...], Tuple[str, ...]]:
    """Return the block volumes that can be read, and the ids of the others."""
    return read_block_volumes(heketi, parse_ids(heketi.read("/blockvolumes"), "blockvolumes"))


@parser("heketi")
def parse_ids(answer: Dict[str, Any], kind: str) -> List[str]:
    """Return the ids that an answer lists."""
    return _texts(answer[kind])


def _texts(values: Any) -> List[str]:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise TypeError("ids have to be a list of texts")
    return values


def read_block_volumes(heketi: Heketi, volume_ids: Sequence[str]) -> Tuple[Tuple[BlockVolume, ...], Tuple[str, ...]]:
    """Return the block volumes that can be read, and the ids of the others."""
    return _read_each(heketi, "/blockvolumes/", volume_ids, parse_block_volume)


def _read_each(
    heketi: Heketi, path: str, volume_ids: Sequence[str], parse: Callable[[Dict[str, Any]], Read]
) -> Tuple[Tuple[Read, ...], Tuple[str, ...]]:
    found = [(volume_id, _read_or_none(heketi, path + volume_id)) for volume_id in volume_ids]
    volumes = tuple(parse(answer) for _id, answer in found if answer is not None)
    return volumes, tuple(volume_id for volume_id, answer in found if answer is None)


def _read_or_none(heketi: Heketi, path: str) -> Any:
    try:
        return heketi.read(path)
    except HeketiError as error:
        if error.status != _GONE:
            raise
        return None
