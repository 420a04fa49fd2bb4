# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Volumes of any shape move in clusters of any shape: what holds after each move, and after a cut there."""

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import brick_footprint
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.plan import placement_hosts
from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.gaps import Placing
from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.volume_moves import volume_moves
from ansible_collections.brickwork.gluster.tests.fakes.examples import examples
from ansible_collections.brickwork.gluster.tests.fakes.machines import Machines

SHAPES = [
    {"type": "replicate", "replicas": 3},
    {"type": "arbiter"},
    {"type": "disperse", "disperse_data": 2, "redundancy": 1},
    {"type": "replicate", "replicas": 2},
]


def plan_of(machines, volumes, policy):
    cluster = machines.observed()
    return volume_moves(
        [volume["name"] for volume in volumes],
        cluster,
        Placing(placement_hosts(cluster), volumes, policy, "/srv/gluster"),
    )


def carry_out(machines, move):
    new = machines.add(move.new.node, move.new._asdict())
    for at, volume in enumerate(machines.volumes):
        if volume.name == move.volume:
            bricks = [new._replace(arbiter=one.arbiter) if one.name == move.brick else one for one in volume.bricks]
            machines.volumes[at] = volume._replace(bricks=tuple(bricks))


@st.composite
def clusters(draw):
    zones = draw(st.lists(st.sampled_from("abcd"), min_size=4, max_size=9))
    shapes = draw(st.lists(st.tuples(st.sampled_from(SHAPES), st.integers(1, 2)), min_size=1, max_size=3))
    names = [f"n{number}" for number in range(1, len(zones) + 1)]
    volumes = [
        {"name": f"v{at}", "sets": sets, "size": f"{2 * sets}GiB", **shape} for at, (shape, sets) in enumerate(shapes)
    ]
    machines = Machines(zones, volumes)
    hosts = st.lists(st.sampled_from(names), min_size=3, unique=True)
    limits = [
        {
            "hosts": draw(hosts) if draw(st.booleans()) else None,
            "devices": [draw(st.sampled_from(["/dev/sdb", "/dev/sdc"]))],
        }
        for _volume in volumes
    ]
    return machines, [{**volume, **limit} for volume, limit in zip(volumes, limits, strict=True)]


def crowded(machines, volume):
    """Return how many bricks beyond those that may be are in one zone, and on one host, in all sets."""
    limit = volume.redundancy or 1
    zones = [[machines.zones[brick.host] for brick in bricks] for bricks in volume.brick_sets]
    return sum(max(max(map(found.count, found)) - limit, 0) for found in zones)


@settings(max_examples=examples(200), deadline=None)
@given(clusters(), st.sampled_from(["strict", "preferred"]))
def test_each_moment_keeps_the_rules_and_all_moves_end_where_the_volume_may_be(drawn, policy):
    machines, volumes = drawn
    limits = {volume["name"]: volume for volume in volumes}
    plan = plan_of(machines, volumes, policy)
    for number, one in enumerate(plan.made):
        move = one.move
        limit = limits[move.volume]
        assert move.new.device in limit["devices"] and move.new.node in (limit["hosts"] or machines.zones)
        assert brick_footprint(move.new.size) <= machines.free(move.new.node, move.new.device)
        # A run that is cut off here goes on with just these.
        assert [left.move.brick for left in plan_of(machines, volumes, policy).made] == [
            left.move.brick for left in plan.made[number:]
        ]
        before = {volume.name: crowded(machines, volume) for volume in machines.volumes}
        carry_out(machines, move)
        for volume in machines.volumes:
            for bricks in volume.brick_sets:
                assert len({brick.host for brick in bricks}) == len(bricks), "no two bricks of a set share a host"
            assert policy == "preferred" or crowded(machines, volume) <= before[volume.name]
    assert plan_of(machines, volumes, policy).made == []
    stuck = {volume for volume in limits for reason in plan.refused if volume in reason}
    for volume in machines.volumes:
        for brick in volume.bricks if volume.name not in stuck else ():
            limit = limits[volume.name]
            assert machines.bricks[brick.host][brick.path]["device"] in limit["devices"]
            assert brick.host in (limit["hosts"] or machines.zones)


@settings(max_examples=examples(60), deadline=None)
@given(clusters())
def test_where_a_run_was_cut_off_after_a_brick_was_made_that_one_is_taken(drawn):
    machines, volumes = drawn
    plan = plan_of(machines, volumes, "preferred")
    assume(plan.made)
    new = plan.made[0].move.new
    machines.make(new.node, new._asdict())
    again = plan_of(machines, volumes, "preferred")
    assert again.made[0].move == plan.made[0].move
