#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: gluster_brick
short_description: Take a brick up anew on an empty disk, or replace it by another one
version_added: 1.0.0
description:
  - Without O(new_brick), has a volume take up a brick anew whose disk was lost and is replaced by an empty one. With
    it, replaces the brick by another one, on this node.
  - Run it on the node that holds the directory of the new brick, which M(brickwork.gluster.lvm_brick) makes before;
    with O(only_judge) on any, before that is made.
  - Healing fills the new brick from the others of its set. So the module refuses while one of them does not serve, has
    entries in split-brain, or can't be asked. A brick that still serves is replaced only while nothing waits for
    healing.
  - Without O(new_brick), it also refuses while an arbiter of the set lists entries as waiting for healing that no brick
    with contents lists, since only the lost brick may have these. With O(new_brick) and O(lost), nobody waits for it.
  - It refuses a directory that is not empty, has the mark of another volume, or is on the root file system.
author:
  - Brickwork contributors (@brickwork)
extends_documentation_fragment:
  - brickwork.gluster.attributes
  - brickwork.gluster.attributes.changes
options:
  volume:
    description: Name of the volume, replicated or dispersed, and started.
    type: str
    required: true
  brick:
    description: The brick, as C(host:/path).
    type: str
    required: true
  new_brick:
    description: The brick that takes its place, as C(host:/path). By default the same place.
    type: str
  lost:
    description:
      - With O(new_brick), that the old brick does not come back. Without it, a brick that does not serve is not
        replaced by another one, as it may hold what the others have missed.
    type: bool
    default: false
  lost_with:
    description:
      - Other bricks of its set (C(host:/path)) that do not come back either. Those of them that do not serve are not
        waited for, as long as the rest of the set holds all files. An arbiter holds none.
    type: list
    elements: str
    default: []
  only_judge:
    description:
      - Changes nothing. Refuses where an arbiter of the set lists files that wait for healing and that no copy lists,
        so that only O(brick) may have their contents. The directory of the new brick need not be there, and any node of
        the pool can be asked.
    type: bool
    default: false
  timeout:
    description: Seconds to wait until the new brick serves.
    type: int
    default: 120
notes:
  - The volume option C(user.brickwork-filling) remembers which brick is new, until M(brickwork.gluster.gluster_heal)
    has seen that it is filled.
  - It does not wait for healing; M(brickwork.gluster.gluster_heal) does.
  - What a replaced brick held stays where it is.
  - A glusterd that has read its volumes before the directory was there refuses to take up the brick. It is restarted
    then, without its bricks.
seealso:
  - module: brickwork.gluster.lvm_brick
  - module: brickwork.gluster.gluster_heal
"""

EXAMPLES = r"""
- name: See that the arbiter knows nothing that only this brick has, before anything is made
  brickwork.gluster.gluster_brick:
    volume: shared
    brick: 192.168.72.102:/srv/gluster/shared-2/brick
    only_judge: true

- name: Make the brick on the new disk
  brickwork.gluster.lvm_brick:
    bricks:
      - name: shared-2
        device: /dev/sdb
        size: 10GiB

- name: Have the volume take it up
  brickwork.gluster.gluster_brick:
    volume: shared
    brick: 192.168.72.102:/srv/gluster/shared-2/brick
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
    - kind: reset_brick
      target: 192.168.72.102:/srv/gluster/shared-2/brick
      command: gluster volume reset-brick shared 192.168.72.102:/srv/gluster/shared-2/brick start
      destroys: false
steps_done:
  description: The steps that were done before one failed.
  returned: when a step failed
  type: list
  elements: dict
  sample:
    - kind: reset_brick
      target: 192.168.72.102:/srv/gluster/shared-2/brick
      command: gluster volume reset-brick shared 192.168.72.102:/srv/gluster/shared-2/brick start
      destroys: false
failed_step:
  description: The step that failed.
  returned: when a step failed
  type: dict
  sample:
    kind: take_up_brick
    target: 192.168.72.102:/srv/gluster/shared-2/brick
    command: gluster volume reset-brick shared 192.168.72.102:/srv/gluster/shared-2/brick commit force
    destroys: false
"""

from typing import Any, Dict

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.brickwork.gluster.plugins.module_utils.adapter import COMMON_SPEC, desired_or_fail, run
from ansible_collections.brickwork.gluster.plugins.module_utils.command import CommandRunner
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.host import GLUSTERD, DaemonHost, Unit
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.brick_change import (
    BrickChangeOperation,
    desired_change,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.marks import BrickDirectories
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.pool import wait_until_whole


def argument_spec() -> Dict[str, Any]:
    """Return the module's parameters."""
    return dict(
        COMMON_SPEC,
        volume={"type": "str", "required": True},
        brick={"type": "str", "required": True},
        new_brick={"type": "str"},
        lost={"type": "bool", "default": False},
        lost_with={"type": "list", "elements": "str", "default": []},
        only_judge={"type": "bool", "default": False},
        timeout={"type": "int", "default": 120},
    )


def main() -> None:
    module = AnsibleModule(argument_spec=argument_spec(), supports_check_mode=True)
    desired = desired_or_fail(module, desired_change)
    runner, limit, timeout = CommandRunner(), module.params["command_timeout"], module.params["timeout"]
    gluster, host = Gluster(runner, limit, warn=module.warn), DaemonHost(runner, limit)

    def restart() -> None:
        wait_until_whole(gluster, timeout)
        host.restart(host.units().get(GLUSTERD, Unit()).kill_mode)
        wait_until_whole(gluster, timeout)

    run(module, BrickChangeOperation(gluster, BrickDirectories(), desired, restart, timeout))


if __name__ == "__main__":
    main()
