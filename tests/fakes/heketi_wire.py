# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Leads from the engine to the fake heketi without a socket, and breaks on demand."""

import email.utils
from typing import Dict, NamedTuple

from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.client import Heketi
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.transport import NoAnswer, Response
from ansible_collections.brickwork.gluster.tests.fakes.clock import FakeClock
from ansible_collections.brickwork.gluster.tests.fakes.heketi.service import Heketi as Server


class Cut(Exception):
    """Ends a run as a kill does; nothing of the engine catches it."""


class Sent(NamedTuple):
    """A request that was sent."""

    method: str
    path: str
    body: bytes
    headers: Dict[str, str]


class Wire:
    """A transport to one server, which keeps what was sent."""

    def __init__(self, app):
        self.app = app
        self.sent = []
        #: Number of requests after which the run is cut off, before or after the server has got the next one.
        self.cut_before = self.cut_after = None
        #: Whether the answer to a request is lost: lose(method, path).
        self.lose = lambda method, path: False
        #: For how many seconds the answer to the request of a path was waited for at most.
        self.limits = {}
        #: Until when, by the server's clock, nothing listens: it is being restarted.
        self.down_until = 0

    def send(self, method, path, headers, body, timeout):
        if self.cut_before == len(self.sent):
            raise Cut()
        if self.app.clock.monotonic() < self.down_until:
            raise NoAnswer("no answer from http://heketi:8080: [Errno 111] Connection refused")
        self.sent.append(Sent(method, path, body, headers))
        self.limits[path] = timeout
        answer = self.app.answer(method, path, headers, body or b"")
        if self.cut_after == len(self.sent):
            raise Cut()
        if self.lose(method, path):
            raise NoAnswer("no answer from http://heketi:8080: timed out")
        date = email.utils.formatdate(self.app.clock.time(), usegmt=True)
        return Response(answer.status, dict(answer.headers, Date=date), answer.body.decode("utf-8", "replace"))

    @property
    def changes(self):
        """What was sent that is no read."""
        return [sent for sent in self.sent if sent.method != "GET"]


def new_server(**settings):
    """Return a server whose clock passes only while somebody sleeps."""
    return Server(clock=FakeClock(), **settings)


def client_of(app, user="admin", key="adminkey", wire=None, **limits):
    """Return a client that talks to the server, over a wire of its own unless one is given."""
    return Heketi(wire or Wire(app), user, key, clock=app.clock, **limits)
