# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What /db/dump, /db/check and /backup/db tell."""

import json

from .pending import KINDS
from .state import blockvolume_info, brick_info, cluster_info, device_head, node_head, volume_head
from .wire import Answer, indented

_ATTRIBUTES = ("DB_BRICK_HAS_SUBTYPE_FIELD", "DB_CLUSTER_HAS_FILE_BLOCK_FLAG", "DB_GENERATION_ID")
_LAST_ATTRIBUTE = "DB_HAS_PENDING_OPS_BUCKET"


def dump(app, _request):
    state = app.state
    return indented(
        {
            "clusterentries": _entries(state.clusters, _cluster_entry),
            "volumeentries": _entries(state.volumes, lambda volume: _volume_entry(state, volume)),
            "brickentries": _entries(state.bricks, _brick_entry),
            "nodeentries": _entries(state.nodes, _node_entry),
            "deviceentries": _entries(state.devices, _device_entry),
            "blockvolumeentries": _entries(state.blockvolumes, _block_entry),
            "dbattributeentries": _attributes(app.generation),
            "pendingoperations": _entries(state.operations, _operation_entry),
        }
    )


def _entries(bucket, entry):
    return {name: entry(bucket[name]) for name in sorted(bucket)}


def _cluster_entry(cluster):
    return {"Info": cluster_info(cluster, cluster.volumes)}


def _volume_entry(state, volume):
    return {
        "Info": volume_head(volume, clusters=volume.clusters),
        "Bricks": [brick.id for brick in state.bricks_of(volume)],
        "GlusterVolumeOptions": volume.options,
        "Pending": {"Id": volume.pending},
    }


def _brick_entry(brick):
    return {
        "Info": brick_info(brick),
        "TpSize": brick.pool,
        "PoolMetadataSize": brick.metadata,
        "Pending": {"Id": brick.pending},
        "LvmThinPool": brick.thin_pool,
        "LvmLv": "",
        "SubType": brick.subtype,
    }


def _node_entry(node):
    return {"State": node.state, "Info": node_head(node), "Devices": sorted(node.devices)}


def _device_entry(device):
    return {
        "State": device.state,
        "Info": device_head(device),
        "Bricks": sorted(device.bricks),
        "NodeId": device.node,
        "ExtentSize": 4096,
    }


def _block_entry(block):
    return {"Info": blockvolume_info(block, auth=True), "Pending": {"Id": ""}}


def _attributes(generation):
    values = dict.fromkeys(_ATTRIBUTES + (_LAST_ATTRIBUTE,), "yes")
    values["DB_GENERATION_ID"] = generation
    return {name: {"Key": name, "Value": value} for name, value in values.items()}


def _operation_entry(operation):
    return {
        "Id": operation.id,
        "Timestamp": operation.timestamp,
        "Type": KINDS.index(operation.kind) + 1,
        "Actions": [{"Change": number, "Id": name, "Delta": None} for number, name in operation.changes],
        "Status": operation.status,
    }


def check(app, _request):
    state = app.state
    parts = {
        "clusters": _checked(state.clusters, [], _cluster_problems(state)),
        "volumes": _checked(state.volumes, _pending(state.volumes), _volume_problems(state)),
        "bricks": _checked(state.bricks, _pending(state.bricks), _brick_problems(state)),
        "nodes": _checked(state.nodes, [], {}),
        "devices": _checked(state.devices, [], _device_problems(state)),
        "blockvolumes": _checked(state.blockvolumes, [], {}),
        "dbattributes": _checked({}, [], {}),
        "pendingoperations": _checked(state.operations, [], _operation_problems(state)),
    }
    total = sum(len(part["inconsistencies"] or ()) for part in parts.values())
    return indented(dict(parts, totalinconsistencies=total))


def _checked(bucket, waiting, problems):
    texts = [text for name in sorted(problems) for text in problems[name]]
    return {
        "total": len(bucket),
        "pending": len(waiting),
        "ok": len(bucket) - len(problems),
        "notok": len(problems),
        "inconsistencies": texts or None,
    }


def _pending(bucket):
    return [entry for entry in bucket.values() if entry.pending]


def _only_problems(texts):
    return {name: found for name, found in texts.items() if found}


def _cluster_problems(state):
    return _only_problems(
        {
            cluster.id: [
                "Cluster %s unknown volume %s" % (cluster.id, name)
                for name in sorted(cluster.volumes - set(state.volumes))
            ]
            for cluster in state.clusters.values()
        }
    )


def _volume_problems(state):
    """Only the numbers are compared, addresses of hosts with ids of nodes."""
    text = "Volume %s mount hosts list([%s]) is not same as list of all nodes of the cluster([%s])"
    problems = {}
    for volume in state.volumes.values():
        nodes = sorted(state.clusters[volume.cluster].nodes)
        if len(volume.hosts) != len(nodes):
            problems[volume.id] = [text % (volume.id, " ".join(volume.hosts), " ".join(nodes))]
    return problems


def _brick_problems(state):
    return {
        brick.id: ["Brick %s unknown volume %s" % (brick.id, brick.volume)]
        for brick in state.bricks.values()
        if brick.volume not in state.volumes
    }


def _device_problems(state):
    problems = {}
    for device in state.devices.values():
        used, held = device.total - device.free, sum(state.bricks[name].total for name in device.bricks)
        if used != held:
            text = "Device %s size values differ Used(%s) != aggregateBricksSize(%s)"
            problems[device.id] = [text % (device.id, used, held)]
    return problems


def _operation_problems(state):
    known = set(state.volumes) | set(state.bricks) | set(state.devices) | set(state.blockvolumes)
    text = "pending op %s id in change missing %s not found in volumes"
    return _only_problems(
        {
            operation.id: [text % (operation.id, name) for _change, name in operation.changes if name not in known]
            for operation in state.operations.values()
            if not operation.in_flight or operation.kind == "clone-volume"
        }
    )


def examine(app, request):
    """Tell what GlusterFS has, of each node; of what LVM and the mounts are there is none here."""
    volumes = sorted({volume.name for volume in app.state.volumes.values()} | app.foreign)
    info = {"Volumes": {"Count": len(volumes), "VolumeList": [{"VolumeName": name} for name in volumes]}}
    clusters = [
        {
            "ClusterHeketiID": cluster.id,
            "NodesData": [
                {"NodeHeketiID": node, "VolumeInfo": None if node in app.silent else info}
                for node in sorted(cluster.nodes)
            ]
            or None,
        }
        for cluster in app.state.clusters.values()
    ]
    report = ["OnDemand Examiner invoked while %s ops are in flight" % app.queue.busy()]
    database = json.loads(dump(app, request).body.decode())
    return indented({"heketidb": database, "report": report, "clusters": clusters or None})


def backup(app, _request):
    """Answer with what stands for the bolt file: its first bytes are right, the rest is the dump."""
    content = bytes(8) + b"\x04" + bytes(7) + dump(app, _request).body
    headers = {
        "Content-Disposition": 'attachment; filename="heketi.db"',
        "Content-Length": str(len(content)),
        "Content-Type": "application/octet-stream",
    }
    return Answer(200, headers, content)
