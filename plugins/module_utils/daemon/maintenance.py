# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes a storage node out of service for work on it, and back. PRIVATE to the collection.

While a node is in maintenance, its mark keeps glusterd from starting, also over boots; see mark.
"""

import time
from typing import Any, Dict, FrozenSet, List, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.bricks import local_bricks
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.host import (
    GLUSTERD,
    DaemonHost,
    Unit,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.mark import (
    CONDITION,
    CONDITION_FILE,
    MARK,
    maintenance_of,
    mark_text,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.processes import (
    ServerProcess,
    server_processes,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import (
    PlanError,
    UnsafeChangeError,
    all_at_once,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.gate import (
    Departure,
    objections,
    observe_gate,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.pool import (
    Resolve,
    addresses_of,
    wait_until_whole,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import LOCALHOST
from ansible_collections.brickwork.gluster.plugins.module_utils.grammar import one_line
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import Operation, Plan, Step
from ansible_collections.brickwork.gluster.plugins.module_utils.waiting import Clock, wait_until_nothing

#: Why a node is in maintenance whose whole pool is stopped for an upgrade. The role gluster_upgrade has it, too.
OFFLINE_REASON = "brickwork playbook upgrade offline"


class DesiredNode(NamedTuple):
    """What a node is to be.

    reason is told to whoever meets the node in maintenance. downtime_ok are the volumes whose clients can wait.
    whole_pool is whether all members are stopped together, and started together.
    """

    in_maintenance: bool
    reason: str = ""
    downtime_ok: FrozenSet[str] = frozenset()
    whole_pool: bool = False


class ObservedMaintenance(NamedTuple):
    """What runs on a node. mark is when its maintenance began, and why; "" where there is none.

    heeded is whether systemd knows that it must not start glusterd where there is a mark. objections are why the node
    may not be stopped now, asked only where it is to be and something runs.
    """

    mark: str
    glusterd: Unit
    processes: Tuple[ServerProcess, ...]
    heeded: bool = True
    objections: Tuple[str, ...] = ()

    @property
    def runs(self) -> bool:
        """Whether anything of GlusterFS's servers runs."""
        return self.glusterd.active or bool(self.processes)


def desired_node(params: Dict[str, Any]) -> DesiredNode:
    """Return the DesiredNode of the module's parameters."""
    reason = one_line("reason", params["reason"]) if params.get("reason") else ""
    accepted = frozenset(params.get("accept_downtime") or ())
    return DesiredNode(params["state"] == "maintenance", reason, accepted, bool(params.get("whole_pool")))


def plan_maintenance(desired: DesiredNode, observed: ObservedMaintenance, now: str) -> Plan:
    """Return the Plan from what runs to what is desired; now is the time in words.

    Raises UnsafeChangeError with every reason why the node may not be stopped, PlanError for what nobody can judge.
    """
    steps = _entering(desired, observed, now) if desired.in_maintenance else _leaving(desired, observed)
    before = {"maintenance": observed.mark, "running": observed.runs}
    after = {"maintenance": observed.mark or now, "running": False} if desired.in_maintenance else {
        "maintenance": "", "running": True
    }  # fmt: skip
    return Plan(steps, before, after if steps else before)


def _entering(desired: DesiredNode, observed: ObservedMaintenance, now: str) -> List[Step]:
    bricks = [process.pid for process in observed.processes if process.is_brick]
    daemons = [process.pid for process in observed.processes if not process.is_brick]
    if bricks and not observed.glusterd.active:
        raise PlanError(
            "state: glusterd does not run here and %s brick processes do, so that nobody can tell whether they may be "
            "ended; start glusterd (systemctl start glusterd) and run again" % len(bricks)
        )
    if observed.objections:
        raise UnsafeChangeError("state: this node may not be stopped now:\n" + all_at_once(observed.objections))
    words = "%s (%s)" % (now, desired.reason) if desired.reason else now
    steps = [] if observed.heeded else [Step("heed_mark", CONDITION_FILE, ("systemctl", "daemon-reload"))]
    steps += [] if observed.mark else [Step("mark_node", MARK, text=words)]
    # A brick that is ended says goodbye to its clients; one that vanishes keeps them waiting for the ping-timeout.
    steps += _ending("end_bricks", bricks) + _ending("end_daemons", daemons)
    if observed.glusterd.active:
        steps.append(Step("stop", GLUSTERD, ("systemctl", "stop", GLUSTERD)))
    return steps


def _ending(kind: str, pids: Sequence[int]) -> List[Step]:
    return [Step(kind, "%s processes" % len(pids), ("kill",) + tuple(map(str, pids)))] if pids else []


def _leaving(desired: DesiredNode, observed: ObservedMaintenance) -> List[Step]:
    """Return the steps. Alone, a node would meet others with another version, which an offline upgrade is there for."""
    is_offline = observed.mark.endswith("(%s)" % OFFLINE_REASON)
    if observed.mark and not is_offline and desired.whole_pool:
        raise PlanError(
            "state: this node is in maintenance since %s, and not with all others; have it serve again "
            "(the playbook maintenance, leave; or state: active without whole_pool)" % observed.mark
        )
    if is_offline and not desired.whole_pool:
        raise PlanError(
            "state: this node is in maintenance since %s, with all others; run the playbook upgrade with "
            "gluster_upgrade_offline: true, which starts all of them together (or set whole_pool)" % observed.mark
        )
    steps = [Step("unmark_node", MARK)] if observed.mark else []
    return steps if observed.glusterd.active else [*steps, Step("start", GLUSTERD, ("systemctl", "start", GLUSTERD))]


class NodeOperation(Operation[ObservedMaintenance]):
    """Takes this node into maintenance, or out of it."""

    def __init__(
        self,
        host: DaemonHost,
        gluster: Gluster,
        desired: DesiredNode,
        timeout: int = 120,
        clock: Clock = time,
        resolve: Optional[Resolve] = None,
    ) -> None:
        self._host = host
        self._gluster = gluster
        self._desired = desired
        self._timeout = timeout
        self._clock = clock
        self._resolve = resolve or addresses_of

    def observe(self) -> ObservedMaintenance:
        """Read the mark, the unit and the processes, and ask the gate where the node is to be stopped."""
        glusterd = self._host.units().get(GLUSTERD, Unit())
        if not glusterd.exists:
            raise PlanError("state: found no unit glusterd; run this on a storage node, or install glusterfs-server")
        processes = tuple(server_processes(self._host.files))
        asks = self._desired.in_maintenance and glusterd.active
        found = (self._started() if self._desired.whole_pool else self._objections()) if asks else []
        heeded = not glusterd.stale and self._host.files.read(CONDITION_FILE) == CONDITION
        return ObservedMaintenance(maintenance_of(self._host.files), glusterd, processes, heeded, tuple(found))

    def _started(self) -> List[str]:
        """Where all members stop together, no gate can be open: nothing may serve any more."""
        return [
            "volume %s is started; stop it first (gluster_pause)" % volume.name
            for volume in self._gluster.volumes()
            if volume.is_started
        ]

    def _objections(self) -> List[str]:
        departure = Departure(member=LOCALHOST, downtime_ok=self._desired.downtime_ok)
        return objections(departure, observe_gate(departure, self._gluster, self._resolve))

    def plan(self, observed: ObservedMaintenance) -> Plan:
        """Return the Plan; see plan_maintenance."""
        now = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(self._clock.time()))
        return plan_maintenance(self._desired, observed, now)

    def findings(self, observed: ObservedMaintenance) -> Dict[str, Any]:
        """Return since when the node is in maintenance, and why."""
        return {"maintenance": observed.mark}

    def perform(self, step: Step) -> None:
        """Take one step."""
        if step.kind == "heed_mark":
            self._host.files.replace(CONDITION_FILE, CONDITION, 0o644)
            self._host.commands.run(step.argv, "having systemd read its files")
        elif step.kind == "mark_node":
            self._host.files.replace(MARK, mark_text(step.text), 0o644)
        elif step.kind == "unmark_node":
            self._host.files.remove(MARK)
        elif step.kind in ("end_bricks", "end_daemons"):
            self._end([int(pid) for pid in step.argv[1:]])
        else:
            self._host.commands.run(step.argv, "running systemctl")

    def _end(self, pids: Sequence[int]) -> None:
        self._host.end(pids)
        wait_until_nothing(
            lambda: [str(pid) for pid in pids if self._host.started(pid)],
            self._timeout,
            self._clock,
            lambda left: "processes %s do not end within %s s" % (", ".join(left), self._timeout),
        )

    def settle(self, plan: Plan) -> None:
        """Wait, after maintenance, until the pool is whole and this node's bricks are online.

        Not with the whole pool: the others are started at the same time, and perhaps after this one.
        """
        if self._desired.in_maintenance or self._desired.whole_pool or not plan.steps:
            return
        wait_until_whole(self._gluster, self._timeout, self._clock)
        wait_until_nothing(
            self._offline,
            self._timeout,
            self._clock,
            lambda left: "bricks without a process after %s s: %s" % (self._timeout, ", ".join(left)),
        )

    def _offline(self) -> List[str]:
        pool = self._gluster.pool()
        volumes = [volume for volume in self._gluster.volumes() if volume.is_started and local_bricks(volume, pool)]
        status = self._gluster.brick_status([volume.name for volume in volumes], detail=False)
        serving = {(one.host, one.path) for states in status.values() for one in states if one.serves}
        return [
            brick.name
            for volume in volumes
            for brick in local_bricks(volume, pool)
            if (brick.host, brick.path) not in serving
        ]
