# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of the cluster as lines for people. Pure. PRIVATE."""

import itertools
from collections.abc import Iterable, Mapping
from typing import Any

_Steps = Iterable[Mapping[str, Any]]


def plan_lines(plan: Mapping[str, Any]) -> list[str]:
    """Return why things are as they are planned, what is to be done, and what only people can mend."""
    lines = plan["servers"] + plan["certificates"] + plan["pool"]
    for host, steps in plan["server_steps"].items():
        lines += step_lines(steps, f"{host}: ")
    for host, node in plan["bricks"].items():
        lines += step_lines(node["steps"], f"{host}: ")
    for volume in plan["volumes"]:
        lines += step_lines(volume["steps"])
    for host, client in plan["clients"].items():
        lines += client_lines(host, client)
    lines += itertools.chain.from_iterable(plan["kubernetes"].values())
    return plan["explanation"] + (lines or ["nothing to do"]) + ["BROKEN: " + sentence for sentence in plan["broken"]]


def step_lines(steps: _Steps, prefix: str = "") -> list[str]:
    """Return steps as lines, those of one target in one."""
    return [
        "{}{}: {}".format(prefix, target, ", ".join(step_words(step) for step in group))
        for target, group in itertools.groupby(steps, key=lambda step: step["target"])
    ]


def step_words(step: Mapping[str, Any]) -> str:
    """Return the kind of a step in words, with a warning where it destroys data."""
    return ("DESTROYS DATA: " if step["destroys"] else "") + step["kind"].replace("_", " ")


def software_lines(host: str, steps: _Steps) -> list[str]:
    """Return what is to be done to the software of a machine, with where it comes from."""
    return ["{}: {} {target} {command}".format(host, step_words(step), **step).rstrip() for step in steps]


def client_lines(host: str, client: Mapping[str, Any]) -> list[str]:
    """Return what is to be done on a client."""
    lines = []
    if client["software"]:
        lines += software_lines(host, client["software"])
    elif client["missing_packages"]:
        lines.append("{}: install {}".format(host, ", ".join(client["missing_packages"])))
    lines += client["certificate"]
    for mount in client["pending"]:
        doing = "mount" if mount["state"] == "mounted" else "write into /etc/fstab"
        doing = "unmount, as the process that served it has ended, and mount again" if mount.get("dead") else doing
        lines.append("{}: {} {volume} at {path} from {source}".format(host, doing, **mount))
    if client["unit_pending"]:
        lines.append(f"{host}: have what a boot could not mount mounted later (brickwork-mounts.service)")
    return lines
