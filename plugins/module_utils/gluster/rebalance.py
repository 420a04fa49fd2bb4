# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of volumes are spread over all their sets, also those that were added later. PRIVATE to the collection."""

import time
from typing import Any, Collection, Dict, List, Mapping, NamedTuple, Set, Tuple

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError, PlanError, all_at_once
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster, gluster_argv
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.migration import (
    COMPLETED,
    RUNNING,
    MovingVolume,
    begin,
    migration_facts,
    objections,
    observe_volumes,
    with_heals,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.rebalance_mark import (
    REBALANCE_MARK,
    started_mark,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.grammar import present_name
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import Operation, Plan, Step
from ansible_collections.brickwork.gluster.plugins.module_utils.waiting import Clock

#: How many files each member moves at a time.
THROTTLE = "cluster.rebal-throttle"


class DesiredRebalance(NamedTuple):
    """Which volumes, and whether their files are spread (started), that is stopped, or only looked at (observed)."""

    volumes: Tuple[str, ...]
    state: str = "started"
    layout_only: bool = False
    throttle: str = ""


def desired_rebalance(params: Mapping[str, Any]) -> DesiredRebalance:
    """Return the DesiredRebalance of the module's parameters; raises InputError."""
    names = tuple(present_name("volumes", name) for name in params["volumes"])
    if not names:
        raise InputError("volumes: found no name; write the volumes whose files are to be spread")
    return DesiredRebalance(names, params["state"], params["layout_only"], params["throttle"] or "")


def is_done(desired: DesiredRebalance, moving: MovingVolume) -> bool:
    """Whether the last rebalance was one of these bricks and moved all that it could.

    Files are also skipped because they are well where they are: where the other set has less room, for example.
    """
    mark = started_mark(brick.name for brick in moving.volume.bricks)
    moved = moving.state == COMPLETED and not any(member.failures for member in moving.members)
    whole = moved and not moving.silent(moving.volume.bricks)
    return whole and moving.volume.options.get(REBALANCE_MARK) == mark and (desired.layout_only or not moving.of_layout)


def is_due(desired: DesiredRebalance, moving: MovingVolume) -> bool:
    """Whether a rebalance is to be started. With one set, there is nowhere to move to."""
    startable = moving.volume.sets > 1 and moving.state != RUNNING
    return desired.state == "started" and startable and not is_done(desired, moving)


def plan_rebalance(
    desired: DesiredRebalance, observed: Mapping[str, MovingVolume], begun: Collection[str] = ()
) -> Plan:
    """Return the Plan; begun are the volumes that this run has started already, however that ended.

    Raises InputError for a volume that there is not, and PlanError that names all that stands in the way.
    """
    unknown = [name for name in desired.volumes if name not in observed]
    if unknown:
        raise InputError("volumes: found no volume %s; write names of volumes that exist" % ", ".join(unknown))
    volumes = [observed[name] for name in desired.volumes]
    due = {moving.volume.name for moving in volumes if is_due(desired, moving)} - set(begun)
    _refuse(desired, [moving for moving in volumes if moving.volume.name in due])
    steps = [step for moving in volumes for step in _steps(desired, moving, moving.volume.name in due)]
    before = {moving.volume.name: moving.state for moving in volumes}
    after = dict(before, **{step.target: RUNNING for step in steps if step.kind == "start_rebalance"})
    return Plan(steps, before, after)


def _refuse(desired: DesiredRebalance, volumes: List[MovingVolume]) -> None:
    found = ["volume %s: %s" % (moving.volume.name, why) for moving in volumes for why in _objections(moving)]
    if found:
        raise PlanError(
            "volumes: files of %s can't be spread now, as found below; repair that first:\n%s"
            % (", ".join(desired.volumes), all_at_once(found))
        )


def _objections(moving: MovingVolume) -> List[str]:
    found = objections(moving)
    if moving.removal:
        found.append("its removal of bricks is %s; the playbook shrink ends it" % moving.removal.status)
    return found


def _steps(desired: DesiredRebalance, moving: MovingVolume, due: bool) -> List[Step]:
    if desired.state == "stopped":
        stop = _step("stop_rebalance", moving, "rebalance", moving.volume.name, "stop")
        return [stop] if moving.state == RUNNING else []
    if desired.state == "observed" or moving.volume.sets < 2:
        return []
    start = _start_steps(desired, moving) if due else []
    # No brick can be added meanwhile, so what is under way is of all bricks, whoever has started it.
    return _throttle_steps(desired, moving) + start + (_note_steps(moving) if due or moving.state == RUNNING else [])


def _throttle_steps(desired: DesiredRebalance, moving: MovingVolume) -> List[Step]:
    """A rebalance that is under way takes it up, too."""
    if desired.throttle in ("", moving.volume.options.get(THROTTLE)):
        return []
    return [_step("set_options", moving, "set", moving.volume.name, THROTTLE, desired.throttle)]


def _start_steps(desired: DesiredRebalance, moving: MovingVolume) -> List[Step]:
    words = ("fix-layout", "start") if desired.layout_only else ("start",)
    return [_step("start_rebalance", moving, "rebalance", moving.volume.name, *words)]


def _note_steps(moving: MovingVolume) -> List[Step]:
    """The mark comes last: after a cut before it one is started once more, and none takes an old one for done."""
    mark = started_mark(brick.name for brick in moving.volume.bricks)
    if moving.volume.options.get(REBALANCE_MARK) == mark:
        return []
    return [_step("note_rebalance", moving, "set", moving.volume.name, REBALANCE_MARK, mark)]


def _step(kind: str, moving: MovingVolume, *words: str) -> Step:
    return Step(kind, moving.volume.name, tuple(gluster_argv(("volume",) + words)))


def uneven(moving: MovingVolume) -> int:
    """Return about how many bytes lie on other sets than they would if each were as full as the others."""
    sets = moving.volume.brick_sets
    used = [moving.used(bricks) or 0 for bricks in sets]
    sizes = [max([getattr(moving.status.get(brick.name), "size", 0) or 0 for brick in bricks]) for bricks in sets]
    share = sum(used) / (sum(sizes) or 1)
    return int(sum(max(one - share * size, 0) for one, size in zip(used, sizes)))


class RebalanceOperation(Operation[Dict[str, MovingVolume]]):
    """Starts or stops rebalances of volumes, or tells how far they are."""

    def __init__(self, gluster: Gluster, desired: DesiredRebalance, clock: Clock = time) -> None:
        self._gluster = gluster
        self._desired = desired
        self._clock = clock
        self._begun: Set[str] = set()

    def observe(self) -> Dict[str, MovingVolume]:
        """Read the volumes, what their members have moved, and the heals of those that are about to be moved."""
        found = observe_volumes(self._gluster, self._desired.volumes)
        return {name: self._observed(moving) for name, moving in found.items()}

    def _observed(self, moving: MovingVolume) -> MovingVolume:
        if moving.volume.sets < 2 or not moving.volume.is_started:
            return moving
        moving = moving._replace(members=self._gluster.migration("rebalance", moving.volume.name))
        due = is_due(self._desired, moving) and moving.volume.name not in self._begun
        return with_heals(moving, self._gluster) if due else moving

    def plan(self, observed: Dict[str, MovingVolume]) -> Plan:
        """Return the Plan; see plan_rebalance."""
        return plan_rebalance(self._desired, observed, self._begun)

    def findings(self, observed: Dict[str, MovingVolume]) -> Dict[str, Any]:
        """Return by volume how far it is."""
        volumes = [observed[name] for name in self._desired.volumes]
        left = [uneven(moving) if moving.state == RUNNING else 0 for moving in volumes]
        facts = [migration_facts(moving, more, moving.volume.bricks) for moving, more in zip(volumes, left)]
        return {"volumes": facts}

    def perform(self, step: Step) -> None:
        """Run one step."""
        if step.kind == "start_rebalance":
            begin(self._gluster, step.argv[3:], self._clock)
            self._begun.add(step.target)
        else:
            self._gluster.ask(*step.argv[3:])

    def settle(self, plan: Plan) -> None:
        """The wait is the action plugin's, which can show how far it is."""
