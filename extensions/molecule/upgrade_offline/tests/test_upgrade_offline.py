# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All nodes go from 10.3 to 11.1 at once, which they can't reach one after the other; a node fails on the way.

A reboot turns a machine of the lab off, and somebody has to power it on.
"""

import pathlib

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[4]
TASKS = str(ROOT / "playbooks/tasks/upgrade_debian.yml")
ELEVEN = {
    "gluster_server_version": "11.1",
    "gluster_upgrade_tasks": TASKS,
    "gluster_upgrade_client_tasks": TASKS,
    "debian_suite": "trixie",
}
AT_ONCE = {**ELEVEN, "gluster_upgrade_offline": True, "gluster_accept_downtime": ["shared", "plain"]}
FILES = "cd /mnt && sha256sum shared/* plain/*"
#: Seconds for the upgrade of all machines.
HOUR = 3600
#: What a node does in place of its upgrade that ends in an error.
FAILING = """- name: Fail on one node
  ansible.builtin.fail:
    msg: "{{ inventory_hostname }} does not come back"
  when: inventory_hostname == 'node2'
"""


def versions(lab):
    return {name: lab.run(name, "glusterfs --version | sed -n '1s/glusterfs //p'") for name in lab.guests}


def status(lab, name):
    return lab.gluster(f"volume info {name} | sed -n 's/^Status: //p'")


@pytest.fixture(scope="module", autouse=True)
def bookworm(lab):
    """Set the pool up on bookworm's GlusterFS, with some files."""
    lab.play("site").succeeded()
    assert set(versions(lab).values()) == {"10.3"}
    write = "head -c 1M /dev/urandom | tee /mnt/shared/$n > /mnt/plain/$n"
    lab.run("client1", f"for n in 1 2 3 4 5 6 7 8; do {write}; done; sync")


@pytest.fixture(scope="module")
def sums(lab, bookworm):
    """What the files hold before."""
    return lab.run("client1", FILES)


def test_one_after_the_other_is_refused_and_says_how_it_goes(lab):
    lab.play("upgrade", ELEVEN).refused("nfs.disable", "gluster_upgrade_offline: true")


def test_a_volume_that_is_not_named_is_refused_with_its_clients(lab):
    unnamed = {**AT_ONCE, "gluster_accept_downtime": ["shared"]}
    lab.play("upgrade", unnamed).refused("volume plain is started", "client1")


def test_the_plan_names_what_is_stopped_and_changes_nothing(lab):
    before = lab.fingerprint()
    said = lab.play("upgrade", AT_ONCE, "--check").succeeded().words
    assert "volume shared: stopped meanwhile; connected clients: client1" in said
    assert "node2: GlusterFS 10.3 -> 11.1" in said and lab.fingerprint() == before


def test_a_mount_in_use_is_refused_before_anything_is_unmounted_or_stopped(lab, sums):
    lab.run("client1", "systemd-run --unit holder --property WorkingDirectory=/mnt/plain sleep 3600")
    lab.play("upgrade", AT_ONCE).refused("/mnt/plain: in use by sleep")
    lab.run("client1", "systemctl stop holder")
    assert lab.run("client1", FILES) == sums and status(lab, "plain") == "Started"


def test_a_node_that_fails_ends_it_and_the_state_has_a_name(lab, sums, tmp_path_factory):
    failing = tmp_path_factory.mktemp("tasks") / "failing.yml"
    failing.write_text(FAILING)
    said = lab.play("upgrade", {**AT_ONCE, "gluster_upgrade_tasks": str(failing)})
    assert said.rc != 0 and "node2 does not come back" in said.words
    for name in lab.nodes:
        assert lab.run(name, "pgrep -c 'gluster(d|fsd)' || true") == "0", f"nothing serves on {name}"
    lab.play("plan").refused("an offline upgrade that did not end")
    lab.play("health").refused("gluster_upgrade_offline: true")
    lab.play("upgrade", ELEVEN).refused("gluster_upgrade_offline: true")


def test_the_same_command_goes_on_and_nothing_is_lost(lab, sums):
    with lab.powered():
        lab.play("upgrade", AT_ONCE, limit=HOUR).succeeded()
    assert set(versions(lab).values()) == {"11.1"}
    for name in ("shared", "plain"):
        assert status(lab, name) == "Started"
        assert "brickwork-upgrade: none" in lab.gluster(f"volume info {name}")
    assert lab.run("client1", FILES) == sums
    assert lab.gluster("volume get all cluster.op-version").split()[-1] == "110000"


def test_then_nothing_is_left_to_do(lab):
    lab.play("upgrade", AT_ONCE).without_change()
    lab.play("health", {"gluster_server_version": "11.1"}).without_change()
    lab.play("site", {"gluster_server_version": "11.1"}).without_change()
