# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The node that is asked about the whole pool, and what keeps the nodes from being one pool. Pure. PRIVATE."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError, PlanError
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.records import Node, ObservedCluster

#: As many names of volumes are shown of those that two nodes know differently.
_NAMES_SHOWN = 5


def knowing(looks: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the name of the node that is asked about the pool: one with volumes, else one in the largest pool.

    looks is by host what the look found of GlusterFS. "" where glusterd runs on none of them.
    """
    running = [name for name, look in looks.items() if look and look["running"]]
    return max(running, key=lambda name: (looks[name]["known_volumes"], looks[name]["peers"]), default="")


def is_in_doubt(looks: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether the pool has to be asked which bricks are online, and what is under way.

    That takes locks, and time for each volume. It is left out where all members are there and find their parts well.
    """
    return any(
        not look or not look["running"] or look.get("unwell") or look.get("doubtful") or look["peers"] != len(looks)
        for look in looks.values()
    )


def reference_node(nodes: Sequence[Node]) -> Node:
    """Return the node whose pool the others join: the one that was asked about the pool, else the first.

    Raises PlanError for a uuid that was cloned.
    """
    if not nodes:
        raise InputError("gluster_servers: found no host in the group; write at least one")
    _refuse_clones(nodes)
    name = knowing({node.name: node.gluster for node in nodes})
    return next((node for node in nodes if node.name == name), nodes[0])


def refuse_other_pools(cluster: ObservedCluster) -> None:
    """Raise PlanError for a second pool, and for volumes that only nodes with a stopped glusterd know.

    Placing without these would be placing blindly.
    """
    for node in cluster.nodes:
        if not cluster.is_member(node) and (node.peers > 1 or node.volumes):
            raise PlanError(
                "gluster_servers: %s is in another pool than %s (%s members, %s volumes there); give each pool an "
                "inventory of its own" % (node.name, cluster.reference.name, node.peers, len(node.volumes))
            )
        unknown = [] if node.gluster["running"] else sorted(set(node.gluster["volumes"]) - set(cluster.volumes))
        if unknown:
            raise PlanError(
                "%s: glusterd is stopped and knows the volumes %s, which no running node knows; start it there "
                "(systemctl start glusterd) and run again" % (node.name, ", ".join(unknown))
            )


def _refuse_clones(nodes: Iterable[Node]) -> None:
    owners: dict[str, Node] = {}
    for node in nodes:
        owner = owners.setdefault(node.uuid, node)
        if node.uuid and owner is not node:
            raise PlanError(_twins(owner, node))


def _twins(first: Node, second: Node) -> str:
    """Tell one machine under two names from a copied one. Neither is told to lose its identity: it may hold bricks."""
    if first.machine_id and first.machine_id == second.machine_id:
        return (
            "gluster_servers: {} and {} are one machine (machine-id {}, uuid {} in the pool), reached by two names or "
            "addresses; leave one of them out, or give a machine that was copied from the other a system of its own"
        ).format(first.name, second.name, first.machine_id, first.uuid)
    return (
        "gluster_servers: {} and {} are two machines with the same uuid {} in the pool: the system of one was copied "
        "from the other with /var/lib/glusterd; look which one holds the bricks that 'gluster volume info' lists, keep "
        "that one, and set up the other from a bare system"
    ).format(first.name, second.name, first.uuid)


def disagreements(cluster: ObservedCluster) -> list[str]:
    """Name the running members that know a volume in another form than the reference node, or not at all."""
    known = cluster.reference.volumes
    lines = []
    for node in cluster.nodes:
        # Nearly always all agree, and comparing them whole is what keeps this fast with many nodes.
        if not cluster.is_member(node) or not node.gluster["running"] or node.volumes == known:
            continue
        differing = sorted(name for name, digest in known.items() if node.volumes.get(name) != digest)
        if differing:
            more = ", ..." if differing[_NAMES_SHOWN:] else ""
            lines.append(
                "%s and %s know different things of the volumes %s%s: the pool is settling, or a member missed a "
                "change; if it stays so, see docs/repair.md"
                % (cluster.reference.name, node.name, ", ".join(differing[:_NAMES_SHOWN]), more)
            )
    return lines
