# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs molecule scenarios and fault runs side by side.

Each has a lab of its own name, so they share nothing but this machine.
"""

import contextlib
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

ROOT = pathlib.Path(__file__).resolve().parents[2]
#: These take least, so they come last, when there is not much left to run beside.
SHORT = ("two_zones_arbiter", "single_node", "refused_device", "heketi_sources")
#: Seeds of the fault run, with one round each: a disk dies, the controller is killed, a disk is full; none takes long.
FAULT_SEEDS = (2, 10, 22)
FAULT_RUNS = [f"faults-{seed}" for seed in FAULT_SEEDS]
#: These take long beside what they add to the others: "make test-nightly" runs them, "make test" does not.
NIGHTLY = (
    "broken_bricks", "encrypted", "expand", "heketi_sources", "maintenance", "move", "readdress", "retire", "shrink",
    "state", "system_disk", "upgrade", "upgrade_offline",
)  # fmt: skip
MOLECULE = sorted(
    (path.parent.name for path in ROOT.glob("extensions/molecule/*/molecule.yml")),
    key=lambda name: (name in SHORT, name),
)
SCENARIOS = [*FAULT_RUNS, *MOLECULE]
#: One waits for its machines for a quarter of the time; a third at once would only take from the other two.
SIDE_BY_SIDE = 2
#: Seconds. Longer than any takes beside another; a hanging machine must not hang everything.
TIME_LIMIT = 40 * 60


class Scenarios:
    """Scenarios that run from now on, in this order. Their output goes to files in a folder."""

    def __init__(self, names, folder):
        self.folder = folder
        self._running = {}
        self._lock = threading.Lock()
        self._ended = False
        #: How long each took that has ended.
        self.seconds = {}
        self._pool = ThreadPoolExecutor(SIDE_BY_SIDE)
        self._results = {name: self._pool.submit(self._run, name) for name in names}

    def result(self, name):
        """Wait for a scenario; return what went wrong, "" if nothing did, and what it said."""
        return self._results[name].result(), self._log(name).read_text(errors="replace")

    def end(self):
        """End what runs, start nothing more, and return when all machines are gone."""
        with self._lock:
            self._ended = True
            for process in self._running.values():
                end(process)
        self._pool.shutdown(cancel_futures=True)

    def _log(self, name):
        return self.folder / f"{name}.log"

    def _run(self, name):
        process, began = self._start(name), time.monotonic()
        try:
            code = process.wait(TIME_LIMIT)
            return f"failed with exit code {code}" if code else ""
        except subprocess.TimeoutExpired:
            end(process)
            return f"did not come to an end within {TIME_LIMIT} s"
        finally:
            remove_machines(name)
            self.seconds[name] = time.monotonic() - began

    def _argv(self, name):
        if name not in FAULT_RUNS:
            return ["molecule", "test", "-s", name]
        options = ["--seed", name.removeprefix("faults-"), "--folder", str(self.folder / name)]
        return [sys.executable, str(ROOT / "tests/e2e/fault_run"), *options]

    def _start(self, name):
        with self._lock, self._log(name).open("wb") as log:
            if self._ended:
                raise InterruptedError(f"{name} was not started any more")
            self._running[name] = subprocess.Popen(
                self._argv(name),
                # Ctrl-C at a terminal must not end what end() ends.
                cwd=ROOT, env=environment(), start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip
            return self._running[name]


def end(process):
    """End a process and all that it started. Not by its session: Ansible's workers have sessions of their own."""
    if process.poll() is None:
        for pid in _family(process.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait()


def _family(pid):
    """Return a process and all that it started, and these, and so on."""
    listed = subprocess.run(["ps", "-e", "-o", "pid=,ppid="], stdout=subprocess.PIPE, text=True, check=True).stdout
    pairs = [tuple(map(int, line.split())) for line in listed.splitlines()]
    found = [pid]
    for parent in found:
        found += [child for child, its_parent in pairs if its_parent == parent]
    return found


def environment():
    """Return the environment for molecule: its programs first, and the lab's state where the inventories look."""
    venv = str(pathlib.Path(sys.executable).parent)
    state = str(pathlib.Path.home() / ".local/state")
    return dict(os.environ, PATH=f"{venv}:{os.environ['PATH']}", XDG_STATE_HOME=state, COLUMNS="150")


def remove_machines(scenario):
    """Remove the scenario's lab if molecule was cut off before it could; nothing happens where there is none."""
    name = scenario if scenario in FAULT_RUNS else "mol-" + scenario.replace("_", "-")
    subprocess.run([ROOT / "tests/lab/lab", "--name", name, "down"], env=environment(), timeout=120, check=True)
