# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All started volumes of a pool are stopped for an offline upgrade, and started after it. PRIVATE to the collection.

Each volume is noted before the first one is stopped, and the note is taken away when all its bricks serve again. So a
run that was cut off anywhere leaves behind which volumes are to be started.
"""

import time
from typing import Any, Dict, FrozenSet, List, Mapping, NamedTuple, Tuple

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import UnsafeChangeError, all_at_once
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster import answers
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster, gluster_argv
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.migration import (
    MovingVolume,
    objections,
    observe_volumes,
    with_heals,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.pause_mark import (
    NOTHING,
    PAUSE_MARK,
    WAS_STARTED,
    is_paused,
    session_sentences,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.pool import unwell_members
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import Operation, Plan, Step
from ansible_collections.brickwork.gluster.plugins.module_utils.waiting import Clock, wait_until_nothing


class DesiredPause(NamedTuple):
    """Whether the pool's volumes are paused. downtime_ok are the volumes that may be stopped."""

    paused: bool
    downtime_ok: FrozenSet[str] = frozenset()


#: The volumes by name, with what is under way in those that are to be stopped.
ObservedPause = Mapping[str, MovingVolume]


def desired_pause(params: Mapping[str, Any]) -> DesiredPause:
    """Return the DesiredPause of the module's parameters."""
    return DesiredPause(params["state"] == "paused", frozenset(params["accept_downtime"] or ()))


def plan_pause(desired: DesiredPause, observed: ObservedPause) -> Plan:
    """Return the Plan; raises UnsafeChangeError with all reasons before anything is changed."""
    steps = _stopping(desired, observed) if desired.paused else _starting(observed)
    before = {name: _words(moving) for name, moving in observed.items()}
    after = dict(before, **{step.lane or step.target: _GOALS[step.kind] for step in steps})
    return Plan(steps, before, after)


_GOALS = {"note_volume": "paused", "stop_volume": "paused", "start_volume": "Started", "forget_note": "Started"}


def _words(moving: MovingVolume) -> str:
    return "paused" if is_paused(moving.volume) and not moving.volume.is_started else moving.volume.status


def _stopping(desired: DesiredPause, observed: ObservedPause) -> List[Step]:
    """Return the steps: all notes come before the first stop, so that none is missing after a cut."""
    started = {name: moving for name, moving in observed.items() if moving.volume.is_started}
    reasons = [line for moving in started.values() for line in _refusals(desired, moving)]
    if reasons:
        raise UnsafeChangeError("state: the volumes may not be stopped now:\n" + all_at_once(reasons))
    unnoted = [name for name, moving in started.items() if not is_paused(moving.volume)]
    return [_step("note_volume", name, ("set", name, PAUSE_MARK, WAS_STARTED)) for name in unnoted] + [
        _step("stop_volume", name, ("stop", name)) for name in started
    ]


def _refusals(desired: DesiredPause, moving: MovingVolume) -> List[str]:
    name = moving.volume.name
    found = ["volume %s: %s" % (name, reason) for reason in objections(moving)]
    found += [
        "volume %s: a task is under way: %s, %s; let it end, or stop it, first" % (name, task.kind.lower(), task.status)
        for task in moving.tasks
        if task.is_running or task.is_removal
    ]
    found += session_sentences([moving.volume])
    if name not in desired.downtime_ok:
        found.append(
            "volume %s is started; name it in accept_downtime (gluster_accept_downtime) if its clients can wait" % name
        )
    return found


def _starting(observed: ObservedPause) -> List[Step]:
    noted = [moving.volume for moving in observed.values() if is_paused(moving.volume)]
    steps = []
    for volume in noted:
        if not volume.is_started:
            steps.append(_step("start_volume", volume.name, ("start", volume.name), volume.name))
        forgetting = ("set", volume.name, PAUSE_MARK, NOTHING)
        steps.append(_step("forget_note", volume.name, forgetting, volume.name))
    return steps


def _step(kind: str, volume: str, words: Tuple[str, ...], lane: str = "") -> Step:
    return Step(kind, volume, tuple(gluster_argv(("volume",) + words)), lane=lane)


class PauseOperation(Operation[ObservedPause]):
    """Stops all volumes that are started, or starts those that were stopped so."""

    def __init__(self, gluster: Gluster, desired: DesiredPause, timeout: int = 120, clock: Clock = time) -> None:
        self._gluster = gluster
        self._desired = desired
        self._timeout = timeout
        self._clock = clock

    def observe(self) -> ObservedPause:
        """Read the volumes, and what speaks against stopping them. To start them, wait for all members before."""
        if not self._desired.paused:
            wait_until_nothing(self._unwell, self._timeout, self._clock, self._not_whole)
        volumes = observe_volumes(self._gluster, [volume.name for volume in self._gluster.volumes()])
        if self._desired.paused:
            return {name: with_heals(moving, self._gluster) for name, moving in volumes.items()}
        return volumes

    def _unwell(self) -> List[str]:
        try:
            return unwell_members(self._gluster)
        except answers.DaemonDown as error:
            return [str(error)]

    def _not_whole(self, unwell: List[str]) -> str:
        return (
            "pool: not whole after %s s, and no volume is started before: %s; bring back who is disconnected, and "
            "restart glusterd where one is rejected (systemctl restart glusterd; see 'All nodes at once' in "
            "docs/upgrading.md)" % (self._timeout, "; ".join(unwell))
        )

    def plan(self, observed: ObservedPause) -> Plan:
        """Return the Plan; see plan_pause."""
        return plan_pause(self._desired, observed)

    def findings(self, observed: ObservedPause) -> Dict[str, Any]:
        """Return the volumes that are to be started at the end."""
        return {"paused": sorted(name for name, moving in observed.items() if is_paused(moving.volume))}

    def perform(self, step: Step) -> None:
        """Run one step. A note stays until all bricks of its volume serve."""
        if step.kind == "forget_note":
            self._wait_for_bricks(step.target)
        try:
            self._gluster.ask(*step.argv[3:])
        except answers.TimeUp:
            # Only the next observation tells whether it was done. Nothing is stopped that may have no note.
            if step.kind == "note_volume":
                raise

    def _wait_for_bricks(self, volume: str) -> None:
        wait_until_nothing(
            lambda: self._offline(volume),
            self._timeout,
            self._clock,
            lambda left: (
                "volume %s: bricks without a process after %s s: %s; look at their logs in "
                "/var/log/glusterfs/bricks, and run again" % (volume, self._timeout, ", ".join(left))
            ),
        )

    def _offline(self, volume: str) -> List[str]:
        status = self._gluster.brick_status([volume], detail=False)
        serving = {one.name for one in status.get(volume, ()) if one.serves}
        return [
            brick.name for found in self._gluster.volumes(volume) for brick in found.bricks if brick.name not in serving
        ]

    def settle(self, plan: Plan) -> None:
        """What a command has stopped is stopped; bricks that start are waited for before their note is taken away."""

    def goes_on_after(self, error: Exception) -> bool:
        """A volume that does not start is no reason to leave the others stopped."""
        return True
