# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is to be opened, and to whom. PRIVATE to the collection."""

import ipaddress
from typing import NamedTuple, Tuple

from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.settings import Ports
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError

#: Of glusterd itself: management, and its RDMA of old.
MANAGEMENT = Ports(24007, 24008)
#: Begins the comment of every rule of ours; the rest says what it opens, so that another wish is another comment.
MARK = "brickwork-gluster"


class Opening(NamedTuple):
    """TCP ports, and the network (CIDR) that may come to them, "" for everybody."""

    ports: Tuple[Ports, ...]
    network: str = ""

    @property
    def family(self):
        """The network's family as firewalld and nftables call it without its version: C(ipv4), C(ipv6), "" for both."""
        return "ipv%s" % ipaddress.ip_network(self.network).version if self.network else ""

    def ranges(self, dash="-"):
        """Return the ports as texts such as C(24007-24008)."""
        return ["%s%s%s" % (ports.first, dash, ports.last) for ports in self.ports]

    @property
    def comment(self):
        """The comment of the rule that stands for this opening."""
        return " ".join([MARK, ",".join(self.ranges())] + ([self.network] if self.network else []))


def opening(brick_ports, network):
    """Return the Opening for a server; raises InputError for what is no network."""
    try:
        checked = str(ipaddress.ip_network(network)) if network else ""
    except ValueError as error:
        raise InputError("network: %s; write for example 192.168.72.0/24" % error)
    return Opening((MANAGEMENT, brick_ports), checked)
