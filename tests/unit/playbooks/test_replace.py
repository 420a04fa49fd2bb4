# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook replace, with programs in the place of the modules: what is done on which node, and in which order."""

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
IDENTITY = {"node": "n2", "uuid": "u2", "op_version": 9, "peer_uuid": "u1", "peer_address": "10.0.0.1"}
NONE = {"devices": [], "root": "/srv/gluster", "mount_options": "noatime", "bricks": [], "steps": []}
PLAN = {
    "changed": False, "lines": [], "broken": [], "reference": "n1", "identities": [], "replacements": [],
    "irreplaceable": [], "starts": {}, "clients": {}, "bricks": dict.fromkeys(SERVERS, NONE), "servers_due": False,
}  # fmt: skip
ANSWER = {"changed": True, "running": True, "installed": True, "version": "10.3", "op_version": 9, "listening": True}


def lost(node, name="shared-2"):
    """Return a lost brick that can be made anew."""
    brick = f"{SERVERS[node]['gluster_address']}:/srv/gluster/{name}/brick"
    made = {"name": name, "device": "/dev/sdb", "size": "1B"}
    return {"volume": "shared", "brick": brick, "node": node, "made": made}


@pytest.fixture
def stubs(tmp_path):
    stubs = StandIns(tmp_path, ("gluster_inventory",))
    stubs.module("gluster_node_info", repr(LOOK))
    stubs.module("gluster_info", repr(dict(ANSWER, pool={"peers": []})))
    for name in (
        "gluster_identity",
        "lvm_brick",
        "gluster_brick",
        "gluster_volume",
        "gluster_daemon",
        "gluster_firewall",
    ):
        stubs.module(name, repr(ANSWER))
    stubs.module("gluster_heal", "dict(changed=False, healed=True, volumes=[])")
    return stubs


def run(stubs, plan, *words, **given):
    stubs.module("plan_cluster", repr({**PLAN, **plan}))
    return stubs.run("brickwork.gluster.replace", INVENTORY, "-e", json.dumps(given), *words)


def done(stubs):
    """Return what was called to bring something back, in order."""
    ours = ("gluster_identity", "lvm_brick", "gluster_brick", "gluster_volume", "gluster_heal")
    return [name for name, _host, _arguments in stubs.calls() if name in ours]


def test_where_nothing_is_lost_nothing_is_called(stubs):
    said, code = run(stubs, {})
    assert code == 0 and done(stubs) == [], said
    assert "no brick is lost" in said and len(stubs.calls("gluster_node_info")) == 3


def test_lost_bricks_are_made_taken_up_and_filled_one_node_after_the_other(stubs):
    said, code = run(stubs, {"replacements": [lost("n3"), lost("n2"), lost("n2", "shared-5")]})
    assert code == 0, said
    assert done(stubs) == [
        "lvm_brick", "gluster_brick", "gluster_brick", "gluster_heal", "lvm_brick", "gluster_brick", "gluster_heal",
    ]  # fmt: skip
    made = [arguments["bricks"] for _host, arguments in stubs.calls("lvm_brick")]
    assert [[brick["name"] for brick in bricks] for bricks in made] == [["shared-2", "shared-5"], ["shared-2"]]


def test_the_first_that_does_not_fill_is_the_last(stubs):
    stubs.module("gluster_heal", "dict(failed=True, msg='volumes: nothing got less')")
    said, code = run(stubs, {"replacements": [lost("n2"), lost("n3")]})
    assert code == 2 and done(stubs) == ["lvm_brick", "gluster_brick", "gluster_heal"], said


def test_what_can_not_be_made_anew_ends_it_before_the_first_change(stubs):
    plan = {"replacements": [lost("n2")], "irreplaceable": ["volume scratch: brick b is the only copy of its files"]}
    said, code = run(stubs, plan)
    assert code == 2 and "is the only copy of its files" in said and done(stubs) == []


def test_a_named_node_becomes_a_member_again_before_its_bricks_come_back(stubs):
    there = dict(NONE, bricks=[{"name": "shared-2"}], steps=[{"kind": "mount"}])
    plan = {
        "identities": [IDENTITY], "bricks": {**PLAN["bricks"], "n2": there}, "replacements": [lost("n2", "archive-1")],
        "starts": {"shared": ["10.0.0.2:/srv/gluster/shared-2/brick"]},
    }  # fmt: skip
    said, code = run(stubs, plan, gluster_replace_nodes=["n2"])
    assert code == 0, said
    assert done(stubs) == [
        "gluster_identity", "lvm_brick", "gluster_volume", "lvm_brick", "gluster_brick", "gluster_heal", "gluster_heal",
    ]  # fmt: skip
    given = stubs.calls("gluster_identity")[0][1]
    assert {name: given[name] for name in IDENTITY if name != "node"} == {
        name: value for name, value in IDENTITY.items() if name != "node"
    }


def test_check_mode_plans_and_shows(stubs):
    plan = {"identities": [IDENTITY], "bricks": {**PLAN["bricks"], "n2": NONE}}
    said, code = run(stubs, plan, "--check", gluster_replace_nodes=["n2"])
    assert code == 0, said
    assert "gluster_identity" not in done(stubs) and "gluster_volume" not in done(stubs)


def test_a_name_that_is_no_storage_node_is_refused(stubs):
    said, code = run(stubs, {}, gluster_replace_nodes=["n9"])
    assert code == 2 and "gluster_replace_nodes: found n9, which is no storage node; write one of n1, n2, n3" in said
    assert done(stubs) == []
