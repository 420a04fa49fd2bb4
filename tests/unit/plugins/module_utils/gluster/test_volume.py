# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.brickwork.gluster.plugins.module_utils.command import TIMED_OUT, Result
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import (
    InputError,
    PlanError,
    UnsafeChangeError,
    VerifyError,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.answers import GlusterError
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Brick
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.volume import VolumesOperation
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.volume_plan import DesiredVolume
from ansible_collections.brickwork.gluster.plugins.module_utils.shapes import shape_of
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import StepError, converge
from ansible_collections.brickwork.gluster.tests.fakes.clock import FakeClock
from ansible_collections.brickwork.gluster.tests.fakes.cluster import FakeCluster, failure

HOSTS = ["h%s" % number for number in range(1, 7)]


@pytest.fixture
def cluster():
    return pool()


def pool():
    made = FakeCluster(*HOSTS)
    made.form_pool(*HOSTS)
    return made


def bricks(count, start=0):
    return tuple(Brick(HOSTS[n % 6], "/b/%s" % n) for n in range(start, start + count))


def operation(cluster, *desired, **more):
    gluster = Gluster(cluster.on("h1"), clock=FakeClock())
    return VolumesOperation(
        gluster, cluster.directories_of("h1"), desired, 5, FakeClock(), lambda name: [], more.get("offline_ok", False)
    )


def desired(kind="replicate", count=3, **more):
    counts = [more.pop(key, None) for key in ("replicas", "disperse_data", "redundancy")]
    more.setdefault("state", "started")
    return DesiredVolume(name="v", shape=shape_of(kind, *counts), bricks=bricks(count), **more)


def run(cluster, wanted, **more):
    """Plan in check mode, run, and run again; return the steps' kinds."""
    planned = converge(operation(cluster, wanted), check_mode=True)
    done = converge(operation(cluster, wanted, **more))
    assert planned.describe() == done.describe()
    assert converge(operation(cluster, wanted)).steps == []
    return [step.kind for step in done.steps]


CREATED = ["create_volume", "start_volume"]


@pytest.mark.parametrize(
    ("kind", "count", "more", "words"),
    [
        ("distribute", 2, {}, "create v h1"),
        ("replicate", 3, {}, "create v replica 3 h1"),
        ("replicate", 2, {"replicas": 2}, "create v replica 2 h1"),
        ("distributed-replicate", 6, {}, "create v replica 3 h1"),
        ("arbiter", 3, {}, "create v replica 3 arbiter 1 h1"),
        ("disperse", 6, {}, "create v disperse 6 redundancy 2 h1"),
        ("disperse", 3, {"disperse_data": 2, "redundancy": 1}, "create v disperse 3 redundancy 1 h1"),
        ("distributed-disperse", 6, {"disperse_data": 2, "redundancy": 1}, "create v disperse 3 redundancy 1 h1"),
    ],
)
def test_every_kind_is_created_and_started_once(cluster, kind, count, more, words):
    assert run(cluster, desired(kind, count, **more)) == CREATED
    assert any(command.startswith("volume " + words) for command in cluster.commands)


@pytest.mark.parametrize("kind", ["stripe", "distributed-stripe", "striped-replicate"])
def test_striped_volumes_are_refused_with_the_alternative(kind):
    with pytest.raises(InputError, match="GlusterFS 6 dropped.*features.shard"):
        shape_of(kind)


def test_options_are_set_when_they_differ_and_reset_by_name(cluster):
    assert run(cluster, desired(options={"ping-timeout": 20, "user.note": "x"})) == [
        "create_volume",
        "set_options",
        "start_volume",
    ]
    present = cluster.machines["h1"].volumes["v"]["options"]
    present["network.ping-timeout"] = present.pop("ping-timeout", "20")
    assert run(cluster, desired(options={"network.ping-timeout": "020"})) == []
    assert run(cluster, desired(options={"network.ping-timeout": 30})) == ["set_options"]
    assert run(cluster, desired(reset=("ping-timeout", "performance.cache-size"))) == ["reset_option"]
    assert "nfs.disable" in present, "what creation set is not touched"
    with pytest.raises(InputError, match="can't reset user.note"):
        run(cluster, desired(reset=("user.note",)))


def test_states(cluster):
    assert run(cluster, desired(state="present")) == ["create_volume"]
    assert run(cluster, desired(state="started")) == ["rewrite_volume_files", "start_volume"]
    assert run(cluster, desired(state="present")) == []
    assert run(cluster, desired(state="stopped")) == ["stop_volume"]
    assert run(cluster, desired(state="started")) == ["start_volume"]
    assert run(cluster, DesiredVolume("v", "absent")) == ["stop_volume", "delete_volume"]
    assert run(cluster, DesiredVolume("v", "absent")) == []


def test_a_new_volume_that_all_members_have_stored_is_started_without_being_written_anew(cluster):
    run(cluster, desired(state="present"))
    assert run(cluster, desired(state="started", stored_everywhere=True)) == ["start_volume"]


def test_a_member_that_lost_the_files_is_found_before_the_start_and_the_error_says_what_to_do(cluster):
    """As seen on a real machine: started all the same, the volume would run on all members but that one."""
    run(cluster, desired(state="present"))
    cluster.fail_next["set"] = failure("Commit failed on h3. Please check log file for details.")
    with pytest.raises(StepError, match="Commit failed on h3.*never started and holds nothing: delete it"):
        converge(operation(cluster, desired()))
    assert not any(command.startswith("volume start") for command in cluster.commands)
    assert run(cluster, DesiredVolume("v", "absent")) == ["delete_volume"]


def test_the_first_start_waits_for_all_bricks_and_later_ones_do_not(cluster):
    run(cluster, desired(state="present"))
    cluster.machines["h3"].up = False
    with pytest.raises(PlanError, match="never started.*not connected: h3:/b/2"):
        converge(operation(cluster, desired()))
    cluster.machines["h3"].up = True
    run(cluster, desired())
    run(cluster, desired(state="stopped"))
    cluster.machines["h3"].up = False
    plan = operation(cluster, desired()).plan(operation(cluster, desired()).observe())
    assert [step.kind for step in plan.steps] == ["start_volume"]


def test_growth_by_whole_sets_with_a_rebalance(cluster):
    run(cluster, desired(count=3))
    assert run(cluster, desired(count=6, rebalance=True)) == [
        "set_options",
        "add_bricks",
        "start_rebalance",
        "set_options",
    ]
    assert run(cluster, desired(count=6, rebalance=True)) == []
    with pytest.raises(InputError, match="no whole sets"):
        run(cluster, desired(count=7))


def test_a_rebalance_that_was_cut_off_is_started_by_the_next_run(cluster):
    run(cluster, desired(count=3))
    cluster.fail_next["rebalance"] = failure("glusterd went away")
    with pytest.raises(StepError):
        converge(operation(cluster, desired(count=6, rebalance=True)))
    assert run(cluster, desired(count=6, rebalance=True)) == ["start_rebalance", "set_options"]


def test_heals_that_can_not_be_counted_at_once_are_asked_for_again(cluster):
    run(cluster, desired(count=3))
    grown = operation(cluster, desired(count=6))
    failures = [GlusterError("Not able to fetch volfile", [], 0, "", "")]
    counts = grown._gluster.heal_counts

    def heal_counts(name):
        if failures:
            raise failures.pop()
        return counts(name)

    grown._gluster.heal_counts = heal_counts
    assert [step.kind for step in converge(grown).steps] == ["add_bricks"]
    cluster.heal_failures["v"] = "Not able to fetch volfile"
    with pytest.raises(GlusterError, match="volfile"):
        converge(operation(cluster, desired(count=9)))


def test_growth_waits_for_the_new_bricks_and_not_for_one_that_was_dead_before(cluster):
    run(cluster, desired(count=3))
    cluster.processes["h2:/b/1"] = None
    cluster.dead.add(("h2", "/b/1"))
    done = converge(operation(cluster, desired(count=6)))
    assert [step.kind for step in done.steps] == ["add_bricks"]
    cluster.processes["h6:/b/11"] = None
    with pytest.raises(VerifyError, match="for h6:/b/11;"):
        converge(operation(cluster, desired(count=12)))


def test_nothing_grows_while_the_layout_changes(cluster):
    run(cluster, desired(count=3))
    cluster.tasks["v"] = [("Rebalance", "fix-layout in progress")]
    with pytest.raises(PlanError, match="v has a task: Rebalance, fix-layout in progress; let it end"):
        converge(operation(cluster, desired(count=6)))


@pytest.mark.parametrize("rest", [{"count": 6}, {"rebalance": True}])
def test_nothing_grows_and_no_file_moves_while_something_waits_for_healing(cluster, rest):
    """As seen: 52 entries waited, and bricks were added and files spread anew all the same."""
    run(cluster, desired(count=3))
    if "rebalance" in rest:
        cluster.machines["h1"].volumes["v"]["options"]["user.brickwork-rebalance"] = "pending"
    cluster.pending["h2:/b/1"] = 52
    with pytest.raises(PlanError, match="volume v has entries that wait for healing .52 on h2:/b/1.; let them heal"):
        converge(operation(cluster, desired(**rest)))
    cluster.pending.clear()
    assert converge(operation(cluster, desired(**rest))).steps


@pytest.mark.parametrize(
    ("version", "kind", "count", "granular"),
    [("7.5", "replicate", 3, True), ("8.6", "arbiter", 3, True), ("7.5", "disperse", 6, False),
     ("7.5", "distribute", 2, False), ("9.2", "replicate", 3, False)],
)  # fmt: skip
def test_healing_goes_by_entries_from_the_first_start_on(cluster, version, kind, count, granular):
    """GlusterFS below 9 would go through whole directories, and takes the option by "volume set" only before."""
    cluster.version = version
    run(cluster, desired(kind, count))
    options = cluster.machines["h1"].volumes["v"]["options"]
    assert ("cluster.granular-entry-heal" in options) == granular
    set_at = [number for number, command in enumerate(cluster.commands) if "granular" in command]
    assert set_at == [] or set_at[0] < cluster.commands.index("volume start v")


@pytest.mark.parametrize(
    ("version", "kind", "count", "off"),
    [("7.5", "replicate", 3, True), ("7.7", "distribute", 2, True), ("7.8", "replicate", 3, False),
     ("10.3", "distribute", 2, False)],
)  # fmt: skip
def test_no_client_crashes_in_open_behind(cluster, version, kind, count, off):
    cluster.version = version
    run(cluster, desired(kind, count))
    options = cluster.machines["h1"].volumes["v"]["options"]
    assert options.get("performance.open-behind") == ("off" if off else None)


def test_who_wants_open_behind_gets_it(cluster):
    cluster.version = "7.5"
    run(cluster, desired(options={"open-behind": True}))
    assert cluster.machines["h1"].volumes["v"]["options"]["performance.open-behind"] == "on"


def test_who_wants_whole_directories_healed_gets_that(cluster):
    cluster.version = "7.5"
    run(cluster, desired(options={"cluster.granular-entry-heal": False}))
    assert cluster.machines["h1"].volumes["v"]["options"]["cluster.granular-entry-heal"] == "off"


def test_a_started_volume_takes_granular_healing_by_its_own_command(cluster):
    run(cluster, desired())
    wanted = desired(options={"cluster.granular-entry-heal": True, "network.ping-timeout": 20})
    assert run(cluster, wanted) == ["set_options", "set_granular_heal"]
    assert "volume heal v granular-entry-heal enable" in cluster.commands
    assert run(cluster, desired(options={"granular-entry-heal": "off"})) == ["set_granular_heal"]


def test_a_brick_without_a_port_is_not_online(cluster):
    """As seen on 7.5: online, without a port, and every new mount failed."""
    cluster.ports["h2:/b/1"] = None
    with pytest.raises(VerifyError, match="no brick process after 5 s for h2:/b/1"):
        converge(operation(cluster, desired()))


def test_fewer_bricks_are_an_error_and_never_a_removal(cluster):
    run(cluster, desired(count=6))
    with pytest.raises(UnsafeChangeError, match="h4:/b/3, h5:/b/4, h6:/b/5 are in volume v but not in the list"):
        run(cluster, desired(count=3))
    assert len(cluster.machines["h1"].volumes["v"]["bricks"]) == 6


def test_order_and_type_can_not_change(cluster):
    run(cluster, desired(count=3))
    shuffled = desired(count=3)._replace(bricks=tuple(reversed(bricks(3))))
    with pytest.raises(PlanError, match="order differs"):
        run(cluster, shuffled)
    with pytest.raises(PlanError, match="is replica 3, not replica 3 with an arbiter"):
        run(cluster, desired("arbiter"))


def test_bricks_left_out_stay(cluster):
    run(cluster, desired(count=3))
    assert run(cluster, DesiredVolume("v", "started", options={"performance.cache-size": "64MB"})) == ["set_options"]


def test_two_bricks_of_a_set_on_one_host_need_force(cluster):
    shared = desired()._replace(bricks=(Brick("h1", "/b/1"), Brick("h1", "/b/2"), Brick("h2", "/b/3")))
    with pytest.raises(PlanError, match="h1:/b/1, h1:/b/2 are in one set and on one host"):
        run(cluster, shared)
    assert not any(" create " in command for command in cluster.commands)
    run(cluster, shared._replace(force=True))
    assert cluster.commands[[" create " in c for c in cluster.commands].index(True)].endswith(" force")


def test_missing_and_dead_hosts_are_named_before_anything_is_changed(cluster):
    with pytest.raises(PlanError, match="h9 is not in the pool"):
        run(cluster, desired()._replace(bricks=bricks(2) + (Brick("h9", "/b"),)))
    cluster.machines["h3"].up = False
    with pytest.raises(PlanError, match="h3 is 'Peer in Cluster' and disconnected"):
        run(cluster, desired())
    assert cluster.directories == {}


def test_a_brick_of_another_volume_is_refused(cluster):
    run(cluster, desired())
    inside = desired()._replace(name="w", bricks=(Brick("h1", "/b/0/inside"),) + bricks(2, 7))
    with pytest.raises(UnsafeChangeError, match="h1:/b/0, a brick of volume v"):
        run(cluster, inside)


def test_a_refused_create_leaves_no_mark_on_this_node(cluster):
    refused = desired()
    cluster.directories[("h3", "/b/2")] = ("other", True)
    with pytest.raises(StepError, match="/b/2 is already part of a volume.* lvm_brick on that node"):
        converge(operation(cluster, refused))
    assert ("h1", "/b/0") not in cluster.directories
    del cluster.directories[("h3", "/b/2")]
    assert run(cluster, refused) == CREATED


def test_a_mark_of_no_volume_is_cleared_and_one_with_data_is_not(cluster):
    cluster.directories[("h1", "/b/0")] = ("of-no-volume", True)
    assert run(cluster, desired()) == ["clear_mark"] + CREATED
    cluster.directories[("h1", "/b/6")] = ("of-no-volume", False)
    with pytest.raises(UnsafeChangeError, match="/b/6 holds what the volume with the id of-no-volume left"):
        run(cluster, desired()._replace(name="w", bricks=bricks(3, 6)))


def test_a_time_out_is_followed_by_a_read(cluster):
    """The command had no answer but was carried out all the same."""
    run(cluster, desired(state="present"))
    runner = cluster.on("h1")
    real = runner.run

    def slow(argv, timeout):
        answer = real(argv, timeout)
        return Result(TIMED_OUT, "", "no answer") if "start" in argv else answer

    runner.run = slow
    gluster = Gluster(runner, clock=FakeClock())
    slow_operation = VolumesOperation(
        gluster, cluster.directories_of("h1"), [desired()], 5, FakeClock(), lambda name: []
    )
    assert [step.kind for step in converge(slow_operation).steps] == ["rewrite_volume_files", "start_volume"]
    assert cluster.machines["h1"].volumes["v"]["status"] == "Started"


@pytest.mark.parametrize("name", ["all", "-v", "a.b", "a b", "", "x" * 256])
def test_bad_names(cluster, name):
    with pytest.raises(InputError, match="name: "):
        run(cluster, desired()._replace(name=name))


def test_bad_bricks(cluster):
    with pytest.raises(InputError, match="found h1:/b/0 twice"):
        run(cluster, desired()._replace(bricks=bricks(2) + bricks(1)))
    with pytest.raises(InputError, match="localhost"):
        run(cluster, desired()._replace(bricks=(Brick("localhost", "/b"),) + bricks(2)))
    with pytest.raises(InputError, match="name its bricks"):
        run(cluster, desired()._replace(bricks=None))


def test_check_mode_on_a_node_without_a_daemon(cluster):
    cluster.machines["h1"].up = False
    plan = converge(operation(cluster, desired(), offline_ok=True), check_mode=True)
    assert [step.kind for step in plan.steps] == CREATED


DESIRED = st.builds(
    lambda sets, state, options, rebalance: desired(count=3 * sets, state=state, options=options, rebalance=rebalance),
    st.integers(1, 2),
    st.sampled_from(["present", "started", "stopped"]),
    st.dictionaries(st.sampled_from(["performance.cache-size", "network.ping-timeout"]), st.integers(2, 99)),
    st.booleans(),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(DESIRED, min_size=1, max_size=4))
def test_whatever_came_before_the_plan_leads_to_the_desired_state_and_is_then_empty(desired):
    cluster = pool()
    for wanted in itertools.accumulate(
        desired, lambda one, other: other._replace(bricks=max(one.bricks, other.bricks, key=len))
    ):
        plan = converge(operation(cluster, wanted))
        assert not any(step.destroys for step in plan.steps)
        assert converge(operation(cluster, wanted)).steps == []
