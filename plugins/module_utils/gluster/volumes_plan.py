# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many volumes at once: the plan for all of them, and which of them need it at all. Pure. PRIVATE."""

from collections import Counter
from typing import Any, Callable, Dict, Iterable, List, Mapping, Optional, Sequence, Tuple, TypeVar

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import (
    BrickworkError,
    InputError,
    PlanError,
    UnsafeChangeError,
    all_at_once,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.facts import from_facts
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.answers import split_brick
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Brick, Pool, Volume
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.volume_index import BrickPaths
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.volume_plan import (
    DesiredVolume,
    ObservedVolumes,
    checked_desired,
    plan_volume,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.grammar import absolute_path, argument, option_name
from ansible_collections.brickwork.gluster.plugins.module_utils.shapes import shape_of
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import Plan

Item = TypeVar("Item")
Made = TypeVar("Made")


def check_all(desired: Sequence[DesiredVolume]) -> None:
    """Raise an error that names all that is wrong whatever the state."""
    twice = sorted(name for name, count in Counter(volume.name for volume in desired).items() if count > 1)
    if twice:
        raise InputError("volumes: found %s twice; name each volume once" % ", ".join(twice))
    _for_each([(volume.name, volume) for volume in desired], checked_desired)


def plan_volumes(desired: Sequence[DesiredVolume], observed_of: Callable[[str], ObservedVolumes]) -> Plan:
    """Return the Plan for all volumes; observed_of gives by its name what was observed for each.

    Raises one error that names every volume that can't be as it is desired, before anything is changed.
    """
    named = [(volume.name, volume) for volume in desired]
    plans = _for_each(named, lambda volume: plan_volume(volume, observed_of(volume.name)))
    _refuse_shared_bricks(desired, observed_of)
    if len(plans) == 1:
        return plans[0]
    return Plan(
        [step for plan in plans for step in plan.steps],
        {volume.name: plan.before for volume, plan in zip(desired, plans)},
        {volume.name: plan.after for volume, plan in zip(desired, plans)},
    )


def _for_each(named: Sequence[Tuple[str, Item]], make: Callable[[Item], Made]) -> List[Made]:
    """Return what is made of each volume; raises the error of the only volume, or one that names all that failed."""
    made, refusals = [], []
    for name, volume in named:
        try:
            made.append(make(volume))
        except BrickworkError as error:
            if len(named) == 1:
                raise
            refusals.append("volume %s: %s" % (name, error))
    if refusals:
        raise PlanError(all_at_once(refusals))
    return made


def _refuse_shared_bricks(desired: Sequence[DesiredVolume], observed_of: Callable[[str], ObservedVolumes]) -> None:
    """Refuse new bricks of one volume that are, hold or lie in new bricks of another."""
    paths = BrickPaths()
    for volume in desired:
        observed = observed_of(volume.name)
        present = observed.find(volume.name)
        new = (volume.bricks or ())[len(present.bricks) if present else 0 :]
        keys = [(observed.aliases.get(brick.host, brick.host), brick) for brick in new]
        for host, brick in keys:
            taken = paths.find(host, brick.path)
            if taken:
                raise UnsafeChangeError(
                    "bricks: %s of volume %s is, holds or lies in %s, a brick of volume %s; name another directory"
                    % (brick.name, volume.name, taken.brick.name, taken.volume)
                )
        for host, brick in keys:
            paths.add(host, brick, volume.name)


def pending_volumes(
    volumes: Iterable[Dict[str, Any]], gluster: Mapping[str, Any], aliases: Optional[Mapping[str, str]] = None
) -> List[Dict[str, Any]]:
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


def _is_pending(desired: DesiredVolume, observed: ObservedVolumes) -> bool:
    try:
        return bool(plan_volume(desired, observed).steps)
    except PlanError:
        # The module, on a member of the pool, can resolve names and knows better; what it refuses is refused.
        return True


def _aliases(gluster: Mapping[str, Any]) -> Dict[str, str]:
    pool = from_facts(Pool, gluster["pool"])
    in_volumes = {brick["host"]: brick["host_uuid"] for volume in gluster["volumes"] for brick in volume["bricks"]}
    return dict(in_volumes, **{name: peer.uuid for peer in pool.peers for name in pool.names_of(peer)})


def _brick(text: str) -> Brick:
    """A host that begins with -- would be an option of gluster's, at any place of its command line."""
    host, _path = split_brick(argument("bricks", text))
    return Brick(host, absolute_path("bricks: %s" % host, text.strip()[len(host) + 1 :]))


def desired_volumes(params: Dict[str, Any]) -> List[DesiredVolume]:
    """Return the DesiredVolumes of gluster_volume's parameters, which are one volume or have a list of them."""
    if params.get("volumes") is None:
        return [desired_volume(params)]
    named = [(volume["name"], volume) for volume in params["volumes"]]
    return _for_each(named, desired_volume)


def desired_volume(params: Mapping[str, Any]) -> DesiredVolume:
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
        stored_everywhere=bool(params.get("stored_everywhere")),
    )
