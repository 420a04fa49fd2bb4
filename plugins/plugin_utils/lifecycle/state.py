# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Saved states of glusterd on the controller: their names, and whether one may be put back. PRIVATE."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError, PlanError, all_at_once
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.looks import is_absent, is_lost, look_of

ENCRYPTED = ".vault"
_NAME = re.compile(r"-\d{8}T\d{6}Z\.tar\.gz(\.vault)?\Z")


def archive_name(node: str, moment: str, encrypted: bool) -> str:
    """Return the name of an archive; moment is the time in UTC, such as 20261128T201500Z."""
    if "/" in node or node.startswith("."):
        raise InputError(f"folder: found the node {node}, whose name can't be that of a file; give it another name")
    return f"{node}-{moment}.tar.gz{ENCRYPTED if encrypted else ''}"


def archives_of(node: str, names: Iterable[str]) -> list[str]:
    """Return which of some file names are those of a node's archives, the oldest first."""
    return sorted(name for name in names if name.startswith(f"{node}-") and _NAME.fullmatch(name.removeprefix(node)))


def too_old(names: Sequence[str], keep: int) -> list[str]:
    """Return which archives go; the newest never does."""
    return list(names[: -max(keep, 1)])


def refuse_restore(
    node: str, manifest: Mapping[str, Any], nodes: Sequence[str], hostvars: Mapping[str, Mapping[str, Any]]
) -> None:
    """Raise InputError or PlanError, with every reason, where the archive must not be put back onto a node."""
    if manifest["node"] != node:
        raise InputError(f"archive: found one of {manifest['node']}, and this is {node}; name an archive of {node}")
    own = _gluster(look_of(hostvars[node]))
    if own.get("uuid") == manifest["uuid"]:
        return
    reasons = [
        reason
        for name in nodes
        if name != node and (reason := _objection(name, node, manifest, look_of(hostvars[name])))
    ]
    if reasons:
        raise PlanError(all_at_once(reasons))


def _objection(name: str, node: str, manifest: Mapping[str, Any], look: Any) -> str:
    """Return why the state of another node is in the way, "" where it is not."""
    if is_lost(look):
        return ""
    if look is None or is_absent(look):
        return (
            f"{name} was not looked at or does not answer, and may have what the pool knows now: bring it back, or "
            "write gluster_state: lost where it does not come back"
        )
    seen = _gluster(look)
    if not (seen.get("known_volumes") or seen.get("peers", 0) > 1):
        return ""
    if seen.get("uuid") in manifest["peers"]:
        return (
            f"{name} has the state of the pool, which is newer than the archive: run the playbook replace with "
            f"gluster_replace_nodes: [{node}]; after that, state_restore puts back what {name} does not have"
        )
    return f"{name} is the member {seen.get('uuid')} of a pool unknown to the archive; look which pool {node} is of"


def _gluster(look: Any) -> Mapping[str, Any]:
    found = look.get("gluster") if isinstance(look, Mapping) else None
    return found if isinstance(found, Mapping) else {}
