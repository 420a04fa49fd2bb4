# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a member or single bricks may be taken away now, without clients losing files or service. PRIVATE.

Read objections first: it names the parts in their order. All but observe_gate is pure.
"""

import math
from typing import Dict, FrozenSet, List, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster import answers
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.filling import filling_objections
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.pause_mark import pause_sentences
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.pool import Resolve, find_aliases
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import (
    Brick,
    BrickStatus,
    HealCount,
    Peer,
    Pool,
    Task,
    Volume,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.redundancy import bricks_needed
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.snapshot_in_place import (
    SNAPSHOT_IN_PLACE,
    snapshot_at,
)


class Departure(NamedTuple):
    """What is to be taken away: a member with all its bricks, or bricks (C(host:/path)).

    downtime_ok are the volumes whose clients can wait for it.
    """

    member: str = ""
    bricks: Tuple[str, ...] = ()
    downtime_ok: FrozenSet[str] = frozenset()


class Affected(NamedTuple):
    """A started volume that loses bricks, and what is known of it. unknown is why its heals could not be counted.

    snapshots are by brick what is mounted in its place.
    """

    volume: Volume
    leaving: FrozenSet[str]
    status: Tuple[BrickStatus, ...]
    tasks: Tuple[Task, ...] = ()
    heals: Tuple[HealCount, ...] = ()
    unknown: str = ""
    clients: Dict[str, List[str]] = {}
    snapshots: Dict[str, str] = {}

    @property
    def sets(self) -> List[Tuple[Brick, ...]]:
        """The sets of bricks that lose one which serves: to stop another takes nothing away."""
        lost = self.leaving & self.serving
        return [chosen for chosen in self.volume.brick_sets if any(brick.name in lost for brick in chosen)]

    @property
    def serving(self) -> FrozenSet[str]:
        """The bricks that clients can reach."""
        return frozenset(one.name for one in self.status if one.serves)


class ObservedGate(NamedTuple):
    """All that is known where something is to be taken away. leaver is the member that goes, None for single bricks."""

    pool: Pool
    leaver: Optional[Peer]
    volumes: List[Volume]
    affected: List[Affected]


def observe_gate(departure: Departure, gluster: Gluster, resolve: Resolve) -> ObservedGate:
    """Read the pool, and of the volumes that lose bricks their state, heals and clients.

    That is one command for each of these volumes that heals, and five for all. Raises InputError for what there is not.
    """
    pool, volumes = gluster.pool(), gluster.volumes()
    leaver = _leaver(departure, pool, resolve)
    leaving = _leaving(departure, leaver, volumes)
    losers = [volume for volume in volumes if volume.is_started and leaving.get(volume.name)]
    names = [volume.name for volume in losers]
    (status, tasks), clients = gluster.status_with_tasks(names), gluster.clients(names)
    details = gluster.brick_status([volume.name for volume in losers if volume.set_width > 1])
    affected = [
        _with_heals(
            Affected(
                volume,
                leaving[volume.name],
                tuple(status.get(volume.name, ())),
                tuple(task for task in tasks if task.volume == volume.name),
                clients=clients.get(volume.name, {}),
                snapshots=_snapshots(details.get(volume.name, ())),
            ),
            gluster,
        )
        for volume in losers
    ]
    return ObservedGate(pool, leaver, volumes, affected)


def _snapshots(status: Sequence[BrickStatus]) -> Dict[str, str]:
    """Return by brick the snapshot that is mounted in its place."""
    found = {one.name: snapshot_at(one.path, one.device) for one in status}
    return {name: snapshot for name, snapshot in found.items() if snapshot}


def _leaver(departure: Departure, pool: Pool, resolve: Resolve) -> Optional[Peer]:
    if not departure.member:
        return None
    uuid = find_aliases([departure.member], pool, resolve).get(departure.member)
    found = next((peer for peer in pool.peers if peer.uuid == uuid), None)
    if found is None:
        members = ", ".join(pool.names_of(peer)[0] for peer in pool.peers)
        raise InputError("node: %s is not in the pool; write one of its members: %s" % (departure.member, members))
    return found


def _leaving(departure: Departure, leaver: Optional[Peer], volumes: Sequence[Volume]) -> Dict[str, FrozenSet[str]]:
    """Return by volume the bricks that go."""
    known = {brick.name for volume in volumes for brick in volume.bricks}
    unknown = [name for name in departure.bricks if name not in known]
    if unknown:
        raise InputError(
            "bricks: %s: no volume has them; write them as 'gluster volume info' shows them" % ", ".join(unknown)
        )
    return {
        volume.name: frozenset(
            brick.name
            for brick in volume.bricks
            if brick.name in departure.bricks or (leaver and brick.host_uuid == leaver.uuid)
        )
        for volume in volumes
    }


def _with_heals(affected: Affected, gluster: Gluster) -> Affected:
    if affected.volume.set_width == 1:
        return affected
    try:
        return affected._replace(heals=tuple(gluster.heal_counts(affected.volume.name)))
    except answers.UNREADABLE as error:
        return affected._replace(unknown=str(error))


def objections(departure: Departure, observed: ObservedGate) -> List[str]:
    """Return every reason against taking it away now, none where it may go."""
    found = _pool_objections(observed) + pause_sentences(observed.volumes)
    for affected in observed.affected:
        if not affected.sets:
            continue
        found += _task_objections(affected)
        if affected.volume.set_width > 1:
            found += _heal_objections(affected)
        for bricks in affected.sets:
            found += _set_objections(affected, bricks, affected.volume.name in departure.downtime_ok)
    return found


def _pool_objections(observed: ObservedGate) -> List[str]:
    """A member is stopped with its glusterd, so the others have to be there; a brick's process is no matter to them."""
    if observed.leaver is None:
        return []
    others = [peer for peer in observed.pool.peers if peer != observed.leaver]
    away = [peer for peer in others if not peer.is_well]
    found = [
        "pool: %s is '%s'%s; bring it back first"
        % (peer.names[0], peer.state_text, "" if peer.connected else " and disconnected")
        for peer in away
    ]
    return found + _quorum_objections(observed, len(others) - len(away))


def _quorum_objections(observed: ObservedGate, staying: int) -> List[str]:
    """glusterd ends the bricks of volumes with server quorum where too few members see each other."""
    members = len(observed.pool.peers)
    return [
        "volume %s: its server quorum asks for %s of %s members, and %s would stay"
        % (volume.name, _members_needed(volume, members), members, staying)
        for volume in observed.volumes
        if volume.is_started
        and volume.options.get("cluster.server-quorum-type") == "server"
        and staying < _members_needed(volume, members)
    ]


def _members_needed(volume: Volume, members: int) -> int:
    """Return the members that glusterd asks for: a share in percent, rounded up, else more than half."""
    share = volume.options.get("cluster.server-quorum-ratio", "").rstrip("%")
    return math.ceil(members * float(share) / 100) if share else members // 2 + 1


def _task_objections(affected: Affected) -> List[str]:
    return [
        "volume %s: a task is under way: %s, %s; let it end, or stop it, first"
        % (affected.volume.name, task.kind.lower(), task.status)
        for task in affected.tasks
        if task.is_running or task.is_removal
    ]


def _heal_objections(affected: Affected) -> List[str]:
    """What a brick that stays has missed, perhaps only the one that leaves has."""
    name = affected.volume.name
    if affected.unknown:
        return ["volume %s: what waits for healing is not known: %s" % (name, affected.unknown)]
    touched = {brick.name for bricks in affected.sets for brick in bricks}
    found = []
    for count in affected.heals:
        if count.brick not in touched:
            continue
        if count.pending:
            found.append("volume %s: %s entries of %s wait for healing" % (name, count.pending, count.brick))
        if count.split_brain:
            found.append("volume %s: %s entries of %s are in split-brain" % (name, count.split_brain, count.brick))
        if count.pending is None and count.brick not in affected.leaving:
            found.append("volume %s: %s can't tell what waits for healing" % (name, count.brick))
    return found


def _set_objections(affected: Affected, bricks: Sequence[Brick], downtime_ok: bool) -> List[str]:
    """Return what is wrong with a set of bricks that loses some."""
    name = affected.volume.name
    reachable = affected.serving
    staying = [brick for brick in bricks if brick.name not in affected.leaving]
    serving = [brick for brick in staying if brick.name in reachable]
    found = _old_files_objections(affected, bricks)
    found += [
        "volume %s: brick %s does not serve; bring it back first" % (name, brick.name)
        for brick in staying
        if brick not in serving and brick.name not in affected.snapshots
    ]
    new = filling_objections(affected.volume, [brick.name for brick in staying])
    found += ["volume %s: %s" % (name, reason) for reason in new]
    if len(serving) < _majority(affected.volume) and not downtime_ok:
        found.append(_too_few(affected, bricks, len(serving)))
    return found + _client_objections(affected, bricks, serving)


def _old_files_objections(affected: Affected, bricks: Sequence[Brick]) -> List[str]:
    """Return which bricks of a set serve old files.

    What leaves would be healed from one that stays. One that leaves may come back with other files than it has now: a
    boot may mount its own volume again.
    """
    return [
        "volume %s: brick %s serves old files, as %s; mend that before a brick of its set is stopped"
        % (affected.volume.name, brick.name, SNAPSHOT_IN_PLACE % affected.snapshots[brick.name])
        for brick in bricks
        if brick.name in affected.snapshots
    ]


def _majority(volume: Volume) -> int:
    """Return how many bricks of a set have to stay: as many as clients ask for, and with copies more than half."""
    return max(bricks_needed(volume), volume.replicas // 2 + 1)


def _too_few(affected: Affected, bricks: Sequence[Brick], serving: int) -> str:
    volume = affected.volume
    leaving = ", ".join(brick.name for brick in bricks if brick.name in affected.leaving)
    if volume.set_width == 1:
        return "volume %s keeps no copies: what is on %s would be away; %s" % (volume.name, leaving, _DOWNTIME)
    return "volume %s: without %s, %s of %s bricks of the set would serve, and %s are needed; %s" % (
        volume.name,
        leaving,
        serving,
        len(bricks),
        _majority(volume),
        _DOWNTIME,
    )


_DOWNTIME = "name the volume in accept_downtime if its clients can wait"


def _client_objections(affected: Affected, bricks: Sequence[Brick], serving: Sequence[Brick]) -> List[str]:
    """A client that reaches only what leaves loses the set."""
    leaving = {one for brick in bricks if brick.name in affected.leaving for one in _clients_of(affected, brick)}
    return [
        "volume %s: the client %s is not connected to %s, which stays" % (affected.volume.name, client, brick.name)
        for brick in serving
        for client in sorted(leaving - set(_clients_of(affected, brick)))
    ]


def _clients_of(affected: Affected, brick: Brick) -> List[str]:
    return affected.clients.get(brick.name, [])
