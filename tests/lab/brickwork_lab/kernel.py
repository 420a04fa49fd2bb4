# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guests' kernel: the fast one of Debian's next release where it can be had, else this distribution's own."""

from __future__ import annotations

import dataclasses
import pathlib
import time

from brickwork_lab import host
from brickwork_lab.cache import cached
from brickwork_lab.errors import LabError

#: Its user-mode-linux runs guests without ptrace, several times as fast; it needs a newer C library, so it has
#: a small tree of its own.
FAST_SUITE = "forky"


@dataclasses.dataclass(frozen=True)
class Kernel:
    """A User Mode Linux kernel. root is the tree that it is started in, None for this machine's own."""

    version: str
    modules: pathlib.Path
    root: pathlib.Path | None

    @property
    def is_fast(self) -> bool:
        """Whether it is the newer one, which also has another way to speak to its network."""
        return self.root is not None


def find_kernel(wanted: str) -> Kernel:
    """Return the kernel: wanted is C(fast), C(distribution), or C(auto) for fast with a fallback."""
    if wanted == "distribution":
        return _distribution_kernel("as the spec asks")
    try:
        kernel = _fast_kernel()
    except LabError as error:
        if wanted == "fast":
            raise
        host.say(f"no kernel from {FAST_SUITE}: {error}")
        return _distribution_kernel("the slower one")
    host.say(f"kernel {kernel.version} from {FAST_SUITE} (fast)")
    return kernel


def _fast_kernel() -> Kernel:
    # A kernel a month is often enough; without a date in the key it would never be renewed.
    root = cached("kernel", [FAST_SUITE, time.strftime("%Y-%m")], _build_fast_kernel)
    return _kernel_in(root / "usr/lib/uml/modules", root)


def _build_fast_kernel(folder: pathlib.Path) -> None:
    host.say(f"getting the kernel from {FAST_SUITE}")
    argv = ["mmdebstrap", "--quiet", "--variant=extract", "--mode=root", "--include=user-mode-linux"]
    # The mirror's Release file of a suite in the making may be past its date.
    argv += ['--aptopt=Acquire::Check-Valid-Until "false"', "--skip=check/empty", FAST_SUITE, str(folder)]
    host.run(argv, f"getting user-mode-linux of {FAST_SUITE}")
    for name in ("bin", "sbin", "lib", "lib64"):
        if not (folder / name).exists():
            (folder / name).symlink_to(f"usr/{name}")
    for name in ("proc", "dev", "lab", "cache", "tmp"):
        (folder / name).mkdir(exist_ok=True)


def _distribution_kernel(why: str) -> Kernel:
    host.install_missing({"linux.uml": "user-mode-linux"})
    kernel = _kernel_in(pathlib.Path("/usr/lib/uml/modules"), None)
    host.say(f"kernel {kernel.version} of this distribution ({why})")
    return kernel


def _kernel_in(modules: pathlib.Path, root: pathlib.Path | None) -> Kernel:
    versions = sorted(modules.iterdir()) if modules.is_dir() else []
    if not versions:
        raise LabError(f"there are no kernel modules in {modules}")
    return Kernel(versions[-1].name, versions[-1], root)
