# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All refusals come before the first client is unmounted."""

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.facts import to_facts
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Brick, Peer, Pool, Task, Volume
from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.teardown import Named, find_refusals

POOL = Pool(
    (Peer("u1", ("localhost",), True, None, ""), Peer("u2", ("10.0.0.2",), True, 3, "Peer in Cluster")), ("h1",)
)
BRICKS = (Brick("10.0.0.1", "/srv/gluster/v-1/brick", "u1"), Brick("10.0.0.2", "/srv/gluster/v-2/brick", "u2"))
VOLUME = Volume("v", "id", "Started", 2, 0, 0, 0, BRICKS, {})
DISKS = {
    "n1": {
        "observed": {"uuid": "u1", "volume_ids": {"id": "v"}},
        "bricks": [{"name": name, "path": "/srv/gluster/%s/brick" % name} for name in ("v-1", "v-1b")],
    }
}


def refusals(named, volume=VOLUME, tasks=()):
    gluster = {"pool": to_facts(POOL), "volumes": to_facts([volume]), "tasks": to_facts(list(tasks))}
    return find_refusals(named, dict(gluster, running=True, stored_volumes=["v"]), DISKS)


def test_what_may_go_and_what_is_gone_already():
    assert refusals(Named(["v", "gone"], ["10.0.0.2", "10.0.0.9"], ["n1:v-1b", "n1:gone"])) == []


@pytest.mark.parametrize(
    ("named", "more", "words"),
    [
        (Named(["v"]), {"volume": VOLUME._replace(snapshots=1)}, "gluster_teardown_volumes: v has 1 snapshots; delete"),
        (Named(["v"]), {"tasks": [Task("v", "Rebalance", "in progress")]}, "v has a task: Rebalance, in progress"),
        (Named(["v"]), {"tasks": [Task("v", "Rebalance", "fix-layout in progress")]}, "v has a task: Rebalance, fix"),
        (Named(["v"]), {"tasks": [Task("v", "Remove brick", "completed")]}, "v has a task: Remove brick, completed"),
        (
            Named(peers=["10.0.0.2"]),
            {},
            "10.0.0.2 holds bricks of a volume that stays: 10.0.0.2:/srv/gluster/v-2/brick",
        ),
        (Named(bricks=["n1:v-1"]), {}, "gluster_teardown_bricks: n1:v-1 is a brick of volume v"),
        (Named(bricks=["n9:v-1"]), {}, "found n9:v-1, and no host n9 that was looked at"),
    ],
)
def test_each_refusal(named, more, words):
    [problem] = refusals(named, **more)
    assert words in problem


def test_a_completed_rebalance_is_no_reason_and_all_reasons_come_at_once():
    assert refusals(Named(["v"]), tasks=[Task("v", "Rebalance", "completed")]) == []
    assert len(refusals(Named([], ["10.0.0.2"], ["n1:v-1", "n9:x"]))) == 3


def test_nothing_is_removed_that_nobody_can_be_asked_about():
    stopped = {"running": False, "stored_volumes": ["v"], "volumes": [], "tasks": [], "pool": to_facts(Pool(()))}
    [problem] = find_refusals(Named(["v"]), stopped, DISKS)
    assert problem.startswith("gluster_servers: glusterd answers on no node, and there are volumes (v)")
    silent = {"n1": dict(DISKS["n1"], observed={"uuid": "", "volume_ids": None})}
    running = {"running": True, "stored_volumes": [], "volumes": [], "tasks": [], "pool": to_facts(POOL)}
    [problem] = find_refusals(Named(bricks=["n1:v-1"]), running, silent)
    assert "glusterd on n1 does not answer" in problem
