# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything about the pool in one read, for gluster_info and for planning on the controller. PRIVATE."""

import os
import re
import time
from typing import Any, Callable, Dict, Iterable, List, Mapping, NamedTuple, Optional, Sequence, Tuple, TypeVar

from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.settings import (
    VOLFILE,
    assignment,
    management_port,
    working_directory,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import BrickworkError
from ansible_collections.brickwork.gluster.plugins.module_utils.facts import to_facts
from ansible_collections.brickwork.gluster.plugins.module_utils.files import TextFiles
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster import answers
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.locks import lock_holder
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.option_groups import Groups, read_groups
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import (
    BrickStatus,
    Pool,
    SelfHealDaemon,
    Task,
    Volume,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.tls.files import SECURE_ACCESS
from ansible_collections.brickwork.gluster.plugins.module_utils.waiting import Clock

PARTS = ("pool", "volumes", "options", "bricks", "tasks", "heal")
#: ... and what is read only where it is asked for.
FURTHER_PARTS = ("clients",)
#: Seconds for what one volume has to heal: it goes through all entries, and may take longer than anybody waits.
_HEAL_TIMEOUT = 60
#: ... and for the cheap count of it.
_CHEAP_TIMEOUT = 10
#: Seconds within which glusterd has started a self-heal daemon anew.
_DAEMON_STARTS = 10
#: As many names of files in split-brain are shown of a volume.
_NAMES_SHOWN = 20


def local_facts(files: Optional[TextFiles] = None) -> Dict[str, Any]:
    """Return what this node tells even while its glusterd is stopped: volumes, op-version, open port, encryption."""
    files = files or TextFiles()
    volfile = files.read(VOLFILE)
    folder = working_directory(volfile)
    tables = files.read("/proc/net/tcp") + files.read("/proc/net/tcp6")
    identity = _identity(files, folder)
    return {
        "uuid": assignment(identity, "UUID") or "",
        "stored_volumes": files.entries(os.path.join(folder, "vols")),
        "op_version": int(assignment(identity, "operating-version") or 0),
        "listening": is_listening(tables, management_port(volfile)),
        "encrypted": files.exists(SECURE_ACCESS),
        "memory": memory_of(files.read("/proc/meminfo")),
    }


def own_uuid(files: Optional[TextFiles] = None) -> str:
    """Return the uuid by which the pool knows this node, "" before glusterd's first start."""
    files = files or TextFiles()
    return assignment(_identity(files, working_directory(files.read(VOLFILE))), "UUID") or ""


def _identity(files: TextFiles, folder: str) -> str:
    return files.read(os.path.join(folder, "glusterd.info"))


def memory_of(text: str) -> int:
    """Return the bytes of memory that /proc/meminfo tells, 0 where it does not."""
    found = re.search(r"^MemTotal: +(\d+) kB$", text, re.MULTILINE)
    return int(found.group(1)) * 1024 if found else 0


def is_listening(tables: str, port: int) -> bool:
    """Whether something listens on a TCP port, as /proc/net/tcp and tcp6 tell (state 0A, ports in hexadecimal)."""
    rows = [line.split() for line in tables.splitlines()]
    return any(row[3] == "0A" and row[1].endswith(":%04X" % port) for row in rows if len(row) > 3)


def observe_gluster(
    gluster: Gluster,
    parts: Sequence[str] = PARTS,
    local: Callable[[], Dict[str, Any]] = local_facts,
    groups: Callable[[], Groups] = read_groups,
    partial: bool = False,
    holder: Callable[[], str] = lock_holder,
    why: Callable[[], str] = str,
    later: float = 0,
    clock: Clock = time,
) -> Dict[str, Any]:
    """Return what the asked parts say. A node without GlusterFS, or with a stopped glusterd, is an answer, too.

    partial: what can't be read ends nothing; it stands in unread, with the reason. why tells why glusterd is down.
    later: seconds after which heals are counted once more, 0 for never.
    """
    version = gluster.version()
    facts = dict(local(), installed=version is not None, version=version, running=False, stopped_because="")
    facts.update({part: _EMPTY[part] for part in parts if part in _EMPTY})
    if "volumes" in parts:
        facts["option_groups"] = groups()
    if version is None:
        return facts
    try:
        facts["pool"] = to_facts(gluster.pool())
    except answers.DaemonDown:
        return dict(facts, stopped_because=why())
    facts["running"] = True
    if set(parts) - {"pool"}:
        facts.update(_VolumeParts(gluster, partial, holder, Later(later, clock)).read(parts))
    return facts


#: What each part is while nobody could be asked.
_EMPTY: Dict[str, Any] = {
    "pool": to_facts(Pool(())),
    "volumes": [],
    "options": {},
    "bricks": [],
    "tasks": [],
    "heal": [],
    "clients": {},
}


Told = TypeVar("Told")


class Later(NamedTuple):
    """After how many seconds heals are counted once more, and by which clock."""

    seconds: float
    clock: Clock


class _VolumeParts:
    """What is to be said of volumes, part by part. With partial, a part that fails is named and the others are read."""

    def __init__(self, gluster: Gluster, partial: bool, holder: Callable[[], str], later: Later) -> None:
        self._gluster = gluster
        self._partial = partial
        self._holder = holder
        self._later = later
        self._counted: Dict[str, float] = {}
        self._unread: List[Dict[str, str]] = []
        self._is_busy = False

    def read(self, parts: Sequence[str]) -> Dict[str, Any]:
        """Return the facts; volumes always, since the others are about them."""
        volumes = self._gluster.volumes()
        started = [volume.name for volume in volumes if volume.is_started]
        facts: Dict[str, Any] = {"volumes": [_volume_facts(volume) for volume in volumes]}
        if "options" in parts:
            facts["options"] = {volume.name: self._gluster.options(volume.name) for volume in volumes}
        if "bricks" in parts:
            facts["bricks"] = self._locked("bricks", lambda: self._bricks(volumes, started))
        if "tasks" in parts:
            facts.update(self._tasks(started))
        if "clients" in parts:
            facts["clients"] = dict(self._locked("clients", lambda: list(self._clients(started).items())))
        if "heal" in parts:
            heals = [self._heal(volume.name) for volume in volumes if _heals(volume)]
            facts["heal"] = [count for counts in heals for count in counts]
            facts["split_brain"] = self._split_brains(facts["heal"])
            facts.update({"heal_later": self._heals_later(facts["heal"])} if self._later.seconds else {})
        return dict(facts, unread=self._unread)

    def _bricks(self, volumes: Sequence[Volume], started: Sequence[str]) -> List[Dict[str, Any]]:
        return brick_facts(volumes, self._gluster.brick_status(started))

    def _tasks(self, started: Sequence[str]) -> Dict[str, Any]:
        """Return what is under way, and of the same answer the self-heal daemons that do not run."""
        tasks, daemons = self._tasks_and_daemons(started)
        down = self._still_down([one for one in daemons if not one.online], started)
        return {
            "tasks": to_facts(tasks),
            "self_heal_daemons_down": [{"volume": one.volume, "host_uuid": one.host_uuid} for one in down],
        }

    def _still_down(self, daemons: Sequence[SelfHealDaemon], started: Sequence[str]) -> List[SelfHealDaemon]:
        """Return which of these daemons don't run some seconds later either: glusterd may be starting them."""
        if not daemons:
            return []
        self._later.clock.sleep(_DAEMON_STARTS)
        _tasks, now = self._tasks_and_daemons(started)
        return [one for one in daemons if one in now]

    def _tasks_and_daemons(self, started: Sequence[str]) -> Tuple[List[Task], List[SelfHealDaemon]]:
        told = self._locked("tasks", lambda: [self._gluster.tasks_and_daemons(started)])
        return told[0] if told else ([], [])

    def _clients(self, started: Sequence[str]) -> Dict[str, List[str]]:
        """Return by volume the addresses from which something is connected to any of its bricks."""
        found = self._gluster.clients(started) if started else {}
        return {
            volume: sorted({address for addresses in bricks.values() for address in addresses})
            for volume, bricks in found.items()
        }

    def _locked(self, part: str, ask: Callable[[], List[Told]]) -> List[Told]:
        """Return what needs the pool's lock. Where that stays held, nobody waits for it a second time."""
        if self._is_busy:
            return []
        try:
            return ask()
        except answers.GlusterError as error:
            self._is_busy = isinstance(error, answers.Busy)
            return self._failed(part, "", error, [])

    def _failed(self, part: str, volume: str, error: BrickworkError, default: List[Told]) -> List[Told]:
        if not self._partial:
            raise error
        reason = str(error)
        if isinstance(error, answers.Busy):
            reason += " (held by the member with the uuid %s)" % self._holder() if self._holder() else ""
        self._unread.append({"part": part, "volume": volume, "reason": reason})
        return default

    def _heal(self, name: str) -> List[Dict[str, Any]]:
        """Return what waits for healing in a volume, a brick each.

        The full answer goes through all entries and may not come in time while much waits. Then the cheap count stands
        in for it, where the kind of volume has one; it knows neither split-brain nor bricks that are away.
        """
        try:
            counts = self._gluster.heal_counts(name, _HEAL_TIMEOUT if self._partial else None)
        except answers.UNREADABLE as error:
            cheap = self._gluster.cheap_heal_counts(name, _CHEAP_TIMEOUT) if self._partial else []
            counts = self._failed("heal", name, error, cheap)
        self._counted[name] = self._later.clock.monotonic()
        return [dict(to_facts(count), volume=name) for count in counts]

    def _heals_later(self, counts: Sequence[Dict[str, Any]]) -> List[Dict[str, Any]]:
        """Return of volumes in which anything waits what is left a while after it was counted, a brick each."""
        waiting = sorted({count["volume"] for count in counts if count["pending"]})
        if waiting:
            self._later.clock.sleep(self._later.seconds)
        return [count for name in waiting for count in self._heal_later(name)]

    def _heal_later(self, name: str) -> List[Dict[str, Any]]:
        """Count in the way of the first count, with whose numbers these are compared. That stands where this fails."""
        is_cheap = any(one["part"] == "heal" and one["volume"] == name for one in self._unread)
        count = self._gluster.cheap_heal_counts if is_cheap else self._gluster.heal_counts
        try:
            counts = count(name, _CHEAP_TIMEOUT if is_cheap else _HEAL_TIMEOUT)
        except answers.UNREADABLE:
            return []
        seconds = round(self._later.clock.monotonic() - self._counted[name], 1)
        return [{"volume": name, "brick": one.brick, "pending": one.pending, "seconds": seconds} for one in counts]

    def _split_brains(self, counts: Sequence[Dict[str, Any]]) -> Dict[str, List[str]]:
        """Return by volume the first names of what is in split-brain."""
        names = sorted({count["volume"] for count in counts if count["split_brain"]})
        return {name: self._split_brain(name) for name in names}

    def _split_brain(self, name: str) -> List[str]:
        try:
            return self._gluster.split_brain(name, _HEAL_TIMEOUT)[:_NAMES_SHOWN]
        except answers.UNREADABLE as error:
            return self._failed("split_brain", name, error, [])


def _volume_facts(volume: Volume) -> Dict[str, Any]:
    return dict(to_facts(volume), sets=volume.sets, started=volume.is_started)


def brick_facts(volumes: Iterable[Volume], status: Mapping[str, Sequence[BrickStatus]]) -> List[Dict[str, Any]]:
    """Return all bricks of all volumes with their state. Those of a dead peer, which status leaves out, are offline."""
    facts = []
    for volume in volumes:
        known = {(brick.host, brick.path): brick for brick in status.get(volume.name, ())}
        for brick in volume.bricks:
            found = known.get((brick.host, brick.path), BrickStatus(brick.host, brick.path, False, None, None))
            facts.append(
                dict(to_facts(found), volume=volume.name, volume_started=volume.is_started, arbiter=brick.arbiter)
            )
    return facts


def _heals(volume: Volume) -> bool:
    return volume.is_started and volume.set_width > 1
