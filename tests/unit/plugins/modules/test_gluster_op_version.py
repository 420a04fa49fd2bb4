# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""gluster_op_version on a pool in memory: raised as far as members and clients allow, and never lowered."""

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError, PlanError
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.op_version import OpVersionOperation
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import converge
from ansible_collections.brickwork.gluster.tests.fakes.clock import FakeClock
from ansible_collections.brickwork.gluster.tests.fakes.cluster import FakeCluster

BRICK = "h1:/b/v"


@pytest.fixture
def cluster():
    made = FakeCluster("h1", "h2")
    made.form_pool("h1", "h2")
    made.op_version, made.max_op_version = 90000, 110000
    gluster = Gluster(made.on("h1"), clock=FakeClock())
    gluster.ask("volume", "create", "v", BRICK)
    gluster.ask("volume", "start", "v")
    return made


def run(cluster, desired=None, check_mode=False):
    return converge(OpVersionOperation(Gluster(cluster.on("h1"), clock=FakeClock()), desired), check_mode)


def test_it_becomes_the_highest_that_all_support_and_stays_so(cluster):
    cluster.clients[BRICK], cluster.client_versions = ["10.0.0.9"], {"10.0.0.9": 110000}
    assert [step.kind for step in run(cluster, check_mode=True).steps] == ["set_op_version"]
    assert cluster.op_version == 90000
    assert run(cluster).findings == {"op_version": 110000, "highest": 110000, "older_clients": []}
    assert cluster.op_version == 110000 and run(cluster).steps == []


def test_an_old_client_holds_it_back_and_is_named(cluster):
    cluster.clients[BRICK], cluster.client_versions = ["10.0.0.9", "10.0.0.8"], {"10.0.0.9": 100000, "10.0.0.8": 110000}
    assert run(cluster).findings["older_clients"] == [{"address": "10.0.0.9", "op_version": 100000}]
    assert cluster.op_version == 100000
    with pytest.raises(PlanError, match=r"^op_version: 110000 is more than .* 10.0.0.9 \(100000\)"):
        run(cluster, 110000)
    assert cluster.op_version == 100000


def test_a_client_that_is_older_than_the_pool_changes_nothing(cluster):
    cluster.clients[BRICK], cluster.client_versions = ["10.0.0.9"], {"10.0.0.9": 70200}
    assert run(cluster).steps == [] and run(cluster, 90000).steps == []


@pytest.mark.parametrize(("desired", "said"), [(70200, "never goes back"), (120000, "the members support 110000")])
def test_what_can_not_be_is_refused(cluster, desired, said):
    with pytest.raises(InputError, match="^op_version: found %s, .*%s" % (desired, said)):
        run(cluster, desired)


def test_a_pool_without_started_volumes_has_no_clients(cluster):
    cluster.machines["h1"].volumes["v"]["status"] = "Stopped"
    assert run(cluster).findings["op_version"] == 110000
