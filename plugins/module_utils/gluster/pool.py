# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is in the trusted storage pool, and who is to be. PRIVATE to the collection."""

import socket
import time
from typing import Callable, Collection, Dict, FrozenSet, Iterable, List, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import (
    InputError,
    PlanError,
    UnsafeChangeError,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster import answers
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster, gluster_argv
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import (
    LOCALHOST,
    REJECTED,
    Peer,
    Pool,
    Volume,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import Operation, Plan, Step
from ansible_collections.brickwork.gluster.plugins.module_utils.waiting import Clock, wait_until_nothing

#: Returns the addresses of a name.
Resolve = Callable[[str], Sequence[str]]


class DesiredPeers(NamedTuple):
    """Names or addresses of machines that are to be in the pool (present) or out of it.

    lost are members that do not come back, so that nobody waits for them.
    """

    peers: Tuple[str, ...]
    present: bool
    lost: Tuple[str, ...] = ()


class ObservedPool(NamedTuple):
    """The pool, its volumes, the pools of machines that are not in it, and which desired names mean whom.

    strangers maps a name to the uuids of the peers that that machine has already. gone are the uuids of members that
    have left, and that others know all the same: one whose power was cut then has its old list of members, and tells
    the others of it.
    """

    pool: Pool
    volumes: List[Volume]
    aliases: Dict[str, str]
    strangers: Dict[str, Tuple[str, ...]]
    gone: FrozenSet[str] = frozenset()


def check_desired(desired: DesiredPeers) -> None:
    """Raise InputError for names that can be no peer, and for one given twice."""
    for name in desired.peers:
        if not name or ":/" in name or any(letter.isspace() for letter in name):
            raise InputError("peers: found %r; write a host name or an address" % name)
        if desired.peers.count(name) > 1:
            raise InputError("peers: found %s twice; name each machine once" % name)


def plan_peers(desired: DesiredPeers, observed: ObservedPool) -> Plan:
    """Return the Plan that takes the desired peers into the pool, or out of it.

    Raises PlanError for a peer that is rejected or in another pool, UnsafeChangeError for one that holds bricks.
    """
    check_desired(desired)
    # What was observed of each name is settled here, so that the rest deals with uuids only.
    known = [name for name in desired.peers if name in observed.aliases]
    if not desired.present:
        return _plan_detach(known, observed, _are_several_lost(desired, observed))
    returning = [name for name in known if observed.aliases[name] in observed.gone and not _held_by(name, observed)]
    _refuse_rejected(observed.pool, {observed.aliases[name] for name in returning})
    unknown = [name for name in desired.peers if name not in observed.aliases]
    _refuse_strangers(unknown, observed)
    steps = [_detach_step(name, observed, forced=False) for name in returning]
    steps += [Step("probe_peer", name, tuple(gluster_argv(["peer", "probe", name]))) for name in [*returning, *unknown]]
    return _as_plan(steps, observed.pool, added=unknown)


def _as_plan(steps: List[Step], pool: Pool, added: Iterable[str] = (), removed: Iterable[str] = ()) -> Plan:
    members = sorted(peer_title(pool, peer) for peer in pool.peers)
    after = sorted((set(members) - set(removed)) | set(added))
    return Plan(steps, {"peers": members}, {"peers": after})


def peer_title(pool: Pool, peer: Peer) -> str:
    """Return the name under which a peer is shown to people."""
    names = [name for name in pool.names_of(peer) if name != LOCALHOST]
    return names[0] if names else peer.uuid


def _refuse_rejected(pool: Pool, gone: Collection[str]) -> None:
    rejected = [peer_title(pool, peer) for peer in pool.peers if peer.state == REJECTED and peer.uuid not in gone]
    if rejected:
        raise PlanError(
            "peers: %s: state is 'Peer Rejected': its volumes differ from the pool's; stop glusterd there, "
            "keep /var/lib/glusterd/glusterd.info and move the rest of /var/lib/glusterd away, start glusterd, "
            "probe a healthy member from it and restart glusterd" % ", ".join(rejected)
        )


def _refuse_strangers(names: Iterable[str], observed: ObservedPool) -> None:
    members = {peer.uuid for peer in observed.pool.peers}
    for name in names:
        theirs = observed.strangers.get(name, ())
        if members.intersection(theirs[:1]):
            raise PlanError(_known_already(name, theirs[0], observed.pool))
        if len(theirs) > 1 and not members.intersection(theirs):
            raise PlanError(
                "peers: %s is in another pool (%s other members); detach it there first, or point peers at that pool"
                % (name, len(theirs) - 1)
            )


def _known_already(name: str, uuid: str, pool: Pool) -> str:
    """Tell this node behind NAT, a member that has moved and a member by another name apart.

    A machine that was copied looks like the first or the last. None is told to lose its identity: it may hold bricks.
    """
    peer = next(peer for peer in pool.peers if peer.uuid == uuid)
    known = peer_title(pool, peer)
    copied = "a machine that was copied from it needs a bare system of its own"
    if peer.is_local:
        return (
            "peers: %s answers with the uuid of the node that this runs on, so it leads back here (NAT, or one more "
            "address of this node); write the name by which the pool knows this node. If it is another machine: %s"
            % (name, copied)
        )
    if not peer.connected:
        return (
            "peers: %s answers as the member %s, which is not connected by that name: it has moved; let %s lead to it "
            "again (DNS, /etc/hosts or its old address), and write %s" % (name, known, known, known)
        )
    return "peers: %s is one more name of the member %s, which is connected; write %s. If it is another machine: %s" % (
        name,
        known,
        known,
        copied,
    )


def _are_several_lost(desired: DesiredPeers, observed: ObservedPool) -> bool:
    """glusterd detaches no member while another one is away, unless it is forced."""
    lost = [peer for peer in observed.pool.peers if not peer.is_well and set(peer.names) & set(desired.lost)]
    return len(lost) > 1


def _plan_detach(names: Sequence[str], observed: ObservedPool, forced: bool) -> Plan:
    steps = [_detach_step(name, observed, forced) for name in names]
    gone = [peer_title(observed.pool, _peer_of(name, observed)) for name in names]
    return _as_plan(steps, observed.pool, removed=gone)


def _peer_of(name: str, observed: ObservedPool) -> Peer:
    uuid = observed.aliases[name]
    return next(peer for peer in observed.pool.peers if peer.uuid == uuid)


def _detach_step(name: str, observed: ObservedPool, forced: bool) -> Step:
    peer = _peer_of(name, observed)
    if peer.is_local:
        raise PlanError(
            "peers: %s is the node that this runs on, which can't detach itself; run it on another member" % name
        )
    held = _held_by(name, observed)
    if held:
        raise UnsafeChangeError(
            "peers: %s holds bricks and stays: %s; replace or remove them first" % (name, ", ".join(held))
        )
    force = ["force"] if forced else []
    return Step("detach_peer", name, tuple(gluster_argv(["peer", "detach", peer.names[0], *force])))


def _held_by(name: str, observed: ObservedPool) -> List[str]:
    """Return the bricks of a member with their volumes, as text."""
    peer = _peer_of(name, observed)
    return [
        "%s of %s" % (brick.name, volume.name)
        for volume in observed.volumes
        for brick in volume.bricks
        if brick.host_uuid == peer.uuid or brick.host in peer.names
    ]


def members_away(gluster: Gluster) -> List[str]:
    """Return the members that are not connected, by a name of each; where glusterd is down here, this node."""
    try:
        return [peer.names[0] for peer in gluster.pool().peers if not peer.is_well]
    except answers.GlusterError:
        return [LOCALHOST]


class PeerOperation(Operation[ObservedPool]):
    """Takes machines into the trusted storage pool of this node, or out of it."""

    def __init__(
        self,
        gluster: Gluster,
        desired: DesiredPeers,
        timeout: int = 60,
        clock: Clock = time,
        resolve: Optional[Resolve] = None,
        offline_ok: bool = False,
    ) -> None:
        self._gluster = gluster
        self._desired = desired
        self._timeout = timeout
        self._clock = clock
        self._resolve = resolve or addresses_of
        self._offline_ok = offline_ok

    def observe(self) -> ObservedPool:
        """Read the pool and its volumes, and ask machines that are not in it whose they are."""
        check_desired(self._desired)
        try:
            pool = self._gluster.pool()
        except (answers.DaemonDown, answers.NotInstalled):
            if not self._offline_ok:
                raise
            return ObservedPool(Pool(()), [], {}, {})
        aliases = find_aliases(self._desired.peers, pool, self._resolve)
        missing = [name for name in self._desired.peers if name not in aliases]
        gone = self._gone(pool) if self._desired.present else frozenset()
        volumes = self._gluster.volumes() if gone or not self._desired.present else []
        strangers = {name: self._stranger(name) for name in missing} if self._desired.present else {}
        return ObservedPool(pool, volumes, aliases, strangers, gone)

    def _gone(self, pool: Pool) -> FrozenSet[str]:
        """Return the uuids of the members that are rejected, and that know of no member and no volume themselves."""
        rejected = [peer for peer in pool.peers if peer.state == REJECTED]
        alone = [peer for peer in rejected if self._stranger(peer.names[0]) == (peer.uuid,)]
        return frozenset(peer.uuid for peer in alone if not self._gluster.volumes(remote_host=peer.names[0]))

    def _stranger(self, name: str) -> Tuple[str, ...]:
        try:
            peers = self._gluster.pool(remote_host=name).peers
        except answers.GlusterError:
            # Not reachable that way (for example with TLS); what follows will say what is wrong.
            return ()
        return tuple(peer.uuid for peer in sorted(peers, key=lambda peer: not peer.is_local))

    def plan(self, observed: ObservedPool) -> Plan:
        """Return the Plan; see plan_peers."""
        return plan_peers(self._desired, observed)

    def perform(self, step: Step) -> None:
        """Probe or detach one peer."""
        try:
            self._gluster.ask(*step.argv[3:])
        except answers.TimeUp:
            # Perhaps it was done all the same: settle() and verify read it.
            pass

    def settle(self, plan: Plan) -> None:
        """Wait until every member sees every member connected; raises VerifyError that names who does not.

        A plan that takes peers out waits only if it changed something: a dead peer must be removable.
        """
        if not self._desired.present and not plan.steps:
            return
        unwell, lost = unwell_members if self._desired.present else unwell_here, self._desired.lost
        wait_until_nothing(lambda: unwell(self._gluster, lost), self._timeout, self._clock, not_whole(self._timeout))


def wait_until_whole(gluster: Gluster, timeout: float, clock: Clock = time) -> None:
    """Wait until this node's glusterd answers and every member sees every member connected, for timeout seconds.

    Raises VerifyError that names who does not.
    """

    def unwell() -> List[str]:
        try:
            return unwell_members(gluster)
        except answers.DaemonDown as error:
            return [str(error)]

    wait_until_nothing(unwell, timeout, clock, not_whole(timeout))


def not_whole(timeout: float) -> Callable[[List[str]], str]:
    """Return what turns the members that are unwell after so many seconds into the complaint."""
    return lambda unwell: "pool: not whole after %s s: %s" % (timeout, "; ".join(unwell))


def unwell_here(gluster: Gluster, lost: Collection[str] = ()) -> List[str]:
    """Return what this node misses in its pool, as text, but for members that are lost."""
    pool = gluster.pool()
    return complaints(pool, peer_title(pool, pool.local), len(pool.peers), lost)


def unwell_members(gluster: Gluster, lost: Collection[str] = ()) -> List[str]:
    """Return what any member misses in the pool, as text, but for members that are lost.

    The others are asked only when this node misses nothing.
    """
    pool = gluster.pool()
    unwell = complaints(pool, peer_title(pool, pool.local), len(pool.peers), lost)
    asked = [peer for peer in pool.peers if not peer.is_local and not set(peer.names) & set(lost)]
    others = [] if unwell else [peer.names[0] for peer in asked]
    return unwell + [text for name in others for text in _complaints_of(gluster, name, len(pool.peers), lost)]


def _complaints_of(gluster: Gluster, name: str, members: int, lost: Collection[str]) -> List[str]:
    try:
        return complaints(gluster.pool(remote_host=name), name, members, lost)
    except answers.GlusterError as error:
        return ["%s does not answer (%s)" % (name, error)]


def complaints(pool: Pool, viewer: str, members: int, lost: Collection[str] = ()) -> List[str]:
    """Return what one member misses in a pool of so many members, as text. What is lost is not missed."""
    found = [
        "%s sees %s %s" % (viewer, peer_title(pool, peer), _condition(peer))
        for peer in pool.peers
        if not peer.is_well and not set(peer.names) & set(lost)
    ]
    if len(pool.peers) < members:
        found.append("%s knows %s of %s members" % (viewer, len(pool.peers), members))
    return found


def _condition(peer: Peer) -> str:
    return "as '%s'%s" % (peer.state_text, "" if peer.connected else ", disconnected")


def find_aliases(names: Iterable[str], pool: Pool, resolve: Resolve) -> Dict[str, str]:
    """Return name -> uuid for those names that mean a member: by its names, else by its addresses."""
    aliases = {}
    by_address = None
    for name in names:
        peer = pool.find(name)
        if peer is None:
            by_address = by_address or _by_address(pool, resolve)
            peer = next((by_address[address] for address in resolve(name) if address in by_address), None)
        if peer is not None:
            aliases[name] = peer.uuid
    return aliases


def _by_address(pool: Pool, resolve: Resolve) -> Dict[str, Peer]:
    return {
        address: peer
        for peer in pool.peers
        for name in pool.names_of(peer)
        if name != LOCALHOST
        for address in resolve(name)
        if not address.startswith("127.") and address != "::1"
    }


def addresses_of(name: str) -> List[str]:
    """Return the addresses that a name resolves to on this node; none if it does not resolve."""
    try:
        return sorted({str(entry[4][0]) for entry in socket.getaddrinfo(name, None)})
    except (socket.gaierror, UnicodeError):
        return []
