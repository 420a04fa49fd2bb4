#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: gluster_replica
short_description: Change how many copies a volume keeps
version_added: 1.0.0
description:
  - Gives each set of a volume one copy more, has copies leave, or has an arbiter take the place of a copy, while
    clients go on. What leaves does so first, right before what is new comes.
  - A volume without copies gets two, one with two gets a third or an arbiter. A third copy may give way to an arbiter,
    and an arbiter to a copy.
  - Sets get one copy at a time. So the way from a volume without copies to three is two runs, with all healed between
    them.
  - Before it begins, it refuses, with every reason, while files wait for healing or are in split-brain, while a brick
    does not serve or a member is away, while files move, and while a client is not connected to the bricks that stay.
  - Dispersed volumes keep the shape that they were made with.
  - Each run goes on from what it finds, also where the old bricks have left and the new ones have not come.
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
  type:
    description: What the volume is to be, V(replicate), or V(arbiter) for two copies and an arbiter.
    type: str
    choices: [replicate, arbiter]
    default: replicate
  replicas:
    description: Copies of each file, for O(type=replicate). By default 3.
    type: int
  new_bricks:
    description:
      - The new bricks, each as C(host:/path), one for each set, in the order of the sets. Their directories are there,
        on file systems of their own (M(brickwork.gluster.lvm_brick)).
    type: list
    elements: str
  old_bricks:
    description: The bricks that leave, each as C(host:/path), as many of each set.
    type: list
    elements: str
  accept_fewer_copies:
    description:
      - Allows that bricks leave, so that there are fewer copies of each file than before, with new bricks until these
        are healed.
    type: bool
    default: false
  force:
    description:
      - Allows to add bricks by force where that is needed. From version 9 on, GlusterFS compares the servers of all new
        bricks, and from 10 on those of all bricks of the volume, and so refuses bricks of different sets on one server.
        The module itself looks that no two bricks of a set are on one member, and that all bricks serve.
      - With it, GlusterFS does not look whether the directory of a new brick is on the root file system, or was a brick
        of another volume. M(brickwork.gluster.lvm_brick) on their nodes, right before, does.
    type: bool
    default: false
  timeout:
    description: Seconds to wait until the new bricks serve and are being filled.
    type: int
    default: 120
notes:
  - The volume option C(user.brickwork-filling) remembers which bricks are new, until M(brickwork.gluster.gluster_heal)
    has seen that they are filled. Until then no other brick of their sets may leave.
  - It does not wait until all is healed; M(brickwork.gluster.gluster_heal) does.
  - Bricks that left a volume keep what they held. Remove them with M(brickwork.gluster.lvm_brick).
seealso:
  - module: brickwork.gluster.gluster_heal
  - module: brickwork.gluster.lvm_brick
"""

EXAMPLES = r"""
- name: Give each of two sets a third copy
  brickwork.gluster.gluster_replica:
    volume: shared
    replicas: 3
    new_bricks:
      - 192.168.72.103:/srv/gluster/shared-5/brick
      - 192.168.72.103:/srv/gluster/shared-6/brick
    force: true
  run_once: true

- name: Have an arbiter instead of the third copy
  brickwork.gluster.gluster_replica:
    volume: archive
    type: arbiter
    new_bricks: ["192.168.72.104:/srv/gluster/archive-4/brick"]
    old_bricks: ["192.168.72.103:/srv/gluster/archive-3/brick"]
    accept_fewer_copies: true
  run_once: true
"""

RETURN = r"""
bricks:
  description: The bricks of the volume as they are now, set after set.
  returned: success
  type: list
  elements: str
  sample:
    - 192.168.72.101:/srv/gluster/shared-1/brick
    - 192.168.72.102:/srv/gluster/shared-2/brick
    - 192.168.72.103:/srv/gluster/shared-3/brick
freed:
  description: The bricks that left the volume in this run, or in check mode would leave it.
  returned: success
  type: list
  elements: str
  sample: ["192.168.72.103:/srv/gluster/archive-3/brick"]
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
    - kind: add_copies
      target: shared
      command: gluster volume add-brick shared replica 3 192.168.72.103:/srv/gluster/shared-3/brick
      destroys: false
steps_done:
  description: The steps that were done before one failed.
  returned: when a step failed
  type: list
  elements: dict
  sample:
    - kind: remove_copies
      target: archive
      command: gluster volume remove-brick archive replica 2 192.168.72.103:/srv/gluster/archive-3/brick force
      destroys: false
failed_step:
  description: The step that failed.
  returned: when a step failed
  type: dict
  sample:
    kind: add_copies
    target: archive
    command: gluster volume add-brick archive replica 3 arbiter 1 192.168.72.104:/srv/gluster/archive-4/brick
    destroys: false
"""

from typing import Any, Dict

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.brickwork.gluster.plugins.module_utils.adapter import COMMON_SPEC, desired_or_fail, run
from ansible_collections.brickwork.gluster.plugins.module_utils.command import CommandRunner
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.replica import ReplicaOperation, desired_replica


def argument_spec() -> Dict[str, Any]:
    """Return the module's parameters."""
    return dict(
        COMMON_SPEC,
        volume={"type": "str", "required": True},
        type={"type": "str", "choices": ["replicate", "arbiter"], "default": "replicate"},
        replicas={"type": "int"},
        new_bricks={"type": "list", "elements": "str"},
        old_bricks={"type": "list", "elements": "str"},
        accept_fewer_copies={"type": "bool", "default": False},
        force={"type": "bool", "default": False},
        timeout={"type": "int", "default": 120},
    )


def main() -> None:
    module = AnsibleModule(argument_spec=argument_spec(), supports_check_mode=True)
    desired = desired_or_fail(module, desired_replica)
    gluster = Gluster(CommandRunner(), module.params["command_timeout"], warn=module.warn)
    run(module, ReplicaOperation(gluster, desired, module.params["timeout"]))


if __name__ == "__main__":
    main()
