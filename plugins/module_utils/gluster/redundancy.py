# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a volume serves its clients while a member is away. Pure. PRIVATE to the collection."""

from typing import Iterable

from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Brick, Volume


def serves_without(volume: Volume, uuid: str) -> bool:
    """Whether clients can read and write all of a Volume while the bricks of the member with that uuid are away."""
    needed = bricks_needed(volume)
    return all(sum(brick.host_uuid != uuid for brick in bricks) >= needed for bricks in volume.brick_sets)


def sources_needed(volume: Volume) -> int:
    """Return how many bricks of a set hold all of its files together; an arbiter holds none."""
    return max(volume.disperse - volume.redundancy, 1)


def holds_all(volume: Volume, bricks: Iterable[Brick]) -> bool:
    """Whether these bricks of a set hold all files of it."""
    return sum(not brick.arbiter for brick in bricks) >= sources_needed(volume)


def bricks_needed(volume: Volume) -> int:
    """Return how many bricks of each set of a Volume must be there for clients to write."""
    if volume.disperse:
        return volume.disperse - volume.redundancy
    if volume.replicas < 2:
        return 1
    return _replicas_needed(volume)


def _replicas_needed(volume: Volume) -> int:
    """What the option cluster.quorum-type asks for: GlusterFS itself takes auto for 3 copies and none for 2.

    auto for 2 asks for the first brick, which is at times the one that is away, so that both are needed.
    """
    kind = volume.options.get("cluster.quorum-type", "auto" if volume.replicas > 2 else "none")
    if kind == "fixed":
        return int(volume.options.get("cluster.quorum-count", volume.replicas))
    return volume.replicas // 2 + 1 if kind == "auto" else 1
