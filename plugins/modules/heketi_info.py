#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: heketi_info
short_description: Read heketi's topology, free space, volumes, pending operations and database check
version_added: 1.0.0
description:
  - Reads the requested parts. Changes nothing.
  - Returns the space of each device and node, and the largest brick that fits on one, two and three nodes. heketi
    answers "No space", whatever the sum is, if not enough nodes have a device with space for one brick each.
author:
  - Brickwork contributors (@brickwork)
extends_documentation_fragment:
  - brickwork.gluster.heketi
  - brickwork.gluster.attributes.info
options:
  gather:
    description:
      - What to read. V(topology) sends a request for each node, V(volumes) one for each volume.
      - V(db_check) makes heketi check its whole database.
    type: list
    elements: str
    choices: [topology, volumes, operations, db_check]
    default: [topology, volumes, operations, db_check]
seealso:
  - module: brickwork.gluster.heketi_topology
  - module: brickwork.gluster.heketi_volume
"""

EXAMPLES = r"""
- name: Read everything
  brickwork.gluster.heketi_info:
    url: http://heketi.example.com:8080
    key: "{{ heketi_admin_key }}"
  register: heketi

- name: Show the largest brick in GiB of which three nodes can hold one each
  ansible.builtin.debug:
    msg: "{{ heketi.clusters | map(attribute='largest_brick.three') | map('human_readable', unit='G') }}"

- name: Show what was cut off or failed
  ansible.builtin.debug:
    msg: "{{ heketi.pending_operations | rejectattr('status', 'equalto', 'in-flight') }}"
"""

RETURN = r"""
clusters:
  description: The clusters.
  returned: when V(topology) is asked for
  type: list
  elements: dict
  contains:
    id:
      description: heketi's id.
      type: str
    file:
      description: Whether it takes volumes for files.
      type: bool
    block:
      description: Whether it takes block volumes.
      type: bool
    total:
      description: Bytes of all devices.
      type: int
    free:
      description: Bytes that heketi has not used yet.
      type: int
    used:
      description: Bytes of thin pools with their metadata.
      type: int
    largest_brick:
      description: Bytes of the largest brick of which C(one), C(two) and C(three) nodes can hold one each.
      type: dict
      sample: {"one": 536870912000, "two": 536870912000, "three": 107374182400}
    zones:
      description: Zones with an online device on an online node.
      type: list
      elements: int
    volumes:
      description: Ids of its volumes.
      type: list
      elements: str
    blockvolumes:
      description: Ids of its block volumes.
      type: list
      elements: str
    nodes:
      description: Its nodes.
      type: list
      elements: dict
      contains:
        id:
          description: heketi's id.
          type: str
        manage:
          description: Names by which heketi reaches it.
          type: list
          elements: str
        storage:
          description: Addresses by which bricks are reached.
          type: list
          elements: str
        zone:
          description: Failure zone.
          type: int
        state:
          description: C(online), C(offline) or C(failed).
          type: str
        tags:
          description: Its tags.
          type: dict
        total:
          description: Bytes of its devices.
          type: int
        free:
          description: Bytes that heketi has not used yet.
          type: int
        used:
          description: Bytes of thin pools with their metadata.
          type: int
        devices:
          description:
            - The devices, each with C(id), C(name), C(state), C(tags), C(total), C(free), C(used), C(bricks) (how many)
              and C(used_without_bricks).
            - Bytes used without bricks are left over from interrupted operations.
          type: list
          elements: dict
  sample:
    - id: 1f7a90b3c2d44e5f8a6b7c8d9e0f1a2b
      file: true
      block: true
      total: 1073741824000
      free: 536870912000
      used: 536870912000
      largest_brick:
        one: 536870912000
        two: 536870912000
        three: 107374182400
      zones:
        - 1
        - 2
        - 3
      volumes:
        - 5d5f2b8f6d1c4a3e9b7a8c9d0e1f2a3b
      blockvolumes: []
      nodes:
        - id: 2a3b4c5d6e7f40819a2b3c4d5e6f7081
          manage:
            - node1.example.com
          storage:
            - 192.168.72.101
          zone: 1
          state: online
          tags: {}
          total: 1073741824000
          free: 536870912000
          used: 536870912000
          devices:
            - id: 9b8a7c6d5e4f40312b1a0c9d8e7f6a5b
              name: /dev/sdb
              state: online
              tags: {}
              total: 1073741824000
              free: 536870912000
              used: 536870912000
              bricks: 5
              used_without_bricks: 0
volumes:
  description: The volumes, as M(brickwork.gluster.heketi_volume) returns one; sizes in GiB, those of bricks in bytes.
  returned: when asked for
  type: list
  elements: dict
  sample:
    - id: 5d5f2b8f6d1c4a3e9b7a8c9d0e1f2a3b
      name: shared
      size: 100
      durability: replicate
      replicas: 3
      disperse_data: 0
      redundancy: 0
      options:
        - performance.cache-size 64MB
      gid: 2000
      snapshot_factor: 1.0
      cluster: 1f7a90b3c2d44e5f8a6b7c8d9e0f1a2b
      mount: 192.168.72.101:shared
      hosts:
        - 192.168.72.101
        - 192.168.72.102
        - 192.168.72.103
      blockvolumes: []
      bricks:
        - id: 8f4c2d1e0a9b4c3d8e7f6a5b4c3d2e1f
          node: 2a3b4c5d6e7f40819a2b3c4d5e6f7081
          device: 9b8a7c6d5e4f40312b1a0c9d8e7f6a5b
          size: 107374182400
block_volumes:
  description: The block volumes, as M(brickwork.gluster.heketi_block_volume) returns one, without passwords.
  returned: when V(volumes) is asked for
  type: list
  elements: dict
  sample:
    - id: 7c6b5a493827465fa1b2c3d4e5f60718
      name: database
      size: 20
      hacount: 3
      auth: true
      cluster: 1f7a90b3c2d44e5f8a6b7c8d9e0f1a2b
      hosting_volume: 5d5f2b8f6d1c4a3e9b7a8c9d0e1f2a3b
      hosts:
        - 192.168.72.101
        - 192.168.72.102
        - 192.168.72.103
      iqn: iqn.2016-12.org.gluster-block:aafea465-9167-4880-b37c-2c36db8562ea
      lun: 0
      username: aafea465-9167-4880-b37c-2c36db8562ea
      password: ''
hidden_volumes:
  description: Ids of volumes that a pending operation hides.
  returned: when V(volumes) is asked for
  type: list
  elements: str
  sample:
    - 5d5f2b8f6d1c4a3e9b7a8c9d0e1f2a3b
pending_operations:
  description: Operations that heketi works on, and those that were cut off or failed and need a cleanup.
  returned: when V(operations) is asked for
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
db_check:
  description: The errors that heketi finds in its database.
  returned: when asked for
  type: dict
  contains:
    total:
      description: Number of inconsistencies.
      type: int
    notes:
      description:
        - Messages that heketi counts as errors and that are none. After a node was added, it reports for each older
          volume that its C(mount hosts list ... is not same as list of all nodes of the cluster).
      type: list
      elements: str
    inconsistencies:
      description: heketi's words for each.
      type: list
      elements: str
  sample:
    total: 1
    notes: []
    inconsistencies:
      - Brick 8f4c2d1e0a9b4c3d8e7f6a5b4c3d2e1f unknown volume
"""

from typing import Any, Dict

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.brickwork.gluster.plugins.module_utils.adapter import COMMON_SPEC, desired_or_fail, report
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.connection import CONNECTION_SPEC, connect
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.info import PARTS, observe_heketi


def argument_spec() -> Dict[str, Any]:
    """Return the module's parameters."""
    return dict(
        COMMON_SPEC,
        gather={"type": "list", "elements": "str", "choices": list(PARTS), "default": list(PARTS)},
        **CONNECTION_SPEC,
    )


def main() -> None:
    module = AnsibleModule(argument_spec=argument_spec(), supports_check_mode=True)
    heketi = desired_or_fail(module, connect)
    report(module, lambda: observe_heketi(heketi, module.params["gather"]), as_root=False)


if __name__ == "__main__":
    main()
