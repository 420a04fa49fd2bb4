# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the action plugin of this name, which runs on the controller."""

DOCUMENTATION = r"""
module: gluster_report
short_description: Write a report of a cluster into a file of the controller
version_added: 1.0.0
description:
  - Makes one HTML file of what M(brickwork.gluster.gluster_node_info) and M(brickwork.gluster.gluster_info) found -
    zones, nodes, disks, volumes with their sets and bricks, what is wrong and what to do, heals and rebalances, what
    fails if a node or a zone fails, how many more volumes fit, versions, certificates, and why bricks are where they
    are.
  - The file loads nothing from anywhere, and all that users and machines wrote is shown as text.
  - The answer of M(brickwork.gluster.gluster_node_info) has to be registered as C(gluster_server_seen) on every host. A
    node without one is reported as one that does not answer. Nothing is refused but wrong options.
  - No machine is contacted. The files are written each time, so that they say when they were made; the task has changed
    something only where they differ in more than their time.
options:
  hosts:
    description: The storage nodes.
    type: list
    elements: str
    required: true
  clients:
    description: The hosts that mount volumes. Those that were not looked at are not judged.
    type: list
    elements: str
    default: []
  pool:
    description:
      - What M(brickwork.gluster.gluster_info) told of the pool on one node, with V(pool), V(volumes), V(bricks),
        V(tasks) and V(heal) in O(brickwork.gluster.gluster_info#module:gather). Leave it out where no node could be
        asked.
      - With O(brickwork.gluster.gluster_info#module:heal_seconds), it is told how fast heals advance, and when they
        should end.
    type: dict
    default: {}
  asked:
    description: The node that was asked for O(pool).
    type: str
    default: ""
  moving:
    description:
      - What M(brickwork.gluster.gluster_rebalance) told of rebalances that are under way, with V(observed) as its
        O(brickwork.gluster.gluster_rebalance#module:state).
    type: dict
    default: {}
  path:
    description:
      - The HTML file on the controller. Its folder is made where it is not there. A relative path begins in the folder
        in which Ansible was started.
    type: str
    required: true
  json:
    description: A file for the same as JSON. Without it none is written.
    type: str
    default: ""
  mode:
    description: The rights of the files, as C(chmod) takes them, in quotes.
    type: str
    default: "0640"
  sizes:
    description:
      - Sizes of volumes, each with its unit. Of each kind of volume that the cluster has it is told how many more of
        these sizes fit, in one set each. Without it, the sizes are those that the cluster has most of.
    type: list
    elements: str
    default: []
author:
  - Brickwork contributors (@brickwork)
attributes:
  check_mode:
    description: Tells whether the files would differ, and writes none.
    support: full
  diff_mode:
    description: What differs is not shown.
    support: none
  idempotent:
    description: A second run changes only the time in the files, and tells no change.
    support: full
  platform:
    description: The operating system of the controller.
    support: full
    platforms: linux
  action:
    description: Runs on the controller.
    support: full
seealso:
  - module: brickwork.gluster.judge_health
  - module: brickwork.gluster.plan_cluster
"""

EXAMPLES = r"""
- name: Write the report
  brickwork.gluster.gluster_report:
    hosts: "{{ groups.gluster_servers }}"
    clients: "{{ groups.gluster_clients | default([]) }}"
    pool: "{{ pool }}"
    asked: node1
    path: /srv/reports/gluster.html
    json: /srv/reports/gluster.json
    sizes: [100GiB, 1TiB]
  run_once: true
"""

RETURN = r"""
path:
  description: The HTML file.
  returned: success
  type: str
  sample: /srv/reports/gluster.html
json:
  description: The JSON file, empty where none is asked for.
  returned: success
  type: str
  sample: /srv/reports/gluster.json
differing:
  description: Those of the files that differ from what was there in more than their time.
  returned: success
  type: list
  elements: str
  sample: [/srv/reports/gluster.html]
summary:
  description: The numbers at the beginning of the report.
  returned: success
  type: dict
  sample:
    problems: 0
    zones: 3
    nodes: 4
    nodes_serving: 4
    disks: 8
    size: 68719476736
    free: 51539607552
    volumes: 2
    volumes_started: 2
    bricks: 6
    bricks_offline: 0
    entries_to_heal: 0
"""
