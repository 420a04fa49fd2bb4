# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What gluster_gate returns; when it says no is tested with the engine (test_gate.py)."""

import json
import subprocess
import sys

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.gate import Departure
from ansible_collections.brickwork.gluster.plugins.modules.gluster_gate import judged
from ansible_collections.brickwork.gluster.tests.fakes.clock import FakeClock
from ansible_collections.brickwork.gluster.tests.fakes.cluster import FakeCluster

MODULE = "ansible_collections.brickwork.gluster.plugins.modules.gluster_gate"


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({}, "one of the following is required: node, bricks"),
        ({"node": "h1", "bricks": ["h1:/b"]}, "mutually exclusive: node|bricks"),
    ],
)
def test_a_member_or_bricks(tmp_path, parameters, said):
    argv = [sys.executable, "-m", MODULE, json.dumps({"ANSIBLE_MODULE_ARGS": parameters})]
    done = subprocess.run(argv, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    answer = json.loads(done.stdout)
    assert answer["failed"] and said in answer["msg"]


def test_the_answer_has_the_verdict_with_its_reasons_and_the_volumes_that_it_is_about():
    cluster = FakeCluster("h1", "h2")
    cluster.form_pool("h1", "h2")
    gluster = Gluster(cluster.on("h1"), clock=FakeClock())
    for name in ("v", "w"):
        gluster.ask("volume", "create", name, "replica", "2", f"h1:/b/{name}", f"h2:/b/{name}")
    gluster.ask("volume", "start", "v")
    answer = judged(Departure("h2"), gluster)
    assert (answer["may_stop"], answer["volumes"], answer["changed"]) == (False, ["v"], False)
    assert answer["reasons"] == [
        "volume v: without h2:/b/v, 1 of 2 bricks of the set would serve, and 2 are needed; name the volume in "
        "accept_downtime if its clients can wait"
    ]
    assert judged(Departure("h2", (), frozenset(["v"])), gluster)["may_stop"]
