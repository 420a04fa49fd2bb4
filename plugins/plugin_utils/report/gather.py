# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the inventory and the answers of the look to what a report is made of. PRIVATE to the collection.

Nothing is refused: what can't be told is told as that.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Optional

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import BrickworkError
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.redundancy import sources_needed
from ansible_collections.brickwork.gluster.plugins.module_utils.reading import FOREIGN
from ansible_collections.brickwork.gluster.plugins.module_utils.shapes import shape_of
from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import parse_size
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.brick_findings import find_broken
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.looks import maintenance_of
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.plan import (
    Settings,
    placement_hosts,
    plan_cluster,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.read import (
    read_absent,
    read_node,
    read_settings,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.records import (
    Absent,
    Node,
    ObservedCluster,
    PoolAnswer,
    pool_answer,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.reference import reference_node
from ansible_collections.brickwork.gluster.plugins.plugin_utils.inventory.read import Inventory
from ansible_collections.brickwork.gluster.plugins.plugin_utils.report.capacity import Kind, Room, capacity, kinds
from ansible_collections.brickwork.gluster.plugins.plugin_utils.report.seen import NodeSeen, Owners, Seen
from ansible_collections.brickwork.gluster.plugins.plugin_utils.report.volumes import brick_size, shape_of_volume

_Data = Mapping[str, Any]
#: What the parts of the pool are where no node could be asked.
_NOTHING: _Data = {"volumes": [], "bricks": [], "tasks": [], "heal": [], "unread": []}
_Judge = Callable[[_Data], _Data]


class Told:
    """What the nodes told, and of it what planning sees of the cluster: those that serve, and those that are away."""

    def __init__(self, inventory: Inventory, looks: Mapping[str, Any], pool: Optional[_Data]) -> None:
        self.inventory = inventory
        self.nodes = {
            name: NodeSeen(machine, looks[name] if isinstance(looks[name], Mapping) else {})
            for name, machine in inventory.group("gluster_servers").items()
        }
        self.asked = dict(pool or {})
        self.pool = {**_NOTHING, **self.asked} if "volumes" in self.asked else dict(_NOTHING)
        self.answer = pool_answer(self.pool) if "pool" in self.pool else PoolAnswer()

    @property
    def serving(self) -> list[Node]:
        """The nodes that planning may count on."""
        return [read_node(one.machine, one.look) for one in self.nodes.values() if not _is_away(one)]

    @property
    def absent(self) -> list[Absent]:
        """The others."""
        return [read_absent(one.machine, one.look) for one in self.nodes.values() if _is_away(one)]


def gather(told: Told, judge: _Judge, made: str, asked: str, sizes: Sequence[str], moving: Sequence[_Data]) -> Seen:
    """Return what a report is made of; judge says what is wrong, of what the pool told."""
    settings = read_settings(told.inventory)
    explanation, refusal = _attempt(lambda: _explanation(told, settings), [])
    judged, unjudged = _attempt(lambda: judge(told.pool), {"problems": [], "notes": []})
    rooms, blind = _attempt(lambda: _capacity(told, settings, sizes), [])
    problems = [*_unasked(told, asked), *judged["problems"]]
    problems += [f"health can't be judged: {unjudged}"] * bool(unjudged)
    problems += [f"the plan is refused: {refusal}"] * bool(refusal)
    problems += [f"what fits still can't be told: {blind}"] * bool(blind and blind != refusal)
    return Seen(
        name=str(told.inventory.cluster.get("gluster_cluster_name", "")),
        made=made,
        nodes=told.nodes,
        pool=told.pool,
        volumes=told.answer.volumes,
        asked=asked if "volumes" in told.asked else "",
        judged={**judged, "problems": problems},
        explanation=explanation,
        moving=moving,
        capacity=rooms,
    )


def _is_away(node: NodeSeen) -> bool:
    return not node.answers or node.state == "lost" or bool(maintenance_of(node.look))


def _attempt(make: Callable[[], Any], otherwise: Any) -> tuple[Any, str]:
    """Return what is made, and why it could not be made: a report tells that, and is made all the same."""
    try:
        return make(), ""
    except BrickworkError as error:
        return otherwise, str(error)
    except FOREIGN as error:
        return otherwise, f"an answer is in another form than its module promises ({type(error).__name__}: {error})"


def _unasked(told: Told, asked: str) -> list[str]:
    """Say that nobody could be asked about the pool, and why."""
    if "volumes" in told.asked:
        return []
    if not asked:
        return [
            "no node could be asked about the pool and its volumes: glusterd answers on none of them; start it "
            "there (systemctl start glusterd), and make the report again"
        ]
    said = str(told.asked.get("msg") or "it does not answer any more").strip().splitlines()[0]
    return [f"{asked} could not be asked about the pool: {said}; repair that, and make the report again"]


def _explanation(told: Told, settings: Settings) -> list[str]:
    plan = plan_cluster(told.inventory.volumes, told.serving, settings, told.answer, told.absent)
    return list(dict.fromkeys([*plan["explanation"], *plan["broken"]]))


def _capacity(told: Told, settings: Settings, sizes: Sequence[str]) -> list[dict[str, Any]]:
    nodes = told.serving
    if not nodes:
        return []
    cluster = ObservedCluster(nodes, reference_node(nodes), told.answer, told.absent)
    hosts = placement_hosts(cluster, find_broken(cluster.volumes.values(), cluster.disks))
    wanted = kinds(_kinds_there(told), [parse_size(size, "sizes") for size in sizes])
    return capacity(wanted, Room(hosts, settings.zone_policy, settings.root))


def _kinds_there(told: Told) -> Iterable[Kind]:
    """Return the kind of every volume that exists or is in the inventory."""
    owners = Owners(told.nodes)
    sized = {one["name"]: one for one in told.inventory.volumes if "size" in one}
    for one in sized.values():
        yield Kind(_shape_of(one), one.get("sets") or 1, parse_size(one["size"]))
    for volume in told.answer.volumes:
        size = brick_size(volume, owners) * sources_needed(volume) * volume.sets
        if volume.name not in sized and size:
            yield Kind(shape_of_volume(volume), volume.sets, size)


def _shape_of(volume: _Data) -> Any:
    counts = (volume.get(key) for key in ("replicas", "disperse_data", "redundancy"))
    return shape_of("arbiter" if volume.get("arbiter") else volume["type"], *counts)
