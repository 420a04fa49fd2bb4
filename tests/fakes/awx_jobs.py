# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs as AWX runs them: ansible-runner, a project out of the archive, and the collection installed from the archive.

The machines are not there: a connection plugin answers the modules, as a cluster does on which all is present.
"""

from __future__ import annotations

import base64
import json
import os
import pathlib
import subprocess
import sys
import tarfile
import time
from types import SimpleNamespace
from typing import Any, NamedTuple

import ansible_runner

from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.state_archive import (
    StateFile,
    digest_of,
    pack,
    unpack,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.look import packed
from ansible_collections.brickwork.gluster.tests.bench import plan as made_up
from ansible_collections.brickwork.gluster.tests.fakes.awx import EVERY_TEMPLATE, TEMPLATES, as_extra_vars

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = pathlib.Path(sys.executable).parent
GALAXY = PROGRAMS / "ansible-galaxy"
CLUSTER = "test"
#: What made_up calls the only volume and its nodes.
VOLUME, NODES = "volume00000", ("node0000", "node0001", "node0002")
_CLIENT = {"gluster": {"installed": True, "version": "10.3", "mounts": []}}
_OFFERED = {"installed": "10.3", "version": "10.3", "versions": ["10.3"], "names": [], "held": []}
_NEWEST = {"version": "10.3", "missing_mounts": [], "own_names": [], "old_mounts": [], "offered": _OFFERED}
_SAID = {"python": "3.11.2 /usr/bin/python3", "gluster": "10.3"}


class Job(NamedTuple):
    """What AWX knows of a job that has ended."""

    status: str
    rc: int
    events: list[dict[str, Any]]
    stats: dict[str, Any]
    stdout: str

    def of(self, kind: str) -> list[dict[str, Any]]:
        """Return the data of all events of that kind."""
        return [event["event_data"] for event in self.events if event["event"] == kind]

    def refusals(self) -> list[str]:
        """Return the messages of tasks that failed, each once."""
        failed = [data["res"] for data in self.of("runner_on_failed") if not data.get("ignore_errors")]
        items = [item for result in failed for item in result.get("results", [result]) if item.get("failed", True)]
        return list(dict.fromkeys(str(item.get("msg", "")) for item in items))


class Installed:
    """The collection's archive: unpacked as the project, and installed where Ansible looks for collections."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder
        self.archive = build(folder / "dist")
        self.project = folder / "project"
        with tarfile.open(self.archive) as archive:
            archive.extractall(self.project, filter="data")
        self.collections = folder / "collections"
        install(self.archive, self.collections)
        self.answers = folder / "answers"
        self.answers.mkdir()
        self.inventory = write_cluster(self.answers)
        #: Of node0001, as state_backup would have saved it.
        self.archive_of_state = self.answers / "state.tar.gz"
        self.archive_of_state.write_bytes(_state(made_up.uuid_of(1)))
        self.tasks = self.answers / "patches.yml"
        self.tasks.write_text("---\n- name: Patch the node\n  ansible.builtin.debug:\n    msg: patched\n")

    def run(self, name: str, playbook: str, variables: dict[str, Any], check: bool = False) -> Job:
        """Run a job template, and return what AWX would show of it."""
        place = self.folder / "jobs" / name
        (place / "env").mkdir(parents=True)
        (place / "env/extravars").write_text(as_extra_vars(variables))
        row = {**EVERY_TEMPLATE, **TEMPLATES[playbook]}
        done = ansible_runner.run(
            private_data_dir=str(place), project_dir=str(self.project), playbook=f"playbooks/{playbook}.yml",
            inventory=str(self.inventory), envvars=self._environment(), cmdline="--check" if check else None,
            forks=row["forks"], verbosity=row["verbosity"] or None, quiet=True,
        )  # fmt: skip
        events = sorted(done.events, key=lambda event: event["counter"])
        return Job(done.status, done.rc, events, done.stats or {}, done.stdout.read())

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": f"{PROGRAMS}:{os.environ['PATH']}",
            "ANSIBLE_COLLECTIONS_PATH": str(self.collections),
            "ANSIBLE_CONNECTION_PLUGINS": str(ROOT / "tests/bench/connection"),
            "ANSIBLE_NOCOLOR": "1",
            "BENCH_ANSWERS": str(self.answers),
        }


def build(folder: pathlib.Path) -> pathlib.Path:
    """Build the archive of the collection, and return its path."""
    _run([str(GALAXY), "collection", "build", "--output-path", str(folder), str(ROOT)])
    [archive] = folder.glob("*.tar.gz")
    return archive


def install(archive: pathlib.Path, folder: pathlib.Path) -> None:
    """Install the archive and nothing else, as a machine without a way to Galaxy does."""
    # Forced, because this repository is among the collections that are installed already.
    _run([str(GALAXY), "collection", "install", "--offline", "--no-deps", "--force", "-p", str(folder), str(archive)])


def _run(argv: list[str]) -> None:
    # One's own settings would say where collections are.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")}
    done = subprocess.run(argv, env=environment, capture_output=True, text=True, check=False, cwd="/")
    assert done.returncode == 0, done.stdout + done.stderr


def write_cluster(folder: pathlib.Path) -> pathlib.Path:
    """Write the inventory of three nodes and a client, and what each module answers; return the inventory's path."""
    asked = SimpleNamespace(nodes=len(NODES), devices=2, volumes=1, present=True)
    machines, looks, answer, volumes = made_up.plain_data(asked)
    hosts = {machine.name: machine.values for machine in machines}
    for machine, look in zip(machines, looks, strict=True):
        _write(folder, f"gluster_node_info.{machine.name}", packed(_look(look, answer)))
    _write(folder, "gluster_node_info.client1", packed(_look(_CLIENT, {})))
    for name, said in _answers(answer).items():
        _write(folder, name, said)
    common = {
        "ansible_connection": "standin", "ansible_pipelining": True, "gluster_cluster_name": CLUSTER,
        "gluster_server_source": "preinstalled", "gluster_volumes": volumes,
    }  # fmt: skip
    volumes[0].update(sets=1, hosts=list(NODES))
    groups = {"gluster_servers": {"hosts": hosts}, "gluster_clients": {"hosts": {"client1": {}}}}
    path = folder / "hosts.json"
    path.write_text(json.dumps({"all": {"children": groups, "vars": common}}))
    return path


def _look(look: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    now = int(time.time())
    pool = {"pool": dict(answer, bricks=[], tasks=[])} if answer else {}
    said = dict(_SAID, clock=f"{now} {now}")
    files = {"/etc/fstab": "", "/proc/mounts": ""}
    look = {**look, "gluster": {**look["gluster"], "maintenance": ""}}
    return {**look, **pool, "looked": True, "said": said, "files": files, "upgrade": _NEWEST, "changed": False}


def _answers(answer: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return what the other modules answer on a cluster that is as it is to be."""
    name, waits = VOLUME, {"pending": 0, "split_brain": 0, "behind": 0, "obstacles": [], "unknown": "", "filling": []}
    moved = dict.fromkeys(("files", "size", "scanned", "failures", "skipped", "left", "used"), 0)
    [volume] = answer["volumes"]
    bricks = [
        {"volume": name, "host": brick["host"], "path": brick["path"], "online": True, "volume_started": True}
        for brick in volume["bricks"]
    ]
    pool = {"bricks": bricks, "tasks": [], "heal": [], "split_brain": {}, "unread": []}
    known = {"running": True, "stored_volumes": [name], "volumes": [dict(volume, started=True)]}
    steady = {"changed": False, "steps": []}
    return {
        "gluster_info": {**answer, **pool, **known, **steady},
        "gluster_heal": {**steady, "healed": True, "volumes": [{"name": name, "healed": True, **waits}]},
        "gluster_split_brain_info": {**steady, "files": [], "waiting": []},
        "gluster_op_version": {**steady, "op_version": 100000, "highest": 100000, "older_clients": []},
        "gluster_node": {**steady, "maintenance": ""},
        "gluster_remount": {**steady, "kept": []},
        "gluster_rebalance": {**steady, "volumes": [{"name": name, "state": "completed", "problems": [], **moved}]},
        "gluster_shrink": {**steady, "freed": [], "sets": 1, "volumes": [dict(moved, name=name, state="not started")]},
        "gluster_peer_names": {**steady, "names": []},
        "gluster_readdress": steady,
        "gluster_state_backup": {**steady, "left_out": [], **_saved()},
        "gluster_state_restore": {**steady, "uuid": ""},
        "gluster_volume": {**steady, "changed": True},
        "mount": {"changed": True},
        "gluster_clone": {**steady, "changed": True, "bricks": ["10.0.0.1:/run/gluster/snaps/1/brick1"]},
    }


def _saved() -> dict[str, Any]:
    content = _state(made_up.uuid_of(1))
    return {"manifest": unpack(content).manifest, "content": base64.b64encode(content).decode()}


def _state(uuid: str) -> bytes:
    files = [StateFile("glusterd.info", 0o600, f"UUID={uuid}\noperating-version=100000\n".encode())]
    manifest = {"node": NODES[1], "uuid": uuid, "peers": [], "digest": digest_of(files), "version": "10.3"}
    return pack(manifest, files)


def _write(folder: pathlib.Path, name: str, said: dict[str, Any]) -> None:
    (folder / f"{name}.json").write_text(json.dumps(said))
