# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pending operations: what is under way stands in the database, and what was cut off stays there."""

from types import SimpleNamespace

from . import request
from .wire import Refusal, accepted, compact

ADD_BRICK, DELETE_BRICK, ADD_VOLUME, DELETE_VOLUME, EXPAND_VOLUME = 1, 2, 3, 4, 5
ADD_BLOCK, DELETE_BLOCK, REMOVE_DEVICE, CLONE_VOLUME, ADD_CLONE = 6, 7, 8, 9, 11

_CHANGES = {
    ADD_BRICK: "Add brick",
    DELETE_BRICK: "Delete brick",
    ADD_VOLUME: "Add volume",
    DELETE_VOLUME: "Delete volume",
    EXPAND_VOLUME: "Expand volume",
    ADD_BLOCK: "Add block volume",
    DELETE_BLOCK: "Delete block volume",
    REMOVE_DEVICE: "Remove device",
    CLONE_VOLUME: "Clone volume from",
    ADD_CLONE: "Expand volume to",
}
KINDS = (
    "create-volume",
    "delete-volume",
    "expand-volume",
    "create-block-volume",
    "delete-block-volume",
    "remove-device",
    "clone-volume",
)


def begin(app, kind, changes):
    """Store an operation that is under way; changes are pairs of number and id."""
    operation = SimpleNamespace(
        id=app.ids("operation", kind=kind, changes=changes),
        kind=kind,
        changes=changes,
        status="",
        in_flight=True,
        timestamp=int(app.clock.time()),
        undo=None,
    )
    app.state.operations[operation.id] = operation
    return operation


def make_stale(state):
    """After a restart nobody works any longer on what was under way."""
    for operation in state.operations.values():
        operation.in_flight = False
        operation.status = operation.status or "stale"


def counts(app, _request):
    entries = list(app.state.operations.values())
    status = [entry.status for entry in entries]
    return compact(
        {
            "total": len(entries),
            "in_flight": len([entry for entry in entries if entry.in_flight]),
            "stale": status.count("stale"),
            "failed": status.count("failed"),
            "new": status.count(""),
        }
    )


def listed(app, _request):
    entries = [_head(app.state.operations[name], True) for name in sorted(app.state.operations)]
    return compact({"pendingoperations": entries})


def details(app, _request, op_id):
    operation = app.state.operations.get(op_id)
    if operation is None:
        raise Refusal(404, "Id not found: " + op_id)
    changes = [{"id": change_id, "description": _CHANGES[number]} for number, change_id in operation.changes]
    return compact(dict(_head(operation, False), changes=changes))


def _head(operation, with_sub_status):
    sub_status = "in-flight" if with_sub_status and operation.in_flight else ""
    return {"id": operation.id, "type_name": operation.kind, "status": operation.status, "sub_status": sub_status}


def clean_up(app, asked):
    """Undo what is left of operations that nobody works on. Those that can't be undone stay, and nothing says so."""
    desired = request.parse(asked.body, {"operations": [str]})
    request.validate({"operations": request.uuids(desired["operations"])})
    wanted = desired["operations"] or sorted(app.state.operations)

    def finish():
        for op_id in wanted:
            operation = app.state.operations.get(op_id)
            if operation is not None and operation.status and operation.undo:
                operation.undo()
                del app.state.operations[op_id]

    return accepted(app.queue.add(finish), "POST")
