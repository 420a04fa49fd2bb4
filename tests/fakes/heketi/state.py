# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a heketi server keeps in its database, and how it shows it. Orders of keys are those of heketi's JSON."""

from types import SimpleNamespace

#: KiB of an LVM extent.
EXTENT = 4096
ARBITER = 2


class State:
    """The buckets, id -> entry each."""

    def __init__(self):
        self.clusters = {}
        self.nodes = {}
        self.devices = {}
        self.bricks = {}
        self.volumes = {}
        self.blockvolumes = {}
        self.operations = {}
        #: Nodes and devices that are being added: their names are taken already.
        self.reserved_hosts = {}
        self.reserved_devices = {}

    def nodes_of(self, cluster):
        return [self.nodes[node_id] for node_id in sorted(cluster.nodes)]

    def devices_of(self, node):
        return [self.devices[device_id] for device_id in sorted(node.devices)]

    def bricks_of(self, volume):
        return [self.bricks[brick_id] for brick_id in sorted(brick for one in volume.sets for brick in one)]

    def hosts_of(self, cluster):
        return [node.storage[0] for node in self.nodes_of(cluster)]

    def put_brick(self, brick):
        self.bricks[brick.id] = brick
        device = self.devices[brick.device]
        device.bricks.add(brick.id)
        device.free -= brick.total

    def drop_brick(self, brick):
        del self.bricks[brick.id]
        device = self.devices[brick.device]
        device.bricks.discard(brick.id)
        device.free += brick.total

    def refresh_hosts(self, cluster):
        """A node that went away is no longer one of those that clients mount from."""
        for volume_id in cluster.volumes:
            if volume_id in self.volumes:
                self.volumes[volume_id].hosts = self.hosts_of(cluster)


def aligned(size):
    """Return KiB rounded up to whole extents."""
    return -(-size // EXTENT) * EXTENT


def new_brick(ids, brick_id, device, volume_id, size, factor, arbiter):
    """Return a brick of size KiB; its thin pool is factor times as large, and has metadata of half a per cent."""
    pool = aligned(int(size * factor))
    metadata = aligned(int(pool * 0.005))
    path = "/var/lib/heketi/mounts/vg_%s/brick_%s/brick" % (device.id, brick_id)
    return SimpleNamespace(
        id=brick_id,
        path=path,
        device=device.id,
        node=device.node,
        volume=volume_id,
        size=size,
        pool=pool,
        metadata=metadata,
        total=pool + metadata,
        thin_pool="tp_" + ids("thin_pool", brick=brick_id),
        subtype=ARBITER if arbiter else 1,
        pending="",
    )


def cluster_info(cluster, volumes):
    return {
        "id": cluster.id,
        "nodes": sorted(cluster.nodes),
        "volumes": sorted(volumes),
        "block": cluster.block,
        "file": cluster.file,
        "blockvolumes": sorted(cluster.blockvolumes),
    }


def node_head(node):
    head = {
        "zone": node.zone,
        "hostnames": {"manage": node.manage, "storage": node.storage},
        "cluster": node.cluster,
    }
    return dict(head, **_tags(node), id=node.id)


def node_info(state, node):
    devices = [device_info(state, device) for device in state.devices_of(node)]
    return dict(node_head(node), state=node.state, devices=devices)


def device_head(device):
    storage = {"total": device.total, "free": device.free, "used": device.total - device.free}
    return dict(dict({"name": device.name}, **_tags(device)), storage=storage, id=device.id)


def device_info(state, device):
    bricks = [brick_info(state.bricks[brick_id]) for brick_id in sorted(device.bricks)]
    return dict(device_head(device), state=device.state, bricks=bricks)


def _tags(entry):
    return {"tags": dict(sorted(entry.tags.items()))} if entry.tags else {}


def brick_info(brick):
    return {name: getattr(brick, name) for name in ("id", "path", "device", "node", "volume", "size")}


def volume_head(volume, options=None, clusters=()):
    """Return the part of a volume that its answer and the dump share; each has something between its parts."""
    head = {"size": volume.size}
    if clusters:
        head["clusters"] = clusters
    head.update(name=volume.name, durability=_durability(volume))
    if volume.gid:
        head["gid"] = volume.gid
    if options is not None:
        head["glustervolumeoptions"] = options
    if volume.block:
        head["block"] = True
    factor = volume.factor
    head["snapshot"] = {"enable": volume.snapshot, "factor": int(factor) if factor == int(factor) else factor}
    return dict(head, id=volume.id, cluster=volume.cluster, mount=_mount(volume), blockinfo=_block_info(volume))


def volume_info(state, volume):
    bricks = [brick_info(brick) for brick in state.bricks_of(volume)]
    return dict(volume_head(volume, volume.options), bricks=bricks)


def _durability(volume):
    desired = volume.durability
    counts = {
        kind: {name: count for name, count in desired[kind].items() if count} for kind in ("replicate", "disperse")
    }
    return dict({"type": desired["type"] or "none"}, **counts)


def _mount(volume):
    return {
        "glusterfs": {
            "hosts": volume.hosts,
            "device": "%s:%s" % (volume.hosts[0], volume.name),
            "options": {"backup-volfile-servers": ",".join(volume.hosts[1:])},
        }
    }


def _block_info(volume):
    if not volume.block:
        return {}
    info = {"freesize": volume.free, "reservedsize": volume.reserved}
    if volume.blockvolumes:
        info["blockvolume"] = sorted(volume.blockvolumes)
    if volume.restriction:
        info["restriction"] = volume.restriction
    return info


def blockvolume_info(block, auth=False):
    head = {"size": block.size, "name": block.name, "hacount": block.hacount}
    if auth and block.auth:
        head["auth"] = True
    target = {
        "hosts": block.hosts,
        "iqn": "fakeIQN",
        "lun": 0,
        "username": "heketi-user" if block.auth else "",
        "password": "secret" if block.auth else "",
    }
    return dict(head, id=block.id, blockvolume=target, cluster=block.cluster, blockhostingvolume=block.hosting)
