# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""gluster_brick refuses what is no volume and no brick; the rest is tested with the engine (test_brick_change.py)."""

import json
import subprocess
import sys

import pytest

MODULE = "ansible_collections.brickwork.gluster.plugins.modules.gluster_brick"


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"volume": "v"}, "missing required arguments: brick"),
        ({"volume": "--all", "brick": "h:/b"}, "volume: "),
        ({"volume": "v", "brick": "--remote-host=x:/b"}, "brick: "),
        ({"volume": "v", "brick": "h:/b", "new_brick": "h:b"}, "write host:/absolute/path"),
    ],
)
def test_what_is_no_parameter_is_refused_before_anything_is_read(tmp_path, parameters, said):
    argv = [sys.executable, "-m", MODULE, json.dumps({"ANSIBLE_MODULE_ARGS": parameters})]
    done = subprocess.run(argv, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    answer = json.loads(done.stdout)
    assert answer["failed"] and said in answer["msg"]
