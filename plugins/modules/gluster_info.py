#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: gluster_info
short_description: Read pool, volumes, bricks, tasks and heal counts
version_added: 1.0.0
description:
  - Reads the requested parts in one call. Changes nothing.
  - A node without GlusterFS, or with a stopped glusterd, is not an error; RV(installed) and RV(running) say so.
author:
  - Brickwork contributors (@brickwork)
extends_documentation_fragment:
  - brickwork.gluster.attributes
  - brickwork.gluster.attributes.info
options:
  gather:
    description:
      - What to read. V(pool) and V(volumes) need no lock; V(bricks), V(tasks) and V(clients) do.
      - V(options) and V(heal) ask for each volume, V(heal) only for those with redundancy. With many volumes that takes
        long.
    type: list
    elements: str
    choices: [pool, volumes, options, bricks, tasks, heal, clients]
    default: [pool, volumes, options, bricks, tasks, heal]
  heal_seconds:
    description:
      - Seconds after which heals are counted once more, so that it can be told how fast they advance; RV(heal_later).
        Only volumes are counted, and it is only waited, in which something waits for healing. 0 for no second count.
    type: int
    default: 0
    version_added: 1.0.0
  partial:
    description:
      - Continue if a part can't be read, for example because another command holds a lock, or because counting heals
        takes too long. That part is empty then, and RV(unread) says why.
      - V(heal) has 60 seconds for each volume then.
    type: bool
    default: false
notes:
  - Without O(partial), one part that can't be read makes the whole module fail.
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
  sample: true
version:
  description: Its version.
  returned: always
  type: str
  sample: "10.3"
running:
  description: Whether glusterd answers.
  returned: always
  type: bool
  sample: true
stopped_because:
  description:
    - Why glusterd does not answer, from the state of its unit and the kernel's log. Empty if it answers, or was stopped
      on purpose.
  returned: always
  type: str
  sample: "the kernel ended it: Out of memory: Killed process 812 (glusterd)"
uuid:
  description: The uuid by which the pool knows the node, also while glusterd is stopped; empty before its first start.
  returned: always
  type: str
  sample: 0f2a3bd4-1d14-4f4b-9d4c-0b3b7b0c1a55
op_version:
  description: The operating version of glusterd, 0 before its first start.
  returned: always
  type: int
  sample: 100000
listening:
  description: Whether a process listens on glusterd's port, 24007 by default.
  returned: always
  type: bool
  sample: true
encrypted:
  description: Whether glusterd encrypts, now or from its next start.
  returned: always
  type: bool
  sample: false
memory:
  description: Bytes of memory that the node has.
  returned: always
  type: int
  sample: 8589934592
certificate_days:
  description: Days until the node's certificate ends, null if glusterd does not encrypt.
  returned: always
  type: int
  sample: 729
stored_volumes:
  description: Volumes that the node knows even while glusterd is stopped.
  returned: always
  type: list
  elements: str
  sample:
    - shared
option_groups:
  description: By name, GlusterFS's own groups of options on the node, each with names and values.
  returned: when V(volumes) is asked for
  type: dict
  sample:
    virt:
      cluster.eager-lock: enable
pool:
  description: The trusted storage pool as the node sees it.
  returned: when asked for
  type: dict
  contains:
    peers:
      description:
        - The peers, each with C(uuid), C(names), C(connected), C(state) and C(state_text).
        - The node itself is called C(localhost) and has no state.
      type: list
      elements: dict
      sample:
        - uuid: 0f2a3bd4-1d14-4f4b-9d4c-0b3b7b0c1a55
          names: [192.168.72.102]
          connected: true
          state: 3
          state_text: Peer in Cluster
    own_names:
      description: Host names and addresses of the node itself.
      type: list
      elements: str
      sample: [node1, 192.168.72.101]
volumes:
  description: The volumes.
  returned: when any part but V(pool) is asked for
  type: list
  elements: dict
  contains:
    name:
      description: Name of the volume.
      type: str
    volume_id:
      description: Its id, which is the mark on its bricks.
      type: str
    status:
      description: C(Created), C(Started) or C(Stopped).
      type: str
    started:
      description: Whether clients can mount it.
      type: bool
    replicas:
      description: Copies of each file with the arbiter, 0 where none are kept.
      type: int
    arbiters:
      description: 1 where the last brick of each set is an arbiter.
      type: int
    disperse:
      description: Bricks of a dispersed set, 0 for other kinds.
      type: int
    redundancy:
      description: Bricks of a dispersed set that may be lost.
      type: int
    sets:
      description: Sets over which files are distributed.
      type: int
    snapshots:
      description: Number of snapshots.
      type: int
    type_text:
      description: The type in GlusterFS's own words.
      type: str
    bricks:
      description: The bricks in their order, each with C(host), C(path), C(host_uuid) and C(arbiter).
      type: list
      elements: dict
    options:
      description: The options that were set, by the user or by creation.
      type: dict
  sample:
    - name: shared
      volume_id: 9f1f9f5b-3a5c-4e8d-8a37-3f1b5a3f0c11
      status: Started
      started: true
      replicas: 3
      arbiters: 0
      disperse: 0
      redundancy: 0
      sets: 1
      snapshots: 0
      type_text: Replicate
      bricks:
        - host: 192.168.72.101
          path: /srv/gluster/shared-1/brick
          host_uuid: 0f2a3bd4-1d14-4f4b-9d4c-0b3b7b0c1a55
          arbiter: false
      options:
        network.ping-timeout: '20'
options:
  description: All options of each volume with their values in effect, also those that are not set.
  returned: when asked for
  type: dict
  sample:
    shared:
      network.ping-timeout: "20"
bricks:
  description: All bricks of all volumes.
  returned: when asked for
  type: list
  elements: dict
  contains:
    volume:
      description: Name of the volume.
      type: str
    volume_started:
      description: Whether the volume is started.
      type: bool
    host:
      description: Host as the volume names it.
      type: str
    path:
      description: The brick directory.
      type: str
    arbiter:
      description: Whether it is an arbiter.
      type: bool
    online:
      description: Whether its process runs. V(false) for all bricks of a peer that is down.
      type: bool
    port:
      description: Port of the process, null where none runs.
      type: int
    pid:
      description: The process, null where none runs.
      type: int
    size:
      description: Bytes of its file system, null if unknown.
      type: int
    free:
      description: Bytes free in it, null if unknown.
      type: int
    device:
      description: Device of its file system, as its member has it mounted, empty if unknown.
      type: str
  sample:
    - volume: shared
      volume_started: true
      host: 192.168.72.101
      path: /srv/gluster/shared-1/brick
      arbiter: false
      online: true
      port: 49152
      pid: 1432
      size: 2136997888
      free: 2101030912
      device: /dev/mapper/brickwork_sdb-brick_shared--1
tasks:
  description: Rebalances and brick removals that run or wait for their commit.
  returned: when asked for
  type: list
  elements: dict
  contains:
    volume:
      description: Name of the volume.
      type: str
    kind:
      description: C(Rebalance) or C(Remove brick).
      type: str
    status:
      description: Such as C(in progress) or C(completed).
      type: str
    bricks:
      description: The bricks that are removed, none for a rebalance.
      type: list
      elements: str
  sample:
    - volume: shared
      kind: Remove brick
      status: in progress
      bricks: ["192.168.72.101:/srv/gluster/shared-4/brick"]
self_heal_daemons_down:
  description: Self-heal daemons that do not run on a member that answers, for each volume that they should heal.
  returned: when V(tasks) is asked for and glusterd answers
  type: list
  elements: dict
  contains:
    volume:
      description: Name of the volume.
      type: str
    host_uuid:
      description: The uuid by which the pool knows the member.
      type: str
  sample:
    - volume: shared
      host_uuid: 0f2a3bd4-1d14-4f4b-9d4c-0b3b7b0c1a55
unread:
  description: With O(partial), what could not be read, each with C(part), C(volume) (empty for all) and C(reason).
  returned: when any part but V(pool) is asked for
  type: list
  elements: dict
  sample:
    - part: heal
      volume: shared
      reason: "gluster volume heal shared info summary: no answer within 60 s"
split_brain:
  description: By volume with entries in split-brain, the first 20 of their names.
  returned: when V(heal) is asked for
  type: dict
  sample:
    shared: [/data/report.odt]
clients:
  description:
    - By volume the addresses from which something is connected to any of its bricks.
    - Storage nodes are among them for their daemons alone.
  returned: when asked for
  type: dict
  sample: {"shared": ["192.168.72.101", "192.168.72.110"]}
heal:
  description: What needs healing, for each brick.
  returned: when asked for
  type: list
  elements: dict
  contains:
    volume:
      description: Name of the volume.
      type: str
    brick:
      description: The brick.
      type: str
    connected:
      description: Whether it could be asked.
      type: bool
    pending:
      description: Entries that need healing, null if the brick could not be asked.
      type: int
    split_brain:
      description: Entries in split-brain, null if the brick could not be asked.
      type: int
  sample:
    - volume: shared
      brick: 192.168.72.101:/srv/gluster/shared-1/brick
      connected: true
      pending: 0
      split_brain: 0
heal_later:
  description: What is left of what needed healing when it was counted once more, for each brick of volumes that heal.
  returned: with O(heal_seconds)
  type: list
  elements: dict
  contains:
    volume:
      description: Name of the volume.
      type: str
    brick:
      description: The brick.
      type: str
    pending:
      description: Entries that need healing, null if the brick could not be asked.
      type: int
    seconds:
      description: Seconds between the two counts.
      type: float
  sample:
    - volume: shared
      brick: 192.168.72.101:/srv/gluster/shared-1/brick
      pending: 380
      seconds: 10.4
"""

from typing import Any, Dict

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.brickwork.gluster.plugins.module_utils.adapter import COMMON_SPEC, report
from ansible_collections.brickwork.gluster.plugins.module_utils.command import CommandRunner
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.death import why_stopped
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.info import (
    FURTHER_PARTS,
    PARTS,
    observe_gluster,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.tls.files import certificate_folder
from ansible_collections.brickwork.gluster.plugins.module_utils.tls.openssl import OpenSsl, days_left


def argument_spec() -> Dict[str, Any]:
    """Return the module's parameters."""
    return dict(
        COMMON_SPEC,
        gather={"type": "list", "elements": "str", "choices": list(PARTS + FURTHER_PARTS), "default": list(PARTS)},
        partial={"type": "bool", "default": False},
        heal_seconds={"type": "int", "default": 0},
    )


def main() -> None:
    module = AnsibleModule(argument_spec=argument_spec(), supports_check_mode=True)
    runner, limit = CommandRunner(), module.params["command_timeout"]
    gluster, openssl = Gluster(runner, limit), OpenSsl(runner, limit)

    def observe() -> Dict[str, Any]:
        facts = observe_gluster(
            gluster,
            module.params["gather"],
            partial=module.params["partial"],
            why=lambda: why_stopped(runner),
            later=module.params["heal_seconds"],
        )
        return dict(facts, certificate_days=days_left(openssl, certificate_folder()) if facts["encrypted"] else None)

    report(module, observe)


if __name__ == "__main__":
    main()
