#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: gluster_volume
short_description: Create, grow, tune, start, stop or remove a GlusterFS volume
version_added: 0.1.0
description:
  - Takes one volume from whatever it is to what is asked for, through one list of steps.
  - Runs on any one member of the trusted storage pool.
  - Nothing is removed by leaving it out. Fewer bricks in the list than in the volume is an error, and options that
    are not named are not touched.
  - What a refused C(volume create) leaves on the bricks of this node is recognised by comparing the volume-id on
    them with the volumes that exist, and taken away. M(brickwork.gluster.lvm_brick) does the same on other nodes.
author:
  - Brickwork contributors (@brickwork)
extends_documentation_fragment:
  - brickwork.gluster.attributes
  - brickwork.gluster.attributes.changes
options:
  name:
    description: Name of the volume; letters, digits, C(-) and C(_).
    type: str
    required: true
  state:
    description:
      - V(present) creates it and leaves started or stopped as it is.
      - V(started) also starts it and waits until all bricks are online.
      - V(stopped) also stops it.
      - V(absent) stops and deletes it. The bricks keep their data.
    type: str
    choices: [present, started, stopped, absent]
    default: present
  type:
    description:
      - Kind of the volume, needed to create it. With more bricks than one set takes, files are spread over the sets.
      - The V(distributed-) forms mean the same as the plain ones.
      - V(arbiter) is replica 3 whose third brick of each set holds names and no data.
      - V(stripe) and its combinations were dropped in GlusterFS 6 and are refused with the alternative.
    type: str
    choices:
      - distribute
      - replicate
      - arbiter
      - disperse
      - distributed-replicate
      - distributed-arbiter
      - distributed-disperse
      - stripe
      - striped-replicate
      - distributed-stripe
      - distributed-striped-replicate
  replicas:
    description: Copies of each file, for O(type=replicate). V(3) if left out. V(2) can end in split-brain.
    type: int
  disperse_data:
    description: Data bricks of each set, for O(type=disperse). V(4) if left out.
    type: int
  redundancy:
    description: Bricks of each set that may be lost, for O(type=disperse). V(2) if left out.
    type: int
  bricks:
    description:
      - All bricks in their order, as C(host:/path); set after set, and in each set the arbiter last.
      - Bricks behind those that the volume has are added; whole sets only.
      - Left out, the bricks of an existing volume stay as they are.
    type: list
    elements: str
  options:
    description:
      - Volume options to set. Long and short names, and all ways to write a switch, a size or a number, are the same.
      - Options that are not named here are left alone.
      - C(group) stands for all options of one of GlusterFS's own groups, such as V(virt). They are read from
        C(groups) in glusterd's folder on the node, so a plan shows each of them. What is given beside it goes before
        what the group says. A group that is not there is refused, with the names of those that are.
    type: dict
    default: {}
  reset_options:
    description: Names of options to set back to their default.
    type: list
    elements: str
    default: []
  rebalance:
    description: Whether to start a rebalance after bricks were added. Does not wait for its end.
    type: bool
    default: false
  force:
    description:
      - Lets GlusterFS take bricks that it warns of, such as those on the root partition or two of one set on one host.
      - Only on request, never by itself.
    type: bool
    default: false
  start_bricks:
    description:
      - Those of the bricks of a started volume, as C(host:/path), that are started where they have no process, for
        O(state=started).
      - This is C(volume start NAME force), which sets the mark of the volume on any of its directories that lacks it.
        So name only bricks of which their own nodes tell that they are mounted and bear the mark, as the role
        P(brickwork.gluster.gluster_volumes#role) does.
    type: list
    elements: str
    default: []
    version_added: 0.2.0
  timeout:
    description: Seconds to wait until all bricks are online.
    type: int
    default: 120
seealso:
  - module: brickwork.gluster.lvm_brick
  - plugin: brickwork.gluster.place_bricks
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Create and start a replicated volume
  brickwork.gluster.gluster_volume:
    name: shared
    type: replicate
    bricks:
      - 192.168.72.101:/srv/gluster/shared-1/brick
      - 192.168.72.102:/srv/gluster/shared-2/brick
      - 192.168.72.103:/srv/gluster/shared-3/brick
    options:
      network.ping-timeout: 20
      performance.cache-size: 64MB
    state: started

- name: Set one option back to its default
  brickwork.gluster.gluster_volume:
    name: shared
    reset_options:
      - performance.cache-size

- name: Delete a volume (its bricks keep their data)
  brickwork.gluster.gluster_volume:
    name: shared
    state: absent
"""

RETURN = r"""
members_away:
  description: The members of the pool that are not connected, or V(localhost) where glusterd does not answer here.
  returned: failure
  type: list
  elements: str
  sample: [192.168.72.103]
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
    - kind: set_options
      target: shared
      command: gluster --mode=script --xml volume set shared network.ping-timeout 20
      destroys: false
    - kind: start_volume
      target: shared
      command: gluster --mode=script --xml volume start shared
      destroys: false
steps_done:
  description: The steps that were done before one failed.
  returned: when a step failed
  type: list
  elements: dict
  sample:
    - kind: set_options
      target: shared
      command: gluster --mode=script --xml volume set shared network.ping-timeout 20
      destroys: false
failed_step:
  description: The step that failed.
  returned: when a step failed
  type: dict
  sample:
    kind: start_volume
    target: shared
    command: gluster --mode=script --xml volume start shared
    destroys: false
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.brickwork.gluster.plugins.module_utils.adapter import COMMON_SPEC, desired_or_fail, run
from ansible_collections.brickwork.gluster.plugins.module_utils.command import CommandRunner
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.marks import BrickDirectories
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.pool import members_away
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.volume import VolumeOperation
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.volumes_plan import desired_volume
from ansible_collections.brickwork.gluster.plugins.module_utils.shapes import DROPPED, KINDS, SYNONYMS


def argument_spec():
    """Return the module's parameters."""
    return dict(
        COMMON_SPEC,
        name={"type": "str", "required": True},
        state={"type": "str", "choices": ["present", "started", "stopped", "absent"], "default": "present"},
        type={"type": "str", "choices": list(KINDS) + list(SYNONYMS) + list(DROPPED)},
        replicas={"type": "int"},
        disperse_data={"type": "int"},
        redundancy={"type": "int"},
        bricks={"type": "list", "elements": "str"},
        options={"type": "dict", "default": {}},
        reset_options={"type": "list", "elements": "str", "default": []},
        rebalance={"type": "bool", "default": False},
        force={"type": "bool", "default": False},
        start_bricks={"type": "list", "elements": "str", "default": []},
        timeout={"type": "int", "default": 120},
    )


def main():
    module = AnsibleModule(argument_spec=argument_spec(), supports_check_mode=True)
    desired = desired_or_fail(module, desired_volume)
    gluster = Gluster(CommandRunner(), module.params["command_timeout"])
    run(
        module,
        VolumeOperation(gluster, BrickDirectories(), desired, module.params["timeout"], offline_ok=module.check_mode),
        on_failure=lambda: {"members_away": members_away(gluster)},
    )


if __name__ == "__main__":
    main()
