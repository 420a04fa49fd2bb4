# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""teardown.yml removes what is named, once the cluster's name was typed, and nothing else."""

WISH = {"gluster_teardown_confirm": "three-zones", "gluster_teardown_volumes": ["archive"]}


def brick_volumes(lab):
    return "".join(lab.run(node, "lvs --noheadings -o lv_name") for node in lab.nodes)


def test_refuses_another_clusters_name(lab):
    lab.play("teardown", dict(WISH, gluster_teardown_confirm="two-zones")).refused("two-zones", "nothing was removed")
    assert lab.volume("archive")["Status"] == "Started"


def test_refuses_when_nothing_is_named(lab):
    lab.play("teardown", {"gluster_teardown_confirm": "three-zones"}).refused("gluster_teardown_volumes")


def test_removes_the_named_volume_and_keeps_its_data(lab):
    lab.run("client1", "echo kept > /mnt/archive/file; sync")
    lab.play("teardown", WISH).succeeded()
    assert lab.gluster("volume list") == "shared"
    assert not lab.succeeds("client1", "mountpoint -q /mnt/archive || grep /mnt/archive /etc/fstab")
    assert "archive" in brick_volumes(lab)
    assert any(lab.succeeds(node, "grep -q kept /srv/gluster/archive-*/brick/file") for node in lab.nodes)


def test_destroys_the_bricks_only_when_told_to(lab):
    lab.play("teardown", dict(WISH, gluster_teardown_destroy_data=True)).succeeded()
    assert "archive" not in brick_volumes(lab)
    assert "shared" in brick_volumes(lab)
    for node in lab.nodes:
        assert not lab.succeeds(node, "grep archive /etc/fstab /proc/mounts")
    assert lab.run("node1", "sha256sum < /mnt/shared/from-client1") == lab.run(
        "client1", "sha256sum < /mnt/shared/from-client1"
    )
