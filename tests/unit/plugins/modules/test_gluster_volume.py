# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""gluster_volume is about one volume, given by its own options, or about a list of volumes, and never about both."""

import json
import subprocess
import sys

import pytest

MODULE = "ansible_collections.brickwork.gluster.plugins.modules.gluster_volume"


def refusal(tmp_path, **parameters):
    argv = [sys.executable, "-m", MODULE, json.dumps({"ANSIBLE_MODULE_ARGS": parameters})]
    done = subprocess.run(argv, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    answer = json.loads(done.stdout)
    assert answer["failed"]
    return answer["msg"]


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({}, "one of the following is required: name, volumes"),
        ({"name": "a", "volumes": [{"name": "b"}]}, "mutually exclusive: volumes|name"),
        ({"volumes": [{"name": "b"}], "state": "started"}, "mutually exclusive: volumes|state"),
        ({"volumes": [{"state": "started"}]}, "missing required arguments: name found in volumes"),
        ({"volumes": [{"name": "a"}, {"name": "b", "type": "x"}]}, "value of type must be one of"),
        (
            {"volumes": [{"name": "a", "bricks": ["--x:/b"]}, {"name": "b", "type": "stripe"}, {"name": "c"}]},
            "volume a: bricks: found",
        ),
    ],
)
def test_one_volume_or_a_list_of_them(tmp_path, parameters, said):
    assert said in refusal(tmp_path, **parameters)
