# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook move, with programs in the place of the modules: what is done where, in which order."""

import json

import pytest

from ansible_collections.brickwork.gluster.tests.fakes.standins import StandIns

SERVERS = {f"n{number}": {"gluster_address": f"10.0.0.{number}", "gluster_devices": []} for number in (1, 2, 3)}
INVENTORY = {"gluster_servers": {"hosts": SERVERS}}
LOOK = {
    "looked": True, "said": {"python": "3.11.2 /usr/bin/python3", "gluster": "10.3"}, "changed": False, "files": {},
    "gluster": {
        "running": True, "installed": True, "maintenance": "", "version": "10.3",
        "uuid": "u", "peers": 3, "known_volumes": 1, "volumes": {},
    },
    "missing_packages": [], "daemon": [],
}  # fmt: skip
PLAN = {
    "changed": False, "lines": [], "reference": "n1", "volume_moves": [], "volumes_immovable": [], "lost": [],
    "leaving": {"lost": [], "retired": []}, "leaving_places": {"lost": [], "retired": []}, "staying": "n1",
    "bricks": dict.fromkeys(SERVERS, {"devices": [], "root": "/srv/gluster", "mount_options": "noatime"}),
}  # fmt: skip
MOVED = ["gluster_gate", "lvm_brick", "gluster_brick", "gluster_heal"]


def move(number, volume="v"):
    old = f"10.0.0.{number}:/srv/gluster/{volume}-{number}/brick"
    made = {"name": f"{volume}-{number + 3}", "device": "/dev/sdc", "size": "1B"}
    return {
        "volume": volume, "brick": old, "leaving": f"n{number}:/dev/sdb", "node": f"n{number}", "made": made, "heal": 9,
        "new_brick": f"10.0.0.{number}:/srv/gluster/{made['name']}/brick", "line": f"{volume} {number} moves",
    }  # fmt: skip


@pytest.fixture
def stubs(tmp_path):
    stubs = StandIns(tmp_path, ("gluster_inventory",))
    stubs.module("gluster_node_info", repr(LOOK))
    stubs.module("gluster_info", "dict(changed=False, pool=dict(peers=[]))")
    for name in ("lvm_brick", "gluster_brick"):
        stubs.module(name, "dict(changed=True)")
    stubs.module("gluster_gate", "dict(changed=False, may_stop=True)")
    stubs.module("gluster_heal", "dict(changed=False, healed=True, volumes=[])")
    return stubs


def run(stubs, plan, *words, **given):
    stubs.module("plan_cluster", repr({**PLAN, **plan}))
    return stubs.run("brickwork.gluster.move", INVENTORY, "-e", json.dumps(given), *words)


def done(stubs):
    return [name for name, _host, _arguments in stubs.calls() if name in MOVED]


def test_one_brick_after_the_other_each_behind_the_gate_and_filled_before_the_next(stubs):
    said, code = run(stubs, {"volume_moves": [move(2), move(3)]}, gluster_move_volumes=["v"])
    assert code == 0 and "v 2 moves" in said, said
    assert done(stubs) == ["gluster_heal", *MOVED, *MOVED]
    assert [arguments["bricks"] for _host, arguments in stubs.calls("gluster_gate")] == [
        [move(2)["brick"]], [move(3)["brick"]],
    ]  # fmt: skip
    first = stubs.calls("gluster_brick")[0][1]
    assert (first["brick"], first["new_brick"], first["lost"]) == (move(2)["brick"], move(2)["new_brick"], False)


def test_where_all_is_in_its_place_only_healing_is_looked_at(stubs):
    said, code = run(stubs, {}, gluster_move_volumes=["v"])
    assert code == 0 and "all bricks are where they are to be" in said, said
    assert done(stubs) == ["gluster_heal"] and "changed=0" in said


def test_nothing_moves_without_a_name(stubs):
    said, code = run(stubs, {"volume_moves": [move(2)]})
    assert code == 2 and "gluster_move_volumes: found no names; write those" in said and done(stubs) == []


def test_where_one_volume_can_not_be_moved_none_is(stubs):
    plan = {"volume_moves": [move(2)], "volumes_immovable": ["volume w keeps no copies"]}
    said, code = run(stubs, plan, gluster_move_volumes=["v", "w"])
    assert code == 2 and "volume w keeps no copies" in said and done(stubs) == []


def test_a_closed_gate_ends_it_before_the_first_change(stubs):
    stubs.module("gluster_gate", "dict(failed=True, msg='volume v: 12 entries wait for healing')")
    said, code = run(stubs, {"volume_moves": [move(2), move(3)]}, "--check", gluster_move_volumes=["v"])
    assert code == 2 and "12 entries wait for healing" in said and done(stubs) == ["gluster_gate"]


def test_a_volume_that_is_busy_for_a_moment_ends_nothing(stubs, tmp_path):
    log = str(tmp_path / "log")
    calls = f"sum('gluster_gate' in line for line in open({log!r}))"
    stubs.module("gluster_gate", f"dict(failed={calls} < 2, msg='volume v: 1 entries wait for healing')")
    said, code = run(stubs, {"volume_moves": [move(2)]}, gluster_move_volumes=["v"])
    assert code == 0 and done(stubs) == ["gluster_heal", "gluster_gate", *MOVED], said


def test_the_first_that_is_not_filled_is_the_last(stubs):
    stubs.module(
        "gluster_heal", "dict(changed=False, failed=bool(arguments.get('bricks')), msg='volumes: nothing got less')"
    )
    said, code = run(stubs, {"volume_moves": [move(2), move(3)]}, gluster_move_volumes=["v"])
    assert code == 2 and done(stubs) == ["gluster_heal", *MOVED], said


def test_volumes_with_two_copies_are_named_to_the_gate(stubs):
    run(stubs, {"volume_moves": [move(2)]}, gluster_move_volumes=["v"], gluster_accept_downtime=["v"])
    [(_host, gate)] = stubs.calls("gluster_gate")
    assert gate["accept_downtime"] == ["v"]


def test_check_mode_asks_the_gate_and_takes_no_step(stubs):
    said, code = run(stubs, {"volume_moves": [move(2), move(3)]}, "--check", gluster_move_volumes=["v"])
    assert code == 0, said
    assert len(stubs.calls("gluster_gate")) == 2 and stubs.calls("gluster_brick") == []
    assert all(arguments["_ansible_check_mode"] for _host, arguments in stubs.calls("lvm_brick"))
