#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: heketi_volume
short_description: Create, grow or delete a heketi volume
version_added: 1.0.0
description:
  - Brings one volume, identified by its name, to the desired state.
  - heketi grows a volume by a difference. The module waits for running operations and reads the size again right before
    it sends the request, so a run that is repeated after a lost answer does not grow the volume twice.
  - heketi can't shrink a volume, or change its durability, options, group or snapshot factor. A difference there is an
    error.
  - B(heketi deletes an existing volume of the name that it is asked to create.) It mistakes the answer "already exists"
    for a failed attempt of its own, stops and deletes that volume with all files, and creates a new one. So before the
    module creates a volume, it asks heketi which volumes GlusterFS has on its nodes
    (C(GET /internal/state/examine/gluster)). A volume of that name that heketi does not know is an error. If no node
    answers, there is a warning. A name of C(gluster_volumes) of the inventory is refused, too.
  - While heketi restarts, the module waits. If the restart cut off an operation, the error names it.
  - A volume that a pending operation holds is not changed. heketi hides some of these volumes, and does not return
    their names. While there is such an operation, a volume that can't be found is not created, and does not count as
    deleted.
author:
  - Brickwork contributors (@brickwork)
extends_documentation_fragment:
  - brickwork.gluster.heketi
  - brickwork.gluster.attributes.changes
options:
  name:
    description: Name of the volume.
    type: str
    required: true
  state:
    description: V(absent) deletes the volume with its data.
    type: str
    choices: [present, absent]
    default: present
  size:
    description: What can be stored in it, in whole GiB with the unit, such as V(100GiB). Needed with O(state=present).
    type: str
  durability:
    description: How the data is protected. V(none) keeps one copy; heketi can never move the bricks of such a volume.
    type: str
    choices: [none, replicate, disperse]
    default: replicate
  replicas:
    description: Copies of each file, V(2) or V(3), for O(durability=replicate). V(3) if not given.
    type: int
  disperse_data:
    description: Data bricks of each set, for O(durability=disperse). V(4) if not given.
    type: int
  redundancy:
    description: Bricks of each set that may be lost, for O(durability=disperse). V(2) if not given.
    type: int
  clusters:
    description: Ids of the only clusters in which a new volume may be created.
    type: list
    elements: str
    default: []
  options:
    description:
      - Volume options for a new volume, including heketi's own (C(user.heketi.…)).
      - Booleans become V(on) and V(off). For heketi's own options they become V(true) and V(false).
    type: dict
    default: {}
  gid:
    description: Id of the group that may write to a new volume. Not compared if not given.
    type: int
  snapshot_factor:
    description:
      - Size of the thin pools as a multiple of the size of their bricks, for snapshots. Not compared if not given.
    type: float
seealso:
  - module: brickwork.gluster.heketi_topology
  - module: brickwork.gluster.heketi_info
  - module: brickwork.gluster.gluster_volume
"""

EXAMPLES = r"""
- name: A volume of 100 GiB in three copies
  brickwork.gluster.heketi_volume:
    url: http://heketi.example.com:8080
    key: "{{ heketi_admin_key }}"
    name: shared
    size: 100GiB
    options:
      user.heketi.zone-checking: strict
  register: shared

- name: Mount it
  ansible.posix.mount:
    path: /mnt/shared
    src: "{{ shared.volume.mount }}"
    fstype: glusterfs
    opts: "defaults,_netdev,backup-volfile-servers={{ shared.volume.hosts[1:] | join(':') }}"
    state: mounted
  when: shared.volume is not none

- name: Delete a volume with its data
  brickwork.gluster.heketi_volume:
    url: http://heketi.example.com:8080
    key: "{{ heketi_admin_key }}"
    name: scratch
    state: absent
"""

RETURN = r"""
volume:
  description: The volume at the end of the run, in check mode the present volume. Null if there is none.
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
    durability:
      description: C(none), C(replicate) or C(disperse).
      type: str
    replicas:
      description: Copies of each file, 0 for other kinds.
      type: int
    disperse_data:
      description: Data bricks of each set, 0 for other kinds.
      type: int
    redundancy:
      description: Bricks of each set that may be lost, 0 for other kinds.
      type: int
    options:
      description: The options that it was created with, as C(name value).
      type: list
      elements: str
    gid:
      description: Group that may write to it, 0 for root.
      type: int
    snapshot_factor:
      description: Size of the thin pools as a multiple of the size of their bricks.
      type: float
    cluster:
      description: Id of its cluster.
      type: str
    mount:
      description: What clients mount.
      type: str
      sample: 192.168.72.101:shared
    hosts:
      description: All hosts that clients may mount it from.
      type: list
      elements: str
    blockvolumes:
      description: Ids of the block volumes that it hosts.
      type: list
      elements: str
    bricks:
      description: Its bricks, each with C(id), C(node), C(device) and C(size) in bytes. They are not in sets.
      type: list
      elements: dict
  sample:
    id: 5d5f2b8f6d1c4a3e9b7a8c9d0e1f2a3b
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
      sample: 'POST /volumes/<volume shared>/expand {"expand_size": 50}'
    destroys:
      description: Whether the step destroys data.
      type: bool
  sample:
    - kind: expand_volume
      target: shared
      command: 'POST /volumes/<volume shared>/expand {"expand_size": 50}'
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
    - kind: expand_volume
      target: shared
      command: 'POST /volumes/<volume shared>/expand {"expand_size": 50}'
      destroys: false
failed_step:
  description: The step that failed.
  returned: when a step failed
  type: dict
  sample:
    kind: expand_volume
    target: shared
    command: 'POST /volumes/<volume shared>/expand {"expand_size": 50}'
    destroys: false
"""

from typing import Any, Dict

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.brickwork.gluster.plugins.module_utils.adapter import COMMON_SPEC, desired_or_fail, run
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.connection import CONNECTION_SPEC, connect
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.volume import VolumeOperation
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.volume_plan import KINDS, desired_volume
from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import whole_gib


def argument_spec() -> Dict[str, Any]:
    """Return the module's parameters."""
    return dict(
        COMMON_SPEC,
        name={"type": "str", "required": True},
        state={"type": "str", "choices": ["present", "absent"], "default": "present"},
        size={"type": "str"},
        durability={"type": "str", "choices": list(KINDS), "default": "replicate"},
        replicas={"type": "int"},
        disperse_data={"type": "int"},
        redundancy={"type": "int"},
        clusters={"type": "list", "elements": "str", "default": []},
        options={"type": "dict", "default": {}},
        gid={"type": "int"},
        snapshot_factor={"type": "float"},
        **CONNECTION_SPEC,
    )


def main() -> None:
    module = AnsibleModule(
        argument_spec=argument_spec(),
        required_if=[("state", "present", ["size"])],
        supports_check_mode=True,
    )
    desired = desired_or_fail(module, lambda params: desired_volume(dict(params, size=whole_gib(params["size"]))))
    heketi = desired_or_fail(module, connect)
    run(module, VolumeOperation(heketi, desired, module.params["timeout"]), as_root=False)


if __name__ == "__main__":
    main()
