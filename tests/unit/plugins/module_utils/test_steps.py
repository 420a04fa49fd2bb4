# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
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
