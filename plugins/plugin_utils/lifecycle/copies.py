# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How volumes get as many copies as the inventory asks for, and where these go. Pure. PRIVATE to the collection.

A volume gets there by changes, each of which gives every set one copy more, behind what leaves. What a change has made
is healed before the next. Of a way that was cut off anywhere, the next plan is the rest.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Optional

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import BrickworkError, PlanError
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Brick, Volume
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.volume_plan import volume_shape
from ansible_collections.brickwork.gluster.plugins.module_utils.shapes import (
    Shape,
    copy_shapes,
    keeps_copies,
    kept_copies,
    shape_of,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import format_size
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.records import ObservedCluster
from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.gaps import (
    Gaps,
    NewBrick,
    Placing,
    data_size,
    fill,
    first_number,
    held,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.placement.records import ARBITER_ZONE

_Data = dict[str, Any]
#: What a volume of the inventory says of its shape and of how much is in it.
_SHAPE_KEYS = ("type", "arbiter", "replicas", "disperse_data", "redundancy", "sets", "size")


class CopyChange(NamedTuple):
    """A volume's sets get a copy more, or give copies up.

    number: the how manieth change of the volume it is. before, after: the shapes. copies: how many of each file there
    are, arbiters not counted, until the new bricks are healed. heal: about how many bytes these are filled with.
    """

    volume: str
    number: int
    before: Shape
    after: Shape
    old_bricks: list[str]
    new_bricks: list[NewBrick]
    copies: int
    heal: int

    def describe(self) -> _Data:
        """Return it as plain data, with the parameters of gluster_replica, and the new bricks as lvm_brick has them."""
        return {
            "volume": self.volume,
            "number": self.number,
            "type": "arbiter" if self.after.arbiters else "replicate",
            "replicas": self.after.replicas,
            "old_bricks": self.old_bricks,
            "new_bricks": [brick.place for brick in self.new_bricks],
            "made": [{"node": brick.node, "brick": brick.made} for brick in self.new_bricks],
            "had_copies": self.before.width > 1,
            "copies": self.copies,
            "heal": self.heal,
            "line": self.line(),
        }

    def line(self) -> str:
        """Return it in words."""
        parts = [f"{', '.join(self.old_bricks)} leave, with all that is on them"] if self.old_bricks else []
        parts += [
            f"{brick.name} on {brick.node} ({format_size(brick.size)} on {brick.device}) is added"
            for brick in self.new_bricks
        ]
        if self.new_bricks:
            arbiters = "names and attributes of all files to heal"
            parts.append(arbiters if self.after.arbiters else f"about {format_size(self.heal)} to heal")
            now, then = _copies(self.copies), _copies(self.after.data_copies)
            parts.append(f"{now} until then" if now == then else f"{now} until then, {then} from then on")
        else:
            parts.append(f"{_copies(self.copies)} from then on")
        return f"volume {self.volume}: {self.before.describe()} to {self.after.describe()}: {'; '.join(parts)}"


class CopyChanges(NamedTuple):
    """The changes in their order, and in sentences what can't be changed."""

    made: list[CopyChange]
    refused: list[str]

    @property
    def paths(self) -> set[tuple[str, str]]:
        """Where the new bricks are: node and directory."""
        return {(brick.node, brick.path) for change in self.made for brick in change.new_bricks}


class _Way(NamedTuple):
    """A volume that is to have another shape. staying: by set the bricks that stay; the others are old."""

    volume: Volume
    desired: Shape
    staying: list[tuple[Brick, ...]]

    @property
    def present(self) -> Shape:
        """The shape that it has."""
        return volume_shape(self.volume)

    @property
    def kept(self) -> int:
        """How many bricks of each set stay."""
        return kept_copies(self.present, self.desired)

    @property
    def old(self) -> list[str]:
        """The bricks that leave, set after set."""
        staying = {brick.name for bricks in self.staying for brick in bricks}
        return [brick.name for brick in self.volume.bricks if brick.name not in staying]


def desired_shape(volume: Mapping[str, Any]) -> Shape:
    """Return the shape that the inventory asks for."""
    counts = [volume.get(count) for count in ("replicas", "disperse_data", "redundancy")]
    return shape_of("arbiter" if volume.get("arbiter") else volume["type"], *counts)


def changing(volumes: Sequence[_Data], cluster: ObservedCluster) -> dict[str, Shape]:
    """Return by name the shapes of the volumes that are to have another one than they have.

    Raises PlanError with all that GlusterFS can't make of the volumes that there are.
    """
    present = {volume["name"]: cluster.volumes.get(volume["name"]) for volume in volumes}
    shapes = {volume["name"]: desired_shape(volume) for volume in volumes if present[volume["name"]]}
    other = {name: shape for name, shape in shapes.items() if _present(name, cluster).counts != shape.counts}
    wrong = [
        f"volumes: {name}: type: found {shape.describe()}, and the volume is {_present(name, cluster).describe()}, of "
        "which GlusterFS can't make that; make another volume, and copy the files"
        for name, shape in other.items()
        if not keeps_copies(_present(name, cluster), shape)
    ]
    if wrong:
        raise PlanError("\n".join(wrong))
    return other


def _present(name: str, cluster: ObservedCluster) -> Shape:
    return volume_shape(cluster.volumes[name])


def as_they_are(volumes: Sequence[_Data], shapes: Mapping[str, Shape], cluster: ObservedCluster) -> list[_Data]:
    """Return the volumes for site, which changes no shape: those of which it changes stay as they are until then.

    Of these also sets and sizes stay, which are meant for the new shape.
    """
    return [_as_it_is(volume, cluster) if volume["name"] in shapes else volume for volume in volumes]


def _as_it_is(volume: _Data, cluster: ObservedCluster) -> _Data:
    present = _present(volume["name"], cluster)
    kept = {key: value for key, value in volume.items() if key not in _SHAPE_KEYS}
    known = data_size(cluster.volumes[volume["name"]], cluster)
    if not known and "size" in volume:
        # Of bricks that this collection did not make, none grows.
        kept["size"] = volume["size"]
    if present.arbiters or not present.replicas:
        return {**kept, "type": "arbiter" if present.arbiters else "distribute"}
    return {**kept, "type": "replicate", "replicas": present.replicas}


def copy_changes(shapes: Mapping[str, Shape], cluster: ObservedCluster, placing: Placing) -> CopyChanges:
    """Return how the volumes get these shapes. Room that one takes is none for the next."""
    ways = [_way(cluster.volumes[name], shape, cluster) for name, shape in shapes.items()]
    reasons = {way.volume.name: _refusal(way, cluster) for way in ways}
    refused = [reason for reason in reasons.values() if reason]
    open_ways = [way for way in ways if not reasons[way.volume.name]]
    try:
        filled = fill([_gaps(way, cluster) for way in open_ways if way.desired.width > way.kept], cluster, placing)
    except BrickworkError as error:
        return CopyChanges([], refused + str(error).splitlines())
    made = [change for way in open_ways for change in _changes(way, filled.get(way.volume.name, {}), cluster)]
    return CopyChanges(made, refused)


def change_lines(shapes: Mapping[str, Shape], changes: CopyChanges, cluster: ObservedCluster) -> list[str]:
    """Say which volumes have another shape than they are to have, and how they get it."""
    due = [
        f"volume {name} is {_present(name, cluster).describe()}, and {shape.describe()} in the inventory: the playbook "
        "expand changes that, and its sets and size stay as they are until then"
        for name, shape in shapes.items()
    ]
    return due + [change.line() for change in changes.made] + changes.refused


def _way(volume: Volume, desired: Shape, cluster: ObservedCluster) -> _Way:
    kept = kept_copies(volume_shape(volume), desired)
    return _Way(volume, desired, [_staying(bricks, kept, desired, cluster) for bricks in volume.brick_sets])


def _staying(bricks: Sequence[Brick], kept: int, desired: Shape, cluster: ObservedCluster) -> tuple[Brick, ...]:
    """Return the bricks of a set that stay, in order: of the others, the last leave first.

    An arbiter never becomes a copy. With an arbiter to come, copies leave that are where only arbiters are to be.
    """
    order = sorted(range(len(bricks)), key=lambda at: (_leaves_first(bricks[at], desired, cluster), at))
    return tuple(bricks[at] for at in sorted(order[:kept]))


def _leaves_first(brick: Brick, desired: Shape, cluster: ObservedCluster) -> bool:
    node = cluster.host_of(brick.host_uuid)
    return brick.arbiter or bool(desired.arbiters and node and node.zone == ARBITER_ZONE)


def _refusal(way: _Way, cluster: ObservedCluster) -> str:
    name = way.volume.name
    if not way.volume.is_started:
        return f"volume {name} is not started, so nothing heals: start it first (state: started)"
    away = [node.name for node in cluster.absent]
    if away:
        return (
            f"volume {name} gets no other copies while {', '.join(away)} is away: bring it back, or replace it, first"
        )
    if data_size(way.volume, cluster):
        return ""
    return (
        f"volume {name} has no brick on the logical volumes of this collection that tells its size: make the new "
        "bricks by hand, and add them (gluster_replica)"
    )


def _gaps(way: _Way, cluster: ObservedCluster) -> Gaps:
    """The sets as they are to be: new copies stand behind those that stay, and are named one change after the other."""
    width, sets = way.desired.width, len(way.staying)
    bricks: list[Optional[Brick]] = []
    for staying in way.staying:
        bricks += [*staying, *[None] * (width - way.kept)]
    first = first_number(way.volume, cluster)
    names = {
        at: f"{way.volume.name}-{first + (at % width - way.kept) * sets + at // width}"
        for at, brick in enumerate(bricks)
        if brick is None
    }
    return Gaps(way.volume, way.desired, bricks, names)


def _changes(way: _Way, filled: Mapping[int, NewBrick], cluster: ObservedCluster) -> list[CopyChange]:
    """Return the changes of one volume; what leaves does so in the first."""
    shapes, width = copy_shapes(way.present, way.desired), way.desired.width
    heal = sum(held(bricks, cluster) for bricks in way.staying)
    found = []
    for number, after in enumerate(shapes):
        before = shapes[number - 1] if number else way.present
        member = way.kept + number
        new = [
            filled[first + member] for first in range(0, len(way.staying) * width, width) if first + member in filled
        ]
        copies = min(before.data_copies, way.kept + number)
        found.append(
            CopyChange(
                way.volume.name,
                number + 1,
                before,
                after,
                [] if number else way.old,
                new,
                copies,
                0 if after.arbiters or not new else heal,
            )
        )
    return found


def _copies(count: int) -> str:
    return "1 copy" if count == 1 else f"{count} copies"
