# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Opens the ports of a server in the firewall that the node runs, and in none where none runs. PRIVATE."""

from typing import Any, Dict, NamedTuple, Optional, Sequence

from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.settings import VOLFILE, Ports, brick_ports
from ansible_collections.brickwork.gluster.plugins.module_utils.firewall.backends import BACKENDS
from ansible_collections.brickwork.gluster.plugins.module_utils.firewall.host import FirewallHost
from ansible_collections.brickwork.gluster.plugins.module_utils.firewall.nftables import with_include
from ansible_collections.brickwork.gluster.plugins.module_utils.firewall.records import (
    Opening,
    opening,
    server_ports,
    single_ports,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import Operation, Plan, Step

#: What is opened, as the modules take it.
OPENING_SPEC = {
    "network": {"type": "str"},
    "base_port": {"type": "int"},
    "max_port": {"type": "int"},
    "name": {"type": "str", "default": "gluster"},
    "ports": {"type": "list", "elements": "int", "default": []},
}


class ObservedFirewall(NamedTuple):
    """The firewall that the node runs ("" for none), what it has open, and what the node's files say to open."""

    kind: str
    state: Any
    desired: Opening


class FirewallOperation(Operation[ObservedFirewall]):
    """Opens the ports of a service: those given, else glusterd's and those of the bricks, as glusterd.vol has them."""

    def __init__(
        self,
        host: FirewallHost,
        network: str = "",
        base_port: Optional[int] = None,
        max_port: Optional[int] = None,
        name: str = "gluster",
        ports: Sequence[int] = (),
    ) -> None:
        self._host = host
        self._network = network
        self._name = name
        self._ports = ports
        self._given = (base_port, max_port)

    def observe(self) -> ObservedFirewall:
        """Read which firewall runs, and what it has open."""
        desired = self._opening()
        for kind in self._host.active(list(BACKENDS)):
            state = BACKENDS[kind].observe(self._host, desired)
            if state is not None:
                return ObservedFirewall(kind, state, desired)
        return ObservedFirewall("", None, desired)

    def _opening(self) -> Opening:
        ports = single_ports(self._ports) if self._ports else server_ports(self._brick_ports())
        return opening(ports, self._network, self._name)

    def _brick_ports(self) -> Ports:
        found = brick_ports(self._host.files.read(VOLFILE))
        first, last = (found[index] if port is None else port for index, port in enumerate(self._given))
        return found._replace(first=first, last=last)

    def plan(self, observed: ObservedFirewall) -> Plan:
        """Return the Plan: what is not open yet, in the firewall that runs."""
        if not observed.kind:
            return Plan([], {}, {})
        steps = BACKENDS[observed.kind].plan(observed.desired, observed.state)
        after = {"open": observed.desired.comment}
        return Plan(steps, {} if steps else after, after)

    def findings(self, observed: ObservedFirewall) -> Dict[str, Any]:
        """Return which firewall runs."""
        return {"firewall": observed.kind}

    def perform(self, step: Step) -> None:
        """Take one step."""
        files = self._host.files
        if step.kind == "write_rules":
            files.replace(step.target, step.text, 0o644)
        elif step.kind == "include_rules":
            files.replace(step.target, with_include(files.read(step.target), step.text))
        else:
            self._host.commands.run(step.argv, "running %s" % step.argv[0])

    def settle(self, plan: Plan) -> None:
        """Nothing to wait for: each firewall answers when it is done."""
