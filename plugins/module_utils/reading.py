# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How answers of programs become records: an answer in another form than promised is a ParseError. PRIVATE.

A parser takes the form of an answer for granted, and says so with C(@parser). What Python raises where the form is
another one becomes a ParseError here, with the program and the beginning of what it said.
"""

import functools
from typing import Any, Callable, List, Tuple, TypeVar

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import BrickworkError, ParseError

#: What Python raises for a key, a word or a value that is not there, or is of another kind.
FOREIGN = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError)
_SHOWN = 120
_SIMPLE = (str, int, float, bool)

Parser = TypeVar("Parser", bound=Callable[..., Any])


def parser(program: str) -> Callable[[Parser], Parser]:
    """Return a decorator for a function that makes records of what a program said, its first argument."""

    def decorate(parse: Callable[..., Any]) -> Any:
        @functools.wraps(parse)
        def checked(answer: Any, *arguments: Any, **options: Any) -> Any:
            try:
                record = parse(answer, *arguments, **options)
                for one in _records(record):
                    _require_types(one)
                return record
            except BrickworkError:
                raise
            except FOREIGN as error:
                raise ParseError(
                    "%s: its answer is in another form than it promises (%s) and begins: %s; run it by hand on that "
                    "machine" % (program, _reason(error), beginning(answer))
                )

        return checked

    return decorate


def _reason(error: Exception) -> str:
    if isinstance(error, KeyError):
        return "there is no %s" % error
    return "%s: %s" % (type(error).__name__, str(error)[:_SHOWN])


def beginning(answer: Any) -> str:
    """Return the beginning of an answer in one line. Of what has names only these: a value may be a secret."""
    if isinstance(answer, dict):
        return "{%s}" % ", ".join(sorted(map(str, answer)))[:_SHOWN]
    if isinstance(answer, (str, bytes)):
        return repr(answer[:_SHOWN])
    tag = getattr(answer, "tag", None)
    return "<%s>" % tag if tag else type(answer).__name__


def _records(found: Any) -> List[Any]:
    """Return the records that a parser returned: one, or several in a container."""
    if isinstance(found, dict):
        return [one for value in found.values() for one in _records(value)]
    if isinstance(found, (list, tuple)) and not hasattr(found, "_fields"):
        return [one for value in found for one in _records(value)]
    return [found] if hasattr(found, "_fields") else []


def _require_types(record: Any) -> None:
    """Raise TypeError for a record with a field of another kind than it says: where it is used it would be too late."""
    for name, kind in getattr(record, "__annotations__", {}).items():
        value = getattr(record, name)
        if kind in _SIMPLE and not _is(value, kind):
            raise TypeError("%s is %s and not %s" % (name, type(value).__name__, kind.__name__))
        if isinstance(value, tuple):
            _require_elements(name, value, kind)


def _require_elements(name: str, values: Tuple[Any, ...], kind: Any) -> None:
    (element, *_more) = getattr(kind, "__args__", None) or (None,)
    if element in _SIMPLE and not all(_is(value, element) for value in values):
        raise TypeError("%s has what is not %s" % (name, element.__name__))


def _is(value: Any, kind: type) -> bool:
    if kind is float:
        return isinstance(value, (int, float))
    return isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
