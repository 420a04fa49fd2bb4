#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: gluster_firewall
short_description: Open a server's ports in the firewall that the node runs
version_added: 0.1.0
description:
  - Opens TCP 24007, 24008 and the ports of the bricks, as C(glusterd.vol) has them, now and after a reboot. Or those
    that are given, for another service.
  - Does so in firewalld, ufw or nftables, whichever runs. Where none runs, nothing is opened, installed or started.
  - In firewalld they are opened in the default zone and in every other zone in use. Ports of old are not closed.
  - With ufw and nftables, rules of this module that open something else than asked for are taken away.
  - With nftables a rule is put at the head of each chain that drops what comes in and stands in the configuration that
    the boot loads, and a file that holds them is included at that configuration's end, after nft has checked it.
author:
  - Brickwork contributors (@brickwork)
extends_documentation_fragment:
  - brickwork.gluster.attributes
  - brickwork.gluster.attributes.changes
options:
  network:
    description: The network in CIDR notation that may come to the ports. Everybody if not given.
    type: str
  base_port:
    description: First port of the bricks, if it is not to be read from C(glusterd.vol).
    type: int
  max_port:
    description: Last port of the bricks, if it is not to be read from C(glusterd.vol).
    type: int
  name:
    description: Name of the service. Each service has rules of its own, so one does not take away what another opened.
    type: str
    default: gluster
  ports:
    description: The ports (TCP) of another service than GlusterFS's own, which is not looked at then.
    type: list
    elements: int
    default: []
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
  description: The steps that were taken, or in check mode would be; the same in both.
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

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.brickwork.gluster.plugins.module_utils.adapter import COMMON_SPEC, run
from ansible_collections.brickwork.gluster.plugins.module_utils.command import CommandRunner
from ansible_collections.brickwork.gluster.plugins.module_utils.firewall.operation import (
    FirewallHost,
    FirewallOperation,
)


def argument_spec():
    """Return the module's parameters."""
    return dict(
        COMMON_SPEC,
        network={"type": "str"},
        base_port={"type": "int"},
        max_port={"type": "int"},
        name={"type": "str", "default": "gluster"},
        ports={"type": "list", "elements": "int", "default": []},
    )


def main():
    module = AnsibleModule(argument_spec=argument_spec(), supports_check_mode=True)
    host = FirewallHost(CommandRunner(), module.params["command_timeout"])
    given = {name: module.params[name] for name in ("network", "base_port", "max_port", "name", "ports")}
    run(module, FirewallOperation(host, **given))


if __name__ == "__main__":
    main()
