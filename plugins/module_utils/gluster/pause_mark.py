# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a volume remembers of being stopped for an offline upgrade, so that any later run starts it. Pure. PRIVATE.

Of a volume that is stopped, GlusterFS does not say who stopped it, or whether it shall stay so.
"""

from typing import Iterable, List

from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Volume

#: The option of the volume. Options that begin with C(user.) mean nothing to GlusterFS, which resets none of them.
PAUSE_MARK = "user.brickwork-upgrade"
#: The volume was started when the upgrade began; nothing is noted.
WAS_STARTED, NOTHING = "started", "none"


def is_paused(volume: Volume) -> bool:
    """Whether an offline upgrade has stopped the volume, or is about to, and will start it again."""
    return volume.options.get(PAUSE_MARK) == WAS_STARTED


def session_sentences(volumes: Iterable[Volume]) -> List[str]:
    """Return which started volumes have geo-replication: GlusterFS stops none with an active session."""
    return [
        "volume %s: geo-replication.indexing is on, and GlusterFS stops no volume whose session is active; stop "
        "and delete its sessions (gluster volume geo-replication %s SECONDARY stop, then delete) and set "
        "geo-replication.indexing off, or upgrade by GlusterFS's guide" % (volume.name, volume.name)
        for volume in volumes
        if volume.is_started and volume.options.get("geo-replication.indexing") == "on"
    ]


def pause_sentences(volumes: Iterable[Volume]) -> List[str]:
    """Return which volumes an offline upgrade left behind, and what to do."""
    return [
        "volume %s %s by an offline upgrade that did not end; run the playbook upgrade with gluster_upgrade_offline: "
        "true, which goes on with it and starts the volume"
        % (volume.name, "was to be stopped" if volume.is_started else "was stopped")
        for volume in volumes
        if is_paused(volume)
    ]
