#!/usr/bin/env python
# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What sshd runs for heketi's key on a storage node, whatever is asked for. It stands alone: Python 3.6, nothing else.

heketi sends C(/bin/bash -c 'sudo WORDS'). The words go to heketi_node.py by sudo, which judges them. No shell reads
them, so what a shell would make of them is not made: a star stays a star, and a semicolon a part of its word.
"""

import os
import shlex
import sys

SUDO = "/usr/bin/sudo"
PROGRAM = "/usr/local/sbin/brickwork-heketi-node"


def words_of(command: str) -> list:
    """Return the words behind sudo; raises ValueError for what heketi does not send."""
    outer = shlex.split(command)
    if len(outer) != 3 or outer[:2] != ["/bin/bash", "-c"]:
        raise ValueError("heketi's commands are /bin/bash -c 'sudo ...'")
    inner = shlex.split(outer[2])
    if inner[:1] != ["sudo"] or len(inner) < 2:
        raise ValueError("heketi's commands begin with sudo")
    return inner[1:]


def main(environment) -> int:
    try:
        words = words_of(environment.get("SSH_ORIGINAL_COMMAND", ""))
    except ValueError as error:
        sys.stderr.write("this key is for heketi's commands only: %s\n" % error)
        return 126
    # LC_ALL: what sudo itself says is read, too.
    return os.execve(SUDO, ["sudo", "-n", "--", PROGRAM] + words, {"PATH": "/usr/bin:/bin", "LC_ALL": "C"})


if __name__ == "__main__":
    sys.exit(main(os.environ))
