# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What playbooks give to roles, and no inventory has. PRIVATE to the collection."""

from ansible_collections.brickwork.gluster.plugins.module_utils import grammar
from ansible_collections.brickwork.gluster.plugins.module_utils.defaults import MOUNT_OPTIONS, ROOT
from ansible_collections.brickwork.gluster.plugins.plugin_utils.inventory.kinds import (
    SECONDS,
    TEXT,
    Anything,
    Choice,
    Items,
    Key,
    Kind,
    MountOptions,
    Record,
    Text,
    Variable,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.inventory.variables_cluster import (
    CLUSTER,
    EXPAND,
    HEAL,
    MAINTENANCE,
    NODE,
    REBALANCE,
    ROLLING,
    SHRINK,
    SPLIT_BRAIN,
    TEARDOWN,
    UPGRADE,
)

_HOSTS: Kind = Items(TEXT)
#: What a module judges.
_RECORDS: Kind = Items(Anything())


def _root(name: str) -> Variable:
    return Variable(
        name,
        Text(grammar.mount_point, False, argument_type="path"),
        "Folder of the bricks' mount points.",
        otherwise=f"that of gluster_root, or {ROOT}",
    )


def _mount_options(name: str) -> Variable:
    return Variable(name, MountOptions(grammar.mount_options), "Mount options of the bricks.", default=MOUNT_OPTIONS)


BRICKS = (
    Variable(
        "gluster_bricks_list",
        _RECORDS,
        "The bricks of this host, as the option C(bricks) of M(brickwork.gluster.lvm_brick). Leaving a brick out "
        "removes nothing.",
        default=[],
    ),
    Variable(
        "gluster_bricks_devices",
        _RECORDS,
        "What differs from the usual on disks, as the option C(devices) of M(brickwork.gluster.lvm_brick).",
        default=[],
    ),
    _root("gluster_bricks_root"),
    _mount_options("gluster_bricks_mount_options"),
)

_MOUNT = Record(
    keys=(
        Key("volume", TEXT, "Name of the volume.", required=True),
        Key("path", Text(grammar.mount_point, False, argument_type="path"), "Mount point.", required=True),
        Key("source", TEXT, "Server and volume, as V(server:/volume).", required=True),
        Key("options", TEXT, "Mount options, with V(_netdev) and V(backup-volfile-servers).", required=True),
    )
)
CLIENT = (
    Variable(
        "gluster_client_mounts",
        Items(_MOUNT),
        "What this client mounts. Leaving a mount out unmounts nothing.",
        default=[],
    ),
)

PLAN = (
    *NODE,
    Variable(
        "gluster_plan_hosts",
        _HOSTS,
        "All storage nodes of the cluster. A plan of only some of them would be wrong.",
        otherwise="all hosts of the play",
    ),
    Variable(
        "gluster_plan_volumes",
        _RECORDS,
        "The volumes, as C(gluster_volumes) of the inventory.",
        default=[],
    ),
    Variable(
        "gluster_plan_shrinking",
        Items(TEXT),
        "Names of volumes that may have more sets than C(sets) says, as the playbook shrink is about to take them out.",
        default=[],
    ),
    Variable(
        "gluster_plan_zone_policy",
        Choice(("strict", "preferred")),
        "Whether the bricks of a set have to be in different zones (V(strict)), or are so as far as possible "
        "(V(preferred)).",
        default="strict",
    ),
    _root("gluster_plan_root"),
    Variable(
        "gluster_plan_clients",
        _HOSTS,
        "All hosts that mount volumes. With TLS, a volume is open to those of them that mount it.",
        default=[],
    ),
    *(variable for variable in CLUSTER if variable.name == "gluster_plan_mount_options"),
)

HEAL_ROLE = (
    *HEAL,
    Variable(
        "gluster_heal_starts",
        Anything(),
        "By volume the bricks without a process that may be started, as C(starts) of "
        "M(brickwork.gluster.plan_cluster).",
        default={},
    ),
    Variable(
        "gluster_heal_node",
        TEXT,
        "A member of the pool, which is asked and starts the bricks.",
        otherwise="the first host of the play",
    ),
)

SPLIT_BRAIN_ROLE = (
    *SPLIT_BRAIN,
    Variable(
        "gluster_split_brain_node",
        TEXT,
        "A member of the pool, which is asked and resolves.",
        otherwise="the first host of the play",
    ),
)

_ACCEPTED = tuple(variable for variable in MAINTENANCE if variable.name == "gluster_accept_downtime")
_REASON = tuple(variable for variable in MAINTENANCE if variable.name == "gluster_maintenance_reason")
MAINTENANCE_ROLE = (
    *(variable for variable in MAINTENANCE if variable.name == "gluster_maintenance"),
    *_REASON,
    *_ACCEPTED,
)
ROLLING_ROLE = (
    *(variable for variable in ROLLING if variable.name != "gluster_rolling_nodes"),
    Variable(
        "gluster_rolling_reason",
        TEXT,
        "Told to whoever meets the node out of service.",
        otherwise="the round, or the name of the file",
    ),
    *_REASON,
    *_ACCEPTED,
)

HEALTH = (
    Variable(
        "gluster_health_hosts",
        _HOSTS,
        "All storage nodes of the cluster. One that was not looked at does not answer.",
        otherwise="all hosts of the play",
    ),
    Variable(
        "gluster_health_clients",
        _HOSTS,
        "The hosts that mount volumes. Those that were not looked at are not judged.",
        default=[],
    ),
    *(variable for variable in CLUSTER if variable.name == "gluster_health_query"),
)

REPLACE = (
    Variable(
        "gluster_replace_bricks",
        _RECORDS,
        "The lost bricks of this host that are made anew, as C(replacements) of M(brickwork.gluster.plan_cluster).",
        default=[],
    ),
    Variable(
        "gluster_replace_devices",
        _RECORDS,
        "What differs from the usual on disks, as the option C(devices) of M(brickwork.gluster.lvm_brick).",
        default=[],
    ),
    _root("gluster_replace_root"),
    _mount_options("gluster_replace_mount_options"),
)

_UPGRADE = {variable.name: variable for variable in UPGRADE}
_UPGRADE_VOLUMES = Variable(
    "gluster_upgrade_volumes",
    _RECORDS,
    "The volumes of the pool, as C(volumes) of M(brickwork.gluster.gluster_info): some ways from one version to "
    "another break volumes of a kind.",
    default=[],
)
_UPGRADE_SERVERS = Variable(
    "gluster_upgrade_servers", _HOSTS, "All storage nodes, looked at by C(offers).", required=True
)
UPGRADE_ROLE = (_UPGRADE["gluster_upgrade_tasks"], _UPGRADE_VOLUMES, *_ACCEPTED)
UPGRADE_CLIENT = (
    _UPGRADE["gluster_upgrade_client_tasks"],
    _UPGRADE["gluster_upgrade_remount"],
    _UPGRADE["gluster_upgrade_offline"],
)
_UPGRADE_NODE = Variable("gluster_upgrade_node", TEXT, "The storage node that is asked about the pool.", required=True)
UPGRADE_PREPARE = (_UPGRADE_SERVERS, _UPGRADE["gluster_upgrade_tasks"], _UPGRADE_VOLUMES, *_ACCEPTED)
UPGRADE_UNMOUNT = (
    _UPGRADE_NODE,
    Variable(
        "gluster_upgrade_volumes",
        _RECORDS,
        "The volumes of the pool, as C(volumes) of M(brickwork.gluster.gluster_info). Where none are named, all that "
        "is mounted is unmounted.",
        default=[],
    ),
    *_ACCEPTED,
)
UPGRADE_PACKAGES = (_UPGRADE["gluster_upgrade_tasks"],)
UPGRADE_FINISH = (
    _UPGRADE["gluster_upgrade_op_version"],
    Variable(
        "gluster_upgrade_kept",
        Items(TEXT),
        "What is told of mounts that an older version goes on to serve.",
        default=[],
    ),
    Variable(
        "gluster_upgrade_failed",
        _HOSTS,
        "Clients whose turn failed. While there are any, the op-version stays as it is: what is not mounted there is "
        "not connected, and nobody sees its version.",
        default=[],
    ),
)
UPGRADE_PLAN = (
    _UPGRADE_SERVERS,
    Variable("gluster_upgrade_clients", _HOSTS, "The hosts that mount volumes.", default=[]),
    _UPGRADE_NODE,
    _UPGRADE["gluster_upgrade_offline"],
    _UPGRADE["gluster_upgrade_tasks"],
    _UPGRADE["gluster_upgrade_client_tasks"],
    _UPGRADE["gluster_upgrade_op_version"],
    *_ACCEPTED,
)

REBALANCE_ROLE = (
    *REBALANCE,
    Variable(
        "gluster_rebalance_node",
        TEXT,
        "A member of the pool on which the commands are run.",
        otherwise="the first host of the play",
    ),
)

MOVE_ROLE = (
    Variable(
        "gluster_move_bricks",
        _RECORDS,
        "The bricks that move, in order, as C(volume_moves) of M(brickwork.gluster.plan_cluster).",
        default=[],
    ),
    Variable(
        "gluster_move_plan",
        Anything(),
        "The plan: what M(brickwork.gluster.plan_cluster) returns.",
        required=True,
    ),
    *(variable for variable in CLUSTER if variable.name == "gluster_move_volumes"),
    *_ACCEPTED,
)

READDRESS_ROLE = (
    Variable(
        "gluster_readdress_list",
        _RECORDS,
        "The nodes that get their new address, as C(readdresses) of M(brickwork.gluster.plan_cluster).",
        default=[],
    ),
    *_ACCEPTED,
)

EXPAND_ROLE = (
    Variable(
        "gluster_expand_changes",
        _RECORDS,
        "What is changed, in order, as C(copy_changes) of M(brickwork.gluster.plan_cluster).",
        default=[],
    ),
    *EXPAND,
    Variable(
        "gluster_expand_node",
        TEXT,
        "A member of the pool on which the commands are run.",
        otherwise="the first host of the play",
    ),
)

_CLUSTER_NAME = tuple(variable for variable in CLUSTER if variable.name == "gluster_cluster_name")
SHRINK_ROLE = (
    *_CLUSTER_NAME,
    *SHRINK,
    Variable(
        "gluster_shrink_node",
        TEXT,
        "A member of the pool on which the commands are run.",
        otherwise="the first host of the play",
    ),
)
GIVE_BACK = (
    Variable(
        "gluster_shrink_freed",
        Items(TEXT),
        "The bricks that have left their volume, as C(freed) of M(brickwork.gluster.gluster_shrink).",
        default=[],
    ),
)

REPLACE_IDENTITY = (
    Variable(
        "gluster_replace_identity",
        Anything(),
        "Which member this host is again: one of C(identities) of M(brickwork.gluster.plan_cluster).",
        required=True,
    ),
)

_REPLACE_PLAN = Variable(
    "gluster_replace_plan",
    Anything(),
    "The plan: what M(brickwork.gluster.plan_cluster) returns.",
    required=True,
)
REPLACE_FILL = (_REPLACE_PLAN,)
REPLACE_LEAVE = (
    Variable(
        "gluster_replace_leaving",
        _HOSTS,
        "The nodes that leave, by their names in the inventory; none where only disks do.",
        required=True,
    ),
    Variable(
        "gluster_replace_moves",
        _RECORDS,
        "Where the bricks go, as C(moves) of M(brickwork.gluster.plan_cluster).",
        required=True,
    ),
    _REPLACE_PLAN,
)

#: The cluster's name is that of the inventory.
TEARDOWN_ROLE = (
    *_CLUSTER_NAME,
    *TEARDOWN,
    _root("gluster_teardown_root"),
)

POOL = (
    Variable("gluster_pool_peers", Items(TEXT), "Addresses of all peers of the pool.", required=True),
    Variable(
        "gluster_pool_node",
        TEXT,
        "Host from which the others are probed.",
        otherwise="the first host of the play",
    ),
    Variable(
        "gluster_pool_lost",
        Items(TEXT),
        "Addresses of peers that do not come back. Nobody waits for them.",
        default=[],
    ),
    Variable(
        "gluster_pool_timeout",
        SECONDS,
        "How long to wait until every peer sees every other peer connected.",
        default=60,
        unit="seconds",
    ),
)

VOLUMES = (
    Variable(
        "gluster_volumes_list",
        _RECORDS,
        "The volumes, each with the options of M(brickwork.gluster.gluster_volume). Leaving a volume out removes "
        "nothing.",
        default=[],
    ),
    _root("gluster_volumes_root"),
    Variable(
        "gluster_volumes_node",
        TEXT,
        "Peer of the pool on which the commands are run.",
        otherwise="the first host of the play",
    ),
)
