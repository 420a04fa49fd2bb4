# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run by test_firewalls.py inside a Debian tree with a network of its own: firewall_on_node.py firewalld|ufw|nftables.

The firewall is real, and so are the connections that it lets through or not; only systemd's answer is made here.
"""

import contextlib
import os
import pathlib
import socket
import subprocess
import sys
import time

from ansible_collections.brickwork.gluster.plugins.module_utils.command import CommandRunner, Result
from ansible_collections.brickwork.gluster.plugins.module_utils.firewall.operation import (
    FirewallHost,
    FirewallOperation,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import converge

STORAGE, OTHER = "10.9.0", "10.8.0"
PORTS = (24007, 24008, 50000, 50099)
#: The one port of another service on the same node.
HEKETI = (8080,)
NFTABLES = """flush ruleset
table inet filter {
  chain input {
    type filter hook input priority filter; policy drop;
    ct state established,related accept
    tcp dport 22 accept
  }
}
table inet other {
  chain input { type filter hook input priority 10; policy accept; }
}
"""


def run(*argv):
    return subprocess.run(argv, check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout


class Runner(CommandRunner):
    """Runs everything here but systemctl."""

    def __init__(self, kind):
        self.kind = kind

    def run(self, argv, timeout):
        if argv[0] == "systemctl":
            return Result(3, "".join("active\n" if name == self.kind else "inactive\n" for name in argv[2:]), "")
        return super().run(argv, timeout)


def make_networks():
    """A network namespace beside this one, with an address in each of two networks."""
    run("ip", "link", "set", "lo", "up")
    run("ip", "netns", "add", "peer")
    run("ip", "link", "add", "here", "type", "veth", "peer", "name", "there", "netns", "peer")
    for network in (STORAGE, OTHER):
        run("ip", "address", "add", network + ".1/24", "dev", "here")
        run("ip", "-n", "peer", "address", "add", network + ".2/24", "dev", "there")
    run("ip", "link", "set", "here", "up")
    run("ip", "-n", "peer", "link", "set", "there", "up")


#: All ports at once, since each that a firewall drops takes a second. Its words are a network and the ports.
CONNECT = """
import socket, sys
from concurrent.futures import ThreadPoolExecutor
network, ports = sys.argv[1], sys.argv[2:]
def connect(port):
    try:
        socket.create_connection((network + ".1", int(port)), 1, (network + ".2", 0)).close()
    except OSError:
        return False
    return True
with ThreadPoolExecutor(len(ports)) as pool:
    print(*(port for port, done in zip(ports, pool.map(connect, ports)) if done))
"""


def reached(network, ports=PORTS):
    """Return which of the ports the peer reaches from its address in that network."""
    said = run("ip", "netns", "exec", "peer", "python3", "-c", CONNECT, network, *map(str, ports))
    return tuple(int(port) for port in said.split())


class Nftables:
    def start(self):
        pathlib.Path("/etc/nftables.conf").write_text(NFTABLES)
        run("nft", "-f", "/etc/nftables.conf")

    def restart(self):
        run("nft", "flush", "ruleset")
        run("nft", "-f", "/etc/nftables.conf")
        assert "brickwork" not in run("nft", "list", "table", "inet", "other")


class Ufw:
    def start(self):
        run("ufw", "--force", "enable")

    def restart(self):
        run("/lib/ufw/ufw-init", "force-reload")


class Firewalld:
    def start(self):
        os.makedirs("/run/dbus", exist_ok=True)
        run("dbus-daemon", "--system", "--fork")
        self._start()

    def _start(self):
        self.process = subprocess.Popen(["firewalld", "--nofork", "--nopid"])
        deadline = time.monotonic() + 30
        while subprocess.run(["firewall-cmd", "--state"], capture_output=True, check=False).returncode:
            assert time.monotonic() < deadline, "firewalld does not start"
            time.sleep(0.2)

    def restart(self):
        self.process.terminate()
        self.process.wait()
        self._start()


def operation(kind, network="", last=50099, **service):
    host = FirewallHost(Runner(kind), 30)
    return FirewallOperation(host, network, 50000, last, **service)


def apply(kind, *desired, **service):
    """Converge; what check mode announces is what is done, and once more there is nothing to do."""
    announced = converge(operation(kind, *desired, **service), check_mode=True)
    done = converge(operation(kind, *desired, **service))
    assert announced == done and done.steps, (announced, done)
    again = converge(operation(kind, *desired, **service))
    assert not again.steps, again
    print("\n".join("%(kind)s %(target)s: %(command)s" % step for step in done.describe()), flush=True)


def main(kind):
    firewall = {"nftables": Nftables, "ufw": Ufw, "firewalld": Firewalld}[kind]()
    make_networks()
    with contextlib.ExitStack() as listening:
        for port in PORTS + HEKETI:
            listening.enter_context(socket.create_server(("", port)))
        assert reached(STORAGE) == reached(OTHER) == PORTS
        assert converge(operation("none")).findings == {"firewall": ""}
        firewall.start()
        assert reached(STORAGE) == reached(OTHER) == ()
        apply(kind, STORAGE + ".0/24")
        assert (reached(STORAGE), reached(OTHER)) == (PORTS, ())
        assert reached(STORAGE, HEKETI) == ()
        apply(kind, name="heketi", ports=HEKETI)
        firewall.restart()
        assert (reached(STORAGE), reached(OTHER)) == (PORTS, ())
        assert reached(OTHER, HEKETI) == HEKETI
        assert not converge(operation(kind, STORAGE + ".0/24")).steps
        apply(kind, "", 50098)
        assert reached(OTHER) == PORTS[:3]


if __name__ == "__main__":
    main(sys.argv[1])
