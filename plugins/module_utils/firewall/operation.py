# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Opens the ports of a server in the firewall that the node runs, and in none where none runs. PRIVATE."""

from typing import Any, NamedTuple

from ansible_collections.brickwork.gluster.plugins.module_utils.command import NOT_FOUND, Commands, require_success
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.settings import VOLFILE, brick_ports
from ansible_collections.brickwork.gluster.plugins.module_utils.files import TextFiles
from ansible_collections.brickwork.gluster.plugins.module_utils.firewall.backends import BACKENDS
from ansible_collections.brickwork.gluster.plugins.module_utils.firewall.nftables import with_include
from ansible_collections.brickwork.gluster.plugins.module_utils.firewall.records import (
    Opening,
    opening,
    server_ports,
    single_ports,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import Plan

_CHECKED = "/run/brickwork-check.nft"


#: What is opened, as the modules take it.
OPENING_SPEC = {
    "network": {"type": "str"},
    "base_port": {"type": "int"},
    "max_port": {"type": "int"},
    "name": {"type": "str", "default": "gluster"},
    "ports": {"type": "list", "elements": "int", "default": []},
}


class FirewallHost(object):
    """What is asked and told on this node."""

    def __init__(self, runner, timeout, files=None):
        self.commands = Commands(runner, timeout)
        self.files = files or TextFiles()

    def active(self):
        """Return the names of the firewalls whose unit is active. One that is not there is not active."""
        argv = ["systemctl", "is-active"] + list(BACKENDS)
        result = self.commands.answer(argv)
        if result.rc == NOT_FOUND:
            require_success(argv, result, "asking systemd")
        # The exit code says only whether all, or none, are active.
        return [name for name, state in zip(BACKENDS, result.stdout.split()) if state == "active"]

    def check_rules(self, text):
        """Have nft check rules without loading them; raises CommandError if they could not be loaded."""
        self.files.replace(_CHECKED, text, 0o644)
        try:
            self.commands.run(["nft", "-c", "-f", _CHECKED], "checking rules")
        finally:
            self.files.remove(_CHECKED)


class ObservedFirewall(NamedTuple):
    """The firewall that the node runs ("" for none), what it has open, and what the node's files say to open."""

    kind: str
    state: Any
    desired: Opening


class FirewallOperation(object):
    """Opens the ports of a service: those given, else glusterd's and those of the bricks, as glusterd.vol has them."""

    def __init__(self, host, network="", base_port=None, max_port=None, name="gluster", ports=()):
        self._host = host
        self._network = network
        self._name = name
        self._ports = ports
        self._given = (base_port, max_port)

    def observe(self):
        """Read which firewall runs, and what it has open."""
        desired = self._opening()
        for kind in self._host.active():
            state = BACKENDS[kind].observe(self._host, desired)
            if state is not None:
                return ObservedFirewall(kind, state, desired)
        return ObservedFirewall("", None, desired)

    def _opening(self):
        ports = single_ports(self._ports) if self._ports else server_ports(self._brick_ports())
        return opening(ports, self._network, self._name)

    def _brick_ports(self):
        found = brick_ports(self._host.files.read(VOLFILE))
        first, last = (found[index] if port is None else port for index, port in enumerate(self._given))
        return found._replace(first=first, last=last)

    def plan(self, observed):
        """Return the Plan: what is not open yet, in the firewall that runs."""
        if not observed.kind:
            return Plan([], {}, {}, {"firewall": ""})
        steps = BACKENDS[observed.kind].plan(observed.desired, observed.state)
        after = {"open": observed.desired.comment}
        return Plan(steps, {} if steps else after, after, {"firewall": observed.kind})

    def perform(self, step):
        """Take one step."""
        files = self._host.files
        if step.kind == "write_rules":
            files.replace(step.target, step.text, 0o644)
        elif step.kind == "include_rules":
            files.replace(step.target, with_include(files.read(step.target), step.text))
        else:
            self._host.commands.run(step.argv, "running %s" % step.argv[0])

    def settle(self, plan):
        """Nothing to wait for: each firewall answers when it is done."""
