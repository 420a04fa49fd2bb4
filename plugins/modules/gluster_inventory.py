# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the action plugin of this name, which runs on the controller."""

DOCUMENTATION = r"""
module: gluster_inventory
short_description: Check the inventory before any machine is contacted
version_added: 1.0.0
description:
  - Reads every variable of this collection for all hosts of the named groups, on the controller, and fails with all
    errors at once, one line each. It shows the first 20 lines, and how many more there are.
  - Each line names the hosts, the variable, what was found and what to write instead. Nothing is contacted or changed.
  - All playbooks of this collection begin with it.
  - Booleans have to be booleans. A text such as V('false') is refused, because it would count as V(true). Sizes have
    units, versions are texts, and paths and mount options are brought into one form.
options:
  groups:
    description: The groups whose hosts are looked at.
    type: list
    elements: str
    choices: [gluster_servers, gluster_clients, heketi, kubernetes]
    default: [gluster_servers, gluster_clients, heketi, kubernetes]
  needed:
    description: The groups that must have a host.
    type: list
    elements: str
    choices: [gluster_servers, gluster_clients, heketi, kubernetes]
    default: []
author:
  - Brickwork contributors (@brickwork)
extends_documentation_fragment:
  - brickwork.gluster.attributes.controller
"""

EXAMPLES = r"""
- name: Judge the inventory, and refuse one without storage nodes
  brickwork.gluster.gluster_inventory:
    needed: [gluster_servers]
  run_once: true
  delegate_to: localhost
"""

RETURN = r"""
msg:
  description: What is wrong, a line each.
  type: str
  returned: failed
  sample: >-
    node1: gluster_address: found "10.0.0.1/24"; write the IP address of the machine, without /24, or its host name
"""
