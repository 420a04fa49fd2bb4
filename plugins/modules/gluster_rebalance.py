#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: gluster_rebalance
short_description: Spread the files of volumes over all their sets, and wait for it with progress
version_added: 1.0.0
description:
  - After sets were added to a volume, its files are still on the old ones, and its old folders do not use the new ones.
    This module moves the files, or with O(layout_only) only has new files of all folders use all sets.
  - A rebalance that is under way is taken up, and none is started where the last one was of the same bricks and moved
    all that it could. With one set there is nothing to move.
  - It refuses, with every reason, while files wait for healing or are in split-brain, while a brick does not serve or a
    member is away, and while bricks leave the volume.
  - It ends with an error, which names the members and their log files, when files could not be moved. Files that were
    skipped are told, and are no error. GlusterFS skips a file whose new set has less room than its old one, for
    example.
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
  state:
    description:
      - V(started) spreads the files. V(stopped) stops that; what was moved stays where it is, and a later run goes on.
        V(observed) only tells how far it is.
    type: str
    choices: [started, stopped, observed]
    default: started
  layout_only:
    description: Move no files, and have new ones use all sets.
    type: bool
    default: false
  throttle:
    description:
      - How many files each member moves at a time (the volume option C(cluster.rebal-throttle)), also of a rebalance
        that is under way. Without it, the option stays as it is.
    type: str
    choices: [lazy, normal, aggressive]
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
  - Ctrl-C ends the wait, and not the rebalance. A later run takes it up.
  - The volume option C(user.brickwork-rebalance) remembers of which bricks a rebalance was started.
seealso:
  - module: brickwork.gluster.gluster_shrink
  - module: brickwork.gluster.gluster_volume
"""

EXAMPLES = r"""
- name: Spread the files, and let clients go first
  brickwork.gluster.gluster_rebalance:
    volumes: [shared]
    throttle: lazy
  run_once: true

- name: See how far it is
  brickwork.gluster.gluster_rebalance:
    volumes: [shared]
    state: observed
  register: shared
"""

RETURN = r"""
volumes:
  description: How far each volume is, as it was seen last.
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
    - kind: start_rebalance
      target: shared
      command: gluster volume rebalance shared start
      destroys: false
steps_done:
  description: The steps that were done before one failed.
  returned: when a step failed
  type: list
  elements: dict
  sample:
    - kind: start_rebalance
      target: shared
      command: gluster volume rebalance shared start
      destroys: false
failed_step:
  description: The step that failed.
  returned: when a step failed
  type: dict
  sample:
    kind: start_rebalance
    target: shared
    command: gluster volume rebalance shared start
    destroys: false
"""

from typing import Any, Dict

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.brickwork.gluster.plugins.module_utils.adapter import COMMON_SPEC, desired_or_fail, run
from ansible_collections.brickwork.gluster.plugins.module_utils.command import CommandRunner
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.rebalance import (
    RebalanceOperation,
    desired_rebalance,
)


def argument_spec() -> Dict[str, Any]:
    """Return the module's parameters. What is about waiting is for the action plugin, which runs this module anew."""
    return dict(
        COMMON_SPEC,
        volumes={"type": "list", "elements": "str", "required": True},
        state={"type": "str", "choices": ["started", "stopped", "observed"], "default": "started"},
        layout_only={"type": "bool", "default": False},
        throttle={"type": "str", "choices": ["lazy", "normal", "aggressive"]},
        wait={"type": "bool", "default": True},
        timeout={"type": "int", "default": 604800},
        patience={"type": "int", "default": 3600},
        interval={"type": "int", "default": 10},
    )


def main() -> None:
    module = AnsibleModule(argument_spec=argument_spec(), supports_check_mode=True)
    desired = desired_or_fail(module, desired_rebalance)
    gluster = Gluster(CommandRunner(), module.params["command_timeout"], warn=module.warn)
    run(module, RebalanceOperation(gluster, desired))


if __name__ == "__main__":
    main()
