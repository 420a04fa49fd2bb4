# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a volume may be cloned: what only all nodes together tell. Pure. PRIVATE to the collection.

A clone shares the thin pools of the volume's bricks, each of which is as large as its brick. A full pool stops both.
"""

from collections.abc import Collection, Sequence

from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Brick
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.records import Node, ObservedCluster

#: Percent of a pool: so much may be written to both afterwards, all in all, before it is full.
MOST_USED = 50


def clone_problems(volume: str, name: str, desired: Collection[str], cluster: ObservedCluster) -> list[str]:
    """Return why a volume can't be cloned now, none where it may, where that is done, or where nobody asks."""
    if not volume or name in cluster.volumes:
        return []
    if not name:
        return [f"gluster_clone_name: found no name for the clone of {volume}; write one"]
    if name in desired:
        return [
            f"gluster_clone_name: found {name}, a volume of the inventory; write another name, as site would take the "
            "clone for that volume"
        ]
    found = cluster.volumes.get(volume)
    if found is None:
        return [f"gluster_clone_volume: found no volume {volume}; write the name of one that exists"]
    away = [f"volume {volume} is not cloned while {node.name} is away: bring it back first" for node in cluster.absent]
    return away or _pool_problems(volume, found.bricks, cluster)


def _pool_problems(volume: str, bricks: Sequence[Brick], cluster: ObservedCluster) -> list[str]:
    return [reason for brick in bricks if (reason := _pool_problem(volume, brick, cluster))]


def _pool_problem(volume: str, brick: Brick, cluster: ObservedCluster) -> str:
    node = cluster.host_of(brick.host_uuid)
    disk = node.disks.bricks.get(brick.path, {}) if isinstance(node, Node) else {}
    used = disk.get("data_percent")
    if used is None:
        return (
            f"volume {volume}: brick {brick.name} is on no thin logical volume of this collection, so that GlusterFS "
            "can't clone it, or nobody knows how full its pool is: copy the files to another volume"
        )
    if used > MOST_USED:
        return (
            f"volume {volume}: the thin pool of brick {brick.name} is full to {used:.0f} %, and a clone shares it: "
            f"copy the files to another volume, or remove some; {MOST_USED} % leave room for what is written later"
        )
    return ""
