# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook clone, with programs in the place of the modules."""

import json

import pytest

from ansible_collections.brickwork.gluster.tests.fakes.standins import StandIns

INVENTORY = {"gluster_servers": {"hosts": {"n1": {"gluster_address": "10.0.0.1", "gluster_devices": []}}}}
LOOK = {
    "looked": True, "said": {"python": "3.11.2 /usr/bin/python3", "gluster": "10.3"}, "changed": False, "files": {},
    "gluster": {
        "running": True, "installed": True, "maintenance": "", "version": "10.3",
        "uuid": "u", "peers": 1, "known_volumes": 1, "volumes": {},
    },
    "missing_packages": [], "daemon": [],
}  # fmt: skip
PLAN = {"changed": False, "lines": [], "reference": "n1", "unclonable": []}
GIVEN = {"gluster_clone_volume": "shared", "gluster_clone_name": "look"}


@pytest.fixture
def stubs(tmp_path):
    stubs = StandIns(tmp_path, ("gluster_inventory",))
    stubs.module("gluster_node_info", repr(LOOK))
    stubs.module("gluster_info", "dict(changed=False, pool=dict(peers=[]))")
    stubs.module("gluster_clone", "dict(changed=True, bricks=['b1', 'b2'])")
    return stubs


def run(stubs, plan, *words, **given):
    stubs.module("plan_cluster", repr({**PLAN, **plan}))
    return stubs.run("brickwork.gluster.clone", INVENTORY, "-e", json.dumps(given), *words)


def test_the_volume_is_cloned_and_its_limits_are_told(stubs):
    said, code = run(stubs, {}, **GIVEN)
    assert code == 0 and "look is a clone of shared, with 2 bricks in the same thin pools" in said, said
    [(_host, given)] = stubs.calls("gluster_clone")
    assert (given["volume"], given["name"]) == ("shared", "look")


def test_check_mode_takes_no_step(stubs):
    said, code = run(stubs, {}, "--check", **GIVEN)
    assert code == 0 and stubs.calls("gluster_clone")[0][1]["_ansible_check_mode"], said


@pytest.mark.parametrize(
    ("plan", "given", "said"),
    [
        ({}, {}, "gluster_clone_volume: found no name"),
        ({"unclonable": ["the pool is full"]}, GIVEN, "the pool is full"),
    ],
)
def test_what_is_refused_is_refused_before_anything(stubs, plan, given, said):
    text, code = run(stubs, plan, **given)
    assert code == 2 and said in text and stubs.calls("gluster_clone") == [], text
