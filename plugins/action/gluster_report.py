# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes what is known of a cluster into a file of the controller, of what the look found on every machine."""

import json
import re
import time
from collections.abc import Mapping
from typing import Any, Optional

from ansible_collections.brickwork.gluster.plugins.action.judge_health import judge
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.looks import look_of
from ansible_collections.brickwork.gluster.plugins.plugin_utils.data_action import DataAction, Hostvars
from ansible_collections.brickwork.gluster.plugins.plugin_utils.inventory.read import read_inventory
from ansible_collections.brickwork.gluster.plugins.plugin_utils.report.document import document
from ansible_collections.brickwork.gluster.plugins.plugin_utils.report.gather import Told, gather
from ansible_collections.brickwork.gluster.plugins.plugin_utils.report.page import page
from ansible_collections.brickwork.gluster.plugins.plugin_utils.report_files import (
    path_of,
    present_text,
    read_mode,
    write_text,
)

_MODE = "0640"
_MADE = re.compile(r'<time datetime="([^"]*)">')
_Data = dict[str, Any]


class ActionModule(DataAction):
    """The report as HTML, and as JSON where that is asked for. Only the controller's files change."""

    _VALID_ARGS = frozenset(("hosts", "clients", "pool", "asked", "moving", "path", "json", "mode", "sizes"))

    def run(self, tmp: Optional[str] = None, task_vars: Optional[_Data] = None) -> _Data:
        """Return what was written; what differs only in its time is no change."""
        answer = super().run(tmp, task_vars)
        return {**answer, "changed": bool(answer.get("differing"))}

    def compute(self, arguments: Mapping[str, Any], hostvars: Hostvars) -> _Data:
        """Write the files, unless in check mode, and return their paths, those that differ, and the summary."""
        paths = {name: path_of(name, str(arguments[name])) for name in ("path", "json") if arguments.get(name)}
        if "path" not in paths:
            raise InputError("path: it is missing; write a file of the controller, such as gluster-report.html")
        mode = read_mode("mode", arguments.get("mode") or _MODE)
        data = report(arguments, hostvars, time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()))
        differing = [path for name, path in paths.items() if _DIFFERS[name](present_text(path), data)]
        for name, path in paths.items() if not self._task.check_mode else ():
            write_text(name, path, _TEXT[name](data), mode)
        return {
            "path": paths["path"],
            "json": paths.get("json", ""),
            "differing": differing,
            "summary": data["summary"],
        }


def report(arguments: Mapping[str, Any], hostvars: Hostvars, made: str) -> _Data:
    """Return the report as data."""
    servers, clients = list(arguments.get("hosts") or ()), list(arguments.get("clients") or ())
    inventory = read_inventory({"gluster_servers": servers, "gluster_clients": clients}, hostvars)
    looks = {name: look_of(hostvars[name]) for name in [*servers, *clients]}
    told = Told(inventory, looks, arguments.get("pool"))
    given = {"hosts": servers, "clients": clients}
    moving = (arguments.get("moving") or {}).get("volumes") or ()
    seen = gather(
        told,
        lambda pool: judge({**given, "pool": pool}, hostvars),
        made,
        str(arguments.get("asked") or ""),
        list(arguments.get("sizes") or ()),
        moving,
    )
    mounting = {name: looks[name] for name in clients if isinstance(looks[name], Mapping)}
    return document(seen._replace(clients=mounting))


def as_json(data: _Data) -> str:
    """Return the report as it is written as JSON."""
    return json.dumps(data, indent=1, sort_keys=True) + "\n"


def _page_differs(present: str, data: _Data) -> bool:
    """Whether a page is another one than that which would have been made at its own time."""
    found = _MADE.search(present)
    return not found or page({**data, "made": found[1]}) != present


def _json_differs(present: str, data: _Data) -> bool:
    try:
        return bool({**json.loads(present), "made": ""} != {**json.loads(as_json(data)), "made": ""})
    except (ValueError, TypeError):
        return True


_TEXT = {"path": page, "json": as_json}
_DIFFERS = {"path": _page_differs, "json": _json_differs}
