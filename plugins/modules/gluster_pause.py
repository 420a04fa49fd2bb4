#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: gluster_pause
short_description: Stop all volumes of a pool for an offline upgrade, and start them after it
version_added: 1.0.0
description:
  - With O(state=paused), stops all volumes that are started. Before the first is stopped, each gets a note in an
    option of its own (C(user.brickwork-upgrade)), so that a run after any cut knows which volumes are to be started.
  - It refuses, with every reason, while a volume is not named in O(accept_downtime), a brick does not serve, a member
    is away, files wait for healing or are in split-brain, a rebalance or a removal of bricks is under way, or
    geo-replication is set up.
  - With O(state=resumed), waits until all members see all others connected, starts the volumes that have the note,
    waits until all their bricks serve, and takes the note away. Volumes without a note stay as they are.
author:
  - Brickwork contributors (@brickwork)
extends_documentation_fragment:
  - brickwork.gluster.attributes
  - brickwork.gluster.attributes.changes
options:
  state:
    description: Whether the volumes are stopped for a while.
    type: str
    choices: [paused, resumed]
    required: true
  accept_downtime:
    description: The volumes that may be stopped. Each volume that is started has to be named.
    type: list
    elements: str
    default: []
  timeout:
    description: Seconds to wait for the members, and for the bricks of each volume that is started.
    type: int
    default: 120
notes:
  - Clients that have a volume mounted get errors while it is stopped.
  - Run it on one member of the pool.
seealso:
  - module: brickwork.gluster.gluster_node
  - module: brickwork.gluster.gluster_remount
"""

EXAMPLES = r"""
- name: Stop all volumes
  brickwork.gluster.gluster_pause:
    state: paused
    accept_downtime: [shared, archive]
  run_once: true

- name: Start those that were stopped so
  brickwork.gluster.gluster_pause:
    state: resumed
  run_once: true
"""

RETURN = r"""
paused:
  description: The volumes that have the note; none when all are started again.
  returned: success
  type: list
  elements: str
  sample: [archive, shared]
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
    - kind: note_volume
      target: shared
      command: gluster --mode=script --xml volume set shared user.brickwork-upgrade started
      destroys: false
    - kind: stop_volume
      target: shared
      command: gluster --mode=script --xml volume stop shared
      destroys: false
steps_done:
  description: The steps that were done before one failed.
  returned: when a step failed
  type: list
  elements: dict
  sample:
    - kind: note_volume
      target: shared
      command: gluster --mode=script --xml volume set shared user.brickwork-upgrade started
      destroys: false
failed_step:
  description: The step that failed.
  returned: when a step failed
  type: dict
  sample:
    kind: stop_volume
    target: shared
    command: gluster --mode=script --xml volume stop shared
    destroys: false
"""

from typing import Any, Dict

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.brickwork.gluster.plugins.module_utils.adapter import COMMON_SPEC, desired_or_fail, run
from ansible_collections.brickwork.gluster.plugins.module_utils.command import CommandRunner
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.pause import PauseOperation, desired_pause


def argument_spec() -> Dict[str, Any]:
    """Return the module's parameters."""
    return dict(
        COMMON_SPEC,
        state={"type": "str", "choices": ["paused", "resumed"], "required": True},
        accept_downtime={"type": "list", "elements": "str", "default": []},
        timeout={"type": "int", "default": 120},
    )


def main() -> None:
    module = AnsibleModule(argument_spec=argument_spec(), supports_check_mode=True)
    desired = desired_or_fail(module, desired_pause)
    gluster = Gluster(CommandRunner(), module.params["command_timeout"], warn=module.warn)
    run(module, PauseOperation(gluster, desired, module.params["timeout"]))


if __name__ == "__main__":
    main()
