# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules refuse what is no parameter before anything is read; the rest is tested with the engine."""

import json
import subprocess
import sys

import pytest

MODULES = "ansible_collections.brickwork.gluster.plugins.modules."
FILE = {"volume": "v", "path": "/f", "policy": "latest-mtime"}


def answer(tmp_path, module, parameters):
    argv = [sys.executable, "-m", MODULES + module, json.dumps({"ANSIBLE_MODULE_ARGS": parameters})]
    done = subprocess.run(argv, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("module", "parameters", "said"),
    [
        ("gluster_split_brain", {}, "missing required arguments: files"),
        ("gluster_split_brain", {"files": [dict(FILE, policy="mine")]}, "value of policy must be one of"),
        ("gluster_split_brain", {"files": [dict(FILE, path="--all")]}, "files, number 1: found"),
        (
            "gluster_split_brain",
            {"files": [dict(FILE, source="h:/b")]},
            "write a source (host:/path) with source-brick",
        ),
        ("gluster_split_brain", {"files": [FILE], "seen": [{"path": "/f"}]}, "required arguments: gfid, volume"),
        ("gluster_split_brain_info", {"files": [{"volume": "v"}]}, "missing required arguments: bricks, gfid"),
    ],
)
def test_what_is_no_parameter_is_refused(tmp_path, module, parameters, said):
    refused = answer(tmp_path, module, parameters)
    assert refused["failed"] and said in refused["msg"]
