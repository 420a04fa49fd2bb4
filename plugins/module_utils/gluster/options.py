# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Volume options: one form for every way of writing the same value or name. PRIVATE to the collection.

GlusterFS keeps a value as it was typed: on, true, yes, 1 and enable stay different strings, and so do
64MB, 64mb and 67108864. Comparing needs one form of each.
"""

import re
from typing import Any, Dict, Iterable, List, Mapping

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.option_names import (
    POOL_OPTIONS,
    VOLUME_OPTIONS,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.grammar import argument, option_name

_ON = frozenset(("on", "yes", "true", "enable", "1"))
_OFF = frozenset(("off", "no", "false", "disable", "0"))
_SIZE = re.compile(r"^(\d+(?:\.\d+)?)(B|KB|MB|GB|TB|PB)?\Z")
_SECONDS = re.compile(r"^(\d+)S(?:EC)?\Z")
_FACTORS = {None: 1, "B": 1, "KB": 1024, "MB": 1024**2, "GB": 1024**3, "TB": 1024**4, "PB": 1024**5}


def _long_names() -> Dict[str, List[str]]:
    """Return the sorted long names of each short one."""
    names: Dict[str, List[str]] = {}
    for known in sorted(VOLUME_OPTIONS):
        names.setdefault(known.partition(".")[2], []).append(known)
    return names


_LONG_NAMES = _long_names()


def as_typed(value: Any) -> str:
    """Return an option's value as text for the command line; YAML's booleans become on and off."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return str(value)


def canonical_value(name: str, value: Any) -> str:
    """Return the one form of a value under which equal values are equal.

    C(user.*) options are anybody's text and stay as they are, but for the spaces that GlusterFS drops.
    """
    text = as_typed(value).replace(" ", "")
    if name.startswith("user."):
        return text
    word = text.lower()
    if word in _ON:
        return "on"
    if word in _OFF:
        return "off"
    return _canonical_number(text)


def _canonical_number(text: str) -> str:
    word = text.upper()
    seconds = _SECONDS.match(word)
    if seconds:
        word = seconds.group(1)
    size = _SIZE.match(word)
    if not size:
        return text
    # The digits again through the words: "01" is 1, and 1 is "on".
    number = str(int(float(size.group(1)) * _FACTORS[size.group(2)]))
    return {"1": "on", "0": "off"}.get(number, number)


def long_name(name: str) -> str:
    """Return the long name of an option, given with or without its first part.

    Raises InputError for a short name of several options. A name that is not known stays as it is.
    """
    if "." in name:
        return name
    candidates = _LONG_NAMES.get(name, ())
    if len(candidates) > 1:
        raise InputError("options: %s is short for several options; write one of %s" % (name, ", ".join(candidates)))
    return candidates[0] if candidates else name


def check_names(names: Iterable[str]) -> None:
    """Raise InputError for options that belong to the whole pool and not to one volume."""
    for name in names:
        if name in POOL_OPTIONS:
            raise InputError(
                "options: %s holds for the whole pool, not for one volume; set it with 'gluster volume set all'" % name
            )


def wanted_options(options: Mapping[str, Any]) -> Dict[str, str]:
    """Return options under their long names with their values as typed, checked.

    Raises InputError when two names mean the same option with different values.
    """
    wanted: Dict[str, str] = {}
    for name, value in options.items():
        known = long_name(option_name("options", name))
        argument("options: %s" % name, as_typed(value))
        if known in wanted and canonical_value(known, wanted[known]) != canonical_value(known, value):
            raise InputError("options: found %s twice with different values; keep one of them" % known)
        wanted[known] = as_typed(value)
    check_names(wanted)
    return wanted


def differing(wanted: Mapping[str, str], present: Mapping[str, str]) -> Dict[str, str]:
    """Return those of the wanted options whose value is another one in the present options."""
    return {
        name: value
        for name, value in sorted(wanted.items())
        if name not in present or not _is_same(name, present[name], value)
    }


def _is_same(name: str, one: str, other: str) -> bool:
    return one == other or canonical_value(name, one) == canonical_value(name, other)
