#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: gluster_peer
short_description: Add machines to the trusted storage pool, or detach them
version_added: 1.0.0
description:
  - Ensures in one call that all given machines are in the trusted storage pool of this node, or that none of them is.
  - Then waits until every peer sees every other peer connected.
  - Identifies peers by uuid and by all names and addresses that the pool knows, so an address and a name are the same
    peer.
  - A peer that is rejected, that is in another pool, or that has the uuid of another peer is an error that says what to
    do.
author:
  - Brickwork contributors (@brickwork)
extends_documentation_fragment:
  - brickwork.gluster.attributes
  - brickwork.gluster.attributes.changes
options:
  peers:
    description:
      - Names or addresses of the machines. The node itself may be one of them.
      - Leaving a machine out detaches nothing.
    type: list
    elements: str
    required: true
  state:
    description:
      - V(present) probes the machines.
      - V(absent) detaches them. A peer that holds bricks is refused, with the list of its bricks.
    type: str
    choices: [present, absent]
    default: present
  lost:
    description: Names or addresses of members that do not come back. Nobody waits for them.
    type: list
    elements: str
    default: []
  timeout:
    description: Seconds to wait until every peer sees every other peer connected.
    type: int
    default: 60
seealso:
  - module: brickwork.gluster.gluster_info
"""

EXAMPLES = r"""
- name: Form a pool of three
  brickwork.gluster.gluster_peer:
    peers:
      - 192.168.72.101
      - 192.168.72.102
      - 192.168.72.103

- name: Take a machine without bricks out of the pool
  brickwork.gluster.gluster_peer:
    peers:
      - 192.168.72.103
    state: absent
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
    - kind: probe_peer
      target: 192.168.72.102
      command: gluster --mode=script --xml peer probe 192.168.72.102
      destroys: false
    - kind: probe_peer
      target: 192.168.72.103
      command: gluster --mode=script --xml peer probe 192.168.72.103
      destroys: false
steps_done:
  description: The steps that were done before one failed.
  returned: when a step failed
  type: list
  elements: dict
  sample:
    - kind: probe_peer
      target: 192.168.72.102
      command: gluster --mode=script --xml peer probe 192.168.72.102
      destroys: false
failed_step:
  description: The step that failed.
  returned: when a step failed
  type: dict
  sample:
    kind: probe_peer
    target: 192.168.72.103
    command: gluster --mode=script --xml peer probe 192.168.72.103
    destroys: false
"""

from typing import Any, Dict

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.brickwork.gluster.plugins.module_utils.adapter import COMMON_SPEC, desired_or_fail, run
from ansible_collections.brickwork.gluster.plugins.module_utils.command import CommandRunner
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.pool import DesiredPeers, PeerOperation
from ansible_collections.brickwork.gluster.plugins.module_utils.grammar import address


def argument_spec() -> Dict[str, Any]:
    """Return the module's parameters."""
    return dict(
        COMMON_SPEC,
        peers={"type": "list", "elements": "str", "required": True},
        state={"type": "str", "choices": ["present", "absent"], "default": "present"},
        lost={"type": "list", "elements": "str", "default": []},
        timeout={"type": "int", "default": 60},
    )


def desired_peer(params: Dict[str, Any]) -> DesiredPeers:
    """Return the DesiredPeers of the parameters; raises InputError."""
    peers = tuple(address("peers", name) for name in params["peers"])
    return DesiredPeers(peers, params["state"] == "present", tuple(params["lost"]))


def main() -> None:
    module = AnsibleModule(argument_spec=argument_spec(), supports_check_mode=True)
    desired = desired_or_fail(module, desired_peer)
    gluster = Gluster(CommandRunner(), module.params["command_timeout"])
    run(module, PeerOperation(gluster, desired, module.params["timeout"], offline_ok=module.check_mode))


if __name__ == "__main__":
    main()
