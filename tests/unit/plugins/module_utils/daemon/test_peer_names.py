# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Another member's new name comes first in this node's file, cut off anywhere, with systemd and glusterd in memory."""

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.command import Result
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.host import DaemonHost, parse_units
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.peer_names import NamesOperation, desired_name
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import PlanError, UnsafeChangeError, VerifyError
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import StepError, converge
from ansible_collections.brickwork.gluster.tests.fakes.clock import FakeClock
from ansible_collections.brickwork.gluster.tests.fakes.cluster import FakeCluster, PowerCut, uuid_of

FILE = "/var/lib/glusterd/peers/" + uuid_of("h2")
TEXT = "uuid=%s\nstate=3\nhostname1=h2\nhostname2=new2\n" % uuid_of("h2")
DONE = TEXT.replace("hostname1=h2\nhostname2=new2", "hostname1=new2\nhostname2=h2")
ALL = ["stop", "put_name_first", "start"]


class Node(DaemonHost):
    """A member whose glusterd runs; bricks says whether its bricks do."""

    def __init__(self, kill_mode="control-group"):
        super().__init__(self, 5, self)
        self.texts = {FILE: TEXT}
        self.active = self.bricks = True
        self.kill_mode = kill_mode
        self.cut_at = None
        self.changes = 0
        self.cluster = FakeCluster("h1", "h2")
        self.cluster.form_pool("h1", "h2")
        self.cluster.aliases = {"new2": "h2"}

    def _change(self):
        if self.changes == self.cut_at:
            raise PowerCut
        self.changes += 1

    def read(self, path):
        return self.texts.get(path, "")

    def replace(self, path, text, mode=None):
        self._change()
        # A glusterd that runs may write its own over it at any time.
        assert path != FILE or not self.active
        self.texts[path] = text

    def remove(self, path):
        self.texts.pop(path, None)

    def units(self):
        shown = "Id=glusterd.service\nLoadState=loaded\nActiveState=%s\nUnitFileState=enabled\nKillMode=%s"
        return parse_units(shown % ("active" if self.active else "inactive", self.kill_mode), FakeClock())

    def run(self, argv, timeout):
        if argv[1] != "daemon-reload":
            self._change()
            self.active = argv[1] == "start"
            overridden = any("brickwork-restart" in path for path in self.texts)
            self.bricks = self.active or self.kill_mode == "process" or overridden
            self.cluster.machines["h1"].up = self.active
        return Result(0, "", "")


@pytest.fixture
def node():
    return Node()


def run(node, check_mode=False, name="h2", address="new2"):
    clock = FakeClock()
    desired = desired_name({"uuid": uuid_of(name), "address": address})
    operation = NamesOperation(node, Gluster(node.cluster.on("h1"), clock=clock), desired, 5, clock)
    plan = converge(operation, check_mode)
    return [step.kind for step in plan.steps], plan.findings["names"]


@pytest.mark.parametrize("kill_mode", ["control-group", "process"])
def test_the_name_comes_first_and_the_bricks_go_on(kill_mode):
    node = Node(kill_mode)
    assert run(node, check_mode=True) == (ALL, ["h2", "new2"]) and node.changes == 0
    assert run(node) == (ALL, ["new2", "h2"])
    assert node.texts == {FILE: DONE} and node.active and node.bricks
    assert run(node) == ([], ["new2", "h2"])


def test_the_bricks_go_on_while_glusterd_is_stopped(node):
    node.cut_at = 3
    with pytest.raises(PowerCut):
        run(node)
    assert not node.active and node.bricks


@pytest.mark.parametrize("at", range(6))
def test_a_run_that_was_cut_off_is_continued_by_the_next(node, at):
    node.cut_at = at
    try:
        run(node)
    except PowerCut:
        node.cut_at = None
        run(node)
    node.cut_at = None
    assert node.texts[FILE] == DONE and node.active and run(node)[0] == []


def test_a_name_that_the_file_lacks_is_written_before_the_others(node):
    node.texts[FILE] = TEXT.replace("hostname2=new2\n", "")
    run(node)
    assert node.texts[FILE] == DONE


def test_names_are_read_by_their_numbers(node):
    lines = ["uuid=u", "hostname10=j", "hostname2=b", "state=3", "hostname1=new2"]
    node.texts[FILE] = "\n".join(lines) + "\n"
    assert run(node) == ([], ["new2", "b", "j"])


@pytest.mark.parametrize("aliases", [{}, {"new2": "h1"}])
def test_where_another_one_or_nobody_is_at_the_address_nothing_is_done(node, aliases):
    node.cluster.aliases = aliases
    with pytest.raises(UnsafeChangeError, match="at new2 from this node, and not the member"):
        run(node)
    assert node.changes == 0


def test_a_node_that_does_not_know_the_member_is_none_of_its_pool(node):
    with pytest.raises(PlanError, match="found no /var/lib/glusterd/peers/%s on this node" % uuid_of("h9")):
        run(node, name="h9")


def test_while_a_member_is_away_glusterd_is_not_stopped(node):
    node.cluster.machines["h3"] = type(node.cluster.machines["h1"])("h3")
    node.cluster.form_pool("h1", "h2", "h3")
    node.cluster.machines["h3"].up = False
    with pytest.raises((StepError, VerifyError), match="pool: not whole after 5 s"):
        run(node)
    assert node.changes == 0 and node.active
