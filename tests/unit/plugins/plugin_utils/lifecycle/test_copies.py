# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Other copies of volumes, on machines in memory: what the plan says, what site leaves alone, and the whole way."""

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import PlanError
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.heal import counted
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.replica import ReplicaOperation, desired_replica
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.bricks import BrickOperation
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.desired import desired_host
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import converge
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.records import Absent
from ansible_collections.brickwork.gluster.tests.fakes.clock import FakeClock
from ansible_collections.brickwork.gluster.tests.fakes.site import ZONES, Site

MADE = {"devices": [], "root": "/srv/gluster", "mount_options": "noatime,inode64"}
PLAIN = {"name": "v", "type": "distribute", "size": "2GiB", "sets": 1}
PAIR = {"name": "v", "type": "replicate", "replicas": 2, "size": "2GiB", "sets": 1}
THREE = {**PAIR, "replicas": 3}
ARBITER = {"name": "v", "type": "arbiter", "size": "2GiB", "sets": 1}
EC = {"name": "v", "type": "disperse", "disperse_data": 2, "redundancy": 1, "size": "2GiB"}


def sets_of(site, width):
    bricks = site.cluster.machines["n1"].volumes["v"]["bricks"]
    return [bricks[first : first + width] for first in range(0, len(bricks), width)]


def used(site):
    """Bricks that serve are marked, and not empty."""
    site.mark_bricks("v")
    return site


def make(site, change):
    for made in change["made"]:
        converge(BrickOperation(site.brick_host(made["node"]), desired_host({**MADE, "bricks": [made["brick"]]})))


def change(site, change):
    """Do what the role does: change the volume, and have it healed."""
    gluster = Gluster(site.cluster.on("n1"), clock=FakeClock())
    given = {key: change[key] for key in ("volume", "type", "replicas", "new_bricks", "old_bricks")}
    given["replicas"] = None if given["type"] == "arbiter" else given["replicas"]
    desired = desired_replica({**given, "accept_fewer_copies": True, "force": True})
    plan = converge(ReplicaOperation(gluster, desired, 5, FakeClock()))
    site.cluster.pending.clear()
    healed = {"volumes": [], "bricks": [], "lost": [], "full": False, "names": False}
    assert counted(healed, gluster, False)["healed"]
    used(site)
    return [step.kind for step in plan.steps]


@pytest.mark.parametrize(
    ("present", "desired", "shapes", "copies"),
    [
        (PLAIN, PAIR, [("replicate", 2)], [1]),
        (PLAIN, THREE, [("replicate", 2), ("replicate", 3)], [1, 2]),
        (PLAIN, ARBITER, [("replicate", 2), ("arbiter", 3)], [1, 2]),
        (PAIR, THREE, [("replicate", 3)], [2]),
        (PAIR, ARBITER, [("arbiter", 3)], [2]),
        (THREE, ARBITER, [("arbiter", 3)], [2]),
        (ARBITER, THREE, [("replicate", 3)], [2]),
        (THREE, PAIR, [("replicate", 2)], [2]),
        (ARBITER, PAIR, [("replicate", 2)], [2]),
    ],
)
@pytest.mark.parametrize("sets", [1, 2])
def test_a_volume_gets_there_by_changes_of_one_copy(present, desired, shapes, copies, sets):
    site = Site()
    present, desired = ({**one, "sets": sets, "size": f"{sets}GiB"} for one in (present, desired))
    site.run(present)
    plan = used(site).plan(desired)
    assert [(one["type"], one["replicas"]) for one in plan["copy_changes"]] == shapes and plan["unchangeable"] == []
    assert [one["copies"] for one in plan["copy_changes"]] == copies
    leaves = present["type"] == "arbiter" or present.get("replicas") == 3
    assert [bool(one["old_bricks"]) for one in plan["copy_changes"]] == [
        leaves and at == 0 for at in range(len(shapes))
    ]
    for one in plan["copy_changes"]:
        make(site, one)
    for number, one in enumerate(plan["copy_changes"]):
        change(site, one)
        left = site.plan(desired)["copy_changes"]
        assert [rest["new_bricks"] for rest in left] == [
            rest["new_bricks"] for rest in plan["copy_changes"][number + 1 :]
        ]
    for bricks in sets_of(site, shapes[-1][1]):
        zones = [ZONES[brick.split(":")[0]] for brick in bricks]
        assert len(bricks) == len(set(zones)) == shapes[-1][1], "strict zones hold"
    assert not site.plan(desired)["needs_change"]


def test_site_leaves_such_a_volume_as_it_is_and_names_the_playbook():
    site = Site()
    site.run(PAIR)
    grown = {**THREE, "sets": 2, "size": "8GiB", "options": {"network.ping-timeout": 20}}
    plan = used(site).plan(grown)
    [volume] = plan["volumes"]
    assert [step["kind"] for step in volume["steps"]] == ["set_options"] and len(volume["bricks"]) == 2
    assert not any(node["steps"] for node in plan["bricks"].values()), "no brick grows, and none is made"
    said = [line for line in plan["explanation"] if "the playbook expand" in line]
    assert said == [
        "volume v is replica 2, and replica 3 in the inventory: the playbook expand changes that, and its sets and "
        "size stay as they are until then"
    ]
    site.run(grown)
    assert len(site.cluster.machines["n1"].volumes["v"]["bricks"]) == 2


def test_the_plan_says_what_it_costs():
    site = Site()
    site.run(THREE)
    [one] = used(site).plan(ARBITER)["copy_changes"]
    [old] = one["old_bricks"]
    node = one["made"][0]["node"]
    assert one["line"].startswith(
        f"volume v: replica 3 to replica 3 with an arbiter: {old} leave, with all that is on them"
    )
    assert f"v-4 on {node} (512 MiB on /dev/sd" in one["line"] and one["line"].endswith("; 2 copies until then")


def test_bricks_that_were_made_before_a_cut_are_taken_and_no_left_overs():
    site = Site()
    site.run(PAIR)
    [one] = used(site).plan(THREE)["copy_changes"]
    make(site, one)
    plan = site.plan(THREE)
    assert [again["new_bricks"] for again in plan["copy_changes"]] == [one["new_bricks"]]
    assert not any("left over" in line or "used by no volume" in line for line in plan["explanation"])


def test_a_mark_that_a_refused_command_left_changes_no_name_and_goes_away():
    site = Site()
    site.run(PAIR)
    [one] = used(site).plan(THREE)["copy_changes"]
    make(site, one)
    [made], [place] = one["made"], one["new_bricks"]
    path = place.partition(":")[2]
    site.directories[made["node"]].set(path, site.cluster.machines["n1"].volumes["v"]["id"])
    assert [again["new_bricks"] for again in site.plan(THREE)["copy_changes"]] == [[place]]
    make(site, one)
    assert path not in site.directories[made["node"]].marks


def test_what_has_left_is_named_and_keeps_its_name():
    site = Site()
    site.run(THREE)
    [one] = used(site).plan(PAIR)["copy_changes"]
    assert change(site, one) == ["remove_copies"]
    plan = site.plan(PAIR)
    assert plan["copy_changes"] == [] and any(
        "v-3 on" in line and "no volume uses it" in line for line in plan["explanation"]
    )
    [again] = site.plan(THREE)["copy_changes"]
    assert again["made"][0]["brick"]["name"] == "v-4"


def test_what_has_left_keeps_its_name_also_where_somebody_took_its_mark():
    site = Site()
    site.run(THREE)
    [one] = used(site).plan(PAIR)["copy_changes"]
    change(site, one)
    address, _colon, path = one["old_bricks"][0].partition(":")
    directories = site.directories[address]
    del directories.marks[path]
    directories.unmarked.add(path)
    [again] = site.plan(THREE)["copy_changes"]
    assert again["made"][0]["brick"]["name"] == "v-4", "no heal would replace its old files"


def test_a_copy_leaves_that_is_where_only_arbiters_are_to_be():
    site = Site()
    site.run(THREE)
    used(site)
    first = site.cluster.machines["n1"].volumes["v"]["bricks"][0]
    nodes = [node._replace(zone="arbiter") if node.name == first.split(":")[0] else node for node in site.nodes()]
    [one] = site.planned([ARBITER], nodes)["copy_changes"]
    assert one["old_bricks"] == [first] and one["made"][0]["node"] == first.split(":")[0]


def test_no_place_is_said_and_nothing_else_fails():
    site = Site()
    site.run(PAIR)
    zones = [node._replace(zone="a" if node.zone == "a" else "b") for node in site.nodes()]
    plan = used(site).planned([THREE], zones)
    assert (
        plan["copy_changes"] == [] and "zone_policy strict allows 1 brick of a set in a zone" in plan["unchangeable"][0]
    )
    assert plan["unchangeable"][0] in plan["explanation"]


@pytest.mark.parametrize("state", [{}, {"lost": True}])
def test_nothing_is_changed_while_a_member_is_away(state):
    site = Site()
    site.run(PAIR)
    away = next(name for name in ZONES if not any(brick.startswith(name) for brick in sets_of(site, 2)[0]))
    nodes = [node for node in used(site).nodes() if node.name != away]
    plan = site.planned([{**THREE, "sets": 1}], nodes, absent=[Absent(away, away, ZONES[away], **state)])
    assert plan["copy_changes"] == []
    assert any(away in line for line in plan["unchangeable"] + plan["broken"])


def test_a_volume_that_is_not_started_gets_no_copies():
    site = Site()
    site.run({**PAIR, "state": "present"})
    [reason] = site.plan({**THREE, "state": "present"})["unchangeable"]
    assert reason.startswith("volume v is not started, so nothing heals: start it first")


@pytest.mark.parametrize(("present", "desired"), [(EC, THREE), (PAIR, EC), (THREE, PLAIN), (ARBITER, PLAIN)])
def test_what_glusterfs_can_not_make_ends_the_plan(present, desired):
    site = Site()
    site.run(present)
    with pytest.raises(PlanError, match="^volumes: v: type: found .*make another volume, and copy the files"):
        site.plan(desired)
