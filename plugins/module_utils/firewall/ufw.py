# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ufw: asks for its state and its rules, and has one rule of ours. It keeps rules over a reboot itself. PRIVATE."""

import shlex
from typing import List, NamedTuple, Optional

from ansible_collections.brickwork.gluster.plugins.module_utils.firewall.host import FirewallHost
from ansible_collections.brickwork.gluster.plugins.module_utils.firewall.records import Opening
from ansible_collections.brickwork.gluster.plugins.module_utils.reading import parser
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import Step


class ObservedUfw(NamedTuple):
    """Our rules, each as the words of the command that adds it: C(allow ... comment TEXT)."""

    rules: List[List[str]]


def observe_ufw(host: FirewallHost, desired: Opening) -> Optional[ObservedUfw]:
    """Return ObservedUfw, or None where ufw is not enabled."""
    if "Status: active" not in host.commands.run(["ufw", "status"], "asking ufw for its state"):
        return None
    return ObservedUfw(parse_rules(host.commands.run(["ufw", "show", "added"], "reading ufw's rules"), desired.mark))


@parser("ufw")
def parse_rules(text: str, mark: str) -> List[List[str]]:
    """Return the rules with our mark of C(ufw show added), whose lines are the commands that add them."""
    commands = [shlex.split(line)[1:] for line in text.splitlines() if line.startswith("ufw ")]
    return [words for words in commands if words[-2:-1] == ["comment"] and words[-1].split()[:1] == [mark]]


def plan_ufw(desired: Opening, observed: ObservedUfw) -> List[Step]:
    """Return the steps: what we opened before and is no longer desired is closed."""
    stale = [words for words in observed.rules if words[-1] != desired.comment]
    steps = [Step("close_ports", "ufw", tuple(["ufw", "delete"] + words[:-2])) for words in stale]
    if len(stale) < len(observed.rules):
        return steps
    words = ["ufw", "allow", "proto", "tcp", "from", desired.network or "any", "to", "any"]
    words += ["port", ",".join(desired.ranges(":")), "comment", desired.comment]
    return [Step("open_ports", "ufw", tuple(words))] + steps
