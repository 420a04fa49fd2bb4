# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Of which volumes glusterd has to be asked more: those that are not as they should be, as far as this node can see.

C(volume status) takes a lock of each volume, and up to a second for each. Files of glusterd tell this node at once that
all of its bricks run and nothing is under way; where they don't, glusterd's answer decides. PRIVATE to the collection.
"""

import os
import posixpath
from typing import Iterable, List

from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.bricks import local_bricks
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.settings import (
    VOLFILE,
    assignment,
    working_directory,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.files import TextFiles
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Brick, Pool, Volume

#: Where glusterd keeps the numbers of the bricks' processes (GLUSTERD_GET_BRICK_PIDFILE in its sources, 7.5 to 11.1).
_PID_FILE = "/run/gluster/vols/%s/%s-%s.pid"
_NO_TASK = "00000000-0000-0000-0000-000000000000"
#: glusterd's number of a rebalance among its operations, which new ones are only added behind.
_REBALANCE = "19"
#: Its numbers of the states of a rebalance on one node: not begun, stopped, completed, for files and for the layout.
_AT_REST = ("0", "2", "3", "6", "7")


def doubtful_volumes(files: TextFiles, pool: Pool, volumes: Iterable[Volume]) -> List[str]:
    """Return the names of started volumes with a brick of this node that has no process, or with a task of this node.

    A rebalance that has come to its end is no task.
    """
    folder = os.path.join(working_directory(files.read(VOLFILE)), "vols")
    return [
        volume.name
        for volume in volumes
        if volume.is_started
        and (
            not all(_is_served(files, volume.name, brick) for brick in local_bricks(volume, pool))
            or _has_task(files.read(os.path.join(folder, volume.name, "node_state.info")))
        )
    ]


def _is_served(files: TextFiles, volume: str, brick: Brick) -> bool:
    pid = files.read(_PID_FILE % (volume, brick.host, brick.path[1:].replace("/", "-"))).strip()
    words = files.read("/proc/%s/cmdline" % pid).split("\0") if pid.isdigit() else [""]
    return posixpath.basename(words[0]) == "glusterfsd"


def _has_task(state: str) -> bool:
    """Whether this node's part of a task is one to ask about; a file that is not there is one, too."""
    if assignment(state, "rebalance-id") == _NO_TASK:
        return False
    return assignment(state, "rebalance_op") != _REBALANCE or assignment(state, "status") not in _AT_REST
