# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes volumes to their desired state. PRIVATE to the collection."""

import time
from typing import Callable, Dict, Iterable, List, NamedTuple, Optional, Sequence, Set, Tuple, Union

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import BrickworkError, PlanError, all_at_once
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster import answers
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.marks import BrickDirectories, Mark
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.option_groups import GROUP, Groups, read_groups
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.pool import (
    Resolve,
    addresses_of,
    find_aliases,
    members_away,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.rebalance_mark import (
    PENDING,
    REBALANCE_MARK,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import (
    BrickStatus,
    HealCount,
    Pool,
    Task,
    Volume,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.volume_plan import (
    DesiredVolume,
    ObservedVolumes,
    plan_volume,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.volumes_plan import (
    check_all,
    plan_volumes,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import Operation, Plan, Step
from ansible_collections.brickwork.gluster.plugins.module_utils.waiting import Clock, wait_until_nothing

#: How many volumes are worked on at a time. glusterd takes commands about different volumes side by side, and refused
#: no lock with 8 at a time. 2 were up to a quarter faster than 1, and more were no faster than 2 (docs/benchmarks.md).
AT_ONCE = 2
_MARKED = "is already part of a volume"
#: Marks on this node were dealt with before; this one is on another node, which only a module there can look at.
_MARKED_REMEDY = (
    ". If no volume has that brick, a create that was refused left the mark: lvm_brick on that node, or site.yml, "
    "takes it away"
)
#: Seconds during which a refusal to count heals is no error.
_HEAL_PATIENCE = 30
_LOST_FILES_REMEDY = (
    ". If that member lost its power while the volume was created, it lost the volume's files. The volume was never "
    "started and holds nothing: delete it (gluster_volume, state: absent) and run again"
)

#: By their names, the fields of ObservedVolumes that only one volume needs.
_Own = Dict[str, Tuple[Union[Task, HealCount, Mark], ...]]


class ObservedForEach(NamedTuple):
    """What is known of the pool, and by volume what only that volume needs (fields of ObservedVolumes)."""

    common: ObservedVolumes
    own: Dict[str, _Own]

    def of(self, name: str) -> ObservedVolumes:
        """Return all that planning one volume needs."""
        return self.common._replace(**self.own.get(name, {}))


class VolumesOperation(Operation[ObservedForEach]):
    """Creates, grows, tunes, starts, stops or removes volumes."""

    def __init__(
        self,
        gluster: Gluster,
        directories: BrickDirectories,
        desired: Sequence[DesiredVolume],
        timeout: int = 120,
        clock: Clock = time,
        resolve: Optional[Resolve] = None,
        offline_ok: bool = False,
        groups: Callable[[], Groups] = read_groups,
    ) -> None:
        self._gluster = gluster
        self._directories = directories
        self._desired = {volume.name: volume for volume in desired}
        self._all_desired = desired
        self._timeout = timeout
        self._clock = clock
        self._resolve = resolve or addresses_of
        self._offline_ok = offline_ok
        self._groups = groups

    def observe(self) -> ObservedForEach:
        """Read pool and volumes once; tasks, heals, marks and processes only of volumes that may need it."""
        check_all(self._all_desired)
        try:
            pool = self._gluster.pool()
        except (answers.DaemonDown, answers.NotInstalled):
            if not self._offline_ok:
                raise
            return ObservedForEach(ObservedVolumes(Pool(()), []), {})
        volumes = self._gluster.volumes()
        hosts = sorted({brick.host for desired in self._all_desired for brick in desired.bricks or ()})
        groups = self._groups() if any(GROUP in desired.options for desired in self._all_desired) else {}
        observed = ObservedVolumes(pool, volumes, find_aliases(hosts, pool, self._resolve), groups=groups)
        observed = observed._replace(version=self._version(observed), offline=self._offline(observed))
        return ObservedForEach(observed, self._own(observed))

    def _version(self, observed: ObservedVolumes) -> str:
        """Read the version where a volume may be made: what it gets depends on it."""
        exist = all(observed.find(name) for name in self._desired)
        return "" if exist else self._gluster.version() or ""

    def _own(self, observed: ObservedVolumes) -> Dict[str, _Own]:
        """Read what only one volume needs, by its name."""
        tasks = self._tasks(observed)
        return {
            name: {
                "tasks": tuple(task for task in tasks if task.volume == name),
                "unhealed": self._unhealed(desired, observed),
                "marks": self._marks(desired, observed),
            }
            for name, desired in self._desired.items()
        }

    def _started(self, observed: ObservedVolumes) -> List[Tuple[DesiredVolume, Volume]]:
        found = [(desired, observed.find(desired.name)) for desired in self._desired.values()]
        return [(desired, volume) for desired, volume in found if volume is not None and volume.is_started]

    def _unhealed(self, desired: DesiredVolume, observed: ObservedVolumes) -> Tuple[HealCount, ...]:
        """Read what waits for healing where bricks may be added, or files spread anew."""
        volume = observed.find(desired.name)
        if volume is None or not volume.is_started or volume.set_width == 1:
            return ()
        if not (_grows(desired, volume) or (desired.rebalance and _waits_for_rebalance(volume))):
            return ()
        return self._heal_counts(volume.name)

    def _heal_counts(self, name: str) -> Tuple[HealCount, ...]:
        """Read what waits for healing; a volume that has just been started or changed can't always be asked at once."""
        deadline = self._clock.monotonic() + _HEAL_PATIENCE
        while True:
            try:
                return tuple(self._gluster.heal_counts(name))
            except answers.GlusterError:
                if self._clock.monotonic() >= deadline:
                    raise
            self._clock.sleep(2)

    def _offline(self, observed: ObservedVolumes) -> Dict[str, Tuple[str, ...]]:
        """Read which bricks have no process; only where some may be started, since it needs the pool's lock."""
        volumes = [volume for desired, volume in self._started(observed) if desired.start_bricks]
        return self._without_process(volumes)

    def _tasks(self, observed: ObservedVolumes) -> List[Task]:
        names = [
            volume.name
            for desired, volume in self._started(observed)
            if _grows(desired, volume) or _waits_for_rebalance(volume) or desired.state in ("stopped", "absent")
        ]
        return self._gluster.tasks(names) if names else []

    def _marks(self, desired: DesiredVolume, observed: ObservedVolumes) -> Tuple[Mark, ...]:
        """Read the marks of those of a volume's bricks on this node that it does not have yet."""
        local = observed.pool.local.uuid
        volume = observed.find(desired.name)
        known = {brick.path for brick in volume.bricks if brick.host_uuid == local} if volume else ()
        paths = [brick.path for brick in desired.bricks or () if observed.aliases.get(brick.host) == local]
        marks = [self._directories.read(path) for path in paths if path not in known]
        return tuple(mark for mark in marks if mark is not None)

    def plan(self, observed: ObservedForEach) -> Plan:
        """Return the Plan for all volumes; see plan_volumes."""
        return plan_volumes(self._all_desired, observed.of)._replace(at_once=AT_ONCE)

    def goes_on_after(self, _error: BrickworkError) -> bool:
        """Whether other volumes are tried after one that failed.

        Not while a member is away: more brick processes are the last thing that a node needs whose glusterd was ended
        for want of memory.
        """
        return not members_away(self._gluster)

    def perform(self, step: Step) -> None:
        """Run one step. After a time-out only a fresh read tells whether it was done."""
        if step.kind == "clear_mark":
            self._directories.clear(step.target)
        elif step.kind == "set_granular_heal":
            self._gluster.say(*step.argv[3:])
        elif step.kind in ("rewrite_volume_files", "set_first_options"):
            self._rewrite(step)
        else:
            self._change(step)

    def _change(self, step: Step) -> None:
        try:
            self._gluster.ask(*step.argv[3:])
        except answers.TimeUp:
            self._wait_for(step)
        except answers.GlusterError as error:
            if step.kind in ("create_volume", "add_bricks"):
                self._clear_new_marks(self._desired[step.lane])
            if _MARKED in str(error):
                error.args = (str(error) + _MARKED_REMEDY,)
            if not (step.kind == "start_rebalance" and "already started" in str(error)):
                raise

    def _rewrite(self, step: Step) -> None:
        """Have all members write the files of a volume that was never started. No read tells whether that was done."""
        try:
            self._gluster.ask(*step.argv[3:])
        except answers.GlusterError as error:
            error.args = (str(error) + _LOST_FILES_REMEDY,)
            raise

    def _wait_for(self, step: Step) -> None:
        def same_step() -> List[Step]:
            left = plan_volume(self._desired[step.lane], self.observe().of(step.lane)).steps
            return [one for one in left if one[:2] == step[:2]]

        wait_until_nothing(same_step, self._timeout, self._clock, self._not_done)

    def _not_done(self, _steps: List[Step]) -> str:
        return "no answer, and it is still not done %s s later" % self._timeout

    def _clear_new_marks(self, desired: DesiredVolume) -> None:
        """Take back the marks that a refused command left on this node; those of other nodes lvm_brick takes back.

        Only those of this one volume: another may be about to be created beside it.
        """
        observed = self.observe().of(desired.name)
        for mark in observed.marks:
            if mark.pristine and mark.volume_id not in observed.lookup.owners:
                self._directories.clear(mark.path)

    def settle(self, plan: Plan) -> None:
        """Wait until all bricks of started volumes are online, of grown ones the new; VerifyError names the others.

        C(start force) succeeds also where it starts nothing; there it is the bricks it was said for that count.
        """
        awaited = self._awaited(plan)
        if awaited:
            wait_until_nothing(lambda: self._offline_of(awaited), self._timeout, self._clock, self._no_process)

    def _awaited(self, plan: Plan) -> Dict[str, Set[str]]:
        """Return by volume the bricks that must come online; none named means all."""
        awaited: Dict[str, Set[str]] = {}
        for step in plan.steps:
            desired = self._desired[step.lane]
            if step.kind == "start_volume":
                awaited[step.lane] = set()
            elif step.kind == "start_bricks":
                awaited.setdefault(step.lane, set()).update(brick.name for brick in desired.start_bricks)
            elif step.kind == "add_bricks":
                awaited.setdefault(step.lane, set()).update(step.argv)
        return awaited

    def _offline_of(self, awaited: Dict[str, Set[str]]) -> Dict[str, List[str]]:
        found = {volume.name: volume for volume in self._gluster.volumes()}
        lost = sorted(set(awaited) - set(found))
        if lost:
            raise PlanError(
                "name: volume %s was deleted by somebody else meanwhile; run again to make it anew" % ", ".join(lost)
            )
        offline = self._without_process([found[name] for name in awaited if found[name].is_started])
        left = {
            name: [brick for brick in bricks if not awaited[name] or brick in awaited[name]]
            for name, bricks in offline.items()
        }
        return {name: bricks for name, bricks in left.items() if bricks}

    def _no_process(self, offline: Dict[str, List[str]]) -> str:
        lines = [
            "volume %s: no brick process after %s s for %s; see /var/log/glusterfs/bricks there"
            % (name, self._timeout, ", ".join(bricks))
            for name, bricks in sorted(offline.items())
        ]
        return all_at_once(lines)

    def _without_process(self, volumes: Sequence[Volume]) -> Dict[str, Tuple[str, ...]]:
        """Return by volume those bricks of started volumes that have no process, of one answer for all of them."""
        if not volumes:
            return {}
        status = self._gluster.brick_status([volume.name for volume in volumes], detail=False)
        return {volume.name: _not_serving(volume, status.get(volume.name, ())) for volume in volumes}


def _not_serving(volume: Volume, status: Iterable[BrickStatus]) -> Tuple[str, ...]:
    # Bricks of a peer that is down are not listed at all, so the volume's own list counts.
    online = {(brick.host, brick.path) for brick in status if brick.serves}
    return tuple(brick.name for brick in volume.bricks if (brick.host, brick.path) not in online)


def _grows(desired: DesiredVolume, volume: Volume) -> bool:
    return len(desired.bricks or ()) > len(volume.bricks)


def _waits_for_rebalance(volume: Volume) -> bool:
    return volume.options.get(REBALANCE_MARK) == PENDING
