#!/usr/bin/env python
# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""site.yml beside a shell script that sends the same raw commands over ssh, on machines of the lab.

    .venv/bin/python tests/bench/site.py            first and second run, and the script (about 6 minutes)
    .venv/bin/python tests/bench/site.py --volumes  second run with 200 volumes and with none (about 15 minutes)
    .venv/bin/python tests/bench/site.py --many 40  40 new volumes in a pool that is there, by both (10 minutes)
    .venv/bin/python tests/bench/site.py --nodes 16 second run with 16 storage nodes and with 4 (about 15 minutes)

Prints wall time, number of remote executions (ssh sessions, as the machines' sshd logs them) and of gluster commands
(as a wrapper before the real one logs them).
"""

from __future__ import annotations

import argparse
import json
import pathlib
import shlex
import subprocess
import tempfile

import yaml
from machines import (
    GUESTS,
    INVENTORY,
    ROOT,
    SERVERS,
    fresh_lab,
    lab_of_the_bench,
    larger_machines,
    measured,
    on_all,
    play,
    print_table,
)

SERVER_PACKAGES = "glusterfs-server attr lvm2 thin-provisioning-tools xfsprogs"
_PLAN_PLAYBOOK = """
- ansible.builtin.import_playbook: brickwork.gluster.plan
- hosts: gluster_planning
  gather_facts: false
  tasks:
    - ansible.builtin.copy:
        content: "{{ gluster_plan_result | to_json }}"
        dest: "{{ bench_plan }}"
        mode: "0600"
      delegate_to: localhost
      vars: {ansible_connection: local, ansible_python_interpreter: "{{ ansible_playbook_python }}"}
"""


def main() -> None:
    """Run what was asked for and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--volumes", action="store_true", help="only the second run with 200 volumes and with none")
    parser.add_argument("--many", type=int, metavar="V", help="only the first run of V volumes of replica 3, by both")
    parser.add_argument("--nodes", type=int, metavar="N", help="only the second run with N storage nodes and with 4")
    arguments = parser.parse_args()
    with lab_of_the_bench():
        print_table(compare(arguments))


def compare(arguments: argparse.Namespace) -> list[tuple]:
    """Return the rows of what was asked for."""
    if arguments.many:
        return compare_many_made(arguments.many)
    if arguments.volumes:
        return compare_many_volumes()
    return compare_sizes(arguments.nodes) if arguments.nodes else compare_first_runs()


def compare_first_runs() -> list[tuple]:
    """Return the rows of the script, of the first and of the second run, and of Ansible's ping alone."""
    fresh_lab()
    with tempfile.TemporaryDirectory() as folder:
        script = raw_commands(read_plan(pathlib.Path(folder)))
    rows = [measured("shell script, first run", lambda: run_script(script))]
    fresh_lab()
    rows.append(measured("site.yml, first run", site))
    rows.append(measured("site.yml, second run", site))
    rows.append(measured("ansible -m ping", ping))
    return rows


def compare_sizes(nodes: int) -> list[tuple]:
    """Return the rows of the second run with 4 storage nodes and with more, in the same network."""
    fresh_lab()
    site()
    rows = [measured("second run, 4 storage nodes", site)]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        spec = yaml.safe_load((ROOT / "tests/lab/specs/three_zones.yml").read_text())
        more = [larger_node(number) for number in range(5, nodes + 1)]
        spec.update(guests=[*more, *spec["guests"]], memory="500M")
        (folder / "spec.yml").write_text(yaml.safe_dump(spec))
        hosts = {node["name"]: host_variables(node) for node in more}
        (folder / "more.yml").write_text(yaml.safe_dump({"gluster_servers": {"hosts": hosts}}))
        INVENTORY.extend(["-i", str(folder / "more.yml")])
        SERVERS.extend(hosts)
        GUESTS.extend(hosts)
        fresh_lab("--spec", str(folder / "spec.yml"), "--installed")
        site()
        rows.append(measured(f"second run, {nodes} storage nodes", site))
    return rows


def larger_node(number: int) -> dict:
    """Return a storage node more for the lab."""
    address = f"192.168.72.{120 + number}"
    return {"name": f"node{number}", "zone": "abc"[number % 3], "address": address, "disks": ["8G", "8G"]}


def host_variables(node: dict) -> dict:
    """Return a node's variables in the inventory."""
    return {"gluster_address": node["address"], "gluster_zone": node["zone"]}


def compare_many_volumes() -> list[tuple]:
    """Return the rows of a second run without volumes, with one of 200 that serve declared, and with all of them."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        fresh_pool(False, *larger_machines(folder), "--installed")
        none, one, all_of_them = (declared(folder, count, "distribute") for count in (0, 1, 200))
        rows = [measured("second run, no volume", lambda: site("-e", none))]
        rows.append(measured("200 volumes made and started", lambda: site("-e", all_of_them)))
        rows.append(measured("second run, 1 of them declared", lambda: site("-e", one)))
        rows.append(measured("second run, 200 declared", lambda: site("-e", all_of_them)))
        rows.append(measured("ansible -m ping", ping))
        return rows


def compare_many_made(count: int) -> list[tuple]:
    """Return the rows of many volumes of replica 3 made on machines with a pool: by the script, by site, and again.

    From 100 volumes on, the bricks of a node share one process: else they would take more memory than it has.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        options = (*larger_machines(folder), "--installed")
        volumes = declared(folder, count, "replicate")
        fresh_pool(count >= 100, *options)
        plan = read_plan(folder, "-e", volumes)
        script = raw_commands({**plan, "peers": plan["peers"][:1]})[1:3]
        rows = [measured(f"shell script, {count} volumes", lambda: run_script(script))]
        fresh_pool(count >= 100, *options)
        rows.append(measured(f"site.yml, {count} volumes", lambda: site("-e", volumes)))
        rows.append(measured("site.yml, second run", lambda: site("-e", volumes)))
        return rows


def declared(folder: pathlib.Path, count: int, kind: str) -> str:
    """Return the extra variables of a playbook that declare so many volumes of 300 MiB."""
    volumes = [{"name": f"v{number:03}", "type": kind, "size": "300MiB"} for number in range(count)]
    (folder / f"{count}.json").write_text(json.dumps({"gluster_volumes": volumes}))
    return f"@{folder}/{count}.json"


def fresh_pool(multiplex: bool, *options: str) -> None:
    """Start machines with the software, and have the playbook make one pool of them: both begin with the same one."""
    fresh_lab(*options)
    site("-e", '{"gluster_volumes": []}')
    if multiplex:
        on_all({"node1": "gluster volume set all cluster.brick-multiplex on"})


def site(*more: str) -> None:
    """Run the playbook site."""
    play("site", *more)


def ping() -> None:
    """Have Ansible reach each machine once, and do nothing."""
    argv = ["ansible", "all", *INVENTORY, "-m", "ansible.builtin.ping"]
    subprocess.run(argv, check=True, stdout=subprocess.DEVNULL)


def read_plan(folder: pathlib.Path, *more: str) -> dict:
    """Return the plan of the whole cluster, as the filter made it."""
    playbook, plan = folder / "plan.yml", folder / "plan.json"
    playbook.write_text(_PLAN_PLAYBOOK)
    argv = ["ansible-playbook", *INVENTORY, str(playbook), "-e", f"bench_plan={plan}", *more]
    subprocess.run(argv, check=True, stdout=subprocess.DEVNULL)
    return json.loads(plan.read_text())


def raw_commands(plan: dict) -> list[dict[str, str]]:
    """Return the script: rounds of one command a machine; a round runs on all its machines at once."""
    install = "DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends"
    mounts = {
        "client1": "mkdir -p /mnt/shared /mnt/archive; mount -t glusterfs 192.168.72.101:/shared /mnt/shared; "
        "mount -t glusterfs 192.168.72.104:/archive /mnt/archive",
        "node1": "mkdir -p /mnt/shared; mount -t glusterfs 192.168.72.101:/shared /mnt/shared",
    }
    probes = [f"gluster peer probe {address}" for address in plan["peers"][1:]]
    volumes = [step["command"].replace("--xml ", "") for volume in plan["volumes"] for step in volume["steps"]]
    servers = f"apt-get update -qq; {install} {SERVER_PACKAGES} glusterfs-client; systemctl enable --now glusterd"
    return [
        dict.fromkeys(SERVERS, servers) | {"client1": f"apt-get update -qq; {install} glusterfs-client"},
        {host: " && ".join(brick_command(step) for step in plan["bricks"][host]["steps"]) for host in SERVERS},
        {"node1": " && ".join([*probes, "sleep 3", *volumes])},
        mounts,
    ]


def brick_command(step: dict) -> str:
    """Return the shell command of one step of lvm_brick."""
    if step["kind"] == "add_fstab_line":
        return f"echo {shlex.quote(step['command'])} >> /etc/fstab"
    if step["kind"] == "order_glusterd":
        target = step["target"]
        return f"mkdir -p {target.rpartition('/')[0]} && printf %s {shlex.quote(step['command'])} > {target}"
    return step["command"]


def run_script(script: list[dict[str, str]]) -> None:
    """Send the rounds of raw commands."""
    for commands in script:
        on_all(commands)


if __name__ == "__main__":
    main()
