# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks health and teardown, with programs in the place of the modules: what they call, say, and end with."""

import json

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.facts import to_facts
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Brick, Peer, Pool, Volume
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.records import ObservedHost
from ansible_collections.brickwork.gluster.tests.fakes.standins import StandIns

SERVERS = {f"n{number}": {"gluster_address": f"10.0.0.{number}"} for number in (1, 2, 3)}
INVENTORY = {
    "gluster_servers": {"hosts": SERVERS},
    "gluster_clients": {"hosts": {"c1": {}, "c2": {}}},
    "all": {"children": {"gluster_servers": {}, "gluster_clients": {}}},
}
BRICKS = tuple(Brick(f"10.0.0.{number}", f"/srv/gluster/v-{number}/brick", f"u{number}") for number in (1, 2, 3))
VOLUME = dict(to_facts(Volume("v", "i", "Started", 3, 0, 0, 0, BRICKS, {})), started=True)
STATES = [
    {"volume": "v", "host": brick.host, "path": brick.path, "online": True, "volume_started": True} for brick in BRICKS
]
PEERS = [Peer(brick.host_uuid, (brick.host,), True, 3, "Peer in Cluster") for brick in BRICKS]
POOL = {
    "pool": to_facts(Pool(tuple(PEERS))), "volumes": [VOLUME], "bricks": STATES, "heal": [], "split_brain": {},
    "tasks": [], "unread": [], "running": True, "stored_volumes": ["v"], "changed": False,
}  # fmt: skip
LOOK = {
    "looked": True, "changed": False, "said": {"python": "3.11.2 /usr/bin/python3", "gluster": "10.3"},
    "gluster": {
        "running": True, "uuid": "u1", "peers": 3, "unwell": [], "known_volumes": 1, "volumes": {"v": "d"},
        "stopped_because": "",
    },
    "disks": {
        "devices": [], "observed": dict(to_facts(ObservedHost("h", "m", {}, uuid="u1")), volume_ids={}),
        "bricks": [
            {"name": "v-1", "path": "/srv/gluster/v-1/brick", "mounted": True, "data_percent": 1, "metadata_percent": 1}
        ],
    },
    "files": {"/etc/fstab": "", "/proc/mounts": ""},
}  # fmt: skip


@pytest.fixture
def stubs(tmp_path):
    actions = ("gluster_inventory", "gluster_node_info", "judge_health", "plan_teardown")
    stubs = StandIns(tmp_path, actions)
    look(stubs)
    stubs.module("gluster_info", repr(POOL))
    return stubs


def look(stubs, **gluster):
    stubs.module("gluster_node_info", repr(dict(LOOK, gluster=dict(LOOK["gluster"], **gluster))))


def called(stubs):
    return [name for name, _host, _arguments in stubs.calls()]


# ---- health


def test_health_is_one_call_for_each_machine_and_one_for_the_pool(stubs):
    said, code = stubs.run("brickwork.gluster.health", INVENTORY)
    assert code == 0, said
    assert sorted(called(stubs)) == ["gluster_info"] + 5 * ["gluster_node_info"]


def test_health_reads_what_it_judges_and_nothing_else(stubs):
    stubs.run("brickwork.gluster.health", INVENTORY)
    looks = [arguments for _host, arguments in stubs.calls("gluster_node_info")]
    asked = [{key for key in ("bricks", "packages", "daemon", "firewall") if key in one} for one in looks]
    assert sorted(map(sorted, asked)) == [[], [], ["bricks"], ["bricks"], ["bricks"]]
    assert [bool(one["files"]) for one in looks].count(True) == 2


def asking(expression):
    return ("-e", json.dumps({"gluster_health_query": expression}))


def test_health_shows_only_what_is_asked_for(stubs):
    stubs.module(
        "gluster_info", repr(dict(POOL, tasks=[{"volume": "v", "kind": "Rebalance", "status": "in progress"}]))
    )
    said, code = stubs.run("brickwork.gluster.health", INVENTORY, *asking("nodes[].{node: name, peers: gluster.peers}"))
    assert code == 0, said
    shown = said.split("TASK [brickwork.gluster.gluster_health : Show what was asked for]")[1]
    assert json.loads(shown[shown.index("{") : shown.index("\n}") + 2])["msg"] == [
        {"node": name, "peers": 3} for name in SERVERS
    ]
    assert "Rebalance is in progress" not in said


def test_health_refuses_a_query_that_is_none_before_anything_is_read(stubs):
    said, code = stubs.run("brickwork.gluster.health", INVENTORY, *asking("nodes["))
    assert code == 2 and "gluster_health_query: found nodes[, which is no JMESPath expression" in said
    assert called(stubs) == []
    role = {"ansible.builtin.include_role": {"name": "brickwork.gluster.gluster_health"}}
    said, code = stubs.play([role], gluster_health_query="nodes[")
    assert code == 2 and "gluster_health_query: found nodes[, which is no JMESPath expression" in said
    assert called(stubs) == []


def test_health_names_each_problem_and_fails(stubs):
    away = {"uuid": "u2", "names": ["10.0.0.2"], "connected": False, "state": 3, "state_text": "Peer in Cluster"}
    look(stubs, unwell=[away])
    stubs.module("gluster_info", repr(dict(POOL, bricks=[*STATES[:2], dict(STATES[2], online=False)])))
    said, code = stubs.run("brickwork.gluster.health", INVENTORY)
    assert code == 2
    for number in (1, 2, 3):
        assert f"n{number} sees 10.0.0.2: Peer in Cluster, disconnected" in said
    assert "volume v: brick 10.0.0.3:/srv/gluster/v-3/brick is offline" in said


def test_health_refuses_to_judge_where_no_node_answers(stubs):
    look(stubs, running=False)
    said, code = stubs.run("brickwork.gluster.health", INVENTORY)
    assert code == 2 and "gluster_servers: glusterd answers on none of n1, n2, n3; start it there" in said
    look(stubs, running=False, maintenance="2026-11-28 10:40 UTC (brickwork playbook upgrade offline)")
    said, code = stubs.run("brickwork.gluster.health", INVENTORY)
    assert code == 2 and "found all of n1, n2, n3 out of service by an offline upgrade that did not end" in said
    assert "gluster_info" not in called(stubs)


def test_health_of_machines_that_do_not_answer_and_of_clients_that_are_left_out(stubs, tmp_path):
    nowhere = {"ansible_connection": "ssh", "ansible_host": "192.0.2.1", "ansible_ssh_timeout": 1}
    servers = {**SERVERS, "n2": {**SERVERS["n2"], **nowhere, "ansible_ssh_executable": "/bin/false"}}
    clients = {"hosts": {"c1": {**nowhere, "ansible_ssh_executable": "/bin/false"}, "c2": {}}}
    inventory = {**INVENTORY, "gluster_servers": {"hosts": servers}, "gluster_clients": clients}
    said, code = stubs.run("brickwork.gluster.health", inventory, "--limit", "localhost,gluster_servers,c1")
    assert code == 2 and "n2 does not answer" in said and "client c1 does not answer" in said
    assert "client c2" not in said and len(stubs.calls("gluster_node_info")) == 2


# ---- teardown


CLIENT = {"path": "/mnt/v"}
VOLUMES = [{"name": "v", "type": "replicate", "replicas": 3, "size": "1GiB", "clients": [CLIENT]}]


def teardown(stubs, *words, confirm="c", **named):
    for name in ("gluster_volume", "lvm_brick", "gluster_peer"):
        stubs.module(name, "dict(changed=True)")
    stubs.module("mount", "dict(changed=True)", collection="ansible.posix")
    variables = {"gluster_cluster_name": "c", "gluster_volumes": VOLUMES, "gluster_teardown_confirm": confirm, **named}
    return stubs.run("brickwork.gluster.teardown", INVENTORY, "-e", json.dumps(variables), *words)


def test_teardown_unmounts_before_it_deletes_and_keeps_the_data(stubs):
    said, code = teardown(stubs, gluster_teardown_volumes=["v"])
    assert code == 0, said
    looks, rest = called(stubs)[:3], called(stubs)[3:]
    assert looks == 3 * ["gluster_node_info"]
    assert rest == ["gluster_info"] + 2 * ["gluster_node_info"] + 2 * ["mount"] + ["gluster_volume"]


def test_teardown_destroys_data_and_detaches_when_told_to(stubs):
    stubs.module("gluster_info", repr(dict(POOL, volumes=[], stored_volumes=[])))
    named = {"gluster_teardown_volumes": ["v"], "gluster_teardown_destroy_data": True}
    said, code = teardown(stubs, gluster_teardown_peers=["10.0.0.3"], **named)
    assert code == 0, said
    bricks = [arguments["bricks"] for _host, arguments in stubs.calls("lvm_brick")]
    assert bricks == 3 * [[{"name": "v-1", "state": "absent"}]]
    assert [arguments["peers"] for _host, arguments in stubs.calls("gluster_peer")] == [["10.0.0.3"]]


@pytest.mark.parametrize(
    ("confirm", "named", "words"),
    [
        ("d", {"gluster_teardown_volumes": ["v"]}, "gluster_teardown_confirm: found d, which is not the name"),
        ("c", {}, "found no name in any of them; write what to remove; nothing was removed"),
        ("c", {"gluster_teardown_peers": ["10.0.0.3"]}, "10.0.0.3 holds bricks of a volume that stays"),
        ("c", {"gluster_teardown_bricks": ["n9:v-1"]}, "found n9:v-1, and no host n9 that was looked at"),
    ],
)
def test_teardown_refuses_before_anything_is_changed(stubs, confirm, named, words):
    said, code = teardown(stubs, confirm=confirm, **named)
    assert code == 2 and words in said
    assert not {"mount", "gluster_volume", "lvm_brick", "gluster_peer"} & set(called(stubs))


def test_check_mode_looks_and_says_what_it_could_not_try(stubs):
    named = {"gluster_teardown_volumes": ["v"], "gluster_teardown_destroy_data": True}
    said, code = teardown(stubs, "--check", **named)
    assert code == 0, said
    assert "bricks to destroy" in said and "lvm_brick" not in called(stubs) and "gluster_info" in called(stubs)
    [(_host, asked)] = stubs.calls("gluster_info")
    assert asked["_ansible_check_mode"] is False


def test_removing_without_a_judgement_is_refused(stubs):
    for words in ({"tasks_from": "remove"}, {"tasks_from": "main"}):
        role = {"name": "brickwork.gluster.gluster_teardown", **words}
        variables = {"gluster_cluster_name": "c", "gluster_teardown_confirm": "d", "gluster_teardown_volumes": ["v"]}
        play = {
            "hosts": "all",
            "gather_facts": False,
            "vars": variables,
            "tasks": [{"ansible.builtin.import_role": role}],
        }
        hosts = {"all": {"hosts": {"a": {}}}}
        (stubs._folder / "play.yml").write_text(json.dumps([play]))
        said, code = stubs.run("play.yml", hosts, "--tags", "gluster_teardown_remove")
        assert code == 2 and "nothing was removed" in said
    assert "gluster_volume" not in called(stubs)


def test_the_role_alone_refuses_first(stubs):
    variables = {"gluster_cluster_name": "c", "gluster_teardown_confirm": "d", "gluster_teardown_volumes": ["v"]}
    said, code = stubs.play(
        [{"ansible.builtin.import_role": {"name": "brickwork.gluster.gluster_teardown"}}], **variables
    )
    assert code == 2 and "gluster_teardown_confirm: found d" in said and called(stubs) == []
