# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nodes leave clusters of any shape: what holds of every plan of moves, and of the cluster after each of its moves."""

from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import brick_footprint
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.plan import placement_hosts
from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.gaps import Placing
from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.moves import moves
from ansible_collections.brickwork.gluster.tests.fakes.examples import examples
from ansible_collections.brickwork.gluster.tests.fakes.machines import Machines

SHAPES = [
    {"type": "replicate", "replicas": 3},
    {"type": "arbiter"},
    {"type": "disperse", "disperse_data": 2, "redundancy": 1},
    {"type": "replicate", "replicas": 2},
]


def plan_of(machines, policy):
    cluster = machines.observed()
    return moves(cluster, Placing(placement_hosts(cluster), [], policy, "/srv/gluster"))


def carry_out(machines, move):
    """Replace the brick, as GlusterFS does."""
    new = machines.add(move.new.node, move.new._asdict())
    for at, volume in enumerate(machines.volumes):
        if volume.name == move.volume:
            bricks = [new._replace(arbiter=one.arbiter) if one.name == move.brick else one for one in volume.bricks]
            machines.volumes[at] = volume._replace(bricks=tuple(bricks))


@st.composite
def clusters(draw, disks=False):
    zones = draw(st.lists(st.sampled_from("abcd"), min_size=4, max_size=9))
    shapes = draw(st.lists(st.tuples(st.sampled_from(SHAPES), st.integers(1, 2)), min_size=1, max_size=4))
    volumes = [
        {"name": f"v{at}", "sets": sets, "size": f"{2 * sets}GiB", **shape} for at, (shape, sets) in enumerate(shapes)
    ]
    names = [f"n{number}" for number in range(1, len(zones) + 1)]
    if disks:
        retired = draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True))
        paths = {name: draw(st.sampled_from(["/dev/sdb", "/dev/sdc"])) for name in retired}
        return Machines(zones, volumes, disks={name: {path: "retired"} for name, path in paths.items()})
    leaving = draw(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True))
    states = {name: draw(st.sampled_from(["lost", "retired"])) for name in leaving}
    return Machines(zones, volumes, states)


@settings(max_examples=examples(250), deadline=None)
@given(clusters(), st.sampled_from(["strict", "preferred"]))
def test_each_move_keeps_the_rules_and_all_of_them_empty_the_nodes_that_leave(machines, policy):
    plan = plan_of(machines, policy)
    for number, move in enumerate(plan.made):
        assert move.leaving in machines.leaving and move.new.node not in machines.leaving
        assert brick_footprint(move.new.size) <= machines.free(move.new.node, move.new.device)
        left = plan.made[number:]
        # A run that is cut off here goes on with just these.
        assert sorted(one.brick for one in plan_of(machines, policy).made) == sorted(one.brick for one in left)
        carry_out(machines, move)
    for volume in machines.volumes:
        for bricks in volume.brick_sets:
            assert len({brick.host for brick in bricks}) == len(bricks), "no two bricks of a set share a host"
    if not plan.refused:
        held = {brick.host for volume in machines.volumes for brick in volume.bricks}
        assert not held & set(machines.leaving)
        assert plan_of(machines, policy) == ([], [])


@settings(max_examples=examples(100), deadline=None)
@given(clusters(disks=True), st.sampled_from(["strict", "preferred"]))
def test_retired_disks_are_emptied_from_each_cut_and_nothing_new_goes_there(machines, policy):
    leaving = {f"{name}:{path}" for name, paths in machines.disks.items() for path in paths}
    plan = plan_of(machines, policy)
    for number, move in enumerate(plan.made):
        assert move.leaving in leaving and f"{move.new.node}:{move.new.device}" not in leaving
        assert brick_footprint(move.new.size) <= machines.free(move.new.node, move.new.device)
        left = plan.made[number:]
        assert sorted(one.brick for one in plan_of(machines, policy).made) == sorted(one.brick for one in left)
        carry_out(machines, move)
    for volume in machines.volumes:
        for bricks in volume.brick_sets:
            assert len({brick.host for brick in bricks}) == len(bricks), "no two bricks of a set share a host"
    if not plan.refused:
        assert plan_of(machines, policy) == ([], [])


@settings(max_examples=examples(100), deadline=None)
@given(clusters())
def test_strict_zones_hold_of_every_set_that_gets_a_new_brick_where_they_held_before(machines):
    before = {volume.name: crowded(machines, volume) for volume in machines.volumes}
    for move in plan_of(machines, "strict").made:
        carry_out(machines, move)
    for volume in machines.volumes:
        assert crowded(machines, volume) <= before[volume.name]


def crowded(machines, volume):
    """Return the numbers of the sets that would lose more than they may with one zone."""
    limit = volume.redundancy or 1
    counts = [[machines.zones[brick.host] for brick in bricks] for bricks in volume.brick_sets]
    return {at for at, zones in enumerate(counts) if max(map(zones.count, zones)) > limit}
