# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans on the controller which machines get another version of GlusterFS, of what the look found on each."""

from collections.abc import Mapping
from typing import Any

from ansible.module_utils.parsing.convert_bool import boolean

from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.looks import is_lost, look_of, maintenance_of
from ansible_collections.brickwork.gluster.plugins.plugin_utils.data_action import DataAction, Hostvars
from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.upgrade import Cluster, Machine, plan_upgrade


class ActionModule(DataAction):
    """Who is upgraded, from what to what, in which order, and why perhaps nobody is (refusals)."""

    _VALID_ARGS = frozenset(
        ("servers", "clients", "pool", "with_tasks", "accept_downtime", "raise_op_version", "op_version", "offline")
    )

    def compute(self, arguments: Mapping[str, Any], hostvars: Hostvars) -> dict[str, Any]:
        """Return the plan; see plan_upgrade."""
        with_tasks = set(arguments.get("with_tasks") or ())
        clients = [_machine(name, hostvars[name], name in with_tasks) for name in arguments.get("clients") or ()]
        return plan_upgrade(
            Cluster(
                [_machine(name, hostvars[name], name in with_tasks) for name in arguments.get("servers") or ()],
                # --limit may leave clients out.
                [client for client in clients if client.silence != _LEFT_OUT],
                arguments.get("pool") or {},
                list(arguments.get("accept_downtime") or ()),
                boolean(arguments.get("raise_op_version", True)),
                arguments.get("op_version") or {},
                boolean(arguments.get("offline", False)),
            )
        )


_LEFT_OUT = "was not looked at (does --limit leave it out?)"


def _machine(name: str, variables: Mapping[str, Any], with_tasks: bool) -> Machine:
    look = look_of(variables)
    silence = _silence(look)
    asked: dict[str, Any] = {
        "desired": str(variables.get("gluster_server_version") or ""),
        "source": str(variables.get("gluster_server_source") or "distribution"),
        "has_tasks": with_tasks,
        "may_go_back": variables.get("gluster_server_source") != "rpm_folder"
        or boolean(variables.get("gluster_server_rpm_allow_downgrade", False)),
        "names": _names(name, variables),
    }
    if silence:
        return Machine(name, silence=silence, **asked)
    gluster, upgrade = look.get("gluster") or {}, look["upgrade"]
    asked["names"] += tuple(upgrade["own_names"])
    return Machine(
        name,
        version=upgrade["version"],
        uuid=gluster.get("uuid") or "",
        maintenance=maintenance_of(look),
        op_version=gluster.get("op_version") or 0,
        old_mounts=upgrade["old_mounts"],
        missing_mounts=upgrade["missing_mounts"],
        old_files=_old_files(look),
        **asked,
        **_offer(upgrade["offered"], look, variables),
    )


def _old_files(look: Mapping[str, Any]) -> dict[str, str]:
    """Return by their directories the bricks in whose place a snapshot is mounted, and that."""
    bricks = (look.get("disks") or {}).get("bricks") or ()
    return {brick["path"]: brick["mounted_instead"] for brick in bricks if brick.get("mounted_instead")}


def _names(name: str, variables: Mapping[str, Any]) -> tuple[str, ...]:
    """Return by which names a machine may be told of."""
    return (name, *(str(variables[key]) for key in ("gluster_address", "ansible_host") if variables.get(key)))


def _silence(look: Any) -> str:
    """Return why nothing is known of a machine, "" where something is."""
    if look is None:
        return _LEFT_OUT
    if is_lost(look):
        return "is lost (gluster_state)"
    if look.get("failed") and look.get("msg"):
        return f"could not be looked at: {str(look['msg']).strip().splitlines()[0]}"
    return "" if "upgrade" in look else "does not answer"


def _offer(offered: Any, look: Mapping[str, Any], variables: Mapping[str, Any]) -> dict[str, Any]:
    """Return what there is for a machine. A repository that is not written there yet is not known yet."""
    if not offered:
        return {}
    found = {"installed": offered["installed"], "others": offered["versions"]}
    found["unfinished"] = offered.get("unfinished") or []
    unwritten = any(step["kind"] == "write" for step in look.get("software") or ())
    if unwritten and variables.get("gluster_server_repository_url"):
        return found
    return {**found, "offered": offered["version"]}
