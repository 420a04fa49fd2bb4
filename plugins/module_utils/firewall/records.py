# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is to be opened, and to whom. PRIVATE to the collection."""

import ipaddress
import re
from typing import Iterable, List, NamedTuple, Tuple

from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.settings import Ports
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError
from ansible_collections.brickwork.gluster.plugins.module_utils.grammar import network as checked_network

#: Of glusterd itself: management, and its RDMA of old.
MANAGEMENT = Ports(24007, 24008)

_NAME = re.compile(r"\A[a-z][a-z0-9-]*\Z")


class Opening(NamedTuple):
    """TCP ports, and the network (CIDR) that may come to them, "" for everybody. name is that of the service."""

    ports: Tuple[Ports, ...]
    network: str = ""
    name: str = "gluster"

    @property
    def mark(self) -> str:
        """Begins the comment of every rule of this service; the rest says what the rule opens."""
        return "brickwork-" + self.name

    @property
    def family(self) -> str:
        """The network's family as firewalld and nftables call it without its version: C(ipv4), C(ipv6), "" for both."""
        return "ipv%s" % ipaddress.ip_network(self.network).version if self.network else ""

    def ranges(self, dash: str = "-") -> List[str]:
        """Return the ports as texts such as C(24007-24008)."""
        return [
            str(ports.first) if ports.first == ports.last else "%s%s%s" % (ports.first, dash, ports.last)
            for ports in self.ports
        ]

    @property
    def comment(self) -> str:
        """The comment of the rule that stands for this opening."""
        return " ".join([self.mark, ",".join(self.ranges())] + ([self.network] if self.network else []))


def server_ports(brick_ports: Ports) -> Tuple[Ports, ...]:
    """Return the ports of a server of GlusterFS: glusterd's own and those of the bricks."""
    return (MANAGEMENT, brick_ports)


def single_ports(numbers: Iterable[int]) -> Tuple[Ports, ...]:
    """Return these ports; raises InputError for what is none."""
    wrong = [str(number) for number in numbers if not 0 < number < 65536]
    if wrong:
        raise InputError("ports: found %s; write ports from 1 to 65535" % ", ".join(wrong))
    return tuple(Ports(number, number) for number in numbers)


def opening(ports: Iterable[Ports], network: str, name: str = "gluster") -> Opening:
    """Return the Opening; raises InputError for what is no network, and for a name that can't be one."""
    if not _NAME.match(name):
        raise InputError("name: found %r; write small letters, digits and dashes, beginning with a letter" % name)
    checked = checked_network("network", network) if network else ""
    return Opening(tuple(ports), checked, name)
