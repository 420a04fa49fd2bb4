# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes one volume or block volume of heketi's to its desired state. PRIVATE to the collection."""

import json
import time
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple, Union

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import PlanError
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.answers import (
    read_block_volumes,
    read_pending,
    read_volumes,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.block_plan import (
    DesiredBlockVolume,
    plan_block_volume,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.client import Heketi, HeketiError
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.examination import (
    GlusterNames,
    read_gluster_names,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.info import (
    block_volume_facts,
    block_volume_facts_with_password,
    volume_facts,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.records import PendingOperation
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.transport import NoAnswer
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.under_way import (
    left_of,
    read_when_ended,
    wait_until_done,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.volume_plan import (
    AnyVolume,
    DesiredVolume,
    Observed,
    left_over_volumes,
    obstacles,
    plan_volume,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import Operation, Plan, Step
from ansible_collections.brickwork.gluster.plugins.module_utils.waiting import Clock

_GONE = 404
_NAME_TAKEN = "already in use"


class VolumeOperation(Operation[Observed]):
    """Makes, grows or deletes one volume."""

    _path = "/volumes"
    # Each of these takes the volumes of its own class only, which no type says of all of them.
    _read_all: Callable[[Heketi, Sequence[str]], Tuple[Tuple[AnyVolume, ...], Tuple[str, ...]]]
    _read_all = staticmethod(read_volumes)
    _facts: Callable[[Any], Dict[str, Any]] = staticmethod(volume_facts)
    _plan: Callable[[Any, Observed], Plan] = staticmethod(plan_volume)

    def __init__(
        self, heketi: Heketi, desired: Union[DesiredVolume, DesiredBlockVolume], timeout: int = 600, clock: Clock = time
    ) -> None:
        """timeout is in seconds: how long to wait for what is under way already, or what a lost answer left open."""
        self._heketi = heketi
        self._desired = desired
        self._timeout = timeout
        self._clock = clock
        #: The pending operations as they were seen last.
        self._pending: Tuple[PendingOperation, ...] = ()
        #: What GlusterFS has. Looked at once, before heketi is asked for anything.
        self._gluster: Optional[GlusterNames] = None

    def observe(self) -> Observed:
        """Read all volumes, once nothing is under way that decides what ours will be.

        A volume that is growing shows its old size until the end; to plan by that would grow it twice.
        """
        name = self._desired.name
        observed = read_when_ended(self._read, lambda shown: shown.under_way(name), self._timeout, self._clock)
        if self._gluster is None:
            self._gluster = self._look(observed)
        self._pending = observed.pending
        return observed._replace(gluster=self._gluster)

    def _look(self, observed: Observed) -> GlusterNames:
        """Look at GlusterFS if the volume is to be made: heketi deletes one that has its name already."""
        if not self._desired.present or observed.find(self._desired.name):
            return GlusterNames()
        return read_gluster_names(self._heketi)

    def _read(self) -> Observed:
        """The operations come first: one that ends in between is waited for in vain, and none is overlooked."""
        pending = read_pending(self._heketi)
        listed = self._heketi.read(self._path)[self._path[1:]]
        volumes, hidden = self._read_all(self._heketi, listed)
        return Observed(volumes, hidden, pending)

    def plan(self, observed: Observed) -> Plan:
        """Return the Plan; see plan_volume and plan_block_volume."""
        return self._plan(self._desired, observed)

    def findings(self, observed: Observed) -> Dict[str, Any]:
        """Return the volume, None where there is none, and the operations that are pending."""
        volume = observed.find(self._desired.name)
        return {
            "volume": self._facts(volume) if volume else None,
            "pending_operations": [operation.facts() for operation in observed.pending],
        }

    def perform(self, step: Step) -> None:
        """Send one request. Where its answer is lost, only a fresh read tells what was done."""
        before = self._pending
        try:
            getattr(self, "_" + step.kind)(step)
        except NoAnswer as lost:
            self._wait_for(step, before, lost)

    def _create_volume(self, step: Step) -> None:
        try:
            self._heketi.change("POST", self._path, json.loads(step.argv[2]))
        except HeketiError as error:
            left_over = left_over_volumes(self._pending)
            if _NAME_TAKEN not in error.text or not left_over:
                raise
            raise PlanError(
                "name: found %s taken in heketi, which hides what it was cut off in; run heketi_cleanup: %s"
                % (self._desired.name, obstacles(left_over))
            )

    def _expand_volume(self, _step: Step) -> None:
        """Read once more right before: the request says by how much, so sent twice it would grow the volume twice."""
        volume = self._volume()
        missing = self._desired.size - volume.size
        if missing > 0:
            self._heketi.change("POST", "/volumes/%s/expand" % volume.volume_id, {"expand_size": missing})

    def _delete_volume(self, _step: Step) -> None:
        try:
            self._heketi.change("DELETE", "%s/%s" % (self._path, self._volume().volume_id))
        except HeketiError as error:
            if error.status != _GONE:
                raise

    def _volume(self) -> AnyVolume:
        volume = self.observe().find(self._desired.name)
        if volume is None:
            raise PlanError(
                "name: volume %s was deleted by somebody else meanwhile; run again to make it anew" % self._desired.name
            )
        return volume

    def _wait_for(self, step: Step, before: Tuple[PendingOperation, ...], reason: NoAnswer) -> None:
        def same_step() -> List[Step]:
            left = left_of(self, step)
            cut_off = [operation for operation in left_over_volumes(self._pending) if operation not in before]
            if left and cut_off:
                raise PlanError(
                    "name: volume %s: %s, and found that heketi was cut off in it; run heketi_cleanup: %s"
                    % (self._desired.name, reason, obstacles(cut_off))
                )
            return left

        wait_until_done(same_step, reason, self._timeout, self._clock)

    def settle(self, plan: Plan) -> None:
        """Nothing is left to wait for: each request is waited for."""


class BlockVolumeOperation(VolumeOperation):
    """Makes or deletes one block volume."""

    _path = "/blockvolumes"
    _read_all = staticmethod(read_block_volumes)
    _facts = staticmethod(block_volume_facts)
    _plan = staticmethod(plan_block_volume)

    def _look(self, observed: Observed) -> GlusterNames:
        """Its name is none of GlusterFS's."""
        return GlusterNames()


class TellingBlockVolumeOperation(BlockVolumeOperation):
    """Tells the password, too."""

    _facts = staticmethod(block_volume_facts_with_password)
