# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many volumes in one call of gluster_volume."""

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.adapter import failure as answer_of
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import (
    InputError,
    PlanError,
    UnsafeChangeError,
    VerifyError,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Brick
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.volume import VolumesOperation
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.volume_plan import DesiredVolume
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.volumes_plan import desired_volumes
from ansible_collections.brickwork.gluster.plugins.module_utils.shapes import shape_of
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import StepError, converge
from ansible_collections.brickwork.gluster.tests.fakes.clock import FakeClock
from ansible_collections.brickwork.gluster.tests.fakes.cluster import FakeCluster, PowerCut, failure

HOSTS = ["h1", "h2", "h3"]
NAMES = ["v%d" % number for number in range(8)]


@pytest.fixture
def cluster():
    made = FakeCluster(*HOSTS)
    made.form_pool(*HOSTS)
    return made


def desired(name, count=3, **more):
    more.setdefault("state", "started")
    bricks = tuple(Brick(HOSTS[number % 3], "/b/%s-%d" % (name, number)) for number in range(count))
    return DesiredVolume(name=name, shape=shape_of("replicate"), bricks=bricks, **more)


def operation(cluster, volumes):
    gluster = Gluster(cluster.on("h1"), clock=FakeClock())
    return VolumesOperation(gluster, cluster.directories_of("h1"), volumes, 5, FakeClock(), lambda name: [])


def run(cluster, *volumes):
    """Plan in check mode, run, and run again; return target and kind of the steps."""
    before = [command for command in cluster.commands if not reads(command)]
    planned = converge(operation(cluster, volumes), check_mode=True)
    assert [command for command in cluster.commands if not reads(command)] == before
    done = converge(operation(cluster, volumes))
    assert planned == done
    assert converge(operation(cluster, volumes)).steps == []
    return [(step.target, step.kind) for step in done.steps]


def reads(command):
    return command.startswith(("pool list", "volume info", "volume status", "volume heal"))


def started(cluster):
    return sorted(name for name, volume in cluster.machines["h1"].volumes.items() if volume["status"] == "Started")


def test_all_are_made_with_one_look_before_one_after_and_one_wait(cluster):
    volumes = [desired(name) for name in NAMES]
    done = converge(operation(cluster, volumes))
    assert sorted(step.kind for step in done.steps) == ["create_volume"] * 8 + ["start_volume"] * 8
    asked = [command for command in cluster.commands if reads(command)]
    # A look is the pool and the volumes; waiting is the volumes and the processes of all their bricks.
    assert asked == ["pool list", "volume info", "volume info", "volume status all", "pool list", "volume info"]
    assert started(cluster) == NAMES
    assert done.before["v1"] == {"state": "absent"} and done.after["v1"]["state"] == "started"


def test_each_gets_the_steps_that_it_needs_and_a_second_run_none(cluster):
    run(cluster, desired("v0"), desired("v1", state="present"), desired("v2"))
    wanted = [
        desired("v0", options={"ping-timeout": 20}),
        desired("v1"),
        desired("v2", state="stopped"),
        desired("v3", state="present"),
    ]
    assert run(cluster, *wanted) == [
        ("v0", "set_options"),
        ("v1", "rewrite_volume_files"),
        ("v1", "start_volume"),
        ("v2", "stop_volume"),
        ("v3", "create_volume"),
    ]
    assert run(cluster, DesiredVolume("v2", "absent"), desired("v0", 6)) == [
        ("v2", "delete_volume"),
        ("v0", "add_bricks"),
    ]


def test_options_of_a_volume_that_was_never_started_make_all_members_write_its_files(cluster):
    run(cluster, desired("v0", state="present"), desired("v1", state="present"))
    wanted = [desired(name, options={"ping-timeout": 20}) for name in ("v0", "v1")]
    cluster.fail_next["set v1"] = failure("Commit failed on h3. Please check log file for details.")
    with pytest.raises(StepError, match="set first options v1: .*never started and holds nothing: delete it"):
        converge(operation(cluster, wanted))
    assert started(cluster) == ["v0"]
    assert run(cluster, *wanted) == [("v1", "set_first_options"), ("v1", "start_volume")]


def test_everything_that_is_refused_is_named_and_nothing_is_changed(cluster):
    run(cluster, desired("v0"))
    strange = desired("v2")._replace(bricks=desired("v2").bricks[:2] + (Brick("h9", "/b"),))
    with pytest.raises(PlanError) as caught:
        converge(operation(cluster, [desired("v0")._replace(shape=shape_of("arbiter")), desired("v1"), strange]))
    lines = str(caught.value).splitlines()
    assert [line.partition(": ")[0] for line in lines] == ["volume v0", "volume v2"]
    assert "is replica 3, not replica 3 with an arbiter" in lines[0] and "h9 is not in the pool" in lines[1]
    assert started(cluster) == ["v0"] and "v1" not in cluster.machines["h1"].volumes


def test_wrong_options_are_all_named(cluster):
    with pytest.raises(PlanError, match="(?s)volume v0: reset_options.*volume v2: options: .*whole pool"):
        wrong = [
            desired("v0", options={"auth.allow": "*"}, reset=("auth.allow",)),
            desired("v1"),
            desired("v2", options={"cluster.brick-multiplex": "on"}),
        ]
        converge(operation(cluster, wrong))
    with pytest.raises(InputError, match="found v1 twice"):
        converge(operation(cluster, [desired("v1"), desired("v1")]))
    assert cluster.commands == []


def test_two_new_volumes_do_not_get_the_same_directory(cluster):
    inside = desired("v1")._replace(bricks=(Brick("h1", "/b/v0-0/x"),) + desired("v1").bricks[1:])
    with pytest.raises(UnsafeChangeError, match="h1:/b/v0-0/x of volume v1 .* h1:/b/v0-0, a brick of volume v0"):
        converge(operation(cluster, [desired("v0"), inside]))
    assert cluster.machines["h1"].volumes == {}


def test_one_that_fails_is_named_and_the_others_are_made(cluster):
    cluster.fail_next["start v1"] = failure("no quorum")
    cluster.fail_next["create v3"] = failure("no space")
    with pytest.raises(StepError) as caught:
        converge(operation(cluster, [desired(name) for name in NAMES]))
    assert started(cluster) == ["v0", "v2", "v4", "v5", "v6", "v7"]
    answer = answer_of(caught.value)
    assert sorted(line.partition(":")[0] for line in answer["msg"].splitlines()) == [
        "create volume v3",
        "start volume v1",
    ]
    assert answer["failed_step"]["target"] in ("v1", "v3")
    assert len(answer["steps_done"]) == 7 + 6
    assert [target for target, _kind in run(cluster, *[desired(name) for name in NAMES])] == ["v1", "v1", "v3", "v3"]


def test_none_is_begun_after_a_failure_while_a_member_is_away_and_these_are_named(cluster):
    """As seen: the kernel ended glusterd on two nodes, and ten more volumes were tried."""
    volumes = [desired(name) for name in NAMES]
    failing = operation(cluster, volumes)
    perform = failing.perform

    def go_away(step):
        if step.lane == "v0":
            cluster.machines["h3"].up = False
            cluster.fail_next["create v0"] = failure("h3 is gone")
        perform(step)

    failing.perform = go_away
    with pytest.raises(
        StepError, match="create volume v0: .*h3 is gone(?s:.*)not tried after that: .*v6, v7; run again"
    ):
        converge(failing)
    assert len([command for command in cluster.commands if " create " in command]) <= 2
    cluster.machines["h3"].up = True
    assert len({target for target, _kind in run(cluster, *volumes)}) >= 7
    assert started(cluster) == NAMES


def test_a_lock_that_another_transaction_holds_is_waited_for(cluster):
    cluster.locked = {"v1": 3, "v2": 1}
    volumes = [desired(name, options={"ping-timeout": 20}) for name in NAMES]
    converge(operation(cluster, volumes))
    assert started(cluster) == NAMES
    cluster.locked = {"v3": 2}
    granular = {"ping-timeout": 20, "cluster.granular-entry-heal": "on"}
    converge(operation(cluster, [desired("v3", options=granular)]))
    assert cluster.machines["h1"].volumes["v3"]["options"]["cluster.granular-entry-heal"] == "enable"


@pytest.mark.parametrize("after", range(2, 26, 3))
def test_a_run_that_is_cut_off_anywhere_is_finished_by_the_next(cluster, after):
    volumes = [desired(name, options={"ping-timeout": 20}) for name in NAMES]
    cluster.cut_after = after
    with pytest.raises(PowerCut):
        converge(operation(cluster, volumes))
    cluster.cut_after = None
    converge(operation(cluster, volumes))
    assert started(cluster) == NAMES
    assert converge(operation(cluster, volumes)).steps == []


def test_a_refused_create_keeps_the_marks_of_a_volume_that_is_made_beside_it(cluster):
    """What is being created is in no list of volumes yet, so its marks look like those that nobody owns."""
    both = operation(cluster, [desired("v0"), desired("v1")])
    cluster.directories[("h1", "/b/v1-0")] = ("of-v1", True)
    cluster.directories[("h1", "/b/v0-0")] = ("of-no-volume", True)
    both._clear_new_marks(desired("v0"))
    assert ("h1", "/b/v0-0") not in cluster.directories and ("h1", "/b/v1-0") in cluster.directories


def test_bricks_without_a_process_are_named_with_their_volumes(cluster):
    cluster.processes.update({"h2:/b/v1-1": None, "h3:/b/v2-2": None})
    with pytest.raises(VerifyError) as caught:
        converge(operation(cluster, [desired(name) for name in NAMES]))
    assert [line.partition(";")[0] for line in str(caught.value).splitlines()] == [
        "volume v1: no brick process after 5 s for h2:/b/v1-1",
        "volume v2: no brick process after 5 s for h3:/b/v2-2",
    ]


def test_parameters_of_one_volume_and_of_many_read_the_same():
    one = {"name": "v0", "type": "replicate", "bricks": ["h1:/b"], "options": {"a.b": 1}, "state": "started"}
    assert desired_volumes(dict(one, volumes=None)) == desired_volumes({"volumes": [one]})
    with pytest.raises(PlanError, match="(?s)volume v1: type: found stripe.*volume v2: bricks"):
        desired_volumes({"volumes": [one, {"name": "v1", "type": "stripe"}, {"name": "v2", "bricks": ["--x:/b"]}]})
