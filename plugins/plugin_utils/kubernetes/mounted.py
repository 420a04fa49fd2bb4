# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether folders are on mounted volumes. Pure. PRIVATE to the collection."""

from collections.abc import Iterable

from ansible_collections.brickwork.gluster.plugins.module_utils.lvm import fstab
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.mounts import MOUNTED_KIND


def not_mounted(paths: Iterable[str], mounts_text: str) -> list[str]:
    """Return those of the paths that are not below the mount point of a volume; mounts_text is /proc/mounts."""
    return [path for path in paths if not _is_on_volume(path, fstab.entries(mounts_text))]


def _is_on_volume(path: str, entries: Iterable[fstab.Entry]) -> bool:
    """Whether the mount that a path is on is a volume's; the last of the longest one counts, as for the kernel."""
    above = [entry for entry in entries if path.startswith(entry.target.rstrip("/") + "/")]
    nearest = max(enumerate(above), key=lambda pair: (len(pair[1].target), pair[0]), default=None)
    return nearest is not None and nearest[1].line.split()[2] == MOUNTED_KIND
