# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line of the lab."""

from __future__ import annotations

import argparse
import dataclasses
import os
import pathlib
import signal
import sys

from brickwork_lab.errors import LabError
from brickwork_lab.lab import Lab, known_labs
from brickwork_lab.spec import load_spec

SPECS = pathlib.Path(__file__).resolve().parents[1] / "specs"
_GUEST_COMMANDS = ("power-off", "power-on", "pause", "resume", "unplug", "plug", "new-system-disk")


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    made = argparse.ArgumentParser(prog="lab", description="Real machines on one machine, for tests.")
    made.add_argument("--spec", type=pathlib.Path, default=SPECS / "three_zones.yml", help="what to run (YAML)")
    made.add_argument("--name", help="another name for the lab, to run one spec twice")
    suite = os.environ.get("LAB_SUITE")
    made.add_argument("--suite", default=suite, help="another Debian suite than the spec says (or LAB_SUITE)")
    installed = bool(os.environ.get("LAB_INSTALLED"))
    made.add_argument("--installed", action="store_true", default=installed, help="guests have the packages already")
    commands = made.add_subparsers(dest="command", required=True)
    for command, text in (("up", "start the lab"), ("status", "say what runs")):
        commands.add_parser(command, help=text)
    down = commands.add_parser("down", help="remove the lab")
    down.add_argument("--all", action="store_true", help="every lab that was started from here")
    for command in _GUEST_COMMANDS:
        commands.add_parser(command, help=f"{command} guests").add_argument("guests", nargs="+")
    ssh = commands.add_parser("ssh", help="log in to a guest, or run a command there")
    ssh.add_argument("guest")
    ssh.add_argument("words", nargs=argparse.REMAINDER)
    return made


def main() -> None:
    """Run the command that the user gave; exit code 1 and one message for what can't be done."""
    arguments = parser().parse_args()
    # A polite end must clean up as Ctrl-C does.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        spec = load_spec(arguments.spec, name=arguments.name, suite=arguments.suite)
        _run(arguments, Lab(spec.with_packages_installed() if arguments.installed else spec))
    except LabError as error:
        sys.exit(f"lab: {error}")
    except KeyboardInterrupt:
        sys.exit("lab: interrupted; nothing was left behind")


def _run(arguments: argparse.Namespace, lab: Lab) -> None:
    if arguments.command in _GUEST_COMMANDS:
        getattr(lab, arguments.command.replace("-", "_"))(arguments.guests)
    elif arguments.command == "ssh":
        argv = [*lab.ssh_argv(arguments.guest), *arguments.words]
        os.execvp(argv[0], argv)
    elif arguments.command == "down":
        for one in [Lab(dataclasses.replace(lab.spec, name=name)) for name in known_labs()] if arguments.all else [lab]:
            one.down()
    else:
        if arguments.command == "up":
            lab.up()
        print("\n".join(lab.status()))
