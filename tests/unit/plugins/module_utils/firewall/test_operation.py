# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import json
import shlex

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.command import NOT_FOUND, Result
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.settings import VOLFILE
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import CommandError, InputError, PlanError
from ansible_collections.brickwork.gluster.plugins.module_utils.firewall.firewalld import parse_zones
from ansible_collections.brickwork.gluster.plugins.module_utils.firewall.host import FirewallHost
from ansible_collections.brickwork.gluster.plugins.module_utils.firewall.operation import (
    FirewallOperation,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import converge

NETWORK = "192.168.72.0/24"
CONFIGURATION = "/etc/nftables.conf"
RULES = "/etc/brickwork/gluster.nft"
HEKETI = {"name": "heketi", "ports": [8080]}


class Node:
    """A node whose firewalls are in memory; each answers as its own program does."""

    def __init__(self, *active):
        self.active = active
        self.texts = {VOLFILE: "option base-port 50000\noption max-port 50099\nend-volume\n"}
        self.commands = []
        self.added = []
        self.ports = {"": set(), "--permanent": set()}
        self.rules = []
        self.chains = {}
        self.configured = {}

    def read(self, path):
        return self.texts.get(path, "")

    def replace(self, path, text, mode=None):
        self.texts[path] = text

    def remove(self, path):
        del self.texts[path]

    def run(self, argv, timeout):
        if argv[:2] == ["systemctl", "is-active"]:
            return Result(3, "".join("active\n" if name in self.active else "inactive\n" for name in argv[2:]), "")
        answer = getattr(self, "_" + argv[0].replace("-", "_"))(*argv[1:])
        return answer if isinstance(answer, Result) else Result(0, answer or "", "")

    def changed(self, *words):
        self.commands.append(" ".join(words))

    # ufw, whose "show added" has other words than the command that added a rule.

    def _ufw(self, verb, *words):
        if verb == "status":
            return "Status: active\n"
        if verb == "show":
            return "Added user rules (see 'ufw status' for running firewall):\n" + "".join(self.added)
        self.changed("ufw", verb, *words)
        if verb == "delete":
            self.added = [line for line in self.added if shlex.split(line)[1:-2] != list(words)]
            return ""
        given = dict(zip(words[::2], words[1::2]))
        self.added.append(
            "ufw allow from %s to any port %s proto tcp comment '%s'\n"
            % (given["from"], words[words.index("port") + 1], given["comment"])
        )
        return ""

    # firewalld

    def _firewall_cmd(self, *words):
        if words == ("--get-default-zone",):
            return "public\n"
        when = "--permanent" if "--permanent" in words else ""
        if "--list-all-zones" in words:
            return ZONES % tuple(self._shown(when, zone) for zone in ("internal", "public"))
        self.changed("firewall-cmd", *words)
        zone = next(word for word in words if word.startswith("--zone="))
        self.ports[when].add((zone[7:], words[-1].split("=", 1)[1]))
        return "success\n"

    def _shown(self, when, zone):
        shown = sorted(text for where, text in self.ports[when] if where == zone)
        ports = " ".join(text for text in shown if not text.startswith("rule"))
        rules = "".join("\n\t" + text for text in shown if text.startswith("rule"))
        return "  ports: %s\n  protocols: \n  rich rules: %s" % (ports, rules)

    # nftables

    def _nft(self, *words):
        if words[:2] == ("-j", "-a"):
            return json.dumps({"nftables": [{"metainfo": {}}] + list(self.chains.values()) + self.rules})
        if words[:2] == ("-c", "-f"):
            chain = " ".join(self.texts[words[2]].split("insert rule ")[1].split()[:3])
            return Result(0 if chain in self.configured else 1, "", "No such file or directory")
        self.changed("nft", *words)
        parts = words[0].split()
        if parts[0] == "delete":
            self.rules = [rule for rule in self.rules if rule["rule"]["handle"] != int(parts[-1])]
        else:
            comment = words[0].split('"')[1]
            self._add(parts[2], parts[3], parts[4], comment=comment, expr=[{"accept": None}])
        return ""

    def _add(self, family, table, chain, **more):
        handle = len(self.commands) + 10
        self.rules.append({"rule": dict(more, family=family, table=table, chain=chain, handle=handle)})

    def chain(self, family, table, name, configured=True, **more):
        item = dict({"family": family, "table": table, "name": name, "hook": "input", "policy": "accept"}, **more)
        key = "%s %s %s" % (family, table, name)
        self.chains[key] = {"chain": item}
        if configured:
            self.configured[key] = True


ZONES = """internal (active)
  target: default
  interfaces: eth1
%s

public (default)
  target: default
  interfaces:
%s
"""


def operation(node, network="", **ports):
    return FirewallOperation(FirewallHost(node, 5, node), network, **ports)


def targets(plan):
    return [(step.kind, step.target) for step in plan.steps]


def test_nothing_is_opened_where_no_firewall_runs():
    plan = converge(operation(Node()))
    assert (plan.steps, plan.findings) == ([], {"firewall": ""})


def test_ufw():
    node = Node("ufw")
    planned = converge(operation(node, NETWORK), check_mode=True)
    assert node.commands == []
    assert converge(operation(node, NETWORK)) == planned
    assert node.commands == [
        "ufw allow proto tcp from 192.168.72.0/24 to any port 24007:24008,50000:50099 comment "
        "brickwork-gluster 24007-24008,50000-50099 192.168.72.0/24"
    ]
    assert converge(operation(node, NETWORK)).steps == []


def test_ufw_closes_what_we_opened_before_and_nothing_else():
    node = Node("ufw")
    node.added = ["ufw allow 22/tcp\n", "ufw allow from any to any port 1 proto tcp comment 'brickwork-glusterfs'\n"]
    others = list(node.added)
    converge(operation(node))
    plan = converge(operation(node, NETWORK, max_port=50199))
    assert targets(plan) == [("open_ports", "ufw"), ("close_ports", "ufw")]
    assert node.commands[-1] == "ufw delete allow from any to any port 24007:24008,50000:50099 proto tcp"
    assert node.added[:2] == others and len(node.added) == 3
    assert converge(operation(node, NETWORK, max_port=50199)).steps == []


def test_ufw_that_is_not_enabled_is_no_firewall():
    node = Node("ufw")
    node._ufw = lambda *words: "Status: inactive\n"
    assert converge(operation(node)).findings == {"firewall": ""}


def test_firewalld_now_and_for_good_in_all_zones_in_use():
    node = Node("firewalld", "nftables")
    plan = converge(operation(node))
    assert len(plan.steps) == 8
    assert node.commands[:3] == [
        "firewall-cmd --zone=internal --add-port=24007-24008/tcp",
        "firewall-cmd --zone=internal --add-port=50000-50099/tcp",
        "firewall-cmd --permanent --zone=internal --add-port=24007-24008/tcp",
    ]
    assert converge(operation(node)).steps == []
    node.ports[""].clear()
    assert len(converge(operation(node)).steps) == 4


def test_firewalld_for_one_network():
    node = Node("firewalld")
    converge(operation(node, NETWORK))
    rule = 'rule family="ipv4" source address="192.168.72.0/24" port port="24007-24008" protocol="tcp" accept'
    assert node.commands[0] == "firewall-cmd --zone=internal --add-rich-rule=" + rule
    assert converge(operation(node, NETWORK)).steps == []


def test_zones_without_anything_open():
    assert parse_zones("block\n  target: %%REJECT%%\n  ports: \n  rich rules: \n") == {"block": frozenset()}


@pytest.fixture
def filtered():
    node = Node("nftables")
    node.texts[CONFIGURATION] = "flush ruleset\ntable inet filter { }\n"
    node.chain("inet", "filter", "input", policy="drop")
    node.chain("ip6", "other", "input", policy="drop")
    return node


def test_nftables_now_and_at_boot(filtered):
    plan = converge(operation(filtered, NETWORK))
    assert targets(plan) == [
        ("write_rules", RULES),
        ("include_rules", CONFIGURATION),
        ("open_ports", "nftables chain inet filter input"),
    ]
    rule = (
        "insert rule inet filter input ip saddr 192.168.72.0/24 tcp dport { 24007-24008, 50000-50099 } accept "
        'comment "brickwork-gluster 24007-24008,50000-50099 192.168.72.0/24"'
    )
    assert filtered.texts[RULES] == rule + "\n"
    assert filtered.texts[CONFIGURATION].endswith('}\ninclude "%s"\n' % RULES)
    assert filtered.commands == ["nft " + rule]
    assert converge(operation(filtered, NETWORK)).steps == []


def test_nftables_another_network_takes_the_old_rule_away(filtered):
    converge(operation(filtered, NETWORK))
    plan = converge(operation(filtered))
    assert [step.kind for step in plan.steps] == ["write_rules", "open_ports", "open_ports", "close_ports"]
    assert filtered.commands[-1] == "nft delete rule inet filter input handle 11"
    assert converge(operation(filtered)).steps == []


def test_nftables_that_lets_everything_in_is_no_firewall():
    node = Node("nftables")
    node.chain("inet", "filter", "input")
    assert converge(operation(node)).findings == {"firewall": ""}
    node._add("inet", "filter", "input", expr=[{"reject": {"type": "icmp"}}])
    node.texts[CONFIGURATION] = "table inet filter { }\n"
    assert converge(operation(node)).findings == {"firewall": "nftables"}


def test_nftables_chains_of_others_are_left_alone(filtered):
    filtered.chain("inet", "f2b-table", "f2b-chain", configured=False, policy="drop")
    converge(operation(filtered))
    assert "f2b" not in filtered.texts[RULES]
    filtered.configured.clear()
    with pytest.raises(PlanError, match="inet f2b-table f2b-chain.* are not those of /etc/nftables.conf"):
        converge(operation(filtered))


def test_a_network_that_is_none():
    with pytest.raises(InputError, match=r"network: .*192\.168\.72\.0/24"):
        converge(operation(Node("ufw"), "192.168.72.5/24"))


def test_an_ipv6_network(filtered):
    converge(operation(filtered, "fd00::/64"))
    assert "ip6 saddr fd00::/64" in filtered.texts[RULES]


def test_without_systemd():
    node = Node()
    node.run = lambda argv, timeout: Result(NOT_FOUND, "", "systemctl: program not found")
    with pytest.raises(CommandError, match="systemctl"):
        converge(operation(node))


@pytest.mark.parametrize("kind", ["ufw", "firewalld", "nftables"])
def test_another_service_has_rules_of_its_own(kind, filtered):
    filtered.active = (kind,)
    converge(operation(filtered, NETWORK))
    plan = converge(operation(filtered, **HEKETI))
    assert plan.steps and {step.kind for step in plan.steps} <= {"open_ports", "write_rules", "include_rules"}
    assert "8080" in filtered.commands[-1] and "24007" not in filtered.commands[-1]
    assert converge(operation(filtered, **HEKETI)).steps == []
    assert converge(operation(filtered, NETWORK)).steps == []


@pytest.mark.parametrize(
    ("desired", "told"),
    [
        ({"name": "Heketi!", "ports": [1]}, "name: found 'Heketi!'"),
        ({"ports": [80, 70000]}, "ports: found 70000"),
        ({"network": "fe80::%eth0 accept; add rule/64"}, "network: found"),
        ({"network": "10.0.0.0/8\n"}, "network: found"),
    ],
)
def test_ports_and_names_that_can_not_be(desired, told):
    with pytest.raises(InputError, match=told):
        converge(operation(Node("ufw"), **desired))
