# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A volume gets fewer sets: their files move to the others, and then the bricks leave it. PRIVATE to the collection."""

import time
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Tuple

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import (
    InputError,
    PlanError,
    UnsafeChangeError,
    all_at_once,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.answers import split_brick
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster, gluster_argv
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.migration import (
    COMPLETED,
    NOT_STARTED,
    RUNNING,
    MovingVolume,
    begin,
    data_bricks,
    did_not_move,
    migration_facts,
    objections,
    observe_volumes,
    with_heals,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.options import canonical_value
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Brick
from ansible_collections.brickwork.gluster.plugins.module_utils.grammar import absolute_path, argument, present_name
from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import format_size
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import Operation, Plan, Step
from ansible_collections.brickwork.gluster.plugins.module_utils.waiting import Clock

#: How much room the sets that stay must have, as a multiple of what moves to them.
_ROOM = 1.1
#: With it, files move that clients have open, and what these write meanwhile may be lost (gluster's own warning).
_FORCE_MIGRATION = "cluster.force-migration"


class DesiredShrink(NamedTuple):
    """How many sets of a volume stay, or which bricks (C(host:/path)) leave it.

    state: it is shrunk, that is stopped, or only looked at (observed). Without commit, the bricks stay when their files
    have moved.
    """

    volume: str
    sets: Optional[int] = None
    bricks: Tuple[str, ...] = ()
    state: str = "shrunk"
    commit: bool = True


def desired_shrink(params: Mapping[str, Any]) -> DesiredShrink:
    """Return the DesiredShrink of the module's parameters; raises InputError or ParseError."""
    sets, bricks, state = params["sets"], params["bricks"] or (), params["state"]
    if state == "shrunk" and (sets is None) == (not bricks):
        raise InputError("sets: found neither or both of sets and bricks; write how many sets stay, or which bricks go")
    if sets is not None and sets < 1:
        raise InputError("sets: found %s, and a volume has at least one; write how many sets stay" % sets)
    names = tuple(_brick(brick) for brick in bricks)
    return DesiredShrink(present_name("volume", params["volume"]), sets, names, state, params["commit"])


def _brick(text: str) -> str:
    """A host that begins with -- would be an option of gluster's, at any place of its command line."""
    host, path = split_brick(argument("bricks", text))
    return "%s:%s" % (host, absolute_path("bricks", path))


def leaving_bricks(desired: DesiredShrink, moving: MovingVolume) -> Tuple[Brick, ...]:
    """Return the bricks that are to leave and have not left yet, by default the last sets; whole sets only."""
    volume = moving.volume
    if desired.sets is not None:
        if desired.sets > volume.sets:
            raise InputError(
                "sets: found %s, and volume %s has %s; add sets with gluster_volume (the playbook site)"
                % (desired.sets, volume.name, volume.sets)
            )
        return volume.bricks[desired.sets * volume.set_width :]
    going = {name for name in desired.bricks if name in {brick.name for brick in volume.bricks}}
    for bricks in volume.brick_sets:
        names = [brick.name for brick in bricks]
        if 0 < len(going.intersection(names)) < len(names):
            raise InputError(
                "bricks: found only a part of the set %s of volume %s; name all bricks of a set, or none"
                % (", ".join(names), volume.name)
            )
    return tuple(brick for brick in volume.bricks if brick.name in going)


def plan_shrink(desired: DesiredShrink, observed: Optional[MovingVolume], ahead: bool = False) -> Plan:
    """Return the Plan. ahead: with the steps that come only when the files have moved.

    Raises InputError, PlanError or UnsafeChangeError before anything is changed.
    """
    if observed is None:
        raise InputError("volume: found no volume %s; write the name of one that exists" % desired.volume)
    before = {"bricks": [brick.name for brick in observed.volume.bricks]}
    if desired.state == "observed":
        return Plan([], before, before)
    if desired.state == "stopped":
        steps = _stop_steps(observed)
        return Plan(steps, before, before)
    leaving = [brick.name for brick in leaving_bricks(desired, observed)]
    steps = _steps(desired, observed, leaving, ahead)
    commits = any(step.kind == "commit_removal" for step in steps)
    return Plan(steps, before, {"bricks": [name for name in before["bricks"] if not commits or name not in leaving]})


def _stop_steps(observed: MovingVolume) -> List[Step]:
    removal = observed.removal
    return [_step("stop_removal", observed, removal.bricks, "stop")] if removal else []


def _steps(desired: DesiredShrink, observed: MovingVolume, leaving: List[str], ahead: bool) -> List[Step]:
    commit = [_step("commit_removal", observed, leaving, "commit")] if desired.commit else []
    if observed.removal:
        _refuse_other_removal(observed, leaving)
        if observed.state == RUNNING:
            return commit if ahead else []
        _refuse_incomplete(desired, observed)
        return commit
    if not leaving:
        return []
    _refuse_start(desired, observed)
    return [_step("start_removal", observed, leaving, "start")] + (commit if ahead else [])


def _step(kind: str, observed: MovingVolume, bricks: Any, word: str) -> Step:
    words = ["volume", "remove-brick", observed.volume.name] + list(bricks) + [word]
    return Step(kind, observed.volume.name, tuple(gluster_argv(words)))


def _refuse_other_removal(observed: MovingVolume, leaving: List[str]) -> None:
    removal = observed.removal
    if removal and set(removal.bricks) != set(leaving):
        raise PlanError(
            "volume: another removal of bricks of %s is %s, that of %s; let it end, or stop it (state: stopped), first"
            % (observed.volume.name, removal.status, ", ".join(removal.bricks))
        )


def _refuse_incomplete(desired: DesiredShrink, observed: MovingVolume) -> None:
    """What did not move is lost to clients with the commit."""
    silent = observed.silent(leaving_bricks(desired, observed))
    found = ["%s does not tell what it has moved" % host for host in silent] + did_not_move(observed)
    if observed.state != COMPLETED:
        found.append("the removal is '%s'; see /var/log/glusterfs/%s-rebalance.log on the nodes of these bricks"
                     % (observed.state, observed.volume.name))  # fmt: skip
    if found:
        raise UnsafeChangeError(
            "volume: not all files of the leaving bricks of %s have moved, and they stay in it; repair what hindered "
            "that, give the bricks back (state: stopped), and run again:\n%s"
            % (observed.volume.name, all_at_once(found))
        )


def _refuse_start(desired: DesiredShrink, observed: MovingVolume) -> None:
    leaving = leaving_bricks(desired, observed)
    volume = observed.volume
    if len(leaving) == len(volume.bricks):
        raise InputError("bricks: found all bricks of volume %s; leave one set at least" % volume.name)
    found = objections(observed)
    found += ["a task is under way: %s" % task.kind.lower() for task in observed.tasks if task.is_running]
    if volume.snapshots:
        found.append("it has %s snapshots, of which the leaving bricks are a part" % volume.snapshots)
    if canonical_value(_FORCE_MIGRATION, volume.options.get(_FORCE_MIGRATION, "off")) == "on":
        found.append("%s is on, which moves files that clients have open" % _FORCE_MIGRATION)
    found += _room_objections(observed, leaving) if volume.is_started else []
    if found:
        raise PlanError(
            "volume: bricks can't leave %s now, as found below; repair that first:\n%s"
            % (volume.name, all_at_once(found))
        )


def _room_objections(observed: MovingVolume, leaving: Tuple[Brick, ...]) -> List[str]:
    moving, free = to_move(observed, leaving), _free(observed, leaving)
    if moving is None or free is None:
        return ["how full its bricks are is not known"]
    if moving * _ROOM <= free:
        return []
    return [
        "what is on the leaving bricks takes %s, which asks for %s, and the bricks that stay have %s free"
        % (format_size(moving), format_size(int(moving * _ROOM)), format_size(free))
    ]


def to_move(observed: MovingVolume, leaving: Tuple[Brick, ...]) -> Optional[int]:
    """Return the bytes that are on sets that leave, None where nobody told."""
    used = [observed.used(bricks) for bricks in observed.volume.brick_sets if bricks[0] in leaving]
    return None if None in used else sum(one or 0 for one in used)


def _free(observed: MovingVolume, leaving: Tuple[Brick, ...]) -> Optional[int]:
    """Return the free bytes of the sets that stay, None where nobody told: the fullest brick of a set counts."""
    free: List[int] = []
    for bricks in observed.volume.brick_sets:
        states = [observed.status.get(brick.name) for brick in bricks if not brick.arbiter]
        known = [state.free for state in states if state is not None and state.free is not None]
        if bricks[0] in leaving:
            continue
        if len(known) < len(states):
            return None
        free.append(min(known) * data_bricks(observed.volume))
    return sum(free)


class ShrinkOperation(Operation[Optional[MovingVolume]]):
    """Has sets leave a volume, or tells how far they are. ahead is for check mode: see plan_shrink."""

    def __init__(self, gluster: Gluster, desired: DesiredShrink, ahead: bool = False, clock: Clock = time) -> None:
        self._gluster = gluster
        self._desired = desired
        self._clock = clock
        self._ahead = ahead
        self._freed: List[str] = []

    def observe(self) -> Optional[MovingVolume]:
        """Read the volume and its bricks, what their members have moved, and heals before that begins."""
        moving = observe_volumes(self._gluster, [self._desired.volume]).get(self._desired.volume)
        if moving is None:
            return None
        if moving.removal:
            members = self._gluster.migration("remove-brick", moving.volume.name, *moving.removal.bricks)
            return moving._replace(members=members)
        begins = self._desired.state == "shrunk" and leaving_bricks(self._desired, moving)
        return with_heals(moving, self._gluster) if begins else moving

    def plan(self, observed: Optional[MovingVolume]) -> Plan:
        """Return the Plan; see plan_shrink."""
        plan = plan_shrink(self._desired, observed, self._ahead)
        if observed and any(step.kind == "commit_removal" for step in plan.steps):
            self._freed = [brick.name for brick in leaving_bricks(self._desired, observed)]
        return plan

    def findings(self, observed: Optional[MovingVolume]) -> Dict[str, Any]:
        """Return how far it is, and the bricks that this run takes out of the volume."""
        if observed is None:
            return {}
        going = self._going(observed)
        moves = observed.state in (RUNNING, NOT_STARTED)
        facts = migration_facts(observed, (to_move(observed, going) or 0) if moves else 0, going)
        return {"volumes": [facts], "freed": self._freed, "sets": observed.volume.sets}

    def _going(self, observed: MovingVolume) -> Tuple[Brick, ...]:
        """Return the bricks that leave, or are about to."""
        if observed.removal:
            removed = observed.removal.bricks
            return tuple(brick for brick in observed.volume.bricks if brick.name in removed)
        return leaving_bricks(self._desired, observed) if self._desired.state == "shrunk" else ()

    def perform(self, step: Step) -> None:
        """Run one step."""
        if step.kind == "start_removal":
            begin(self._gluster, step.argv[3:], self._clock)
        else:
            self._gluster.ask(*step.argv[3:])

    def settle(self, plan: Plan) -> None:
        """The wait is the action plugin's, which can show how far it is."""
