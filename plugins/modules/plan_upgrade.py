# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the action plugin of this name, which runs on the controller."""

DOCUMENTATION = r"""
module: plan_upgrade
short_description: Say which machines get another version of GlusterFS, on the controller
version_added: 1.0.0
description:
  - Says from which version to which each machine goes, in which order, and why nothing may be begun, of what
    M(brickwork.gluster.gluster_node_info) found on every machine. Nothing is contacted or changed.
  - The answer of M(brickwork.gluster.gluster_node_info), with its option C(upgrade), has to be registered as
    C(gluster_server_seen) on every host.
  - Refuses ways from one version to another of which GlusterFS says that they break (docs/upgrading.md).
options:
  servers:
    description: The storage nodes.
    type: list
    elements: str
    default: []
  clients:
    description: The hosts that mount volumes. Those that were not looked at stay as they are.
    type: list
    elements: str
    default: []
  pool:
    description:
      - What M(brickwork.gluster.gluster_info) told on one node, with V(pool), V(volumes), V(bricks), V(tasks) and
        V(heal) in O(brickwork.gluster.gluster_info#module:gather). With V(volumes) alone, only the way from version to
        version is judged.
    type: dict
  op_version:
    description: What M(brickwork.gluster.gluster_op_version) told in check mode, which is only shown.
    type: dict
  with_tasks:
    description:
      - The machines on which tasks of the user take the place of the package manager. They need
        C(gluster_server_version).
    type: list
    elements: str
    default: []
  accept_downtime:
    description: Volumes whose clients can wait.
    type: list
    elements: str
    default: []
  raise_op_version:
    description: Whether the pool's op-version is raised at the end, which is only told.
    type: bool
    default: true
  offline:
    description:
      - Whether all storage nodes are taken there at once, with all volumes stopped. Each volume that is started has to
        be named in O(accept_downtime), and ways that break only where one node follows the other are none then.
      - Who has which volume mounted is told of V(clients) in O(brickwork.gluster.gluster_info#module:gather).
    type: bool
    default: false
author:
  - Brickwork contributors (@brickwork)
extends_documentation_fragment:
  - brickwork.gluster.attributes.controller
"""

EXAMPLES = r"""
- name: Plan an upgrade
  brickwork.gluster.plan_upgrade:
    servers: "{{ groups.gluster_servers }}"
    clients: "{{ groups.gluster_clients }}"
    pool: "{{ pool }}"
  register: plan
  run_once: true

- name: Show it
  ansible.builtin.debug:
    msg: "{{ plan.lines }}"
  run_once: true
"""

RETURN = r"""
refusals:
  description: Why nothing may be begun, in sentences; none if all may.
  returned: success
  type: list
  elements: str
  sample: ["pool: 192.168.72.103 is 'Peer in Cluster' and disconnected; bring it back first"]
lines:
  description: The plan for people.
  returned: success
  type: list
  elements: str
  sample: ["node1: GlusterFS 9.2-1 -> 10.3-5, out of service meanwhile"]
first:
  description: Storage nodes that a run which was cut off has left out of service.
  returned: success
  type: list
  elements: str
  sample: [node2]
then:
  description: The other storage nodes that are upgraded, in their order.
  returned: success
  type: list
  elements: str
  sample: [node1, node3]
clients:
  description: Clients that are upgraded, or that have a mount which an older program serves.
  returned: success
  type: list
  elements: str
  sample: [client1]
upgrades:
  description: All machines that get another version, servers and clients.
  returned: success
  type: list
  elements: str
  sample: [client1, node1, node3]
goals:
  description: By machine the version that it shall have, or its beginning; empty where only the repository knows.
  returned: success
  type: dict
  sample: {"node1": "10.3-5", "client1": "10.3-5"}
snapshot_label:
  description: What snapshots before this upgrade are called, behind the names of their volumes; empty for none.
  returned: success
  type: str
  sample: before-10.3-5
offline:
  description: What is done where all storage nodes are taken there at once; nothing without O(offline).
  returned: success
  type: dict
  contains:
    stops:
      description: Whether all volumes and storage nodes are stopped.
      type: bool
    stopped:
      description: The storage nodes that are out of service together.
      type: list
      elements: str
    started:
      description: The storage nodes that serve again together.
      type: list
      elements: str
    unmounted:
      description: The machines that unmount all volumes before.
      type: list
      elements: str
    mounted:
      description: The storage nodes that mount at the end what C(/etc/fstab) has mounted at boot.
      type: list
      elements: str
  sample:
    stops: true
    stopped: [node1, node2]
    started: [node1, node2]
    unmounted: [node1, node2, client1]
    mounted: [node1, node2]
snapshots_first:
  description: Whether nothing was stopped yet, so that snapshots can be made.
  returned: success
  type: bool
  sample: true
heals_first:
  description: Whether something waits for healing before the first storage node can be stopped.
  returned: success
  type: bool
  sample: false
"""
