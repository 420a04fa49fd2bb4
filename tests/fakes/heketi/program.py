# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fake in the place of heketi's server program: it is started as that one is, and keeps a database.

It reads heketi.json as strictly as Go does, its keys from the environment, and writes all it knows to the database
after each request. What is in that file is its own; the first bytes are those of a bolt file.
"""

import copy
import json
import os
import pickle
import random
import signal
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace

from . import database
from .serve import Server
from .service import Heketi, random_ids

VERSION = "Heketi 9.0.0"
#: A bolt file begins with the head of a page (its flags say "meta"), then its magic number.
HEAD = bytes(8) + b"\x04" + bytes(7) + b"\xed\xda\x0c\xed" + bytes(12)
#: Where Go wants a number; one in quotes keeps heketi from starting.
NUMBERS = {
    "brick_max_size_gb", "brick_min_size_gb", "max_bricks_per_volume", "average_file_size_kb", "xfs_sw", "xfs_su",
    "max_inflight_operations", "max_volumes_per_cluster", "block_hosting_volume_size", "snapshot_limit",
    "gluster_cli_timeout",
}  # fmt: skip


class Program(Heketi):
    """A Heketi whose state is in a file."""

    def __init__(self, database, *arguments, **options):
        super().__init__(*arguments, **options)
        self._database = Path(database)
        self._written = b""
        if self._database.exists():
            self.state = pickle.loads(self._database.read_bytes()[len(HEAD) :])
            self.restart()

    def answer(self, method, path, headers, body=b""):
        answer = super().answer(method, path, headers, body)
        content = HEAD + self._dump()
        if content != self._written:
            self._database.write_bytes(content)
            self._written = content
        if path == "/backup/db" and answer.status == 200:
            headers = dict(answer.headers, **{"Content-Length": str(len(content))})
            return answer._replace(headers=headers, body=content)
        return answer

    def _dump(self):
        """Return all that is known. How an operation would be undone is a function, which no file can hold."""
        with self.lock:
            state = copy.copy(self.state)
            state.operations = {
                name: SimpleNamespace(**dict(vars(operation), undo=None))
                for name, operation in state.operations.items()
            }
            return pickle.dumps(state)


def read_config(path):
    """Return heketi.json; ends as heketi does at what it can't take."""
    config = json.loads(Path(path).read_text())
    parts = [config, config["glusterfs"], config["glusterfs"].get("sshexec", {})]
    for name, value in [pair for part in parts for pair in part.items()]:
        if name in NUMBERS and not isinstance(value, int):
            sys.exit(
                "ERROR: Unable to parse config file: json: cannot unmarshal string into field %s of type int" % name
            )
    if not all(os.environ.get(name) for name in ("HEKETI_ADMIN_KEY", "HEKETI_USER_KEY")):
        sys.exit("ERROR: Missing JWT information in config file")
    if config["glusterfs"]["executor"] == "ssh":
        Path(config["glusterfs"]["sshexec"]["keyfile"]).read_bytes()
    return config


def export(words):
    """Write a database as JSON, as heketi's offline command does: into a file that is not there yet."""
    given = dict(word.lstrip("-").partition("=")[::2] for word in words)
    content = Path(given["dbfile"]).read_bytes()
    if not content.startswith(HEAD):
        sys.exit("Unable to open database: invalid database")
    known = SimpleNamespace(state=pickle.loads(content[len(HEAD) :]), generation="")
    with open(given["jsonfile"], "xb") as written:
        written.write(database.dump(known, None).body)


def main():
    if sys.argv[1:] == ["--version"]:
        print(VERSION)
        return
    if sys.argv[1:3] == ["db", "export"]:
        export(sys.argv[3:])
        return
    config = read_config(sys.argv[1].partition("=")[2])
    keys = os.environ["HEKETI_ADMIN_KEY"], os.environ["HEKETI_USER_KEY"]
    app = Program(config["glusterfs"]["db"], *keys, ids=random_ids(random.getrandbits(64)), duration=0.05)
    server = Server(app, ("", int(config["port"])), config.get("cert_file"), config.get("key_file"))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server.serve_forever()


def build(target):
    """Write the program to a file, as one that can be run; its bytes are the same each time."""
    folder = Path(__file__).parent
    with open(target, "wb") as written:
        written.write(b"#!/usr/bin/env python3\n")
        with zipfile.ZipFile(written, "w") as archive:
            files = {"heketi/" + path.name: path.read_text() for path in sorted(folder.glob("*.py"))}
            files["heketi/__init__.py"] = ""
            files["__main__.py"] = "from heketi.program import main\n\nmain()\n"
            for name, text in files.items():
                archive.writestr(zipfile.ZipInfo(name), text)
    os.chmod(target, 0o755)
