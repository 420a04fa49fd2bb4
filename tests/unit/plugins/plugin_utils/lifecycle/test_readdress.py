# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nodes with another address in the inventory than in their bricks, on machines in memory, from every cut."""

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import UnsafeChangeError
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.readdress import (
    AddressOperation,
    desired_address,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import converge
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.plan import Settings
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.records import Absent
from ansible_collections.brickwork.gluster.tests.fakes.clock import FakeClock
from ansible_collections.brickwork.gluster.tests.fakes.cluster import PowerCut
from ansible_collections.brickwork.gluster.tests.fakes.site import ARCHIVE, SHARED, Site
from ansible_collections.brickwork.gluster.tests.unit.plugins.plugin_utils.cluster.test_plan import with_snapshot

EC = {"name": "ec", "type": "disperse", "disperse_data": 2, "redundancy": 1, "size": "2GiB"}
PLAIN = {"name": "plain", "type": "distribute", "size": "2GiB", "sets": 4}


@pytest.fixture
def site():
    made = Site()
    made.cluster.aliases = {"new2": "n2"}
    return made


def planned(site, *volumes, named=("n2",), away=(), **settings):
    """Return the plan where the inventory says that n2 is at new2."""
    nodes = [node._replace(address="new2") if node.name == "n2" else node for node in site.nodes()]
    nodes = [node for node in nodes if node.name not in away]
    absent = [Absent(name, name, "c") for name in away]
    return site.planned(list(volumes), nodes, Settings(readdressed=tuple(named), **settings), absent=absent)


def carry_out(site, one, accepted=()):
    """Do what the role does with a node, but for the files of the others."""
    for brick in [{}, *one["bricks"]]:
        clock = FakeClock()
        given = {"uuid": one["uuid"], "address": one["address"], "accept_downtime": accepted, **brick}
        gluster = Gluster(site.cluster.on(one["by"]), clock=clock)
        converge(AddressOperation(gluster, desired_address(given), lambda name: [], 5, clock))


def hosts(site):
    return {
        brick.split(":")[0] for volume in site.cluster.machines["n1"].volumes.values() for brick in volume["bricks"]
    }


def test_all_bricks_of_a_node_that_is_named_get_the_address_and_the_plan_is_empty(site):
    site.run(SHARED, EC, ARCHIVE)
    plan = planned(site, SHARED, EC, ARCHIVE)
    [one] = plan["readdresses"]
    assert (one["node"], one["address"], one["volumes"]) == ("n2", "new2", ["archive", "ec", "shared"])
    assert one["by"] != "n2" and one["others"] == ["n1", "n3", "n4"] and len(one["bricks"]) == 3
    assert one["line"] in plan["explanation"] and "each away for some seconds" in one["line"]
    carry_out(site, one)
    assert "n2" not in hosts(site) and "new2" in hosts(site)
    plan = planned(site, SHARED, EC, ARCHIVE)
    assert plan["readdresses"][0]["bricks"] == [] and plan["unreaddressable"] == [] and not plan["needs_change"]
    assert "no brick lacks it" in plan["readdresses"][0]["line"]


def test_nothing_is_done_to_a_node_that_nobody_named_and_the_plan_says_how(site):
    site.run(SHARED)
    plan = planned(site, SHARED, named=())
    assert plan["readdresses"] == [] and not plan["needs_change"]
    [line] = [line for line in plan["explanation"] if "gluster_readdress_nodes" in line]
    assert line.startswith(
        "n2 is new2 in the inventory, and n2 in its bricks of shared: the playbook readdress changes"
    )
    assert not [line for line in site.plan(SHARED)["explanation"] if "readdress" in line]


@pytest.mark.parametrize(
    ("volume", "more", "said"),
    [
        (SHARED, {"named": ("n9",)}, "gluster_readdress_nodes: found n9, which is no member of the pool"),
        (SHARED, {"away": ("n3",)}, "n2 gets no new address while n3 is away, as each member has to learn it"),
        (
            dict(SHARED, state="present"),
            {},
            "volume shared is not started, and GlusterFS gives its brick on n2 another",
        ),
        (PLAIN, {}, "volume plain keeps no copies, so that its brick on n2 is away for some seconds: name the volume"),
    ],
)
def test_what_can_not_be_done_is_said_with_what_to_do(site, volume, more, said):
    site.run(volume)
    plan = planned(site, volume, **more)
    assert plan["unreaddressable"][0].startswith(said) and plan["readdresses"] == []


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("stopped by a run that was cut off", ""),
        ("not mounted", "there is no such directory on n2; its disk, or its mount, is missing"),
        ("on the root file system", "nothing is mounted for it on n2"),
        ("not marked", "the directory on n2 does not bear the mark of the volume"),
    ],
)
def test_no_brick_gets_it_of_which_nothing_is_left_at_its_place(site, state, said):
    """reset-brick with force takes up any folder: it would make a new brick below the mount point of a dead disk."""
    site.run(SHARED)
    site.mark_bricks("shared")
    name = next(brick for brick in site.cluster.machines["n1"].volumes["shared"]["bricks"] if brick.startswith("n2:"))
    path = name.partition(":")[2]
    site.cluster.processes[name] = None
    if "mounted" in state:
        site.hosts["n2"].mounted.clear()
    if "root" in state:
        site.hosts["n2"].mounted.clear()
        site.hosts["n2"].folders[path] = []
    if "marked" in state:
        site.directories["n2"].marks.pop(path)
    plan = planned(site, SHARED)
    if not said:
        assert plan["unreaddressable"] == [] and len(plan["readdresses"][0]["bricks"]) == 1
        return
    [reason] = plan["unreaddressable"]
    assert plan["readdresses"] == [] and reason.startswith(f"n2 gets no new address while {name} does not serve: ")
    assert said in reason and reason.endswith("bring it back, or replace it, first")


def test_no_brick_is_away_beside_one_with_old_files(site):
    """It would be healed from that one, perhaps."""
    site.run(SHARED, EC)
    bricks = site.cluster.machines["n1"].volumes["shared"]["bricks"]
    host, path = next(brick for brick in bricks if not brick.startswith("n2:")).split(":")
    with_snapshot(site, host, path)
    plan = planned(site, SHARED, EC)
    [reason] = plan["unreaddressable"]
    assert reason.startswith(f"n2 gets no new address while {host}:{path} of volume")
    assert plan["readdresses"] == []


def test_volumes_of_heketi_keep_their_addresses(site):
    site.run(SHARED)
    volumes = site.cluster.machines["n1"].volumes
    name = "vol_" + 32 * "a"
    volumes[name] = {**volumes.pop("shared"), "name": name}
    assert planned(site)["unreaddressable"][0].startswith(
        f"volume {name} is one of heketi, which knows its brick on n2"
    )


def test_without_copies_it_is_done_with_leave(site):
    site.run(PLAIN)
    plan = planned(site, PLAIN, downtime_ok=("plain",))
    assert plan["unreaddressable"] == []
    [one] = plan["readdresses"]
    with pytest.raises(UnsafeChangeError, match="volume plain keeps no copies"):
        carry_out(site, one)
    carry_out(site, one, ["plain"])
    assert "n2" not in hosts(site)


@pytest.mark.parametrize("volume", [SHARED, EC, ARCHIVE])
def test_a_run_that_is_cut_off_after_any_command_is_continued_by_the_next(volume):
    for after in range(1, 70):
        site = Site()
        site.cluster.aliases = {"new2": "n2"}
        site.run(volume)
        site.mark_bricks(volume["name"])
        [one] = planned(site, volume)["readdresses"]
        site.cluster.cut_after = len(site.cluster.commands) + after
        try:
            carry_out(site, one)
        except PowerCut:
            site.cluster.cut_after = None
            [rest] = planned(site, volume)["readdresses"]
            assert {brick["brick"] for brick in rest["bricks"]} <= {brick["brick"] for brick in one["bricks"]}
            carry_out(site, rest)
        site.cluster.cut_after = None
        assert "n2" not in hosts(site) and planned(site, volume)["readdresses"][0]["bricks"] == []
        assert all(
            site.cluster.processes.get(brick, 7)
            for brick in site.cluster.machines["n1"].volumes[volume["name"]]["bricks"]
        )
