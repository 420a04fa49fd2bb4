# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the engine runs programs: C locale, no standard input, always with a time limit. PRIVATE to the collection.

Everything above this file asks for a Runner;
tests give recorded answers or a cluster in memory instead.
"""

import os
import signal
import subprocess
from typing import NamedTuple, Sequence

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import CommandError

#: Seconds for one command, unless the user says another time. glusterd itself gives up a transaction after 120.
COMMAND_TIMEOUT = 180
#: What a shell answers for a program that is not there.
NOT_FOUND = 127
#: Answer of a program that was ended because its time was up.
TIMED_OUT = -signal.SIGKILL

#: Administrators' programs live in sbin, which a become user need not have in its PATH.
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class Result(NamedTuple):
    """What a program answered."""

    rc: int
    stdout: str
    stderr: str


class Runner:
    """What runs programs: this machine, or what stands in for it."""

    def run(self, argv: Sequence[str], timeout: int) -> Result:
        """Run argv for at most timeout seconds and return its Result; never raises for a failing program."""
        raise NotImplementedError


class CommandRunner(Runner):
    """Runs programs on this machine."""

    def run(self, argv: Sequence[str], timeout: int) -> Result:
        """Run argv for at most timeout seconds and return its Result; never raises for a failing program."""
        environment = dict(os.environ, LC_ALL="C", LANGUAGE="C", PATH=_PATH)
        try:
            # The engine runs without Ansible, so there is no run_command.
            process = subprocess.Popen(  # pylint: disable=ansible-bad-function
                argv,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=environment,
                start_new_session=True,
            )
        except FileNotFoundError:
            return Result(NOT_FOUND, "", "%s: program not found" % argv[0])
        return _answer(process, timeout)


def _answer(process: "subprocess.Popen[bytes]", timeout: int) -> Result:
    try:
        stdout, stderr = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        # The whole session: "gluster volume heal" waits for a child of its own.
        os.killpg(process.pid, signal.SIGKILL)
        stdout, stderr = process.communicate()
        return Result(TIMED_OUT, _text(stdout), _text(stderr) + "no answer within %s s" % timeout)
    return Result(process.returncode, _text(stdout), _text(stderr))


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


class Commands:
    """The programs of one node, each within a time limit in seconds."""

    def __init__(self, runner: Runner, timeout: int) -> None:
        self._runner = runner
        self._timeout = timeout

    def answer(self, argv: Sequence[str]) -> Result:
        """Run a program and return its Result, whatever that is."""
        return self._runner.run(list(argv), self._timeout)

    def run(self, argv: Sequence[str], doing: str) -> str:
        """Run a program and return what it printed; raises CommandError that says what was being done if it fails."""
        return require_success(argv, self.answer(argv), doing).stdout


def require_success(argv: Sequence[str], result: Result, doing: str) -> Result:
    """Return the result if the program succeeded, else raise CommandError that says what was being done."""
    if result.rc != 0:
        said = result.stderr.strip() or result.stdout.strip() or "exit code %s" % result.rc
        raise CommandError("%s: %s" % (doing, said), argv, result.rc, result.stdout, result.stderr)
    return result
