# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters are given what modules and people wrote: whatever that is, what is raised is one of Ansible's errors."""

import pytest
from ansible.errors import AnsibleFilterError
from hypothesis import HealthCheck, given, settings

from ansible_collections.brickwork.gluster.plugins.filter.place_bricks import FilterModule as Placement
from ansible_collections.brickwork.gluster.plugins.filter.planners import FilterModule
from ansible_collections.brickwork.gluster.tests.fakes.mutations import changed_data

FILTERS = dict(FilterModule().filters(), **Placement().filters())
NODE = {"rc": 0, "stdout": "sudo ok\nlvm none\n", "stderr": "", "msg": ""}
HOST = {
    "gluster_address": "10.0.0.1",
    "gluster_zone": "rack1",
    "gluster_devices": ["/dev/sdb"],
    "heketi_devices": [{"path": "/dev/sdc", "overwrite": False}],
    "gluster_server_seen": {"node": {"refusal": ""}},
}
CLAIM = {
    "metadata": {"name": "c", "namespace": "n", "uid": "u"},
    "spec": {"storageClassName": "s", "replicas": 1, "volumeName": "v"},
    "status": {"phase": "Pending"},
}
EVENT = {"involvedObject": {"name": "c"}, "reason": "r", "message": "m", "type": "Warning"}
VOLUME = {"name": "v", "size": "1GiB", "type": "replicate", "replicas": 3}
TOPOLOGY = {"clusters": [{"nodes": [{"node": {"hostnames": {"manage": ["a"], "storage": ["b"]}, "zone": 1}}]}]}
DESIRED = {"options": {}, "modules": [], "disks": True, "topology": TOPOLOGY}
#: Arguments of filters, as modules and inventories give them.
CALLS = {
    "_heketi_chain_problems": [{"n1": NODE}, "heketi-ssh"],
    "heketi_clusters": [["n1"], {"n1": HOST}],
    "_heketi_disks": [{"n1": HOST}, "n1"],
    "_heketi_disk_problems": [{"n1": [{"path": "/dev/sdb", "group": "g", "reason": ""}]}],
    "_heketi_node_problems": [{"n1": "python /usr/bin/python3"}, "heketi-ssh"],
    "_heketi_node_settings": [{"n1": HOST}, "n1", ["n1"], DESIRED],
    "_heketi_lines": [["x"], [{"kind": "k", "target": "t", "text": "x"}], []],
    "_claim_problems": [[CLAIM], [CLAIM], [EVENT], 3],
    "_pod_problems": [[CLAIM], [CLAIM], [EVENT], 3],
    "_trial_leftovers": [[CLAIM], [{"metadata": {"name": "s"}, "parameters": {}}]],
    "_storage_differences": [[CLAIM], [CLAIM]],
    "place_bricks": [[VOLUME], {"n1": {"zone": "z1"}, "n2": {"zone": "z2"}, "n3": {"zone": "z3"}}],
}


@pytest.mark.parametrize("name", sorted(CALLS))
def test_only_ansibles_errors_come_out(name):
    @settings(max_examples=150, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(changed_data([CALLS[name]]))
    def try_it(arguments):
        if not isinstance(arguments, list) or len(arguments) != len(CALLS[name]):
            return
        try:
            FILTERS[name](*arguments)
        except AnsibleFilterError as error:
            assert str(error)

    try_it()
