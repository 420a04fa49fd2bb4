# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Talks to a heketi server. PRIVATE to the collection."""

import email.utils
import itertools
import json
import re
import time
from typing import Any, Dict, Optional

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import BrickworkError, ParseError
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.advice import advice_for
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.tokens import make_token
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.transport import (
    HttpTransport,
    NoAnswer,
    Response,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.waiting import Clock

#: Seconds between two looks at a job: heketi-cli looks every quarter of a second, we ever more seldom.
FIRST_PAUSE = 0.25
LAST_PAUSE = 2.0
#: Seconds before a request that came at a busy time is sent again.
BUSY_PAUSE = 5.0
#: Seconds that no request takes.
LONGEST = 24 * 60 * 60

_BUSY = 429
#: What a program says below its reason.
_HELP = ("Usage:", "usage:", "Try ")
_REASON = re.compile(r"\b(must|can't|cannot|could not|error|fail|failed|invalid|refused|too|no such|not found)\b", re.I)


class HeketiError(BrickworkError):
    """A refusal of the server; keeps its status and its text, and says what to do."""

    def __init__(self, status: int, text: str, advice: str = "") -> None:
        super(HeketiError, self).__init__("heketi says: %s%s" % (brief(text), "; " + advice if advice else ""))
        self.status = status
        self.text = text


def brief(text: str) -> str:
    """Return the first line of a text and, if it stands further down, the line with the reason.

    Where mkfs fails, heketi passes on all that it says: a page about its options below the reason.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    said = list(itertools.takewhile(lambda line: not line.startswith(_HELP), lines))
    reasons = [line for line in said[1:] if _REASON.search(line)] or said[-1:]
    return " ".join(dict.fromkeys(said[:1] + reasons[:1])) or lines[0]


class JobLost(NoAnswer):
    """The server no longer knows the job: it was restarted, or somebody else has read the result."""


class TimeUp(BrickworkError):
    """The server is still at it."""


class Heketi:
    """Asks as one user. Nobody but this object knows the key; no error and no record has it."""

    def __init__(
        self,
        transport: HttpTransport,
        user: str,
        key: str,
        request_timeout: float = 180,
        job_timeout: float = 600,
        clock: Clock = time,
    ) -> None:
        """Both limits are in seconds: for one request, and for the work that a request begins."""
        self._transport = transport
        self._user = user
        self._key = key
        self._request_timeout = request_timeout
        self._job_timeout = job_timeout
        self._clock = clock

    def read(self, path: str, at_most: Optional[float] = None) -> Any:
        """Return what a path shows, as data; within that many seconds, if that is less than what a request may take."""
        return self._data(path, self._refusing_errors(self._send("GET", path, at_most=at_most)))

    def change(self, method: str, path: str, body: Optional[Dict[str, Any]] = None) -> Any:
        """Have something changed, wait until it is done, and return what the server shows of it, or None.

        Raises HeketiError for a refusal, NoAnswer where only a fresh read tells what was done, and TimeUp.
        """
        answer = self._when_not_busy(method, path, body)
        if answer.status == 202:
            return self._result_of(answer.header("Location"))
        return self._data(path, answer) if answer.body else None

    def _when_not_busy(self, method: str, path: str, body: Optional[Dict[str, Any]]) -> Response:
        deadline = self._clock.monotonic() + self._job_timeout
        while True:
            answer = self._send(method, path, body)
            if answer.status != _BUSY or self._clock.monotonic() >= deadline:
                return self._refusing_errors(answer)
            self._clock.sleep(BUSY_PAUSE)

    def _result_of(self, job: str) -> Any:
        """Look at a job until it is done. Its result can be read only once, so whoever asks must take it."""
        deadline = self._clock.monotonic() + self._job_timeout
        pause = FIRST_PAUSE
        while True:
            self._clock.sleep(pause)
            answer = self._job_answer(job)
            if answer.status == 303:
                return self.read(answer.header("Location"))
            if not answer.header("X-Pending"):
                return None
            if self._clock.monotonic() >= deadline:
                raise TimeUp(
                    "timeout: heketi is still at it after %s s, and goes on by itself; run again later, or raise it"
                    % self._job_timeout
                )
            pause = min(pause * 1.5, LAST_PAUSE)

    def _job_answer(self, job: str) -> Response:
        answer = self._send("GET", job)
        if answer.status == 404:
            raise JobLost("heketi no longer knows the job %s; it may have been restarted" % job)
        return self._refusing_errors(answer)

    def _send(
        self, method: str, path: str, body: Optional[Dict[str, Any]] = None, at_most: Optional[float] = None
    ) -> Response:
        """Send one request with a token of its own."""
        token = make_token(self._user, self._key, method, path.partition("?")[0], self._clock.time())
        headers = {"Authorization": "bearer " + token}
        raw = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            raw = json.dumps(body, sort_keys=True).encode()
        return self._transport.send(method, path, headers, raw, min(at_most or LONGEST, self._request_timeout))

    def _refusing_errors(self, answer: Response) -> Response:
        if answer.status < 400:
            return answer
        text = answer.body.strip() or "status %s" % answer.status
        raise HeketiError(answer.status, text, advice_for(text, self._user, self._seconds_ahead(answer)))

    def _seconds_ahead(self, answer: Response) -> Optional[int]:
        """Return by how many seconds the clock of this host is ahead of the server's, or None."""
        date = email.utils.parsedate_tz(answer.header("Date"))
        return None if date is None else int(self._clock.time() - email.utils.mktime_tz(date))

    @staticmethod
    def _data(path: str, answer: Response) -> Any:
        try:
            return json.loads(answer.body)
        except (ValueError, RecursionError):
            raise ParseError(
                "url: found no JSON in the answer to %s (%s); check that heketi listens there, and no proxy"
                % (path, answer.body[:200])
            )
