# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes one volume to its desired state. PRIVATE to the collection."""

import time
from typing import Dict, List, Set, Tuple

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import PlanError
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster import answers
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.option_groups import GROUP, read_groups
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.pool import addresses_of, find_aliases
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import HealCount, Pool, Volume
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.volume_plan import (
    REBALANCE_MARK,
    ObservedVolumes,
    checked_desired,
    plan_volume,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.waiting import wait_until_nothing

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


class VolumeOperation(object):
    """Creates, grows, tunes, starts, stops or removes one volume."""

    def __init__(
        self, gluster, directories, desired, timeout=120, clock=time, resolve=None, offline_ok=False, groups=read_groups
    ):
        self._gluster = gluster
        self._directories = directories
        self._desired = desired
        self._timeout = timeout
        self._clock = clock
        self._resolve = resolve or addresses_of
        self._offline_ok = offline_ok
        self._groups = groups

    def observe(self):
        """Read pool and volumes once; tasks and marks only where bricks or the state may change."""
        checked_desired(self._desired)
        try:
            pool = self._gluster.pool()
        except (answers.DaemonDown, answers.NotInstalled):
            if not self._offline_ok:
                raise
            return ObservedVolumes(Pool(()), [])
        volumes = self._gluster.volumes()
        hosts = sorted({brick.host for brick in self._desired.bricks or ()})
        groups = self._groups() if GROUP in self._desired.options else {}
        observed = ObservedVolumes(pool, volumes, find_aliases(hosts, pool, self._resolve), groups=groups)
        return observed._replace(
            tasks=self._tasks(observed),
            unhealed=self._unhealed(observed),
            version=self._version(observed),
            marks=self._marks(observed),
            offline=self._offline(observed),
        )

    def _version(self, observed: ObservedVolumes) -> str:
        """Read the version where a volume may be made: what it gets depends on it."""
        return "" if observed.find(self._desired.name) else self._gluster.version() or ""

    def _unhealed(self, observed: ObservedVolumes) -> Tuple[HealCount, ...]:
        """Read what waits for healing where bricks may be added, or files spread anew."""
        volume = observed.find(self._desired.name)
        if volume is None or not volume.is_started or volume.set_width == 1 or not self._moves_files(volume):
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

    def _moves_files(self, volume: Volume) -> bool:
        grows = len(self._desired.bricks or ()) > len(volume.bricks)
        return grows or (self._desired.rebalance and volume.options.get(REBALANCE_MARK) == "pending")

    def _offline(self, observed: ObservedVolumes) -> Dict[str, Tuple[str, ...]]:
        """Read which bricks have no process; only where some may be started, since it needs the pool's lock."""
        volume = observed.find(self._desired.name)
        if volume is None or not volume.is_started or not self._desired.start_bricks:
            return {}
        return {volume.name: tuple(self._offline_bricks())}

    def _tasks(self, observed):
        volume = observed.find(self._desired.name)
        if volume is None or not volume.is_started:
            return ()
        grows = len(self._desired.bricks or ()) > len(volume.bricks)
        waits = volume.options.get(REBALANCE_MARK) == "pending"
        if not (grows or waits or self._desired.state in ("stopped", "absent")):
            return ()
        return tuple(self._gluster.tasks([volume.name]))

    def _marks(self, observed):
        volume = observed.find(self._desired.name)
        known = {brick.path for brick in volume.bricks if brick.host_uuid == observed.pool.local.uuid} if volume else ()
        marks = [self._directories.read(path) for path in self._local_paths(observed) if path not in known]
        return tuple(mark for mark in marks if mark is not None)

    def _local_paths(self, observed):
        local = observed.pool.local.uuid
        return [brick.path for brick in self._desired.bricks or () if observed.aliases.get(brick.host) == local]

    def plan(self, observed):
        """Return the Plan; see plan_volume."""
        return plan_volume(self._desired, observed)

    def perform(self, step):
        """Run one step. After a time-out only a fresh read tells whether it was done."""
        if step.kind == "clear_mark":
            self._directories.clear(step.target)
            return
        if step.kind == "rewrite_volume_files":
            self._rewrite(step)
            return
        if step.kind == "set_granular_heal":
            self._gluster.say(*step.argv[3:])
            return
        try:
            self._gluster.ask(*step.argv[3:])
        except answers.TimeUp:
            self._wait_for(step)
        except answers.GlusterError as error:
            if step.kind in ("create_volume", "add_bricks"):
                self._clear_new_marks()
            if _MARKED in str(error):
                error.args = (str(error) + _MARKED_REMEDY,)
            if not (step.kind == "start_rebalance" and "already started" in str(error)):
                raise

    def _rewrite(self, step):
        """Have all members write the files of a volume that was never started. No read tells whether that was done."""
        try:
            self._gluster.ask(*step.argv[3:])
        except answers.GlusterError as error:
            error.args = (str(error) + _LOST_FILES_REMEDY,)
            raise

    def _wait_for(self, step):
        def same_step():
            return [left for left in self.plan(self.observe()).steps if left[:2] == step[:2]]

        wait_until_nothing(same_step, self._timeout, self._clock, self._not_done)

    def _not_done(self, _steps):
        return "no answer, and it is still not done %s s later" % self._timeout

    def _clear_new_marks(self):
        """Take back the marks that a refused command left on this node; those of other nodes lvm_brick takes back."""
        observed = self.observe()
        owners = {volume.volume_id for volume in observed.volumes}
        for mark in observed.marks:
            if mark.pristine and mark.volume_id not in owners:
                self._directories.clear(mark.path)

    def settle(self, plan):
        """Wait until all bricks of a started volume are online, of a grown one the new; VerifyError names the others.

        C(start force) succeeds also where it starts nothing; there it is the bricks it was said for that count.
        """
        kinds = {step.kind for step in plan.steps}
        if "start_volume" in kinds:
            wait_until_nothing(self._offline_bricks, self._timeout, self._clock, self._no_process)
            return
        names = {brick.name for brick in self._desired.start_bricks} if "start_bricks" in kinds else set()
        if "add_bricks" in kinds:
            names |= {brick.name for brick in self._desired.bricks or ()} - set(plan.before["bricks"])
        if names:
            wait_until_nothing(lambda: self._offline_of(names), self._timeout, self._clock, self._no_process)

    def _offline_of(self, names: Set[str]) -> List[str]:
        return [name for name in self._offline_bricks() if name in names]

    def _no_process(self, offline):
        return "volume %s: no brick process after %s s for %s; see /var/log/glusterfs/bricks there" % (
            self._desired.name,
            self._timeout,
            ", ".join(offline),
        )

    def _offline_bricks(self):
        volumes = self._gluster.volumes(self._desired.name)
        if not volumes:
            raise PlanError(
                "name: volume %s was deleted by somebody else meanwhile; run again to make it anew" % self._desired.name
            )
        if not volumes[0].is_started:
            return []
        # Bricks of a peer that is down are not listed at all, so the volume's own list counts.
        status = self._gluster.brick_status_of(self._desired.name)
        online = {(brick.host, brick.path) for brick in status if brick.serves}
        return [brick.name for brick in volumes[0].bricks if (brick.host, brick.path) not in online]
