# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many more volumes fit: the same as placing them one after the other."""

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import BrickworkError
from ansible_collections.brickwork.gluster.plugins.module_utils.shapes import Shape, shape_of
from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import GIB, brick_footprint
from ansible_collections.brickwork.gluster.plugins.plugin_utils.placement.place import place_bricks
from ansible_collections.brickwork.gluster.plugins.plugin_utils.report import capacity as module
from ansible_collections.brickwork.gluster.plugins.plugin_utils.report.capacity import (
    Kind,
    Room,
    capacity,
    count_more,
    kinds,
    largest_volume,
)

THREE = shape_of("replicate")
ARBITER = shape_of("arbiter")
DISPERSE = shape_of("disperse", None, 2, 1)


def room(*free, zones="abcabc", policy="strict"):
    """Hosts with one disk each, with so many GiB free."""
    hosts = [
        {
            "name": f"n{number}",
            "address": f"n{number}",
            "zone": zones[number],
            "devices": [{"path": "/dev/sdb", "size": 2 * size * GIB, "free": size * GIB}],
        }
        for number, size in enumerate(free)
    ]
    return Room(hosts, policy, "/srv/gluster")


def one_by_one(kind, where):
    """Count by placing volumes, all in one request."""
    shape = kind.shape
    for number in range(200):
        volumes = [
            {
                "name": f"v{one}", "type": shape.kind, "size": f"{kind.size}B", "sets": kind.sets,
                **({"disperse_data": 2, "redundancy": 1} if shape.disperse else {"replicas": shape.replicas}),
            }
            for one in range(number + 1)
        ]  # fmt: skip
        try:
            place_bricks(volumes, where.hosts, (), where.zone_policy, where.root)
        except BrickworkError:
            return number
    raise AssertionError("more than anybody counts")


@pytest.mark.parametrize("shape", [THREE, ARBITER, DISPERSE], ids=Shape.describe)
@pytest.mark.parametrize("free", [(100, 100, 100), (100, 50, 80, 30, 90, 10), (100, 100, 5), (0, 0, 0)], ids=str)
@pytest.mark.parametrize(("sets", "size"), [(1, 10), (1, 33), (2, 20)])
def test_as_many_as_can_be_placed(shape, free, sets, size):
    kind, where = Kind(shape, sets, size * GIB), room(*free)
    count, at_least, limit = count_more(kind, where)
    assert (count, at_least) == (one_by_one(kind, where), False)
    assert limit


def test_what_ends_it_is_said_in_the_words_of_placement():
    [found] = capacity([Kind(THREE, 1, 30 * GIB)], room(100, 100, 50))
    assert (found["kind"], found["count"], found["at_least"]) == ("replica 3", 1, False)
    assert found["limit"].startswith("set 2 needs 1 more brick of 30 GiB")
    assert "zone c has no host with" in found["limit"] and "report" not in found["limit"]


def test_nobody_counts_further_than_a_thousand(monkeypatch):
    monkeypatch.setattr(module, "MOST_VOLUMES", 7)
    assert count_more(Kind(THREE, 1, GIB), room(100, 100, 100)) == (7, True, "")
    assert count_more(Kind(THREE, 1, 50 * GIB), room(100, 100, 100))[:2] == (1, False)


def test_the_search_asks_a_few_times_only(monkeypatch):
    asked = []
    refusal = module._refusal

    def counted(*arguments):
        asked.append(arguments)
        return refusal(*arguments)

    monkeypatch.setattr(module, "_refusal", counted)
    assert count_more(Kind(THREE, 1, GIB), room(2000, 2000, 500))[0] > 400
    assert len(asked) <= 12


@pytest.mark.parametrize("shape", [THREE, ARBITER, DISPERSE], ids=Shape.describe)
def test_the_largest_one_fits_and_one_that_is_larger_does_not(shape):
    where = room(300, 200, 100)
    size = largest_volume(shape, where)
    data = 2 if shape.disperse else 1
    assert count_more(Kind(shape, 1, size), where)[0] >= 1
    assert count_more(Kind(shape, 1, size + 2 * data * GIB), where)[0] == 0
    assert largest_volume(THREE, room(0, 0, 0)) == 0 and largest_volume(THREE, Room((), "strict", "/srv")) == 0
    assert largest_volume(THREE, where) <= 100 * GIB < 2 * brick_footprint(largest_volume(THREE, where))


def test_kinds_are_the_most_frequent_ones_of_the_cluster_or_the_sizes_that_are_asked_for():
    there = [Kind(THREE, 1, size * GIB) for size in (10, 20, 20, 30, 40, 50)] + [Kind(ARBITER, 2, GIB)]
    assert kinds(there, []) == [
        Kind(ARBITER, 2, GIB), Kind(THREE, 1, 20 * GIB), Kind(THREE, 1, 40 * GIB), Kind(THREE, 1, 50 * GIB),
    ]  # fmt: skip
    assert kinds(there, [GIB, 5 * GIB, GIB]) == [
        Kind(shape, 1, size) for shape in (ARBITER, THREE) for size in (GIB, 5 * GIB)
    ]
    assert kinds([], []) == [Kind(THREE, 1, 100 * GIB)]
