# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role heketi has to do: nothing where all is as desired, and each difference as a step in words."""

import copy

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.managed import has_keyed_sum
from ansible_collections.brickwork.gluster.plugins.plugin_utils.heketi.due import (
    keyed_sums,
    known_hosts,
    node_steps,
    server_steps,
    silent_nodes,
)

ENV, CONFIG, PROGRAM = "/etc/heketi/heketi.env", "/etc/heketi/heketi.json", "/usr/local/bin/heketi"
ROOT = {"kind": "file", "owner": "root", "group": "root"}
FOLDER = {"path": "/etc/heketi", "kind": "directory", "owner": "root", "group": "heketi", "mode": "0755"}
SERVER = {
    "version": 9, "source": "binary", "program": PROGRAM, "clients": {},
    "downloads": [{"file": "/x", "path": PROGRAM, "checksum": "sha256:aa"}],
    "data_folder": "/var/lib/heketi", "shell": "/usr/sbin/nologin", "folders": [FOLDER],
    "key": "/etc/heketi/ssh_key", "key_type": "ed25519", "note": "/run/heketi/started-with", "backup": True,
    "files": [{**ROOT, "path": CONFIG, "mode": "0640", "digest": "bb"}, {**ROOT, "path": ENV, "mode": "0600"}],
}  # fmt: skip
RUNS = {"active": True, "enabled": True}
OFF = {"active": False, "enabled": False}
SEEN = {
    "missing_packages": [],
    "files": {
        PROGRAM: {**ROOT, "mode": "0755", "digest": "aa"},
        CONFIG: {**ROOT, "mode": "0640", "digest": "bb"},
        ENV: {**ROOT, "mode": "0600", "digest": "of two secrets"},
        "/etc/heketi": {key: value for key, value in FOLDER.items() if key != "path"},
    },
    "keyed_sums": {ENV: True}, "sums": {"/run/heketi/started-with": True},
    "services": {"heketi.service": dict(RUNS), "heketi-backup.timer": dict(RUNS)},
    "accounts": {"heketi": {"home": "/var/lib/heketi", "shell": "/usr/sbin/nologin", "comment": ""}},
    "public_keys": {"/etc/heketi/ssh_key": "ssh-ed25519 AAAA"}, "firewall": [],
}  # fmt: skip


def changed(seen, path, value):
    """Return what was seen with another value at a path of keys; None takes it away."""
    other = copy.deepcopy(seen)
    place = other
    for key in path[:-1]:
        place = place[key]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return {"managed": other}


def test_a_heketi_that_is_as_desired_needs_nothing_and_can_be_asked():
    assert server_steps({"managed": SEEN}, SERVER) == {"steps": [], "is_asked": True}
    binaries = {**SERVER, "source": "preinstalled", "backup": False}
    assert server_steps(changed(SEEN, ["services", "heketi-backup.timer"], OFF), binaries)["steps"] == []


@pytest.mark.parametrize(
    ("path", "value", "step", "is_asked"),
    [
        (["missing_packages"], ["ssh"], "install ssh", False),
        (["files", PROGRAM], None, f"install heketi 9 from binary: {PROGRAM} is missing", False),
        (["files", PROGRAM, "digest"], "ab", f"install heketi 9 from binary: {PROGRAM} differs", False),
        (["files", "/etc/heketi", "kind"], "link", "make the folder /etc/heketi is of another kind", False),
        (["accounts", "heketi"], None, "make heketi's account", False),
        (["accounts", "heketi", "home"], "/srv", "make heketi's account", False),
        (["public_keys", "/etc/heketi/ssh_key"], "", "make the key of heketi, and let it in on every storage", True),
        (["public_keys", "/etc/heketi/ssh_key"], "ssh-rsa AAAA", "make the key of heketi", True),
        (["files", CONFIG, "digest"], "bc", f"configure heketi: {CONFIG} differs", False),
        (["files", CONFIG, "mode"], "0644", f"configure heketi: {CONFIG} has other rights", False),
        (["files", CONFIG, "group"], "users", f"configure heketi: {CONFIG} has other rights", False),
        (["keyed_sums", ENV], False, f"configure heketi: {ENV} differs", False),
        (["firewall"], [{"kind": "open_ports", "target": "ufw", "destroys": False}], "open heketi's port: ufw", True),
        (["services", "heketi.service"], OFF, "start heketi", False),
        (["services", "heketi.service", "enabled"], False, "start heketi at every boot", False),
        (["sums", "/run/heketi/started-with"], False, "restart heketi: what it was started with has", False),
        (["services", "heketi-backup.timer"], OFF, "start the copies of heketi's database", True),
    ],
)
def test_each_difference_on_the_host_is_a_step(path, value, step, is_asked):
    found = server_steps(changed(SEEN, path, value), SERVER)
    assert len(found["steps"]) == 1 and found["steps"][0].startswith(step), found
    assert found["is_asked"] is is_asked


def test_copies_that_are_not_wanted_are_stopped():
    assert server_steps({"managed": SEEN}, {**SERVER, "backup": False})["steps"] == [
        "stop the copies of heketi's database"
    ]


def test_of_a_host_that_was_not_looked_at_all_is_due():
    assert server_steps({}, SERVER) == {"steps": ["install, configure and start heketi"], "is_asked": False}
    assert node_steps({}, NODE) == ["let heketi in"]


HOME = "~heketi-ssh"
NODE = {
    "key": "ssh-ed25519 AAAA", "user": "heketi-ssh", "comment": "c", "shell": "/bin/sh", "root_line": "",
    "modules": ["dm_thin_pool"], "settings": {"fstab": "/etc/fstab", "mount_options": "rw"},
    "parents": ["/var/lib", f"{HOME}/.."], "absent": [f"{HOME}/.ssh/authorized_keys2"],
    "files": [
        {**ROOT, "path": f"{HOME}/.ssh/authorized_keys", "mode": "0644", "digest": "cc"},
        {**ROOT, "path": "/etc/sudoers.d/brickwork-heketi", "mode": "0440", "digest": "dd"},
    ],
}  # fmt: skip
NODE_SEEN = {
    "missing_packages": [],
    "kernel_modules": {"dm_thin_pool": True},
    "accounts": {"heketi-ssh": {"home": "/home/heketi-ssh", "shell": "/bin/sh", "comment": "c"}},
    "files": {
        f"{HOME}/.ssh/authorized_keys": {**ROOT, "mode": "0644", "digest": "cc"},
        "/etc/sudoers.d/brickwork-heketi": {**ROOT, "mode": "0440", "digest": "dd"},
        "/var/lib": {"kind": "directory", "owner": "root", "group": "root", "mode": "0755"},
        f"{HOME}/..": {"kind": "directory", "owner": "root", "group": "root", "mode": "1777"},
    },
    "texts": {},
}  # fmt: skip


def test_a_node_that_lets_heketi_in_needs_nothing():
    assert node_steps({"managed": NODE_SEEN}, NODE) == []


@pytest.mark.parametrize(
    ("path", "value", "step"),
    [
        (["missing_packages"], ["sudo"], "install sudo"),
        (["kernel_modules", "dm_thin_pool"], False, "load dm_thin_pool"),
        (["accounts", "heketi-ssh"], None, "let heketi in: the account heketi-ssh"),
        (["accounts", "heketi-ssh", "shell"], "/bin/bash", "let heketi in: the account heketi-ssh"),
        (["files", f"{HOME}/.ssh/authorized_keys"], None, f"let heketi in: {HOME}/.ssh/authorized_keys is missing"),
        (["files", f"{HOME}/.ssh/authorized_keys2"], ROOT, f"let heketi in: {HOME}/.ssh/authorized_keys2 is there"),
        (["files", "/var/lib", "mode"], "0777", "let heketi in: /var/lib can be changed by others"),
        (["files", f"{HOME}/..", "owner"], "someone", f"let heketi in: {HOME}/.. can be changed by others"),
    ],
)
def test_each_difference_on_a_node_is_a_step(path, value, step):
    assert node_steps(changed(NODE_SEEN, path, value), NODE) == [step]


def test_without_a_key_nobody_is_let_in():
    assert node_steps({"managed": NODE_SEEN}, {**NODE, "key": ""}) == ["let heketi in: heketi has no key yet"]


def test_root_lets_the_key_in():
    desired = {**NODE, "user": "root", "root_line": 'from="10.0.0.1",restrict ssh-ed25519 AAAA'}
    texts = {"/root/.ssh/authorized_keys": f"# mine\n{desired['root_line']} heketi\n"}
    assert node_steps({"managed": {**NODE_SEEN, "texts": texts}}, desired) == []
    assert node_steps({"managed": NODE_SEEN}, desired) == ["let heketi in: root does not let in heketi's key"]


DESIRED = {"version": 10, "options": {}, "admin_key": "a-key-of-the-admin", "user_key": "of-users", "executor": "ssh"}


def test_a_sum_tells_nothing_without_its_key_and_is_another_each_time(tmp_path):
    path = tmp_path / "heketi.env"
    first, second = keyed_sums(DESIRED, str(path)), keyed_sums(DESIRED, str(path))
    assert first != second and "admin" not in str(first)
    path.write_text(
        'HEKETI_ADMIN_KEY="a-key-of-the-admin"\nHEKETI_USER_KEY="of-users"\nSSH_KNOWN_HOSTS="/etc/heketi/known_hosts"\n'
    )
    assert all(has_keyed_sum(str(path), keyed[str(path)]) for keyed in (first, second))
    path.write_text(path.read_text().replace("users", "others"))
    assert not has_keyed_sum(str(path), first[str(path)])
    assert not has_keyed_sum(str(tmp_path / "none"), first[str(path)])


@pytest.mark.parametrize("wrong", [{"version": "x"}, {"version": 8}, {"options": {"no": 1}}, {"options": []}])
def test_settings_that_are_refused_have_no_sum(wrong):
    assert keyed_sums({**DESIRED, **wrong}, "/x") == {}


def test_the_keys_of_a_node_that_is_silent_stay_known():
    look = {"managed": {"texts": {"/etc/ssh/ssh_host_rsa_key.pub": "ssh-rsa A root@n1\n", "/etc/fstab": "x"}}}
    hosts = {
        "n1": {"gluster_address": "10.0.0.1", "gluster_server_seen": look},
        "n2": {"gluster_address": "10.0.0.2", "gluster_server_seen": {"unreachable": True}},
        "n3": {"gluster_address": "10.0.0.3", "heketi_host_keys": {"stdout_lines": ["ssh-rsa C c", "ssh-dss B b"]}},
    }
    before = "10.0.0.1 ssh-rsa OLD\n\n# by hand\n10.0.0.2 ssh-rsa KEPT\n10.0.0.9 ssh-rsa GONE\n"
    assert known_hosts(hosts, ["n3", "n2", "n1"], 22, before) == (
        "10.0.0.1 ssh-rsa A\n10.0.0.2 ssh-rsa KEPT\n10.0.0.3 ssh-dss B\n10.0.0.3 ssh-rsa C\n"
    )
    assert known_hosts(hosts, ["n1"], 2222, before) == "[10.0.0.1]:2222 ssh-rsa A\n"
    assert silent_nodes(hosts, ["n1", "n2", "n3"]) == ["n2"]
