# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""gluster_identity refuses what is no identity; what it does is tested with the engine (test_identity.py)."""

import json
import subprocess
import sys

import pytest

MODULE = "ansible_collections.brickwork.gluster.plugins.modules.gluster_identity"

RIGHT = {
    "uuid": "7d3c1e2a-5f0b-4f0e-9c55-4b3b6a1f9d10", "op_version": 100000,
    "peer_uuid": "0f7a9a53-4d77-4d8a-8f0e-3f1c9d2b6e21", "peer_address": "192.168.72.101",
}  # fmt: skip


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({}, "missing required arguments: op_version, peer_address, peer_uuid, uuid"),
        (dict(RIGHT, uuid="node2"), "uuid: found "),
        (dict(RIGHT, op_version="ten"), "op_version"),
    ],
)
def test_what_is_no_parameter_is_refused_before_anything_is_read(tmp_path, parameters, said):
    argv = [sys.executable, "-m", MODULE, json.dumps({"ANSIBLE_MODULE_ARGS": parameters})]
    done = subprocess.run(argv, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    answer = json.loads(done.stdout)
    assert answer["failed"] and said in answer["msg"]
