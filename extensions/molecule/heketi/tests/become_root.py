# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run as root on the node that is heketi's host: takes ways to root as JSON, and goes each of them.

Over ssh with heketi's key, as whoever has that key; and by sudo, as whoever got a shell as heketi's account. Prints as
JSON those that were not refused: how it went, the name, what was said.
"""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from run_as_heketi import SSH

AS_HEKETI = ["runuser", "-u", "heketi", "--"]
AS_ACCOUNT = ["runuser", "-u", "heketi-ssh", "--", "sudo", "-n"]
PROGRAM = "/usr/local/sbin/brickwork-heketi-node"


def go(argv):
    """Return what was said by something that was not refused, None if it was."""
    done = subprocess.run(
        argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    return None if done.returncode in (1, 126) else "exit code %s: %s" % (done.returncode, done.stdout)


def ways_of(host, name, command, words):
    """Return all that is done for one way."""
    tried = [("ssh", [*AS_HEKETI, *SSH, "heketi-ssh@" + host, command])]
    if words:
        tried += [("sudo", [*AS_ACCOUNT, "--", *words]), ("program", [*AS_ACCOUNT, "--", PROGRAM, *words])]
    return [(how, name, argv) for how, argv in tried]


def main():
    host, ways = json.load(sys.stdin)
    tried = [one for name, command, words in ways for one in ways_of(host, name, command, words)]
    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(lambda one: go(one[2]), tried))
    print(json.dumps([[how, name, text] for (how, name, _argv), text in zip(tried, said) if text is not None]))


if __name__ == "__main__":
    main()
