# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What waits for healing, what keeps it from ending, and the request to go on. PRIVATE to the collection."""

import time
from typing import Any, Dict, FrozenSet, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError, PlanError, VerifyError
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster import answers
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.filling import (
    FILLING_MARK,
    HEALING,
    MARKING,
    NOTHING,
    filling_value,
    fillings,
    not_begun,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import (
    Brick,
    BrickStatus,
    HealCount,
    Volume,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import format_size
from ansible_collections.brickwork.gluster.plugins.module_utils.waiting import Clock, wait_until_nothing

#: Seconds for the count of one volume, which goes through all entries that wait.
COUNT_TIMEOUT = 60
#: Seconds until a brick that was taken up anew has to serve, and its healing to have begun.
BEGIN_TIMEOUT = 120
#: Names of entries that are told of one volume.
NAMES = 10
_NO_DAEMON = "Self-heal daemon is not running"
#: Share of a brick that has to be free for healing to write there.
_ROOM = 0.01
#: What to do about a self-heal daemon that has died.
DEAD_DAEMON_REMEDY = "docs/repair.md, 'A self-heal daemon that died', tells how to start it"


class VolumeHeal(NamedTuple):
    """A started volume that keeps copies, and how far its bricks are. unknown is why they could not be counted.

    only are names of bricks: where there are any, just their sets are looked at. lost are names of bricks that are made
    anew later: until they serve, their sets are left out.
    """

    volume: Volume
    counts: Dict[str, HealCount]
    status: Dict[str, BrickStatus]
    unknown: str = ""
    only: FrozenSet[str] = frozenset()
    lost: FrozenSet[str] = frozenset()

    @property
    def sets(self) -> List[Tuple[Brick, ...]]:
        """The sets of bricks that keep the same files."""
        gone = {name for name in self.lost if not self.serves(name)}
        names = {bricks: {brick.name for brick in bricks} for bricks in self.volume.brick_sets}
        return [bricks for bricks, own in names.items() if not own & gone and (not self.only or self.only & own)]

    def serves(self, name: str) -> bool:
        """Whether clients reach a brick."""
        state = self.status.get(name)
        return bool(state and state.serves)

    @property
    def filling(self) -> Dict[str, str]:
        """The bricks that are new, by what is known of them; see filling.fillings."""
        looked_at = {brick.name for bricks in self.sets for brick in bricks}
        return {name: state for name, state in fillings(self.volume).items() if name in looked_at}

    @property
    def is_whole(self) -> bool:
        """Whether nothing is known to wait. Of a brick that is new, that does not say that it is filled."""
        return not (self.pending or self.split_brain or self.untold or self.obstacles)

    @property
    def untold(self) -> str:
        """Why nobody knows what waits, "" where all bricks that serve have told."""
        silent = [brick.name for bricks in self.sets for brick in bricks if self._is_silent(brick)]
        return self.unknown or ("%s can't tell what waits for healing" % ", ".join(silent) if silent else "")

    def _is_silent(self, brick: Brick) -> bool:
        count = self.counts.get(brick.name)
        return bool(self.serves(brick.name) and count and count.pending is None)

    @property
    def pending(self) -> int:
        """Entries that wait. Each brick that is whole lists what another of its set has missed, so the most counts."""
        return sum(max(self._number(brick, "pending") for brick in bricks) for bricks in self.sets)

    @property
    def split_brain(self) -> int:
        """Entries that no daemon can heal, since each copy accuses another."""
        return sum(max(self._number(brick, "split_brain") for brick in bricks) for bricks in self.sets)

    @property
    def behind(self) -> int:
        """Bytes by which bricks are emptier than the fullest of their set: about what is still to be copied."""
        return sum(self._behind(bricks) for bricks in self.sets)

    def _number(self, brick: Brick, field: str) -> int:
        count = self.counts.get(brick.name)
        return (getattr(count, field) or 0) if count else 0

    def _behind(self, bricks: Sequence[Brick]) -> int:
        states = [self.status.get(brick.name) for brick in bricks if not brick.arbiter]
        used = [state.size - state.free for state in states if state and state.size and state.free is not None]
        return sum(max(used) - one for one in used) if used else 0

    @property
    def obstacles(self) -> List[str]:
        """What keeps healing from its end, and does not go away by itself."""
        found = [self._obstacle(brick) for bricks in self.sets for brick in bricks]
        if self.split_brain:
            found.append(
                "%s entries are in split-brain (the playbook split_brain shows and resolves them)" % self.split_brain
            )
        return [text for text in found if text]

    def _obstacle(self, brick: Brick) -> str:
        state = self.status.get(brick.name)
        if state is None or not state.serves:
            return "brick %s does not serve" % brick.name
        if state.size and state.free is not None and state.free < state.size * _ROOM:
            return "brick %s is full (%s free)" % (brick.name, format_size(state.free))
        return ""


def observe_heals(
    gluster: Gluster, names: Sequence[str] = (), bricks: Sequence[str] = (), lost: Sequence[str] = ()
) -> List[VolumeHeal]:
    """Return how far the named volumes are, or all that keep copies and are started; with bricks, only their sets.

    That is two commands, and one for each volume. Raises InputError for a volume that there is not.
    """
    volumes = _chosen(gluster.volumes(), names)
    status = gluster.brick_status([volume.name for volume in volumes])
    heals = [_heal_of(volume, status.get(volume.name, ()), gluster) for volume in volumes]
    return [heal._replace(only=frozenset(bricks), lost=frozenset(lost)) for heal in heals]


def _chosen(volumes: Sequence[Volume], names: Sequence[str]) -> List[Volume]:
    unknown = sorted(set(names) - {volume.name for volume in volumes})
    if unknown:
        raise InputError("volumes: found no volume %s; write names of volumes that exist" % ", ".join(unknown))
    healing = [volume for volume in volumes if volume.is_started and volume.set_width > 1]
    return [volume for volume in healing if not names or volume.name in names]


def _heal_of(volume: Volume, status: Sequence[BrickStatus], gluster: Gluster) -> VolumeHeal:
    states = {one.name: one for one in status}
    try:
        counts = {count.brick: count for count in gluster.heal_counts(volume.name, COUNT_TIMEOUT)}
    except answers.UNREADABLE as error:
        cheap = {count.brick: count for count in gluster.cheap_heal_counts(volume.name, COUNT_TIMEOUT)}
        return VolumeHeal(volume, cheap, states, str(error))
    return VolumeHeal(volume, counts, states)


def names_of_waiting(gluster: Gluster, heal: VolumeHeal) -> List[str]:
    """Return the names of the first entries that wait in a volume, none where they could not be listed."""
    try:
        return gluster.waiting(heal.volume.name, COUNT_TIMEOUT)[:NAMES]
    except answers.UNREADABLE:
        return []


def request_heals(gluster: Gluster, heals: Sequence[VolumeHeal], full: bool = False) -> Dict[str, str]:
    """Have the self-heal daemons go on where entries wait, with full through all files; return by volume who refused.

    By themselves the daemons look every ten minutes, and a client that reconnects late leaves entries after that look.
    """
    asked = [heal for heal in heals if _is_due(heal, full)]
    answers_by_name = {heal.volume.name: _request(gluster, heal, full) for heal in asked}
    return {name: _with_remedy(why) for name, why in answers_by_name.items() if why}


def _request(gluster: Gluster, heal: VolumeHeal, full: bool) -> str:
    """Ask the daemons of a volume to go on, and start the one that does not run; return why they refuse, "" if not.

    Seen on 10.3: glusterd lost the daemon of a volume while bricks were changed on several nodes, and a start with
    force brought it back. That starts bricks, too, so it is done only where all of them serve.
    """
    name, refusal = heal.volume.name, gluster.heal(heal.volume.name, full)
    if _NO_DAEMON not in refusal or not all(heal.serves(brick.name) for brick in heal.volume.bricks):
        return refusal
    try:
        gluster.ask("volume", "start", name, "force")
    except answers.GlusterError:
        return refusal
    return gluster.heal(name, full)


def _is_due(heal: VolumeHeal, full: bool) -> bool:
    """A new brick counts as filled when all daemons say so: one that has died is found by asking them."""
    return full or bool(heal.pending) or bool(heal.filling)


def _with_remedy(refusal: str) -> str:
    """Measured on 7.5: a daemon that crashed stays away, and neither "heal enable" nor "start force" brings it back."""
    if _NO_DAEMON not in refusal:
        return refusal
    return "%s (%s)" % (refusal.rstrip(". "), DEAD_DAEMON_REMEDY)


def mark_new_bricks(gluster: Gluster, heals: Sequence[VolumeHeal], clock: Clock = time) -> bool:
    """Have GlusterFS mark anew what it may not have marked, as far as that harms nothing; return whether that was done.

    A walk through all files (C(heal full)) does not do: it goes through one brick of each set, and that may be the
    empty one (_select_hxlators_for_full_self_heal in glusterd-op-sm.c).
    """
    found = [(heal, name) for heal in heals for name in _to_be_marked(heal)]
    for heal, name in found:
        gluster.ask("volume", "reset-brick", heal.volume.name, name, "start")
        try:
            gluster.ask("volume", "reset-brick", heal.volume.name, name, name, "commit", "force")
        except answers.GlusterError as error:
            raise PlanError(
                "volume: %s: brick %s is new, and GlusterFS does not take it up anew (%s); see that glusterd is "
                "started anew on its node, and run the playbook heal" % (heal.volume.name, name, error)
            )
        _wait_until_begun(gluster, heal.volume.name, name, clock)
        _note(gluster, heal.volume.name, {name: HEALING})
    return bool(found)


def _to_be_marked(heal: VolumeHeal) -> List[str]:
    """Return one brick of a set at most: what was seen of the others is old once that one was stopped."""
    found = [[brick.name for brick in bricks if _is_to_be_marked(heal, brick.name)] for bricks in heal.sets]
    return [names[0] for names in found if names]


def _wait_until_begun(gluster: Gluster, volume: str, name: str, clock: Clock) -> None:
    """Wait until something tells that a brick is being filled; it stays noted as MARKING where nothing does."""

    def left() -> List[str]:
        return _not_begun(gluster, volume, name)

    def complaint(_left: List[str]) -> str:
        return (
            "volume: %s: brick %s was taken up anew, and after %s s it does not serve, or its healing has not begun; "
            "see /var/log/glusterfs/glustershd.log on its node and cluster.disperse-self-heal-daemon, and run the "
            "playbook heal" % (volume, name, BEGIN_TIMEOUT)
        )

    try:
        wait_until_nothing(left, BEGIN_TIMEOUT, clock, complaint)
    except VerifyError as error:
        raise PlanError(str(error))


def _not_begun(gluster: Gluster, name: str, brick: str) -> List[str]:
    """Of a dispersed volume nothing is listed until the self-heal daemon has seen the new brick; see ec.c."""
    volume, states = gluster.volumes(name)[0], gluster.brick_status([name]).get(name, [])
    if not any(one.name == brick and one.serves for one in states):
        return [brick]
    if not volume.disperse:
        return []
    try:
        return not_begun(volume, [brick], states, gluster.heal_counts(name, COUNT_TIMEOUT))
    except answers.UNREADABLE:
        return [brick]


def _is_to_be_marked(heal: VolumeHeal, name: str) -> bool:
    """Its process is stopped for a moment, so all of its set have to serve, and none may wait for what it alone has."""
    count = heal.counts.get(name)
    listed = count is None or count.pending is None or count.pending or count.split_brain
    others = all(heal.serves(brick.name) for brick in heal.volume.set_of(name))
    return heal.filling.get(name) == MARKING and others and not listed and not heal.split_brain


def confirm_filled(gluster: Gluster, heals: Sequence[VolumeHeal]) -> bool:
    """Note of new bricks that they are filled, where nothing waits any more; return whether that was done."""
    found = [
        heal for heal in heals if HEALING in heal.filling.values() and heal.is_whole and _lists_nothing(gluster, heal)
    ]
    for heal in found:
        _note(gluster, heal.volume.name, {name: NOTHING for name, state in heal.filling.items() if state == HEALING})
    return bool(found)


def _lists_nothing(gluster: Gluster, heal: VolumeHeal) -> bool:
    """The full count leaves out what is being healed at that moment; dispersed volumes have only that one.

    A count that failed tells nothing.
    """
    if heal.volume.disperse:
        return True
    looked_at = {brick.name for bricks in heal.sets for brick in bricks}
    known = {count.brick: count.pending for count in gluster.cheap_heal_counts(heal.volume.name, COUNT_TIMEOUT)}
    return all(known.get(name) == 0 for name in looked_at)


def _note(gluster: Gluster, name: str, changes: Dict[str, str]) -> None:
    gluster.ask("volume", "set", name, FILLING_MARK, filling_value(gluster.volumes(name)[0], changes))


def heal_facts(heal: VolumeHeal, refusal: Optional[str] = None) -> Dict[str, Any]:
    """Return a VolumeHeal as the module returns it. refusal is why the daemons did not take the request."""
    obstacles = heal.obstacles + (["the self-heal daemons refuse: %s" % refusal] if refusal else [])
    return {
        "name": heal.volume.name,
        "pending": heal.pending,
        "split_brain": heal.split_brain,
        "behind": heal.behind,
        "obstacles": obstacles,
        "unknown": heal.untold,
        "filling": sorted(heal.filling),
        "healed": heal.is_whole and not refusal and not heal.filling,
    }


def counted(params: Mapping[str, Any], gluster: Gluster, check_mode: bool, clock: Clock = time) -> Dict[str, Any]:
    """Count once, ask the daemons to go on unless in check mode, and return the module's answer."""

    def observe() -> List[VolumeHeal]:
        return observe_heals(gluster, params["volumes"], params["bricks"], params["lost"])

    heals = observe()
    noted = not check_mode and (mark_new_bricks(gluster, heals, clock) or confirm_filled(gluster, heals))
    heals = observe() if noted else heals
    refusals = {} if check_mode else request_heals(gluster, heals, params["full"])
    volumes = [
        dict(
            heal_facts(heal, refusals.get(heal.volume.name)),
            names=names_of_waiting(gluster, heal) if params["names"] and heal.pending else [],
        )
        for heal in heals
    ]
    changed = noted or any(params["full"] or heal.pending for heal in heals)
    return {"changed": bool(changed), "healed": all(volume["healed"] for volume in volumes), "volumes": volumes}
