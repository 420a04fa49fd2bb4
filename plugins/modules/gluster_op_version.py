#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: gluster_op_version
short_description: Raise the op-version of the pool as far as members and clients allow
version_added: 1.0.0
description:
  - After an upgrade of all members, C(cluster.op-version) still is that of the version before, so that the pool works
    as that did. This module raises it. It never goes back, and with it neither can a member.
  - Without O(op_version), it becomes the highest that all members and all connected clients support. The clients that
    hold it back are in RV(older_clients).
author:
  - Brickwork contributors (@brickwork)
extends_documentation_fragment:
  - brickwork.gluster.attributes
  - brickwork.gluster.attributes.changes
options:
  op_version:
    description: The op-version, such as V(100000) for GlusterFS 10. A higher one that holds already is refused.
    type: int
notes:
  - A client that was upgraded reports the new op-version only when it has mounted again.
  - Clients that are not connected at that moment are not known. One that is too old can't mount volumes that use what
    its version does not know.
seealso:
  - module: brickwork.gluster.gluster_info
"""

EXAMPLES = r"""
- name: Raise the op-version as far as clients allow
  brickwork.gluster.gluster_op_version:
  register: raised
  run_once: true

- name: Name the clients that hold it back
  ansible.builtin.debug:
    msg: "{{ raised.older_clients }}"
  run_once: true
"""

RETURN = r"""
op_version:
  description: The op-version of the pool, in check mode the one before.
  returned: success
  type: int
  sample: 100000
highest:
  description: The highest that all members support.
  returned: success
  type: int
  sample: 110000
older_clients:
  description: The connected clients that support less than RV(highest).
  returned: success
  type: list
  elements: dict
  sample: [{"address": "192.168.72.111", "op_version": 100000}]
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
    - kind: set_op_version
      target: pool
      command: gluster --mode=script --xml volume set all cluster.op-version 100000
      destroys: false
steps_done:
  description: The steps that were done before one failed.
  returned: when a step failed
  type: list
  elements: dict
  sample:
    - kind: set_op_version
      target: pool
      command: gluster --mode=script --xml volume set all cluster.op-version 100000
      destroys: false
failed_step:
  description: The step that failed.
  returned: when a step failed
  type: dict
  sample:
    kind: set_op_version
    target: pool
    command: gluster --mode=script --xml volume set all cluster.op-version 100000
    destroys: false
"""

from typing import Any, Dict

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.brickwork.gluster.plugins.module_utils.adapter import COMMON_SPEC, run
from ansible_collections.brickwork.gluster.plugins.module_utils.command import CommandRunner
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.op_version import OpVersionOperation


def argument_spec() -> Dict[str, Any]:
    """Return the module's parameters."""
    return dict(COMMON_SPEC, op_version={"type": "int"})


def main() -> None:
    module = AnsibleModule(argument_spec=argument_spec(), supports_check_mode=True)
    gluster = Gluster(CommandRunner(), module.params["command_timeout"])
    run(module, OpVersionOperation(gluster, module.params["op_version"]))


if __name__ == "__main__":
    main()
