# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each set of a volume gets a copy more, gives copies up, or gets an arbiter instead. PRIVATE to the collection."""

import time
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import (
    InputError,
    PlanError,
    UnsafeChangeError,
    VerifyError,
    all_at_once,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster import answers
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.answers import split_brick
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster, gluster_argv
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.filling import (
    FILLING_MARK,
    HEALING,
    MARKING,
    last_of_each,
    not_begun,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.gate import (
    Affected,
    Departure,
    ObservedGate,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.gate import objections as departure_objections
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.migration import (
    MovingVolume,
    objections,
    observe_volumes,
    with_heals,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Volume
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.volume_plan import volume_shape
from ansible_collections.brickwork.gluster.plugins.module_utils.grammar import absolute_path, argument, present_name
from ansible_collections.brickwork.gluster.plugins.module_utils.shapes import (
    Shape,
    copy_shapes,
    keeps_copies,
    kept_copies,
    shape_of,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import Operation, Plan, Step
from ansible_collections.brickwork.gluster.plugins.module_utils.waiting import Clock, wait_until_nothing


class DesiredReplica(NamedTuple):
    """What the sets of a volume are to be, with which new bricks and without which old ones (C(host:/path)).

    new_bricks are one for each set, in the order of the sets. force: they may be added although GlusterFS mistakes
    bricks of several sets for one set.
    """

    volume: str
    shape: Shape
    new_bricks: Tuple[str, ...] = ()
    old_bricks: Tuple[str, ...] = ()
    accept_fewer_copies: bool = False
    force: bool = False


class ObservedReplica(NamedTuple):
    """The volume, what speaks against changing it, and by brick the addresses of its clients where bricks leave."""

    moving: MovingVolume
    clients: Dict[str, List[str]] = {}


def desired_replica(params: Mapping[str, Any]) -> DesiredReplica:
    """Return the DesiredReplica of the module's parameters; raises InputError or ParseError."""
    new, old = (tuple(_brick(name, text) for text in params[name] or ()) for name in ("new_bricks", "old_bricks"))
    twice = sorted({name for name in new + old if (new + old).count(name) > 1})
    if twice:
        raise InputError("new_bricks: found %s twice; name each brick once" % ", ".join(twice))
    shape, volume = shape_of(params["type"], params["replicas"]), present_name("volume", params["volume"])
    return DesiredReplica(volume, shape, new, old, params["accept_fewer_copies"], params["force"])


def _brick(option: str, text: str) -> str:
    """A host that begins with -- would be an option of gluster's, at any place of its command line."""
    host, path = split_brick(argument(option, text))
    return "%s:%s" % (host, absolute_path(option, path))


def plan_replica(desired: DesiredReplica, observed: Optional[ObservedReplica]) -> Plan:
    """Return the Plan; raises InputError, PlanError or UnsafeChangeError before anything is changed."""
    if observed is None:
        raise InputError("volume: found no volume %s; write the name of one that exists" % desired.volume)
    volume = observed.moving.volume
    names = [brick.name for brick in volume.bricks]
    before = {"type": volume_shape(volume).describe(), "bricks": names}
    if volume_shape(volume).counts == desired.shape.counts:
        _refuse_other_bricks(desired, names)
        return Plan([], before, before)
    leaving = leaving_bricks(desired, volume)
    _refuse_kinds(desired, volume)
    _refuse_counts(desired, volume, leaving)
    _refuse_shared_hosts(desired, observed.moving, leaving)
    _refuse_risks(desired, observed, leaving)
    return Plan(_steps(desired, observed.moving, leaving), before, _after(desired, volume, leaving))


def leaving_bricks(desired: DesiredReplica, volume: Volume) -> List[str]:
    """Return the bricks that are to leave and have not left yet."""
    return [brick.name for brick in volume.bricks if brick.name in desired.old_bricks]


def _after(desired: DesiredReplica, volume: Volume, leaving: Sequence[str]) -> Dict[str, Any]:
    """GlusterFS puts the new brick of a set behind its others."""
    bricks: List[str] = []
    for number, chosen in enumerate(volume.brick_sets):
        bricks += [brick.name for brick in chosen if brick.name not in leaving]
        bricks += desired.new_bricks[number : number + 1]
    return {"type": desired.shape.describe(), "bricks": bricks}


def _refuse_other_bricks(desired: DesiredReplica, names: Sequence[str]) -> None:
    missing = [name for name in desired.new_bricks if name not in names]
    if missing:
        raise PlanError(
            "new_bricks: volume %s is %s already, and without %s; leave these out, or look who has changed the volume"
            % (desired.volume, desired.shape.describe(), ", ".join(missing))
        )


def _refuse_kinds(desired: DesiredReplica, volume: Volume) -> None:
    present = volume_shape(volume)
    if not keeps_copies(present, desired.shape):
        raise PlanError(
            "type: volume %s is %s, and GlusterFS makes no %s of it; make another volume, and copy the files"
            % (volume.name, present.describe(), desired.shape.describe())
        )


def _refuse_counts(desired: DesiredReplica, volume: Volume, leaving: Sequence[str]) -> None:
    """GlusterFS puts bricks where it counts them to, so that a wrong number would mix the sets up."""
    present = volume_shape(volume)
    kept = kept_copies(present, desired.shape)
    shapes = copy_shapes(present, desired.shape)
    if len(shapes) > 1:
        raise PlanError(
            "replicas: volume %s is %s, and sets get one copy at a time, which is filled before the next; make it %s "
            "first" % (volume.name, present.describe(), shapes[0].describe())
        )
    for bricks in volume.brick_sets:
        staying = [brick for brick in bricks if brick.name not in leaving]
        if len(staying) != kept or any(brick.arbiter for brick in staying):
            raise InputError(
                "old_bricks: found %s of the set %s, of which %s bricks have to stay, and no arbiter; name the others"
                % (
                    ", ".join(brick.name for brick in bricks if brick.name in leaving) or "none",
                    ", ".join(brick.name for brick in bricks),
                    kept,
                )
            )
    wanted = (desired.shape.width - kept) * volume.sets
    if len(desired.new_bricks) != wanted:
        raise InputError(
            "new_bricks: found %s for volume %s of %s sets, which needs %s to be %s; write one for each set, in order"
            % (len(desired.new_bricks), volume.name, volume.sets, wanted, desired.shape.describe())
        )


def _refuse_shared_hosts(desired: DesiredReplica, moving: MovingVolume, leaving: Sequence[str]) -> None:
    """Two bricks of a set on one member would be lost together."""
    for name, bricks in zip(desired.new_bricks, moving.volume.brick_sets):
        uuid = _member(name, moving)
        if not uuid:
            raise PlanError(
                "new_bricks: %s: its host is not in the pool; write the address that the pool has, or probe it first "
                "(gluster_peer)" % name
            )
        beside = [brick.name for brick in bricks if brick.host_uuid == uuid and brick.name not in leaving]
        if beside:
            raise PlanError(
                "new_bricks: %s is on one host with %s of its set, which would lose them together; choose another host"
                % (name, ", ".join(beside))
            )


def _member(name: str, moving: MovingVolume) -> str:
    """Return the uuid of the member that holds a brick, "" for none."""
    peer = moving.pool.find(split_brick(name)[0])
    return peer.uuid if peer else ""


def _refuse_risks(desired: DesiredReplica, observed: ObservedReplica, leaving: Sequence[str]) -> None:
    """What is new is filled from what stays, so that all of it has to be whole."""
    volume = observed.moving.volume
    found = objections(observed.moving)
    found += ["a task is under way: %s, %s" % (task.kind.lower(), task.status) for task in observed.moving.tasks
              if task.is_running or task.is_removal]  # fmt: skip
    found = found or _departure_objections(observed, leaving)
    if found:
        raise PlanError(
            "volume: the copies of %s can't be changed now, as found below; repair that first:\n%s"
            % (volume.name, all_at_once(found))
        )
    if leaving and not desired.accept_fewer_copies:
        raise UnsafeChangeError(
            "accept_fewer_copies: found false, and without %s the sets of volume %s keep %s copies%s; set it to true "
            "(gluster_accept_fewer_copies of the playbook expand) if that is wanted"
            % (
                ", ".join(leaving),
                volume.name,
                volume.set_width - len(leaving) // volume.sets,
                " until the new bricks are healed" if desired.new_bricks else "",
            )
        )


def _departure_objections(observed: ObservedReplica, leaving: Sequence[str]) -> List[str]:
    """Return what the gate says of the bricks that leave. They leave for good, and clients count the others anew."""
    if not leaving:
        return []
    moving, goes = observed.moving, frozenset(leaving)
    status = tuple(moving.status.values())
    affected = Affected(moving.volume, goes, status, moving.tasks, moving.heals, moving.unknown, observed.clients)
    gate = ObservedGate(moving.pool, None, [moving.volume], [affected])
    departure = Departure(bricks=tuple(leaving), downtime_ok=frozenset([moving.volume.name]))
    return departure_objections(departure, gate) + _quorum_objections(moving.volume, leaving)


def _quorum_objections(volume: Volume, leaving: Sequence[str]) -> List[str]:
    """A number of copies that somebody has set does not follow."""
    count = volume.options.get("cluster.quorum-count", "0")
    staying = volume.set_width - len(leaving) // volume.sets
    if volume.options.get("cluster.quorum-type") != "fixed" or int(count) <= staying:
        return []
    return ["cluster.quorum-count asks for %s bricks of each set, and %s would stay" % (count, staying)]


def _steps(desired: DesiredReplica, moving: MovingVolume, leaving: Sequence[str]) -> List[Step]:
    """A lower number of copies asks for force: nothing moves, as all is on the bricks that stay."""
    steps, volume = [], moving.volume
    if leaving:
        copies = str(volume.set_width - len(leaving) // volume.sets)
        steps.append(_step("remove_copies", volume, "remove-brick", ("replica", copies), leaving, ("force",)))
    if desired.new_bricks:
        force = ("force",) if desired.force and _looks_shared(desired, moving, leaving) else ()
        steps += _note_steps(desired, volume)
        steps.append(_step("add_copies", volume, "add-brick", desired.shape.words, desired.new_bricks, force))
    return steps


def _note_steps(desired: DesiredReplica, volume: Volume) -> List[Step]:
    """The volume remembers first which bricks are new: a node may lose its power before GlusterFS has marked them."""
    value = last_of_each(desired.shape.width, MARKING)
    if volume.options.get(FILLING_MARK) == value:
        return []
    return [Step("note_filling", volume.name, _set_mark(volume.name, value))]


def _set_mark(volume: str, value: str) -> Tuple[str, ...]:
    return tuple(gluster_argv(["volume", "set", volume, FILLING_MARK, value]))


def _looks_shared(desired: DesiredReplica, moving: MovingVolume, leaving: Sequence[str]) -> bool:
    """Whether GlusterFS takes bricks of several sets for one set with two bricks on one server.

    Where a volume keeps copies already, 9.2 compares the new bricks with each other, and 10.3 with all of the volume.
    """
    volume = moving.volume
    new = [_member(name, moving) for name in desired.new_bricks]
    staying = {brick.host_uuid for brick in volume.bricks if brick.name not in leaving}
    return volume.set_width > 1 and (len(set(new)) < len(new) or bool(staying.intersection(new)))


def _step(kind: str, volume: Volume, verb: str, counts: Sequence[str], bricks: Sequence[str],
          last: Sequence[str] = ()) -> Step:  # fmt: skip
    return Step(kind, volume.name, tuple(gluster_argv(["volume", verb, volume.name, *counts, *bricks, *last])))


class ReplicaOperation(Operation[Optional[ObservedReplica]]):
    """Changes how many copies the sets of one volume keep."""

    def __init__(self, gluster: Gluster, desired: DesiredReplica, timeout: int = 120, clock: Clock = time) -> None:
        self._gluster = gluster
        self._desired = desired
        self._timeout = timeout
        self._clock = clock
        self._freed: List[str] = []
        self._is_sure = True

    def observe(self) -> Optional[ObservedReplica]:
        """Read the volume and its bricks, and, before it is changed, its heals and the clients of what leaves."""
        name = self._desired.volume
        moving = observe_volumes(self._gluster, [name]).get(name)
        if moving is None or volume_shape(moving.volume).counts == self._desired.shape.counts:
            return ObservedReplica(moving) if moving else None
        leaves = moving.volume.is_started and leaving_bricks(self._desired, moving.volume)
        clients = self._gluster.clients([name]).get(name, {}) if leaves else {}
        return ObservedReplica(with_heals(moving, self._gluster), clients)

    def plan(self, observed: Optional[ObservedReplica]) -> Plan:
        """Return the Plan; see plan_replica."""
        plan = plan_replica(self._desired, observed)
        if observed and any(step.kind == "remove_copies" for step in plan.steps):
            self._freed = leaving_bricks(self._desired, observed.moving.volume)
        return plan

    def findings(self, observed: Optional[ObservedReplica]) -> Dict[str, Any]:
        """Return the volume's bricks, and those that this run takes out of it."""
        volume = observed.moving.volume if observed else None
        return {"bricks": [brick.name for brick in volume.bricks] if volume else [], "freed": self._freed}

    def perform(self, step: Step) -> None:
        """Run one step. After a time-out only a fresh read tells whether it was done."""
        if step.kind == "add_copies":
            self._refuse_offline()
        try:
            self._gluster.ask(*step.argv[3:])
        except answers.TimeUp:
            self._is_sure = False
            wait_until_nothing(lambda: self._not_done(step), self._timeout, self._clock, self._no_answer)

    def _refuse_offline(self) -> None:
        """With force, GlusterFS adds copies also while bricks are away that they are to be filled from."""
        status = self._gluster.brick_status([self._desired.volume], detail=False).get(self._desired.volume, [])
        away = [one.name for one in status if not one.serves]
        if away:
            raise VerifyError(
                "volume: %s does not serve any more, and new copies are filled from it; repair that, and run again"
                % ", ".join(away)
            )

    def _not_done(self, step: Step) -> List[str]:
        names = {brick.name for volume in self._gluster.volumes(self._desired.volume) for brick in volume.bricks}
        if step.kind == "remove_copies":
            return [name for name in self._freed if name in names]
        return [name for name in self._desired.new_bricks if name not in names]

    def settle(self, plan: Plan) -> None:
        """Wait until the new bricks serve, and are being filled. The wait for the end is gluster_heal's."""
        if any(step.kind == "add_copies" for step in plan.steps):
            wait_until_nothing(self._silent, self._timeout, self._clock, self._no_process)
            wait_until_nothing(self._not_begun, self._timeout, self._clock, self._no_healing)
            if self._is_sure:
                value = last_of_each(self._desired.shape.width, HEALING)
                self._gluster.ask(*_set_mark(self._desired.volume, value)[3:])

    def _silent(self) -> List[str]:
        status = self._gluster.brick_status([self._desired.volume], detail=False)
        serving = {one.name for one in status.get(self._desired.volume, ()) if one.serves}
        return [name for name in self._desired.new_bricks if name not in serving]

    def _not_begun(self) -> List[str]:
        """A volume that was changed a moment ago can't always be asked at once."""
        name, new = self._desired.volume, list(self._desired.new_bricks)
        try:
            heals = self._gluster.heal_counts(name)
        except answers.UNREADABLE:
            return new
        return not_begun(self._gluster.volumes(name)[0], new, self._gluster.brick_status([name])[name], heals)

    def _no_answer(self, left: List[str]) -> str:
        return "volume: no answer, and %s s later it is not done for %s" % (self._timeout, ", ".join(left))

    def _no_process(self, left: List[str]) -> str:
        return "new_bricks: %s has no process after %s s; see /var/log/glusterfs/bricks there" % (
            ", ".join(left),
            self._timeout,
        )

    def _no_healing(self, left: List[str]) -> str:
        return (
            "new_bricks: %s serves, and nothing waits for healing after %s s although the others of its set hold more; "
            "run the playbook heal (gluster_heal), which has GlusterFS mark it anew" % (", ".join(left), self._timeout)
        )
