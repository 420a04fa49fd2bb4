# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of two versions is newer, as rpm decides it. Pure. PRIVATE to the collection."""

import re
from functools import cmp_to_key
from typing import Iterable, List, Tuple

from ansible_collections.brickwork.gluster.plugins.module_utils.rpm.records import Evr, Package

#: Digits, letters, ~ (older than nothing) and ^ (newer than nothing); all else only separates.
_PART = re.compile(r"[0-9]+|[A-Za-z]+|~|\^")
#: How kinds of parts follow each other where two versions part: ~, the end, ^, letters, digits.
_BEFORE, _END, _AFTER, _LETTERS, _DIGITS = range(5)


def compare_versions(one: str, other: str) -> int:
    """Return -1, 0 or 1 for an older, equal or newer version or release (rpm's rpmvercmp)."""
    for left, right in _pairs(_keys(one), _keys(other)):
        if left != right:
            return -1 if left < right else 1
    return 0


def _keys(text: str) -> List[Tuple[int, int, str]]:
    return [_key(part) for part in _PART.findall(text)]


def _key(part: str) -> Tuple[int, int, str]:
    """Return what a part is compared by: its kind, then as a number (digits) or as text (letters)."""
    if part in "~^":
        return (_BEFORE if part == "~" else _AFTER, 0, "")
    return (_DIGITS, int(part), "") if part.isdigit() else (_LETTERS, 0, part)


def _pairs(
    one: List[Tuple[int, int, str]], other: List[Tuple[int, int, str]]
) -> Iterable[Tuple[Tuple[int, int, str], Tuple[int, int, str]]]:
    """Pair the parts, the shorter version with its end: whatever follows there is older or newer than the end."""
    length = max(len(one), len(other))
    end = (_END, 0, "")
    return zip(one + [end] * (length - len(one)), other + [end] * (length - len(other)))


def compare(one: Evr, other: Evr) -> int:
    """Return -1, 0 or 1 for two Evrs."""
    if one.epoch != other.epoch:
        return -1 if one.epoch < other.epoch else 1
    return compare_versions(one.version, other.version) or compare_versions(one.release, other.release)


def newest(packages: Iterable[Package]) -> Package:
    """Return the newest of some packages."""
    order = cmp_to_key(compare)
    return max(packages, key=lambda package: order(package.evr))
