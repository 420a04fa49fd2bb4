# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""firewalld: what is open, now and after a reload, in the default zone and in every other one in use. PRIVATE.

By firewall-cmd: EL 7 has firewalld's Python library for Python 2 only. Nothing is reloaded, since that would drop what
others opened until the next reload (libvirt, containers).
"""

import re
from typing import Dict, FrozenSet, Iterator, List, NamedTuple, Tuple

from ansible_collections.brickwork.gluster.plugins.module_utils.firewall.host import FirewallHost
from ansible_collections.brickwork.gluster.plugins.module_utils.firewall.records import Opening
from ansible_collections.brickwork.gluster.plugins.module_utils.reading import parser
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import Step

_HEAD = re.compile(r"^(\S+)(?: \(.*\))?$", re.MULTILINE)
_HEAD_ACTIVE = re.compile(r"^(\S+) \(.*\bactive\)$", re.MULTILINE)


class ObservedFirewalld(NamedTuple):
    """What is open by zone, as C(port:24007-24008/tcp) or C(rich:rule ...), now and permanently."""

    zones: Tuple[str, ...]
    runtime: Dict[str, FrozenSet[str]]
    permanent: Dict[str, FrozenSet[str]]


def observe_firewalld(host: FirewallHost, _desired: Opening) -> ObservedFirewalld:
    """Return ObservedFirewalld."""
    default = host.commands.run(["firewall-cmd", "--get-default-zone"], "asking firewalld for its default zone").strip()
    runtime = host.commands.run(["firewall-cmd", "--list-all-zones"], "reading firewalld's zones")
    permanent = host.commands.run(["firewall-cmd", "--permanent", "--list-all-zones"], "reading firewalld's zones")
    zones = sorted({default} | set(_HEAD_ACTIVE.findall(runtime)))
    return ObservedFirewalld(tuple(zones), parse_zones(runtime), parse_zones(permanent))


@parser("firewall-cmd")
def parse_zones(text: str) -> Dict[str, FrozenSet[str]]:
    """Return by zone what C(--list-all-zones) shows as open: ports and rich rules."""
    parts = _HEAD.split(text)
    return {name: frozenset(_open(body)) for name, body in zip(parts[1::2], parts[2::2])}


def _open(body: str) -> Iterator[str]:
    ports = re.search(r"^  ports: ?(.*)$", body, re.MULTILINE)
    for port in ports.group(1).split() if ports else []:
        yield "port:" + port
    for rule in re.findall(r"^\s+(rule .*?)\s*$", body, re.MULTILINE):
        yield "rich:" + rule


def plan_firewalld(desired: Opening, observed: ObservedFirewalld) -> List[Step]:
    """Return the steps that open what is not open yet, for now and for good."""
    return [
        Step("open_ports", "firewalld zone %s" % zone, tuple(["firewall-cmd"] + when + ["--zone=" + zone, option]))
        for zone in observed.zones
        for when, known in (([], observed.runtime), (["--permanent"], observed.permanent))
        for option in _options(desired, known.get(zone, frozenset()))
    ]


def _options(desired: Opening, is_open: FrozenSet[str]) -> List[str]:
    kind, rules = (
        ("rich", _rich_rules(desired)) if desired.network else ("port", [ports + "/tcp" for ports in desired.ranges()])
    )
    words = {"rich": "--add-rich-rule=", "port": "--add-port="}
    return [words[kind] + rule for rule in rules if "%s:%s" % (kind, rule) not in is_open]


def _rich_rules(desired: Opening) -> List[str]:
    form = 'rule family="%s" source address="%s" port port="%s" protocol="tcp" accept'
    return [form % (desired.family, desired.network, ports) for ports in desired.ranges()]
