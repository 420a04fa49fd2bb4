# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A brick on a new, empty disk, and a brick that is replaced, in a pool in memory."""

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import (
    InputError,
    PlanError,
    UnsafeChangeError,
    VerifyError,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.brick_change import (
    BrickChangeOperation,
    DesiredChange,
    names_only,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.filling import FILLING_MARK, HEALING, MARKING
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Brick, Volume
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import StepError, converge
from ansible_collections.brickwork.gluster.tests.fakes.clock import FakeClock
from ansible_collections.brickwork.gluster.tests.fakes.cluster import FakeCluster, PowerCut, failure

BRICKS = ["h1:/b/v", "h2:/b/v", "h3:/b/v"]


@pytest.fixture
def cluster():
    made = FakeCluster("h1", "h2", "h3", "h4")
    made.form_pool("h1", "h2", "h3", "h4")
    made.restarts = []
    gluster = Gluster(made.on("h1"), clock=FakeClock())
    gluster.ask("volume", "create", "v", "replica", "3", *BRICKS)
    gluster.ask("volume", "start", "v")
    return made


def lose(cluster, brick=BRICKS[0], empty=True):
    """The disk of a brick died; there may be an empty one in its place, mounted and with the brick's directory."""
    place = tuple(brick.split(":"))
    cluster.processes[brick] = None
    del cluster.directories[place]
    if empty:
        cluster.folders.add(place)


def run(
    cluster,
    brick=BRICKS[0],
    new=None,
    host=None,
    volume="v",
    check_mode=False,
    lost=False,
    lost_with=(),
    only_judge=False,
):
    host = host or (new or brick).partition(":")[0]
    clock = FakeClock()

    def restart():
        cluster.restarts.append(host)
        cluster.read_too_early = False

    operation = BrickChangeOperation(
        Gluster(cluster.on(host), clock=clock),
        cluster.directories_of(host),
        DesiredChange(volume, brick, new or brick, lost, frozenset(lost_with), only_judge),
        restart,
        5,
        clock,
    )
    return [step.kind for step in converge(operation, check_mode).steps]


RESET = ["note_filling", "reset_brick", "take_up_brick"]
REPLACED = ["note_filling", "replace_brick"]


def test_a_brick_is_taken_up_on_an_empty_disk_once(cluster):
    lose(cluster)
    cluster.pending.update({"h2:/b/v": 9, "h3:/b/v": 9})
    assert run(cluster, check_mode=True) == RESET and cluster.processes[BRICKS[0]] is None
    assert run(cluster) == RESET
    assert run(cluster) == [] and cluster.restarts == []


def test_a_brick_that_serves_is_not_touched(cluster):
    assert run(cluster) == []


@pytest.mark.parametrize("command", ["reset-brick v h1:/b/v start", "reset-brick v h1:/b/v h1:/b/v commit force"])
def test_what_was_cut_off_is_brought_to_its_end(cluster, command):
    lose(cluster)
    gluster = Gluster(cluster.on("h1"), clock=FakeClock())
    gluster.ask("volume", *command.split())
    assert run(cluster) == ([] if "commit" in command else RESET)


def test_another_member_that_fails_with_an_option_ends_no_run_where_it_has_the_option(cluster):
    lose(cluster)
    cluster.commit_failures["set v"] = {"h3": True}
    assert run(cluster) == RESET and cluster.commit_failures == {}
    assert run(cluster) == [] and cluster.machines["h1"].volumes["v"]["options"][FILLING_MARK] == f"{HEALING}:h1:/b/v"


def test_another_member_that_fails_with_a_brick_ends_the_run_and_the_next_one_goes_on(cluster):
    """As seen on 7.5, after a self-heal daemon had crashed."""
    lose(cluster)
    cluster.commit_failures["reset-brick v"] = {"h3": True}
    with pytest.raises(StepError, match="nothing tells whether it was done there; see .*run the same playbook again"):
        run(cluster)
    assert run(cluster) == RESET[1:] and run(cluster) == []


def test_a_replaced_brick_of_which_another_member_knows_nothing_ends_the_run_and_the_next_one_goes_on(cluster):
    cluster.folders.add(("h4", "/b/v"))
    cluster.commit_failures["replace-brick v"] = {"h3": False}
    with pytest.raises(StepError, match="nothing tells whether it was done there; see .*run the same playbook"):
        run(cluster, new="h4:/b/v")
    assert cluster.machines["h1"].volumes["v"]["options"][FILLING_MARK] == f"{MARKING}:h4:/b/v"
    cluster.form_pool("h1", "h2", "h3", "h4")
    assert run(cluster, new="h4:/b/v") == []


def test_a_glusterd_that_read_its_volumes_too_early_is_restarted_and_asked_again(cluster):
    """As seen: the refused commit leaves the mark of the volume on the empty folder."""
    lose(cluster)
    cluster.read_too_early = True
    assert run(cluster) == RESET and cluster.restarts == ["h1"]
    assert run(cluster) == []


def test_a_folder_that_a_refused_commit_has_marked_is_still_an_empty_one(cluster):
    lose(cluster)
    cluster.directories[("h1", "/b/v")] = (cluster.machines["h1"].volumes["v"]["id"], True)
    assert run(cluster) == RESET


def test_a_brick_that_still_holds_its_files_is_started_and_not_emptied(cluster):
    cluster.processes[BRICKS[0]] = None
    cluster.directories[("h1", "/b/v")] = (cluster.machines["h1"].volumes["v"]["id"], False)
    with pytest.raises(PlanError, match="holds what it held, and has no process; start it"):
        run(cluster)


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"empty": False}, "found no directory h1:/b/v on this node; make it first"),
        ({"foreign": True}, "has the mark of another volume"),
        ({"full": True}, "is not empty"),
        ({"on_root": True}, "is on the root file system of this node, so that its disk is not mounted"),
    ],
)
def test_only_an_empty_directory_on_a_disk_of_its_own_is_taken(cluster, how, said):
    lose(cluster, empty=how.get("empty", True))
    if "foreign" in how:
        cluster.directories[("h1", "/b/v")] = ("8b2a5df0-6f0e-4d57-9a39-64c2f0b4b0ab", True)
    if "full" in how:
        cluster.directories[("h1", "/b/v")] = ("8b2a5df0-6f0e-4d57-9a39-64c2f0b4b0ab", False)
    if "on_root" in how:
        cluster.on_root.add(("h1", "/b/v"))
    before = len(cluster.commands)
    with pytest.raises(PlanError, match=said):
        run(cluster)
    assert not any("reset-brick" in command for command in cluster.commands[before:])


def test_the_last_whole_copy_is_never_the_price(cluster):
    lose(cluster)
    cluster.processes["h2:/b/v"] = None
    with pytest.raises(UnsafeChangeError, match="h1:/b/v may hold the only copy .*\nbrick h2:/b/v does not serve"):
        run(cluster)
    cluster.processes["h2:/b/v"] = 7
    cluster.split_brain["h2:/b/v"] = [("g", "/f")]
    with pytest.raises(UnsafeChangeError, match="1 entries of h2:/b/v are in split-brain"):
        run(cluster)
    cluster.split_brain.clear()
    for status in ("in progress", "fix-layout in progress"):
        cluster.tasks["v"] = [("Rebalance", status)]
        with pytest.raises(UnsafeChangeError, match="a task is under way: rebalance"):
            run(cluster)
    cluster.tasks.clear()
    cluster.heal_failures["v"] = "no answer"
    with pytest.raises(UnsafeChangeError, match="what waits for healing is not known"):
        run(cluster)


def test_a_brick_is_replaced_by_another_one_on_another_node_once(cluster):
    cluster.folders.add(("h4", "/b/n"))
    assert run(cluster, new="h4:/b/n") == REPLACED
    assert cluster.machines["h1"].volumes["v"]["bricks"] == ["h4:/b/n", "h2:/b/v", "h3:/b/v"]
    assert run(cluster, new="h4:/b/n") == []


ARBITERED = ["h1:/b/a", "h2:/b/a", "h3:/b/a"]


@pytest.fixture
def arbitered(cluster):
    """A volume whose third brick is an arbiter, and whose first one is on a disk that is gone."""
    gluster = Gluster(cluster.on("h1"), clock=FakeClock())
    gluster.ask("volume", "create", "a", "replica", "3", "arbiter", "1", *ARBITERED)
    gluster.ask("volume", "start", "a")
    lose(cluster, ARBITERED[0])
    return cluster


def test_what_only_the_arbiter_lists_is_perhaps_on_the_brick_that_is_gone(arbitered):
    """The other copy was away for a while, and is not healed: what it lacks was written to the first one only."""
    arbitered.pending.update({ARBITERED[1]: 2, ARBITERED[2]: 5})
    with pytest.raises(
        UnsafeChangeError, match="an arbiter lists 3 entries .* and only h1:/b/a may have it; bring"
    ) as e:
        run(arbitered, ARBITERED[0], volume="a")
    assert "state: lost in gluster_bricks" in str(e.value) and arbitered.processes[ARBITERED[0]] is None
    arbitered.folders.add(("h4", "/b/n"))
    assert run(arbitered, ARBITERED[0], new="h4:/b/n", volume="a", lost=True) == REPLACED, "somebody has said so"


def test_before_the_brick_is_made_nothing_is_said_of_a_copy_that_may_still_come_back(arbitered):
    """Its glusterd is started in its node's turn; then all is judged."""
    arbitered.pending.update({ARBITERED[2]: 5})
    arbitered.processes[ARBITERED[1]] = None
    assert run(arbitered, ARBITERED[0], host="h2", volume="a", only_judge=True) == []
    with pytest.raises(UnsafeChangeError, match="h2:/b/a does not serve"):
        run(arbitered, ARBITERED[0], volume="a")


def test_the_list_of_an_arbiter_is_judged_on_another_node_before_the_new_brick_is_made(arbitered):
    arbitered.folders.clear()
    arbitered.pending.update({ARBITERED[1]: 2, ARBITERED[2]: 5})
    with pytest.raises(UnsafeChangeError, match="an arbiter lists 3 entries"):
        run(arbitered, ARBITERED[0], host="h2", volume="a", only_judge=True)
    arbitered.pending.update({ARBITERED[1]: 5})
    before = len(arbitered.commands)
    assert run(arbitered, ARBITERED[0], host="h2", volume="a", only_judge=True) == []
    assert not [one for one in arbitered.commands[before:] if "reset-brick" in one or " set " in one]
    assert arbitered.processes[ARBITERED[0]] is None


@pytest.mark.parametrize(("full", "names"), [(0, 0), (5, 5), (7, 5)])
def test_what_the_other_copy_lists_it_has(arbitered, full, names):
    arbitered.pending.update({ARBITERED[1]: full, ARBITERED[2]: names})
    before = len(arbitered.commands)
    assert run(arbitered, ARBITERED[0], volume="a") == RESET
    assert not [one for one in arbitered.commands[before:] if one.endswith("info")], "no list is read for nothing"


def test_of_three_copies_the_third_is_the_source_whatever_the_second_lacks(cluster):
    lose(cluster)
    cluster.pending["h3:/b/v"] = 4
    assert run(cluster) == RESET


def test_clients_that_write_meanwhile_hold_nothing_up():
    """Each brick is asked a little later than the one before it, and entries come and go."""
    bricks = [Brick(name[:2], name[3:], name[:2], name == ARBITERED[2]) for name in ARBITERED[1:]]
    volume = Volume("a", "id", "Started", 3, 1, 0, 0, tuple(bricks), {})
    full, names = ARBITERED[1:]
    first, second, third = {full: {"1"}, names: {"1", "2"}}, {full: {"1", "2"}, names: {"2"}}, {names: {"2", "3"}}
    told = [{name: frozenset(gfids) for name, gfids in listing.items()} for listing in (first, second, third)]
    assert names_only(volume, bricks, *told) == frozenset()
    assert names_only(volume, bricks, told[0], {}, told[2]) == {"2"}


def test_a_brick_that_serves_is_replaced_only_while_nothing_waits(cluster):
    cluster.folders.add(("h4", "/b/n"))
    cluster.pending["h2:/b/v"] = 1
    with pytest.raises(UnsafeChangeError, match="1 entries of h2:/b/v wait for healing"):
        run(cluster, new="h4:/b/n")
    lose(cluster)
    assert run(cluster, new="h4:/b/n", lost=True) == REPLACED, "a dead one is what they wait for"


def test_one_that_may_come_back_is_not_replaced_while_it_is_away(cluster):
    cluster.folders.add(("h4", "/b/n"))
    cluster.processes[BRICKS[0]] = None
    with pytest.raises(UnsafeChangeError, match="h1:/b/v does not serve, and may hold what no other has"):
        run(cluster, new="h4:/b/n")


def test_the_same_path_on_another_node_is_not_the_brick(cluster):
    lose(cluster)
    cluster.folders.update({("h4", "/b/v"), ("h4", "/b/n")})
    for brick, new in ((BRICKS[0], None), (BRICKS[0], "h2:/b/n")):
        with pytest.raises(PlanError, match="is not of the node that this runs on"):
            run(cluster, brick, new=new, host="h4")


def test_volumes_that_heal_nothing_are_refused(cluster):
    gluster = Gluster(cluster.on("h1"), clock=FakeClock())
    gluster.ask("volume", "create", "plain", "h1:/b/p", "h2:/b/p")
    gluster.ask("volume", "start", "plain")
    lose(cluster, "h1:/b/p")
    with pytest.raises(PlanError, match="plain keeps no copies"):
        run(cluster, "h1:/b/p", volume="plain")
    gluster.ask("volume", "stop", "v")
    lose(cluster)
    with pytest.raises(PlanError, match="v is not started, and nothing would heal"):
        run(cluster)


def test_what_there_is_not_is_refused_by_name(cluster):
    with pytest.raises(InputError, match="found no volume x"):
        run(cluster, volume="x")
    with pytest.raises(InputError, match="h1:/b/x is no brick of volume v; write one of these: h1:/b/v, h2"):
        run(cluster, "h1:/b/x")


def test_a_brick_that_does_not_come_up_is_named(cluster):
    lose(cluster)
    cluster.dead.add(("h1", "/b/v"))
    with pytest.raises(VerifyError, match="h1:/b/v has no process after 5 s"):
        run(cluster)


def test_another_refusal_is_told(cluster):
    lose(cluster)
    cluster.fail_next["reset-brick"] = failure("Pre Validation failed on h2.")
    with pytest.raises(StepError, match="Pre Validation failed on h2"):
        run(cluster)
    assert cluster.restarts == []


def test_of_a_dispersed_volume_it_waits_until_healing_has_begun(cluster):
    gluster = Gluster(cluster.on("h1"), clock=FakeClock())
    bricks = ["h1:/b/e", "h2:/b/e", "h3:/b/e"]
    gluster.ask("volume", "create", "e", "disperse", "3", "redundancy", "1", *bricks)
    gluster.ask("volume", "start", "e")
    lose(cluster, bricks[0])
    cluster.sizes = {bricks[0]: (10**9, 10**9), bricks[1]: (10**9, 10**8), bricks[2]: (10**9, 10**8)}
    with pytest.raises(VerifyError, match="h1:/b/e serves, and its healing has not begun after 5 s"):
        run(cluster, bricks[0], volume="e")
    cluster.pending[bricks[1]] = 4
    assert run(cluster, bricks[0], volume="e") == []


def mark(cluster, volume="v"):
    return cluster.machines["h1"].volumes[volume]["options"].get(FILLING_MARK, "")


@pytest.mark.parametrize("new", [None, "h4:/b/n"])
@pytest.mark.parametrize("cut", range(13))
def test_the_volume_remembers_which_brick_is_new_until_its_command_has_ended_well(cut, new):
    cluster = made()
    lose(cluster)
    cluster.folders.add(("h4", "/b/n"))
    cluster.cut_after = cut
    try:
        run(cluster, new=new, lost=True)
    except PowerCut:
        pass
    cluster.cut_after = None
    verbs = [command.split()[1] for command in cluster.commands if "-brick" in command and "start" not in command]
    assert not verbs or mark(cluster).split(":", 1)[1] == (new or BRICKS[0])
    if mark(cluster).startswith(HEALING):
        assert len(verbs) == 1
    run(cluster, new=new, lost=True)
    assert run(cluster, new=new, lost=True) == []


def made():
    cluster = FakeCluster("h1", "h2", "h3", "h4")
    cluster.form_pool("h1", "h2", "h3", "h4")
    cluster.restarts = []
    gluster = Gluster(cluster.on("h1"), clock=FakeClock())
    gluster.ask("volume", "create", "v", "replica", "3", *BRICKS)
    gluster.ask("volume", "start", "v")
    cluster.commands.clear()
    return cluster


def test_no_brick_that_serves_leaves_a_set_in_which_another_is_new(cluster):
    cluster.folders.add(("h4", "/b/n"))
    cluster.machines["h1"].volumes["v"]["options"][FILLING_MARK] = f"{MARKING}:h2:/b/v"
    with pytest.raises(
        UnsafeChangeError, match="brick h2:/b/v is new, and not known to be filled: run the playbook heal"
    ):
        run(cluster, new="h4:/b/n")


def test_two_that_are_lost_are_made_anew_from_the_third_before_either_is_filled(cluster):
    lose(cluster, BRICKS[0])
    lose(cluster, BRICKS[1])
    cluster.pending[BRICKS[2]] = 5
    with pytest.raises(UnsafeChangeError, match="brick h2:/b/v does not serve"):
        run(cluster, BRICKS[0])
    assert run(cluster, BRICKS[0], lost_with=BRICKS[:2]) == RESET
    assert run(cluster, BRICKS[1], lost_with=BRICKS[:2]) == RESET
    assert mark(cluster) == f"{HEALING}:h1:/b/v,{HEALING}:h2:/b/v"


def test_where_glusterfs_counts_nothing_with_one_brick_left_that_is_no_reason_to_wait(cluster):
    lose(cluster, BRICKS[0])
    lose(cluster, BRICKS[1])
    cluster.heal_failures["v"] = "Transport endpoint is not connected"
    assert run(cluster, BRICKS[0], lost_with=BRICKS[:2]) == RESET


def test_a_third_one_that_is_only_away_is_waited_for(cluster):
    lose(cluster, BRICKS[0])
    lose(cluster, BRICKS[1])
    cluster.processes[BRICKS[2]] = None
    with pytest.raises(UnsafeChangeError, match="brick h3:/b/v does not serve"):
        run(cluster, BRICKS[0], lost_with=BRICKS[:2])


def test_a_brick_that_serves_is_not_lost_whoever_says_so(cluster):
    lose(cluster, BRICKS[0])
    cluster.split_brain[BRICKS[1]] = [("g", "/f")]
    with pytest.raises(UnsafeChangeError, match="1 entries of h2:/b/v are in split-brain"):
        run(cluster, BRICKS[0], lost_with=BRICKS[1:])


def test_an_arbiter_is_no_copy():
    cluster = made()
    gluster, bricks = Gluster(cluster.on("h1"), clock=FakeClock()), ["h1:/b/a", "h2:/b/a", "h3:/b/a"]
    gluster.ask("volume", "create", "a", "replica", "3", "arbiter", "1", *bricks)
    gluster.ask("volume", "start", "a")
    lose(cluster, bricks[0])
    lose(cluster, bricks[1])
    with pytest.raises(
        UnsafeChangeError, match="of the bricks that are left, 0 hold files, and it takes 1 to fill a new one"
    ):
        run(cluster, bricks[0], volume="a", lost_with=bricks[:2])
    cluster.processes[bricks[1]] = 7
    lose(cluster, bricks[2])
    assert run(cluster, bricks[0], volume="a", lost_with=[bricks[2]]) == RESET
    assert run(cluster, bricks[2], volume="a", lost_with=[bricks[0]]) == RESET


def test_a_new_brick_is_no_source(cluster):
    """The one that was left dies while it fills the two others."""
    cluster.machines["h1"].volumes["v"]["options"][FILLING_MARK] = f"{HEALING}:h1:/b/v,{HEALING}:h2:/b/v"
    lose(cluster, BRICKS[2])
    with pytest.raises(UnsafeChangeError, match="of the bricks that are left, 0 hold files"):
        run(cluster, BRICKS[2])


@pytest.mark.parametrize("lost", [1, 2, 3])
def test_of_a_dispersed_set_as_many_may_be_lost_as_its_redundancy(lost):
    cluster = FakeCluster(*(f"h{at}" for at in range(1, 7)))
    cluster.form_pool(*cluster.machines)
    cluster.restarts = []
    gluster, bricks = Gluster(cluster.on("h1"), clock=FakeClock()), [f"h{at}:/b/e" for at in range(1, 7)]
    gluster.ask("volume", "create", "e", "disperse", "6", "redundancy", "2", *bricks)
    gluster.ask("volume", "start", "e")
    for brick in bricks[:lost]:
        lose(cluster, brick)
    cluster.pending[bricks[5]] = 3
    for brick in bricks[:lost]:
        if lost > 2:
            with pytest.raises(UnsafeChangeError, match="3 hold files, and it takes 4"):
                run(cluster, brick, volume="e", lost_with=bricks[:lost])
        else:
            assert run(cluster, brick, volume="e", lost_with=bricks[:lost]) == RESET
