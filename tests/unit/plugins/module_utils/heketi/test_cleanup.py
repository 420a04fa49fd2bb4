# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import PlanError, VerifyError
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.cleanup import CleanupOperation
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import StepError, converge
from ansible_collections.brickwork.gluster.tests.fakes.heketi import pending
from ansible_collections.brickwork.gluster.tests.fakes.heketi_wire import Cut, Wire, client_of, new_server


@pytest.fixture
def app():
    return new_server()


def left_over(app, kind="create-volume", undo=lambda: None):
    held = pending.begin(app, kind, [(3, "0" * 32)])
    held.undo = undo
    return held


def operation(app, wanted=(), wire=None, timeout=60):
    return CleanupOperation(client_of(app, wire=wire), wanted, timeout, app.clock)


def test_all_that_can_be_cleaned_up_is(app):
    undone = []
    held = [left_over(app, undo=lambda: undone.append("create")), left_over(app, "delete-volume")]
    kept = left_over(app, "clone-volume", undo=None)
    pending.make_stale(app.state)
    busy = left_over(app)
    wire = Wire(app)
    planned = converge(operation(app, wire=wire), check_mode=True)
    assert wire.changes == [] and all(step.destroys for step in planned.steps)
    done = converge(operation(app))
    assert done.describe() == planned.describe() and len(done.steps) == len(held) and undone == ["create"]
    assert set(app.state.operations) == {kept.id, busy.id}
    assert (len(planned.findings["pending_operations"]), len(done.findings["pending_operations"])) == (4, 2)
    assert sorted(text.split()[2] for text in done.warnings) == ["clone-volume", "create-volume"]
    assert converge(operation(app)).steps == []


def test_one_by_its_id_and_none_else(app):
    wanted, other = left_over(app), left_over(app)
    pending.make_stale(app.state)
    converge(operation(app, [wanted.id]))
    assert set(app.state.operations) == {other.id}
    assert converge(operation(app, [wanted.id])).steps == []


def test_one_that_is_worked_on_is_refused(app):
    held = left_over(app)
    wire = Wire(app)
    with pytest.raises(PlanError, match="operations: create-volume %s .in-flight. has to end first" % held.id):
        converge(operation(app, [held.id], wire))
    assert wire.changes == []


def test_a_success_that_cleaned_up_nothing_is_none(app):
    held = left_over(app, "remove-device", undo=None)
    pending.make_stale(app.state)
    with pytest.raises(VerifyError, match="still to do: clean up remove-device %s" % held.id):
        converge(operation(app, [held.id]))


def test_a_lost_answer_is_read_again(app):
    left_over(app)
    pending.make_stale(app.state)
    wire = Wire(app)
    wire.lose = lambda method, path: method == "POST"
    converge(operation(app, wire=wire))
    assert len(wire.changes) == 1 and not app.state.operations


def test_a_restart_of_heketi_is_waited_out(app):
    left_over(app)
    pending.make_stale(app.state)
    wire = Wire(app)
    wire.lose = lambda method, path: (
        method == "POST" and setattr(wire, "down_until", app.clock.monotonic() + 20) is None
    )
    converge(operation(app, wire=wire))
    assert len(wire.changes) == 1 and not app.state.operations


def test_a_lost_request_ends_with_its_reason(app):
    held = left_over(app, undo=None)
    pending.make_stale(app.state)
    wire = Wire(app)
    wire.lose = lambda method, path: method == "POST"
    with pytest.raises(StepError, match="create-volume %s .stale.: no answer from .*; still not done" % held.id):
        converge(operation(app, wire=wire, timeout=5))


def test_a_run_that_was_cut_off_is_ended_by_the_next(app):
    for _number in range(3):
        left_over(app)
    pending.make_stale(app.state)
    wire = Wire(app)
    # Four reads, the first cleanup, and a look at its job.
    wire.cut_after = 6
    with pytest.raises(Cut):
        converge(operation(app, wire=wire))
    assert len(app.state.operations) == 2
    converge(operation(app))
    assert not app.state.operations
