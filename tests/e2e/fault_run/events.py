# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an administrator meets: each event changes the inventory or the machines, and names the playbook for it."""

from __future__ import annotations

import pathlib
import random
from collections.abc import Callable
from typing import NamedTuple

from machines import Machines

from fault_run import clusters, faults
from fault_run.clusters import Cluster

NO_TASKS = pathlib.Path(__file__).resolve().parent / "no_tasks.yml"


class Event(NamedTuple):
    """An event, in words, with the playbook for it and that one's variables.

    away is the node that is off or about to be, "" for none. loses tells that copies are gone until the playbook has
    ended, so that no further disk may die. after is what comes back to a cluster as it was.
    """

    words: str
    playbook: str
    variables: dict
    away: str = ""
    loses: bool = False
    after: Callable[[], None] = lambda: None


class Scene(NamedTuple):
    """What an event is made of."""

    chance: random.Random
    lab: Machines
    cluster: Cluster


def draw(scene: Scene, name: str = "") -> Event:
    """Return an event of a name, a random one that this cluster can have for "", after making it happen."""
    possible = [name] if name else [one for one, able in POSSIBLE.items() if able(scene.cluster)]
    return EVENTS[scene.chance.choice(possible)](scene)


def grow(scene: Scene) -> Event:
    """A volume shall be larger."""
    volume = scene.chance.choice(scene.cluster.volumes)
    units = volume.get("sets", 1) * volume.get("disperse_data", 1)
    volume["size"] = f"{int(volume['size'].removesuffix('MiB')) + units * clusters.MIB}MiB"
    return Event(f"{volume['name']} grows to {volume['size']}", "site", {})


def more_sets(scene: Scene) -> Event:
    """A volume shall have a second set."""
    volume = next(one for one in scene.cluster.volumes if one.get("sets", 1) == 1)
    volume.update(sets=2, size=f"{2 * int(volume['size'].removesuffix('MiB'))}MiB")
    return Event(f"{volume['name']} gets a second set", "site", {})


def fewer_sets(scene: Scene) -> Event:
    """A volume shall have one set."""
    volume = _with_sets(scene.cluster)
    volume.update(sets=1, size=f"{int(volume['size'].removesuffix('MiB')) // 2}MiB")
    given = {"gluster_shrink_volume": volume["name"], "gluster_shrink_confirm": "fault-run"}
    return Event(
        f"{volume['name']} gets one set", "shrink", {**given, "gluster_shrink_destroy_bricks": True},
        after=lambda: _remove_leftovers(scene),
    )  # fmt: skip


def spread(scene: Scene) -> Event:
    """The files shall be spread over all sets."""
    name = _with_sets(scene.cluster)["name"]
    return Event(f"the files of {name} are spread", "rebalance", {"gluster_rebalance_volumes": [name]})


def boot_all(scene: Scene) -> Event:
    """All nodes are stopped and started in turn."""
    return Event(
        "all nodes are restarted",
        "rolling",
        {"gluster_rolling_tasks": str(NO_TASKS), "gluster_rolling_run": f"round-{scene.chance.getrandbits(32)}"},
    )


def maintenance(scene: Scene) -> Event:
    """A node is taken out of service; afterwards it serves again."""
    node = scene.chance.choice(scene.cluster.nodes)
    given = {"gluster_maintenance_nodes": [node]}

    def leave() -> None:
        scene.lab.play("maintenance", {**given, "gluster_maintenance": "leave"}).succeeded()

    return Event(
        f"{node} goes into maintenance",
        "maintenance",
        {**given, "gluster_maintenance": "enter"},
        away=node,
        after=leave,
    )


def missed(scene: Scene) -> Event:
    """A node comes back that was off for a while."""
    node = scene.chance.choice(scene.cluster.nodes)
    scene.lab.power("power-off", node)
    scene.lab.run("client1", "sleep 20")
    scene.lab.power("power-on", node)
    return Event(f"{node} comes back after a power cut", "heal", {})


def lost_disk(scene: Scene) -> Event:
    """A disk is empty after a power cut."""
    node = scene.chance.choice([one for one in scene.cluster.nodes if faults.mounts_of(scene.lab, one)])
    lost = faults.dead_disk(scene.lab, node, scene.chance)
    lost.mend()
    return Event(f"{lost.words}; an empty one takes its place", "replace", {}, away=node, loses=True)


def disk_gone(scene: Scene) -> Event:
    """A disk is lost, and nothing takes its place: others get its bricks. Afterwards an empty one does."""
    node, path = _disk_in_use(scene)
    faults.dead_disk(scene.lab, node, scene.chance, path).mend()
    scene.cluster.disk_states[node, path] = "lost"
    return Event(f"{path} of {node} is lost", "replace", {}, away=node, loses=True, after=_active_again(scene))


def retired_disk(scene: Scene) -> Event:
    """A disk gives its bricks to others; afterwards it is one like any other."""
    node, path = _disk_in_use(scene)
    scene.cluster.disk_states[node, path] = "retired"
    given = {"gluster_retire_confirm": "fault-run"}
    return Event(f"{path} of {node} is retired", "retire", given, away=node, after=_active_again(scene))


def fewer_copies(scene: Scene) -> Event:
    """A volume shall keep two copies and an arbiter, where it kept three copies."""
    volume = next(one for one in scene.cluster.volumes if one.get("replicas") == 3)
    del volume["replicas"]
    volume["type"] = "arbiter"
    given = {"gluster_accept_fewer_copies": [volume["name"]]}
    return Event(
        f"{volume['name']} gets arbiters", "expand", given, loses=True, after=lambda: _remove_leftovers(scene)
    )  # fmt: skip


def moved(scene: Scene) -> Event:
    """The bricks of a volume shall be on one of the two disks of their nodes; afterwards they may be anywhere."""
    volume = scene.chance.choice(scene.cluster.volumes)
    volume["devices"] = [scene.chance.choice(clusters.DEVICES)]

    def be_anywhere() -> None:
        del volume["devices"]
        _remove_leftovers(scene)

    return Event(
        f"{volume['name']} moves to {volume['devices'][0]}", "move", {"gluster_move_volumes": [volume["name"]]},
        loses=True, after=be_anywhere,
    )  # fmt: skip


def readdressed(scene: Scene) -> Event:
    """A node gets another address, and keeps the one that it had as well."""
    node = scene.chance.choice(scene.cluster.nodes)
    scene.cluster.at_second ^= {node}
    _have_second_address(scene, node)
    return Event(
        f"{node} gets the address {scene.cluster.address_of(node)}", "readdress", {"gluster_readdress_nodes": [node]}
    )


def _have_second_address(scene: Scene, node: str) -> None:
    """Give a node its second address, also for each boot."""
    folder, address = "/etc/systemd/network/10-lab.network.d", f"{clusters.second_address_of(node)}/24"
    scene.lab.run(
        node,
        f"mkdir -p {folder} && printf '[Network]\nAddress=%s\n' {address} > {folder}/second.conf && sync && "
        f"ip address replace {address} dev $(ls /sys/class/net | grep -vx lo)",
    )


def _get_new_system_disk(scene: Scene, node: str) -> None:
    """Have a node that is off boot from an empty system disk. Somebody gives it the address that it had."""
    for command in ("new-system-disk", "power-on"):
        scene.lab.power(command, node)
    if node in scene.cluster.at_second:
        _have_second_address(scene, node)


def new_system_disk(scene: Scene) -> Event:
    """A node has a new system disk."""
    node = scene.chance.choice(scene.cluster.nodes)
    scene.lab.run(node, "sync")
    scene.lab.power("power-off", node)
    _get_new_system_disk(scene, node)
    return Event(
        f"{node} has a new system disk", "replace", {"gluster_replace_nodes": [node]}, away=node, loses=True
    )


def lost_node(scene: Scene) -> Event:
    """A node does not come back; afterwards a new machine takes its name."""
    node = _spared(scene)
    scene.lab.power("power-off", node)
    scene.cluster.states[node] = "lost"

    def come_back() -> None:
        _get_new_system_disk(scene, node)
        scene.lab.run(node, "for d in /dev/sd[bc]; do dd if=/dev/zero of=$d bs=1M count=64 status=none; done; sync")
        scene.lab.power("power-off", node)
        scene.lab.power("power-on", node)
        del scene.cluster.states[node]

    return Event(f"{node} is lost", "replace", {}, away=node, loses=True, after=come_back)


def retired_node(scene: Scene) -> Event:
    """A node gives its bricks to others; afterwards it is one like any other."""
    node = _spared(scene)
    scene.cluster.states[node] = "retired"

    def come_back() -> None:
        del scene.cluster.states[node]
        _remove_leftovers(scene, left=node)

    return Event(f"{node} is retired", "retire", {"gluster_retire_confirm": "fault-run"}, away=node, after=come_back)


def _disk_in_use(scene: Scene) -> tuple[str, str]:
    node = scene.chance.choice([one for one in scene.cluster.nodes if faults.mounts_of(scene.lab, one)])
    return node, faults.disk_of(scene.lab, node, scene.chance.choice(faults.mounts_of(scene.lab, node)))


def _active_again(scene: Scene) -> Callable[[], None]:
    def become_active() -> None:
        scene.cluster.disk_states.clear()
        _remove_leftovers(scene)

    return become_active


def _spared(scene: Scene) -> str:
    return scene.chance.choice([node for node in scene.cluster.nodes if scene.cluster.neighbours(node)])


def _with_sets(cluster: Cluster) -> dict:
    return next(one for one in cluster.volumes if one.get("sets", 1) > 1)


def _has_sets(cluster: Cluster) -> bool:
    return any(one.get("sets", 1) > 1 for one in cluster.volumes)


def _remove_leftovers(scene: Scene, left: str = "") -> None:
    """Remove the bricks that no volume uses, so that many rounds have room. left is a node that has left the pool."""
    member = next(node for node in scene.cluster.nodes if node != left)
    listed = [brick for volume in scene.cluster.volumes for brick in scene.lab.bricks(volume["name"], member)]
    used = {brick.partition(":")[::2] for brick in listed}
    there = [(node, name) for node in scene.cluster.nodes for name in _bricks_on(scene.lab, node)]
    idle = [
        f"{node}:{name}"
        for node, name in there
        if (scene.cluster.address_of(node), f"/srv/gluster/{name}/brick") not in used
    ]
    if idle:
        given = {"gluster_teardown_bricks": idle, "gluster_teardown_confirm": "fault-run"}
        scene.lab.play("teardown", given).succeeded()


def _bricks_on(lab: Machines, node: str) -> list[str]:
    listed = lab.run(node, "lvs --noheadings -o lv_name -S 'lv_name=~^brick_'").split()
    return [name.removeprefix("brick_") for name in listed]


EVENTS = {
    "grow": grow,
    "more_sets": more_sets,
    "fewer_sets": fewer_sets,
    "spread": spread,
    "boot_all": boot_all,
    "maintenance": maintenance,
    "missed": missed,
    "lost_disk": lost_disk,
    "disk_gone": disk_gone,
    "retired_disk": retired_disk,
    "fewer_copies": fewer_copies,
    "moved": moved,
    "readdressed": readdressed,
    "new_system_disk": new_system_disk,
    "lost_node": lost_node,
    "retired_node": retired_node,
}
#: Events that not every cluster can have.
POSSIBLE = {
    **dict.fromkeys(EVENTS, lambda cluster: True),
    "more_sets": lambda cluster: not all(one.get("sets", 1) > 1 for one in cluster.volumes),
    "fewer_sets": _has_sets,
    "fewer_copies": lambda cluster: any(one.get("replicas") == 3 for one in cluster.volumes),
    "spread": _has_sets,
}
