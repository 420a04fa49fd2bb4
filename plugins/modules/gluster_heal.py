#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: gluster_heal
short_description: Have volumes healed, and wait for it with progress
version_added: 1.0.0
description:
  - Counts what waits for healing in replicated and dispersed volumes, asks the self-heal daemons to go on, and waits
    until nothing is left.
  - While it waits, it shows every few seconds what is left of each volume, how fast that gets less, and when it should
    end.
  - It ends with an error when for a minute only what does not heal by itself was left, such as a brick that does not
    serve or entries in split-brain, and names it. It never starts a brick, and never resolves a split-brain.
  - A brick that is new counts as filled only when nothing waits any more after GlusterFS was sure to know that it is
    empty. Where the command that took it in was cut off, the module has GlusterFS take it up anew (C(reset-brick)), as
    soon as all others of its set serve. C(heal full) would not do, since it may walk through the empty brick.
author:
  - Brickwork contributors (@brickwork)
extends_documentation_fragment:
  - brickwork.gluster.attributes
attributes:
  check_mode:
    description: Counts once, and asks nobody to heal.
    support: full
  idempotent:
    description: Asks for healing only where something waits.
    support: full
  diff_mode:
    description: The daemons heal, not the module, so there is no difference to show.
    support: N/A
options:
  volumes:
    description: The volumes. By default all that keep copies and are started.
    type: list
    elements: str
    default: []
  bricks:
    description: Look only at the sets that hold one of these bricks (C(host:/path)). By default at all sets.
    type: list
    elements: str
    default: []
  lost:
    description:
      - Bricks (C(host:/path)) that are lost, and are made anew later. As long as one of them does not serve, its set is
        not waited for.
    type: list
    elements: str
    default: []
  full:
    description:
      - Have the daemons go through all files once, and not only through those that are known to wait. A brick that was
        emptied without GlusterFS knowing it needs that.
      - Nothing tells when that walk has ended, so the wait ends as soon as nothing is known to wait.
    type: bool
    default: false
  wait:
    description: Whether to wait for the end. Without it, the module counts, asks once, and ends.
    type: bool
    default: true
  timeout:
    description: Seconds to wait at most.
    type: int
    default: 86400
  patience:
    description: Seconds after which a wait ends with an error in which nothing got less.
    type: int
    default: 900
  interval:
    description: Seconds between two counts. The first ones follow each other after 1, 2, 3 seconds and so on.
    type: int
    default: 5
  names:
    description:
      - Return also the names of the first entries that wait. GlusterFS lists all of them for that.
      - A wait that ends with an error names them without this option, too.
    type: bool
    default: false
notes:
  - Counting goes through all entries that wait, and takes seconds where there are thousands.
  - Ctrl-C ends the wait, and not the healing. A later run counts anew.
seealso:
  - module: brickwork.gluster.gluster_gate
"""

EXAMPLES = r"""
- name: Wait until all volumes are healed
  brickwork.gluster.gluster_heal:
  run_once: true

- name: See what waits in one volume
  brickwork.gluster.gluster_heal:
    volumes: [shared]
    wait: false
  check_mode: true
  register: shared
"""

RETURN = r"""
healed:
  description: Whether nothing waits, and nothing keeps a volume from healing.
  returned: always
  type: bool
  sample: true
volumes:
  description: The volumes as they were seen last.
  returned: always
  type: list
  elements: dict
  contains:
    name:
      description: Name of the volume.
      type: str
    pending:
      description: Entries that wait for healing. What several bricks of a set list is counted once.
      type: int
    split_brain:
      description: Entries in split-brain.
      type: int
    behind:
      description: Bytes by which bricks are emptier than the fullest of their set, about what is still to be copied.
      type: int
    obstacles:
      description: What keeps it from healing and does not go away by itself.
      type: list
      elements: str
    unknown:
      description: Why the entries could not be counted in full, empty if they were.
      type: str
    filling:
      description:
        - The bricks that are new, as M(brickwork.gluster.gluster_replica) and M(brickwork.gluster.gluster_brick) have
          noted in the volume option C(user.brickwork-filling), and that are not known to be filled.
      type: list
      elements: str
    healed:
      description: Whether it is whole.
      type: bool
    names:
      description: With O(names), paths or gfids of at most ten entries that wait.
      type: list
      elements: str
  sample:
    - name: shared
      pending: 0
      split_brain: 0
      behind: 0
      obstacles: []
      unknown: ""
      filling: []
      healed: true
      names: []
"""

from typing import Any, Dict

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.brickwork.gluster.plugins.module_utils.adapter import COMMON_SPEC, failure, require_root
from ansible_collections.brickwork.gluster.plugins.module_utils.command import CommandRunner
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import BrickworkError
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.heal import counted


def argument_spec() -> Dict[str, Any]:
    """Return the module's parameters. What is about waiting is for the action plugin, which runs this module anew."""
    return dict(
        COMMON_SPEC,
        volumes={"type": "list", "elements": "str", "default": []},
        bricks={"type": "list", "elements": "str", "default": []},
        lost={"type": "list", "elements": "str", "default": []},
        full={"type": "bool", "default": False},
        wait={"type": "bool", "default": True},
        timeout={"type": "int", "default": 86400},
        patience={"type": "int", "default": 900},
        interval={"type": "int", "default": 5},
        names={"type": "bool", "default": False},
    )


def main() -> None:
    module = AnsibleModule(argument_spec=argument_spec(), supports_check_mode=True)
    require_root(module)
    try:
        gluster = Gluster(CommandRunner(), module.params["command_timeout"], warn=module.warn)
        answer = counted(module.params, gluster, module.check_mode)
    except BrickworkError as error:
        module.fail_json(**failure(error))
    module.exit_json(**answer)


if __name__ == "__main__":
    main()
