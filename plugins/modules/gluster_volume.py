#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: gluster_volume
short_description: Create, grow, tune, start, stop or remove GlusterFS volumes
version_added: 1.0.0
description:
  - Brings one volume, or with O(volumes) many, from the present to the desired state, through one list of steps.
  - All volumes of O(volumes) are observed at once, and planned before the first change. If one is refused, nothing is
    changed, and the error names every volume that is refused. Then steps of different volumes run side by side.
    A step that fails ends the work on its own volume only, unless a peer of the pool is away then.
  - Runs on any one peer of the trusted storage pool.
  - Leaving something out removes nothing. A list with fewer bricks than the volume has is an error, and options that
    are not given are not changed.
  - A refused C(volume create) leaves volume ids on the bricks of this node. The module recognises them by comparing
    them with the volumes that exist, and removes them. M(brickwork.gluster.lvm_brick) does the same on other nodes.
author:
  - Brickwork contributors (@brickwork)
extends_documentation_fragment:
  - brickwork.gluster.attributes
  - brickwork.gluster.attributes.changes
options:
  name:
    description: Name of the volume; letters, digits, C(-) and C(_). Needed if O(volumes) is left out.
    type: str
  state: &state
    description:
      - V(present) creates it and leaves started or stopped as it is.
      - V(started) also starts it and waits until all bricks are online.
      - V(stopped) also stops it.
      - V(absent) stops and deletes it. The bricks keep their data.
    type: str
    choices: [present, started, stopped, absent]
    default: present
  type: &type
    description:
      - Type of the volume, needed to create it. If there are more bricks than one set has, files are distributed over
        the sets.
      - The V(distributed-) forms mean the same as the plain ones.
      - V(arbiter) is replica 3; the third brick of each set holds names and metadata, and no data.
      - V(stripe) and its combinations were removed in GlusterFS 6. They are refused, with the alternative.
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
  replicas: &replicas
    description: Copies of each file, for O(type=replicate). V(3) if not given. V(2) can end in split-brain.
    type: int
  disperse_data: &disperse_data
    description: Data bricks of each set, for O(type=disperse). V(4) if not given.
    type: int
  redundancy: &redundancy
    description: Bricks of each set that may be lost, for O(type=disperse). V(2) if not given.
    type: int
  bricks: &bricks
    description:
      - All bricks in their order, as C(host:/path), set after set, in each set the arbiter last.
      - Bricks after those that the volume has are added, in whole sets only.
      - If not given, the bricks of an existing volume are not changed.
    type: list
    elements: str
  options: &options
    description:
      - Volume options to set. Long and short names are the same option, and all ways to write a switch, a size or a
        number are the same value.
      - Options that are not given are not changed.
      - C(group) stands for all options of one of GlusterFS's own groups, such as V(virt). They are read from
        C(groups) in glusterd's folder on the node, so a plan shows each of them. Options that are given beside it take
        precedence over the group. An unknown group is refused, with the names of the known ones.
    type: dict
    default: {}
  reset_options: &reset_options
    description: Names of options to set back to their default.
    type: list
    elements: str
    default: []
  rebalance: &rebalance
    description: Whether to start a rebalance after bricks were added. Does not wait for its end.
    type: bool
    default: false
  force: &force
    description:
      - Makes GlusterFS accept bricks that it warns of, such as those on the root partition or two of one set on one
        host.
      - The module never does that on its own.
    type: bool
    default: false
  start_bricks: &start_bricks
    description:
      - Bricks of a started volume, as C(host:/path), to start if they have no process. For O(state=started).
      - The module runs C(volume start NAME force), which sets the mark of the volume on every brick directory that
        lacks it. So name only bricks whose own node reports that they are mounted and have the mark, as the role
        P(brickwork.gluster.gluster_volumes#role) does.
    type: list
    elements: str
    default: []
  stored_everywhere: &stored_everywhere
    description:
      - Whether every member of the pool is known to have the files of a new volume on its disks, because it ran C(sync)
        after the volume was created and has not booted since. For O(state=started), before the first start.
      - Without it, the module has every member write them again, which finds one that lost them in a power cut.
    type: bool
    default: false
  volumes:
    description:
      - Many volumes in one call, each with the options that this module has for one volume.
      - One look at the pool, and one at the end, serve all of them.
    type: list
    elements: dict
    suboptions:
      name:
        description: Name of the volume; letters, digits, C(-) and C(_).
        type: str
        required: true
      state: *state
      type: *type
      replicas: *replicas
      disperse_data: *disperse_data
      redundancy: *redundancy
      bricks: *bricks
      options: *options
      reset_options: *reset_options
      rebalance: *rebalance
      force: *force
      start_bricks: *start_bricks
      stored_everywhere: *stored_everywhere
  timeout:
    description: Seconds to wait until all bricks are online.
    type: int
    default: 120
notes:
  - A shape that differs from that of the volume (type, replicas, order of bricks) is an error. The module does not
    convert volumes.
  - An option that is removed from O(options) keeps its value. Name it in O(reset_options) to set it back.
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

- name: Create and start many volumes in one call
  brickwork.gluster.gluster_volume:
    volumes:
      - name: homes
        type: replicate
        bricks:
          - 192.168.72.101:/srv/gluster/homes-1/brick
          - 192.168.72.102:/srv/gluster/homes-2/brick
          - 192.168.72.103:/srv/gluster/homes-3/brick
        state: started
      - name: mail
        type: replicate
        bricks:
          - 192.168.72.101:/srv/gluster/mail-1/brick
          - 192.168.72.102:/srv/gluster/mail-2/brick
          - 192.168.72.103:/srv/gluster/mail-3/brick
        options:
          network.ping-timeout: 20
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
  description: The peers that are not connected, or V(localhost) if glusterd of this node does not answer.
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
  description: The first step that failed. The message names all.
  returned: when a step failed
  type: dict
  sample:
    kind: start_volume
    target: shared
    command: gluster --mode=script --xml volume start shared
    destroys: false
"""

from typing import Any, Dict

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.brickwork.gluster.plugins.module_utils.adapter import COMMON_SPEC, desired_or_fail, run
from ansible_collections.brickwork.gluster.plugins.module_utils.command import CommandRunner
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.marks import BrickDirectories
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.pool import members_away
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.volume import VolumesOperation
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.volumes_plan import desired_volumes
from ansible_collections.brickwork.gluster.plugins.module_utils.shapes import DROPPED, KINDS, SYNONYMS


def volume_spec(**name: Any) -> Dict[str, Any]:
    """Return the parameters of one volume; name is what the parameter of its name has beside its type."""
    return {
        "name": dict(name, type="str"),
        "state": {"type": "str", "choices": ["present", "started", "stopped", "absent"], "default": "present"},
        "type": {"type": "str", "choices": list(KINDS) + list(SYNONYMS) + list(DROPPED)},
        "replicas": {"type": "int"},
        "disperse_data": {"type": "int"},
        "redundancy": {"type": "int"},
        "bricks": {"type": "list", "elements": "str"},
        "options": {"type": "dict", "default": {}},
        "reset_options": {"type": "list", "elements": "str", "default": []},
        "rebalance": {"type": "bool", "default": False},
        "force": {"type": "bool", "default": False},
        "start_bricks": {"type": "list", "elements": "str", "default": []},
        "stored_everywhere": {"type": "bool", "default": False},
    }


def argument_spec() -> Dict[str, Any]:
    """Return the module's parameters."""
    return dict(
        COMMON_SPEC,
        volumes={"type": "list", "elements": "dict", "options": volume_spec(required=True)},
        timeout={"type": "int", "default": 120},
        **volume_spec(),
    )


def main() -> None:
    module = AnsibleModule(
        argument_spec=argument_spec(),
        supports_check_mode=True,
        required_one_of=[("name", "volumes")],
        mutually_exclusive=[("volumes", option) for option in volume_spec()],
    )
    desired = desired_or_fail(module, desired_volumes)
    gluster = Gluster(CommandRunner(), module.params["command_timeout"], warn=module.warn)
    run(
        module,
        VolumesOperation(gluster, BrickDirectories(), desired, module.params["timeout"], offline_ok=module.check_mode),
        on_failure=lambda: {"members_away": members_away(gluster)},
    )


if __name__ == "__main__":
    main()
