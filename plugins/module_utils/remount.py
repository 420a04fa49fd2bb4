# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mounts that an older program serves than the one that is installed, and how they get the new one. PRIVATE.

A mount goes on with the program that it was begun with, until it is unmounted. Where all volumes are stopped for an
upgrade, all mounts are taken away before, and come back after it.
"""

import os
import posixpath
from typing import Any, Dict, List, NamedTuple, Optional, Sequence

from ansible_collections.brickwork.gluster.plugins.module_utils.command import Commands, Runner
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import (
    BrickworkError,
    CommandError,
    PlanError,
    all_at_once,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.files import TextFiles
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm import fstab
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import Operation, Plan, Step

_KIND = "fuse.glusterfs"
_KIND_AT_BOOT = "glusterfs"
#: A line of fstab with one of these is not mounted at boot, or not before somebody looks there.
_NOT_AT_BOOT = {"noauto", "x-systemd.automount"}
_PROGRAMS = ("glusterfs", "glusterfsd")
#: What the kernel adds to the name of a program that was replaced since it was started.
_REPLACED = " (deleted)"
#: What everybody gets at a mount whose process has ended, and nobody elsewhere.
_NOT_CONNECTED = "Transport endpoint is not connected"
#: As many of the processes that use a mount are named.
_SHOWN = 5


class OldMount(NamedTuple):
    """A mount that an older program serves. kept is why it stays, "" where it can be mounted anew."""

    path: str
    kept: str = ""


class ProcFiles(TextFiles):
    """What the kernel tells of processes and mounts."""

    def link(self, path: str) -> str:
        """Return what a link says, "" where there is none. Nothing is touched there: it may be a dead mount."""
        try:
            return os.readlink(path)
        except OSError:
            return ""

    def entries(self, folder: str) -> List[str]:
        """Return the names in a folder, none where there is no folder, as of a process that has ended."""
        try:
            return super(ProcFiles, self).entries(folder)
        except (FileNotFoundError, ProcessLookupError):
            return []


def old_paths(files: ProcFiles) -> List[str]:
    """Return where volumes are mounted by a program that was replaced since."""
    served = {_mount_point(files, pid) for pid in _pids(files) if _is_replaced(files, pid)}
    return sorted({entry.target for entry in _mounted(files)} & served)


def dead_paths(files: ProcFiles, commands: Commands) -> List[str]:
    """Return where volumes of /etc/fstab are mounted by a process that has ended, as one does that crashed.

    A mount that a process serves is not touched: it may wait for its servers, and so would we, beyond any time limit.
    """
    at_boot = {entry.target for entry in fstab.entries(files.read("/etc/fstab")) if entry.kind == _KIND_AT_BOOT}
    mounted = {entry.target for entry in _mounted(files)} & at_boot
    if not mounted:
        return []
    words = [word for pid in _pids(files) if _is_client(files, pid) for word in _words(files, pid)]
    served = {posixpath.normpath(word) for word in words if word.startswith("/")}
    return [path for path in sorted(mounted - served) if _NOT_CONNECTED in commands.answer(["stat", path]).stderr]


def _is_client(files: ProcFiles, pid: str) -> bool:
    program = files.link("/proc/%s/exe" % pid)
    return posixpath.basename(program.replace(_REPLACED, "")) in _PROGRAMS


def _mounted(files: ProcFiles) -> List[fstab.Entry]:
    return [entry for entry in fstab.entries(files.read("/proc/mounts")) if entry.kind == _KIND]


def missing_paths(files: ProcFiles) -> List[str]:
    """Return where fstab would have a volume mounted, and none is, as after a cut between unmounting and mounting."""
    mounted = {entry.target for entry in _mounted(files)}
    lines = [entry for entry in fstab.entries(files.read("/etc/fstab")) if entry.kind == _KIND_AT_BOOT]
    return sorted({entry.target for entry in lines if not _NOT_AT_BOOT & set(entry.options)} - mounted)


def _pids(files: ProcFiles) -> List[str]:
    return [name for name in files.entries("/proc") if name.isdigit()]


def _is_replaced(files: ProcFiles, pid: str) -> bool:
    return files.link("/proc/%s/exe" % pid).endswith(_REPLACED) and _is_client(files, pid)


def _mount_point(files: ProcFiles, pid: str) -> str:
    """The mount point is the last word of the command."""
    words = _words(files, pid)
    return words[-1] if words else ""


def _words(files: ProcFiles, pid: str) -> List[str]:
    return [word for word in files.read("/proc/%s/cmdline" % pid).split("\0") if word]


def old_mounts(files: ProcFiles) -> List[OldMount]:
    """Return the OldMounts, each with what keeps it from being mounted anew."""
    return _judged(files, old_paths(files))


def all_mounts(files: ProcFiles, volumes: Sequence[str] = ()) -> List[OldMount]:
    """Return the mounts of the volumes, each with what keeps it from being unmounted now and mounted later.

    Without names, of all volumes. By the source alone, nobody can tell a volume of the same name in another pool.
    """
    missed = "its line in /etc/fstab has noauto, so that nobody would mount it again"
    return [
        each if each.kept or not _is_noauto(files, each.path) else OldMount(each.path, missed)
        for each in _judged(files, sorted({entry.target for entry in _mounted(files) if _is_of(entry, volumes)}))
    ]


def _is_of(entry: fstab.Entry, volumes: Sequence[str]) -> bool:
    """Whether a volume of these is mounted, or what names no volume: that may be any."""
    return not volumes or ":" not in entry.source or _volume(entry).partition("/")[0] in volumes


def _is_noauto(files: ProcFiles, path: str) -> bool:
    return any("noauto" in entry.options for entry in fstab.find_targets(files.read("/etc/fstab"), path))


def _judged(files: ProcFiles, paths: List[str]) -> List[OldMount]:
    if not paths:
        return []
    at_boot, mounts = files.read("/etc/fstab"), files.read("/proc/mounts")
    used = _users(files, paths)
    return [OldMount(path, _reason(path, at_boot, mounts, used[path])) for path in paths]


def _reason(path: str, at_boot: str, mounts: str, users: Sequence[str]) -> str:
    live, lines = fstab.find_targets(mounts, path), fstab.find_targets(at_boot, path)
    if live[-1].kind != _KIND or [entry.kind for entry in live].count(_KIND) > 1:
        return "several file systems are mounted there, one on the other"
    if not lines:
        return "it was mounted by hand, and is in no line of /etc/fstab"
    if lines[0].kind != _KIND_AT_BOOT or _volume(lines[0]) != _volume(live[-1]):
        return "/etc/fstab has %s there, and %s is mounted" % (lines[0].source, live[-1].source)
    inside = [entry.target for entry in fstab.entries(mounts) if entry.target.startswith(path + "/")]
    if inside:
        return "%s is mounted in it" % ", ".join(inside)
    return "in use by %s" % ", ".join(users[:_SHOWN]) if users else ""


def _volume(entry: fstab.Entry) -> str:
    """The volume and the folder in it, without the servers."""
    return entry.source.rpartition(":")[2].strip("/")


def _users(files: ProcFiles, paths: List[str]) -> Dict[str, List[str]]:
    """Return by path the processes that have something open there, or work there."""
    found: Dict[str, List[str]] = {path: [] for path in paths}
    for pid in _pids(files):
        touched = _touched(files, pid)
        for path in paths:
            if any(each == path or each.startswith(path + "/") for each in touched):
                found[path].append("%s (%s)" % (files.read("/proc/%s/comm" % pid).strip(), pid))
    return found


def _touched(files: ProcFiles, pid: str) -> List[str]:
    folder = "/proc/%s" % pid
    links = ["cwd", "root", "exe"] + ["fd/" + name for name in files.entries(folder + "/fd")]
    mapped = [line.partition("/")[2] for line in files.read(folder + "/maps").splitlines() if "/" in line]
    return [files.link(posixpath.join(folder, link)) for link in links] + ["/" + path for path in mapped]


class RemountOperation(Operation[List[OldMount]]):
    """Has volumes mounted anew by the program that is installed, where nothing uses them."""

    def __init__(self, runner: Runner, limit: int, files: Optional[ProcFiles] = None) -> None:
        self._commands = Commands(runner, limit)
        self._files = files or ProcFiles()
        #: What turned out to be in use when it was to be unmounted.
        self._busy: Dict[str, str] = {}

    def observe(self) -> List[OldMount]:
        """Read which mounts are old, and what uses them. What is not mounted at all is a failure, now and later."""
        missing = missing_paths(self._files)
        if missing:
            raise BrickworkError(
                "mounts: %s of /etc/fstab found not mounted; see that nothing was written there meanwhile, and mount "
                "it, or give its line the option noauto" % ", ".join(missing)
            )
        return [each._replace(kept=self._busy.get(each.path, each.kept)) for each in old_mounts(self._files)]

    def plan(self, observed: List[OldMount]) -> Plan:
        """Return a step for each mount that nothing uses."""
        free = [each.path for each in observed if not each.kept]
        steps = [Step("remount", path, ("umount", path)) for path in free]
        before = {each.path: "older program" for each in observed}
        return Plan(steps, before, dict(before, **dict.fromkeys(free, "installed program")))

    def findings(self, observed: List[OldMount]) -> Dict[str, Any]:
        """Return the mounts that stay with the older program, and why."""
        return {"kept": [{"path": each.path, "reason": each.kept} for each in observed if each.kept]}

    def perform(self, step: Step) -> None:
        """Unmount, which the kernel refuses where something uses it, and mount by the line of fstab."""
        answer = self._commands.answer(step.argv)
        if answer.rc != 0 and "busy" in answer.stderr:
            self._busy[step.target] = "in use by the kernel or another namespace (umount says that it is busy)"
            return
        if answer.rc != 0:
            raise CommandError("unmounting: " + answer.stderr.strip(), step.argv, *answer)
        self._commands.run(["mount", step.target], "mounting again")

    def settle(self, plan: Plan) -> None:
        """The kernel knows a mount when the command has ended; observing again tells of one that is not there."""


class UnmountOperation(Operation[List[OldMount]]):
    """Takes all mounts of the volumes away, or none of them where something uses one. Without names, of all volumes."""

    def __init__(
        self, runner: Runner, limit: int, files: Optional[ProcFiles] = None, volumes: Sequence[str] = ()
    ) -> None:
        self._commands = Commands(runner, limit)
        self._files = files or ProcFiles()
        self._volumes = volumes

    def observe(self) -> List[OldMount]:
        """Read what is mounted, and what uses it."""
        return all_mounts(self._files, self._volumes)

    def plan(self, observed: List[OldMount]) -> Plan:
        """Return a step for each mount; raises PlanError that names all that can't be unmounted."""
        kept = ["%s: %s" % (each.path, each.kept) for each in observed if each.kept]
        if kept:
            raise PlanError(
                "mounts: found no way to unmount the volumes here; stop what uses them, or unmount them by hand, "
                "and run again:\n%s" % all_at_once(kept)
            )
        steps = [Step("unmount", each.path, ("umount", each.path)) for each in reversed(observed)]
        before = {each.path: "mounted" for each in observed}
        return Plan(steps, before, dict.fromkeys(before, "not mounted"))

    def findings(self, observed: List[OldMount]) -> Dict[str, Any]:
        """Return nothing that stays: there is none, or planning has failed."""
        return {"kept": []}

    def perform(self, step: Step) -> None:
        """Unmount, which the kernel refuses where something uses it."""
        self._commands.run(list(step.argv), "unmounting")

    def settle(self, plan: Plan) -> None:
        """The kernel knows a mount no more when the command has ended."""


class MountOperation(Operation[List[str]]):
    """Mounts what /etc/fstab has mounted at boot and is not mounted."""

    def __init__(self, runner: Runner, limit: int, files: Optional[ProcFiles] = None) -> None:
        self._commands = Commands(runner, limit)
        self._files = files or ProcFiles()

    def observe(self) -> List[str]:
        """Read which mounts are missing."""
        return missing_paths(self._files)

    def plan(self, observed: List[str]) -> Plan:
        """Return a step for each mount that is missing; one in another comes after that."""
        steps = [Step("mount", path, ("mount", path)) for path in observed]
        return Plan(steps, dict.fromkeys(observed, "not mounted"), dict.fromkeys(observed, "mounted"))

    def findings(self, observed: List[str]) -> Dict[str, Any]:
        """Return nothing that stays."""
        return {"kept": []}

    def perform(self, step: Step) -> None:
        """Mount by the line of fstab, unless the service that repeats the mounts of the boot was faster."""
        answer = self._commands.answer(step.argv)
        if answer.rc != 0 and step.target in missing_paths(self._files):
            raise CommandError("mounting: " + answer.stderr.strip(), step.argv, *answer)

    def settle(self, plan: Plan) -> None:
        """Observing again tells of one that is not there."""
