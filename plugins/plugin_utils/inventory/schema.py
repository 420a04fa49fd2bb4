# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every variable of every group and role: the source of what is checked and of what is documented. PRIVATE.

Whoever adds a variable adds it to one of the modules variables_*.py and runs tools/reference, which makes the tables of
docs/inventory.md and of the roles' README files, the roles' argument_specs, and docs/inventory.schema.json.
"""

from ansible_collections.brickwork.gluster.plugins.plugin_utils.inventory.kinds import Variable
from ansible_collections.brickwork.gluster.plugins.plugin_utils.inventory.variables_cluster import (
    CLUSTER,
    EXPAND,
    HEAL,
    MAINTENANCE,
    NODE,
    REBALANCE,
    REPORT,
    RETIRE,
    ROLLING,
    SHRINK,
    SPLIT_BRAIN,
    STATE,
    TEARDOWN,
    UPGRADE,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.inventory.variables_heketi import (
    HEKETI,
    HEKETI_NODE,
    HEKETI_ROLE,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.inventory.variables_kubernetes import STORAGECLASS
from ansible_collections.brickwork.gluster.plugins.plugin_utils.inventory.variables_roles import (
    BRICKS,
    CLIENT,
    EXPAND_ROLE,
    GIVE_BACK,
    HEAL_ROLE,
    HEALTH,
    MAINTENANCE_ROLE,
    MOVE_ROLE,
    PLAN,
    POOL,
    READDRESS_ROLE,
    REBALANCE_ROLE,
    REPLACE,
    REPLACE_FILL,
    REPLACE_IDENTITY,
    REPLACE_LEAVE,
    ROLLING_ROLE,
    SHRINK_ROLE,
    SPLIT_BRAIN_ROLE,
    TEARDOWN_ROLE,
    UPGRADE_CLIENT,
    UPGRADE_FINISH,
    UPGRADE_PACKAGES,
    UPGRADE_PLAN,
    UPGRADE_PREPARE,
    UPGRADE_ROLE,
    UPGRADE_UNMOUNT,
    VOLUMES,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.inventory.variables_server import (
    BOOTSTRAP,
    GLUSTERD,
    LOOK,
    OFFERS,
    SERVER,
    SOFTWARE,
    TLS,
)

#: What playbooks for events in a cluster's life are given.
EVENTS = EXPAND + HEAL + MAINTENANCE + REBALANCE + REPORT + RETIRE + ROLLING + SHRINK + SPLIT_BRAIN + STATE + UPGRADE

#: What is read of the hosts of each group.
GROUPS: dict[str, tuple[Variable, ...]] = {
    "gluster_servers": CLUSTER + NODE + HEKETI_NODE + SERVER + EVENTS + TEARDOWN,
    "gluster_clients": CLUSTER + SERVER + TEARDOWN + UPGRADE,
    "heketi": HEKETI + SERVER,
    "kubernetes": STORAGECLASS,
}

#: What each entry point of each role takes; playbooks give roles some variables that no inventory has.
ROLES: dict[str, dict[str, tuple[Variable, ...]]] = {
    "gluster_bricks": {"main": BRICKS},
    "gluster_client": {"main": CLIENT},
    "gluster_expand": {"main": EXPAND_ROLE},
    "gluster_heal": {"main": HEAL_ROLE},
    "gluster_health": {"main": HEALTH},
    "gluster_maintenance": {"main": MAINTENANCE_ROLE},
    "gluster_move": {"main": MOVE_ROLE},
    "gluster_plan": {"main": PLAN},
    "gluster_pool": {"main": POOL},
    "gluster_readdress": {"main": READDRESS_ROLE},
    "gluster_rebalance": {"main": REBALANCE_ROLE},
    "gluster_replace": {
        "main": REPLACE,
        "identity": REPLACE_IDENTITY,
        "leave": REPLACE_LEAVE,
        "fill": REPLACE_FILL,
        "judge": REPLACE_FILL,
    },
    "gluster_rolling": {"main": ROLLING_ROLE},
    "gluster_server": {"main": GLUSTERD, "tls": TLS},
    "gluster_software": {
        "main": SOFTWARE,
        "bootstrap": BOOTSTRAP,
        "look": LOOK,
        "offers": OFFERS,
        "upgrade": SOFTWARE,
        "upgrade_prepare": OFFERS,
    },
    "gluster_split_brain": {"main": SPLIT_BRAIN_ROLE},
    "gluster_storageclass": {"main": STORAGECLASS},
    "gluster_shrink": {"main": SHRINK_ROLE, "give_back": GIVE_BACK},
    "gluster_teardown": {"main": TEARDOWN_ROLE, "preflight": TEARDOWN_ROLE, "unmount": TEARDOWN},
    "gluster_upgrade": {
        "main": UPGRADE_ROLE,
        "client": UPGRADE_CLIENT,
        "finish": UPGRADE_FINISH,
        "offline_mount": (),
        "offline_packages": UPGRADE_PACKAGES,
        "offline_prepare": UPGRADE_PREPARE,
        "offline_serve": (),
        "offline_stop": UPGRADE_UNMOUNT,
        "plan": UPGRADE_PLAN,
    },
    "gluster_volumes": {"main": VOLUMES},
    "heketi": {"main": HEKETI_ROLE, "install": (), "preflight": (), "nodes": ()},
}
