# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sets leave a volume after their files have moved, in a pool in memory."""

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError, PlanError, UnsafeChangeError
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.shrink import (
    DesiredShrink,
    ShrinkOperation,
    desired_shrink,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import converge
from ansible_collections.brickwork.gluster.tests.fakes.clock import FakeClock
from ansible_collections.brickwork.gluster.tests.fakes.cluster import FakeCluster, PowerCut

NODES = ("h1", "h2", "h3")
GIB = 2**30
LAST = ["h1:/b/v2", "h2:/b/v2", "h3:/b/v2"]
FIRST = ["h1:/b/v1", "h2:/b/v1", "h3:/b/v1"]


@pytest.fixture
def cluster():
    made = FakeCluster(*NODES)
    made.form_pool(*NODES)
    gluster(made).ask("volume", "create", "v", "replica", "3", *FIRST, *LAST)
    gluster(made).ask("volume", "start", "v")
    made.sizes = dict.fromkeys(FIRST + LAST, (10 * GIB, 7 * GIB))
    made.moves_slowly = True
    return made


def gluster(cluster):
    return Gluster(cluster.on("h1"), clock=FakeClock())


def run(cluster, check_mode=False, **desired):
    if desired.get("state", "shrunk") == "shrunk" and not desired.get("bricks"):
        desired.setdefault("sets", 1)
    operation = ShrinkOperation(gluster(cluster), DesiredShrink("v", **desired), ahead=check_mode, clock=FakeClock())
    plan = converge(operation, check_mode)
    return [step.kind for step in plan.steps], plan.findings


def present(cluster):
    return cluster.machines["h1"].volumes["v"]["bricks"]


def test_files_move_first_and_then_the_bricks_leave(cluster):
    steps, findings = run(cluster)
    assert steps == ["start_removal"] and findings["volumes"][0]["state"] == "in progress"
    assert (findings["freed"], findings["sets"], present(cluster)) == ([], 2, FIRST + LAST)
    assert findings["volumes"][0]["left"] == 3 * GIB
    assert run(cluster)[0] == []
    cluster.moving["v"].now("completed")
    steps, findings = run(cluster)
    assert steps == ["commit_removal"] and (findings["freed"], findings["sets"]) == (LAST, 1)
    assert findings["volumes"][0]["left"] == 0
    assert present(cluster) == FIRST and all(tuple(brick.split(":")) in cluster.directories for brick in LAST)
    assert run(cluster)[0] == [] and run(cluster, bricks=tuple(LAST))[0] == []
    assert not any("force" in command for command in cluster.commands)


def test_what_moves_at_once_leaves_in_one_run(cluster):
    cluster.moves_slowly = False
    steps, findings = run(cluster)
    assert steps == ["start_removal", "commit_removal"] and findings["freed"] == LAST


def test_check_mode_shows_both_steps_and_takes_none(cluster):
    steps, findings = run(cluster, check_mode=True)
    assert steps == ["start_removal", "commit_removal"] and findings["freed"] == LAST and cluster.moving == {}
    assert findings["volumes"][0]["left"] == 3 * GIB
    run(cluster)
    assert run(cluster, check_mode=True)[0] == ["commit_removal"] and present(cluster) == FIRST + LAST
    cluster.moving["v"].now("completed")
    assert run(cluster, check_mode=True)[0] == ["commit_removal"] and present(cluster) == FIRST + LAST


def test_without_commit_the_bricks_stay_until_a_later_run(cluster):
    cluster.moves_slowly = False
    assert run(cluster, commit=False)[0] == ["start_removal"]
    assert run(cluster, commit=False)[0] == [] and present(cluster) == FIRST + LAST
    assert run(cluster)[0] == ["commit_removal"]


@pytest.mark.parametrize("what", ["failures", "skipped"])
def test_a_file_that_did_not_move_keeps_the_bricks_in_the_volume(cluster, what):
    run(cluster)
    cluster.moving["v"].now("completed")
    cluster.moving["v"].machines["h2"][what] = 1
    words = r"have moved, and they stay in it; .*state: stopped.*\nh2: . files"
    with pytest.raises(UnsafeChangeError, match=words) as said:
        run(cluster)
    assert "v-rebalance.log" in str(said.value) and "h1:" not in str(said.value).split("\n", 1)[1]
    assert present(cluster) == FIRST + LAST


def test_a_member_that_does_not_tell_keeps_them_too(cluster):
    run(cluster)
    cluster.moving["v"].now("completed")
    del cluster.moving["v"].machines["h3"]
    with pytest.raises(UnsafeChangeError, match="h3 does not tell what it has moved"):
        run(cluster)
    assert present(cluster) == FIRST + LAST


def test_one_look_is_five_commands_and_heals_are_counted_only_before_it_begins(cluster):
    cluster.commands.clear()
    run(cluster, state="observed")
    assert len(cluster.commands) == 4
    run(cluster)
    cluster.commands.clear()
    run(cluster)
    assert len(cluster.commands) == 5 and not any("heal" in command for command in cluster.commands)


def test_one_that_failed_is_not_committed(cluster):
    run(cluster)
    cluster.moving["v"].now("failed")
    with pytest.raises(UnsafeChangeError, match="the removal is 'failed'; see"):
        run(cluster)
    assert run(cluster, state="stopped")[0] == ["stop_removal"]
    assert run(cluster)[0] == ["start_removal"]


@pytest.mark.parametrize("status", ["in progress", "completed"])
def test_bricks_are_given_back_once(cluster, status):
    assert run(cluster, state="stopped")[0] == []
    run(cluster)
    cluster.moving["v"].now(status)
    assert run(cluster, state="stopped", check_mode=True)[0] == ["stop_removal"]
    assert run(cluster, state="stopped")[0] == ["stop_removal"]
    assert run(cluster, state="stopped")[0] == [] and present(cluster) == FIRST + LAST


def test_it_is_looked_at(cluster):
    run(cluster)
    cluster.moving["v"].now("completed", failures=1)
    steps, findings = run(cluster, state="observed")
    assert steps == [] and findings["volumes"][0]["failures"] == 3


def test_the_first_set_may_leave_and_never_a_part_of_one(cluster):
    with pytest.raises(InputError, match="only a part of the set h1:/b/v1, h2:/b/v1, h3:/b/v1"):
        run(cluster, bricks=(FIRST[0],))
    cluster.moves_slowly = False
    assert run(cluster, bricks=tuple(FIRST))[0] == ["start_removal", "commit_removal"]
    assert present(cluster) == LAST


def test_another_removal_is_left_alone(cluster):
    run(cluster)
    with pytest.raises(PlanError, match="another removal of bricks of v is in progress, that of h1:/b/v2"):
        run(cluster, bricks=tuple(FIRST))


def stop_brick(cluster):
    cluster.processes["h2:/b/v1"] = None


def one_waits(cluster):
    cluster.pending["h2:/b/v1"] = 3


def split(cluster):
    cluster.split_brain["h2:/b/v2"] = [("g", "/f")]


def uncounted(cluster):
    cluster.heal_failures["v"] = "no answer"


def away(cluster):
    cluster.machines["h3"].up = False


def rebalance(cluster):
    gluster(cluster).ask("volume", "rebalance", "v", "start")


def layout(cluster):
    gluster(cluster).ask("volume", "rebalance", "v", "fix-layout", "start")


def snapshot(cluster):
    cluster.snapshots["v"] = 2


def full(cluster):
    cluster.sizes[FIRST[1]] = (10 * GIB, 3 * GIB)


def unknown(cluster):
    del cluster.sizes[FIRST[1]]


def force_migration(cluster):
    cluster.machines["h1"].volumes["v"]["options"]["cluster.force-migration"] = "on"


def stop_volume(cluster):
    gluster(cluster).ask("volume", "stop", "v")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (stop_brick, "brick h2:/b/v1 does not serve"),
        (one_waits, "3 entries of h2:/b/v1 wait for healing"),
        (split, "1 entries of h2:/b/v2 are in split-brain"),
        (uncounted, "what waits for healing is not known"),
        (away, "the member h3 is"),
        (rebalance, "a task is under way: rebalance"),
        (layout, "a task is under way: rebalance"),
        (snapshot, "it has 2 snapshots"),
        (full, "takes 3 GiB, which asks for 3.3 GiB, and the bricks that stay have 3 GiB free"),
        (unknown, "how full its bricks are is not known"),
        (force_migration, "cluster.force-migration is on"),
        (stop_volume, "it is not started"),
    ],
)
def test_what_may_cost_files_is_refused_and_nothing_is_begun(cluster, wrong, said):
    wrong(cluster)
    before = len(cluster.commands)
    with pytest.raises(PlanError, match=said):
        run(cluster)
    assert not any("remove-brick" in command for command in cluster.commands[before:])


def test_all_reasons_are_told_at_once(cluster):
    snapshot(cluster)
    full(cluster)
    with pytest.raises(PlanError, match="2 snapshots.*\n.*free"):
        run(cluster)


def test_what_there_is_not_and_what_would_leave_nothing_is_refused(cluster):
    with pytest.raises(InputError, match="sets: found 3, and volume v has 2; add sets"):
        run(cluster, sets=3)
    with pytest.raises(InputError, match="found all bricks of volume v; leave one set"):
        run(cluster, bricks=tuple(FIRST + LAST))
    assert run(cluster, sets=2)[0] == []
    with pytest.raises(InputError, match="found no volume x"):
        converge(ShrinkOperation(gluster(cluster), DesiredShrink("x", 1)))


@pytest.mark.parametrize("slow", [False, True])
@pytest.mark.parametrize("after", range(1, 20))
def test_a_cut_anywhere_is_followed_by_one_that_gets_there(cluster, after, slow):
    cluster.moves_slowly = slow
    cluster.cut_after = len(cluster.commands) + after
    try:
        run(cluster)
    except PowerCut:
        pass
    cluster.cut_after = None
    run(cluster)
    if "v" in cluster.moving:
        cluster.moving["v"].now("completed")
    run(cluster)
    assert run(cluster)[0] == [] and present(cluster) == FIRST and cluster.moving == {}
    started = [command for command in cluster.commands if command.endswith("start") and "remove-brick" in command]
    assert len(started) == 1


def test_a_dispersed_set_holds_as_many_bricks_of_files_as_it_has_for_data(cluster):
    names = [f"{node}:/b/d{number}" for number in (1, 2) for node in NODES]
    gluster(cluster).ask("volume", "create", "d", "disperse", "3", "redundancy", "1", *names)
    gluster(cluster).ask("volume", "start", "d")
    cluster.sizes.update(dict.fromkeys(names, (10 * GIB, 7 * GIB)))
    operation = ShrinkOperation(gluster(cluster), DesiredShrink("d", 1))
    assert converge(operation).findings["volumes"][0]["left"] == 6 * GIB


def params(**more):
    return dict({"volume": "v", "sets": None, "bricks": None, "state": "shrunk", "commit": True}, **more)


def test_the_parameters_are_read():
    assert desired_shrink(params(sets=1)) == DesiredShrink("v", 1)
    assert desired_shrink(params(bricks=["h1:/b//v2/"])).bricks == ("h1:/b/v2",)
    assert desired_shrink(params(state="stopped")).state == "stopped"
    for wrong in ({}, {"sets": 1, "bricks": ["h:/b"]}):
        with pytest.raises(InputError, match="found neither or both of sets and bricks"):
            desired_shrink(params(**wrong))
    with pytest.raises(InputError, match="sets: found 0"):
        desired_shrink(params(sets=0))
    with pytest.raises(InputError, match="bricks: found"):
        desired_shrink(params(bricks=["--log-file=x:/b"]))
    with pytest.raises(InputError, match="volume: found"):
        desired_shrink(params(volume="--mode=x", sets=1))
