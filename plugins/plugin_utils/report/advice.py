# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What to do about each thing that health finds. Pure. PRIVATE to the collection."""

import re
from typing import NamedTuple

_HEAL = "Run the playbook heal: it starts what may be started, and waits until all is healed."
_NETWORK = "See whether glusterd runs on both, and whether the network lets them reach each other."
_DISK = "See 'A disk died' in docs/repair.md; the playbook plan shows what replace would do."
_ROOM = "Delete files or snapshots of the volume, or raise its size in the inventory and run the playbook site."
#: What is said of a thing, and what to do; the first that is found counts.
_ADVICE = (
    (
        r" does not answer\Z",
        "See that it runs and can be reached. If it does not come back: gluster_state: lost, replace.",
    ),
    (r" is lost \(gluster_state\)", "Run the playbook replace, and remove it from the inventory then."),
    (r" could not be looked at: ", "Repair what the message names, and make the report again."),
    (r": glusterd does not run", "Look at journalctl -u glusterd there; the playbook site starts it."),
    (r": its certificate ends ", "Run the playbook site, which signs a new one."),
    (r" sees .*: Peer ", _NETWORK),
    (r": the pool has no quorum", "Bring back the members that are away."),
    (r": brick \S+ is not mounted", "Run the playbook site, which mounts it where its disk is there."),
    (r": brick .* can't be read: ", _DISK),
    (r": thin pool of brick ", _ROOM),
    (r" has no quorum, ", f"Bring back the nodes of its bricks that are offline. {_HEAL}"),
    (r" is offline\Z", _HEAL),
    (r" entries wait for healing ", "It heals by itself; the playbook heal says how far it is, and what hinders it."),
    (r" in split-brain", "Run the playbook split_brain: it shows the copies, and resolves what you name."),
    (r": heals of .* are unknown", f"Bring that brick back. {_HEAL}"),
)
_ANYTHING = "Find it in docs/operations.md, 'What happened?'."


class Finding(NamedTuple):
    """Something that is wrong, and what to do."""

    text: str
    advice: str


def finding(problem: str) -> Finding:
    """Return what a sentence of health says is wrong, and what to do: its own advice where it has some."""
    for pattern, advice in _ADVICE:
        if re.search(pattern, problem):
            return Finding(problem, advice)
    text, _semicolon, own = problem.rpartition("; ")
    if not text:
        return Finding(problem, _ANYTHING)
    return Finding(text, own[:1].upper() + own[1:] + ("" if own.endswith(".") else "."))
