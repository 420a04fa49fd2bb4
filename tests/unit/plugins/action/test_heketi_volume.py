# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""heketi is not asked for a volume by the name of one of the inventory's own."""

from unittest import mock

import pytest

from ansible_collections.brickwork.gluster.plugins.action.heketi_volume import ActionModule

SHARED = {"name": "shared", "type": "replicate", "size": "10GiB"}


def run(servers=("n1", "n2"), volumes=(SHARED,), **args):
    """Return the answer, and how often the module was run."""
    facts = {"gluster_address": "10.0.0.1", "gluster_volumes": list(volumes)}
    variables = {"groups": {"gluster_servers": list(servers)}, "hostvars": dict.fromkeys(servers, facts)}
    task = mock.Mock(args=args, async_val=0, environment=None, delay=0)
    action = ActionModule(task, mock.Mock(), mock.Mock(check_mode=False), None, None, None)
    with mock.patch.object(action, "_execute_module", return_value={"changed": True}) as module:
        return action.run(None, variables), module.call_count


@pytest.mark.parametrize("state", [{}, {"state": "present"}])
def test_a_name_of_the_inventorys_own_volumes_is_refused(state):
    answer, calls = run(name="shared", **state)
    assert calls == 0 and answer["failed"]
    assert answer["msg"].startswith("name: found shared, which is one of gluster_volumes, and heketi would delete it")


@pytest.mark.parametrize(
    "given", [{"name": "other"}, {"name": "shared", "state": "absent"}, {"name": "shared", "servers": ()}]
)
def test_everything_else_is_the_modules_own_business(given):
    answer, calls = run(**given)
    assert calls == 1 and answer["changed"] and "failed" not in answer
