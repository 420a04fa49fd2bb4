# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Snapshots of volumes under one label, as they are made before something that may go wrong. PRIVATE to the collection.

GlusterFS itself refuses volumes that are not on thin pools, and while a brick is away or files move.
"""

import re
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Tuple

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError, PlanError, all_at_once
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster, gluster_argv
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.migration import (
    MovingVolume,
    objections,
    observe_volumes,
    with_heals,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.grammar import present_name
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import Operation, Plan, Step

#: Seconds for one snapshot: GlusterFS waits for what clients are writing.
_TIMEOUT = 600
#: GlusterFS takes 255 letters for the name, of which the volume's may have 90.
_LABEL = re.compile(r"[A-Za-z0-9_-]{1,100}\Z")


class DesiredSnapshots(NamedTuple):
    """Of which volumes there are snapshots with a label, or of which there are none."""

    volumes: Tuple[str, ...]
    label: str
    present: bool = True


class Seen(NamedTuple):
    """A volume, and the names of its snapshots."""

    moving: MovingVolume
    names: Tuple[str, ...]


def desired_snapshots(params: Mapping[str, Any]) -> DesiredSnapshots:
    """Return the DesiredSnapshots of the module's parameters; raises InputError."""
    names = tuple(present_name("volumes", name) for name in params["volumes"])
    label = str(params["label"]).replace(".", "_")
    if not _LABEL.match(label):
        raise InputError(
            "label: found %s; write at most 100 letters, digits, - and _ (a dot becomes _)" % params["label"]
        )
    return DesiredSnapshots(names, label, params["state"] == "present")


def snapshot_name(volume: str, label: str) -> str:
    """Return the name of a snapshot: no two of a pool may have one name."""
    return "%s-%s" % (volume, label)


def plan_snapshots(desired: DesiredSnapshots, observed: Mapping[str, Seen]) -> Plan:
    """Return the Plan; raises InputError or PlanError with all reasons before anything is changed."""
    unknown = [name for name in desired.volumes if name not in observed]
    if unknown and desired.present:
        raise InputError("volumes: found no volume %s; write names of volumes that exist" % ", ".join(unknown))
    steps = [step for name in desired.volumes if name in observed for step in _steps(desired, observed[name])]
    _refuse(observed, [step.lane for step in steps if step.kind == "make_snapshot"])
    before = {name: sorted(seen.names) for name, seen in observed.items()}
    after = {name: sorted(_after(desired, name, seen)) for name, seen in observed.items()}
    return Plan(steps, before, after)


def _steps(desired: DesiredSnapshots, seen: Seen) -> List[Step]:
    volume = seen.moving.volume.name
    name = snapshot_name(volume, desired.label)
    if desired.present and name not in seen.names:
        argv = gluster_argv(["snapshot", "create", name, volume, "no-timestamp"])
        return [Step("make_snapshot", name, tuple(argv), lane=volume)]
    if not desired.present and name in seen.names:
        argv = gluster_argv(["snapshot", "delete", name])
        return [Step("delete_snapshot", name, tuple(argv), destroys=True, lane=volume)]
    return []


def _after(desired: DesiredSnapshots, volume: str, seen: Seen) -> List[str]:
    name = snapshot_name(volume, desired.label)
    return [one for one in seen.names if one != name] + ([name] if desired.present else [])


def _refuse(observed: Mapping[str, Seen], making: List[str]) -> None:
    """What waits for healing is in the snapshot as it is, and a restored one would have to heal it."""
    found = ["volume %s: %s" % (name, why) for name in making for why in objections(observed[name].moving)]
    if found:
        raise PlanError(
            "volumes: found no way to make snapshots of %s now; repair that first:\n%s"
            % (", ".join(making), all_at_once(found))
        )


class SnapshotOperation(Operation[Dict[str, Seen]]):
    """Makes or deletes the snapshots of volumes under one label."""

    def __init__(self, gluster: Gluster, desired: DesiredSnapshots) -> None:
        self._gluster = gluster
        self._desired = desired

    def observe(self) -> Dict[str, Seen]:
        """Read the volumes, their snapshots, and the heals of those that are to get one."""
        found = observe_volumes(self._gluster, self._desired.volumes) if self._desired.volumes else {}
        seen = {name: Seen(moving, tuple(self._gluster.snapshots(name))) for name, moving in found.items()}
        return {name: self._with_heals(one) for name, one in seen.items()}

    def _with_heals(self, seen: Seen) -> Seen:
        name = snapshot_name(seen.moving.volume.name, self._desired.label)
        due = self._desired.present and name not in seen.names
        return seen._replace(moving=with_heals(seen.moving, self._gluster)) if due else seen

    def plan(self, observed: Dict[str, Seen]) -> Plan:
        """Return the Plan; see plan_snapshots."""
        return plan_snapshots(self._desired, observed)

    def findings(self, observed: Dict[str, Seen]) -> Dict[str, Any]:
        """Return by volume the snapshot with that label, "" for none."""
        return {"snapshots": {name: self._found(name, seen) or "" for name, seen in observed.items()}}

    def _found(self, volume: str, seen: Seen) -> Optional[str]:
        name = snapshot_name(volume, self._desired.label)
        return name if name in seen.names else None

    def perform(self, step: Step) -> None:
        """Run one step."""
        self._gluster.ask(*step.argv[3:], timeout=_TIMEOUT)

    def settle(self, plan: Plan) -> None:
        """What a command has made is there."""

    def goes_on_after(self, error: Exception) -> bool:
        """The first that can't be made is a reason to begin nothing."""
        return False
