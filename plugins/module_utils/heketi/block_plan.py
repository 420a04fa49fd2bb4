# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the desired block volume and heketi's to the requests that lead there. Pure. PRIVATE to the collection."""

from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Tuple, cast

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError, PlanError
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.info import block_volume_facts
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.records import BlockVolume, warnings_of
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.topology_plan import request_step
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.volume_plan import NAME, Observed, refuse_held
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import Plan, Step


class DesiredBlockVolume(NamedTuple):
    """A block volume; size in GiB. What is None is left to heketi, and to what it is for one that exists."""

    name: str
    present: bool = True
    size: int = 0
    hacount: Optional[int] = None
    auth: Optional[bool] = None
    clusters: Tuple[str, ...] = ()


def desired_block_volume(params: Mapping[str, Any]) -> DesiredBlockVolume:
    """Return the DesiredBlockVolume of the module's parameters; raises InputError with all that is wrong in them."""
    desired = DesiredBlockVolume(
        name=params["name"],
        present=params["state"] == "present",
        size=params["size"] or 0,
        hacount=params["hacount"],
        auth=params["auth"],
        clusters=tuple(params["clusters"]),
    )
    problems = [text for wrong, text in _problems(desired) if wrong] if desired.present else []
    if problems:
        raise InputError("\n".join(problems))
    return desired


def _problems(desired: DesiredBlockVolume) -> Tuple[Tuple[bool, str], ...]:
    return (
        (not NAME.match(desired.name), "name: %r; heketi takes letters, digits, - and _" % desired.name),
        (desired.size < 1, "size: heketi wants GiB from 1, found %s" % desired.size),
        (
            desired.hacount is not None and desired.hacount < 1,
            "hacount: heketi wants 1 or more, found %s" % desired.hacount,
        ),
    )


def plan_block_volume(desired: DesiredBlockVolume, observed: Observed) -> Plan:
    """Return the Plan. Raises PlanError for what no request can change, and for what a pending operation holds."""
    # heketi lists volumes and block volumes apart, and what was observed is one of these lists.
    block = cast(Optional[BlockVolume], observed.find(desired.name))
    refuse_held(desired.name, block, observed)
    if block is not None and desired.present:
        _refuse_differences(desired, block)
    before = block_volume_facts(block) if block else None
    after = before if block and desired.present else _after(desired)
    return Plan(_steps(desired, block), {"volume": before}, {"volume": after}, warnings=warnings_of(observed.pending))


def _steps(desired: DesiredBlockVolume, block: Optional[BlockVolume]) -> List[Step]:
    if desired.present and block is None:
        return [request_step("create_volume", desired.name, "POST", "/blockvolumes", creation(desired))]
    if block is not None and not desired.present:
        reference = "/blockvolumes/<volume %s>" % desired.name
        return [request_step("delete_volume", desired.name, "DELETE", reference, destroys=True)]
    return []


def creation(desired: DesiredBlockVolume) -> Dict[str, Any]:
    """Return the body of the request that makes the block volume."""
    body: Dict[str, Any] = {"name": desired.name, "size": desired.size}
    if desired.hacount is not None:
        body["hacount"] = desired.hacount
    if desired.auth is not None:
        body["auth"] = desired.auth
    if desired.clusters:
        body["clusters"] = list(desired.clusters)
    return body


def _refuse_differences(desired: DesiredBlockVolume, block: BlockVolume) -> None:
    pairs = (
        ("size", desired.size, block.size, "a block volume keeps its size in heketi 9"),
        ("hacount", desired.hacount, block.hacount, "heketi can't change that"),
        ("auth", desired.auth, bool(block.username), "heketi can't change that"),
    )
    problems = [
        "%s: block volume %s has %s in heketi, and %s is asked for; %s" % (what, desired.name, has, wants, why)
        for what, wants, has, why in pairs
        if wants is not None and wants != has
    ]
    if desired.clusters and block.cluster_id not in desired.clusters:
        problems.append(
            "clusters: block volume %s is in cluster %s; heketi can't move it" % (desired.name, block.cluster_id)
        )
    if problems:
        raise PlanError("\n".join(problems))


def _after(desired: DesiredBlockVolume) -> Optional[Dict[str, Any]]:
    if not desired.present:
        return None
    return {"name": desired.name, "size": desired.size}
