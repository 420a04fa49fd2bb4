# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The processes of GlusterFS's servers on this node, also while no glusterd knows of them. PRIVATE."""

import posixpath
from typing import List, NamedTuple, Sequence

from ansible_collections.brickwork.gluster.plugins.module_utils.files import TextFiles

#: Where glusterd keeps the numbers of what it has started. A client's mount has none there.
_FOLDERS = ("/run/gluster/", "/var/run/gluster/")


class ServerProcess(NamedTuple):
    """A brick's process, or a daemon such as the one for self-healing."""

    pid: int
    is_brick: bool


def server_processes(files: TextFiles) -> List[ServerProcess]:
    """Return the processes that glusterd has started and that still run."""
    found = []
    for name in files.entries("/proc"):
        if name.isdigit():
            words = files.read("/proc/%s/cmdline" % name).split("\0")
            if _is_of_a_server(words):
                found.append(ServerProcess(int(name), posixpath.basename(words[0]) == "glusterfsd"))
    return found


def _is_of_a_server(words: Sequence[str]) -> bool:
    if posixpath.basename(words[0]) not in ("glusterfs", "glusterfsd"):
        return False
    return any(flag == "-p" and value.startswith(_FOLDERS) for flag, value in zip(words, words[1:]))
