# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a node can say of its bricks and tasks without asking glusterd. The texts are those of GlusterFS 10.3."""

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.doubts import doubtful_volumes
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Brick, Peer, Pool, Volume

POOL = Pool((Peer("u1", ("localhost",), True, None, ""), Peer("u2", ("10.0.0.2",), True, 3, "Peer in Cluster")), ())
BRICKS = (Brick("10.0.0.1", "/srv/gluster/v-1/brick", "u1"), Brick("10.0.0.2", "/srv/gluster/v-2/brick", "u2"))
IDLE = "rebalance_status=0\nstatus=0\nrebalance_op=0\nrebalance-id=00000000-0000-0000-0000-000000000000\nsize=0\n"
TASK = "rebalance_status=1\nstatus=%s\nrebalance_op=%s\nrebalance-id=4f0d37f1-26b4-4bb4-8c8d-7f1b40b6e1c9\nsize=0\n"
STATE = "/var/lib/glusterd/vols/v/node_state.info"
PID = "/run/gluster/vols/v/10.0.0.1-srv-gluster-v-1-brick.pid"
WELL = {STATE: IDLE, PID: "812\n", "/proc/812/cmdline": "/usr/sbin/glusterfsd\0-s\0n1\0"}


class Files:
    def __init__(self, texts):
        self.texts = texts

    def read(self, path):
        return self.texts.get(path, "")


def doubtful(status="Started", **changed):
    volume = Volume("v", "i", status, 1, 0, 0, 0, BRICKS, {})
    return doubtful_volumes(Files({**WELL, **changed}), POOL, [volume])


def test_a_volume_whose_own_bricks_run_and_that_has_no_task_is_not_asked_about():
    assert doubtful() == []


@pytest.mark.parametrize(
    "changed",
    [
        {PID: ""},
        {PID: "no number"},
        {"/proc/812/cmdline": ""},
        # The number belongs to another process since.
        {"/proc/812/cmdline": "/usr/sbin/sshd\0"},
        {STATE: ""},
        {STATE: TASK % ("1", "19")},
        {STATE: TASK % ("4", "19")},
        {STATE: TASK % ("5", "19")},
        # A removal of bricks that is completed waits for its commit.
        {STATE: TASK % ("3", "9")},
    ],
)
def test_a_brick_without_a_process_and_a_task_are_asked_about(changed):
    assert doubtful(**changed) == ["v"]
    assert doubtful("Stopped", **changed) == []


@pytest.mark.parametrize("status", ["0", "2", "3", "6", "7"])
def test_a_rebalance_that_has_ended_is_no_task(status):
    assert doubtful(**{STATE: TASK % (status, "19")}) == []


def test_bricks_of_others_are_theirs_to_tell():
    others = Volume("v", "i", "Started", 1, 0, 0, 0, BRICKS[1:], {})
    assert doubtful_volumes(Files({STATE: IDLE}), POOL, [others]) == []
