# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the desired volume and heketi's to the requests that lead there. Pure. PRIVATE to the collection."""

import re
from typing import Any, Dict, Iterable, List, Mapping, NamedTuple, Optional, Tuple, Union, cast

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import (
    InputError,
    PlanError,
    UnsafeChangeError,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.examination import GlusterNames
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.info import volume_facts
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.records import (
    IN_FLIGHT,
    BlockVolume,
    PendingOperation,
    Volume,
    warnings_of,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.topology_plan import request_step
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import Plan, Step

KINDS = ("none", "replicate", "disperse")
#: Data and redundancy bricks of the dispersed volumes that heketi makes.
DISPERSED = ((2, 1), (4, 2), (8, 3), (8, 4))
MAX_REPLICAS = 3
MAX_GID = 2**31 - 2

NAME = re.compile(r"[a-zA-Z0-9_-]+\Z")
_SWITCHES = {True: "on", False: "off"}
#: heketi's own options never reach GlusterFS. Go's ParseBool reads them, which takes on and yes for false.
_OWN_OPTION = "user.heketi."
_NOT_GO = ("on", "off", "yes", "no")


class DesiredVolume(NamedTuple):
    """A volume; size in GiB. What is None is left to heketi for a new volume, and to what it is for one that exists."""

    name: str
    present: bool = True
    size: int = 0
    kind: str = "replicate"
    replicas: int = 0
    disperse_data: int = 0
    redundancy: int = 0
    clusters: Tuple[str, ...] = ()
    options: Tuple[str, ...] = ()
    gid: Optional[int] = None
    factor: Optional[float] = None


AnyVolume = Union[Volume, BlockVolume]


class Observed(NamedTuple):
    """All volumes of one kind that can be read, the ids of those that can't, and the pending operations."""

    volumes: Tuple[AnyVolume, ...]
    hidden: Tuple[str, ...] = ()
    pending: Tuple[PendingOperation, ...] = ()
    gluster: GlusterNames = GlusterNames()

    def find(self, name: str) -> Optional[AnyVolume]:
        """Return the volume of that name, or None."""
        return next((volume for volume in self.volumes if volume.name == name), None)

    def holding(self, volume: AnyVolume) -> List[PendingOperation]:
        """Return the pending operations that know a volume."""
        return [operation for operation in self.pending if volume.volume_id in operation.changes]

    def under_way(self, name: str) -> List[PendingOperation]:
        """Return the operations under way that decide what the volume of that name will be."""
        volume = self.find(name)
        if volume is not None:
            return [operation for operation in self.holding(volume) if operation.status == IN_FLIGHT]
        # heketi does not tell the name of a volume that it is making, or hides.
        return [operation for operation in self.pending if operation.status == IN_FLIGHT and "volume" in operation.kind]


def desired_volume(params: Mapping[str, Any]) -> DesiredVolume:
    """Return the DesiredVolume of heketi_volume's parameters; raises InputError with all that is wrong in them."""
    present = params["state"] == "present"
    kind = params["durability"]
    replicated, dispersed = kind == "replicate", kind == "disperse"
    desired = DesiredVolume(
        name=params["name"],
        present=present,
        size=params["size"] or 0,
        kind=kind,
        replicas=_count(params["replicas"], 3) if replicated else 0,
        disperse_data=_count(params["disperse_data"], 4) if dispersed else 0,
        redundancy=_count(params["redundancy"], 2) if dispersed else 0,
        clusters=tuple(params["clusters"]),
        options=tuple("%s %s" % (name, _text(name, value)) for name, value in sorted(params["options"].items())),
        gid=params["gid"],
        factor=params["snapshot_factor"],
    )
    problems = [text for wrong, text in _problems(desired) if wrong] if present else []
    if problems:
        raise InputError("\n".join(problems))
    return desired


def _count(given: Optional[int], default: int) -> int:
    return default if given is None else given


def _text(name: str, value: Any) -> str:
    if not isinstance(value, bool):
        return str(value)
    return str(value).lower() if name.startswith(_OWN_OPTION) else _SWITCHES[value]


def _problems(desired: DesiredVolume) -> Tuple[Tuple[bool, str], ...]:
    dispersed = (desired.disperse_data, desired.redundancy)
    known = ", ".join("%s+%s" % pair for pair in DISPERSED)
    factor = 1 if desired.factor is None else desired.factor
    return (
        (not NAME.match(desired.name), "name: %r; heketi takes letters, digits, - and _" % desired.name),
        (desired.size < 1, "size: heketi wants GiB from 1, found %s" % desired.size),
        (
            desired.kind == "replicate" and not 2 <= desired.replicas <= MAX_REPLICAS,
            "replicas: heketi keeps 2 or 3 copies, not %s; one copy is durability: none" % desired.replicas,
        ),
        (desired.kind == "disperse" and dispersed not in DISPERSED, "disperse_data: heketi makes %s" % known),
        (desired.kind == "disperse" and 0 < desired.size < desired.disperse_data, _too_small(desired)),
        (desired.gid is not None and not 0 <= desired.gid <= MAX_GID, "gid: heketi takes 0 to %s" % MAX_GID),
        (not 1 <= factor <= 100, "snapshot_factor: heketi takes 1 to 100, found %s" % desired.factor),
    ) + tuple((True, text) for text in _unread_switches(desired))


def _unread_switches(desired: DesiredVolume) -> List[str]:
    pairs = [option.partition(" ")[::2] for option in desired.options]
    return [
        "options: %s: found %s, which heketi takes for false; write true or false" % (name, value)
        for name, value in pairs
        if is_unread_switch(name, value)
    ]


def is_unread_switch(name: str, value: str) -> bool:
    """Whether a value is a switch for people that heketi takes for no boolean, and so for false."""
    return name.startswith(_OWN_OPTION) and value.lower() in _NOT_GO


def _too_small(desired: DesiredVolume) -> str:
    return "size: a dispersed volume of %s data bricks has at least %s GiB" % (
        desired.disperse_data,
        desired.disperse_data,
    )


def plan_volume(desired: DesiredVolume, observed: Observed) -> Plan:
    """Return the Plan. Raises PlanError for what no request can change, and for what a pending operation holds."""
    # heketi lists volumes and block volumes apart, and what was observed is one of these lists.
    volume = cast(Optional[Volume], observed.find(desired.name))
    refuse_held(desired.name, volume, observed)
    if volume is not None and desired.present:
        _refuse_differences(desired, volume)
    if volume is None and desired.present:
        _refuse_foreign(desired, observed)
    before = volume_facts(volume) if volume else None
    steps = _steps(desired, volume)
    warnings = warnings_of(observed.pending) + _blindness(desired, volume, observed.gluster)
    return Plan(steps, {"volume": before}, {"volume": _after(desired, before)}, warnings=warnings)


def _refuse_foreign(desired: DesiredVolume, observed: Observed) -> None:
    """heketi takes "already exists" for a try of its own that failed: it deletes the volume, and makes it anew."""
    if desired.name not in observed.gluster.names:
        return
    left_over = left_over_volumes(observed.pending)
    raise UnsafeChangeError(
        "name: found a volume %s in GlusterFS that heketi does not know, and would delete with all files to take its "
        "name; choose another name%s"
        % (desired.name, ", or clean up what may have left it: %s" % obstacles(left_over) if left_over else "")
    )


def _blindness(desired: DesiredVolume, volume: Optional[Volume], gluster: GlusterNames) -> List[str]:
    if volume is not None or not desired.present or not gluster.unknown:
        return []
    return [
        "nobody knows whether GlusterFS has a volume %s already, which heketi would delete: %s"
        % (desired.name, gluster.unknown)
    ]


def refuse_held(name: str, volume: Optional[AnyVolume], observed: Observed) -> None:
    """Raise PlanError if a pending operation holds the volume, or may be hiding it."""
    if volume is None and observed.hidden:
        raise PlanError(
            "name: heketi hides volumes that are part of a pending operation, and %s may be one of %s; wait, or clean "
            "up: %s" % (name, ", ".join(observed.hidden), obstacles(observed.pending))
        )
    if volume is not None and observed.holding(volume):
        raise PlanError(
            "name: volume %s can't be changed now; wait, or clean up: %s" % (name, obstacles(observed.holding(volume)))
        )


def left_over_volumes(pending: Iterable[PendingOperation]) -> List[PendingOperation]:
    """Return the operations on volumes that nobody works on any longer."""
    return [operation for operation in pending if operation.status != IN_FLIGHT and "volume" in operation.kind]


def obstacles(operations: Iterable[PendingOperation]) -> str:
    """Return in words what is in the way, and what to do about each."""
    return "; ".join("pending operation: %s" % operation.obstacle() for operation in operations)


def _steps(desired: DesiredVolume, volume: Optional[Volume]) -> List[Step]:
    reference = "/volumes/<volume %s>" % desired.name
    if not desired.present:
        return [request_step("delete_volume", desired.name, "DELETE", reference, destroys=True)] if volume else []
    if volume is None:
        return [request_step("create_volume", desired.name, "POST", "/volumes", creation(desired))]
    if desired.size > volume.size:
        body = {"expand_size": desired.size - volume.size}
        return [request_step("expand_volume", desired.name, "POST", reference + "/expand", body)]
    return []


def creation(desired: DesiredVolume) -> Dict[str, Any]:
    """Return the body of the request that makes the volume."""
    body: Dict[str, Any] = {"name": desired.name, "size": desired.size, "durability": {"type": desired.kind}}
    if desired.kind == "replicate":
        body["durability"]["replicate"] = {"replica": desired.replicas}
    if desired.kind == "disperse":
        body["durability"]["disperse"] = {"data": desired.disperse_data, "redundancy": desired.redundancy}
    if desired.clusters:
        body["clusters"] = list(desired.clusters)
    if desired.options:
        body["glustervolumeoptions"] = list(desired.options)
    if desired.gid:
        body["gid"] = desired.gid
    if desired.factor is not None:
        body["snapshot"] = {"enable": True, "factor": desired.factor}
    return body


def _refuse_differences(desired: DesiredVolume, volume: Volume) -> None:
    pairs = (
        ("durability", _shape(desired), _shape(volume)),
        ("gid", volume.gid if desired.gid is None else desired.gid, volume.gid),
        ("snapshot_factor", volume.factor if desired.factor is None else desired.factor, volume.factor),
    )
    problems = [
        "%s: volume %s has %s in heketi, and %s is asked for; heketi can't change that"
        % (what, desired.name, has, wants)
        for what, wants, has in pairs
        if wants != has
    ]
    missing = [option for option in desired.options if option not in volume.options]
    if missing:
        problems.append(
            "options: volume %s was made without %s; heketi sets options when it makes a volume only; set them with "
            "gluster_volume, and take them out of this task" % (desired.name, ", ".join(missing))
        )
    if desired.clusters and volume.cluster_id not in desired.clusters:
        problems.append(
            "clusters: volume %s is in cluster %s; heketi can't move it" % (desired.name, volume.cluster_id)
        )
    if desired.size < volume.size:
        problems.append(
            "size: volume %s has %s GiB in heketi, and %s are asked for; heketi can't shrink a volume"
            % (desired.name, volume.size, desired.size)
        )
    if problems:
        raise PlanError("\n".join(problems))


def _shape(volume: Union[DesiredVolume, Volume]) -> str:
    """Return the durability of a desired or of an observed volume in words."""
    if volume.kind == "replicate":
        return "replicate %s" % volume.replicas
    if volume.kind == "disperse":
        return "disperse %s+%s" % (volume.disperse_data, volume.redundancy)
    return "none"


def _after(desired: DesiredVolume, before: Optional[Dict[str, Any]]) -> Optional[Dict[str, Any]]:
    if not desired.present:
        return None
    if before:
        return dict(before, size=desired.size)
    return {
        "name": desired.name,
        "size": desired.size,
        "durability": desired.kind,
        "replicas": desired.replicas,
        "disperse_data": desired.disperse_data,
        "redundancy": desired.redundancy,
        "options": list(desired.options),
        "gid": desired.gid or 0,
        "snapshot_factor": 1 if desired.factor is None else desired.factor,
    }
