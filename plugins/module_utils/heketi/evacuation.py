# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether devices can be emptied: what would make heketi stop half way is found before it begins. Pure. PRIVATE."""

from typing import Callable, Iterable, List, Mapping, Optional, Sequence, Set, Tuple

from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.records import (
    ONLINE,
    Brick,
    Device,
    Node,
    Topology,
    Volume,
    room_for,
)

_GIB = 1024.0 * 1024


def evacuation_problems(leaving: Mapping[str, str], topology: Topology) -> List[str]:
    """Return in sentences why the bricks of the devices in leaving, id -> name for people, can't all be moved."""
    bricks = topology.bricks_on(leaving)
    if not bricks:
        return []
    problems = _held(bricks, leaving, topology)
    volumes = {volume.volume_id: volume for volume in topology.volumes}
    problems += _unmovable(bricks, leaving, volumes)
    if not topology.moves_pairs:
        problems += _pairs(bricks, leaving, volumes)
    return problems or _homeless(bricks, leaving, volumes, topology)


def _held(bricks: Sequence[Brick], leaving: Mapping[str, str], topology: Topology) -> List[str]:
    """A pending operation that knows one of the bricks or their volumes lets heketi fail, now or later."""
    about = set(leaving) | {brick.brick_id for brick in bricks} | {brick.volume_id for brick in bricks}
    problems = [
        "pending operation: %s" % operation.obstacle()
        for operation in topology.pending
        if about & set(operation.changes)
    ]
    hidden = sorted({brick.volume_id for brick in bricks} & set(topology.hidden))
    return problems or ["volume %s is hidden by a pending operation" % volume_id for volume_id in hidden]


def _unmovable(bricks: Iterable[Brick], leaving: Mapping[str, str], volumes: Mapping[str, Volume]) -> List[str]:
    return [
        "%s: volume %s keeps no copies, so its brick can't be moved; delete the volume, or keep the device"
        % (where, name)
        for name, where in _places_of(bricks, leaving, volumes, lambda volume: volume.set_width == 1)
    ]


def _pairs(bricks: Iterable[Brick], leaving: Mapping[str, str], volumes: Mapping[str, Volume]) -> List[str]:
    """heketi 9 wants two other bricks of the set online, and there is one."""
    return [
        "%s: volume %s keeps two copies, and heketi 9 never moves a brick of such a volume; upgrade heketi to version "
        "10, delete the volume, or keep the device" % (where, name)
        for name, where in _places_of(bricks, leaving, volumes, lambda volume: volume.replicas == 2)
    ]


def _places_of(
    bricks: Iterable[Brick], leaving: Mapping[str, str], volumes: Mapping[str, Volume], chosen: Callable[[Volume], bool]
) -> List[Tuple[str, str]]:
    """Return name and device, each pair once, of the bricks whose volumes are chosen."""
    known = [(volumes[brick.volume_id], leaving[brick.device_id]) for brick in bricks if brick.volume_id in volumes]
    return sorted({(volume.name, where) for volume, where in known if chosen(volume)})


def _homeless(
    bricks: Iterable[Brick], leaving: Mapping[str, str], volumes: Mapping[str, Volume], topology: Topology
) -> List[str]:
    """Place the bricks one after the other, the largest first, and return those that find no place.

    heketi does not tell which bricks of a volume with several sets are one set. Of those only room is asked for.
    """
    free = {device.device_id: device.free for node in topology.nodes() for device in node.devices}
    homes = {brick.brick_id: brick.node_id for volume in volumes.values() for brick in volume.bricks}
    problems = []
    for brick in sorted(bricks, key=lambda one: (-one.size, one.brick_id)):
        volume = volumes[brick.volume_id]
        needed = room_for(brick.size, volume.factor)
        places = _places(volume, _mates(brick, volume, homes), leaving, topology)
        room = max([free[device.device_id] for _node, device in places], default=None)
        if room is None or room <= needed:
            problems.append(_no_place(brick, volume, leaving, needed, room))
            continue
        node, device = next(place for place in places if free[place[1].device_id] == room)
        free[device.device_id] -= needed
        homes[brick.brick_id] = node.node_id
    return problems


def _places(
    volume: Volume, mates: Set[str], leaving: Mapping[str, str], topology: Topology
) -> List[Tuple[Node, Device]]:
    """Return node and device where a brick may go: online, in its cluster, away from the nodes of its mates."""
    cluster = next(one for one in topology.clusters if one.cluster_id == volume.cluster_id)
    zones = {node.zone for node in cluster.nodes if node.node_id in mates} if volume.is_strict else set()
    return [
        (node, device)
        for node in cluster.nodes
        if node.state == ONLINE and node.node_id not in mates and node.zone not in zones
        for device in node.devices
        if device.state == ONLINE and device.device_id not in leaving
    ]


def _mates(brick: Brick, volume: Volume, homes: Mapping[str, str]) -> Set[str]:
    """Return the nodes of the other bricks of a brick's set, as they will be by then."""
    if len(volume.bricks) != volume.set_width:
        return set()
    return {homes[other.brick_id] for other in volume.bricks if other.brick_id != brick.brick_id}


def _no_place(brick: Brick, volume: Volume, leaving: Mapping[str, str], needed: int, room: Optional[int]) -> str:
    where = (leaving[brick.device_id], volume.name, brick.size / _GIB, needed / _GIB)
    text = "%s: the brick of volume %s (%.1f GiB) has no place to go: it needs more than %.1f GiB " % where
    text += "on an online device of a node%s that holds no other brick of its set; " % (
        " in another zone" if volume.is_strict else ""
    )
    return text + ("there is no such device" if room is None else "the largest has %.1f GiB free" % (room / _GIB))
