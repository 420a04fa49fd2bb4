# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""glusterd's state is saved, and put back onto a node that lost it. PRIVATE to the collection.

On a node that is the member again that it was, only what no other member has is put back.
"""

import os
import time
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.host import GLUSTERD, DaemonHost, Unit
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.settings import (
    VOLFILE,
    assignment,
    working_directory,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.state_archive import (
    INFO,
    Archive,
    StateFile,
    digest_of,
    read_files,
    without_keys,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import (
    BrickworkError,
    PlanError,
    UnsafeChangeError,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import Operation, Plan, Step
from ansible_collections.brickwork.gluster.plugins.module_utils.versions import numbers
from ansible_collections.brickwork.gluster.plugins.module_utils.waiting import Clock, wait_until_nothing

#: Says while files are put back that what is there is ours, and of whom.
_MARK = "brickwork-restoring"
#: What glusterd gets from no other member: what an administrator put there, and geo-replication's keys and sessions.
OF_THIS_NODE_ONLY = ("hooks/", "geo-replication/")
#: As often a directory is read that changes meanwhile, with so many seconds in between.
_READS, _PAUSE = 10, 1


class SavedState(NamedTuple):
    """The files of a node, what is told of them, and the private keys that were left out."""

    manifest: Dict[str, Any]
    files: List[StateFile]
    left_out: List[str]


def save_state(
    host: DaemonHost,
    with_keys: bool,
    read: Callable[[str], List[StateFile]] = read_files,
    clock: Clock = time,
) -> SavedState:
    """Return the node's state as it is at one moment; raises PlanError for a node that has none."""
    folder = working_directory(host.files.read(VOLFILE))
    files = _quiet(folder, read, clock)
    texts = {file.path: file.content.decode("utf-8", "replace") for file in files if file.path == INFO}
    uuid = assignment(texts.get(INFO, ""), "UUID")
    if not uuid:
        raise PlanError(
            "%s: found no uuid in %s there, so that there is no state to save; run site first, which makes this node a "
            "member" % (folder, INFO)
        )
    kept, keys = (files, []) if with_keys else without_keys(files)
    manifest = {
        "uuid": uuid,
        "op_version": int(assignment(texts[INFO], "operating-version") or 0),
        "peers": _names(files, "peers"),
        "volumes": _names(files, "vols"),
        "digest": digest_of(kept),
    }
    return SavedState(manifest, kept, keys)


def _quiet(folder: str, read: Callable[[str], List[StateFile]], clock: Clock) -> List[StateFile]:
    """Return the files when two reads found the same: a change of a volume writes several of them."""
    before = _try(folder, read)
    for _number in range(_READS):
        after = _try(folder, read)
        if before is not None and before == after:
            return before
        before = after
        clock.sleep(_PAUSE)
    raise PlanError("%s: found it different at each of %s reads; run again when no command runs" % (folder, _READS))


def _try(folder: str, read: Callable[[str], List[StateFile]]) -> Optional[List[StateFile]]:
    """A file that goes away while it is read is a change like any other."""
    try:
        return read(folder)
    except FileNotFoundError:
        return None


def _names(files: Sequence[StateFile], folder: str) -> List[str]:
    """Return the names of what is directly in a folder."""
    found = [file.path.split("/") for file in files]
    return sorted({parts[1] for parts in found if len(parts) > 1 and parts[0] == folder})


class ObservedState(NamedTuple):
    """What a node has of its own: glusterd's directory, uuid, peers and volumes, and which archive is half put back.

    present are the paths of OF_THIS_NODE_ONLY that are there, version is that of GlusterFS, "" for none.
    """

    folder: str
    uuid: str
    peers: Tuple[str, ...]
    volumes: Tuple[str, ...]
    restoring: str
    present: Tuple[str, ...]
    glusterd: Unit
    version: str = ""


def plan_restore(archive: Archive, observed: ObservedState) -> Plan:
    """Return the Plan; raises PlanError without glusterd, UnsafeChangeError for a node that has a state of its own."""
    uuid = archive.manifest["uuid"]
    if not observed.glusterd.exists:
        raise PlanError("archive: found no unit glusterd on this node; install glusterfs-server first")
    before = {"uuid": observed.uuid, "files": list(observed.present)}
    saved = str(archive.manifest.get("version") or "")
    if numbers(observed.version)[:1] < numbers(saved)[:1]:
        raise PlanError(
            "archive: found GlusterFS %s on this node, and the state is one of GlusterFS %s, which an older one can't "
            "read; install that version, or a newer one" % (observed.version, saved)
        )
    if observed.restoring and observed.restoring != uuid:
        raise UnsafeChangeError(
            "archive: found this node half restored as the member %s, and the archive is of %s; restore the archive "
            "that was begun" % (observed.restoring, uuid)
        )
    if observed.uuid == uuid:
        # Who it is was restored last: where that is there, all was, and may be newer than the archive since.
        steps = _additions(archive, observed) + _ending(observed) + _starting(observed, False)
    else:
        _refuse_own_state(uuid, observed)
        steps = _restoring(archive, observed) + _starting(observed, True)
    return Plan(steps, before, {"uuid": uuid, "files": sorted(set(before["files"]) | set(_own_paths(archive)))})


def _own_paths(archive: Archive) -> List[str]:
    return [file.path for file in archive.files if file.path.startswith(OF_THIS_NODE_ONLY)]


def _additions(archive: Archive, observed: ObservedState) -> List[Step]:
    """Return the steps for files that no other member has. One that is there stays as it is."""
    missing = [path for path in _own_paths(archive) if path not in observed.present]
    return [Step("restore_file", os.path.join(observed.folder, path)) for path in missing]


def _refuse_own_state(uuid: str, observed: ObservedState) -> None:
    if observed.restoring or not (observed.peers or observed.volumes):
        return
    raise UnsafeChangeError(
        "archive: found this node as the member %s of a pool, with %s peers and %s volumes, and the archive is of the "
        "member %s; nothing is overwritten: look which machine lost its state"
        % (observed.uuid or "without a uuid", len(observed.peers), len(observed.volumes), uuid)
    )


def _restoring(archive: Archive, observed: ObservedState) -> List[Step]:
    """glusterd reads its files when it starts. Who it is comes last, so that a half restored node is nobody."""
    stop = [Step("stop", GLUSTERD, ("systemctl", "stop", GLUSTERD))] if observed.glusterd.active else []
    mark = os.path.join(observed.folder, _MARK)
    return [
        *stop,
        Step("begin_restore", mark, text=archive.manifest["uuid"] + "\n"),
        Step("restore_files", observed.folder, text="%s files" % (len(archive.files) - 1)),
        Step("restore_identity", os.path.join(observed.folder, INFO)),
        Step("end_restore", mark),
    ]


def _ending(observed: ObservedState) -> List[Step]:
    return [Step("end_restore", os.path.join(observed.folder, _MARK))] if observed.restoring else []


def _starting(observed: ObservedState, restored: bool) -> List[Step]:
    due = restored or not observed.glusterd.active
    return [Step("start", GLUSTERD, ("systemctl", "start", GLUSTERD))] if due else []


class RestoreOperation(Operation[ObservedState]):
    """Puts a saved state back onto this node."""

    def __init__(
        self,
        host: DaemonHost,
        archive: Archive,
        gluster: Gluster,
        timeout: int = 120,
        clock: Clock = time,
    ) -> None:
        self._host = host
        self._archive = archive
        self._contents = {file.path: file for file in archive.files}
        self._gluster = gluster
        self._timeout = timeout
        self._clock = clock
        self._folder = ""

    def observe(self) -> ObservedState:
        """Read glusterd's files and its unit; asks glusterd nothing."""
        files = self._host.files
        folder = self._folder = working_directory(files.read(VOLFILE))
        return ObservedState(
            folder,
            assignment(files.read(os.path.join(folder, INFO)), "UUID") or "",
            tuple(files.entries(os.path.join(folder, "peers"))),
            tuple(files.entries(os.path.join(folder, "vols"))),
            files.read(os.path.join(folder, _MARK)).strip(),
            tuple(path for path in _own_paths(self._archive) if files.exists(os.path.join(folder, path))),
            self._host.units().get(GLUSTERD, Unit()),
            self._gluster.version() or "",
        )

    def plan(self, observed: ObservedState) -> Plan:
        """Return the Plan; see plan_restore."""
        return plan_restore(self._archive, observed)

    def findings(self, observed: ObservedState) -> Dict[str, Any]:
        """Return the node's uuid."""
        return {"uuid": observed.uuid}

    def perform(self, step: Step) -> None:
        """Take one step."""
        files = self._host.files
        if step.argv:
            self._host.commands.run(step.argv, "running systemctl")
        elif step.kind == "begin_restore":
            files.replace(step.target, step.text, 0o600)
        elif step.kind == "end_restore":
            files.remove(step.target)
        elif step.kind == "restore_files":
            for file in self._archive.files:
                if file.path != INFO:
                    self._put(file)
        else:
            self._put(self._contents[os.path.relpath(step.target, self._folder)])

    def _put(self, file: StateFile) -> None:
        def write(temporary: str) -> None:
            with open(temporary, "wb") as stream:
                stream.write(file.content)

        self._host.files.make(os.path.join(self._folder, file.path), write, file.mode)

    def settle(self, plan: Plan) -> None:
        """Wait until glusterd answers. Its peers may be still to come."""
        if any(step.kind == "start" for step in plan.steps):
            wait_until_nothing(self._silence, self._timeout, self._clock, _no_answer)

    def _silence(self) -> str:
        try:
            self._gluster.pool()
        except BrickworkError as error:
            return str(error)
        return ""


def _no_answer(why: str) -> str:
    return (
        "glusterd was started with the restored files and does not answer: %s; see /var/log/glusterfs/glusterd.log"
        % why
    )
