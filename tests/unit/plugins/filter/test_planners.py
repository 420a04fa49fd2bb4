# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.brickwork.gluster.plugins.filter.planners import FilterModule

FILTERS = FilterModule().filters()


def step(kind, target, destroys=False):
    return {"kind": kind, "target": target, "command": "x", "destroys": destroys}


def test_a_plan_that_can_not_be_is_an_answer_that_says_why():
    plan = FILTERS["plan_cluster"]([], {"n1": {}}, ["n1"])
    assert plan == {"refusal": "n1 did not answer, or is left out by --limit; the plan needs every storage node"}


def test_a_client_that_is_not_in_the_inventory_is_named():
    volumes = [{"name": "v", "clients": [{"path": "/m", "hosts": ["c1", "cleint2"]}]}]
    plan = FILTERS["plan_cluster"](volumes, {"c1": {}}, [])
    assert plan == {"refusal": "gluster_volumes: clients of v: cleint2 is not in the inventory"}


def test_lines_for_people():
    steps = [step("wipe_device", "/dev/sdb", True), step("create_thin_pool", "v-1"), step("mount", "v-1")]
    plan = {
        "explanation": ["volume v: 3 new"],
        "servers": ["install GlusterFS on n1"],
        "pool": ["probe n2"],
        "bricks": {"n1": {"steps": steps}},
        "volumes": [{"steps": [step("create_volume", "v")]}],
    }
    assert FILTERS["plan_lines"](plan) == [
        "volume v: 3 new",
        "install GlusterFS on n1",
        "probe n2",
        "n1: /dev/sdb: DESTROYS DATA: wipe device",
        "n1: v-1: create thin pool, mount",
        "v: create volume",
    ]
    nothing = dict(plan, servers=[], pool=[], bricks={}, volumes=[])
    assert FILTERS["plan_lines"](nothing) == ["volume v: 3 new", "nothing to do"]


def test_only_bricks_of_named_volumes_are_removed():
    bricks = [{"name": name} for name in ("v-1", "v-x-2", "v-x", "w-1")]
    assert FILTERS["bricks_to_remove"](bricks, ["v"]) == [{"name": "v-1", "state": "absent"}]
    assert FILTERS["bricks_to_remove"](bricks, []) == []


def test_an_error_of_the_engine_is_one_of_ansible():
    with pytest.raises(AnsibleFilterError, match="is no mount point"):
        FILTERS["client_mounts"]([{"name": "v", "bricks": [], "clients": [{"path": "x"}]}], "c1")


def test_a_node_that_did_not_answer_is_a_problem():
    pool = {"bricks": [], "volumes": [], "tasks": [], "heal": []}
    assert FILTERS["health_problems"]({"n1": {}}, ["n1"], pool) == ["n1 does not answer"]
