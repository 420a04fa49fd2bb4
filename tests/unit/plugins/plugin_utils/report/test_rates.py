# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How fast heals and rebalances advance, and when they end; what nobody can tell is told as that."""

import pytest

from ansible_collections.brickwork.gluster.plugins.plugin_utils.report.rates import (
    Rate,
    heal_rates,
    moving_rate,
    together,
    until,
)

MADE = "2026-11-28T21:30:00Z"
GIB = 1024**3


def rates(before, after, seconds=10.0):
    count = {"volume": "v", "brick": "h:/b"}
    later = {**count, "pending": after, "seconds": seconds}
    return heal_rates({"heal": [{**count, "pending": before}], "heal_later": [later]})


def test_a_rate_and_its_end_come_of_two_counts():
    rate = rates(1000, 900)["v", "h:/b"]
    assert rate == Rate(10.0, 90.0) and rate.ends(MADE) == "2026-11-28T21:31:30Z"
    assert rates(10, 0)["v", "h:/b"] == Rate(1.0, 0.0)


@pytest.mark.parametrize("after", [100, 130])
def test_what_does_not_get_less_has_no_end(after):
    rate = rates(100, after)["v", "h:/b"]
    assert rate == Rate(0.0, None) and rate.ends(MADE) is None


@pytest.mark.parametrize(("before", "after", "seconds"), [(0, 5, 10.0), (None, 5, 10.0), (5, None, 10.0), (5, 3, 0.0)])
def test_what_was_not_counted_twice_has_no_rate(before, after, seconds):
    assert rates(before, after, seconds) == {}


def test_without_a_second_count_there_are_none():
    assert heal_rates({"heal": [{"volume": "v", "brick": "b", "pending": 3}]}) == heal_rates({}) == {}


def test_a_volume_ends_with_its_last_brick_or_nobody_can_tell():
    assert together([Rate(1.0, 10.0), Rate(2.5, 30.0)]) == Rate(3.5, 30.0)
    assert together([Rate(1.0, 10.0), Rate(0.0, None)]) == Rate(1.0, None)
    assert together([Rate(1.0, 10.0), None]) == Rate(1.0, None)
    assert together([None]) == together([]) == Rate()


REBALANCE = {
    "state": "in progress", "layout_only": False, "size": GIB, "left": 2 * GIB,
    "members": [{"seconds": 100}, {"seconds": 128}],
}  # fmt: skip


def test_a_rebalance_goes_on_as_it_did_since_its_start():
    assert moving_rate(REBALANCE) == Rate(GIB / 128, 256.0)


@pytest.mark.parametrize(
    "more", [{"state": "completed"}, {"layout_only": True}, {"members": []}, {"size": 0}, {"members": [{"seconds": 0}]}]
)
def test_what_moves_nothing_has_no_rate(more):
    assert moving_rate({**REBALANCE, **more}) == moving_rate({}) == Rate()


def test_an_end_beyond_all_times_is_none():
    assert Rate(0.01, 1e15).ends(MADE) is None


def test_people_read_an_end_to_the_minute():
    assert until("2026-11-28T21:31:30Z") == "until about 2026-11-28 21:31 UTC"
