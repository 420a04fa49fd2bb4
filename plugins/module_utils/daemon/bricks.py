# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""This node's brick processes: how old they are, and whether clients can do without them. PRIVATE to the collection."""

from typing import Callable, Dict, Iterable, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Brick, BrickStatus, Pool, Volume
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.redundancy import serves_without


class BrickProcess(NamedTuple):
    """A process that serves bricks of this node, more than one where they are multiplexed.

    since is when it was started, in seconds since 1970; spare is whether clients go on while this node's bricks are
    away; port is where it listens, None where glusterd does not know.
    """

    pid: int
    bricks: Tuple[str, ...]
    since: float
    spare: bool
    port: Optional[int] = None

    def is_within(self, first: int, last: int) -> bool:
        """Whether it listens on a port of that range."""
        return self.port is not None and first <= self.port <= last


def brick_processes(
    pool: Pool, volumes: Iterable[Volume], status: Mapping[str, Sequence[BrickStatus]], started: Callable[[int], float]
) -> Tuple[BrickProcess, ...]:
    """Return the BrickProcesses of the node that sees this Pool.

    status is what Gluster.brick_status() returned, started(pid) tells when a process was started.
    """
    served: Dict[int, List[Tuple[str, bool]]] = {}
    ports: Dict[int, Optional[int]] = {}
    for volume in volumes:
        for brick in local_bricks(volume, pool):
            pid = pid_of(brick, status.get(volume.name, ()))
            ports[pid] = port_of(brick, status.get(volume.name, ()))
            served.setdefault(pid, []).append((brick.name, serves_without(volume, pool.local.uuid)))
    return tuple(
        BrickProcess(
            pid,
            tuple(name for name, _spare in bricks),
            started(pid),
            all(spare for _name, spare in bricks),
            ports.get(pid),
        )
        for pid, bricks in sorted(served.items())
        if pid > 0
    )


def pid_of(brick: Brick, status: Iterable[BrickStatus]) -> int:
    """Return the number of the process that serves a brick, 0 if none does; status is one volume's."""
    return next((each.pid or 0 for each in status if (each.host, each.path) == (brick.host, brick.path)), 0)


def port_of(brick: Brick, status: Iterable[BrickStatus]) -> Optional[int]:
    """Return the port of a brick, None where glusterd knows none; status is one volume's."""
    return next((each.port for each in status if (each.host, each.path) == (brick.host, brick.path)), None)


def local_bricks(volume: Volume, pool: Pool) -> List[Brick]:
    """Return those bricks of a volume that are on the node that sees this Pool."""
    return [brick for brick in volume.bricks if brick.host_uuid == pool.local.uuid]
