# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a member or a brick may be stopped, asked of a pool in memory."""

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.gate import (
    Departure,
    objections,
    observe_gate,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.snapshot_in_place import snapshot_at
from ansible_collections.brickwork.gluster.tests.fakes.clock import FakeClock
from ansible_collections.brickwork.gluster.tests.fakes.cluster import FakeCluster

NODES = ("h1", "h2", "h3", "h4")
#: By volume, what makes it; all on the first members.
SHAPES = {
    "rep3": ("replica 3", 3),
    "rep2": ("replica 2", 2),
    "arb": ("replica 3 arbiter 1", 3),
    "ec": ("disperse 3 redundancy 1", 3),
    "dist": ("", 2),
}


def bricks_of(name):
    return [f"h{number}:/b/{name}" for number in range(1, SHAPES[name][1] + 1)]


@pytest.fixture
def cluster():
    made = FakeCluster(*NODES)
    made.form_pool(*NODES)
    return made


def client(cluster):
    return Gluster(cluster.on("h4"), clock=FakeClock())


def start(cluster, *names):
    for name in names:
        client(cluster).ask("volume", "create", name, *SHAPES[name][0].split(), *bricks_of(name))
        client(cluster).ask("volume", "start", name)
    cluster.commands.clear()


def asked(cluster, member="", bricks=(), downtime_ok=()):
    departure = Departure(member, tuple(bricks), frozenset(downtime_ok))
    return objections(departure, observe_gate(departure, client(cluster), lambda _name: []))


@pytest.mark.parametrize("name", ["rep3", "arb", "ec"])
def test_one_member_of_a_whole_volume_may_go(cluster, name):
    start(cluster, name)
    for member in ("h1", "h2", "h3", "h4", "localhost"):
        assert asked(cluster, member) == []
    for brick in bricks_of(name):
        assert asked(cluster, bricks=[brick]) == []


@pytest.mark.parametrize("name", ["rep3", "arb", "ec"])
def test_nobody_goes_while_another_brick_of_the_set_does_not_serve(cluster, name):
    start(cluster, name)
    away = bricks_of(name)[2]
    cluster.processes[away] = None
    reasons = asked(cluster, bricks=[bricks_of(name)[0]])
    assert f"volume {name}: brick {away} does not serve; bring it back first" in reasons
    assert any(f"without {bricks_of(name)[0]}, 1 of 3 bricks of the set would serve, and 2" in one for one in reasons)
    # The one that is away may stay so, whatever waits for it meanwhile.
    cluster.pending[bricks_of(name)[0]] = 7
    assert asked(cluster, bricks=[away]) == []
    cluster.pending.clear()
    cluster.processes.clear()
    cluster.ports[away] = None
    assert asked(cluster, bricks=[bricks_of(name)[0]]) != [], "no client that begins now reaches it"


@pytest.mark.parametrize("name", ["rep3", "arb", "ec"])
def test_two_bricks_of_a_set_do_not_go_at_once(cluster, name):
    start(cluster, name)
    assert len(asked(cluster, bricks=bricks_of(name)[:2])) == 1


@pytest.mark.parametrize("name", ["rep3", "arb", "ec"])
def test_what_waits_for_healing_keeps_all_bricks_of_its_set(cluster, name):
    start(cluster, name)
    behind = bricks_of(name)[1]
    cluster.pending[behind] = 3
    for brick in bricks_of(name):
        assert asked(cluster, bricks=[brick]) == [f"volume {name}: 3 entries of {behind} wait for healing"]


def test_split_brain_and_heals_that_nobody_knows_keep_them_too(cluster):
    start(cluster, "rep3", "arb")
    cluster.split_brain[bricks_of("rep3")[0]] = [("g", "/f")]
    cluster.heal_failures["arb"] = "Volume heal failed."
    assert sorted(asked(cluster, "h2")) == [
        "volume arb: what waits for healing is not known: gluster volume heal arb info summary: Volume heal failed.",
        f"volume rep3: 1 entries of {bricks_of('rep3')[0]} are in split-brain",
    ]


def test_heals_of_sets_that_lose_nothing_are_no_matter(cluster):
    names = ["h1:/b/1", "h2:/b/1", "h3:/b/1", "h2:/b/2", "h3:/b/2", "h4:/b/2"]
    client(cluster).ask("volume", "create", "v", "replica", "3", *names)
    client(cluster).ask("volume", "start", "v")
    cluster.pending["h4:/b/2"] = 3
    assert asked(cluster, bricks=["h1:/b/1"]) == []
    assert asked(cluster, bricks=["h2:/b/2"]) != []


@pytest.mark.parametrize("name", ["dist", "rep2"])
def test_what_has_no_majority_goes_only_where_its_clients_can_wait(cluster, name):
    start(cluster, name)
    (reason,) = asked(cluster, "h1")
    assert f"volume {name}" in reason and reason.endswith("name the volume in accept_downtime if its clients can wait")
    assert asked(cluster, "h1", downtime_ok=[name]) == []
    assert asked(cluster, "h1", downtime_ok=["another"]) == [reason]
    assert asked(cluster, "h4") == []


def test_two_copies_that_may_be_away_are_whole_before(cluster):
    start(cluster, "rep2")
    cluster.pending["h2:/b/rep2"] = 1
    assert asked(cluster, "h1", downtime_ok=["rep2"]) == ["volume rep2: 1 entries of h2:/b/rep2 wait for healing"]
    cluster.pending.clear()
    cluster.processes["h2:/b/rep2"] = None
    assert "h2:/b/rep2 does not serve" in asked(cluster, "h1", downtime_ok=["rep2"])[0]


def test_a_fixed_quorum_of_the_clients_counts(cluster):
    start(cluster, "rep3")
    client(cluster).ask("volume", "set", "rep3", "cluster.quorum-type", "fixed", "cluster.quorum-count", "3")
    assert "2 of 3 bricks of the set would serve, and 3 are needed" in asked(cluster, "h1")[0]
    client(cluster).ask("volume", "set", "rep3", "cluster.quorum-type", "none")
    assert asked(cluster, "h1") == []
    assert "1 of 3 bricks" in asked(cluster, bricks=bricks_of("rep3")[:2])[0], "a majority of the copies all the same"


@pytest.mark.parametrize(
    "task", [("Rebalance", "in progress"), ("Rebalance", "fix-layout in progress"), ("Remove brick", "completed")]
)
def test_a_task_that_moves_files_is_left_to_its_end(cluster, task):
    start(cluster, "rep3", "dist")
    cluster.tasks["rep3"] = [task]
    assert asked(cluster, "h1", downtime_ok=["dist"]) == [
        f"volume rep3: a task is under way: {task[0].lower()}, {task[1]}; let it end, or stop it, first"
    ]
    cluster.tasks["rep3"] = [("Rebalance", "completed")]
    assert asked(cluster, "h1", downtime_ok=["dist"]) == []


def test_a_member_goes_only_while_all_others_are_there_and_a_brick_whoever_is_away(cluster):
    start(cluster, "rep3")
    cluster.machines["h4"].peers = ["h1", "h2", "h3"]
    cluster.machines["h3"].rejected_by.add("h4")
    reasons = asked(cluster, "h1")
    assert reasons and all(reason.startswith("pool: h3 is ") for reason in reasons)
    assert asked(cluster, bricks=["h1:/b/rep3"]) == []


@pytest.mark.parametrize(("ratio", "needed"), [(None, 3), ("51%", 3), ("75%", 3), ("80%", 4)])
def test_volumes_with_server_quorum_keep_as_many_members_as_they_ask_for(cluster, ratio, needed):
    start(cluster, "rep3")
    client(cluster).ask("volume", "set", "rep3", "cluster.server-quorum-type", "server")
    if ratio:
        client(cluster).ask("volume", "set", "rep3", "cluster.server-quorum-ratio", ratio)
    reasons = asked(cluster, "h4")
    assert reasons == (
        [] if needed <= 3 else ["volume rep3: its server quorum asks for 4 of 4 members, and 3 would stay"]
    )


def test_a_client_that_reaches_only_what_leaves_keeps_it(cluster):
    start(cluster, "rep3")
    first, second, third = bricks_of("rep3")
    cluster.clients.update({first: ["10.0.0.9", "fe80::9"], second: ["10.0.0.9"], third: ["10.0.0.9", "fe80::9"]})
    assert asked(cluster, bricks=[first]) == [
        f"volume rep3: the client fe80::9 is not connected to {second}, which stays"
    ]
    assert asked(cluster, bricks=[second]) == []


def test_volumes_that_do_not_run_and_members_without_bricks_are_no_matter(cluster):
    start(cluster, "dist")
    client(cluster).ask("volume", "stop", "dist")
    assert asked(cluster, "h1") == []


def test_what_there_is_not_is_refused_by_name(cluster):
    start(cluster, "rep3")
    with pytest.raises(InputError, match="node: h9 is not in the pool; write one of its members: .*h3"):
        asked(cluster, "h9")
    with pytest.raises(InputError, match="bricks: h1:/b/other: no volume has them"):
        asked(cluster, bricks=["h1:/b/other", "h1:/b/rep3"])


#: What glusterd names the logical volume of a snapshot, and what is a brick's own.
SNAPSHOT = "/dev/mapper/brickwork_sdb-6f0c2d0a51f94f0e8c3a0d7be1f0a9c2_0"
OWN = "/dev/mapper/brickwork_sdb-brick_rep3--1"


@pytest.mark.parametrize("name", ["rep3", "arb", "ec"])
@pytest.mark.parametrize("member", ["h1", "h2"])
def test_where_a_brick_serves_old_files_no_member_of_its_set_may_go(cluster, name, member):
    """What is away is healed from it, or comes back with other files than it had: GlusterFS knows of neither."""
    start(cluster, name)
    cluster.devices = {f"h1:/b/{name}": SNAPSHOT, f"h2:/b/{name}": OWN}
    refusals = [reason for reason in asked(cluster, member) if "old files" in reason]
    [reason] = refusals
    assert reason.startswith(f"volume {name}: brick h1:/b/{name} serves old files, as its snapshot {SNAPSHOT} is ")
    assert reason.endswith("; mend that before a brick of its set is stopped")
    assert [one for one in asked(cluster, bricks=[f"{member}:/b/{name}"]) if "old files" in one] == [reason]
    cluster.devices[f"h1:/b/{name}"] = OWN
    assert asked(cluster, member) == []


def test_a_brick_with_old_files_that_was_stopped_is_not_to_be_brought_back(cluster):
    start(cluster, "rep3")
    cluster.devices["h1:/b/rep3"] = SNAPSHOT
    cluster.processes["h1:/b/rep3"] = None
    told = asked(cluster, "h2")
    assert "serves old files" in told[0] and not any("bring it back" in reason for reason in told)


def test_other_members_may_go_while_a_brick_of_another_set_serves_old_files(cluster):
    start(cluster, "rep3")
    cluster.devices["h1:/b/rep3"] = SNAPSHOT
    assert asked(cluster, "h4") == []


@pytest.mark.parametrize(
    ("path", "device", "found"),
    [
        ("/srv/gluster/v-1/brick", SNAPSHOT, SNAPSHOT),
        ("/srv/gluster/v-1/brick", "/dev/vg/0123456789abcdef0123456789abcdef_12", True),
        ("/run/gluster/snaps/0123456789abcdef0123456789abcdef/brick1/brick", SNAPSHOT, ""),
        ("/var/run/gluster/snaps/0123456789abcdef0123456789abcdef/brick1/brick", SNAPSHOT, ""),
        ("/srv/gluster/v-1/brick", OWN, ""),
        ("/srv/gluster/v-1/brick", "/dev/sdb", ""),
        ("/srv/gluster/v-1/brick", "", ""),
    ],
)
def test_a_snapshot_is_known_by_the_name_that_glusterd_gives_it(path, device, found):
    assert snapshot_at(path, device) == (device if found else "")


def test_it_asks_once_for_each_volume_that_heals_and_five_times_for_all(cluster):
    start(cluster, *SHAPES)
    asked(cluster, "h1")
    assert len(cluster.commands) == 5 + len([name for name in SHAPES if name != "dist"])
    cluster.commands.clear()
    asked(cluster, "h4")
    assert cluster.commands == ["pool list", "volume info"]


def test_in_the_middle_of_an_offline_upgrade_nothing_may_be_stopped(cluster):
    start(cluster, "rep3")
    client(cluster).ask("volume", "set", "rep3", "user.brickwork-upgrade", "started")
    client(cluster).ask("volume", "stop", "rep3")
    [reason] = asked(cluster, "h1")
    assert reason.startswith("volume rep3 was stopped by an offline upgrade that did not end; run the playbook upgrade")
    client(cluster).ask("volume", "set", "rep3", "user.brickwork-upgrade", "none")
    assert asked(cluster, "h1") == []
