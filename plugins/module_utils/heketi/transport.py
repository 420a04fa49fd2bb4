# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the engine speaks HTTP: one request, one answer, always with a time limit. PRIVATE to the collection.

Everything above this file asks for an object with one method,
C(send(method, path, headers, body, timeout) -> Response); tests give a server in memory instead.
"""

import http.client
import socket
import ssl
import urllib.error
import urllib.request
from typing import IO, Dict, NamedTuple, Optional, Union

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import BrickworkError, InputError


class Response(NamedTuple):
    """What a server answered. Names of headers are as they came; use header()."""

    status: int
    headers: Dict[str, str]
    body: str

    def header(self, name: str) -> str:
        """Return a header's value whatever the case of its name, "" if there is none."""
        return next((value for key, value in self.headers.items() if key.lower() == name.lower()), "")


class NoAnswer(BrickworkError):
    """The request may or may not have been done: only a fresh read tells."""


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: each request needs a token of its own."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> None:
        return None


class HttpTransport:
    """Sends requests to one server."""

    def __init__(self, url: str, ca_path: Optional[str] = None) -> None:
        """ca_path is a PEM file with the authority of the server's certificate; the system's are used without one."""
        if not url.startswith(("http://", "https://")):
            raise InputError("url: found %r; write an address that begins with http:// or https://" % url)
        self._url = url.rstrip("/")
        self._opener = urllib.request.build_opener(_Stay(), urllib.request.HTTPSHandler(context=_context(ca_path)))

    def send(self, method: str, path: str, headers: Dict[str, str], body: Optional[bytes], timeout: float) -> Response:
        """Send one request and return its Response, whatever its status; NoAnswer if there is none in time."""
        request = urllib.request.Request(self._url + path, data=body, headers=headers, method=method)
        try:
            with self._answer_to(request, timeout) as answer:
                return Response(
                    answer.getcode() or 0, dict(answer.headers.items()), answer.read().decode("utf-8", "replace")
                )
        except (urllib.error.URLError, http.client.HTTPException, socket.error) as error:
            reason = getattr(error, "reason", "") or error
            raise NoAnswer("no answer from %s: %s%s" % (self._url, reason, _remedy(reason)))

    def _answer_to(
        self, request: urllib.request.Request, timeout: float
    ) -> Union[http.client.HTTPResponse, urllib.error.HTTPError]:
        """An answer with an error's status is an answer."""
        try:
            return self._opener.open(request, timeout=timeout)
        except urllib.error.HTTPError as error:
            return error


def _context(ca_path: Optional[str]) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca_path)
    except (OSError, ssl.SSLError) as error:
        raise InputError("ca_path: found no PEM file at %s (%s); give the authority's certificate" % (ca_path, error))


def _remedy(reason: object) -> str:
    if isinstance(reason, ssl.SSLError):
        return "; ca_path takes the authority that signed the server's certificate"
    if isinstance(reason, ConnectionRefusedError):
        return "; nothing listens there: is heketi running, and is it the right port?"
    return ""
