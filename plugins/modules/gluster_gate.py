#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: gluster_gate
short_description: Tell whether a storage node or a brick may be stopped now
version_added: 1.0.0
description:
  - Tells whether a member of the pool, or single bricks, may be stopped now without a client losing files or service.
    Changes nothing.
  - Of each started volume that loses bricks, it looks whether the bricks that stay serve, are enough for the clients'
    quorum, and are more than half of the copies; whether entries wait for healing or are in split-brain; whether a
    rebalance or a removal of bricks is under way; and whether the clients of a brick that leaves are connected to the
    bricks that stay. A snapshot of GlusterFS that is mounted in place of a brick of the set stands against it as well,
    where glusterd tells what is mounted there.
  - Of a member also whether all others are connected, and whether enough of them stay for volumes with server quorum.
  - It tells what holds at this moment. Ask right before each stop, and again before the next one.
author:
  - Brickwork contributors (@brickwork)
extends_documentation_fragment:
  - brickwork.gluster.attributes
  - brickwork.gluster.attributes.info
options:
  node:
    description:
      - The member that would be stopped, with glusterd and all bricks, by any name or address that the pool knows.
      - The module may run on it, or on any other member.
    type: str
  bricks:
    description: The bricks that would be stopped, as C(host:/path).
    type: list
    elements: str
  accept_downtime:
    description:
      - Volumes whose clients can wait until the bricks are back, such as distributed ones, which keep no copies, and
        those with two copies.
      - Heals, tasks and clients are looked at all the same.
    type: list
    elements: str
    default: []
  fail:
    description: Whether the module fails where they may not be stopped. With V(false) it only answers.
    type: bool
    default: true
notes:
  - With two copies, one is no majority, and what is written to it alone can end in split-brain. So a volume with two
    copies needs O(accept_downtime).
  - Clients are compared by address. A storage node that also mounts the volume is seen as connected to a brick as soon
    as its self-heal daemon is.
seealso:
  - module: brickwork.gluster.gluster_info
"""

EXAMPLES = r"""
- name: Wait until the node may be stopped
  brickwork.gluster.gluster_gate:
    node: 192.168.72.102
  register: gate
  until: gate is succeeded
  retries: 30
  delay: 10

- name: Ask whether a disk may be taken out
  brickwork.gluster.gluster_gate:
    bricks:
      - 192.168.72.102:/srv/gluster/shared-2/brick
    fail: false
  register: gate
"""

RETURN = r"""
may_stop:
  description: Whether they may be stopped now.
  returned: always
  type: bool
  sample: false
reasons:
  description: Every reason against it, none where they may be stopped.
  returned: always
  type: list
  elements: str
  sample:
    - "volume shared: 12 entries of 192.168.72.101:/srv/gluster/shared-1/brick wait for healing"
volumes:
  description: The started volumes that would lose bricks.
  returned: always
  type: list
  elements: str
  sample: [shared]
"""

from typing import Any, Dict

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.brickwork.gluster.plugins.module_utils.adapter import COMMON_SPEC, failure, require_root
from ansible_collections.brickwork.gluster.plugins.module_utils.command import CommandRunner
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import BrickworkError, all_at_once
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.gate import (
    Departure,
    objections,
    observe_gate,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.pool import addresses_of


def argument_spec() -> Dict[str, Any]:
    """Return the module's parameters."""
    return dict(
        COMMON_SPEC,
        node={"type": "str"},
        bricks={"type": "list", "elements": "str"},
        accept_downtime={"type": "list", "elements": "str", "default": []},
        fail={"type": "bool", "default": True},
    )


def judged(departure: Departure, gluster: Gluster) -> Dict[str, Any]:
    """Return the module's answer."""
    observed = observe_gate(departure, gluster, addresses_of)
    reasons = objections(departure, observed)
    volumes = [affected.volume.name for affected in observed.affected]
    return {"changed": False, "may_stop": not reasons, "reasons": reasons, "volumes": volumes}


def main() -> None:
    module = AnsibleModule(
        argument_spec=argument_spec(),
        supports_check_mode=True,
        required_one_of=[("node", "bricks")],
        mutually_exclusive=[("node", "bricks")],
    )
    require_root(module)
    params = module.params
    departure = Departure(params["node"] or "", tuple(params["bricks"] or ()), frozenset(params["accept_downtime"]))
    try:
        answer = judged(departure, Gluster(CommandRunner(), params["command_timeout"]))
    except BrickworkError as error:
        module.fail_json(**failure(error))
    if answer["reasons"] and params["fail"]:
        module.fail_json(msg=all_at_once(answer["reasons"]), **answer)
    module.exit_json(**answer)


if __name__ == "__main__":
    main()
