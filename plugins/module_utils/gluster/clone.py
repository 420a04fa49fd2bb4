# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A volume is cloned by way of a snapshot, which goes when the clone is there. PRIVATE to the collection."""

import time
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Tuple

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import (
    InputError,
    PlanError,
    UnsafeChangeError,
    all_at_once,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster import answers
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster, gluster_argv
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.heal import observe_heals
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Volume
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.snapshot_in_place import SNAPS
from ansible_collections.brickwork.gluster.plugins.module_utils.grammar import present_name, volume_name
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import Operation, Plan, Step
from ansible_collections.brickwork.gluster.plugins.module_utils.waiting import Clock, wait_until_nothing

_PREFIX = "brickwork_clone_"


class DesiredClone(NamedTuple):
    """Which volume is cloned, and how the clone is called."""

    volume: str
    name: str

    @property
    def snapshot(self) -> str:
        """The name of the snapshot on the way; nobody else gives such a name."""
        return _PREFIX + self.name


class ObservedClone(NamedTuple):
    """The volume, its clone, the state of the snapshot on the way ("" for none), and why it can't be cloned now."""

    volume: Optional[Volume]
    clone: Optional[Volume]
    snapshot: str = ""
    objections: Tuple[str, ...] = ()


def desired_clone(params: Mapping[str, Any]) -> DesiredClone:
    """Return the DesiredClone of the module's parameters; raises InputError."""
    desired = DesiredClone(present_name("volume", params["volume"]), volume_name("name", params["name"]))
    if desired.volume == desired.name:
        raise InputError("name: found %s, the name of the volume itself; write another one" % desired.name)
    return desired


def plan_clone(desired: DesiredClone, observed: ObservedClone) -> Plan:
    """Return the Plan; raises InputError, PlanError or UnsafeChangeError before anything is changed."""
    volume, clone = observed.volume, observed.clone
    if volume is None:
        raise InputError("volume: found no volume %s; write the name of one that exists" % desired.volume)
    if clone and not all(SNAPS in brick.path for brick in clone.bricks):
        raise UnsafeChangeError(
            "name: found the volume %s, which is no clone; write a name that no volume has" % desired.name
        )
    steps = [] if clone else _cloning(desired, volume, observed)
    if clone is None or clone.status == "Created":
        steps.append(_step("start_clone", desired.name, "volume", "start", desired.name))
    if observed.snapshot or not clone:
        steps.append(_step("delete_snapshot", desired.snapshot, "snapshot", "delete", desired.snapshot))
    return Plan(steps, {"clone": clone.status if clone else ""}, {"clone": clone.status if clone else "Started"})


def _cloning(desired: DesiredClone, volume: Volume, observed: ObservedClone) -> List[Step]:
    if not volume.is_started:
        raise PlanError("volume: found %s not started, and GlusterFS snapshots no other; start it first" % volume.name)
    if observed.objections:
        raise UnsafeChangeError(
            "volume: found reasons why a clone of %s would lack something; let it heal first:\n%s"
            % (volume.name, all_at_once(observed.objections))
        )
    snapshot = desired.snapshot
    create = _step("create_snapshot", snapshot, "snapshot", "create", snapshot, volume.name, "no-timestamp")
    activate = _step("activate_snapshot", snapshot, "snapshot", "activate", snapshot)
    clone = _step("clone_volume", desired.name, "snapshot", "clone", desired.name, snapshot)
    # One that a run left which was cut off is not how the volume is now.
    old = [_step("delete_snapshot", snapshot, "snapshot", "delete", snapshot)] if observed.snapshot else []
    return [*old, create, activate, clone]


def _step(kind: str, target: str, *words: str) -> Step:
    return Step(kind, target, tuple(gluster_argv(words)))


class CloneOperation(Operation[ObservedClone]):
    """Clones one volume."""

    def __init__(self, gluster: Gluster, desired: DesiredClone, timeout: int = 120, clock: Clock = time) -> None:
        self._gluster = gluster
        self._desired = desired
        self._timeout = timeout
        self._clock = clock

    def observe(self) -> ObservedClone:
        """Read both volumes, the snapshot, and what the volume's bricks lack."""
        volumes = {volume.name: volume for volume in self._gluster.volumes()}
        volume, clone = volumes.get(self._desired.volume), volumes.get(self._desired.name)
        snapshot = self._gluster.snapshot_status(self._desired.snapshot)
        lacking = self._lacking(volume) if volume and volume.is_started and not clone else ()
        return ObservedClone(volume, clone, snapshot, lacking)

    def _lacking(self, volume: Volume) -> Tuple[str, ...]:
        found = ["%s does not serve" % name for name in self._silent(volume)]
        for heal in observe_heals(self._gluster, [volume.name]):
            found += ["%s entries wait for healing" % heal.pending] if heal.pending else []
            found += ["%s entries are in split-brain" % heal.split_brain] if heal.split_brain else []
            found += ["what waits for healing is not known: %s" % heal.untold] if heal.untold else []
        return tuple(found)

    def _silent(self, volume: Volume) -> List[str]:
        """Return the bricks of a volume that clients can't reach."""
        states = self._gluster.brick_status([volume.name], detail=False).get(volume.name, [])
        serving = {one.name for one in states if one.serves}
        return [brick.name for brick in volume.bricks if brick.name not in serving]

    def plan(self, observed: ObservedClone) -> Plan:
        """Return the Plan; see plan_clone."""
        return plan_clone(self._desired, observed)

    def findings(self, observed: ObservedClone) -> Dict[str, Any]:
        """Return the clone's bricks."""
        return {"bricks": [brick.name for brick in observed.clone.bricks] if observed.clone else []}

    def perform(self, step: Step) -> None:
        """Run one step. Of a time-out, verifying tells what came of it."""
        try:
            self._gluster.ask(*step.argv[3:])
        except answers.TimeUp:
            pass

    def settle(self, plan: Plan) -> None:
        """Wait until all bricks of the clone serve."""
        if any(step.kind == "start_clone" for step in plan.steps):
            wait_until_nothing(self._silent_clone, self._timeout, self._clock, self._no_process)

    def _silent_clone(self) -> List[str]:
        clones = self._gluster.volumes(self._desired.name)
        return self._silent(clones[0]) if clones else [self._desired.name]

    def _no_process(self, left: List[str]) -> str:
        return "%s: no process after %s s: %s; see /var/log/glusterfs/bricks" % (
            self._desired.name,
            self._timeout,
            ", ".join(left),
        )
