# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the wished block volume and heketi's to the requests that lead there. Pure. PRIVATE to the collection."""

from typing import Any, Dict, NamedTuple, Optional, Tuple

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError, PlanError
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.info import block_volume_facts
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.records import warnings_of
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.topology_plan import request_step
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.volume_plan import NAME, refuse_held
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import Plan


class BlockVolumeWish(NamedTuple):
    """A block volume; size in GiB. What is None is left to heketi, and to what it is for one that exists."""

    name: str
    present: bool = True
    size: int = 0
    hacount: Optional[int] = None
    auth: Optional[bool] = None
    clusters: Tuple[str, ...] = ()


def block_volume_wish(params):
    """Return the BlockVolumeWish of the module's parameters; raises InputError with all that is wrong in them."""
    wish = BlockVolumeWish(
        name=params["name"],
        present=params["state"] == "present",
        size=params["size"] or 0,
        hacount=params["hacount"],
        auth=params["auth"],
        clusters=tuple(params["clusters"]),
    )
    problems = [text for wrong, text in _problems(wish) if wrong] if wish.present else []
    if problems:
        raise InputError("\n".join(problems))
    return wish


def _problems(wish):
    return (
        (not NAME.match(wish.name), "name: %r; heketi takes letters, digits, - and _" % wish.name),
        (wish.size < 1, "size: heketi wants GiB from 1, found %s" % wish.size),
        (wish.hacount is not None and wish.hacount < 1, "hacount: heketi wants 1 or more, found %s" % wish.hacount),
    )


def plan_block_volume(wish, observed):
    """Return the Plan. Raises PlanError for what no request can change, and for what a pending operation holds."""
    block = observed.find(wish.name)
    refuse_held(wish, block, observed)
    if block is not None and wish.present:
        _refuse_differences(wish, block)
    before = block_volume_facts(block) if block else None
    after = before if block and wish.present else _after(wish)
    return Plan(_steps(wish, block), {"volume": before}, {"volume": after}, {}, warnings_of(observed.pending))


def _steps(wish, block):
    if wish.present and block is None:
        return [request_step("create_volume", wish.name, "POST", "/blockvolumes", creation(wish))]
    if block is not None and not wish.present:
        reference = "/blockvolumes/<volume %s>" % wish.name
        return [request_step("delete_volume", wish.name, "DELETE", reference, destroys=True)]
    return []


def creation(wish):
    """Return the body of the request that makes the block volume."""
    body: Dict[str, Any] = {"name": wish.name, "size": wish.size}
    if wish.hacount is not None:
        body["hacount"] = wish.hacount
    if wish.auth is not None:
        body["auth"] = wish.auth
    if wish.clusters:
        body["clusters"] = list(wish.clusters)
    return body


def _refuse_differences(wish, block):
    pairs = (
        ("size", wish.size, block.size, "a block volume keeps its size in heketi 9"),
        ("hacount", wish.hacount, block.hacount, "heketi can't change that"),
        ("auth", wish.auth, bool(block.username), "heketi can't change that"),
    )
    problems = [
        "%s: block volume %s has %s in heketi, and %s is asked for; %s" % (what, wish.name, has, wants, why)
        for what, wants, has, why in pairs
        if wants is not None and wants != has
    ]
    if wish.clusters and block.cluster_id not in wish.clusters:
        problems.append(
            "clusters: block volume %s is in cluster %s; heketi can't move it" % (wish.name, block.cluster_id)
        )
    if problems:
        raise PlanError("\n".join(problems))


def _after(wish):
    if not wish.present:
        return None
    return {"name": wish.name, "size": wish.size}
