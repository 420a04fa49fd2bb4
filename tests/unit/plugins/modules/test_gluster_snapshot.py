# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Snapshots of volumes of a pool in memory: made once, refused with all reasons, deleted by their label."""

import pytest
import yaml

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError, PlanError
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.snapshot import (
    SnapshotOperation,
    desired_snapshots,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import StepError, converge
from ansible_collections.brickwork.gluster.plugins.modules import gluster_snapshot
from ansible_collections.brickwork.gluster.tests.fakes.clock import FakeClock
from ansible_collections.brickwork.gluster.tests.fakes.cluster import FakeCluster, PowerCut

NODES = ("h1", "h2", "h3")
MADE = {"v": ["v-before-10_3"], "w": ["w-before-10_3"]}


@pytest.fixture
def cluster():
    return two_volumes()


def two_volumes():
    made = FakeCluster(*NODES)
    made.form_pool(*NODES)
    gluster = Gluster(made.on("h1"), clock=FakeClock())
    for name in ("v", "w"):
        gluster.ask("volume", "create", name, "replica", "3", *("%s:/b/%s" % (node, name) for node in NODES))
        gluster.ask("volume", "start", name)
    made.commands.clear()
    return made


def run(cluster, volumes=("v", "w"), label="before-10.3", state="present", check_mode=False):
    desired = desired_snapshots({"volumes": volumes, "label": label, "state": state})
    plan = converge(SnapshotOperation(Gluster(cluster.on("h1"), clock=FakeClock()), desired), check_mode)
    return [step.kind for step in plan.steps], plan.findings


def test_each_volume_gets_one_once(cluster):
    assert run(cluster, check_mode=True)[0] == ["make_snapshot", "make_snapshot"] and cluster.snapshot_names == {}
    steps, findings = run(cluster)
    assert steps == ["make_snapshot", "make_snapshot"] and cluster.snapshot_names == MADE
    assert findings["snapshots"] == {"v": "v-before-10_3", "w": "w-before-10_3"}
    assert set(findings) == set(yaml.safe_load(gluster_snapshot.RETURN)) - {"steps", "steps_done", "failed_step"}
    assert run(cluster)[0] == []


@pytest.mark.parametrize("cut", range(14))
def test_a_run_that_is_cut_off_anywhere_is_continued(cut):
    cluster = two_volumes()
    cluster.cut_after = cut
    try:
        run(cluster)
    except PowerCut:
        pass
    cluster.cut_after = None
    run(cluster)
    assert cluster.snapshot_names == MADE


def test_they_are_deleted_by_their_label_and_others_stay(cluster):
    run(cluster)
    run(cluster, label="mine")
    assert run(cluster, state="absent")[0] == ["delete_snapshot", "delete_snapshot"]
    assert cluster.snapshot_names == {"v": ["v-mine"], "w": ["w-mine"]}
    assert run(cluster, state="absent")[0] == [] and run(cluster, volumes=["x"], state="absent")[0] == []


def test_all_reasons_are_said_before_the_first_is_made(cluster):
    cluster.processes["h2:/b/w"] = None
    cluster.pending["h1:/b/v"] = 2
    with pytest.raises(PlanError) as said:
        run(cluster)
    assert "volume v: 2 entries of h1:/b/v wait for healing" in str(said.value)
    assert "volume w: brick h2:/b/w does not serve" in str(said.value) and cluster.snapshot_names == {}


def test_what_is_there_already_is_no_matter_to_what_happened_since(cluster):
    run(cluster)
    cluster.processes["h2:/b/w"] = None
    assert run(cluster)[0] == []


def test_what_glusterfs_refuses_is_told(cluster):
    cluster.is_thin = False
    with pytest.raises(StepError, match="supported only for thin provisioned LV"):
        run(cluster)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"volumes": ["x"]}, "volumes: found no volume x; write names of volumes that exist"),
        ({"label": "a b"}, "label: found a b; write at most 100 letters"),
        ({"label": ""}, "label: found ; write at most"),
    ],
)
def test_wrong_names_are_refused(cluster, given, said):
    with pytest.raises(InputError, match=said):
        run(cluster, **given)
