# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every node goes from one Debian to the next and GlusterFS with it, while a client writes without losing anything."""

import json
import pathlib

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[4]
TASKS = str(ROOT / "playbooks/tasks/upgrade_debian.yml")
FOLDER, JOURNAL = "/mnt/shared/work", "/var/tmp/journal"
#: A planned event: bricks say goodbye.
LONGEST = 5
#: Seconds for the upgrade of three nodes and a client.
HOUR = 3600


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


@pytest.fixture(scope="module", autouse=True)
def working(lab):
    """Set the pool up on bullseye's GlusterFS, and write to a volume, also on the client that is upgraded itself."""
    lab.play("site").succeeded()
    lab.copy("client1", ROOT / "tests/e2e/workload.py")
    assert set(versions(lab).values()) == {"9.2"}


def work(lab):
    lab.run("node3", "mkdir -p /mnt/work && mount -t glusterfs 192.168.72.101:/shared /mnt/work")


def test_another_version_is_named_with_its_playbook_and_nothing_is_done_by_site(lab):
    lab.play("site", {"gluster_server_version": "10.3"}).refused("the playbook upgrade")


def test_check_mode_shows_who_is_upgraded_and_changes_nothing(lab):
    before = lab.fingerprint()
    said = lab.play("upgrade", going_to("bookworm", "10.3"), "--check").succeeded().words
    for name in lab.nodes:
        assert f"{name}: GlusterFS 9.2 -> 10.3" in said
    assert lab.fingerprint() == before


@pytest.mark.parametrize(
    ("suite", "version", "level"), [("bookworm", "10.3", "100000"), ("trixie", "11.1", "110000")]
)
def test_all_are_upgraded_in_turn_and_nothing_is_lost(lab, suite, version, level):
    given = going_to(suite, version)
    lab.run("client1", f"systemd-run --unit workload-{suite} python3 /srv/workload.py run {FOLDER} {JOURNAL} 0.2")
    with lab.powered():
        # The client is used, and keeps its mount and its version until nobody uses it.
        lab.play("upgrade", {**given, "gluster_upgrade_client_tasks": ""}, limit=HOUR).succeeded()
    lab.run("client1", f"systemctl stop workload-{suite}")
    said = json.loads(lab.run("client1", f"python3 /srv/workload.py check {FOLDER} {JOURNAL}"))
    print(said)
    assert said["wrong"] == [] and said["errors"] == [] and said["longest"] < LONGEST
    assert {versions(lab)[name] for name in lab.nodes} == {version}
    with lab.powered():
        lab.play("upgrade", given, limit=HOUR).succeeded()
    assert set(versions(lab).values()) == {version} and op_version(lab) == level
    lab.play("upgrade", given).without_change()
    lab.play("health").without_change()
