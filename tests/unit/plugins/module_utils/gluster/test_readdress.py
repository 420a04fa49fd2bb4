# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A member and its bricks get another address, in a pool in memory, from every cut."""

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import (
    InputError,
    PlanError,
    UnsafeChangeError,
    VerifyError,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.readdress import (
    AddressOperation,
    desired_address,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import StepError, converge
from ansible_collections.brickwork.gluster.tests.fakes.clock import FakeClock
from ansible_collections.brickwork.gluster.tests.fakes.cluster import FakeCluster, PowerCut, uuid_of

OLD, NEW = "h2:/b/v", "new2:/b/v"
BRICKS = ["h1:/b/v", OLD, "h3:/b/v"]
RENAMED = ["stop_brick", "rename_brick"]


def made(*words):
    cluster = FakeCluster("h1", "h2", "h3", "h4")
    cluster.form_pool("h1", "h2", "h3")
    cluster.aliases = {"new2": "h2", "new4": "h4"}
    gluster = Gluster(cluster.on("h1"), clock=FakeClock())
    gluster.ask("volume", "create", "v", *words, *BRICKS)
    gluster.ask("volume", "start", "v")
    for brick in BRICKS:
        cluster.clients[brick] = ["10.0.0.9"]
    cluster.commands.clear()
    return cluster


@pytest.fixture
def cluster():
    return made("replica", "3")


def run(cluster, check_mode=False, host="h1", **given):
    clock = FakeClock()
    parameters = {"uuid": uuid_of("h2"), "address": "new2", "volume": "v", "brick": OLD, **given}
    operation = AddressOperation(
        Gluster(cluster.on(host), clock=clock), desired_address(parameters), lambda name: [], 5, clock
    )
    return [step.kind for step in converge(operation, check_mode).steps]


def bricks(cluster):
    return cluster.machines["h1"].volumes["v"]["bricks"]


def changes(cluster):
    return [words for words in cluster.commands if words.startswith(("peer", "volume reset"))]


def test_the_pool_and_the_brick_get_the_new_address_and_the_files_stay(cluster):
    held = cluster.directories[("h2", "/b/v")]
    assert run(cluster, check_mode=True) == ["probe_address", *RENAMED] and changes(cluster) == []
    assert run(cluster) == ["probe_address", *RENAMED]
    assert bricks(cluster) == ["h1:/b/v", NEW, "h3:/b/v"] and cluster.directories[("new2", "/b/v")] == held
    assert cluster.known_names == {"h2": ["new2"]}
    assert run(cluster) == [] and run(cluster, brick=NEW) == []


def test_without_a_brick_only_the_pool_hears_of_it(cluster):
    assert run(cluster, volume=None, brick=None) == ["probe_address"]
    assert run(cluster, volume=None, brick=None) == [] and bricks(cluster) == BRICKS


@pytest.mark.parametrize("after", range(1, 46))
@pytest.mark.parametrize("words", [("replica", "3"), ("disperse", "3", "redundancy", "1")])
def test_a_run_that_is_cut_off_after_any_command_is_continued_by_the_next(after, words):
    cluster = made(*words)
    cluster.cut_after = after
    try:
        run(cluster)
    except PowerCut:
        cluster.cut_after = None
        run(cluster)
    cluster.cut_after = None
    assert bricks(cluster) == ["h1:/b/v", NEW, "h3:/b/v"] and cluster.processes[NEW] == 8
    assert run(cluster) == []


@pytest.mark.parametrize("alias", [{}, {"new2": "h3"}, {"new2": "h4"}])
def test_an_address_with_nobody_or_another_machine_is_never_probed(cluster, alias):
    cluster.aliases = alias
    with pytest.raises(UnsafeChangeError, match="at new2, and not the member"):
        run(cluster)
    assert changes(cluster) == [] and cluster.machines["h4"].peers == []


def break_one(cluster):
    cluster.processes["h3:/b/v"] = None


def leave_unhealed(cluster):
    cluster.pending["h1:/b/v"] = 12


def disconnect(cluster):
    cluster.clients["h3:/b/v"] = []


def rebalance(cluster):
    cluster.tasks["v"] = [("Rebalance", "in progress")]


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (break_one, "brick h3:/b/v does not serve"),
        (leave_unhealed, "12 entries of h1:/b/v wait for healing"),
        (disconnect, "the client 10.0.0.9 is not connected to h3:/b/v"),
        (rebalance, "a task is under way: rebalance"),
    ],
)
def test_the_gate_is_asked_before_a_brick_is_away(cluster, trouble, said):
    trouble(cluster)
    with pytest.raises(UnsafeChangeError, match=said):
        run(cluster)
    assert changes(cluster) == []


def test_a_brick_that_was_stopped_by_a_run_that_was_cut_off_waits_for_no_gate(cluster):
    Gluster(cluster.on("h1"), clock=FakeClock()).ask("volume", "reset-brick", "v", OLD, "start")
    cluster.pending["h1:/b/v"] = 12
    assert run(cluster) == ["probe_address", *RENAMED] and cluster.processes[NEW] == 8


@pytest.mark.parametrize("words", [(), ("replica", "3")])
def test_without_copies_it_needs_leave(words):
    cluster = made(*words)
    if not words:
        with pytest.raises(UnsafeChangeError, match="volume v keeps no copies"):
            run(cluster)
        assert changes(cluster) == []
    assert run(cluster, accept_downtime=["v"]) == ["probe_address", *RENAMED]


def test_no_brick_is_stopped_before_all_members_have_heard_of_the_address(cluster):
    cluster.deaf = {"h3"}
    with pytest.raises(
        StepError, match="these members do not know it as a name of the member .*: h3; nothing was stopped"
    ):
        run(cluster)
    assert bricks(cluster) == BRICKS and not cluster.processes
    cluster.deaf = set()
    assert run(cluster) == RENAMED


def test_clients_that_do_not_come_back_end_it(cluster):
    cluster.unreachable = {"new2"}
    with pytest.raises(
        VerifyError, match="these clients, which were connected to it before, are not after 5 s: 10.0.0.9"
    ):
        run(cluster)


def test_a_brick_without_a_process_ends_it(cluster):
    cluster.dead = {("new2", "/b/v")}
    with pytest.raises(VerifyError, match="new2:/b/v has no process after 5 s"):
        run(cluster)


def test_a_volume_that_does_not_run_is_refused(cluster):
    cluster.machines["h1"].volumes["v"]["status"] = "Stopped"
    with pytest.raises(PlanError, match="found v not started, and GlusterFS gives a brick another address only while"):
        run(cluster)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"uuid": "x"}, "^uuid: found"),
        ({"uuid": uuid_of("h4")}, "^uuid: found no member"),
        ({"address": "--remote-host=x"}, "^address: found"),
        ({"brick": "--wignore:/b"}, "^brick: "),
        ({"brick": "h2:/b/../v"}, "^brick: "),
        ({"brick": "h2:/other"}, "^brick: found no brick h2:/other of the member"),
        ({"brick": "h3:/b/v"}, "^brick: found no brick h3:/b/v of the member"),
        ({"volume": "w"}, "^volume: found no volume w"),
    ],
)
def test_what_is_wrong_in_itself_is_one_clear_error(cluster, given, said):
    with pytest.raises(InputError, match=said):
        run(cluster, **given)
    assert changes(cluster) == []


def test_a_pool_of_one_knows_no_name_of_itself():
    cluster = FakeCluster("h1")
    cluster.aliases = {"new1": "h1"}
    gluster = Gluster(cluster.on("h1"), clock=FakeClock())
    gluster.ask("volume", "create", "v", "h1:/b/v")
    gluster.ask("volume", "start", "v")
    given = {"uuid": uuid_of("h1"), "address": "new1", "brick": "h1:/b/v", "accept_downtime": ["v"]}
    assert run(cluster, **given) == RENAMED and bricks(cluster) == ["new1:/b/v"]
