#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: gluster_clone
short_description: Make a writable clone of a volume as it is now
version_added: 1.0.0
description:
  - Takes a snapshot of the volume, makes a volume of it (C(gluster snapshot clone)), starts that, and removes the
    snapshot. Clients go on with the volume meanwhile.
  - It refuses while a brick does not serve, or entries wait for healing or are in split-brain, as the clone would have
    the same. GlusterFS refuses bricks that are not on thin logical volumes.
  - Where the clone is there, it is started if nobody ever did, and nothing else is done. A run that was cut off is
    continued by the next one.
author:
  - Brickwork contributors (@brickwork)
extends_documentation_fragment:
  - brickwork.gluster.attributes
  - brickwork.gluster.attributes.changes
options:
  volume:
    description: Name of the volume.
    type: str
    required: true
  name:
    description: Name of the clone.
    type: str
    required: true
  timeout:
    description: Seconds to wait until the bricks of the clone serve.
    type: int
    default: 120
notes:
  - The clone's bricks share the thin pools of the bricks that they came from. What is written to either takes room
    there, and a pool that is full stops both.
"""

EXAMPLES = r"""
- name: Have a copy to look at
  brickwork.gluster.gluster_clone:
    volume: shared
    name: look
"""

RETURN = r"""
bricks:
  description: The bricks of the clone, none in check mode before it is there.
  returned: success
  type: list
  elements: str
  sample: ["192.168.72.102:/run/gluster/snaps/0d1f.../brick2/brick"]
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
    - kind: create_snapshot
      target: brickwork_clone_look
      command: gluster snapshot create brickwork_clone_look shared no-timestamp
      destroys: false
steps_done:
  description: The steps that were done before one failed.
  returned: when a step failed
  type: list
  elements: dict
  sample:
    - kind: create_snapshot
      target: brickwork_clone_look
      command: gluster snapshot create brickwork_clone_look shared no-timestamp
      destroys: false
failed_step:
  description: The step that failed.
  returned: when a step failed
  type: dict
  sample:
    kind: clone_volume
    target: brickwork_clone_look
    command: gluster snapshot clone look brickwork_clone_look
    destroys: false
"""

from typing import Any, Dict

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.brickwork.gluster.plugins.module_utils.adapter import COMMON_SPEC, desired_or_fail, run
from ansible_collections.brickwork.gluster.plugins.module_utils.command import CommandRunner
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.clone import CloneOperation, desired_clone


def argument_spec() -> Dict[str, Any]:
    """Return the module's parameters."""
    return dict(
        COMMON_SPEC,
        volume={"type": "str", "required": True},
        name={"type": "str", "required": True},
        timeout={"type": "int", "default": 120},
    )


def main() -> None:
    module = AnsibleModule(argument_spec=argument_spec(), supports_check_mode=True)
    desired = desired_or_fail(module, desired_clone)
    gluster = Gluster(CommandRunner(), module.params["command_timeout"], warn=module.warn)
    run(module, CloneOperation(gluster, desired, module.params["timeout"]))


if __name__ == "__main__":
    main()
