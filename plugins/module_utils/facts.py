# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records as plain data and back: what an info module saw, a planner on the controller can use. PRIVATE."""

from typing import Any, get_type_hints


def to_facts(value):
    """Return a record, or any nesting of them, as dictionaries and lists."""
    if hasattr(value, "_fields"):
        return {field: to_facts(getattr(value, field)) for field in value._fields}
    if isinstance(value, dict):
        return {key: to_facts(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_facts(item) for item in value]
    return value


def from_facts(kind, value):
    """Return the record of that kind which to_facts made the value of."""
    if value is None or kind is Any:
        return value
    if hasattr(kind, "_fields"):
        hints = get_type_hints(kind)
        return kind(**{field: from_facts(hints[field], value[field]) for field in kind._fields if field in value})
    return _from_container(kind, value)


def _from_container(kind, value):
    arguments: Any = getattr(kind, "__args__", None) or ()
    if type(None) in arguments:
        return from_facts(arguments[0], value)
    if isinstance(value, dict):
        return {key: from_facts(arguments[1], item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        items = [from_facts(arguments[0], item) for item in value]
        return items if str(kind).startswith("typing.List") else tuple(items)
    return value
