#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: gluster_info
short_description: Read pool, volumes, bricks, tasks and heal counts
version_added: 0.1.0
description:
  - Reads in one call what the parts asked for say. Changes nothing.
  - A node without GlusterFS, or whose glusterd is stopped, is no error but an answer.
author:
  - Brickwork contributors (@brickwork)
extends_documentation_fragment:
  - brickwork.gluster.attributes.info
options:
  gather:
    description:
      - What to read. V(pool) and V(volumes) need no lock; V(bricks) and V(tasks) do.
      - V(heal) asks every volume that keeps copies, which takes long on a large pool.
    type: list
    elements: str
    choices: [pool, volumes, bricks, tasks, heal]
    default: [pool, volumes, bricks, tasks, heal]
seealso:
  - module: brickwork.gluster.gluster_peer
  - module: brickwork.gluster.gluster_volume
"""

EXAMPLES = r"""
- name: Read everything
  brickwork.gluster.gluster_info:
  register: gluster

- name: Show bricks that are offline
  ansible.builtin.debug:
    msg: "{{ gluster.bricks | rejectattr('online') | map(attribute='path') }}"
"""

RETURN = r"""
installed:
  description: Whether there is a gluster command.
  returned: always
  type: bool
version:
  description: Its version.
  returned: always
  type: str
  sample: "10.3"
running:
  description: Whether glusterd answers.
  returned: always
  type: bool
stored_volumes:
  description: Volumes that the node knows even while glusterd is stopped.
  returned: always
  type: list
  elements: str
pool:
  description: The trusted storage pool as the node sees it; C(peers) with uuid, names, connected and state.
  returned: when asked for
  type: dict
  sample: {}
volumes:
  description: The volumes with status, counts, bricks in their order, and options.
  returned: when asked for
  type: list
  elements: dict
  sample: []
bricks:
  description: All bricks with volume, host, path, online, port, pid, size and free (bytes).
  returned: when asked for
  type: list
  elements: dict
  sample: []
tasks:
  description: Rebalances and brick removals that run or wait for their commit.
  returned: when asked for
  type: list
  elements: dict
  sample: []
heal:
  description: Entries that wait for healing or are in split-brain, a brick each; null where it could not be asked.
  returned: when asked for
  type: list
  elements: dict
  sample: []
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.brickwork.gluster.plugins.module_utils.adapter import report
from ansible_collections.brickwork.gluster.plugins.module_utils.command import CommandRunner
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.info import PARTS, observe_gluster


def main():
    module = AnsibleModule(
        argument_spec={
            "gather": {"type": "list", "elements": "str", "choices": list(PARTS), "default": list(PARTS)},
        },
        supports_check_mode=True,
    )
    report(module, lambda: observe_gluster(Gluster(CommandRunner()), module.params["gather"]))


if __name__ == "__main__":
    main()
