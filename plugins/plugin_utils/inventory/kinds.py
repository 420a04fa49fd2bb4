# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds of values that an inventory holds, and how each is read. PRIVATE to the collection.

A kind takes a value as YAML or a template made it, and returns it in its one normal form. What is wrong in it raises
InputError; what is wrong in a part of it is reported, so that all of it is seen at once.
"""

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from ansible_collections.brickwork.gluster.plugins.module_utils import grammar
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.options import as_typed
from ansible_collections.brickwork.gluster.plugins.module_utils.grammar import argument, one_line, option_name, shown
from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import parse_size
from ansible_collections.brickwork.gluster.plugins.plugin_utils.inventory.problems import Report

#: No list of an inventory is longer; a list that is longer was made by mistake.
MOST_ITEMS = 10_000
_LONGEST_NUMBER = 18


class Kind(Protocol):
    """What a value may be."""

    @property
    def argument_type(self) -> str:
        """What a role's argument_specs call it."""

    def read(self, value: Any, where: str, report: Report) -> Any:
        """Return the value in its normal form; raise InputError or report what is wrong, beginning with where."""


def read_value(kind: Kind, value: Any, where: str, report: Report) -> Any:
    """Return what the kind reads, None where that is nothing; everything that is wrong is reported."""
    try:
        if value is None:
            raise InputError(f"{where}: there is nothing behind it; write a value, or remove the line")
        return kind.read(value, where, report)
    except InputError as error:
        report(str(error))
        return None


@dataclass(frozen=True)
class Boolean:
    """True or false, and no text: a text that says false would count as true."""

    argument_type: str = "bool"

    def read(self, value: Any, where: str, report: Report) -> bool:
        """Return the boolean."""
        if isinstance(value, bool):
            return value
        by_hand = "" if ":" in where else f", and on a command line -e '{{\"{where}\": true}}'"
        raise InputError(
            f"{where}: found {shown(value)}; write true or false without quotes (in an INI file True or False){by_hand}"
        )


@dataclass(frozen=True)
class Text:
    """A text that a grammar judges. An empty one counts as left out where that is allowed."""

    grammar: Callable[[str, Any], str] = one_line
    may_be_empty: bool = True
    argument_type: str = "str"
    #: What it may be, where another part of the collection judges that.
    values: tuple[str, ...] = ()

    def read(self, value: Any, where: str, report: Report) -> str:
        """Return the text in the grammar's normal form."""
        if value == "" and self.may_be_empty:
            return ""
        return str(self.grammar(where, value))


@dataclass(frozen=True)
class Secret:
    """A key. No message shows it."""

    least: int = 0
    argument_type: str = "str"

    def read(self, value: Any, where: str, report: Report) -> str:
        """Return the key."""
        if not isinstance(value, str):
            raise InputError(f"{where}: found no text; write a text in quotes")
        if any(letter.isspace() or not letter.isprintable() for letter in value):
            raise InputError(f"{where}: found a blank or a line break in it; write it without")
        if value and len(value) < self.least:
            raise InputError(f"{where}: found {len(value)} characters; write at least {self.least}")
        return value


@dataclass(frozen=True)
class Version:
    """A version in quotes: YAML takes 1.20 for the number 1.2."""

    argument_type: str = "str"

    def read(self, value: Any, where: str, report: Report) -> str:
        """Return the version."""
        if isinstance(value, bool) or not isinstance(value, (str, int)):
            raise InputError(f'{where}: found the number {shown(value)}; write the version in quotes, such as "7.5"')
        text = one_line(where, str(value))
        if not all(letter.isalnum() or letter in ".-+~:" for letter in text) or text[:1] == "-":
            raise InputError(f'{where}: found {shown(value)}; write a version, such as "7.5"')
        return text


@dataclass(frozen=True)
class Whole:
    """A whole number, also as the text that a command line makes of it."""

    least: int = 1
    most: int = 2**31 - 1
    argument_type: str = "int"

    def read(self, value: Any, where: str, report: Report) -> int:
        """Return the number."""
        number = self._number(value, where)
        if not self.least <= number <= self.most:
            raise InputError(f"{where}: found {number}; write a whole number from {self.least} to {self.most}")
        return number

    def _number(self, value: Any, where: str) -> int:
        text = str(value)
        digits = text[1:] if text.startswith("-") else text
        plain = digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST_NUMBER
        if isinstance(value, (int, str)) and not isinstance(value, bool) and plain:
            return int(text)
        raise InputError(f"{where}: found {shown(value)}; write a whole number from {self.least} to {self.most}")


@dataclass(frozen=True)
class Decimal:
    """A number from least to most."""

    least: float
    most: float
    argument_type: str = "float"

    def read(self, value: Any, where: str, report: Report) -> float:
        """Return the number."""
        try:
            number = float(value) if isinstance(value, (int, float, str)) and not isinstance(value, bool) else None
        except ValueError:
            number = None
        if number is None or not self.least <= number <= self.most:
            raise InputError(f"{where}: found {shown(value)}; write a number from {self.least} to {self.most}")
        return number


@dataclass(frozen=True)
class Size:
    """A size with its unit, such as 10GiB. least and step are in bytes."""

    least: int = 1
    step: int = 1
    argument_type: str = "str"

    def read(self, value: Any, where: str, report: Report) -> str:
        """Return the size as it was written."""
        size = parse_size(value, where)
        if size < self.least or size % self.step:
            steps = f" in steps of {_in_kib(self.step)}" if self.step > 1 else ""
            raise InputError(f"{where}: found {shown(value)}; write {_in_kib(self.least)} or more{steps}")
        return str(value).strip()


def _in_kib(size: int) -> str:
    return f"{size // 1024}KiB" if size % 1024 == 0 else f"{size} B"


@dataclass(frozen=True)
class Choice:
    """One of a few values; a number may be written as a text."""

    values: tuple[Any, ...]
    argument_type: str = "str"

    def read(self, value: Any, where: str, report: Report) -> Any:
        """Return the value."""
        for known in self.values:
            if not isinstance(value, (bool, float)) and str(value) == str(known):
                return known
        raise InputError(f"{where}: found {shown(value)}; write one of {', '.join(map(str, self.values))}")


@dataclass(frozen=True)
class Anything:
    """What another part of the collection judges."""

    argument_type: str = "dict"

    def read(self, value: Any, where: str, report: Report) -> Any:
        """Return the value as it is."""
        return value


@dataclass(frozen=True)
class Zone:
    """The name of a failure zone; a number is one, too, and 0 is no less than 1."""

    argument_type: str = "str"

    def read(self, value: Any, where: str, report: Report) -> str:
        """Return the name."""
        if isinstance(value, (bool, float)) or not isinstance(value, (str, int)) or not str(value).strip():
            raise InputError(f"{where}: found {shown(value)}; write the zone's name, such as rack1")
        return one_line(where, str(value).strip())


@dataclass(frozen=True)
class Items:
    """A list. Messages call an item by its name or path, else by its position."""

    kind: Kind
    least: int = 0
    argument_type: str = "list"

    def read(self, value: Any, where: str, report: Report) -> list[Any]:
        """Return the list of what could be read."""
        if not isinstance(value, (list, tuple)):
            raise InputError(f"{where}: found {_described(value)}; write a list, such as [{_example(value)}]")
        if len(value) < self.least:
            raise InputError(f"{where}: found an empty list; leave it out, or write at least {self.least}")
        if len(value) > MOST_ITEMS:
            raise InputError(f"{where}: found a list of {len(value)}; write at most {MOST_ITEMS}")
        read = [
            read_value(self.kind, item, f"{where}: {_called(item, position)}", report)
            for position, item in enumerate(value, 1)
        ]
        return [item for item in read if item is not None]


def _described(value: Any) -> str:
    if isinstance(value, str):
        return f"the text {shown(value)}"
    return f"a dictionary ({shown(value)})" if isinstance(value, Mapping) else shown(value)


def _example(value: Any) -> str:
    plain = isinstance(value, str) and 0 < len(value) < 40 and value.isprintable() and value[0] not in "[{"
    return value if plain else "..."


def _called(item: Any, position: int) -> str:
    name = item.get("name") or item.get("path") if isinstance(item, Mapping) else None
    return name if isinstance(name, str) and name.isprintable() and len(name) < 100 else f"number {position}"


@dataclass(frozen=True)
class Key:
    """A key of a record, and what people read about it: text is in Ansible's markup.

    default is what holds where the key is left out; otherwise says it in words where it is no fixed value.
    """

    name: str
    kind: Kind
    text: str
    required: bool = False
    default: Any = None
    otherwise: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Variable(Key):
    """A variable of the inventory; required where every host of the group needs it."""


@dataclass(frozen=True)
class Record:
    """A dictionary with known keys. alone is the key that a plain text stands for, check judges the whole."""

    keys: tuple[Key, ...]
    alone: str = ""
    check: Callable[[dict[str, Any]], None] | None = None
    example: str = "a dictionary"

    @property
    def argument_type(self) -> str:
        """What a role's argument_specs call it."""
        return "raw" if self.alone else "dict"

    def read(self, value: Any, where: str, report: Report) -> dict[str, Any]:
        """Return the given keys with their values; those that could not be read are left out."""
        if self.alone and isinstance(value, str):
            value = {self.alone: value}
        if not isinstance(value, Mapping):
            raise InputError(f"{where}: found {_described(value)}; write {self.example}")
        self._report_keys(value, where, report)
        kinds = {key.name: key.kind for key in self.keys}
        read = {
            name: read_value(kinds[name], part, f"{where}: {name}", report)
            for name, part in value.items()
            if name in kinds
        }
        return self._checked({name: part for name, part in read.items() if part is not None}, where)

    def _report_keys(self, value: Mapping[str, Any], where: str, report: Report) -> None:
        for key in self.keys:
            if key.required and key.name not in value:
                report(f"{where}: {key.name} is missing; write {self.example}")
        for name in value:
            if name not in {key.name for key in self.keys}:
                report(f"{where}: {shown(name)} is unknown; {nearest(name, [key.name for key in self.keys])}")

    def _checked(self, found: dict[str, Any], where: str) -> dict[str, Any]:
        if self.check and all(key.name in found for key in self.keys if key.required):
            try:
                self.check(found)
            except InputError as error:
                raise InputError(f"{where}: {error}") from error
        return found


def nearest(name: Any, known: Sequence[str]) -> str:
    """Return what to write instead of an unknown name."""
    close = difflib.get_close_matches(str(name), known, 1)
    return f"did you mean {close[0]}?" if close else f"write one of {', '.join(sorted(known))}"


@dataclass(frozen=True)
class Table:
    """A dictionary of texts, such as tags, with any names that the grammar takes."""

    grammar: Callable[[str, Any], str]
    kind: Kind
    argument_type: str = "dict"

    def read(self, value: Any, where: str, report: Report) -> dict[str, Any]:
        """Return the dictionary."""
        if not isinstance(value, Mapping):
            raise InputError(f"{where}: found {_described(value)}; write a dictionary, such as name: value")
        if len(value) > MOST_ITEMS:
            raise InputError(f"{where}: found {len(value)} entries; write at most {MOST_ITEMS}")
        found = {}
        for name, item in value.items():
            read_value(Text(self.grammar, may_be_empty=False), name, where, report)
            found[str(name)] = read_value(self.kind, item, f"{where}: {name}", report)
        return {name: item for name, item in found.items() if item is not None}


#: Options whose value is a list of machines.
LISTS = ("auth.allow", "auth.reject", "auth.ssl-allow")


@dataclass(frozen=True)
class VolumeOption:
    """The value of a volume option. A list of machines becomes the text that GlusterFS takes."""

    argument_type: str = "raw"

    def read(self, value: Any, where: str, report: Report) -> Any:
        """Return the value: YAML's numbers and booleans stay what they are."""
        name = where.rpartition(": ")[2]
        if isinstance(value, (list, tuple)) and name in LISTS:
            return ",".join(argument(where, item) for item in value)
        if not isinstance(value, (str, int, float)):
            raise InputError(f"{where}: found {_described(value)}; write one text, number or boolean")
        argument(where, as_typed(value))
        return value


def volume_options() -> Table:
    """Return the kind of a dictionary of volume options."""
    return Table(option_name, VolumeOption())


@dataclass(frozen=True)
class MountOptions:
    """Mount options, as a text with commas or as a list."""

    grammar: Callable[[str, Any], str]
    argument_type: str = "str"

    def read(self, value: Any, where: str, report: Report) -> str:
        """Return them as one text."""
        if isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value):
            value = ",".join(value)
        return self.grammar(where, value) if value != "" else ""


#: The kinds that many variables have.
TEXT = Text()
WORD = Text(grammar.word)
PATH = Text(grammar.absolute_path, argument_type="path")
#: A file or folder on the controller, which may be below its user's home.
FILE = Text(argument_type="path")
SECONDS = Whole(1, 7 * 24 * 60 * 60)
PORT = Whole(1, 65535)
