# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every recorded exchange with a real heketi 9.0.0 is replayed against the fake, which must answer alike.

Alike is byte for byte, headers included but for the date. What was chance in the real server (ids, devices) the fake is
given, see heketi_recording; how long each job is pending, and what time it is, is taken from the recording, too.
"""

import json

import pytest

from ansible_collections.brickwork.gluster.tests.fakes.heketi import allocator, blocks, request, state, tokens, wire
from ansible_collections.brickwork.gluster.tests.fakes.heketi.service import Heketi
from ansible_collections.brickwork.gluster.tests.fakes.heketi_recording import SERVERS, Chance, exchanges, headers_of

#: Exchanges that are sent, and whose answers are not compared.
EXCLUDED = {
    26: "/metrics tells of Go's memory",
    352: "/backup/db is a file of bolt's, of which the recording keeps the length only",
    356: "/internal/state/examine/gluster tells what the mock executor makes up about the nodes",
    365: "/metrics tells of Go's memory",
    381: "a panic answers with Go's stack",
}
#: What was done to the real server besides sending requests, before the exchange of that number.
EVENTS = {
    15: lambda app: app.clock.set(498744 * 3600 + 51 * 60 + 43),
    310: lambda app: app.faults.add("replace_brick", "Id not found"),
    361: lambda app: setattr(app, "mode", "normal"),
    369: lambda app: app.clock.set(1795481526),
    20002: lambda app: app.faults.add("glusterd"),
    20006: lambda app: app.faults.add("glusterd"),
    20007: lambda app: app.faults.add(
        "peer_probe", "peer probe: failed: Probe returned with Transport endpoint is not connected"
    ),
    20028: lambda app: app.faults.add(
        "device_setup",
        "Setup of device /dev/sdb failed (already initialized or contains data?):   "
        "Can't open /dev/sdb exclusively.  Mounted filesystem?",
    ),
    20099: lambda app: app.faults.add(
        "volume_create",
        "Unable to execute command on node1.mgmt.test: volume create: slow4: failed: "
        "Host 10.0.0.12 is not in 'Peer in Cluster' state",
    ),
    20103: lambda app: (app.faults.add("volume_create", "gluster volume create failed"), app.faults.add("rollback")),
    20116: lambda app: app.faults.add("volume_destroy"),
    20196: lambda app: app.faults.add("heal_info"),
    20202: lambda app: app.faults.add("device_teardown", TEARDOWN, times=2),
    20207: lambda app: app.restart(),
}
#: The recorded token does not tell its key; heketi-cli was given a wrong one here.
WRONG_SECRET = (10171,)
TEARDOWN = "Failed to delete device /dev/sdb with id x on host node1: vgremove failed"
SETTINGS = {
    1: {"block_hosting_size": 100, "log_level": "debug"},
    10001: {"log_level": "debug"},
    20001: {"max_inflight": 2},
}


class Clock:
    """Stands still but for a second before each poll."""

    def __init__(self):
        self.wall = 1795481000.0
        self.polls = 0

    def set(self, wall):
        self.wall = float(wall)

    def time(self):
        return self.wall

    def monotonic(self):
        return self.polls


def replayed(first):
    """Yield every exchange with one server, and the fake's answer to the same request."""
    rows = exchanges(first)
    chance = Chance(rows)
    app = Heketi(ids=chance.ids, choose=chance.choose, clock=Clock(), **SETTINGS[first])
    for position, row in enumerate(rows):
        chance.position = position
        EVENTS.get(row["seq"], lambda _app: None)(app)
        app.clock.polls += row["path"].startswith("/queue/")
        app.duration = chance.pending_polls(position) + 1
        keys = dict(app.keys, admin="wrong") if row["seq"] in WRONG_SECRET else app.keys
        headers = headers_of(row, keys, app.clock.time())
        yield row, app.answer(row["method"], row["path"], headers, (row["request_body"] or "").encode())


def told(status, headers, body, path):
    """Return what an answer tells. The check lists what it found in the order of Go's maps, which is chance."""
    headers = {name: value for name, value in headers.items() if name != "Date"}
    if path == "/db/check":
        parts = json.loads(body)
        for part in parts.values():
            if isinstance(part, dict) and part["inconsistencies"]:
                part["inconsistencies"].sort()
        body = json.dumps(parts)
    return status, headers, body


def differences():
    found = []
    counts = {"replayed": 0, "matched": 0, "excluded": 0}
    for first in SERVERS:
        for row, answer in replayed(first):
            counts["replayed"] += 1
            if row["seq"] in EXCLUDED:
                counts["excluded"] += 1
                continue
            wanted = told(row["status"], row["response_headers"], row["response_body"], row["path"])
            given = told(answer.status, answer.headers, answer.body.decode(), row["path"])
            counts["matched"] += wanted == given
            if wanted != given:
                found.append((row["seq"], row["label"], wanted, given))
    return counts, found


def test_every_recorded_exchange_is_answered_alike(capsys):
    counts, found = differences()
    with capsys.disabled():
        print("\nheketi 9.0.0: %(replayed)s exchanges replayed, %(matched)s matched, %(excluded)s excluded:" % counts)
        for number, reason in sorted(EXCLUDED.items()):
            print("  %s: %s" % (number, reason))
    assert found == []
    assert counts["replayed"] == 846
    assert counts["matched"] + counts["excluded"] == 846
    assert counts["excluded"] < 0.05 * 846


@pytest.mark.parametrize("number", [2, 38, 61, 179, 261, 382, 10003, 20137])
def test_a_wrong_answer_would_be_seen(number):
    row = next(row for first in SERVERS for row in exchanges(first) if row["seq"] == number)
    right = told(row["status"], row["response_headers"], row["response_body"], row["path"])
    assert right != told(row["status"] + 1, row["response_headers"], row["response_body"], row["path"])
    assert right != told(row["status"], {}, row["response_body"], row["path"])
    assert right != told(row["status"], row["response_headers"], row["response_body"] + " ", row["path"])


@pytest.mark.parametrize(
    ("part", "name", "value"),
    [
        (tokens, "LEEWAY", 30),
        (wire, "BUFFER", 100000),
        (state, "EXTENT", 1024),
        (allocator, "MIN_BRICK", 2 * allocator.MIN_BRICK),
        (blocks, "RESERVED", 3),
        (request, "MAX_TAGS", 64),
    ],
)
def test_a_fake_that_behaves_otherwise_would_be_seen(monkeypatch, part, name, value):
    monkeypatch.setattr(part, name, value)
    with pytest.raises(AssertionError):
        assert differences()[1] == []
