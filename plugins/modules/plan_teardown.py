# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the action plugin of this name, which runs on the controller."""

DOCUMENTATION = r"""
module: plan_teardown
short_description: Say what of a cluster may be removed, on the controller
version_added: 1.0.0
description:
  - Says why what is named may not be removed, and which bricks go with it, of what
    M(brickwork.gluster.gluster_node_info) found on every storage node. Nothing is contacted or changed.
  - What is gone already is no mistake, so that a run which was cut off can be run again.
  - The answer of M(brickwork.gluster.gluster_node_info) has to be registered as C(gluster_server_seen) on every host.
options:
  hosts:
    description: The storage nodes that were looked at.
    type: list
    elements: str
    required: true
  pool:
    description:
      - What M(brickwork.gluster.gluster_info) told of the pool on one node, with V(pool), V(volumes) and V(tasks) in
        O(brickwork.gluster.gluster_info#module:gather).
    type: dict
    required: true
  volumes:
    description: Names of the volumes to delete.
    type: list
    elements: str
    default: []
  destroy_data:
    description: Whether the bricks of these volumes go, too, with all the data on them.
    type: bool
    default: false
  peers:
    description: Addresses of the members to detach.
    type: list
    elements: str
    default: []
  bricks:
    description: Bricks that no volume uses, each as V(HOST:NAME), that go with all the data on them.
    type: list
    elements: str
    default: []
author:
  - Brickwork contributors (@brickwork)
extends_documentation_fragment:
  - brickwork.gluster.attributes.controller
"""

EXAMPLES = r"""
- name: Plan the removal of a volume with its data
  brickwork.gluster.plan_teardown:
    hosts: "{{ groups.gluster_servers }}"
    pool: "{{ pool }}"
    volumes: [archive]
    destroy_data: true
  register: plan
  run_once: true

- name: Show which bricks go
  ansible.builtin.debug:
    msg: "{{ plan.bricks }}"
  run_once: true
"""

RETURN = r"""
refusals:
  description: Why what is named may not be removed, in sentences; none if it may.
  returned: success
  type: list
  elements: str
  sample: ["gluster_teardown_bricks: node1:shared-1 is a brick of volume shared; replace or remove it there first"]
bricks:
  description: By node the bricks to remove, as M(brickwork.gluster.lvm_brick) takes them.
  returned: success
  type: dict
  sample: {"node1": [{"name": "archive-1", "state": "absent"}]}
"""
