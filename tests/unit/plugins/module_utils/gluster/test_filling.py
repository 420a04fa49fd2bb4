# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""New bricks are being filled, or they are full; what another set waits for tells nothing of it.

The volume remembers which bricks are new until they are filled, also where the power of their node is cut.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.brickwork.gluster.plugins.module_utils.command import Result
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import PlanError
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.filling import (
    FILLING_MARK,
    HEALING,
    MARKING,
    NOTHING,
    filling_objections,
    filling_value,
    fillings,
    last_of_each,
    not_begun,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.gate import (
    Departure,
    objections,
    observe_gate,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.heal import counted
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.migration import objections as move_objections
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.migration import observe_volumes
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import (
    Brick,
    BrickStatus,
    HealCount,
    Volume,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.volume import VolumesOperation
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.volumes_plan import desired_volume
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import converge
from ansible_collections.brickwork.gluster.tests.fakes.clock import FakeClock
from ansible_collections.brickwork.gluster.tests.fakes.cluster import FakeCluster, PowerCut, failure
from ansible_collections.brickwork.gluster.tests.unit.plugins.module_utils.gluster.test_replica import (
    NEW,
    PAIR,
    gluster,
    pool,
    run,
    volume,
)

GIB = 2**30
ONE, TWO = NEW


@pytest.fixture(scope="module")
def grown():
    """A volume with two sets that got a third copy each."""
    cluster = pool(PAIR)
    run(cluster, replicas=3)
    return volume(cluster)


def status(volume, empty):
    return [
        BrickStatus(brick.host, brick.path, True, 1, 1, 10 * GIB, (9 if brick.name in empty else 5) * GIB)
        for brick in volume.bricks
    ]


@pytest.mark.parametrize(
    ("waiting", "empty", "left"),
    [
        ([], [], []),
        ([], [ONE, TWO], [ONE, TWO]),
        (["h1:/b/1"], [ONE, TWO], [TWO]),
        (["h1:/b/1", "h2:/b/2"], [ONE, TWO], []),
        (["h1:/b/1"], [ONE], []),
    ],
)
def test_each_set_has_to_tell_of_its_own_new_brick(grown, waiting, empty, left):
    assert Brick("h4", "/b/n1", grown.bricks[2].host_uuid) == grown.bricks[2]
    heals = [HealCount(brick.name, True, int(brick.name in waiting), 0) for brick in grown.bricks]
    assert not_begun(grown, NEW, status(grown, empty), heals) == left


# ---- what the volume remembers

FILLED = {"volumes": [], "bricks": [], "lost": [], "full": False, "names": False}


def heal(cluster, **params):
    return counted({**FILLED, **params}, Gluster(cluster.on("h1"), clock=FakeClock()), False, FakeClock())


def lose_power(cluster, host):
    """Its processes end, and what AFR had not marked by then, it never marks."""
    for brick in NEW:
        cluster.processes[brick] = None
    cluster.pending.clear()
    cluster.processes.update(dict.fromkeys(NEW, 9))


def names(cluster):
    return [brick.name for brick in volume(cluster).bricks]


def gate(cluster, *bricks):
    departure = Departure(bricks=bricks)
    return objections(departure, observe_gate(departure, gluster(cluster), lambda name: []))


@pytest.mark.parametrize("cut", range(16))
def test_after_a_cut_anywhere_and_a_power_cut_no_new_brick_counts_as_filled_before_it_was_marked(cut):
    cluster = pool(PAIR)
    cluster.marks_new_copies, cluster.lists_new_bricks = False, True
    cluster.cut_after = cut
    try:
        run(cluster, replicas=3)
    except PowerCut:
        pass
    cluster.cut_after = None
    lose_power(cluster, "h4")
    if NEW[0] not in names(cluster):
        assert heal(cluster)["healed"], "nothing of it is in the volume"
        return
    assert run(cluster, replicas=3)[0] == [], "the copies are there"
    if fillings(volume(cluster))[NEW[0]] == HEALING:
        done = [command.split()[1] for command in cluster.commands if command.split()[1] in ("set", "add-brick")]
        assert done == ["set", "add-brick", "set"], "only after the command has ended well"
        return
    assert gate(cluster, "h1:/b/1") == [
        f"volume v: {reason}" for reason in filling_objections(volume(cluster), [NEW[0]])
    ]
    assert move_objections(observe_volumes(gluster(cluster), ["v"])["v"]) == filling_objections(volume(cluster), NEW)
    first = heal(cluster)
    assert not first["healed"] and first["volumes"][0]["filling"] == sorted(NEW) and cluster.commands.count(
        f"volume reset-brick v {NEW[0]} {NEW[0]} commit force") == 1  # fmt: skip
    assert heal(cluster)["healed"] and fillings(volume(cluster)) == {}
    assert volume(cluster).options[FILLING_MARK] == NOTHING and gate(cluster, "h1:/b/1") == []
    assert heal(cluster) == {**heal(cluster), "changed": False}


@pytest.mark.parametrize("cut", range(12))
def test_a_cut_while_it_is_marked_anew_is_continued(cut):
    cluster = pool(PAIR)
    cluster.marks_new_copies, cluster.lists_new_bricks = False, True
    gluster(cluster).ask("volume", "set", "v", FILLING_MARK, last_of_each(3, MARKING))
    gluster(cluster).ask("volume", "add-brick", "v", "replica", "3", *NEW, "force")
    cluster.cut_after = len(cluster.commands) + cut
    try:
        heal(cluster)
    except PowerCut:
        pass
    cluster.cut_after = None
    cluster.processes.update(dict.fromkeys(NEW, 9))
    for _once in range(4):
        told = heal(cluster)
        assert told["healed"] == (fillings(volume(cluster)) == {})
    assert told["healed"]
    for name in NEW:
        assert f"volume reset-brick v {name} {name} commit force" in cluster.commands


def fresh(lists=True):
    cluster = pool(PAIR)
    cluster.marks_new_copies, cluster.lists_new_bricks = False, lists
    gluster(cluster).ask("volume", "set", "v", FILLING_MARK, last_of_each(3, MARKING))
    gluster(cluster).ask("volume", "add-brick", "v", "replica", "3", *NEW, "force")
    return cluster


def test_it_is_marked_anew_only_while_the_others_serve_and_none_waits_for_what_it_has():
    cluster = fresh()
    cluster.processes["h1:/b/1"] = None
    cluster.pending[NEW[1]] = 1
    told = heal(cluster)
    assert not told["healed"] and not any("reset-brick" in command for command in cluster.commands)
    cluster.processes["h1:/b/1"] = 7
    heal(cluster)
    assert f"volume reset-brick v {NEW[1]} start" in cluster.commands


def test_in_check_mode_and_in_other_sets_nothing_is_marked():
    cluster = fresh()
    told = counted(FILLED, Gluster(cluster.on("h1"), clock=FakeClock()), True)
    assert told["healed"] is False and not any("reset-brick" in command for command in cluster.commands)
    assert heal(cluster, bricks=["h1:/b/1"])["volumes"][0]["filling"] == [NEW[0]]
    assert not any(command.startswith(f"volume reset-brick v {NEW[1]}") for command in cluster.commands)
    heal(cluster, bricks=["h1:/b/1"])
    assert fillings(volume(cluster)) == {NEW[1]: MARKING}


def test_a_brick_that_is_not_taken_up_anew_is_named_with_what_to_do():
    cluster = fresh()
    ask = cluster.on("h1").run

    class Refusing:
        def run(self, argv, timeout):
            return failure("When destination brick is new") if "commit" in argv else ask(argv, timeout)

    with pytest.raises(
        PlanError, match="brick h4:/b/n1 is new, .*see that glusterd is started anew on its node, and run"
    ):
        counted(FILLED, Gluster(Refusing(), clock=FakeClock()), False)


def test_entries_that_are_being_healed_at_the_moment_count_too():
    """The full count leaves out what another process holds a lock of; see glfs-heal.c."""
    cluster = fresh()
    gluster(cluster).ask("volume", "set", "v", FILLING_MARK, last_of_each(3, HEALING))
    ask = cluster.on("h1").run

    class Busy:
        def run(self, argv, timeout):
            if "heal-count" in argv:
                cluster.pending["h1:/b/1"] = 1
                answer = ask(argv, timeout)
                cluster.pending.clear()
                return answer
            return ask(argv, timeout)

    assert not counted(FILLED, Gluster(Busy(), clock=FakeClock()), False)["healed"]
    assert heal(cluster)["healed"]


@pytest.mark.parametrize("said", ["unsuccessful:\nLocking failed on h2", "successful \n\nBrick h1:/b/1\n"])
def test_a_count_that_failed_does_not_say_that_nothing_waits(said):
    cluster = fresh()
    gluster(cluster).ask("volume", "set", "v", FILLING_MARK, last_of_each(3, HEALING))
    ask = cluster.on("h1").run

    class Failing:
        def run(self, argv, timeout):
            if "heal-count" not in argv:
                return ask(argv, timeout)
            return Result(int("un" in said), "Gathering count of entries to be healed on volume v has been " + said, "")

    told = counted(FILLED, Gluster(Failing(), clock=FakeClock()), False, FakeClock())
    assert not told["healed"] and fillings(volume(cluster)) == dict.fromkeys(NEW, HEALING)
    assert heal(cluster)["healed"]


# ---- of a dispersed volume nothing waits until its self-heal daemon has seen the new brick

DISPERSED = ["h1:/b/e", "h2:/b/e", "h3:/b/e", "h4:/b/e", "h5:/b/e", "h6:/b/e"]
DONE = f"volume reset-brick e {DISPERSED[0]} {DISPERSED[0]} commit force"


def dispersed(*new):
    """A volume of which these bricks are empty, and nobody knows whether GlusterFS took note of it."""
    cluster = FakeCluster(*(f"h{at}" for at in range(1, 7)))
    cluster.form_pool(*cluster.machines)
    gluster(cluster).ask("volume", "create", "e", "disperse", "6", "redundancy", "2", *DISPERSED)
    gluster(cluster).ask("volume", "start", "e")
    gluster(cluster).ask("volume", "set", "e", FILLING_MARK, ",".join(f"marking:{name}" for name in new))
    cluster.sizes = {name: (10 * GIB, (9 if name in new else 5) * GIB) for name in DISPERSED}
    return cluster


def of_e(cluster):
    return fillings(gluster(cluster).volumes("e")[0])


class Beginning(FakeClock):
    """After some seconds, the daemon sees the brick."""

    def __init__(self, cluster):
        super().__init__()
        self.cluster = cluster

    def sleep(self, seconds):
        super().sleep(seconds)
        if self.now > 4:
            self.cluster.pending[DISPERSED[1]] = 3


def test_an_empty_brick_of_a_dispersed_volume_counts_as_being_filled_only_once_that_has_begun():
    cluster = dispersed(DISPERSED[0])
    for _once in range(2):
        with pytest.raises(PlanError, match="brick h1:/b/e was taken up .* 120 s .* healing has not begun"):
            heal(cluster)
        assert of_e(cluster) == {DISPERSED[0]: MARKING}
    clock = Beginning(cluster)
    told = counted(FILLED, Gluster(cluster.on("h1"), clock=FakeClock()), False, clock)
    assert clock.now > 4 and told["changed"] and not told["healed"] and of_e(cluster) == {DISPERSED[0]: HEALING}
    assert told["volumes"][0]["pending"] == 3 and cluster.commands.count(DONE) == 3
    cluster.pending.clear()
    assert heal(cluster)["healed"] and of_e(cluster) == {}


def test_a_brick_that_has_no_process_afterwards_or_no_count_has_not_begun():
    cluster = dispersed(DISPERSED[0])
    cluster.sizes, cluster.dead = {}, {("h1", "/b/e")}
    with pytest.raises(PlanError, match="does not serve, or its healing has not begun"):
        heal(cluster)
    assert of_e(cluster) == {DISPERSED[0]: MARKING}


def test_one_brick_of_each_set_is_taken_up_anew_at_a_time():
    """What was seen of the others before the first one was stopped tells nothing after it."""
    cluster = dispersed(*DISPERSED[:2])
    cluster.lists_new_bricks = True
    heal(cluster)
    assert [command for command in cluster.commands if "commit" in command] == [DONE]
    assert of_e(cluster) == {DISPERSED[0]: HEALING, DISPERSED[1]: MARKING}
    for _once in range(2):
        heal(cluster)
    assert cluster.commands.count(DONE) == 1 and heal(cluster)["healed"] and of_e(cluster) == {}


def test_no_sets_are_added_and_no_files_spread_meanwhile():
    cluster = fresh()
    more = [*names(cluster), "h1:/b/3", "h2:/b/3", "h3:/b/3"]
    asked = desired_volume({"name": "v", "type": "replicate", "replicas": 3, "bricks": more})
    operation = VolumesOperation(
        gluster(cluster), cluster.directories_of("h1"), [asked], 5, FakeClock(), lambda name: []
    )
    with pytest.raises(
        PlanError, match="volume v has bricks that are not filled, so that no files move: brick h4:/b/n1 is"
    ):
        converge(operation, True)


BRICKS = tuple(Brick("h%s" % (at % 3), "/b/%s,%% =%s" % (at, at), "u%s" % (at % 3)) for at in range(6))
STATES = st.dictionaries(st.sampled_from([brick.name for brick in BRICKS]), st.sampled_from([MARKING, HEALING]))


def of_three(mark):
    return Volume("v", "i", "Started", 3, 0, 0, 0, BRICKS, {FILLING_MARK: mark})


@given(STATES)
def test_what_is_noted_is_read_again_whatever_the_names(states):
    value = filling_value(of_three(NOTHING), states)
    assert fillings(of_three(value)) == states and not set(value) & set(" =\n")
    assert filling_value(of_three(value), dict.fromkeys(states, NOTHING)) == NOTHING


def test_many_copies_take_one_word_and_too_many_names_are_refused():
    assert filling_value(of_three(NOTHING), {BRICKS[2].name: MARKING, BRICKS[5].name: MARKING}) == "marking:last3"
    with pytest.raises(PlanError, match="found 90 bricks of v that are being filled; let them heal"):
        filling_value(
            of_three(NOTHING), {"h1:/srv/gluster/a-long-name-of-a-volume-%s/brick" % at: HEALING for at in range(90)}
        )
