# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fake on a socket, with or without TLS."""

import contextlib
import email.utils
import http.server
import socketserver
import ssl
import threading


class Handler(http.server.BaseHTTPRequestHandler):
    """Hands requests to the server's app and answers with Go's headers: a date, and no name of a server."""

    protocol_version = "HTTP/1.1"

    def _handle(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        answer = self.server.app.answer(self.command, self.path, dict(self.headers.items()), body)
        self.send_response_only(answer.status)
        self.send_header("Date", email.utils.formatdate(self.server.app.clock.time(), usegmt=True))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        chunked = answer.headers.get("Transfer-Encoding") == "chunked"
        self.wfile.write(_chunks(answer.body) if chunked else answer.body)

    do_GET = do_POST = do_DELETE = do_PUT = _handle

    def log_message(self, format, *arguments):
        """Say nothing."""


def _chunks(body):
    return b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    """An HTTP server for a Heketi; TLS if there is a certificate."""

    daemon_threads = True

    def __init__(self, app, address=("127.0.0.1", 0), certificate=None, key=None):
        super().__init__(address, Handler)
        self.app = app
        self.scheme = "http"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, key)
            self.socket = context.wrap_socket(self.socket, server_side=True)
            self.scheme = "https"

    @property
    def url(self):
        return "%s://%s:%s" % (self.scheme, self.server_address[0], self.server_address[1])


@contextlib.contextmanager
def serving(app, **options):
    """Serve the app on a free port of this machine; the context's value is the Server."""
    server = Server(app, **options)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
