# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes wrong at a moment that nobody chose, and how it ends: struck while a playbook runs, mended after it."""

from __future__ import annotations

import random
import subprocess
import threading
from collections.abc import Callable
from typing import NamedTuple

from machines import Machines
from scenarios import end

#: Seconds that a pause or a network without cable lasts.
LASTING = 60


class Fault(NamedTuple):
    """A fault, in words, with what makes it and what ends it. dead is the brick that is gone for good, "" for none."""

    words: str
    strike: Callable[[], None]
    mend: Callable[[], None]
    dead: str = ""


def draw(chance: random.Random, lab: Machines, playbook: subprocess.Popen, nodes: list[str], kind: str = "") -> Fault:
    """Return a fault of a kind, a random one for "", on one of these nodes."""
    names = {"controller": lambda: controller(playbook)} | {
        name: lambda make=make: make(lab, chance.choice(nodes), chance) for name, make in ON_NODES.items()
    }
    return names[kind or chance.choice(list(names))]()


def controller(playbook: subprocess.Popen) -> Fault:
    """The controller dies."""
    return Fault("the controller is killed", lambda: end(playbook), lambda: None)


def power(lab: Machines, node: str, _chance: random.Random) -> Fault:
    """The power of a node is cut."""
    return Fault(
        f"the power of {node} is cut", lambda: lab.power("power-off", node), lambda: lab.power("power-on", node)
    )


def pause(lab: Machines, node: str, _chance: random.Random) -> Fault:
    """A node does not answer for a minute."""
    return _lasting(f"{node} is paused for {LASTING} s", lab, node, "pause", "resume")


def network(lab: Machines, node: str, _chance: random.Random) -> Fault:
    """A node has no network for a minute."""
    return _lasting(f"{node} has no network for {LASTING} s", lab, node, "unplug", "plug")


def _lasting(words: str, lab: Machines, node: str, begin: str, finish: str) -> Fault:
    timer = threading.Timer(LASTING, lambda: lab.power(finish, node))

    def strike() -> None:
        lab.power(begin, node)
        timer.start()

    return Fault(words, strike, lambda: timer.join() if timer.ident else None)


def full(lab: Machines, node: str, chance: random.Random) -> Fault:
    """The disk of a brick is full."""
    mounts = mounts_of(lab, node)
    if not mounts:
        return power(lab, node, chance)
    filler = f"{chance.choice(mounts)}/fault-run"
    fill = f"fallocate -l $(df -B1 --output=avail {filler.rpartition('/')[0]} | tail -1) {filler}; true"
    return Fault(
        f"{filler.rpartition('/')[0]} of {node} is full",
        lambda: _quietly(lab, node, fill),
        lambda: _quietly(lab, node, f"rm -f {filler}"),
    )


def dead_disk(lab: Machines, node: str, chance: random.Random, disk: str = "") -> Fault:
    """The disk of a brick answers with errors, and is replaced by an empty one while the node is off."""
    mounts = mounts_of(lab, node)
    if not mounts:
        return power(lab, node, chance)
    mount = next((one for one in mounts if disk and disk_of(lab, node, one) == disk), "") or chance.choice(mounts)
    disk, group = disk_of(lab, node, mount), _group_of(lab, node, mount)
    broken = (
        f"for lv in $(lvs --noheadings -o lv_dm_path -S 'vg_name={group} && lv_name=~^brick_'); do "
        'dmsetup suspend --noflush $lv; dmsetup reload $lv --table "0 $(blockdev --getsz $lv) error"; '
        "dmsetup resume $lv; done; echo 3 > /proc/sys/vm/drop_caches"
    )

    def mend() -> None:
        _quietly(lab, node, f"dd if=/dev/zero of={disk} bs=1M count=64 conv=fsync status=none")
        lab.power("power-off", node)
        lab.power("power-on", node)

    return Fault(f"the disk of {mount} on {node} dies", lambda: _quietly(lab, node, broken), mend, mount)


ON_NODES = {
    "power": power,
    "pause": pause,
    "network": network,
    "full": full,
    "dead_disk": dead_disk,
}
KINDS = ("controller", *ON_NODES)


def mounts_of(lab: Machines, node: str) -> list[str]:
    """Return where the bricks of a node are mounted."""
    return lab.run(node, "findmnt -rno TARGET -t xfs | grep ^/srv/gluster/ || true").split()


def disk_of(lab: Machines, node: str, mount: str) -> str:
    """Return the disk that holds the brick which is mounted there."""
    return lab.run(node, f"readlink -f $(pvs --noheadings -o pv_name -S vg_name={_group_of(lab, node, mount)})")


def _group_of(lab: Machines, node: str, mount: str) -> str:
    return lab.run(node, f"lvs --noheadings -o vg_name $(findmnt -no SOURCE {mount})")


def _quietly(lab: Machines, node: str, command: str) -> None:
    """Run a command that may end in an error, also because the machine was stopped on purpose."""
    lab.host(node).run(command)
