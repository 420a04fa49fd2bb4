# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of volumes are spread over all sets, in a pool in memory."""

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.command import Result
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError, PlanError
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.rebalance import (
    DesiredRebalance,
    RebalanceOperation,
    desired_rebalance,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Brick
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.volume import VolumesOperation
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.volume_plan import DesiredVolume
from ansible_collections.brickwork.gluster.plugins.module_utils.shapes import Shape
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import StepError, converge
from ansible_collections.brickwork.gluster.tests.fakes.clock import FakeClock
from ansible_collections.brickwork.gluster.tests.fakes.cluster import FakeCluster, PowerCut, failure
from ansible_collections.brickwork.gluster.tests.fakes.cluster import Gluster as ClusterAnswers

NODES = ("h1", "h2", "h3")
MARK = "user.brickwork-rebalance"
START = ["start_rebalance", "note_rebalance"]


def bricks(first, last, name="v"):
    return [f"{node}:/b/{name}{number}" for number in range(first, last + 1) for node in NODES]


@pytest.fixture
def cluster():
    made = FakeCluster(*NODES)
    made.form_pool(*NODES)
    gluster(made).ask("volume", "create", "v", "replica", "3", *bricks(1, 2))
    gluster(made).ask("volume", "start", "v")
    made.moves_slowly = True
    return made


def gluster(cluster):
    return Gluster(cluster.on("h1"), clock=FakeClock())


def run(cluster, *names, check_mode=False, **desired):
    operation = RebalanceOperation(gluster(cluster), DesiredRebalance(names or ("v",), **desired), FakeClock())
    plan = converge(operation, check_mode)
    return [step.kind for step in plan.steps], plan.findings["volumes"]


def test_it_is_started_taken_up_and_not_started_again_when_it_has_moved_all(cluster):
    assert run(cluster, check_mode=True)[0] == START and cluster.moving == {}
    steps, [volume] = run(cluster)
    assert steps == START and volume["state"] == "in progress"
    assert run(cluster)[0] == []
    cluster.moving["v"].now("completed", skipped=2)
    steps, [volume] = run(cluster)
    assert steps == [] and volume["state"] == "completed"
    assert (volume["files"], volume["skipped"], volume["failures"]) == (9, 6, 0)
    assert volume["problems"][0] == (
        "h1: 0 files failed and 2 were skipped; their names are in /var/log/glusterfs/v-rebalance.log there"
    )


def test_it_runs_as_long_as_it_does_on_one_member(cluster):
    run(cluster)
    cluster.moving["v"].machines["h2"]["status"] = "failed"
    assert run(cluster)[1][0]["state"] == "in progress"
    cluster.moving["v"].machines["h1"]["status"] = cluster.moving["v"].machines["h3"]["status"] = "completed"
    assert run(cluster, state="observed")[1][0]["state"] == "failed"


def test_what_failed_is_tried_again(cluster):
    run(cluster)
    cluster.moving["v"].now("completed", failures=1)
    assert run(cluster)[0] == ["start_rebalance"]


def test_bricks_that_were_added_after_the_last_one_ask_for_another(cluster):
    cluster.moves_slowly = False
    assert run(cluster)[0] == START
    gluster(cluster).ask("volume", "add-brick", "v", *bricks(3, 3))
    assert run(cluster)[0] == START
    assert run(cluster)[0] == []


def test_a_member_that_was_away_at_the_end_has_perhaps_not_moved_all(cluster):
    run(cluster)
    cluster.moving["v"].now("completed")
    del cluster.moving["v"].machines["h3"]
    assert run(cluster, state="observed")[1][0]["silent"] == ["h3"]
    assert run(cluster)[0] == ["start_rebalance"]
    cluster.moving["v"].now("completed")
    assert run(cluster)[0] == [] and run(cluster)[1][0]["silent"] == []


def test_one_that_was_just_stopped_is_waited_for(cluster, monkeypatch):
    refusals = [failure("Rebalance on v is already started"), failure("Rebalance is in progress. Please retry")]
    answer = ClusterAnswers._volume_rebalance
    started = []

    def slow(self, name, *words):
        if words == ("start",):
            started.append(name)
            if len(started) <= len(refusals):
                return refusals[len(started) - 1]
        return answer(self, name, *words)

    monkeypatch.setattr(ClusterAnswers, "_volume_rebalance", slow)
    assert run(cluster)[0] == START and len(started) == 3


def test_one_that_the_module_gluster_volume_has_started_counts(cluster):
    cluster.moves_slowly = False
    wanted = tuple(Brick(*brick.split(":")) for brick in bricks(1, 3))
    volume = DesiredVolume("v", "started", Shape("replicate", 3), wanted, rebalance=True)
    operation = VolumesOperation(
        gluster(cluster), cluster.directories_of("h1"), [volume], clock=FakeClock(), resolve=lambda name: [name]
    )
    assert "start_rebalance" in [step.kind for step in converge(operation).steps]
    assert run(cluster)[0] == []


def test_one_that_somebody_has_started_by_hand_is_taken_up(cluster):
    """What is under way is of the bricks that there are: none can be added meanwhile."""
    gluster(cluster).ask("volume", "rebalance", "v", "start")
    assert run(cluster)[0] == ["note_rebalance"]
    cluster.moving["v"].now("completed")
    assert run(cluster)[0] == []


def test_an_old_one_of_nobody_knows_which_bricks_does_not_count(cluster):
    cluster.machines["h1"].volumes["v"]["options"][MARK] = "started"
    gluster(cluster).ask("volume", "rebalance", "v", "start")
    cluster.moving["v"].now("completed")
    assert run(cluster)[0] == START


def test_one_of_the_layout_moves_no_files(cluster):
    assert run(cluster, layout_only=True)[0] == START
    assert "volume rebalance v fix-layout start" in cluster.commands
    assert run(cluster, layout_only=True)[1][0]["layout_only"] is True
    cluster.moving["v"].now("fix-layout completed")
    assert run(cluster, layout_only=True)[0] == []
    assert run(cluster)[0] == ["start_rebalance"], "the files are still to be moved"
    cluster.moving["v"].now("completed")
    assert run(cluster, layout_only=True)[0] == []


def test_the_throttle_is_set_only_if_it_is_given_and_also_while_it_runs(cluster):
    assert run(cluster, throttle="lazy")[0] == ["set_options", *START]
    assert run(cluster)[0] == []
    assert run(cluster, throttle="aggressive")[0] == ["set_options"]
    assert run(cluster, throttle="aggressive")[0] == []


def test_it_is_stopped_once_and_goes_on_later(cluster):
    assert run(cluster, state="stopped")[0] == []
    run(cluster)
    assert run(cluster, state="stopped", check_mode=True)[0] == ["stop_rebalance"]
    assert run(cluster, state="stopped")[0] == ["stop_rebalance"]
    steps, [volume] = run(cluster, state="stopped")
    assert steps == [] and volume["state"] == "not started"
    assert run(cluster)[0] == ["start_rebalance"]


def test_with_one_set_there_is_nothing_to_move(cluster):
    gluster(cluster).ask("volume", "create", "small", "replica", "3", *bricks(1, 1, "s"))
    assert run(cluster, "small", throttle="lazy")[0] == []


def test_volumes_are_done_together_and_one_that_can_not_be_keeps_all_from_it(cluster):
    gluster(cluster).ask("volume", "create", "w", *bricks(1, 1, "w"))
    with pytest.raises(PlanError, match="volume w: it is not started"):
        run(cluster, "v", "w")
    assert cluster.moving == {}
    gluster(cluster).ask("volume", "start", "w")
    assert run(cluster, "v", "w")[0] == START + START
    with pytest.raises(InputError, match="found no volume x"):
        run(cluster, "v", "x")


def stop_brick(cluster):
    cluster.processes["h2:/b/v1"] = None


def one_waits(cluster):
    cluster.pending["h2:/b/v1"] = 3


def split(cluster):
    cluster.split_brain["h2:/b/v1"] = [("g", "/f")]


def uncounted(cluster):
    cluster.heal_failures["v"] = "no answer"


def away(cluster):
    cluster.machines["h3"].up = False


def removal(cluster):
    gluster(cluster).ask("volume", "remove-brick", "v", *bricks(2, 2), "start")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (stop_brick, "volume v: brick h2:/b/v1 does not serve"),
        (one_waits, "volume v: 3 entries of h2:/b/v1 wait for healing"),
        (split, "volume v: 1 entries of h2:/b/v1 are in split-brain"),
        (uncounted, "volume v: what waits for healing is not known: .*no answer"),
        (away, "volume v: the member h3 is .* disconnected"),
        (removal, "volume v: its removal of bricks is in progress; the playbook shrink ends it"),
    ],
)
def test_what_may_spoil_files_is_refused_and_nothing_is_begun(cluster, wrong, said):
    wrong(cluster)
    before = len(cluster.commands)
    with pytest.raises(PlanError, match=said):
        run(cluster)
    assert not any("rebalance v start" in command for command in cluster.commands[before:])


def test_all_reasons_are_told_at_once(cluster):
    stop_brick(cluster)
    one_waits(cluster)
    with pytest.raises(PlanError, match="does not serve\n.*wait for healing"):
        run(cluster)


def test_heals_do_not_hinder_the_wait_for_one_that_runs(cluster):
    run(cluster)
    one_waits(cluster)
    cluster.commands.clear()
    assert run(cluster)[0] == []
    assert not any("heal" in command for command in cluster.commands)
    assert len(cluster.commands) == 5


def test_a_refusal_of_gluster_is_told(cluster, monkeypatch):
    monkeypatch.setattr(ClusterAnswers, "_volume_rebalance", refuse_start)
    with pytest.raises(StepError, match="start rebalance v: .*Quorum not met"):
        run(cluster)


def refuse_start(_gluster, name, *words):
    if words == ("status",):
        return Result(1, failure("Rebalance not started for volume %s." % name).stdout, "")
    return failure("Quorum not met. Volume operation not allowed.")


@pytest.mark.parametrize("after", range(1, 16))
def test_a_cut_anywhere_is_followed_by_one_that_gets_there(cluster, after):
    cluster.moves_slowly = False
    cluster.cut_after = len(cluster.commands) + after
    try:
        run(cluster)
    except PowerCut:
        pass
    cluster.cut_after = None
    run(cluster)
    assert run(cluster)[0] == [] and cluster.moving["v"].status == "completed"


def test_about_what_is_uneven_is_left(cluster):
    for brick in bricks(1, 1):
        cluster.sizes[brick] = (1000, 400)
    for brick in bricks(2, 2):
        cluster.sizes[brick] = (1000, 1000)
    assert run(cluster)[1][0]["left"] == 300


def params(**more):
    return dict({"volumes": ["v"], "state": "started", "layout_only": False, "throttle": None}, **more)


def test_the_parameters_are_read():
    assert desired_rebalance(params()) == DesiredRebalance(("v",))
    with pytest.raises(InputError, match="volumes: found no name"):
        desired_rebalance(params(volumes=[]))
    with pytest.raises(InputError, match="volumes: found"):
        desired_rebalance(params(volumes=["--log-file=/x"]))
