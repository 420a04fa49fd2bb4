# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of the whole cluster, made on the controller from what every node showed. Pure, and linear in that. PRIVATE.

Read plan_cluster first: it names the parts in their order.
"""

from collections import defaultdict
from collections.abc import Collection, Container, Mapping, Sequence
from typing import Any, NamedTuple, Optional, TypeVar, Union

from ansible_collections.brickwork.gluster.plugins.module_utils.defaults import MOUNT_OPTIONS, ROOT
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import PlanError, UnsafeChangeError
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.filling import filling_objections, fillings
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.marks import Mark
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import REJECTED, Brick, Pool, Volume
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.volume_plan import ObservedVolumes, plan_volume
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.volumes_plan import (
    desired_volume,
    offline_bricks,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.brick_plan import plan_bricks
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.desired import desired_host
from ansible_collections.brickwork.gluster.plugins.module_utils.versions import server_problems
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.absence import (
    Split,
    absence_lines,
    left_lines,
    maintenance_notes,
    refuse_blind_plan,
    refuse_half_upgraded,
    refuse_silence,
    split_volumes,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.brick_findings import (
    BlockedBrick,
    BrokenBrick,
    WrongMounts,
    blocked_bricks,
    find_broken,
    kept_sizes,
    unused_bricks,
    wrong_mounts,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.brick_starts import BrickStarts, brick_starts
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.certificates import (
    certificate_lines,
    refuse_certificate,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.encryption import (
    check_encryption,
    check_names,
    encrypted_volume,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.identities import (
    LostIdentity,
    identity_facts,
    lost_identities,
    refuse_lost_identities,
    without_lost,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.memory import memory_warnings, node_loads
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.records import (
    LOST,
    RETIRED,
    Absent,
    Node,
    ObservedCluster,
    PoolAnswer,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.reference import (
    disagreements,
    reference_node,
    refuse_other_pools,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.tasks import task_lines
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.words import software_lines
from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.clones import clone_problems
from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.copies import (
    CopyChanges,
    as_they_are,
    change_lines,
    changing,
    copy_changes,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.disks import (
    bricks_in_state,
    disk_lines,
    disks_in_state,
    given_up,
    lost_sentence,
    taking,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.gaps import Placing
from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.moves import Moves, leavers, moves
from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.readdress import (
    Readdresses,
    old_address_lines,
    readdresses,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.replacement import (
    Replacements,
    begun,
    replacements,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.volume_moves import (
    VolumeMoves,
    outside_lines,
    volume_moves,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.placement.place import place_bricks

_Data = dict[str, Any]
_Changes = TypeVar("_Changes", Moves, Replacements)
_Whole = TypeVar("_Whole", VolumeMoves, CopyChanges)
_NO_STARTS = BrickStarts((), ())


class Settings(NamedTuple):
    """What holds for the whole cluster."""

    zone_policy: str = "strict"
    root: str = ROOT
    mount_options: str = MOUNT_OPTIONS
    #: By host, the names in the certificates of all machines; none without TLS.
    tls_names: Mapping[str, str] = {}
    #: All hosts that mount volumes.
    clients: tuple[str, ...] = ()
    #: Nodes that lost their identity, and of which the user says so.
    renewed: tuple[str, ...] = ()
    #: Volumes that are to be moved to where they are limited to.
    moved: tuple[str, ...] = ()
    #: Nodes that get the address of the inventory, and volumes whose clients can wait for that.
    readdressed: tuple[str, ...] = ()
    downtime_ok: tuple[str, ...] = ()
    #: A volume that is to be cloned, and the name of its clone; "" for none.
    cloned: str = ""
    clone: str = ""


def plan_cluster(
    volumes: Sequence[_Data],
    nodes: Sequence[Node],
    settings: Settings,
    answer: Optional[PoolAnswer] = None,
    absent: Sequence[Absent] = (),
) -> _Data:
    """Return the plan for all nodes and volumes as plain data.

    answer is what the reference node told of the pool, None where glusterd runs nowhere. absent are the nodes that did
    not answer: what needs them waits (see cluster.absence), and is told of in broken.

    Raises InputError for a wrong inventory, PlanError or PlacementError for volumes that the nodes have no place for.
    """
    cluster, lost = _observed(nodes, settings, answer, absent)
    broken = find_broken(cluster.volumes.values(), cluster.disks)
    (wrong, at_boot), gone = _wrong_mounts(cluster, broken), given_up(broken, cluster)
    anew = _from_good_bricks(replacements(broken, cluster, gone, wrong), cluster, wrong)
    _refuse_devices(cluster.nodes, broken)
    volumes, waiting = _split_volumes(_encrypted(volumes, cluster, settings), cluster, wrong)
    known = {found.brick.name for found in broken} | set(wrong)
    existing = existing_bricks(volumes, cluster, untouched := known | set(at_boot) | cluster.lost_in_place)
    hosts = placement_hosts(cluster, broken)
    placing = Placing(hosts, volumes, settings.zone_policy, settings.root)
    moving = _from_good_bricks(moves(cluster, placing, broken, wrong), cluster, wrong)
    relocating = _of_good_volumes(volume_moves(settings.moved, cluster, placing, broken), cluster, wrong)
    shapes = changing(volumes, cluster)
    copying = _of_good_volumes(copy_changes(shapes, cluster, placing), cluster, wrong)
    renaming = readdresses(settings.readdressed, cluster, settings.downtime_ok, wrong)
    mine = [brick for brick in existing if (brick["host"], brick["path"]) not in copying.paths]
    placed = place_bricks(as_they_are(volumes, shapes, cluster), hosts, mine, settings.zone_policy, settings.root)
    blocked = blocked_bricks(placed["volumes"], cluster.disks)
    bricks = _plan_nodes(cluster, placed["volumes"], settings, blocked)
    starts = _all_starts(cluster, bricks)
    plan = {
        "reference": cluster.reference.name,
        "peers": [node.address for node in cluster.nodes if not node.retired],
        **_servers(cluster),
        "pool": _probes(cluster),
        "pool_due": _pool_is_due(cluster),
        "bricks": bricks,
        "volumes": _plan_volumes(_unblocked(placed["volumes"], blocked), cluster, starts),
        "identities": [identity_facts(one, cluster) for one in lost],
        **_replaced(cluster, anew, moving, copying, {one["name"] for one in volumes}, untouched | set(gone)),
        **_named(relocating, renaming),
        "unclonable": clone_problems(settings.cloned, settings.clone, {one["name"] for one in volumes}, cluster),
        "starts": {name: list(found.names) for name, found in starts.items() if found.names},
        "explanation": placed["explanation"]
        + _leaving_lines(cluster, moving, gone)
        + change_lines(shapes, copying, cluster)
        + outside_lines(volumes, settings.moved, cluster)
        + _named_lines(relocating)
        + old_address_lines(settings.readdressed, cluster)
        + _named_lines(renaming)
        + _remarks(placed["volumes"], existing, cluster, known, starts),
        "broken": [_sentence(found, gone) for found in broken]
        + [*wrong.values(), *at_boot.values(), *_not_started(starts, known, cluster), *waiting]
        + [*(one.sentence for one in blocked), *absence_lines(cluster)],
    }
    return dict(plan, needs_change=_needs_change(plan))


def _observed(
    nodes: Sequence[Node], settings: Settings, answer: Optional[PoolAnswer], absent: Sequence[Absent]
) -> tuple[ObservedCluster, list[LostIdentity]]:
    """Return the cluster, and the nodes that lost their identity, which are absent in it. Refuses to plan blindly."""
    refuse_half_upgraded(absent, (answer or PoolAnswer()).volumes)
    refuse_silence(nodes, absent)
    cluster = ObservedCluster(nodes, reference_node(nodes), answer or PoolAnswer(), absent)
    refuse_blind_plan(cluster)
    refuse_other_pools(cluster)
    lost = lost_identities(cluster)
    refuse_lost_identities(lost, cluster, settings.renewed)
    return without_lost(lost, cluster), lost


def _servers(cluster: ObservedCluster) -> _Data:
    """Return what the nodes need before they can be a pool."""
    return {
        "servers": _server_steps(cluster.nodes),
        "certificates": _certificate_lines(cluster.nodes),
        "server_steps": {node.name: _local_steps(node) for node in cluster.nodes},
        "servers_due": _servers_are_due(cluster),
    }


def _from_good_bricks(changes: _Changes, cluster: ObservedCluster, wrong: Container[str]) -> _Changes:
    """Refuse new bricks that might be filled from one with a wrong mount: GlusterFS can't tell what that lacks."""
    old = {
        one.brick: [
            brick.name
            for brick in cluster.volumes[one.volume].set_of(one.brick)
            if brick.name in wrong and brick.name != one.brick
        ]
        for one in changes.made
    }
    refused = [
        f"volume {one.volume}: {one.brick} is not replaced, since it might be filled from {', '.join(old[one.brick])}, "
        "which is not mounted in its place: mend that first"
        for one in changes.made
        if old[one.brick]
    ]
    return changes._replace(made=[one for one in changes.made if not old[one.brick]], refused=changes.refused + refused)


def _of_good_volumes(changes: _Whole, cluster: ObservedCluster, wrong: Mapping[str, str]) -> _Whole:
    """Refuse to move or reshape volumes as a whole while one of their bricks is not mounted in its place."""
    old = {
        volume.name: wrong[brick.name]
        for volume in cluster.answer.volumes
        for brick in volume.bricks
        if brick.name in wrong
    }
    held = sorted({one.volume for one in changes.made} & set(old))
    refused = [f"{old[name]}; until then the bricks of the volume stay where they are" for name in held]
    made = [one for one in changes.made if one.volume not in old]
    return changes._replace(made=made, refused=changes.refused + refused)


def _named(relocating: VolumeMoves, renaming: Readdresses) -> _Data:
    """Return what the playbooks move and readdress would do with what is named for them."""
    return {
        "volume_moves": [one.describe() for one in relocating.made],
        "volumes_immovable": relocating.refused,
        "readdresses": [one.describe() for one in renaming.made],
        "unreaddressable": renaming.refused,
    }


def _named_lines(changes: Union[VolumeMoves, Readdresses]) -> list[str]:
    return [one.line() for one in changes.made] + changes.refused


def _replaced(
    cluster: ObservedCluster,
    anew: Replacements,
    moving: Moves,
    copying: CopyChanges,
    names: Collection[str],
    untouched: Collection[str],
) -> _Data:
    """Return what the playbooks replace, retire and expand would do; site does nothing of it.

    names are those of the desired volumes, untouched of the bricks to which nothing is done where they are.
    """
    return {
        "replacements": [one.describe() for one in anew.made],
        "irreplaceable": anew.refused,
        "begun": begun(cluster, names, untouched),
        "moves": [one.describe() for one in moving.made],
        "immovable": moving.refused,
        "copy_changes": [one.describe() for one in copying.made],
        "unchangeable": copying.refused,
        "leaving": _leaving(cluster),
        "leaving_places": {
            state: disks_in_state(cluster, state) + bricks_in_state(cluster, state) for state in (LOST, RETIRED)
        },
        "filling": {volume.name: new for volume in cluster.answer.volumes if (new := sorted(fillings(volume)))},
        "staying": _staying(cluster),
        "lost": [node.address for node in cluster.absent if node.lost],
    }


def _remarks(
    placed: Sequence[_Data],
    existing: Sequence[_Data],
    cluster: ObservedCluster,
    known: Container[str],
    starts: Mapping[str, BrickStarts],
) -> list[str]:
    """Return what is worth knowing and asks for no step."""
    volumes = cluster.answer.volumes
    return (
        kept_sizes(placed, cluster.disks, volumes)
        + unused_bricks(placed, cluster.disks, volumes, existing)
        + task_lines(cluster.answer.tasks)
        + [
            f"volume {volume.name}: {line}"
            for volume in volumes
            for line in filling_objections(volume, fillings(volume))
        ]
        + maintenance_notes(cluster)
        + disagreements(cluster)
        + _not_started(starts, known, cluster, outside=True)
        + memory_warnings(node_loads(cluster.nodes, volumes, placed), volumes)
    )


def _sentence(found: BrokenBrick, gone: dict[str, str]) -> str:
    return lost_sentence(found, gone[found.brick.name]) if found.brick.name in gone else found.sentence


def _leaving(cluster: ObservedCluster) -> dict[str, list[str]]:
    """Return the nodes that are to leave the pool, those that are lost and those that are retired."""
    present = {node.name for node in cluster.nodes} | {node.name for node in cluster.awaited}
    names = sorted([*leavers(cluster).values(), *(node.name for node in cluster.awaited if node.retired)])
    return {
        "lost": [name for name in names if name not in present],
        "retired": [name for name in names if name in present],
    }


def _staying(cluster: ObservedCluster) -> str:
    """Return a member that runs and does not leave, "" for none: no member can take itself out of the pool."""
    nodes = [cluster.reference, *cluster.nodes]
    staying = (node.name for node in nodes if node.gluster["running"] and cluster.is_member(node) and not node.retired)
    return next(staying, "")


def _leaving_lines(cluster: ObservedCluster, moving: Moves, gone: dict[str, str]) -> list[str]:
    """Say what becomes of the bricks of nodes and disks that leave, and what is left to do there."""
    retired = [
        f"{node.name} is retired: the playbook retire moves what it has to other nodes, and takes it out of the pool"
        for node in cluster.nodes
        if node.retired and cluster.is_member(node)
    ]
    return (
        left_lines(cluster)
        + retired
        + disk_lines(cluster, gone)
        + [move.line() for move in moving.made]
        + moving.refused
    )


def _not_started(
    starts: Mapping[str, BrickStarts],
    known: Container[str],
    cluster: ObservedCluster,
    outside: bool = False,
) -> list[str]:
    """Return why bricks without a process stay without one, on the nodes of the inventory or on members outside of it.

    Of the bricks that are known it is said already.
    """
    addresses = {node.address for node in cluster.nodes}
    return [
        reason
        for volume in starts.values()
        for name, reason in volume.reasons
        if name not in known and (name.rpartition(":/")[0] in addresses) != outside
    ]


def _wrong_mounts(cluster: ObservedCluster, broken: Sequence[BrokenBrick]) -> WrongMounts:
    """Return what is said of bricks that can't come to their place. Refuses to start glusterd without one of them."""
    known = {one.brick.name for one in broken} | cluster.lost_in_place
    mounts = wrong_mounts(cluster.volumes.values(), cluster.disks, known)
    found = mounts.now
    stopped = {node.uuid: node.name for node in cluster.nodes if not node.gluster["running"]}
    reasons = [
        f"gluster_servers: glusterd does not run on {stopped[brick.host_uuid]}, and is not started: {found[brick.name]}"
        for volume in cluster.answer.volumes
        for brick in volume.bricks
        if brick.name in found and brick.host_uuid in stopped and volume.is_started
    ]
    if reasons:
        raise UnsafeChangeError("\n".join(reasons))
    return mounts


def _split_volumes(volumes: Sequence[_Data], cluster: ObservedCluster, wrong: Container[str]) -> Split:
    """Return which volumes can be planned. A start takes all bricks, also one that is not in its place."""
    split = split_volumes(volumes, cluster)
    held = {
        volume.name
        for volume in cluster.answer.volumes
        if not volume.is_started and any(brick.name in wrong for brick in volume.bricks)
    }
    waiting = [
        f"gluster_volumes: {volume['name']}: it waits, and does not run: a brick of it is not mounted in its place"
        for volume in split.volumes
        if volume["name"] in held
    ]
    return Split([volume for volume in split.volumes if volume["name"] not in held], split.waiting + waiting)


def _encrypted(volumes: Sequence[_Data], cluster: ObservedCluster, settings: Settings) -> Sequence[_Data]:
    """Return the volumes with what TLS asks for, if there is to be any; see cluster.encryption for what is refused."""
    names, servers = settings.tls_names, [node.name for node in cluster.nodes]
    check_names(names)
    encrypted = {node.name: node.gluster.get("encrypted") for node in cluster.nodes}
    check_encryption(names, encrypted, cluster.answer.volumes)
    if not names:
        return volumes
    return [encrypted_volume(volume, names, servers, settings.clients, cluster.volumes) for volume in volumes]


def _needs_change(plan: _Data) -> bool:
    hosts = any(node["steps"] for node in plan["bricks"].values())
    servers = plan["servers"] or plan["certificates"] or any(plan["server_steps"].values())
    return bool(servers or plan["pool"] or hosts or any(volume["steps"] for volume in plan["volumes"]))


def _refuse_devices(nodes: Sequence[Node], broken: Sequence[BrokenBrick]) -> None:
    """Refuse what the inventory gives away and is not free: leaving it out in silence would hide why room is short.

    On a node that has lost a brick, a disk that is missing, or whose label LVM can't read any more below our own
    logical volumes, is what died, and no slip in the inventory.
    """
    losers = {found.node for found in broken}
    reasons = [
        device["reason"]
        for node in nodes
        for device in node.disks.devices
        if device.get("reason")
        and node.disk_states.get(device["path"]) != LOST
        and not (node.name in losers and _is_dead(device, node))
    ]
    if reasons:
        raise UnsafeChangeError("\n".join(f"gluster_devices: {reason}" for reason in reasons))


def _is_dead(device: _Data, node: Node) -> bool:
    observed = node.disks.host.devices.get(device["path"])
    if observed is None:
        return True
    return observed.physical is None and any("/brickwork_" in child for child in observed.children)


def _server_steps(nodes: Sequence[Node]) -> list[str]:
    steps = [line for node in nodes for line in _software_lines(node)]
    return steps + [_start_words(node) for node in nodes if not node.gluster["running"]]


def _software_lines(node: Node) -> list[str]:
    if node.software:
        return software_lines(node.name, node.software)
    if not node.gluster["installed"]:
        return [f"install GlusterFS on {node.name}"]
    return ["install {} on {}".format(", ".join(node.missing_packages), node.name)] if node.missing_packages else []


def _certificate_lines(nodes: Sequence[Node]) -> list[str]:
    for node in nodes:
        refuse_certificate(node.name, node.certificate, node.missing_packages)
    return [line for node in nodes for line in certificate_lines(node.name, node.certificate)]


def _servers_are_due(cluster: ObservedCluster) -> bool:
    """Whether a node is not set up, or the nodes do not go together, which the role gluster_server tells of."""
    if not all(node.is_set_up for node in cluster.nodes):
        return True
    desired = {node.name: node.desired_version for node in cluster.nodes}
    return bool(server_problems({node.name: dict(node.gluster) for node in cluster.nodes}, desired))


def _pool_is_due(cluster: ObservedCluster) -> bool:
    """Whether there is somebody to probe, or a member that does not see all of the others well."""
    if cluster.awaited:
        # It would only be waited for in vain, and nobody can join meanwhile.
        return False
    if cluster.absent:
        # Of those that are lost nobody sees them well ever again.
        return bool(cluster.strangers)
    members = len(cluster.pool.peers)
    asked = [node for node in cluster.nodes if cluster.is_member(node) or not node.retired]
    agree = all(node.peers == members and node.sees_all_well for node in asked)
    return bool(cluster.strangers) or not agree or not all(peer.is_well for peer in cluster.pool.peers)


def _probes(cluster: ObservedCluster) -> list[str]:
    """Return whom the reference node probes. Nobody joins while a node does not answer."""
    if cluster.awaited:
        return []
    joining = [f"probe {node.address}" for node in cluster.strangers if node is not cluster.reference]
    left = [node.address for node in cluster.nodes if _has_left(node, cluster)]
    return joining + [f"detach and probe {address}: it has left, and members know it from before" for address in left]


def _has_left(node: Node, cluster: ObservedCluster) -> bool:
    """Whether members know a node that knows nobody, as where the power of one was cut when the node left."""
    rejected = any(peer.uuid == node.uuid and peer.state == REJECTED for peer in cluster.pool.peers)
    holds = any(brick.host_uuid == node.uuid for volume in cluster.volumes.values() for brick in volume.bricks)
    return rejected and not holds and not (node.retired or node.volumes) and node.peers == 1


def _local_steps(node: Node) -> list[_Data]:
    """Return what is to be done to glusterd and the firewall of a node that has them."""
    return [*node.daemon, *node.firewall] if node.gluster["running"] else []


def _start_words(node: Node) -> str:
    because = node.gluster.get("stopped_because")
    return "start glusterd on {}{}".format(node.name, f" ({because})" if because else "")


def placement_hosts(cluster: ObservedCluster, broken: Sequence[BrokenBrick] = ()) -> list[_Data]:
    """Return the nodes as place_bricks wants them. A disk on which a brick can't be read takes no others."""
    dying = {(found.node, found.device) for found in broken}
    away = [{"name": node.name, "address": node.address, "zone": node.zone, "devices": []} for node in cluster.absent]
    return away + [
        {
            "name": node.name,
            "address": node.address,
            "zone": node.zone,
            "devices": [
                dict(device, free=0) if (node.name, device["path"]) in dying else device for device in taking(node)
            ],
        }
        for node in cluster.nodes
    ]


def existing_bricks(volumes: Sequence[_Data], cluster: ObservedCluster, untouched: Container[str] = ()) -> list[_Data]:
    """Return the bricks of the desired volumes that exist: in a volume, or prepared by a run that was cut off.

    untouched are the names of those to which nothing is done.
    """
    names = {volume.get("name") for volume in volumes}
    present = [volume for volume in cluster.answer.volumes if volume.name in names]
    return _bricks_in_volumes(present, cluster, untouched) + _prepared_bricks(names, present, cluster.nodes)


def _bricks_in_volumes(volumes: Sequence[Volume], cluster: ObservedCluster, untouched: Container[str]) -> list[_Data]:
    return [
        _existing(volume.name, index, cluster.host_of(brick.host_uuid), brick, brick.name in untouched)
        for volume in volumes
        for index, brick in enumerate(volume.bricks, 1)
    ]


def _existing(volume: str, index: int, node: Optional[Union[Node, Absent]], brick: Brick, is_untouched: bool) -> _Data:
    """Return a brick of a volume for place_bricks. One without a device stays as it is, without lvm_brick."""
    if node is None:
        raise PlanError(
            "gluster_volumes: %s has the brick %s on a member that is not in the group gluster_servers; add that host"
            % (volume, brick.name)
        )
    disk: _Data = {}
    if isinstance(node, Node) and not is_untouched:
        disk = node.disks.bricks.get(brick.path, {})
    return _existing_brick(volume, index, node.name, brick.path, disk, in_volume=True)


def _existing_brick(volume: str, index: int, host: str, path: str, disk: _Data, in_volume: bool) -> _Data:
    return {
        "volume": volume,
        "index": index,
        "host": host,
        "device": disk.get("device") or None,
        "size": disk.get("size") or None,
        "path": path,
        "in_volume": in_volume,
    }


def _prepared_bricks(names: set[Optional[str]], present: Sequence[Volume], nodes: Sequence[Node]) -> list[_Data]:
    lengths = {volume.name: len(volume.bricks) for volume in present}
    taken = {(brick.host_uuid, brick.path) for volume in present for brick in volume.bricks}
    prepared = []
    for node in nodes:
        for path, disk in node.disks.bricks.items():
            volume, _dash, index = disk["name"].rpartition("-")
            if volume not in names or not index.isdigit() or (node.uuid, path) in taken:
                continue
            if int(index) > lengths.get(volume, 0):
                prepared.append(_existing_brick(volume, int(index), node.name, path, disk, in_volume=False))
    return prepared


def _unblocked(volumes: Sequence[_Data], blocked: Sequence[BlockedBrick]) -> list[_Data]:
    """Return the volumes that have no brick which can't be mounted."""
    waiting = {one.volume for one in blocked}
    return [volume for volume in volumes if volume["name"] not in waiting]


def _plan_nodes(
    cluster: ObservedCluster, volumes: Sequence[_Data], settings: Settings, blocked: Sequence[BlockedBrick]
) -> dict[str, _Data]:
    """Return by node the parameters for lvm_brick, and its steps. Nothing is done to a brick that can't be mounted."""
    ids = {volume.volume_id: volume.name for volume in cluster.answer.volumes}
    untouched = {(one.node, one.path) for one in blocked}
    by_node: dict[str, list[_Data]] = defaultdict(list)
    for volume in volumes:
        for brick in volume["bricks"]:
            if brick["device"] and (brick["host"], brick["path"]) not in untouched:
                desired = {"name": brick["name"], "device": brick["device"], "size": f"{brick['size']}B"}
                by_node[brick["host"]].append(desired)
    return {node.name: _plan_node(node, by_node.get(node.name, []), settings, ids) for node in cluster.nodes}


def _plan_node(node: Node, bricks: list[_Data], settings: Settings, ids: dict[str, str]) -> _Data:
    """Return the parameters for lvm_brick, and its steps. ids are those of all volumes; the look leaves them out."""
    host = node.disks.host
    if host.volume_ids is not None:
        host = host._replace(volume_ids=ids)
    parameters = {
        "bricks": bricks,
        "devices": node.devices,
        "root": settings.root,
        "mount_options": settings.mount_options,
    }
    plan = plan_bricks(desired_host(parameters), host)
    return dict(parameters, steps=plan.describe())


def _settled_pool(cluster: ObservedCluster) -> Pool:
    """Return the pool, or an empty one while it is not yet what it will be when it comes to the volumes.

    Before all nodes are members nobody can tell which host is which member, and one that has just booted is about to
    connect. Probing, and waiting until all see all, comes before the volumes, and fails where a member stays away.
    """
    settled = not cluster.strangers and all(peer.is_well for peer in cluster.pool.peers)
    return cluster.pool if settled else Pool(())


def _all_starts(cluster: ObservedCluster, planned: Mapping[str, _Data]) -> dict[str, BrickStarts]:
    """Return by volume which bricks may be started, also those that lvm_brick is about to mount."""
    offline = offline_bricks(cluster.answer.bricks)
    if not offline:
        return {}
    mounting = {f"{node.address}:{path}" for node in cluster.nodes for path in _mounted_paths(node, planned[node.name])}
    hosts = {node.uuid: node.disks.host for node in cluster.nodes if node.uuid}
    return {
        name: brick_starts(cluster.volumes[name], names, cluster.pool, hosts, mounting, cluster.lost_in_place)
        for name, names in offline.items()
        if name in cluster.volumes
    }


def _mounted_paths(node: Node, planned: _Data) -> list[str]:
    names = {step["target"] for step in planned["steps"] if step["kind"] == "mount"}
    return [path for path, disk in node.disks.bricks.items() if disk["name"] in names]


def _plan_volumes(volumes: Sequence[_Data], cluster: ObservedCluster, starts: Mapping[str, BrickStarts]) -> list[_Data]:
    """Return the volumes with the parameters for gluster_volume, and their steps."""
    observed = ObservedVolumes(
        _settled_pool(cluster),
        list(cluster.answer.volumes),
        _aliases(cluster),
        groups=cluster.answer.groups,
        version=cluster.answer.version,
    )
    return [_planned_volume(volume, cluster, observed, starts.get(volume["name"], _NO_STARTS)) for volume in volumes]


def _aliases(cluster: ObservedCluster) -> dict[str, str]:
    """Return which address means which member."""
    aliases = {node.address: node.uuid for node in cluster.nodes if node.uuid}
    return {**aliases, **{node.address: uuid for uuid, node in cluster.absent_by_uuid.items()}}


def _planned_volume(volume: _Data, cluster: ObservedCluster, observed: ObservedVolumes, starts: BrickStarts) -> _Data:
    parameters = volume_parameters(volume)
    marks, names = _marks_with_data(volume, cluster), starts.names
    if marks or names:
        observed = observed._replace(marks=marks, offline={volume["name"]: names})
    plan = plan_volume(desired_volume(dict(parameters, start_bricks=names)), observed)
    return dict(volume, parameters=parameters, steps=plan.describe())


def _marks_with_data(volume: _Data, cluster: ObservedCluster) -> tuple[Mark, ...]:
    """Return the marks of the volume's new bricks that hold data, with the host in their paths.

    Marks without data are left out: lvm_brick takes them away on their own node.
    """
    existing = cluster.volumes.get(volume["name"])
    new = volume["bricks"][len(existing.bricks) if existing else 0 :]
    found = [(brick, cluster.by_name[brick["host"]].mark_at(brick["path"])) for brick in new]
    return tuple(
        mark._replace(path=f"{brick['host']}:{brick['path']}") for brick, mark in found if mark and not mark.pristine
    )


def volume_parameters(volume: _Data) -> _Data:
    """Return gluster_volume's parameters for a placed volume."""
    counts = {
        "replicas": volume["replicas"] if volume["type"] == "replicate" else None,
        "disperse_data": volume["disperse_data"] if volume["type"] == "disperse" else None,
        "redundancy": volume["redundancy"] if volume["type"] == "disperse" else None,
    }
    return {
        "name": volume["name"],
        "state": volume.get("state", "started"),
        "type": volume["type"],
        **{name: count for name, count in counts.items() if count is not None},
        "bricks": [f"{brick['address']}:{brick['path']}" for brick in volume["bricks"]],
        "options": volume.get("options") or {},
        "reset_options": volume.get("reset_options") or [],
        "rebalance": bool(volume.get("rebalance")),
    }
