# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sets of a volume get other numbers of copies, in a pool in memory."""

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.command import TIMED_OUT, Result
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import (
    InputError,
    PlanError,
    UnsafeChangeError,
    VerifyError,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.replica import DesiredReplica, ReplicaOperation
from ansible_collections.brickwork.gluster.plugins.module_utils.shapes import shape_of
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import StepError, converge
from ansible_collections.brickwork.gluster.tests.fakes.clock import FakeClock
from ansible_collections.brickwork.gluster.tests.fakes.cluster import FakeCluster, PowerCut, failure

NODES = ("h1", "h2", "h3", "h4")
GIB = 2**30
PLAIN, PAIR, THREE, ARBITER = [], ["replica", "2"], ["replica", "3"], ["replica", "3", "arbiter", "1"]
NEW = ("h4:/b/n1", "h4:/b/n2")


def width_of(words):
    return int(words[1]) if words else 1


def bricks_of(words):
    """Two sets."""
    return [f"h{member + 1}:/b/{number}" for number in (1, 2) for member in range(width_of(words))]


def pool(words):
    made = FakeCluster(*NODES)
    made.form_pool(*NODES)
    gluster(made).ask("volume", "create", "v", *words, *bricks_of(words))
    gluster(made).ask("volume", "start", "v")
    made.commands.clear()
    return made


def gluster(cluster):
    return Gluster(cluster.on("h1"), clock=FakeClock())


def run(cluster, kind="replicate", replicas=None, new=NEW, old=(), accept=True, check_mode=False, force=True):
    desired = DesiredReplica("v", shape_of(kind, replicas), tuple(new), tuple(old), accept, force)
    plan = converge(ReplicaOperation(gluster(cluster), desired, 5, FakeClock()), check_mode)
    return [step.kind for step in plan.steps], plan.findings


def volume(cluster):
    return gluster(cluster).volumes("v")[0]


def thirds(words):
    return tuple(brick for brick in bricks_of(words) if brick.startswith("h3:"))


@pytest.mark.parametrize(
    ("words", "asked", "steps", "sets"),
    [
        (PLAIN, {"replicas": 2}, ["note_filling", "add_copies"], [["h1:/b/1", NEW[0]], ["h1:/b/2", NEW[1]]]),
        (
            PAIR,
            {"replicas": 3},
            ["note_filling", "add_copies"],
            [["h1:/b/1", "h2:/b/1", NEW[0]], ["h1:/b/2", "h2:/b/2", NEW[1]]],
        ),
        (
            PAIR,
            {"kind": "arbiter"},
            ["note_filling", "add_copies"],
            [["h1:/b/1", "h2:/b/1", NEW[0]], ["h1:/b/2", "h2:/b/2", NEW[1]]],
        ),
        (
            THREE,
            {"kind": "arbiter", "old": thirds(THREE)},
            ["remove_copies", "note_filling", "add_copies"],
            [["h1:/b/1", "h2:/b/1", NEW[0]], ["h1:/b/2", "h2:/b/2", NEW[1]]],
        ),
        (
            ARBITER,
            {"replicas": 3, "old": thirds(ARBITER)},
            ["remove_copies", "note_filling", "add_copies"],
            [["h1:/b/1", "h2:/b/1", NEW[0]], ["h1:/b/2", "h2:/b/2", NEW[1]]],
        ),
        (
            THREE,
            {"replicas": 2, "old": ("h1:/b/1", "h2:/b/2"), "new": ()},
            ["remove_copies"],
            [["h2:/b/1", "h3:/b/1"], ["h1:/b/2", "h3:/b/2"]],
        ),
    ],
)
def test_each_set_gets_what_it_is_to_have(words, asked, steps, sets):
    cluster = pool(words)
    assert run(cluster, check_mode=True, **asked)[0] == steps
    assert [brick.name for brick in volume(cluster).bricks] == bricks_of(words), "check mode changes nothing"
    taken, findings = run(cluster, **asked)
    assert taken == steps and findings["freed"] == sorted(asked.get("old", ()), key=bricks_of(words).index)
    after = volume(cluster)
    assert [[brick.name for brick in bricks] for bricks in after.brick_sets] == sets
    assert findings["bricks"] == [name for bricks in sets for name in bricks]
    assert [brick.arbiter for brick in after.bricks] == [asked.get("kind") == "arbiter" and name in NEW
                                                         for bricks in sets for name in bricks]  # fmt: skip
    assert run(cluster, **asked)[0] == [], "while it heals, too"


@pytest.mark.parametrize("cut", range(20))
def test_a_run_that_is_cut_off_anywhere_is_continued(cut):
    cluster, asked = pool(THREE), {"kind": "arbiter", "old": thirds(THREE)}
    cluster.cut_after = cut
    try:
        run(cluster, **asked)
    except PowerCut:
        assert volume_copies(cluster) >= 2
    cluster.cut_after = None
    cluster.pending.clear()
    run(cluster, **asked)
    assert (volume(cluster).replicas, volume(cluster).arbiters) == (3, 1)


def volume_copies(cluster):
    cluster.cut_after = None
    seen = volume(cluster)
    return seen.replicas - seen.arbiters


def test_where_only_the_old_ones_have_left_the_next_run_adds_the_new_ones():
    cluster, asked = pool(THREE), {"kind": "arbiter", "old": thirds(THREE)}
    cluster.fail_next["add-brick"] = failure("Pre Validation failed on h4. /b/n1 is already part of a volume")
    with pytest.raises(StepError, match="already part of a volume") as said:
        run(cluster, **asked)
    assert [step.kind for step in said.value.done] == ["remove_copies", "note_filling"] and volume(
        cluster
    ).replicas == 2
    assert run(cluster, accept=False, **asked)[0] == ["add_copies"], "what left was accepted"


def test_fewer_copies_have_to_be_accepted():
    cluster = pool(THREE)
    with pytest.raises(UnsafeChangeError, match="the sets of volume v keep 2 copies until the new bricks are healed; "):
        run(cluster, "arbiter", old=thirds(THREE), accept=False)
    with pytest.raises(UnsafeChangeError, match="keep 2 copies; set it to true"):
        run(cluster, replicas=2, new=(), old=thirds(THREE), accept=False)
    assert not any("brick" in command for command in cluster.commands)


def spoil(cluster, what):
    brick = cluster.machines["h1"].volumes["v"]["bricks"][0]
    if what == "pending":
        cluster.pending[brick] = 3
    elif what == "split-brain":
        cluster.split_brain[brick] = [("g", "/f")]
    elif what == "offline":
        cluster.processes[brick] = None
    elif what == "unknown":
        cluster.heal_failures["v"] = "Transport endpoint is not connected"
    elif what == "task":
        cluster.tasks["v"] = [("Rebalance", "in progress")]
    elif what == "away":
        cluster.machines["h4"].up = False
    elif what == "stopped":
        gluster(cluster).ask("volume", "stop", "v")


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("pending", "3 entries of h1:/b/1 wait for healing"),
        ("split-brain", "1 entries of h1:/b/1 are in split-brain"),
        ("offline", "brick h1:/b/1 does not serve"),
        ("unknown", "what waits for healing is not known"),
        ("task", "a task is under way: rebalance, in progress"),
        ("away", "the member h4 is 'Peer in Cluster' and disconnected"),
        ("stopped", "it is not started"),
    ],
)
@pytest.mark.parametrize(
    ("present", "asked"), [(PAIR, {"replicas": 3}), (THREE, {"kind": "arbiter", "old": thirds(THREE)})]
)
def test_nothing_is_changed_unless_all_is_whole(what, words, present, asked):
    cluster = pool(present)
    spoil(cluster, what)
    with pytest.raises(PlanError, match="can't be changed now") as said:
        run(cluster, **asked)
    assert words in str(said.value) and not any("brick" in command for command in cluster.commands)


def test_a_client_that_reaches_only_what_leaves_keeps_it():
    cluster = pool(THREE)
    cluster.clients = {brick: ["c1"] for brick in bricks_of(THREE) if brick != "h2:/b/1"}
    with pytest.raises(PlanError, match="the client c1 is not connected to h2:/b/1, which stays"):
        run(cluster, "arbiter", old=thirds(THREE))


def test_a_quorum_that_somebody_has_set_is_kept():
    cluster = pool(THREE)
    gluster(cluster).ask("volume", "set", "v", "cluster.quorum-type", "fixed", "cluster.quorum-count", "3")
    with pytest.raises(PlanError, match="cluster.quorum-count asks for 3 bricks of each set, and 2 would stay"):
        run(cluster, replicas=2, new=(), old=thirds(THREE))


@pytest.mark.parametrize(
    ("words", "asked", "said"),
    [
        (
            PLAIN,
            {"replicas": 3},
            "replicas: volume v is distribute, and sets get one copy at a time.*make it replica 2",
        ),
        (PAIR, {"replicas": 3, "new": NEW[:1]}, "new_bricks: found 1 for volume v of 2 sets, which needs 2"),
        (THREE, {"kind": "arbiter"}, "old_bricks: found none of the set h1:/b/1, h2:/b/1, h3:/b/1, of which 2"),
        (THREE, {"replicas": 2, "new": (), "old": ("h1:/b/1", "h2:/b/1")}, "old_bricks: found h1:/b/1, h2:/b/1 of"),
        (ARBITER, {"replicas": 2, "new": (), "old": ("h1:/b/1", "h1:/b/2")}, "and no arbiter"),
        (THREE, {"replicas": 3}, "volume v is replica 3 already, and without h4:/b/n1, h4:/b/n2"),
    ],
)
def test_what_would_mix_the_sets_up_is_refused(words, asked, said):
    cluster = pool(words)
    with pytest.raises((InputError, PlanError), match=said):
        run(cluster, **asked)
    assert not any("brick" in command for command in cluster.commands)


def test_force_is_used_only_where_glusterfs_mistakes_several_sets_for_one():
    with pytest.raises(StepError, match="Multiple bricks of a replicate volume are present on the same server"):
        run(pool(PAIR), replicas=3, force=False)
    for words, asked in ((PLAIN, {"replicas": 2}), (PAIR, {"replicas": 3, "new": ("h3:/b/n1", "h4:/b/n2")})):
        cluster = pool(words)
        run(cluster, **asked)
        assert not any(command.endswith("force") for command in cluster.commands)
    cluster = pool(PAIR)
    run(cluster, replicas=3)
    assert [command for command in cluster.commands if command.endswith("force")] == [
        "volume add-brick v replica 3 h4:/b/n1 h4:/b/n2 force"
    ]


def test_no_two_bricks_of_a_set_are_on_one_host():
    cluster = pool(PAIR)
    with pytest.raises(PlanError, match="h2:/b/n1 is on one host with h2:/b/1 of its set"):
        run(cluster, replicas=3, new=("h2:/b/n1", "h4:/b/n2"))
    with pytest.raises(PlanError, match="h9:/b/n2: its host is not in the pool"):
        run(cluster, replicas=3, new=("h4:/b/n1", "h9:/b/n2"))


def test_a_dispersed_volume_keeps_its_shape():
    cluster = FakeCluster(*NODES)
    cluster.form_pool(*NODES)
    gluster(cluster).ask("volume", "create", "v", "disperse", "3", "redundancy", "1", *bricks_of(THREE)[:3])
    gluster(cluster).ask("volume", "start", "v")
    with pytest.raises(PlanError, match="GlusterFS makes no replica 3 of it; make another volume"):
        run(cluster, replicas=3, new=NEW[:1])


def test_a_volume_that_there_is_not():
    cluster = FakeCluster(*NODES)
    with pytest.raises(InputError, match="found no volume v"):
        run(cluster)


def test_new_bricks_that_nothing_fills_are_an_error():
    cluster = pool(PAIR)
    cluster.marks_new_copies = False
    cluster.sizes = {**dict.fromkeys(bricks_of(PAIR), (10 * GIB, 5 * GIB)), **dict.fromkeys(NEW, (10 * GIB, 9 * GIB))}
    with pytest.raises(
        VerifyError, match="h4:/b/n1, h4:/b/n2 serves, and nothing waits for healing.*run the playbook heal"
    ):
        run(cluster, replicas=3)
    full = pool(PAIR)
    full.marks_new_copies = False
    full.sizes = dict.fromkeys([*bricks_of(PAIR), *NEW], (10 * GIB, 5 * GIB))
    assert run(full, replicas=3)[0] == ["note_filling", "add_copies"], (
        "what holds as much as the others was filled at once"
    )


def test_new_bricks_without_a_process_are_an_error():
    cluster = pool(PAIR)
    cluster.processes[NEW[1]] = None
    with pytest.raises(VerifyError, match="h4:/b/n2 has no process after 5 s"):
        run(cluster, replicas=3)


class Silent:
    """A member whose answer to a command does not come in time; it is carried out all the same, or is not."""

    def __init__(self, runner, verb, carried_out):
        self._runner = runner
        self._verb = verb
        self._carried_out = carried_out

    def run(self, argv, timeout):
        if self._verb not in argv:
            return self._runner.run(argv, timeout)
        if self._carried_out:
            self._runner.run(argv, timeout)
        return Result(TIMED_OUT, "", "no answer")


@pytest.mark.parametrize("verb", ["remove-brick", "add-brick"])
def test_after_a_time_out_it_is_looked_whether_it_was_done(verb):
    asked = DesiredReplica("v", shape_of("arbiter"), NEW, thirds(THREE), True, True)
    cluster, clock = pool(THREE), FakeClock()
    operation = ReplicaOperation(Gluster(Silent(cluster.on("h1"), verb, True), clock=clock), asked, 5, clock)
    assert [step.kind for step in converge(operation).steps] == ["remove_copies", "note_filling", "add_copies"]
    cluster, clock = pool(THREE), FakeClock()
    operation = ReplicaOperation(Gluster(Silent(cluster.on("h1"), verb, False), clock=clock), asked, 5, clock)
    with pytest.raises(StepError, match="no answer, and 5 s later it is not done for h"):
        converge(operation)


class Dying:
    """A member beside which a brick's process ends when copies leave."""

    def __init__(self, cluster, brick):
        self._cluster, self._brick = cluster, brick

    def run(self, argv, timeout):
        if "remove-brick" in argv:
            self._cluster.processes[self._brick] = None
        return self._cluster.on("h1").run(argv, timeout)


def test_no_copies_are_added_while_one_is_away_that_they_are_filled_from():
    asked = DesiredReplica("v", shape_of("arbiter"), NEW, thirds(THREE), True, True)
    cluster, clock = pool(THREE), FakeClock()
    operation = ReplicaOperation(Gluster(Dying(cluster, "h2:/b/2"), clock=clock), asked, 5, clock)
    with pytest.raises(StepError, match="h2:/b/2 does not serve any more"):
        converge(operation)
    assert not any("add-brick" in command for command in cluster.commands)
