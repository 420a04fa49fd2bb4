# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nodes whose address in the inventory is not the one that their bricks have. Pure. PRIVATE to the collection."""

import re
from collections.abc import Container, Iterable, Sequence
from typing import Any, NamedTuple

from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Brick, Volume
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.volumes_plan import offline_bricks
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.brick_starts import start_refusal
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.records import Node, ObservedCluster

_Data = dict[str, Any]
#: By node the bricks that have an old address of it, with their volumes.
_OldBricks = dict[str, list[tuple[str, Brick]]]
#: Volumes that heketi has made, which knows their bricks by the addresses of its own topology.
_OF_HEKETI = re.compile(r"(vol_[0-9a-f]{32}|heketidbstorage)\Z")


class Readdress(NamedTuple):
    """A node that gets its new address: its bricks that have another one, by volume, and who of the others does it.

    by is the member that tells the pool, others are all members that reach the node.
    """

    node: Node
    bricks: list[tuple[str, Brick]]
    by: str
    others: list[str]

    def describe(self) -> _Data:
        """Return it as plain data."""
        return {
            "node": self.node.name,
            "uuid": self.node.uuid,
            "address": self.node.address,
            "by": self.by,
            "others": self.others,
            "volumes": sorted({volume for volume, _brick in self.bricks}),
            "bricks": [{"volume": volume, "brick": brick.name} for volume, brick in self.bricks],
            "line": self.line(),
        }

    def line(self) -> str:
        """Return it in words."""
        name, new = self.node.name, self.node.address
        bricks = [f"{brick.name} of volume {volume}" for volume, brick in self.bricks]
        restarts = (
            f"glusterd is stopped for some seconds on {', '.join(self.others)}, if it reaches {name} by another one"
        )
        return (
            f"{name} gets the address {new}: "
            + (
                f"{', '.join(bricks)} get it one after the other, each away for some seconds"
                if bricks
                else "no brick lacks it"
            )
            + (f"; {restarts}" if self.others else "")
        )


class Readdresses(NamedTuple):
    """The nodes that get their new address, and in sentences those that can't."""

    made: list[Readdress]
    refused: list[str]


def readdresses(
    names: Sequence[str], cluster: ObservedCluster, accepted: Sequence[str] = (), stale: Container[str] = ()
) -> Readdresses:
    """Return how the named nodes get the address that the inventory gives them.

    stale are the names of the bricks that are not mounted in their place.
    """
    old = _old_bricks(cluster)
    refused = [reason for name in names for reason in _refusals(name, cluster, old, accepted)]
    refused += [reason for name in names for reason in _stale_refusals(name, cluster, old, stale)]
    if refused:
        return Readdresses([], refused)
    return Readdresses([_readdress(cluster.by_name[name], cluster, old.get(name, [])) for name in names], [])


def old_address_lines(names: Sequence[str], cluster: ObservedCluster) -> list[str]:
    """Say of which nodes bricks have another address than the inventory, where nobody has asked to change that."""
    old = _old_bricks(cluster)
    return [
        f"{node.name} is {node.address} in the inventory, and {_words(brick.host for _volume, brick in bricks)} in its "
        f"bricks of {_words(volume for volume, _brick in bricks)}: the playbook readdress changes that, if "
        "gluster_readdress_nodes names the node"
        for node in cluster.nodes
        if node.name not in names and (bricks := old.get(node.name))
    ]


def _words(names: Iterable[str]) -> str:
    return ", ".join(sorted(set(names)))


def _old_bricks(cluster: ObservedCluster) -> _OldBricks:
    """Return by node its bricks that have another address than the node has in the inventory."""
    found: _OldBricks = {}
    for volume in cluster.answer.volumes:
        for brick in volume.bricks:
            node = cluster.by_uuid.get(brick.host_uuid)
            if node and brick.host != node.address:
                found.setdefault(node.name, []).append((volume.name, brick))
    return found


def _readdress(node: Node, cluster: ObservedCluster, bricks: Sequence[tuple[str, Brick]]) -> Readdress:
    others = [other.name for other in cluster.nodes if other.name != node.name and cluster.is_member(other)]
    by = cluster.reference.name if cluster.reference.name in others else (others or [node.name])[0]
    return Readdress(node, list(bricks), by, others)


def _refusals(name: str, cluster: ObservedCluster, old: _OldBricks, accepted: Sequence[str]) -> list[str]:
    """Say why a node can't get its new address now."""
    node = cluster.by_name.get(name)
    if node is None or not cluster.is_member(node):
        return [
            f"gluster_readdress_nodes: found {name}, which is no member of the pool that answers; write the names "
            "of such storage nodes"
        ]
    found = _members_refusals(name, cluster)
    names = {volume for volume, _brick in old.get(name, [])}
    found += [
        reason
        for volume in cluster.answer.volumes
        if volume.name in names and (reason := _volume_refusal(volume, node, accepted))
    ]
    return found + _brick_refusals(node, cluster, old.get(name, []))


def _stale_refusals(name: str, cluster: ObservedCluster, old: _OldBricks, stale: Container[str]) -> list[str]:
    """Each brick is healed when it is back, perhaps from such a one: GlusterFS does not know what that lacks."""
    return [
        f"{name} gets no new address while {brick.name} of volume {volume} is not mounted in its place: mend that first"
        for volume in sorted({volume for volume, _brick in old.get(name, [])})
        for brick in cluster.volumes[volume].bricks
        if brick.name in stale
    ]


def _brick_refusals(node: Node, cluster: ObservedCluster, old: Sequence[tuple[str, Brick]]) -> list[str]:
    """Say which bricks lack what they hold: GlusterFS would take them up as new ones, perhaps on the root file system.

    One that a run which was cut off has stopped for its change has all of it.
    """
    offline = {name for names in offline_bricks(cluster.answer.bricks).values() for name in names}
    reasons = {
        brick.name: start_refusal(brick, cluster.volumes[volume], node.disks.host)
        for volume, brick in old
        if brick.name in offline
    }
    return [
        f"{node.name} gets no new address while {name} does not serve: {reason}; bring it back, or replace it, first"
        for name, reason in reasons.items()
        if reason
    ]


def _members_refusals(name: str, cluster: ObservedCluster) -> list[str]:
    """Every member has to learn the address: one that does not would wait for the old one for ever."""
    away = [node.name for node in cluster.absent]
    known = {node.uuid for node in cluster.nodes}
    foreign = [peer.uuid for peer in cluster.pool.peers if peer.uuid not in known | set(cluster.absent_by_uuid)]
    return [
        f"{name} gets no new address while {one} is away, as each member has to learn it: bring it back, or replace it"
        for one in away
    ] + [
        f"{name} gets no new address while the member {uuid} is not in the inventory, as each has to learn it: add it"
        for uuid in foreign
    ]


def _volume_refusal(volume: Volume, node: Node, accepted: Sequence[str]) -> str:
    name = volume.name
    if not volume.is_started:
        return (
            f"volume {name} is not started, and GlusterFS gives its brick on {node.name} another address only while it "
            "runs: start it first"
        )
    if _OF_HEKETI.match(name):
        return (
            f"volume {name} is one of heketi, which knows its brick on {node.name} by the old address and can't be "
            f"told: have heketi move its bricks off {node.name} first (docs/heketi.md)"
        )
    if volume.set_width == 1 and name not in accepted:
        return (
            f"volume {name} keeps no copies, so that its brick on {node.name} is away for some seconds: name the "
            "volume in gluster_accept_downtime if its clients can wait"
        )
    return ""
