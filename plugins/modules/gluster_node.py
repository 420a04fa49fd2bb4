#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: gluster_node
short_description: Take a storage node out of service for work on it, and back
version_added: 1.0.0
description:
  - With O(state=maintenance), asks whether the node may be stopped, as M(brickwork.gluster.gluster_gate) does. It then
    ends the node's bricks in order, so that clients go on with the others at once, then the daemons for healing, then
    glusterd. The node can be switched off then.
  - From then on glusterd does not start on the node, also not at a boot, until O(state=active).
  - With O(state=active), starts glusterd, and waits until the pool is whole and the node's bricks are online. It does
    not wait for healing; M(brickwork.gluster.gluster_heal) does.
  - A run that was cut off is continued by the next one.
author:
  - Brickwork contributors (@brickwork)
extends_documentation_fragment:
  - brickwork.gluster.attributes
  - brickwork.gluster.attributes.changes
options:
  state:
    description: Whether the node serves.
    type: str
    choices: [active, maintenance]
    required: true
  reason:
    description: Told to whoever meets the node in maintenance.
    type: str
  accept_downtime:
    description: See M(brickwork.gluster.gluster_gate).
    type: list
    elements: str
    default: []
  whole_pool:
    description:
      - Whether all members of the pool are stopped together, and started together, as for an offline upgrade.
      - With O(state=maintenance), no gate is asked. The node is not stopped while any volume is started;
        M(brickwork.gluster.gluster_pause) stops them.
      - With O(state=active), nothing is waited for, as the others are started at the same time. A node that is in
        maintenance for another reason than V(brickwork playbook upgrade offline) is refused.
    type: bool
    default: false
  timeout:
    description: Seconds to wait for processes to end, and for pool and bricks to come back.
    type: int
    default: 120
notes:
  - Mounts of volumes on the node go on, with the bricks of other nodes.
seealso:
  - module: brickwork.gluster.gluster_gate
  - module: brickwork.gluster.gluster_heal
  - module: brickwork.gluster.gluster_pause
"""

EXAMPLES = r"""
- name: Take the node out of service
  brickwork.gluster.gluster_node:
    state: maintenance
    reason: new power supply

- name: Have it serve again
  brickwork.gluster.gluster_node:
    state: active

- name: Wait until what it missed is healed
  brickwork.gluster.gluster_heal:
"""

RETURN = r"""
maintenance:
  description: Since when the node is in maintenance, and why, empty if it is not.
  returned: success
  type: str
  sample: 2026-11-28 10:40 UTC (new power supply)
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
    - kind: end_bricks
      target: 2 processes
      command: kill 1432 1433
      destroys: false
    - kind: stop
      target: glusterd
      command: systemctl stop glusterd
      destroys: false
steps_done:
  description: The steps that were done before one failed.
  returned: when a step failed
  type: list
  elements: dict
  sample:
    - kind: end_bricks
      target: 2 processes
      command: kill 1432 1433
      destroys: false
failed_step:
  description: The step that failed.
  returned: when a step failed
  type: dict
  sample:
    kind: stop
    target: glusterd
    command: systemctl stop glusterd
    destroys: false
"""

from typing import Any, Dict

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.brickwork.gluster.plugins.module_utils.adapter import COMMON_SPEC, desired_or_fail, run
from ansible_collections.brickwork.gluster.plugins.module_utils.command import CommandRunner
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.host import DaemonHost
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.maintenance import (
    NodeOperation,
    desired_node,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster


def argument_spec() -> Dict[str, Any]:
    """Return the module's parameters."""
    return dict(
        COMMON_SPEC,
        state={"type": "str", "choices": ["active", "maintenance"], "required": True},
        reason={"type": "str"},
        accept_downtime={"type": "list", "elements": "str", "default": []},
        whole_pool={"type": "bool", "default": False},
        timeout={"type": "int", "default": 120},
    )


def main() -> None:
    module = AnsibleModule(argument_spec=argument_spec(), supports_check_mode=True)
    desired = desired_or_fail(module, desired_node)
    runner, limit = CommandRunner(), module.params["command_timeout"]
    gluster = Gluster(runner, limit)
    run(module, NodeOperation(DaemonHost(runner, limit), gluster, desired, module.params["timeout"]))


if __name__ == "__main__":
    main()
