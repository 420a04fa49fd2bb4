# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A node that does not answer keeps nobody from what does not need it."""

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import PlanError
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.plan import Settings, plan_cluster
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.records import Absent
from ansible_collections.brickwork.gluster.tests.fakes.site import SHARED, Site

SPARE = {"name": "spare", "type": "distribute", "size": "1GiB"}


@pytest.fixture
def site():
    made = Site()
    made.run(SHARED)
    return made


def plan_without(site, name, *volumes):
    nodes = [node for node in site.nodes() if node.name != name]
    return site.planned(list(volumes), nodes, absent=[Absent(name, name, "b")])


def holder(site):
    """Return a node with a brick of the volume that is not the first of all."""
    return site.plan(SHARED)["volumes"][0]["bricks"][1]["host"]


def test_what_exists_is_tuned_and_stays_where_it_is(site):
    away = holder(site)
    plan = plan_without(site, away, dict(SHARED, options={"network.ping-timeout": 30}))
    [volume] = plan["volumes"]
    assert [step["kind"] for step in volume["steps"]] == ["set_options"]
    assert volume["parameters"]["bricks"] == site.plan(SHARED)["volumes"][0]["parameters"]["bricks"]
    assert away not in plan["bricks"] and not any(node["steps"] for node in plan["bricks"].values())
    assert plan["broken"] == ["%s did not answer: what is on it stays as it is; bring it back" % away]
    assert not plan["pool_due"] and plan["pool"] == []


def test_a_node_in_maintenance_is_left_alone_and_no_failure(site):
    resting = holder(site)
    nodes = [node for node in site.nodes() if node.name != resting]
    away = [Absent(resting, resting, "b", "2026-11-28 10:40 UTC (fan)")]
    plan = site.planned([SHARED], nodes, absent=away)
    assert plan["broken"] == [] and not plan["needs_change"]
    assert any(line.startswith(f"{resting} is in maintenance since 2026-11-28") for line in plan["explanation"])
    assert "spare: its new bricks wait" in site.planned([SHARED, SPARE], nodes, absent=away)["broken"][0]


def test_new_bricks_wait_for_a_node_that_may_hold_them(site):
    away = holder(site)
    plan = plan_without(site, away, SHARED, SPARE)
    assert [volume["name"] for volume in plan["volumes"]] == ["shared"]
    waiting = plan["broken"][0]
    assert waiting.startswith("gluster_volumes: spare: its new bricks wait, since %s may hold them" % away)
    grown = plan_without(site, away, dict(SHARED, sets=2))
    assert grown["volumes"] == [] and "shared: its new bricks wait" in grown["broken"][0]


def test_a_volume_for_other_hosts_is_made(site):
    away = holder(site)
    other = next(node.name for node in site.nodes() if node.name != away)
    plan = plan_without(site, away, SHARED, dict(SPARE, hosts=[other]))
    assert [volume["name"] for volume in plan["volumes"] if volume["steps"]] == ["spare"]
    assert len(plan["broken"]) == 1


def test_nobody_joins_meanwhile(site):
    away = holder(site)
    joining = next(name for name in ("n4", "n3") if name != away)
    for machine in site.cluster.machines.values():
        machine.peers = [peer for peer in machine.peers if peer != joining]
    site.cluster.machines[joining].peers, site.cluster.machines[joining].volumes = [], {}
    volume = dict(SPARE, hosts=[joining])
    plan = plan_without(site, away, volume)
    assert plan["pool"] == [] and plan["volumes"] == []
    assert plan["broken"][-1] == "%s joins the pool once %s is back" % (joining, away)
    assert "spare: its new bricks wait, since %s may hold them" % joining in plan["broken"][0]


def test_without_anybody_who_knows_volumes_nothing_is_planned():
    with pytest.raises(PlanError, match="n2 did not answer, and no other node knows a volume"):
        plan_without(Site(), "n2", SHARED)


def test_in_the_middle_of_an_offline_upgrade_nothing_is_planned(site):
    rests = "2026-11-28 10:40 UTC (brickwork playbook upgrade offline)"
    away = [Absent(name, name, "b", rests) for name in ("n1", "n2")]
    with pytest.raises(PlanError, match="an offline upgrade that did not end:\nn1 is out of service since 2026"):
        plan_cluster([SHARED], [], Settings(), None, away)
    site.cluster.machines["n1"].volumes["shared"]["options"]["user.brickwork-upgrade"] = "started"
    with pytest.raises(PlanError, match="volume shared was to be stopped by an offline upgrade that did not end"):
        site.plan(SHARED)
