# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""This node's brick processes: how old they are, and whether clients can do without them. PRIVATE to the collection."""

from typing import Dict, List, NamedTuple, Tuple

from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.redundancy import serves_without


class BrickProcess(NamedTuple):
    """A process that serves bricks of this node, more than one where they are multiplexed.

    since is when it was started, in seconds since 1970; spare is whether clients go on while this node's bricks are
    away.
    """

    pid: int
    bricks: Tuple[str, ...]
    since: float
    spare: bool


def brick_processes(pool, volumes, status, started):
    """Return the BrickProcesses of the node that sees this Pool.

    status is what Gluster.brick_status() returned, started(pid) tells when a process was started.
    """
    served: Dict[int, List[Tuple[str, bool]]] = {}
    for volume in volumes:
        for brick in _local(volume, pool):
            pid = _pid(brick, status.get(volume.name, ()))
            served.setdefault(pid, []).append((brick.name, serves_without(volume, pool.local.uuid)))
    return tuple(
        BrickProcess(pid, tuple(name for name, _spare in bricks), started(pid), all(spare for _name, spare in bricks))
        for pid, bricks in sorted(served.items())
        if pid > 0
    )


def _pid(brick, status):
    return next((each.pid or 0 for each in status if (each.host, each.path) == (brick.host, brick.path)), 0)


def _local(volume, pool):
    return [brick for brick in volume.bricks if pool.local and brick.host_uuid == pool.local.uuid]


def waiting(gluster):
    """Return in words what volumes with bricks on this node still wait for: bricks to come, and files to be healed."""
    pool = gluster.pool()
    volumes = [volume for volume in gluster.volumes() if volume.is_started and _local(volume, pool)]
    status = gluster.brick_status([volume.name for volume in volumes], detail=False)
    offline = [
        "brick %s is offline" % brick.name
        for volume in volumes
        for brick in volume.bricks
        if not _pid(brick, status.get(volume.name, ())) > 0
    ]
    return offline or [
        "%s entries of %s wait for healing" % (count.pending, count.brick)
        for volume in volumes
        if volume.set_width > 1
        for count in gluster.heal_counts(volume.name)
        if count.pending
    ]
