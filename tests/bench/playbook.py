#!/usr/bin/env python
# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook plan for many machines, beside `ansible -m ping` of the same: what the controller itself takes.

    .venv/bin/python tests/bench/playbook.py --nodes 200 --devices 8 --volumes 1000

The machines are not there. A connection plugin gives the answers of their modules, those of machines on which all
volumes are present. Ends with "ratio: N", the time of plan through that of ping.
"""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import plan as made_up

from ansible_collections.brickwork.gluster.plugins.module_utils.look import packed

ROOT = pathlib.Path(__file__).resolve().parents[2]
SAID = {"python": "3.11.2 /usr/bin/python3", "gluster": "10.3"}


def main() -> None:
    """Measure both, and print what they took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("nodes", 200), ("devices", 8), ("volumes", 1000)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--forks", type=int, default=20, help="how many machines Ansible asks at a time")
    arguments = parser.parse_args()
    arguments.present = True
    os.chdir(ROOT)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        write_all(folder, *made_up.plain_data(arguments))
        looks = [path.stat().st_size for path in folder.glob("gluster_node_info.*.json")]
        print(f"look at a node: {sum(looks) / len(looks) / 1000:.1f} kB, the largest {max(looks) / 1000:.1f} kB")
        inventory = ["-i", str(folder / "hosts.json"), "--forks", str(arguments.forks)]
        ping = timed(["ansible", "all", "-m", "ansible.builtin.ping", *inventory], folder)
        planned = timed(["ansible-playbook", "playbooks/plan.yml", *inventory], folder)
    print(f"ping: {ping:.1f} s\nplan: {planned:.1f} s\nratio: {planned / ping:.2f}")


def write_all(folder: pathlib.Path, machines: list, looks: list[dict], answer: dict, volumes: list[dict]) -> None:
    """Write the inventory, and what each module answers."""
    hosts = {machine.name: dict(machine.values, ansible_connection="standin") for machine in machines}
    common = {"gluster_volumes": volumes, "ansible_pipelining": True, "gluster_server_source": "preinstalled"}
    groups = {"gluster_servers": {"hosts": hosts, "vars": common}}
    (folder / "hosts.json").write_text(json.dumps({"all": {"children": groups}}))
    (folder / "ping.json").write_text(json.dumps({"ping": "pong"}))
    # The first one is asked about the pool.
    pools = [{"pool": dict(answer, bricks=[], tasks=[])}] + [{}] * len(machines)
    for machine, look, pool in zip(machines, looks, pools, strict=False):
        now = int(time.time())
        said = dict(SAID, clock=f"{now} {now}")
        seen = packed({**look, **pool, "looked": True, "said": said, "files": {}, "changed": False})
        (folder / f"gluster_node_info.{machine.name}.json").write_text(json.dumps(seen))


def timed(argv: list[str], folder: pathlib.Path) -> float:
    """Return the seconds of a command; one that fails ends the bench."""
    own = {"BENCH_ANSWERS": str(folder), "ANSIBLE_CONNECTION_PLUGINS": str(ROOT / "tests/bench/connection")}
    environment = {**os.environ, **own, "PATH": f"{ROOT}/.venv/bin:{os.environ['PATH']}"}
    began = time.monotonic()
    done = subprocess.run(argv, env=environment, capture_output=True, text=True, check=False)
    seconds = time.monotonic() - began
    if done.returncode:
        sys.exit(done.stdout[-3000:] + done.stderr[-2000:])
    return seconds


if __name__ == "__main__":
    main()
