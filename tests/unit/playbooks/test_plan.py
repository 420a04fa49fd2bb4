# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook plan: one look at each machine, one host that plans, and machines that are silent or broken."""

import json
import re

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.facts import to_facts
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Peer, Pool
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.records import ObservedHost
from ansible_collections.brickwork.gluster.tests.fakes.standins import StandIns

GIVEN = {"gluster_cluster_name": "c", "gluster_server_source": "preinstalled", "gluster_server_firewall": False}
#: The disk of a host tells its stand-in which one it is.
SERVERS = {
    name: {**GIVEN, "gluster_address": f"10.0.0.{name[1:]}", "gluster_devices": [f"/dev/{name}"]}
    for name in ("n1", "n2", "n3")
}
SILENT = {"ansible_connection": "ssh", "ansible_host": "192.0.2.1", "ansible_ssh_executable": "/bin/false"}
CLIENT = {
    "looked": True, "said": {"python": "3.11.2 /usr/bin/python3", "gluster": "10.3"}, "changed": False,
    "missing_packages": [],
    "files": {"/etc/fstab": "", "/proc/mounts": "", "/etc/systemd/system/brickwork-mounts.service": ""},
}  # fmt: skip
SERVER = {
    **CLIENT,
    "daemon": [],
    "disks": {"devices": [], "bricks": [], "observed": to_facts(ObservedHost("h", "m", {}))},
    "gluster": {
        "installed": True, "running": True, "version": "10.3", "peers": 3, "unwell": [], "listening": True,
        "op_version": 100000, "known_volumes": 0, "volumes": {}, "encrypted": False,
    },
}  # fmt: skip
#: Who is asked: a host by its disk.
WHO = "arguments['bricks']['devices'][0][-2:]"
WHO_OR_NONE = f"({WHO} if arguments.get('bricks') else '')"
GLUSTER = f"dict({SERVER['gluster']!r}, uuid='u' + {WHO}[1])"
SEEN = f"dict({SERVER!r}, gluster={GLUSTER}) if arguments.get('bricks') else {CLIENT!r}"
BROKEN = "dict(looked=True, failed=True, msg='devices: found none')"


def pool(own):
    """Return what gluster_info answers on a node."""
    others = [number for number in (1, 2, 3) if number != own]
    peers = [Peer(f"u{own}", ("localhost",), True, None, "")] + [
        Peer(f"u{number}", (f"10.0.0.{number}",), True, 3, "Peer in Cluster") for number in others
    ]
    seen = to_facts(Pool(tuple(peers), (f"10.0.0.{own}",)))
    return repr({"pool": seen, "volumes": [], "bricks": [], "tasks": [], "changed": False})


@pytest.fixture
def stubs(tmp_path):
    made = StandIns(tmp_path, ("gluster_inventory", "gluster_node_info", "plan_cluster"))
    made.module("gluster_node_info", SEEN)
    made.module("gluster_info", pool(1))
    return made


def run(stubs, *words, playbook="plan", **machines):
    """Run a playbook; machines are more variables by host."""
    servers = {name: {**facts, **machines.get(name, {})} for name, facts in SERVERS.items()}
    clients = {"c1": {**GIVEN, **machines.get("c1", {})}}
    inventory = {"gluster_servers": {"hosts": servers}, "gluster_clients": {"hosts": clients}}
    return stubs.run(f"brickwork.gluster.{playbook}", inventory, *words)


def called(stubs):
    return sorted(name for name, _host, _arguments in stubs.calls())


def told_in_passing(name):
    """Return what the stand-in of gluster_node_info says where that host is asked about the pool as well."""
    known = f"dict({pool(int(name[1]))}, version='10.3', op_version=100000)"
    return f"dict({SEEN}, **({{'pool_details': json.dumps({known})}} if {WHO_OR_NONE} == {name!r} else {{}}))"


def test_the_first_node_tells_of_the_pool_in_its_look(stubs):
    stubs.module("gluster_node_info", told_in_passing("n1"))
    said, code = run(stubs)
    assert code == 0, said
    assert called(stubs) == 4 * ["gluster_node_info"] and said.count("nothing to do") == 1
    looks = [arguments["bricks"] for _name, _host, arguments in stubs.calls() if arguments.get("bricks")]
    assert [look["devices"] for look in looks if look["pool"]] == [["/dev/n1"]]


@pytest.mark.parametrize(
    ("well", "found"),
    [
        ("'unwell': []", "'unwell': [], 'doubtful': ['v']"),
        ("'unwell': []", "'unwell': [{}]"),
        ("'peers': 3", "'peers': 4"),
    ],
)
def test_the_pool_is_asked_for_more_where_a_node_is_in_doubt(stubs, well, found):
    stubs.module("gluster_node_info", told_in_passing("n1").replace(well, found))
    said, _code = run(stubs)
    assert called(stubs) == ["gluster_info"] + 4 * ["gluster_node_info"], said


def test_another_node_is_asked_where_the_first_one_does_not_know_the_most(stubs):
    stubs.module("gluster_node_info", told_in_passing("n1").replace("'peers': 3", f"'peers': 1 + 2 * ({WHO} == 'n2')"))
    said, code = run(stubs)
    assert called(stubs) == ["gluster_info"] + 4 * ["gluster_node_info"], said


def test_one_look_at_each_machine_and_one_question_about_the_pool(stubs):
    said, code = run(stubs)
    assert code == 0, said
    assert called(stubs) == ["gluster_info"] + 4 * ["gluster_node_info"]
    assert said.count("nothing to do") == 1


SOURCES = {
    "distribution": {},
    "preinstalled": {},
    "repository": {"gluster_server_repository_url": "http://mirror.example.com/gluster"},
    "rpm_folder": {"gluster_server_rpm_folder": "http://mirror.example.com/rpms"},
}


@pytest.mark.parametrize("source", SOURCES)
def test_site_is_the_look_and_the_plan_where_nothing_is_to_be_done(stubs, source):
    variables = {"gluster_server_source": source, **SOURCES[source]}
    said, code = run(stubs, "-e", json.dumps(variables), playbook="site")
    assert code == 0, said
    assert called(stubs) == ["gluster_info"] + 4 * ["gluster_node_info"], said


def test_site_installs_where_the_look_says_so(stubs):
    due = "[dict(kind='install', target='x', command='from y', destroys=False)]"
    stubs.module("gluster_node_info", f"dict({SEEN}, software={due} if {WHO_OR_NONE} == 'n3' else [])")
    stubs.module("rpm_folder", "dict(changed=True)")
    variables = {"gluster_server_source": "rpm_folder", **SOURCES["rpm_folder"]}
    run(stubs, "-e", json.dumps(variables), playbook="site")
    [(_host, asked)] = stubs.calls("rpm_folder")
    assert asked["path"] == "http://mirror.example.com/rpms" and {"glusterfs-server", "lvm2"} <= set(asked["packages"])


@pytest.mark.parametrize(("away", "words"), [("n1", "what is on it stays as it is"), ("c1", "its mounts stay as they")])
def test_a_machine_that_is_silent_is_an_input_of_the_plan(stubs, away, words):
    stubs.module("gluster_info", pool(2 if away == "n1" else 1))
    said, code = run(stubs, **{away: SILENT})
    assert code == 0, said
    assert f"BROKEN: {away} did not answer: {words}" in said
    assert called(stubs) == ["gluster_info"] + 3 * ["gluster_node_info"]


def test_the_second_look_s_choice_of_who_plans_counts(stubs):
    """The first planner does not answer any more: its plan of before is not shown again."""
    stubs.module("gluster_info", pool(2))
    plays = [
        {"ansible.builtin.import_playbook": "brickwork.gluster.plan"},
        {"hosts": "n1", "gather_facts": False, "tasks": [{"ansible.builtin.set_fact": SILENT}]},
        {"ansible.builtin.import_playbook": "brickwork.gluster.plan"},
    ]
    servers = {name: {**facts} for name, facts in SERVERS.items()}
    said, code = stubs.write_and_run(plays, {"gluster_servers": {"hosts": servers}})
    assert code == 0, said
    shown = re.findall(r"TASK \[Show the plan\] \*+\nok: \[(\w+)\]", said)
    assert shown == ["n1", "n2"] and "BROKEN: n1 did not answer" in said


def test_no_plan_is_made_where_nobody_answers(stubs):
    said, code = run(stubs, n1=SILENT, n2=SILENT, n3=SILENT)
    assert code == 2 and "gluster_servers: n1, n2, n3 did not answer, which is all of them; check that they run" in said


def test_a_look_that_fails_on_one_machine_ends_the_run_for_all(stubs):
    stubs.module("gluster_node_info", f"{BROKEN} if arguments.get('bricks') and {WHO} == 'n3' else ({SEEN})")
    said, code = run(stubs)
    assert code == 2 and "n3: the look ended with the error that stands above" in said
    assert "gluster_info" not in called(stubs)


def test_a_limit_that_leaves_out_servers_is_refused(stubs):
    said, code = run(stubs, "--limit", "localhost,c1")
    assert code == 2 and "--limit leaves out storage nodes, and the plan needs all of them" in said
    said, code = run(stubs, "--limit", "localhost,n2,n3")
    assert code == 2 and "gluster_servers: n1 was not looked at; leave no storage node out by --limit" in said


OLD = f"dict({SEEN}, said=dict({CLIENT!r}['said'], gluster='9.2'))"
MIXED = f"({OLD}) if {WHO_OR_NONE} == 'n3' else ({SEEN})"


def test_several_versions_end_plan_and_name_the_playbook_that_goes_on(stubs):
    stubs.module("gluster_node_info", MIXED)
    said, code = run(stubs)
    assert code == 2 and "n1 10.3, n2 10.3, n3 9.2; run the playbook upgrade, which goes on with the others" in said


def test_healing_goes_on_while_there_are_several_versions(stubs):
    stubs.module("gluster_node_info", MIXED)
    stubs.module("gluster_heal", "dict(changed=False, healed=True, volumes=[])")
    said, code = run(stubs, playbook="heal")
    assert code == 0 and len(stubs.calls("gluster_heal")) == 1, said
