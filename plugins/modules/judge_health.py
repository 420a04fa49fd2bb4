# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the action plugin of this name, which runs on the controller."""

DOCUMENTATION = r"""
module: judge_health
short_description: Say what is wrong with a cluster, on the controller
version_added: 1.0.0
description:
  - Judges peers, bricks, heals, quorum, thin pools, room, clocks, certificates, and the mounts of clients, of what
    M(brickwork.gluster.gluster_node_info) found on every machine. Nothing is contacted or changed.
  - The answer of M(brickwork.gluster.gluster_node_info) has to be registered as C(gluster_server_seen) on every host. A
    storage node without one does not answer; a client without one is not judged.
options:
  hosts:
    description: The storage nodes.
    type: list
    elements: str
    required: true
  clients:
    description: The hosts that mount volumes. Of these, C(/etc/fstab) and C(/proc/mounts) have to be read.
    type: list
    elements: str
    default: []
  pool:
    description:
      - What M(brickwork.gluster.gluster_info) told of the pool on one node, with V(pool), V(volumes), V(bricks),
        V(tasks) and V(heal) in O(brickwork.gluster.gluster_info#module:gather).
    type: dict
    required: true
  query:
    description:
      - A JMESPath expression (U(https://jmespath.org)) that says which part of the judged cluster RV(answer) is. It
        needs the Python library C(jmespath) on the controller.
      - The judged cluster is a dictionary of RV(problems) and RV(notes); C(nodes), each with C(name), C(answers)
        (whether it was looked at), C(gluster) (as M(brickwork.gluster.gluster_node_info) tells it), C(devices) and
        C(bricks) (as M(brickwork.gluster.lvm_brick_info) tells them); and C(peers), C(volumes), C(bricks), C(tasks),
        C(heal) and C(split_brain), as M(brickwork.gluster.gluster_info) tells them.
    type: str
    default: ""
author:
  - Brickwork contributors (@brickwork)
extends_documentation_fragment:
  - brickwork.gluster.attributes.controller
"""

EXAMPLES = r"""
- name: Judge the cluster
  brickwork.gluster.judge_health:
    hosts: "{{ groups.gluster_servers }}"
    pool: "{{ pool }}"
  register: health
  run_once: true

- name: Show what is wrong
  ansible.builtin.debug:
    msg: "{{ health.problems }}"
  run_once: true

- name: Ask which bricks are offline
  brickwork.gluster.judge_health:
    hosts: "{{ groups.gluster_servers }}"
    pool: "{{ pool }}"
    query: "bricks[?!online].[host, path]"
  register: offline
  run_once: true

- name: Show them
  ansible.builtin.debug:
    var: offline.answer
  run_once: true
"""

RETURN = r"""
answer:
  description: What O(query) asks for, null for what is not there.
  returned: with O(query)
  type: raw
  sample: [["192.168.72.101", "/srv/gluster/shared-1/brick"]]
problems:
  description: What is wrong, in sentences; none if all is well.
  returned: success
  type: list
  elements: str
  sample: ["node2 does not answer"]
notes:
  description: What is under way, and is no problem.
  returned: success
  type: list
  elements: str
  sample: ["volume shared: Rebalance is in progress; the playbook rebalance waits for its end, and can stop it"]
"""
