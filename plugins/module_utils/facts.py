# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records as plain data and back: what an info module saw, a planner on the controller can use. PRIVATE."""

from functools import lru_cache
from typing import Any, Callable, get_type_hints

_Reader = Callable[[Any], Any]


def to_facts(value: Any) -> Any:
    """Return a record, or any nesting of them, as dictionaries and lists."""
    if hasattr(value, "_fields"):
        return {field: to_facts(getattr(value, field)) for field in value._fields}
    if isinstance(value, dict):
        return {key: to_facts(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_facts(item) for item in value]
    return value


def from_facts(kind: Any, value: Any) -> Any:
    """Return the record of that kind which to_facts made the value of."""
    return _reader(kind)(value)


# Made once for each kind: a cluster's look holds a hundred thousand records of a dozen kinds.
@lru_cache(maxsize=None)
def _reader(kind: Any) -> _Reader:
    if kind is not Any and hasattr(kind, "_fields"):
        return _record_reader(kind)
    arguments: Any = getattr(kind, "__args__", None) or ()
    if type(None) in arguments:
        return _reader(arguments[0])
    return _container_reader(kind, arguments) if arguments else _as_it_is


def _as_it_is(value: Any) -> Any:
    return value


def _record_reader(kind: Any) -> _Reader:
    hints = get_type_hints(kind)
    readers = [(field, _reader(hints[field])) for field in kind._fields]

    def read(value: Any) -> Any:
        if value is None:
            return None
        return kind(**{field: reader(value[field]) for field, reader in readers if field in value})

    return read


def _container_reader(kind: Any, arguments: Any) -> _Reader:
    """Return what reads a list, a tuple or a dictionary, by what the value is: an Optional one may be None."""
    first, last = _reader(arguments[0]), _reader(arguments[-1] if arguments[-1] is not Ellipsis else arguments[0])
    sequence: Callable[[Any], Any] = list if str(kind).startswith("typing.List") else tuple

    def read(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: last(item) for key, item in value.items()}
        return sequence([first(item) for item in value]) if isinstance(value, (list, tuple)) else value

    return read
