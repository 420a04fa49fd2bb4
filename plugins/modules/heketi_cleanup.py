#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: heketi_cleanup
short_description: Have heketi clean up interrupted operations
version_added: 1.0.0
description:
  - If heketi is stopped during an operation, or a change failed and could not be undone, a pending operation stays. It
    holds space and volumes until it is cleaned up.
  - heketi removes the bricks of things that were partly created, and completes deletions. It reports success even if it
    could do nothing, so the module reads again. An operation that is still pending then is an error.
  - heketi 9 never cleans up C(clone-volume) and C(remove-device). Without O(operations) they are left alone, with a
    warning for each.
author:
  - Brickwork contributors (@brickwork)
extends_documentation_fragment:
  - brickwork.gluster.heketi
  - brickwork.gluster.attributes.changes
options:
  operations:
    description:
      - Ids of the only pending operations to clean up, as RV(brickwork.gluster.heketi_info#module:pending_operations)
        returns them. An operation that is no longer pending counts as done. One that heketi is working on is an error.
      - If not given, all operations that heketi can clean up and that it is not working on.
    type: list
    elements: str
    default: []
notes:
  - Every hour, heketi itself cleans up operations that are older than a day. The module does not wait for that.
seealso:
  - module: brickwork.gluster.heketi_info
"""

EXAMPLES = r"""
- name: Look at what would be cleaned up
  brickwork.gluster.heketi_cleanup:
    url: http://heketi.example.com:8080
    key: "{{ heketi_admin_key }}"
  check_mode: true
  register: left_over

- name: Clean up the volumes that were cut off while they were made, and nothing else
  brickwork.gluster.heketi_cleanup:
    url: http://heketi.example.com:8080
    key: "{{ heketi_admin_key }}"
    operations: "{{ half_made }}"
  vars:
    half_made: "{{ left_over.pending_operations | selectattr('kind', '==', 'create-volume') | map(attribute='id') }}"
  when: half_made | length > 0
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
      description: The request.
      type: str
      sample: 'POST /operations/pending/cleanup {"operations": ["3d6f1c8a0f1e4b0b9d5e2a7c6b4f8e10"]}'
    destroys:
      description: Whether the step destroys data.
      type: bool
  sample:
    - kind: clean_up
      target: create-volume 3d6f1c8a0f1e4b0b9d5e2a7c6b4f8e10
      command: 'POST /operations/pending/cleanup {"operations": ["3d6f1c8a0f1e4b0b9d5e2a7c6b4f8e10"]}'
      destroys: true
pending_operations:
  description: The operations that are pending after the cleanup, or before it if there was none.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Its id.
      type: str
    kind:
      description: Such as C(create-volume).
      type: str
    status:
      description: C(in-flight), C(stale) or C(failed).
      type: str
    changes:
      description: Ids of the volumes, bricks and devices that it holds.
      type: list
      elements: str
  sample:
    - id: 3d6f1c8a0f1e4b0b9d5e2a7c6b4f8e10
      kind: create-volume
      status: stale
      changes:
        - 5d5f2b8f6d1c4a3e9b7a8c9d0e1f2a3b
steps_done:
  description: The steps that were done before one failed.
  returned: when a step failed
  type: list
  elements: dict
  sample:
    - kind: clean_up
      target: create-volume 3d6f1c8a0f1e4b0b9d5e2a7c6b4f8e10
      command: 'POST /operations/pending/cleanup {"operations": ["3d6f1c8a0f1e4b0b9d5e2a7c6b4f8e10"]}'
      destroys: true
failed_step:
  description: The step that failed.
  returned: when a step failed
  type: dict
  sample:
    kind: clean_up
    target: create-volume 3d6f1c8a0f1e4b0b9d5e2a7c6b4f8e10
    command: 'POST /operations/pending/cleanup {"operations": ["3d6f1c8a0f1e4b0b9d5e2a7c6b4f8e10"]}'
    destroys: true
"""

from typing import Any, Dict

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.brickwork.gluster.plugins.module_utils.adapter import COMMON_SPEC, desired_or_fail, run
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.cleanup import CleanupOperation
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.connection import CONNECTION_SPEC, connect


def argument_spec() -> Dict[str, Any]:
    """Return the module's parameters."""
    return dict(
        COMMON_SPEC,
        operations={"type": "list", "elements": "str", "default": []},
        **CONNECTION_SPEC,
    )


def main() -> None:
    module = AnsibleModule(argument_spec=argument_spec(), supports_check_mode=True)
    heketi = desired_or_fail(module, connect)
    run(module, CleanupOperation(heketi, module.params["operations"], module.params["timeout"]), as_root=False)


if __name__ == "__main__":
    main()
