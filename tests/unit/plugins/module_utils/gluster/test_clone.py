# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A volume is cloned by way of a snapshot, in a pool in memory, from every cut."""

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import (
    InputError,
    PlanError,
    UnsafeChangeError,
    VerifyError,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.clone import CloneOperation, desired_clone
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import StepError, converge
from ansible_collections.brickwork.gluster.tests.fakes.clock import FakeClock
from ansible_collections.brickwork.gluster.tests.fakes.cluster import FakeCluster, PowerCut, failure

BRICKS = ["h1:/b/v", "h2:/b/v", "h3:/b/v"]
ALL = ["create_snapshot", "activate_snapshot", "clone_volume", "start_clone", "delete_snapshot"]


def made(*words):
    cluster = FakeCluster("h1", "h2", "h3")
    cluster.form_pool("h1", "h2", "h3")
    gluster = Gluster(cluster.on("h1"), clock=FakeClock())
    gluster.ask("volume", "create", "v", *words, *BRICKS)
    gluster.ask("volume", "start", "v")
    cluster.commands.clear()
    return cluster


@pytest.fixture
def cluster():
    return made("replica", "3")


def run(cluster, check_mode=False, **given):
    clock = FakeClock()
    desired = desired_clone({"volume": "v", "name": "look", **given})
    plan = converge(CloneOperation(Gluster(cluster.on("h1"), clock=clock), desired, 5, clock), check_mode)
    return [step.kind for step in plan.steps], plan.findings["bricks"]


def changes(cluster):
    return [words for words in cluster.commands if words.startswith(("snapshot c", "snapshot a", "snapshot d"))]


@pytest.mark.parametrize("words", [("replica", "3"), (), ("disperse", "3", "redundancy", "1")])
def test_the_clone_is_there_and_runs_and_the_snapshot_is_gone(words):
    cluster = made(*words)
    assert run(cluster, check_mode=True) == (ALL, []) and changes(cluster) == []
    kinds, bricks = run(cluster)
    assert kinds == ALL and len(bricks) == 3 and all("/run/gluster/snaps/" in brick for brick in bricks)
    volumes = cluster.machines["h1"].volumes
    assert volumes["look"]["status"] == "Started" and cluster.snapshot_states == {} and volumes["v"]["bricks"] == BRICKS
    assert run(cluster) == ([], bricks)


@pytest.mark.parametrize("after", range(1, 30))
def test_a_run_that_is_cut_off_after_any_command_is_continued_by_the_next(cluster, after):
    cluster.cut_after = after
    try:
        run(cluster)
    except PowerCut:
        cluster.cut_after = None
        run(cluster)
    cluster.cut_after = None
    assert cluster.machines["h1"].volumes["look"]["status"] == "Started" and cluster.snapshot_states == {}
    assert run(cluster)[0] == []


def test_a_snapshot_that_a_run_left_days_ago_is_not_how_the_volume_is_now(cluster):
    cluster.snapshot_states[desired_clone({"volume": "v", "name": "look"}).snapshot] = ["v", "Started"]
    assert run(cluster)[0] == ["delete_snapshot", *ALL]


def test_a_clone_that_somebody_stopped_stays_stopped(cluster):
    run(cluster)
    cluster.machines["h1"].volumes["look"]["status"] = "Stopped"
    assert run(cluster)[0] == []


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        ({"processes": {"h2:/b/v": None}}, "h2:/b/v does not serve"),
        ({"pending": {"h1:/b/v": 12}}, "12 entries wait for healing"),
        ({"split_brain": {"h1:/b/v": [("g", "/a")]}}, "1 entries are in split-brain"),
    ],
)
def test_what_the_clone_would_lack_is_refused(cluster, trouble, said):
    for name, value in trouble.items():
        setattr(cluster, name, value)
    with pytest.raises(UnsafeChangeError, match=said):
        run(cluster)
    assert changes(cluster) == []


def test_the_name_of_another_volume_is_refused(cluster):
    Gluster(cluster.on("h1"), clock=FakeClock()).ask("volume", "create", "look", "h1:/b/w")
    with pytest.raises(UnsafeChangeError, match="name: found the volume look, which is no clone"):
        run(cluster)


def test_bricks_that_are_not_thin_are_refused_by_glusterfs(cluster):
    why = "Snapshot is supported only for thin provisioned LV. Ensure that all bricks of v are thinly provisioned LV."
    cluster.fail_next = {"create brickwork_clone_look": failure(why)}
    with pytest.raises(StepError, match="only for thin provisioned LV"):
        run(cluster)
    assert "look" not in cluster.machines["h1"].volumes


def test_a_brick_of_the_clone_without_a_process_ends_it(cluster):
    cluster.processes["h2:/run/gluster/snaps/0f/brick2/b"] = None
    with pytest.raises(VerifyError, match="look: no process after 5 s: h2:/run/gluster/snaps/0f/brick2/b"):
        run(cluster)


@pytest.mark.parametrize(
    ("given", "error", "said"),
    [
        ({"name": "v"}, InputError, "^name: found v, the name of the volume itself"),
        ({"name": "--x"}, InputError, "^name: found"),
        ({"volume": "w"}, InputError, "^volume: found no volume w"),
    ],
)
def test_what_is_wrong_in_itself_is_one_clear_error(cluster, given, error, said):
    with pytest.raises(error, match=said):
        run(cluster, **given)


def test_a_volume_that_does_not_run_is_refused(cluster):
    cluster.machines["h1"].volumes["v"]["status"] = "Stopped"
    with pytest.raises(PlanError, match="found v not started"):
        run(cluster)
