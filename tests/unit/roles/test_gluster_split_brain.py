# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role and the playbook split_brain, with programs in the place of the modules: who is asked, in which order."""

import json

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.facts import to_facts
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Peer, Pool
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.records import ObservedHost
from ansible_collections.brickwork.gluster.tests.fakes.standins import StandIns

ROLE = {"name": "Split-brain", "ansible.builtin.include_role": {"name": "brickwork.gluster.gluster_split_brain"}}
BRICKS = [{"name": f"{host}:/b", "host_uuid": f"u{host}", "arbiter": False} for host in "ab"]
FILE = {"volume": "v", "gfid": "g", "path": "/{{ x }}", "bricks": BRICKS}
COPY = {
    "volume": "v", "gfid": "g", "path": "/{{ x }}", "kind": "file", "modified": 0.0, "names": [], "cut": False,
    "reason": "",
}  # fmt: skip
NAMED = {"volume": "v", "path": "/f", "policy": "latest-mtime"}


def info(files, waiting=()):
    """The list where no files are given, else a copy on the host's own brick, in which a name has a gfid of its own."""
    names = "[dict(name='x', gfid=host, kind='file', size=1, modified=0.0)]" if waiting else "[]"
    copy = f"dict({COPY!r}, brick=host + ':/b', size=ord(host or 'a'), names={names})"
    listed = f"dict(changed=False, files={list(files)!r}, waiting={list(waiting)!r})"
    return f"dict(changed=False, copies=[{copy}]) if arguments.get('files') else {listed}"


@pytest.fixture
def stubs(tmp_path):
    stubs = StandIns(tmp_path, ("tell_split_brain",))
    stubs.module("gluster_split_brain_info", info([FILE]))
    stubs.module("gluster_split_brain", "dict(changed=True, steps=[1], left=[])")
    stubs.module("gluster_heal", "dict(changed=False, healed=True, volumes=[])")
    return stubs


def called(stubs):
    return [(name, host) for name, host, _arguments in stubs.calls()]


def test_names_that_keep_a_folder_waiting_are_told_and_resolved_as_well(stubs):
    stubs.module("gluster_split_brain_info", info([], [FILE]))
    said, code = stubs.play([ROLE], gluster_split_brain_files=[NAMED])
    assert code == 0 and "/{{ x }}/x, different files of one name" in said, said
    [resolved] = [arguments for name, _host, arguments in stubs.calls() if name == "gluster_split_brain"]
    assert [one["conflicts"] for one in resolved["seen"]] == [["x"]]


def test_the_list_is_asked_for_once_the_copies_on_each_node_and_nothing_is_resolved_by_default(stubs):
    said, code = stubs.play([ROLE], gluster_split_brain_node="b")
    assert code == 0, said
    assert said.count("ok: [a -> b]") == 1, "the list, from the node that was named"
    assert sorted(called(stubs)[1:]) == [("gluster_split_brain_info", host) for host in "abc"]
    assert "  a:/b: file, 97 B, 1970" in said and "  b:/b: file, 98 B, 1970" in said and "biggest" in said
    assert '"volume v: /{{ x }}"' in said, "a name is no template"
    assert "changed=0" in said


def test_nodes_that_were_looked_at_are_asked_only_for_their_bricks(stubs):
    uuids = {"a": "ua", "b": "ub", "c": "uc"}
    seen = {"gluster": {"uuid": "{{ " + repr(uuids) + "[inventory_hostname] }}"}}
    said, code = stubs.play([ROLE], gluster_server_seen=seen)
    assert code == 0, said
    assert sorted(called(stubs)[1:]) == [("gluster_split_brain_info", host) for host in "ab"]


def test_where_nothing_is_in_split_brain_it_says_so_and_asks_once(stubs):
    stubs.module("gluster_split_brain_info", info([]))
    said, code = stubs.play([ROLE], gluster_split_brain_volumes=["v"])
    assert code == 0, said
    assert "nothing is in split-brain" in said
    [(name, _host, arguments)] = stubs.calls()
    assert (name, arguments["volumes"]) == ("gluster_split_brain_info", ["v"])


@pytest.mark.parametrize(("left", "waits"), [([], True), ([{"volume": "v", "gfid": "h", "path": "/g"}], False)])
def test_what_is_named_is_resolved_with_what_the_bricks_told_and_healed(stubs, left, waits):
    stubs.module("gluster_split_brain", f"dict(changed=True, steps=[1], left={left!r})")
    said, code = stubs.play([ROLE], gluster_split_brain_files=[NAMED], gluster_split_brain_node="b")
    assert code == 0, said
    assert [name for name, _host in called(stubs)[-2:]] == ["gluster_split_brain", "gluster_heal"]
    assert "changed: [a -> b]" in said and "[a]" not in said.partition("Resolve what is named")[2].partition("RECAP")[0]
    resolved, healed = (arguments for _name, _host, arguments in stubs.calls()[-2:])
    assert resolved["files"] == [NAMED]
    assert resolved["seen"] == [{"volume": "v", "gfid": "g", "path": "/{{ x }}", "conflicts": None}]
    assert (healed["volumes"], healed["wait"]) == (["v"], waits)


def test_where_it_was_resolved_before_nothing_is_waited_for(stubs):
    stubs.module("gluster_split_brain", "dict(changed=False, steps=[], left=[])")
    said, code = stubs.play([ROLE], gluster_split_brain_files=[NAMED])
    assert code == 0 and "gluster_heal" not in [name for name, _host in called(stubs)], said


def test_what_is_no_resolution_is_refused_by_the_role(stubs):
    said, code = stubs.play([ROLE], gluster_split_brain_files=[{**NAMED, "policy": "mine"}])
    assert code == 2 and "policy" in said and called(stubs) == []


# ---- the playbook


GIVEN = {"gluster_cluster_name": "c", "gluster_server_source": "preinstalled", "gluster_server_firewall": False}
SERVERS = {
    name: {**GIVEN, "gluster_address": f"10.0.0.{name[1]}", "gluster_devices": [f"/dev/{name}"]}
    for name in ("n1", "n2", "n3")
}
LOOK = {
    "looked": True, "said": {"python": "3.11.2 /usr/bin/python3", "gluster": "10.3"}, "changed": False,
    "missing_packages": [], "daemon": [],
    "files": {"/etc/fstab": "", "/proc/mounts": "", "/etc/systemd/system/brickwork-mounts.service": ""},
    "disks": {"devices": [], "bricks": [], "observed": to_facts(ObservedHost("h", "m", {}))},
    "gluster": {
        "installed": True, "running": True, "version": "10.3", "peers": 3, "unwell": [], "listening": True,
        "op_version": 100000, "known_volumes": 0, "volumes": {}, "encrypted": False,
    },
}  # fmt: skip
#: The uuids are those of the bricks for n1 and n2.
GLUSTER = f"dict({LOOK['gluster']!r}, uuid='u' + ' abc'[int(arguments['bricks']['devices'][0][-1])])"
PEERS = (
    Peer("ua", ("localhost",), True, None, ""),
    *(Peer(f"u{host}", (f"10.0.0.{number}",), True, 3, "Peer in Cluster") for number, host in ((2, "b"), (3, "c"))),
)
POOL = {"pool": to_facts(Pool(PEERS, ("10.0.0.1",))), "volumes": [], "bricks": [], "tasks": [], "changed": False}


def play(tmp_path, given):
    stubs = StandIns(tmp_path, ("gluster_inventory", "gluster_node_info", "plan_cluster", "tell_split_brain"))
    stubs.module("gluster_node_info", f"dict({LOOK!r}, gluster={GLUSTER})")
    stubs.module("gluster_info", repr(POOL))
    stubs.module("gluster_split_brain_info", info([FILE]))
    stubs.module("gluster_split_brain", "dict(changed=True, steps=[1], left=[])")
    stubs.module("gluster_heal", "dict(changed=False, healed=True, volumes=[])")
    said, code = stubs.run(
        "brickwork.gluster.split_brain", {"gluster_servers": {"hosts": SERVERS}}, "-e", json.dumps(given)
    )
    return stubs, said, code


def test_the_playbook_plans_and_asks_the_nodes_with_copies(tmp_path):
    stubs, said, code = play(tmp_path, {"gluster_split_brain_files": [NAMED]})
    assert code == 0, said
    after = [name for name, _host in called(stubs) if name not in ("gluster_node_info", "gluster_info")]
    assert after == 3 * ["gluster_split_brain_info"] + ["gluster_split_brain", "gluster_heal"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({**NAMED, "path": "f"}, "write the path from the volume's root"),
        ({**NAMED, "policy": "source-brick"}, "write a source (host:/path) with source-brick"),
        ({**NAMED, "polcy": "x"}, "did you mean policy?"),
    ],
)
def test_the_door_refuses_what_is_no_resolution(tmp_path, wrong, words):
    stubs, said, code = play(tmp_path, {"gluster_split_brain_files": [wrong]})
    assert code == 2 and "gluster_split_brain_files: " in said and words in said and called(stubs) == []
