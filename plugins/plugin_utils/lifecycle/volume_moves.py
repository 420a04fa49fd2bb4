# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a volume gets to the hosts and disks that it is limited to (hosts, devices). Pure. PRIVATE to the collection.

One brick after the other. Each finds its place beside the others as they are at that moment, so that at no moment two
bricks of a set are on one host, or more in one zone than may be. Of a way that was cut off, the next plan is the rest.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Optional

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import BrickworkError
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Brick, Volume
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.volume_plan import volume_shape
from ansible_collections.brickwork.gluster.plugins.module_utils.shapes import Shape
from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import brick_footprint, format_size
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.brick_findings import BrokenBrick
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.records import ObservedCluster
from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.disks import disk_name
from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.gaps import (
    Gaps,
    NewBrick,
    Placing,
    data_size,
    fill,
    first_number,
    held,
    place_of,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.moves import Move
from ansible_collections.brickwork.gluster.plugins.plugin_utils.placement.records import Limits

_Data = dict[str, Any]


class VolumeMove(NamedTuple):
    """A brick that moves, the shape of its set, whether it is an arbiter, and about how many bytes are healed."""

    move: Move
    shape: Shape
    arbiter: bool
    heal: int

    @property
    def volume(self) -> str:
        """The volume that the brick belongs to."""
        return self.move.volume

    def describe(self) -> _Data:
        """Return it as plain data, as a Move, with the bytes to heal and the line."""
        return {**self.move.describe(), "heal": self.heal, "line": self.line()}

    def line(self) -> str:
        """Return it in words."""
        move, new = self.move, self.move.new
        return (
            f"volume {move.volume}: {move.brick} on {move.leaving} moves to {new.name} on {new.node} "
            f"({format_size(new.size)} on {new.device}): {self._cost()}"
        )

    def _cost(self) -> str:
        """Say what is healed, and how much the set can lose until then."""
        if self.arbiter:
            return "names and attributes of all files to heal; the set has no arbiter until then"
        shape, heal = self.shape, f"about {format_size(self.heal)} to heal"
        if shape.disperse:
            return (
                f"{heal}; {shape.redundancy - 1} of the set's bricks may be lost until then, {shape.redundancy} after"
            )
        return f"{heal}; {shape.data_copies - 1} healed copies until then, {shape.data_copies} after"


class VolumeMoves(NamedTuple):
    """What moves, in order, and in sentences what can't."""

    made: list[VolumeMove]
    refused: list[str]


class _State(NamedTuple):
    """A volume on its way: the bricks that it has then, and the hosts with the room that they have then."""

    volume: Volume
    bricks: tuple[Brick, ...]
    hosts: Sequence[_Data]

    def after(self, at: int, new: NewBrick, uuid: str, is_made: bool) -> "_State":
        """Return the state after a brick has moved."""
        brick = Brick(new.address, new.path, uuid, self.bricks[at].arbiter)
        bricks = (*self.bricks[:at], brick, *self.bricks[at + 1 :])
        return self._replace(bricks=bricks, hosts=self.hosts if is_made else _without_room(self.hosts, new))


def volume_moves(
    names: Sequence[str], cluster: ObservedCluster, placing: Placing, broken: Sequence[BrokenBrick] = ()
) -> VolumeMoves:
    """Return how the named volumes get to where they are limited to. Room that one takes is none for the next."""
    limits = {volume["name"]: _limits(volume) for volume in placing.volumes}
    found: list[VolumeMove] = []
    refused: list[str] = []
    hosts = placing.hosts
    for name in names:
        reason = _refusal(name, limits.get(name), cluster, broken)
        if reason:
            refused.append(reason)
            continue
        volume = cluster.volumes[name]
        moved, stuck, left = _moves_of(_State(volume, volume.bricks, hosts), limits[name], cluster, placing)
        refused += stuck
        if not stuck:
            found, hosts = found + moved, left
    return VolumeMoves(found, refused)


def outside_lines(volumes: Sequence[_Data], names: Sequence[str], cluster: ObservedCluster) -> list[str]:
    """Say which volumes have bricks where new ones would not go, and that nobody has asked to move them."""
    return [
        f"volume {volume['name']}: {', '.join(volume_bricks)}: outside of its hosts and devices in the inventory; the "
        "playbook move moves that, if gluster_move_volumes names the volume"
        for volume in volumes
        if volume["name"] in cluster.volumes and volume["name"] not in names
        if (volume_bricks := _outside_names(cluster.volumes[volume["name"]], _limits(volume), cluster))
    ]


def _limits(volume: Mapping[str, Any]) -> Limits:
    return Limits(tuple(volume.get("hosts") or ()), tuple(volume.get("devices") or ()))


def _outside_names(volume: Volume, limits: Limits, cluster: ObservedCluster) -> list[str]:
    return [volume.bricks[at].name for at in _outside(volume, limits, cluster)]


def _outside(volume: Volume, limits: Limits, cluster: ObservedCluster) -> list[int]:
    """Return the positions of the bricks that are not where the volume may be."""
    return [at for at, brick in enumerate(volume.bricks) if not _is_inside(brick, limits, cluster)]


def _is_inside(brick: Brick, limits: Limits, cluster: ObservedCluster) -> bool:
    """Whether a brick is where it may be. That of an absent node is where it is."""
    place = place_of(brick, cluster)
    is_away = brick.host_uuid in cluster.absent_by_uuid
    return limits.admits_host(place["host"]) and (is_away or limits.admits_device(place["device"] or ""))


def _refusal(name: str, limits: Optional[Limits], cluster: ObservedCluster, broken: Sequence[BrokenBrick]) -> str:
    """Say why a named volume can't be moved now; "" where it can, or where there is nothing to move."""
    volume = cluster.volumes.get(name)
    if volume is None:
        return f"gluster_move_volumes: found {name}, and there is no such volume; write the name of one that exists"
    away = [node.name for node in cluster.absent]
    if away and (limits is None or _outside(volume, limits, cluster)):
        return f"volume {name} is not moved while {', '.join(away)} is away: bring it back, or replace it, first"
    if limits is None or limits == Limits():
        return (
            f"gluster_move_volumes: found {name}, which has neither hosts nor devices in the inventory; write there "
            "where its bricks are to be"
        )
    if not _outside(volume, limits, cluster):
        return ""
    if volume.set_width == 1:
        return (
            f"volume {name} keeps no copies, so that a new brick could be filled from nowhere: make another volume "
            "where it is to be and copy the files through a mount, or give this one copies first (expand)"
        )
    if not volume.is_started:
        return f"volume {name} is not started, so nothing heals: start it first (state: started)"
    dead = [one.brick.name for one in broken if one.volume == name]
    if dead:
        return f"volume {name} has lost {', '.join(dead)}: bring that back first (replace)"
    if data_size(volume, cluster):
        return ""
    return (
        f"volume {name} has no brick on the logical volumes of this collection that tells its size: replace its bricks "
        "by hand (gluster_brick)"
    )


def _moves_of(
    state: _State, limits: Limits, cluster: ObservedCluster, placing: Placing
) -> tuple[list[VolumeMove], list[str], Sequence[_Data]]:
    """Return the moves of a volume, why it has none, and the room that is left."""
    found: list[VolumeMove] = []
    left = _outside(state.volume, limits, cluster)
    while left:
        reasons: list[str] = []
        at, new = _next(left, state, cluster, placing, reasons)
        if new is None:
            return [], reasons, state.hosts
        found.append(_move(at, new, state, cluster))
        node = cluster.by_name[new.node]
        state = state.after(at, new, node.uuid, new.path in node.disks.bricks)
        left.remove(at)
    return found, [], state.hosts


def _next(
    left: Sequence[int], state: _State, cluster: ObservedCluster, placing: Placing, reasons: list[str]
) -> tuple[int, Optional[NewBrick]]:
    """Return the first brick that finds a place now. One that finds none may find it when another has moved."""
    for at in left:
        try:
            return at, _place(at, state, cluster, placing)
        except BrickworkError as error:
            reasons += str(error).splitlines()
    return -1, None


def _place(at: int, state: _State, cluster: ObservedCluster, placing: Placing) -> NewBrick:
    """Return where a brick goes, beside the others of its set. Raises PlacementError or InputError for nowhere."""
    volume, width = state.volume, state.volume.set_width
    first = at - at % width
    bricks = [None if number == at else state.bricks[number] for number in range(first, first + width)]
    number = first_number(volume._replace(bricks=state.bricks), cluster)
    gaps = Gaps(volume, volume_shape(volume), bricks, {at - first: f"{volume.name}-{number}"})
    return fill([gaps], cluster, placing._replace(hosts=state.hosts))[volume.name][at - first]


def _move(at: int, new: NewBrick, state: _State, cluster: ObservedCluster) -> VolumeMove:
    volume, old = state.volume, state.volume.bricks[at]
    place = place_of(old, cluster)
    leaving = disk_name(place["host"], place["device"]) if place["device"] else place["host"]
    heal = 0 if old.arbiter else held(volume.set_of(old.name), cluster)
    return VolumeMove(Move(volume.name, old.name, leaving, new), volume_shape(volume), old.arbiter, heal)


def _without_room(hosts: Sequence[_Data], new: NewBrick) -> list[_Data]:
    return [
        {**host, "devices": [_less(device, new) for device in host["devices"]]} if host["name"] == new.node else host
        for host in hosts
    ]


def _less(device: _Data, new: NewBrick) -> _Data:
    if device["path"] != new.device:
        return device
    return {**device, "free": device["free"] - brick_footprint(new.size)}
