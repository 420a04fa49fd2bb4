# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError, PlanError
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.block_plan import desired_block_volume
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.volume import BlockVolumeOperation
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import StepError, converge
from ansible_collections.brickwork.gluster.tests.fakes.heketi import pending
from ansible_collections.brickwork.gluster.tests.fakes.heketi_wire import Cut, Wire, client_of, new_server

DEFAULTS = {"name": "b", "state": "present", "size": 10, "hacount": None, "auth": None, "clusters": []}


@pytest.fixture
def app():
    app = new_server(block_hosting_size=100)
    client = client_of(app)
    cluster = client.change("POST", "/clusters", {"file": True, "block": True})["id"]
    for number in range(4):
        names = {"manage": ["n%s" % number], "storage": ["10.0.0.%s" % number]}
        node = client.change("POST", "/nodes", {"cluster": cluster, "zone": 1, "hostnames": names})["id"]
        client.change("POST", "/devices", {"node": node, "name": "/dev/sdb"})
    return app


def operation(app, wire=None, **desired):
    return BlockVolumeOperation(
        client_of(app, wire=wire), desired_block_volume(dict(DEFAULTS, **desired)), 60, app.clock
    )


def run(app, **desired):
    """Plan in check mode, run, and run again; return the steps' kinds."""
    wire = Wire(app)
    planned = converge(operation(app, wire, **desired), check_mode=True)
    assert wire.changes == []
    done = converge(operation(app, **desired))
    assert planned.describe() == done.describe()
    assert converge(operation(app, **desired)).steps == []
    return [step.kind for step in done.steps]


def refused(app, error=PlanError, **desired):
    wire = Wire(app)
    with pytest.raises(error) as refusal:
        converge(operation(app, wire, **desired))
    assert wire.changes == []
    return str(refusal.value)


def blocks(app):
    return {block.name: (block.size, block.hacount, block.auth) for block in app.state.blockvolumes.values()}


@pytest.mark.parametrize(
    ("desired", "made"),
    [({}, (10, 4, False)), ({"hacount": 2}, (10, 2, False)), ({"auth": True, "size": 7}, (7, 4, True))],
)
def test_it_is_made_and_deleted(app, desired, made):
    assert run(app, **desired) == ["create_volume"]
    assert blocks(app) == {"b": made}
    assert run(app, **dict(desired, state="absent")) == ["delete_volume"]
    assert blocks(app) == {}


def test_only_in_the_clusters_that_are_named(app):
    other = client_of(app).change("POST", "/clusters", {"file": True, "block": True})["id"]
    [first] = [cluster for cluster in app.state.clusters if cluster != other]
    run(app, clusters=[first])
    assert "clusters: block volume b is in cluster %s" % first in refused(app, clusters=[other])


@pytest.mark.parametrize(
    ("desired", "told"),
    [
        ({"size": 11}, "size: block volume b has 10 in heketi, and 11 is asked for; a block volume keeps its size"),
        ({"size": 9}, "and 9 is asked for"),
        ({"hacount": 3}, "hacount: block volume b has 4 in heketi, and 3 is asked for; heketi can't change that"),
        ({"auth": True}, "auth: block volume b has False in heketi"),
    ],
)
def test_differences_are_told(app, desired, told):
    run(app)
    assert told in refused(app, **desired)


def test_all_that_is_wrong_is_told_at_once(app):
    said = refused(app, InputError, name="a b", size=0, hacount=0)
    assert "name: 'a b'" in said and "size: heketi wants GiB from 1" in said and "hacount: heketi wants 1" in said


def test_what_heketi_answers_is_told(app):
    with pytest.raises(StepError) as failure:
        converge(operation(app, size=5000))
    assert "is too small to host the requested block volume" in str(failure.value)


@pytest.mark.parametrize("state", ["present", "absent"])
def test_a_run_that_was_cut_off_is_finished_by_the_next(app, state):
    """Cut off after each of its requests in turn."""
    other = {"present": "absent", "absent": "present"}[state]
    for number in range(1, 20):
        converge(operation(app, state=other))
        wire = Wire(app)
        wire.cut_after = number
        try:
            converge(operation(app, wire, state=state))
            break
        except Cut:
            converge(operation(app, state=state))
            assert len(app.state.blockvolumes) == (state == "present"), number
    assert 5 < number < 19


@pytest.mark.parametrize(("state", "method"), [("present", "POST"), ("absent", "DELETE")])
def test_a_lost_answer_makes_nothing_twice(app, state, method):
    converge(operation(app, state={"present": "absent", "absent": "present"}[state]))
    wire = Wire(app)
    wire.lose = lambda sent, path: sent == method
    converge(operation(app, wire, state=state))
    assert len(wire.changes) == 1 and len(app.state.blockvolumes) == (state == "present")


def test_one_that_a_pending_operation_holds_is_not_touched(app):
    run(app)
    [block_id] = app.state.blockvolumes
    pending.begin(app, "delete-block-volume", [(pending.DELETE_BLOCK, block_id)])
    pending.make_stale(app.state)
    assert "delete-block-volume" in refused(app, state="absent")
