# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What site.yml made of three zones, seen on the machines themselves."""

import pytest
import yaml

FILE = "/mnt/shared/from-client1"


def test_every_member_sees_all_connected(lab):
    for node in lab.nodes:
        members = lab.gluster("pool list", node).splitlines()[1:]
        assert [line.split()[-1] for line in members] == ["Connected"] * 4, members


def test_glusterd_and_bricks_listen(lab):
    for node in lab.nodes:
        host = lab.host(node)
        assert host.service("glusterd").is_running
        assert host.service("glusterd").is_enabled
        listening = lab.run(node, "ss -Hltnp")
        assert ":24007 " in listening
        bricks = [line for line in listening.splitlines() if "glusterfsd" in line]
        # Each of the four holds at least one brick of the two volumes.
        assert bricks, listening
        assert all(int(line.split()[3].rpartition(":")[2]) >= 49152 for line in bricks)


def test_volumes_are_as_declared(lab):
    shared, archive = lab.volume("shared"), lab.volume("archive")
    assert (shared["Type"], shared["Status"], shared["Number of Bricks"]) == ("Replicate", "Started", "1 x 3 = 3")
    assert (shared["network.ping-timeout"], shared["performance.cache-size"]) == ("20", "64MB")
    assert (archive["Type"], archive["Status"]) == ("Replicate", "Started")
    assert archive["Number of Bricks"] == "1 x (2 + 1) = 3"


@pytest.mark.parametrize("volume", ["shared", "archive"])
def test_each_brick_is_in_another_zone(lab, volume):
    zones = {"192.168.72.101": "a", "192.168.72.102": "b", "192.168.72.103": "c", "192.168.72.104": "a"}
    assert {zones[brick.partition(":")[0]] for brick in lab.bricks(volume)} == {"a", "b", "c"}


def test_bricks_come_back_after_a_boot_and_cannot_hang_it(lab):
    for node in lab.nodes:
        lines = [line.split() for line in lab.run(node, "grep xfs /etc/fstab").splitlines()]
        mounted = lab.run(node, "grep -c ' xfs ' /proc/mounts")
        assert len(lines) == int(mounted)
        for source, target, kind, options, *_rest in lines:
            assert kind == "xfs"
            assert "nofail" in options.split(",")
            mounted_from = lab.run(node, f"readlink -f $(findmnt -no SOURCE {target})")
            assert source.startswith("/dev/brickwork_") and lab.run(node, f"readlink -f {source}") == mounted_from


def test_bricks_are_thin_and_made_for_gluster(lab):
    for node in lab.nodes:
        assert "isize=512" in lab.run(node, "xfs_info $(findmnt -lnt xfs -o TARGET | head -1)")
        assert lab.succeeds(node, "lvs --noheadings -o segtype | grep -qw thin-pool")


def test_clients_mount_at_boot_with_other_servers_to_fall_back_on(lab):
    lines = [line.split() for line in lab.run("client1", "grep glusterfs /etc/fstab").splitlines()]
    assert sorted(line[1] for line in lines) == ["/mnt/archive", "/mnt/shared"]
    for line in lines:
        options = line[3].split(",")
        assert "_netdev" in options
        assert any(option.startswith("backup-volfile-servers=") for option in options)
        assert lab.host("client1").mount_point(line[1]).filesystem == "fuse.glusterfs"


def test_what_one_client_writes_the_other_reads(lab):
    lab.run("client1", f"dd if=/dev/urandom of={FILE} bs=1M count=8 conv=fsync status=none")
    written = lab.run("client1", f"sha256sum < {FILE}")
    assert lab.run("node1", f"sha256sum < {FILE}") == written
    bricks = lab.bricks("shared")
    addresses = {f"192.168.72.10{number}": f"node{number}" for number in range(1, 5)}
    for brick in bricks:
        address, _colon, path = brick.partition(":")
        assert lab.run(addresses[address], f"sha256sum < {path}/from-client1") == written


def test_check_mode_on_the_finished_cluster_sees_no_change(lab):
    run = lab.play("site", None, "--check").without_change()
    # site.yml begins with the plan.
    assert "nothing to do" in run.text


def test_all_comes_back_after_a_boot(lab):
    """A power cut of a storage node and of the client; nobody runs a playbook before they are back.

    The snapshot has the same uuid as the brick, and is active after the boot.
    """
    written = lab.run("client1", f"sha256sum < {FILE}")
    lab.gluster("snapshot create before shared no-timestamp")
    lab.power("power-off", "node2", "client1")
    lab.power("power-on", "node2", "client1")
    lab.wait_for(lambda: lab.play("health").rc == 0, "healthy after the boot")
    lab.wait_for(lambda: lab.succeeds("client1", "mountpoint -q /mnt/shared"), "mounted after the boot")
    assert lab.run("client1", f"sha256sum < {FILE}") == written
    sources = lab.run("node2", "findmnt -t xfs -rno SOURCE").splitlines()
    assert sources and all("-brick_" in source for source in sources), "a snapshot is mounted"
    lab.play("site").without_change()
    lab.gluster("snapshot delete before")


def test_a_unit_that_a_power_cut_left_empty_is_mended(lab):
    """systemd takes an empty file for a unit that nobody may start, and remembers that."""
    unit = "brickwork-mounts.service"
    lab.run("client1", f"cd /etc/systemd/system; : > {unit}; rm -f *.wants/{unit}; systemctl daemon-reload")
    lab.play("site").succeeded()
    assert lab.run("client1", f"systemctl is-enabled {unit}") == "enabled"
    lab.play("site").without_change()


def gate(lab, asked, **parameters):
    """Return what the gate answers on a node, in one line."""
    return " ".join(lab.module(asked, "gluster_gate", **parameters).split())


def test_health_names_a_dead_brick_and_site_starts_it(lab):
    lab.play("health").without_change()
    node = "node3"
    brick = next(brick for brick in lab.bricks("shared") if brick.startswith("192.168.72.103:"))
    lab.run(node, "kill -9 $(cat /run/gluster/vols/shared/*.pid)")
    lab.wait_for(lambda: "offline" in lab.play("health").text, "health sees the dead brick")
    lab.play("health").refused(brick, "offline")
    answer = gate(lab, "node1", node="192.168.72.102", fail=False)
    assert "may_stop: false" in answer and f"{brick} does not serve" in answer
    assert "shared: start bricks" in lab.play("site", None, "--check").succeeded().text
    assert "shared: start bricks" in lab.play("site").succeeded().text
    lab.play("site").without_change()
    lab.wait_for(lambda: lab.play("health").rc == 0, "healthy again")


def test_the_gate_opens_for_one_node_of_a_whole_cluster(lab):
    """Each client is connected to all bricks; heals that the test before has left are done."""
    for node in ("node1", "node4"):
        answer = gate(lab, node, node="192.168.72.102")
        assert "may_stop: true" in answer and "archive" in answer and "shared" in answer
    answer = gate(lab, "node1", bricks=lab.bricks("shared")[:2], fail=False)
    assert "may_stop: false" in answer and "1 of 3 bricks of the set would serve, and 2 are needed" in answer


def test_a_node_that_is_off_keeps_nobody_from_the_rest(lab):
    volumes = yaml.safe_load((lab.topology / "group_vars/all.yml").read_text())["gluster_volumes"]
    volumes[0]["options"]["network.ping-timeout"] = 25
    desired = {"gluster_volumes": [*volumes, {"name": "spare", "type": "distribute", "size": "1GiB"}]}
    lab.power("power-off", "node2")
    run = lab.play("site", desired)
    assert run.rc != 0
    assert "node2 did not answer: what is on it stays as it is" in run.words
    assert "gluster_volumes: spare: its new bricks wait, since node2 may hold them" in run.words
    assert " 25" in lab.gluster("volume get shared network.ping-timeout")
    assert "spare" not in lab.gluster("volume list")
    lab.power("power-on", "node2")
    lab.wait_for(lambda: lab.play("health").rc == 0, "healthy again")
    lab.play("site").succeeded()
    lab.play("site").without_change()
