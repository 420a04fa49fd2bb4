# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a pool whose nodes were all stopped for an upgrade may be started with what they have now. Pure. PRIVATE.

Meanwhile they got packages, and perhaps a boot. Started as they are, members of several versions may reject each other,
and a brick with old files would be taken for one of the others.
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.brickwork.gluster.plugins.module_utils.reading import parser
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.brick_findings import bricks_out_of_place
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.looks import unpacked
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.records import node_disks


@parser("gluster_node_info")
def start_problems(looks: Mapping[str, Any]) -> list[str]:
    """Return in sentences why they are not started, none if they may be, by node of what gluster_node_info answered."""
    seen = {name: unpacked(look) for name, look in sorted(looks.items())}
    nodes = [node_disks(name, look["gluster"]["uuid"] or "", look["disks"]) for name, look in seen.items()]
    return _several_versions({name: look["gluster"]["version"] for name, look in seen.items()}) + bricks_out_of_place(
        nodes
    )


def _several_versions(versions: Mapping[str, Any]) -> list[str]:
    if len(set(versions.values())) < 2:
        return []
    return [
        "one pool has one version of GlusterFS, and these have several: "
        + ", ".join(f"{name} {version}" for name, version in versions.items())
        + "; write the whole version in gluster_server_version for all of them, and run this again"
    ]
