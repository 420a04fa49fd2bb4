# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes heketi's topology to its desired state. PRIVATE to the collection."""

import json
import re
import time
from typing import Any, Dict, List, Match, Optional, Tuple

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import PlanError, UnsafeChangeError
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.answers import (
    read_moves_pairs,
    read_topology,
    read_volumes,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.client import Heketi, HeketiError
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.desired import DesiredCluster
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.evacuation import evacuation_problems
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.records import PendingOperation, Topology
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.topology_plan import (
    EVACUATIONS,
    Wanted,
    cluster_reference,
    device_reference,
    node_reference,
    plan_topology,
    wanted_of,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.transport import NoAnswer
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.under_way import (
    left_of,
    read_when_ended,
    wait_until_done,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import Operation, Plan, Step
from ansible_collections.brickwork.gluster.plugins.module_utils.waiting import Clock

_CONFLICT = 409
_REFERENCE = re.compile(r"<[^<>]+>")


class TopologyOperation(Operation[Topology]):
    """Creates, grows, updates and, where that is asked for by name, takes away clusters, nodes and devices."""

    def __init__(
        self, heketi: Heketi, clusters: Tuple[DesiredCluster, ...], timeout: int = 600, clock: Clock = time
    ) -> None:
        """timeout is in seconds: how long to look for what a lost answer has left open."""
        self._heketi = heketi
        self._clusters = clusters
        self._timeout = timeout
        self._clock = clock
        self._ids: Dict[str, str] = {}

    def observe(self) -> Topology:
        """Read everything, once nothing is under way with what is to be removed: a move that was begun goes on."""
        return read_when_ended(self._read, self._moving, self._timeout, self._clock)

    def _moving(self, observed: Topology) -> List[PendingOperation]:
        leaving = set(wanted_of(self._clusters, observed).leaving())
        return [operation for operation in observed.pending if leaving & set(operation.changes)]

    def _read(self) -> Topology:
        """Read everything but the volumes; those only where bricks would have to be moved."""
        topology = read_topology(self._heketi)
        leaving = wanted_of(self._clusters, topology).leaving()
        bricks = topology.bricks_on(leaving)
        volumes, hidden = read_volumes(self._heketi, sorted({brick.volume_id for brick in bricks}))
        moves_pairs = read_moves_pairs(self._heketi) if any(volume.replicas == 2 for volume in volumes) else True
        return topology._replace(volumes=volumes, hidden=hidden, moves_pairs=moves_pairs)

    def plan(self, observed: Topology) -> Plan:
        """Return the Plan; see plan_topology."""
        wanted = wanted_of(self._clusters, observed)
        self._ids.update(_known_ids(wanted))
        return plan_topology(self._clusters, observed)

    def findings(self, observed: Topology) -> Dict[str, Any]:
        """Return the operations that are pending."""
        return {"pending_operations": [operation.facts() for operation in observed.pending]}

    def perform(self, step: Step) -> None:
        """Send one request. Where the answer is lost, or somebody else is at it, only a fresh read tells."""
        if step.kind in EVACUATIONS:
            self._check_evacuation()
        try:
            self._send(step)
        except NoAnswer as lost:
            self._wait_for(step, lost)
        except HeketiError as error:
            if not _is_anothers_doing(step, error):
                raise
            self._wait_or_send(step, error)

    def _send(self, step: Step) -> None:
        made = self._heketi.change(step.argv[0], self._resolved(step.argv[1]), self._body_of(step))
        if step.kind == "create_cluster":
            self._ids["<%s>" % step.target] = made["id"]
        if step.kind == "add_node" and made:
            self._ids[node_reference(step.target)] = made["id"]

    def _body_of(self, step: Step) -> Optional[Dict[str, Any]]:
        if len(step.argv) < 3:
            return None
        body = json.loads(step.argv[2])
        return dict(body, **{name: self._resolved(body[name]) for name in ("cluster", "node") if name in body})

    def _resolved(self, text: str) -> str:
        """Return the text with ids for references; those of devices that were just added have to be read."""
        if any(reference not in self._ids for reference in _REFERENCE.findall(text)):
            self._ids.update(_known_ids(wanted_of(self._clusters, read_topology(self._heketi))))
        return _REFERENCE.sub(self._id_of, text)

    def _id_of(self, reference: Match[str]) -> str:
        if reference.group() not in self._ids:
            raise PlanError(
                "topology: %s was removed by somebody else meanwhile; run again" % reference.group().strip("<>")
            )
        return self._ids[reference.group()]

    def _check_evacuation(self) -> None:
        """Look once more before bricks are moved: what was added meanwhile counts, and so does what went away."""
        observed = self.observe()
        problems = evacuation_problems(wanted_of(self._clusters, observed).leaving(), observed)
        if problems:
            raise UnsafeChangeError("\n".join(problems))

    def _wait_for(self, step: Step, reason: NoAnswer) -> None:
        wait_until_done(lambda: left_of(self, step), reason, self._timeout, self._clock)

    def _wait_or_send(self, step: Step, reason: HeketiError) -> None:
        """Wait for what somebody else has begun; if that fails, its name is free again, and it is our turn."""

        def still_taken() -> List[Step]:
            if not left_of(self, step):
                return []
            try:
                self._send(step)
                return []
            except HeketiError as error:
                if not _is_anothers_doing(step, error):
                    raise
                return [step]

        wait_until_done(still_taken, reason, self._timeout, self._clock)

    def settle(self, plan: Plan) -> None:
        """Nothing is left to wait for: each request is waited for."""


def _is_anothers_doing(step: Step, error: HeketiError) -> bool:
    """Whether the refusal tells that a run before this one, which was cut off, has begun the same.

    What is being added is not shown before it is done, and yet its name is taken. What was taken away is not found.
    """
    if step.kind in ("add_node", "add_device"):
        return error.status == _CONFLICT
    return step.kind.startswith("delete_") and "Id not found" in error.text


def _known_ids(wanted: Wanted) -> Dict[str, str]:
    """Return reference -> id of all that heketi has of the desired topology."""
    ids = {
        cluster_reference(number): cluster.cluster_id
        for number, cluster in wanted.match.clusters.items()
        if cluster is not None
    }
    for desired_name, node in wanted.match.nodes.items():
        if node is None:
            continue
        # A node to remove may have another of its names in the desired topology.
        for name in sorted({desired_name, node.name}):
            ids[node_reference(name)] = node.node_id
            ids.update({device_reference(name, device.name): device.device_id for device in node.devices})
    return ids
