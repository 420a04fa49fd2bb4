# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action plugin: whose copies it joins; what is made of them is tested beside the engine."""

from unittest import mock

from ansible_collections.brickwork.gluster.plugins.action.tell_split_brain import ActionModule

BRICKS = [{"name": f"{node}:/b", "host_uuid": node, "arbiter": False} for node in ("n1", "n2", "n3")]
FILE = {"volume": "v", "gfid": "g", "path": "/f", "bricks": BRICKS}


def run(hostvars, **args):
    task = mock.Mock(args=args, async_val=0, environment=None, delay=0)
    task.action = "brickwork.gluster.tell_split_brain"
    action = ActionModule(task, mock.Mock(), mock.Mock(check_mode=False), None, None, None)
    return action.run(None, {"hostvars": hostvars})


def test_the_copies_of_all_hosts_are_joined_also_of_those_that_had_none_or_were_not_asked():
    copy = {
        "volume": "v", "gfid": "g", "brick": "n1:/b", "path": "/f", "kind": "file", "size": 3, "modified": 0.0,
        "names": [], "cut": False, "reason": "",
    }  # fmt: skip
    hostvars = {
        "n1": {"gluster_split_brain_copies": {"copies": [copy]}},
        "n2": {"gluster_split_brain_copies": {"skipped": True}},
        "n3": {},
    }
    answer = run(hostvars, files=[FILE], hosts=["n1", "n2", "n3"])
    assert answer["lines"][1:] == [
        "  n1:/b: file, 3 B, 1970-01-01 00:00:00.000 UTC",
        "  n2:/b: was not read",
        "  n3:/b: was not read",
    ]
    assert answer["seen"][0]["path"] == "/f" and not answer["changed"]


def test_an_answer_in_another_form_is_one_clear_failure():
    answer = run({}, files=[{"volume": "v"}], hosts=[])
    assert answer["failed"] and answer["msg"].startswith("gluster_split_brain_info: ")
