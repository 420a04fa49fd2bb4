# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""gluster_rebalance and gluster_shrink as modules: what they refuse by themselves, and what they return."""

import json
import subprocess
import sys

import pytest
import yaml

from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.rebalance import (
    DesiredRebalance,
    RebalanceOperation,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.shrink import DesiredShrink, ShrinkOperation
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import converge
from ansible_collections.brickwork.gluster.plugins.modules import gluster_rebalance, gluster_shrink
from ansible_collections.brickwork.gluster.tests.fakes.clock import FakeClock
from ansible_collections.brickwork.gluster.tests.fakes.cluster import FakeCluster

MODULES = "ansible_collections.brickwork.gluster.plugins.modules."
BRICKS = ["h1:/b/1", "h2:/b/2"]


@pytest.mark.parametrize(
    ("module", "parameters", "said"),
    [
        ("gluster_rebalance", {"volumes": []}, "volumes: found no name; write the volumes"),
        ("gluster_rebalance", {"volumes": ["v"], "throttle": "fast"}, "value of throttle must be one of"),
        ("gluster_rebalance", {"volumes": ["--mode=x"]}, "volumes: found"),
        ("gluster_shrink", {"volume": "v"}, "found neither or both of sets and bricks"),
        ("gluster_shrink", {"volume": "v", "sets": 0}, "sets: found 0"),
        ("gluster_shrink", {"volume": "v", "bricks": ["h1"]}, "bricks: found 'h1'; write host:/absolute/path"),
    ],
)
def test_what_is_wrong_in_itself_is_refused_before_anything_is_asked(tmp_path, module, parameters, said):
    argv = [sys.executable, "-m", MODULES + module, json.dumps({"ANSIBLE_MODULE_ARGS": parameters})]
    done = subprocess.run(argv, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    answer = json.loads(done.stdout)
    assert answer["failed"] and said in answer["msg"]


def contents(module):
    """Return the keys that a module documents, of its answer and of a volume in it."""
    documented = yaml.safe_load(module.RETURN)
    return set(documented) - {"steps", "steps_done", "failed_step"}, documented["volumes"]["contains"]


@pytest.mark.parametrize("module", [gluster_rebalance, gluster_shrink])
def test_they_return_what_they_document(module):
    cluster = FakeCluster("h1", "h2")
    cluster.form_pool("h1", "h2")
    cluster.moves_slowly = True
    cluster.sizes = dict.fromkeys(BRICKS, (1000, 900))
    gluster = Gluster(cluster.on("h1"), clock=FakeClock())
    gluster.ask("volume", "create", "v", *BRICKS)
    gluster.ask("volume", "start", "v")
    if module is gluster_rebalance:
        operation = RebalanceOperation(gluster, DesiredRebalance(("v",)), FakeClock())
    else:
        operation = ShrinkOperation(gluster, DesiredShrink("v", 1), clock=FakeClock())
    findings = converge(operation).findings
    answer, volume = contents(module)
    assert set(findings) == answer and set(findings["volumes"][0]) == set(volume)
    [sample] = yaml.safe_load(module.RETURN)["volumes"]["sample"]
    assert set(findings["volumes"][0]["members"][0]) == set(sample["members"][0])
