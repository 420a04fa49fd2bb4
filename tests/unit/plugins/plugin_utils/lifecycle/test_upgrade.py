# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is upgraded, in which order, and why perhaps nobody is."""

import pathlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.maintenance import OFFLINE_REASON
from ansible_collections.brickwork.gluster.plugins.module_utils.facts import to_facts
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Brick, Peer, Pool, Volume
from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.upgrade import (
    REASON,
    Cluster,
    Machine,
    plan_upgrade,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.upgrade_paths import PATHS, broken_paths

NAMES = ("n1", "n2", "n3")
OURS = "2026-11-28 10:40 UTC (brickwork playbook upgrade)"


def old(name, **more):
    return Machine(
        **{
            **{
                "name": name,
                "version": "9.2",
                "installed": "9.2-1",
                "offered": "10.3-5",
                "uuid": f"u-{name}",
                "op_version": 90000,
            },
            **more,
        }
    )


def new(name, **more):
    return old(name, **{**{"version": "10.3", "installed": "10.3-5"}, **more})


def volume(name="shared", **more):
    bricks = tuple(Brick(host, f"/b/{name}", f"u-{host}") for host in NAMES)
    values = {
        "name": name,
        "volume_id": "i",
        "status": "Started",
        "replicas": 3,
        "arbiters": 0,
        "disperse": 0,
        "redundancy": 0,
        "bricks": bricks,
    }
    return Volume(**{**values, "options": {}, **more})


def peer(name, connected=True, state=3, text="Peer in Cluster"):
    return Peer(f"u-{name}", (name,), connected, state, text)


def pool(*volumes, peers=None, **more):
    found = Pool(tuple(peers or [Peer("u-n1", ("localhost",), True, None, "")] + [peer(name) for name in NAMES[1:]]))
    told = {
        "pool": to_facts(found),
        "volumes": [to_facts(each) for each in volumes],
        "bricks": [],
        "tasks": [],
        "heal": [],
    }
    return {**told, **more}


def plan(servers, clients=(), told=None, **more):
    return plan_upgrade(Cluster(servers, list(clients), pool(volume()) if told is None else told, **more))


def refused(servers, **more):
    return "\n".join(plan(servers, **more)["refusals"])


# ---- order


def test_all_that_are_due_are_taken_in_their_order_and_clients_after_them():
    made = plan([old(name) for name in NAMES], [old("c1"), new("c2"), new("c3", old_mounts=["/mnt/a"])])
    assert (made["first"], made["then"], made["clients"]) == ([], list(NAMES), ["c1", "c3"])
    assert made["upgrades"] == ["c1", *NAMES] and made["refusals"] == []
    assert made["lines"][0] == "n1: GlusterFS 9.2-1 -> 10.3-5, out of service meanwhile"
    assert "client c3: mount anew /mnt/a, served by an older program, where nothing uses it" in made["lines"]


@pytest.mark.parametrize("done", range(4))
@pytest.mark.parametrize("left", [None, "before", "after"])
def test_a_run_that_was_cut_at_any_node_goes_on_there(done, left):
    """left: the node is out of service, before its packages were installed or after."""
    servers = [new(name) if number < done else old(name) for number, name in enumerate(NAMES)]
    if left and done < 3:
        servers[done] = (old if left == "before" else new)(NAMES[done], maintenance=OURS)
    peers = [peer(name, connected=not (left and name == NAMES[min(done, 2)])) for name in NAMES]
    made = plan(servers, told=pool(volume(), peers=peers if done < 3 else None))
    assert made["refusals"] == []
    assert made["first"] + made["then"] == list(NAMES[done:])
    assert made["first"] == ([NAMES[done]] if left and done < 3 else [])
    assert made["upgrades"] == [name for name, server in zip(NAMES, servers) if server.version == "9.2"]


@given(st.lists(st.sampled_from(["old", "new", "before", "after"]), min_size=3, max_size=3))
def test_every_state_leads_to_the_goal_and_planning_again_is_empty(states):
    made = {"old": old, "new": new}
    servers = [
        made[state](name) if state in made else (old if state == "before" else new)(name, maintenance=OURS)
        for name, state in zip(NAMES, states)
    ]
    found = plan(servers, told=pool(volume(), peers=[peer(name) for name in NAMES]))
    after = [new(server.name) if server.name in found["first"] + found["then"] else server for server in servers]
    again = plan(after)
    assert again["first"] + again["then"] + again["upgrades"] == [] and again["lines"] == ["nothing to do"]


def test_where_nothing_is_due_nothing_is_refused_and_nothing_is_done():
    sick = pool(volume(), peers=[peer("n1"), peer("n2", connected=False), peer("n3")])
    made = plan([new(name) for name in NAMES], told=sick)
    assert made["refusals"] == [] and made["lines"] == ["nothing to do"] and made["then"] == []


# ---- what is asked for


def test_without_an_offer_the_desired_version_says_who_is_due():
    tasks = {"has_tasks": True, "desired": "10", "offered": None}
    assert plan([old("n1", **tasks), new("n2", **tasks)])["then"] == ["n1"]
    unknown = {"offered": None, "source": "repository", "desired": ""}
    made = plan([new("n1", **unknown)])
    assert made["then"] == ["n1"] and "10.3-5 -> what the repository offers" in made["lines"][0]
    assert plan([new("n1", offered=None, source="distribution", desired="")])["then"] == []


def test_what_is_preinstalled_is_not_stopped_for_what_nobody_installs():
    made = plan([old("n1", source="preinstalled"), old("n2", source="preinstalled", offered="11.1-6")])
    assert (made["then"], made["upgrades"], made["refusals"]) == ([], [], [])
    assert "is preinstalled; write the tasks" in refused([old("n1", source="preinstalled", desired="10")])
    assert plan([old("n1", source="preinstalled", desired="9")])["then"] == []


def test_what_stays_newer_is_one_of_several_versions():
    assert "n1 10.5-1, n2 10.3-5; write one" in refused([old("n1", version="10.5", installed="10.5-1"), old("n2")])


def test_a_new_revision_of_the_package_is_an_upgrade():
    assert plan([new("n1", offered="10.3-5+deb12u1")])["then"] == ["n1"]


@pytest.mark.parametrize(
    ("machine", "words"),
    [
        (old("n1", offered="", others=("9.2-1",), desired="11"), "and from its source (distribution) there is 9.2-1"),
        (old("n1", source="preinstalled", offered=None, desired="10"), "is preinstalled; write the tasks"),
        (old("n1", has_tasks=True, offered=None), "gluster_server_version is not"),
        (Machine("n1", silence="does not answer"), "n1 does not answer; bring it back"),
        (new("n1", offered="9.2", source="rpm_folder", may_go_back=False), "_rpm_allow_downgrade to go back"),
    ],
)  # fmt: skip
def test_what_can_not_be_is_refused(machine, words):
    assert words in refused([machine])


def test_one_pool_gets_one_version():
    assert "n1 10.3-5, n2 11.1-6; write one" in refused([old("n1"), old("n2", offered="11.1-6")])
    assert refused([old("n1"), old("n2", offered="10.3-5+b1")]) == ""


def test_a_client_for_which_there_is_nothing_holds_nobody_up():
    client = old("c1", offered="", others=("9.2-1",), desired="10")
    made = plan([old("n1")], [client, Machine("c2", silence="does not answer")])
    assert made["refusals"] == [] and made["clients"] == []
    assert [
        line for line in made["lines"] if line.startswith("client c1 stays as it is: c1: gluster_server_version is 10")
    ]
    assert "client c2 stays as it is: it does not answer" in made["lines"]


@pytest.mark.parametrize("server", [new("n1"), old("n1"), new("n1", source="preinstalled", offered=None)])
def test_no_client_becomes_newer_than_its_servers(server):
    made = plan([server], [old("c1", offered="11.1-6"), old("c2"), old("c3", offered="10.3-5+b1")])
    assert made["clients"] == ["c2", "c3"] and made["refusals"] == []
    assert "c1 stays as it is: c1: there is GlusterFS 11.1-6 for it, and its servers have 10.3" in str(made["lines"])
    assert "c1" not in made["upgrades"]


def test_where_the_servers_tasks_bring_a_version_of_which_only_the_beginning_is_known_clients_go_along():
    server = old("n1", has_tasks=True, offered=None, desired="10")
    assert plan([server], [old("c1"), old("c2", offered="11.1-6")])["clients"] == ["c1"]


# ---- back


def test_the_way_back_is_open_until_the_op_version_is_raised():
    back = {"offered": "9.2-1", "desired": "9"}
    made = plan([new("n1", **back, op_version=90000)])
    assert made["refusals"] == [] and any("goes back to an older version" in line for line in made["lines"])
    assert "op-version is 100000, which GlusterFS 9.2-1 does not know" in refused(
        [new("n1", **back, op_version=100000)]
    )
    tasks = {"has_tasks": True, "offered": None, "desired": "9"}
    assert refused([new("n1", **tasks, op_version=90000)]) == ""
    assert "op-version is 100000" in refused([new("n1", **tasks, op_version=100000)])


def test_nobody_goes_back_unasked():
    older = {"version": "10.5", "installed": "10.5-1", "others": ("10.3-5", "9.2-1")}
    for server in (
        old("n1", **older),
        old("n1", **older, desired="10"),
        old("n1", **{**older, "offered": ""}, desired="10.5"),
        new("n1", installed="10.3-6"),
        new("n1", installed="10.3-5.el9", offered="10.3-5.el8"),
    ):
        made = plan([server], [server._replace(name="c1")])
        assert (made["then"], made["clients"], made["refusals"]) == ([], [], [])
    for server in (old("n1", **older, desired="10.3"), new("n1", installed="10.3-5~bpo11+1")):
        assert plan([server], [server._replace(name="c1")])["upgrades"] == ["c1", "n1"]


def test_a_client_does_not_go_back_below_the_op_version():
    back = {"offered": "9.2-1", "desired": "9"}
    made = plan([new("n1", op_version=90000, offered="10.3-5")], [new("c1", **back)])
    assert made["clients"] == ["c1"]
    made = plan([new("n1", op_version=100000, offered="10.3-5")], [new("c1", **back)])
    assert (made["clients"], made["upgrades"], made["refusals"]) == ([], [], [])
    assert "client c1 stays as it is: c1: the pool's op-version is 100000" in made["lines"][0]


# ---- what is seen of the pool


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (
            {"peers": [peer("n1"), peer("n2", connected=False), peer("n3")]},
            "pool: n2 is 'Peer in Cluster' and disconnected",
        ),
        (
            {"peers": [peer("n1"), peer("n2", state=6, text="Peer Rejected"), peer("n3")]},
            "n2 is 'Peer Rejected'; bring",
        ),
        (
            {
                "bricks": [
                    {"volume": "shared", "host": "n2", "path": "/b/shared", "volume_started": True, "online": False}
                ]
            },
            "brick n2:/b/shared does not serve",
        ),
        (
            {"tasks": [{"volume": "v", "kind": "Remove brick", "status": "completed"}]},
            "a task is under way: remove brick",
        ),
        (
            {"heal": [{"volume": "v", "brick": "b", "pending": 0, "split_brain": 1}]},
            "1 entries of b are in split-brain",
        ),
        (
            {"unread": [{"part": "heal", "volume": "v", "reason": "no answer"}]},
            "volume v: heal can not be read (no answer)",
        ),
    ],
)
def test_what_stands_in_the_way_is_said_before(told, words):
    assert words in refused([old(name) for name in NAMES], told=pool(volume(), **told))


def test_all_reasons_are_said_at_once():
    told = pool(volume(), tasks=[{"volume": "v", "kind": "Rebalance", "status": "in progress"}])
    found = refused([old("n1"), old("n2", maintenance="2026-11-28 (bad memory)")], told=told)
    assert "a task is under way" in found and "n2 is in maintenance since 2026-11-28 (bad memory)" in found


def test_what_a_cut_run_left_out_of_service_is_no_reason():
    bricks = [{"volume": "shared", "host": "n2", "path": "/b/shared", "volume_started": True, "online": False}]
    told = pool(volume(), peers=[peer("n1"), peer("n2", connected=False), peer("n3")], bricks=bricks)
    made = plan([new("n1"), old("n2", maintenance=OURS), old("n3")], told=told)
    assert made["refusals"] == [] and (made["first"], made["then"]) == (["n2"], ["n3"])


def test_the_maintenance_of_a_person_who_upgrades_is_not_its_own():
    told = pool(volume())
    made = plan([old("n1"), new("n2", maintenance="2026-11-28 10:40 UTC (upgrade)")], told=told)
    assert made["first"] == [] and "n2 is in maintenance since 2026-11-28 10:40 UTC (upgrade)" in made["refusals"][0]


def test_the_role_writes_the_reason_that_the_plan_knows():
    tasks = pathlib.Path(__file__).resolve().parents[5] / "roles/gluster_upgrade/tasks"
    assert f"gluster_rolling_reason: {REASON}\n" in (tasks / "main.yml").read_text()
    assert f"'[(]{REASON}( offline)?[)]$'" in (tasks / "plan.yml").read_text()
    assert f"    reason: {OFFLINE_REASON}\n" in (tasks / "offline_packages.yml").read_text()
    assert f"{REASON} offline" == OFFLINE_REASON


def test_volumes_without_copies_need_leave():
    told = pool(volume("plain", replicas=0))
    servers = [old(name) for name in NAMES]
    assert "volume plain keeps no copies" in refused(servers, told=told)
    assert refused(servers, told=told, accepted=["plain"]) == ""
    assert refused([new("n1")], told=told) == ""


def test_healing_is_waited_for_unless_a_node_has_to_serve_first():
    heal = [{"volume": "shared", "brick": "b", "pending": 7, "split_brain": 0}]
    assert plan([old("n1")], told=pool(volume(), heal=heal))["heals_first"] is True
    assert plan([old("n1", maintenance=OURS)], told=pool(volume(), heal=heal))["heals_first"] is False
    assert plan([new("n1")], told=pool(volume(), heal=heal))["heals_first"] is False


# ---- the op-version


def test_the_op_version_is_told():
    told = {"op_version": 90000, "steps": []}
    assert "op-version, now 90000, is raised" in plan([old("n1")], op_version=told)["lines"][-1]
    assert "stays as it is" in plan([old("n1")], op_version=told, raises=False)["lines"][-1]
    step = {"steps": [{"command": "gluster volume set all cluster.op-version 100000"}]}
    assert "cluster.op-version 100000" in plan([new("n1")], op_version=step)["lines"][-1]
    assert plan([new("n1")], op_version=step, raises=False)["lines"] == ["nothing to do"]


# ---- ways that break


NFS = {"nfs.disable": "on"}


@pytest.mark.parametrize(
    ("before", "after", "volumes", "words"),
    [
        ("9.2", "10.3", [volume(options=NFS)], ""),
        ("9.2", "10", [volume(options=NFS)], ""),
        ("9.2", "10.0", [volume()], "stripe_count"),
        ("10.3", "11.1", [volume(options=NFS)], "nfs.disable out of the volumes' files"),
        ("10.3", "11.1", [volume()], ""),
        ("11.0", "11.1", [volume(options=NFS)], ""),
        ("7.5", "9.1", [volume()], "9.0 or 9.1"),
        ("7.5", "9.2", [volume()], ""),
        ("6.9", "10.3", [volume()], "a version in between"),
        ("7.5", "10.3", [volume()], ""),
        ("5.13", "11.1", [volume()], "upgrade-to-11/"),
        ("5.13", "7.5", [volume(type_text="Tier")], "tiered"),
        ("5.13", "7.5", [volume(type_text="Distributed-Stripe")], "striped"),
        ("5.13", "7.5", [volume(type_text="Replicate")], ""),
        ("6.9", "7.5", [volume(options={"features.quota": "on"})], "quota"),
        ("6.9", "7.5", [volume(options={"features.quota": "off"})], ""),
        ("7.5", "8.6", [volume(options={"geo-replication.indexing": "on"})], "geo-replication"),
        ("8.6", "9.6", [volume(options={"geo-replication.indexing": "on"})], ""),
        ("4.0.2", "6.1", [volume(options={"features.lock-heal": "on"})], "reset them"),
        ("10.3", "10.5", [volume(disperse=3, replicas=0)], "no upgrade of dispersed volumes"),
        ("10.3", "10.5", [volume(disperse=3, replicas=0, status="Stopped")], ""),
        ("", "10.3", [volume()], ""),
        ("10.3", "", [volume(options=NFS)], ""),
    ],
)
def test_ways_that_break_are_known(before, after, volumes, words):
    found = "\n".join(broken_paths(before, after, volumes, []))
    assert words in found if words else found == ""


def test_every_row_stands_in_the_docs():
    guide = (pathlib.Path(__file__).resolve().parents[5] / "docs/upgrading.md").read_text()
    rows = [line for line in guide.splitlines() if line.startswith("| ") and " → " in line]
    assert rows == [f"| {path.ways} | {path.breaks} | {path.advice} | <{path.source}> |" for path in PATHS]


def test_a_dispersed_volume_may_be_named():
    dispersed = volume(disperse=3, replicas=0)
    assert broken_paths("10.3", "10.5", [dispersed], ["shared"]) == []
    assert refused([old("n1")], told=pool(volume(options=NFS)), accepted=["shared"]) == ""
    eleven = {"version": "10.3", "installed": "10.3-5", "offered": "11.1-6"}
    assert "nfs.disable" in refused([old("n1", **eleven)], told=pool(volume(options=NFS)), accepted=["shared"])


def test_a_package_that_was_cut_off_in_is_done_again_whatever_its_version_is():
    cut = new("n1", unfinished=["glusterfs-server"], maintenance=OURS)
    made = plan([cut, old("n2")])
    assert (made["first"], made["then"], made["upgrades"]) == (["n1"], ["n2"], ["n1", "n2"])
    assert made["lines"][0] == (
        "n1: GlusterFS 10.3-5 -> 10.3-5, of which glusterfs-server was cut off in its installation, out of service "
        "meanwhile, left out of service by a cut run"
    )
    assert plan([new("n1", unfinished=["x"], source="preinstalled")])["upgrades"] == [], "nobody installs it here"


def test_the_plan_says_how_long_it_should_take_and_of_what_that_is_an_estimate():
    [line] = [line for line in plan([old(name) for name in NAMES])["lines"] if "an estimate" in line]
    assert line.startswith("about 24 min for the storage nodes: an estimate, 8 minutes each as in our lab")
    assert not any("an estimate" in line for line in plan([new(name) for name in NAMES])["lines"])
    guide = (pathlib.Path(__file__).resolve().parents[5] / "docs/upgrading.md").read_text()
    assert "about eight for each node: six for the packages and the boot, two for healing" in " ".join(guide.split())


def test_snapshots_before_have_one_label_for_the_whole_upgrade():
    assert plan([old(name) for name in NAMES])["snapshot_label"] == "before-10.3-5"
    other = {"offered": "1:10.3-5+deb12~1"}
    label = plan([old("n1", **other), old("n2")])["snapshot_label"]
    assert label == "before-10.3-5" and plan([old("n1", **other)])["snapshot_label"] == "before-1_10.3-5_deb12_1"
    assert plan([old("n1", **other), new("n2")])["snapshot_label"] == label, "after a cut, too"
    later = plan([new("n1", offered="10.3-6"), new("n2", offered="10.3-6")])
    assert later["snapshot_label"] == "before-10.3-6", "another package of the same GlusterFS"
    unknown = {"offered": None, "desired": "", "source": "repository"}
    assert plan([old("n1", **unknown)])["snapshot_label"] == "with-9.2-1" and plan([new("n1")])["snapshot_label"] == ""
    tasks = {"has_tasks": True, "desired": "10", "offered": None, "installed": ""}
    assert plan([old("n1", **tasks)])["snapshot_label"] == "before-10-with-9.2"
    assert plan([old("n1", **{**tasks, "version": "9.6"})])["snapshot_label"] == "before-10-with-9.6"


# ---- all nodes at once


ELEVEN = {"version": "10.3", "installed": "10.3-5", "offered": "11.1-6", "op_version": 100000}
RESTS = f"2026-11-28 10:40 UTC ({OFFLINE_REASON})"
NOTED = {"user.brickwork-upgrade": "started"}


def ten(name, **more):
    return old(name, **{**ELEVEN, "names": (name,), **more})


def eleven(name, **more):
    return ten(name, **{"version": "11.1", "installed": "11.1-6", **more})


def at_once(servers, told, clients=(), accepted=("shared",), **more):
    return plan(servers, clients, told=told, accepted=accepted, offline=True, **more)


def test_a_way_that_breaks_only_in_turn_is_open_to_all_at_once():
    servers, told = [ten(name) for name in NAMES], pool(volume(options=NFS))
    said = refused(servers, told=told, accepted=["shared"])
    assert "set gluster_upgrade_offline: true, and name the volumes in gluster_accept_downtime" in said
    made = at_once(servers, told, [ten("c1")])
    assert made["refusals"] == made["first"] == made["then"] == []
    parts = dict.fromkeys(("stopped", "started", "mounted"), list(NAMES))
    assert made["offline"] == {"stops": True, **parts, "unmounted": [*NAMES, "c1"]}
    assert made["clients"] == ["c1"] and made["snapshots_first"]
    assert broken_paths("9.2", "10.0", [volume()], [], offline=True) != [], "what else breaks stays refused"


def test_each_volume_that_is_started_has_to_be_named_and_who_uses_it_is_told():
    told = pool(
        volume(), volume("other"), volume("rest", status="Stopped"), clients={"shared": ["n2", "c1", "10.0.0.9"]}
    )
    made = at_once([ten(name) for name in NAMES], told, [ten("c1")])
    [refusal] = made["refusals"]
    assert refusal.startswith("volume other is started, and would be stopped") and "no client is connected" in refusal
    assert "volume shared: stopped meanwhile; connected clients: 10.0.0.9, c1" in made["lines"]
    assert "about 8 min for all storage nodes, side by side" in "".join(made["lines"])


@pytest.mark.parametrize(
    ("servers", "told", "stopped"),
    [
        ([ten(name) for name in NAMES], pool(volume(options=NOTED)), NAMES),
        ([ten("n1", maintenance=RESTS), ten("n2"), ten("n3")], pool(volume(status="Stopped", options=NOTED)), NAMES),
        ([ten("n1", maintenance=RESTS), eleven("n2", maintenance=RESTS)], {}, ("n1", "n2")),
        ([eleven("n1", maintenance=RESTS), eleven("n2")], pool(volume(status="Stopped", options=NOTED)), ("n1",)),
        ([eleven("n1"), eleven("n2")], pool(volume(status="Stopped", options=NOTED)), ()),
    ],
)
def test_a_run_that_was_cut_off_goes_on_from_what_is_there(servers, told, stopped):
    others = [peer(server.name, connected=False) for server in servers if server.name != "n2"]
    away = told and {**told, "pool": to_facts(Pool((Peer("u-n2", ("localhost",), True, None, ""), *others)))}
    made = at_once(servers, away)
    assert made["refusals"] == [] and made["offline"]["stopped"] == list(stopped)
    assert made["offline"]["started"] == [server.name for server in servers]
    assert made["snapshots_first"] is False and made["heals_first"] is False


def test_where_all_is_done_there_is_nothing_to_do_for_all_at_once():
    made = at_once([eleven(name) for name in NAMES], pool(volume()))
    assert made["lines"] == ["nothing to do"]
    assert made["offline"] == {"stops": False, "stopped": [], "started": [], "unmounted": [], "mounted": []}


def test_what_began_at_once_is_not_gone_on_with_in_turn_and_the_other_way_round():
    servers = [ten("n1", maintenance=RESTS), ten("n2")]
    found = refused(servers, told=pool(volume(status="Stopped", options=NOTED)))
    assert "volume shared was stopped by an offline upgrade that did not end" in found
    assert f"n1 is out of service since {RESTS}, with all other storage nodes" in found
    servers = [ten("n1", maintenance=OURS), ten("n2"), ten("n3")]
    [found] = at_once(servers, pool(volume()))["refusals"]
    assert "n1 was left out of service by an upgrade of one node after the other; end that first" in found


def test_new_bricks_are_filled_before_all_are_stopped():
    filling = {"user.brickwork-filling": "healing:n1:/b/shared"}
    assert at_once([ten("n1")], pool(volume(options=filling)))["heals_first"] is True


FOREIGN = "2026-11-28 10:40 UTC (new power supply)"


def test_for_a_mount_that_is_missing_no_node_is_started():
    made = at_once([eleven("n1", maintenance=FOREIGN), eleven("n2", missing_mounts=["/mnt/a"])], pool(volume()))
    assert made["refusals"] == [] and made["offline"]["started"] == made["offline"]["stopped"] == []
    assert made["offline"]["mounted"] == ["n2"]
    assert made["lines"] == ["n2: mount /mnt/a of /etc/fstab at the end; found not mounted now"]


@pytest.mark.parametrize("told", [pool(volume(status="Stopped", options=NOTED)), {}])
@pytest.mark.parametrize("resting", ["", RESTS])
def test_who_is_in_maintenance_for_another_reason_is_not_started_with_the_others(told, resting):
    servers = [eleven("n1", maintenance=resting), eleven("n2", maintenance=FOREIGN), eleven("n3")]
    made = at_once(servers, told)
    assert any(f"n2 is in maintenance since {FOREIGN}" in one for one in made["refusals"]) == bool(told or resting)


def at_once_refused(servers, told):
    return "\n".join(at_once(servers, told)["refusals"])


def test_a_server_without_gluster_is_refused_before_all_others_are_stopped():
    empty = Machine("n9", offered="11.1-6")
    servers = [ten(name) for name in NAMES]
    assert at_once_refused(servers, pool(volume())) == ""
    found = at_once_refused([*servers, empty], pool(volume()))
    assert found.startswith("n9 is in gluster_servers and has no GlusterFS; leave it out") and "\n" not in found
    assert at_once_refused([*[eleven(name) for name in NAMES], empty], pool(volume())) == "", "nothing is stopped"


def test_members_and_servers_are_the_same():
    found = at_once_refused([ten("n1"), ten("n2"), ten("n4")], pool(volume()))
    assert "pool: n3 is a member and no host of gluster_servers" in found
    assert "n4 is in gluster_servers and no member of the pool; have it join" in found
    assert refused([old("n1"), old("n2"), old("n4")]) == "", "one after the other, a member may wait"


def test_what_somebody_has_started_while_a_node_rests_is_refused_with_the_way_on():
    servers = [eleven("n1"), ten("n2", maintenance=RESTS), eleven("n3")]
    found = at_once_refused(servers, pool(volume()))
    assert "volume shared is started while n2 is out of service" in found and "by hand on n2, and run this" in found
    assert "gluster volume set shared user.brickwork-upgrade started, then gluster volume stop shared" in found
    assert at_once_refused(servers, pool(volume(status="Stopped", options=NOTED))) == ""
    servers[1] = eleven("n2", maintenance=RESTS)
    assert at_once_refused(servers, pool(volume())) == ""


def test_a_volume_with_geo_replication_is_refused_while_it_is_started():
    servers = [ten(name) for name in NAMES]
    found = at_once_refused(servers, pool(volume(options={"geo-replication.indexing": "on"})))
    assert found.startswith("volume shared: geo-replication.indexing is on")
    for other in ({"geo-replication.indexing": "off"}, {}):
        assert at_once_refused(servers, pool(volume(options=other))) == ""
    stopped = volume(status="Stopped", options={"geo-replication.indexing": "on"})
    assert at_once_refused(servers, pool(stopped)) == ""


@pytest.mark.parametrize("offline", [False, True])
def test_no_server_is_stopped_beside_a_brick_with_old_files(offline):
    """Not its own one either: when it starts, so does the brick."""
    servers = [old("n1"), old("n2", old_files={"/b/shared": "/dev/mapper/g-0_0", "/b/left": "/dev/mapper/g-1_0"})]
    told = pool(volume(), peers=[Peer("u-n1", ("localhost",), True, None, ""), peer("n2")])
    said = plan([*servers, old("n3")], told=told, offline=offline, accepted=["shared"])["refusals"]
    found = [one for one in said if "old files" in one]
    assert found == [
        "volume shared: brick n2:/b/shared on n2 serves old files: its snapshot /dev/mapper/g-0_0 is mounted in its "
        "place: docs/repair.md, 'A snapshot is mounted in place of a brick'; mend that before a server is stopped"
    ]
    assert not [one for one in plan([old("n1"), old("n2"), old("n3")])["refusals"] if "old files" in one]
    assert plan([new(server.name, old_files=server.old_files) for server in servers])["refusals"] == []
