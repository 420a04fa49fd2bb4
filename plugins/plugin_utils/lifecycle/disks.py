# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Disks that are retired or lost (gluster_devices), and which bricks are on them. Pure. PRIVATE to the collection."""

from collections.abc import Iterable
from typing import Any, Optional

from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Brick
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.brick_plan import group_names
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.records import filesystem_uuid, logical_name
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.brick_findings import BrokenBrick
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.records import Node, ObservedCluster

#: Volume groups that can have been on disks of one name, one after the other.
_GROUPS = 9
LOST, RETIRED = "lost", "retired"
_TODO = {
    RETIRED: "the playbook retire moves the bricks that it has to other disks",
    LOST: "the playbook replace makes the bricks that it had anew on other disks",
}


def disk_name(node: str, path: str) -> str:
    """Return how a disk is called in what people read."""
    return f"{node}:{path}"


def disks_in_state(cluster: ObservedCluster, state: str) -> list[str]:
    """Return the names of all disks that are retired, or lost."""
    return sorted(
        disk_name(node.name, path)
        for node in cluster.nodes
        for path, found in node.disk_states.items()
        if found == state
    )


def on_lost_disks(broken: Iterable[BrokenBrick], cluster: ObservedCluster) -> dict[str, str]:
    """Return by the names of the broken bricks that were on lost disks those disks.

    A brick of which that is not certain may be on another disk, which is away for a moment: it is none of them.
    """
    found = {}
    for one in broken:
        node = cluster.by_name.get(one.node)
        lost = [path for path, state in node.disk_states.items() if state == LOST] if node else []
        disks = [path for path in lost if path == one.device or (not one.device and _was_on(path, one.brick, node))]
        if disks:
            found[one.brick.name] = disk_name(one.node, disks[0])
    return found


def _was_on(path: str, brick: Brick, node: Optional[Node]) -> bool:
    """Whether fstab still names the file system of a brick that was made on a disk: its uuid is made of the names."""
    if node is None:
        return False
    mount = brick.path.removesuffix("/brick")
    host, name = node.disks.host, logical_name(mount.rpartition("/")[2])
    uuids = {filesystem_uuid(host.machine_id, group, name) for group in group_names(path, _GROUPS)}
    return any(entry.source.removeprefix("UUID=") in uuids for entry in host.fstab_entries(mount))


def leaving_disk(brick: Brick, cluster: ObservedCluster, gone: dict[str, str]) -> str:
    """Return the name of the disk that a brick is to leave, "" for none; gone are the bricks that were on lost ones."""
    node = cluster.by_uuid.get(brick.host_uuid)
    if brick.name in gone or node is None:
        return gone.get(brick.name, "")
    device = node.disks.bricks.get(brick.path, {}).get("device") or ""
    return disk_name(node.name, device) if device in node.disk_states else ""


def taking(node: Node) -> list[dict[str, Any]]:
    """Return the disks of a node that new bricks may be put on, as far as the inventory is asked."""
    return [] if node.retired else [one for one in node.disks.devices if one["path"] not in node.disk_states]


def disk_lines(cluster: ObservedCluster, gone: dict[str, str]) -> list[str]:
    """Say of each disk that is retired or lost what is to be done."""
    bricks = [brick for volume in cluster.answer.volumes for brick in volume.bricks]
    holding = {leaving_disk(brick, cluster, gone) for brick in bricks}
    return [
        f"{name} is {state} (gluster_devices): "
        + (todo if name in holding else "no volume has a brick there; remove it from gluster_devices")
        for state, todo in _TODO.items()
        for name in disks_in_state(cluster, state)
    ]


def lost_sentence(found: BrokenBrick, disk: str) -> str:
    """Say of a brick that was on a lost disk what brings it back."""
    return (
        f"volume {found.volume}: brick {found.brick.name} on {found.node} was on {disk}, which is lost "
        "(gluster_devices): the playbook replace makes it anew on another disk"
    )
