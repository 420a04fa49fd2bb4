# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as data, of a whole cluster: what is told of nodes, disks, volumes, heals, and of what does not answer."""

import json

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.filling import FILLING_MARK, HEALING
from ansible_collections.brickwork.gluster.plugins.plugin_utils.report.advice import finding
from ansible_collections.brickwork.gluster.tests.fakes.reported import GIB, MADE, ReportedCluster


def texts(data):
    return [one["text"] for one in data["findings"]]


def bricks_of(volume):
    return [brick for one in volume["sets"] for brick in one["bricks"]]


def test_a_cluster_that_is_well():
    data = ReportedCluster().report()
    assert (data["form"], data["made"], data["findings"], data["notes"]) == (1, MADE, [], [])
    assert data["cluster"] == {"name": "test", "asked": "node0000", "op_version": 100000}
    assert data["summary"]["nodes_serving"] == data["summary"]["nodes"] == 5
    assert data["summary"]["bricks"] == 9 and data["summary"]["bricks_offline"] == 0
    assert [zone["name"] for zone in data["zones"]] == [f"zone{number}" for number in range(5)]
    assert len(data["disks"]) == 10 and sum(disk["bricks"] for disk in data["disks"]) == 9
    assert data["heals"] == data["moving"] == data["certificates"] == data["failures"]["now"] == []
    assert any(line.startswith("volume volume00000: replica 3, 1 set") for line in data["placement"])
    assert json.loads(json.dumps(data)) == data


def test_where_each_brick_is():
    cluster = ReportedCluster()
    volume = cluster.report()["volumes"][0]
    assert (volume["kind"], volume["size"], volume["used"]) == ("replica 3", 10 * GIB, GIB)
    for told, brick in zip(bricks_of(volume), cluster.volume("volume00000")["bricks"]):
        assert told["brick"] == f"{brick['host']}:{brick['path']}"
        assert cluster.hostvars[told["node"]]["gluster_address"] == brick["host"]
        assert cluster.hostvars[told["node"]]["gluster_zone"] == told["zone"]
        assert told["disk"].startswith("/dev/disk/by-id/") and told["size"] == 10 * GIB
        assert (told["state"], told["full_percent"], told["pending"]) == ("serves", 1, 0)


def test_a_node_that_does_not_answer_is_told_and_nothing_is_refused():
    cluster = ReportedCluster()
    victim = cluster.report()["volumes"][0]["sets"][0]["bricks"][0]["node"]
    cluster.silence(victim)
    data = cluster.report(asked="node0003")
    assert f"{victim} does not answer" in texts(data)
    [node] = [one for one in data["nodes"] if one["name"] == victim]
    assert (node["state"], node["reason"], node["memory"]) == ("does not answer", "no route to host", None)
    [brick] = [one for one in bricks_of(data["volumes"][0]) if one["node"] == victim]
    assert (brick["state"], brick["disk"], brick["size"], brick["full_percent"]) == ("offline", "", None, None)
    # One of three copies is away already.
    assert sum("volume00000" in one["stops"] for one in data["failures"]["nodes"]) == 2


def test_where_nobody_answers_the_report_says_that():
    cluster = ReportedCluster()
    for host in cluster.hosts:
        cluster.silence(host)
    data = cluster.report(pool={"skipped": True}, asked="")
    assert texts(data)[0].startswith("no node could be asked about the pool")
    assert data["volumes"] == data["capacity"] == data["disks"] == []
    assert {node["state"] for node in data["nodes"]} == {"does not answer"}
    assert any(text.startswith("the plan is refused: gluster_servers: ") for text in texts(data))


def test_what_plan_and_health_refuse_is_told():
    cluster = ReportedCluster()
    cluster.look("node0001")["gluster"]["uuid"] = cluster.look("node0002")["gluster"]["uuid"]
    found = [text for text in texts(cluster.report()) if text.startswith("the plan is refused: ")]
    assert len(found) == 1 and "same uuid" in found[0]
    cluster = ReportedCluster()
    cluster.pool["unread"] = [{"part": "nobody knows it", "volume": "", "reason": "x"}]
    assert [text for text in texts(cluster.report()) if text.startswith("health can't be judged: ")]


def test_a_node_in_maintenance_and_one_whose_glusterd_is_stopped():
    cluster = ReportedCluster()
    cluster.look("node0001")["gluster"].update(running=False, maintenance="2026-11-28T20:00:00Z, a fan")
    cluster.look("node0002")["gluster"].update(running=False, stopped_because="out of memory")
    nodes = {node["name"]: node for node in cluster.report()["nodes"]}
    assert (nodes["node0001"]["state"], nodes["node0001"]["since"]) == ("in maintenance", "2026-11-28T20:00:00Z, a fan")
    assert (nodes["node0002"]["state"], nodes["node0002"]["reason"]) == ("glusterd does not run", "out of memory")
    assert nodes["node0001"]["members"] is None and nodes["node0003"]["members"] == 5


@pytest.mark.parametrize(
    ("look", "state", "reason"),
    [
        ({"node": {"refusal": "has no python3"}}, "could not be looked at", "has no python3"),
        ({"failed": True, "msg": "lvs: no answer\nmore"}, "could not be looked at", "lvs: no answer"),
        ({"unreachable": True, "msg": "timed out"}, "does not answer", "timed out"),
        ({"lost": True}, "lost", ""),
        (None, "does not answer", ""),
    ],
)
def test_a_node_of_which_little_is_known(look, state, reason):
    cluster = ReportedCluster()
    cluster.hostvars["node0004"]["gluster_server_seen"] = look
    node = cluster.report()["nodes"][4]
    assert (node["state"], node["reason"]) == (state, reason)


def test_heals_with_their_obstacles():
    cluster = ReportedCluster()
    first, second, third = cluster.pool["heal"][:3]
    first["pending"], second["split_brain"] = 12, 1
    third.update(connected=False, pending=None, split_brain=None)
    cluster.pool["split_brain"] = {"volume00000": ["/a"]}
    cluster.volume("volume00001")["options"][FILLING_MARK] = f"{HEALING}:last3"
    data = cluster.report()
    healing, filling = data["heals"]
    assert (healing["volume"], healing["pending"], healing["split_brain"]) == ("volume00000", 12, 1)
    assert healing["files_in_split_brain"] == ["/a"] and healing["not_asked"] == [third["brick"]]
    assert (filling["volume"], len(filling["new_bricks"])) == ("volume00001", 1)
    assert data["summary"]["entries_to_heal"] == 12


def test_how_fast_a_volume_and_its_bricks_heal():
    cluster = ReportedCluster()
    first, second = cluster.pool["heal"][:2]
    first["pending"], second["pending"] = 100, 40
    cluster.pool["heal_later"] = [
        {"volume": one["volume"], "brick": one["brick"], "pending": left, "seconds": 10.0}
        for one, left in ((first, 80), (second, 30))
    ]
    data = cluster.report()
    [heal] = data["heals"]
    assert (heal["rate"], heal["ends"]) == (3.0, "2026-11-28T21:30:40Z")
    bricks = {brick["brick"]: brick for one in data["volumes"][0]["sets"] for brick in one["bricks"]}
    told = {name: (brick["heal_rate"], brick["heal_ends"]) for name, brick in bricks.items() if brick["heal_rate"]}
    assert told == {
        first["brick"]: (2.0, "2026-11-28T21:30:40Z"),
        second["brick"]: (1.0, "2026-11-28T21:30:30Z"),
    }
    assert {brick["heal_rate"] for name, brick in bricks.items() if name not in told} == {None}


def test_rebalances_and_removals_with_how_far_they_are():
    cluster = ReportedCluster()
    cluster.pool["tasks"] = [
        {"volume": "volume00000", "kind": "Rebalance", "status": "in progress"},
        {"volume": "volume00001", "kind": "Remove brick", "status": "completed", "bricks": ["h:/b"]},
    ]
    numbers = {"files": 3, "size": GIB, "scanned": 9, "failures": 0, "skipped": 1, "left": 2 * GIB}
    state = {"state": "in progress", "layout_only": False, "members": [{"seconds": 64}]}
    data = cluster.report(moving={"volumes": [{"name": "volume00000", **numbers, **state}]})
    rebalance, removal = data["moving"]
    assert rebalance == {
        "volume": "volume00000", "kind": "Rebalance", "status": "in progress", "bricks": [], **numbers,
        "rate": GIB / 64, "ends": "2026-11-28T21:32:08Z",
    }  # fmt: skip
    assert (removal["bricks"], removal["files"], removal["rate"], removal["ends"]) == (["h:/b"], None, None, None)
    assert any("waits for its commit" in text for text in texts(data))
    assert any("Rebalance is in progress" in note for note in data["notes"])
    # One that failed, or was skipped, told nothing.
    assert cluster.report(moving={"skipped": True})["moving"][0]["files"] is None


def test_certificates_and_versions():
    cluster = ReportedCluster()
    cluster.look("node0000")["gluster"]["certificate_days"] = 12
    cluster.look("node0001")["gluster"]["certificate_days"] = 40
    cluster.hostvars["c1"] = {"gluster_server_seen": {"node": {"gluster": "11.1", "python": "3.11"}}}
    data = cluster.report(clients=["c1"])
    assert data["certificates"] == [
        {"node": "node0000", "until": "2026-12-10", "due": True},
        {"node": "node0001", "until": "2027-01-07", "due": False},
    ]
    assert data["versions"][-1] == {
        "machine": "c1", "part": "client", "glusterfs": "11.1", "op_version": None, "python": "3.11",
    }  # fmt: skip
    assert any("its certificate ends within 13 days" in text for text in texts(data))


def test_disks_that_are_retired_take_no_more_volumes():
    cluster = ReportedCluster()
    before = cluster.report(sizes=["4TiB"])["capacity"][0]["count"]
    for host in cluster.hosts[:3]:
        for disk in cluster.hostvars[host]["gluster_devices"]:
            disk["state"] = "retired"
    data = cluster.report(sizes=["4TiB"])
    assert before > data["capacity"][0]["count"] == 0
    assert {disk["state"] for disk in data["disks"] if disk["node"] == cluster.hosts[0]} == {"retired"}


def test_a_brick_on_a_member_outside_of_the_inventory():
    cluster = ReportedCluster()
    gone = cluster.report()["volumes"][0]["sets"][0]["bricks"][0]["node"]
    cluster.hosts.remove(gone)
    address = cluster.hostvars.pop(gone)["gluster_address"]
    data = cluster.report()
    [brick] = [brick for brick in bricks_of(data["volumes"][0]) if brick["node"] == address]
    assert (brick["zone"], brick["size"]) == ("not in the inventory", None)
    assert data["failures"]["nodes"][-1]["name"] == address
    assert any(text.startswith("the plan is refused: gluster_volumes: ") for text in texts(data))


@pytest.mark.parametrize(
    ("problem", "text", "advice"),
    [
        ("node2 does not answer", "node2 does not answer", "gluster_state: lost, replace"),
        ("volume v: brick n1:/b is offline", "volume v: brick n1:/b is offline", "playbook heal"),
        ("volume v: 3 entries wait for healing on n1:/b", None, "heals by itself"),
        ("volume v: 3 entries are in split-brain on n1:/b", None, "playbook split_brain"),
        ("n1: thin pool of brick v-1: data is 90 % full", None, "raise its size"),
        ("n1: /var has 1 MiB of 9 GiB free; make room there", "n1: /var has 1 MiB of 9 GiB free", "Make room there."),
        ("something new", None, "docs/operations.md"),
    ],
)
def test_each_finding_has_what_to_do(problem, text, advice):
    found = finding(problem)
    assert found.text == (text or problem) and advice in found.advice
