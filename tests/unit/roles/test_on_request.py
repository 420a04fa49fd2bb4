# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The example of volumes on request is one that both roles take as it stands, with files and keys of the user's."""

import hashlib
import json
import os
import pathlib
import subprocess
import sys

import pytest
import yaml

EXAMPLE = pathlib.Path(__file__).resolve().parents[3] / "inventory.example/on_request"
PREFLIGHT = [
    {
        "hosts": "heketi",
        "gather_facts": False,
        "tasks": [{"ansible.builtin.include_role": {"name": "brickwork.gluster.heketi", "tasks_from": "preflight"}}],
    }
]


@pytest.fixture
def run(tmp_path):
    """Return a function that judges the example and writes its manifests, with other variables if wanted."""
    archive = tmp_path / "heketi.tar.gz"
    archive.write_bytes(b"heketi")
    archive.with_suffix(".gz.sha256").write_text(hashlib.sha256(b"heketi").hexdigest() + "  heketi.tar.gz\n")
    (tmp_path / "preflight.yml").write_text(yaml.safe_dump(PREFLIGHT))
    variables = {
        "ansible_connection": "local",
        "ansible_python_interpreter": sys.executable,
        # As if each had been asked for its Python.
        "gluster_server_seen": {"node": {}},
        "heketi_file": str(archive),
        "vault_heketi_admin_key": "of-the-admin",
        "vault_heketi_user_key": "of-the-user",
        "gluster_storageclass_manifests_only": str(tmp_path / "manifests"),
        "gluster_storageclass_version": "1.25",
    }

    def run(**more):
        program = pathlib.Path(sys.executable).parent / "ansible-playbook"
        given = ["-i", str(EXAMPLE), "-e", json.dumps({**variables, **more})]
        return subprocess.run(
            [str(program), *given, "preflight.yml", "brickwork.gluster.kubernetes"],
            cwd=tmp_path, env=dict(os.environ, ANSIBLE_NOCOLOR="1", ANSIBLE_HOME=str(tmp_path)),
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    return run


def test_both_roles_take_it(run, tmp_path):
    done = run()
    assert done.returncode == 0, done.stdout + done.stderr
    [made] = yaml.safe_load_all((tmp_path / "manifests/storage.yml").read_text())
    assert made["parameters"]["resturl"] == "http://192.168.72.101:8080"


def test_what_is_wrong_in_it_is_told(run, tmp_path):
    done = run(heketi_options={"zone_cheking": "strict"}, heketi_user_key="")
    said = " ".join(done.stdout.split())
    assert done.returncode == 2 and "zone_cheking" in said and "heketi_user_key" in said
    assert not (tmp_path / "manifests").exists()
