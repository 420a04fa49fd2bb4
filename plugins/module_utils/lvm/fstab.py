# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""/etc/fstab as text in, text out: only our own lines are touched. Pure. PRIVATE to the collection."""

import re
from typing import List, NamedTuple, Tuple

#: What tells our lines from others, whatever source and options they have; mount and systemd pass over it.
OUR_OPTION = "x-brickwork.brick"
#: What told them in development versions before 1.0.0.
FORMER_OPTION = "x-systemd.before=glusterd.service"
_WAITS = "nofail,x-systemd.device-timeout=60s," + OUR_OPTION
#: fstab(5) separates words by blanks and tabs, so these stand in a word as three octal digits.
_SPECIAL = re.compile(r"[ \t\n\\#]")
_SLASHES = re.compile("//+")
_OCTAL = re.compile(r"\\([0-7]{3})")


class Entry(NamedTuple):
    """One line of /etc/fstab or /proc/mounts that mounts something; words are all of its words, unescaped."""

    source: str
    target: str
    line: str
    words: Tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """The type of the file system, "" in a line that ends before it."""
        return self.words[2] if len(self.words) > 2 else ""

    @property
    def options(self) -> Tuple[str, ...]:
        """The mount options one by one."""
        return tuple(self.words[3].split(",")) if len(self.words) > 3 else ()

    @property
    def is_of_a_brick(self) -> bool:
        """Whether this collection wrote it, also where a blank among the options has broken it since."""
        ours = {OUR_OPTION, FORMER_OPTION}
        return any(ours & set(word.split(",")) for word in self.words[3:])


def escaped(word: str) -> str:
    """Return a word as fstab has it."""
    return _SPECIAL.sub(lambda letter: "\\%03o" % ord(letter.group()), word)


def unescaped(word: str) -> str:
    """Return the word that a word of fstab stands for."""
    return _OCTAL.sub(lambda code: chr(int(code.group(1), 8)), word)


def entries(text: str) -> List[Entry]:
    """Return the entries of an fstab, without comments."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    return [_entry(line) for line in lines if len(line.split()) >= 2]


def _entry(line: str) -> Entry:
    words = tuple(unescaped(word) for word in line.split())
    return Entry(words[0], _normal(words[1]), line, words)


def _normal(path: str) -> str:
    """Return a path without doubled and final slashes, as mount takes it."""
    return _SLASHES.sub("/", path).rstrip("/") or "/" if path.startswith("/") else path


def find_targets(text: str, target: str) -> List[Entry]:
    """Return the entries for a mount point; mount takes the first."""
    return [entry for entry in entries(text) if entry.target == target]


def brick_line(device: str, target: str, options: str) -> str:
    """Return the line that mounts a brick.

    By the path of its logical volume: each snapshot that GlusterFS makes of it is a file system with the same uuid,
    active from the next boot on, and mount by uuid takes any of them.
    nofail: a dead disk must not keep the node from booting, the volume lives on without it. A minute for its device,
    since LVM may well take half of that to activate many volumes. What has glusterd wait is in boot_order.
    """
    return "%s %s xfs %s 0 0" % (device, escaped(target), escaped("%s,%s" % (options, _WAITS)))


def is_same(line: str, other: str) -> bool:
    """Whether two lines say the same, however they are spaced."""
    return line.split() == other.split()


def with_line(text: str, line: str) -> str:
    """Return the fstab with one line more."""
    return text + ("" if not text or text.endswith("\n") else "\n") + line + "\n"


def without_line(text: str, line: str) -> str:
    """Return the fstab without that line."""
    return "".join(kept for kept in text.splitlines(True) if kept.rstrip("\n") != line)


def with_repaired(text: str, target: str, line: str) -> str:
    """Return the fstab with that line in the place of the first for its mount point, and without the others."""
    replaced = [entry.line for entry in find_targets(text, target)]
    kept: List[str] = []
    for present in text.splitlines():
        if present not in replaced:
            kept.append(present)
        elif line not in kept:
            kept.append(line)
    return "\n".join(kept) + "\n"
