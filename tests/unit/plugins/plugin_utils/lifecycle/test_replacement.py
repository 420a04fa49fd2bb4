# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bricks that are made anew after their disk died, on machines in memory: where, how large, and which not."""

import re

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.bricks import BrickOperation
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.desired import desired_host
from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import GIB
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import converge
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.records import Absent
from ansible_collections.brickwork.gluster.tests.fakes.host import PowerCut
from ansible_collections.brickwork.gluster.tests.fakes.site import ARCHIVE, SHARED, Site
from ansible_collections.brickwork.gluster.tests.unit.plugins.plugin_utils.cluster.test_plan import take_disk

EC = {"name": "ec", "type": "disperse", "disperse_data": 2, "redundancy": 1, "size": "2GiB"}
MADE = {"devices": [], "root": "/srv/gluster", "mount_options": "noatime"}
PLAIN = {"name": "plain", "type": "distribute", "size": "1GiB"}


def lose(site, name, position, replaced_by=8 * GIB):
    """Take the disk of a volume's brick away, and put another in its place; return brick, node and disk."""
    brick = site.cluster.machines["n1"].volumes[name]["bricks"][position]
    node, path = brick.split(":")
    disk = next(disk["device"] for disk in site.node(node).disks.bricks.values() if disk["path"] == path)
    take_disk(site, node, disk, replaced_by)
    return brick, node, disk


@pytest.mark.parametrize(("volume", "position", "size"), [(SHARED, 1, 2), (EC, 2, 1), (ARCHIVE, 0, 1)])
def test_a_brick_is_made_anew_under_its_name_with_its_size_on_the_disk_that_has_most_room(volume, position, size):
    site = Site()
    site.run(volume)
    brick, node, disk = lose(site, volume["name"], position)
    plan = site.plan(volume)
    made = {"name": brick.split("/")[-2], "device": disk, "size": f"{size * GIB}B"}
    [replacement] = plan["replacements"]
    assert replacement["made"].pop("device") in ("/dev/sdb", "/dev/sdc")
    made.pop("device")
    asks_first = {"lost_with": [], "with_arbiter": volume is ARCHIVE}
    assert replacement == {"volume": volume["name"], "brick": brick, "node": node, "made": made, **asks_first}
    assert plan["irreplaceable"] == [] and not plan["bricks"][node]["steps"], "site itself makes nothing anew"


def test_what_is_planned_can_be_made_and_is_then_no_more_missing():
    site = Site()
    site.run(SHARED)
    brick, node, _disk = lose(site, "shared", 1)
    [replacement] = site.plan(SHARED)["replacements"]
    converge(BrickOperation(site.brick_host(node), desired_host({**MADE, "bricks": [replacement["made"]]})))
    plan = site.plan(SHARED)
    assert plan["replacements"] == [] and plan["broken"] == []
    assert site.node(node).disks.bricks[brick.split(":")[1]]["size"] == 2 * GIB


def test_an_arbiter_that_is_alone_gets_the_size_of_a_data_brick():
    site = Site()
    site.run(ARCHIVE)
    lose(site, "archive", 2)
    [replacement] = site.plan(ARCHIVE)["replacements"]
    assert replacement["made"]["size"] == f"{GIB}B" and not replacement["with_arbiter"], "it has nothing that is missed"


def test_where_there_is_no_room_it_says_how_much_is_needed():
    site = Site()
    site.run(SHARED)
    brick, name, _disk = lose(site, "shared", 1, replaced_by=None)
    nodes = site.nodes()
    for device in next(node for node in nodes if node.name == name).disks.devices:
        device["free"] = GIB
    plan = site.planned([SHARED], nodes)
    assert plan["replacements"] == []
    assert f"brick {brick} on {name} needs" in plan["irreplaceable"][0]


def test_the_only_copy_is_not_made_anew_as_an_empty_one():
    site = Site()
    site.run(PLAIN)
    lose(site, "plain", 0)
    plan = site.plan(PLAIN)
    assert plan["replacements"] == [] and "is the only copy of its files; restore them" in plan["irreplaceable"][0]


def test_a_brick_that_was_made_and_not_taken_up_yet_is_taken_up():
    site = Site()
    site.run(SHARED)
    site.mark_bricks("shared")
    brick, node, _disk = lose(site, "shared", 1)
    site.cluster.processes[brick] = None
    [replacement] = site.plan(SHARED)["replacements"]
    converge(BrickOperation(site.brick_host(node), desired_host({**MADE, "bricks": [replacement["made"]]})))
    site.directories[node].marks.pop(brick.split(":")[1], None)
    assert site.plan(SHARED)["replacements"] == [replacement]
    site.cluster.processes[brick] = 7
    assert site.plan(SHARED)["replacements"] == []


@pytest.mark.parametrize("cut", range(10))
def test_a_run_that_was_cut_while_it_made_the_brick_is_gone_on_with(cut):
    """It is begun once more, brought to its place, or taken up; never is it no more spoken of."""
    site = Site()
    site.run(SHARED)
    site.mark_bricks("shared")
    brick, node, _disk = lose(site, "shared", 1)
    site.directories[node].marks.pop(brick.split(":")[1])
    site.cluster.processes[brick] = None
    host, plan = site.hosts[node], site.plan(SHARED)
    host.cut_after = len(host.changes) + cut
    with pytest.raises(PowerCut):
        make(site, node, [plan["replacements"][0]["made"]])
    host.cut_after = None
    plan = site.plan(SHARED)
    assert bool(plan["replacements"]) != bool(plan["begun"]), plan["broken"]
    if plan["begun"]:
        make(site, node, plan["begun"][node])
        plan = site.plan(SHARED)
    [replacement] = plan["replacements"]
    assert (replacement["brick"], plan["begun"]) == (brick, {})


def make(site, node, bricks):
    converge(BrickOperation(site.brick_host(node), desired_host({**MADE, "bricks": bricks})))


def test_a_brick_with_its_files_that_a_boot_has_not_mounted_is_brought_to_its_place_and_not_made_anew():
    site = Site()
    site.run(SHARED)
    site.mark_bricks("shared")
    brick = site.cluster.machines["n1"].volumes["shared"]["bricks"][1]
    node, path = brick.split(":")
    site.cluster.processes[brick] = None
    own = site.hosts[node].mounted.pop(path.rpartition("/")[0])
    plan = site.plan(SHARED)
    assert (list(plan["begun"]), plan["replacements"]) == ([node], [])
    make(site, node, plan["begun"][node])
    plan = site.plan(SHARED)
    assert (plan["begun"], plan["replacements"], plan["starts"]) == ({}, [], {"shared": [brick]})
    assert site.hosts[node].mounted[path.rpartition("/")[0]] == own


@pytest.mark.parametrize("stated", [0, 1, 2])
def test_two_of_one_set_are_made_anew_only_where_the_inventory_says_of_each_that_it_is_lost(stated):
    """Disks that a cable has taken away come back, and may hold what the third brick lacks."""
    site = Site()
    site.run(SHARED)
    lost = [lose(site, "shared", at)[0] for at in (0, 1)]
    site.cluster.processes.update(dict.fromkeys(lost))
    states = {host: {path: "lost"} for host, path in (brick.split(":") for brick in lost[:stated])}
    plan = site.planned([SHARED], [node._replace(brick_states=states.get(node.name, {})) for node in site.nodes()])
    assert plan["replacements"] == []
    if stated == 2:
        assert plan["irreplaceable"] == [] and [one["brick"] for one in plan["moves"]] == lost
        assert all({one["brick"], *one["lost_with"]} == set(lost) for one in plan["moves"])
        return
    host, path = lost[1].split(":")
    [said] = plan["irreplaceable"]
    assert plan["moves"] == [] and said.endswith(f"of {host} '{{path: {path}, state: lost}}'")
    assert (lost[0].split(":")[1] + ", state: lost" in said) == (stated == 0)
    assert plan["immovable"] == ([said] if stated else [])


def test_a_brick_that_holds_files_and_has_lost_its_mark_is_not_taken_for_a_new_one():
    site = Site()
    site.run(SHARED)
    site.mark_bricks("shared")
    brick = site.cluster.machines["n1"].volumes["shared"]["bricks"][1]
    host, path = brick.split(":")
    site.cluster.processes[brick] = None
    site.directories[host].marks.pop(path)
    assert [one["brick"] for one in site.plan(SHARED)["replacements"]] == [brick]
    site.directories[host].unmarked.add(path)
    assert site.plan(SHARED)["replacements"] == []


@pytest.mark.parametrize(
    ("volume", "positions", "left"),
    [
        (
            ARCHIVE,
            (0, 1),
            "an arbiter, which has names and no contents\\) does not hold all files: 0 bricks do, and it takes 1",
        ),
        (EC, (0, 2), "does not hold all files: 1 bricks do, and it takes 2; none of its files can be read"),
        ({**SHARED, "replicas": 2}, (0, 1), "what is left of it \\(nothing\\)"),
    ],
)
def test_where_too_little_is_left_it_says_what_is_lost_and_what_can_be_read(volume, positions, left):
    site = Site()
    site.run(volume)
    lost = [lose(site, volume["name"], at)[0] for at in positions]
    plan = site.plan(volume)
    [said] = plan["irreplaceable"]
    assert plan["replacements"] == [] and re.search(left, said), said
    assert said.startswith(f"volume {volume['name']} has lost {lost[0]}, {lost[1]} of one set")


def test_the_other_sets_can_be_read_and_their_bricks_are_made_anew():
    site = Site()
    volume = {**SHARED, "replicas": 2, "sets": 2, "size": "4GiB"}
    site.run(volume)
    for at in (0, 1, 2):
        lose(site, "shared", at)
    plan = site.plan(volume)
    [said] = plan["irreplaceable"]
    assert "the files on its 1 other sets can still be read" in said
    assert [one["brick"] for one in plan["replacements"]] == [
        site.cluster.machines["n1"].volumes["shared"]["bricks"][2]
    ]


@pytest.mark.parametrize("serves", [True, False])
def test_a_brick_that_is_being_filled_is_no_source_and_one_that_serves_may_be_whole(serves):
    site = Site()
    volume = {**SHARED, "replicas": 2}
    site.run(volume)
    bricks = site.cluster.machines["n1"].volumes["shared"]["bricks"]
    site.cluster.machines["n1"].volumes["shared"]["options"]["user.brickwork-filling"] = (
        f"healing:{bricks[1]},marking:{bricks[0]}"
    )
    lose(site, "shared", 0)
    site.mark_bricks("shared")
    site.cluster.processes[bricks[1]] = 7 if serves else None
    plan = site.plan(volume)
    [said] = plan["irreplaceable"]
    assert plan["replacements"] == []
    if serves:
        assert f"{bricks[1]} is noted as new; compare what it holds" in said and "can be read" not in said
        value = f"marking:{bricks[0]}"
        assert f"if it is whole: gluster volume set shared user.brickwork-filling '{value}';" in said, "the other stays"
    else:
        assert f"what is left of it ({bricks[1]}, new and not filled) does not hold all files" in said


@pytest.mark.parametrize(
    ("volume", "lost", "away", "told"),
    [
        (ARCHIVE, 0, 1, True),
        (EC, 0, 1, True),
        (ARCHIVE, 0, 2, False),
        (SHARED, 0, 1, False),
    ],
)
def test_who_is_away_fills_nothing_and_is_to_come_back(volume, lost, away, told):
    """Nothing else holds all files: nobody says that it is too little, nor that it is enough."""
    site = Site()
    site.run(volume)
    site.mark_bricks(volume["name"])
    brick, _node, _disk = lose(site, volume["name"], lost)
    gone = site.cluster.machines["n1"].volumes[volume["name"]]["bricks"][away]
    site.cluster.processes.update({brick: None, gone: None})
    name = gone.split(":")[0]
    nodes = [node for node in site.nodes() if node.name != name]
    plan = site.planned([volume], nodes, absent=[Absent(name, name, "b")])
    if not told:
        assert plan["irreplaceable"] == [] and [one["brick"] for one in plan["replacements"]] == [brick]
        return
    [said] = plan["irreplaceable"]
    assert plan["replacements"] == [] and said.startswith(f"volume {volume['name']} has lost {brick} of one set, and")
    assert f"without {gone}, which does not serve, as its node is away; bring that back first" in said
