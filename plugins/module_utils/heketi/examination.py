# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What GlusterFS has, as heketi itself sees it: it asks all its nodes when that is asked for. PRIVATE."""

from typing import Any, Dict, NamedTuple, Tuple

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import BrickworkError
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.client import Heketi
from ansible_collections.brickwork.gluster.plugins.module_utils.reading import parser

#: Both versions have it, and their clients call it "server state examine gluster".
_PATH = "/internal/state/examine/gluster"
#: Seconds. heketi asks one node after the other, and for one that is switched off it may wait ten minutes.
_PATIENCE = 60


class GlusterNames(NamedTuple):
    """Names of all volumes that GlusterFS has; why that is not known, "" if it is."""

    names: Tuple[str, ...] = ()
    unknown: str = ""


def read_gluster_names(heketi: Heketi) -> GlusterNames:
    """Return the GlusterNames. A heketi that can't tell is no reason to do nothing, so what it says is kept."""
    try:
        return parse_examination(heketi.read(_PATH, at_most=_PATIENCE))
    except BrickworkError as error:
        return GlusterNames(unknown=str(error))


@parser("heketi")
def parse_examination(answer: Dict[str, Any]) -> GlusterNames:
    """Return the GlusterNames of an answer. Every node of a pool knows all volumes, so one of each cluster will do."""
    names, silent = set(), []
    for cluster in answer["clusters"] or ():
        told = [node["VolumeInfo"] for node in cluster["NodesData"] or () if node["VolumeInfo"]]
        names |= {volume["VolumeName"] for info in told for volume in info["Volumes"]["VolumeList"] or ()}
        if cluster["NodesData"] and not told:
            silent.append("no node of cluster %s tells its volumes" % cluster["ClusterHeketiID"])
    return GlusterNames(tuple(sorted(names)), "; ".join(silent))
