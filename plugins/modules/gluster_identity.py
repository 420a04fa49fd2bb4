#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: gluster_identity
short_description: Make a fresh machine the member of a pool again that it was
version_added: 1.0.0
description:
  - For a storage node whose system disk died, or that is another machine under the same address. Writes glusterd's own
    uuid and one peer into its working directory, starts it, and waits until all members see each other. glusterd gets
    the other peers and the volumes from that peer.
  - It refuses a node that has peers or volumes of another identity.
  - A run that was cut off is continued by the next one.
author:
  - Brickwork contributors (@brickwork)
extends_documentation_fragment:
  - brickwork.gluster.attributes
  - brickwork.gluster.attributes.changes
options:
  uuid:
    description: The uuid by which the pool knows this node's address, as C(gluster pool list) shows it.
    type: str
    required: true
  op_version:
    description: The pool's op-version, as C(operating-version) in C(/var/lib/glusterd/glusterd.info) of a member.
    type: int
    required: true
  peer_uuid:
    description: The uuid of another member.
    type: str
    required: true
  peer_address:
    description: The address of that member.
    type: str
    required: true
  timeout:
    description: Seconds to wait until all members see each other.
    type: int
    default: 120
notes:
  - The machine that had this identity before must not run any more.
seealso:
  - module: brickwork.gluster.plan_cluster
  - module: brickwork.gluster.gluster_brick
"""

EXAMPLES = r"""
- name: Make the node the member again that it was
  brickwork.gluster.gluster_identity:
    uuid: 7d3c1e2a-5f0b-4f0e-9c55-4b3b6a1f9d10
    op_version: 100000
    peer_uuid: 0f7a9a53-4d77-4d8a-8f0e-3f1c9d2b6e21
    peer_address: 192.168.72.101
"""

RETURN = r"""
uuid:
  description: The node's uuid, in check mode the one that it has.
  returned: success
  type: str
  sample: 7d3c1e2a-5f0b-4f0e-9c55-4b3b6a1f9d10
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
    - kind: stop
      target: glusterd
      command: systemctl stop glusterd
      destroys: false
failed_step:
  description: The step that failed.
  returned: when a step failed
  type: dict
  sample:
    kind: start
    target: glusterd
    command: systemctl start glusterd
    destroys: false
"""

from typing import Any, Dict

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.brickwork.gluster.plugins.module_utils.adapter import COMMON_SPEC, desired_or_fail, run
from ansible_collections.brickwork.gluster.plugins.module_utils.command import CommandRunner
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.host import DaemonHost
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.identity import (
    IdentityOperation,
    desired_identity,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster


def argument_spec() -> Dict[str, Any]:
    """Return the module's parameters."""
    return dict(
        COMMON_SPEC,
        uuid={"type": "str", "required": True},
        op_version={"type": "int", "required": True},
        peer_uuid={"type": "str", "required": True},
        peer_address={"type": "str", "required": True},
        timeout={"type": "int", "default": 120},
    )


def main() -> None:
    module = AnsibleModule(argument_spec=argument_spec(), supports_check_mode=True)
    desired = desired_or_fail(module, desired_identity)
    runner, limit = CommandRunner(), module.params["command_timeout"]
    gluster = Gluster(runner, limit)
    run(module, IdentityOperation(DaemonHost(runner, limit), gluster, desired, module.params["timeout"]))


if __name__ == "__main__":
    main()
