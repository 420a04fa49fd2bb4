#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: lvm_brick
short_description: Create, grow or remove the bricks of a host on LVM thin volumes with XFS
version_added: 1.0.0
description:
  - Brings all bricks of a host to their desired state in one call, from the raw disk to the brick directory.
  - A disk becomes an aligned physical volume in its own volume group. A brick consists of a thin pool with computed
    metadata and chunk size, one thin volume in it, XFS with the sizes that GlusterFS needs, a line in C(/etc/fstab)
    that can't block the boot, a mount, and a directory inside the mount. The line names the logical volume, since a
    snapshot that GlusterFS makes of the brick has the uuid of its file system.
  - All disks and sizes are checked before the first change. A disk that holds anything is refused, and the error names
    what was found. Volume groups that this collection did not create are never touched.
  - An existing brick is identified by the name of its logical volume. The module mounts it, and verifies the mount
    before it uses the directory. A wrong line of this module in C(/etc/fstab) is repaired.
  - The module asks LVM whether it accepts a disk, also in check mode. A physical volume that LVM hides (devices file,
    filter) counts as in use.
  - With SELinux, bricks get the type C(glusterd_brick_t). With systemd before 233 (EL7), a file beside the unit of
    glusterd makes it wait for the mounts.
  - Bricks grow and never shrink. Bricks that are not in the list are not touched.
author:
  - Brickwork contributors (@brickwork)
extends_documentation_fragment:
  - brickwork.gluster.attributes
  - brickwork.gluster.attributes.changes
options:
  bricks:
    description: The bricks of this host.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the brick, unique on the host. Its logical volume is called C(brick_NAME).
        type: str
        required: true
      device:
        description: Disk for the brick, for O(bricks[].state=present), by any name, such as one in C(/dev/disk/by-id).
        type: str
      size:
        description: Size such as V(100GiB), for O(bricks[].state=present). Raise it to grow the brick.
        type: str
      mount:
        description: Mount point. O(root)V(/)O(bricks[].name) if left out.
        type: path
      directory:
        description: Brick directory inside the mount. V(brick) in the mount point if left out.
        type: path
      state:
        description:
          - V(absent) unmounts the brick and destroys its data. A brick that a volume uses is refused.
        type: str
        choices: [present, absent]
        default: present
  devices:
    description: Settings for single disks. Disks that are not listed here get the defaults.
    type: list
    elements: dict
    default: []
    suboptions:
      path:
        description: The disk, named as in O(bricks[].device).
        type: str
        required: true
      data_alignment:
        description: One full stripe of a hardware RAID (stripe unit times data disks); a multiple of 64 KiB.
        type: str
        default: 256KiB
      overwrite:
        description:
          - V(true) allows the loss of everything on this one disk. A disk that is mounted, partitioned or in use is
            refused even then.
          - So is a physical volume that LVM hides.
        type: bool
        default: false
  root:
    description: Folder of the mount points.
    type: path
    default: /srv/gluster
  mount_options:
    description: Mount options. The module adds the options that keep a dead disk from blocking the boot.
    type: str
    default: noatime,inode64
notes:
  - O(bricks[].state=absent) destroys the data of the brick. An O(bricks[].size) that is smaller than the brick is an
    error, because XFS can't shrink.
seealso:
  - module: brickwork.gluster.lvm_brick_info
"""

EXAMPLES = r"""
- name: Two bricks on two disks
  brickwork.gluster.lvm_brick:
    bricks:
      - name: shared-1
        device: /dev/sdb
        size: 6GiB
      - name: archive-1
        device: /dev/sdc
        size: 6GiB

- name: Let one brick grow
  brickwork.gluster.lvm_brick:
    bricks:
      - name: shared-1
        device: /dev/sdb
        size: 7GiB

- name: Remove a brick and its data
  brickwork.gluster.lvm_brick:
    bricks:
      - name: archive-1
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
      description: The command that the step stands for.
      type: str
    destroys:
      description: Whether the step destroys data.
      type: bool
  sample:
    - kind: create_volume_group
      target: brickwork_sdb
      command: vgcreate --addtag brickwork brickwork_sdb /dev/sdb
      destroys: false
    - kind: make_brick_directory
      target: shared-1
      command: mkdir -p /srv/gluster/shared-1/brick
      destroys: false
steps_done:
  description: The steps that were done before one failed.
  returned: when a step failed
  type: list
  elements: dict
  sample:
    - kind: create_volume_group
      target: brickwork_sdb
      command: vgcreate --addtag brickwork brickwork_sdb /dev/sdb
      destroys: false
failed_step:
  description: The step that failed.
  returned: when a step failed
  type: dict
  sample:
    kind: make_brick_directory
    target: shared-1
    command: mkdir -p /srv/gluster/shared-1/brick
    destroys: false
"""

from typing import Any, Dict

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.brickwork.gluster.plugins.module_utils.adapter import COMMON_SPEC, desired_or_fail, run
from ansible_collections.brickwork.gluster.plugins.module_utils.defaults import ROOT
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.bricks import BrickOperation
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.desired import DEVICE_SPEC, desired_host
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.host import local_host


def argument_spec() -> Dict[str, Any]:
    """Return the module's parameters."""
    brick = {
        "name": {"type": "str", "required": True},
        "device": {"type": "str"},
        "size": {"type": "str"},
        "mount": {"type": "path"},
        "directory": {"type": "path"},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    }
    return dict(
        COMMON_SPEC,
        bricks={
            "type": "list",
            "elements": "dict",
            "required": True,
            "options": brick,
            "required_if": [("state", "present", ("device", "size"))],
        },
        devices={"type": "list", "elements": "dict", "default": [], "options": DEVICE_SPEC},
        root={"type": "path", "default": ROOT},
        mount_options={"type": "str", "default": "noatime,inode64"},
    )


def main() -> None:
    module = AnsibleModule(argument_spec=argument_spec(), supports_check_mode=True)
    desired = desired_or_fail(module, desired_host)
    host = local_host(module.params["command_timeout"])
    run(module, BrickOperation(host, desired, tools_needed=not module.check_mode))


if __name__ == "__main__":
    main()
