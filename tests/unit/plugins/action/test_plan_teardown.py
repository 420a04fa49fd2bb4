# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a teardown removes: of the volumes that are named, and only with their data where that was asked for."""

from unittest import mock

import pytest

from ansible_collections.brickwork.gluster.plugins.action.plan_teardown import ActionModule
from ansible_collections.brickwork.gluster.plugins.module_utils.facts import to_facts
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Pool

POOL = {"running": True, "stored_volumes": [], "volumes": [], "tasks": [], "pool": to_facts(Pool(()))}


def seen(*names, ids=()):
    bricks = [{"name": name, "path": f"/srv/gluster/{name}/brick"} for name in names]
    return {"gluster_server_seen": {"disks": {"bricks": bricks, "observed": {"uuid": "u", "volume_ids": dict(ids)}}}}


HOSTS = {"n1": seen("v-1", "v-x-2", "v-x", "w-1"), "n2": seen("v-2", "w-1")}


def run(**args):
    task = mock.Mock(args=dict({"hosts": ["n1", "n2"], "pool": POOL}, **args), async_val=0, environment=None, delay=0)
    action = ActionModule(task, mock.Mock(), mock.Mock(check_mode=False), None, None, None)
    return action.run(None, {"hostvars": HOSTS})


def names(answer):
    assert all(brick["state"] == "absent" for bricks in answer["bricks"].values() for brick in bricks)
    return {host: [brick["name"] for brick in bricks] for host, bricks in answer["bricks"].items()}


def test_bricks_of_the_named_volumes_go_with_their_data():
    assert names(run(volumes=["v"], destroy_data=True)) == {"n1": ["v-1"], "n2": ["v-2"]}


@pytest.mark.parametrize("destroy_data", [False, "false", "no"])
def test_without_that_word_their_data_stays(destroy_data):
    assert names(run(volumes=["v"], destroy_data=destroy_data)) == {"n1": [], "n2": []}
    assert names(run(volumes=["v"])) == {"n1": [], "n2": []}


def test_named_bricks_go_where_they_are_named():
    answer = run(bricks=["n1:v-x", "n2:w-1"])
    assert names(answer) == {"n1": ["v-x"], "n2": ["w-1"]} and answer["refusals"] == []


def test_refusals_are_all_there_at_once():
    pool = dict(POOL, tasks=[{"volume": "v", "kind": "Rebalance", "status": "in progress"}])
    answer = run(volumes=["v"], bricks=["n9:x"], pool=pool)
    assert [line.partition(":")[0] for line in answer["refusals"]] == [
        "gluster_teardown_volumes",
        "gluster_teardown_bricks",
    ]
