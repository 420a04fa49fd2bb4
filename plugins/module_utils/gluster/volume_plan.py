# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the volume that exists, if any, to the one that is desired. Pure. PRIVATE to the collection."""

import re
from collections import Counter
from typing import Any, Dict, Iterable, List, Mapping, NamedTuple, NoReturn, Optional, Sequence, Tuple

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import (
    InputError,
    PlanError,
    UnsafeChangeError,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import gluster_argv
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.filling import filling_objections
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.marks import Mark, clear_steps
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.option_groups import GROUP, expand_group
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.options import (
    canonical_value,
    differing,
    long_name,
    wanted_options,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.rebalance_mark import (
    PENDING,
    REBALANCE_MARK,
    started_mark,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import (
    NEVER_STARTED,
    Brick,
    HealCount,
    Pool,
    Task,
    Volume,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.version_defaults import (
    GRANULAR_HEAL,
    missing_defaults,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.volume_index import VolumeIndex
from ansible_collections.brickwork.gluster.plugins.module_utils.once import MadeOnce
from ansible_collections.brickwork.gluster.plugins.module_utils.shapes import Shape, keeps_copies
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import Plan, Step

#: An option that every new volume of GlusterFS 7 to 11 has. Each has nfs.disable, too, but 11 can't set that.
_ANY_OPTION = "storage.fips-mode-rchecksum"
_NAME = re.compile(r"^[A-Za-z0-9_][A-Za-z0-9_-]{0,254}\Z")


class DesiredVolume(NamedTuple):
    """A volume as it is desired. bricks None leaves the bricks alone; shape None leaves the type alone."""

    name: str
    state: str
    shape: Optional[Shape] = None
    bricks: Optional[Tuple[Brick, ...]] = None
    options: Dict[str, Any] = {}
    reset: Tuple[str, ...] = ()
    rebalance: bool = False
    force: bool = False
    #: Bricks of a started volume that may be started again: on their nodes it was seen that all of it is there.
    start_bricks: Tuple[Brick, ...] = ()
    #: Whether all members are known to have the new volume's files on their disks.
    stored_everywhere: bool = False


class _ObservedFields(NamedTuple):
    """What ObservedVolumes is made of.

    aliases: brick host -> uuid of the member that it means. marks: of desired bricks on this node, in no volume yet.
    groups: GlusterFS's own groups of options by name, none if they are not known.
    """

    pool: Pool
    volumes: List[Volume]
    aliases: Dict[str, str] = {}
    tasks: Tuple[Task, ...] = ()
    marks: Tuple[Mark, ...] = ()
    #: Bricks of the volume that wait for healing; looked at only where bricks may be added, or files moved.
    unhealed: Tuple[HealCount, ...] = ()
    #: Of GlusterFS, "" where it is not known.
    version: str = ""
    #: By volume the names of those bricks of a started volume that have no process.
    offline: Dict[str, Tuple[str, ...]] = {}
    groups: Dict[str, Dict[str, str]] = {}


class ObservedVolumes(_ObservedFields):
    """All volumes of the pool, and what is known of the bricks that are desired.

    To plan many volumes, make one of these and use _replace for what differs: that keeps the lookup.
    """

    @MadeOnce
    def lookup(self) -> VolumeIndex:
        """Finds volumes, members and brick directories."""
        return VolumeIndex(self.pool, self.volumes)

    def _replace(self, **changes: Any) -> "ObservedVolumes":
        replaced = super(ObservedVolumes, self)._replace(**changes)
        if replaced.volumes is self.volumes and replaced.pool is self.pool:
            replaced.__dict__["lookup"] = self.lookup
        return replaced

    def find(self, name: str) -> Optional[Volume]:
        """Return the volume of that name, or None."""
        return self.lookup.by_name.get(name)


def checked_desired(desired: DesiredVolume) -> DesiredVolume:
    """Return the volume with its options under their long names; raises InputError for what is always wrong."""
    if not _NAME.match(desired.name) or desired.name == "all":
        raise InputError("name: %r; use letters, digits, - and _, at most 255" % desired.name)
    options = wanted_options(desired.options)
    both = {long_name(name) for name in desired.reset} & set(options) if desired.reset else set()
    if both:
        raise InputError(
            "reset_options: found %s in options, too; leave it out of one of them" % ", ".join(sorted(both))
        )
    if desired.bricks is not None:
        _check_bricks(desired.bricks, desired.shape)
    return desired._replace(options=options)


def _check_bricks(bricks: Sequence[Brick], shape: Optional[Shape]) -> None:
    found = Counter((brick.host, brick.path) for brick in bricks)
    if len(found) < len(bricks):
        twice = sorted("%s:%s" % place for place, count in found.items() if count > 1)
        raise InputError("bricks: found %s twice; name each brick once" % ", ".join(twice))
    local = [brick.name for brick in bricks if brick.host in ("localhost", "127.0.0.1", "::1")]
    if local:
        raise InputError("bricks: %s: other members can't reach that name; use the node's address" % ", ".join(local))
    if shape and len(bricks) % shape.width:
        raise InputError(
            "bricks: found %s bricks, no whole sets of %s; write a multiple of %s"
            % (len(bricks), shape.describe(), shape.width)
        )


def plan_volume(desired: DesiredVolume, observed: ObservedVolumes) -> Plan:
    """Return the Plan from the observed state to the desired state.

    Raises InputError, PlanError or UnsafeChangeError before anything is changed.
    """
    if GROUP in desired.options:
        desired = desired._replace(options=expand_group(desired.options, observed.groups))
    desired = checked_desired(desired)
    volume = observed.find(desired.name)
    if desired.state == "absent":
        steps = _removal_steps(volume, observed) if volume else []
    elif volume is None:
        steps = _creation_steps(desired, observed)
    else:
        steps = _change_steps(desired, volume, observed)
    before = describe_volume(volume)
    return Plan(steps, before, _after(desired, volume, before) if steps else before)


def describe_volume(volume: Optional[Volume]) -> Dict[str, Any]:
    """Return a volume as C(--diff) shows it."""
    if volume is None:
        return {"state": "absent"}
    return {
        "state": "started" if volume.is_started else "stopped",
        "bricks": [brick.name for brick in volume.bricks],
        "options": dict(sorted(volume.options.items())),
    }


def _after(desired: DesiredVolume, volume: Optional[Volume], before: Dict[str, Any]) -> Dict[str, Any]:
    if desired.state == "absent":
        return {"state": "absent"}
    options = dict(before.get("options", {}), **desired.options)
    for name in desired.reset:
        options.pop(long_name(name), None)
    kept = list(before.get("bricks", []))
    added = [brick.name for brick in (desired.bricks or ())][len(kept) :]
    state = before["state"] if desired.state == "present" and volume else desired.state
    return {
        "state": "stopped" if state == "present" else state,
        "bricks": kept + added,
        "options": dict(sorted(options.items())),
    }


def _step(kind: str, desired_name: str, *words: str, target: str = "", destroys: bool = False) -> Step:
    argv = tuple(gluster_argv(["volume"] + list(words)))
    return Step(kind, target or desired_name, argv, destroys, lane=desired_name)


def _removal_steps(volume: Volume, observed: ObservedVolumes) -> List[Step]:
    _refuse_tasks(volume, observed, "removing it")
    if volume.snapshots:
        raise UnsafeChangeError("name: %s has %s snapshots; delete them first" % (volume.name, volume.snapshots))
    stop = [_step("stop_volume", volume.name, "stop", volume.name)] if volume.is_started else []
    return stop + [_step("delete_volume", volume.name, "delete", volume.name, destroys=True)]


def _refuse_tasks(volume: Volume, observed: ObservedVolumes, doing: str) -> None:
    for task in observed.tasks:
        if task.is_running or task.is_removal:
            raise PlanError(
                "name: %s has a task: %s, %s; let it end (or commit or stop it) before %s"
                % (volume.name, task.kind, task.status, doing)
            )


def _creation_steps(desired: DesiredVolume, observed: ObservedVolumes) -> List[Step]:
    if not desired.bricks:
        raise InputError("bricks: volume %s does not exist; name its bricks to make it" % desired.name)
    if desired.shape is None:
        raise InputError("type: volume %s does not exist; name its type to make it" % desired.name)
    _check_new_bricks(desired, desired.bricks, desired.shape, observed)
    words = desired.shape.words + tuple(brick.name for brick in desired.bricks) + (("force",) if desired.force else ())
    steps = _clear_steps(desired, observed)
    steps.append(_step("create_volume", desired.name, "create", desired.name, *words))
    steps.extend(_set_step(desired.name, _first_options(desired, observed.version)))
    if desired.state == "started":
        steps.append(_step("start_volume", desired.name, "start", desired.name))
    return steps


def _clear_steps(desired: DesiredVolume, observed: ObservedVolumes) -> List[Step]:
    steps = clear_steps(observed.marks, observed.lookup.owners) if observed.marks else []
    return [step._replace(lane=desired.name) for step in steps]


def _first_options(desired: DesiredVolume, version: str) -> Dict[str, str]:
    """Return the options that a new volume gets before it is started."""
    keeps_replicas = desired.shape is not None and desired.shape.replicas > 1
    return {**missing_defaults(version, keeps_replicas), **desired.options}


def _option_steps(desired: DesiredVolume, volume: Volume) -> List[Step]:
    """Return the steps that set what differs, and the one option that a started volume takes in another way."""
    options = differing(desired.options, volume.options)
    value = options.pop(GRANULAR_HEAL, None) if volume.is_started else None
    steps = _set_step(desired.name, options, "set_first_options" if _is_first_start(desired, volume) else "set_options")
    if value is not None:
        word = "enable" if canonical_value(GRANULAR_HEAL, value) == "on" else "disable"
        steps.append(_step("set_granular_heal", desired.name, "heal", desired.name, "granular-entry-heal", word))
    return steps


def _set_step(name: str, options: Mapping[str, str], kind: str = "set_options") -> List[Step]:
    words = [word for option in sorted(options.items()) for word in option]
    return [_step(kind, name, "set", name, *words)] if words else []


def _is_first_start(desired: DesiredVolume, volume: Volume) -> bool:
    return desired.state == "started" and volume.status == NEVER_STARTED


def _check_new_bricks(desired: DesiredVolume, bricks: Sequence[Brick], shape: Shape, observed: ObservedVolumes) -> None:
    _refuse_missing_hosts(bricks, observed)
    _refuse_taken_paths(bricks, observed)
    if not desired.force:
        _refuse_shared_hosts(bricks, shape, observed)


def _refuse_missing_hosts(bricks: Iterable[Brick], observed: ObservedVolumes) -> None:
    for brick in bricks:
        peer = observed.lookup.members.get(observed.aliases.get(brick.host))
        # A pool without peers is one that nobody could ask: check mode on a node without a running glusterd.
        if peer is None and observed.pool.peers:
            raise PlanError(
                "bricks: %s: %s is not in the pool; probe it first (gluster_peer)" % (brick.name, brick.host)
            )
        if peer is not None and not peer.is_well:
            raise PlanError(
                "bricks: %s: %s is '%s'%s; bring it back before bricks are added there"
                % (brick.name, brick.host, peer.state_text, "" if peer.connected else " and disconnected")
            )


def _refuse_taken_paths(bricks: Iterable[Brick], observed: ObservedVolumes) -> None:
    for brick in bricks:
        taken = observed.lookup.paths.find(*_key(brick, observed))
        if taken:
            raise UnsafeChangeError(
                "bricks: %s is, holds or lies in %s, a brick of volume %s; name another directory"
                % (brick.name, taken.brick.name, taken.volume)
            )


def _refuse_shared_hosts(bricks: Sequence[Brick], shape: Shape, observed: ObservedVolumes) -> None:
    if shape.width == 1:
        return
    for first in range(0, len(bricks), shape.width):
        chosen = bricks[first : first + shape.width]
        hosts = [_key(brick, observed)[0] for brick in chosen]
        if len(set(hosts)) < len(hosts):
            shared = [brick.name for brick, host in zip(chosen, hosts) if hosts.count(host) > 1]
            raise PlanError(
                "bricks: %s are in one set and on one host, which would lose them together; "
                "use another order or other hosts (force: true takes them as they are)" % ", ".join(shared)
            )


def _key(brick: Brick, observed: ObservedVolumes) -> Tuple[str, str]:
    """What a brick is compared by: the member's uuid, whatever name it was given by, and the path."""
    return (brick.host_uuid or observed.aliases.get(brick.host, brick.host), brick.path)


def _change_steps(desired: DesiredVolume, volume: Volume, observed: ObservedVolumes) -> List[Step]:
    if desired.shape is not None:
        _refuse_other_shape(desired.shape, volume)
    new = _new_bricks(desired, volume, observed)
    steps = _reset_steps(desired, volume)
    steps.extend(_option_steps(desired, volume))
    if new:
        steps.extend(_growth_steps(desired, volume, new, observed))
    if _is_first_start(desired, volume):
        steps.extend(_first_start_steps(desired, volume, observed, steps))
    else:
        steps.extend(_state_steps(desired, volume, observed))
    steps.extend(_rebalance_steps(desired, volume, new, observed))
    return steps


def volume_shape(volume: Volume) -> Shape:
    """Return what one set of a volume is made of."""
    return Shape("", volume.replicas, volume.arbiters, volume.disperse, volume.redundancy)


def _refuse_other_shape(shape: Shape, volume: Volume) -> None:
    present = volume_shape(volume)
    if present.counts == shape.counts:
        return
    if keeps_copies(present, shape):
        raise PlanError(
            "type: volume %s is %s, not %s; run the playbook expand (gluster_replica), which changes the copies that a "
            "volume keeps" % (volume.name, present.describe(), shape.describe())
        )
    raise PlanError(
        "type: volume %s is %s, not %s, and GlusterFS can't change that; make another volume, and copy the files"
        % (volume.name, present.describe(), shape.describe())
    )


def _new_bricks(desired: DesiredVolume, volume: Volume, observed: ObservedVolumes) -> Tuple[Brick, ...]:
    """Return the desired bricks behind the present ones, which must be the beginning of the list, in order."""
    if desired.bricks is None:
        return ()
    wanted = [_key(brick, observed) for brick in desired.bricks]
    present = [(brick.host_uuid or brick.host, brick.path) for brick in volume.bricks]
    if wanted[: len(present)] != present:
        _refuse_other_beginning(volume, wanted, present)
    new = desired.bricks[len(present) :]
    if len(new) % volume.set_width:
        raise InputError(
            "bricks: volume %s grows by whole sets of %s bricks, and found are %s new ones; add whole sets"
            % (volume.name, volume.set_width, len(new))
        )
    return new


def _refuse_other_beginning(
    volume: Volume, wanted: Sequence[Tuple[str, str]], present: Sequence[Tuple[str, str]]
) -> NoReturn:
    listed = set(wanted)
    missing = [brick.name for brick, key in zip(volume.bricks, present) if key not in listed]
    if missing:
        raise UnsafeChangeError(
            "bricks: %s %s in volume %s but not in the list; leaving a brick out removes nothing: list all bricks, "
            "or remove it on purpose with 'gluster volume remove-brick'"
            % (", ".join(missing), "is" if len(missing) == 1 else "are", volume.name)
        )
    raise PlanError(
        "bricks: the order differs from that of volume %s, which can't be changed; list new bricks behind these: %s"
        % (volume.name, ", ".join(brick.name for brick in volume.bricks))
    )


def _reset_steps(desired: DesiredVolume, volume: Volume) -> List[Step]:
    names = sorted({long_name(name) for name in desired.reset} & set(volume.options)) if desired.reset else []
    personal = [name for name in names if name.startswith("user.")]
    if personal:
        raise InputError("reset_options: GlusterFS can't reset %s; set another value" % ", ".join(personal))
    return [
        _step("reset_option", desired.name, "reset", desired.name, name, target="%s %s" % (desired.name, name))
        for name in names
    ]


def _growth_steps(
    desired: DesiredVolume, volume: Volume, new: Sequence[Brick], observed: ObservedVolumes
) -> List[Step]:
    _refuse_tasks(volume, observed, "adding bricks")
    _refuse_unhealed(volume, observed, "bricks are added")
    shape = volume_shape(volume)
    _check_new_bricks(desired, new, shape, observed)
    words = [brick.name for brick in new] + (["force"] if desired.force else [])
    mark = (
        [_step("set_options", desired.name, "set", desired.name, REBALANCE_MARK, PENDING)] if desired.rebalance else []
    )
    add = _step("add_bricks", desired.name, "add-brick", desired.name, *words)
    return _clear_steps(desired, observed) + mark + [add]


def _refuse_unhealed(volume: Volume, observed: ObservedVolumes, doing: str) -> None:
    """What moves files reads copies of them, and may read one that is behind."""
    new = filling_objections(volume, [brick.name for brick in volume.bricks])
    if new:
        raise PlanError(
            "name: volume %s has bricks that are not filled, so that no files move: %s; run the playbook heal first"
            % (volume.name, "; ".join(new))
        )
    waiting = ["%s on %s" % (count.pending, count.brick) for count in observed.unhealed if count.pending]
    if waiting:
        raise PlanError(
            "name: volume %s has entries that wait for healing (%s); let them heal before %s (gluster volume heal %s "
            "info summary)" % (volume.name, ", ".join(waiting), doing, volume.name)
        )


def _state_steps(desired: DesiredVolume, volume: Volume, observed: ObservedVolumes) -> List[Step]:
    if desired.state == "started" and not volume.is_started:
        return [_step("start_volume", desired.name, "start", desired.name)]
    if desired.state == "stopped" and volume.is_started:
        _refuse_tasks(volume, observed, "stopping it")
        return [_step("stop_volume", desired.name, "stop", desired.name)]
    return _brick_start_steps(desired, observed) if desired.state == "started" else []


def _brick_start_steps(desired: DesiredVolume, observed: ObservedVolumes) -> List[Step]:
    """Start the bricks without a process. To a started volume, C(start force) does just that and nothing else.

    It also takes a directory without a mark for a brick, so it is not said unless the bricks were looked at.
    """
    offline = set(observed.offline.get(desired.name, ()))
    if not any(brick.name in offline for brick in desired.start_bricks):
        return []
    return [_step("start_bricks", desired.name, "start", desired.name, "force")]


def _first_start_steps(
    desired: DesiredVolume, volume: Volume, observed: ObservedVolumes, before: Sequence[Step]
) -> List[Step]:
    """Start a volume for the first time, which an earlier call, perhaps one that was cut off, has created.

    A member whose power was cut then may have lost what glusterd wrote of the volume and still know its name. Setting
    any option, to the value that it has, makes every member write all of it anew; where one can't, that fails before
    the volume is started on the others only. Where options differ, setting them (one of the steps before) does that,
    and where no member lost its power, there is nothing to write.
    """
    _refuse_absent_members(volume, observed)
    start = [_step("start_volume", desired.name, "start", desired.name)]
    value = volume.options.get(_ANY_OPTION)
    if value is None or desired.stored_everywhere or any(step.kind == "set_first_options" for step in before):
        return start
    return [_step("rewrite_volume_files", desired.name, "set", desired.name, _ANY_OPTION, value)] + start


def _refuse_absent_members(volume: Volume, observed: ObservedVolumes) -> None:
    """Refuse to start a volume for the first time without all its bricks.

    A new brick that a power cut took the mark from would miss the start, which else is refused because of it, and its
    mark is given back only as long as the volume was never started.
    """
    peers = observed.lookup.members
    absent = [brick.name for brick in volume.bricks if brick.host_uuid in peers and not peers[brick.host_uuid].is_well]
    if absent:
        raise PlanError(
            "state: volume %s was never started, and these bricks are on members that are not connected: %s; bring "
            "them back first" % (volume.name, ", ".join(absent))
        )


def _rebalance_steps(
    desired: DesiredVolume, volume: Volume, new: Sequence[Brick], observed: ObservedVolumes
) -> List[Step]:
    waits = volume.options.get(REBALANCE_MARK) == PENDING
    started = desired.state == "started" or (desired.state == "present" and volume.is_started)
    if not (desired.rebalance and started and (new or waits)):
        return []
    if any(task.kind == "Rebalance" and task.is_running for task in observed.tasks):
        start = []
    else:
        _refuse_unhealed(volume, observed, "its files are spread anew")
        start = [_step("start_rebalance", desired.name, "rebalance", desired.name, "start")]
    mark = started_mark(brick.name for brick in volume.bricks + tuple(new))
    return start + [_step("set_options", desired.name, "set", desired.name, REBALANCE_MARK, mark)]
