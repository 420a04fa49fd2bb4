# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether new bricks are being filled from the others of their sets, or have been. Pure. PRIVATE to the collection."""

from typing import Iterable, List, Sequence, Set

from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import BrickStatus, HealCount, Volume
from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import MIB

#: Bytes by which two bricks may differ that hold the same: what the file system takes for itself.
_HARDLY_ANYTHING = 16 * MIB


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
