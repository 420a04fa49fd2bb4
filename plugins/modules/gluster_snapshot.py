#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: gluster_snapshot
short_description: Make snapshots of volumes before something that may go wrong, or delete them
version_added: 1.0.0
description:
  - Makes a snapshot of each volume, named after the volume and a label, and none where it is there already.
  - GlusterFS makes snapshots only of volumes all bricks of which are on thin LVM pools, as those of
    M(brickwork.gluster.lvm_brick) are.
  - Before the first one, it refuses, with every reason, while a volume is not started, a brick does not serve, a member
    is away, files wait for healing or are in split-brain.
author:
  - Brickwork contributors (@brickwork)
extends_documentation_fragment:
  - brickwork.gluster.attributes
  - brickwork.gluster.attributes.changes
options:
  volumes:
    description: Names of the volumes.
    type: list
    elements: str
    required: true
  label:
    description: What stands behind the name of the volume in the name of the snapshot. A dot becomes V(_).
    type: str
    required: true
  state:
    description: Whether there are such snapshots. V(absent) deletes those that there are.
    type: str
    choices: [present, absent]
    default: present
notes:
  - A snapshot shares the thin pool of its brick. What is overwritten after it takes room a second time, so delete it
    when it is not needed any more.
  - To restore one, the volume has to be stopped (C(gluster snapshot restore NAME)). Its bricks are those of the
    snapshot afterwards, and do not grow any more.
seealso:
  - module: brickwork.gluster.gluster_volume
"""

EXAMPLES = r"""
- name: Make a snapshot of two volumes
  brickwork.gluster.gluster_snapshot:
    volumes: [shared, archive]
    label: before-10.3
  run_once: true

- name: Delete them
  brickwork.gluster.gluster_snapshot:
    volumes: [shared, archive]
    label: before-10.3
    state: absent
  run_once: true
"""

RETURN = r"""
snapshots:
  description: By volume the name of its snapshot with that label, empty for none.
  returned: success
  type: dict
  sample: {"shared": "shared-before-10_3"}
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
    - kind: make_snapshot
      target: shared-before-10_3
      command: gluster snapshot create shared-before-10_3 shared no-timestamp
      destroys: false
steps_done:
  description: The steps that were done before one failed.
  returned: when a step failed
  type: list
  elements: dict
  sample:
    - kind: make_snapshot
      target: shared-before-10_3
      command: gluster snapshot create shared-before-10_3 shared no-timestamp
      destroys: false
failed_step:
  description: The step that failed.
  returned: when a step failed
  type: dict
  sample:
    kind: make_snapshot
    target: archive-before-10_3
    command: gluster snapshot create archive-before-10_3 archive no-timestamp
    destroys: false
"""

from typing import Any, Dict

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.brickwork.gluster.plugins.module_utils.adapter import COMMON_SPEC, desired_or_fail, run
from ansible_collections.brickwork.gluster.plugins.module_utils.command import CommandRunner
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.snapshot import (
    SnapshotOperation,
    desired_snapshots,
)


def argument_spec() -> Dict[str, Any]:
    """Return the module's parameters."""
    return dict(
        COMMON_SPEC,
        volumes={"type": "list", "elements": "str", "required": True},
        label={"type": "str", "required": True},
        state={"type": "str", "choices": ["present", "absent"], "default": "present"},
    )


def main() -> None:
    module = AnsibleModule(argument_spec=argument_spec(), supports_check_mode=True)
    desired = desired_or_fail(module, desired_snapshots)
    gluster = Gluster(CommandRunner(), module.params["command_timeout"])
    run(module, SnapshotOperation(gluster, desired))


if __name__ == "__main__":
    main()
