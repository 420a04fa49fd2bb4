# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which bricks are lost, and whether enough of their sets is left to make them anew. Pure. PRIVATE to the collection.

Several of a set may be lost as long as the rest holds all files: an arbiter holds none, and a brick that is new, or
not mounted in its place, does not count. More than one is only taken for lost where the inventory says so
of each: disks that a shelf or a cable has taken away come back, and may hold what the rest lacks.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.filling import (
    FILLING_MARK,
    NOTHING,
    filling_value,
    fillings,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Brick, Volume
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.redundancy import holds_all, sources_needed
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.volumes_plan import offline_bricks
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.brick_findings import BrokenBrick
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.records import ObservedCluster
from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.disks import given_up


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
    return frozenset(on_nodes | (cluster.lost_in_place - serving))


def _is_on_lost_node(brick: Brick, cluster: ObservedCluster) -> bool:
    absent = cluster.absent_by_uuid.get(brick.host_uuid)
    return absent is not None and absent.lost


class Losses(NamedTuple):
    """By name the bricks that are lost, and of the others those that nothing can be filled from now.

    stale are those that are not mounted in their place, silent those on nodes that are away and come back.
    """

    lost: frozenset[str]
    stale: frozenset[str] = frozenset()
    silent: frozenset[str] = frozenset()


def losses(lost: frozenset[str], stale: Collection[str], cluster: ObservedCluster) -> Losses:
    """Return the Losses of a cluster that has lost these bricks."""
    return Losses(lost, frozenset(stale) - lost, _silent(cluster) - lost)


def _silent(cluster: ObservedCluster) -> frozenset[str]:
    """Return the bricks that do not serve while their nodes are away: on the others, heal and replace start them."""
    offline = {name for names in offline_bricks(cluster.answer.bricks).values() for name in names}
    away = {uuid for uuid, node in cluster.absent_by_uuid.items() if not (node.lost or node.renewed)}
    bricks = (brick for volume in cluster.answer.volumes for brick in volume.bricks) if offline and away else ()
    return frozenset(brick.name for brick in bricks if brick.name in offline and brick.host_uuid in away)


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


def hopeless_sets(volume: Volume, found: Losses) -> list[tuple[Brick, ...]]:
    """Return the sets of which not enough is left, or is there now, to fill a new brick from."""
    losers = [bricks for bricks in volume.brick_sets if any(brick.name in found.lost for brick in bricks)]
    return [bricks for bricks in losers if not holds_all(volume, _sources(volume, bricks, found))]


def hopeless(volume: Volume, found: Losses, cluster: ObservedCluster) -> list[str]:
    """Say of each of these sets what is lost, and what of the volume can still be read."""
    sets = hopeless_sets(volume, found)
    return [
        _silence(volume, bricks, found)
        or _doubt(volume, bricks, found, cluster.serving)
        or _sentence(volume, bricks, found, len(sets))
        for bricks in sets
    ]


def _silence(volume: Volume, bricks: Sequence[Brick], found: Losses) -> str:
    """Say which bricks are to be brought back, "" where too little is left with them, too."""
    silent = [brick for brick in bricks if brick.name in found.silent and brick.name not in fillings(volume)]
    if not silent or not holds_all(volume, _sources(volume, bricks, found) + silent):
        return ""
    return (
        f"volume {volume.name} has lost {_names(bricks, found.lost)} of one set, and a new brick can't be filled "
        f"without {', '.join(brick.name for brick in silent)}, which does not serve, as its node is away; bring that "
        "back first"
    )


def _doubt(volume: Volume, bricks: Sequence[Brick], found: Losses, serving: Collection[str]) -> str:
    """Say which bricks that are left may be whole, "" where that would not do: that one is new is noted until it heals.

    Healing ends only with all bricks of the set, so that a note may be older than the loss, and wrong since long.
    """
    new = [brick for brick in bricks if brick.name in fillings(volume) and brick.name in serving]
    doubtful = [brick for brick in new if brick.name not in found.lost | found.stale]
    if not doubtful or not holds_all(volume, _sources(volume, bricks, found) + doubtful):
        return ""
    # The notes of all other bricks stay.
    value = filling_value(volume, dict.fromkeys((brick.name for brick in doubtful), NOTHING))
    return (
        f"volume {volume.name} has lost {_names(bricks, found.lost)} of one set, and "
        f"{', '.join(brick.name for brick in doubtful)} is noted as new; compare what it holds with what is to be "
        f"there; if it is whole: gluster volume set {volume.name} {FILLING_MARK} '{value}'; if "
        "it is not, bring one of the lost bricks back, or restore from a backup"
    )


def _names(bricks: Sequence[Brick], chosen: Collection[str]) -> str:
    return ", ".join(brick.name for brick in bricks if brick.name in chosen)


def _sources(volume: Volume, bricks: Sequence[Brick], found: Losses) -> list[Brick]:
    unfit = {*found.lost, *found.stale, *found.silent, *fillings(volume)}
    return [brick for brick in bricks if brick.name not in unfit]


def _sentence(volume: Volume, bricks: Sequence[Brick], found: Losses, hopeless_sets: int) -> str:
    left = [_described(brick, volume, found) for brick in bricks if brick.name not in found.lost]
    sources = sum(not brick.arbiter for brick in _sources(volume, bricks, found))
    return (
        f"volume {volume.name} has lost {_names(bricks, found.lost)} of one set, and what is left of it "
        f"({', '.join(left) or 'nothing'}) does not hold all files: {sources} bricks do, and it takes "
        f"{sources_needed(volume)}; {_readable(volume, bricks, found, hopeless_sets)}: bring one "
        "of these bricks back, or restore what was on the set from a backup"
    )


def _readable(volume: Volume, bricks: Sequence[Brick], found: Losses, hopeless_sets: int) -> str:
    """Say what clients still have."""
    old = [brick for brick in bricks if brick.name in found.stale and not brick.arbiter]
    here = f"what {', '.join(brick.name for brick in old)} shows of its files may be old" if old else ""
    whole = volume.sets - hopeless_sets
    others = f"the files on its {whole} other sets can still be read" if whole else "none of its files can be read"
    return here or others


def _described(brick: Brick, volume: Volume, found: Losses) -> str:
    if brick.arbiter:
        return f"{brick.name}, an arbiter, which has names and no contents"
    if brick.name in found.stale:
        return f"{brick.name}, which is not mounted in its place"
    if brick.name in found.silent:
        return f"{brick.name}, whose node is away"
    return f"{brick.name}, new and not filled" if brick.name in fillings(volume) else brick.name
