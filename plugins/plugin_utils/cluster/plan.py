# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of the whole cluster, made on the controller from what every node showed. Pure. PRIVATE."""

from typing import Any, Dict, List, NamedTuple, Sequence, Tuple

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import (
    InputError,
    PlanError,
    UnsafeChangeError,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.facts import from_facts
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.marks import Mark
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Pool, Volume
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.volume_plan import ObservedVolumes, plan_volume
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.volumes_plan import (
    desired_volume,
    offline_bricks,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.brick_plan import plan_bricks
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.desired import desired_host
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.records import ObservedHost
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.brick_findings import (
    BrokenBrick,
    LookedAt,
    find_broken,
    kept_sizes,
    unused_bricks,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.brick_starts import BrickStarts, brick_starts
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.encryption import (
    check_encryption,
    check_names,
    encrypted_volume,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.identities import refuse_lost_identities
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.memory import memory_warnings, node_loads
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.tasks import task_lines
from ansible_collections.brickwork.gluster.plugins.plugin_utils.placement.place import place_bricks

_NO_STARTS = BrickStarts((), ())


class Node(NamedTuple):
    """A storage node: what the inventory says of it, and what gluster_info and lvm_brick_info read there."""

    name: str
    address: str
    zone: str
    devices: List[Dict[str, Any]]
    gluster: Dict[str, Any]
    disks: Dict[str, Any]

    @property
    def pool(self):
        """The pool as this node sees it."""
        return from_facts(Pool, self.gluster["pool"])

    @property
    def uuid(self):
        """The node's own uuid, as its files say while glusterd does not answer; "" for one that never had any."""
        local = self.pool.local
        return local.uuid if local else self.gluster.get("uuid", "")

    @property
    def volumes(self):
        """The volumes that this node knows."""
        return [from_facts(Volume, volume) for volume in self.gluster["volumes"]]

    @property
    def machine_id(self):
        """The machine's own id (/etc/machine-id), "" where it is not known."""
        return self.disks.get("observed", {}).get("machine_id", "")

    def mark_at(self, path):
        """Return the mark of a brick directory on this node, or None."""
        place = self.disks["observed"]["places"].get(path)
        return from_facts(Mark, place["mark"]) if place else None


class Settings(NamedTuple):
    """What holds for the whole cluster."""

    zone_policy: str = "strict"
    root: str = "/srv/gluster"
    mount_options: str = "noatime,inode64"
    #: By host, the names in the certificates of all machines; none without TLS.
    tls_names: Dict[str, str] = {}
    #: All hosts that mount volumes.
    clients: Tuple[str, ...] = ()


def plan_cluster(volumes, nodes, settings, processes=(), tasks=()):
    """Return the plan for all nodes and volumes as plain data.

    processes is what gluster_info told of all bricks (its answer bricks), tasks what it told of rebalances and brick
    removals; nothing where nobody could be asked.

    Raises InputError for a wrong inventory, PlanError or PlacementError for volumes that the nodes have no place for.
    """
    reference = reference_node(nodes)
    refuse_lost_identities(nodes, reference)
    looked_at = [LookedAt(node.name, node.uuid, node.disks) for node in nodes]
    broken = find_broken(reference.volumes, looked_at)
    _refuse_devices(nodes, broken)
    volumes = _encrypted(volumes, nodes, reference, settings)
    existing = existing_bricks(volumes, nodes, reference, broken)
    placed = place_bricks(volumes, placement_hosts(nodes, broken), existing, settings.zone_policy, settings.root)
    strangers = [node for node in nodes if not _is_member(node, reference)]
    bricks = {node.name: _plan_node(node, placed["volumes"], settings) for node in nodes}
    pool = _settled_pool(reference, strangers)
    offline = offline_bricks(processes)
    starts = {volume.name: _brick_starts(volume, offline, nodes, reference, bricks) for volume in reference.volumes}
    desired = [_planned_volume(volume, nodes, reference, pool, starts) for volume in placed["volumes"]]
    plan = {
        "reference": reference.name,
        "peers": [node.address for node in nodes],
        "servers": _server_steps(nodes),
        "pool": ["probe %s" % node.address for node in strangers if node is not reference],
        "bricks": bricks,
        "volumes": desired,
        "explanation": placed["explanation"]
        + kept_sizes(placed["volumes"], looked_at, reference.volumes)
        + unused_bricks(placed["volumes"], looked_at, reference.volumes, existing)
        + task_lines(tasks)
        + _not_started(starts, broken, nodes, outside=True)
        + memory_warnings(node_loads(nodes, reference.volumes, placed["volumes"]), reference.volumes),
        "broken": [found.sentence for found in broken] + _not_started(starts, broken, nodes),
    }
    return dict(plan, changed=_is_changed(plan))


def _not_started(
    starts: Dict[str, BrickStarts], broken: List[BrokenBrick], nodes: Sequence[Node], outside: bool = False
) -> List[str]:
    """Return why bricks without a process stay without one, on the nodes of the inventory or on members outside of it.

    What is said of a broken brick already says that.
    """
    known = {found.brick.name for found in broken}
    hosts = tuple(node.address + ":" for node in nodes)
    return [
        reason
        for volume in starts.values()
        for name, reason in volume.reasons
        if name not in known and name.startswith(hosts) != outside
    ]


def _encrypted(volumes, nodes, reference, settings):
    """Return the volumes with what TLS asks for, if there shall be any; see tls.cluster for what is refused."""
    names, servers = settings.tls_names, [node.name for node in nodes]
    check_names(names)
    check_encryption(names, {node.name: node.gluster.get("encrypted") for node in nodes}, reference.volumes)
    if not names:
        return volumes
    return [encrypted_volume(volume, names, servers, settings.clients, reference.volumes) for volume in volumes]


def _is_changed(plan):
    hosts = any(node["steps"] for node in plan["bricks"].values())
    return bool(plan["servers"] or plan["pool"] or hosts or any(volume["steps"] for volume in plan["volumes"]))


def _refuse_devices(nodes, broken):
    """Refuse what the inventory gives away and is not free: leaving it out in silence would hide why room is short.

    On a node that has lost a brick, a disk that is missing, or whose label LVM can't read any more below our own
    logical volumes, is what died, and no slip in the inventory.
    """
    losers = {found.node for found in broken}
    reasons = [
        device["reason"]
        for node in nodes
        for device in node.disks["devices"]
        if device.get("reason") and not (node.name in losers and _is_dead(device, node))
    ]
    if reasons:
        raise UnsafeChangeError("\n".join("gluster_devices: %s" % reason for reason in reasons))


def _is_dead(device: Dict[str, Any], node: Node) -> bool:
    observed = node.disks["observed"]["devices"].get(device["path"])
    if observed is None:
        return True
    return observed["physical"] is None and any("/brickwork_" in child for child in observed["children"])


def reference_node(nodes):
    """Return the node whose pool the others join: one with volumes, else one in the largest pool, else the first.

    Raises PlanError when there is more than one pool with volumes, when a uuid was cloned, and when volumes are
    known only to nodes whose glusterd is stopped: placing without them would be placing blindly.
    """
    if not nodes:
        raise InputError("gluster_servers: found no host in the group; write at least one")
    _refuse_clones(nodes)
    best = max(nodes, key=lambda node: (len(node.volumes), len(node.pool.peers)))
    _refuse_other_pools(best, nodes)
    _refuse_unknown_volumes(best, nodes)
    return best


def _refuse_clones(nodes):
    owners: Dict[str, Node] = {}
    for node in nodes:
        owner = owners.setdefault(node.uuid, node)
        if node.uuid and owner is not node:
            raise PlanError(_twins(owner, node))


def _twins(first, second):
    """Tell one machine under two names from a copied one. Neither is told to lose its identity: it may hold bricks."""
    if first.machine_id and first.machine_id == second.machine_id:
        return (
            "gluster_servers: %s and %s are one machine (machine-id %s, uuid %s in the pool), reached by two names or "
            "addresses; leave one of them out, or give a machine that was copied from the other a system of its own"
            % (first.name, second.name, first.machine_id, first.uuid)
        )
    return (
        "gluster_servers: %s and %s are two machines with the same uuid %s in the pool: the system of one was copied "
        "from the other with /var/lib/glusterd; look which one holds the bricks that 'gluster volume info' lists, keep "
        "that one, and set up the other from a bare system" % (first.name, second.name, first.uuid)
    )


def _refuse_other_pools(best, nodes):
    members = {peer.uuid for peer in best.pool.peers}
    for node in nodes:
        others = {peer.uuid for peer in node.pool.peers}
        if node.uuid not in members and (len(others) > 1 or node.volumes):
            raise PlanError(
                "gluster_servers: %s is in another pool than %s (%s members, %s volumes there); give each pool an "
                "inventory of its own" % (node.name, best.name, len(others), len(node.volumes))
            )


def _refuse_unknown_volumes(best, nodes):
    known = {volume.name for volume in best.volumes}
    for node in nodes:
        unknown = sorted(set(node.gluster["stored_volumes"]) - known)
        if unknown and not node.gluster["running"]:
            raise PlanError(
                "%s: glusterd is stopped and knows the volumes %s, which no running node knows; start it there "
                "(systemctl start glusterd) and run again" % (node.name, ", ".join(unknown))
            )


def _is_member(node, reference):
    return node.uuid and node.uuid in {peer.uuid for peer in reference.pool.peers}


def _server_steps(nodes):
    steps = ["install GlusterFS on %s" % node.name for node in nodes if not node.gluster["installed"]]
    return steps + [_start_words(node) for node in nodes if not node.gluster["running"]]


def _start_words(node: Node) -> str:
    because = node.gluster.get("stopped_because")
    return "start glusterd on %s%s" % (node.name, " (%s)" % because if because else "")


def placement_hosts(nodes: List[Node], broken: Sequence[BrokenBrick] = ()) -> List[Dict[str, Any]]:
    """Return the nodes as place_bricks wants them. A disk on which a brick can't be read takes no others."""
    dying = {(found.node, found.device) for found in broken}
    return [
        {
            "name": node.name,
            "address": node.address,
            "zone": node.zone,
            "devices": [
                dict(device, free=0) if (node.name, device["path"]) in dying else device
                for device in node.disks["devices"]
            ],
        }
        for node in nodes
    ]


def existing_bricks(volumes, nodes, reference, broken=()):
    """Return the bricks of the desired volumes that exist: in a volume, or prepared by a run that was cut off."""
    names = {volume.get("name") for volume in volumes}
    present = [volume for volume in reference.volumes if volume.name in names]
    return _bricks_in_volumes(present, nodes, broken) + _prepared_bricks(names, present, nodes)


def _bricks_in_volumes(volumes, nodes, broken):
    by_uuid = {node.uuid: node for node in nodes}
    lost = {found.brick.name for found in broken}
    return [
        _existing(volume.name, index, by_uuid.get(brick.host_uuid), brick, lost)
        for volume in volumes
        for index, brick in enumerate(volume.bricks, 1)
    ]


def _existing(volume, index, node, brick, lost):
    """Return a brick of a volume for place_bricks. One without a device stays as it is, without lvm_brick."""
    if node is None:
        raise PlanError(
            "gluster_volumes: %s has the brick %s on a member that is not in the group gluster_servers; add that host"
            % (volume, brick.name)
        )
    disk: Dict[str, Any] = next((disk for disk in node.disks["bricks"] if disk["path"] == brick.path), {})
    if brick.name in lost:
        disk = {}
    return {
        "volume": volume,
        "index": index,
        "host": node.name,
        "device": disk.get("device") or None,
        "size": disk.get("size") or None,
        "path": brick.path,
        "in_volume": True,
    }


def _prepared_bricks(names, present, nodes):
    lengths = {volume.name: len(volume.bricks) for volume in present}
    taken = {(brick.host_uuid, brick.path) for volume in present for brick in volume.bricks}
    prepared = []
    for node in nodes:
        for disk in node.disks["bricks"]:
            volume, _dash, index = disk["name"].rpartition("-")
            if volume in names and index.isdigit() and (node.uuid, disk["path"]) not in taken:
                prepared.append((volume, int(index), node, disk))
    return [
        {
            "volume": volume,
            "index": index,
            "host": node.name,
            "device": disk["device"] or None,
            "size": disk["size"],
            "path": disk["path"],
            "in_volume": False,
        }
        for volume, index, node, disk in prepared
        if index > lengths.get(volume, 0)
    ]


def _plan_node(node, volumes, settings):
    """Return the parameters for lvm_brick on a node, and its steps."""
    bricks = [
        {"name": brick["name"], "device": brick["device"], "size": "%sB" % brick["size"]}
        for volume in volumes
        for brick in volume["bricks"]
        if brick["host"] == node.name and brick["device"]
    ]
    parameters = {
        "bricks": bricks,
        "devices": node.devices,
        "root": settings.root,
        "mount_options": settings.mount_options,
    }
    plan = plan_bricks(desired_host(parameters), from_facts(ObservedHost, node.disks["observed"]))
    return dict(parameters, steps=plan.describe())


def _settled_pool(reference, strangers):
    """Return the pool, or an empty one while it is not yet what it will be when it comes to the volumes.

    Before all nodes are members nobody can tell which host is which member, and one that has just booted is about to
    connect. Probing, and waiting until all see all, comes before the volumes, and fails where a member stays away.
    """
    settled = not strangers and all(peer.is_well for peer in reference.pool.peers)
    return reference.pool if settled else Pool(())


def _brick_starts(volume, offline, nodes, reference, bricks) -> BrickStarts:
    """Return which bricks of a volume may be started, also those that lvm_brick is about to mount."""
    mounting = ["%s:%s" % (node.address, path) for node in nodes for path in _mounted_paths(node, bricks[node.name])]
    hosts = [from_facts(ObservedHost, node.disks["observed"]) for node in nodes if offline.get(volume.name)]
    return brick_starts(volume, offline.get(volume.name, ()), reference.pool, hosts, mounting)


def _mounted_paths(node, planned) -> List[str]:
    names = {step["target"] for step in planned["steps"] if step["kind"] == "mount"}
    return [disk["path"] for disk in node.disks["bricks"] if disk["name"] in names]


def _planned_volume(volume, nodes, reference, pool, starts):
    """Return the volume with the parameters for gluster_volume, and its steps."""
    parameters = volume_parameters(volume)
    aliases = {node.address: node.uuid for node in nodes if node.uuid}
    marks, groups = _marks_with_data(volume, nodes, reference), reference.gluster.get("option_groups") or {}
    version = reference.gluster.get("version") or ""
    observed = ObservedVolumes(pool, reference.volumes, aliases, marks=marks, groups=groups, version=version)
    names = starts.get(volume["name"], _NO_STARTS).names
    observed = observed._replace(offline={volume["name"]: names})
    plan = plan_volume(desired_volume(dict(parameters, start_bricks=names)), observed)
    return dict(volume, parameters=parameters, steps=plan.describe())


def _marks_with_data(volume, nodes, reference):
    """Return the marks of the volume's new bricks that hold data, with the host in their paths.

    Marks without data are left out: lvm_brick takes them away on their own node.
    """
    present = next((len(other.bricks) for other in reference.volumes if other.name == volume["name"]), 0)
    by_name = {node.name: node for node in nodes}
    found = [(brick, by_name[brick["host"]].mark_at(brick["path"])) for brick in volume["bricks"][present:]]
    return tuple(
        mark._replace(path="%s:%s" % (brick["host"], brick["path"]))
        for brick, mark in found
        if mark and not mark.pristine
    )


def volume_parameters(volume):
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
        "bricks": ["%s:%s" % (brick["address"], brick["path"]) for brick in volume["bricks"]],
        "options": volume.get("options") or {},
        "reset_options": volume.get("reset_options") or [],
        "rebalance": bool(volume.get("rebalance")),
    }
