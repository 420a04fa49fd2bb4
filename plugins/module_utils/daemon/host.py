# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""glusterd on this node: its units, its files, and how it is restarted without its bricks. PRIVATE."""

import os
import re
import time
from typing import NamedTuple

from ansible_collections.brickwork.gluster.plugins.module_utils.command import require_success
from ansible_collections.brickwork.gluster.plugins.module_utils.files import TextFiles

GLUSTERD = "glusterd"
#: Exists on EL, where its stop at shutdown ends the bricks in order.
GLUSTERFSD = "glusterfsd"
GLUSTEREVENTSD = "glustereventsd"
UNITS = (GLUSTERD, GLUSTERFSD, GLUSTEREVENTSD)
#: Where a unit's settings stand until the next boot.
_DROP_IN = "/run/systemd/system/glusterd.service.d/brickwork-restart.conf"
_PROPERTIES = (
    "Id", "LoadState", "ActiveState", "UnitFileState", "KillMode", "ActiveEnterTimestampMonotonic", "EnvironmentFiles",
)  # fmt: skip


class Unit(NamedTuple):
    """A unit of systemd. since is when it became active, in seconds since 1970, 0 where it is not."""

    exists: bool = False
    active: bool = False
    enabled: bool = False
    since: float = 0.0
    kill_mode: str = ""
    environment_file: str = ""


def parse_units(text, clock=time):
    """Return by name the Units of C(systemctl show): blocks of NAME=VALUE with empty lines between."""
    texts = re.split(r"\n\s*\n", text.strip())
    blocks = [dict(line.split("=", 1) for line in text.splitlines()) for text in texts]
    return {block["Id"].rpartition(".")[0]: _unit(block, clock) for block in blocks}


def _unit(block, clock):
    active = block.get("ActiveState") == "active"
    age = clock.monotonic() - int(block.get("ActiveEnterTimestampMonotonic") or 0) / 1e6
    # systemd before 230 prints the name without the s that it wants to be asked with.
    environment = block.get("EnvironmentFiles") or block.get("EnvironmentFile") or ""
    return Unit(
        exists=block.get("LoadState") == "loaded",
        active=active,
        enabled=block.get("UnitFileState") == "enabled",
        # Not systemd's own date, which is wrong where the clock was set since.
        since=clock.time() - age if active else 0.0,
        kill_mode=block.get("KillMode", ""),
        environment_file=environment.split(" (")[0],
    )


class DaemonHost(object):
    """Reads and changes what glusterd is started from."""

    def __init__(self, runner, timeout, files=None):
        self._runner = runner
        self._timeout = timeout
        self.files = files or TextFiles()

    def units(self):
        """Return the Units of GlusterFS by name."""
        names = [word for name in _PROPERTIES for word in ("-p", name)]
        argv = ["systemctl", "show"] + names + ["%s.service" % name for name in UNITS]
        return parse_units(self.run(argv, "reading the units").stdout)

    def changed(self, path):
        """Return when a file was changed, in seconds since 1970, 0 where there is none."""
        return os.stat(path).st_mtime if path and os.path.exists(path) else 0.0

    def run(self, argv, doing):
        """Run a command; raises CommandError if it fails."""
        return require_success(argv, self._runner.run(list(argv), self._timeout), doing)

    def restart(self, kill_mode):
        """Restart glusterd and leave its bricks running.

        Debian's unit has KillMode=control-group, with which systemd ends the bricks, too. It is right at shutdown, so
        it is another one only while this lasts, and until the next boot at most if this is cut off.
        """
        if kill_mode == "process":
            self._restart()
            return
        self.files.replace(_DROP_IN, "[Service]\nKillMode=process\n")
        try:
            self._reload()
            self._restart()
        finally:
            self.files.remove(_DROP_IN)
            self._reload()

    def _restart(self):
        self.run(["systemctl", "restart", GLUSTERD], "restarting glusterd")

    def _reload(self):
        self.run(["systemctl", "daemon-reload"], "having systemd read its files")
