# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""teardown.yml removes what is named, once the cluster's name was typed, and nothing else."""

DESIRED = {"gluster_teardown_confirm": "three-zones", "gluster_teardown_volumes": ["archive"]}


def brick_volumes(lab):
    return "".join(lab.run(node, "lvs --noheadings -o lv_name") for node in lab.nodes)


def test_refuses_another_clusters_name(lab):
    lab.play("teardown", dict(DESIRED, gluster_teardown_confirm="two-zones")).refused(
        "two-zones", "nothing was removed"
    )
    assert lab.volume("archive")["Status"] == "Started"


def test_refuses_when_nothing_is_named(lab):
    lab.play("teardown", {"gluster_teardown_confirm": "three-zones"}).refused("gluster_teardown_volumes")


def test_refuses_a_text_where_a_list_is_due(lab):
    run = lab.play("teardown", dict(DESIRED, gluster_teardown_volumes="archive and shared"))
    run.refused("gluster_teardown_volumes: found the text", "write a list")


def test_removes_the_named_volume_and_keeps_its_data(lab):
    lab.run("client1", "echo kept > /mnt/archive/file; sync")
    lab.play("teardown", DESIRED).succeeded()
    assert lab.gluster("volume list") == "shared"
    assert not lab.succeeds("client1", "mountpoint -q /mnt/archive || grep /mnt/archive /etc/fstab")
    assert "archive" in brick_volumes(lab)
    assert any(lab.succeeds(node, "grep -q kept /srv/gluster/archive-*/brick/file") for node in lab.nodes)


def test_a_volume_that_is_still_in_the_inventory_is_not_made_on_the_old_data(lab):
    lab.play("site").refused("holds what the volume", "archive-", "save what you need")


def test_check_mode_removes_nothing(lab):
    before = lab.fingerprint()
    desired = dict(DESIRED, gluster_teardown_volumes=["shared", "archive"], gluster_teardown_destroy_data=True)
    lab.play("teardown", desired, "--check").succeeded()
    assert lab.fingerprint() == before


def test_destroys_the_bricks_only_when_told_to(lab):
    lab.play("teardown", dict(DESIRED, gluster_teardown_destroy_data=True)).succeeded()
    assert "archive" not in brick_volumes(lab)
    assert "shared" in brick_volumes(lab)
    for node in lab.nodes:
        assert not lab.succeeds(node, "grep archive /etc/fstab /proc/mounts")
    assert lab.run("node1", "sha256sum < /mnt/shared/from-client1") == lab.run(
        "client1", "sha256sum < /mnt/shared/from-client1"
    )


def test_a_second_teardown_finds_nothing_to_remove(lab):
    lab.play("teardown", dict(DESIRED, gluster_teardown_destroy_data=True)).without_change()


def test_members_leave_by_name_unless_they_hold_bricks(lab):
    desired = {"gluster_teardown_confirm": "three-zones", "gluster_teardown_peers": ["192.168.72.103"]}
    brick = next(brick for brick in lab.bricks("shared") if brick.startswith("192.168.72.103:"))
    lab.play("teardown", desired).refused(brick, "shared", "holds bricks")
    desired["gluster_teardown_peers"] = ["192.168.72.104"]
    lab.play("teardown", desired).succeeded()
    assert "192.168.72.104" not in lab.gluster("pool list")
    lab.play("teardown", desired).without_change()
