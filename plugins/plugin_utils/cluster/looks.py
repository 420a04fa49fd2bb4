# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What gluster_node_info answered for each host, out of the variables of the hosts. Pure. PRIVATE."""

import json
from collections.abc import Mapping
from typing import Any, Optional

#: Under which name the look at each machine is registered.
LOOK = "gluster_server_seen"


def look_of(variables: Mapping[str, Any]) -> Any:
    """Return what was seen of a host, with its details; None for one that was not looked at."""
    return unpacked(variables.get(LOOK))


def unpacked(answer: Any) -> Any:
    """Return the module's answer with disks, volumes and pool where they belong, out of the texts of its details."""
    if not isinstance(answer, Mapping):
        return answer
    told = dict(answer)
    if answer.get("details"):
        details = json.loads(answer["details"])
        told.update(disks=details["disks"], gluster=dict(answer["gluster"], volumes=details["volumes"]))
    if answer.get("pool_details"):
        told["pool"] = json.loads(answer["pool_details"])
    return told


def node_of(variables: Mapping[str, Any]) -> Optional[Mapping[str, Any]]:
    """Return what a host has, its Python and GlusterFS; None for one that was not looked at, or did not answer."""
    return (variables.get(LOOK) or {}).get("node")


def is_absent(answer: Any) -> bool:
    """Whether the look found nobody, or there is nobody to find; one that --limit left out was not looked for."""
    return isinstance(answer, Mapping) and bool(answer.get("unreachable") or is_lost(answer))


def is_lost(answer: Any) -> bool:
    """Whether the host was not looked at since the inventory says that it does not come back."""
    return isinstance(answer, Mapping) and bool(answer.get("lost"))


def maintenance_of(answer: Any) -> str:
    """Return since when the storage node that was looked at is in maintenance, and why, "" for one that is not."""
    gluster = answer.get("gluster") if isinstance(answer, Mapping) else None
    return str((gluster or {}).get("maintenance") or "")
