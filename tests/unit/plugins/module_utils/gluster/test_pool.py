# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.command import Result
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import (
    InputError,
    ParseError,
    PlanError,
    UnsafeChangeError,
    VerifyError,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.answers import (
    Busy,
    DaemonDown,
    GlusterError,
    Silent,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.pool import (
    DesiredPeers,
    PeerOperation,
    unwell_here,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import StepError, converge
from ansible_collections.brickwork.gluster.tests.fakes.clock import FakeClock
from ansible_collections.brickwork.gluster.tests.fakes.cluster import FakeCluster, failure

ADDRESSES = {"h1": ["10.0.0.1"], "h2": ["10.0.0.2"], "h3": ["10.0.0.3"], "10.0.0.2": ["10.0.0.2"]}


def operation(cluster, *peers, **more):
    clock = FakeClock()
    gluster = Gluster(cluster.on(more.get("on", "h1")), clock=clock)
    desired = DesiredPeers(tuple(peers), more.get("present", True), more.get("lost", ()))
    return PeerOperation(
        gluster, desired, 5, clock, lambda name: ADDRESSES.get(name, []), more.get("offline_ok", False)
    )


def kinds(plan):
    return [(step.kind, step.target) for step in plan.steps]


def test_a_pool_is_formed_once():
    cluster = FakeCluster("h1", "h2", "h3")
    planned = converge(operation(cluster, "h1", "h2", "h3"), check_mode=True)
    assert "peer probe h2" not in cluster.commands
    done = converge(operation(cluster, "h1", "h2", "h3"))
    assert planned == done
    assert kinds(done) == [("probe_peer", "h2"), ("probe_peer", "h3")]
    assert cluster.machines["h3"].peers == ["h1", "h2"]
    assert converge(operation(cluster, "h1", "h2", "h3")).steps == []
    assert converge(operation(cluster, "h1", "h2", "h3", on="h2")).steps == []


def test_a_member_by_another_name_is_not_probed():
    cluster = FakeCluster("h1", "h2")
    cluster.form_pool("h1", "h2")
    assert converge(operation(cluster, "10.0.0.2")).steps == []


def test_a_run_that_was_cut_off_is_finished():
    cluster = FakeCluster("h1", "h2", "h3")
    cluster.machines["h3"].up = False
    with pytest.raises(StepError, match="h3"):
        converge(operation(cluster, "h2", "h3"))
    cluster.machines["h3"].up = True
    assert kinds(converge(operation(cluster, "h2", "h3"))) == [("probe_peer", "h3")]


def test_leaving_out_removes_nothing():
    cluster = FakeCluster("h1", "h2", "h3")
    cluster.form_pool("h1", "h2", "h3")
    assert converge(operation(cluster, "h2")).steps == []
    assert len(cluster.machines["h1"].peers) == 2


def test_detach():
    cluster = FakeCluster("h1", "h2", "h3")
    cluster.form_pool("h1", "h2", "h3")
    plan = converge(operation(cluster, "h3", "h9", present=False))
    assert kinds(plan) == [("detach_peer", "h3")]
    assert (plan.before, plan.after) == ({"peers": ["h1", "h2", "h3"]}, {"peers": ["h1", "h2"]})
    assert converge(operation(cluster, "h3", "h9", present=False)).steps == []
    with pytest.raises(PlanError, match="can't detach itself"):
        converge(operation(cluster, "h1", present=False))


def test_a_peer_with_bricks_stays():
    cluster = FakeCluster("h1", "h2")
    cluster.form_pool("h1", "h2")
    Gluster(cluster.on("h1")).ask("volume", "create", "v", "h1:/b/1", "h2:/b/2")
    with pytest.raises(UnsafeChangeError, match="h2:/b/2 of v"):
        converge(operation(cluster, "h2", present=False))
    assert not any("detach" in command for command in cluster.commands)


def test_strangers_are_refused_before_anything_is_changed():
    cluster = FakeCluster("h1", "h2", "h3", "h4")
    cluster.form_pool("h3", "h4")
    with pytest.raises(PlanError, match="h3 is in another pool"):
        converge(operation(cluster, "h2", "h3"))
    cluster.machines["h2"].uuid = cluster.machines["h1"].uuid
    said = refused(cluster, "h2")
    assert said.startswith("peers: h2 answers with the uuid of the node that this runs on")
    assert not any("probe" in command for command in cluster.commands)


def refused(cluster, *peers):
    with pytest.raises(PlanError) as caught:
        converge(operation(cluster, *peers))
    return str(caught.value)


def test_a_member_by_another_name_and_one_that_moved_are_told_apart():
    """By another name, moved, copied: nobody is told to remove what may be the identity of a node with bricks."""
    cluster = FakeCluster("h1", "h2", "h9")
    cluster.form_pool("h1", "h2")
    cluster.machines["h9"].uuid = cluster.machines["h2"].uuid
    other_name = refused(cluster, "h9")
    assert other_name.startswith("peers: h9 is one more name of the member h2, which is connected; write h2")
    cluster.machines["h2"].up = False
    moved = refused(cluster, "h9")
    assert moved.startswith("peers: h9 answers as the member h2, which is not connected by that name: it has moved")
    assert not any("glusterd.info" in said or "remove" in said for said in (other_name, moved))


def test_a_rejected_peer_is_an_error_with_the_remedy():
    cluster = FakeCluster("h1", "h2")
    cluster.form_pool("h1", "h2")
    cluster.machines["h1"].rejected_by.add("h2")
    with pytest.raises(PlanError, match="h2: state is 'Peer Rejected'.*glusterd.info"):
        converge(operation(cluster, "h2"))


@pytest.fixture
def remembered():
    """h3 has left; the power of h2 was cut at that moment, so it knows h3 from its disk, and has told h1 of it."""
    cluster = FakeCluster("h1", "h2", "h3", "h4")
    cluster.form_pool("h1", "h2", "h3")
    Gluster(cluster.on("h1")).ask("volume", "create", "v", "h1:/b/1", "h2:/b/2")
    cluster.machines["h3"].peers, cluster.machines["h3"].volumes = [], {}
    return cluster


def test_a_member_that_has_left_and_is_still_known_is_taken_in_anew(remembered):
    steps = kinds(converge(operation(remembered, "h2", "h3", "h4"), check_mode=True))
    assert steps == [("detach_peer", "h3"), ("probe_peer", "h3"), ("probe_peer", "h4")]
    assert kinds(converge(operation(remembered, "h2", "h3", "h4"))) == steps
    assert set(remembered.machines["h3"].peers) == {"h1", "h2", "h4"}
    assert converge(operation(remembered, "h2", "h3", "h4")).steps == []


def test_one_cut_off_after_it_was_detached_is_taken_in_by_the_next_run(remembered):
    remembered.fail_next["probe"] = failure("no reason", 1)
    with pytest.raises(StepError):
        converge(operation(remembered, "h3"))
    assert kinds(converge(operation(remembered, "h3"))) == [("probe_peer", "h3")]


def test_a_member_that_has_left_and_is_still_known_can_be_detached(remembered):
    assert kinds(converge(operation(remembered, "h3", present=False))) == [("detach_peer", "h3")]
    assert remembered.machines["h1"].peers == ["h2"]


def test_one_that_has_left_and_is_not_asked_for_stays_an_error(remembered):
    with pytest.raises(PlanError, match="h3: state is 'Peer Rejected'"):
        converge(operation(remembered, "h2"))


def test_one_that_has_volumes_of_its_own_is_not_detached(remembered):
    """It was used alone since; it could not be probed again."""
    Gluster(remembered.on("h3")).ask("volume", "create", "own", "h3:/b/own")
    with pytest.raises(PlanError, match="h3: state is 'Peer Rejected'"):
        converge(operation(remembered, "h3"))
    assert not any("detach" in command for command in remembered.commands)


def test_one_that_knows_nobody_and_is_to_hold_bricks_is_not_detached(remembered):
    """As a node with a new system disk does; the playbook replace gives it its volumes back."""
    for machine in ("h1", "h2"):
        remembered.machines[machine].volumes["v"]["bricks"].append("h3:/b/3")
    with pytest.raises(PlanError, match="h3: state is 'Peer Rejected'"):
        converge(operation(remembered, "h3"))
    assert not any("detach" in command for command in remembered.commands)


def test_a_member_that_is_down_is_named_after_the_time_limit():
    cluster = FakeCluster("h1", "h2", "h3")
    cluster.form_pool("h1", "h2", "h3")
    cluster.machines["h3"].up = False
    with pytest.raises(VerifyError, match="not whole after 5 s: h1 sees h3 .*disconnected"):
        converge(operation(cluster, "h2"))


def test_nobody_waits_for_a_member_that_does_not_come_back():
    cluster = FakeCluster("h1", "h2", "h3")
    cluster.form_pool("h1", "h2")
    cluster.machines["h2"].up = False
    assert kinds(converge(operation(cluster, "h1", "h3", lost=("h2",)))) == [("probe_peer", "h3")]
    with pytest.raises(VerifyError, match="h2"):
        converge(operation(cluster, "h1", "h3"))


def test_a_dead_member_without_bricks_can_be_taken_out():
    cluster = FakeCluster("h1", "h2", "h3")
    cluster.form_pool("h1", "h2", "h3")
    cluster.machines["h3"].up = False
    converge(operation(cluster, "h3", present=False))
    assert cluster.machines["h1"].peers == ["h2"]


def test_a_lock_is_waited_for_and_not_for_ever():
    cluster = FakeCluster("h1", "h2")
    cluster.busy = 3
    assert kinds(converge(operation(cluster, "h2"))) == [("probe_peer", "h2")]
    cluster.busy = 10**6
    with pytest.raises(Busy):
        Gluster(cluster.on("h1"), lock_patience=5, clock=FakeClock()).ask("volume", "set", "v", "a", "b")


class BetweenTwoBricks:
    """A glusterd that changes the bricks of a volume: the command line finds fewer than it was told of, and ends."""

    def __init__(self, cluster, times):
        self._runner, self.times = cluster.on("h1"), times

    def run(self, argv, timeout):
        if "info" in argv and self.times:
            self.times -= 1
            return Result(2, "", "")
        return self._runner.run(argv, timeout)


def test_volumes_are_asked_for_again_while_their_bricks_are_being_changed():
    """As seen: a replace-brick on one node while another node asked."""
    cluster = FakeCluster("h1", "h2")
    assert Gluster(BetweenTwoBricks(cluster, 3), clock=FakeClock()).volumes() == []
    with pytest.raises(Silent, match="volume info: exit code 2"):
        Gluster(BetweenTwoBricks(cluster, 10**6), clock=FakeClock()).volumes()


def test_a_stopped_daemon_is_an_error_but_not_in_check_mode():
    cluster = FakeCluster("h1", "h2")
    cluster.machines["h1"].up = False
    with pytest.raises(DaemonDown):
        converge(operation(cluster, "h2"))
    assert kinds(converge(operation(cluster, "h2", offline_ok=True), check_mode=True)) == [("probe_peer", "h2")]


@pytest.mark.parametrize("peers", [("",), ("a b",), ("h1:/x",), ("h2", "h2")])
def test_bad_names(peers):
    with pytest.raises(InputError, match="peers: "):
        converge(operation(FakeCluster("h1"), *peers))


def test_an_unreachable_machine_keeps_the_words_of_gluster():
    with pytest.raises(StepError, match="not connected") as caught:
        converge(operation(FakeCluster("h1"), "h9"))
    assert isinstance(caught.value.cause, GlusterError)


def test_a_list_without_the_node_itself_is_no_traceback():
    text = "<?xml version='1.0'?><cliOutput><opRet>0</opRet><peerStatus><peer><uuid>1</uuid><hostname>n2</hostname>"
    text += "<connected>1</connected><state>3</state><stateStr>ok</stateStr></peer></peerStatus></cliOutput>"

    class Program:
        def run(self, argv, timeout):
            return Result(0, text, "")

    with pytest.raises(ParseError, match="found no line for the node that was asked"):
        unwell_here(Gluster(Program()))


def test_several_lost_members_are_detached_though_another_one_is_away():
    cluster = FakeCluster("h1", "h2", "h3")
    cluster.form_pool("h1", "h2", "h3")
    for name in ("h2", "h3"):
        cluster.machines[name].up = False
    plan = converge(operation(cluster, "h2", "h3", present=False, lost=("h2", "h3")), check_mode=True)
    assert [step.argv[-1] for step in plan.steps] == ["force", "force"]
    plan = converge(operation(cluster, "h2", present=False, lost=("h2",)), check_mode=True)
    assert [step.argv[-1] for step in plan.steps] == ["h2"]
