# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""heketi and Kubernetes in the playbook plan: compared with what the one look found, and machines that are silent."""

import json

import pytest

from ansible_collections.brickwork.gluster.tests.fakes.standins import ROOT, StandIns
from ansible_collections.brickwork.gluster.tests.unit.playbooks.test_plan import (
    CLIENT,
    GIVEN,
    SEEN,
    SERVERS,
    SILENT,
    pool,
)

HEKETI = {
    **GIVEN, "gluster_address": "10.0.0.9", "heketi_firewall": False,
    "heketi_admin_key": "s3cret-of-the-admin", "heketi_user_key": "of-the-users-s3cret",
}  # fmt: skip
VOLUME = {"name": "photos", "path": "/mnt/shared/photos", "size": "10Gi"}
OFFERED = {
    **GIVEN, "gluster_server_source": "distribution", "gluster_storageclass_volumes": [VOLUME],
    "gluster_storageclass_version": "1.31",
}  # fmt: skip
NODE = {"heketi_devices": []}
KEY = "ssh-ed25519 AAAA"
#: What a machine answers to a look for a role: of the controller's texts it has those that the test noted.
MANAGED = """dict(
    files={files}, keyed_sums={{path: True for path in m.get('keyed_sums') or {{}}}},
    sums={{path: True for path in m.get('sums') or {{}}}},
    services={{name: dict(active=True, enabled=True) for name in m.get('services') or []}},
    accounts={{name: {accounts}[name] for name in m.get('accounts') or []}},
    kernel_modules={{name: True for name in m.get('kernel_modules') or []}},
    public_keys={{path: '{key}' for path in m.get('public_keys') or []}},
    texts={{path: '' for path in m.get('texts') or []}}, missing_packages=[])"""
ACCOUNTS = {
    "heketi": {"home": "/var/lib/heketi", "shell": "/usr/sbin/nologin", "comment": ""},
    "heketi-ssh": {
        "home": "/home/heketi-ssh",
        "shell": "/bin/sh",
        "comment": "heketi at its nodes (brickwork.gluster)",
    },
}
PYTHON = {"/usr/bin/python3": {"kind": "file", "owner": "root", "group": "root", "mode": "0755"}}
TELL = [
    {"ansible.builtin.include_role": {"name": "brickwork.gluster.heketi", "tasks_from": "plan_server", "public": True},
     "when": "inventory_hostname == 'h1'"},
    {"ansible.builtin.include_role": {"name": "brickwork.gluster.heketi", "tasks_from": "mock", "public": True}},
    {"ansible.builtin.copy": {"content": "{{ desired | to_json }}", "dest": "{{ to }}/{{ inventory_hostname }}.json"},
     "vars": {"desired": "{{ __heketi_server_desired if inventory_hostname == 'h1' else __heketi_node_desired }}"}},
]  # fmt: skip


def managed(files=None):
    return MANAGED.format(files=json.dumps(files or {}), accounts=ACCOUNTS, key=KEY)


def seen(answer):
    return f"(lambda m: dict({SEEN}, **(dict(managed={answer}) if m else {{}})))(arguments.get('managed'))"


@pytest.fixture
def stubs(tmp_path):
    made = StandIns(tmp_path, ("gluster_inventory", "gluster_node_info", "plan_cluster"))
    made.module("gluster_info", pool(1))
    made.module("heketi_topology", "dict(changed=False, steps=[])")
    return made


def inventory(**machines):
    servers = {name: {**facts, **NODE, **machines.get(name, {})} for name, facts in SERVERS.items()}
    heketi = {"h1": {**HEKETI, **machines.get("h1", {})}}
    return {"gluster_servers": {"hosts": servers}, "heketi": {"hosts": heketi}}


def as_desired(stubs, folder):
    """Have the machines answer that each file is as the role's variables have it."""
    kinds = ("keyed_sums", "sums", "services", "accounts", "kernel_modules", "texts")
    known = {"files": PYTHON, "public_keys": {"/etc/heketi/ssh_key": KEY}}
    look = {"managed": {**dict.fromkeys(kinds, {}), **known}, "node": {}}
    given = {name: {"gluster_server_seen": look} for name in (*SERVERS, "h1")}
    plays = [
        {"hosts": "h1:gluster_servers", "gather_facts": False, "tasks": TELL,
         "vars": {"to": str(folder), "heketi_server_plan": {"steps": []}}},
    ]  # fmt: skip
    for name in ("files", "templates"):
        (folder / name).symlink_to(ROOT / "roles/heketi" / name)
    said, code = stubs.write_and_run(plays, inventory(**given))
    files = dict(PYTHON)
    for name in (*SERVERS, "h1"):
        assert (folder / f"{name}.json").exists(), said
        desired = json.loads((folder / f"{name}.json").read_text())
        for each in desired["files"] + desired.get("folders", []) + [{"path": desired.get("program", "/x")}]:
            files[each["path"]] = {**PYTHON["/usr/bin/python3"], **each}
    stubs.module("gluster_node_info", seen(managed(files)))
    return code


def test_where_nothing_is_there_each_part_is_a_step(stubs):
    stubs.module("gluster_node_info", seen(managed()))
    said, code = stubs.run("brickwork.gluster.plan", inventory())
    assert "there is neither" not in said and "heketi_topology" not in str(stubs.calls()), said
    assert "install heketi 10 from preinstalled: /usr/bin/heketi is missing" in said
    assert "configure heketi" in said and "n3: let heketi in" in said
    assert HEKETI["heketi_admin_key"] not in said + str(stubs.calls()) and code == 0, said


def test_what_is_as_desired_needs_one_look_and_one_question_to_heketi(stubs, tmp_path):
    assert as_desired(stubs, tmp_path) == 0
    before = len(stubs.calls())
    said, code = stubs.run("brickwork.gluster.plan", inventory())
    assert code == 0 and said.count("nothing to do") == 2, said
    called = sorted(name for name, _host, _arguments in stubs.calls()[before:])
    assert called == ["gluster_info"] + 4 * ["gluster_node_info"] + ["heketi_topology"]
    assert "Look at the folders" not in said


def test_a_storage_node_that_is_silent_waits_and_the_rest_is_planned(stubs, tmp_path):
    as_desired(stubs, tmp_path)
    said, code = stubs.run("brickwork.gluster.plan", inventory(n3=SILENT))
    assert code == 0 and "BROKEN: heketi: its way to n3, and its disks there, wait until n3 is back" in said, said
    [(_host, asked)] = stubs.calls("heketi_topology")
    assert [node["manage"] for node in asked["clusters"][0]["nodes"]] == [["10.0.0.1"], ["10.0.0.2"]]


def test_heketis_host_that_is_silent_waits_and_the_cluster_is_planned(stubs):
    stubs.module("gluster_node_info", seen(managed()))
    said, code = stubs.run("brickwork.gluster.plan", inventory(h1=SILENT))
    assert code == 0 and "BROKEN: h1 did not answer: what is planned for heketi there waits; bring it back" in said, (
        said
    )
    assert "let heketi in" not in said


def test_a_part_that_is_not_due_is_not_run(stubs):
    plan = {"heketi_plan": {"server_due": False, "nodes_due": False, "topology_due": False}, "gluster_server_seen": {}}
    settled = {**plan, "heketi_node_desired": {"executor": "ssh"}}
    said, code = stubs.run(
        "brickwork.gluster.heketi", inventory(h1=settled, n1=plan, n2=plan, n3=plan), "-e", "inventory_is_judged=true"
    )
    assert code == 0 and "included: " not in said, said


def kubernetes(stubs, folder, found):
    """Have the API answer with objects of one kind; return what plan says of a class and a volume."""
    stubs.module("k8s_info", f"dict(changed=False, resources={found!r}.get(arguments['kind'], []))", "kubernetes.core")
    stubs.module("k8s_cluster_info", "dict(failed=True)", "kubernetes.core")
    meta = folder / "ansible_collections/kubernetes/core/meta"
    meta.mkdir(exist_ok=True)
    (meta / "runtime.yml").write_text("action_groups: {k8s: [k8s, k8s_info, k8s_cluster_info]}\n")
    lacking = {**CLIENT, "missing_packages": ["glusterfs-client"]}
    stubs.module("gluster_node_info", f"({SEEN}) if arguments.get('bricks') else {lacking!r}")
    machines = inventory()
    del machines["heketi"]
    machines["kubernetes"] = {"hosts": {"k1": OFFERED, "k2": {**OFFERED, **SILENT}}}
    return stubs.run("brickwork.gluster.plan", machines)


def test_a_machine_of_kubernetes_is_asked_for_the_client_and_may_be_silent(stubs, tmp_path):
    said, code = kubernetes(stubs, tmp_path, {})
    assert code == 0 and "k1: install glusterfs-client" in said, said
    assert "BROKEN: k2 did not answer: what is planned for kubernetes there waits; bring it back" in said
    asked = [arguments for _host, arguments in stubs.calls("gluster_node_info") if not arguments.get("bricks")]
    assert [each["packages"]["Debian"] for each in asked] == [["glusterfs-client"]]
    assert "PersistentVolume photos: create" in said


def test_what_kubernetes_has_is_not_told_as_missing(stubs, tmp_path):
    kind, spec = (
        "PersistentVolume",
        {"hostPath": {"path": VOLUME["path"], "type": "Directory"}, "volumeMode": "Filesystem"},
    )
    said, code = kubernetes(
        stubs, tmp_path, {kind: [{"kind": kind, "metadata": {"name": VOLUME["name"]}, "spec": spec}]}
    )
    assert code == 0 and "photos: create" not in said and said.count("nothing to do") == 1, said
