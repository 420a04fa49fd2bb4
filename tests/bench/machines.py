# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's machines for the benchmarks, and what they count: seconds, ssh sessions, gluster commands."""

from __future__ import annotations

import concurrent.futures
import contextlib
import os
import pathlib
import shlex
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator

ROOT = pathlib.Path(__file__).resolve().parents[2]
NAME = os.environ.get("BENCH_LAB", "bench")
LAB = [str(ROOT / "tests/lab/lab"), "--name", NAME]
STATE = pathlib.Path(os.environ.get("XDG_STATE_HOME") or os.path.expanduser("~/.local/state")) / "brickwork-lab" / NAME
INVENTORY = ["-i", "inventory.example/three_zones", "-i", str(STATE / "inventory.yml")]
SERVERS = ["node1", "node2", "node3", "node4"]
GUESTS = [*SERVERS, "client1"]
#: Words behind "gluster" that only read.
READING = ("pool list", "volume info", "volume status", "peer status")


# Logs each call before it runs; the engine and root's shell both look into /usr/local/sbin first.
_WRAPPER = '#!/bin/sh\necho "$*" >> /var/log/gluster-calls\nexec /usr/sbin/gluster "$@"\n'
_PREPARE = (
    "echo LogLevel VERBOSE > /etc/ssh/sshd_config.d/bench.conf; systemctl reload ssh; "
    f"printf %s {shlex.quote(_WRAPPER)} > /usr/local/sbin/gluster; chmod 755 /usr/local/sbin/gluster"
)


@contextlib.contextmanager
def lab_of_the_bench() -> Iterator[None]:
    """Work in the project's folder with its own programs, and remove the machines at the end."""
    os.chdir(ROOT)
    os.environ["PATH"] = f"{ROOT}/.venv/bin:{os.environ['PATH']}"
    try:
        yield
    finally:
        subprocess.run([*LAB, "down"], check=False)


def print_table(rows: Iterable[tuple]) -> None:
    """Print what was measured."""
    print(f"\n{'':36}{'seconds':>9}{'remote executions':>20}{'gluster':>9}{'of them changing':>18}")
    for title, seconds, remote, gluster, changed in rows:
        print(f"{title:36}{seconds:9.1f}{remote:20}{gluster:9}{changed:18}")


def fresh_lab(*options: str) -> None:
    """Start bare machines and have them count."""
    subprocess.run([*LAB, "down"], check=True)
    subprocess.run([*LAB, *options, "up"], check=True, stdout=subprocess.DEVNULL)
    on_all(dict.fromkeys(GUESTS, _PREPARE))
    for guest in GUESTS:
        # Connections from before do not log their sessions.
        subprocess.run(["ssh", "-F", str(STATE / "ssh_config"), "-O", "exit", guest], check=False, capture_output=True)


def larger_machines(folder: pathlib.Path) -> tuple[str, str]:
    """Return the lab's options for machines with more memory and larger disks."""
    text = (ROOT / "tests/lab/specs/three_zones.yml").read_text()
    (folder / "spec.yml").write_text(text.replace("8G", "60G").replace("memory: 600M", "memory: 1800M"))
    return "--spec", str(folder / "spec.yml")


def play(playbook: str, *more: str) -> None:
    """Run a playbook of the collection."""
    quiet = None if os.environ.get("VERBOSE") else subprocess.DEVNULL
    subprocess.run(["ansible-playbook", *INVENTORY, f"playbooks/{playbook}.yml", *more], check=True, stdout=quiet)


def on_all(commands: dict[str, str]) -> None:
    """Run one command a machine, all at once; an error ends the bench."""
    with concurrent.futures.ThreadPoolExecutor(len(commands)) as pool:
        for guest, done in zip(commands, pool.map(on, commands, commands.values()), strict=True):
            if done.returncode:
                sys.exit(f"{guest}: {done.stderr[-2000:]}")


def on(guest: str, command: str) -> subprocess.CompletedProcess:
    """Run a shell command on a guest. It goes there as a file: one with hundreds of volumes is too long an argument."""
    argv = ["ssh", "-F", str(STATE / "ssh_config"), guest, "cat > /run/bench && sh /run/bench < /dev/null"]
    return subprocess.run(argv, input=command, capture_output=True, text=True, check=False)


def counts() -> tuple[int, list[str]]:
    """Return how many sessions all machines have had, and their gluster commands."""
    sessions, calls = 0, []
    for guest in GUESTS:
        sessions += int(on(guest, "journalctl -u ssh | grep -c 'Starting session'").stdout)
        calls += on(guest, "cat /var/log/gluster-calls 2>/dev/null").stdout.splitlines()
    return sessions, calls


def measured(title: str, action) -> tuple:
    """Return a row of the table for an action."""
    sessions_before, calls_before = counts()
    began = time.monotonic()
    action()
    seconds = time.monotonic() - began
    sessions, calls = counts()
    # Counting itself takes two sessions a machine: those before the second count, and the first of the second.
    remote = sessions - sessions_before - 2 * len(GUESTS)
    return title, seconds, remote, len(calls) - len(calls_before), changing(calls) - changing(calls_before)


def changing(calls: list[str]) -> int:
    """Return how many of the gluster commands change something."""
    words = [" ".join(word for word in call.split() if not word.startswith("--")) for call in calls]
    return sum(bool(word) and not word.startswith(READING) for word in words)
