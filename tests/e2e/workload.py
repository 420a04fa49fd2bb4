#!/usr/bin/env python
# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Uses a mounted volume on a machine of the lab, and proves that nothing acknowledged is lost.

    workload.py run FOLDER JOURNAL [S]  writes, truncates, renames and reads back until it gets SIGTERM, each S seconds
    workload.py check FOLDER JOURNAL    reads all that was acknowledged; prints operations, longest and wrong as JSON

The journal is on the machine's own disk: a line for each write, with the name, the sha256 and the seconds, behind ERROR
and its number for one that was not acknowledged. Such a one may have happened or not, until the next of its name.
"""

import hashlib
import json
import os
import pathlib
import random
import signal
import sys
import time

FILES = 100
SIZE = 64 * 1024


def run(folder: pathlib.Path, journal: pathlib.Path, pause: str = "0") -> None:
    """Work until SIGTERM; an error is written to the journal, and ends nothing."""
    going = [True]
    signal.signal(signal.SIGTERM, lambda *_signal: going.clear())
    folder.mkdir(exist_ok=True)
    number = 0
    with journal.open("a", buffering=1) as log:
        while going:
            began = time.monotonic()
            name, content, kept = f"f{number % FILES}", random.randbytes(SIZE), SIZE if number % 5 else SIZE // 2
            line = f"{name} {hashlib.sha256(content[:kept]).hexdigest()}"
            try:
                change(folder, name, content, kept)
            except OSError as error:
                line = f"ERROR {error.errno} {line}"
            log.write(f"{line} {time.monotonic() - began:.2f}\n")
            number += 1
            time.sleep(float(pause))


def change(folder: pathlib.Path, name: str, content: bytes, kept: int) -> None:
    """Write a file anew by way of another name, shorten it to the bytes that are kept, and read it back."""
    temporary = folder / f".{name}"
    # What an interrupted write left may have been damaged, as nobody was told that it is there.
    temporary.unlink(missing_ok=True)
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
        if kept < len(content):
            os.truncate(file.fileno(), kept)
            os.fsync(file.fileno())
    temporary.rename(folder / name)
    if (folder / name).read_bytes() != content[:kept]:
        raise OSError(0, "read back something else")


def check(folder: pathlib.Path, journal: pathlib.Path) -> None:
    """Compare what is there with what was acknowledged last, and print what came of the work."""
    lines = [line.split() for line in journal.read_text().splitlines()]
    wrong = [name for name, digests in allowed(lines).items() if _digest(folder / name) not in digests]
    errors = [words[1] for words in lines if words[0] == "ERROR"]
    longest = max((float(words[-1]) for words in lines), default=0.0)
    print(json.dumps({"operations": len(lines), "longest": longest, "wrong": wrong, "errors": errors}))


def allowed(lines: list[list[str]]) -> dict[str, set[str]]:
    """Return by name what may be in a file: what was acknowledged last, and what was tried after it and failed.

    A file of which nothing was acknowledged may be anything.
    """
    digests: dict[str, set[str]] = {}
    for words in lines:
        name, digest = words[-3:-1]
        if words[0] != "ERROR":
            digests[name] = {digest}
        elif name in digests:
            digests[name].add(digest)
    return digests


def _digest(path: pathlib.Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        return str(error)


if __name__ == "__main__":
    {"run": run, "check": check}[sys.argv[1]](*map(pathlib.Path, sys.argv[2:4]), *sys.argv[4:])
