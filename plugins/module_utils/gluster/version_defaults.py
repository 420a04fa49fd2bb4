# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options that a new volume needs, and that its version of GlusterFS does not give it. Pure. PRIVATE."""

from typing import Dict

from ansible_collections.brickwork.gluster.plugins.module_utils.versions import numbers

#: New volumes have it from GlusterFS 9 on. Without it, healing goes through whole directories: 15 missed files beside
#: 1,070 took 88 s instead of 10. A started volume takes it by a command of its own only (7.5 and 10.3).
GRANULAR_HEAL = "cluster.granular-entry-heal"
_GRANULAR_BY_ITSELF = [9]
#: Before GlusterFS 7.8, clients crash in it where a file is renamed or removed that is being opened, so that all who
#: use the mount get "Transport endpoint is not connected". Seen with 7.5;
#: https://github.com/gluster/glusterfs/issues/1225 and 1232, whose advice this is.
OPEN_BEHIND = "performance.open-behind"
_OPEN_BEHIND_MENDED = [7, 8]


def crashes_in_open_behind(version: str) -> bool:
    """Whether clients of that version may crash unless OPEN_BEHIND is off; not where the version is unknown ("")."""
    return bool(version) and numbers(version) < _OPEN_BEHIND_MENDED


def missing_defaults(version: str, keeps_replicas: bool) -> Dict[str, str]:
    """Return the options for a new volume of that version, none where the version is unknown ("")."""
    options = {}
    if version and numbers(version) < _GRANULAR_BY_ITSELF and keeps_replicas:
        options[GRANULAR_HEAL] = "on"
    if crashes_in_open_behind(version):
        options[OPEN_BEHIND] = "off"
    return options
