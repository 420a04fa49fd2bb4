# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import signal
import subprocess
import time

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.command import Result
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.host import DaemonHost, parse_units
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.operation import (
    DaemonOperation,
    Limits,
    desired_daemon,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.settings import VOLFILE, brick_ports
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import (
    CommandError,
    InputError,
    PlanError,
    UnsafeChangeError,
    VerifyError,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import StepError, converge
from ansible_collections.brickwork.gluster.tests.fakes.clock import FakeClock
from ansible_collections.brickwork.gluster.tests.fakes.cluster import FakeCluster

ENVIRONMENT = "/etc/default/glusterd"
DROP_IN = "/run/systemd/system/glusterd.service.d/brickwork-restart.conf"
PACKAGED = "volume management\n    option working-directory /var/lib/glusterd\n    option max-port 60999\nend-volume\n"
PORTS = {"base_port": 50000, "max_port": 50099}


class Node(DaemonHost):
    """A node with systemd in memory. Its files bear the number of the change that made them, as its units do."""

    def __init__(self, cluster, name="h1", kill_mode="control-group"):
        super().__init__(self, 5, self)
        self.machine = cluster.machines[name]
        self.texts = {VOLFILE: PACKAGED, ENVIRONMENT: ""}
        self.folders = {}
        self.times = {}
        self.now = 0
        self.kill_mode = kill_mode
        self.state = {"glusterd": [False, None]}
        self.done = []
        self.cluster = cluster
        self.born = {}

    # Files

    def read(self, path):
        return self.texts.get(path, "")

    def replace(self, path, text, mode=None):
        self.now += 1
        self.texts[path], self.times[path] = text, self.now

    def changed(self, path):
        return self.times.get(path, 0)

    def entries(self, folder):
        return self.folders.get(folder, [])

    # systemd

    def units(self):
        if not self.state:
            return parse_units("Id=glusterd.service\nLoadState=not-found\nActiveState=inactive", self)
        text = "\n\n".join(
            "Id=%s.service\nLoadState=loaded\nActiveState=%s\nUnitFileState=%s\nKillMode=%s\n"
            "ActiveEnterTimestampMonotonic=%s\nEnvironmentFiles=%s (ignore_errors=yes)"
            % (
                name,
                "inactive" if since is None else "active",
                "enabled" if enabled else "disabled",
                self.kill_mode,
                int((since or 0) * 1e6),
                ENVIRONMENT,
            )
            for name, (enabled, since) in self.state.items()
        )
        return parse_units(text, self)

    def monotonic(self):
        return self.now

    time = monotonic

    def run(self, argv, timeout):
        self.now += 1
        self.done.append(" ".join(argv))
        verb, name = argv[1], argv[-1]
        if verb == "enable":
            self.state[name][0] = True
        elif verb == "disable":
            self.state[name][0] = False
        elif verb in ("start", "restart"):
            self.state[name][1], self.machine.up = self.now, True
        elif verb == "stop":
            self.state[name][1] = None
        return Result(0, "", "")

    def restart(self, kill_mode):
        assert kill_mode == self.kill_mode
        self._restart()
        self.start_bricks()

    # Bricks

    def certificate_folder(self):
        return "/etc/ssl"

    def started(self, pid):
        return self.born.get(pid, 0)

    def start_bricks(self):
        """Start the node's bricks that have no process, as glusterd does, each with a number that is its birthday."""
        for volume in self.machine.volumes.values():
            for brick in volume["bricks"]:
                if brick.startswith(self.machine.name + ":") and self.cluster.processes.get(brick) not in self.born:
                    self.now += 1
                    self.cluster.processes[brick], self.born[self.now] = self.now, self.now
                    self.cluster.ports[brick] = brick_ports(self.texts[VOLFILE]).first

    def end(self, pids):
        self.done.append("kill %s" % " ".join(map(str, pids)))
        for pid in pids:
            del self.born[pid]


@pytest.fixture
def cluster():
    made = FakeCluster("h1", "h2", "h3")
    made.form_pool("h1", "h2", "h3")
    return made


@pytest.fixture
def node(cluster):
    """A node whose glusterd runs."""
    made = Node(cluster)
    made.state["glusterd"] = [True, 0]
    return made


def operation(cluster, node, installed_needed=True, **parameters):
    clock = FakeClock()
    gluster = Gluster(cluster.on("h1"), clock=clock)
    return DaemonOperation(node, gluster, desired_daemon(parameters), Limits(5, 7), clock, installed_needed)


def kinds(plan):
    return [(step.kind, step.target) for step in plan.steps]


SETTINGS = [("set_option", "base-port"), ("set_option", "max-port")]


def test_first_start(cluster):
    node = Node(cluster)
    plan = converge(operation(cluster, node))
    assert kinds(plan) == [("enable", "glusterd"), ("start", "glusterd")]
    assert converge(operation(cluster, node)).steps == []
    assert node.texts[VOLFILE] == PACKAGED


def test_settings_stand_before_the_first_start(cluster):
    node = Node(cluster)
    plan = converge(operation(cluster, node, **PORTS))
    assert kinds(plan) == SETTINGS + [("enable", "glusterd"), ("start", "glusterd")]
    assert brick_ports(node.texts[VOLFILE]) == (50000, 50099)
    assert converge(operation(cluster, node, **PORTS)).steps == []


def test_a_change_restarts_glusterd_once(cluster, node):
    planned = converge(operation(cluster, node, **PORTS), check_mode=True)
    assert node.done == []
    done = converge(operation(cluster, node, **PORTS))
    assert planned == done
    assert kinds(done) == SETTINGS + [("restart", "glusterd")]
    assert node.done == ["systemctl restart glusterd"]
    assert (done.before, done.after) == (
        {"base-port": "", "max-port": "60999"},
        {"base-port": "50000", "max-port": "50099"},
    )
    assert converge(operation(cluster, node, **PORTS)).steps == []
    assert node.done == ["systemctl restart glusterd"]


def test_without_leave_to_restart_it_is_told(cluster, node):
    plan = converge(operation(cluster, node, restart=False, **PORTS))
    assert (kinds(plan), plan.findings["restart_needed"]) == (SETTINGS, True)
    again = converge(operation(cluster, node, restart=False, **PORTS))
    assert (again.steps, again.findings["restart_needed"]) == ([], True)
    done = converge(operation(cluster, node, **PORTS))
    assert (kinds(done), done.findings["restart_needed"]) == ([("restart", "glusterd")], False)


def test_a_file_that_nobody_asked_about_restarts_nothing(cluster, node):
    node.replace(VOLFILE, PACKAGED + "# by hand\n")
    assert converge(operation(cluster, node)).steps == []


def test_log_level_stands_in_the_environment(cluster, node):
    plan = converge(operation(cluster, node, log_level="DEBUG"))
    assert kinds(plan) == [("set_log_level", "glusterd"), ("restart", "glusterd")]
    assert node.texts[ENVIRONMENT] == "LOG_LEVEL=DEBUG\n"
    assert converge(operation(cluster, node, log_level="DEBUG")).steps == []


def test_nothing_is_restarted_while_a_member_is_away(cluster, node):
    cluster.machines["h3"].up = False
    with pytest.raises(StepError, match="restart glusterd: pool: not whole after 5 s: .*h3"):
        converge(operation(cluster, node, **PORTS))
    assert node.done == []


def test_a_pool_that_does_not_become_whole_is_an_error(cluster, node):
    node.restart = lambda kill_mode: setattr(cluster.machines["h2"], "up", False)
    with pytest.raises(VerifyError, match="not whole after 5 s: .*h2"):
        converge(operation(cluster, node, **PORTS))


def test_server_quorum_of_two(cluster, node):
    cluster.form_pool("h1", "h2")
    gluster = Gluster(cluster.on("h1"), clock=FakeClock())
    gluster.ask("volume", "create", "v", "h1:/b/1", "h2:/b/2")
    gluster.ask("volume", "start", "v")
    assert kinds(converge(operation(cluster, node, **PORTS), check_mode=True))
    gluster.ask("volume", "set", "v", "cluster.server-quorum-type", "server")
    with pytest.raises(PlanError, match="bricks of v"):
        converge(operation(cluster, node, restart=False, **PORTS))
    assert node.texts[VOLFILE] == PACKAGED


PEM = "/etc/ssl/glusterfs.pem"


def volume(cluster, name, *words):
    """Make and start a volume with a brick on each of three machines."""
    gluster = Gluster(cluster.on("h1"), clock=FakeClock())
    gluster.ask("volume", "create", name, *(list(words) + ["h%s:/b/%s" % (number, name) for number in (1, 2, 3)]))
    gluster.ask("volume", "start", name)


def with_new_certificate(node):
    """Start the node's bricks, and renew its certificate after that."""
    node.start_bricks()
    node.replace(PEM, "new")
    return node


def test_a_new_certificate_restarts_glusterd_and_its_bricks(cluster, node):
    volume(cluster, "v", "replica", "3")
    with_new_certificate(node)
    (old,) = node.born
    planned = converge(operation(cluster, node, certificates=True), check_mode=True)
    done = converge(operation(cluster, node, certificates=True))
    assert planned == done
    assert kinds(done) == [("end_bricks", "h1:/b/v"), ("restart", "glusterd")]
    assert node.done == ["kill %s" % old, "systemctl restart glusterd"]
    assert converge(operation(cluster, node, certificates=True)).steps == []


def test_who_did_not_ask_for_certificates_keeps_old_ones(cluster, node):
    volume(cluster, "v", "replica", "3")
    assert converge(operation(cluster, with_new_certificate(node))).steps == []


def test_a_volume_without_copies_keeps_its_bricks(cluster, node):
    volume(cluster, "kept", "replica", "3")
    volume(cluster, "scratch")
    with_new_certificate(node)
    done = converge(operation(cluster, node, certificates=True))
    assert kinds(done) == [("end_bricks", "h1:/b/kept"), ("restart", "glusterd")]
    again = converge(operation(cluster, node, certificates=True))
    assert (again.steps, again.findings["old_certificates"]) == ([], ["h1:/b/scratch"])


def test_a_brick_whose_volume_another_transaction_holds_is_not_overlooked(cluster, node):
    volume(cluster, "kept", "replica", "3")
    volume(cluster, "scratch")
    cluster.held.add("scratch")
    done = converge(operation(cluster, with_new_certificate(node), certificates=True))
    assert done.findings["old_certificates"] == ["h1:/b/scratch"]


def test_bricks_that_share_a_process_share_their_fate(cluster, node):
    volume(cluster, "kept", "replica", "3")
    volume(cluster, "scratch")
    cluster.processes.update({"h1:/b/kept": 1, "h1:/b/scratch": 1})
    node.born[1] = 0.5
    done = converge(operation(cluster, with_new_certificate(node), certificates=True))
    assert kinds(done) == [("restart", "glusterd")]
    assert done.findings["old_certificates"] == ["h1:/b/kept", "h1:/b/scratch"]


def test_an_old_brick_of_a_new_glusterd(cluster, node):
    """glusterd alone was restarted since, for a changed setting."""
    volume(cluster, "v", "replica", "3")
    with_new_certificate(node)
    converge(operation(cluster, node, **PORTS))
    done = converge(operation(cluster, node, certificates=True))
    assert [kind for kind, _target in kinds(done)] == ["end_bricks", "restart"]


def test_a_run_that_was_cut_off_between_bricks_and_glusterd(cluster, node):
    volume(cluster, "v", "replica", "3")
    with_new_certificate(node)
    node.end(list(node.born))
    cluster.processes["h1:/b/v"] = None
    done = converge(operation(cluster, node, certificates=True))
    assert kinds(done) == [("restart", "glusterd")]
    assert cluster.processes["h1:/b/v"] in node.born


def test_no_brick_ends_while_another_one_is_away(cluster, node):
    volume(cluster, "v", "replica", "3")
    cluster.processes["h2:/b/v"] = None
    with pytest.raises(StepError, match="after 7 s brick h2:/b/v is offline"):
        converge(operation(cluster, with_new_certificate(node), certificates=True))
    assert node.done == []


def test_no_brick_ends_before_files_are_healed(cluster, node):
    volume(cluster, "v", "replica", "3")
    cluster.pending["h2:/b/v"] = 4
    cluster.heal_refusal = "Self-heal daemon is not running. Check self-heal daemon log file."
    with pytest.raises(StepError, match="after 7 s 4 entries of h2:/b/v wait for healing .*daemon is not running"):
        converge(operation(cluster, with_new_certificate(node), certificates=True))
    assert node.done == []
    # Once, and not at each look: what waits for seven seconds is asked for every ten.
    assert cluster.commands.count("volume heal v") == 1


def test_healing_is_asked_for_where_it_would_come_by_itself_too_late(cluster, node):
    volume(cluster, "v", "replica", "3")
    cluster.pending["h2:/b/v"] = 4
    done = converge(operation(cluster, with_new_certificate(node), certificates=True))
    assert kinds(done) == [("end_bricks", "h1:/b/v"), ("restart", "glusterd")]
    assert cluster.pending == {}


def test_a_changed_range_of_ports_takes_the_bricks_along_where_glusterd_would_not_find_them(cluster, node):
    """As seen on 7.5: online, without a port, and every new mount failed."""
    volume(cluster, "v", "replica", "3")
    cluster.version = "7.5"
    node.start_bricks()
    [old] = node.born
    done = converge(operation(cluster, node, **PORTS))
    assert [kind for kind, _target in kinds(done)] == ["set_option", "set_option", "end_bricks", "restart"]
    assert cluster.ports["h1:/b/v"] == 50000 and old not in node.born
    assert converge(operation(cluster, node, **PORTS)).steps == []


def test_bricks_that_an_earlier_change_of_the_range_lost_are_found_again(cluster, node):
    volume(cluster, "v", "replica", "3")
    converge(operation(cluster, node, **PORTS))
    cluster.version, cluster.ports["h1:/b/v"] = "7.5", None
    done = converge(operation(cluster, node, **PORTS))
    assert [kind for kind, _target in kinds(done)] == ["end_bricks", "restart"]


def test_a_range_that_would_take_a_volume_from_its_clients_is_refused_before_it_is_written(cluster, node):
    volume(cluster, "scratch")
    cluster.version = "9.2"
    with pytest.raises(UnsafeChangeError, match="only from port 50000 to 50099.*h1:/b/scratch .port 49152.; keep the"):
        converge(operation(cluster, node, restart=False, **PORTS))
    assert node.texts[VOLFILE] == PACKAGED


def test_a_brick_of_another_node_with_the_same_number_is_another_one(cluster, node):
    volume(cluster, "v", "replica", "3")
    converge(operation(cluster, node, **PORTS))
    cluster.version = "9.2"
    cluster.processes.update({"h1:/b/v": 5, "h2:/b/v": 5})
    cluster.ports.update({"h1:/b/v": 50000, "h2:/b/v": 49152})
    node.born[5] = 0.5
    assert converge(operation(cluster, node, **PORTS)).steps == []


def test_a_time_out_is_not_worth_the_other_node_s_bricks():
    """In a pool of two with server quorum its restart would end them."""
    cluster = FakeCluster("h1", "h2")
    cluster.form_pool("h1", "h2")
    node = Node(cluster)
    node.state["glusterd"] = [True, 0]
    gluster = Gluster(cluster.on("h1"), clock=FakeClock())
    gluster.ask("volume", "create", "v", "replica", "2", "h1:/b/v", "h2:/b/v", "force")
    gluster.ask("volume", "start", "v")
    cluster.machines["h1"].volumes["v"]["options"]["cluster.server-quorum-type"] = "server"
    plan = converge(operation(cluster, node, ping_timeout=30))
    assert plan.steps == [] and "ping_timeout: it is not set: in a pool of two" in plan.warnings[0]
    del cluster.machines["h1"].volumes["v"]["options"]["cluster.server-quorum-type"]
    plan = converge(operation(cluster, node, ping_timeout=30))
    assert kinds(plan) == [("set_option", "ping-timeout"), ("restart", "glusterd")] and not plan.warnings


def test_newer_versions_find_bricks_at_any_port(cluster, node):
    volume(cluster, "scratch")
    done = converge(operation(cluster, node, **PORTS))
    assert [kind for kind, _target in kinds(done)] == ["set_option", "set_option", "restart"]


def test_a_brick_that_does_not_end(cluster, node):
    volume(cluster, "v", "replica", "3")
    with_new_certificate(node)
    node.end = node.done.extend
    with pytest.raises(StepError, match="brick processes .* do not end"):
        converge(operation(cluster, node, certificates=True))
    assert "systemctl restart glusterd" not in node.done


def test_how_old_a_process_is():
    host = DaemonHost(None, 5)
    own = host.started(os.getpid())
    child = subprocess.Popen(["sleep", "60"])
    try:
        assert own <= host.started(child.pid) <= time.time() + 1
        host.end([child.pid])
        assert child.wait(10) == -signal.SIGTERM
    finally:
        child.kill()
    assert host.started(child.pid) == 0
    host.end([child.pid])


def test_the_bricks_unit_is_started_where_it_exists(cluster, node):
    node.state["glusterfsd"] = [False, None]
    plan = converge(operation(cluster, node))
    assert kinds(plan) == [("enable", "glusterfsd"), ("start", "glusterfsd")]


def test_a_glusterd_that_never_answers(cluster, node):
    cluster.machines["h1"].up = False
    with pytest.raises(VerifyError, match="glusterd: no answer after 5 s"):
        converge(operation(cluster, node))


def test_events_are_optional(cluster, node):
    node.state["glustereventsd"] = [False, None]
    assert converge(operation(cluster, node)).steps == []
    assert kinds(converge(operation(cluster, node, events=True))) == [
        ("enable", "glustereventsd"),
        ("start", "glustereventsd"),
    ]
    assert kinds(converge(operation(cluster, node, events=False))) == [
        ("disable", "glustereventsd"),
        ("stop", "glustereventsd"),
    ]


def test_a_node_that_keeps_volumes_keeps_its_working_directory(cluster, node):
    node.folders = {"/var/lib/glusterd/vols": ["v"], "/var/lib/glusterd/peers": []}
    node.texts["/var/lib/glusterd/glusterd.info"] = "UUID=1"
    with pytest.raises(UnsafeChangeError, match=r"/data/glusterd: .*\(v\) in /var/lib/glusterd"):
        converge(operation(cluster, node, working_directory="/data/glusterd"))
    node.texts["/data/glusterd/glusterd.info"] = "UUID=1"
    plan = converge(operation(cluster, node, working_directory="/data/glusterd"))
    assert kinds(plan) == [("set_option", "working-directory"), ("restart", "glusterd")]


@pytest.mark.parametrize(
    "ports", [{"base_port": 50000, "max_port": 49999}, {"base_port": 61000}, {"max_port": 80}, {"base_port": 70000}]
)
def test_ports_that_leave_no_room(cluster, node, ports):
    with pytest.raises(InputError, match="port"):
        converge(operation(cluster, node, **ports))


def test_bare_machine(cluster):
    node = Node(cluster)
    node.texts, node.state = {}, {}
    plan = converge(operation(cluster, node, installed_needed=False, **PORTS), check_mode=True)
    assert kinds(plan) == SETTINGS + [("enable", "glusterd"), ("start", "glusterd")]
    with pytest.raises(PlanError, match="install glusterfs-server"):
        converge(operation(cluster, node))


def test_units_that_are_not_there():
    class Clock(FakeClock):
        def time(self):
            return 1000.0

    clock = Clock()
    clock.now = 50.0
    text = (
        "Id=glusterd.service\nLoadState=loaded\nActiveState=active\nUnitFileState=enabled\nKillMode=process\n"
        "ActiveEnterTimestampMonotonic=40000000\nEnvironmentFile=/etc/sysconfig/glusterd (ignore_errors=yes)\n"
        "NeedDaemonReload=yes\n\n"
        "Id=glusterfsd.service\nLoadState=not-found\nActiveState=inactive\nActiveEnterTimestampMonotonic=0\n"
    )
    units = parse_units(text, clock)
    assert units["glusterd"] == (True, True, True, 990.0, "process", "/etc/sysconfig/glusterd", True)
    assert not units["glusterfsd"].exists and not units["glusterfsd"].stale


class Systemd:
    """Notes what is run, and whether glusterd's unit is told to keep the bricks at that moment."""

    def __init__(self, rc=0):
        self.texts, self.seen, self.rc = {}, [], rc

    def replace(self, path, text, mode=None):
        self.texts[path] = text

    def remove(self, path):
        del self.texts[path]

    def run(self, argv, timeout):
        self.seen.append((argv[1], "KillMode=process" in self.texts.get(DROP_IN, "")))
        return Result(self.rc if argv[1] == "restart" else 0, "", "")


def test_a_restart_keeps_the_bricks():
    systemd = Systemd()
    DaemonHost(systemd, 5, systemd).restart("control-group")
    assert systemd.seen == [("daemon-reload", True), ("restart", True), ("daemon-reload", False)]
    systemd.seen.clear()
    DaemonHost(systemd, 5, systemd).restart("process")
    assert systemd.seen == [("restart", False)]


def test_a_restart_that_fails_leaves_the_unit_as_it_was():
    systemd = Systemd(rc=1)
    with pytest.raises(CommandError, match="restarting glusterd"):
        DaemonHost(systemd, 5, systemd).restart("control-group")
    assert systemd.seen[-1] == ("daemon-reload", False)
