# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""nftables: an accept in every chain that drops what comes in, now and at every boot. PRIVATE to the collection.

A table of our own would not do: a packet that one table accepts is still dropped by another. So our rule goes to the
head of the administrator's own chains. A file of ours holds it for the boot, and is included at the end of theirs.
"""

import json
from typing import Any, Dict, List, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import CommandError, PlanError
from ansible_collections.brickwork.gluster.plugins.module_utils.firewall.host import FirewallHost
from ansible_collections.brickwork.gluster.plugins.module_utils.firewall.records import Opening
from ansible_collections.brickwork.gluster.plugins.module_utils.reading import parser
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import Step

#: Where the unit nftables reads its rules from: Debian, EL.
CONFIGURATIONS = ("/etc/nftables.conf", "/etc/sysconfig/nftables.conf")


def rules_path(desired: Opening) -> str:
    """Return where the rules stand: in a folder that nobody includes as a whole, one file a service."""
    return "/etc/brickwork/%s.nft" % desired.name


def include_line(desired: Opening) -> str:
    """Return the line by which the configuration has the rules of a service."""
    return 'include "%s"' % rules_path(desired)


class Rule(NamedTuple):
    """A rule of ours that is loaded: its chain (C(inet filter input)), its number there, its comment."""

    chain: str
    handle: int
    comment: str


class ObservedNftables(NamedTuple):
    """The chains that drop what comes in and stand in the configuration, the rules of ours, and the files."""

    chains: Tuple[str, ...]
    rules: List[Rule]
    configuration: str
    configuration_text: str
    rules_text: str


def observe_nftables(host: FirewallHost, desired: Opening) -> Optional[ObservedNftables]:
    """Return ObservedNftables, or None where no loaded chain drops what comes in.

    Raises PlanError where those chains are not what the boot loads: then there is no safe place for a rule.
    """
    items = parse_ruleset(host.commands.run(["nft", "-j", "-a", "list", "ruleset"], "reading the rules of nftables"))
    dropping = dropping_chains(items, desired.family)
    if not dropping:
        return None
    path = next((path for path in CONFIGURATIONS if host.files.read(path)), CONFIGURATIONS[0])
    chains = tuple(chain for chain in dropping if _is_configured(host, path, chain, desired))
    if not chains:
        raise PlanError(
            "nftables: the chains that drop what comes in (%s) are not those of %s; put them there, or open the ports "
            "%s by hand" % (", ".join(dropping), path, ",".join(desired.ranges()))
        )
    text = host.files.read(path)
    rules = our_rules(items, desired.mark)
    return ObservedNftables(chains, rules, path, text, host.files.read(rules_path(desired)))


@parser("nft")
def parse_ruleset(text: str) -> List[Dict[str, Any]]:
    """Return the list of items of C(nft -j list ruleset)."""
    return json.loads(text)["nftables"]


def _is_configured(host: FirewallHost, path: str, chain: str, desired: Opening) -> bool:
    """Whether the rule could be loaded at boot, when nothing but the configuration is there: nft checks it for us."""
    others = "".join(line for line in host.files.read(path).splitlines(True) if line.strip() != include_line(desired))
    try:
        host.check_rules("flush ruleset\n%s\n%s\n" % (others, insert_rule(chain, desired)))
    except CommandError:
        return False
    return True


@parser("nft")
def dropping_chains(items: Sequence[Dict[str, Any]], family: str = "") -> List[str]:
    """Return the base chains for incoming packets of a table that drops or rejects, in C(nft -j)'s list of items.

    family is C(ipv4), C(ipv6) or "" for both.
    """
    families = {"ipv4": ("inet", "ip"), "ipv6": ("inet", "ip6")}.get(family, ("inet", "ip", "ip6"))
    refusing = {_table(item["rule"]) for item in items if "rule" in item and _refuses(item["rule"])}
    return [
        "%s %s" % (_table(chain), chain["name"])
        for chain in (item["chain"] for item in items if "chain" in item)
        if chain.get("hook") == "input" and chain["family"] in families
        if chain.get("policy") == "drop" or _table(chain) in refusing
    ]


def _table(item: Dict[str, Any]) -> str:
    return "%s %s" % (item["family"], item["table"])


def _refuses(rule: Dict[str, Any]) -> bool:
    return any(verdict in expression for expression in rule.get("expr", ()) for verdict in ("drop", "reject"))


@parser("nft")
def our_rules(items: Sequence[Dict[str, Any]], mark: str) -> List[Rule]:
    """Return the Rules with our mark in C(nft -j)'s list of items."""
    rules = [item["rule"] for item in items if "rule" in item]
    return [
        Rule("%s %s" % (_table(rule), rule["chain"]), rule["handle"], rule["comment"])
        for rule in rules
        if rule.get("comment", "").split()[:1] == [mark]
    ]


def insert_rule(chain: str, desired: Opening) -> str:
    """Return the command of nft for a rule at the head of a chain."""
    source = "%s saddr %s " % (desired.family.replace("ipv4", "ip").replace("ipv6", "ip6"), desired.network)
    ports = "tcp dport { %s } accept" % ", ".join(desired.ranges())
    return 'insert rule %s %s%s comment "%s"' % (chain, source if desired.network else "", ports, desired.comment)


def plan_nftables(desired: Opening, observed: ObservedNftables) -> List[Step]:
    """Return the steps: the files for the boot first, then what is loaded; stale rules of ours go last."""
    text = "".join(insert_rule(chain, desired) + "\n" for chain in observed.chains)
    steps = [Step("write_rules", rules_path(desired), text=text)] if observed.rules_text != text else []
    include = include_line(desired)
    if include not in observed.configuration_text.splitlines():
        steps.append(Step("include_rules", observed.configuration, text=include))
    open_now = {rule.chain for rule in observed.rules if rule.comment == desired.comment}
    steps += [_open(chain, desired) for chain in observed.chains if chain not in open_now]
    return steps + [_close(rule) for rule in observed.rules if rule.comment != desired.comment]


def _open(chain: str, desired: Opening) -> Step:
    return Step("open_ports", "nftables chain %s" % chain, ("nft", insert_rule(chain, desired)))


def _close(rule: Rule) -> Step:
    command = "delete rule %s handle %s" % (rule.chain, rule.handle)
    return Step("close_ports", "nftables chain %s" % rule.chain, ("nft", command))


def with_include(text: str, line: str) -> str:
    """Return the configuration with our file as the last thing that it includes."""
    return text + ("" if not text or text.endswith("\n") else "\n") + line + "\n"
