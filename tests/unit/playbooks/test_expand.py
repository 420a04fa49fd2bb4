# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook expand, with programs in the place of the modules: what is done where, in which order, and refused."""

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
NONE = {"devices": [], "root": "/srv/gluster", "mount_options": "noatime", "bricks": [], "steps": []}
PLAN = {
    "changed": False, "lines": [], "broken": [], "reference": "n1", "copy_changes": [], "unchangeable": [],
    "starts": {}, "clients": {}, "bricks": dict.fromkeys(SERVERS, NONE), "servers_due": False,
}  # fmt: skip
ANSWER = {"changed": True, "running": True, "installed": True, "version": "10.3", "op_version": 9, "listening": True}


def change(volume="v", number=1, new="n3", old=(), copies=True):
    """Return a change of the plan."""
    name = f"{volume}-{number + 2}"
    return {
        "volume": volume, "number": number, "type": "replicate", "replicas": number + 1, "old_bricks": list(old),
        "new_bricks": [f"10.0.0.3:/srv/gluster/{name}/brick"], "had_copies": copies, "copies": 1, "heal": 5,
        "made": [{"node": new, "brick": {"name": name, "device": "/dev/sdb", "size": "1B"}}],
        "line": f"volume {volume}: change {number}",
    }  # fmt: skip


@pytest.fixture
def bricks(tmp_path):
    """The folder of the nodes' bricks, which are there and empty."""
    for name in ("v-3", "v-4", "w-3"):
        (tmp_path / "bricks" / name / "brick").mkdir(parents=True)
    return tmp_path / "bricks"


@pytest.fixture
def stubs(tmp_path, bricks):
    stubs = StandIns(tmp_path, ("gluster_inventory",))
    stubs.module("gluster_node_info", repr(LOOK))
    stubs.module("gluster_info", repr(dict(ANSWER, pool={"peers": []})))
    for name in ("lvm_brick", "gluster_replica", "gluster_volume"):
        stubs.module(name, repr(ANSWER))
    stubs.module("gluster_heal", "dict(changed=False, healed=True, volumes=[])")
    stubs.root = str(bricks)
    return stubs


def run(stubs, plan, *words, **given):
    there = dict.fromkeys(SERVERS, {**NONE, "root": stubs.root})
    stubs.module("plan_cluster", repr({**PLAN, "bricks": there, **plan}))
    return stubs.run("brickwork.gluster.expand", INVENTORY, "-e", json.dumps(given), *words)


def done(stubs):
    return [
        name for name, _host, _arguments in stubs.calls() if name in ("lvm_brick", "gluster_replica", "gluster_heal")
    ]


def test_where_all_is_as_it_is_to_be_it_waits_for_what_an_earlier_run_has_added(stubs):
    said, code = run(stubs, {})
    assert code == 0 and done(stubs) == ["gluster_heal"], said
    assert "all volumes keep the copies that they are to" in said
    assert stubs.calls("gluster_heal")[0][1]["volumes"] == []


def test_all_bricks_are_made_first_and_each_change_is_healed_before_the_next(stubs):
    first, second = change(copies=False), change(number=2, new="n2")
    said, code = run(stubs, {"copy_changes": [first, second]})
    assert code == 0, said
    assert done(stubs) == [
        "lvm_brick", "lvm_brick", "gluster_replica", "gluster_heal", "gluster_heal", "gluster_replica", "gluster_heal",
        "gluster_heal",
    ]  # fmt: skip
    made = {arguments["bricks"][0]["name"] for _host, arguments in stubs.calls("lvm_brick")}
    assert made == {"v-3", "v-4"}
    [(_host, one), (_host, two)] = stubs.calls("gluster_replica")
    assert (one["volume"], one["replicas"], one["new_bricks"]) == ("v", 2, first["new_bricks"])
    assert (two["replicas"], two["new_bricks"], two["accept_fewer_copies"]) == (3, second["new_bricks"], False)
    assert two["force"] is True, "lvm_brick has looked at the directories"


@pytest.mark.parametrize("found", [".glusterfs/00/00/old", "data"])
def test_a_brick_that_holds_anything_is_no_new_copy(stubs, bricks, found):
    left = bricks / "v-3" / "brick" / found
    left.parent.mkdir(parents=True, exist_ok=True)
    left.touch()
    said, code = run(stubs, {"copy_changes": [change()]})
    assert code == 2 and f"found {left} on a brick that is to be a new copy" in " ".join(said.split()), said
    assert done(stubs) == ["lvm_brick"]


def test_what_does_not_heal_ends_it_before_the_next_volume(stubs):
    stubs.module("gluster_heal", "dict(failed=True, msg='volumes: nothing got less')")
    said, code = run(stubs, {"copy_changes": [change(copies=False), change("w", copies=False)]})
    assert code == 2 and done(stubs)[1:] == ["gluster_replica", "gluster_heal"], said


def test_what_has_no_place_ends_it_before_the_first_change(stubs):
    said, code = run(stubs, {"copy_changes": [change()], "unchangeable": ["volume w: set 1 needs 1 more brick"]})
    assert code == 2 and "volume w: set 1 needs 1 more brick" in said and done(stubs) == []


@pytest.mark.parametrize("given", [{}, {"gluster_accept_fewer_copies": ["w"]}])
def test_copies_leave_only_of_volumes_that_are_named(stubs, given):
    said, code = run(stubs, {"copy_changes": [change(old=["10.0.0.1:/b"])]}, **given)
    assert code == 2 and "copies of v leave on the way" in said and done(stubs) == []


def test_copies_leave_of_a_volume_that_is_named(stubs):
    plan = {"copy_changes": [change(old=["10.0.0.1:/b"]), change("w")]}
    said, code = run(stubs, plan, gluster_accept_fewer_copies=["v"])
    assert code == 0, said
    accepted = [arguments["accept_fewer_copies"] for _host, arguments in stubs.calls("gluster_replica")]
    assert accepted == [True, False] and stubs.calls("gluster_replica")[0][1]["old_bricks"] == ["10.0.0.1:/b"]


def test_check_mode_shows_the_first_change_of_each_volume_and_needs_no_name(stubs):
    plan = {"copy_changes": [change(old=["10.0.0.1:/b"]), change(number=2), change("w")]}
    said, code = run(stubs, plan, "--check")
    assert code == 0, said
    assert [arguments["volume"] for _host, arguments in stubs.calls("gluster_replica")] == ["v", "w"]
    assert all(arguments["_ansible_check_mode"] for _host, arguments in stubs.calls("gluster_replica"))
    assert stubs.calls("gluster_heal") == []
