# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A lab as a whole: up, down, and what happens to its guests in between."""

from __future__ import annotations

import concurrent.futures
import contextlib
import dataclasses
import fcntl
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

from brickwork_lab import connection, guest, host, network, processes
from brickwork_lab.errors import LabError
from brickwork_lab.image import build_image
from brickwork_lab.kernel import Kernel, find_kernel
from brickwork_lab.made import Made, read_made, write_made
from brickwork_lab.spec import Guest, Spec

#: Seconds for all guests to answer. The slow kernel on two busy cores takes a minute.
BOOT_PATIENCE = 180
REPOSITORY = "(repository)"


def state_folder(name: str = "") -> pathlib.Path:
    """Return the folder of a lab's running state, or of all labs' states."""
    base = os.environ.get("XDG_STATE_HOME") or os.path.expanduser("~/.local/state")
    return pathlib.Path(base) / "brickwork-lab" / name


def known_labs() -> list[str]:
    """Return the names of the labs that have a state here."""
    return sorted(path.name for path in state_folder().glob("*/"))


class Lab:
    """One lab, by its spec."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self.state = state_folder(spec.name)

    # What is written down, so that another call, also after a crash, knows what to end

    def _records(self) -> dict[str, dict]:
        path = self.state / "processes.json"
        return json.loads(path.read_text()) if path.exists() else {}

    def _record(self, name: str, pid: int) -> None:
        records = self._records()
        records[name] = processes.record_of(pid)
        part = self.state / "processes.json.part"
        part.write_text(json.dumps(records))
        part.rename(self.state / "processes.json")

    def is_running(self, name: str) -> bool:
        """Whether the guest's process is there."""
        return processes.is_alive(self._records().get(name))

    @contextlib.contextmanager
    def _lock(self) -> Iterator[None]:
        self.state.parent.mkdir(parents=True, exist_ok=True)
        with open(f"{self.state}.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    # Up and down

    def up(self) -> None:
        """Start what is missing of the lab and wait until all guests answer; on any failure take all of it down."""
        host.check_host()
        host.install_missing(host.NEEDED)
        with self._lock():
            if network.exists(self.spec) and not self.state.exists():
                raise LabError(
                    f"there is a lab {self.spec.name} that was not started from here; give --name another one"
                )
            try:
                self._up()
            except BaseException:
                self._down()
                raise

    def _up(self) -> None:
        began = time.monotonic()
        kernel, image = self._build()
        missing = [one for one in self.spec.guests if not self.is_running(one.name)]
        if not missing and network.exists(self.spec):
            host.say(f"{self.spec.name} is up")
            return
        self._write_connection(image)
        network.network_up(self.spec)
        self._serve(image)
        host.say(f"starting {', '.join(one.name for one in missing)}")
        for one in missing:
            self._start(one, Made(kernel, image))
        self._wait(missing)
        host.say(f"{self.spec.name} is up after {time.monotonic() - began:.0f} s")

    def _build(self) -> tuple[Kernel, pathlib.Path]:
        kernel = find_kernel(self.spec.kernel)
        return kernel, build_image(self.spec, kernel)

    def _write_connection(self, image: pathlib.Path) -> None:
        self.state.mkdir(parents=True, exist_ok=True)
        (self.state / "uml").mkdir(exist_ok=True)
        # A run that was cut off finds its labs by this, and leaves those of others alone.
        (self.state / "run").write_text(os.environ.get("LAB_RUN", "") + "\n")
        (self.state / "ssh_config").write_text(connection.ssh_config(self.spec, self.state, image))
        (self.state / "inventory.yml").write_text(connection.inventory(self.spec, self.state))
        host_key = (image / "host_key.pub").read_text()
        (self.state / "known_hosts").write_text(connection.known_hosts(self.spec, host_key))

    def _serve(self, image: pathlib.Path) -> None:
        if not self.is_running(REPOSITORY):
            log = self.state / "repository.log"
            self._record(REPOSITORY, network.serve_packages(self.spec, image / "packages", log, sys.executable))

    def _start(self, one: Guest, new: Made) -> None:
        """Start a guest as it was made before, whatever this call's flags would make; new for one that never was."""
        made = read_made(self.state, one.name) or new
        guest.prepare(self.spec, one, self.state)
        write_made(self.state, one.name, made)
        self._record(one.name, guest.start(self.spec, one, made, self.state))

    def _wait(self, guests: list[Guest]) -> None:
        with concurrent.futures.ThreadPoolExecutor(len(guests) or 1) as pool:
            for one, answered in zip(guests, pool.map(self._answers, guests), strict=True):
                if not answered:
                    tail = (self.state / f"{one.name}.log").read_text(errors="replace").splitlines()[-15:]
                    raise LabError(f"{one.name} does not answer; its console said last:\n  " + "\n  ".join(tail))

    def _answers(self, one: Guest) -> bool:
        """Wait until ssh gets into a guest; False if it ended or its time is up."""
        deadline = time.monotonic() + BOOT_PATIENCE
        argv = self.ssh_argv(one.name, "-o", "ConnectTimeout=3", "-o", "ControlMaster=no", "-o", "ControlPath=none")
        while time.monotonic() < deadline and self.is_running(one.name):
            done = subprocess.run([*argv, "true"], stdin=subprocess.DEVNULL, capture_output=True, check=False)
            if done.returncode == 0:
                return True
            time.sleep(0.3)
        return False

    def down(self) -> None:
        """End everything of the lab and leave nothing behind; safe to repeat."""
        with self._lock():
            self._down()
        pathlib.Path(f"{self.state}.lock").unlink(missing_ok=True)

    def _down(self) -> None:
        # Without a state folder there is nothing of ours; a namespace of that name is somebody else's.
        if not self.state.exists():
            return
        self._close_connections()
        records = list(self._records().values())
        for record in records:
            processes.end(record)
        processes.end_orphans(records, network.pids(self.spec))
        network.network_down(self.spec)
        shutil.rmtree(self.state, ignore_errors=True)

    def _close_connections(self) -> None:
        """Ask the ssh connections that wait to be used again to end; one to a dead guest would wait for long."""
        for path in self.state.glob("cm-*"):
            argv = ["ssh", "-F", str(self.state / "ssh_config"), "-O", "exit", path.name.partition("-")[2]]
            with contextlib.suppress(subprocess.TimeoutExpired):
                subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, timeout=5, check=False)

    # In between

    def power_off(self, names: list[str]) -> None:
        """Cut the power of guests; their disks keep what was written."""
        for one in self._chosen(names):
            record = self._records().get(one.name)
            if record:
                processes.end(record)
            (self.state / f"cm-{one.name}").unlink(missing_ok=True)
            host.say(f"{one.name} is off")

    def power_on(self, names: list[str]) -> None:
        """Start guests that are off, with the disks they had."""
        if not network.exists(self.spec):
            raise LabError(f"{self.spec.name} is not up")
        with self._lock():
            off = [one for one in self._chosen(names) if not self.is_running(one.name)]
            for one in off:
                self._start(one, self._made(one))
            self._wait(off)

    def _made(self, one: Guest) -> Made:
        made = read_made(self.state, one.name)
        if made is None:
            raise LabError(f"{one.name} was never started; run up")
        return made

    def new_system_disk(self, names: list[str]) -> None:
        """Replace the system disks of guests that are off by fresh ones; their data disks stay as they are."""
        for one in self._chosen(names):
            if self.is_running(one.name):
                raise LabError(f"{one.name} is running; power-off first")
            made = self._made(one)
            (self.state / f"{one.name}.cow").unlink()
            write_made(self.state, one.name, dataclasses.replace(made, system_disk=made.system_disk + 1))
            host.say(f"{one.name} has a new system disk")

    def pause(self, names: list[str]) -> None:
        """Freeze guests: they are there and do not answer."""
        self._signal(names, signal.SIGSTOP)

    def resume(self, names: list[str]) -> None:
        """Let frozen guests go on."""
        self._signal(names, signal.SIGCONT)

    def unplug(self, names: list[str]) -> None:
        """Take guests off the network; they go on, and nobody reaches them."""
        self._link(names, ["nomaster"])

    def plug(self, names: list[str]) -> None:
        """Put guests that were unplugged back on the network."""
        self._link(names, ["master", network.BRIDGE])

    def _link(self, names: list[str], words: list[str]) -> None:
        # A tap that is down breaks the guest's own network for good; one beside the bridge leads nowhere.
        for one in self._chosen(names):
            argv = network.inside(self.spec, ["ip", "link", "set", network.tap(self.spec, one), *words])
            host.run(argv, f"changing the network of {one.name}")

    def _signal(self, names: list[str], number: signal.Signals) -> None:
        for one in self._chosen(names):
            if not self.is_running(one.name):
                raise LabError(f"{one.name} is not running")
            processes.send(self._records()[one.name], number)

    def _chosen(self, names: list[str]) -> list[Guest]:
        if not names:
            raise LabError("name the guests")
        return [self.spec.guest(name) for name in names]

    def ssh_argv(self, name: str, *options: str) -> list[str]:
        """Return the ssh command that gets into a guest."""
        return ["ssh", "-F", str(self.state / "ssh_config"), *options, self.spec.guest(name).name]

    def status(self) -> list[str]:
        """Return what is to be said of the lab."""
        lines = [f"lab        {self.spec.name} ({self.state})"]
        for one in self.spec.guests:
            record = self._records().get(one.name)
            running = f"running, process {record['pid']}" if record and processes.is_alive(record) else "off"
            lines.append(f"{one.name:10} {one.address:15} zone {one.zone:10} {running}")
        if network.exists(self.spec):
            lines += [f"inventory  {self.state}/inventory.yml", f"ssh_config {self.state}/ssh_config"]
        return lines
