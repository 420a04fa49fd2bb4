# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether new bricks are being filled from the others of their sets, or have been. Pure. PRIVATE to the collection.

A copy that is new holds nothing, and GlusterFS knows that by a mark on the root of the others, which the node of the
new brick has set at the end of the command. Where its power is cut before, nothing waits for healing, and the empty
brick looks whole. So the volume itself remembers in an option which of its bricks are new, until they are healed.
"""

from typing import Dict, Iterable, List, Mapping, Sequence, Set
from urllib.parse import quote, unquote

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import PlanError
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import BrickStatus, HealCount, Volume
from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import MIB

#: The option of the volume. Options that begin with C(user.) mean nothing to GlusterFS, which resets none of them.
FILLING_MARK = "user.brickwork-filling"
#: No brick is new.
NOTHING = "none"
#: The command that takes a brick in was begun, and nobody knows how it ended; or it has succeeded, and healing goes on.
MARKING, HEALING = "marking", "healing"
#: The last brick of each set of that many: what copies that are added are. One word for all, as the option is short.
_LAST = "last"
#: glusterd reads its files in lines of 4096 bytes.
_LONGEST = 3000

#: Bytes by which two bricks may differ that hold the same: what the file system takes for itself.
_HARDLY_ANYTHING = 16 * MIB


def fillings(volume: Volume) -> Dict[str, str]:
    """Return by the names of a volume's new bricks whether GlusterFS is sure to fill them: HEALING or MARKING."""
    found: Dict[str, str] = {}
    for word in volume.options.get(FILLING_MARK, NOTHING).split(","):
        state, _colon, what = word.partition(":")
        if state in (MARKING, HEALING):
            found.update(dict.fromkeys(_meant(what, volume), state))
    return {brick.name: found[brick.name] for brick in volume.bricks if brick.name in found}


def _meant(what: str, volume: Volume) -> List[str]:
    if what == _LAST + str(volume.set_width):
        return [bricks[-1].name for bricks in volume.brick_sets]
    return [unquote(what)]


def last_of_each(width: int, state: str) -> str:
    """Return the value of the mark where the last brick of each set of that many is new."""
    return "%s:%s%s" % (state, _LAST, width)


def filling_value(volume: Volume, changes: Mapping[str, str]) -> str:
    """Return the value of the mark after changes of single bricks: to MARKING, HEALING or NOTHING."""
    found = dict(fillings(volume), **changes)
    words = ["%s:%s" % (found[name], quote(name, "/:")) for name in sorted(found) if found[name] != NOTHING]
    text = ",".join(words) or NOTHING
    lasts = [bricks[-1].name for bricks in volume.brick_sets]
    for state in (MARKING, HEALING):
        if {name: one for name, one in found.items() if one != NOTHING} == dict.fromkeys(lasts, state):
            text = min(text, last_of_each(volume.set_width, state), key=len)
    if len(text) > _LONGEST:
        raise PlanError(
            "volume: found %s bricks of %s that are being filled; let them heal (the playbook heal) before more come"
            % (len(words), volume.name)
        )
    return text


def filling_objections(volume: Volume, bricks: Iterable[str]) -> List[str]:
    """Return, for these bricks of a volume, which of them are new, so that nobody may rely on what they hold."""
    found = fillings(volume)
    return [
        "brick %s is new, and not known to be filled: run the playbook heal (gluster_heal), which sees to that" % name
        for name in bricks
        if name in found
    ]


def not_begun(
    volume: Volume, new: Iterable[str], status: Sequence[BrickStatus], heals: Iterable[HealCount]
) -> List[str]:
    """Return the new bricks of which nothing tells that they are being filled.

    Either something of their set is listed as waiting for healing, or they hold about as much as the others, as in a
    volume that holds nothing.
    """
    waiting = {count.brick for count in heals if count.pending}
    return [name for name in new if not _waits(volume, name, waiting) and not _is_full(volume, name, status)]


def _waits(volume: Volume, name: str, waiting: Set[str]) -> bool:
    """Whether something of a brick's set waits. Of another set it would tell nothing."""
    return not waiting.isdisjoint(brick.name for brick in volume.set_of(name))


def _is_full(volume: Volume, name: str, status: Sequence[BrickStatus]) -> bool:
    """Whether a brick holds about as much as the others of its set. An arbiter never does, and one is not compared."""
    kin = {brick.name for brick in volume.set_of(name) if not brick.arbiter}
    used = {one.name: one.size - one.free for one in status if one.size and one.free is not None and one.name in kin}
    return name not in used or used[name] >= max(used.values()) - _HARDLY_ANYTHING
