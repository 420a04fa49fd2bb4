# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Block volumes, each in a hosting volume that heketi makes for them."""

from types import SimpleNamespace

from . import pending, request, volumes
from .state import blockvolume_info
from .wire import Refusal, accepted, compact

_BLOCK = {"size": int, "name": str, "clusters": [str], "hacount": int, "auth": bool}
#: Per cent of a hosting volume that heketi keeps free.
RESERVED = 2


def list_blocks(app, _request):
    return compact({"blockvolumes": sorted(app.state.blockvolumes)})


def show_block(app, _request, block_id):
    return compact(blockvolume_info(app.find(app.state.blockvolumes, block_id)))


def create_block(app, asked):
    desired = request.parse(asked.body, _BLOCK)
    request.validate(
        {
            "size": request.number(desired["size"]),
            "hacount": request.number(desired["hacount"]) if desired["hacount"] else "",
        }
    )
    app.refuse_if_busy()
    hosting, creation = _hosting_volume(app, desired)
    block_id = app.ids("blockvolume", name=desired["name"])
    hosts = app.state.hosts_of(app.state.clusters[hosting.cluster])
    hacount = desired["hacount"] or len(hosts)
    block = SimpleNamespace(
        id=block_id,
        name=desired["name"] or "blockvol_" + block_id,
        size=desired["size"],
        hacount=hacount,
        hosts=hosts[-hacount:],
        auth=desired["auth"],
        cluster=hosting.cluster,
        hosting=hosting.id,
    )
    hosting.free -= block.size
    operation = pending.begin(app, "create-block-volume", [(pending.ADD_BLOCK, block_id)])

    def finish():
        if creation:
            volumes.finish_create(app, hosting, creation)
        del app.state.operations[operation.id]
        app.state.blockvolumes[block_id] = block
        app.state.clusters[block.cluster].blockvolumes.add(block_id)
        hosting.blockvolumes.add(block_id)
        return "/blockvolumes/" + block_id

    return accepted(app.queue.add(finish, throttled=True), "POST")


def _hosting_volume(app, desired):
    """Return a hosting volume with room, and the operation that makes it if it is new."""
    for _id, volume in sorted(app.state.volumes.items()):
        if volume.block and not volume.pending and volume.free >= desired["size"] and not volume.restriction:
            return volume, None
    size = app.block_hosting_size
    usable = size - size * RESERVED // 100
    if desired["size"] > usable:
        raise Refusal(500, _too_large(size, desired["size"], usable))
    parts = {"size": size, "clusters": desired["clusters"] or sorted(app.state.clusters)[:1], "block": True}
    volume = volumes.allocate(app, _desired_hosting(parts), "Failed to allocate new block volume: ")
    volume.free, volume.reserved = usable, size - usable
    return volume, volumes.begin_create(app, volume)


def _desired_hosting(parts):
    durability = {"type": "replicate", "replicate": {"replica": 3}, "disperse": {}}
    snapshot = {"enable": False, "factor": 1}
    rest = {"name": "", "gid": 0, "glustervolumeoptions": ["group gluster-block"]}
    return dict(rest, durability=durability, snapshot=snapshot, **parts)


def _too_large(size, desired, usable):
    return (
        "Failed to allocate new block volume: The size configured for automatic creation of block hosting volumes (%s) "
        "is too small to host the requested block volume of size %s. The available size on this block hosting volume, "
        "minus overhead, is %s. Please create a sufficiently large block hosting volume manually."
    ) % (size, desired, usable)


def delete_block(app, _request, block_id):
    block = app.find(app.state.blockvolumes, block_id)
    app.refuse_if_busy()
    operation = pending.begin(app, "delete-block-volume", [(pending.DELETE_BLOCK, block_id)])

    def finish():
        hosting = app.state.volumes[block.hosting]
        hosting.free += block.size
        hosting.blockvolumes.discard(block_id)
        app.state.clusters[block.cluster].blockvolumes.discard(block_id)
        del app.state.blockvolumes[block_id]
        del app.state.operations[operation.id]

    return accepted(app.queue.add(finish, throttled=True), "DELETE")
