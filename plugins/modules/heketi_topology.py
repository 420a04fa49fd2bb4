#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: heketi_topology
short_description: Load and keep heketi's clusters, nodes and devices
version_added: 1.0.0
description:
  - Reads the whole topology of heketi, and adds, updates and, on request by name, removes clusters, nodes and devices.
  - A load that was cut off continues where it stopped. A new node joins the cluster of its neighbours wherever it is
    listed. C(heketi-cli topology load) creates a second cluster if the node is listed first, and ends with exit code 0
    when a device could not be added.
  - heketi can't change the zone or the names of a node, so a difference there is an error.
  - Leaving something out removes nothing; only the state V(absent) does.
  - Removing a device or a node moves its bricks. Before the first change, and again before each move, the module checks
    that all of them can be moved. Bricks of a volume without copies can't. Each other brick needs an online device with
    space on a node that holds no brick of its set, and no pending operation may hold it.
  - Pending operations of heketi are returned, with a warning.
author:
  - Brickwork contributors (@brickwork)
extends_documentation_fragment:
  - brickwork.gluster.heketi
  - brickwork.gluster.attributes.changes
options:
  clusters:
    description:
      - The clusters. P(brickwork.gluster.heketi_clusters#filter) makes them of the inventory.
      - Give either O(clusters) or O(topology).
    type: list
    elements: dict
    suboptions:
      id:
        description: heketi's id of the cluster. If not given, the cluster that has any of the nodes.
        type: str
      file:
        description: Whether it takes volumes for files. Left as it is if not given; V(true) for a new cluster.
        type: bool
      block:
        description: Whether it takes block volumes. Left as it is if not given; V(true) for a new cluster.
        type: bool
      state:
        description:
          - V(absent) removes the cluster with its nodes, each of which has to be listed. It must not hold volumes.
          - A cluster without nodes can be identified by O(clusters[].id) only.
        type: str
        choices: [present, absent]
        default: present
      nodes:
        description: The nodes.
        type: list
        elements: dict
        default: []
        suboptions:
          manage:
            description: Names by which heketi reaches the node over ssh; the first is the node's name in all answers.
            type: list
            elements: str
            required: true
          storage:
            description: Addresses by which bricks are reached. For Kubernetes they have to be IP addresses.
            type: list
            elements: str
            default: []
          zone:
            description: Failure zone, a number from 1.
            type: int
          tags:
            description: All tags of the node. Not changed if not given.
            type: dict
          state:
            description:
              - V(online) and V(offline) say whether heketi puts new bricks there; V(present) leaves that as it is.
              - V(absent) moves all bricks away and removes the node with its devices.
            type: str
            choices: [present, online, offline, absent]
            default: present
          devices:
            description: The disks.
            type: list
            elements: dict
            default: []
            suboptions:
              name:
                description: Path of the disk. Two paths of one disk are two devices for heketi.
                type: str
                required: true
              tags:
                description: All tags of the device. Not changed if not given.
                type: dict
              destroydata:
                description:
                  - Lets heketi wipe the disk when it is added. B(Version 9 wipes it without checking what is on it.)
                type: bool
                default: false
              state:
                description: As O(clusters[].nodes[].state). A failed device becomes online again by way of offline.
                type: str
                choices: [present, online, offline, absent]
                default: present
  topology:
    description:
      - The content of heketi's own C(topology.json), in which a device may be an object or its name only. A file is
        read with P(ansible.builtin.file#lookup) and P(ansible.builtin.from_json#filter).
      - Tags and flags that it does not have are not changed.
    type: dict
notes:
  - heketi does not return whether volumes are healed, so the module can't check that. Use
    M(brickwork.gluster.gluster_info).
seealso:
  - module: brickwork.gluster.heketi_info
  - module: brickwork.gluster.heketi_volume
  - plugin: brickwork.gluster.heketi_clusters
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Load two nodes
  brickwork.gluster.heketi_topology:
    url: http://heketi.example.com:8080
    key: "{{ heketi_admin_key }}"
    clusters:
      - nodes:
          - manage: [node1.example.com]
            storage: [192.168.72.101]
            zone: 1
            devices:
              - name: /dev/disk/by-id/wwn-0x5000c500a1b2c3d4
                tags:
                  disk: ssd
          - manage: [node2.example.com]
            storage: [192.168.72.102]
            zone: 2
            devices:
              - name: /dev/sdb
                destroydata: true

- name: Load what heketi-cli would load
  brickwork.gluster.heketi_topology:
    url: http://heketi.example.com:8080
    key: "{{ heketi_admin_key }}"
    topology:
      clusters:
        - nodes:
            - node:
                hostnames:
                  manage: [node1.example.com]
                  storage: [192.168.72.101]
                zone: 1
              devices:
                - /dev/sdb

- name: Take out a disk, once its bricks have moved
  brickwork.gluster.heketi_topology:
    url: http://heketi.example.com:8080
    key: "{{ heketi_admin_key }}"
    timeout: 7200
    clusters:
      - nodes:
          - manage: [node1.example.com]
            storage: [192.168.72.101]
            zone: 1
            devices:
              - name: /dev/sdc
                state: absent
"""

RETURN = r"""
steps:
  description: The steps that were taken, or in check mode would be taken. They are the same in both.
  returned: success
  type: list
  elements: dict
  contains:
    kind:
      description: What kind of change.
      type: str
    target:
      description: What is changed.
      type: str
    command:
      description: The request. What gets its id only when it is made stands in angle brackets.
      type: str
      sample: 'POST /devices {"name": "/dev/sdb", "node": "<node node1.example.com>"}'
    destroys:
      description: Whether the step destroys data.
      type: bool
  sample:
    - kind: add_device
      target: node1.example.com:/dev/sdb
      command: 'POST /devices {"name": "/dev/sdb", "node": "<node node1.example.com>"}'
      destroys: false
pending_operations:
  description: Operations that heketi works on, and those that were cut off or failed and need a cleanup.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Its id.
      type: str
    kind:
      description: Such as C(create-volume).
      type: str
    status:
      description: C(in-flight), C(stale) or C(failed).
      type: str
    changes:
      description: Ids of the volumes, bricks and devices that it holds.
      type: list
      elements: str
  sample:
    - id: 3d6f1c8a0f1e4b0b9d5e2a7c6b4f8e10
      kind: create-volume
      status: stale
      changes:
        - 5d5f2b8f6d1c4a3e9b7a8c9d0e1f2a3b
steps_done:
  description: The steps that were done before one failed.
  returned: when a step failed
  type: list
  elements: dict
  sample:
    - kind: add_device
      target: node1.example.com:/dev/sdb
      command: 'POST /devices {"name": "/dev/sdb", "node": "<node node1.example.com>"}'
      destroys: false
failed_step:
  description: The step that failed.
  returned: when a step failed
  type: dict
  sample:
    kind: add_device
    target: node1.example.com:/dev/sdb
    command: 'POST /devices {"name": "/dev/sdb", "node": "<node node1.example.com>"}'
    destroys: false
"""

from typing import Any, Dict

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.brickwork.gluster.plugins.module_utils.adapter import COMMON_SPEC, desired_or_fail, run
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.connection import CONNECTION_SPEC, connect
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.desired import STATES, desired_topology
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.topology import TopologyOperation


def argument_spec() -> Dict[str, Any]:
    """Return the module's parameters."""
    device = {
        "name": {"type": "str", "required": True},
        "tags": {"type": "dict"},
        "destroydata": {"type": "bool", "default": False},
        "state": {"type": "str", "choices": list(STATES), "default": "present"},
    }
    node = {
        "manage": {"type": "list", "elements": "str", "required": True},
        "storage": {"type": "list", "elements": "str", "default": []},
        "zone": {"type": "int"},
        "tags": {"type": "dict"},
        "state": {"type": "str", "choices": list(STATES), "default": "present"},
        "devices": {"type": "list", "elements": "dict", "default": [], "options": device},
    }
    cluster = {
        "id": {"type": "str"},
        "file": {"type": "bool"},
        "block": {"type": "bool"},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "nodes": {"type": "list", "elements": "dict", "default": [], "options": node},
    }
    return dict(
        COMMON_SPEC,
        clusters={"type": "list", "elements": "dict", "options": cluster},
        topology={"type": "dict"},
        **CONNECTION_SPEC,
    )


def main() -> None:
    module = AnsibleModule(
        argument_spec=argument_spec(),
        mutually_exclusive=[("clusters", "topology")],
        required_one_of=[("clusters", "topology")],
        supports_check_mode=True,
    )
    desired = desired_or_fail(module, desired_topology)
    heketi = desired_or_fail(module, connect)
    run(module, TopologyOperation(heketi, desired, module.params["timeout"]), as_root=False)


if __name__ == "__main__":
    main()
