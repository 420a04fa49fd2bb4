# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds volumes, members and brick directories of a pool without going through all of them. Pure. PRIVATE."""

from typing import Dict, Iterator, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Brick, Peer, Pool, Volume
from ansible_collections.brickwork.gluster.plugins.module_utils.once import MadeOnce


class Taken(NamedTuple):
    """A brick of a volume; position counts the bricks of all volumes."""

    position: int
    brick: Brick
    volume: str


class BrickPaths:
    """Whose the brick directories are: also those that lie in a brick, and those that hold one."""

    def __init__(self) -> None:
        self._count = 0
        self._bricks: Dict[Tuple[str, str], Taken] = {}
        #: The folders above the bricks, each with the first brick below it.
        self._folders: Dict[Tuple[str, str], Taken] = {}

    def add(self, host: str, brick: Brick, volume: str) -> None:
        """Remember a brick of a volume; host is the member's uuid."""
        taken = Taken(self._count, brick, volume)
        self._count += 1
        self._bricks.setdefault((host, brick.path), taken)
        for folder in folders_above(brick.path):
            self._folders.setdefault((host, folder), taken)

    def find(self, host: str, path: str) -> Optional[Taken]:
        """Return the first brick of a member that is, holds or lies in that directory, or None."""
        places = [self._bricks.get((host, path)), self._folders.get((host, path))]
        places += [self._bricks.get((host, folder)) for folder in folders_above(path)]
        return min((taken for taken in places if taken is not None), default=None)


def folders_above(path: str) -> Iterator[str]:
    """Yield the folders in which a path lies, without the root."""
    end = path.rfind("/")
    while end > 0:
        yield path[:end]
        end = path.rfind("/", 0, end)


class VolumeIndex:
    """What is asked of one pool for each volume that is planned. Each part is made when it is asked for."""

    def __init__(self, pool: Pool, volumes: Sequence[Volume]) -> None:
        self._pool = pool
        self._volumes = volumes

    @MadeOnce
    def by_name(self) -> Dict[str, Volume]:
        """All volumes."""
        return {volume.name: volume for volume in reversed(self._volumes)}

    @MadeOnce
    def members(self) -> Dict[Optional[str], Peer]:
        """The members of the pool by their uuids."""
        return {peer.uuid: peer for peer in reversed(self._pool.peers)}

    @MadeOnce
    def paths(self) -> BrickPaths:
        """The directories of all bricks."""
        paths = BrickPaths()
        for volume in self._volumes:
            for brick in volume.bricks:
                paths.add(brick.host_uuid, brick, volume.name)
        return paths

    @MadeOnce
    def owners(self) -> Dict[str, Volume]:
        """All volumes by their ids, which the marks of bricks have."""
        return {volume.volume_id: volume for volume in self._volumes}
