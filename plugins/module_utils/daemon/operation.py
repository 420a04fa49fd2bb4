# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""glusterd as it is to run: its settings, its units, and when it is restarted. PRIVATE to the collection."""

import posixpath
import time
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.brickwork.gluster.plugins.module_utils.daemon import settings
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.bricks import BrickProcess, brick_processes
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.healing import Healing
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.host import (
    GLUSTERD,
    GLUSTEREVENTSD,
    GLUSTERFSD,
    DaemonHost,
    Unit,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.settings import VOLFILE
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import PlanError, UnsafeChangeError
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster import answers
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.pool import wait_until_whole
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Pool, Volume
from ansible_collections.brickwork.gluster.plugins.module_utils.grammar import absolute_path
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import Operation, Plan, Step
from ansible_collections.brickwork.gluster.plugins.module_utils.tls.files import certificate_paths
from ansible_collections.brickwork.gluster.plugins.module_utils.versions import numbers
from ansible_collections.brickwork.gluster.plugins.module_utils.waiting import Clock, wait_until_nothing

#: The first GlusterFS that finds its bricks at any port; before, it looks from base-port to max-port only.
_FINDS_ANY_PORT = [10]
#: Seconds within which a brick that was started tells glusterd its port.
_SIGN_IN = 10
LOG_LEVELS = ("TRACE", "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL", "NONE")
#: The settings as the modules take them.
SETTINGS_SPEC = {
    "working_directory": {"type": "path"},
    "base_port": {"type": "int"},
    "max_port": {"type": "int"},
    "ping_timeout": {"type": "int"},
    "log_level": {"type": "str", "choices": list(LOG_LEVELS)},
    "events": {"type": "bool"},
    "certificates": {"type": "bool", "default": False},
}
_LOG_LEVEL = "LOG_LEVEL"
_PING_TIMEOUT = "ping-timeout"


class DesiredDaemon(NamedTuple):
    """What was asked for; None means that it stays as it is.

    options are those of glusterd.vol by their names there. restart is whether a change is followed by a restart,
    certificates whether newer ones than glusterd and the bricks have read are one, too.
    """

    options: Dict[str, str] = {}
    log_level: Optional[str] = None
    events: Optional[bool] = None
    restart: bool = True
    certificates: bool = False


class Limits(NamedTuple):
    """For how many seconds to wait until the pool is whole, and until what a restarted brick has missed is healed."""

    whole: int = 60
    healed: int = 600


_LIMITS = Limits()


class ObservedDaemon(NamedTuple):
    """glusterd as it is.

    changed is when the files with desired settings were changed, in seconds since 1970; certified is the same for the
    certificates, if they are asked for.

    kept are the volumes and peers that its working directory holds, known_there whether the desired one holds the same
    member's identity. Pool, volumes and bricks are read only for a glusterd that runs and may have to be restarted.

    reach is the range of ports in which this glusterd finds its bricks, None where it finds them anywhere, or where no
    range was asked for.
    """

    units: Dict[str, Unit]
    volfile: str
    environment: str
    changed: float
    kept: Tuple[str, ...]
    known_there: bool
    pool: Pool
    volumes: List[Volume]
    certified: float = 0.0
    bricks: Tuple[BrickProcess, ...] = ()
    reach: Optional[settings.Ports] = None

    @property
    def old_bricks(self) -> List[BrickProcess]:
        """The brick processes that were started before the certificates were changed."""
        return [process for process in self.bricks if process.since < self.certified]

    @property
    def stray_bricks(self) -> List[BrickProcess]:
        """The brick processes that glusterd does not find, or would not after its restart."""
        return [process for process in self.bricks if self.reach and not process.is_within(*self.reach)]

    @property
    def replaced_bricks(self) -> List[BrickProcess]:
        """The brick processes that a restart replaces, since clients can do without them meanwhile."""
        outdated = self.old_bricks + self.stray_bricks
        return [process for process in self.bricks if process in outdated and process.spare]


def desired_daemon(parameters: Mapping[str, Any]) -> DesiredDaemon:
    """Return the DesiredDaemon of the module's parameters."""
    folder = parameters.get("working_directory")
    given = {
        "working-directory": folder and absolute_path("working_directory", folder),
        "base-port": parameters.get("base_port"),
        "max-port": parameters.get("max_port"),
        _PING_TIMEOUT: parameters.get("ping_timeout"),
    }
    return DesiredDaemon(
        options={name: str(value) for name, value in given.items() if value is not None},
        log_level=parameters.get("log_level"),
        events=parameters.get("events"),
        restart=parameters.get("restart", True),
        certificates=bool(parameters.get("certificates")),
    )


def plan_daemon(desired: DesiredDaemon, observed: ObservedDaemon) -> Plan:
    """Return the Plan from the observed glusterd to the desired one.

    Raises InputError for ports that leave no room, UnsafeChangeError for a working directory that would make the
    node forget its volumes, PlanError for a restart that would make another node end its bricks.
    """
    desired, warnings = _without_risky_timeout(desired, observed)
    _refuse_ports(desired, observed)
    _refuse_stray_bricks(observed)
    _refuse_forgetting(desired, observed)
    changes = _setting_steps(desired, observed)
    due = _restart_is_due(desired, observed, changes)
    steps = changes + _unit_steps(desired, observed.units)
    if due and desired.restart:
        steps += _restart_steps(observed)
    before, after = _settings_shown(desired, observed)
    return Plan(steps, before, after, warnings=list(warnings))


def daemon_findings(desired: DesiredDaemon, observed: ObservedDaemon) -> Dict[str, Any]:
    """Return whether a restart is due that was not asked for, and the bricks that go on with old certificates."""
    desired, _warnings = _without_risky_timeout(desired, observed)
    due = not desired.restart and _restart_is_due(desired, observed, _setting_steps(desired, observed))
    left = [name for process in observed.old_bricks if not process.spare for name in process.bricks]
    return {"restart_needed": due, "old_certificates": left}


def _without_risky_timeout(desired: DesiredDaemon, observed: ObservedDaemon) -> Tuple[DesiredDaemon, Tuple[str, ...]]:
    """Leave the ping time-out as it is where the restart for it would cost the other node its bricks, and say so."""
    seconds = desired.options.get(_PING_TIMEOUT)
    active = observed.units.get(GLUSTERD, Unit()).active
    if not (active and seconds and seconds != settings.options(observed.volfile).get(_PING_TIMEOUT)):
        return desired, ()
    if not _loses_quorum(observed):
        return desired, ()
    options = {name: value for name, value in desired.options.items() if name != _PING_TIMEOUT}
    return desired._replace(options=options), (
        "ping_timeout: it is not set: in a pool of two the restart for it ends the other node's bricks of %s, which "
        "have cluster.server-quorum-type: server" % ", ".join(_loses_quorum(observed)),
    )


def _restart_is_due(desired: DesiredDaemon, observed: ObservedDaemon, changes: Sequence[Step]) -> bool:
    """Whether glusterd runs, and it or a brick with other settings than its files have, or are about to have."""
    daemon = observed.units.get(GLUSTERD, Unit())
    newest = max(observed.changed, observed.certified)
    due = daemon.active and bool(changes or newest > daemon.since or observed.replaced_bricks)
    if due:
        _refuse_quorum_loss(observed)
    return due


def _restart_steps(observed: ObservedDaemon) -> List[Step]:
    """Bricks end first: glusterd starts those that are not there."""
    spare = observed.replaced_bricks
    restart = Step("restart", GLUSTERD, ("systemctl", "restart", GLUSTERD))
    if not spare:
        return [restart]
    names = ", ".join(name for process in spare for name in process.bricks)
    return [Step("end_bricks", names, ("kill",) + tuple(str(process.pid) for process in spare)), restart]


def _may_restart(desired: DesiredDaemon) -> bool:
    return bool(desired.options or desired.log_level or desired.certificates)


def _settings_shown(desired: DesiredDaemon, observed: ObservedDaemon) -> Tuple[Dict[str, str], Dict[str, str]]:
    found = settings.options(observed.volfile)
    before = {name: found.get(name, "") for name in desired.options}
    after = dict(before, **desired.options)
    if desired.log_level:
        before[_LOG_LEVEL] = settings.assignment(observed.environment, _LOG_LEVEL) or ""
        after[_LOG_LEVEL] = desired.log_level
    return before, after


def _refuse_ports(desired: DesiredDaemon, observed: ObservedDaemon) -> None:
    if not {"base-port", "max-port"} & set(desired.options):
        return
    found = dict(settings.options(observed.volfile), **desired.options)
    settings.check_ports(settings.ports_of(found))


def _refuse_stray_bricks(observed: ObservedDaemon) -> None:
    """GlusterFS below 10 looks for a brick's port in its range only: no new client would find one outside of it."""
    left = [(process, name) for process in observed.stray_bricks if not process.spare for name in process.bricks]
    if left:
        raise UnsafeChangeError(
            "base_port, max_port: GlusterFS below 10 finds bricks only from port %s to %s. These run on others, and "
            "their volumes do not serve without them: %s; keep the range that they are in, or stop these volumes, run "
            "again, and start them"
            % (
                *(observed.reach or ("", "")),
                ", ".join("%s (port %s)" % (name, process.port or "unknown") for process, name in left),
            )
        )


def _refuse_forgetting(desired: DesiredDaemon, observed: ObservedDaemon) -> None:
    """A glusterd with another working directory knows nothing of its pool."""
    folder = desired.options.get("working-directory")
    current = settings.working_directory(observed.volfile)
    if folder and folder != current and observed.kept and not observed.known_there:
        raise UnsafeChangeError(
            "working_directory: %s: glusterd keeps its pool and volumes (%s) in %s and would forget them; stop it, "
            "copy that folder (cp -a %s %s) and run again"
            % (folder, ", ".join(observed.kept), current, current, folder)
        )


def _loses_quorum(observed: ObservedDaemon) -> List[str]:
    """With server quorum on, the others stop their bricks as soon as too few members are there."""
    if len(observed.pool.peers) != 2:
        return []
    return [
        volume.name
        for volume in observed.volumes
        if volume.is_started and volume.options.get("cluster.server-quorum-type") == "server"
    ]


def _refuse_quorum_loss(observed: ObservedDaemon) -> None:
    guarded = _loses_quorum(observed)
    if guarded:
        raise PlanError(
            "restart: in a pool of two it ends the other node's bricks of %s, which have "
            "cluster.server-quorum-type: server; take that option back for the time of the restart, or add a member"
            % ", ".join(guarded)
        )


def _setting_steps(desired: DesiredDaemon, observed: ObservedDaemon) -> List[Step]:
    found = settings.options(observed.volfile)
    steps = [
        Step("set_option", name, text="%s in %s" % (value, VOLFILE))
        for name, value in sorted(desired.options.items())
        if found.get(name) != value
    ]
    if desired.log_level and settings.assignment(observed.environment, _LOG_LEVEL) != desired.log_level:
        steps.append(Step("set_log_level", GLUSTERD, text=desired.log_level))
    return steps


def _unit_steps(desired: DesiredDaemon, units: Mapping[str, Unit]) -> List[Step]:
    steps = _up(GLUSTERD, units)
    # Started as well: what was never started is not stopped at shutdown.
    steps += _up(GLUSTERFSD, units) if units.get(GLUSTERFSD, Unit()).exists else []
    if desired.events is None:
        return steps
    return steps + (_up if desired.events else _down)(GLUSTEREVENTSD, units)


def _up(name: str, units: Mapping[str, Unit]) -> List[Step]:
    unit = units.get(name, Unit())
    steps = [] if unit.enabled else [Step("enable", name, ("systemctl", "enable", name))]
    return steps + ([] if unit.active else [Step("start", name, ("systemctl", "start", name))])


def _down(name: str, units: Mapping[str, Unit]) -> List[Step]:
    unit = units.get(name, Unit())
    steps = [Step("disable", name, ("systemctl", "disable", name))] if unit.enabled else []
    return steps + ([Step("stop", name, ("systemctl", "stop", name))] if unit.active else [])


class DaemonOperation(Operation[ObservedDaemon]):
    """Takes glusterd to its desired state; a restart waits for the pool to be whole, before and after."""

    def __init__(
        self,
        host: DaemonHost,
        gluster: Gluster,
        desired: DesiredDaemon,
        limits: Limits = _LIMITS,
        clock: Clock = time,
        installed_needed: bool = True,
    ) -> None:
        self._host = host
        self._gluster = gluster
        self._desired = desired
        self._limits = limits
        self._clock = clock
        self._installed_needed = installed_needed
        self._daemon = Unit()

    def observe(self) -> ObservedDaemon:
        """Read units and files, and the pool where a restart might be needed."""
        units = self._host.units()
        self._daemon = units.get(GLUSTERD, Unit())
        self._refuse_missing(units)
        volfile = self._host.files.read(VOLFILE)
        kept, known_there = self._kept(volfile)
        pool, volumes = self._pool(self._daemon)
        certified, reach = self._certified(), self._reach(volfile)
        return ObservedDaemon(
            units=units,
            volfile=volfile,
            environment=self._host.files.read(self._daemon.environment_file),
            changed=self._changed(),
            kept=kept,
            known_there=known_there,
            pool=pool,
            volumes=volumes,
            certified=certified,
            bricks=self._settled_bricks(pool, volumes) if certified or reach else (),
            reach=reach,
        )

    def _settled_bricks(self, pool: Pool, volumes: List[Volume]) -> Tuple[BrickProcess, ...]:
        """Return this node's brick processes; one that has just been started tells its port a moment later."""
        deadline = self._clock.monotonic() + _SIGN_IN
        while True:
            found = self._bricks(pool, volumes)
            if all(process.port for process in found) or self._clock.monotonic() >= deadline:
                return found
            self._clock.sleep(1)

    def _reach(self, volfile: str) -> Optional[settings.Ports]:
        """Return the desired range of ports for a GlusterFS that finds no brick outside of it."""
        if not {"base-port", "max-port"} & set(self._desired.options):
            return None
        version = self._gluster.version()
        if version is None or numbers(version) >= _FINDS_ANY_PORT:
            return None
        return settings.ports_of(dict(settings.options(volfile), **self._desired.options))

    def _refuse_missing(self, units: Mapping[str, Unit]) -> None:
        if not self._installed_needed:
            return
        if not self._daemon.exists:
            raise PlanError(
                "glusterd: found no unit of this name; install glusterfs-server, as the role gluster_server does"
            )
        if self._desired.events and not units[GLUSTEREVENTSD].exists:
            raise PlanError("events: found no unit glustereventsd; on EL install glusterfs-events")
        if self._desired.log_level and not self._daemon.environment_file:
            raise PlanError(
                "log_level: found no file for the environment of the unit glusterd; leave log_level out, or add "
                "EnvironmentFile="
            )

    def _changed(self) -> float:
        paths = [VOLFILE] if self._desired.options else []
        paths += [self._daemon.environment_file] if self._desired.log_level else []
        return max([self._host.changed(path) for path in paths] or [0.0])

    def _certified(self) -> float:
        folder = self._host.certificate_folder() if self._desired.certificates else ""
        return max([self._host.changed(path) for path in certificate_paths(folder)]) if folder else 0.0

    def _bricks(self, pool: Pool, volumes: Sequence[Volume]) -> Tuple[BrickProcess, ...]:
        """Return this node's brick processes; an empty pool is one that could not be read."""
        started = [volume for volume in volumes if volume.is_started]
        if not started:
            return ()
        status = self._gluster.brick_status([volume.name for volume in started], detail=False)
        return brick_processes(pool, started, status, self._host.started)

    def _kept(self, volfile: str) -> Tuple[Tuple[str, ...], bool]:
        desired = self._desired.options.get("working-directory")
        if not desired:
            return (), True
        current = settings.working_directory(volfile)
        kept = [name for part in ("vols", "peers") for name in self._host.files.entries(posixpath.join(current, part))]
        identities = [self._host.files.read(posixpath.join(folder, "glusterd.info")) for folder in (current, desired)]
        return tuple(kept), bool(identities[1]) and identities[0] == identities[1]

    def _pool(self, daemon: Unit) -> Tuple[Pool, List[Volume]]:
        if not (daemon.active and _may_restart(self._desired)):
            return Pool(()), []
        try:
            return self._gluster.pool(), self._gluster.volumes()
        except answers.DaemonDown:
            # It is active and not yet, or no more, of use: nobody loses anything by its restart.
            return Pool(()), []

    def plan(self, observed: ObservedDaemon) -> Plan:
        """Return the Plan; see plan_daemon."""
        return plan_daemon(self._desired, observed)

    def findings(self, observed: ObservedDaemon) -> Dict[str, Any]:
        """Return what daemon_findings tells."""
        return daemon_findings(self._desired, observed)

    def perform(self, step: Step) -> None:
        """Take one step."""
        if step.kind == "set_option":
            text = settings.with_option(self._host.files.read(VOLFILE), step.target, self._desired.options[step.target])
            self._host.files.replace(VOLFILE, text)
        elif step.kind == "set_log_level":
            path = self._daemon.environment_file
            self._host.files.replace(path, settings.with_assignment(self._host.files.read(path), _LOG_LEVEL, step.text))
        elif step.kind == "end_bricks":
            self._end_bricks([int(pid) for pid in step.argv[1:]])
        elif step.kind == "restart":
            self._restart()
        else:
            self._host.commands.run(step.argv, "running systemctl")

    def _end_bricks(self, pids: Sequence[int]) -> None:
        """A set may lack this node's bricks, and so none while another one's are away, or not yet healed."""
        self._wait_until_whole()
        self._wait_until_healed()
        self._host.end(pids)
        wait_until_nothing(
            lambda: [str(pid) for pid in pids if self._host.started(pid)],
            self._limits.whole,
            self._clock,
            lambda left: "brick processes %s do not end" % ", ".join(left),
        )

    def _restart(self) -> None:
        """One member may be away, two are too many: none is while another already is."""
        self._wait_until_whole()
        self._host.restart(self._daemon.kill_mode)

    def _wait_until_whole(self) -> None:
        wait_until_whole(self._gluster, self._limits.whole, self._clock)

    def _wait_until_healed(self) -> None:
        limit = self._limits.healed
        healing = Healing(self._gluster, self._clock)
        wait_until_nothing(healing.waiting, limit, self._clock, lambda left: "after %s s %s" % (limit, "; ".join(left)))

    def settle(self, plan: Plan) -> None:
        """Wait until glusterd answers, and after a restart until the pool is whole again, and healed."""
        kinds = {step.kind for step in plan.steps}
        if "restart" not in kinds:
            limit = self._limits.whole
            wait_until_nothing(self._silence, limit, self._clock, lambda silence: "glusterd: %s" % silence)
            return
        self._wait_until_whole()
        if "end_bricks" in kinds:
            self._wait_until_healed()
            self._wait_until_reachable()

    def _wait_until_reachable(self) -> None:
        """A brick that glusterd knows no port of is online and reached by no client."""
        limit = self._limits.whole
        wait_until_nothing(
            self._unreachable, limit, self._clock, lambda left: "after %s s no port of %s" % (limit, ", ".join(left))
        )

    def _unreachable(self) -> List[str]:
        processes = self._bricks(self._gluster.pool(), self._gluster.volumes())
        return [name for process in processes if process.port is None for name in process.bricks]

    def _silence(self) -> str:
        try:
            self._gluster.pool()
        except answers.DaemonDown as error:
            return "no answer after %s s (%s)" % (self._limits.whole, error)
        return ""
