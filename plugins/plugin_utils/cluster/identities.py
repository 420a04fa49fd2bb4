# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether each node still is the member of the pool that its address belongs to. Pure. PRIVATE to the collection."""

from typing import Any, List, Optional, Sequence

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import PlanError
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Peer


def refuse_lost_identities(nodes: Sequence[Any], reference: Any) -> None:
    """Raise PlanError for nodes (of cluster_plan) that lost /var/lib/glusterd, as with their system disk.

    Such a node is a stranger to the pool, and the pool goes on waiting for a member with that address.
    """
    known = {node.uuid for node in nodes}
    lost = [(node, _member_at(node.address, reference, known)) for node in nodes]
    problems = [_problem(node, peer, reference) for node, peer in lost if peer and not _is_member(node, reference)]
    if problems:
        raise PlanError("\n".join(problems))


def _member_at(address: str, reference: Any, known: Any) -> Optional[Peer]:
    """Return the member that the pool, or a brick, knows by an address, and that none of the nodes is."""
    holders = {brick.host_uuid for volume in reference.volumes for brick in volume.bricks if brick.host == address}
    return next(
        (
            peer
            for peer in reference.pool.peers
            if peer.uuid not in known and (address in peer.names or peer.uuid in holders)
        ),
        None,
    )


def _is_member(node: Any, reference: Any) -> bool:
    return node.uuid in {peer.uuid for peer in reference.pool.peers}


def _problem(node: Any, peer: Peer, reference: Any) -> str:
    volumes = _volumes_on(peer, reference)
    holds = "which holds bricks of %s" % ", ".join(volumes) if volumes else "which holds no bricks"
    own = "has the uuid %s" % node.uuid if node.uuid else "has no uuid (no /var/lib/glusterd/glusterd.info)"
    return (
        "gluster_address on %s: the pool knows %s as the member with the uuid %s, %s, and %s itself %s: its "
        "/var/lib/glusterd was lost, or another machine got that address; nothing is changed. %s"
        % (node.name, node.address, peer.uuid, holds, node.name, own, _remedy(node, peer, reference))
    )


def _volumes_on(peer: Peer, reference: Any) -> List[str]:
    return [volume.name for volume in reference.volumes if peer.uuid in {brick.host_uuid for brick in volume.bricks}]


def _remedy(node: Any, peer: Peer, reference: Any) -> str:
    return (
        "Restore /var/lib/glusterd on {node} from a backup of it, and run again. Without a backup, on {node}, with "
        "GlusterFS installed: stop glusterd; write /var/lib/glusterd/glusterd.info with the two lines UUID={uuid} and "
        "operating-version={version} (as that file on {other} has it), and /var/lib/glusterd/peers/{peer} with the "
        "three lines uuid={peer}, state=3 and hostname1={address}; start glusterd, and run again. Bricks on the disks "
        "of {node} are found, mounted and healed then".format(
            node=node.name,
            uuid=peer.uuid,
            version=reference.gluster.get("op_version", 0),
            other=reference.name,
            address=reference.address,
            peer=reference.uuid,
        )
    )
