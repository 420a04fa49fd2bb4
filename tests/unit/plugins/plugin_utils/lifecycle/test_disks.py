# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Disks that are retired or lost, on machines in memory: where their bricks go, and what is said."""

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.facts import to_facts
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.bricks import BrickOperation
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.desired import desired_host
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import converge
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.plan import Settings
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.read import read_node
from ansible_collections.brickwork.gluster.plugins.plugin_utils.inventory.read import Machine
from ansible_collections.brickwork.gluster.tests.fakes.site import DEVICES, SHARED, Site
from ansible_collections.brickwork.gluster.tests.unit.plugins.plugin_utils.cluster.test_plan import take_disk

OTHER = {**SHARED, "name": "other"}
PLAIN = {"name": "plain", "type": "distribute", "size": "2GiB", "sets": 4}


def with_state(site, name, path, state):
    return [node._replace(disk_states={path: state}) if node.name == name else node for node in site.nodes()]


def on_disk(site, name, volume="shared"):
    """Return the brick of a volume on a node, and its disk."""
    bricks = site.cluster.machines["n1"].volumes[volume]["bricks"]
    brick = next(brick for brick in bricks if brick.startswith(name + ":"))
    node = next(node for node in site.nodes() if node.name == name)
    return brick, node.disks.bricks[brick.split(":")[1]]["device"]


@pytest.fixture
def site():
    made = Site()
    made.run(SHARED)
    return made


def test_what_a_retired_disk_has_goes_to_another_disk_of_the_only_node_in_its_zone(site):
    brick, device = on_disk(site, "n2")
    plan = site.planned([SHARED], with_state(site, "n2", device, "retired"))
    [move] = plan["moves"]
    assert (move["brick"], move["leaving"], move["node"]) == (brick, f"n2:{device}", "n2")
    assert move["made"]["device"] not in (device, None) and plan["immovable"] == [] and plan["broken"] == []
    assert plan["leaving_places"] == {"lost": [], "retired": [f"n2:{device}"]}
    assert plan["leaving"] == {"lost": [], "retired": []} and not plan["needs_change"]
    said = f"n2:{device} is retired (gluster_devices): the playbook retire moves the bricks that it has to other disks"
    assert said in plan["explanation"]


def test_nothing_new_goes_to_such_a_disk(site):
    nodes = [node._replace(disk_states={"/dev/sdb": "retired", "/dev/sdc": "lost"}) if node.name == "n4" else node
             for node in site.nodes()]  # fmt: skip
    other = {**SHARED, "name": "other", "sets": 3, "size": "6GiB"}
    plan = site.planned([SHARED, other], nodes)
    hosts = [brick["host"] for volume in plan["volumes"] if volume["name"] == "other" for brick in volume["bricks"]]
    assert len(hosts) == 9 and "n4" not in hosts


def test_an_empty_disk_is_only_named(site):
    _brick, device = on_disk(site, "n2")
    other = next(one["path"] for one in DEVICES if one["path"] != device)
    plan = site.planned([SHARED], with_state(site, "n2", other, "retired"))
    assert plan["moves"] == []
    said = f"n2:{other} is retired (gluster_devices): no volume has a brick there; remove it from gluster_devices"
    assert said in plan["explanation"]


def with_lines_by_uuid(site, name):
    """Have fstab name file systems, as earlier releases wrote it."""
    host = site.hosts[name]
    for volume, found in host.volumes.items():
        host.texts["/etc/fstab"] = host.texts["/etc/fstab"].replace(f"/dev/{volume} ", f"UUID={found['uuid']} ")


@pytest.mark.parametrize("by_uuid", [False, True])
def test_the_bricks_of_a_lost_disk_are_made_elsewhere_and_not_at_their_place(site, by_uuid):
    brick, device = on_disk(site, "n2")
    if by_uuid:
        with_lines_by_uuid(site, "n2")
    take_disk(site, "n2", device, None)
    found = site.planned([SHARED], site.nodes())
    assert found["moves"] == [] and "is gone" in found["broken"][0]
    plan = site.planned([SHARED], with_state(site, "n2", device, "lost"))
    [move] = plan["moves"]
    assert (move["brick"], move["leaving"], move["node"]) == (brick, f"n2:{device}", "n2")
    assert plan["replacements"] == [] and plan["irreplaceable"] == []
    assert plan["broken"] == [
        f"volume shared: brick {brick} on n2 was on n2:{device}, which is lost (gluster_devices): the playbook replace "
        "makes it anew on another disk"
    ]


def test_a_brick_of_another_disk_that_is_away_for_a_moment_is_not_given_up(site):
    brick, device = on_disk(site, "n2")
    other = next(one["path"] for one in DEVICES if one["path"] != device)
    take_disk(site, "n2", device, None)
    plan = site.planned([SHARED], with_state(site, "n2", other, "lost"))
    assert plan["moves"] == [] and plan["broken"][0].startswith(f"volume shared: brick {brick} on n2 is gone")


def test_what_keeps_no_copies_stays_on_a_retired_disk():
    site = Site()
    site.run(PLAIN)
    _brick, device = on_disk(site, "n2", "plain")
    plan = site.planned([PLAIN], with_state(site, "n2", device, "retired"))
    assert plan["moves"] == [] and plan["immovable"][0].startswith("volume plain keeps no copies")


def of_brick(site, brick, state):
    name, path = brick.split(":")
    return [node._replace(brick_states={path: state}) if node.name == name else node for node in site.nodes()]


def test_a_single_brick_that_is_retired_goes_elsewhere_and_no_other_does(site):
    brick, _device = on_disk(site, "n2")
    site.run(SHARED, OTHER)
    plan = site.planned([SHARED, OTHER], of_brick(site, brick, "retired"))
    [move] = plan["moves"]
    assert (move["brick"], move["leaving"], move["made"]["name"]) == (brick, brick, "shared-4")
    assert plan["leaving_places"] == {"lost": [], "retired": [brick]} and not plan["needs_change"]
    assert f"{brick} is retired (gluster_bricks): the playbook retire moves it to another place" in plan["explanation"]


def test_a_single_brick_that_is_lost_is_made_elsewhere_and_not_at_its_place(site):
    brick, device = on_disk(site, "n2")
    take_disk(site, "n2", device, None)
    plan = site.planned([SHARED], of_brick(site, brick, "lost"))
    [move] = plan["moves"]
    assert move["brick"] == brick and plan["replacements"] == [] and plan["irreplaceable"] == []
    assert plan["broken"] == [
        f"volume shared: brick {brick} on n2 is lost (gluster_bricks): the playbook replace makes it anew at "
        "another place"
    ]


@pytest.mark.parametrize("on", ["brick", "disk"])
@pytest.mark.parametrize("mounted", [True, False])
def test_what_is_lost_and_still_there_is_neither_mounted_nor_started(site, on, mounted):
    """As between the unmount of a brick with old files and the end of replace: nothing marks what it lacks."""
    brick, device = on_disk(site, "n2")
    site.mark_bricks("shared")
    site.cluster.processes[brick] = None
    if not mounted:
        site.hosts["n2"].mounted.clear()
    nodes = of_brick(site, brick, "lost") if on == "brick" else with_state(site, "n2", device, "lost")
    plan = site.planned([{**SHARED, "size": "3GiB"}], nodes)
    assert plan["bricks"]["n2"] == {**plan["bricks"]["n2"], "bricks": [], "steps": []}
    assert plan["starts"] == {} and [volume["steps"] for volume in plan["volumes"]] == [[]]
    [said] = plan["broken"]
    assert said.startswith(f"volume shared: brick {brick} has no process and is not started: the inventory says that")
    assert [move["brick"] for move in plan["moves"]] == [brick] and plan["immovable"] == []
    active = site.planned([SHARED], site.nodes())
    assert [step["kind"] for step in active["volumes"][0]["steps"]] == ["start_bricks"]


def test_a_brick_that_no_volume_has_any_more_is_only_named_and_never_taken_for_a_new_one(site):
    plan = site.planned([SHARED], of_brick(site, "n2:/srv/gluster/shared-9/brick", "retired"))
    said = "n2:/srv/gluster/shared-9/brick is retired (gluster_bricks): no volume has this brick; remove it from "
    said += "gluster_bricks"
    assert plan["moves"] == [] and said in plan["explanation"]
    brick, _device = on_disk(site, "n2")
    [move] = site.planned([SHARED], of_brick(site, brick, "retired"))["moves"]
    made = {"devices": [], "root": "/srv/gluster", "mount_options": "noatime", "bricks": [move["made"]]}
    converge(BrickOperation(site.brick_host(move["node"]), desired_host(made)))
    states = {brick.split(":")[1]: "retired", move["new_brick"].split(":")[1]: "lost"}
    nodes = [node._replace(brick_states=states) if node.name == "n2" else node for node in site.nodes()]
    assert site.planned([SHARED], nodes)["moves"][0]["node"] == "n2"


@pytest.mark.parametrize("serves", [True, False])
def test_two_bricks_of_one_set_that_are_lost_are_made_anew_from_the_third(site, serves):
    bricks = site.cluster.machines["n1"].volumes["shared"]["bricks"]
    states = {host: {path: "lost"} for host, path in (brick.split(":") for brick in bricks[:2])}
    site.cluster.processes.update({} if serves else dict.fromkeys(bricks[:2]))
    nodes = [node._replace(brick_states=states.get(node.name, {})) for node in site.nodes()]
    plan = site.planned([SHARED], nodes)
    assert [move["brick"] for move in plan["moves"]] == bricks[:2] and plan["immovable"] == []
    assert [move["lost_with"] for move in plan["moves"]] == ([[], []] if serves else [[bricks[1]], [bricks[0]]])


def test_new_bricks_are_named_with_what_sees_to_them(site):
    brick, _device = on_disk(site, "n2")
    site.cluster.machines["n1"].volumes["shared"]["options"]["user.brickwork-filling"] = f"marking:{brick}"
    plan = site.plan(SHARED)
    assert plan["filling"] == {"shared": [brick]}
    assert any(
        line.startswith(f"volume shared: brick {brick} is new, and not known to be") for line in plan["explanation"]
    )


def test_what_the_inventory_says_of_a_disk_is_split_for_lvm_and_for_the_plan(site):
    [node] = [node for node in site.nodes() if node.name == "n2"]
    disks = [{"path": "/dev/sdb", "state": "retired", "overwrite": True}, {"path": "/dev/sdc"}]
    disks.append({"path": "/dev/sdd", "state": "active"})
    answer = {"gluster": node.gluster, "disks": {"observed": to_facts(node.disks.host), "devices": [], "bricks": []}}
    bricks = [{"path": "/srv/gluster/a/brick", "state": "lost"}, {"path": "/srv/gluster/b/brick", "state": "active"}]
    values = {"gluster_address": "n2", "gluster_devices": disks, "gluster_bricks": bricks}
    read = read_node(Machine("n2", values), answer)
    assert read.devices == [{"path": "/dev/sdb", "overwrite": True}, {"path": "/dev/sdc"}, {"path": "/dev/sdd"}]
    assert read.disk_states == {"/dev/sdb": "retired"} and read.brick_states == {"/srv/gluster/a/brick": "lost"}


def with_glusterd_stopped(nodes, *names):
    return [
        node._replace(gluster={**node.gluster, "running": False}) if node.name in names else node for node in nodes
    ]


def test_a_node_where_glusterd_runs_is_taken_before_one_where_it_has_to_be_started(site):
    """As seen: after a boot glusterd waited for the lost disk. It may as well be dead, which nobody can tell."""
    bricks = site.cluster.machines["n1"].volumes["shared"]["bricks"]
    [holder] = {brick.partition(":")[0] for brick in bricks} & {"n1", "n4"}
    for name, taken in ((holder, {"n1": "n4", "n4": "n1"}[holder]), ("n2", "n2")):
        _brick, device = on_disk(site, name)
        nodes = with_glusterd_stopped(with_state(site, name, device, "retired"), name)
        [move] = site.planned([SHARED], nodes)["moves"]
        assert move["node"] == taken


def test_what_was_made_on_a_node_that_can_not_take_it_holds_up_no_further_run(site):
    brick, device = on_disk(site, "n2")
    [move] = site.planned([SHARED], with_state(site, "n2", device, "retired"))["moves"]
    made = {"devices": [], "root": "/srv/gluster", "mount_options": "noatime", "bricks": [move["made"]]}
    converge(BrickOperation(site.brick_host("n2"), desired_host(made)))
    nodes = with_glusterd_stopped(with_state(site, "n2", device, "retired"), "n2")
    [elsewhere] = site.planned([SHARED], nodes, Settings(zone_policy="preferred"))["moves"]
    assert elsewhere["brick"] == brick and elsewhere["node"] != "n2"
