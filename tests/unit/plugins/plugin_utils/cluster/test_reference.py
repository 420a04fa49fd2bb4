# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When the pool is asked which bricks are online, and when the looks say enough."""

import pytest

from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.reference import is_in_doubt

WELL = {"running": True, "unwell": [], "doubtful": [], "peers": 2}


def test_where_each_member_finds_its_part_well_nobody_is_asked():
    assert not is_in_doubt({"n1": WELL, "n2": WELL})


@pytest.mark.parametrize(
    "other",
    [
        {},
        {**WELL, "running": False},
        {**WELL, "unwell": [{"names": ["n3"]}]},
        {**WELL, "doubtful": ["v"]},
        # A member that the inventory does not have can't be looked at.
        {**WELL, "peers": 3},
        # One that is about to join can't tell of a member that the inventory lacks.
        {**WELL, "peers": 1},
    ],
)
def test_one_that_is_away_or_not_well_is_enough_to_ask(other):
    assert is_in_doubt({"n1": WELL, "n2": other})
