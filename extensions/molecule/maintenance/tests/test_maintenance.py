# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A node out of service and back, and all nodes in turn, while a client writes without a pause."""

import json
import pathlib

import pytest

WORKLOAD = pathlib.Path(__file__).resolve().parents[4] / "tests/e2e/workload.py"
FOLDER, JOURNAL = "/mnt/shared/work", "/var/tmp/journal"
#: Seconds without service that a client may see when a node is stopped in order.
LONGEST = 5
ENTER = {
    "gluster_maintenance": "enter",
    "gluster_maintenance_nodes": ["node2"],
    "gluster_maintenance_reason": "new fan",
}
LEAVE = {**ENTER, "gluster_maintenance": "leave"}
SERVERS = "pgrep -f '[g]lusterfs.* -p (/var)?/run/gluster/|[g]lusterd.pid'"


@pytest.fixture(scope="module", autouse=True)
def cluster(lab):
    lab.play("site").succeeded()
    lab.copy("client1", WORKLOAD)
    lab.run("client1", f"systemd-run --unit workload python3 /srv/workload.py run {FOLDER} {JOURNAL}")


def worked(lab):
    """Return what the workload says of all that it has done."""
    said = json.loads(lab.run("client1", f"python3 /srv/workload.py check {FOLDER} {JOURNAL}"))
    print(said)
    return said


def test_check_mode_stops_nothing(lab):
    lab.play("maintenance", ENTER, "--check").succeeded()
    assert lab.succeeds("node2", SERVERS)


def test_a_node_is_taken_out_of_service_and_plan_site_and_health_know_it(lab):
    lab.play("maintenance", ENTER).succeeded()
    assert not lab.succeeds("node2", SERVERS)
    lab.play("maintenance", ENTER).without_change()
    assert "node2 is in maintenance since" in lab.play("plan").succeeded().words
    assert "(new fan)" in lab.play("site").without_change().words
    health = lab.play("health").words
    assert "node2 is in maintenance since" in health
    assert "disconnected" not in health and "is offline" not in health and "does not run" not in health


def test_no_second_node_goes_meanwhile(lab):
    run = lab.play("maintenance", {**ENTER, "gluster_maintenance_nodes": ["node3"]})
    run.refused("this node may not be stopped now", "pool:")
    assert lab.succeeds("node3", SERVERS)


def test_a_boot_does_not_bring_it_back(lab):
    lab.power("power-off", "node2")
    lab.power("power-on", "node2")
    lab.wait_for(lambda: lab.succeeds("node2", "systemctl is-active -q multi-user.target"), "the boot")
    assert not lab.succeeds("node2", SERVERS)


def test_it_serves_again_and_what_it_missed_is_healed_at_the_end_of_the_playbook(lab):
    lab.play("maintenance", LEAVE).succeeded()
    lab.run("client1", "systemctl stop workload")
    lab.play("heal").succeeded()
    lab.play("health").without_change()
    lab.play("heal").without_change()
    lab.play("site").without_change()


def test_the_tasks_of_a_file_are_done_on_each_node_in_turn_and_a_second_round_of_that_name_does_nothing(lab, tmp_path):
    lab.run("client1", f"systemd-run --unit workload2 python3 /srv/workload.py run {FOLDER} {JOURNAL}")
    tasks = tmp_path / "patches.yml"
    command = {"cmd": "date +%s > /var/tmp/patched", "creates": "/var/tmp/patched"}
    tasks.write_text(json.dumps([{"name": "Patch", "ansible.builtin.shell": command}]))
    rolling = {"gluster_rolling_tasks": str(tasks), "gluster_rolling_run": "round-1"}
    lab.play("rolling", rolling).succeeded()
    nodes = ["node1", "node2", "node3", "node4"]
    times = [int(lab.run(node, "cat /var/tmp/patched")) for node in nodes]
    assert times == sorted(times)
    lab.play("rolling", rolling).without_change()
    lab.run("client1", "systemctl stop workload2")


def test_nothing_that_was_acknowledged_is_lost_and_nobody_waited_long(lab):
    said = worked(lab)
    assert said["operations"] > 100 and said["wrong"] == [] and said["errors"] == []
    assert said["longest"] < LONGEST, said
