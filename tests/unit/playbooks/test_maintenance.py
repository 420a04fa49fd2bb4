# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks maintenance and rolling, with programs in the place of the modules: who is stopped, and how it ends."""

import json
import re

import pytest

from ansible_collections.brickwork.gluster.tests.fakes.standins import StandIns

#: The disk of a host tells the stand-in of the look which one it is.
SERVERS = {
    f"n{number}": {"gluster_address": f"10.0.0.{number}", "gluster_devices": [f"/dev/n{number}"]}
    for number in (1, 2, 3)
}
INVENTORY = {"gluster_servers": {"hosts": SERVERS}}
LOOK = {
    "looked": True, "said": {"python": "3.11.2 /usr/bin/python3", "gluster": "10.3"}, "changed": False, "files": {},
    "gluster": {"running": True, "maintenance": ""},
}  # fmt: skip


@pytest.fixture
def stubs(tmp_path):
    stubs = StandIns(tmp_path, ("gluster_inventory", "gluster_node_info"))
    stubs.module("gluster_node_info", repr(LOOK))
    stubs.module("gluster_node", "dict(changed=True, maintenance='')")
    stubs.module("gluster_heal", "dict(changed=False, healed=True, volumes=[])")
    (tmp_path / "patches.yml").write_text(
        json.dumps([{"name": "Patch", "ansible.builtin.debug": {"msg": "patched {{ inventory_hostname }}"}}])
    )
    return stubs


def run(stubs, playbook, **given):
    return stubs.run(f"brickwork.gluster.{playbook}", INVENTORY, "-e", json.dumps(given))


def done(stubs):
    """Return what was done to nodes, in order, but for looks."""
    return [
        arguments.get("state", "heal")
        for name, _host, arguments in stubs.calls()
        if name in ("gluster_node", "gluster_heal")
    ]


def patched(said):
    """Return the hosts on which the tasks were done, in order."""
    return re.findall(r'"msg": "patched (\w+)"', said)


@pytest.mark.parametrize(("how", "steps"), [("enter", ["maintenance"]), ("leave", ["active", "heal"])])
def test_only_the_named_nodes_are_taken_out_or_back(stubs, how, steps):
    said, code = run(stubs, "maintenance", gluster_maintenance=how, gluster_maintenance_nodes=["n2"])
    assert code == 0, said
    assert done(stubs) == steps and "n1 " not in said.partition("PLAY [Maintenance]")[2].partition("PLAY RECAP")[0]


def test_several_nodes_follow_each_other_and_the_first_that_may_not_go_is_the_last(stubs):
    stubs.module("gluster_node", "dict(failed=True, msg='state: this node may not be stopped now')")
    said, code = run(stubs, "maintenance", gluster_maintenance="enter", gluster_maintenance_nodes=["n2", "n3"])
    assert code == 2 and done(stubs) == ["maintenance"], said


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"gluster_maintenance": "enter"},
        {"gluster_maintenance": "enter", "gluster_maintenance_nodes": ["n9"]},
        {"gluster_maintenance": "stop", "gluster_maintenance_nodes": ["n1"]},
    ],
)
def test_what_names_no_storage_node_is_refused(stubs, given):
    said, code = run(stubs, "maintenance", **given)
    assert code == 2 and done(stubs) == [] and "gluster_maintenance" in said


def test_the_tasks_are_done_on_one_node_after_the_other_each_out_of_service(stubs):
    said, code = run(stubs, "rolling", gluster_rolling_tasks="patches.yml")
    assert code == 0, said
    assert done(stubs) == 3 * ["maintenance", "active", "heal"]
    assert patched(said) == ["n1", "n2", "n3"]


def test_the_first_node_that_does_not_heal_is_the_last_one(stubs):
    stubs.module("gluster_heal", "dict(failed=True, msg='volumes: nothing got less')")
    said, code = run(stubs, "rolling", gluster_rolling_tasks="patches.yml")
    assert code == 2 and done(stubs) == ["maintenance", "active", "heal"], said


@pytest.mark.parametrize(("given", "found"), [({}, "in it"), ({"gluster_rolling_tasks": "none.yml"}, "none.yml")])
def test_no_node_is_stopped_before_its_tasks_are_found(stubs, given, found):
    said, code = run(stubs, "rolling", **given)
    assert code == 2 and f"gluster_rolling_tasks: found no file {found}; write the path" in said and done(stubs) == []


def test_who_was_left_out_of_service_comes_first(stubs):
    resting = dict(LOOK, gluster={"running": False, "maintenance": "2026-11-28 (rolling patches.yml)"})
    who = "(arguments.get('bricks') or {}).get('devices', ['--'])[0][-2:]"
    stubs.module("gluster_node_info", f"{resting!r} if {who} == 'n3' else {LOOK!r}")
    said, code = run(stubs, "rolling", gluster_rolling_tasks="patches.yml")
    assert code == 0, said
    assert patched(said) == ["n3", "n1", "n2"] and done(stubs) == 3 * ["maintenance", "active", "heal"]


def test_a_node_that_somebody_took_out_of_service_stays_so(stubs):
    resting = dict(LOOK, gluster={"running": False, "maintenance": "2026-11-28 (bad memory)"})
    who = "(arguments.get('bricks') or {}).get('devices', ['--'])[0][-2:]"
    stubs.module("gluster_node_info", f"{resting!r} if {who} == 'n3' else {LOOK!r}")
    said, code = run(stubs, "rolling", gluster_rolling_tasks="patches.yml", gluster_rolling_nodes=["n1"])
    assert code == 2 and "n3 is in maintenance since 2026-11-28 (bad memory); have it serve again" in said
    assert done(stubs) == []


@pytest.mark.parametrize("words", [(), ("--limit", "n1")])
def test_a_node_that_is_none_or_is_left_out_is_no_success(stubs, words):
    node = "n2" if words else "n9"
    given = json.dumps({"gluster_rolling_tasks": "patches.yml", "gluster_rolling_nodes": [node]})
    said, code = stubs.run("brickwork.gluster.rolling", INVENTORY, "-e", given, *words)
    assert code == 2 and f"gluster_rolling_nodes is {node}; write names of storage nodes" in said
    given = json.dumps({"gluster_maintenance": "leave", "gluster_maintenance_nodes": [node]})
    said, code = stubs.run("brickwork.gluster.maintenance", INVENTORY, "-e", given, *words)
    assert code == 2 and "that --limit does not leave out" in said and done(stubs) == []


def test_no_node_is_stopped_after_one_that_can_not_be_reached_in_its_turn(stubs, tmp_path):
    gone = {"ansible_connection": "ssh", "ansible_host": "127.0.0.1", "ansible_port": 1}
    task = {"name": "Vanish", "ansible.builtin.ping": None, "vars": gone, "when": "inventory_hostname == 'n1'"}
    (tmp_path / "patches.yml").write_text(json.dumps([task]))
    said, code = run(stubs, "rolling", gluster_rolling_tasks=str(tmp_path / "patches.yml"))
    assert code != 0 and "UNREACHABLE" in said, said
    assert done(stubs) == ["maintenance"], "the others serve on"
