#!/usr/bin/env python
# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fetches a copy of heketi's database and keeps the newest ones. It stands alone: Python 3.6 and nothing else.

heketi is asked for its check of the database first. A copy of one that is not consistent gets a name that says so and
takes no other copy's place, and the exit code is 1. The key is read from heketi's environment file, so it is in no
command line.
"""

import argparse
import base64
import hashlib
import hmac
import json
import os
import re
import ssl
import struct
import sys
import time
import urllib.error
import urllib.request

SUFFIX = ".db"
BAD_SUFFIX = ".inconsistent.db"
#: A bolt file has this number behind the head of its first page (github.com/etcd-io/bbolt, db.go).
MAGIC = 0xED0CDAED
#: Told of each volume from before a node was added, as long as the numbers of hosts differ. Nothing is wrong with it.
NO_FAULT = re.compile(r"Volume \S+ mount hosts list\(.*\) is not same as list of all nodes of the cluster\(.*\)\Z")
#: Seconds for one answer. heketi looks through its whole database.
TIME_LIMIT = 300


def read_key(path):
    """Return the key of heketi's user admin as the environment file has it."""
    with open(path) as lines:
        for line in lines:
            name, _sign, value = line.strip().partition("=")
            if name == "HEKETI_ADMIN_KEY":
                return value.strip('"')
    raise ValueError("%s does not set HEKETI_ADMIN_KEY" % path)


def make_token(key, path, now):
    """Return heketi's token for one GET."""
    qsh = hashlib.sha256(("GET&" + path).encode()).hexdigest()
    claims = {"iss": "admin", "iat": int(now), "exp": int(now) + TIME_LIMIT, "qsh": qsh}
    signed = ".".join(_segment(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, claims))
    return signed + "." + _segment(hmac.new(key.encode(), signed.encode(), hashlib.sha256).digest())


def _segment(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class Server:
    """The heketi to ask."""

    def __init__(self, url, key, authority=None):
        self._url = url.rstrip("/")
        self._key = key
        context = ssl.create_default_context(cafile=authority)
        # No proxy: heketi runs on this machine.
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)
        )

    def get(self, path):
        """Return the body of an answer."""
        request = urllib.request.Request(self._url + path)
        request.add_header("Authorization", "bearer " + make_token(self._key, path, time.time()))
        try:
            with self._opener.open(request, timeout=TIME_LIMIT) as answer:
                return answer.read()
        except urllib.error.HTTPError as error:
            raise ValueError("%s: %s %s" % (path, error.code, error.read().decode("utf-8", "replace").strip()))


def check_copy(content):
    """Raise ValueError for what is no whole bolt file: one that was cut off, or an error's page."""
    if len(content) < 32 or struct.unpack_from("<I", content, 16)[0] != MAGIC:
        raise ValueError("/backup/db: what was sent is no database (%s bytes)" % len(content))


def write(folder, name, content):
    """Write a copy so that it is there as a whole or not at all."""
    path = os.path.join(folder, name)
    handle = os.open(path + ".part", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as written:
        written.write(content)
        written.flush()
        os.fsync(written.fileno())
    os.replace(path + ".part", path)
    return path


def prune(folder, keep):
    """Remove all but the newest copies, of good ones and of others each; names begin with the time."""
    names = sorted(name for name in os.listdir(folder) if name.startswith("heketi-") and name.endswith(SUFFIX))
    for bad in (False, True):
        for name in [name for name in names if name.endswith(BAD_SUFFIX) == bad][:-keep]:
            os.remove(os.path.join(folder, name))


def read_check(answer):
    """Return of heketi's check how much is wrong in the database, and what it counts without being wrong."""
    parts = [part for part in answer.values() if isinstance(part, dict)]
    notes = [text for part in parts for text in part.get("inconsistencies") or () if NO_FAULT.match(text)]
    return answer["totalinconsistencies"] - len(notes), notes


def back_up(server, folder, keep):
    """Fetch and keep one copy; return its path, how much heketi finds wrong in the database, and what is not wrong."""
    wrong, notes = read_check(json.loads(server.get("/db/check").decode()))
    content = server.get("/backup/db")
    check_copy(content)
    name = time.strftime("heketi-%Y%m%dT%H%M%SZ", time.gmtime()) + (BAD_SUFFIX if wrong else SUFFIX)
    path = write(folder, name, content)
    prune(folder, keep)
    return path, wrong, notes


def main():
    parser = argparse.ArgumentParser(description="Fetches a copy of heketi's database and keeps the newest ones.")
    parser.add_argument("--url", required=True, help="where heketi listens")
    parser.add_argument("--folder", required=True, help="where the copies are")
    parser.add_argument("--keep", type=int, default=14, help="how many are kept")
    parser.add_argument("--environment", default="/etc/heketi/heketi.env", help="file with heketi's keys")
    parser.add_argument("--authority", help="PEM file with the authority of heketi's certificate")
    arguments = parser.parse_args()
    try:
        server = Server(arguments.url, read_key(arguments.environment), arguments.authority)
        path, wrong, notes = back_up(server, arguments.folder, arguments.keep)
    except (OSError, ValueError, KeyError) as error:
        sys.exit("no copy was made: %s" % error)
    print("%s was written" % path)
    for text in notes:
        print("a node was added since this volume was made, and nothing is wrong: %s" % text)
    if wrong:
        sys.exit("heketi finds %s inconsistencies in its database (GET /db/check names them)" % wrong)


if __name__ == "__main__":
    main()
