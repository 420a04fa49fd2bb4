# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""gluster_replica as a module: what it refuses by itself, and what it returns."""

import json
import subprocess
import sys

import pytest
import yaml

from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.replica import ReplicaOperation, desired_replica
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import converge
from ansible_collections.brickwork.gluster.plugins.modules import gluster_replica
from ansible_collections.brickwork.gluster.tests.fakes.clock import FakeClock
from ansible_collections.brickwork.gluster.tests.fakes.cluster import FakeCluster

MODULE = "ansible_collections.brickwork.gluster.plugins.modules.gluster_replica"


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"volume": "--mode=x"}, "volume: found"),
        ({"volume": "v", "replicas": 1}, "replicas: found 1; write 2 or more"),
        ({"volume": "v", "type": "arbiter", "replicas": 2}, "replicas: found 2, and an arbiter set is two copies"),
        ({"volume": "v", "type": "disperse"}, "value of type must be one of: replicate, arbiter"),
        ({"volume": "v", "new_bricks": ["h1"]}, "bricks: found 'h1'; write host:/absolute/path"),
        ({"volume": "v", "old_bricks": ["--x:/b"]}, "old_bricks: found"),
        ({"volume": "v", "new_bricks": ["h1:/b"], "old_bricks": ["h1:/b"]}, "new_bricks: found h1:/b twice"),
    ],
)
def test_what_is_wrong_in_itself_is_refused_before_anything_is_asked(tmp_path, parameters, said):
    argv = [sys.executable, "-m", MODULE, json.dumps({"ANSIBLE_MODULE_ARGS": parameters})]
    done = subprocess.run(argv, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    answer = json.loads(done.stdout)
    assert answer["failed"] and said in answer["msg"]


def test_it_returns_what_it_documents():
    cluster = FakeCluster("h1", "h2")
    cluster.form_pool("h1", "h2")
    gluster = Gluster(cluster.on("h1"), clock=FakeClock())
    gluster.ask("volume", "create", "v", "h1:/b/1")
    gluster.ask("volume", "start", "v")
    given = {"volume": "v", "type": "replicate", "replicas": 2, "new_bricks": ["h2:/b/2"], "old_bricks": None}
    desired = desired_replica({**given, "accept_fewer_copies": False, "force": False})
    plan = converge(ReplicaOperation(gluster, desired, 5, FakeClock()))
    documented = set(yaml.safe_load(gluster_replica.RETURN)) - {"steps", "steps_done", "failed_step"}
    assert set(plan.findings) == documented
    assert plan.before == {"type": "distribute", "bricks": ["h1:/b/1"]}
    assert plan.after == {"type": "replica 2", "bricks": ["h1:/b/1", "h2:/b/2"]}
    assert [" ".join(step.argv[2:]) for step in plan.steps] == [
        "--xml volume set v user.brickwork-filling marking:last2",
        "--xml volume add-brick v replica 2 h2:/b/2",
    ]
