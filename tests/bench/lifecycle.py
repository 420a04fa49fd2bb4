#!/usr/bin/env python
# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks of a cluster's life beside the same work by hand, on machines of the lab (about 15 minutes).

    .venv/bin/python tests/bench/lifecycle.py
    .venv/bin/python tests/bench/lifecycle.py --rolling     only the nodes in turn (about 6 minutes)
    .venv/bin/python tests/bench/lifecycle.py --gate        only the gate (about 2 minutes)
    .venv/bin/python tests/bench/lifecycle.py --many 200    replace in a pool of 5 volumes and of 200 (about 20 minutes)

A brick of 2 GiB with 300 MiB in it is lost and made anew, by raw commands and by the playbook replace. All four nodes
are stopped and started one after the other, by raw commands and by the playbook rolling; once while nobody writes, and
once while a client writes 100 MiB in each node's absence. All of them wait until everything is healed. The gate is
asked whether a node may be stopped that has bricks of two volumes.
"""

from __future__ import annotations

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import time

from machines import INVENTORY, SERVERS, fresh_lab, lab_of_the_bench, larger_machines, measured, on, play, print_table

NODE, MEMBER = "node2", "node1"
VOLUMES = ("shared", "archive")
#: What the client does while a node is away, so that there is something to heal.
_WRITE = "for n in $(seq 100); do head -c 1M /dev/urandom > /mnt/shared/rolling-$n; done; sync"
#: Seconds for healing; it took two minutes at most.
PATIENCE = 900


def main() -> None:
    """Run what was asked for and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--many", type=int, metavar="V", help="only replace, in a pool of 5 volumes and of V")
    parser.add_argument("--rolling", action="store_true", help="only the nodes in turn")
    parser.add_argument("--gate", action="store_true", help="only the gate")
    arguments = parser.parse_args()
    with lab_of_the_bench():
        print_table(rows_of(arguments))


def rows_of(arguments: argparse.Namespace) -> list[tuple]:
    """Return the rows of what was asked for."""
    if arguments.many:
        return compare_counts(arguments.many)
    fresh_lab("--installed")
    play("site")
    if arguments.gate:
        return [ask_gate()]
    replaced = [] if arguments.rolling else compare_replace(filled_brick())
    rolled = compare_rolling("nobody writes", "true") + compare_rolling("100 MiB each", _WRITE)
    return [*replaced, *rolled, ask_gate()]


def ask_gate() -> tuple:
    """Return the row of one question whether a node may be stopped."""
    asked = ["ansible", *INVENTORY, MEMBER, "-m", "brickwork.gluster.gluster_gate", "-a", "node=192.168.72.102"]
    return measured(
        "gluster_gate, two volumes", lambda: subprocess.run(asked, check=True, stdout=subprocess.DEVNULL)
    )


def compare_counts(count: int) -> list[tuple]:
    """Return the rows of a brick of the same volume that is made anew in pools with few and with many others."""
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        fresh_lab(*larger_machines(folder), "--installed")
        for number in (5, count):
            volumes = with_others(folder, number - 1)
            play("site", "-e", volumes)
            lose(filled_brick())
            rows.append(measured(f"replace, {number} volumes", lambda given=volumes: play("replace", "-e", given)))
    return rows


def with_others(folder: pathlib.Path, count: int) -> str:
    """Return the extra variables that declare the volume whose brick is lost, and so many others of one brick each."""
    shared = {"name": "shared", "type": "replicate", "size": "2GiB", "clients": [{"path": "/mnt/shared"}]}
    # Not on the node whose disk is lost: they keep no copies.
    where = {"hosts": [name for name in SERVERS if name != NODE]}
    others = [{"name": f"v{number:03}", "type": "distribute", "size": "300MiB", **where} for number in range(count)]
    (folder / f"{count}.json").write_text(json.dumps({"gluster_volumes": [shared, *others]}))
    return f"@{folder}/{count}.json"


def filled_brick() -> str:
    """Return a brick of the node whose disk is lost, with 300 MiB in it."""
    run("client1", "for n in $(seq 300); do head -c 1M /dev/urandom > /mnt/shared/$n; done; sync")
    return next(line for line in bricks_of("shared") if line.startswith("192.168.72.102:"))


def run(guest: str, command: str) -> str:
    """Return what a command says; an error ends the bench."""
    done = on(guest, command)
    if done.returncode:
        sys.exit(f"{guest}: {command}: {done.stderr[-2000:]}")
    return done.stdout


def bricks_of(volume: str) -> list[str]:
    """Return the bricks of a volume."""
    return run(MEMBER, f"gluster volume info {volume} | sed -n 's/^Brick[0-9]*: //p'").split()


def compare_replace(brick: str) -> list[tuple]:
    """Return the rows of a brick that is made anew by hand, and by the playbook."""
    disk = lose(brick)
    rows = [measured("by hand, a brick made anew", lambda: make_anew(brick, disk))]
    lose(brick)
    rows.append(measured("replace, a brick made anew", lambda: play("replace")))
    return rows


def lose(brick: str) -> str:
    """End the process of a brick and empty its disk, as a new one would be; return the disk."""
    mount = brick.partition(":")[2].removesuffix("/brick")
    group = run(NODE, f"lvs --noheadings -o vg_name $(findmnt -no SOURCE {mount})").strip()
    disk = run(NODE, f"pvs --noheadings -o pv_name -S vg_name={group}").strip()
    run(
        NODE, f"pkill -f 'glusterf[s]d .*{mount}'; sleep 2; umount {mount}; vgremove -ffy {group}; pvremove -ffy {disk}"
    )
    run(NODE, f"wipefs -qa {disk}; ! mountpoint -q {mount}")
    return disk


def make_anew(brick: str, disk: str) -> None:
    """Do by raw commands what the playbook does."""
    mount = brick.partition(":")[2].removesuffix("/brick")
    run(
        NODE,
        f"pvcreate -q {disk} && vgcreate -q bench {disk} && lvcreate -qy --type thin-pool -L 2100M -n pool bench && "
        f"lvcreate -qy -V 2G --thinpool bench/pool -n brick && mkfs.xfs -q -i size=512 /dev/bench/brick && "
        f"mount /dev/bench/brick {mount} && mkdir {mount}/brick",
    )
    run(MEMBER, f"gluster --mode=script volume reset-brick shared {brick} start")
    run(MEMBER, f"gluster --mode=script volume reset-brick shared {brick} {brick} commit force")
    wait_until_healed()


def wait_until_healed() -> None:
    """Wait until all bricks are online, and none has anything to heal."""
    began = time.monotonic()
    while not all(map(is_healed, VOLUMES)):
        if time.monotonic() - began > PATIENCE:
            sys.exit("the volumes did not heal")
        time.sleep(2)


def is_healed(volume: str) -> bool:
    """Whether each brick answers, and has nothing to heal."""
    said = on(MEMBER, f"gluster volume heal {volume} info summary").stdout.splitlines()
    return said.count("Status: Connected") == 3 and said.count("Total Number of entries: 0") == 3


def compare_rolling(words: str, meanwhile: str) -> list[tuple]:
    """Return the rows of all nodes stopped and started by hand, and by the playbook.

    meanwhile is what the client does while a node is away.
    """
    rows = [measured(f"by hand, four nodes, {words}", lambda: restart_all(meanwhile))]
    with tempfile.TemporaryDirectory() as folder:
        tasks = pathlib.Path(folder) / "tasks.yml"
        task = {"name": "Write", "ansible.builtin.shell": meanwhile, "delegate_to": "client1"}
        tasks.write_text(json.dumps([task]))
        rows.append(
            measured(f"rolling, four nodes, {words}", lambda: play("rolling", "-e", f"gluster_rolling_tasks={tasks}"))
        )
    return rows


def restart_all(meanwhile: str) -> None:
    """Stop and start one node after the other, each when the one before it is healed."""
    for node in SERVERS:
        run(node, "pkill -f '[/]run/gluster/vols/.*pid'; systemctl stop glusterd; pkill -f glustersh[d]; sleep 1; true")
        run("client1", meanwhile)
        run(node, "systemctl start glusterd")
        wait_until_healed()


if __name__ == "__main__":
    main()
