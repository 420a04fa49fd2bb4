# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that a heketi server tells, for heketi_info. PRIVATE to the collection."""

import re
from typing import Any, Dict, Iterable, Sequence

from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.answers import (
    read_all_block_volumes,
    read_all_volumes,
    read_pending,
    read_topology,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.client import Heketi
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.records import (
    EXTENT,
    ONLINE,
    BlockVolume,
    Cluster,
    Device,
    Node,
    Volume,
    room_for,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.reading import parser
from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import KIB

PARTS = ("topology", "volumes", "operations", "db_check")

#: heketi compares how many hosts a volume was made with, and how many there are. So each volume that was made before a
#: node was added is told of, for as long as the numbers differ, and nothing is wrong with it.
_NO_FAULT = re.compile(r"Volume \S+ mount hosts list\(.*\) is not same as list of all nodes of the cluster\(.*\)\Z")
#: Numbers of nodes that bricks of one set are on, for which the largest brick is told.
_COPIES = (("one", 1), ("two", 2), ("three", 3))


def observe_heketi(heketi: Heketi, parts: Sequence[str] = PARTS) -> Dict[str, Any]:
    """Return what the asked parts say, with sizes in bytes but for those of volumes, which are in GiB."""
    facts: Dict[str, Any] = {}
    if "topology" in parts:
        topology = read_topology(heketi)
        facts["clusters"] = [cluster_facts(cluster) for cluster in topology.clusters]
    if "volumes" in parts:
        volumes, hidden = read_all_volumes(heketi)
        facts["volumes"] = [volume_facts(volume) for volume in volumes]
        facts["hidden_volumes"] = list(hidden)
        blocks, _hidden = read_all_block_volumes(heketi)
        facts["block_volumes"] = [block_volume_facts(block) for block in blocks]
    if "operations" in parts:
        facts["pending_operations"] = [operation.facts() for operation in read_pending(heketi)]
    if "db_check" in parts:
        facts["db_check"] = _db_check(heketi.read("/db/check"))
    return facts


def cluster_facts(cluster: Cluster) -> Dict[str, Any]:
    """Return a cluster with its nodes, and what the largest brick is that fits on one, two and three nodes each."""
    return dict(
        _sum(_node_sum(node) for node in cluster.nodes),
        id=cluster.cluster_id,
        file=cluster.file,
        block=cluster.block,
        nodes=[_node_facts(node) for node in cluster.nodes],
        volumes=list(cluster.volumes),
        blockvolumes=list(cluster.blockvolumes),
        zones=sorted({node.zone for node in cluster.nodes if _largest_free(node)}),
        largest_brick={word: _largest_brick(cluster, copies) for word, copies in _COPIES},
    )


def _node_facts(node: Node) -> Dict[str, Any]:
    return dict(
        _node_sum(node),
        id=node.node_id,
        manage=list(node.manage),
        storage=list(node.storage),
        zone=node.zone,
        state=node.state,
        tags=node.tags,
        devices=[_device_facts(device) for device in node.devices],
    )


def _device_facts(device: Device) -> Dict[str, Any]:
    return dict(
        _sizes(device),
        id=device.device_id,
        name=device.name,
        state=device.state,
        tags=device.tags,
        bricks=len(device.bricks),
        # Left by something that was cut off; a cleanup and a resync of the device correct it.
        used_without_bricks=0 if device.bricks else KIB * device.used,
    )


def _sizes(device: Device) -> Dict[str, int]:
    return {"total": KIB * device.total, "free": KIB * device.free, "used": KIB * device.used}


def _node_sum(node: Node) -> Dict[str, int]:
    return _sum(_sizes(device) for device in node.devices)


def _sum(sizes: Iterable[Dict[str, int]]) -> Dict[str, int]:
    sizes = list(sizes)
    return {name: sum(size[name] for size in sizes) for name in ("total", "free", "used")}


def _largest_free(node: Node) -> int:
    """Return the KiB free on the device with most of it that may get a brick, 0 if none may."""
    if node.state != ONLINE:
        return 0
    return max([device.free for device in node.devices if device.state == ONLINE] or [0])


def _largest_brick(cluster: Cluster, copies: int) -> int:
    """Return the bytes of the largest brick of which that many nodes can hold one each: room does not add up."""
    free = sorted((_largest_free(node) for node in cluster.nodes), reverse=True)
    return KIB * _brick_in(free[copies - 1]) if len(free) >= copies else 0


def _brick_in(free: int) -> int:
    """Return the KiB of the largest brick that takes less than that; heketi wants more room than it needs."""
    size = int(free / 1.005) // EXTENT * EXTENT
    while size > 0 and room_for(size) >= free:
        size -= EXTENT
    return max(size, 0)


def volume_facts(volume: Volume) -> Dict[str, Any]:
    """Return a volume as the modules return it."""
    return {
        "id": volume.volume_id,
        "name": volume.name,
        "size": volume.size,
        "durability": volume.kind,
        "replicas": volume.replicas,
        "disperse_data": volume.disperse_data,
        "redundancy": volume.redundancy,
        "options": list(volume.options),
        "gid": volume.gid,
        "snapshot_factor": volume.factor,
        "cluster": volume.cluster_id,
        "mount": volume.mount,
        "hosts": list(volume.hosts),
        "blockvolumes": list(volume.blockvolumes),
        "bricks": [
            {"id": brick.brick_id, "node": brick.node_id, "device": brick.device_id, "size": KIB * brick.size}
            for brick in volume.bricks
        ],
    }


def block_volume_facts(volume: BlockVolume) -> Dict[str, Any]:
    """Return a block volume as the modules return it: without the password."""
    return {
        "id": volume.volume_id,
        "name": volume.name,
        "size": volume.size,
        "hacount": volume.hacount,
        "auth": bool(volume.username),
        "cluster": volume.cluster_id,
        "hosting_volume": volume.hosting_volume,
        "hosts": list(volume.hosts),
        "iqn": volume.iqn,
        "lun": volume.lun,
        "username": volume.username,
    }


def block_volume_facts_with_password(volume: BlockVolume) -> Dict[str, Any]:
    """Return a block volume with what its clients have to know."""
    return dict(block_volume_facts(volume), password=volume.password)


@parser("heketi")
def _db_check(answer: Dict[str, Any]) -> Dict[str, Any]:
    parts = [part for part in answer.values() if isinstance(part, dict)]
    texts = [text for part in parts for text in part["inconsistencies"] or ()]
    notes = [text for text in texts if _NO_FAULT.match(text)]
    return {
        "total": answer["totalinconsistencies"] - len(notes),
        "inconsistencies": [text for text in texts if text not in notes],
        "notes": notes,
    }
