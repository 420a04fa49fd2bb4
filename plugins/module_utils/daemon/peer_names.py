# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""By which of its names this node's glusterd reaches another member: the first in its file. PRIVATE to the collection.

C(gluster peer probe) adds a name: as the last one below GlusterFS 11, and none ever goes. glusterd connects to the
first when it starts. So the new one is put first while glusterd is stopped; its bricks go on. The others stay behind
it: they do no harm, and snapshots' bricks are known by them.
"""

import os
import re
import time
from typing import Any, Dict, List, Mapping, NamedTuple

from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.host import GLUSTERD, DaemonHost, Unit
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.settings import VOLFILE, working_directory
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import PlanError, UnsafeChangeError
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster import answers
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.pool import wait_until_whole
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.readdress import (
    DesiredAddress,
    desired_address,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import Operation, Plan, Step
from ansible_collections.brickwork.gluster.plugins.module_utils.waiting import Clock

_HOSTNAME = re.compile(r"^hostname(\d+)=(.+)\Z")


class ObservedNames(NamedTuple):
    """The text of this node's file of the other member, who answers at the address, and glusterd's unit."""

    path: str
    text: str
    answering: str
    glusterd: Unit

    @property
    def names(self) -> List[str]:
        """The other member's names, in the order in which glusterd reads them."""
        found = [match for match in map(_HOSTNAME.match, self.text.splitlines()) if match]
        return [match.group(2) for match in sorted(found, key=lambda match: int(match.group(1)))]


def desired_name(params: Mapping[str, Any]) -> DesiredAddress:
    """Return the DesiredAddress of the module's parameters; raises InputError."""
    return desired_address(params)._replace(brick="", volume="")


def with_name_first(observed: ObservedNames, name: str) -> str:
    """Return the text with one name before the others."""
    kept = [line for line in observed.text.splitlines() if not _HOSTNAME.match(line)]
    names = [name] + [other for other in observed.names if other != name]
    return "\n".join(kept + ["hostname%s=%s" % (number, one) for number, one in enumerate(names, 1)]) + "\n"


def plan_names(desired: DesiredAddress, observed: ObservedNames) -> Plan:
    """Return the Plan; raises PlanError or UnsafeChangeError before anything is changed."""
    if not observed.text:
        raise PlanError(
            "uuid: found no %s on this node; run it on a member that knows %s" % (observed.path, desired.uuid)
        )
    running = observed.glusterd.active
    if running and observed.answering != desired.uuid:
        found = observed.answering or "nobody who answers"
        raise UnsafeChangeError(
            "address: found %s at %s from this node, and not the member %s; let the address lead to that node here, "
            "too (DNS, /etc/hosts, network)" % (found, desired.address, desired.uuid)
        )
    names = observed.names
    steps: List[Step] = []
    if names[:1] != [desired.address]:
        steps = [Step("stop", GLUSTERD, ("systemctl", "stop", GLUSTERD))] if running else []
        steps.append(Step("put_name_first", observed.path, text=with_name_first(observed, desired.address)))
    if steps or not running:
        steps.append(Step("start", GLUSTERD, ("systemctl", "start", GLUSTERD)))
    after = [desired.address] + [name for name in names if name != desired.address]
    return Plan(steps, {"names": names}, {"names": after})


class NamesOperation(Operation[ObservedNames]):
    """Has this node's glusterd reach another member by one name before the others."""

    def __init__(
        self, host: DaemonHost, gluster: Gluster, desired: DesiredAddress, timeout: int = 120, clock: Clock = time
    ) -> None:
        self._host = host
        self._gluster = gluster
        self._desired = desired
        self._timeout = timeout
        self._clock = clock
        self._kill_mode = ""

    def observe(self) -> ObservedNames:
        """Read the file of the other member and glusterd's unit, and ask who is at the address."""
        files = self._host.files
        path = os.path.join(working_directory(files.read(VOLFILE)), "peers", self._desired.uuid)
        unit = self._host.units().get(GLUSTERD, Unit())
        self._kill_mode = unit.kill_mode
        return ObservedNames(path, files.read(path), self._answering(), unit)

    def _answering(self) -> str:
        try:
            return self._gluster.pool(remote_host=self._desired.address).local.uuid
        except answers.GlusterError:
            return ""

    def plan(self, observed: ObservedNames) -> Plan:
        """Return the Plan; see plan_names."""
        return plan_names(self._desired, observed)

    def findings(self, observed: ObservedNames) -> Dict[str, Any]:
        """Return the other member's names."""
        return {"names": observed.names}

    def perform(self, step: Step) -> None:
        """Take one step. glusterd is stopped only while every member sees every member, and without its bricks."""
        if step.kind == "stop":
            wait_until_whole(self._gluster, self._timeout, self._clock)
            self._host.stop(self._kill_mode)
        elif step.argv:
            self._host.commands.run(step.argv, "running systemctl")
        else:
            self._host.files.replace(step.target, step.text, 0o600)

    def settle(self, plan: Plan) -> None:
        """Wait until all members see each other again."""
        if plan.steps:
            wait_until_whole(self._gluster, self._timeout, self._clock)
