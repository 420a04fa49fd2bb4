# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad input gets one error, which names the option and what to change, before anything is changed."""

import pytest
import yaml
from machines import ROOT

SHARED = yaml.safe_load((ROOT / "inventory.example/three_zones/group_vars/all.yml").read_text())["gluster_volumes"]


def one(**volume):
    return {"gluster_volumes": [*SHARED, {"name": "bad", "type": "replicate", "replicas": 3, "size": "1GiB", **volume}]}


CASES = {
    "unknown type": (one(type="raid5"), ["bad", "type", "raid5", "distribute"]),
    "stripe": (one(type="stripe"), ["bad", "stripe", "shard"]),
    "replica 3 on two hosts": (one(hosts=["node1", "node2"]), ["bad", "replica", "host"]),
    "larger than the device": (one(size="100GiB"), ["bad", "100", "GiB"]),
    "size without a unit": (one(size="much"), ["bad", "size", "much"]),
    "two volumes of one name": (one(name="shared"), ["name shared", "twice"]),
    "device named twice": (
        {"gluster_devices": [{"path": "/dev/sdb"}, {"path": "/dev/sdb"}]},
        ["devices", "/dev/sdb", "twice"],
    ),
}


@pytest.fixture(scope="module", autouse=True)
def nothing_is_changed(lab):
    before = lab.fingerprint()
    yield
    assert lab.fingerprint() == before


@pytest.mark.parametrize("case", CASES)
def test_refused_by_the_plan(lab, case):
    desired, words = CASES[case]
    run = lab.play("plan", desired).refused(*words)
    assert "Traceback" not in run.text
    print("\n".join(line for line in run.text.splitlines() if "msg:" in line or "ERROR" in line)[:600])


def test_host_without_address(lab, tmp_path):
    """An inventory that adds a host, and forgets its address."""
    extra = tmp_path / "more.yml"
    hosts = yaml.safe_load((lab.state / "inventory.yml").read_text())["all"]["hosts"]
    stranger = dict(hosts["node4"], ansible_host="node4", gluster_zone="c")
    extra.write_text(yaml.safe_dump({"gluster_servers": {"hosts": {"node5": stranger}}}))
    run = lab.play("plan", None, "-i", str(extra)).refused("node5", "gluster_address")
    assert "Traceback" not in run.text


def test_limit_to_a_client_says_what_the_plan_needs(lab):
    run = lab.play("site", None, "--limit", "client1").refused("--limit gluster_servers:client1")
    assert "Traceback" not in run.text


@pytest.mark.parametrize("playbook", ["site", "health", "teardown"])
def test_inventory_without_storage_nodes(lab, playbook, monkeypatch):
    """Every play would be skipped, and the run succeed."""
    monkeypatch.setattr(lab, "topology", lab.state / "inventory.yml")
    desired = {"gluster_teardown_confirm": "none", "gluster_teardown_volumes": ["shared"]}
    lab.play(playbook, desired).refused("no host in the group gluster_servers")


def test_site_refuses_as_the_plan_does(lab):
    desired, words = CASES["unknown type"]
    lab.play("site", desired).refused(*words)
