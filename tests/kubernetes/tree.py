# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The system of a node of Kubernetes, without its kubelet: a Debian with containerd and GlusterFS's client, kept."""

from __future__ import annotations

import pathlib

from brickwork_lab import host
from brickwork_lab.cache import cached

SUITE = "bookworm"
PACKAGES = (
    "containerd", "runc", "containernetworking-plugins", "glusterfs-client", "busybox-static", "iptables", "iproute2",
    "mount", "kmod",
)  # fmt: skip
#: Changes whenever this file builds something else.
RECIPE = 1


def node_tree() -> pathlib.Path:
    """Return the folder that is the root of every node's system; nodes write into layers of their own over it."""
    return cached("kubernetes-node", [RECIPE, SUITE, PACKAGES], _build) / "tree"


def _build(folder: pathlib.Path) -> None:
    host.install_missing({"mmdebstrap": "mmdebstrap"})
    host.say("building the system of Kubernetes's nodes (some minutes, once)")
    argv = ["mmdebstrap", "--quiet", "--variant=minbase", "--mode=root", "--include=" + ",".join(PACKAGES)]
    host.run([*argv, SUITE, str(folder / "tree")], f"building a {SUITE} with {', '.join(PACKAGES)}")
