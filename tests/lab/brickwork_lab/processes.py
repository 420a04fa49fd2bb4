# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Processes by what is recorded of them. A number alone may long belong to somebody else's process."""

from __future__ import annotations

import contextlib
import os
import pathlib
import signal
import time


def start_time(pid: int) -> str | None:
    """Return when a process started (clock ticks since boot), None if there is no such process or it is a zombie."""
    fields = _stat(pid)
    return fields[19] if fields and fields[0] != "Z" else None


def session_of(pid: int) -> int | None:
    """Return the process that began the session of a process, None if there is no such process."""
    fields = _stat(pid)
    return int(fields[3]) if fields else None


def _stat(pid: int) -> list[str]:
    """Return the fields of /proc/PID/stat from the state on (proc(5)), none if there is no such process."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def is_alive(record: dict | None) -> bool:
    """Whether the recorded process still is the one that was recorded."""
    return bool(record) and start_time(record["pid"]) == record["started"]  # type: ignore[index]


def record_of(pid: int) -> dict:
    """Return what must be written down of a process to end it, and no other, later."""
    return {"pid": pid, "started": start_time(pid)}


def send(record: dict, number: signal.Signals) -> None:
    """Send a signal to the recorded process and all of its session, if it still is that process."""
    if is_alive(record):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(record["pid"], number)


def end_orphans(records: list[dict], candidates: list[int]) -> None:
    """End those of the candidates that a recorded process started and left behind when it crashed."""
    sessions = {record["pid"] for record in records}
    for pid in candidates:
        if session_of(pid) in sessions:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def end(record: dict, patience: float = 10.0) -> None:
    """End the recorded process at once and wait until it is gone."""
    send(record, signal.SIGKILL)
    deadline = time.monotonic() + patience
    while is_alive(record) and time.monotonic() < deadline:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(record["pid"], os.WNOHANG)
        time.sleep(0.02)
