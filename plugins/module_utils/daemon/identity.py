# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fresh machine becomes the member again that its address belongs to. PRIVATE to the collection.

With its own uuid and one peer to begin with, glusterd gets all else (peers, volumes) from that peer when it starts.
"""

import os
import time
import uuid as uuids
from typing import Any, Dict, List, Mapping, NamedTuple, Tuple

from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.host import GLUSTERD, DaemonHost, Unit
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.settings import (
    VOLFILE,
    assignment,
    working_directory,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError, PlanError, UnsafeChangeError
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.pool import wait_until_whole
from ansible_collections.brickwork.gluster.plugins.module_utils.grammar import address, shown
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import Operation, Plan, Step
from ansible_collections.brickwork.gluster.plugins.module_utils.waiting import Clock

_INFO = "UUID=%s\noperating-version=%s\n"
#: State 3 is a peer in the cluster.
_PEER = "uuid=%s\nstate=3\nhostname1=%s\n"


class DesiredIdentity(NamedTuple):
    """Which member a node is, the pool's op-version, and another member that knows the pool."""

    uuid: str
    op_version: int
    peer_uuid: str
    peer_address: str


class ObservedIdentity(NamedTuple):
    """What glusterd's files say, which are in folder: the uuid, "" for none, and the names of peers and volumes."""

    folder: str
    uuid: str
    peers: Tuple[str, ...]
    volumes: Tuple[str, ...]
    glusterd: Unit


def desired_identity(params: Mapping[str, Any]) -> DesiredIdentity:
    """Return the DesiredIdentity of the module's parameters; raises InputError."""
    desired = DesiredIdentity(
        _uuid("uuid", params["uuid"]),
        params["op_version"],
        _uuid("peer_uuid", params["peer_uuid"]),
        address("peer_address", params["peer_address"]),
    )
    if desired.uuid == desired.peer_uuid:
        raise InputError("peer_uuid: found %s, the uuid of this node; write that of another member" % desired.peer_uuid)
    return desired


def _uuid(option: str, value: str) -> str:
    try:
        return str(uuids.UUID(value))
    except ValueError:
        raise InputError("%s: found %s; write a uuid as 'gluster pool list' shows it" % (option, shown(value)))


def plan_identity(desired: DesiredIdentity, observed: ObservedIdentity) -> Plan:
    """Return the Plan; raises PlanError without glusterd, UnsafeChangeError for a node that is in a pool."""
    if not observed.glusterd.exists:
        raise PlanError("uuid: found no unit glusterd; install glusterfs-server first")
    is_member = observed.uuid == desired.uuid
    if not is_member and (observed.peers or observed.volumes):
        raise UnsafeChangeError(
            "uuid: this node is the member %s of a pool, with %s peers and %s volumes, and stays that; look which "
            "machine is to be the member %s" % (observed.uuid, len(observed.peers), len(observed.volumes), desired.uuid)
        )
    steps = [] if is_member and observed.peers else _writing(desired, observed)
    if steps or not observed.glusterd.active:
        steps = [*steps, Step("start", GLUSTERD, ("systemctl", "start", GLUSTERD))]
    return Plan(steps, {"uuid": observed.uuid}, {"uuid": desired.uuid})


def _writing(desired: DesiredIdentity, observed: ObservedIdentity) -> List[Step]:
    """glusterd reads its files once, and would write its own uuid over a new one."""
    stop = [Step("stop", GLUSTERD, ("systemctl", "stop", GLUSTERD))] if observed.glusterd.active else []
    info = os.path.join(observed.folder, "glusterd.info")
    peer = os.path.join(observed.folder, "peers", desired.peer_uuid)
    return [
        *stop,
        Step("write_identity", info, text=_INFO % (desired.uuid, desired.op_version)),
        Step("write_peer", peer, text=_PEER % (desired.peer_uuid, desired.peer_address)),
    ]


class IdentityOperation(Operation[ObservedIdentity]):
    """Makes this node the member again that it was."""

    def __init__(
        self, host: DaemonHost, gluster: Gluster, desired: DesiredIdentity, timeout: int = 120, clock: Clock = time
    ) -> None:
        self._host = host
        self._gluster = gluster
        self._desired = desired
        self._timeout = timeout
        self._clock = clock

    def observe(self) -> ObservedIdentity:
        """Read glusterd's files and its unit; asks glusterd nothing."""
        files = self._host.files
        folder = working_directory(files.read(VOLFILE))
        return ObservedIdentity(
            folder,
            assignment(files.read(os.path.join(folder, "glusterd.info")), "UUID") or "",
            tuple(files.entries(os.path.join(folder, "peers"))),
            tuple(files.entries(os.path.join(folder, "vols"))),
            self._host.units().get(GLUSTERD, Unit()),
        )

    def plan(self, observed: ObservedIdentity) -> Plan:
        """Return the Plan; see plan_identity."""
        return plan_identity(self._desired, observed)

    def findings(self, observed: ObservedIdentity) -> Dict[str, Any]:
        """Return the node's uuid."""
        return {"uuid": observed.uuid}

    def perform(self, step: Step) -> None:
        """Take one step."""
        if step.argv:
            self._host.commands.run(step.argv, "running systemctl")
        else:
            self._host.files.replace(step.target, step.text, 0o600)

    def settle(self, plan: Plan) -> None:
        """Wait until all members see each other."""
        if plan.steps:
            wait_until_whole(self._gluster, self._timeout, self._clock)
