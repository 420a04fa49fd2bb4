# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A scenario's machines, for its tests: playbooks run on them, commands in them, and what happens to their power."""

import contextlib
import ipaddress
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import threading
import time

import pytest
import testinfra
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
#: Seconds for one playbook; the longest takes two minutes on two busy cores.
TIME_LIMIT = 10 * 60
#: Seconds for what happens by itself within a minute or two; the machines of another scenario may be busy beside.
PATIENCE = 5 * 60
_WEB_PORT = 8001
_RECAP = re.compile(r"^(\S+)\s*: ok=(\d+)\s+changed=(\d+)\s+unreachable=(\d+)\s+failed=(\d+)", re.MULTILINE)


class Run:
    """What a playbook said."""

    def __init__(self, done):
        self.rc, self.text = done.returncode, done.stdout
        self.changed = {host: int(changed) for host, _ok, changed, _un, _failed in _RECAP.findall(done.stdout)}

    @property
    def changes(self):
        """Number of changed tasks on all hosts."""
        return sum(self.changed.values())

    @property
    def words(self):
        """The text with every run of white space as one space, since YAML output folds long messages."""
        return " ".join(self.text.split())

    def succeeded(self):
        """Return self; fails with the output of a playbook that failed."""
        assert self.rc == 0, self.text[-6000:]
        return self

    def without_change(self):
        """Return self; fails if a playbook failed or changed anything."""
        self.succeeded()
        assert self.changed and self.changes == 0, self.text[-6000:]
        return self

    def refused(self, *words):
        """Return self; fails unless the playbook failed, changed nothing, and said all of these words."""
        assert self.rc != 0, f"this was not refused:\n{self.text[-6000:]}"
        assert self.changes == 0, self.text[-6000:]
        missing = [word for word in words if word not in self.words]
        assert not missing, f"{missing} not in:\n{self.text[-6000:]}"
        return self


class Machines:
    """The machines of one lab: its name, its spec, and the inventory that goes beside the connections."""

    def __init__(self, name, spec, topology):
        self.name, self.spec, self.topology = name, spec, topology
        self.state = pathlib.Path.home() / ".local/state/brickwork-lab" / name
        data = yaml.safe_load(spec.read_text())
        self.gateway = str(next(ipaddress.ip_network(data["network"]).hosts()))
        self.guests = [guest["name"] for guest in data["guests"]]
        self.nodes = [name for name in self.guests if name.startswith("node")]

    @classmethod
    def of_scenario(cls, scenario, spec=None):
        """Return the machines of a scenario. One that is no example has an inventory of its own."""
        example = ROOT / "inventory.example" / (spec or scenario)
        topology = example if example.exists() else ROOT / "extensions/molecule" / scenario / "inventory"
        name = "mol-" + scenario.replace("_", "-")
        return cls(name, ROOT / f"tests/lab/specs/{spec or scenario}.yml", topology)

    def _environment(self):
        venv = str(pathlib.Path(sys.executable).parent)
        return dict(
            {key: value for key, value in os.environ.items() if not key.startswith(("ANSIBLE_", "PYTEST_"))},
            PATH=f"{venv}:{os.environ['PATH']}",
            ANSIBLE_CONFIG=str(ROOT / "ansible.cfg"),
            ANSIBLE_NOCOLOR="1",
            XDG_STATE_HOME=str(pathlib.Path.home() / ".local/state"),
        )

    # Playbooks

    def _inventories(self):
        return [option for path in (self.topology, self.state / "inventory.yml") for option in ("-i", str(path))]

    def _argv(self, playbook, desired, *options):
        # One --extra-vars as JSON: strings stay strings, lists lists.
        extra = ["-e", json.dumps(desired)] if desired else []
        return [
            "ansible-playbook", *self._inventories(), *extra, *options, str(ROOT / "playbooks" / f"{playbook}.yml")
        ]  # fmt: skip

    def _start(self, argv):
        return subprocess.Popen(
            argv, cwd=ROOT, env=self._environment(), text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def start(self, playbook, desired=None, *options):
        """Start a playbook and return its process."""
        return self._start(self._argv(playbook, desired, *options))

    def start_module(self, node, module, /, **parameters):
        """Start one module of the collection on a machine and return its process."""
        words = ["-m", f"brickwork.gluster.{module}", "-a", json.dumps(parameters)]
        return self._start(["ansible", *self._inventories(), node, *words])

    def module(self, node, module, /, **parameters):
        """Run one module of the collection on a machine and return what it said; fails if it fails."""
        process = self.start_module(node, module, **parameters)
        said, _nothing = process.communicate(timeout=TIME_LIMIT)
        assert process.returncode == 0, said[-6000:]
        return said

    def play(self, playbook, desired=None, *options, limit=TIME_LIMIT):
        """Run a playbook with these variables over the inventory's, in so many seconds at most, and return the Run.

        One of the collection goes by its name, another by its path without the .yml.
        """
        began = time.monotonic()
        done = self._done(self._argv(playbook, desired, *options), limit)
        print(f"{playbook} {' '.join(options)}: {time.monotonic() - began:.0f} s, exit code {done.returncode}")
        return Run(done)

    def _done(self, argv, limit):
        try:
            return subprocess.run(
                argv, cwd=ROOT, env=self._environment(), text=True, timeout=limit, check=False,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            )  # fmt: skip
        except subprocess.TimeoutExpired as late:
            pytest.fail(f"{argv[-1]}: no end after {limit} s:\n{(late.stdout or b'').decode()[-6000:]}")

    def check_gate(self, desired=None):
        """Run site.yml and again: the second run changes nothing. Return the first Run."""
        first = self.play("site", desired).succeeded()
        self.play("site", desired).without_change()
        return first

    # Machines

    def power(self, command, *guests):
        """Run a command of the lab, such as power-off, power-on, pause or resume."""
        argv = [str(ROOT / "tests/lab/lab"), "--spec", str(self.spec), "--name", self.name, command, *guests]
        subprocess.run(argv, env=self._environment(), check=True, timeout=300)

    @contextlib.contextmanager
    def powered(self):
        """Start machines that turn themselves off, as long as this lasts: a reboot of one ends with that."""
        going = threading.Event()

        def watch():
            while not going.wait(2):
                for name in self._off():
                    self.power("power-on", name)

        watching = threading.Thread(target=watch)
        watching.start()
        try:
            yield
        finally:
            going.set()
            watching.join()

    def _off(self):
        argv = [str(ROOT / "tests/lab/lab"), "--spec", str(self.spec), "--name", self.name, "status"]
        done = subprocess.run(argv, env=self._environment(), stdout=subprocess.PIPE, text=True, check=True, timeout=60)
        return [line.split()[0] for line in done.stdout.splitlines() if line.endswith(" off")]

    def host(self, name):
        """Return testinfra's view of a machine."""
        return testinfra.get_host(f"ssh://{name}", ssh_config=str(self.state / "ssh_config"))

    def run(self, name, command):
        """Run a shell command on a machine and return what it printed; fails if it fails."""
        done = self.host(name).run(command)
        assert done.rc == 0, f"{name}: {command}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
        return done.stdout.strip()

    def succeeds(self, name, command):
        """Whether a shell command on a machine succeeds."""
        return self.host(name).run(command).rc == 0

    def copy(self, name, *paths):
        """Copy files or folders of this machine to a machine's /srv."""
        argv = ["scp", "-q", "-r", "-F", str(self.state / "ssh_config"), *map(str, paths), f"{name}:/srv/"]
        subprocess.run(argv, check=True, timeout=300)

    @contextlib.contextmanager
    def serve(self, folder):
        """Have a folder of this machine on a web server for the machines, and no one else; yields its address."""
        words = ["-m", "http.server", str(_WEB_PORT), "--bind", self.gateway, "--directory", str(folder)]
        argv = ["ip", "netns", "exec", f"bwlab-{self.name}", sys.executable, *words]
        with subprocess.Popen(argv, stderr=subprocess.DEVNULL) as server:
            try:
                yield f"http://{self.gateway}:{_WEB_PORT}"
            finally:
                server.kill()

    def fingerprint(self, names=None):
        """Return what a refused run must not change: packages, volume groups, mounts, fstab, GlusterFS's own files.

        How full thin volumes are is left out: what was written before reaches the disk when the kernel likes. So is
        what a brick keeps for itself, such as the file by which it checks its disk every 30 seconds.
        """
        script = (
            "dpkg-query -W | md5sum; (vgs; pvs; lvs -o lv_name,vg_name,lv_attr,lv_size,pool_lv) 2>/dev/null | md5sum; "
            "cat /etc/fstab /proc/mounts | md5sum; "
            "find /srv /var/lib/glusterd/vols /var/lib/glusterd/peers -path '*/.glusterfs/*' -prune -o -print "
            "2>/dev/null | sort | md5sum"
        )
        return {name: self.run(name, script) for name in names or self.guests}

    # GlusterFS

    def gluster(self, words, node="node1"):
        """Run a gluster command and return what it printed."""
        return self.run(node, f"gluster --mode=script {words}")

    def volume(self, name, node="node1"):
        """Return a volume's fields as C(gluster volume info) names them; Bricks in order, Options of their own."""
        question = f"gluster --mode=script volume info {shlex.quote(name)}"
        # While a brick is being replaced, it ends in the middle.
        return parse_volume(self.run(node, f"{question} || {{ sleep 2; {question}; }}"))

    def bricks(self, name, node="node1"):
        """Return the volume's bricks in order."""
        return self.volume(name, node)["bricks"]

    def wait_for(self, condition, what, limit=PATIENCE):
        """Wait until a condition holds, so many seconds at most; fails when the time is up."""
        deadline = time.monotonic() + limit
        while not condition():
            assert time.monotonic() < deadline, f"{what}: not within {limit} s"
            time.sleep(1)


def parse_volume(text):
    """Return the lines of C(gluster volume info) as a dictionary."""
    pairs = [line.split(": ", 1) for line in text.splitlines() if ": " in line]
    fields = dict(pairs)
    fields["bricks"] = [value.split()[0] for key, value in pairs if re.fullmatch(r"Brick\d+", key)]
    return fields
