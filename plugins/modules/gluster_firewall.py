#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: gluster_firewall
short_description: Open a server's ports in the firewall that the node runs
version_added: 1.0.0
description:
  - Opens TCP 24007, 24008 and the ports for bricks in C(glusterd.vol), or the given ports of another service. The ports
    are open at once and after a reboot.
  - Uses firewalld, ufw or nftables, whichever runs. Where none runs, nothing is opened, installed or started.
  - With firewalld, opens the ports in the default zone and in every other zone in use.
  - With ufw and nftables, removes rules of this module that open anything other than the given ports.
  - With nftables, puts a rule at the head of each chain that drops incoming packets and is in the configuration that is
    loaded at boot. A file with these rules is included at the end of that configuration, after nft has checked it.
author:
  - Brickwork contributors (@brickwork)
extends_documentation_fragment:
  - brickwork.gluster.attributes
  - brickwork.gluster.attributes.changes
options:
  network:
    description: The only network, in CIDR notation, to which the ports are opened. Every network if not given.
    type: str
  base_port:
    description: First port for bricks. Read from C(glusterd.vol) if not given.
    type: int
  max_port:
    description: Last port for bricks. Read from C(glusterd.vol) if not given.
    type: int
  name:
    description:
      - Name of the service. Each service has its own rules, so one service does not close the ports of another.
    type: str
    default: gluster
  ports:
    description: The TCP ports of another service. The ports of GlusterFS are ignored then.
    type: list
    elements: int
    default: []
notes:
  - With firewalld, ports that an earlier run opened stay open when they are no longer in use.
seealso:
  - module: brickwork.gluster.gluster_daemon
"""

EXAMPLES = r"""
- name: Open the ports to the storage network
  brickwork.gluster.gluster_firewall:
    network: 192.168.72.0/24

- name: Open heketi's port to everybody
  brickwork.gluster.gluster_firewall:
    name: heketi
    ports: [8080]
"""

RETURN = r"""
firewall:
  description: The firewall that runs, V(firewalld), V(ufw) or V(nftables); empty where none does.
  returned: success
  type: str
  sample: firewalld
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
    - kind: open_ports
      target: ufw
      command: ufw allow proto tcp from 192.168.72.0/24 to any port 24007:24008,49152:60999 comment brickwork-gluster
        24007-24008,49152-60999 192.168.72.0/24
      destroys: false
steps_done:
  description: The steps that were done before one failed.
  returned: when a step failed
  type: list
  elements: dict
  sample:
    - kind: open_ports
      target: ufw
      command: ufw allow proto tcp from 192.168.72.0/24 to any port 24007:24008,49152:60999 comment brickwork-gluster
        24007-24008,49152-60999 192.168.72.0/24
      destroys: false
failed_step:
  description: The step that failed.
  returned: when a step failed
  type: dict
  sample:
    kind: open_ports
    target: ufw
    command: ufw allow proto tcp from 192.168.72.0/24 to any port 24007:24008,49152:60999 comment brickwork-gluster
      24007-24008,49152-60999 192.168.72.0/24
    destroys: false
"""

from typing import Any, Dict

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.brickwork.gluster.plugins.module_utils.adapter import COMMON_SPEC, run
from ansible_collections.brickwork.gluster.plugins.module_utils.command import CommandRunner
from ansible_collections.brickwork.gluster.plugins.module_utils.firewall.host import FirewallHost
from ansible_collections.brickwork.gluster.plugins.module_utils.firewall.operation import (
    OPENING_SPEC,
    FirewallOperation,
)


def argument_spec() -> Dict[str, Any]:
    """Return the module's parameters."""
    return dict(COMMON_SPEC, **OPENING_SPEC)


def main() -> None:
    module = AnsibleModule(argument_spec=argument_spec(), supports_check_mode=True)
    host = FirewallHost(CommandRunner(), module.params["command_timeout"])
    given = {name: module.params[name] for name in OPENING_SPEC}
    run(module, FirewallOperation(host, **given))


if __name__ == "__main__":
    main()
