# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks' first task, as a user meets it: by ansible-playbook, with an inventory in a file."""

import os
import pathlib
import subprocess
import sys

import pytest
import yaml
from ansible.release import __version__ as core

ROOT = pathlib.Path(__file__).resolve().parents[3]
TOOL = pathlib.Path(sys.executable).with_name("ansible-playbook")
VAULT = {"vault_heketi_admin_key": "s3cret-of-the-admin", "vault_heketi_user_key": "s3cret-of-the-user"}
# Before ansible-core 2.19, an error has lines of its own with this setting, which the ansible.cfg here has, only.
LINES = {} if tuple(map(int, core.split(".")[:2])) >= (2, 19) else {"ANSIBLE_CALLBACK_RESULT_FORMAT": "yaml"}

TEN_MISTAKES = {
    "gluster_servers": {
        "hosts": {
            "node1": {"gluster_address": "10.0.0.1/24"},
            "node2": {"gluster_address": "{{ ansible_facts.default_ipv4.address }}"},
            "node3": {"gluster_address": "10.0.0.3", "gluster_zone": None},
        },
        "vars": {
            "gluster_devices": [{"path": "/dev/sdb", "overwrite": "{{ wipe }}"}],
            "gluster_server_version": 1.2,
            "gluster_server_network": "10.0.0.1/8",
            "gluster_volumes": [
                {"name": "a_tdata", "type": "replicate", "size": "10GiB"},
                {"name": "b", "type": "replicate", "size": 10},
                {"name": "c", "type": "replicate", "size": "10GiB", "options": {"auth.allow": "--remote-host=x"}},
                {"name": "d", "type": "replicate", "size": "10GiB", "clients": ["client1"]},
            ],
        },
    }
}


def play(inventory, playbook, *words):
    """Return what ansible-playbook says to a playbook, and its exit code."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")}
    done = subprocess.run(
        [str(TOOL), "-i", str(inventory), *words, f"brickwork.gluster.{playbook}"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300, check=False,
        env=dict(environment, COLUMNS="1000", ANSIBLE_NOCOLOR="1", **LINES), cwd=str(inventory.parent),
    )  # fmt: skip
    return done.stdout, done.returncode


@pytest.mark.parametrize("playbook", ["plan", "site", "health", "teardown"])
def test_ten_mistakes_are_ten_readable_lines_before_anything_is_contacted(tmp_path, playbook):
    inventory = tmp_path / "hosts.yml"
    inventory.write_text(yaml.safe_dump(TEN_MISTAKES))
    said, code = play(inventory, playbook, "-e", "wipe=false")
    lines = [line.strip() for line in said.splitlines() if "; write " in line]
    print("\n".join(lines))
    told = [line for line in lines if not line.startswith(("fatal", "{"))]
    assert code == 2 and len(told) == 10
    for mark in (
        'node1: gluster_address: found "10.0.0.1/24"',
        "node2: gluster_address: ",
        "node3: gluster_zone: there is nothing behind it",
        'node1, node2, node3: gluster_devices: /dev/sdb: overwrite: found "false"',
        "gluster_server_version: found the number 1.2",
        'gluster_server_network: found "10.0.0.1/8"',
        "gluster_volumes: a_tdata: name: ",
        "gluster_volumes: b: size: found 10",
        "gluster_volumes: c: options: auth.allow: found ",
        "gluster_volumes: d: clients: number 1: found ",
    ):
        assert [line for line in told if mark in line and len(line) < 250], mark
    assert "node1" not in said.partition("PLAY RECAP")[2] and "localhost" in said.partition("PLAY RECAP")[2]


@pytest.mark.parametrize("example", sorted(path.name for path in (ROOT / "inventory.example").iterdir()))
def test_the_examples_are_right(example, tmp_path):
    keys = tmp_path / "keys.yml"
    keys.write_text(yaml.safe_dump({**VAULT, "heketi_checksum": "0" * 64}))
    said, code = play(ROOT / "inventory.example" / example, "check_inventory", "-e", f"@{keys}")
    assert code == 0, said


def test_an_inventory_without_storage_nodes_is_a_mistake(tmp_path):
    inventory = tmp_path / "hosts.yml"
    inventory.write_text(yaml.safe_dump({"gluster_clients": {"hosts": {"client1": None}}}))
    said, code = play(inventory, "site")
    assert code == 2 and "inventory: found no host in the group gluster_servers" in said
