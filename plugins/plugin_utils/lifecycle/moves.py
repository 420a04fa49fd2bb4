# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the bricks go of nodes and disks that are retired or lost. Pure. PRIVATE to the collection."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import BrickworkError, PlacementError
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Volume
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.volume_plan import volume_shape
from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import format_size
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.brick_findings import BrokenBrick
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.records import ObservedCluster
from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.disks import (
    given_up,
    leaving_place,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.gaps import (
    Gaps,
    NewBrick,
    Placing,
    data_size,
    fill,
    first_number,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.losses import (
    Losses,
    hopeless,
    losses,
    lost_bricks,
    lost_with,
    stated_losses,
    unsaid,
)

_Data = dict[str, Any]


class Move(NamedTuple):
    """A brick that another one takes the place of, and the node, or the disk, that it leaves.

    lost_with are others of its set that are lost.
    """

    volume: str
    brick: str
    leaving: str
    new: NewBrick
    lost_with: Sequence[str] = ()

    def describe(self) -> _Data:
        """Return it as plain data, with the new brick as lvm_brick takes it (made) and as a volume has it."""
        keys = {"volume": self.volume, "brick": self.brick, "leaving": self.leaving, "node": self.new.node}
        return {**keys, "new_brick": self.new.place, "made": self.new.made, "lost_with": list(self.lost_with)}

    def line(self) -> str:
        """Return it in words."""
        new = self.new
        return (
            f"volume {self.volume}: {self.brick} on {self.leaving} is replaced by {new.name} on {new.node} "
            f"({format_size(new.size)} on {new.device})"
        )


class Moves(NamedTuple):
    """What moves, and in sentences what can't."""

    made: list[Move]
    refused: list[str]


class _Loss(NamedTuple):
    """A volume that loses bricks: by their positions in it what these leave, and the sets with their gaps.

    positions are those of the sets' bricks in the volume.
    """

    leaving: Mapping[int, str]
    positions: list[int]
    gaps: Gaps

    @property
    def volume(self) -> Volume:
        """The volume."""
        return self.gaps.volume


def leavers(cluster: ObservedCluster) -> dict[str, str]:
    """Return by uuid the names of the members that are lost or retired."""
    lost = {uuid: node.name for uuid, node in cluster.absent_by_uuid.items() if node.lost}
    return {**lost, **{node.uuid: node.name for node in cluster.nodes if node.retired and cluster.is_member(node)}}


def moves(
    cluster: ObservedCluster, placing: Placing, broken: Sequence[BrokenBrick] = (), stale: Collection[str] = ()
) -> Moves:
    """Return where each brick of what leaves is to go. Room that one takes is none for the next.

    stale are the names of the bricks that are not mounted in their place.
    """
    names, waiting, gone = leavers(cluster), _waiting(cluster), given_up(broken, cluster)
    lost, stated = losses(lost_bricks(broken, gone, cluster), stale, cluster), stated_losses(broken, cluster)
    leaving = [(volume, _leaving(volume, names, gone, cluster)) for volume in cluster.answer.volumes]
    losing = [_loss(volume, found, cluster) for volume, found in leaving if found]
    if not losing:
        return Moves([], waiting)
    reasons = {one.volume.name: _refusals(one, lost, stated, cluster) for one in losing}
    refused = waiting + [reason for found in reasons.values() for reason in found]
    movable = [one for one in losing if not reasons[one.volume.name]]
    try:
        filled = _fill([one.gaps for one in movable], cluster, placing)
    except BrickworkError as error:
        return Moves([], refused + str(error).splitlines())
    return Moves([move for one in movable for move in _moves_of(one, filled[one.volume.name], lost.lost)], refused)


def _fill(gaps: Sequence[Gaps], cluster: ObservedCluster, placing: Placing) -> dict[str, dict[int, NewBrick]]:
    """Fill the gaps, on nodes where glusterd runs if they have the room.

    After a boot without a disk, glusterd of that node waits for it, and is started. One that is dead could not be.
    """
    try:
        return fill(gaps, cluster, placing)
    except PlacementError:
        return fill(gaps, cluster, placing, starting=True)


def _waiting(cluster: ObservedCluster) -> list[str]:
    """Name the retired nodes that can't give anything away now."""
    return [
        f"{node.name} is retired and {'is in maintenance' if node.maintenance else 'does not answer'}: bring it back, "
        "or write gluster_state: lost where it does not come back"
        for node in cluster.awaited
        if node.retired
    ]


def _leaving(
    volume: Volume, names: Mapping[str, str], gone: dict[str, str], cluster: ObservedCluster
) -> dict[int, str]:
    """Return by the positions of the bricks that leave what they leave: a node, or one disk of it."""
    found = {
        at: names.get(brick.host_uuid) or leaving_place(brick, cluster, gone) for at, brick in enumerate(volume.bricks)
    }
    return {at: name for at, name in found.items() if name}


def _loss(volume: Volume, leaving: Mapping[int, str], cluster: ObservedCluster) -> _Loss:
    width = volume.set_width
    sets = sorted({at // width for at in leaving})
    positions = [at for number in sets for at in range(number * width, (number + 1) * width)]
    bricks = [None if at in leaving else volume.bricks[at] for at in positions]
    first = first_number(volume, cluster)
    gaps = [at for at, brick in enumerate(bricks) if brick is None]
    new_names = {at: f"{volume.name}-{number}" for number, at in enumerate(gaps, first)}
    return _Loss(leaving, positions, Gaps(volume, volume_shape(volume), bricks, new_names))


def _refusals(loss: _Loss, lost: Losses, stated: Collection[str], cluster: ObservedCluster) -> list[str]:
    volume, hosts = loss.volume, ", ".join(sorted(set(loss.leaving.values())))
    if volume.set_width == 1:
        return [
            f"volume {volume.name} keeps no copies, so that nothing can be replaced on {hosts}: have its files moved "
            "away while the node serves (gluster_shrink), or restore them from a backup"
        ]
    if not volume.is_started:
        return [f"volume {volume.name} has bricks on {hosts} and is not started, so nothing heals: start it first"]
    found = hopeless(volume, lost, cluster) or unsaid(volume, lost.lost, stated, cluster)
    if found:
        return found
    if data_size(volume, cluster):
        return []
    return [
        f"volume {volume.name} has no brick on the logical volumes of this collection that tells its size: replace its "
        "bricks by hand (gluster_brick)"
    ]


def _moves_of(loss: _Loss, filled: Mapping[int, NewBrick], lost: Collection[str]) -> list[Move]:
    found = []
    for at, new in filled.items():
        old = loss.positions[at]
        name = loss.volume.bricks[old].name
        found.append(Move(loss.volume.name, name, loss.leaving[old], new, lost_with(name, loss.volume, lost)))
    return found
