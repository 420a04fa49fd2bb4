# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether what is left of a set of any shape fills a new brick, whatever has become of its bricks."""

from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.filling import FILLING_MARK, HEALING
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Brick, Volume
from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.losses import Losses, hopeless, hopeless_sets

#: replicas, arbiters, disperse, redundancy; how many bricks with contents fill a new one.
SHAPES = {(2, 0, 0, 0): 1, (3, 0, 0, 0): 1, (3, 1, 0, 0): 1, (1, 0, 3, 1): 2, (1, 0, 6, 2): 4}
STATES = ("good", "lost", "stale", "silent", "new")


@st.composite
def sets(draw):
    """A volume of one set, and by brick what has become of it."""
    shape = draw(st.sampled_from(sorted(SHAPES)))
    replicas, arbiters, disperse, _redundancy = shape
    width = disperse or replicas
    states = draw(st.lists(st.sampled_from(STATES), min_size=width, max_size=width))
    bricks = tuple(Brick(f"h{at}", "/b", f"u{at}", bool(arbiters) and at == width - 1) for at in range(width))
    found = dict(zip((brick.name for brick in bricks), states))
    mark = ",".join(f"{HEALING}:{name}" for name, state in found.items() if state == "new") or "none"
    return Volume("v", "i", "Started", *shape, bricks, {FILLING_MARK: mark}), SHAPES[shape], found


def losses_of(found):
    of = {kind: frozenset(name for name, state in found.items() if state == kind) for kind in STATES}
    return Losses(of["lost"], of["stale"], of["silent"])


@given(made=sets())
def test_a_set_is_hopeless_where_too_few_good_bricks_with_contents_are_left_and_never_else(made):
    volume, needed, found = made
    good = [brick for brick in volume.bricks if not brick.arbiter and found[brick.name] == "good"]
    told = hopeless_sets(volume, losses_of(found))
    assert bool(told) == ("lost" in found.values() and len(good) < needed)


@given(made=sets())
def test_what_is_said_of_a_hopeless_set_is_one_sentence_and_true(made):
    volume, needed, found = made
    serving = frozenset(name for name, state in found.items() if state in ("good", "new", "stale"))
    said = hopeless(volume, losses_of(found), SimpleNamespace(serving=serving))
    if not hopeless_sets(volume, losses_of(found)):
        assert said == []
        return
    [sentence] = said
    lost = [name for name, state in found.items() if state == "lost"]
    assert sentence.startswith(f"volume v has lost {', '.join(lost)} of one set")
    full = {brick.name for brick in volume.bricks if not brick.arbiter}
    waiting = [name for name, state in found.items() if state in ("good", "silent") and name in full]
    assert ("bring that back first" in sentence) == (len(waiting) >= needed)
    assert "none of its files can be read" not in sentence or not [n for n in full if found[n] == "stale"]
