# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A volume is cloned, and its clone holds what it held. Runs after test_move.py, on what that left."""

import pytest

CLONE = {"gluster_clone_volume": "copied", "gluster_clone_name": "look"}
VOLUMES = {
    "gluster_volumes": [{"name": "copied", "type": "replicate", "size": "1GiB", "clients": [{"path": "/mnt/copied"}]}]
}


@pytest.fixture(scope="module", autouse=True)
def written(lab):
    lab.play("site", VOLUMES).succeeded()
    lab.run("client1", "cp /etc/services /mnt/copied/services && sync")


def test_a_clone_holds_what_the_volume_held_and_lives_alone(lab):
    lab.play("clone", {**VOLUMES, **CLONE}, "--check").succeeded()
    assert "look" not in lab.gluster("volume list").split()
    lab.play("clone", {**VOLUMES, **CLONE}).succeeded()
    assert lab.gluster("snapshot list") == "No snapshots present"
    lab.run("client1", "rm /mnt/copied/services && mkdir -p /mnt/look && mount -t glusterfs node1:/look /mnt/look")
    assert lab.run("client1", "sha256sum < /mnt/look/services") == lab.run("client1", "sha256sum < /etc/services")
    lab.play("clone", {**VOLUMES, **CLONE}).without_change()
    lab.play("site", VOLUMES).without_change()


def test_a_deleted_clone_leaves_logical_volumes_that_are_removed_by_hand(lab):
    bricks = lab.bricks("look")
    lab.run("client1", "umount /mnt/look")
    lab.gluster("volume stop look")
    lab.gluster("volume delete look")
    for brick in bricks:
        address, _colon, path = brick.partition(":")
        node, mount = f"node{address[-1]}", path.rsplit("/", 1)[0]
        device = lab.run(node, f"findmnt -no SOURCE {mount}")
        lab.run(node, f"umount {mount} && lvremove -y {device}")
    lab.play("site", VOLUMES).without_change()
    lab.play("health", VOLUMES).succeeded()
