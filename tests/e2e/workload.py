#!/usr/bin/env python
# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Uses a mounted volume without a pause, on a machine of the lab, and proves that nothing acknowledged is lost.

    workload.py run FOLDER JOURNAL      writes, truncates, renames and reads back until it gets SIGTERM
    workload.py check FOLDER JOURNAL    reads all that was acknowledged; prints operations, longest and wrong as JSON

The journal is on the machine's own disk: a line for each acknowledged write, with the name, the sha256 and the seconds.
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


def run(folder: pathlib.Path, journal: pathlib.Path) -> None:
    """Work until SIGTERM; an error is written to the journal, and ends nothing."""
    going = [True]
    signal.signal(signal.SIGTERM, lambda *_signal: going.clear())
    folder.mkdir(exist_ok=True)
    number = 0
    with journal.open("a", buffering=1) as log:
        while going:
            began = time.monotonic()
            try:
                name, content = change(folder, number)
                log.write(f"{name} {hashlib.sha256(content).hexdigest()} {time.monotonic() - began:.2f}\n")
            except OSError as error:
                log.write(f"ERROR {error.errno} {time.monotonic() - began:.2f}\n")
            number += 1


def change(folder: pathlib.Path, number: int) -> tuple[str, bytes]:
    """Write one file anew by way of another name, every fifth time shortened; return its name and content."""
    name = f"f{number % FILES}"
    content = random.randbytes(SIZE)
    temporary = folder / f".{name}"
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
        if number % 5 == 0:
            content = content[: SIZE // 2]
            os.truncate(file.fileno(), len(content))
            os.fsync(file.fileno())
    temporary.rename(folder / name)
    if (folder / name).read_bytes() != content:
        raise OSError(0, "read back something else")
    return name, content


def check(folder: pathlib.Path, journal: pathlib.Path) -> None:
    """Compare what is there with what was acknowledged last, and print what came of the work."""
    lines = [line.split() for line in journal.read_text().splitlines()]
    last = {words[0]: words[1] for words in lines if words[0] != "ERROR"}
    wrong = [name for name, digest in last.items() if digest != _digest(folder / name)]
    errors = [words[1] for words in lines if words[0] == "ERROR"]
    longest = max((float(words[2]) for words in lines), default=0.0)
    print(json.dumps({"operations": len(lines), "longest": longest, "wrong": wrong, "errors": errors}))


def _digest(path: pathlib.Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        return str(error)


if __name__ == "__main__":
    {"run": run, "check": check}[sys.argv[1]](pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]))
