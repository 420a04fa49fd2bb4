#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: lvm_brick_info
short_description: Read the disks and bricks of a host
version_added: 1.0.0
description:
  - Returns the space for bricks on each disk, or why the disk can't be used. Returns all bricks of the host.
  - Works on a machine that has no LVM yet.
author:
  - Brickwork contributors (@brickwork)
extends_documentation_fragment:
  - brickwork.gluster.attributes
  - brickwork.gluster.attributes.info
options:
  devices:
    description:
      - The disks to read. Each is a path, or a dictionary with C(path) and, as in M(brickwork.gluster.lvm_brick),
        C(data_alignment) and C(overwrite) (the disk then counts as free, whatever is on it).
    type: list
    elements: raw
    default: []
  root:
    description: Folder of the mount points.
    type: path
    default: /srv/gluster
seealso:
  - module: brickwork.gluster.lvm_brick
"""

EXAMPLES = r"""
- name: What is there, and how much is free
  brickwork.gluster.lvm_brick_info:
    devices: [/dev/sdb, /dev/sdc]
  register: disks

- name: Show bricks whose thin pool is nearly full
  ansible.builtin.debug:
    msg: "{{ disks.bricks | selectattr('data_percent', 'gt', 80) }}"
"""

RETURN = r"""
devices:
  description: The disks that were asked for.
  returned: success
  type: list
  elements: dict
  contains:
    path:
      description: The disk as it was named.
      type: str
    size:
      description: Its size in bytes, 0 if it does not exist.
      type: int
    free:
      description: Bytes for new bricks.
      type: int
    group:
      description: Its volume group.
      type: str
    reason:
      description: Why it can't be used, empty if it can.
      type: str
  sample:
    - path: /dev/sdb
      size: 8589934592
      free: 6408896512
      group: brickwork_sdb
      reason: ''
bricks:
  description: All bricks of the host.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Name of the brick.
      type: str
    device:
      description: The disk that it is on, empty if O(devices) does not have it.
      type: str
    size:
      description: Size in bytes.
      type: int
    mount:
      description: Mount point.
      type: str
    path:
      description: Brick directory.
      type: str
    mounted:
      description: Whether it is mounted.
      type: bool
    problem:
      description: Why it can't be read, such as V(Input/output error) if its disk is dead. Empty otherwise.
      type: str
    volume_id:
      description: The volume id in its mark, empty if it has none.
      type: str
    data_percent:
      description: Use of the thin pool.
      type: float
    metadata_percent:
      description: Use of the thin pool's metadata.
      type: float
  sample:
    - name: shared-1
      device: /dev/sdb
      size: 2147483648
      mount: /srv/gluster/shared-1
      path: /srv/gluster/shared-1/brick
      mounted: true
      problem: ''
      volume_id: 9f1f9f5b-3a5c-4e8d-8a37-3f1b5a3f0c11
      data_percent: 1.3
      metadata_percent: 10.1
missing_tools:
  description: Programs that M(brickwork.gluster.lvm_brick) needs and this host lacks.
  returned: success
  type: list
  elements: str
  sample:
    - mkfs.xfs
observed:
  description: Everything that was read, for planning on the controller.
  returned: success
  type: dict
  sample:
    devices:
      - path: /dev/sdb
        size: 8589934592
    missing_tools:
      - mkfs.xfs
"""

from typing import Any, Dict

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.brickwork.gluster.plugins.module_utils.adapter import COMMON_SPEC, report
from ansible_collections.brickwork.gluster.plugins.module_utils.defaults import ROOT
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.desired import desired_device
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.host import local_host
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.info import observe_bricks


def argument_spec() -> Dict[str, Any]:
    """Return the module's parameters."""
    return dict(
        COMMON_SPEC,
        devices={"type": "list", "elements": "raw", "default": []},
        root={"type": "path", "default": ROOT},
    )


def main() -> None:
    module = AnsibleModule(argument_spec=argument_spec(), supports_check_mode=True)
    params = module.params
    host = local_host(params["command_timeout"])
    report(
        module, lambda: observe_bricks(host, [desired_device(device) for device in params["devices"]], params["root"])
    )


if __name__ == "__main__":
    main()
