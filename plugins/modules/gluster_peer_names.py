#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: gluster_peer_names
short_description: Have glusterd reach another member by one of its names before the others
version_added: 1.0.0
description:
  - glusterd connects to the first name that it has of another member. C(gluster peer probe) adds a name as the last one
    below GlusterFS 11. This puts one first, in the file that this node has of the other member, while glusterd is
    stopped. The bricks of this node go on.
  - It asks first who is at the address from this node, and refuses if that is not the member.
  - Run it on each other member, one after the other. It waits until all members see each other, before and after.
author:
  - Brickwork contributors (@brickwork)
extends_documentation_fragment:
  - brickwork.gluster.attributes
  - brickwork.gluster.attributes.changes
options:
  uuid:
    description: The other member, by its uuid, as C(gluster pool list) shows it.
    type: str
    required: true
  address:
    description: The address or name of it that comes first.
    type: str
    required: true
  timeout:
    description: Seconds to wait until all members see each other.
    type: int
    default: 120
notes:
  - Its other names stay behind it. Members tell each other names, so that one that is taken out of the file of one
    comes back from another; and bricks of snapshots are known by them.
seealso:
  - module: brickwork.gluster.gluster_readdress
"""

EXAMPLES = r"""
- name: Have glusterd reach node2 by its new address
  brickwork.gluster.gluster_peer_names:
    uuid: 7d3c1e2a-5f0b-4f0e-9c55-4b3b6a1f9d10
    address: 192.168.73.102
"""

RETURN = r"""
names:
  description: The names of the other member, in the order in which glusterd reads them; in check mode as they are.
  returned: success
  type: list
  elements: str
  sample: ["192.168.73.102", "192.168.72.102"]
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
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.peer_names import NamesOperation, desired_name
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster


def argument_spec() -> Dict[str, Any]:
    """Return the module's parameters."""
    return dict(
        COMMON_SPEC,
        uuid={"type": "str", "required": True},
        address={"type": "str", "required": True},
        timeout={"type": "int", "default": 120},
    )


def main() -> None:
    module = AnsibleModule(argument_spec=argument_spec(), supports_check_mode=True)
    desired = desired_or_fail(module, desired_name)
    runner, limit = CommandRunner(), module.params["command_timeout"]
    host, gluster = DaemonHost(runner, limit), Gluster(runner, limit)
    run(module, NamesOperation(host, gluster, desired, module.params["timeout"]))


if __name__ == "__main__":
    main()
