# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waits until all volumes with bricks on this node are healed. PRIVATE to the collection."""

from typing import Dict, List, Sequence

from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.bricks import local_bricks, pid_of
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Volume
from ansible_collections.brickwork.gluster.plugins.module_utils.waiting import Clock

#: Seconds between two requests for healing.
_REQUEST_PAUSE = 10


class Healing:
    """Counts the entries that need healing, and requests healing while there are any.

    A client may reconnect to a restarted brick later than the self-heal daemons do. Without a request they would heal
    what it wrote before that only at their next crawl, after ten minutes.
    """

    def __init__(self, gluster: Gluster, clock: Clock) -> None:
        self._gluster = gluster
        self._clock = clock
        self._next_request = 0.0
        self._refusals: Dict[str, str] = {}

    def waiting(self) -> List[str]:
        """Return in words what the volumes wait for: bricks to come, and files to be healed, which is asked for."""
        pool = self._gluster.pool()
        volumes = [volume for volume in self._gluster.volumes() if volume.is_started and local_bricks(volume, pool)]
        return self._offline(volumes) or self._unhealed([volume for volume in volumes if volume.set_width > 1])

    def _offline(self, volumes: Sequence[Volume]) -> List[str]:
        status = self._gluster.brick_status([volume.name for volume in volumes], detail=False)
        return [
            "brick %s is offline" % brick.name
            for volume in volumes
            for brick in volume.bricks
            if not pid_of(brick, status.get(volume.name, ())) > 0
        ]

    def _unhealed(self, volumes: Sequence[Volume]) -> List[str]:
        counts = {volume.name: self._gluster.heal_counts(volume.name) for volume in volumes}
        pending = {name: [count for count in found if count.pending] for name, found in counts.items()}
        self._request([name for name in pending if pending[name]])
        return [
            "%s entries of %s wait for healing%s" % (count.pending, count.brick, self._refusals.get(name, ""))
            for name, found in pending.items()
            for count in found
        ]

    def _request(self, names: Sequence[str]) -> None:
        if self._clock.monotonic() < self._next_request or not names:
            return
        self._next_request = self._clock.monotonic() + _REQUEST_PAUSE
        refusals = {name: self._gluster.heal(name) for name in names}
        self._refusals = {name: " (%s)" % why for name, why in refusals.items() if why}
