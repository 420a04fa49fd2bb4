# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab itself: power, pauses, labs side by side, and that nothing is left of it, however it ended."""

import contextlib
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
LAB = ROOT / "tests/lab/lab"
#: The packages of this spec, so that the image of the scenarios serves here, too.
LIKE = yaml.safe_load((ROOT / "tests/lab/specs/three_zones.yml").read_text())


class OneGuest:
    """A lab of one guest under a name of its own."""

    def __init__(self, folder, name, **changes):
        guest = {"name": "node1", "address": "192.168.72.101", "disks": ["1G"]}
        self.name = name
        self.state = pathlib.Path(os.environ.get("XDG_STATE_HOME") or "~/.local/state").expanduser()
        self.state = self.state / "brickwork-lab" / name
        self.spec = folder / f"{name}.yml"
        self.spec.write_text(yaml.safe_dump(dict(LIKE, name=name, guests=[guest], **changes)))

    def argv(self, *words):
        """Return the command line of the lab for some words."""
        return [str(LAB), "--spec", str(self.spec), *words]

    def call(self, *words, timeout=300):
        """Run a command of the lab; return what it printed on both streams, and fail if it fails."""
        done = subprocess.run(
            self.argv(*words), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    def ssh(self, command, **more):
        """Run a shell command in the guest and return what it printed."""
        return self.call("ssh", "node1", command, **more).strip()

    def start(self):
        """Begin to start the lab, and return when the guest's process is recorded."""
        process = subprocess.Popen(
            self.argv("up"), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            # What a shell starts in the background ignores Ctrl-C, and so would all that it starts.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )  # fmt: skip
        deadline = time.monotonic() + 240
        while "node1" not in self.records():
            assert process.poll() is None and time.monotonic() < deadline
            time.sleep(0.05)
        return process

    def records(self):
        """Return what is recorded of the lab's processes."""
        with contextlib.suppress(FileNotFoundError):
            return json.loads((self.state / "processes.json").read_text())
        return {}

    def left(self):
        """Return everything of this lab that is still there: namespace, state, mounts, processes."""
        found = [str(path) for path in (pathlib.Path("/run/netns") / f"bwlab-{self.name}", self.state) if path.exists()]
        for process in pathlib.Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if f"bwlab-{self.name}\0" in (process / "cmdline").read_text():
                    found.append(str(process))
                elif f"/{self.name}/" in os.readlink(process / "cwd") + (process / "mounts").read_text():
                    found.append(f"{process} has mounts")
        return found

    def is_gone(self):
        """Whether nothing is left, at the latest when the kernel has reaped what was ended."""
        deadline = time.monotonic() + 10
        while self.left() and time.monotonic() < deadline:
            time.sleep(0.2)
        return not self.left()


@pytest.fixture
def make_lab(tmp_path):
    made = []

    def make(name, **changes):
        made.append(OneGuest(tmp_path, name, **changes))
        return made[-1]

    yield make
    for lab in made:
        lab.call("down")


def test_power_pause_and_labs_side_by_side(make_lab):
    """One after another on the same two labs, since booting takes longest."""
    first, second = make_lab("try-one"), make_lab("try-two")
    assert "kernel" in first.call("up") and "is up after" in second.call("up")

    # The same name and address, and yet two machines that don't meet.
    assert first.ssh("cat /etc/machine-id") != second.ssh("cat /etc/machine-id")
    first.ssh("echo of the first > /root/mark && echo precious | dd of=/dev/sdb conv=fsync status=none && sync")
    assert second.ssh("test -e /root/mark && echo there || echo none") == "none"

    # A pause: it is there and does not answer; afterwards it goes on where it was.
    booted = first.ssh("cat /proc/sys/kernel/random/boot_id")
    first.call("pause", "node1")
    with pytest.raises(subprocess.TimeoutExpired):
        first.ssh("true", timeout=4)
    first.call("resume", "node1")
    assert first.ssh("cat /proc/sys/kernel/random/boot_id") == booted

    # A power cut: another boot, and the disks keep what was written.
    first.call("power-off", "node1")
    assert "off" in first.call("status")
    first.call("power-on", "node1")
    assert first.ssh("cat /proc/sys/kernel/random/boot_id") != booted
    assert first.ssh("cat /root/mark; head -c 8 /dev/sdb") == "of the first\nprecious"

    # What is written for Ansible gets in as it is.
    ping = [f"{pathlib.Path(sys.executable).parent}/ansible", "-i", f"{first.state}/inventory.yml", "all", "-m", "ping"]
    assert subprocess.run(ping, cwd=ROOT, capture_output=True, check=False).returncode == 0

    first.call("down")
    assert first.is_gone(), first.left()
    first.call("down")
    assert second.ssh("hostname") == "node1", "down of one lab leaves the other alone"
    second.call("down")
    assert second.is_gone(), second.left()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_an_interrupted_start_leaves_nothing(make_lab, number):
    lab = make_lab("try-stop")
    process = lab.start()
    process.send_signal(number)
    process.communicate(timeout=60)
    assert process.returncode != 0
    assert lab.is_gone(), lab.left()


def test_down_after_a_crash_leaves_nothing(make_lab):
    lab = make_lab("try-crash")
    process = lab.start()
    process.kill()
    process.communicate()
    # The guest's kernel crashes, too: its children are not its children any more.
    os.kill(lab.records()["node1"]["pid"], signal.SIGKILL)
    assert lab.left()
    lab.call("down")
    assert lab.is_gone(), lab.left()


def test_the_distributions_own_kernel_serves_as_well(make_lab):
    lab = make_lab("try-slow", kernel="distribution")
    assert "of this distribution" in lab.call("up", timeout=600)
    lab.ssh("modprobe dm_thin_pool && modprobe fuse && test -b /dev/sdb && apt-get update -qq", timeout=120)
    lab.call("down")
    assert lab.is_gone(), lab.left()


def test_a_package_that_does_not_exist_is_named(make_lab):
    lab = make_lab("try-nothing", packages=["no-such-package"])
    done = subprocess.run(lab.argv("up"), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "no-such-package" in done.stderr and "Traceback" not in done.stderr
    assert lab.is_gone(), lab.left()
