# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role gluster_heal, with programs in the place of the modules; the wait itself is the action plugin's test."""

import pytest

from ansible_collections.brickwork.gluster.tests.fakes.standins import StandIns

ROLE = {"name": "Heal", "ansible.builtin.include_role": {"name": "brickwork.gluster.gluster_heal"}}
HEALED = "dict(changed=False, healed=True, volumes=[])"


@pytest.mark.parametrize("starts", [{}, {"shared": ["h:/b"], "archive": ["h:/c", "i:/c"]}])
def test_bricks_are_started_by_one_call_before_one_node_waits_for_all(tmp_path, starts):
    stubs = StandIns(tmp_path)
    stubs.module("gluster_volume", "dict(changed=True)")
    stubs.module("gluster_heal", HEALED)
    said, code = stubs.play(
        [ROLE],
        gluster_heal_starts=starts,
        gluster_heal_node="b",
        gluster_heal_volumes=["shared"],
        gluster_heal_full=True,
    )
    assert code == 0, said
    calls = stubs.calls()
    assert [name for name, _host, _arguments in calls] == ["gluster_volume"] * bool(starts) + ["gluster_heal"]
    assert calls[-1][2]["volumes"] == ["shared"] and calls[-1][2]["full"] is True
    if starts:
        assert {volume["name"]: volume["start_bricks"] for volume in calls[0][2]["volumes"]} == starts
        assert {volume["state"] for volume in calls[0][2]["volumes"]} == {"started"}


def test_all_volumes_are_waited_for_unless_some_are_named(tmp_path):
    stubs = StandIns(tmp_path)
    stubs.module("gluster_heal", HEALED)
    said, code = stubs.play([ROLE])
    assert code == 0, said
    [(_host, arguments)] = stubs.calls("gluster_heal")
    assert (arguments["volumes"], arguments["full"], arguments["timeout"]) == ([], False, 86400)
