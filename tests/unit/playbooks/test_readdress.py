# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook readdress, with programs in the place of the modules: what is done where, in which order."""

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
ONE = {
    "node": "n2", "uuid": "u2", "address": "10.0.0.2", "by": "n1", "others": ["n1", "n3"], "volumes": ["v", "w"],
    "bricks": [{"volume": "v", "brick": "10.9.9.2:/b/v"}, {"volume": "w", "brick": "10.9.9.2:/b/w"}],
    "line": "n2 gets it",
}  # fmt: skip
PLAN = {"changed": False, "lines": [], "reference": "n1", "readdresses": [], "unreaddressable": []}
OURS = ("gluster_peer_names", "gluster_readdress", "gluster_heal")
NAMES = ["gluster_peer_names"] * 2
BRICK = ["gluster_readdress", "gluster_heal"]


@pytest.fixture
def stubs(tmp_path):
    stubs = StandIns(tmp_path, ("gluster_inventory",))
    stubs.module("gluster_node_info", repr(LOOK))
    stubs.module("gluster_info", "dict(changed=False, pool=dict(peers=[]))")
    for name in ("gluster_peer_names", "gluster_readdress"):
        stubs.module(name, "dict(changed=True)")
    stubs.module("gluster_heal", "dict(changed=False, healed=True, volumes=[])")
    return stubs


def run(stubs, plan, *words, **given):
    stubs.module("plan_cluster", repr({**PLAN, **plan}))
    return stubs.run("brickwork.gluster.readdress", INVENTORY, "-e", json.dumps(given), *words)


def done(stubs):
    return [name for name, _host, _arguments in stubs.calls() if name in OURS]


def test_each_member_is_asked_then_the_pool_then_each_brick_then_each_member_changes(stubs):
    said, code = run(stubs, {"readdresses": [ONE]}, gluster_readdress_nodes=["n2"])
    assert code == 0 and "n2 gets it" in said, said
    assert done(stubs) == [*NAMES, "gluster_heal", "gluster_readdress", *BRICK, *BRICK, *NAMES]
    checks = [arguments["_ansible_check_mode"] for _host, arguments in stubs.calls("gluster_peer_names")]
    assert checks == [True, True, False, False]
    pool, first, _second = [arguments for _host, arguments in stubs.calls("gluster_readdress")]
    assert "brick" not in pool and (first["volume"], first["brick"]) == ("v", "10.9.9.2:/b/v")


def test_a_member_that_does_not_reach_the_address_ends_it_before_the_first_change(stubs):
    stubs.module("gluster_peer_names", "dict(failed=True, msg='address: found nobody who answers')")
    said, code = run(stubs, {"readdresses": [ONE]}, gluster_readdress_nodes=["n2"])
    assert code == 2 and "found nobody who answers" in said and "gluster_readdress" not in done(stubs)


def test_the_first_brick_that_does_not_come_back_is_the_last(stubs):
    stubs.module(
        "gluster_readdress", "dict(failed='brick' in arguments, changed=True, msg='clients are not connected')"
    )
    said, code = run(stubs, {"readdresses": [ONE]}, gluster_readdress_nodes=["n2"])
    assert code == 2 and done(stubs) == [*NAMES, "gluster_heal", "gluster_readdress", "gluster_readdress"], said


def test_where_all_know_it_nothing_changes(stubs):
    for name in ("gluster_peer_names", "gluster_readdress"):
        stubs.module(name, "dict(changed=False)")
    said, code = run(stubs, {"readdresses": [{**ONE, "bricks": [], "volumes": []}]}, gluster_readdress_nodes=["n2"])
    assert code == 0 and "changed=0" in said and "gluster_heal" not in done(stubs), said


def test_check_mode_takes_no_step(stubs):
    said, code = run(stubs, {"readdresses": [ONE]}, "--check", gluster_readdress_nodes=["n2"])
    assert code == 0, said
    assert all(arguments["_ansible_check_mode"] for name, _host, arguments in stubs.calls() if name in OURS)
    assert done(stubs) == [*NAMES, *["gluster_readdress"] * 3, *NAMES]


@pytest.mark.parametrize(
    ("plan", "given", "said"),
    [
        ({"readdresses": [ONE]}, {}, "gluster_readdress_nodes: found no names; write those"),
        (
            {"unreaddressable": ["n2 gets no new address"]},
            {"gluster_readdress_nodes": ["n2"]},
            "n2 gets no new address",
        ),
    ],
)
def test_what_is_refused_is_refused_before_anything(stubs, plan, given, said):
    text, code = run(stubs, plan, **given)
    assert code == 2 and said in text and done(stubs) == [], text


def test_volumes_without_copies_are_named_to_the_gate(stubs):
    run(stubs, {"readdresses": [ONE]}, gluster_readdress_nodes=["n2"], gluster_accept_downtime=["v"])
    assert stubs.calls("gluster_readdress")[1][1]["accept_downtime"] == ["v"]
