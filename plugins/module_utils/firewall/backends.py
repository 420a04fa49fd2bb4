# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The firewalls that ports can be opened in. PRIVATE to the collection."""

from typing import Any, Callable, Dict, List, NamedTuple

from ansible_collections.brickwork.gluster.plugins.module_utils.firewall.firewalld import (
    observe_firewalld,
    plan_firewalld,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.firewall.host import FirewallHost
from ansible_collections.brickwork.gluster.plugins.module_utils.firewall.nftables import (
    observe_nftables,
    plan_nftables,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.firewall.records import Opening
from ansible_collections.brickwork.gluster.plugins.module_utils.firewall.ufw import observe_ufw, plan_ufw
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import Step


class Backend(NamedTuple):
    """How a firewall is read (None where it runs and lets everything in), and what opens the ports in it."""

    observe: Callable[[FirewallHost, Opening], Any]
    plan: Callable[[Opening, Any], List[Step]]


#: By the name of its unit, in the order in which they are asked: firewalld and ufw make rules of nftables.
BACKENDS: Dict[str, Backend] = {
    "firewalld": Backend(observe_firewalld, plan_firewalld),
    "ufw": Backend(observe_ufw, plan_ufw),
    "nftables": Backend(observe_nftables, plan_nftables),
}
