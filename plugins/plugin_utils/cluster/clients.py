# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is to be done on a client, of what the look found there. Pure. PRIVATE."""

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.certificates import (
    certificate_lines,
    read_certificate,
    refuse_certificate,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.mounts import client_mounts, plan_mounts

#: What a client is asked for: what the boot mounts, what is mounted, and what mounts later.
FSTAB, MOUNTS, UNIT = "/etc/fstab", "/proc/mounts", "/etc/systemd/system/brickwork-mounts.service"


def plan_client(name: str, volumes: Sequence[Mapping[str, Any]], look: Mapping[str, Any], unit: str) -> dict[str, Any]:
    """Return the mounts of a client, those that are pending, and what else is (is_due: any).

    unit is the text that the unit is to have.
    """
    mounts, files = client_mounts(volumes, name), look["files"]
    certificate = _certificate(name, look) if mounts else []
    pending = plan_mounts(mounts, files[FSTAB], files[MOUNTS], look.get("dead_mounts") or ())
    unit_pending = bool(mounts) and files[UNIT] != unit
    return {
        "mounts": mounts,
        "pending": pending,
        "unit_pending": unit_pending,
        "certificate": certificate,
        "is_due": bool(pending or unit_pending or certificate),
        "missing_packages": look.get("missing_packages") or [],
        # That of a storage node is planned with the node.
        "software": [] if "disks" in look else look.get("software") or [],
    }


def _certificate(name: str, look: Mapping[str, Any]) -> list[str]:
    """Return what is to be done to its certificate. That of a storage node is planned with the node."""
    if "disks" in look:
        return []
    certificate = read_certificate(look.get("certificate"))
    refuse_certificate(name, certificate, look.get("missing_packages"))
    return certificate_lines(name, certificate)


def client_absence(name: str) -> str:
    """Say that a client did not answer."""
    return f"{name} did not answer: its mounts stay as they are; bring it back"
