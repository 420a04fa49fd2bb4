# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A brick of a volume is taken up anew on an empty disk, or replaced by another one. PRIVATE to the collection.

Runs on the node that holds the new brick directory, since only there its mark can be read.
"""

import time
from typing import Any, Callable, Dict, FrozenSet, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import (
    InputError,
    PlanError,
    UnsafeChangeError,
    all_at_once,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster import answers
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.answers import split_brick
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster, gluster_argv
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.filling import (
    FILLING_MARK,
    HEALING,
    MARKING,
    filling_objections,
    filling_value,
    fillings,
    not_begun,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.marks import BrickDirectories, Mark
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import (
    Brick,
    BrickStatus,
    HealCount,
    Task,
    Volume,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.redundancy import (
    holds_all,
    sources_needed,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.grammar import absolute_path, argument, present_name
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import Operation, Plan, Step
from ansible_collections.brickwork.gluster.plugins.module_utils.waiting import Clock, wait_until_nothing

#: What glusterd says that read its volumes before the brick directory was there: it then takes the brick for a new one.
_READ_TOO_EARLY = "When destination brick is new"


#: By brick the gfids of what it lists as waiting for healing.
Listing = Mapping[str, FrozenSet[str]]


class DesiredChange(NamedTuple):
    """Which brick of which volume (C(host:/path)), and by what it is replaced: itself for a new, empty disk.

    lost: the old brick does not come back. lost_with: others that do not come back either, and serve nothing.
    only_judge: the new brick is not made yet, and nothing is changed.
    """

    volume: str
    brick: str
    new_brick: str
    lost: bool = False
    lost_with: FrozenSet[str] = frozenset()
    only_judge: bool = False

    @property
    def in_place(self) -> bool:
        """Whether the brick stays at its place."""
        return self.new_brick == self.brick


class ObservedChange(NamedTuple):
    """The volume, the states of its bricks, and what is in the new brick's directory on this node.

    directory_exists and mark are about that directory, is_here is whether the new brick is one of this node. unknown is
    why heals could not be counted. names_only are entries that a brick which is not there may have alone.
    """

    volume: Optional[Volume]
    status: Tuple[BrickStatus, ...] = ()
    tasks: Tuple[Task, ...] = ()
    heals: Tuple[HealCount, ...] = ()
    unknown: str = ""
    names_only: FrozenSet[str] = frozenset()
    is_here: bool = True
    directory_exists: bool = False
    is_on_root: bool = False
    is_pristine: bool = False
    mark: Optional[Mark] = None

    def serves(self, name: str) -> bool:
        """Whether clients can reach a brick."""
        return any(one.name == name and one.serves for one in self.status)


def desired_change(params: Mapping[str, Any]) -> DesiredChange:
    """Return the DesiredChange of the module's parameters; raises InputError or ParseError."""
    volume = present_name("volume", params["volume"])
    brick = _brick("brick", params["brick"])
    new_brick = _brick("new_brick", params["new_brick"]) if params.get("new_brick") else brick
    lost_with = frozenset(_brick("lost_with", name) for name in params.get("lost_with") or ())
    return DesiredChange(volume, brick, new_brick, bool(params.get("lost")), lost_with, bool(params.get("only_judge")))


def _brick(option: str, text: str) -> str:
    """A host that begins with -- would be an option of gluster's, at any place of its command line."""
    host, path = split_brick(argument(option, text))
    return "%s:%s" % (host, absolute_path(option, path))


def plan_change(desired: DesiredChange, observed: ObservedChange) -> Plan:
    """Return the Plan; raises InputError, PlanError or UnsafeChangeError before anything is changed."""
    volume = observed.volume
    if volume is None:
        raise InputError("volume: found no volume %s; write the name of one that exists" % desired.volume)
    names = [brick.name for brick in volume.bricks]
    before = {"bricks": names}
    after = {"bricks": [desired.new_brick if name == desired.brick else name for name in names]}
    if _is_done(desired, observed, names):
        return Plan([], before, before)
    if desired.brick not in names:
        raise InputError(
            "brick: %s is no brick of volume %s; write one of these: %s"
            % (desired.brick, volume.name, ", ".join(names))
        )
    _refuse_kinds(volume)
    if desired.only_judge:
        # One of the others that does not serve may come back before this brick's turn; then all is judged.
        _refuse(desired, _names_only_objections(desired, observed) if _others_serve(volume, desired, observed) else [])
        return Plan([], before, before)
    _refuse_directory(desired, observed)
    _refuse_risks(volume, desired, observed)
    return Plan(_note_steps(desired, volume) + _steps(desired), before, after)


def _is_done(desired: DesiredChange, observed: ObservedChange, names: Sequence[str]) -> bool:
    if desired.in_place:
        return desired.brick in names and observed.serves(desired.brick)
    return desired.new_brick in names and desired.brick not in names


def _note_steps(desired: DesiredChange, volume: Volume) -> List[Step]:
    """The volume remembers first which brick is new: the node may lose its power before GlusterFS has marked that."""
    value = filling_value(volume, {desired.new_brick: MARKING})
    if volume.options.get(FILLING_MARK) == value:
        return []
    return [_step("note_filling", volume.name, ("set", volume.name, FILLING_MARK, value))]


def _steps(desired: DesiredChange) -> List[Step]:
    if not desired.in_place:
        words = ("replace-brick", desired.volume, desired.brick, desired.new_brick, "commit", "force")
        return [_step("replace_brick", desired.brick, words)]
    start = ("reset-brick", desired.volume, desired.brick, "start")
    commit = ("reset-brick", desired.volume, desired.brick, desired.brick, "commit", "force")
    return [_step("reset_brick", desired.brick, start), _step("take_up_brick", desired.brick, commit)]


def _step(kind: str, brick: str, words: Sequence[str]) -> Step:
    return Step(kind, brick, tuple(gluster_argv(["volume"] + list(words))))


def _refuse_kinds(volume: Volume) -> None:
    if volume.set_width == 1:
        raise PlanError(
            "volume: %s keeps no copies, so that GlusterFS replaces no brick of it; add bricks elsewhere and remove "
            "this one (gluster volume remove-brick), or restore its files" % volume.name
        )
    if not volume.is_started:
        raise PlanError("volume: %s is not started, and nothing would heal; start it first" % volume.name)


def _refuse_directory(desired: DesiredChange, observed: ObservedChange) -> None:
    name = desired.new_brick
    if not observed.is_here:
        raise PlanError("new_brick: %s is not of the node that this runs on; run it on the node that has it" % name)
    if not observed.directory_exists:
        raise PlanError("new_brick: found no directory %s on this node; make it first (lvm_brick)" % name)
    if observed.is_on_root:
        raise PlanError(
            "new_brick: %s is on the root file system of this node, so that its disk is not mounted; mount it first "
            "(lvm_brick)" % name
        )
    volume_id = observed.volume.volume_id if observed.volume else ""
    if not observed.is_pristine:
        if observed.mark and observed.mark.volume_id == volume_id and desired.in_place:
            raise PlanError(
                "brick: %s holds what it held, and has no process; start it (the playbook heal) instead of emptying it"
                % name
            )
        raise UnsafeChangeError(
            "new_brick: %s is not empty; look at what it holds, and take another directory or empty it" % name
        )
    if observed.mark and observed.mark.volume_id != volume_id:
        raise UnsafeChangeError("new_brick: %s has the mark of another volume; take another directory" % name)


def _refuse_risks(volume: Volume, desired: DesiredChange, observed: ObservedChange) -> None:
    """The new brick is filled from the others of its set, so that these have to be whole."""
    others = [brick for brick in volume.set_of(desired.brick) if brick.name != desired.brick]
    given_up = not observed.serves(desired.brick) and (desired.in_place or desired.lost)
    gone = desired.lost_with if given_up else frozenset()
    staying = [brick for brick in others if brick.name not in gone or observed.serves(brick.name)]
    found = ["brick %s does not serve" % brick.name for brick in staying if not observed.serves(brick.name)]
    found += ["a task is under way: %s, %s" % (task.kind.lower(), task.status) for task in observed.tasks]
    if not (given_up or observed.serves(desired.brick)):
        found.append("brick %s does not serve, and may hold what no other has" % desired.brick)
    found += _source_objections(volume, staying, given_up) + _names_only_objections(desired, observed)
    found += _heal_objections(desired, observed, [brick.name for brick in staying])
    _refuse(desired, found)


def _others_serve(volume: Volume, desired: DesiredChange, observed: ObservedChange) -> bool:
    gone = {desired.brick, *desired.lost_with}
    return all(observed.serves(brick.name) for brick in volume.set_of(desired.brick) if brick.name not in gone)


def _refuse(desired: DesiredChange, found: Sequence[str]) -> None:
    if found:
        raise UnsafeChangeError(
            "brick: %s may hold the only copy of something, as the others of its set are not whole; bring them back, "
            "and let them heal, first:\n%s" % (desired.brick, all_at_once(found))
        )


def _source_objections(volume: Volume, staying: Sequence[Brick], given_up: bool) -> List[str]:
    """A brick that is new itself is no source. Instead of one that is lost, others may come while it is filled."""
    new = fillings(volume)
    if not given_up:
        return filling_objections(volume, [brick.name for brick in staying])
    sources = [brick for brick in staying if brick.name not in new]
    if holds_all(volume, sources):
        return []
    return filling_objections(volume, [brick.name for brick in staying]) + [
        "of the bricks that are left, %s hold files, and it takes %s to fill a new one"
        % (sum(not brick.arbiter for brick in sources), sources_needed(volume))
    ]


def _names_only_objections(desired: DesiredChange, observed: ObservedChange) -> List[str]:
    if not observed.names_only:
        return []
    return [
        "an arbiter lists %s entries that wait for healing, and no brick with contents lists them: these lack what is "
        "new in them, and only %s may have it; bring that back, or say that it does not come back (state: lost in "
        "gluster_bricks) and run replace again" % (len(observed.names_only), desired.brick)
    ]


def names_only(
    volume: Volume, bricks: Sequence[Brick], first: Listing, second: Listing, third: Listing
) -> FrozenSet[str]:
    """Return the entries that wait for healing and of which none of these bricks has the contents as they should be.

    A brick lists what others lack, so that one with contents that lists an entry has it. The bricks are asked one after
    the other while clients write: what an arbiter lists before and after counts, and what the others list in between.
    """
    new = fillings(volume)
    arbiters = [brick.name for brick in bricks if brick.arbiter and brick.name not in new]
    full = [brick.name for brick in bricks if not brick.arbiter and brick.name not in new]
    staying = {gfid for name in arbiters for gfid in first.get(name, frozenset()) & third.get(name, frozenset())}
    return frozenset(staying.difference(*[second.get(name, frozenset()) for name in full]))


def _heal_objections(desired: DesiredChange, observed: ObservedChange, staying: Sequence[str]) -> List[str]:
    """With one brick left that serves there is nothing to compare, and GlusterFS may refuse to count."""
    serves, found = observed.serves(desired.brick), []
    if observed.unknown and (serves or len(staying) > 1):
        found.append("what waits for healing is not known: %s" % observed.unknown)
    for count in observed.heals:
        if count.split_brain:
            found.append("%s entries of %s are in split-brain" % (count.split_brain, count.brick))
        # Of a brick that is away, the others list what it misses. While it serves, what waits may be on it alone.
        if count.pending and serves:
            found.append("%s entries of %s wait for healing" % (count.pending, count.brick))
        if count.pending is None and count.brick in staying and observed.serves(count.brick) and len(staying) > 1:
            found.append("%s can't tell what waits for healing" % count.brick)
    return found


class BrickChangeOperation(Operation[ObservedChange]):
    """Takes one brick up anew, or replaces it."""

    def __init__(
        self,
        gluster: Gluster,
        directories: BrickDirectories,
        desired: DesiredChange,
        restart: Callable[[], None],
        timeout: int = 120,
        clock: Clock = time,
    ) -> None:
        self._gluster = gluster
        self._directories = directories
        self._desired = desired
        self._restart = restart
        self._timeout = timeout
        self._clock = clock

    def observe(self) -> ObservedChange:
        """Read the volume, its bricks and heals, and the new brick's directory."""
        volume = next(iter(self._gluster.volumes(self._desired.volume)), None)
        if volume is None:
            return ObservedChange(None)
        _host, path = split_brick(self._desired.new_brick)
        started = [volume.name] if volume.is_started else []
        status, tasks = self._gluster.status_with_tasks(started)
        heals, unknown = self._heals(volume)
        return ObservedChange(
            volume,
            tuple(status.get(volume.name, ())),
            tuple(task for task in tasks if task.is_running or task.is_removal),
            heals,
            unknown,
            self._names_only(volume, status.get(volume.name, ()), heals),
            self._is_here(volume),
            self._directories.exists(path),
            self._directories.is_on_root(path),
            self._directories.is_pristine(path),
            self._directories.read(path),
        )

    def _is_here(self, volume: Volume) -> bool:
        """The same path may be there on every node, full on one and empty on another."""
        pool, desired = self._gluster.pool(), self._desired
        if desired.in_place:
            return any(one.name == desired.brick and one.host_uuid == pool.local.uuid for one in volume.bricks)
        peer = pool.find(split_brick(desired.new_brick)[0])
        return peer is not None and peer.is_local

    def _heals(self, volume: Volume) -> Tuple[Tuple[HealCount, ...], str]:
        if volume.set_width == 1 or not volume.is_started:
            return (), ""
        try:
            return tuple(self._gluster.heal_counts(volume.name)), ""
        except answers.UNREADABLE as error:
            return (), str(error)

    def _names_only(self, volume: Volume, status: Sequence[BrickStatus], heals: Sequence[HealCount]) -> FrozenSet[str]:
        """Return names_only where a brick does not serve, nobody said that it is lost, and the counts leave it open."""
        desired = self._desired
        if not desired.in_place or any(one.name == desired.brick and one.serves for one in status):
            return frozenset()
        bricks = [one for one in volume.set_of(desired.brick) if one.name not in {desired.brick, *desired.lost_with}]
        counts = {count.brick: count.pending or 0 for count in heals}
        named = max([counts.get(brick.name, 0) for brick in bricks if brick.arbiter], default=0)
        if named <= max([counts.get(brick.name, 0) for brick in bricks if not brick.arbiter], default=named):
            return frozenset()
        return names_only(volume, bricks, *[self._listing(volume) for _time in range(3)])

    def _listing(self, volume: Volume) -> Listing:
        found: Dict[str, FrozenSet[str]] = {}
        for one in self._gluster.listed_waiting(volume.name):
            found[one.brick] = found.get(one.brick, frozenset()) | {one.gfid}
        return found

    def plan(self, observed: ObservedChange) -> Plan:
        """Return the Plan; see plan_change."""
        return plan_change(self._desired, observed)

    def perform(self, step: Step) -> None:
        """Run one step. A glusterd that read its volumes before the directory was there is restarted, bricks not."""
        try:
            self._gluster.ask(*step.argv[3:])
        except answers.GlusterError as error:
            if step.kind != "take_up_brick" or _READ_TOO_EARLY not in str(error):
                raise
            self._restart()
            self._gluster.ask(*step.argv[3:])

    def settle(self, plan: Plan) -> None:
        """Wait until the new brick serves. That each command has ended well means that GlusterFS has marked it."""
        if not plan.steps:
            return
        wait_until_nothing(self._silent, self._timeout, self._clock, self._no_process)
        wait_until_nothing(self._not_begun, self._timeout, self._clock, self._no_healing)
        volume = self._gluster.volumes(self._desired.volume)[0]
        value = filling_value(volume, {self._desired.new_brick: HEALING})
        self._gluster.ask("volume", "set", volume.name, FILLING_MARK, value)

    def _silent(self) -> Dict[str, bool]:
        status = self._gluster.brick_status([self._desired.volume], detail=False)
        states = status.get(self._desired.volume, [])
        name = self._desired.new_brick
        serves = any(one.name == name and one.serves for one in states)
        return {} if serves else {name: True}

    def _not_begun(self) -> Dict[str, bool]:
        """Of a dispersed volume nothing is listed until the self-heal daemon has seen the new brick; see ec.c."""
        volume = self._gluster.volumes(self._desired.volume)[0]
        if not volume.disperse:
            return {}
        states, heals = self._gluster.brick_status([volume.name])[volume.name], self._gluster.heal_counts(volume.name)
        return dict.fromkeys(not_begun(volume, [self._desired.new_brick], states, heals), True)

    def _no_healing(self, left: Dict[str, bool]) -> str:
        return "%s serves, and its healing has not begun after %s s; see cluster.disperse-self-heal-daemon" % (
            ", ".join(left),
            self._timeout,
        )

    def _no_process(self, left: Dict[str, bool]) -> str:
        return "%s has no process after %s s; see /var/log/glusterfs/bricks" % (", ".join(left), self._timeout)
