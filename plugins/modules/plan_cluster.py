# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the action plugin of this name, which runs on the controller."""

DOCUMENTATION = r"""
module: plan_cluster
short_description: Plan the whole cluster, on the controller
version_added: 1.0.0
description:
  - Makes the plan from the inventory to what M(brickwork.gluster.gluster_node_info) found on every machine - software,
    glusterd, firewall, bricks, pool, volumes, and the mounts of clients. Nothing is contacted or changed.
  - It fails, with all that stands in the way, where the inventory asks for what can't be or must not be done.
  - The answer of M(brickwork.gluster.gluster_node_info) has to be registered as C(gluster_server_seen) on every host.
options:
  hosts:
    description:
      - The storage nodes. Their variables say the rest - C(gluster_address), C(gluster_zone), C(gluster_devices).
    type: list
    elements: str
    required: true
  clients:
    description: The hosts that mount volumes.
    type: list
    elements: str
    default: []
  heketi:
    description: The host of heketi. What waits for it, and for storage nodes that do not answer, is told.
    type: list
    elements: str
    default: []
  kubernetes:
    description: The machines of Kubernetes. What waits for those that do not answer is told.
    type: list
    elements: str
    default: []
  pool:
    description:
      - What M(brickwork.gluster.gluster_info) told of the pool on one node, with V(pool), V(volumes), V(bricks) and
        V(tasks) in O(brickwork.gluster.gluster_info#module:gather). Leave it out where glusterd runs on no node.
    type: dict
  volumes:
    description: The volumes, instead of C(gluster_volumes) of the inventory.
    type: list
    elements: dict
  shrinking:
    description:
      - Names of volumes that may have more sets than the inventory says, as the playbook shrink is about to take sets
        out of them. Of any other volume, fewer sets than there are is an error.
    type: list
    elements: str
    default: []
  zone_policy:
    description: Instead of C(gluster_zone_policy) of the inventory.
    type: str
  root:
    description: Instead of C(gluster_root) of the inventory.
    type: str
  mount_options:
    description: Options with which bricks are mounted.
    type: str
  renewed:
    description:
      - Nodes that lost C(/var/lib/glusterd), by their names in the inventory. They become the members again that they
        were, see RV(identities). Without it, such a node ends the plan.
    type: list
    elements: str
  client_unit:
    description: The text of the unit that mounts on clients what the boot could not mount.
    type: str
    default: ""
author:
  - Brickwork contributors (@brickwork)
extends_documentation_fragment:
  - brickwork.gluster.attributes.controller
"""

EXAMPLES = r"""
- name: Plan the cluster
  brickwork.gluster.plan_cluster:
    hosts: "{{ groups.gluster_servers }}"
    clients: "{{ groups.gluster_clients | default([]) }}"
    pool: "{{ pool }}"
  register: plan
  run_once: true

- name: Show the plan
  ansible.builtin.debug:
    msg: "{{ plan.lines }}"
  run_once: true
"""

RETURN = r"""
lines:
  description: The plan in sentences.
  returned: success
  type: list
  elements: str
  sample: ["nothing to do"]
needs_change:
  description: Whether anything is to be done.
  returned: success
  type: bool
  sample: true
reference:
  description: The node that was asked about the pool, and that probes the others.
  returned: success
  type: str
  sample: node1
peers:
  description: The addresses of all storage nodes.
  returned: success
  type: list
  elements: str
  sample: ["192.168.72.101"]
servers:
  description: What is to be installed and started, in sentences.
  returned: success
  type: list
  elements: str
  sample: ["install GlusterFS on node1"]
certificates:
  description: What is to be done to the certificates of the storage nodes, in sentences.
  returned: success
  type: list
  elements: str
  sample: ["node1: sign a certificate (it ends on 2027-02-01)"]
server_steps:
  description: By node the steps for glusterd and the firewall.
  returned: success
  type: dict
  sample: {"node1": []}
servers_due:
  description: Whether the role gluster_server has anything to do, on any node.
  returned: success
  type: bool
  sample: true
pool:
  description: The members that are probed, in sentences.
  returned: success
  type: list
  elements: str
  sample: ["probe 192.168.72.102"]
pool_due:
  description: Whether the pool is to be probed or waited for.
  returned: success
  type: bool
  sample: true
bricks:
  description: By node the parameters for M(brickwork.gluster.lvm_brick), and its steps.
  returned: success
  type: dict
  sample: {"node1": {"bricks": [], "steps": []}}
volumes:
  description: The volumes with their place, the parameters for M(brickwork.gluster.gluster_volume), and its steps.
  returned: success
  type: list
  elements: dict
  sample: [{"name": "shared", "parameters": {}, "steps": []}]
identities:
  description:
    - The nodes of O(renewed) that lost their identity, each (C(node)) with what
      M(brickwork.gluster.gluster_identity) takes. The rest of the plan leaves them out.
  returned: success
  type: list
  elements: dict
  sample:
    - node: node2
      uuid: 7d3c1e2a-5f0b-4f0e-9c55-4b3b6a1f9d10
      op_version: 100000
      peer_uuid: 0f7a9a53-4d77-4d8a-8f0e-3f1c9d2b6e21
      peer_address: 192.168.72.101
replacements:
  description:
    - The bricks that were lost with their disks and can be made anew at their old place, each with C(volume), C(brick),
      C(node), the brick as M(brickwork.gluster.lvm_brick) takes it (C(made)), the others of its set that are lost
      (C(lost_with)), and whether one of the others is an arbiter (C(with_arbiter)).
  returned: success
  type: list
  elements: dict
  sample:
    - volume: shared
      brick: 192.168.72.102:/srv/gluster/shared-2/brick
      node: node2
      made: {name: shared-2, device: /dev/sdb, size: 10737418240B}
      lost_with: []
      with_arbiter: false
moves:
  description:
    - Where the bricks go of nodes (C(gluster_state)) and disks that are retired or lost, and single bricks that are,
      each with C(volume), C(brick), the node that it leaves, or the disk or brick as C(node:path) (C(leaving)), the
      new node (C(node)), C(new_brick), the brick as M(brickwork.gluster.lvm_brick) takes it (C(made)), and the others
      of its set that are lost (C(lost_with)).
  returned: success
  type: list
  elements: dict
  sample:
    - volume: shared
      brick: 192.168.72.102:/srv/gluster/shared-2/brick
      leaving: node2
      node: node5
      new_brick: 192.168.72.105:/srv/gluster/shared-4/brick
      made: {name: shared-4, device: /dev/sdb, size: 10737418240B}
      lost_with: []
immovable:
  description: Why other bricks of these nodes have no place elsewhere, in sentences.
  returned: success
  type: list
  elements: str
  sample: ["volume plain has bricks on node2 and is not started, so nothing heals: start it first"]
volume_moves:
  description:
    - Which bricks of the volumes that C(gluster_move_volumes) names move to the C(hosts) and C(devices) of the volume,
      in order, each as one of RV(moves), with about how many bytes are healed (C(heal)), and all of that in a sentence
      (C(line)).
  returned: success
  type: list
  elements: dict
  sample:
    - volume: shared
      brick: 192.168.72.102:/srv/gluster/shared-2/brick
      leaving: node2:/dev/sdb
      node: node2
      new_brick: 192.168.72.102:/srv/gluster/shared-4/brick
      made: {name: shared-4, device: /dev/sdc, size: 10737418240B}
      heal: 4294967296
      line: "volume shared: 192.168.72.102:/srv/gluster/shared-2/brick on node2:/dev/sdb moves to shared-4 on node2
        (10 GiB on /dev/sdc): about 4 GiB to heal; 2 healed copies until then, 3 after"
volumes_immovable:
  description: Why others of these volumes can't be moved, in sentences.
  returned: success
  type: list
  elements: str
  sample: ["volume plain is not started, so nothing heals: start it first (state: started)"]
readdresses:
  description:
    - How the nodes that C(gluster_readdress_nodes) names get their address, each with C(node), C(uuid), C(address), the
      bricks that have another one (C(bricks), C(volumes)), the member that tells the pool (C(by)), all other members
      (C(others)), and all of that in a sentence (C(line)).
  returned: success
  type: list
  elements: dict
  sample:
    - node: node2
      uuid: 7d3c1e2a-5f0b-4f0e-9c55-4b3b6a1f9d10
      address: 192.168.73.102
      by: node1
      others: [node1, node3]
      volumes: [shared]
      bricks:
        - volume: shared
          brick: 192.168.72.102:/srv/gluster/shared-2/brick
      line: "node2 gets the address 192.168.73.102: 192.168.72.102:/srv/gluster/shared-2/brick of volume shared get it
        one after the other, each away for some seconds; glusterd is stopped for some seconds on node1, node3, if it
        reaches node2 by another one"
unreaddressable:
  description: Why nodes can't get their address now, in sentences.
  returned: success
  type: list
  elements: str
  sample: ["volume plain is not started, and GlusterFS gives its brick on node2 another address only while it runs"]
unclonable:
  description: Why the volume that C(gluster_clone_volume) names can't be cloned now, in sentences.
  returned: success
  type: list
  elements: str
  sample: ["volume shared is not cloned while node2 is away: bring it back first"]
copy_changes:
  description:
    - How volumes get as many copies as the inventory says, one change after the other, each with C(volume), the
      C(number) of the change of this volume, C(type), C(replicas), C(new_bricks) and C(old_bricks) as
      M(brickwork.gluster.gluster_replica) takes them, where the new bricks are made (C(made)), whether the volume keeps
      copies before it (C(had_copies)), how many copies of each file there are until it is healed (C(copies)), about how
      many bytes that is (C(heal)), and all of that in a sentence (C(line)).
  returned: success
  type: list
  elements: dict
  sample:
    - volume: shared
      number: 1
      type: replicate
      replicas: 3
      old_bricks: []
      new_bricks: ["192.168.72.103:/srv/gluster/shared-3/brick"]
      made:
        - node: node3
          brick: {name: shared-3, device: /dev/sdb, size: 10737418240B}
      had_copies: true
      copies: 2
      heal: 4294967296
      line: "volume shared: replica 2 to replica 3: shared-3 on node3 (10 GiB on /dev/sdb) is added; about 4 GiB to
        heal; 2 copies until then, 3 copies from then on"
unchangeable:
  description: Why other volumes can't get the copies that the inventory asks for, in sentences.
  returned: success
  type: list
  elements: str
  sample: ["volume plain is not started, so nothing heals: start it first (state: started)"]
leaving:
  description: The members that are to leave the pool, by why (V(lost), V(retired)).
  returned: success
  type: dict
  sample: {"lost": ["node2"], "retired": []}
leaving_places:
  description:
    - The disks (C(gluster_devices)) and single bricks (C(gluster_bricks)) that are lost or retired, by why, each as
      C(node:path).
  returned: success
  type: dict
  sample: {"lost": [], "retired": ["node2:/dev/sdb"]}
begun:
  description:
    - By node, as M(brickwork.gluster.lvm_brick) takes them, the bricks of volumes that do not serve, that have a
      logical volume, and that are not mounted, or have no directory. A run of the playbook replace that was cut off
      while it made one leaves it so.
  returned: success
  type: dict
  sample: {"node2": [{"name": "shared-2", "device": "/dev/sdb", "size": "10737418240B"}]}
filling:
  description:
    - By volume its bricks that are new and not known to be filled. M(brickwork.gluster.gluster_heal) sees to that.
  returned: success
  type: dict
  sample: {"shared": ["192.168.72.105:/srv/gluster/shared-4/brick"]}
staying:
  description: A member that runs and does not leave, which takes the others out of the pool. Empty for none.
  returned: success
  type: str
  sample: node1
lost:
  description: The addresses of the nodes that are lost.
  returned: success
  type: list
  elements: str
  sample: ["192.168.72.102"]
irreplaceable:
  description: Why other lost bricks can't be made anew, in sentences.
  returned: success
  type: list
  elements: str
  sample:
    - "volume scratch: brick 192.168.72.102:/srv/gluster/scratch-2/brick on node2 is the only copy of its files; restore
      them from a backup"
starts:
  description:
    - By started volume the bricks without a process of which all is there, so that they may be started. Also of volumes
      that are not in the inventory.
  returned: success
  type: dict
  sample: {"shared": ["192.168.72.102:/srv/gluster/shared-2/brick"]}
clients:
  description:
    - By client its mounts, those that are pending, what is to be done to its certificate, and the packages that are
      missing.
  returned: success
  type: dict
  sample: {"client1": {"mounts": [], "pending": [], "certificate": [], "is_due": false}}
explanation:
  description: Why bricks are placed as they are, and what is worth knowing.
  returned: success
  type: list
  elements: str
  sample: ["volume shared: 3 bricks of 10 GiB"]
broken:
  description: What only people can mend, in sentences.
  returned: success
  type: list
  elements: str
  sample: ["volume shared: brick 192.168.72.102:/srv/gluster/shared-2/brick on node2 is gone"]
"""
