# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Volumes of any shape get other copies on clusters of any shape: what holds of every plan, and of each cut of it."""

import itertools

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ansible_collections.brickwork.gluster.plugins.module_utils.shapes import kept_copies
from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import brick_footprint
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.plan import placement_hosts
from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.copies import (
    changing,
    copy_changes,
    desired_shape,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.gaps import Placing
from ansible_collections.brickwork.gluster.tests.fakes.examples import examples
from ansible_collections.brickwork.gluster.tests.fakes.machines import Machines

SHAPES = [
    {"type": "distribute"},
    {"type": "replicate", "replicas": 2},
    {"type": "replicate", "replicas": 3},
    {"type": "arbiter"},
]


class Cluster:
    """Machines, the shapes that their volumes are to have, and which bricks hold all that their sets hold."""

    def __init__(self, machines, desired):
        self.machines = machines
        self.desired = desired
        self.healed = {brick.name for volume in machines.volumes for brick in volume.bricks}

    def plan(self, policy):
        cluster = self.machines.observed()
        placing = Placing(placement_hosts(cluster), self.desired, policy, "/srv/gluster")
        return copy_changes(changing(self.desired, cluster), cluster, placing)

    def volume(self, name):
        return next(volume for volume in self.machines.volumes if volume.name == name)

    def make(self, brick):
        if brick.path not in self.machines.bricks[brick.node]:
            assert brick_footprint(brick.size) <= self.machines.free(brick.node, brick.device)
            self.machines.make(brick.node, brick._asdict())

    def remove(self, change):
        """Take the old bricks out, and look at what is left of each set."""
        volume = self.volume(change.volume)
        keeping = [[brick for brick in bricks if brick.name not in change.old_bricks] for bricks in volume.brick_sets]
        for bricks in keeping:
            whole = [brick for brick in bricks if not brick.arbiter and brick.name in self.healed]
            assert len(whole) == change.copies >= 2 or not change.old_bricks
        self.set_bricks(volume, keeping, 0)

    def add(self, change):
        volume, new = self.volume(change.volume), iter(change.new_bricks)
        sets = [list(bricks) for bricks in volume.brick_sets]
        for bricks in sets if change.new_bricks else ():
            assert all(brick.name in self.healed for brick in bricks), "it is filled from what is whole"
            brick = next(new)
            bricks.append(self.machines.add(brick.node, brick._asdict())._replace(arbiter=bool(change.after.arbiters)))
        assert next(new, None) is None
        self.set_bricks(volume, sets, change.after.arbiters)

    def set_bricks(self, volume, sets, arbiters):
        width = len(sets[0])
        made = volume._replace(
            replicas=width if width > 1 else 0, arbiters=arbiters, bricks=tuple(itertools.chain.from_iterable(sets))
        )
        self.machines.volumes[self.machines.volumes.index(volume)] = made

    def heal(self):
        self.healed = {brick.name for volume in self.machines.volumes for brick in volume.bricks}


def as_told(changes):
    """Return what changes do, without how they are numbered."""
    return [
        (change.volume, change.old_bricks, [brick.place for brick in change.new_bricks], change.after.counts)
        for change in changes
    ]


@st.composite
def clusters(draw):
    zones = draw(st.lists(st.sampled_from(["a", "b", "c", "arbiter"]), min_size=4, max_size=9))
    pairs = st.tuples(st.sampled_from(SHAPES), st.sampled_from(SHAPES[1:]), st.integers(1, 3))
    chosen = draw(st.lists(pairs, min_size=1, max_size=3))
    sizes = [
        {"name": f"v{at}", "sets": sets, "size": f"{2 * sets}GiB"} for at, (_now, _then, sets) in enumerate(chosen)
    ]
    hosts = [zone for zone in zones if zone != "arbiter"]
    assume(len(hosts) >= 3)
    present = [{**size, **now} for size, (now, _then, _sets) in zip(sizes, chosen, strict=True)]
    desired = [{**size, **then} for size, (_now, then, _sets) in zip(sizes, chosen, strict=True)]
    return Cluster(Machines(zones, present), desired)


@settings(max_examples=examples(300), deadline=None)
@given(clusters(), st.sampled_from(["strict", "preferred"]))
def test_each_cut_leads_to_the_goal_and_no_step_takes_away_what_the_plan_did_not_say(cluster, policy):
    plan = cluster.plan(policy)
    told = as_told(plan.made)
    for brick in [brick for change in plan.made for brick in change.new_bricks]:
        cluster.make(brick)
        assert as_told(cluster.plan(policy).made) == told
    for number, change in enumerate(plan.made):
        kept = kept_copies(change.before, change.after)
        assert change.copies == min(change.before.data_copies, kept) and len(change.new_bricks) in (
            0,
            len(cluster.volume(change.volume).brick_sets),
        )
        cluster.remove(change)
        volume, _old, new, counts = told[number]
        if new:
            assert as_told(cluster.plan(policy).made) == [(volume, [], new, counts), *told[number + 1 :]]
            cluster.add(change)
        assert as_told(cluster.plan(policy).made) == told[number + 1 :]
        cluster.heal()
    if not plan.refused:
        for volume in cluster.desired:
            assert cluster.volume(volume["name"]).set_width == desired_shape(volume).width
        assert cluster.plan(policy) == ([], [])


@settings(max_examples=examples(150), deadline=None)
@given(clusters())
def test_new_copies_keep_the_rules(cluster):
    crowded = {volume.name: crowded_sets(cluster, volume) for volume in cluster.machines.volumes}
    new = set()
    for change in cluster.plan("strict").made:
        new.update(brick.place for brick in change.new_bricks)
        for brick in change.new_bricks:
            cluster.make(brick)
        cluster.remove(change)
        cluster.add(change)
        cluster.heal()
    for volume in cluster.machines.volumes:
        assert crowded_sets(cluster, volume) <= crowded[volume.name]
        for bricks in volume.brick_sets:
            assert len({brick.host for brick in bricks}) == len(bricks), "no two bricks of a set share a host"
            zones = [cluster.machines.zones[brick.host] for brick in bricks if brick.name in new and not brick.arbiter]
            assert "arbiter" not in zones, "no copy is where only arbiters are to be"


def crowded_sets(cluster, volume):
    zones = [[cluster.machines.zones[brick.host] for brick in bricks] for bricks in volume.brick_sets]
    return {at for at, found in enumerate(zones) if max(map(found.count, found)) > 1}
