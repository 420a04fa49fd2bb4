# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a terminal shows while a real ansible-playbook waits, with programs in the place of the modules."""

import pytest

from ansible_collections.brickwork.gluster.tests.fakes.standins import StandIns

SLOW = "dict(changed=True, slept=__import__('time').sleep(2.5))"
NODE = {"brickwork.gluster.gluster_node": {"state": "active"}}
SAFE = "Ctrl-C is safe: the same playbook, run again, goes on from what is there"


@pytest.fixture
def stubs(tmp_path, monkeypatch):
    monkeypatch.setenv("BRICKWORK_PROGRESS_SECONDS", "1")
    return StandIns(tmp_path, ["gluster_node", "gluster_heal"])


def spoken(said, host):
    return [line for line in said.splitlines() if line.startswith(f"{host}: the node")]


def test_a_module_that_waits_says_so_with_its_limit_and_first_what_ctrl_c_means(stubs):
    stubs.module("gluster_node", SLOW)
    said, code = stubs.play([{**NODE, "when": "inventory_hostname != 'c'"}])
    assert code == 0, said
    for host in "ab":
        first, *more = spoken(said, host)
        assert "comes back into service" in first and "(each wait: at most 120 s)" in first and first.endswith(SAFE)
        assert more and SAFE not in more[0], said
    assert not spoken(said, "c")


def test_what_ends_in_a_moment_and_check_mode_show_nothing(stubs):
    stubs.module("gluster_node", "dict(changed=True)")
    said, code = stubs.play([NODE])
    assert code == 0 and not spoken(said, "a"), said
    stubs.module("gluster_node", SLOW)
    said, code = stubs.play([{**NODE, "check_mode": True}])
    assert code == 0 and not spoken(said, "a"), said


def test_defaults_of_the_group_and_the_modules_failure_come_through(stubs):
    stubs.module("gluster_node", "dict(failed=True, msg='no glusterd at ' + str(arguments['command_timeout']))")
    play = {
        "hosts": "all",
        "gather_facts": False,
        "module_defaults": {"group/brickwork.gluster.gluster": {"command_timeout": 77}},
        "tasks": [NODE],
    }
    said, code = stubs.write_and_run([play], {"all": {"hosts": {"a": {}}}})
    assert code == 2 and "no glusterd at 77" in said


def test_a_task_in_the_background_ends_as_any_other(stubs):
    stubs.module("gluster_node", "dict(changed=True, done=7)")
    tasks = [
        {**NODE, "async": 30, "poll": 1, "register": "answer"},
        {"ansible.builtin.assert": {"that": ["answer.done == 7"]}},
    ]
    said, code = stubs.play(tasks)
    assert code == 0, said


def test_ctrl_c_during_a_heal_says_that_it_is_safe_and_the_next_run_ends_well(stubs):
    volume = "dict(name='v', pending={n}, split_brain=0, behind=0, obstacles=[], unknown='', names=[], healed=not {n})"
    stubs.module("gluster_heal", f"dict(changed=False, healed=False, volumes=[{volume.format(n=9)}])")
    role = {"ansible.builtin.include_role": {"name": "brickwork.gluster.gluster_heal"}}
    play = {"hosts": "all", "gather_facts": False, "tasks": [role]}
    inventory = {"all": {"hosts": {"a": {}}}}
    said, code = stubs.interrupt([play], inventory, "9 entries left")
    assert "Ctrl-C is safe: GlusterFS goes on healing" in said and code != 0, said
    stubs.module("gluster_heal", f"dict(changed=False, healed=True, volumes=[{volume.format(n=0)}])")
    said, code = stubs.write_and_run([play], inventory)
    assert code == 0, said
