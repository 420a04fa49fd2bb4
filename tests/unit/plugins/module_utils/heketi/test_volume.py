# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import (
    InputError,
    PlanError,
    UnsafeChangeError,
    VerifyError,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.client import HeketiError, TimeUp
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.info import observe_heketi
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.volume import VolumeOperation
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.volume_plan import desired_volume
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import StepError, converge
from ansible_collections.brickwork.gluster.tests.fakes.heketi import pending
from ansible_collections.brickwork.gluster.tests.fakes.heketi_wire import Cut, Wire, client_of, new_server

FLAGS = {"file": True, "block": True}
DEFAULTS = {
    "name": "v",
    "state": "present",
    "size": 10,
    "durability": "replicate",
    "replicas": None,
    "disperse_data": None,
    "redundancy": None,
    "clusters": [],
    "options": {},
    "gid": None,
    "snapshot_factor": None,
}


@pytest.fixture
def app():
    return server_with(6)


def server_with(nodes):
    """Return a server with one cluster of nodes in two zones, each with a device of 500 GiB."""
    app = new_server()
    client = client_of(app)
    cluster = client.change("POST", "/clusters", FLAGS)["id"]
    for number in range(nodes):
        names = {"manage": ["n%s" % number], "storage": ["10.0.0.%s" % number]}
        body = {"cluster": cluster, "zone": 1 + number % 2, "hostnames": names}
        node = client.change("POST", "/nodes", body)["id"]
        client.change("POST", "/devices", {"node": node, "name": "/dev/sdb"})
    return app


def operation(app, wire=None, timeout=60, **desired):
    client = client_of(app, wire=wire, job_timeout=timeout)
    return VolumeOperation(client, desired_volume(dict(DEFAULTS, **desired)), timeout, app.clock)


def run(app, **desired):
    """Plan in check mode, run, and run again; return the steps' kinds."""
    wire = Wire(app)
    planned = converge(operation(app, wire, **desired), check_mode=True)
    assert wire.changes == []
    done = converge(operation(app, **desired))
    assert planned.describe() == done.describe()
    assert (planned.before, planned.after) == (done.before, done.after)
    assert converge(operation(app, **desired)).steps == []
    return [step.kind for step in done.steps]


def refused(app, error=PlanError, **desired):
    wire = Wire(app)
    with pytest.raises(error) as refusal:
        converge(operation(app, wire, **desired))
    assert wire.changes == []
    return str(refusal.value)


def volumes(app):
    return {volume.name: volume.size for volume in app.state.volumes.values()}


@pytest.mark.parametrize(
    "desired",
    [
        {},
        {"durability": "none"},
        {"replicas": 2},
        {"durability": "disperse"},
        {"durability": "disperse", "disperse_data": 2, "redundancy": 1},
        {"options": {"performance.cache-size": "64MB", "cluster.lookup-optimize": True}, "gid": 2001},
        {"snapshot_factor": 1.5},
    ],
)
def test_a_volume_is_made_grown_and_deleted(app, desired):
    assert run(app, **desired) == ["create_volume"]
    assert run(app, size=15, **desired) == ["expand_volume"]
    assert volumes(app) == {"v": 15}
    assert run(app, **dict(desired, state="absent")) == ["delete_volume"]
    assert volumes(app) == {} and not app.state.bricks


def test_options_and_the_rest_are_what_was_asked_for(app):
    run(app, options={"performance.cache-size": "64MB", "features.shard": True}, gid=2001, snapshot_factor=1.5)
    [volume] = app.state.volumes.values()
    assert volume.options == ["", "features.shard on", "performance.cache-size 64MB", ""]
    assert (volume.gid, volume.factor, volume.snapshot) == (2001, 1.5, True)


def test_heketis_own_switches_are_words_that_go_reads(app):
    """on made a plain replica 3 of a volume with arbiters: strconv.ParseBool takes it for no boolean."""
    options = {"user.heketi.arbiter": True, "user.heketi.zone-checking": "none", "features.shard": True}
    run(app, options=options)
    [volume] = app.state.volumes.values()
    assert volume.options[1:-1] == ["features.shard on", "user.heketi.arbiter true", "user.heketi.zone-checking none"]
    assert sorted(brick.subtype for brick in app.state.bricks_of(volume)) == [1, 1, 2]


def test_the_answer_has_the_volume_as_it_is_in_the_end(app):
    plan = converge(operation(app))
    assert plan.findings["volume"]["mount"].endswith(":v")
    assert {name: plan.findings["volume"][name] for name in plan.after["volume"]} == plan.after["volume"]
    assert plan.findings["volume"]["size"] == 10 and len(plan.findings["volume"]["bricks"]) == 3
    assert converge(operation(app, state="absent")).findings["volume"] is None


@pytest.mark.parametrize(
    ("desired", "told"),
    [
        ({"size": 9}, "size: volume v has 10 GiB in heketi, and 9 are asked for; heketi can't shrink"),
        ({"replicas": 2}, "durability: volume v has replicate 3 in heketi, and replicate 2 is asked for"),
        ({"durability": "none"}, "and none is asked for"),
        ({"durability": "disperse"}, "and disperse 4+2 is asked for"),
        ({"gid": 5}, "gid: volume v has 0 in heketi"),
        ({"snapshot_factor": 2}, "snapshot_factor: volume v has 1 in heketi"),
        ({"options": {"a.b": "c"}}, "options: volume v was made without a.b c"),
        ({"clusters": ["0" * 32]}, "clusters: volume v is in cluster"),
    ],
)
def test_what_heketi_can_not_change_is_an_error(app, desired, told):
    run(app)
    assert told in refused(app, **desired)


@pytest.mark.parametrize(
    ("desired", "told"),
    [
        ({"name": "a b"}, "name: 'a b'"),
        ({"size": 0}, "size: heketi wants GiB from 1, found 0"),
        ({"replicas": 4}, "replicas: heketi keeps 2 or 3 copies, not 4"),
        ({"replicas": 1}, "one copy is durability: none"),
        ({"durability": "disperse", "disperse_data": 3, "redundancy": 1}, "disperse_data: heketi makes 2+1"),
        ({"durability": "disperse", "size": 3}, "at least 4 GiB"),
        ({"gid": -1}, "gid: heketi takes 0"),
        ({"snapshot_factor": 0.5}, "snapshot_factor: heketi takes 1 to 100, found 0.5"),
        (
            {"options": {"user.heketi.arbiter": "on"}},
            "options: user.heketi.arbiter: found on, which heketi takes for false; write true or false",
        ),
        ({"options": {"user.heketi.arbiter": "Yes"}}, "options: user.heketi.arbiter: found Yes"),
    ],
)
def test_a_wrong_input_is_refused_before_anything_is_asked(desired, told):
    with pytest.raises(InputError) as error:
        desired_volume(dict(DEFAULTS, **desired))
    assert told in str(error.value)


def test_no_room_is_told_in_the_servers_words(app):
    with pytest.raises(StepError, match="No space; room counts per device and node"):
        converge(operation(app, size=20000))


def lost(wire, word):
    """Lose the answer to the first change, if its path has the word in it."""
    wire.lose = lambda method, path: method != "GET" and word in path and len(wire.changes) == 1
    return wire


@pytest.mark.parametrize("duration", [0, 0.2, 10])
def test_growing_is_not_repeated_after_a_lost_answer(app, duration):
    run(app)
    app.duration = duration
    wire = lost(Wire(app), "/expand")
    converge(operation(app, wire, size=30))
    assert volumes(app) == {"v": 30}
    assert len(wire.changes) == 1


@pytest.mark.parametrize("duration", [0, 0.2, 10])
def test_a_run_that_was_cut_off_while_growing_is_not_repeated(duration):
    for number in range(1, 10):
        app = server_with(3)
        run(app)
        app.duration = duration
        wire = Wire(app)
        wire.cut_after = number
        with pytest.raises(Cut):
            converge(operation(app, wire, size=30))
        converge(operation(app, size=30))
        assert volumes(app) == {"v": 30}
        assert len(app.state.bricks) == 6


def test_a_run_that_was_cut_off_anywhere_makes_one_volume():
    for number in range(1, 9):
        app = server_with(3)
        wire = Wire(app)
        wire.cut_after = number
        with pytest.raises(Cut):
            converge(operation(app, wire))
        converge(operation(app))
        assert volumes(app) == {"v": 10}


def test_lost_answers_to_making_and_deleting(app):
    converge(operation(app, lost(Wire(app), "/volumes")))
    assert volumes(app) == {"v": 10}
    converge(operation(app, lost(Wire(app), "/volumes"), state="absent"))
    assert volumes(app) == {}


def test_what_was_never_begun_is_told(app):
    run(app)
    wire = Wire(app)

    def swallow(method, path):
        if "/expand" in path:
            app.restart()
            for one in list(app.state.operations.values()):
                one.undo()
            app.state.operations.clear()
        return "/expand" in path

    wire.lose = swallow
    with pytest.raises(StepError, match="still not done") as error:
        converge(operation(app, wire, timeout=5, size=30))
    assert isinstance(error.value.cause, VerifyError) and volumes(app) == {"v": 10}


def test_growing_that_takes_too_long_is_waited_for_next_time(app):
    run(app)
    app.duration = 100
    with pytest.raises(StepError) as error:
        converge(operation(app, timeout=5, size=30))
    assert isinstance(error.value.cause, TimeUp)
    with pytest.raises(VerifyError, match="heketi is still at it after 5 s.*expand-volume"):
        converge(operation(app, timeout=5, size=30))
    assert converge(operation(app, timeout=200, size=30)).steps == []
    assert volumes(app) == {"v": 30}


def restarting(app, wire, word, seconds, before=lambda: None):
    """Have heketi restarted by a request whose path has the word: its answer is lost, and nothing listens then."""

    def restart(method, path):
        if method == "GET" or word not in path:
            return False
        before()
        app.restart()
        wire.down_until = app.clock.monotonic() + seconds
        return True

    wire.lose = restart
    return wire


def test_a_restart_of_heketi_during_a_request_is_waited_out(app):
    """What is there again then is seen: the request had ended before."""
    run(app)
    app.duration = 0
    ended = restarting(app, Wire(app), "/expand", 20, before=app.queue.advance)
    converge(operation(app, ended, size=30))
    assert volumes(app) == {"v": 30} and len(ended.changes) == 1


@pytest.mark.parametrize(("word", "desired"), [("/volumes", {}), ("/expand", {"size": 30})])
def test_what_a_restart_cut_off_is_named_with_its_remedy(app, word, desired):
    """By the run that was at it, and by the next one: a volume that is being made is hidden, and its name is taken."""
    if desired:
        run(app)
    with pytest.raises(StepError) as error:
        converge(operation(app, restarting(app, Wire(app), word, 20), **desired))
    [left] = app.state.operations.values()
    named = "%s %s (stale) is left over: clean it up first (heketi_cleanup)" % (left.kind, left.id)
    assert named in str(error.value)
    with pytest.raises((StepError, PlanError)) as error:
        converge(operation(app, **desired))
    assert named in str(error.value)


def test_a_name_that_is_taken_by_nothing_left_over_is_told_in_the_servers_words(app):
    run(app)
    [volume] = app.state.volumes.values()
    observed = operation(app).observe()
    one = operation(app)
    step = one.plan(observed._replace(volumes=())).steps[0]
    with pytest.raises(HeketiError, match="Volume name 'v' already in use"):
        one.perform(step)


FOREIGN = "found a volume v in GlusterFS that heketi does not know, and would delete with all files"


def test_heketi_itself_deletes_a_foreign_volume_of_the_name(app):
    """On "already exists" 10.4.1 and 9.0.0 run volume stop NAME force and volume delete NAME, and try again."""
    app.foreign.add("v")
    client_of(app).change("POST", "/volumes", {"size": 1, "name": "v"})
    assert app.foreign == set() and volumes(app) == {"v": 1}


def test_a_volume_of_others_is_looked_for_before_its_name_is_taken(app):
    app.foreign |= {"v", "w"}
    assert FOREIGN in refused(app, UnsafeChangeError)
    with pytest.raises(UnsafeChangeError):
        converge(operation(app), check_mode=True)
    assert app.foreign == {"v", "w"} and run(app, name="u") == ["create_volume"]


def test_a_half_made_volume_may_be_heketis_own(app):
    app.foreign.add("v")
    held = pending.begin(app, "create-volume", [(3, "0" * 32)])
    pending.make_stale(app.state)
    text = refused(app, UnsafeChangeError)
    assert FOREIGN in text and "clean up what may have left it: pending operation: create-volume %s" % held.id in text


def test_one_node_that_tells_is_enough_and_none_is_warned_of(app):
    nodes = sorted(app.state.nodes)
    app.silent |= set(nodes[1:])
    app.foreign.add("v")
    assert FOREIGN in refused(app, UnsafeChangeError)
    app.silent.add(nodes[0])
    plan = converge(operation(app), check_mode=True)
    [cluster] = app.state.clusters
    assert plan.warnings == [
        "nobody knows whether GlusterFS has a volume v already, which heketi would delete: no node of cluster %s tells "
        "its volumes" % cluster
    ]


def test_glusterfs_is_looked_at_once_and_only_for_a_new_volume(app):
    wire = Wire(app)
    converge(operation(app, wire))
    converge(operation(app, wire, size=20))
    converge(operation(app, wire, size=20))
    converge(operation(app, wire, state="absent"))
    assert [sent.path for sent in wire.sent].count("/internal/state/examine/gluster") == 1


def test_a_look_that_takes_long_is_given_up_and_warned_of(app):
    """heketi waits minutes for a node that is switched off."""
    wire = Wire(app)
    wire.lose = lambda method, path: "examine" in path
    plan = converge(operation(app, wire))
    assert wire.limits["/internal/state/examine/gluster"] == 60 and wire.limits["/volumes"] == 180
    assert [text.endswith("heketi:8080: timed out") for text in plan.warnings] == [True]
    assert volumes(app) == {"v": 10}


def test_what_others_are_making_is_not_waited_for_longer_than_it_takes(app):
    client_of(app).change("POST", "/volumes", {"size": 1, "name": "other"})
    app.duration = 5
    app.answer("POST", "/volumes", authorized(app, "POST", "/volumes"), b'{"size": 1, "name": "more"}')
    assert run(app) == ["create_volume"]
    assert set(volumes(app)) == {"other", "more", "v"}


def authorized(app, method, path):
    wire = Wire(app)
    client_of(app, wire=wire)._send(method, path)
    return wire.sent[0][3]


def test_a_stale_operation_holds_its_volume(app):
    run(app)
    [volume] = app.state.volumes.values()
    held = pending.begin(app, "expand-volume", [(5, volume.id)])
    pending.make_stale(app.state)
    for desired in ({"size": 20}, {"state": "absent"}):
        assert "expand-volume %s (stale) is left over: clean it up" % held.id in refused(app, **desired)


def test_a_hidden_volume_may_be_ours(app):
    run(app)
    [volume] = app.state.volumes.values()
    volume.pending = "1"
    for desired in ({}, {"state": "absent"}):
        assert "v may be one of %s" % volume.id in refused(app, **desired)


def test_a_stale_operation_of_others_is_warned_of(app):
    pending.begin(app, "clone-volume", [(9, "0" * 32)])
    pending.make_stale(app.state)
    plan = converge(operation(app))
    assert [text.split()[2] for text in plan.warnings] == ["clone-volume"]


def test_info_tells_everything(app):
    run(app, replicas=2)
    facts = observe_heketi(client_of(app))
    [cluster] = facts["clusters"]
    gib = 1024**3
    assert cluster["total"] == 6 * 500 * gib and cluster["used"] == cluster["total"] - cluster["free"]
    assert cluster["zones"] == [1, 2] and len(cluster["nodes"]) == 6
    assert [volume["name"] for volume in facts["volumes"]] == ["v"]
    assert facts["pending_operations"] == [] and facts["hidden_volumes"] == []
    assert facts["db_check"] == {"total": 0, "inconsistencies": [], "notes": []}


def test_a_volume_from_before_a_node_was_added_is_sound(app):
    """The real /db/check counts each as an inconsistency until the numbers of hosts and nodes agree."""
    run(app)
    [cluster] = app.state.clusters
    names = {"manage": ["late"], "storage": ["10.0.0.99"]}
    client_of(app).change("POST", "/nodes", {"cluster": cluster, "zone": 1, "hostnames": names})
    assert client_of(app).read("/db/check")["totalinconsistencies"] == 1
    check = observe_heketi(client_of(app), ["db_check"])["db_check"]
    assert (check["total"], check["inconsistencies"]) == (0, [])
    [note] = check["notes"]
    assert "mount hosts list([10.0.0." in note and "is not same as list of all nodes of the cluster([" in note


def test_the_largest_brick_really_fits_and_a_larger_one_does_not(app):
    for number, device in enumerate(app.state.devices.values()):
        device.free = (number + 1) * 50 * 1024 * 1024 + 77
    facts = observe_heketi(client_of(app), ["topology"])["clusters"][0]["largest_brick"]
    assert set(observe_heketi(client_of(app), ["topology"])) == {"clusters"}
    for word, copies in (("two", 2), ("three", 3)):
        largest = facts[word] // 1024**3
        free = {device.id: device.free for device in app.state.devices.values()}
        # In halves the larger one would fit.
        app.max_bricks = copies
        with pytest.raises(StepError, match="No space"):
            converge(operation(app, size=largest + 1, replicas=copies))
        assert free == {device.id: device.free for device in app.state.devices.values()}
        converge(operation(app, size=largest, replicas=copies, name="r%s" % copies))
        converge(operation(app, name="r%s" % copies, state="absent", size=None))


def test_offline_devices_have_no_room(app):
    for device in app.state.devices.values():
        device.state = "offline"
    cluster = observe_heketi(client_of(app), ["topology"])["clusters"][0]
    assert cluster["largest_brick"] == {"one": 0, "two": 0, "three": 0} and cluster["zones"] == []


def test_a_damaged_database_is_told(app):
    run(app)
    device = next(device for device in app.state.devices.values() if device.bricks)
    device.free += 4096
    check = observe_heketi(client_of(app), ["db_check"])["db_check"]
    assert check["total"] == 1 and "size values differ" in check["inconsistencies"][0]
