#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: gluster_shrink
short_description: Take sets out of a volume, after their files have moved to the others
version_added: 1.0.0
description:
  - Has GlusterFS move the files of whole sets of bricks to the sets that stay, waits for that with progress, and then
    takes the bricks out of the volume. The bricks keep their logical volumes.
  - The bricks leave only if all members have told that no file failed or was skipped. Otherwise they stay, and the
    error names the members and their log files. It never forces anything.
  - Each run goes on from what it finds. It takes up a removal of the same bricks that is under way, and commits one
    that is completed.
  - Before it begins, it refuses, with every reason, while files wait for healing or are in split-brain, while a brick
    does not serve or a member is away, while a rebalance or another removal runs, with snapshots of the volume, and
    where the sets that stay have not room for the files and a tenth more.
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
  sets:
    description: How many sets stay. The last ones leave. Exclusive with O(bricks).
    type: int
  bricks:
    description: The bricks that leave, each as C(host:/path), all of a set or none. Exclusive with O(sets).
    type: list
    elements: str
  state:
    description:
      - V(shrunk) takes the sets out. V(stopped) gives bricks back to the volume whose removal is not committed; what
        has moved stays where it is. V(observed) only tells how far it is.
    type: str
    choices: [shrunk, stopped, observed]
    default: shrunk
  commit:
    description: Whether the bricks leave the volume when all files have moved. Without it, a later run has them leave.
    type: bool
    default: true
  wait:
    description: Whether to wait for the end. Without it, the module takes the next step, and ends.
    type: bool
    default: true
  timeout:
    description: Seconds to wait at most. What is under way goes on after it.
    type: int
    default: 604800
  patience:
    description: Seconds after which a wait ends with an error in which nothing was moved or looked at.
    type: int
    default: 3600
  interval:
    description: Seconds between two looks.
    type: int
    default: 10
notes:
  - Ctrl-C ends the wait, and not the removal. A later run takes it up.
  - Bricks that left a volume keep what they held. Remove them with M(brickwork.gluster.lvm_brick).
seealso:
  - module: brickwork.gluster.gluster_rebalance
  - module: brickwork.gluster.lvm_brick
"""

EXAMPLES = r"""
- name: Have one set stay
  brickwork.gluster.gluster_shrink:
    volume: shared
    sets: 1
  run_once: true

- name: Give the bricks back to the volume
  brickwork.gluster.gluster_shrink:
    volume: shared
    state: stopped
  run_once: true
"""

RETURN = r"""
freed:
  description: The bricks that left the volume in this run, or in check mode would leave it.
  returned: success
  type: list
  elements: str
  sample: ["192.168.72.101:/srv/gluster/shared-4/brick"]
sets:
  description: How many sets the volume has now.
  returned: success
  type: int
  sample: 1
volumes:
  description: How far the volume is, as it was seen last.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Name of the volume.
      type: str
    state:
      description: C(not started), C(in progress), C(completed), C(failed) or C(stopped).
      type: str
    layout_only:
      description: Whether only the layout of folders changes.
      type: bool
    files:
      description: Files that were moved.
      type: int
    size:
      description: Bytes that were moved.
      type: int
    scanned:
      description: Files that were looked at.
      type: int
    failures:
      description: Files that could not be moved.
      type: int
    skipped:
      description: Files that were left where they are.
      type: int
    left:
      description: About how many bytes are still to be moved.
      type: int
    used:
      description: Bytes that are on all bricks of the volume.
      type: int
    problems:
      description: By member how many files did not move, and where their names are, in sentences.
      type: list
      elements: str
    silent:
      description: Members that move files and do not tell what they have moved, such as one that is away.
      type: list
      elements: str
    members:
      description:
        - The same numbers by member that moves files, with its C(name), C(state) and C(seconds).
      type: list
      elements: dict
  sample:
    - name: shared
      state: completed
      layout_only: false
      files: 478
      size: 9560000
      scanned: 1500
      failures: 0
      skipped: 1
      left: 0
      used: 34560000
      problems:
        - "192.168.72.101: 0 files failed and 1 were skipped; their names are in
          /var/log/glusterfs/shared-rebalance.log there"
      silent: []
      members:
        - name: 192.168.72.101
          state: completed
          files: 478
          size: 9560000
          scanned: 1500
          failures: 0
          skipped: 1
          seconds: 18
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
    - kind: start_removal
      target: shared
      command: gluster volume remove-brick shared 192.168.72.101:/srv/gluster/shared-4/brick start
      destroys: false
steps_done:
  description: The steps that were done before one failed.
  returned: when a step failed
  type: list
  elements: dict
  sample:
    - kind: start_removal
      target: shared
      command: gluster volume remove-brick shared 192.168.72.101:/srv/gluster/shared-4/brick start
      destroys: false
failed_step:
  description: The step that failed.
  returned: when a step failed
  type: dict
  sample:
    kind: start_removal
    target: shared
    command: gluster volume remove-brick shared 192.168.72.101:/srv/gluster/shared-4/brick start
    destroys: false
"""

from typing import Any, Dict

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.brickwork.gluster.plugins.module_utils.adapter import COMMON_SPEC, desired_or_fail, run
from ansible_collections.brickwork.gluster.plugins.module_utils.command import CommandRunner
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.shrink import ShrinkOperation, desired_shrink


def argument_spec() -> Dict[str, Any]:
    """Return the module's parameters. What is about waiting is for the action plugin, which runs this module anew."""
    return dict(
        COMMON_SPEC,
        volume={"type": "str", "required": True},
        sets={"type": "int"},
        bricks={"type": "list", "elements": "str"},
        state={"type": "str", "choices": ["shrunk", "stopped", "observed"], "default": "shrunk"},
        commit={"type": "bool", "default": True},
        wait={"type": "bool", "default": True},
        timeout={"type": "int", "default": 604800},
        patience={"type": "int", "default": 3600},
        interval={"type": "int", "default": 10},
    )


def main() -> None:
    module = AnsibleModule(argument_spec=argument_spec(), supports_check_mode=True)
    desired = desired_or_fail(module, desired_shrink)
    gluster = Gluster(CommandRunner(), module.params["command_timeout"], warn=module.warn)
    run(module, ShrinkOperation(gluster, desired, ahead=module.check_mode))


if __name__ == "__main__":
    main()
