# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fresh machine becomes the member again that it was, cut off anywhere, with systemd and glusterd in memory."""

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.command import Result
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.host import DaemonHost, parse_units
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.identity import (
    IdentityOperation,
    desired_identity,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError, PlanError, UnsafeChangeError
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import converge
from ansible_collections.brickwork.gluster.tests.fakes.clock import FakeClock
from ansible_collections.brickwork.gluster.tests.fakes.cluster import FakeCluster, PowerCut

OWN, PEER, FRESH = ("%s-5f0b-4f0e-9c55-4b3b6a1f9d10" % (8 * digit) for digit in "123")
FOLDER = "/var/lib/glusterd/"
PARAMETERS = {"uuid": OWN, "op_version": 100000, "peer_uuid": PEER, "peer_address": "192.168.72.101"}
ALL = ["stop", "write_identity", "write_peer", "start"]


class Node(DaemonHost):
    """A machine on which glusterd has just been installed, and gave itself a uuid."""

    def __init__(self):
        super().__init__(self, 5, self)
        self.texts = {FOLDER + "glusterd.info": "UUID=%s\noperating-version=100000\n" % FRESH}
        self.active = True
        self.exists = True
        self.cut_at = None
        self.changes = 0

    def _change(self):
        if self.changes == self.cut_at:
            raise PowerCut
        self.changes += 1

    def read(self, path):
        return self.texts.get(path, "")

    def entries(self, folder):
        return [path.rpartition("/")[2] for path in self.texts if path.startswith(folder + "/")]

    def replace(self, path, text, mode=None):
        self._change()
        assert mode == 0o600
        # A glusterd that runs would write its own over it.
        assert not self.active
        self.texts[path] = text

    def units(self):
        state = "loaded" if self.exists else "not-found"
        shown = "Id=glusterd.service\nLoadState=%s\nActiveState=%s\nUnitFileState=enabled\nKillMode=control-group"
        return parse_units(shown % (state, "active" if self.active else "inactive"), FakeClock())

    def run(self, argv, timeout):
        self._change()
        self.active = argv[1] == "start"
        return Result(0, "", "")


@pytest.fixture
def node():
    return Node()


def run(node, check_mode=False):
    cluster = FakeCluster("h1", "h2")
    cluster.form_pool("h1", "h2")
    clock = FakeClock()
    operation = IdentityOperation(node, Gluster(cluster.on("h1"), clock=clock), desired_identity(PARAMETERS), 5, clock)
    return converge(operation, check_mode)


def kinds(plan):
    return [step.kind for step in plan.steps]


def is_member(node):
    return node.active and node.texts == {
        FOLDER + "glusterd.info": "UUID=%s\noperating-version=100000\n" % OWN,
        FOLDER + "peers/" + PEER: "uuid=%s\nstate=3\nhostname1=192.168.72.101\n" % PEER,
    }


def test_glusterd_is_stopped_gets_its_uuid_and_one_peer_and_starts(node):
    plan = run(node)
    assert kinds(plan) == ALL and is_member(node) and plan.findings == {"uuid": OWN}
    assert run(node).steps == []


def test_check_mode_shows_the_steps_and_changes_nothing(node):
    assert kinds(run(node, check_mode=True)) == ALL and node.changes == 0


@pytest.mark.parametrize("at", range(4))
def test_a_run_that_was_cut_off_is_continued_by_the_next_one(node, at):
    node.cut_at = at
    with pytest.raises(PowerCut):
        run(node)
    node.cut_at = None
    run(node)
    assert is_member(node)


def test_a_boot_in_the_middle_that_starts_glusterd_is_no_end(node):
    node.cut_at = 2
    with pytest.raises(PowerCut):
        run(node)
    node.cut_at, node.active = None, True
    assert kinds(run(node)) == ALL and is_member(node)


@pytest.mark.parametrize("path", ["peers/x", "vols/shared"])
def test_a_node_of_another_pool_keeps_its_identity(node, path):
    node.texts[FOLDER + path] = "something"
    with pytest.raises(UnsafeChangeError, match="^uuid: this node is the member %s of a pool, with" % FRESH):
        run(node)
    assert node.changes == 0


def test_without_glusterd_there_is_nothing_to_give_an_identity_to(node):
    node.exists = False
    with pytest.raises(PlanError, match="install glusterfs-server first"):
        run(node)


@pytest.mark.parametrize(
    ("option", "value"),
    [("uuid", "node2"), ("peer_uuid", "x\ny"), ("peer_address", "127.0.0.1"), ("peer_uuid", OWN)],
)
def test_what_would_become_a_wrong_line_of_a_file_is_refused(option, value):
    with pytest.raises(InputError, match="^%s: found " % option):
        desired_identity(dict(PARAMETERS, **{option: value}))
