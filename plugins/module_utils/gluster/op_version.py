# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The op-version of the pool, which never goes back, is raised as far as members and clients allow. PRIVATE.

glusterd itself refuses one that is above what a member supports, or below what holds.
"""

from typing import Any, Dict, List, Mapping, NamedTuple, Optional

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError, PlanError
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster, gluster_argv
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import Operation, Plan, Step

_OPTION = "cluster.op-version"
_HIGHEST = "cluster.max-op-version"


class ObservedVersions(NamedTuple):
    """The pool's op-version, the highest that all members support, and by address those of clients."""

    current: int
    highest: int
    clients: Mapping[str, int]

    def older_than(self, op_version: int) -> List[str]:
        """Return the addresses of the clients that do not support an op-version."""
        return sorted(address for address, own in self.clients.items() if own < op_version)


def plan_op_version(desired: Optional[int], observed: ObservedVersions) -> Plan:
    """Return the Plan; without a desired one, as far as members and clients allow.

    Raises InputError or PlanError for one that can't be.
    """
    if desired is not None:
        _refuse(desired, observed)
    allowed = min([observed.highest, *observed.clients.values()])
    goal = max(desired or allowed, observed.current)
    words = tuple(gluster_argv(["volume", "set", "all", _OPTION, str(goal)]))
    steps = [Step("set_op_version", "pool", words)] if goal > observed.current else []
    return Plan(steps, {"op_version": observed.current}, {"op_version": goal})


def _refuse(desired: int, observed: ObservedVersions) -> None:
    if desired < observed.current:
        raise InputError(
            "op_version: found %s, and the pool has %s, which never goes back; write that or a higher one"
            % (desired, observed.current)
        )
    if desired > observed.highest:
        raise InputError(
            "op_version: found %s, and the members support %s; write that or a lower one, or upgrade all members first"
            % (desired, observed.highest)
        )
    older = observed.older_than(desired)
    if older and desired > observed.current:
        raise PlanError(
            "op_version: %s is more than these clients support: %s; install the new version there and mount again first"
            % (desired, ", ".join("%s (%s)" % (address, observed.clients[address]) for address in older))
        )


class OpVersionOperation(Operation[ObservedVersions]):
    """Raises the op-version of the pool."""

    def __init__(self, gluster: Gluster, desired: Optional[int]) -> None:
        self._gluster = gluster
        self._desired = desired

    def observe(self) -> ObservedVersions:
        """Read the two versions, and the clients of all started volumes."""
        values = self._gluster.options("all")
        started = [volume.name for volume in self._gluster.volumes() if volume.is_started]
        return ObservedVersions(
            int(values[_OPTION]), int(values[_HIGHEST]), self._gluster.client_versions(started) if started else {}
        )

    def plan(self, observed: ObservedVersions) -> Plan:
        """Return the Plan; see plan_op_version."""
        return plan_op_version(self._desired, observed)

    def findings(self, observed: ObservedVersions) -> Dict[str, Any]:
        """Return what holds, what the members support, and the clients that support less than that."""
        older = observed.older_than(observed.highest)
        return {
            "op_version": observed.current,
            "highest": observed.highest,
            "older_clients": [{"address": address, "op_version": observed.clients[address]} for address in older],
        }

    def perform(self, step: Step) -> None:
        """Set it."""
        self._gluster.ask(*step.argv[3:])

    def settle(self, plan: Plan) -> None:
        """glusterd has set it on all members when it answers."""
