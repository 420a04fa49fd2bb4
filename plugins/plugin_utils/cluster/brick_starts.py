# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which bricks without a process may be started again, judged by what their own nodes saw. Pure. PRIVATE.

C(volume start NAME force) acts on all bricks of a volume, and where a directory lacks the mark of the volume it sets
it: so a folder on the root file system, under the mount point of a disk that is missing, would become a brick.
"""

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Dict, List, NamedTuple, Optional, Tuple

from ansible_collections.brickwork.gluster.plugins.module_utils.facts import from_facts
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Brick, Pool, Volume
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.snapshot_in_place import (
    SNAPS,
    SNAPSHOT_IN_PLACE,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.volumes_plan import offline_bricks
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.mount_plan import is_snapshot_of
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.records import ObservedHost, logical_name


class BrickStarts(NamedTuple):
    """Names of the bricks of one volume that may be started, and (name, sentence) of those that may not."""

    names: Tuple[str, ...]
    reasons: Tuple[Tuple[str, str], ...]


class _Judgement(NamedTuple):
    """Why a brick is not started, "" if it may be. keeps_others: starting others of its volume could harm it."""

    reason: str = ""
    keeps_others: bool = False


def brick_starts(
    volume: Volume,
    offline: Iterable[str],
    pool: Pool,
    hosts: Mapping[str, ObservedHost],
    mounting: Collection[str] = (),
    lost: Collection[str] = (),
) -> BrickStarts:
    """Return which bricks of a started volume may be started.

    offline: names of the bricks without a process. hosts: by uuid, what the nodes saw. mounting: names of bricks that
    are about to be mounted, also where glusterd is about to be started, and looked at again then. Other bricks of
    members that are away come with these. lost: names of bricks of which the inventory says that they are.
    """
    well = {peer.uuid for peer in pool.peers if peer.is_well}
    names = set(offline)
    bricks = [
        brick for brick in volume.bricks if brick.name in names and (brick.host_uuid in well or brick.name in mounting)
    ]
    judged = [
        (brick, _Judgement() if brick.name in mounting else _judge(brick, volume, hosts.get(brick.host_uuid)))
        for brick in bricks
    ]
    judged = [(brick, _as_lost(judgement) if brick.name in lost else judgement) for brick, judgement in judged]
    reasons = tuple(
        (
            brick.name,
            "volume %s: brick %s has no process and is not started: %s" % (volume.name, brick.name, judgement.reason),
        )
        for brick, judgement in judged
        if judgement.reason
    )
    if any(judgement.keeps_others for _brick, judgement in judged):
        return BrickStarts((), reasons)
    return BrickStarts(tuple(brick.name for brick, judgement in judged if not judgement.reason), reasons)


def start_refusal(brick: Brick, volume: Volume, host: Optional[ObservedHost]) -> str:
    """Return why a brick without a process may not be started with what is in its place, "" where it may be."""
    return _judge(brick, volume, host).reason


def _as_lost(judgement: _Judgement) -> _Judgement:
    """Judge a brick that may be there as it was long ago, where a start of others would start it as well."""
    return _Judgement(
        "the inventory says that it is lost, so that the playbook replace makes it anew",
        keeps_others=judgement.keeps_others or not judgement.reason,
    )


def _judge(brick: Brick, volume: Volume, host: Optional[ObservedHost]) -> _Judgement:
    place = host.places.get(brick.path) if host else None
    if host is None or place is None:
        return _Judgement("its node did not tell what is there", keeps_others=True)
    if place.problem:
        return _Judgement("it can't be read (%s); its disk may be dead, see dmesg on %s" % (place.problem, host.host))
    if not place.directory_exists:
        return _Judgement("there is no such directory on %s; its disk, or its mount, is missing" % host.host)
    snapshot = snapshot_in_place(brick.path, host)
    if snapshot:
        return _Judgement(SNAPSHOT_IN_PLACE % snapshot, keeps_others=True)
    if not host.is_on_its_own_mount(brick.path):
        return _Judgement("nothing is mounted for it on %s; mount it there first" % host.host, keeps_others=True)
    if place.mark is None or place.mark.volume_id != volume.volume_id:
        return _Judgement("the directory on %s does not bear the mark of the volume" % host.host, keeps_others=True)
    return _Judgement()


def snapshot_in_place(path: str, host: ObservedHost) -> str:
    """Return what is mounted in place of a brick of this collection and is a snapshot of it, "" where none is.

    Where a volume was restored or cloned, snapshots are its bricks, below a folder of glusterd's.
    """
    mount = os.path.dirname(path)
    logical, mounted = host.logical(logical_name(os.path.basename(mount))), host.mount_at(mount)
    if SNAPS in path or logical is None or mounted is None:
        return ""
    return mounted.source if is_snapshot_of(mounted, logical, host) else ""


def with_brick_starts(
    volumes: Sequence[Dict[str, Any]],
    gluster: Dict[str, Any],
    hosts: Sequence[Dict[str, Any]],
    lost: Collection[Tuple[str, str]] = (),
) -> List[Dict[str, Any]]:
    """Return gluster_volume's parameters of volumes, each with the bricks that may be started (start_bricks).

    gluster is what gluster_info told of pool, volumes and bricks; hosts is what lvm_brick_info observed on each node.
    lost are the bricks that the inventory calls so, each by the uuid of its node and its directory.
    """
    present = {volume["name"]: from_facts(Volume, volume) for volume in gluster["volumes"]}
    offline = offline_bricks(gluster.get("bricks") or ())
    pool = from_facts(Pool, gluster["pool"])
    seen = {host["uuid"]: from_facts(ObservedHost, host) for host in hosts if host["uuid"]} if offline else {}
    gone = {
        brick.name for volume in present.values() for brick in volume.bricks if (brick.host_uuid, brick.path) in lost
    }
    starts = {
        name: brick_starts(present[name], offline[name], pool, seen, lost=gone).names
        for name in (volume["name"] for volume in volumes)
        if name in offline
    }
    return [
        dict(volume, start_bricks=list(starts[volume["name"]])) if volume["name"] in starts else volume
        for volume in volumes
    ]
