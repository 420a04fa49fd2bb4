# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parameters that all heketi modules share, and the client that they make. PRIVATE to the collection."""

from typing import Any, Dict, Mapping

from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.client import Heketi
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.transport import HttpTransport

CONNECTION_SPEC: Dict[str, Dict[str, Any]] = {
    "url": {"type": "str", "required": True},
    "user": {"type": "str", "default": "admin"},
    "key": {"type": "str", "required": True, "no_log": True},
    "ca_path": {"type": "path"},
    "timeout": {"type": "int", "default": 600},
}


def connect(params: Mapping[str, Any]) -> Heketi:
    """Return the client of a module's parameters; raises InputError. Nothing is sent yet."""
    transport = HttpTransport(params["url"], params["ca_path"])
    return Heketi(transport, params["user"], params["key"], params["command_timeout"], params["timeout"])
