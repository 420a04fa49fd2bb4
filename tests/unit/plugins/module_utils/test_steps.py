# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import threading

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import CommandError, VerifyError
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import Plan, Step, StepError, converge


class Layers:
    """Steps that come to light one layer after the other, when all of the layer before are done."""

    def __init__(self, *layers, **more):
        self.layers = [[step if isinstance(step, Step) else Step(step, "it") for step in layer] for layer in layers]
        self.done = []
        self.in_vain = more.get("in_vain", ())
        self.failing = more.get("failing")

    def observe(self):
        return [step for step in self.done if step.kind not in self.in_vain]

    def plan(self, observed):
        left = [[step for step in layer if step not in observed] for layer in self.layers]
        return Plan(next((layer for layer in left if layer), []), {}, {})

    def findings(self, observed):
        return {"done": kinds(observed)}

    def perform(self, step):
        if step.kind == self.failing:
            raise CommandError("no")
        self.done.append(step)

    def settle(self, plan):
        pass


def kinds(steps):
    return [step.kind for step in steps]


def test_what_comes_to_light_is_done_and_told():
    layers = Layers(["activate", "mount"], ["mark"])
    assert kinds(converge(layers, check_mode=True).steps) == ["activate", "mount"]
    assert layers.done == []
    assert kinds(converge(layers).steps) == kinds(layers.done) == ["activate", "mount", "mark"]
    assert converge(layers).steps == []


def test_findings_are_of_the_last_observation():
    layers = Layers(["activate", "mount"], ["mark"])
    assert converge(layers, check_mode=True).findings == {"done": []}
    assert converge(layers).findings == {"done": ["activate", "mount", "mark"]}
    assert converge(layers).findings == {"done": ["activate", "mount", "mark"]}


def test_what_did_not_help_is_an_error_and_not_tried_again():
    layers = Layers(["mount"], in_vain=["mount"])
    with pytest.raises(VerifyError, match="still to do: mount it"):
        converge(layers)
    assert kinds(layers.done) == ["mount"]


def test_what_destroys_is_never_done_unplanned():
    layers = Layers(["activate"], [Step("wipe", "it", destroys=True)])
    with pytest.raises(VerifyError, match="still to do: wipe it"):
        converge(layers)
    assert kinds(layers.done) == ["activate"]


def test_the_first_failure_ends_it_and_tells_what_was_done():
    with pytest.raises(StepError, match="mount it: no") as caught:
        converge(Layers(["activate", "mount", "mark"], failing="mount"))
    assert kinds(caught.value.done) == ["activate"]


class SideBySide(Layers):
    """Lanes of steps, each of which waits until so many steps are under way as may be."""

    def __init__(self, names, at_once, failing=(), goes_on=True):
        super().__init__([Step(kind, name, lane=name) for name in names for kind in ("make", "start")])
        self.at_once, self.failing, self.goes_on = at_once, failing, goes_on
        self.barrier = threading.Barrier(at_once)
        self.under_way, self.most = set(), 0

    def plan(self, observed):
        return super().plan(observed)._replace(at_once=self.at_once)

    def perform(self, step):
        assert step.lane not in self.under_way
        self.under_way.add(step.lane)
        self.most = max(self.most, len(self.under_way))
        if not self.failing:
            self.barrier.wait(10)
        self.under_way.remove(step.lane)
        if step.target in self.failing:
            raise CommandError("no")
        self.done.append(step)

    def goes_on_after(self, _error):
        return self.goes_on


@pytest.mark.parametrize("at_once", [1, 2, 4])
def test_lanes_are_worked_on_side_by_side_and_each_in_its_order(at_once):
    lanes = SideBySide("abcdefgh", at_once)
    converge(lanes)
    assert lanes.most == at_once
    for name in "abcdefgh":
        assert kinds(step for step in lanes.done if step.lane == name) == ["make", "start"]


@pytest.mark.parametrize("at_once", [1, 3])
def test_a_lane_that_fails_ends_there_and_the_others_go_on_where_they_may(at_once):
    lanes = SideBySide("abcdef", at_once, failing="bd")
    with pytest.raises(StepError) as caught:
        converge(lanes)
    assert sorted({step.lane for step in lanes.done}) == list("acef")
    assert sorted(str(caught.value).splitlines()) == ["make b: no", "make d: no"]
    assert sorted(caught.value.done) == sorted(lanes.done)


def test_no_lane_is_begun_after_a_failure_that_is_a_reason_to_stop():
    lanes = SideBySide("abcdef", 1, failing="b", goes_on=False)
    with pytest.raises(StepError, match="make b: no\nnot tried after that: c, d, e, f; run again"):
        converge(lanes)
    assert sorted({step.lane for step in lanes.done}) == ["a"]
