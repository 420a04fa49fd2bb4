# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Disks and bricks that are retired or lost (gluster_devices, gluster_bricks). Pure. PRIVATE to the collection."""

from collections.abc import Container, Iterable, Mapping
from typing import Any

from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Brick, Volume
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.brick_plan import group_names
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.mount_plan import logical_path
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.records import (
    ObservedHost,
    filesystem_uuid,
    logical_name,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.brick_findings import BrokenBrick
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.records import (
    LOST,
    RETIRED,
    Node,
    NodeDisks,
    ObservedCluster,
)

#: By path which disks and bricks of a node are lost or retired.
States = Mapping[str, str]
#: Volume groups that can have been on disks of one name, one after the other.
_GROUPS = 9
_TODO = {
    RETIRED: "the playbook retire moves the bricks that it has to other disks",
    LOST: "the playbook replace makes the bricks that it had anew on other disks",
}
_TODO_OF_BRICK = {
    RETIRED: "the playbook retire moves it to another place",
    LOST: "the playbook replace makes it anew at another place",
}


def states_of(variables: Mapping[str, Any]) -> dict[str, str]:
    """Return by path the disks and bricks of a host that are lost or retired. The inventory was judged before."""
    things = [one for name in ("gluster_devices", "gluster_bricks") for one in variables.get(name) or ()]
    named = [one for one in things if isinstance(one, Mapping)]
    return {one["path"]: one["state"] for one in named if one.get("state", "active") != "active"}


def lost_paths(states: States, bricks: Iterable[Mapping[str, Any]]) -> set[str]:
    """Return the directories of the bricks that are lost, or are on lost disks; bricks are what lvm_brick_info told."""
    lost = {path for path, state in states.items() if state == LOST}
    return lost | {brick["path"] for brick in bricks if brick["device"] in lost}


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


def bricks_in_state(cluster: ObservedCluster, state: str) -> list[str]:
    """Return the names of all single bricks that are retired, or lost."""
    return sorted(
        disk_name(node.name, path)
        for node in cluster.nodes
        for path, found in node.brick_states.items()
        if found == state
    )


def given_up(broken: Iterable[BrokenBrick], cluster: ObservedCluster) -> dict[str, str]:
    """Return by the names of the broken bricks that are lost, or were on lost disks, what is lost: brick or disk.

    A brick of which that is not certain may be on another disk, which is away for a moment: it is none of them.
    """
    found = {}
    for one in broken:
        node = cluster.by_name.get(one.node)
        place = place_in_state(one, node.disks.host, {**node.disk_states, **node.brick_states}, LOST) if node else ""
        if place:
            found[one.brick.name] = disk_name(one.node, place)
    return found


def place_in_state(found: BrokenBrick, host: ObservedHost, states: States, state: str) -> str:
    """Return the path of the brick, or of the disk that it was on, where that is in a state; "" where nothing tells."""
    paths = [path for path, one in states.items() if one == state]
    if found.brick.path in paths:
        return found.brick.path
    disks = [path for path in paths if path == found.device or (not found.device and _was_on(path, found.brick, host))]
    return disks[0] if disks else ""


def _was_on(path: str, brick: Brick, host: ObservedHost) -> bool:
    """Whether fstab still names the logical volume of a brick that was made on a disk.

    Lines of earlier releases name the file system, whose uuid is made of the names.
    """
    mount = brick.path.removesuffix("/brick")
    name = mount.rpartition("/")[2]
    sources = set()
    for group in group_names(path, _GROUPS):
        uuid = filesystem_uuid(host.machine_id, group, logical_name(name))
        sources |= {logical_path(group, name), f"UUID={uuid}"}
    return any(entry.source in sources for entry in host.fstab_entries(mount))


def leaving_place(brick: Brick, cluster: ObservedCluster, gone: dict[str, str]) -> str:
    """Return the disk that a brick is to leave, or its own place, "" for none; gone are those that are given up."""
    node = cluster.by_uuid.get(brick.host_uuid)
    if brick.name in gone or node is None:
        return gone.get(brick.name, "")
    if brick.path in node.brick_states:
        return disk_name(node.name, brick.path)
    device = node.disks.bricks.get(brick.path, {}).get("device") or ""
    return disk_name(node.name, device) if device in node.disk_states else ""


def taking(node: Node) -> list[dict[str, Any]]:
    """Return the disks of a node that new bricks may be put on, as far as the inventory is asked."""
    return [] if node.retired else [one for one in node.disks.devices if one["path"] not in node.disk_states]


def disk_lines(cluster: ObservedCluster, gone: dict[str, str]) -> list[str]:
    """Say of each disk, and of each single brick, that is retired or lost what is to be done."""
    bricks = [brick for volume in cluster.answer.volumes for brick in volume.bricks]
    holding = {leaving_place(brick, cluster, gone) for brick in bricks}
    return _brick_lines(cluster, holding) + [
        f"{name} is {state} (gluster_devices): "
        + (todo if name in holding else "no volume has a brick there; remove it from gluster_devices")
        for state, todo in _TODO.items()
        for name in disks_in_state(cluster, state)
    ]


def _brick_lines(cluster: ObservedCluster, holding: Container[str]) -> list[str]:
    return [
        f"{name} is {state} (gluster_bricks): "
        + (todo if name in holding else "no volume has this brick; remove it from gluster_bricks")
        for state, todo in _TODO_OF_BRICK.items()
        for name in bricks_in_state(cluster, state)
    ]


def health_sentence(found: BrokenBrick, host: ObservedHost, states: States) -> str:
    """Say of a brick that its node has lost which playbook brings it back, where the inventory knows what was lost."""
    lost = place_in_state(found, host, states, LOST)
    if lost:
        return lost_sentence(found, disk_name(found.node, lost))
    retired = place_in_state(found, host, states, RETIRED)
    if not retired:
        return found.sentence
    return (
        f"volume {found.volume}: brick {found.brick.name} on {found.node} is gone or can't be read, and "
        f"{disk_name(found.node, retired)} is retired: the playbook retire moves only what can be read; write state: "
        "lost there, and run the playbook replace"
    )


def leaving_notes(volumes: Iterable[Volume], nodes: Iterable[NodeDisks], states: Mapping[str, States]) -> list[str]:
    """Say of each disk and brick in a state that volumes have bricks there, and which playbook moves these."""
    by_uuid = {node.uuid: node for node in nodes if node.uuid}
    found = {}
    for brick in (brick for volume in volumes for brick in volume.bricks if brick.host_uuid in by_uuid):
        node = by_uuid[brick.host_uuid]
        own, device = states.get(node.node, {}), node.bricks.get(brick.path, {}).get("device") or ""
        if brick.path in own:
            found[disk_name(node.node, brick.path)] = (own[brick.path], "gluster_bricks", _TODO_OF_BRICK)
        elif device in own:
            found[disk_name(node.node, device)] = (own[device], "gluster_devices", _TODO)
    return [f"{name} is {state} ({where}): {todo[state]}" for name, (state, where, todo) in sorted(found.items())]


def lost_sentence(found: BrokenBrick, place: str) -> str:
    """Say of a brick that is given up what brings it back."""
    what = f"volume {found.volume}: brick {found.brick.name} on {found.node}"
    if place == disk_name(found.node, found.brick.path):
        return f"{what} is lost (gluster_bricks): the playbook replace makes it anew at another place"
    return f"{what} was on {place}, which is lost (gluster_devices): the playbook replace makes it anew on another disk"
