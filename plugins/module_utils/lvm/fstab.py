# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""/etc/fstab as text in, text out: only our own lines are touched. Pure. PRIVATE to the collection."""

from typing import NamedTuple


class Entry(NamedTuple):
    """One line of /etc/fstab that mounts something."""

    source: str
    target: str
    line: str


def entries(text):
    """Return the entries of an fstab, without comments."""
    fields = [(line.split(), line) for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    return [Entry(words[0], words[1].rstrip("/") or "/", line) for words, line in fields if len(words) >= 2]


def find_target(text, target):
    """Return the entry for a mount point, or None."""
    return next((entry for entry in entries(text) if entry.target == target), None)


def brick_line(uuid, target, options):
    """Return the line that mounts a brick.

    nofail: a dead disk must not keep the node from booting, the volume lives on without it. before glusterd, so that
    the brick is there when it starts: for a dead disk only glusterd waits, and a minute at most, since LVM may well
    take half of that to activate many volumes.
    """
    waits = "nofail,x-systemd.device-timeout=60s,x-systemd.before=glusterd.service"
    return "UUID=%s %s xfs %s,%s 0 0" % (uuid, target, options, waits)


def with_line(text, line):
    """Return the fstab with one line more."""
    return text + ("" if not text or text.endswith("\n") else "\n") + line + "\n"


def without_line(text, line):
    """Return the fstab without that line."""
    return "".join(kept for kept in text.splitlines(True) if kept.rstrip("\n") != line)
