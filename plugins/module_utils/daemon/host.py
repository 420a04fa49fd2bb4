# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""glusterd on this node: its units, its files, and how it is restarted without its bricks. PRIVATE."""

import os
import re
import signal
import time
from typing import Callable, Dict, Iterable, Mapping, NamedTuple, Optional

from ansible_collections.brickwork.gluster.plugins.module_utils.command import Commands, Runner
from ansible_collections.brickwork.gluster.plugins.module_utils.files import TextFiles
from ansible_collections.brickwork.gluster.plugins.module_utils.reading import parser
from ansible_collections.brickwork.gluster.plugins.module_utils.tls.files import certificate_folder
from ansible_collections.brickwork.gluster.plugins.module_utils.waiting import Clock

GLUSTERD = "glusterd"
#: Exists on EL, where its stop at shutdown ends the bricks in order.
GLUSTERFSD = "glusterfsd"
GLUSTEREVENTSD = "glustereventsd"
UNITS = (GLUSTERD, GLUSTERFSD, GLUSTEREVENTSD)
#: Where a unit's settings stand until the next boot.
_DROP_IN = "/run/systemd/system/glusterd.service.d/brickwork-restart.conf"
#: Which word after the program's name in /proc/PID/stat is the start time.
_START_TIME = 19
_PROPERTIES = (
    "Id", "LoadState", "ActiveState", "UnitFileState", "KillMode", "ActiveEnterTimestampMonotonic", "EnvironmentFiles",
    "NeedDaemonReload",
)  # fmt: skip


class Unit(NamedTuple):
    """A unit of systemd. since is when it became active, in seconds since 1970, 0 where it is not.

    stale is whether its files have changed since systemd read them.
    """

    exists: bool = False
    active: bool = False
    enabled: bool = False
    since: float = 0.0
    kill_mode: str = ""
    environment_file: str = ""
    stale: bool = False


@parser("systemctl show")
def parse_units(text: str, clock: Clock = time) -> Dict[str, Unit]:
    """Return by name the Units of C(systemctl show): blocks of NAME=VALUE with empty lines between."""
    texts = re.split(r"\n\s*\n", text.strip())
    blocks = [dict(line.split("=", 1) for line in text.splitlines()) for text in texts]
    return {block["Id"].rpartition(".")[0]: _unit(block, clock) for block in blocks}


def _unit(block: Mapping[str, str], clock: Clock) -> Unit:
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
        stale=block.get("NeedDaemonReload") == "yes",
    )


class DaemonHost:
    """Reads and changes what glusterd is started from."""

    def __init__(self, runner: Runner, timeout: int, files: Optional[TextFiles] = None) -> None:
        self.commands = Commands(runner, timeout)
        self.files = files or TextFiles()

    def units(self) -> Dict[str, Unit]:
        """Return the Units of GlusterFS by name."""
        names = [word for name in _PROPERTIES for word in ("-p", name)]
        argv = ["systemctl", "show"] + names + ["%s.service" % name for name in UNITS]
        return parse_units(self.commands.run(argv, "reading the units"))

    def changed(self, path: str) -> float:
        """Return when a file was changed, in seconds since 1970, 0 where there is none."""
        return os.stat(path).st_mtime if path and os.path.exists(path) else 0.0

    def certificate_folder(self) -> str:
        """Return where GlusterFS looks for certificates."""
        return certificate_folder()

    def started(self, pid: int) -> float:
        """Return when a process was started, in seconds since 1970, 0 where there is none; see proc(5)."""
        ticks = self.files.read("/proc/%s/stat" % pid).rpartition(")")[2].split()
        uptime = self.files.read("/proc/uptime").split()
        if not ticks or not uptime:
            return 0.0
        return time.time() - float(uptime[0]) + int(ticks[_START_TIME]) / os.sysconf("SC_CLK_TCK")

    def end(self, pids: Iterable[int]) -> None:
        """Ask processes to end; those that are gone are no error."""
        for pid in pids:
            try:
                os.kill(pid, signal.SIGTERM)
            except ProcessLookupError:
                pass

    def restart(self, kill_mode: str) -> None:
        """Restart glusterd and leave its bricks running.

        Debian's unit has KillMode=control-group, with which systemd ends the bricks, too. It is right at shutdown, so
        it is another one only while this lasts, and until the next boot at most if this is cut off.
        """
        self._without_bricks(kill_mode, self._restart)

    def stop(self, kill_mode: str) -> None:
        """Stop glusterd and leave its bricks running; see restart()."""
        self._without_bricks(kill_mode, self._stop)

    def _without_bricks(self, kill_mode: str, change: Callable[[], None]) -> None:
        if kill_mode == "process":
            change()
            return
        self.files.replace(_DROP_IN, "[Service]\nKillMode=process\n", 0o644)
        try:
            self._reload()
            change()
        finally:
            self.files.remove(_DROP_IN)
            self._reload()

    def _restart(self) -> None:
        self.commands.run(["systemctl", "restart", GLUSTERD], "restarting glusterd")

    def _stop(self) -> None:
        self.commands.run(["systemctl", "stop", GLUSTERD], "stopping glusterd")

    def _reload(self) -> None:
        self.commands.run(["systemctl", "daemon-reload"], "having systemd read its files")
