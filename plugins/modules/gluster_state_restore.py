#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: gluster_state_restore
short_description: Put a saved state of glusterd back onto its node
version_added: 1.0.0
description:
  - Puts what M(brickwork.gluster.gluster_state_backup) saved back onto a node that lost it with its system disk, and
    starts glusterd. For a pool of one node, and for the first node of a pool of which no member has its state.
  - On a node that is the member again that it was, it puts back only what no other member has and the node lacks -
    hooks, and geo-replication's sessions and keys.
  - It refuses a node with a state of its own, an archive of another node, and, before the node is a member again, to go
    on while another node of the pool has its state, or may have it and does not answer. What that one knows is newer
    than the archive, and the playbook replace brings it to the node.
  - It refuses an archive with any name that leaves C(/var/lib/glusterd), with links, devices, or with names twice.
  - A run that was cut off is continued by the next one.
author:
  - Brickwork contributors (@brickwork)
extends_documentation_fragment:
  - brickwork.gluster.attributes
options:
  archive:
    description:
      - The archive on the controller. One that is encrypted needs the vault password that it was encrypted with
        (C(--vault-password-file), C(--vault-id)).
      - Without it, the newest archive of the node in O(folder).
    type: str
  folder:
    description: Folder on the controller with the archives.
    type: str
  nodes:
    description:
      - All storage nodes. Each was looked at (C(gluster_server_seen)), as what the others have decides.
    type: list
    elements: str
    required: true
  timeout:
    description: Seconds to wait until glusterd answers.
    type: int
    default: 120
  content:
    description: The archive itself. Set by the action plugin.
    type: str
    default: ""
attributes:
  check_mode:
    description: Returns the steps that it would take, and takes none. Without GlusterFS on the node, it only judges.
    support: full
  idempotent:
    description: A second run with the same options changes nothing and returns no steps.
    support: full
  diff_mode:
    description: Shows the uuid and the files by their names, before and after.
    support: full
  action:
    description: Reads and judges the archive on the controller.
    support: full
notes:
  - It trusts an archive as far as its files go - hooks are programs that glusterd runs as root.
  - The machine that had this identity before must not run any more.
seealso:
  - module: brickwork.gluster.gluster_state_backup
  - module: brickwork.gluster.gluster_identity
"""

EXAMPLES = r"""
- name: Put glusterd's state back
  brickwork.gluster.gluster_state_restore:
    folder: /srv/backup/gluster
    nodes: "{{ groups.gluster_servers }}"
"""

RETURN = r"""
uuid:
  description: The node's uuid, in check mode the one that it has.
  returned: success
  type: str
  sample: 7d3c1e2a-5f0b-4f0e-9c55-4b3b6a1f9d10
archive:
  description: The archive that was taken.
  returned: success
  type: str
  sample: /srv/backup/gluster/node1-20261128T201500Z.tar.gz
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
    - kind: restore_files
      target: /var/lib/glusterd
      command: 87 files
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

import base64
from typing import Any, Dict

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.brickwork.gluster.plugins.module_utils.adapter import COMMON_SPEC, desired_or_fail, run
from ansible_collections.brickwork.gluster.plugins.module_utils.command import CommandRunner
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.host import DaemonHost
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.state import RestoreOperation
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.state_archive import Archive, unpack
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster


def argument_spec() -> Dict[str, Any]:
    """Return the module's parameters; the action plugin puts content in the place of a file."""
    return dict(
        COMMON_SPEC,
        archive={"type": "str"},
        folder={"type": "str"},
        nodes={"type": "list", "elements": "str", "required": True},
        timeout={"type": "int", "default": 120},
        content={"type": "str", "default": "", "no_log": True},
    )


def desired_archive(params: Dict[str, Any]) -> Archive:
    """Return the Archive that the action plugin brought."""
    try:
        return unpack(base64.b64decode(params["content"]))
    except ValueError as error:
        raise InputError("content: found no text in base64 (%s); leave it to the action plugin" % error)


def main() -> None:
    module = AnsibleModule(argument_spec=argument_spec(), supports_check_mode=True)
    archive = desired_or_fail(module, desired_archive)
    runner, limit = CommandRunner(), module.params["command_timeout"]
    host, gluster = DaemonHost(runner, limit), Gluster(runner, limit)
    run(module, RestoreOperation(host, archive, gluster, module.params["timeout"]))


if __name__ == "__main__":
    main()
