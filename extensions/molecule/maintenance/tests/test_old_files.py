# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What no heal info shows: a self-heal daemon that died, and a snapshot that is mounted in place of a brick."""

import posixpath

import pytest

KEEP = "/run/systemd/system/glusterd.service.d/keep-bricks.conf"


def node_of(brick):
    return "node" + brick.partition(":")[0][-1]


def mount_of(brick):
    return posixpath.dirname(brick.partition(":")[2])


@pytest.fixture(scope="module")
def bricks(lab):
    lab.play("site").succeeded()
    return lab.bricks("shared")


def serving(lab):
    return lab.gluster("volume status shared detail").count("Online               : Y")


def test_health_names_a_self_heal_daemon_that_died_until_glusterd_has_started_it(lab, bricks):
    """In the way that docs/repair.md tells, which leaves the bricks alone."""
    node = node_of(bricks[0])
    # In brackets, since the shell that looks has these words in its command line, too.
    lab.run(node, "pkill -KILL -f 'glusterf[s] .*--process-name glustershd'")
    words = lab.play("health").words
    assert f"{node}: its self-heal daemon does not run, and heals nothing of " in words
    assert "'A self-heal daemon that died'" in words and "is offline" not in words
    lab.run(node, f"mkdir -p {posixpath.dirname(KEEP)} && printf '[Service]\\nKillMode=process\\n' > {KEEP}")
    lab.run(node, f"systemctl daemon-reload && systemctl restart glusterd && rm {KEEP} && systemctl daemon-reload")
    lab.wait_for(lambda: "does not run" not in lab.play("health").words, "the self-heal daemon")
    lab.play("health").without_change()


def swap(lab, brick, source):
    """Mount something else in place of a brick, and have GlusterFS serve it, as a boot does."""
    node, mount = node_of(brick), mount_of(brick)
    lab.run(node, f"pkill -f 'glusterf[s]d .*{mount}/'")
    lab.wait_for(lambda: lab.succeeds(node, f"umount {mount}"), "the brick's end")
    lab.run(node, f"mount -t xfs -o nouuid {source} {mount}")
    lab.gluster("volume start shared force")
    lab.wait_for(lambda: serving(lab) == len(lab.bricks("shared")), "the bricks")


def test_no_node_is_stopped_while_a_brick_of_the_set_serves_old_files(lab, bricks):
    # Never activated: glusterd gives one that is the mark of another volume, and serves it no more.
    lab.gluster("snapshot create old shared no-timestamp")
    brick, other = bricks[0], bricks[1]
    node, mount = node_of(brick), mount_of(brick)
    own = lab.run(node, f"findmnt -no SOURCE {mount}").strip()
    origin = lab.run(node, f"lvs --noheadings -o lv_name {own}").strip()
    snapshot = lab.run(node, f"lvs --noheadings -o lv_dm_path -S 'origin={origin} && lv_name=~_0$'").strip()
    lab.run(node, f"lvchange -K -ay {snapshot}")
    swap(lab, brick, snapshot)
    assert snapshot in lab.gluster("volume status shared detail"), "glusterd tells the device"
    enter = {"gluster_maintenance": "enter", "gluster_maintenance_nodes": [node_of(other)]}
    run = lab.play("maintenance", enter)
    run.refused("this node may not be stopped now", f"brick {brick} serves old files", "mend that before")
    assert "serves old files" in lab.play("health").words
    # Nothing was written meanwhile, so that its own files are not older.
    swap(lab, brick, own)
    lab.gluster("snapshot delete old")
    lab.play("heal").succeeded()
    lab.play("health").without_change()
