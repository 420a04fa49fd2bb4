# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is in split-brain, listed and resolved in a pool in memory."""

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.command import Result
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError, PlanError
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.split_brain import (
    ResolveOperation,
    desired_resolutions,
    file_facts,
    observe_split_brains,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import StepError, converge
from ansible_collections.brickwork.gluster.tests.fakes.clock import FakeClock
from ansible_collections.brickwork.gluster.tests.fakes.cluster import FakeCluster, PowerCut, uuid_of

NODES = ("h1", "h2", "h3")
GFID = "6afff3c7-c8e7-4074-a815-a24d8ae81ec4"
OTHER = "2a993314-ef28-498b-87b2-5aed86f84774"
FOLDER = "59a7949b-a1ac-4be8-a0a8-3a88bb32e27f"


@pytest.fixture
def cluster():
    """Two sets of three in v, an arbiter in a, and volumes that know no split-brain."""
    made = FakeCluster(*NODES)
    made.form_pool(*NODES)
    shapes = {
        "v": "replica 3",
        "a": "replica 3 arbiter 1",
        "w": "disperse 3 redundancy 1",
        "plain": "",
        "off": "replica 3",
    }
    for name, words in shapes.items():
        bricks = [f"{node}:/b/{name}{number}" for number in range(2 if name == "v" else 1) for node in NODES]
        gluster(made).ask("volume", "create", name, *words.split(), *bricks)
        if name != "off":
            gluster(made).ask("volume", "start", name)
    made.commands.clear()
    return made


def gluster(cluster):
    return Gluster(cluster.on("h1"), clock=FakeClock())


def differ(cluster, path="/f", gfid=GFID, volume="v", number=0):
    """A file differs: one brick knows its path, another one its gfid only."""
    for node, name in (("h1", path or f"<gfid:{gfid}>"), ("h2", f"<gfid:{gfid}>")):
        cluster.split_brain.setdefault(f"{node}:/b/{volume}{number}", []).append((gfid, name))


def named(path="/f", policy="latest-mtime", volume="v", source=None):
    return {"volume": volume, "path": path, "policy": policy, "source": source}


def run(cluster, *files, seen=(), check_mode=False):
    plan = converge(ResolveOperation(gluster(cluster), desired_resolutions(files), seen), check_mode)
    assert all(step.kind == "resolve" and step.destroys for step in plan.steps)
    return plan


def targets(plan):
    return [step.target for step in plan.steps]


# ---- the list


def test_replicated_volumes_that_are_started_are_asked_once_each(cluster):
    assert observe_split_brains(gluster(cluster)) == ([], [])
    assert cluster.commands == ["volume info"] + [
        f"volume heal {name} {words}" for name in ("a", "v") for words in ("info split-brain", "statistics heal-count")
    ]


def test_an_entry_is_told_once_for_each_set_with_the_path_that_a_brick_knows(cluster):
    differ(cluster, number=1)
    differ(cluster, "", OTHER)
    differ(cluster, "/d", FOLDER)
    differ(cluster, "/d", FOLDER, number=1)
    found = [file_facts(one) for one in observe_split_brains(gluster(cluster), ["v"]).listed]
    assert [(one["path"], one["gfid"], one["bricks"][0]["name"]) for one in found] == [
        ("", OTHER, "h1:/b/v0"),
        ("/d", FOLDER, "h1:/b/v0"),
        ("/f", GFID, "h1:/b/v1"),
        ("/d", FOLDER, "h1:/b/v1"),
    ]
    assert [brick["host_uuid"] for brick in found[0]["bricks"]] == [uuid_of(node) for node in NODES]
    assert found[0]["volume"] == "v"


def test_arbiters_are_marked(cluster):
    differ(cluster, volume="a")
    [found] = [file_facts(one) for one in observe_split_brains(gluster(cluster), ["a"]).listed]
    assert [brick["arbiter"] for brick in found["bricks"]] == [False, False, True]


def test_a_volume_that_there_is_not_is_refused(cluster):
    with pytest.raises(InputError, match="found no volume x; write names of volumes that exist"):
        observe_split_brains(gluster(cluster), ["x", "v"])


# ---- what is resolved


def test_only_what_is_named_is_resolved_once(cluster):
    differ(cluster)
    differ(cluster, "/g", OTHER)
    check = run(cluster, named(), check_mode=True)
    assert not any("latest-mtime" in command for command in cluster.commands)
    plan = run(cluster, named())
    assert targets(plan) == targets(check) == ["/f of volume v"]
    assert plan.steps[0].argv[3:] == ("volume", "heal", "v", "split-brain", "latest-mtime", "/f")
    assert plan.findings["left"] == [{"volume": "v", "gfid": OTHER, "path": "/g"}]
    assert targets(run(cluster, named())) == []


def test_nothing_in_split_brain_is_no_change_and_two_questions_for_each_volume(cluster):
    assert targets(run(cluster, named(), named(volume="a"))) == []
    assert cluster.commands == [
        "volume info", "volume status all", "volume heal a info split-brain", "volume heal a statistics heal-count",
        "volume heal v info split-brain", "volume heal v statistics heal-count",
    ]  # fmt: skip


def wait_for_ever(cluster, *names):
    """A folder waits for healing, and names in it stand for different files; GlusterFS does not call it split-brain."""
    cluster.stuck["h1:/b/v0"] = [(FOLDER, "/d")]
    cluster.conflicts["/d"] = list(names)
    return [{"volume": "v", "gfid": FOLDER, "path": "/d", "conflicts": list(names)}]


def test_what_only_waits_is_told_apart_and_not_asked_for_where_it_is_much(cluster):
    wait_for_ever(cluster, "x")
    differ(cluster)
    found = observe_split_brains(gluster(cluster), ["v"])
    assert [one.path for one in found.listed] == ["/f"] and [one.path for one in found.waiting] == ["/d"]
    cluster.heal_refusal = "Self-heal daemon is not running."
    assert [one.path for one in observe_split_brains(gluster(cluster), ["v"]).waiting] == ["/d"], "without counts, too"
    cluster.pending["h1:/b/v0"] = 100
    assert observe_split_brains(gluster(cluster), ["v"]).waiting == []


def test_what_is_listed_as_split_brain_does_not_wait_as_well(cluster):
    wait_for_ever(cluster, "x")
    differ(cluster, "/d", FOLDER)
    found = observe_split_brains(gluster(cluster), ["v"])
    assert [one.path for one in found.listed] == ["/d"] and found.waiting == []


def test_a_name_in_a_folder_that_waits_for_ever_is_resolved_once(cluster):
    seen = wait_for_ever(cluster, "x", "y")
    assert targets(run(cluster, named("/d/x"))) == [], "nobody has looked at the bricks"
    assert targets(run(cluster, named("/d/z"), seen=seen)) == [], "it is the same file on all bricks"
    plan = run(cluster, named("/d/x"), seen=seen)
    assert targets(plan) == ["/d/x of volume v"] and cluster.conflicts["/d"] == ["y"]
    seen[0]["conflicts"] = ["y"]
    assert targets(run(cluster, named("/d/x"), seen=seen)) == []


def test_files_that_only_wait_are_nobodys_matter(cluster):
    cluster.pending["h1:/b/v0"] = 2
    assert targets(run(cluster, named("/1"))) == []


def test_a_file_without_a_path_is_named_by_its_gfid(cluster):
    differ(cluster, "")
    assert targets(run(cluster, named(f"gfid:{GFID}"))) == [f"gfid:{GFID} of volume v"]
    assert targets(run(cluster, named(f"gfid:{GFID}"))) == []


def test_a_path_that_only_the_bricks_told_is_known(cluster):
    differ(cluster, "")
    plan = run(cluster, named())
    assert targets(plan) == [] and "of 1 entries that are listed GlusterFS tells no path" in plan.warnings[0]
    seen = [{"volume": "v", "gfid": GFID, "path": "/f", "conflicts": None}]
    check = run(cluster, named(), seen=seen, check_mode=True)
    assert targets(check) == ["/f of volume v"] and check.warnings == []


def test_a_source_brick_is_given_to_glusterfs(cluster):
    differ(cluster)
    plan = run(cluster, named(policy="source-brick", source="h2:/b//v0/"))
    assert plan.steps[0].argv[-4:] == ("split-brain", "source-brick", "h2:/b/v0", "/f")


def test_without_any_difference_the_error_leads_to_a_source_and_the_others_are_resolved(cluster):
    differ(cluster)
    differ(cluster, "/g", OTHER)
    cluster.ties.add("/f")
    with pytest.raises(StepError, match="No difference in mtime.*take the policy source-brick") as caught:
        run(cluster, named(), named("/g"))
    assert [step.target for step in caught.value.done] == ["/g of volume v"]
    assert targets(run(cluster, named(policy="source-brick", source="h1:/b/v0"), named("/g"))) == ["/f of volume v"]


def test_what_glusterfs_says_else_is_told(cluster):
    differ(cluster)
    said = Result(22, "Lookup failed on /f:No such file or directory.\nVolume heal failed.\n", "")
    with pytest.raises(StepError, match=r"GlusterFS says: Lookup failed on /f:No such file or directory\.; take"):
        resolve_with(cluster, said)


def test_a_large_file_is_not_cut_off_by_the_time_limit_of_a_command(cluster):
    """Half written, its copy would be the one that was written last, and win the next time."""
    differ(cluster)
    limits = {}

    class Runner:
        def run(self, argv, timeout):
            limits[argv[6]] = timeout
            return cluster.on("h1").run(argv, timeout)

    one = Gluster(Runner(), timeout=30, clock=FakeClock())
    one.resolve(("volume", "heal", "v", "split-brain", "latest-mtime", "/f"))
    assert limits == {"split-brain": 86400}


def test_where_glusterd_stops_in_the_middle_no_other_file_is_tried(cluster):
    differ(cluster)
    differ(cluster, "/g", OTHER)
    said = Result(1, "Connection failed. Please check if gluster daemon is operational.\n", "")
    with pytest.raises(StepError, match="not tried after that: /g of volume v"):
        resolve_with(cluster, said)


def resolve_with(cluster, said):
    """Run with that answer to each resolution."""

    class Runner:
        def run(self, argv, timeout):
            return said if "latest-mtime" in argv else cluster.on("h1").run(argv, timeout)

    operation = ResolveOperation(Gluster(Runner(), clock=FakeClock()), desired_resolutions([named(), named("/g")]))
    return converge(operation)


# ---- names that stand for different files


@pytest.fixture
def conflict(cluster):
    """The folder /d is listed, as two names in it stand for different files."""
    differ(cluster, "/d", FOLDER)
    cluster.conflicts["/d"] = ["x", "y"]
    return cluster


def seen(*names):
    return [{"volume": "v", "gfid": FOLDER, "path": "/d", "conflicts": list(names)}]


def test_such_a_name_is_resolved_though_its_folder_stays_listed_until_it_has_healed(conflict):
    plan = run(conflict, named("/d/x"))
    assert targets(plan) == ["/d/x of volume v"]
    assert "volume heal v" in conflict.commands, "the folder is healed at once"
    assert [one["path"] for one in listed(conflict)] == ["/d"]
    run(conflict, named("/d/y"))
    assert listed(conflict) == []
    assert targets(run(conflict, named("/d/x"), named("/d/y"))) == []


def listed(cluster):
    return [file_facts(one) for one in observe_split_brains(gluster(cluster), ["v"]).listed]


def test_where_the_bricks_were_looked_at_a_resolved_name_is_no_change_while_another_one_waits(conflict):
    assert targets(run(conflict, named("/d/x"), seen=seen("x", "y"))) == ["/d/x of volume v"]
    assert targets(run(conflict, named("/d/x"), seen=seen("y"))) == []
    assert [one["path"] for one in run(conflict, named("/d/x"), seen=seen("y")).findings["left"]] == ["/d"]


def test_a_folder_that_heals_now_is_not_left(conflict):
    both = (named("/d/x"), named("/d/y"))
    assert run(conflict, *both, seen=seen("x", "y")).findings["left"] == []


def test_a_tie_is_seen_though_the_exit_code_is_0(conflict):
    conflict.ties.add("/d/x")
    with pytest.raises(StepError, match="No difference in mtime for file /d/x.*take the policy source-brick"):
        run(conflict, named("/d/x"))


def test_a_folder_with_such_names_is_refused_in_favour_of_these(conflict):
    with pytest.raises(PlanError, match="name these instead: /d/x, /d/y"):
        run(conflict, named("/d", "source-brick", source="h1:/b/v0"), seen=seen("x", "y"))


# ---- cut off, and refused


def test_a_run_that_was_cut_off_anywhere_is_finished_by_the_next_one(cluster):
    files = [named("/f"), named("/g"), named("/d/x")]

    def begin(cut_after):
        cluster.split_brain.clear()
        for path, gfid in (("/f", GFID), ("/g", OTHER), ("/d", FOLDER)):
            differ(cluster, path, gfid)
        cluster.conflicts["/d"] = ["x"]
        cluster.commands.clear()
        cluster.cut_after = cut_after

    begin(None)
    run(cluster, *files)
    whole = len(cluster.commands)
    for cut in range(whole):
        begin(cut)
        with pytest.raises(PowerCut):
            run(cluster, *files)
        cluster.cut_after = None
        run(cluster, *files)
        assert listed(cluster) == [] and targets(run(cluster, *files)) == [], cut
    assert whole == 4 + 3 + 1 + 4


def test_all_that_stands_against_it_is_told_before_the_first_change(cluster):
    differ(cluster)
    differ(cluster, "/g", OTHER, number=1)
    differ(cluster, volume="a")
    cluster.processes["h3:/b/v1"] = None
    with pytest.raises(PlanError) as caught:
        run(
            cluster,
            named("/f"),
            named("/g"),
            named(volume="none"),
            named(volume="w"),
            named(volume="off"),
            named(volume="a", policy="source-brick", source="h3:/b/a0"),
            named("/h", "source-brick", source="h9:/b/v0"),
        )
    said = str(caught.value).split("\n")
    expected = (
        "/g of volume v: brick h3:/b/v1 of its set does not serve",
        "volume none: found no such volume",
        "volume w: the volume is not replicated",
        "volume off: the volume is not started; start it first",
        "source h3:/b/a0 is an arbiter and holds no data; write one of h1:/b/a0, h2:/b/a0",
        "source h9:/b/v0 is no brick of the set that holds it; write one of h1:/b/v0",
    )
    assert len(said) == len(expected)
    assert all(words in line for words, line in zip(expected, said))
    assert not any("latest-mtime" in command for command in cluster.commands)


def test_a_source_of_another_set_is_refused(cluster):
    differ(cluster)
    with pytest.raises(PlanError, match="h1:/b/v1 is no brick of the set that holds it"):
        run(cluster, named(policy="source-brick", source="h1:/b/v1"))


@pytest.mark.parametrize(
    "wrong",
    [
        named("f"),
        named("/../etc/passwd"),
        named("--log-file=/etc/passwd"),
        named("gfid:x"),
        named("/f\n"),
        named(policy="source-brick"),
        named(source="h1:/b"),
        named(policy="source-brick", source="h1"),
        named(policy="source-brick", source="--remote-host=x:/b"),
        named(volume="-v"),
    ],
    ids=str,
)
def test_what_is_no_resolution_is_refused(wrong):
    with pytest.raises(InputError, match="files, number 2.*found .*; write|files, number 2|bricks: found"):
        desired_resolutions([named(), wrong])


def test_all_of_them_are_refused_at_once_and_what_stands_there_twice(cluster):
    with pytest.raises(InputError) as caught:
        desired_resolutions([named("f"), named("g"), named("/f"), named("//f/.", "bigger-file")])
    assert len(str(caught.value).split("\n")) == 3 and "/f of volume v twice; write it once" in str(caught.value)
