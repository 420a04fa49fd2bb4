# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook report with programs in the place of the modules: what it calls, writes, and never refuses."""

import json

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.facts import to_facts
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Brick, Peer, Pool, Volume
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.records import ObservedHost
from ansible_collections.brickwork.gluster.tests.fakes.standins import StandIns

NUMBERS = (1, 2, 3)
SERVERS = {f"n{number}": {"gluster_address": f"10.0.0.{number}"} for number in NUMBERS}
INVENTORY = {
    "gluster_servers": {"hosts": SERVERS},
    "gluster_clients": {"hosts": {"c1": {}}},
    "all": {"children": {"gluster_servers": {}, "gluster_clients": {}}},
}
BRICKS = tuple(Brick(f"10.0.0.{number}", f"/srv/gluster/v-{number}/brick", f"u{number}") for number in NUMBERS)
VOLUME = dict(to_facts(Volume("v", "i", "Started", 3, 0, 0, 0, BRICKS, {})), started=True)
STATES = [
    {"volume": "v", "host": brick.host, "path": brick.path, "online": True, "volume_started": True} for brick in BRICKS
]
PEERS = [Peer(brick.host_uuid, (brick.host,), True, 3, "Peer in Cluster") for brick in BRICKS]
POOL = {
    "pool": to_facts(Pool(tuple(PEERS))), "volumes": [VOLUME], "bricks": STATES, "heal": [], "split_brain": {},
    "tasks": [], "unread": [], "running": True, "stored_volumes": ["v"], "changed": False,
}  # fmt: skip
LOOK = {
    "looked": True, "changed": False, "said": {"python": "3.11.2 /usr/bin/python3", "gluster": "10.3"},
    "gluster": {
        "installed": True, "running": True, "uuid": "u1", "peers": 3, "unwell": [], "known_volumes": 1,
        "volumes": {"v": "d"}, "stopped_because": "", "version": "10.3", "listening": True, "op_version": 100000,
    },
    "disks": {
        "devices": [], "observed": dict(to_facts(ObservedHost("h", "m", {}, uuid="u1")), volume_ids={}), "bricks": [],
    },
    "files": {"/etc/fstab": "", "/proc/mounts": ""},
}  # fmt: skip
ENDLESS = {"rate": None, "ends": None}
MOVING = dict.fromkeys(("files", "size", "scanned", "failures", "skipped", "left"), 7)
NOWHERE = {"ansible_connection": "ssh", "ansible_host": "192.0.2.1", "ansible_ssh_executable": "/bin/false"}


@pytest.fixture
def stubs(tmp_path):
    stubs = StandIns(tmp_path, ("gluster_inventory", "gluster_node_info", "judge_health", "gluster_report"))
    stubs.module("gluster_node_info", repr(LOOK))
    stubs.module("gluster_info", repr(POOL))
    stubs.module("gluster_rebalance", repr({"volumes": [dict(MOVING, name="v")], "changed": False}))
    return stubs


def report(stubs, *words, inventory=None):
    """Run the playbook; return what it said, its exit code, and what it wrote as JSON."""
    given = json.dumps({"gluster_report_path": "out/report.html", "gluster_report_json": "out/report.json"})
    said, code = stubs.run("brickwork.gluster.report", inventory or INVENTORY, "-e", given, *words)
    written = stubs._folder / "out/report.json"
    return said, code, json.loads(written.read_text()) if written.exists() else None


def called(stubs):
    return sorted(name for name, _host, _arguments in stubs.calls())


def changed(said):
    return sum("changed=1" in line for line in said.splitlines())


def test_one_call_for_each_machine_and_one_for_the_pool(stubs, tmp_path):
    said, code, data = report(stubs)
    assert code == 0, said
    assert called(stubs) == ["gluster_info"] + 4 * ["gluster_node_info"]
    assert data["cluster"]["asked"] == "n1" and data["volumes"][0]["name"] == "v"
    assert stubs.calls("gluster_info")[0][1]["heal_seconds"] == 10, "how fast it heals"
    assert [one["machine"] for one in data["versions"]] == ["n1", "n2", "n3", "c1"]
    assert "out/report.html: " in said
    assert oct((tmp_path / "out/report.html").stat().st_mode & 0o777) == "0o640"


def test_a_second_run_changes_nothing_and_check_mode_writes_nothing(stubs, tmp_path):
    said, code, _data = report(stubs, "--check")
    assert code == 0 and changed(said) == 1 and not (tmp_path / "out").exists()
    said, code, _data = report(stubs)
    assert code == 0 and changed(said) == 1
    said, code, _data = report(stubs)
    assert code == 0 and changed(said) == 0
    stubs.module("gluster_info", repr(dict(POOL, bricks=[dict(STATES[0], online=False), *STATES[1:]])))
    said, code, data = report(stubs)
    assert code == 0 and changed(said) == 1 and data["summary"]["bricks_offline"] == 1


def test_a_rebalance_is_asked_how_far_it_is(stubs):
    stubs.module(
        "gluster_info", repr(dict(POOL, tasks=[{"volume": "v", "kind": "Rebalance", "status": "in progress"}]))
    )
    _said, code, data = report(stubs)
    [[_host, arguments]] = stubs.calls("gluster_rebalance")
    assert code == 0 and (arguments["volumes"], arguments["state"]) == (["v"], "observed")
    task = {"volume": "v", "kind": "Rebalance", "status": "in progress", "bricks": []}
    assert data["moving"] == [{**task, **MOVING, **ENDLESS}]


def test_a_node_that_does_not_answer_is_reported(stubs):
    servers = {**SERVERS, "n1": {**SERVERS["n1"], **NOWHERE}}
    said, code, data = report(stubs, inventory={**INVENTORY, "gluster_servers": {"hosts": servers}})
    assert code == 0, said
    assert [node["state"] for node in data["nodes"]][0] == "does not answer"
    assert data["cluster"]["asked"] == "n2"
    assert "n1 does not answer" in [one["text"] for one in data["findings"]]


def test_a_node_that_can_not_be_looked_at_is_reported(stubs):
    failing = "dict(failed=True, looked=True, msg='no <lvs> here')"
    stubs.module("gluster_node_info", failing)
    said, code, data = report(stubs)
    assert code == 0, said
    assert {node["state"] for node in data["nodes"]} == {"could not be looked at"}
    assert "gluster_info" not in called(stubs)
    assert data["findings"][0]["text"].startswith("no node could be asked about the pool")


def test_a_pool_that_can_not_be_asked_is_reported(stubs):
    stubs.module("gluster_info", "dict(failed=True, msg='another <b>transaction</b>')")
    said, code, data = report(stubs)
    assert code == 0, said
    assert data["findings"][0]["text"] == "n1 could not be asked about the pool: another <b>transaction</b>"
    assert data["volumes"] == [] and data["cluster"]["asked"] == ""


def test_a_file_that_can_not_be_written_is_the_failure(stubs):
    said, code = stubs.run("brickwork.gluster.report", INVENTORY, "-e", "gluster_report_path=/proc/report.html")
    assert code == 2 and "path: found that /proc/report.html can't be written (" in said


def test_rights_that_are_none_are_refused_before_any_machine_is_asked(stubs):
    said, code = stubs.run("brickwork.gluster.report", INVENTORY, "-e", '{"gluster_report_mode": 640}')
    assert code == 2 and "gluster_report_mode: found " in said and called(stubs) == []
