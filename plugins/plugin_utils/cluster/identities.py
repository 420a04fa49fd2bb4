# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether each node still is the member of the pool that its address belongs to. Pure. PRIVATE to the collection."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple, Optional

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import PlanError
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Peer
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.records import Absent, Node, ObservedCluster


class LostIdentity(NamedTuple):
    """A node that is a stranger to the pool, and the member that the pool goes on waiting for at its address."""

    node: Node
    peer: Peer


def lost_identities(cluster: ObservedCluster) -> list[LostIdentity]:
    """Return the nodes that lost /var/lib/glusterd, as with their system disk."""
    strangers = cluster.strangers
    missing = [peer for peer in cluster.pool.peers if peer.uuid not in cluster.by_uuid]
    if not strangers or not missing:
        return []
    lost = [(node, _member_at(node.address, missing, cluster)) for node in strangers]
    return [LostIdentity(node, peer) for node, peer in lost if peer]


def refuse_lost_identities(
    lost: Sequence[LostIdentity], cluster: ObservedCluster, renewed: Collection[str] = ()
) -> None:
    """Raise PlanError for those that lost their identity; the user says it of those in renewed."""
    problems = [_problem(node, peer, cluster) for node, peer in lost if node.name not in renewed]
    problems += [_still_there(node, peer) for node, peer in lost if node.name in renewed and peer.is_well]
    if problems:
        raise PlanError("\n".join(problems))


def without_lost(lost: Sequence[LostIdentity], cluster: ObservedCluster) -> ObservedCluster:
    """Return the cluster with these nodes absent: until they are members again, nothing else is planned for them."""
    names = {node.name for node, _peer in lost}
    absent = [Absent(node.name, node.address, node.zone, renewed=True) for node, _peer in lost]
    nodes = [node for node in cluster.nodes if node.name not in names]
    return ObservedCluster(nodes, cluster.reference, cluster.answer, [*cluster.absent, *absent])


def identity_facts(lost: LostIdentity, cluster: ObservedCluster) -> dict[str, Any]:
    """Return as plain data, as gluster_identity takes it, which member a node becomes again."""
    return {
        "node": lost.node.name,
        "uuid": lost.peer.uuid,
        "op_version": cluster.answer.op_version,
        "peer_uuid": cluster.reference.uuid,
        "peer_address": cluster.reference.address,
    }


def _member_at(address: str, missing: list[Peer], cluster: ObservedCluster) -> Optional[Peer]:
    """Return the member that the pool, or a brick, knows by an address, and that none of the nodes is."""
    volumes = cluster.answer.volumes
    holders = {brick.host_uuid for volume in volumes for brick in volume.bricks if brick.host == address}
    return next((peer for peer in missing if address in peer.names or peer.uuid in holders), None)


def _problem(node: Node, peer: Peer, cluster: ObservedCluster) -> str:
    volumes = _volumes_on(peer, cluster)
    holds = "which holds bricks of {}".format(", ".join(volumes)) if volumes else "which holds no bricks"
    own = f"has the uuid {node.uuid}" if node.uuid else "has no uuid (no /var/lib/glusterd/glusterd.info)"
    return (
        "gluster_address on {}: the pool knows {} as the member with the uuid {}, {}, and {} itself {}: its "
        "/var/lib/glusterd was lost, or another machine got that address; nothing is changed. {}"
    ).format(node.name, node.address, peer.uuid, holds, node.name, own, _remedy(node, peer, cluster))


def _still_there(node: Node, peer: Peer) -> str:
    """Two machines with one identity would both serve its bricks."""
    return (
        f"gluster_replace_nodes: {node.name}: the pool still sees the member {peer.uuid} at {node.address} connected, "
        "so the machine that was replaced runs; switch it off first"
    )


def _volumes_on(peer: Peer, cluster: ObservedCluster) -> list[str]:
    volumes = cluster.answer.volumes
    return [volume.name for volume in volumes if any(brick.host_uuid == peer.uuid for brick in volume.bricks)]


def _remedy(node: Node, peer: Peer, cluster: ObservedCluster) -> str:
    reference = cluster.reference
    return (
        "Restore /var/lib/glusterd on {node} from a backup of it, and run again. Without a backup, if {node} is that "
        "machine with a new system disk, or a new one in its place, the playbook replace makes it that member again "
        "(gluster_replace_nodes: [{node}]). By hand, on {node}, with GlusterFS installed: stop glusterd; write "
        "/var/lib/glusterd/glusterd.info with the two lines UUID={uuid} and operating-version={version} (as that file "
        "on {other} has it), and /var/lib/glusterd/peers/{peer} with the three lines uuid={peer}, state=3 and "
        "hostname1={address}; start glusterd, and run again. Bricks on the disks of {node} are found, mounted and "
        "healed then".format(
            node=node.name,
            uuid=peer.uuid,
            version=cluster.answer.op_version,
            other=reference.name,
            address=reference.address,
            peer=reference.uuid,
        )
    )
