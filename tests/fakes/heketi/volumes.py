# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Volumes: created, expanded, deleted, and begun to be cloned."""

from types import SimpleNamespace

from . import pending, request
from .allocator import Allocator, NoSpace, TooManyBricks, has_online_devices
from .state import volume_info
from .wire import Failure, Refusal, accepted, compact

_NAME = "[a-zA-Z0-9_-]+"
_DURABILITY = {"type": str, "replicate": {"replica": int}, "disperse": {"data": int, "redundancy": int}}
_VOLUME = {
    "size": int,
    "name": str,
    "clusters": [str],
    "durability": _DURABILITY,
    "gid": int,
    "glustervolumeoptions": [str],
    "block": bool,
    "snapshot": {"enable": bool, "factor": float},
}
_DISPERSE = ((2, 1), (4, 2), (8, 3), (8, 4))


def list_volumes(app, _request):
    return compact({"volumes": sorted(app.complete_volumes())})


def visible(app, volume_id):
    """Return a volume that no pending operation hides."""
    volume = app.find(app.state.volumes, volume_id)
    if volume.pending:
        raise Refusal(404, "Id not found")
    return volume


def show_volume(app, _request, volume_id):
    return compact(volume_info(app.state, visible(app, volume_id)))


def create_volume(app, asked):
    desired = request.parse(asked.body, _VOLUME)
    request.validate(
        {"size": request.number(desired["size"]), "name": request.matching(desired["name"], _NAME, required=False)}
    )
    _refuse_impossible(app, desired)
    app.refuse_if_busy()
    volume = allocate(app, desired, "Failed to allocate new volume: ")
    operation = begin_create(app, volume)

    def finish():
        finish_create(app, volume, operation)
        return "/volumes/" + volume.id

    return accepted(app.queue.add(finish, throttled=True), "POST")


def _refuse_impossible(app, desired):
    """Refuse in the order in which heketi looks."""
    durability, snapshot = desired["durability"], desired["snapshot"]
    disperse = (durability["disperse"]["data"], durability["disperse"]["redundancy"])
    unknown = [cluster for cluster in desired["clusters"] if cluster not in app.state.clusters]
    kind = durability["type"]
    reasons = (
        (desired["gid"] < 0, "Bad group id less than zero"),
        (desired["gid"] >= 2**31 - 1, "Bad group id equal or greater than 2**32"),
        (kind not in ("", "none", "replicate", "disperse"), "Unknown durability type"),
        (kind == "replicate" and durability["replicate"]["replica"] > 3, "Invalid replica value"),
        (kind == "disperse" and disperse not in _DISPERSE, "Invalid dispersion combination: %s+%s" % disperse),
        (snapshot["enable"] and not 1 <= snapshot["factor"] <= 100, "Invalid snapshot factor"),
        (unknown, "Cluster id %s not found" % "".join(unknown[:1])),
        (kind == "disperse" and desired["size"] < disperse[0], _too_small(desired["size"], disperse[0])),
    )
    for wrong, text in reasons:
        if wrong:
            raise Refusal(400, text)


def _too_small(size, data):
    text = "Requested volume size (%s GB) is smaller than the minimum supported volume size (%s)"
    return text % (size, data * 1024 * 1024)


def new_volume(app, desired):
    volume_id = app.ids("volume", name=desired["name"])
    options = [""] + desired["glustervolumeoptions"] + [""]
    return SimpleNamespace(
        id=volume_id,
        name=desired["name"] or "vol_" + volume_id,
        size=desired["size"],
        durability=desired["durability"],
        gid=desired["gid"],
        options=options,
        block=desired["block"],
        snapshot=desired["snapshot"]["enable"],
        factor=desired["snapshot"]["factor"] if desired["snapshot"]["enable"] else 1,
        clusters=desired["clusters"],
        cluster="",
        hosts=[],
        sets=[],
        pending="",
        free=0,
        reserved=0,
        restriction="",
        blockvolumes=set(),
    )


def allocate(app, desired, prefix):
    """Return a stored volume with its bricks, in the first cluster that has room; 500 with the last reason why not."""
    volume = new_volume(app, desired)
    reason = "No space"
    for cluster_id in desired["clusters"] or sorted(app.state.clusters):
        cluster = app.state.clusters[cluster_id]
        if not (cluster.block if desired["block"] else cluster.file):
            continue
        reason = _why_not(app, cluster, volume)
        if not reason:
            return volume
    raise Refusal(500, prefix + reason)


def _why_not(app, cluster, volume):
    """Place the volume in the cluster and return nothing, or return why that can't be."""
    if not cluster.nodes:
        return "No nodes in cluster"
    if not has_online_devices(app.state, cluster):
        return "No online storage devices in cluster"
    if any(app.state.volumes[other].name == volume.name for other in cluster.volumes if other in app.state.volumes):
        return "Volume name '%s' already in use" % volume.name
    try:
        _store(app, cluster, volume, Allocator(app, cluster, volume).place(volume.size))
    except NoSpace:
        return "No space"
    return ""


def _store(app, cluster, volume, placed):
    _store_bricks(app, volume, placed)
    volume.cluster = cluster.id
    volume.hosts = app.state.hosts_of(cluster)
    cluster.volumes.add(volume.id)
    app.state.volumes[volume.id] = volume


def _store_bricks(app, volume, placed):
    for one in placed:
        volume.sets.append([brick.id for brick in one])
        for brick in one:
            app.state.put_brick(brick)


def forget_volume(app, volume):
    for brick in app.state.bricks_of(volume):
        app.state.drop_brick(brick)
    del app.state.volumes[volume.id]
    app.state.clusters[volume.cluster].volumes.discard(volume.id)


def begin_create(app, volume):
    bricks = app.state.bricks_of(volume)
    changes = [(pending.ADD_BRICK, brick.id) for brick in bricks] + [(pending.ADD_VOLUME, volume.id)]
    operation = pending.begin(app, "create-volume", changes)
    operation.undo = lambda: forget_volume(app, volume)
    for entry in bricks + [volume]:
        entry.pending = operation.id
    return operation


def finish_create(app, volume, operation):
    try:
        app.faults.strike("volume_create")
    except Failure:
        _roll_back(app, operation)
        raise
    # "already exists" is taken for a try of its own that failed: the volume is stopped and deleted, and made anew.
    app.foreign.discard(volume.name)
    _close(app, operation, app.state.bricks_of(volume) + [volume])


def _roll_back(app, operation):
    """Undo what failed; where that fails too, the operation stays for the cleanup."""
    if app.faults.take("rollback"):
        operation.in_flight, operation.status = False, "failed"
        return
    operation.undo()
    del app.state.operations[operation.id]


def _close(app, operation, entries):
    for entry in entries:
        entry.pending = ""
    del app.state.operations[operation.id]


def expand_volume(app, asked, volume_id):
    size = request.parse(asked.body, {"expand_size": int})["expand_size"]
    request.validate({"expand_size": request.number(size)})
    volume = visible(app, volume_id)
    app.refuse_if_busy()
    placed = _expansion(app, volume, size)
    first = len(volume.sets)
    _store_bricks(app, volume, placed)
    bricks = [brick for one in placed for brick in one]
    changes = [(pending.ADD_BRICK, brick.id) for brick in bricks] + [(pending.EXPAND_VOLUME, volume.id)]
    operation = pending.begin(app, "expand-volume", changes)
    for brick in bricks:
        brick.pending = operation.id

    def undo():
        for brick in bricks:
            app.state.drop_brick(brick)
        del volume.sets[first:]

    def finish():
        try:
            app.faults.strike("volume_expand")
        except Failure:
            _roll_back(app, operation)
            raise
        volume.size += size
        _close(app, operation, bricks)
        return "/volumes/" + volume_id

    operation.undo = undo
    return accepted(app.queue.add(finish, throttled=True), "POST")


def _expansion(app, volume, size):
    existing = len(app.state.bricks_of(volume))
    try:
        return Allocator(app, app.state.clusters[volume.cluster], volume).place(size, existing)
    except TooManyBricks:
        raise Refusal(500, "Failed to allocate volume expansion: Maximum number of bricks reached.")
    except NoSpace:
        raise Refusal(500, "Failed to allocate volume expansion: No space")


def delete_volume(app, _request, volume_id):
    volume = app.find(app.state.volumes, volume_id)
    if volume.blockvolumes:
        raise Refusal(409, "Cannot delete a block hosting volume containing block volumes")
    app.refuse_if_busy()
    if volume.pending:
        text = "The target exists, contains other items, or is in use."
        raise Refusal(500, "Failed to set up volume delete: " + text)
    bricks = app.state.bricks_of(volume)
    changes = [(pending.DELETE_BRICK, brick.id) for brick in bricks] + [(pending.DELETE_VOLUME, volume_id)]
    operation = pending.begin(app, "delete-volume", changes)
    operation.undo = lambda: forget_volume(app, volume)
    volume.pending = operation.id

    def finish():
        if app.faults.take("volume_destroy"):
            _close(app, operation, [volume])
            hosts = len(app.state.clusters[volume.cluster].nodes)
            raise Failure("all hosts failed (%s total, %s tried)" % (hosts, hosts))
        forget_volume(app, volume)
        del app.state.operations[operation.id]

    return accepted(app.queue.add(finish, throttled=True), "DELETE")


def clone_volume(app, asked, volume_id):
    """Begin a clone. What was recorded is a server that crashed in it, so this one does: restarted, it has lost all."""
    request.parse(asked.body, {"name": str})
    source = visible(app, volume_id)
    clone_id = app.ids("volume", clone_of=volume_id)
    changes = [(pending.CLONE_VOLUME, volume_id), (pending.ADD_CLONE, clone_id)]
    cloned = [_cloned_brick(app, brick, clone_id) for brick in app.state.bricks_of(source)]
    operation = pending.begin(app, "clone-volume", changes + [(pending.ADD_BRICK, brick.id) for brick in cloned])
    for entry in cloned + [source]:
        entry.pending = operation.id
    app.state.clusters[source.cluster].volumes.add(clone_id)
    return accepted(app.queue.add(app.restart, throttled=True), "POST")


def _cloned_brick(app, source, clone_id):
    """A snapshot shares the source's thin pool, so its device has no less room."""
    brick_id = app.ids("brick", clone_of=source.id)
    brick = SimpleNamespace(**dict(source.__dict__, id=brick_id, volume=clone_id))
    app.state.bricks[brick_id] = brick
    app.state.devices[brick.device].bricks.add(brick_id)
    return brick


def restrict_volume(app, asked, volume_id):
    desired = request.parse(asked.body, {"restriction": str})["restriction"]
    request.validate({"restriction": request.one_of(desired, ("locked",)) if desired else ""})
    volume = app.find(app.state.volumes, volume_id)
    if volume.pending:
        raise Refusal(500, "PANIC: runtime error: invalid memory address or nil pointer dereference")
    if not volume.block:
        text = "Block restrictions can only be set on block hosting volumes"
        raise Refusal(500, "Failed to set block restriction: " + text)

    def finish():
        volume.restriction = desired
        return "/volumes/" + volume_id

    return accepted(app.queue.add(finish, throttled=True), "POST")
