# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Volumes of a pool in memory are stopped with a note and started by it, cut off anywhere between."""

import pytest
import yaml

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import UnsafeChangeError, VerifyError
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.answers import TimeUp
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.pause import PauseOperation, desired_pause
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import StepError, converge
from ansible_collections.brickwork.gluster.plugins.modules import gluster_pause
from ansible_collections.brickwork.gluster.tests.fakes.clock import FakeClock
from ansible_collections.brickwork.gluster.tests.fakes.cluster import FakeCluster, PowerCut

NODES = ("h1", "h2", "h3")
ALL = ("dist", "v", "w")


def pool():
    """Three volumes are started, and one is stopped already."""
    made = FakeCluster(*NODES)
    made.form_pool(*NODES)
    gluster = Gluster(made.on("h1"), clock=FakeClock())
    for name in ("rest", "v", "w"):
        gluster.ask("volume", "create", name, "replica", "3", *("%s:/b/%s" % (node, name) for node in NODES))
        gluster.ask("volume", "start", name)
    gluster.ask("volume", "stop", "rest")
    gluster.ask("volume", "create", "dist", "h1:/b/d", "h2:/b/d")
    gluster.ask("volume", "start", "dist")
    made.commands.clear()
    return made


@pytest.fixture
def cluster():
    return pool()


def run(cluster, state, accepted=ALL, check_mode=False):
    clock = FakeClock()
    desired = desired_pause({"state": state, "accept_downtime": accepted})
    plan = converge(PauseOperation(Gluster(cluster.on("h1"), clock=clock), desired, 5, clock), check_mode)
    return [(step.kind, step.target) for step in plan.steps], plan.findings["paused"]


def states(cluster):
    return {name: volume["status"] for name, volume in cluster.machines["h1"].volumes.items()}


def notes(cluster):
    volumes = cluster.machines["h1"].volumes
    return sorted(name for name in volumes if volumes[name]["options"].get("user.brickwork-upgrade") == "started")


def test_all_that_are_started_are_noted_before_the_first_is_stopped(cluster):
    steps, paused = run(cluster, "paused")
    assert steps == [("note_volume", name) for name in ALL] + [("stop_volume", name) for name in ALL]
    assert paused == list(ALL) == notes(cluster) and set(states(cluster).values()) == {"Stopped"}
    assert run(cluster, "paused") == ([], list(ALL))


def test_only_those_that_were_started_are_started_again(cluster):
    run(cluster, "paused")
    steps, paused = run(cluster, "resumed")
    assert steps == [(kind, name) for name in ALL for kind in ("start_volume", "forget_note")]
    assert paused == [] == notes(cluster)
    assert states(cluster) == {"rest": "Stopped", **dict.fromkeys(ALL, "Started")}
    assert run(cluster, "resumed") == ([], [])


def test_check_mode_tells_the_steps_and_takes_none(cluster):
    assert len(run(cluster, "paused", check_mode=True)[0]) == 6
    assert notes(cluster) == [] and states(cluster)["v"] == "Started"


@pytest.mark.parametrize("state", ["paused", "resumed"])
def test_a_run_that_is_cut_off_anywhere_is_continued(state):
    cuts = 0
    while True:
        cluster = pool()
        if state == "resumed":
            run(cluster, "paused")
        cluster.commands.clear()
        cluster.cut_after = cuts
        try:
            run(cluster, state)
            break
        except PowerCut:
            cluster.cut_after = None
        run(cluster, state)
        assert notes(cluster) == (list(ALL) if state == "paused" else [])
        assert states(cluster) == {
            "rest": "Stopped",
            **dict.fromkeys(ALL, "Stopped" if state == "paused" else "Started"),
        }
        cuts += 1
    assert cuts > 10


def test_a_volume_that_is_not_named_is_refused_with_all_others_before_the_first_note(cluster):
    with pytest.raises(UnsafeChangeError, match="volume dist is started; name it in accept_downtime") as error:
        run(cluster, "paused", accepted=["v"])
    assert "volume w is started" in str(error.value) and "volume v" not in str(error.value)
    assert notes(cluster) == []


def test_nothing_is_stopped_that_waits_moves_or_does_not_serve(cluster):
    cluster.pending["h2:/b/v"] = 3
    cluster.tasks["w"] = [("Rebalance", "in progress")]
    cluster.processes["h1:/b/d"] = None
    with pytest.raises(UnsafeChangeError) as error:
        run(cluster, "paused")
    assert str(error.value).splitlines()[1:] == [
        "volume dist: brick h1:/b/d does not serve",
        "volume v: 3 entries of h2:/b/v wait for healing",
        "volume w: a task is under way: rebalance, in progress; let it end, or stop it, first",
    ]
    assert notes(cluster) == []


def test_nothing_is_stopped_while_a_volume_has_geo_replication(cluster):
    for machine in cluster.machines.values():
        machine.volumes["v"]["options"]["geo-replication.indexing"] = "on"
    with pytest.raises(UnsafeChangeError, match="volume v: geo-replication.indexing is on"):
        run(cluster, "paused")
    assert notes(cluster) == []


def test_no_volume_is_started_while_members_reject_each_other(cluster):
    run(cluster, "paused")
    cluster.machines["h2"].rejected_by.add("h3")
    with pytest.raises(VerifyError, match="not whole after 5 s.*h2 sees h3 as 'Peer Rejected'.*restart glusterd"):
        run(cluster, "resumed")
    assert states(cluster)["v"] == "Stopped" and notes(cluster) == list(ALL)
    cluster.machines["h2"].rejected_by.clear()
    cluster.machines["h1"].up = False
    with pytest.raises(VerifyError, match="not whole after 5 s"):
        run(cluster, "resumed")
    cluster.machines["h1"].up = True
    assert run(cluster, "resumed")[1] == []


def test_a_brick_that_does_not_start_keeps_the_note_of_its_volume_and_not_the_others(cluster):
    run(cluster, "paused")
    cluster.processes["h3:/b/v"] = None
    with pytest.raises(StepError, match="volume v: bricks without a process after 5 s: h3:/b/v; look at their logs"):
        run(cluster, "resumed")
    assert notes(cluster) == ["v"] and states(cluster)["w"] == "Started"
    cluster.processes.clear()
    assert run(cluster, "resumed") == ([("forget_note", "v")], [])


def test_no_volume_is_stopped_whose_note_may_be_missing(cluster, monkeypatch):
    ask = Gluster.ask

    def silent(self, *words, **more):
        if words[:3] == ("volume", "set", "v"):
            raise TimeUp("no answer in time")
        return ask(self, *words, **more)

    monkeypatch.setattr(Gluster, "ask", silent)
    with pytest.raises(StepError, match="note volume v: no answer in time"):
        run(cluster, "paused")
    assert set(states(cluster).values()) == {"Started", "Stopped"} and states(cluster)["w"] == "Started"
    monkeypatch.setattr(Gluster, "ask", ask)
    assert run(cluster, "paused")[1] == list(ALL) == notes(cluster)


def test_the_documentation_names_what_is_returned():
    assert set(yaml.safe_load(gluster_pause.RETURN)) == {"paused", "steps", "steps_done", "failed_step"}
