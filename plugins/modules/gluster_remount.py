#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: gluster_remount
short_description: Have volumes mounted by the version of GlusterFS that is installed
version_added: 1.0.0
description:
  - A mount goes on with the program that it was begun with, also after another version was installed. This module
    unmounts such mounts where nothing uses them, and mounts them again by their line in C(/etc/fstab).
  - A mount that is in use, that has another one in it or on it, or for which C(/etc/fstab) has no line or another
    volume, stays as it is and is named.
  - It fails where C(/etc/fstab) has a volume without C(noauto) that is not mounted, as after a cut between unmounting
    and mounting. See that nothing was written into the directory meanwhile, and mount it.
  - Between unmounting and mounting, for about a second, the mount point shows the directory below it.
  - With O(state=unmounted) and O(state=mounted), all volumes of the machine are unmounted before something that stops
    the volumes, and mounted after it.
author:
  - Brickwork contributors (@brickwork)
extends_documentation_fragment:
  - brickwork.gluster.attributes
  - brickwork.gluster.attributes.changes
options:
  state:
    description:
      - V(renewed) has what an older program serves mounted anew.
      - V(unmounted) unmounts all volumes, or none. It fails where one of them is in use, has another mount in it or on
        it, or would not be mounted again by C(/etc/fstab), and names all of these.
      - V(mounted) mounts what C(/etc/fstab) has mounted at boot.
    type: str
    choices: [renewed, unmounted, mounted]
    default: renewed
  volumes:
    description:
      - With O(state=unmounted), the volumes that are unmounted; all if none is named. What is mounted of another pool
        stays, unless its volume has the same name.
    type: list
    elements: str
    default: []
seealso:
  - module: brickwork.gluster.gluster_op_version
  - module: brickwork.gluster.gluster_pause
"""

EXAMPLES = r"""
- name: Have volumes mounted by the installed version
  brickwork.gluster.gluster_remount:
  register: mounts

- name: Name those that are in use
  ansible.builtin.debug:
    msg: "{{ mounts.kept }}"

- name: See whether the volumes could be unmounted now
  brickwork.gluster.gluster_remount:
    state: unmounted
  check_mode: true
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

from typing import Any, Callable, Dict

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.brickwork.gluster.plugins.module_utils.adapter import COMMON_SPEC, run
from ansible_collections.brickwork.gluster.plugins.module_utils.command import CommandRunner
from ansible_collections.brickwork.gluster.plugins.module_utils.remount import (
    MountOperation,
    RemountOperation,
    UnmountOperation,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import Operation

_OPERATIONS: Dict[str, Callable[..., Operation[Any]]] = {
    "renewed": RemountOperation,
    "unmounted": UnmountOperation,
    "mounted": MountOperation,
}


def argument_spec() -> Dict[str, Any]:
    """Return the module's parameters."""
    return dict(
        COMMON_SPEC,
        state={"type": "str", "choices": list(_OPERATIONS), "default": "renewed"},
        volumes={"type": "list", "elements": "str", "default": []},
    )


def main() -> None:
    module = AnsibleModule(argument_spec=argument_spec(), supports_check_mode=True)
    state = module.params["state"]
    named = {"volumes": module.params["volumes"]} if state == "unmounted" else {}
    run(module, _OPERATIONS[state](CommandRunner(), module.params["command_timeout"], **named))


if __name__ == "__main__":
    main()
