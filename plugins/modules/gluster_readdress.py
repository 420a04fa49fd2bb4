#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: gluster_readdress
short_description: Have a pool know a member, or a brick of it, by another address
version_added: 1.0.0
description:
  - Without O(brick), adds an address to those by which the pool knows a member (C(gluster peer probe)).
  - With O(brick), has a volume know a brick of that member by the address as well. The brick's process ends and starts
    again on the same files (C(gluster volume reset-brick)), which takes some seconds; what is written meanwhile is
    healed. The gate is asked before, as by M(brickwork.gluster.gluster_gate).
  - It asks first who is at the address, and refuses if that is not the member. It waits until the brick serves, and the
    clients that were connected to it are connected again.
  - Run it on another member. In a pool of one, run it on that one.
author:
  - Brickwork contributors (@brickwork)
extends_documentation_fragment:
  - brickwork.gluster.attributes
  - brickwork.gluster.attributes.changes
options:
  uuid:
    description: The member, by its uuid, as C(gluster pool list) shows it.
    type: str
    required: true
  address:
    description: The address or name that it gets. Its old one has to lead to it still.
    type: str
    required: true
  volume:
    description: Name of the volume that has O(brick).
    type: str
  brick:
    description: The brick that gets the address, as C(host:/path) with the host that it has now.
    type: str
  accept_downtime:
    description: Volumes whose clients can wait for some seconds, such as those without copies, and with two.
    type: list
    elements: str
    default: []
  timeout:
    description: Seconds to wait for members, the brick, and each its clients.
    type: int
    default: 120
notes:
  - It does not wait for healing; M(brickwork.gluster.gluster_heal) does.
  - The pool goes on to know the member by its old name, too. GlusterFS has no command to forget one.
seealso:
  - module: brickwork.gluster.gluster_peer_names
  - module: brickwork.gluster.gluster_gate
"""

EXAMPLES = r"""
- name: Have the pool know the member by its new address
  brickwork.gluster.gluster_readdress:
    uuid: 7d3c1e2a-5f0b-4f0e-9c55-4b3b6a1f9d10
    address: 192.168.73.102

- name: Have the volume know the brick by it
  brickwork.gluster.gluster_readdress:
    uuid: 7d3c1e2a-5f0b-4f0e-9c55-4b3b6a1f9d10
    address: 192.168.73.102
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
    - kind: stop_brick
      target: 192.168.72.102:/srv/gluster/shared-2/brick
      command: gluster volume reset-brick shared 192.168.72.102:/srv/gluster/shared-2/brick start
      destroys: false
steps_done:
  description: The steps that were done before one failed.
  returned: when a step failed
  type: list
  elements: dict
  sample:
    - kind: stop_brick
      target: 192.168.72.102:/srv/gluster/shared-2/brick
      command: gluster volume reset-brick shared 192.168.72.102:/srv/gluster/shared-2/brick start
      destroys: false
failed_step:
  description: The step that failed.
  returned: when a step failed
  type: dict
  sample:
    kind: rename_brick
    target: 192.168.72.102:/srv/gluster/shared-2/brick
    command: gluster volume reset-brick shared 192.168.72.102:/srv/gluster/shared-2/brick
      192.168.73.102:/srv/gluster/shared-2/brick commit force
    destroys: false
"""

from typing import Any, Dict

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.brickwork.gluster.plugins.module_utils.adapter import COMMON_SPEC, desired_or_fail, run
from ansible_collections.brickwork.gluster.plugins.module_utils.command import CommandRunner
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.pool import addresses_of
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.readdress import (
    AddressOperation,
    desired_address,
)


def argument_spec() -> Dict[str, Any]:
    """Return the module's parameters."""
    return dict(
        COMMON_SPEC,
        uuid={"type": "str", "required": True},
        address={"type": "str", "required": True},
        volume={"type": "str"},
        brick={"type": "str"},
        accept_downtime={"type": "list", "elements": "str", "default": []},
        timeout={"type": "int", "default": 120},
    )


def main() -> None:
    module = AnsibleModule(
        argument_spec=argument_spec(), supports_check_mode=True, required_together=[("volume", "brick")]
    )
    desired = desired_or_fail(module, desired_address)
    gluster = Gluster(CommandRunner(), module.params["command_timeout"], warn=module.warn)
    run(module, AddressOperation(gluster, desired, addresses_of, module.params["timeout"]))


if __name__ == "__main__":
    main()
