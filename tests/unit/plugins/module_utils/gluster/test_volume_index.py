# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Planning many volumes in a row goes through all volumes and members once, not once for each volume or brick."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import PlanError
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Brick, Peer, Pool, Volume
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.volume_index import BrickPaths
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.volume_plan import (
    DesiredVolume,
    ObservedVolumes,
    plan_volume,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.shapes import shape_of

MEMBERS = 40


class Counted(list):
    """A list that counts how often somebody goes through it."""

    def __init__(self, *items):
        super().__init__(*items)
        self.walks = 0

    def __iter__(self):
        self.walks += 1
        return super().__iter__()

    def __reversed__(self):
        self.walks += 1
        return super().__reversed__()


def place(number, index):
    return "n%d" % ((number + index) % MEMBERS), "/b/v%d-%d/brick" % (number, index)


def desired(number):
    bricks = tuple(Brick(*place(number, index)) for index in range(3))
    return DesiredVolume("v%d" % number, "started", shape_of("replicate"), bricks)


def present(number):
    bricks = tuple(Brick(host, path, "uuid-" + host) for host, path in (place(number, index) for index in range(3)))
    return Volume("v%d" % number, "id%d" % number, "Started", 3, 0, 0, 0, bricks, {})


def observed(count):
    peers = Counted(Peer("uuid-n%d" % n, ("n%d" % n,), True, 3, "Peer in Cluster") for n in range(MEMBERS))
    aliases = {"n%d" % n: "uuid-n%d" % n for n in range(MEMBERS)}
    return ObservedVolumes(Pool(peers), Counted(map(present, range(count))), aliases)


@pytest.mark.parametrize("count", [0, 30, 60])
def test_pool_and_volumes_are_gone_through_a_few_times_however_many_volumes_are_planned(count):
    seen = observed(count)
    steps = [plan_volume(desired(number), seen._replace(offline={"v1": ()})).steps for number in range(60)]
    assert [bool(found) for found in steps] == [number >= count for number in range(60)]
    assert seen.volumes.walks <= 2 and seen.pool.peers.walks <= 2


def test_other_volumes_get_another_index():
    seen = observed(3)
    assert seen.find("v2") and not seen._replace(volumes=[present(0)]).find("v2")
    smaller = Pool(seen.pool.peers[:1])
    with pytest.raises(PlanError, match="n30 is not in the pool"):
        plan_volume(desired(30), seen._replace(pool=smaller))


PATHS = st.lists(st.sampled_from("ab"), min_size=1, max_size=4).map(lambda parts: "/" + "/".join(parts))


def nested(path, other):
    return path == other or path.startswith(other + "/") or other.startswith(path + "/")


@given(st.lists(st.tuples(st.sampled_from("xy"), PATHS), max_size=6), st.sampled_from("xy"), PATHS)
def test_a_directory_is_taken_by_the_first_brick_that_it_is_holds_or_lies_in(bricks, host, path):
    paths = BrickPaths()
    for number, (owner, directory) in enumerate(bricks):
        paths.add(owner, Brick(owner, directory), "v%d" % number)
    taken = paths.find(host, path)
    first = [number for number, (owner, other) in enumerate(bricks) if owner == host and nested(path, other)][:1]
    assert [taken.position] == first if taken else first == []
