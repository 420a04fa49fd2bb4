# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A member, and a brick of it, get another address. The brick's files stay where they are. PRIVATE to the collection.

Runs on another member: a node knows no name of its own.
"""

import time
import uuid as uuids
from typing import Any, Dict, FrozenSet, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import (
    InputError,
    PlanError,
    UnsafeChangeError,
    all_at_once,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster import answers
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.answers import split_brick
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster, gluster_argv
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.gate import (
    Departure,
    objections,
    observe_gate,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.pool import Resolve, wait_until_whole
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Peer, Pool, Volume
from ansible_collections.brickwork.gluster.plugins.module_utils.grammar import (
    absolute_path,
    address,
    argument,
    present_name,
    shown,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import Operation, Plan, Step
from ansible_collections.brickwork.gluster.plugins.module_utils.waiting import Clock, wait_until_nothing


class DesiredAddress(NamedTuple):
    """Which member gets which address, and which of its bricks (C(host:/path)) with it, if any."""

    uuid: str
    address: str
    volume: str = ""
    brick: str = ""
    downtime_ok: FrozenSet[str] = frozenset()

    @property
    def new_brick(self) -> str:
        """The brick under the new address."""
        return "%s:%s" % (self.address, split_brick(self.brick)[1])


class ObservedAddress(NamedTuple):
    """The pool, who answers at the new address (its uuid, "" for nobody), and the volume, where there is one.

    objections are the gate's, clients those that are connected to the brick.
    """

    pool: Pool
    answering: str
    volume: Optional[Volume] = None
    objections: Tuple[str, ...] = ()
    clients: Tuple[str, ...] = ()

    def peer(self, uuid: str) -> Optional[Peer]:
        """Return the member of a uuid."""
        return next((peer for peer in self.pool.peers if peer.uuid == uuid), None)


def desired_address(params: Mapping[str, Any]) -> DesiredAddress:
    """Return the DesiredAddress of the module's parameters; raises InputError or ParseError."""
    try:
        uuid = str(uuids.UUID(params["uuid"]))
    except ValueError:
        raise InputError("uuid: found %s; write a uuid as 'gluster pool list' shows it" % shown(params["uuid"]))
    new = address("address", params["address"])
    accepted = frozenset(params.get("accept_downtime") or ())
    if not params.get("brick"):
        return DesiredAddress(uuid, new, downtime_ok=accepted)
    host, path = split_brick(argument("brick", params["brick"]))
    brick = "%s:%s" % (host, absolute_path("brick", path))
    return DesiredAddress(uuid, new, present_name("volume", params.get("volume")), brick, accepted)


def plan_address(desired: DesiredAddress, observed: ObservedAddress) -> Plan:
    """Return the Plan; raises InputError, PlanError or UnsafeChangeError before anything is changed."""
    peer = observed.peer(desired.uuid)
    if peer is None:
        raise InputError(
            "uuid: found no member %s in the pool; write one that 'gluster pool list' shows" % desired.uuid
        )
    if observed.answering != desired.uuid:
        raise UnsafeChangeError(
            "address: found %s at %s, and not the member %s; let the address lead to that node (DNS, /etc/hosts, its "
            "network) while its old one still does" % (_who(observed.answering), desired.address, desired.uuid)
        )
    probe = [] if peer.is_local or desired.address in peer.names else [_probe(desired.address)]
    before = {"names": list(peer.names), "bricks": _bricks(observed)}
    reset = _reset(desired, observed) if desired.brick else []
    after = {
        "names": before["names"] + [step.target for step in probe],
        "bricks": [desired.new_brick if reset and name == desired.brick else name for name in before["bricks"]],
    }
    return Plan(probe + reset, before, after)


def _who(uuid: str) -> str:
    return "the member %s" % uuid if uuid else "nobody who answers"


def _probe(new: str) -> Step:
    return Step("probe_address", new, tuple(gluster_argv(["peer", "probe", new])))


def _bricks(observed: ObservedAddress) -> List[str]:
    return [brick.name for brick in observed.volume.bricks] if observed.volume else []


def _reset(desired: DesiredAddress, observed: ObservedAddress) -> List[Step]:
    """Return the steps that give a brick the address, none where it has it."""
    volume = observed.volume
    if volume is None:
        raise InputError("volume: found no volume %s; write the name of one that exists" % desired.volume)
    owners = {brick.name: brick.host_uuid for brick in volume.bricks}
    is_renamed = desired.brick not in owners and owners.get(desired.new_brick) == desired.uuid
    if is_renamed or desired.brick == desired.new_brick:
        return []
    if owners.get(desired.brick) != desired.uuid:
        raise InputError(
            "brick: found no brick %s of the member %s in volume %s; write one of these: %s"
            % (desired.brick, desired.uuid, volume.name, ", ".join(owners))
        )
    if not volume.is_started:
        raise PlanError(
            "volume: found %s not started, and GlusterFS gives a brick another address only while its volume runs; "
            "start it first" % volume.name
        )
    if observed.objections:
        raise UnsafeChangeError(
            "brick: found reasons why %s may not be away for a moment; let it heal, and bring back what is away:\n%s"
            % (desired.brick, all_at_once(observed.objections))
        )
    words = ["volume", "reset-brick", desired.volume, desired.brick]
    return [
        Step("stop_brick", desired.brick, tuple(gluster_argv([*words, "start"]))),
        Step("rename_brick", desired.brick, tuple(gluster_argv([*words, desired.new_brick, "commit", "force"]))),
    ]


class AddressOperation(Operation[ObservedAddress]):
    """Has the pool know a member, and one of its bricks, by another address."""

    def __init__(
        self, gluster: Gluster, desired: DesiredAddress, resolve: Resolve, timeout: int = 120, clock: Clock = time
    ) -> None:
        self._gluster = gluster
        self._desired = desired
        self._resolve = resolve
        self._timeout = timeout
        self._clock = clock
        self._clients: Tuple[str, ...] = ()

    def observe(self) -> ObservedAddress:
        """Read the pool, who answers at the new address, and of a brick its volume and what the gate sees."""
        desired = self._desired
        observed = ObservedAddress(self._gluster.pool(), self._answering())
        if not desired.brick:
            return observed
        volume = next(iter(self._gluster.volumes(desired.volume)), None)
        if volume is None or desired.brick not in [brick.name for brick in volume.bricks]:
            return observed._replace(volume=volume)
        departure = Departure(bricks=(desired.brick,), downtime_ok=desired.downtime_ok)
        gate = observe_gate(departure, self._gluster, self._resolve)
        affected = next((one for one in gate.affected if one.volume.name == desired.volume), None)
        return observed._replace(
            volume=volume,
            objections=tuple(objections(departure, gate)),
            clients=tuple(affected.clients.get(desired.brick, ())) if affected else (),
        )

    def _answering(self) -> str:
        """Probing an address takes whoever is there into the pool, so that it is asked before."""
        try:
            return self._gluster.pool(remote_host=self._desired.address).local.uuid
        except answers.GlusterError:
            return ""

    def plan(self, observed: ObservedAddress) -> Plan:
        """Return the Plan; see plan_address."""
        self._clients = self._clients or observed.clients
        return plan_address(self._desired, observed)

    def perform(self, step: Step) -> None:
        """Run one step. Members hear of a name a moment after the probe; one that has not refuses the brick's."""
        if step.kind == "stop_brick":
            wait_until_nothing(self._unaware, self._timeout, self._clock, self._do_not_know)
        self._gluster.ask(*step.argv[3:])

    def _unaware(self) -> List[str]:
        """Return the members that do not know the member by its address yet."""
        others = [peer for peer in self._gluster.pool().peers if not peer.is_local and peer.uuid != self._desired.uuid]
        return [peer.names[0] for peer in others if self._desired.address not in self._names_at(peer.names[0])]

    def _names_at(self, member: str) -> Tuple[str, ...]:
        try:
            peers = self._gluster.pool(remote_host=member).peers
        except answers.GlusterError:
            return ()
        return next((peer.names for peer in peers if peer.uuid == self._desired.uuid), ())

    def _do_not_know(self, left: Sequence[str]) -> str:
        return "%s: after %s s these members do not know it as a name of the member %s: %s; nothing was stopped" % (
            self._desired.address,
            self._timeout,
            self._desired.uuid,
            ", ".join(left),
        )

    def settle(self, plan: Plan) -> None:
        """Wait until all members see each other, the brick serves, and the clients that it had are there again."""
        kinds = [step.kind for step in plan.steps]
        if "probe_address" in kinds:
            wait_until_whole(self._gluster, self._timeout, self._clock)
        if "rename_brick" in kinds:
            wait_until_nothing(self._silent, self._timeout, self._clock, self._no_process)
            wait_until_nothing(self._missing, self._timeout, self._clock, self._not_connected)

    def _silent(self) -> Dict[str, bool]:
        status = self._gluster.brick_status([self._desired.volume], detail=False)
        name = self._desired.new_brick
        serves = any(one.name == name and one.serves for one in status.get(self._desired.volume, ()))
        return {} if serves else {name: True}

    def _no_process(self, left: Mapping[str, bool]) -> str:
        return "%s has no process after %s s; see /var/log/glusterfs/bricks on that node" % (
            ", ".join(left),
            self._timeout,
        )

    def _missing(self) -> Sequence[str]:
        found = self._gluster.clients([self._desired.volume]).get(self._desired.volume, {})
        present = set(found.get(self._desired.new_brick, ()))
        return sorted(set(self._clients) - present)

    def _not_connected(self, left: Sequence[str]) -> str:
        return (
            "%s serves, and these clients, which were connected to it before, are not after %s s: %s; look whether "
            "they reach %s, before another brick gets it"
            % (self._desired.new_brick, self._timeout, ", ".join(left), self._desired.address)
        )
