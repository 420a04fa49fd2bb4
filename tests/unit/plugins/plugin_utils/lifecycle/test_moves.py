# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the bricks of retired and lost nodes go, on machines in memory: under all rules, also after a cut."""

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.marks import Mark
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.bricks import BrickOperation
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.desired import desired_host
from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import GIB
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import converge
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.plan import Settings
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.records import Absent
from ansible_collections.brickwork.gluster.tests.fakes.site import ARCHIVE, SHARED, ZONES, Site

EC = {"name": "ec", "type": "disperse", "disperse_data": 2, "redundancy": 1, "size": "2GiB"}
PLAIN = {"name": "plain", "type": "distribute", "size": "2GiB", "sets": 4}
MADE = {"devices": [], "root": "/srv/gluster", "mount_options": "noatime"}


def retired(site, *names):
    return [node._replace(retired=node.name in names) for node in site.nodes()]


def holder(site, name, zone):
    """Return the node in a zone that has a brick of a volume, and that brick."""
    bricks = site.cluster.machines["n1"].volumes[name]["bricks"]
    return next((brick.split(":")[0], brick) for brick in bricks if ZONES[brick.split(":")[0]] == zone)


def other_in_zone_a(name):
    return {"n1": "n4", "n4": "n1"}[name]


@pytest.fixture
def site():
    return Site()


@pytest.mark.parametrize(("volume", "size"), [(SHARED, 2), (EC, 1), (ARCHIVE, 1)])
def test_what_a_retired_node_has_goes_to_the_other_node_of_its_zone(site, volume, size):
    site.run(volume)
    name, brick = holder(site, volume["name"], "a")
    plan = site.planned([volume], retired(site, name))
    [move] = plan["moves"]
    assert move["brick"] == brick and move["leaving"] == name and move["node"] == other_in_zone_a(name)
    assert move["new_brick"] == f"{move['node']}:/srv/gluster/{volume['name']}-4/brick"
    assert move["made"]["name"] == f"{volume['name']}-4" and move["made"]["device"] in ("/dev/sdb", "/dev/sdc")
    arbiter = volume is ARCHIVE and brick.endswith("-3/brick")
    assert move["made"]["size"] == (f"{512 * 1024**2}B" if arbiter else f"{size * GIB}B")
    assert plan["immovable"] == [] and plan["leaving"] == {"lost": [], "retired": [name]} and plan["broken"] == []
    assert any("is retired: the playbook retire moves" in line for line in plan["explanation"])


def test_the_bricks_of_a_lost_node_go_elsewhere_and_nobody_waits_for_it(site):
    site.run(SHARED)
    name, brick = holder(site, "shared", "a")
    nodes = [node for node in site.nodes() if node.name != name]
    plan = site.planned([SHARED], nodes, absent=[Absent(name, name, "a", lost=True)])
    assert [(move["brick"], move["node"]) for move in plan["moves"]] == [(brick, other_in_zone_a(name))]
    assert plan["leaving"] == {"lost": [name], "retired": []}
    assert plan["lost"] == [name] and name not in plan["peers"] and not plan["pool_due"]
    [sentence] = plan["broken"]
    assert sentence.startswith(f"{name} is lost (gluster_state): the playbook replace")


def test_new_bricks_do_not_wait_for_a_lost_node_and_none_goes_to_a_retired_one(site):
    site.run(SHARED)
    name, _brick = holder(site, "shared", "a")
    nodes = [node for node in site.nodes() if node.name != name]
    lost = site.planned([SHARED, ARCHIVE], nodes, absent=[Absent(name, name, "a", lost=True)])
    assert [volume["name"] for volume in lost["volumes"]] == ["shared", "archive"]
    plan = site.planned([SHARED, ARCHIVE], retired(site, name))
    hosts = [brick["host"] for volume in plan["volumes"] for brick in volume["bricks"] if volume["name"] == "archive"]
    assert len(hosts) == 3 and name not in hosts


def test_only_the_gap_is_filled_where_a_volume_has_several_sets(site):
    volume = dict(SHARED, sets=2)
    site.run(volume)
    bricks = site.cluster.machines["n1"].volumes["shared"]["bricks"]
    plan = site.planned([volume], retired(site, "n1"))
    assert [move["brick"] for move in plan["moves"]] == [brick for brick in bricks if brick.startswith("n1:")]
    names = [move["made"]["name"] for move in plan["moves"]]
    assert names == [f"shared-{7 + number}" for number in range(len(names))] and {
        move["node"] for move in plan["moves"]
    } == {"n4"}


def test_strict_zones_leave_no_place_and_preferred_ones_do(site):
    site.run(SHARED)
    name, _brick = holder(site, "shared", "b")
    plan = site.planned([SHARED], retired(site, name))
    assert plan["moves"] == [] and "zone_policy strict allows 1 brick of a set in a zone" in plan["immovable"][0]
    [move] = site.planned([SHARED], retired(site, name), Settings(zone_policy="preferred"))["moves"]
    assert ZONES[move["node"]] == "a"


def test_a_brick_that_a_run_made_before_it_was_cut_off_is_taken(site):
    site.run(SHARED)
    name, _brick = holder(site, "shared", "a")
    [move] = site.planned([SHARED], retired(site, name))["moves"]
    converge(BrickOperation(site.brick_host(move["node"]), desired_host({**MADE, "bricks": [move["made"]]})))
    assert site.planned([SHARED], retired(site, name))["moves"] == [move]


def test_a_volume_that_the_inventory_does_not_have_moves_as_well(site):
    site.run(SHARED)
    name, _brick = holder(site, "shared", "a")
    assert len(site.planned([], retired(site, name))["moves"]) == 1


def test_a_set_that_has_lost_too_much_is_named():
    site = Site()
    site.run(EC)
    lost = ["n2", "n3"]
    nodes = [node for node in site.nodes() if node.name not in lost]
    plan = site.planned([EC], nodes, absent=[Absent(name, name, ZONES[name], lost=True) for name in lost])
    [reason] = plan["immovable"]
    gone = ", ".join(brick for brick in site.cluster.machines["n1"].volumes["ec"]["bricks"] if brick[:2] in lost)
    assert reason.startswith(f"volume ec has lost {gone} of one set, and what is left of it (n") and not plan["moves"]
    assert "1 bricks do, and it takes 2; none of its files can be read" in reason


def test_who_takes_nodes_out_of_the_pool_stays_in_it(site):
    site.run(SHARED)
    assert site.planned([SHARED], retired(site, "n1"))["staying"] == "n2"
    assert site.planned([SHARED], retired(site, "n4"))["staying"] == "n1"


def test_what_keeps_no_copies_can_not_be_replaced(site):
    site.run(PLAIN)
    plan = site.planned([PLAIN], retired(site, "n2"))
    assert plan["moves"] == [] and plan["immovable"][0].startswith("volume plain keeps no copies, so that nothing can")


def test_a_retired_node_that_is_in_no_pool_any_more_is_not_probed(site):
    site.run(SHARED)
    name = other_in_zone_a(holder(site, "shared", "a")[0])
    for machine in site.cluster.machines.values():
        machine.peers = [] if machine.name == name else [peer for peer in machine.peers if peer != name]
    site.cluster.machines[name].volumes = {}
    plan = site.planned([SHARED], retired(site, name))
    assert (
        plan["pool"] == []
        and name not in plan["peers"]
        and plan["leaving"] == {"lost": [], "retired": []}
        and not plan["pool_due"]
    )
    assert f"{name} is retired and in no pool: remove it from the inventory" in plan["explanation"]


def test_a_retired_node_that_does_not_answer_is_no_success(site):
    site.run(SHARED)
    name, _brick = holder(site, "shared", "a")
    nodes = [node for node in site.nodes() if node.name != name]
    plan = site.planned([SHARED], nodes, absent=[Absent(name, name, "a", retired=True)])
    assert plan["leaving"] == {"lost": [], "retired": [name]} and plan["moves"] == []
    assert plan["immovable"][0].startswith(f"{name} is retired and does not answer: bring it back, or write")


def test_the_name_of_a_brick_that_was_removed_from_the_volume_is_not_used_again(site):
    site.run(dict(SHARED, sets=2))
    volume = site.cluster.machines["n1"].volumes["shared"]
    for brick in volume["bricks"]:
        host, path = brick.split(":")
        site.directories[host].marks[path] = Mark(path, volume["id"], False)
    volume["bricks"] = volume["bricks"][:3]
    name, _brick = holder(site, "shared", "a")
    [move] = site.planned([dict(SHARED, size="1GiB")], retired(site, name))["moves"]
    assert move["made"]["name"] == "shared-7"


def test_a_brick_goes_to_members_only(site):
    site.run(SHARED)
    name, _brick = holder(site, "shared", "a")
    other = other_in_zone_a(name)
    for machine in site.cluster.machines.values():
        machine.peers = [] if machine.name == other else [peer for peer in machine.peers if peer != other]
    site.cluster.machines[other].volumes = {}
    plan = site.planned([SHARED], retired(site, name))
    assert plan["moves"] == [] and len(plan["immovable"]) == 1
