# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes over the wire: answers, refusals, and JSON as Go writes it."""

import json
from typing import Dict, NamedTuple

#: Go's net/http sends a body that is longer than its buffer in chunks, and a shorter one with its length.
BUFFER = 2048

_PLAIN = {"Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff"}
_JSON = {"Content-Type": "application/json; charset=UTF-8"}
_HTML = {"Content-Type": "text/html; charset=utf-8"}


class Answer(NamedTuple):
    """Status, headers and body."""

    status: int
    headers: Dict[str, str]
    body: bytes = b""


class Refusal(Exception):
    """A request that is answered with an error text."""

    def __init__(self, status, text):
        super().__init__(text)
        self.answer = refused(status, text)


class Failure(Exception):
    """An operation that fails while nobody waits: the text that its queue entry tells."""


def refused(status, text):
    return Answer(status, dict(_PLAIN), (text + "\n").encode())


def compact(value, status=200):
    """Answer with JSON as Go's encoder writes it."""
    return Answer(status, dict(_JSON), (go_json(value) + "\n").encode())


def indented(value):
    """Answer with JSON as the database dump and check write it."""
    return Answer(200, dict(_JSON), (go_json(value, 4) + "\n").encode())


def go_json(value, indent=None):
    separators = (",", ": ") if indent else (",", ":")
    text = json.dumps(value, indent=indent, separators=separators, ensure_ascii=False)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def empty_json():
    return Answer(200, dict(_JSON))


def no_content():
    return Answer(204, {})


def accepted(location, method):
    """Answer that the queue has the request; Go gives a GET a page with the link."""
    answer = linked(202, location, "Accepted") if method == "GET" else Answer(202, {})
    return answer._replace(headers=dict(answer.headers, Location=location))


def linked(status, location, word):
    page = '<a href="%s">%s</a>.\n\n' % (location, word)
    return Answer(status, dict(_HTML, Location=location), page.encode())


def finished(answer):
    """Return the answer with what tells the length of its body."""
    if answer.status == 204 or "Content-Length" in answer.headers:
        return answer
    framing = {"Content-Length": str(len(answer.body))}
    if len(answer.body) > BUFFER:
        framing = {"Transfer-Encoding": "chunked"}
    return answer._replace(headers=dict(answer.headers, **framing))
