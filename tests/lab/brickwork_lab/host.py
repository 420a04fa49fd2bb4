# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the host's programs, and says what is missing on the host before anything is built."""

from __future__ import annotations

import os
import pathlib
import platform
import shutil
import subprocess
import sys

from brickwork_lab.cache import cache_folder, locked
from brickwork_lab.errors import LabError

#: Program that must be there -> the Debian package that brings it.
NEEDED = {
    "mmdebstrap": "mmdebstrap",
    "mkfs.ext4": "e2fsprogs",
    "dpkg-scanpackages": "dpkg-dev",
    "ssh": "openssh-client",
    "ip": "iproute2",
    "ethtool": "ethtool",
    "nc": "netcat-openbsd",
}
_SBIN = "/usr/local/sbin:/usr/sbin:/sbin"


def say(text: str) -> None:
    """Tell the user what is happening, at once."""
    print(f"lab: {text}", file=sys.stderr, flush=True)


def run(argv: list[str], doing: str, **more: object) -> str:
    """Run a program and return what it printed; LabError with its last words if it fails."""
    environment = dict(os.environ, PATH=f"{os.environ.get('PATH', '')}:{_SBIN}", LC_ALL="C.UTF-8")
    done = subprocess.run(
        argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, env=environment, check=False, **more
    )  # type: ignore[call-overload]
    if done.returncode != 0:
        words = (done.stderr or done.stdout).strip().splitlines()[-12:]
        raise LabError(f"{doing} failed ({argv[0]}, exit code {done.returncode}):\n  " + "\n  ".join(words))
    return str(done.stdout)


def check_host() -> None:
    """Raise LabError for a host on which no lab can run, naming everything that is missing."""
    missing = []
    if os.geteuid() != 0:
        missing.append("root (network namespaces and device trees need it)")
    if platform.machine() != "x86_64" or sys.platform != "linux":
        missing.append(f"Linux on x86-64 (this is {sys.platform} on {platform.machine()})")
    if not pathlib.Path("/dev/net/tun").exists():
        missing.append("/dev/net/tun (modprobe tun)")
    if not shutil.which("apt-get"):
        missing.append("apt-get (a Debian host)")
    if missing:
        raise LabError("this machine can't run a lab; it lacks " + "; ".join(missing))


def install_missing(needed: dict[str, str]) -> None:
    """Install the Debian packages of those programs that are not there."""
    if not _missing(needed):
        return
    # Labs that start at once would meet at apt's lock.
    with locked(cache_folder() / "apt"):
        packages = _missing(needed)
        if packages:
            say(f"installing {', '.join(packages)} on this machine")
            _install(packages)


def _missing(needed: dict[str, str]) -> list[str]:
    path = f"{os.environ.get('PATH', '')}:{_SBIN}"
    return sorted({package for program, package in needed.items() if not shutil.which(program, path=path)})


def _install(packages: list[str]) -> None:
    run(["apt-get", "update", "-qq"], "reading the package lists")
    run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages], f"installing {' '.join(packages)}")
