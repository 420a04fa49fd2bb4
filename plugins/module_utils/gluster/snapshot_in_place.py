# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A snapshot that is mounted in place of its brick: how glusterd's answers show it, and what is to be said. PRIVATE.

Such a brick serves, and GlusterFS does not know what it lacks: its files are those of the time of the snapshot.
"""

import re

#: What is to be said wherever a snapshot is found in place of its brick.
SNAPSHOT_IN_PLACE = (
    "its snapshot %s is mounted in its place: docs/repair.md, 'A snapshot is mounted in place of a brick'"
)
#: glusterd mounts the bricks of snapshots, and of volumes that were restored or cloned, below this.
SNAPS = "/run/gluster/snaps/"
#: As glusterd calls the logical volume of a snapshot or a clone, by an id and the brick's number (GlusterFS 7 to 11).
_DEVICE = re.compile(r"[-/][0-9a-f]{32}_\d+\Z")


def snapshot_at(path: str, device: str) -> str:
    """Return the device of a brick's file system if that is a snapshot which GlusterFS made, "" if it is not."""
    return device if SNAPS not in path and _DEVICE.search(device) else ""
