# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of many volumes need gluster_volume at all: one read answers for all of them. Pure. PRIVATE."""

from typing import Any, Dict, Iterable, Tuple

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import PlanError
from ansible_collections.brickwork.gluster.plugins.module_utils.facts import from_facts
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.answers import split_brick
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Brick, Pool, Volume
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.volume_plan import (
    DesiredVolume,
    ObservedVolumes,
    plan_volume,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.grammar import absolute_path, argument, option_name
from ansible_collections.brickwork.gluster.plugins.module_utils.shapes import shape_of


def pending_volumes(volumes, gluster, aliases=None):
    """Return those of the volumes, given as gluster_volume's parameters, whose plan is not empty.

    gluster is what gluster_info told of pool and volumes, aliases maps brick hosts to the members' uuids.
    """
    observed = ObservedVolumes(
        # Whether hosts are in the pool is for the module to judge, which can resolve their names.
        Pool(()),
        [from_facts(Volume, volume) for volume in gluster["volumes"]],
        dict(_aliases(gluster), **(aliases or {})),
        offline=offline_bricks(gluster.get("bricks") or ()),
        groups=gluster.get("option_groups") or {},
    )
    return [volume for volume in volumes if _is_pending(desired_volume(volume), observed)]


def offline_bricks(bricks: Iterable[Dict[str, Any]]) -> Dict[str, Tuple[str, ...]]:
    """Return by volume the names of the bricks without a process, of what gluster_info told of started volumes."""
    found: Dict[str, Tuple[str, ...]] = {}
    for brick in bricks:
        if brick["volume_started"] and not brick["online"]:
            found[brick["volume"]] = found.get(brick["volume"], ()) + ("%s:%s" % (brick["host"], brick["path"]),)
    return found


def _is_pending(desired, observed):
    try:
        return bool(plan_volume(desired, observed).steps)
    except PlanError:
        # The module, on a member of the pool, can resolve names and knows better; what it refuses is refused.
        return True


def _aliases(gluster):
    pool = from_facts(Pool, gluster["pool"])
    in_volumes = {brick["host"]: brick["host_uuid"] for volume in gluster["volumes"] for brick in volume["bricks"]}
    return dict(in_volumes, **{name: peer.uuid for peer in pool.peers for name in pool.names_of(peer)})


def _brick(text):
    """A host that begins with -- would be an option of gluster's, at any place of its command line."""
    host, _path = split_brick(argument("bricks", text))
    return Brick(host, absolute_path("bricks: %s" % host, text.strip()[len(host) + 1 :]))


def desired_volume(params):
    """Return the DesiredVolume that gluster_volume's parameters stand for; raises InputError or ParseError."""
    counts = [params.get(count) for count in ("replicas", "disperse_data", "redundancy")]
    bricks = params.get("bricks")
    return DesiredVolume(
        name=params["name"],
        state=params.get("state") or "present",
        shape=shape_of(params["type"], *counts) if params.get("type") else None,
        bricks=None if bricks is None else tuple(_brick(brick) for brick in bricks),
        options=params.get("options") or {},
        reset=tuple(option_name("reset_options", name) for name in params.get("reset_options") or ()),
        rebalance=bool(params.get("rebalance")),
        force=bool(params.get("force")),
        start_bricks=tuple(Brick(*split_brick(brick)) for brick in params.get("start_bricks") or ()),
    )
