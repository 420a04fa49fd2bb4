# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which machines get another version of GlusterFS, in which order, and why perhaps none does. Pure. PRIVATE.

Read plan_upgrade first: it names the parts in their order.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple, Optional

from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.maintenance import OFFLINE_REASON
from ansible_collections.brickwork.gluster.plugins.module_utils.facts import from_facts
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.filling import fillings
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.pause_mark import (
    PAUSE_MARK,
    WAS_STARTED,
    is_paused,
    pause_sentences,
    session_sentences,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Pool, Volume
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.snapshot_in_place import SNAPSHOT_IN_PLACE
from ansible_collections.brickwork.gluster.plugins.module_utils.reading import parser
from ansible_collections.brickwork.gluster.plugins.module_utils.versions import fits, numbers
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.absence import offline_rest
from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.progress import duration
from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.upgrade_paths import broken_paths

#: Why a node is in maintenance that an upgrade took out of service; a cut run knows its own by it, so nobody else may
#: write the same. The role gluster_upgrade has it, too.
REASON = "brickwork playbook upgrade"
#: What the name of a snapshot can't have; a dot becomes _ as well, but where people read it.
_UNNAMABLE = re.compile(r"[^A-Za-z0-9_.-]")
_UNKNOWN = "what the repository offers"
#: Minutes that a storage node took in our lab: docs/upgrading.md, "How long it takes".
_MINUTES = 8


class Machine(NamedTuple):
    """A server or a client, as the look found it, and what its variables ask for.

    version is what runs or mounts, "" for no GlusterFS. installed is the package's version where that is known. offered
    is the version that there is for it, "" where none fits, None where nobody knows before the repository is written.
    unfinished are packages that the package manager was cut off in: whatever their version is, they are not done.
    names are what it is called, or reached by. old_files are by their directories the bricks in whose place a snapshot
    is mounted, and that.
    silence is why nothing else is known of it.
    """

    name: str
    version: str = ""
    desired: str = ""
    source: str = "distribution"
    installed: str = ""
    offered: Optional[str] = None
    others: Sequence[str] = ()
    unfinished: Sequence[str] = ()
    has_tasks: bool = False
    may_go_back: bool = True
    uuid: str = ""
    maintenance: str = ""
    op_version: int = 0
    old_mounts: Sequence[str] = ()
    missing_mounts: Sequence[str] = ()
    names: Sequence[str] = ()
    old_files: Mapping[str, str] = MappingProxyType({})
    silence: str = ""

    @property
    def goal(self) -> str:
        """The version that it shall have, or its beginning; "" where that is known only with the repository."""
        if self.offered is None or not self._is_given_packages:
            return self.desired
        return self.installed if self._stays_newer else self.offered

    @property
    def knows_package(self) -> bool:
        """Whether its goal is the version of a package, and not only its beginning."""
        return bool(self.offered) and self._is_given_packages

    @property
    def is_due(self) -> bool:
        """Whether it gets another version, or may, where only the repository knows."""
        if not self.version or self.silence:
            return False
        if self.unfinished and self._is_given_packages:
            return bool(self.offered)
        if self.offered is not None and self._is_given_packages:
            return bool(self.offered) and self.offered != self.installed and not self._stays_newer
        return not fits(self.version, self.desired) if self.desired else self.source == "repository"

    @property
    def _is_given_packages(self) -> bool:
        """Whether this collection installs what is offered: not where the user's tasks or nobody does."""
        return not self.has_tasks and self.source != "preinstalled"

    @property
    def _stays_newer(self) -> bool:
        """Whether there is only an older version than it has, and nobody asked for that. A folder of RPMs asks."""
        asked = not fits(self.version, self.desired) if self.desired else self.source == "rpm_folder"
        return not asked and _is_older(self.offered or "", self.installed)

    @property
    def is_ours(self) -> bool:
        """Whether an upgrade that was cut off has left it out of service."""
        return self.maintenance.endswith(f"({REASON})")

    @property
    def rests_offline(self) -> bool:
        """Whether an upgrade of all nodes at once that was cut off has left it out of service."""
        return self.maintenance.endswith(f"({OFFLINE_REASON})")

    @property
    def goes_back(self) -> bool:
        """Whether it gets an older version than it has."""
        return (
            self.is_due
            and bool(self.goal)
            and not fits(self.version, self.goal)
            and _upstream(self.goal) < numbers(self.version)
        )


class Cluster(NamedTuple):
    """All that the plan is made of.

    pool is what gluster_info told: of a pool that is not to be judged only the volumes. op_version is what
    gluster_op_version would do. offline is whether all servers are taken there at once, with all volumes stopped.
    """

    servers: Sequence[Machine]
    clients: Sequence[Machine]
    pool: Mapping[str, Any] = {}
    accepted: Sequence[str] = ()
    raises: bool = True
    op_version: Mapping[str, Any] = {}
    offline: bool = False

    @property
    def due(self) -> list[Machine]:
        """The servers that are to be upgraded, or that a cut run has left out of service."""
        return [server for server in self.servers if server.is_due or server.is_ours or server.rests_offline]

    @property
    def stops(self) -> bool:
        """Whether all volumes and servers are to be stopped."""
        return self.offline and any(server.is_due for server in self.servers)

    @property
    def resting(self) -> list[Machine]:
        """The servers that a cut run of all nodes at once has left out of service."""
        return [server for server in self.servers if server.rests_offline]

    @property
    def paused(self) -> list[Volume]:
        """The volumes that such a run has stopped, or was about to stop."""
        return [volume for volume in self.volumes if is_paused(volume)]

    @property
    def has_begun(self) -> bool:
        """Whether such a run has stopped anything."""
        return bool(self.resting or self.paused)

    @property
    def serves_again(self) -> bool:
        """Whether all servers are started together at the end: for a mount alone, nobody is started."""
        return self.offline and (self.stops or self.has_begun)

    @property
    def volumes(self) -> list[Volume]:
        """The volumes of the pool."""
        return [from_facts(Volume, volume) for volume in self.pool.get("volumes") or ()]


def _upstream(version: str) -> list[int]:
    """Return GlusterFS's own version of a package's: C(10.3) of C(1:10.3-5)."""
    return numbers(version.rpartition(":")[2].partition("-")[0])


def _is_older(package: str, other: str) -> bool:
    """Whether a package's version is older than another. Which of two with a tilde is, their package manager knows."""
    if _upstream(package) != _upstream(other):
        return _upstream(package) < _upstream(other)
    return "~" not in package + other and _revision(package) < _revision(other)


def _revision(version: str) -> list[int]:
    return numbers(version.partition("-")[2])


@parser("gluster_node_info or gluster_info")
def plan_upgrade(cluster: Cluster) -> dict[str, Any]:
    """Return refusals (why nothing may be begun), lines for people, and who is upgraded, in order.

    first are servers that a cut run has left out of service; then the others. Clients come after them. heals_first is
    whether something waits for healing before the first server is stopped. Where all are taken there at once, there
    is no first and no other: offline says who is stopped and started.
    """
    due = cluster.due
    clients = [client for client in cluster.clients if _has_turn(cluster, client)]
    refusals = _input_refusals(cluster) + _way_refusals(cluster)
    if due:
        refusals += _path_refusals(cluster) + _pool_refusals(cluster)
    if due or cluster.serves_again:
        refusals += _old_files(cluster)
        refusals += [_foreign_maintenance(server) for server in cluster.servers if _is_foreign(server)]
    if cluster.serves_again:
        refusals += _without_gluster(cluster) + _membership(cluster) + _started_by_hand(cluster) + _sessions(cluster)
    serial = [] if cluster.offline else due
    first = [server.name for server in serial if server.is_ours]
    begins = bool(due) and not first and not cluster.has_begun
    return {
        "refusals": list(dict.fromkeys(refusals)),
        "lines": _lines(cluster, due, clients),
        "first": first,
        "then": [server.name for server in serial if server.name not in first],
        "offline": _offline_parts(cluster),
        "clients": [client.name for client in clients],
        "upgrades": sorted(
            {server.name for server in cluster.servers if _gets(server)}
            | {client.name for client in cluster.clients if _client_gets(cluster, client)}
        ),
        "snapshot_label": _snapshot_label(cluster),
        "goals": {machine.name: machine.goal for machine in [*cluster.servers, *cluster.clients]},
        "snapshots_first": begins,
        "heals_first": begins and bool(_pending(cluster) or cluster.offline and any(map(fillings, cluster.volumes))),
    }


def _has_turn(cluster: Cluster, client: Machine) -> bool:
    """Whether anything is to be done on a client: also mounting again what was unmounted before all were stopped."""
    unmounted = cluster.stops and not client.silence
    return unmounted or _client_gets(cluster, client) or bool(client.old_mounts or client.missing_mounts)


def _offline_parts(cluster: Cluster) -> dict[str, Any]:
    """Return what is done where all servers are taken there at once; all parts are empty otherwise.

    stops is whether volumes are stopped, stopped are the servers whose packages are installed, started those that serve
    again, unmounted the machines that unmount all volumes before, mounted the servers that mount them at the end.
    """
    names = [server.name for server in cluster.servers]
    unmounted = [server.name for server in cluster.servers if server.missing_mounts]
    goes_on = cluster.serves_again
    answering = [client.name for client in cluster.clients if not client.silence]
    return {
        "stops": cluster.stops,
        "stopped": names if cluster.stops else [server.name for server in cluster.resting if goes_on],
        "started": names if goes_on else [],
        "unmounted": list(dict.fromkeys(names + answering)) if cluster.stops else [],
        "mounted": names if goes_on else unmounted if cluster.offline else [],
    }


def _snapshot_label(cluster: Cluster) -> str:
    """Return what snapshots before this upgrade are called: the same after a cut, and another for the next upgrade.

    Of the package's whole version, as a later upgrade may bring only another package of the same GlusterFS. Where only
    the beginning of a version is known, or nothing, what there is now tells one upgrade from the next.
    """
    servers = [server for server in cluster.due if server.is_due]
    if servers and not servers[0].knows_package:
        goal = f"before-{servers[0].goal}-" if servers[0].goal else ""
        return _UNNAMABLE.sub("_", f"{goal}with-{servers[0].installed or servers[0].version}")
    # Those that are done count, too: each system has packages of its own.
    goals = sorted(_UNNAMABLE.sub("_", server.goal) for server in cluster.servers if server.goal)
    return f"before-{goals[0]}" if goals and servers else ""


# ---- what is asked for


def _way_refusals(cluster: Cluster) -> list[str]:
    """A run that was cut off is ended by the way that it began with."""
    if cluster.offline:
        return [
            f"{server.name} was left out of service by an upgrade of one node after the other; end that first (without "
            "gluster_upgrade_offline), or have it serve again (the playbook maintenance, leave)"
            for server in cluster.servers
            if server.is_ours
        ]
    return pause_sentences(cluster.volumes) + [
        offline_rest(server.name, server.maintenance) for server in cluster.resting
    ]


def _input_refusals(cluster: Cluster) -> list[str]:
    found = [_silence(server) for server in cluster.servers if server.silence]
    for server in cluster.servers:
        if not server.silence and server.version:
            found += _source_refusals(server)
    return found + _several_goals(cluster.servers)


def _silence(server: Machine) -> str:
    return f"{server.name} {server.silence}; bring it back, or have it replaced, before the others are stopped"


def _source_refusals(machine: Machine) -> list[str]:
    name, desired = machine.name, machine.desired
    if machine.has_tasks:
        if desired:
            return []
        return [
            f"{name}: gluster_upgrade_tasks is given and gluster_server_version is not, so that nobody can tell when "
            "it is done; write the version that your tasks bring"
        ]
    if machine.source == "preinstalled":
        if not machine.is_due or not desired:
            return []
        return [
            f"{name} has GlusterFS {machine.version}, gluster_server_version is {desired}, and gluster_server_source "
            "is preinstalled; write the tasks that upgrade it in a file, and name that in gluster_upgrade_tasks"
        ]
    return _offer_refusals(machine)


def _offer_refusals(machine: Machine) -> list[str]:
    if machine.offered == "" and not (machine.desired and fits(machine.version, machine.desired)):
        there = ", ".join(machine.others) or "none"
        return [
            f"{machine.name}: gluster_server_version is {machine.desired or 'not given'}, and from its source "
            f"({machine.source}) there is {there}; name a version or a source that has it"
        ]
    if machine.goes_back and not machine.may_go_back:
        return [
            f"{machine.name} has GlusterFS {machine.version}, and its folder of RPMs the older {machine.goal}; set "
            "gluster_server_rpm_allow_downgrade to go back"
        ]
    return []


def _several_goals(servers: Iterable[Machine]) -> list[str]:
    goals = {server.name: server.goal for server in servers if server.goal and server.version and not server.silence}
    if len({tuple(_upstream(goal)) for goal in goals.values()}) < 2:
        return []
    return [
        "one pool has one version of GlusterFS, and these servers would get several: "
        + ", ".join(f"{name} {goal}" for name, goal in sorted(goals.items()))
        + "; write one gluster_server_version for all of them"
    ]


def _gets(machine: Machine) -> bool:
    """Whether it gets another version: it shall, and there is one for it."""
    return machine.is_due and not _source_refusals(machine)


def _client_gets(cluster: Cluster, client: Machine) -> bool:
    return client.is_due and not _client_refusals(cluster, client)


def _client_refusals(cluster: Cluster, client: Machine) -> list[str]:
    """Return why a client stays as it is. It mounts with the pool's op-version, which only the servers tell."""
    found = _source_refusals(client) + _newer_than_servers(cluster, client)
    if client.goes_back:
        op_version = max((server.op_version for server in cluster.servers), default=0)
        found += _way_back(client._replace(op_version=op_version))
    return found


def _newer_than_servers(cluster: Cluster, client: Machine) -> list[str]:
    """No client may be newer than its servers: nobody tests that, and the plan of the cluster refuses it."""
    reached = [server.goal if _gets(server) else server.version for server in cluster.servers if not server.silence]
    lowest = min(filter(None, reached), key=_upstream, default="")
    upstream = ".".join(map(str, _upstream(client.goal)))
    if not client.is_due or not lowest or _upstream(client.goal) <= _upstream(lowest) or fits(upstream, lowest):
        return []
    return [
        f"{client.name}: there is GlusterFS {client.goal} for it, and its servers have {lowest}; upgrade them, or "
        "name gluster_server_version"
    ]


# ---- the way there


def _path_refusals(cluster: Cluster) -> list[str]:
    found = []
    for server in cluster.due:
        if server.is_due and server.goes_back:
            found += _way_back(server)
        elif server.is_due:
            after = ".".join(map(str, _upstream(server.goal)))
            found += broken_paths(server.version, after, cluster.volumes, cluster.accepted, cluster.offline)
    return found


def _way_back(machine: Machine) -> list[str]:
    """The op-version never goes back: with one that it does not know, no glusterd starts and no client mounts."""
    if machine.op_version <= _highest_op_version(machine.goal):
        return []
    return [
        f"{machine.name}: the pool's op-version is {machine.op_version}, which GlusterFS {machine.goal} does not know, "
        "and it never goes back; keep the version that you have"
    ]


def _highest_op_version(version: str) -> int:
    """GlusterFS X.Y knows none above X * 10000 + Y * 100 (its libglusterfs/src/glusterfs/globals.h); Y may be open."""
    major, minor = [*_upstream(version), 99][:2]
    return major * 10000 + minor * 100


# ---- what is to be seen of the pool before the first server is stopped; the gate asks again for each


def _pool_refusals(cluster: Cluster) -> list[str]:
    if "pool" not in cluster.pool:
        return []
    return (
        _away(cluster)
        + _offline(cluster)
        + _tasks(cluster.pool)
        + _split_brains(cluster.pool)
        + (_unaccepted(cluster) if cluster.offline else _without_copies(cluster))
        + _unread(cluster.pool)
    )


def _old_files(cluster: Cluster) -> list[str]:
    """A server that comes back may be healed from such a brick: GlusterFS does not know what that lacks."""
    by_uuid = {server.uuid: server for server in cluster.servers if server.uuid and server.old_files}
    return [
        f"volume {volume.name}: brick {brick.name} on {server.name} serves old files: {SNAPSHOT_IN_PLACE % snapshot}; "
        "mend that before a server is stopped"
        for volume in cluster.volumes
        for brick in volume.bricks
        if (server := by_uuid.get(brick.host_uuid)) and (snapshot := server.old_files.get(brick.path))
    ]


def _unread(pool: Mapping[str, Any]) -> list[str]:
    return [
        f"{'volume ' + part['volume'] if part['volume'] else 'pool'}: {part['part']} can not be read "
        f"({part['reason']}); run the playbook health, which says what stands in the way"
        for part in pool.get("unread") or ()
    ]


def _is_foreign(server: Machine) -> bool:
    return bool(server.maintenance) and not server.is_ours and not server.rests_offline


def _foreign_maintenance(server: Machine) -> str:
    return (
        f"{server.name} is in maintenance since {server.maintenance}; have it serve again first (the playbook "
        "maintenance, leave)"
    )


def _without_gluster(cluster: Cluster) -> list[str]:
    """Return the servers on which there is no glusterd to stop or start, which would end a run in the middle."""
    return [
        f"{server.name} is in gluster_servers and has no GlusterFS; leave it out of gluster_servers until the upgrade "
        "has ended, or install its packages by hand where it is a member of the pool already"
        for server in cluster.servers
        if not server.version and not server.silence
    ]


def _membership(cluster: Cluster) -> list[str]:
    """Return who is a member or a server only: a member that is no server would keep the older version, and run."""
    if "pool" not in cluster.pool or any(server.silence for server in cluster.servers):
        return []
    members = from_facts(Pool, cluster.pool["pool"]).peers
    servers = {server.uuid for server in cluster.servers}
    found = [
        f"pool: {peer.names[0]} is a member and no host of gluster_servers, so that it would keep the older version; "
        "name it there, or take it out of the pool"
        for peer in members
        if peer.uuid not in servers
    ]
    return found + [
        f"{server.name} is in gluster_servers and no member of the pool; have it join (the playbook site), or leave it "
        "out of gluster_servers until the upgrade has ended"
        for server in cluster.servers
        if server.version and server.uuid not in {peer.uuid for peer in members}
    ]


def _started_by_hand(cluster: Cluster) -> list[str]:
    """Return the volumes that somebody has started while a node rests: no check lets them be stopped without it."""
    if not cluster.stops or not cluster.resting:
        return []
    resting = ", ".join(server.name for server in cluster.resting)
    return [
        f"volume {volume.name} is started while {resting} is out of service, and the versions differ; install the "
        f"others' version by hand on {', '.join(server.name for server in cluster.servers if server.is_due)}, and run "
        f"this again; or stop the volume by hand (gluster volume set {volume.name} {PAUSE_MARK} {WAS_STARTED}, then "
        f"gluster volume stop {volume.name}), and run this again"
        for volume in cluster.volumes
        if volume.is_started
    ]


def _sessions(cluster: Cluster) -> list[str]:
    return session_sentences(cluster.volumes) if cluster.stops else []


def _resting(cluster: Cluster) -> set[str]:
    return {server.uuid for server in cluster.servers if server.is_ours or server.rests_offline}


def _away(cluster: Cluster) -> list[str]:
    """Return the members that are away. In the middle of all nodes at once they are so on purpose, and are started."""
    if cluster.offline and cluster.has_begun:
        return []
    pool = from_facts(Pool, cluster.pool["pool"])
    return [
        f"pool: {peer.names[0]} is '{peer.state_text}'{'' if peer.connected else ' and disconnected'}; bring it back "
        "first"
        for peer in pool.peers
        if not peer.is_well and peer.uuid not in _resting(cluster)
    ]


def _offline(cluster: Cluster) -> list[str]:
    resting = _resting(cluster)
    owners = {(brick.host, brick.path): brick.host_uuid for volume in cluster.volumes for brick in volume.bricks}
    return [
        f"volume {brick['volume']}: brick {brick['host']}:{brick['path']} does not serve; run the playbook heal first"
        for brick in cluster.pool.get("bricks") or ()
        if brick["volume_started"] and not brick["online"] and owners.get((brick["host"], brick["path"])) not in resting
    ]


def _tasks(pool: Mapping[str, Any]) -> list[str]:
    return [
        f"volume {task['volume']}: a task is under way: {task['kind'].lower()}, {task['status']}; let it end, or stop "
        "it, first"
        for task in pool.get("tasks") or ()
        if task["status"].endswith("in progress") or task["kind"] == "Remove brick"
    ]


def _split_brains(pool: Mapping[str, Any]) -> list[str]:
    return [
        f"volume {count['volume']}: {count['split_brain']} entries of {count['brick']} are in split-brain; run the "
        "playbook split_brain first"
        for count in pool.get("heal") or ()
        if count["split_brain"]
    ]


def _without_copies(cluster: Cluster) -> list[str]:
    stopped = {server.uuid for server in cluster.due if server.is_due and server.uuid}
    return [
        f"volume {volume.name} keeps no copies, and its files are away while a server is upgraded; name it in "
        "gluster_accept_downtime if its clients can wait"
        for volume in cluster.volumes
        if volume.is_started
        and volume.set_width == 1
        and volume.name not in cluster.accepted
        and stopped & {brick.host_uuid for brick in volume.bricks}
    ]


def _unaccepted(cluster: Cluster) -> list[str]:
    """Return the volumes that would be stopped, and that nobody has named."""
    if not cluster.stops:
        return []
    return [
        f"volume {volume.name} is started, and would be stopped until all servers are upgraded; "
        f"{_connected(cluster, volume)}; name it in gluster_accept_downtime if they can wait"
        for volume in cluster.volumes
        if volume.is_started and volume.name not in cluster.accepted
    ]


def _connected(cluster: Cluster, volume: Volume) -> str:
    """Say who has a volume mounted, by the names of the inventory. A server is seen for its daemons already."""
    known = {name: machine.name for machine in [*cluster.servers, *cluster.clients] for name in machine.names}
    servers = {server.name for server in cluster.servers}
    found = {known.get(address, address) for address in (cluster.pool.get("clients") or {}).get(volume.name, ())}
    clients = sorted(found - servers)
    return f"connected clients: {', '.join(clients)}" if clients else "no client is connected"


def _pending(cluster: Cluster) -> dict[str, int]:
    """Return by volume how many entries wait for healing, as the brick with the most tells."""
    found: dict[str, int] = {}
    for count in cluster.pool.get("heal") or ():
        if count["pending"]:
            found[count["volume"]] = max(count["pending"], found.get(count["volume"], 0))
    return found


# ---- words


def _lines(cluster: Cluster, due: Sequence[Machine], clients: Sequence[Machine]) -> list[str]:
    lines = [_server_line(server) for server in due] + _offline_lines(cluster)
    lines += [_client_line(client, _client_gets(cluster, client), cluster.offline) for client in clients]
    lines += [f"client {name} stays as it is: {why}" for name, why in _staying(cluster)]
    if any(server.goes_back for server in due):
        lines.append("this goes back to an older version: volumes and mounts lose what only the newer one has")
    if due:
        lines += [f"volume {name}: {count} entries wait for healing first" for name, count in _pending(cluster).items()]
    return (lines + _time_lines(cluster) + _op_version_lines(cluster, bool(due))) or ["nothing to do"]


def _offline_lines(cluster: Cluster) -> list[str]:
    """Say what becomes of volumes and mounts where all servers are taken there at once."""
    if not cluster.offline:
        return []
    lines = [
        f"volume {volume.name}: stopped meanwhile; {_connected(cluster, volume)}"
        for volume in cluster.volumes
        if cluster.stops and volume.is_started
    ]
    lines += [f"volume {volume.name}: started at the end; a cut run has stopped it" for volume in cluster.paused]
    lines += [
        f"{server.name}: mount {', '.join(server.missing_mounts)} of /etc/fstab at the end; found not mounted now"
        for server in cluster.servers
        if server.missing_mounts
    ]
    if not cluster.stops:
        return lines
    return [
        *lines,
        "the machines of the inventory unmount all volumes before, where nothing uses them, and mount them at the end",
        "all storage nodes are stopped, upgraded and started together (gluster_upgrade_offline)",
    ]


def _time_lines(cluster: Cluster) -> list[str]:
    """Say how long the storage nodes should take, of what was measured; see docs/upgrading.md."""
    count = sum(_gets(server) for server in cluster.due)
    if not count:
        return []
    if cluster.offline:
        return [
            f"about {duration(60 * _MINUTES)} for all storage nodes, side by side: an estimate of what one took in our "
            "lab, with all packages of a new release and a boot; the clients come after that"
        ]
    return [
        f"about {duration(60 * _MINUTES * count)} for the storage nodes: an estimate, {_MINUTES} minutes each as in "
        "our lab, of which 6 were for all packages of a new release with a boot, and 2 for healing; GlusterFS's "
        "packages alone take less, and healing what is written meanwhile may take more"
    ]


def _staying(cluster: Cluster) -> Iterator[tuple[str, str]]:
    """Yield clients that are not upgraded though they may have to be, and why. None of them holds up the servers."""
    for client in cluster.clients:
        if client.silence:
            yield client.name, f"it {client.silence}"
        elif client.version:
            yield from ((client.name, why) for why in _client_refusals(cluster, client))


def _server_line(server: Machine) -> str:
    if not server.is_due:
        return (
            f"{server.name}: has {server.installed or server.version}; serve again (left out of service by a cut run)"
        )
    left = ", left out of service by a cut run" if server.is_ours or server.rests_offline else ""
    half = f", of which {', '.join(server.unfinished)} was cut off in its installation" if server.unfinished else ""
    return f"{server.name}: GlusterFS {_from_to(server)}{half}, out of service meanwhile{left}"


def _from_to(machine: Machine) -> str:
    return f"{machine.installed or machine.version} -> {machine.goal or _UNKNOWN}"


def _client_line(client: Machine, gets: bool, offline: bool) -> str:
    parts = [f"GlusterFS {_from_to(client)}"] if gets else []
    if client.old_mounts:
        parts.append(f"mount anew {', '.join(client.old_mounts)}, served by an older program, where nothing uses it")
    if client.missing_mounts and offline:
        parts.append(f"mount {', '.join(client.missing_mounts)} of /etc/fstab")
    elif client.missing_mounts:
        parts.append(f"{', '.join(client.missing_mounts)} of /etc/fstab is not mounted; mount it first")
    return f"client {client.name}: {'; '.join(parts) or 'unmount before, mount at the end'}"


def _op_version_lines(cluster: Cluster, servers_change: bool) -> list[str]:
    told = cluster.op_version
    if not cluster.raises:
        stays = "the pool's op-version stays as it is (gluster_upgrade_op_version), so that the way back stays open"
        return [stays] if servers_change else []
    if servers_change:
        return [
            f"then the pool's op-version{_now(told)} is raised as far as all servers and clients allow; there is "
            "no way back to the older version after that"
        ]
    return [f"raise the pool's op-version: {told['steps'][0]['command']}"] if told.get("steps") else []


def _now(told: Mapping[str, Any]) -> str:
    return f", now {told['op_version']}," if told.get("op_version") else ""
