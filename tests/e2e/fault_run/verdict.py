# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a cluster is whole after a round: what was acknowledged is there, and all copies of a set are the same."""

from __future__ import annotations

import json
import pathlib
import shlex
from typing import NamedTuple

from machines import Machines

from fault_run import clusters

WORKLOAD = pathlib.Path(__file__).resolve().parents[1] / "workload.py"
_SUMS = "cd {path} && find . -path ./.glusterfs -prune -o -type f -print0 | sort -z | xargs -0r sha256sum"
#: Seconds between two writes.
_PAUSE = 0.2


class Work(NamedTuple):
    """A client's work on a volume."""

    volume: str

    @property
    def _where(self) -> str:
        return f"/mnt/{self.volume}/work /var/tmp/{self.volume}.journal"

    def start(self, lab: Machines) -> None:
        """Have the client write, rename, truncate and read back, a few times a second: the machines are small."""
        lab.run("client1", f"systemd-run --unit work-{self.volume} python3 /srv/workload.py run {self._where} {_PAUSE}")

    def stop(self, lab: Machines) -> dict:
        """End the work; return what came of it, and begin a new journal."""
        lab.run("client1", f"systemctl stop work-{self.volume}; true")
        said = json.loads(lab.run("client1", f"python3 /srv/workload.py check {self._where}"))
        lab.run("client1", f"rm -f {self._where.split()[1]}")
        return said


def differing_copies(lab: Machines, volume: dict) -> list[str]:
    """Return the files of which the copies in one set are not the same. Bricks of a disperse volume always differ."""
    if volume["type"] == "disperse":
        return []
    bricks = lab.bricks(volume["name"])
    sets = [bricks[first : first + 3] for first in range(0, len(bricks), 3)]
    # The last brick of an arbiter's set has the names only.
    data = 2 if volume["type"] == "arbiter" else 3
    return [name for members in sets for name in _differing([_sums(lab, brick) for brick in members[:data]])]


def _sums(lab: Machines, brick: str) -> dict[str, str]:
    address, _colon, path = brick.partition(":")
    lines = lab.run(clusters.node_at(address), _SUMS.format(path=shlex.quote(path))).splitlines()
    return {name: digest for digest, _space, name in (line.partition("  ") for line in lines)}


def _differing(copies: list[dict[str, str]]) -> list[str]:
    return sorted({name for copy in copies for name, _digest in set(copy.items()) ^ set(copies[0].items())})
