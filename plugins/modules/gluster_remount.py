#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: gluster_remount
short_description: Have volumes mounted by the version of GlusterFS that is installed
version_added: 0.2.0
description:
  - A mount goes on with the program that it was begun with, also after another version was installed. This module
    unmounts such mounts where nothing uses them, and mounts them again by their line in C(/etc/fstab).
  - A mount that is in use, that has another one in it or on it, or for which C(/etc/fstab) has no line or another
    volume, stays as it is and is named.
  - It fails where C(/etc/fstab) has a volume without C(noauto) that is not mounted, as after a cut between unmounting
    and mounting. See that nothing was written into the directory meanwhile, and mount it.
  - Between unmounting and mounting, for about a second, the mount point shows the directory below it.
author:
  - Brickwork contributors (@brickwork)
extends_documentation_fragment:
  - brickwork.gluster.attributes
  - brickwork.gluster.attributes.changes
seealso:
  - module: brickwork.gluster.gluster_op_version
"""

EXAMPLES = r"""
- name: Have volumes mounted by the installed version
  brickwork.gluster.gluster_remount:
  register: mounts

- name: Name those that are in use
  ansible.builtin.debug:
    msg: "{{ mounts.kept }}"
"""

RETURN = r"""
kept:
  description: The mounts that an older program goes on to serve, each with its path and the reason.
  returned: success
  type: list
  elements: dict
  sample:
    - path: /mnt/shared
      reason: in use by rsync (4711)
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
    - kind: remount
      target: /mnt/archive
      command: umount /mnt/archive
      destroys: false
steps_done:
  description: The steps that were done before one failed.
  returned: when a step failed
  type: list
  elements: dict
  sample:
    - kind: remount
      target: /mnt/archive
      command: umount /mnt/archive
      destroys: false
failed_step:
  description: The step that failed.
  returned: when a step failed
  type: dict
  sample:
    kind: remount
    target: /mnt/shared
    command: umount /mnt/shared
    destroys: false
"""

from typing import Any, Dict

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.brickwork.gluster.plugins.module_utils.adapter import COMMON_SPEC, run
from ansible_collections.brickwork.gluster.plugins.module_utils.command import CommandRunner
from ansible_collections.brickwork.gluster.plugins.module_utils.remount import RemountOperation


def argument_spec() -> Dict[str, Any]:
    """Return the module's parameters."""
    return dict(COMMON_SPEC)


def main() -> None:
    module = AnsibleModule(argument_spec=argument_spec(), supports_check_mode=True)
    run(module, RemountOperation(CommandRunner(), module.params["command_timeout"]))


if __name__ == "__main__":
    main()
