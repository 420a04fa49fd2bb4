# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The look: all that planning needs of one node, in one call. Its size grows with the node, not with the pool. PRIVATE.

The volumes of the pool are read in full on one node only; each node tells their names with a digest of what it knows.
"""

import hashlib
import json
import os
import platform
import sys
import time
from typing import Any, Callable, Dict, Iterable, List, Optional, Sequence, Tuple

from ansible_collections.brickwork.gluster.plugins.module_utils.command import Commands, Result, Runner
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.death import why_stopped
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.doubts import doubtful_volumes
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.host import DaemonHost
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.mark import maintenance_of
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.operation import DaemonOperation, desired_daemon
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.settings import (
    VOLFILE,
    assignment,
    working_directory,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import BrickworkError
from ansible_collections.brickwork.gluster.plugins.module_utils.facts import to_facts
from ansible_collections.brickwork.gluster.plugins.module_utils.files import TextFiles
from ansible_collections.brickwork.gluster.plugins.module_utils.firewall.host import FirewallHost
from ansible_collections.brickwork.gluster.plugins.module_utils.firewall.operation import FirewallOperation
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster import answers
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.info import local_facts, observe_gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Pool, Volume
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.desired import desired_device
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.host import BrickHost
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.info import observe_bricks
from ansible_collections.brickwork.gluster.plugins.module_utils.managed import look_at_managed
from ansible_collections.brickwork.gluster.plugins.module_utils.offers import (
    described,
    offer_of_folder,
    offer_of_packages,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.packages import (
    SEMANAGE,
    installed_packages,
    lacks_semanage,
    look_at_repository,
    missing_packages,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.remount import (
    ProcFiles,
    dead_paths,
    missing_paths,
    old_paths,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.rpm.info import folder_names, look_at_folder
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import Operation
from ansible_collections.brickwork.gluster.plugins.module_utils.tls.files import TlsFiles, certificate_folder
from ansible_collections.brickwork.gluster.plugins.module_utils.tls.openssl import OpenSsl, days_left
from ansible_collections.brickwork.gluster.plugins.module_utils.tls.operation import TlsOperation, desired_tls

#: Letters of a digest: two volumes that differ have the same one time in four thousand millions.
_DIGEST = 8
#: File systems of which the free room is told: what glusterd writes to.
_WRITTEN = ("/etc", "/var")
#: Changes at each boot, and at nothing else.
_BOOT = "/proc/sys/kernel/random/boot_id"


class RememberingRunner(Runner):
    """Runs each command until it answers: a look changes nothing, so that the same question has the same answer."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self._answers: Dict[Tuple[str, ...], Result] = {}

    def run(self, argv: Sequence[str], timeout: int) -> Result:
        """Return the Result of a command; see CommandRunner."""
        key = tuple(argv)
        if key in self._answers:
            return self._answers[key]
        result = self._runner.run(argv, timeout)
        # Who has it asked again waits for another answer.
        if not (key[0] == "gluster" and answers.is_passing(result)):
            self._answers[key] = result
        return result


class RememberingGluster(Gluster):
    """Reads the answer about all volumes once: with hundreds of them that takes longer than the question."""

    _all: Optional[List[Volume]] = None

    def volumes(self, name: Optional[str] = None, remote_host: Optional[str] = None) -> List[Volume]:
        """Return Volumes; see Gluster."""
        if name or remote_host:
            return super().volumes(name, remote_host)
        if self._all is None:
            self._all = super().volumes()
        return self._all


def look(runner: Runner, params: Dict[str, Any]) -> Dict[str, Any]:
    """Return what the module's parameters ask for of this node."""
    runner, limit = RememberingRunner(runner), params["command_timeout"]
    gluster = RememberingGluster(runner, limit)
    # Clients have no gluster.
    version = gluster.version() or mounting_version(Commands(runner, limit))
    seen: Dict[str, Any] = {"said": node_words(version, params["asked"])}
    if params["bricks"] is not None:
        host = BrickHost(runner, gluster, timeout=limit)
        devices = [desired_device(device) for device in params["bricks"]["devices"]]
        seen["gluster"] = with_certificate(look_at_gluster(gluster, runner), OpenSsl(runner, limit))
        seen["disks"] = without_pool(observe_bricks(host, devices, params["bricks"]["root"]))
        if params["bricks"]["pool"] and seen["gluster"]["running"]:
            seen.update(_pool_in_passing(gluster))
    if params["packages"] is not None or params["rpm_folder"] is not None:
        seen.update(look_at_software(runner, params))
    if params["daemon"] is not None:
        seen["daemon"] = _planned(
            DaemonOperation(
                DaemonHost(runner, limit), gluster, desired_daemon(params["daemon"]), installed_needed=False
            )
        )
    if params["firewall"] is not None:
        seen["firewall"] = _planned(FirewallOperation(FirewallHost(runner, limit), **params["firewall"]))
    if params["tls"] is not None:
        seen["certificate"] = look_at_certificate(
            TlsOperation(
                TlsFiles(),
                OpenSsl(runner, limit),
                DaemonHost(runner, limit),
                gluster,
                desired_tls(params["tls"]),
                installed_needed=False,
            )
        )
    if params["managed"] is not None:
        seen["managed"] = look_at_role(runner, limit, params["managed"])
    if params["upgrade"] is not None:
        seen["upgrade"] = look_for_upgrade(runner, params)
    seen["files"] = {path: TextFiles().read(path) for path in params["files"]}
    if "/proc/mounts" in seen["files"]:
        seen["dead_mounts"] = dead_paths(ProcFiles(), Commands(runner, limit))
    return seen


def look_at_software(runner: Runner, params: Dict[str, Any]) -> Dict[str, Any]:
    """Return which packages are missing (missing_packages), and what installing from the source would do (software)."""
    limit = params["command_timeout"]
    if params["rpm_folder"] is not None:
        found = look_at_folder(runner, params["rpm_folder"], limit)
        return {"missing_packages": found["missing"], "software": found["steps"]}
    installed = installed_packages(Commands(runner, limit), params["packages"])
    if params["repository"] is None:
        seen = {"missing_packages": missing_packages(installed, params["packages"]), "software": []}
    else:
        seen = look_at_repository(TextFiles(), installed, params["packages"], params["repository"])
    if params["bricks"] is not None and lacks_semanage(installed, TextFiles()):
        seen["missing_packages"] = [*(seen["missing_packages"] or []), SEMANAGE]
    return seen


def look_for_upgrade(runner: Runner, params: Dict[str, Any]) -> Dict[str, Any]:
    """Return the node's version, what there is for it (offered), what is to be said of its mounts, and its names."""
    commands, desired = Commands(runner, params["command_timeout"]), params["upgrade"]["version"]
    if not params["upgrade"]["offers"]:
        offer = None
    elif params["rpm_folder"] is not None:
        offer = offer_of_folder(commands, folder_names(params["rpm_folder"], params["command_timeout"]), desired)
    else:
        offer = offer_of_packages(commands, desired)
    return {
        "version": mounting_version(commands) or "",
        "offered": described(offer),
        "old_mounts": old_paths(ProcFiles()),
        "missing_mounts": missing_paths(ProcFiles()),
        "own_names": list(Gluster(runner, params["command_timeout"]).own_names()),
    }


def mounting_version(commands: Commands) -> Optional[str]:
    """Return the version of the program that mounts (C(10.3)), None where there is none. Clients have no other."""
    words = commands.answer(["glusterfs", "--version"]).stdout.split()
    return words[1] if words[:1] == ["glusterfs"] and len(words) > 1 else None


def look_at_role(runner: Runner, limit: int, params: Dict[str, Any]) -> Dict[str, Any]:
    """Return what is there of a role's own files, services and accounts, and what its packages and ports lack."""
    commands = Commands(runner, limit)
    seen = look_at_managed(commands, params)
    if params["packages"] is not None:
        seen["missing_packages"] = missing_packages(
            installed_packages(commands, params["packages"]), params["packages"]
        )
    if params["firewall"] is not None:
        seen["firewall"] = _planned(FirewallOperation(FirewallHost(runner, limit), **params["firewall"]))
    return seen


def _planned(operation: Operation[Any]) -> List[Dict[str, Any]]:
    return operation.plan(operation.observe()).describe()


def look_at_certificate(operation: TlsOperation) -> Dict[str, Any]:
    """Return why the machine needs another certificate (due), what is to be done, and why it can't be (refusal).

    Whether a refusal stands, the plan judges: where packages are missing, openssl may be one of them.
    """
    try:
        observed = operation.observe()
        plan = operation.plan(observed)
    except BrickworkError as error:
        return {"due": "", "steps": [], "encrypts": False, "refusal": str(error)}
    return {
        "due": operation.findings(observed).get("certificate_due", "there is none"),
        "steps": plan.describe(),
        "encrypts": bool(plan.before.get("encrypted")),
        "refusal": "",
    }


def node_words(gluster: Optional[str], asked: str) -> Dict[str, str]:
    """Return what the role's bootstrap.sh says of a node that has Python, in the same form, and which boot it is."""
    words = {
        "python": "%s %s" % (platform.python_version(), sys.executable),
        "gluster": gluster or "",
        "clock": "%s %d" % (asked, time.time()),
        "boot": TextFiles().read(_BOOT).strip(),
    }
    for path in _WRITTEN:
        if os.access(path, os.W_OK):
            state = os.statvfs(path)
            words["space:" + path] = "%d %d %d %d" % (
                state.f_bfree,
                state.f_blocks,
                state.f_frsize,
                os.stat(path).st_dev,
            )
    return words


def look_at_gluster(
    gluster: Gluster,
    runner: Runner,
    files: Optional[TextFiles] = None,
    local: Callable[[], Dict[str, Any]] = local_facts,
) -> Dict[str, Any]:
    """Return what this node knows of GlusterFS: itself, how many peers it sees, and the volumes by name and digest.

    Of the peers, only those that it does not count on are told (unwell), of the volumes' states only the names of those
    that glusterd has to be asked about (doubtful).
    """
    version = gluster.version()
    seen = dict(
        local(), installed=version is not None, version=version, running=False, stopped_because="", peers=0, unwell=[],
        doubtful=[],
    )  # fmt: skip
    names = seen.pop("stored_volumes")
    seen["maintenance"] = maintenance_of(files or TextFiles())
    seen.update(known_volumes=len(names), volumes=volume_digests(files or TextFiles(), names))
    if version is None:
        return seen
    try:
        pool = gluster.pool()
    except answers.DaemonDown:
        return dict(seen, stopped_because=why_stopped(runner))
    # One that was just installed has no file of its own yet, and a uuid as soon as somebody asks for its peers.
    unwell = to_facts([peer for peer in pool.peers if not peer.is_well])
    doubtful = _doubtful(gluster, files or TextFiles(), pool, names)
    return dict(seen, running=True, uuid=pool.local.uuid, peers=len(pool.peers), unwell=unwell, doubtful=doubtful)


def _pool_in_passing(gluster: Gluster) -> Dict[str, Any]:
    """Return the pool and its volumes (pool); nothing where glusterd did not list them: then it is asked once more."""
    try:
        return {"pool": observe_gluster(gluster, ("pool", "volumes"))}
    except answers.GlusterError:
        return {}


def _doubtful(gluster: Gluster, files: TextFiles, pool: Pool, names: List[str]) -> List[str]:
    """Return the volumes that glusterd has to be asked about: all of them, where it could not list them."""
    try:
        return doubtful_volumes(files, pool, gluster.volumes())
    except answers.GlusterError:
        return names


def packed(seen: Dict[str, Any]) -> Dict[str, Any]:
    """Return the answer with what is large as one text (details): Ansible copies nested data many times, and slowly."""
    if "disks" not in seen:
        return seen
    gluster = dict(seen["gluster"])
    details = {"disks": seen["disks"], "volumes": gluster.pop("volumes")}
    small = {key: value for key, value in seen.items() if key not in ("disks", "pool")}
    if "pool" in seen:
        small["pool_details"] = _as_text(seen["pool"])
    return dict(small, gluster=gluster, details=_as_text(details))


def _as_text(data: Any) -> str:
    return json.dumps(data, sort_keys=True, separators=(",", ":"))


def with_certificate(seen: Dict[str, Any], openssl: Any) -> Dict[str, Any]:
    """Return what is known of GlusterFS with the days that the node's certificate holds, None where it has none."""
    return dict(seen, certificate_days=days_left(openssl, certificate_folder()) if seen["encrypted"] else None)


def volume_digests(files: TextFiles, names: Iterable[str]) -> Dict[str, str]:
    """Return by volume a digest of its id and its checksum: members that know the same have the same."""
    folder = os.path.join(working_directory(files.read(VOLFILE)), "vols")
    found = {}
    for name in names:
        identity = assignment(files.read(os.path.join(folder, name, "info")), "volume-id") or ""
        checksum = assignment(files.read(os.path.join(folder, name, "cksum")), "info") or ""
        found[name] = hashlib.sha256(("%s %s" % (identity, checksum)).encode("utf-8")).hexdigest()[:_DIGEST]
    return found


def without_pool(disks: Dict[str, Any]) -> Dict[str, Any]:
    """Return what lvm_brick_info tells without the ids of all volumes of the pool, which the reference node tells."""
    known = disks["observed"]["volume_ids"] is not None
    return dict(disks, observed=dict(disks["observed"], volume_ids={} if known else None))
