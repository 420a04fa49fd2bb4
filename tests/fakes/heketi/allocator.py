# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where heketi puts bricks: its sizes, its halving, and which devices a brick may go to.

Among the devices that a brick may go to, the real server takes the one that comes first in a ring that it makes anew
from Go's maps each time, so by chance. Here the choice is the server's choose(brick id, candidates).
"""

import itertools

from .state import aligned, new_brick

KIB_OF_GIB = 1024 * 1024
MIN_BRICK = KIB_OF_GIB
MAX_BRICK = 4096 * KIB_OF_GIB
MIN_ARBITER = 16 * 1024
AVERAGE_FILE = 64


class NoSpace(Exception):
    """No place for a whole number of sets."""


class TooManyBricks(NoSpace):
    """Smaller bricks would be more than a volume may have."""


def option(volume, name, default=""):
    """Return the value of a volume's option of heketi's own, such as user.heketi.arbiter."""
    values = [line.partition(" ")[2] for line in volume.options if line.partition(" ")[0] == name]
    return values[-1] if values else default


def width_of(durability):
    """Return the number of bricks of a set, and over how many of them its data are spread."""
    if durability["type"] == "replicate":
        return durability["replicate"]["replica"] or 2, 1
    if durability["type"] == "disperse":
        return durability["disperse"]["data"] + durability["disperse"]["redundancy"], durability["disperse"]["data"]
    return 1, 1


class Allocator:
    """Places the bricks of one volume in one cluster."""

    def __init__(self, app, cluster, volume):
        self._app = app
        self._state = app.state
        self._cluster = cluster
        self._volume = volume
        self._arbiter = option(volume, "user.heketi.arbiter") == "true"
        self._strict = option(volume, "user.heketi.zone-checking", app.zone_checking) == "strict"

    def place(self, size, existing=0):
        """Return sets of bricks for size GiB, not yet stored; larger and larger numbers of sets are tried."""
        width, data = width_of(self._volume.durability)
        for sets in (2**power for power in itertools.count()):
            brick_size = size * KIB_OF_GIB // sets // data
            if existing + sets * width > self._app.max_bricks:
                raise TooManyBricks()
            if brick_size < MIN_BRICK:
                raise NoSpace()
            try:
                return self._sets(sets, width, brick_size)
            except NoSpace:
                continue
        raise NoSpace()

    def _sets(self, sets, width, size):
        if size > MAX_BRICK:
            raise NoSpace()
        placed = []
        for _set in range(sets):
            one = []
            for position in range(width):
                arbiter = self._arbiter and position == width - 1
                others = [brick for previous in placed for brick in previous] + one
                one.append(self._brick(self._arbiter_size(size) if arbiter else size, arbiter, one, others))
            placed.append(one)
        return placed

    def _arbiter_size(self, size):
        return max(size // int(option(self._volume, "user.heketi.average-file-size", AVERAGE_FILE)), MIN_ARBITER)

    def _brick(self, size, arbiter, mates, others):
        brick_id = self._app.ids("brick", volume=self._volume.id, size=size)
        return self.brick_for(brick_id, size, arbiter, mates, others)

    def brick_for(self, brick_id, size, arbiter, mates, others=(), without=None):
        """Return a brick on a device that is neither full nor on the node (or, if strict, in the zone) of its mates."""
        found = [
            device
            for device in self._ring(brick_id)
            if device.id != without and self._takes(device, size, arbiter, mates, others)
        ]
        if not found:
            raise NoSpace()
        device = self._app.choose(brick_id, found)
        return new_brick(self._app.ids, brick_id, device, self._volume.id, size, self._factor, arbiter)

    @property
    def _factor(self):
        return self._volume.factor if self._volume.snapshot else 1

    def _takes(self, device, size, arbiter, mates, others):
        pool = aligned(int(size * self._factor))
        promised = sum(brick.total for brick in others if brick.device == device.id)
        return (
            device.free - promised > pool + aligned(int(pool * 0.005))
            and device.node not in {brick.node for brick in mates}
            and not (self._strict and self._zone(device.node) in {self._zone(brick.node) for brick in mates})
            and self._tag_allows(device, arbiter)
        )

    def _zone(self, node_id):
        return self._state.nodes[node_id].zone

    def _tag_allows(self, device, arbiter):
        """The tag of a device counts more than that of its node, and neither counts for a volume without arbiters."""
        node = self._state.nodes[device.node]
        tag = device.tags.get("arbiter", node.tags.get("arbiter", "supported"))
        return not self._arbiter or tag != ("disabled" if arbiter else "required")

    def _ring(self, brick_id):
        """Return the online devices, zones and their nodes taking turns, begun where the brick's id says."""
        by_zone = {}
        for node in self._state.nodes_of(self._cluster):
            devices = [device for device in self._state.devices_of(node) if device.state == "online"]
            if node.state == "online" and devices:
                by_zone.setdefault(node.zone, []).append(devices)
        ring = _interleaved([_interleaved(nodes) for _zone, nodes in sorted(by_zone.items())])
        start = int(brick_id[:7], 16) % len(ring) if ring else 0
        return ring[start:] + ring[:start]


def _interleaved(lists):
    rounds = itertools.zip_longest(*lists)
    return [item for one in rounds for item in one if item is not None]


def has_online_devices(state, cluster):
    return any(
        device.state == "online"
        for node in state.nodes_of(cluster)
        if node.state == "online"
        for device in state.devices_of(node)
    )
