#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: heketi_block_volume
short_description: Create or delete a heketi block volume
version_added: 1.0.0
description:
  - Brings one block volume (a disk that clients reach by iSCSI), identified by its name, to the desired state.
  - The nodes need gluster-block. heketi needs a volume that hosts block volumes, or permission to create one
    (C(auto_create_block_hosting_volume)). If it can't, the error shows heketi's answer.
  - heketi 9 can't change a block volume. A difference is an error.
  - A block volume that a pending operation holds is not changed. heketi does not return the names of block volumes
    that it is creating, so a run that is repeated after a lost answer waits for them, and does not create a second
    one.
author:
  - Brickwork contributors (@brickwork)
extends_documentation_fragment:
  - brickwork.gluster.heketi
  - brickwork.gluster.attributes.changes
options:
  name:
    description: Name of the block volume.
    type: str
    required: true
  state:
    description: V(absent) deletes the block volume with its data.
    type: str
    choices: [present, absent]
    default: present
  size:
    description: Size of the disk, in whole GiB with the unit, such as V(20GiB). Needed with O(state=present).
    type: str
  hacount:
    description: Number of nodes that serve it. If not given, heketi chooses (all nodes), and it is not compared.
    type: int
  auth:
    description: Whether clients log in with a name and a password. Not compared if not given.
    type: bool
  show_password:
    description: Returns the password as well. Use C(no_log) for such a task.
    type: bool
    default: false
  clusters:
    description: Ids of the only clusters in which a new block volume may be created.
    type: list
    elements: str
    default: []
seealso:
  - module: brickwork.gluster.heketi_volume
  - module: brickwork.gluster.heketi_info
"""

EXAMPLES = r"""
- name: A disk of 20 GiB that two nodes serve
  brickwork.gluster.heketi_block_volume:
    url: http://heketi.example.com:8080
    key: "{{ heketi_admin_key }}"
    name: database
    size: 20GiB
    hacount: 2
    auth: true
  register: database

- name: Show what to log in to
  ansible.builtin.debug:
    msg: "{{ database.volume.iqn }} at {{ database.volume.hosts | join(', ') }}"
  when: database.volume is not none

- name: Delete it with its data
  brickwork.gluster.heketi_block_volume:
    url: http://heketi.example.com:8080
    key: "{{ heketi_admin_key }}"
    name: database
    state: absent
"""

RETURN = r"""
volume:
  description: The block volume at the end of the run, in check mode the present one. Null if there is none.
  returned: success
  type: dict
  contains:
    id:
      description: Its id.
      type: str
    name:
      description: Its name.
      type: str
    size:
      description: GiB.
      type: int
    hacount:
      description: Number of nodes that serve it.
      type: int
    auth:
      description: Whether clients log in.
      type: bool
    cluster:
      description: Id of its cluster.
      type: str
    hosting_volume:
      description: Id of the volume that it is a file of.
      type: str
    hosts:
      description: The nodes that serve it.
      type: list
      elements: str
    iqn:
      description: The name of the iSCSI target.
      type: str
    lun:
      description: The number of the disk in the target.
      type: int
    username:
      description: Who logs in, empty without O(auth).
      type: str
    password:
      description: The password, with O(show_password) only.
      type: str
  sample:
    id: 7c6b5a493827465fa1b2c3d4e5f60718
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
      description: The request.
      type: str
      sample: 'POST /blockvolumes {"name": "database", "size": 20}'
    destroys:
      description: Whether the step destroys data.
      type: bool
  sample:
    - kind: create_volume
      target: database
      command: 'POST /blockvolumes {"name": "database", "size": 20}'
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
    - kind: create_volume
      target: database
      command: 'POST /blockvolumes {"name": "database", "size": 20}'
      destroys: false
failed_step:
  description: The step that failed.
  returned: when a step failed
  type: dict
  sample:
    kind: create_volume
    target: database
    command: 'POST /blockvolumes {"name": "database", "size": 20}'
    destroys: false
"""

from typing import Any, Dict

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.brickwork.gluster.plugins.module_utils.adapter import COMMON_SPEC, desired_or_fail, run
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.block_plan import desired_block_volume
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.connection import CONNECTION_SPEC, connect
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.volume import (
    BlockVolumeOperation,
    TellingBlockVolumeOperation,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import whole_gib


def argument_spec() -> Dict[str, Any]:
    """Return the module's parameters."""
    return dict(
        COMMON_SPEC,
        name={"type": "str", "required": True},
        state={"type": "str", "choices": ["present", "absent"], "default": "present"},
        size={"type": "str"},
        hacount={"type": "int"},
        auth={"type": "bool"},
        show_password={"type": "bool", "default": False, "no_log": False},
        clusters={"type": "list", "elements": "str", "default": []},
        **CONNECTION_SPEC,
    )


def main() -> None:
    module = AnsibleModule(
        argument_spec=argument_spec(),
        required_if=[("state", "present", ["size"])],
        supports_check_mode=True,
    )
    desired = desired_or_fail(module, lambda params: desired_block_volume(dict(params, size=whole_gib(params["size"]))))
    heketi = desired_or_fail(module, connect)
    operation = TellingBlockVolumeOperation if module.params["show_password"] else BlockVolumeOperation
    run(module, operation(heketi, desired, module.params["timeout"]), as_root=False)


if __name__ == "__main__":
    main()
