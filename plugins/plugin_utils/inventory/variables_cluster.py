# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of the cluster, of a storage node, and of the playbook teardown. PRIVATE to the collection."""

from ansible_collections.brickwork.gluster.plugins.module_utils import grammar
from ansible_collections.brickwork.gluster.plugins.module_utils.defaults import MOUNT_OPTIONS, ROOT
from ansible_collections.brickwork.gluster.plugins.plugin_utils.health.query import query_expression
from ansible_collections.brickwork.gluster.plugins.plugin_utils.inventory.kinds import (
    SECONDS,
    Boolean,
    Choice,
    Items,
    MountOptions,
    Size,
    Text,
    Variable,
    Whole,
    Zone,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.inventory.records import BRICK, DISK, RESOLUTION, VOLUME
from ansible_collections.brickwork.gluster.plugins.plugin_utils.report_files import file_mode

#: Of the whole cluster: the same on every host.
CLUSTER = (
    Variable("gluster_cluster_name", Text(), "Name of the cluster. The playbook teardown asks for it."),
    Variable(
        "gluster_zone_policy",
        Choice(("strict", "preferred")),
        "V(strict): the bricks of a set are in different zones; where that is impossible, the plan is refused and says "
        "what is missing. V(preferred): they are in different zones as far as possible.",
        default="strict",
    ),
    Variable(
        "gluster_root",
        Text(grammar.mount_point, False, argument_type="path"),
        "Folder of the bricks' mount points.",
        default=ROOT,
    ),
    Variable(
        "gluster_plan_mount_options",
        MountOptions(grammar.mount_options),
        "Mount options of the bricks.",
        default=MOUNT_OPTIONS,
    ),
    Variable(
        "gluster_health_query",
        Text(query_expression),
        "What the playbook health shows of the judged cluster: a JMESPath expression, such as C(problems) or "
        "C(nodes[?!answers].name). M(brickwork.gluster.judge_health) says what can be asked. The exit code stays the "
        "same.",
        otherwise="what is under way",
    ),
    Variable(
        "gluster_replace_nodes",
        Items(Text(grammar.one_line, False)),
        "For the playbook replace: storage nodes whose machine or system disk was replaced, by their names in the "
        "inventory. Each becomes the member again that it was.",
        default=[],
    ),
    Variable(
        "gluster_move_volumes",
        Items(Text(grammar.present_name, False)),
        "For the playbook move: names of the volumes whose bricks move to the C(hosts) and C(devices) of the volume.",
        default=[],
    ),
    Variable(
        "gluster_readdress_nodes",
        Items(Text(grammar.one_line, False)),
        "For the playbook readdress: storage nodes whose C(gluster_address) is a new one, by their names in the "
        "inventory.",
        default=[],
    ),
    Variable(
        "gluster_clone_volume",
        Text(grammar.present_name, False),
        "For the playbook clone: name of the volume of which a clone is made.",
    ),
    Variable(
        "gluster_clone_name",
        Text(grammar.volume_name, False),
        "For the playbook clone: name of the clone. No volume of the inventory has it.",
    ),
    Variable(
        "gluster_volumes",
        Items(VOLUME),
        "The volumes. Leaving a volume out removes nothing.",
        default=[],
    ),
)

#: Of a storage node.
NODE = (
    Variable(
        "gluster_address",
        Text(grammar.address, False),
        "Storage address of the node: an IPv4 address or a name by which the other nodes reach it. Each host has its "
        "own. A network (V(/24)) is refused, and so is an address that only the machine itself knows (V(127.0.1.1), "
        "V(localhost), V(0.0.0.0)).",
        required=True,
    ),
    Variable(
        "gluster_zone",
        Zone(),
        "Failure zone of the node: a name or a number (V(0) is a zone, too). A host in the zone V(arbiter) takes "
        "arbiter bricks only.",
        otherwise="each host is a zone of its own if no host names one, else `default`",
    ),
    Variable(
        "gluster_state",
        Choice(("active", "retired", "lost")),
        "V(retired): the node takes no new bricks, and the playbook retire moves those that it has to other nodes. "
        "V(lost): the node does not come back. It is not contacted any more, and the playbook replace makes its bricks "
        "anew on other nodes.",
        default="active",
    ),
    Variable(
        "gluster_devices",
        Items(DISK),
        "Disks of the node that bricks may be put on: a list of paths, or of the keys below.",
        default=[],
    ),
    Variable(
        "gluster_bricks",
        Items(BRICK),
        "Single bricks of the node that are retired or lost. All others need no word.",
        default=[],
    ),
)

#: For the playbook teardown.
HEAL = (
    Variable(
        "gluster_heal_volumes",
        Items(Text(grammar.present_name, False)),
        "Names of the volumes that the playbook heal waits for.",
        otherwise="all that keep copies and are started",
    ),
    Variable(
        "gluster_heal_full",
        Boolean(),
        "Whether the self-heal daemons go through all files once, and not only through those that are known to wait.",
        default=False,
    ),
    Variable("gluster_heal_timeout", SECONDS, "Seconds to wait at most.", default=86400),
    Variable(
        "gluster_heal_patience",
        SECONDS,
        "Seconds after which the wait ends with an error if nothing got less in them.",
        default=900,
    ),
)

SPLIT_BRAIN = (
    Variable(
        "gluster_split_brain_volumes",
        Items(Text(grammar.present_name, False)),
        "Names of the volumes that the playbook split_brain looks at.",
        otherwise="all that are replicated and started",
    ),
    Variable("gluster_split_brain_files", Items(RESOLUTION), "What it resolves, and how. Nothing else.", default=[]),
)

MAINTENANCE = (
    Variable(
        "gluster_maintenance",
        Choice(("enter", "leave")),
        "V(enter): the nodes are taken out of service, one after the other. V(leave): they serve again.",
    ),
    Variable(
        "gluster_maintenance_nodes",
        Items(Text(grammar.one_line, False)),
        "The nodes, by their names in the inventory.",
        default=[],
    ),
    Variable(
        "gluster_maintenance_reason",
        Text(),
        "Told to whoever meets a node in maintenance.",
    ),
    Variable(
        "gluster_accept_downtime",
        Items(Text(grammar.present_name, False)),
        "Volumes whose clients can wait while a node is away, such as distributed ones, which keep no copies.",
        otherwise="none",
    ),
)

ROLLING = (
    Variable(
        "gluster_rolling_tasks",
        Text(),
        "File on the controller with the tasks for each node while it is out of service, such as patches and a boot.",
    ),
    Variable(
        "gluster_rolling_nodes",
        Items(Text(grammar.one_line, False)),
        "The nodes, by their names in the inventory.",
        otherwise="all storage nodes",
    ),
    Variable(
        "gluster_rolling_run",
        Text(),
        "A name for this round, such as V(kernel-2026-12). Each node keeps it when it is done, and a later run with "
        "the same name leaves those nodes out.",
    ),
)

UPGRADE = (
    Variable(
        "gluster_upgrade_snapshots",
        Items(Text(grammar.present_name, False)),
        "Names of the volumes of which the playbook upgrade makes a snapshot before the first storage node is stopped, "
        "named after the volume and the version. All their bricks have to be on thin LVM, as those of this collection "
        "are.",
        default=[],
    ),
    Variable(
        "gluster_upgrade_offline",
        Boolean(),
        "Whether all storage nodes are taken there at once, with all volumes stopped, instead of one after the other. "
        "C(gluster_accept_downtime) has to name each volume that is started.",
        default=False,
    ),
    Variable(
        "gluster_upgrade_tasks",
        Text(),
        "File on the controller with the tasks that upgrade a storage node while it is out of service, such as an "
        "upgrade of the distribution. They take the place of the package manager. C(gluster_server_version) says what "
        "they bring.",
    ),
    Variable(
        "gluster_upgrade_client_tasks",
        Text(),
        "As C(gluster_upgrade_tasks), for clients. Volumes may be in use there meanwhile. Without it, the package "
        "manager upgrades them.",
    ),
    Variable(
        "gluster_upgrade_remount",
        Boolean(),
        "Whether clients mount anew what an older version serves, where nothing uses it.",
        default=True,
    ),
    Variable(
        "gluster_upgrade_op_version",
        Boolean(),
        "Whether the pool's op-version is raised at the end, as far as all clients allow. There is no way back to the "
        "older version after that.",
        default=True,
    ),
)

REBALANCE = (
    Variable(
        "gluster_rebalance_volumes",
        Items(Text(grammar.present_name, False)),
        "Names of the volumes whose files are spread over all their sets.",
        default=[],
    ),
    Variable(
        "gluster_rebalance_state",
        Choice(("started", "stopped")),
        "V(started): files are spread. V(stopped): that is stopped; what was moved stays where it is.",
        default="started",
    ),
    Variable(
        "gluster_rebalance_layout_only",
        Boolean(),
        "Whether files stay where they are, and only new ones use all sets.",
        default=False,
    ),
    Variable(
        "gluster_rebalance_throttle",
        Choice(("lazy", "normal", "aggressive")),
        "How many files each member moves at a time.",
        otherwise="as the volume has it",
    ),
    Variable("gluster_rebalance_timeout", SECONDS, "Seconds to wait at most.", default=604800),
    Variable(
        "gluster_rebalance_patience",
        SECONDS,
        "Seconds after which the wait ends with an error if nothing was moved or looked at in them.",
        default=3600,
    ),
)

EXPAND = (
    Variable(
        "gluster_accept_fewer_copies",
        Items(Text(grammar.present_name, False)),
        "Volumes of which copies may leave: for good, or until what comes instead, a copy or an arbiter, is healed.",
        otherwise="none",
    ),
)

SHRINK = (
    Variable(
        "gluster_shrink_confirm",
        Text(),
        "The cluster's name, as C(gluster_cluster_name) has it. The playbook asks for it if it is left out.",
    ),
    Variable("gluster_shrink_volume", Text(grammar.present_name, False), "Name of the volume that gets fewer sets."),
    Variable(
        "gluster_shrink_sets",
        Whole(1),
        "How many sets stay. It must be what C(sets) of the volume says in the inventory.",
        otherwise="`sets` of the volume in the inventory",
    ),
    Variable(
        "gluster_shrink_state",
        Choice(("shrunk", "stopped")),
        "V(shrunk): the last sets leave when their files have moved. V(stopped): bricks whose removal is not committed "
        "are given back to the volume.",
        default="shrunk",
    ),
    Variable(
        "gluster_shrink_commit",
        Boolean(),
        "Whether the bricks leave the volume when their files have moved, or in a later run.",
        default=True,
    ),
    Variable(
        "gluster_shrink_destroy_bricks",
        Boolean(),
        "Whether the bricks that have left the volume in this run are removed with all that is on them, if no file is "
        "left there.",
        default=False,
    ),
    Variable("gluster_shrink_timeout", SECONDS, "Seconds to wait at most.", default=604800),
    Variable(
        "gluster_shrink_patience",
        SECONDS,
        "Seconds after which the wait ends with an error if nothing was moved or looked at in them.",
        default=3600,
    ),
)

STATE = (
    Variable(
        "gluster_state_folder",
        Text(),
        "Folder of the controller for what the playbook state_backup saves of each storage node. Keep it where only "
        "those look who may administer the cluster, and not on a volume of the cluster.",
    ),
    Variable("gluster_state_keep", Whole(1), "How many archives of each storage node are kept.", default=10),
    Variable(
        "gluster_state_encrypt",
        Boolean(),
        "Whether the archives are encrypted with the password of C(--vault-password-file) or C(--vault-id). Private "
        "keys are in encrypted archives only.",
        default=False,
    ),
    Variable(
        "gluster_state_vault_id", Text(), "Of several vault passwords the one to encrypt with.", otherwise="the first"
    ),
    Variable(
        "gluster_state_node",
        Text(grammar.one_line, False),
        "For the playbook state_restore: the storage node that gets its state back, by its name in the inventory.",
    ),
    Variable(
        "gluster_state_archive",
        Text(),
        "For the playbook state_restore: the archive.",
        otherwise="the newest one of the node in `gluster_state_folder`",
    ),
)

REPORT = (
    Variable(
        "gluster_report_path",
        Text(),
        "File of the controller for what the playbook report writes. Its folder is made where it is not there.",
        default="gluster-report.html",
    ),
    Variable(
        "gluster_report_json",
        Text(),
        "File of the controller for the same as L(JSON,docs/report.md#the-json-form).",
        otherwise="none is written",
    ),
    Variable("gluster_report_mode", Text(file_mode, False), "The rights of these files.", default="0640"),
    Variable(
        "gluster_report_sizes",
        Items(Size()),
        "Sizes of volumes of which the report tells how many more fit, such as V([100GiB, 1TiB]), of each kind that "
        "the cluster has.",
        otherwise="the sizes that the cluster has most of",
    ),
)

RETIRE = (
    Variable(
        "gluster_retire_confirm",
        Text(),
        "The cluster's name (C(gluster_cluster_name)), to confirm that nodes are retired.",
    ),
)

TEARDOWN = (
    Variable(
        "gluster_teardown_confirm",
        Text(),
        "The cluster's name, as C(gluster_cluster_name) has it. The playbook asks for it if it is left out.",
    ),
    Variable(
        "gluster_teardown_volumes",
        Items(Text(grammar.present_name, False)),
        "Names of the volumes to unmount and delete. Their bricks keep the data unless "
        "C(gluster_teardown_destroy_data) is set.",
        default=[],
    ),
    Variable(
        "gluster_teardown_destroy_data",
        Boolean(),
        "Whether the bricks of these volumes are removed with all the data on them.",
        default=False,
    ),
    Variable(
        "gluster_teardown_peers",
        Items(Text(grammar.address, False)),
        "Addresses of the peers to detach from the pool. A peer that holds bricks is refused.",
        default=[],
    ),
    Variable(
        "gluster_teardown_bricks",
        Items(Text(grammar.host_and_brick, False)),
        "Bricks that no volume uses, each as V(HOST:NAME), to remove with all the data on them. The playbook plan "
        "lists them.",
        default=[],
    ),
)
