# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A cluster twice as large costs about twice as much to plan. Calls of functions are counted, no time is taken."""

import argparse
import pathlib
import runpy
import sys

import pytest

BENCH = pathlib.Path(__file__).parents[5] / "tests" / "bench" / "plan.py"


@pytest.fixture(scope="module")
def bench():
    """The benchmark of the plan, which makes clusters of any size."""
    return argparse.Namespace(**runpy.run_path(str(BENCH)))


def calls_of(function) -> int:
    """Return how many functions a function calls, with all that these call."""
    count = 0

    def note(_frame, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        function()
    finally:
        sys.setprofile(None)
    return count


def planning_calls(bench, size: int, present: bool, retired: int) -> int:
    """Return the calls of a plan for a cluster of that many nodes, of which some are retired."""
    shape = argparse.Namespace(nodes=size, devices=4, volumes=4 * size, present=present)
    machines, looks, answer, desired = bench.plain_data(shape)
    nodes = [bench.read_node(machine, seen) for machine, seen in zip(machines, looks, strict=True)]
    nodes[-retired:] = [node._replace(retired=True) for node in nodes[-retired:]] if retired else nodes[-retired:]
    pool = bench.pool_answer(answer)
    return calls_of(lambda: bench.plan_cluster(desired, nodes, bench.Settings(), pool))


@pytest.mark.parametrize(
    ("present", "retired"),
    [(False, 0), (True, 0), (True, 1), (True, 4)],
    ids=["bare", "complete", "one leaves", "many leave"],
)
def test_twice_the_cluster_is_about_twice_the_work(bench, present: bool, retired: int) -> None:
    small = planning_calls(bench, 20, present, retired)
    large = planning_calls(bench, 40, present, 2 * retired if retired > 1 else retired)
    assert large < 2.2 * small
