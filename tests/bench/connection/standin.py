# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A connection to machines that are not there: modules' answers come from files, so that only Ansible takes time."""

import json
import os
import pathlib
import re

from ansible.plugins.connection import ConnectionBase

DOCUMENTATION = """
    name: standin
    short_description: Answers modules from files
    description: Looks in the folder BENCH_ANSWERS for the answer of a module, by its name and, if need be, the host.
    author: Brickwork contributors (@brickwork)
"""
#: The module's name, as Ansible's wrapper gives it.
_MODULE = re.compile(rb"plugins\.modules\.(\w+)|ansible\.modules\.(\w+)")


class Connection(ConnectionBase):
    """Takes a module by its standard input, and gives its answer."""

    transport = "standin"
    has_pipelining = True

    def _connect(self):
        return self

    def exec_command(self, cmd, in_data=None, sudoable=True):
        """Return the answer to the module that stands in in_data."""
        found = _MODULE.search(in_data or b"")
        if not found:
            return 0, b"", b""
        name = (found[1] or found[2]).decode()
        return 0, _answer(name, self._play_context.remote_addr), b""

    def put_file(self, in_path, out_path):
        """Nothing is sent."""

    def fetch_file(self, in_path, out_path):
        """Nothing is fetched."""

    def close(self):
        """Nothing is open."""


def _answer(name, host):
    """Return what the file of this host says, or the one of all; a module without a file fails."""
    folder = pathlib.Path(os.environ["BENCH_ANSWERS"])
    for path in (folder / f"{name}.{host}.json", folder / f"{name}.json"):
        if path.exists():
            return path.read_bytes()
    return json.dumps({"failed": True, "msg": f"no answer of the module {name} for {host}"}).encode()
