# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A change that some members could not carry out: what is known of it, and whether the run goes on."""

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.command import Result
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster import answers
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.commits import difference
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.heal import counted
from ansible_collections.brickwork.gluster.tests.fakes.clock import FakeClock
from ansible_collections.brickwork.gluster.tests.fakes.cluster import FakeCluster, failure

NODES = ("h1", "h2", "h3")
HEAL = {"volumes": [], "bricks": [], "lost": [], "full": False, "names": False}


@pytest.fixture
def cluster():
    made = FakeCluster(*NODES)
    made.form_pool(*NODES)
    gluster(made).ask("volume", "create", "v", "replica", "3", *[f"{name}:/b/v" for name in NODES])
    gluster(made).ask("volume", "start", "v")
    made.commands.clear()
    return made


def gluster(cluster, warnings=None, clock=None):
    warn = str if warnings is None else warnings.append
    return Gluster(cluster.on("h1"), clock=clock or FakeClock(), warn=warn)


def refusal(cluster, *words, clock=None):
    warnings = []
    with pytest.raises(answers.CommitFailed) as caught:
        gluster(cluster, warnings, clock).ask("volume", *words)
    assert warnings == []
    return str(caught.value)


SET = ("set", "v", "diagnostics.brick-log-level", "WARNING")


def test_where_the_member_has_the_change_all_the_same_the_run_goes_on_with_a_warning(cluster):
    cluster.commit_failures["set v"] = {"h3": True}
    warnings = []
    gluster(cluster, warnings).ask("volume", *SET)
    [warning] = warnings
    assert warning.startswith("gluster volume set v diagnostics.brick-log-level WARNING: failed on h3, where ")
    assert "run the playbook health" in warning and "'A change that failed on a member'" in warning
    assert cluster.machines["h1"].volumes["v"]["options"][SET[2]] == "WARNING"
    assert len([words for words in cluster.commands if words.startswith("volume set")]) == 1, "nothing is done twice"


def test_where_it_has_not_the_member_the_command_what_is_known_and_what_to_do_are_named(cluster):
    """As seen with a full /var: the others have the new value, and it has the old one."""
    cluster.commit_failures["set v"] = {"h3": False}
    clock = FakeClock()
    told = refusal(cluster, *SET, clock=clock)
    assert told.startswith("gluster volume set v diagnostics.brick-log-level WARNING: Commit failed on h3.")
    assert "this node has done it, and h3 knows another state of volume v (options); see " in told
    assert "glusterd.log on h3, restart glusterd there" in told and told.endswith("and run the same playbook again")
    assert clock.monotonic() >= 30, "its connection alone may have failed"


def test_of_several_members_those_are_named_that_lack_it(cluster):
    cluster.commit_failures["set v"] = {"h2": True, "h3": False}
    told = refusal(cluster, *SET)
    assert "and h3 knows another state of volume v" in told and "glusterd.log on h2, h3" in told


def test_a_member_that_comes_to_have_it_while_it_is_waited_for(cluster):
    class LateClock(FakeClock):
        def sleep(self, seconds):
            super().sleep(seconds)
            if self.monotonic() > 5:
                cluster.machines["h3"].volumes = cluster.machines["h1"].volumes

    cluster.commit_failures["set v"] = {"h3": False}
    warnings = []
    gluster(cluster, warnings, LateClock()).ask("volume", *SET)
    assert len(warnings) == 1


def test_a_member_that_can_not_be_asked_is_one_of_which_nothing_is_known(cluster):
    cluster.commit_failures["set v"] = {"h3": True}
    cluster.machines["h3"].up = False
    assert "(it can't be asked: gluster volume info v: Connection failed" in refusal(cluster, *SET)


def test_a_first_start_that_failed_on_a_member_goes_on_where_all_know_it(cluster):
    """A self-heal daemon that does not start is the last error of it: the bricks are started then."""
    gluster(cluster).ask("volume", "stop", "v")
    cluster.commit_failures["start v"] = {"h2": True}
    warnings = []
    gluster(cluster, warnings).ask("volume", "start", "v")
    assert len(warnings) == 1


BRICKS = [
    ("reset-brick", "v", "h3:/b/v", "h3:/b/v", "commit", "force"),
    ("replace-brick", "v", "h3:/b/v", "h1:/b/w", "commit", "force"),
    ("remove-brick", "v", "replica", "2", "h3:/b/v", "force"),
    ("add-brick", "v", "h1:/b/w", "h2:/b/w", "h3:/b/w"),
    ("rebalance", "v", "start"),
    ("remove-brick", "v", "h1:/b/v", "start"),
]


@pytest.mark.parametrize("words", BRICKS, ids=" ".join)
@pytest.mark.parametrize("knows", [True, False])
def test_what_a_member_has_not_done_to_bricks_and_files_is_not_taken_for_done(cluster, words, knows):
    """A brick may lack GlusterFS's mark, or serve on; a client may be given the bricks as they were."""
    cluster.commit_failures[" ".join(words[:2])] = {"h3": knows}
    assert "this node has done it, and nothing tells whether it was done there; see" in refusal(cluster, *words)


def test_of_a_volume_that_was_never_started_no_memory_tells_whether_its_files_are_there(cluster):
    gluster(cluster).ask("volume", "create", "w", "h1:/b/w", "h2:/b/w")
    cluster.commit_failures["set w"] = {"h2": True}
    assert "it was never started, so that its files may lack there" in refusal(cluster, "set", "w", "user.note", "x")


@pytest.mark.parametrize("words", [("status", "v"), ("rebalance", "v", "status"), ("heal", "v")], ids=" ".join)
def test_a_question_that_a_member_could_not_answer_has_its_own_error(cluster, words):
    cluster.commit_failures[" ".join(words[:2])] = {"h3": True}
    assert refusal(cluster, *words).endswith("Please check log file for details.")


def judged(text):
    result = failure(text)
    return answers.refusal(["gluster"], result, answers.judge(result))


def test_who_failed_is_read_of_each_line():
    both = judged("Commit failed on 192.168.72.102. Please check log file for details.\nCommit failed on h3. Error: x")
    assert both.peers == ("192.168.72.102", "h3")
    here = judged("Commit failed on localhost. Please check log file for details.")
    assert not isinstance(here, answers.CommitFailed), "no other was asked"
    text = Result(1, "", "volume heal v: failed: Commit failed on h2. Please check log file for details.\n")
    assert answers.refusal(["gluster"], text, answers.judge(text)).peers == ("h2",)


def test_volumes_differ_by_name(cluster):
    [volume] = gluster(cluster).volumes("v")
    assert difference(volume, volume) == difference(None, None) == ""
    assert difference(volume, volume._replace(status="Stopped", options={})) == "status, options"
    assert difference(volume, None) == "whether it exists"


def test_a_new_brick_is_not_taken_for_filled_where_its_own_member_failed(cluster):
    """GlusterFS may not have marked it: it stays noted as such, and the next run has it marked."""
    mark = "marking:h3:/b/v"
    gluster(cluster).ask("volume", "set", "v", "user.brickwork-filling", mark)
    cluster.commit_failures["reset-brick v"] = {"h3": True}
    with pytest.raises(answers.CommitFailed, match="nothing tells whether it was done there"):
        counted(HEAL, gluster(cluster), False, FakeClock())
    assert cluster.machines["h1"].volumes["v"]["options"]["user.brickwork-filling"] == mark
    # The playbook heal starts what was stopped.
    cluster.processes.clear()
    assert counted(HEAL, gluster(cluster), False, FakeClock())["changed"]
    assert cluster.machines["h1"].volumes["v"]["options"]["user.brickwork-filling"] == "healing:last3"
