# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Volumes move to the hosts and disks of the inventory, on machines in memory, from every cut."""

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.brick_change import (
    BrickChangeOperation,
    DesiredChange,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.heal import counted
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.bricks import BrickOperation
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.desired import desired_host
from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import GIB
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import converge
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.plan import Settings
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.records import Absent
from ansible_collections.brickwork.gluster.tests.fakes.clock import FakeClock
from ansible_collections.brickwork.gluster.tests.fakes.cluster import PowerCut
from ansible_collections.brickwork.gluster.tests.fakes.site import ARCHIVE, SHARED, Site

EC = {"name": "ec", "type": "disperse", "disperse_data": 2, "redundancy": 1, "size": "2GiB"}
PLAIN = {"name": "plain", "type": "distribute", "size": "2GiB", "sets": 2}
TWO = {"name": "two", "type": "replicate", "replicas": 2, "size": "1GiB"}
MADE = {"devices": [], "root": "/srv/gluster", "mount_options": "noatime,inode64"}


@pytest.fixture
def site():
    return Site()


def planned(site, *volumes, moved=None, **given):
    names = tuple(volume["name"] for volume in volumes) if moved is None else moved
    return site.planned(list(volumes), given.pop("nodes", None) or site.nodes(), Settings(moved=names), **given)


def bricks(site, name):
    return site.cluster.machines["n1"].volumes[name]["bricks"]


def on(disk, *volumes):
    """Return the volumes, limited to one disk of each host."""
    return [{**volume, "devices": [disk]} for volume in volumes]


def elsewhere(site, volume):
    """Have a volume on one disk of each host; return it as one that is to be on the other."""
    site.run(*on("/dev/sdb", volume))
    return on("/dev/sdc", volume)[0]


def heal(gluster):
    """Wait until what was taken up is filled, as the playbook does at its beginning and after each brick."""
    asked = {"volumes": [], "bricks": [], "lost": [], "full": False, "names": False}
    for _count in range(5):
        found = counted(asked, gluster, False)
        if found["healed"]:
            return
    raise AssertionError(found)


def carry_out(site, move):
    """Do what the playbook does for one brick."""
    converge(BrickOperation(site.brick_host(move["node"]), desired_host({**MADE, "bricks": [move["made"]]})))
    host, path = move["new_brick"].split(":")
    cluster = site.cluster
    cluster.folders.add((host, path))
    clock = FakeClock()
    gluster = Gluster(cluster.on(host), clock=clock)
    operation = BrickChangeOperation(
        gluster,
        cluster.directories_of(host),
        DesiredChange(move["volume"], move["brick"], move["new_brick"]),
        lambda: None,
        5,
        clock,
    )
    converge(operation)
    heal(gluster)


def places(site, name):
    """Return by brick of a volume the disk that it is on."""
    found = {}
    for brick in bricks(site, name):
        host, path = brick.split(":")
        found[brick] = site.node(host).disks.bricks[path]["device"]
    return found


@pytest.mark.parametrize("volume", [SHARED, EC, ARCHIVE, dict(SHARED, sets=2)])
def test_all_bricks_get_to_the_disks_that_the_volume_is_limited_to_one_after_the_other(site, volume):
    limited = elsewhere(site, volume)
    moves = planned(site, limited)["volume_moves"]
    assert len(moves) == len(bricks(site, volume["name"]))
    for move in moves:
        carry_out(site, move)
        hosts = [brick.split(":")[0] for brick in bricks(site, volume["name"])]
        width = 3
        for first in range(0, len(hosts), width):
            assert len(set(hosts[first : first + width])) == width, "no two bricks of a set on one host, at no moment"
    assert set(places(site, volume["name"]).values()) == {"/dev/sdc"}
    plan = planned(site, limited)
    assert plan["volume_moves"] == [] and plan["volumes_immovable"] == [] and not plan["needs_change"]


def test_a_brick_moves_to_the_hosts_of_the_volume_and_the_others_stay(site):
    site.run(SHARED)
    [old] = [brick for brick in bricks(site, "shared") if brick.split(":")[0] in ("n1", "n4")]
    other = {"n1": "n4", "n4": "n1"}[old.split(":")[0]]
    limited = dict(SHARED, hosts=["n2", "n3", other])
    [move] = planned(site, limited)["volume_moves"]
    assert (move["brick"], move["node"], move["leaving"]) == (old, other, f"{old.split(':')[0]}:/dev/sdb")


def test_the_line_says_what_it_costs(site):
    site.run(*on("/dev/sdb", SHARED, EC, ARCHIVE))
    plan = planned(site, *on("/dev/sdc", SHARED, EC, ARCHIVE))
    lines = {move["volume"]: move["line"] for move in plan["volume_moves"]}
    assert lines["shared"].endswith("to heal; 2 healed copies until then, 3 after")
    assert lines["ec"].endswith("to heal; 0 of the set's bricks may be lost until then, 1 after")
    assert lines["archive"].endswith("names and attributes of all files to heal; the set has no arbiter until then")
    assert all(line in plan["explanation"] for line in lines.values())
    assert all(move["heal"] <= 2 * GIB for move in plan["volume_moves"])


def test_nothing_moves_that_nobody_named_and_the_plan_says_how(site):
    plan = planned(site, elsewhere(site, SHARED), moved=())
    assert plan["volume_moves"] == [] and plan["volumes_immovable"] == [] and not plan["needs_change"]
    [line] = [line for line in plan["explanation"] if "gluster_move_volumes" in line]
    assert line.startswith("volume shared: ") and "outside of its hosts and devices in the inventory" in line


@pytest.mark.parametrize(
    ("volume", "limits", "said"),
    [
        (SHARED, {}, "gluster_move_volumes: found shared, which has neither hosts nor devices"),
        (PLAIN, {"devices": ["/dev/sdc"]}, "volume plain keeps no copies, so that a new brick could be filled from"),
        (dict(SHARED, state="present"), {"devices": ["/dev/sdc"]}, "volume shared is not started, so nothing heals"),
    ],
)
def test_what_can_not_be_moved_is_said_with_what_to_do(site, volume, limits, said):
    site.run(volume)
    plan = planned(site, {**volume, **limits})
    assert plan["volumes_immovable"][0].startswith(said) and plan["volume_moves"] == []


def test_a_name_of_no_volume(site):
    site.run(SHARED)
    plan = planned(site, SHARED, moved=("shred",))
    assert plan["volumes_immovable"] == [
        "gluster_move_volumes: found shred, and there is no such volume; write the name of one that exists"
    ]


def test_nothing_moves_while_a_node_is_away(site):
    site.run(SHARED)
    nodes = [node for node in site.nodes() if node.name != "n2"]
    plan = planned(site, dict(SHARED, devices=["/dev/sdc"]), nodes=nodes, absent=[Absent("n2", "n2", "b")])
    assert plan["volume_moves"] == []
    assert plan["volumes_immovable"][0].startswith("volume shared is not moved while n2 is away")


def test_without_room_there_is_none_of_the_moves_and_the_zones_are_named(site):
    full = dict(SHARED, name="other", size="5GiB", devices=["/dev/sdc"])
    site.run(dict(SHARED, size="3GiB", devices=["/dev/sdb"]), full)
    plan = planned(site, dict(SHARED, size="3GiB", devices=["/dev/sdc"]), full, moved=("shared",))
    assert (
        plan["volume_moves"] == []
        and "volume shared: set 1 needs 1 more brick of 3 GiB" in plan["volumes_immovable"][0]
    )


def test_the_room_that_one_volume_takes_is_none_for_the_next(site):
    first, second = dict(SHARED, size="4GiB"), dict(SHARED, name="other", size="2GiB")
    third = dict(SHARED, name="third", size="3GiB")
    site.run(*on("/dev/sdb", first, third), *on("/dev/sdc", second))
    plan = planned(site, *on("/dev/sdc", first, third), moved=("shared", "third"))
    assert {move["volume"] for move in plan["volume_moves"]} == {"shared"}
    assert plan["volumes_immovable"][0].startswith("volume third: set 1 needs 1 more brick of 3 GiB")


@pytest.mark.parametrize("volume", [SHARED, EC, ARCHIVE])
def test_a_run_that_is_cut_off_after_any_command_is_continued_by_the_next(volume):
    site = Site()
    limited = elsewhere(site, volume)
    before = {one["brick"] for one in planned(site, limited)["volume_moves"]}
    for _round in range(120):
        site.cluster.cut_after = None
        moves = planned(site, limited)["volume_moves"]
        if not moves:
            break
        assert {one["brick"] for one in moves} <= before
        # One command of the run more than the last one each time, so that each of them is the last one once.
        site.cluster.cut_after = len(site.cluster.commands) + 1 + _round % 23
        try:
            heal(Gluster(site.cluster.on("n1"), clock=FakeClock()))
            for move in moves:
                carry_out(site, move)
        except PowerCut:
            continue
    site.cluster.cut_after = None
    assert planned(site, limited)["volume_moves"] == []
    assert set(places(site, volume["name"]).values()) == {"/dev/sdc"}
    assert len(bricks(site, volume["name"])) == 3
    names = [brick.rpartition("-")[2] for brick in bricks(site, volume["name"])]
    assert len(set(names)) == 3


def test_with_two_copies_one_is_left_until_the_new_one_is_healed(site):
    limited = elsewhere(site, TWO)
    [line, _second] = [move["line"] for move in planned(site, limited)["volume_moves"]]
    assert line.endswith("1 healed copies until then, 2 after")
