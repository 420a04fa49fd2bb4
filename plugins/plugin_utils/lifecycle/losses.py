# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which bricks are lost, and whether enough of their sets is left to make them anew. Pure. PRIVATE to the collection.

Several of a set may be lost as long as the rest holds all files: an arbiter holds none, and a brick that is new does
not count. More than one is only taken for lost where the inventory says so of each: disks that a shelf or a cable has
taken away come back, and may hold what the rest lacks.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.filling import (
    FILLING_MARK,
    NOTHING,
    filling_value,
    fillings,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Brick, Volume
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.redundancy import holds_all, sources_needed
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.brick_findings import BrokenBrick
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.records import ObservedCluster
from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.disks import LOST, given_up


def lost_bricks(broken: Iterable[BrokenBrick], gone: Mapping[str, str], cluster: ObservedCluster) -> frozenset[str]:
    """Return the names of all bricks that do not come back; gone are those that are given up with what they were on.

    On a node that answers, one that still serves is none of them, whatever the inventory says of its place.
    """
    dead = {found.brick.name for found in broken}
    return frozenset(dead | set(gone) | _said_to_be_lost(cluster))


def stated_losses(broken: Iterable[BrokenBrick], cluster: ObservedCluster) -> frozenset[str]:
    """Return the names of the bricks of which the inventory says that they, their disk or their node is lost."""
    return frozenset(given_up(broken, cluster)) | _said_to_be_lost(cluster)


def _said_to_be_lost(cluster: ObservedCluster) -> frozenset[str]:
    bricks, serving = [brick for volume in cluster.answer.volumes for brick in volume.bricks], cluster.serving
    on_nodes = {brick.name for brick in bricks if _is_on_lost_node(brick, cluster)}
    return frozenset(on_nodes | (lost_in_place(cluster) - serving))


def lost_in_place(cluster: ObservedCluster) -> frozenset[str]:
    """Return the names of the bricks of which the inventory says that they, or their disks, are lost.

    Their nodes answer, and may well have them still, as they were long ago: who reads old files says so of a brick.
    """
    bricks = [brick for volume in cluster.answer.volumes for brick in volume.bricks]
    return frozenset(brick.name for brick in bricks if _is_at_lost_place(brick, cluster))


def _is_on_lost_node(brick: Brick, cluster: ObservedCluster) -> bool:
    absent = cluster.absent_by_uuid.get(brick.host_uuid)
    return absent is not None and absent.lost


def _is_at_lost_place(brick: Brick, cluster: ObservedCluster) -> bool:
    node = cluster.by_uuid.get(brick.host_uuid)
    if node is None:
        return False
    disk = node.disks.bricks.get(brick.path, {}).get("device") or ""
    return LOST in (node.brick_states.get(brick.path), node.disk_states.get(disk))


def lost_with(name: str, volume: Volume, lost: Collection[str]) -> list[str]:
    """Return the others of a brick's set that are lost as well."""
    return [brick.name for brick in volume.set_of(name) if brick.name in lost and brick.name != name]


def unsaid_sets(volume: Volume, lost: Collection[str], stated: Collection[str]) -> list[tuple[Brick, ...]]:
    """Return the sets that have lost several bricks, though the inventory does not say so of each."""
    losses = {bricks: [brick.name for brick in bricks if brick.name in lost] for bricks in volume.brick_sets}
    return [bricks for bricks, names in losses.items() if len(names) > 1 and not set(names) <= set(stated)]


def unsaid(volume: Volume, lost: Collection[str], stated: Collection[str], cluster: ObservedCluster) -> list[str]:
    """Say of each of these sets what is to be written where its bricks do not come back."""
    return [_asking(volume, bricks, lost, stated, cluster) for bricks in unsaid_sets(volume, lost, stated)]


def _asking(
    volume: Volume, bricks: Sequence[Brick], lost: Collection[str], stated: Collection[str], cluster: ObservedCluster
) -> str:
    found = [brick for brick in bricks if brick.name in lost]
    silent = [brick for brick in found if brick.name not in stated]
    return (
        f"volume {volume.name} has lost {', '.join(brick.name for brick in found)} of one set, and the inventory does "
        f"not say that {', '.join(brick.name for brick in silent)} is lost: it may come back, and hold what the others "
        f"lack; bring it back, or write in gluster_bricks {' and '.join(_entry(brick, cluster) for brick in silent)}"
    )


def _entry(brick: Brick, cluster: ObservedCluster) -> str:
    node = cluster.host_of(brick.host_uuid)
    return f"of {node.name if node else brick.host} '{{path: {brick.path}, state: lost}}'"


def hopeless_sets(volume: Volume, lost: Collection[str]) -> list[tuple[Brick, ...]]:
    """Return the sets of which not enough is left to fill a new brick from."""
    losers = [bricks for bricks in volume.brick_sets if any(brick.name in lost for brick in bricks)]
    return [bricks for bricks in losers if not holds_all(volume, _sources(volume, bricks, lost))]


def hopeless(volume: Volume, lost: Collection[str], cluster: ObservedCluster) -> list[str]:
    """Say of each of these sets what is lost, and what of the volume can still be read."""
    found = hopeless_sets(volume, lost)
    serving = cluster.serving
    return [_doubt(volume, bricks, lost, serving) or _sentence(volume, bricks, lost, len(found)) for bricks in found]


def _doubt(volume: Volume, bricks: Sequence[Brick], lost: Collection[str], serving: Collection[str]) -> str:
    """Say which bricks that are left may be whole, "" where that would not do: that one is new is noted until it heals.

    Healing ends only with all bricks of the set, so that a note may be older than the loss, and wrong since long.
    """
    new = [brick for brick in bricks if brick.name in fillings(volume) and brick.name in serving]
    doubtful = [brick for brick in new if brick.name not in lost]
    if not doubtful or not holds_all(volume, _sources(volume, bricks, lost) + doubtful):
        return ""
    gone = ", ".join(brick.name for brick in bricks if brick.name in lost)
    # The notes of all other bricks stay.
    value = filling_value(volume, dict.fromkeys((brick.name for brick in doubtful), NOTHING))
    return (
        f"volume {volume.name} has lost {gone} of one set, and {', '.join(brick.name for brick in doubtful)} is noted "
        f"as new; compare what it holds with what is to be there; if it is whole: gluster volume set {volume.name} "
        f"{FILLING_MARK} '{value}'; if it is not, bring one of the lost bricks back, or restore from a backup"
    )


def _sources(volume: Volume, bricks: Sequence[Brick], lost: Collection[str]) -> list[Brick]:
    new = fillings(volume)
    return [brick for brick in bricks if brick.name not in lost and brick.name not in new]


def _sentence(volume: Volume, bricks: Sequence[Brick], lost: Collection[str], hopeless_sets: int) -> str:
    gone = ", ".join(brick.name for brick in bricks if brick.name in lost)
    left = [_described(brick, volume) for brick in bricks if brick.name not in lost]
    sources = sum(not brick.arbiter for brick in _sources(volume, bricks, lost))
    whole = volume.sets - hopeless_sets
    readable = f"the files on its {whole} other sets can still be read" if whole else "none of its files can be read"
    return (
        f"volume {volume.name} has lost {gone} of one set, and what is left of it ({', '.join(left) or 'nothing'}) "
        f"does not hold all files: {sources} bricks do, and it takes {sources_needed(volume)}; {readable}: bring one "
        "of these bricks back, or restore what was on the set from a backup"
    )


def _described(brick: Brick, volume: Volume) -> str:
    if brick.arbiter:
        return f"{brick.name}, an arbiter, which has names and no contents"
    return f"{brick.name}, new and not filled" if brick.name in fillings(volume) else brick.name
