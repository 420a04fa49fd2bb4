# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Health as a task: who answered how, with what the inventory says of heketi."""

from unittest import mock

import pytest
from ansible.errors import AnsibleActionFail

from ansible_collections.brickwork.gluster.plugins.action.judge_health import ActionModule
from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.disks import states_of

VOLUME = {
    "name": "v", "volume_id": "i", "status": "Started", "started": False, "replicas": 0, "arbiters": 0, "disperse": 0,
    "redundancy": 0, "options": {}, "bricks": [{"host": "h", "path": "/s/b", "host_uuid": "u"}],
}  # fmt: skip
POOL = {"bricks": [], "volumes": [VOLUME], "tasks": [], "heal": []}


def run(hostvars, **args):
    task = mock.Mock(args=dict({"hosts": [], "pool": POOL}, **args), async_val=0, environment=None, delay=0)
    task.action = "brickwork.gluster.judge_health"
    action = ActionModule(task, mock.Mock(), mock.Mock(check_mode=False), None, None, None)
    return action.run(None, {"hostvars": hostvars})


def test_a_node_that_nobody_looked_at_does_not_answer():
    answer = run({"n1": {}, "n2": {"gluster_server_seen": {"unreachable": True, "msg": "x"}}}, hosts=["n1", "n2"])
    assert answer["problems"] == ["n1 does not answer", "n2 does not answer"]
    assert answer["notes"] == [] and not answer["changed"]


def test_clients_are_judged_that_were_looked_at():
    files = {"/etc/fstab": "h:/v /mnt/v glusterfs defaults 0 0\n", "/proc/mounts": "/dev/vda / ext4 rw 0 0\n"}
    hostvars = {
        "unmounted": {"gluster_server_seen": {"files": files}},
        "away": {"gluster_server_seen": {"unreachable": True}},
        "left_out": {},
    }
    assert run(hostvars, clients=list(hostvars))["problems"] == [
        "client away does not answer",
        "client unmounted: /etc/fstab has h:/v at /mnt/v, and that is not mounted; see /var/log/glusterfs there",
    ]


def test_what_is_under_way_is_no_problem():
    answer = run({}, pool=dict(POOL, tasks=[{"volume": "v", "kind": "Rebalance", "status": "in progress"}]))
    [note] = answer["notes"]
    assert answer["problems"] == [] and note.startswith("volume v: Rebalance is in progress; the playbook rebalance ")


def test_an_answer_in_another_form_is_one_clear_failure():
    answer = run({"n1": {"gluster_server_seen": {"gluster": {}, "disks": {"bricks": []}}}}, hosts=["n1"])
    assert answer["failed"] and answer["msg"].startswith("gluster_node_info or gluster_info: ")
    with pytest.raises(AnsibleActionFail, match="judge_health: what it was given is not in the form"):
        run({"n1": {"gluster_server_seen": "x"}}, hosts=["n1"], pool=None, clients=[1])


def test_a_query_is_answered_beside_the_judgement():
    answer = run({"n1": {}}, hosts=["n1"], query="nodes[].[name, answers]")
    assert (answer["answer"], answer["problems"]) == ([["n1", False]], ["n1 does not answer"])
    assert "answer" not in run({"n1": {}}, hosts=["n1"])
    refused = run({"n1": {}}, hosts=["n1"], query="nodes[")
    assert refused["failed"] and refused["msg"].startswith("query: found nodes[, which is no JMESPath expression")


def test_what_the_inventory_gives_up_is_read_of_disks_and_bricks():
    variables = {
        "gluster_devices": ["/dev/sda", {"path": "/dev/sdb", "state": "lost"}, {"path": "/dev/sdc", "state": "active"}],
        "gluster_bricks": [{"path": "/srv/gluster/v-1/brick", "state": "retired"}],
    }
    assert states_of(variables) == {"/dev/sdb": "lost", "/srv/gluster/v-1/brick": "retired"} and states_of({}) == {}
