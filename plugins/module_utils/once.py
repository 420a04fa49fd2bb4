# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Properties that are made at their first use and kept, as functools.cached_property of Python 3.8. PRIVATE."""

from typing import Any, Callable, Generic, TypeVar

Made = TypeVar("Made")


class MadeOnce(Generic[Made]):
    """Decorator for a property of a record that never changes, and whose making goes through all of the record.

    The record's class must have a C(__dict__), which a subclass of a named tuple has and the named tuple has not.
    """

    def __init__(self, make: Callable[[Any], Made]) -> None:
        self._make = make
        self._name = make.__name__
        self.__doc__ = make.__doc__

    def __get__(self, owner: Any, kind: Any = None) -> Made:
        value = self._make(owner)
        # From now on the value in the object's own dictionary is found before this.
        owner.__dict__[self._name] = value
        return value
