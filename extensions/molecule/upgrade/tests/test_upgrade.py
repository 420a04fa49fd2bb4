# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every node goes from one Debian to the next and GlusterFS with it, while a client writes without losing anything.

A reboot turns a machine of the lab off, and somebody has to power it on.
"""

import json
import pathlib

import pytest
from scenarios import end

ROOT = pathlib.Path(__file__).resolve().parents[4]
TASKS = str(ROOT / "playbooks/tasks/upgrade_debian.yml")
FOLDER, JOURNAL = "/mnt/shared/work", "/var/tmp/journal"
#: A planned event: bricks say goodbye.
LONGEST = 5
#: Seconds for the upgrade of three nodes and a client.
HOUR = 3600
#: Packages that are unpacked, and not configured, when the power is cut.
UNPACKED = 20


def going_to(suite, version):
    """Return the variables of an upgrade to a suite of Debian, which has that GlusterFS."""
    return {
        "gluster_server_version": version,
        "gluster_upgrade_tasks": TASKS,
        "gluster_upgrade_client_tasks": TASKS,
        "debian_suite": suite,
    }


def versions(lab):
    return {name: lab.run(name, "glusterfs --version | sed -n '1s/glusterfs //p'") for name in lab.guests}


def op_version(lab):
    return lab.gluster("volume get all cluster.op-version").split()[-1]


def unpacked(lab, name):
    """How many packages are not configured yet; 0 while the machine's own ssh is one of them."""
    return lab.host(name).run("dpkg-query -W -f '${db:Status-Status}\\n'").stdout.split().count("unpacked")


def cut_off(lab, given, name):
    """Start the upgrade; cut the power of a node and kill the controller in the middle of that node's packages."""
    playbook = lab.start("upgrade", given)
    try:
        lab.wait_for(lambda: unpacked(lab, name) >= UNPACKED, f"packages are unpacked on {name}", HOUR)
        lab.power("power-off", name)
    finally:
        end(playbook)
    lab.power("power-on", name)
    assert lab.run(name, "dpkg --audit"), "packages are not configured"


@pytest.fixture(scope="module", autouse=True)
def bullseye(lab):
    """Set the pool up on bullseye's GlusterFS."""
    lab.play("site").succeeded()
    lab.copy("client1", ROOT / "tests/e2e/workload.py")
    lab.run("node1", "apt-mark hold glusterfs-server")
    assert set(versions(lab).values()) == {"9.2"}


def test_another_version_is_named_with_its_playbook_and_nothing_is_done_by_site(lab):
    lab.play("site", {"gluster_server_version": "10.3"}).refused("the playbook upgrade")


def test_check_mode_shows_who_is_upgraded_and_changes_nothing(lab):
    before = lab.fingerprint()
    said = lab.play("upgrade", going_to("bookworm", "10.3"), "--check").succeeded().words
    for name in lab.nodes:
        assert f"{name}: GlusterFS 9.2 -> 10.3" in said
    assert lab.fingerprint() == before


def test_all_are_upgraded_in_turn_over_a_power_cut_and_nothing_is_lost(lab):
    given = {**going_to("bookworm", "10.3"), "gluster_upgrade_snapshots": ["shared"]}
    lab.run("client1", f"systemd-run --unit workload python3 /srv/workload.py run {FOLDER} {JOURNAL} 0.2")
    cut_off(lab, {**given, "gluster_upgrade_client_tasks": ""}, "node1")
    with lab.powered():
        # The client is used, and stays as it is until nobody uses it.
        lab.play("upgrade", {**given, "gluster_upgrade_client_tasks": ""}, limit=HOUR).succeeded()
    lab.run("client1", "systemctl stop workload")
    said = json.loads(lab.run("client1", f"python3 /srv/workload.py check {FOLDER} {JOURNAL}"))
    print(said)
    assert said["wrong"] == [] and said["errors"] == [] and said["longest"] < LONGEST
    assert {name: versions(lab)[name] for name in lab.nodes} == dict.fromkeys(lab.nodes, "10.3")
    assert op_version(lab) == "90000", "the client has the old version"
    assert "glusterfs-server" in lab.run("node1", "apt-mark showhold"), "what was held is held again"
    [name] = lab.gluster("snapshot list shared").split()
    assert name.startswith("shared-before-10_3"), name
    lab.module("node1", "gluster_snapshot", volumes=["shared"], label=name.partition("-")[2], state="absent")


def test_the_client_comes_last_and_then_the_op_version(lab):
    given = going_to("bookworm", "10.3")
    with lab.powered():
        lab.play("upgrade", given, limit=HOUR).succeeded()
    assert set(versions(lab).values()) == {"10.3"} and op_version(lab) == "100000"
    lab.play("upgrade", given).without_change()
    lab.play("health", {"gluster_server_version": "10.3"}).without_change()
    lab.play("site", {"gluster_server_version": "10.3"}).without_change()


def test_a_way_that_breaks_the_pool_is_refused(lab):
    said = "from 10.3 to 11.1: 11 leaves nfs.disable out of the volumes"
    lab.play("upgrade", going_to("trixie", "11.1")).refused(said)
    assert set(versions(lab).values()) == {"10.3"}
