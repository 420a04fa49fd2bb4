# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A node on its way into maintenance and back, cut off anywhere, with systemd, processes and pool in memory."""

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.command import Result
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.host import DaemonHost, parse_units
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.maintenance import DesiredNode, NodeOperation
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.mark import (
    CONDITION,
    CONDITION_FILE,
    MARK,
    maintenance_of,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.processes import server_processes
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import PlanError, UnsafeChangeError, VerifyError
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import converge
from ansible_collections.brickwork.gluster.tests.fakes.clock import FakeClock
from ansible_collections.brickwork.gluster.tests.fakes.cluster import FakeCluster, PowerCut

BRICK = "/usr/sbin/glusterfsd -s h1 --volfile-id v.h1.b-v -p /var/run/gluster/vols/v/h1-b-v.pid"
DAEMON = "/usr/sbin/glusterfs -s localhost --volfile-id shd/v -p /run/gluster/shd/v/v-shd.pid --process-name glustershd"
MOUNT = "/usr/sbin/glusterfs --process-name fuse --volfile-server=h1 --volfile-id=v /mnt/v"
ENTER = ["mark_node", "end_bricks", "end_daemons", "stop"]
#: On a node without bricks of the collection, where nobody has written the condition yet.
FIRST = ["heed_mark", *ENTER]


class Node(DaemonHost):
    """The node h1. A start of glusterd brings brick and daemon, unless the mark keeps it from that."""

    def __init__(self, cluster):
        super().__init__(self, 5, self)
        self.cluster = cluster
        self.texts = {CONDITION_FILE: CONDITION}
        #: What systemd has read of its files.
        self.loaded = CONDITION
        self.processes = {11: BRICK, 12: DAEMON, 13: MOUNT, 14: "bash"}
        self.active = True
        self.has_unit = True
        self.stubborn = False
        #: Before which change the power is cut, if it is.
        self.cut_at = None
        self.changes = 0

    def _change(self):
        if self.changes == self.cut_at:
            raise PowerCut
        self.changes += 1

    # Files

    def read(self, path):
        if path.startswith("/proc/"):
            return self.processes.get(int(path.split("/")[2]), "").replace(" ", "\0") + "\0"
        return self.texts.get(path, "")

    def exists(self, path):
        return path in self.texts

    def entries(self, folder):
        return [*map(str, sorted(self.processes)), "uptime"] if folder == "/proc" else []

    def replace(self, path, text, mode=None):
        self._change()
        assert mode == 0o644
        self.texts[path] = text

    def remove(self, path):
        self._change()
        self.texts.pop(path, None)

    # systemd and processes

    def units(self):
        state = "loaded" if self.has_unit else "not-found"
        shown = (
            "Id=glusterd.service\nLoadState=%s\nActiveState=%s\nUnitFileState=enabled\nKillMode=control-group\n"
            "NeedDaemonReload=%s"
        )
        stale = self.loaded != self.texts.get(CONDITION_FILE, "")
        said = (state, "active" if self.active else "inactive", "yes" if stale else "no")
        return parse_units(shown % said, FakeClock())

    def run(self, argv, timeout):
        if argv[1] == "stop":
            self._change()
            self._set(active=False)
            self.processes = {pid: line for pid, line in self.processes.items() if line in (MOUNT, "bash")}
        elif argv[1] == "start":
            self._change()
            if not ("ConditionPathExists=!" + MARK in self.loaded and MARK in self.texts):
                self._set(active=True)
                self.processes.update({21: BRICK, 22: DAEMON})
                self.cluster.processes.pop("h1:/b/v", None)
        elif argv[1] == "daemon-reload":
            self._change()
            self.loaded = self.texts.get(CONDITION_FILE, "")
        return Result(0, "", "")

    def _set(self, active):
        self.active = self.cluster.machines["h1"].up = active

    def started(self, pid):
        return float(pid in self.processes)

    def end(self, pids):
        self._change()
        for pid in [] if self.stubborn else pids:
            if self.processes.pop(pid) == BRICK:
                self.cluster.processes["h1:/b/v"] = None


@pytest.fixture
def cluster():
    made = FakeCluster("h1", "h2", "h3")
    made.form_pool("h1", "h2", "h3")
    gluster = Gluster(made.on("h1"), clock=FakeClock())
    gluster.ask("volume", "create", "v", "replica", "3", "h1:/b/v", "h2:/b/v", "h3:/b/v")
    gluster.ask("volume", "start", "v")
    return made


@pytest.fixture
def node(cluster):
    return Node(cluster)


def run(node, in_maintenance, check_mode=False, **more):
    clock = FakeClock()
    gluster = Gluster(node.cluster.on("h1"), clock=clock)
    operation = NodeOperation(node, gluster, DesiredNode(in_maintenance, **more), 5, clock, lambda _name: [])
    return converge(operation, check_mode)


def kinds(plan):
    return [step.kind for step in plan.steps]


def test_in_and_out_again_each_done_once(node):
    assert kinds(run(node, True, reason="new power supply")) == ENTER
    assert not node.active and server_processes(node) == []
    assert maintenance_of(node).endswith("UTC (new power supply)")
    assert node.processes == {13: MOUNT, 14: "bash"}, "what mounts a volume here goes on"
    again = run(node, True)
    assert again.steps == [] and again.findings["maintenance"].endswith("(new power supply)")
    assert kinds(run(node, False)) == ["unmark_node", "start"]
    assert node.active and maintenance_of(node) == ""
    assert run(node, False).steps == []


def test_nothing_starts_glusterd_meanwhile(node):
    run(node, True)
    node.run(["systemctl", "start", "glusterd"], 5)
    assert not node.active


def test_check_mode_tells_the_steps_and_takes_none(node):
    assert kinds(run(node, True, check_mode=True)) == ENTER
    assert node.active and node.changes == 0


@pytest.mark.parametrize("first", [False, True], ids=["heeded", "not yet heeded"])
@pytest.mark.parametrize("cut_at", range(4))
def test_a_way_in_that_was_cut_off_is_gone_to_its_end(node, cut_at, first):
    if first:
        node.texts, node.loaded = {}, ""
    node.cut_at = cut_at
    with pytest.raises(PowerCut):
        run(node, True)
    node.cut_at = None
    # The first step of a node that heeds no mark is two changes: the file, and having systemd read it.
    left = (FIRST if first else ENTER)[max(cut_at - first, 0) :]
    # What clients write meanwhile waits for the bricks that are ended already.
    node.cluster.pending["h2:/b/v"] = 3 if "end_bricks" not in left else 0
    assert kinds(run(node, True)) == left
    assert not node.active and maintenance_of(node)
    node.run(["systemctl", "start", "glusterd"], 5)
    assert not node.active


@pytest.mark.parametrize("loaded", ["", CONDITION], ids=["never read", "removed since"])
def test_a_stopped_node_that_systemd_would_start_is_kept_from_it(node, loaded):
    run(node, True)
    node.loaded, node.texts = loaded, dict(node.texts, **{CONDITION_FILE: CONDITION if not loaded else ""})
    assert kinds(run(node, True)) == ["heed_mark"]
    node.run(["systemctl", "start", "glusterd"], 5)
    assert not node.active and run(node, True).steps == []


@pytest.mark.parametrize("text", ["", "do not touch\n"], ids=["empty", "somebody's"])
def test_a_file_that_somebody_else_has_put_in_the_marks_place_is_a_mark(node, text):
    run(node, True)
    node.texts[MARK] = text
    assert maintenance_of(node) == "an unknown time" and run(node, True).steps == []
    assert kinds(run(node, False)) == ["unmark_node", "start"] and node.active


def test_the_mark_keeps_the_time_and_the_reason_of_the_run_that_was_cut_off(node):
    node.cut_at = 2
    with pytest.raises(PowerCut):
        run(node, True, reason="new power supply")
    node.cut_at = None
    run(node, True, reason="another")
    assert maintenance_of(node).endswith("(new power supply)")


@pytest.mark.parametrize("cut_at", [0, 1])
def test_a_way_out_that_was_cut_off_is_gone_to_its_end(node, cut_at):
    run(node, True)
    node.changes, node.cut_at = 0, cut_at
    with pytest.raises(PowerCut):
        run(node, False)
    node.cut_at = None
    assert kinds(run(node, False)) == ["unmark_node", "start"][cut_at:]
    assert node.active


def test_nothing_is_stopped_while_the_gate_is_closed(node):
    node.cluster.pending["h2:/b/v"] = 3
    with pytest.raises(
        UnsafeChangeError, match="may not be stopped now:\nvolume v: 3 entries of h2:/b/v wait for heal"
    ):
        run(node, True)
    assert node.changes == 0 and node.active
    node.cluster.pending.clear()
    node.cluster.machines["h3"].up = False
    with pytest.raises(UnsafeChangeError, match="h3"):
        run(node, True)


@pytest.mark.parametrize("brick", ["h1:/b/v", "h2:/b/v"])
def test_nothing_is_stopped_while_a_brick_of_the_set_serves_old_files(node, brick):
    """Its process runs and its heal info is empty: glusterd tells its device, and nothing else."""
    node.cluster.devices[brick] = "/dev/mapper/brickwork_sdb-6f0c2d0a51f94f0e8c3a0d7be1f0a9c2_0"
    with pytest.raises(UnsafeChangeError, match="brick %s serves old files" % brick):
        run(node, True)
    assert node.changes == 0 and node.active


def test_volumes_without_a_majority_are_stopped_only_where_they_are_named(node):
    gluster = Gluster(node.cluster.on("h1"), clock=FakeClock())
    gluster.ask("volume", "create", "plain", "h1:/b/p", "h2:/b/p")
    gluster.ask("volume", "start", "plain")
    with pytest.raises(UnsafeChangeError, match="volume plain keeps no copies"):
        run(node, True)
    assert kinds(run(node, True, downtime_ok=frozenset(["plain"]))) == ENTER


def test_bricks_of_which_nobody_can_tell_whether_they_are_needed_stay(node):
    node._set(active=False)
    with pytest.raises(PlanError, match="glusterd does not run here and 1 brick processes do"):
        run(node, True)


def test_a_process_that_does_not_end_ends_the_way_in(node):
    node.stubborn = True
    with pytest.raises(Exception, match="processes 11 do not end within 5 s"):
        run(node, True)
    assert node.active, "glusterd is not stopped before its bricks have ended"


def test_bricks_that_do_not_come_back_are_named(node):
    run(node, True)
    node.cluster.dead.add(("h1", "/b/v"))
    node.run = lambda argv, timeout: (node._set(active=True), Result(0, "", ""))[1]
    with pytest.raises(VerifyError, match="bricks without a process after 5 s: h1:/b/v"):
        run(node, False)


def test_a_machine_without_glusterd_is_none_for_this(node):
    node.has_unit = False
    with pytest.raises(PlanError, match="found no unit glusterd"):
        run(node, True)


# ---- the whole pool


OFFLINE = "brickwork playbook upgrade offline"


def stop_volume(node):
    Gluster(node.cluster.on("h1"), clock=FakeClock()).ask("volume", "stop", "v")
    node.processes = {pid: line for pid, line in node.processes.items() if line != BRICK}


def test_with_the_whole_pool_no_gate_is_asked_and_nothing_may_be_started(node):
    node.cluster.machines["h3"].up = False
    with pytest.raises(UnsafeChangeError, match="volume v is started; stop it first"):
        run(node, True, whole_pool=True, reason=OFFLINE)
    assert node.active and node.changes == 0
    stop_volume(node)
    assert kinds(run(node, True, whole_pool=True, reason=OFFLINE)) == ["mark_node", "end_daemons", "stop"]
    assert not node.active and run(node, True, whole_pool=True).steps == []


def test_with_the_whole_pool_nobody_waits_for_the_others(node):
    stop_volume(node)
    run(node, True, whole_pool=True, reason=OFFLINE)
    node.cluster.machines["h2"].up = node.cluster.machines["h3"].up = False
    assert kinds(run(node, False, whole_pool=True)) == ["unmark_node", "start"]
    assert node.active


def test_a_node_does_not_serve_again_without_the_others(node):
    stop_volume(node)
    run(node, True, whole_pool=True, reason=OFFLINE)
    with pytest.raises(PlanError, match="with all others; run the playbook upgrade with gluster_upgrade_offline: true"):
        run(node, False)
    assert not node.active


def test_the_whole_pool_does_not_start_a_node_that_rests_for_another_reason(node):
    run(node, True, reason="new power supply")
    with pytest.raises(PlanError, match=r"\(new power supply\), and not with all others; have it serve again"):
        run(node, False, whole_pool=True)
    assert not node.active
    run(node, False)
    assert node.active
