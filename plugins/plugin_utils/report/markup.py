# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTML whose texts can not become HTML: what is not Markup is escaped where it is put in. Pure. PRIVATE."""

import html
import re
from collections.abc import Iterable, Sequence
from typing import Union

#: What HTML does not allow in a text, and what can not be written as UTF-8.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
#: Elements without an end.
_VOID = ("meta", "input")


class Markup(str):
    """A text that is HTML already."""


Content = Union[str, int, Markup]
_Attribute = Union[str, int, bool, None]


def escaped(content: Content) -> Markup:
    """Return a text as HTML that shows it; Markup stays as it is."""
    if isinstance(content, Markup):
        return content
    return Markup(html.escape(_UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", str(content))))


def tag(element: str, /, *contents: Content, **attributes: _Attribute) -> Markup:
    """Return an element. A name of an attribute may end in an underscore, and has others for hyphens."""
    begin = element + "".join(_attribute(key, value) for key, value in attributes.items())
    if element in _VOID:
        return Markup(f"<{begin}>")
    return Markup(f"<{begin}>{joined(contents)}</{element}>")


def joined(contents: Iterable[Content]) -> Markup:
    """Return contents one behind the other."""
    return Markup("".join(map(escaped, contents)))


def listed(items: Iterable[Content]) -> Markup:
    """Return a list."""
    return tag("ul", *(tag("li", item) for item in items))


def table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[Content]]) -> Markup:
    """Return a table; the first cell of each row says what the row is about."""
    head = tag("tr", *(tag("th", text, scope="col") for text in heads))
    body = [tag("tr", tag("th", row[0], scope="row"), *(tag("td", cell) for cell in row[1:])) for row in rows]
    whole = tag("table", tag("caption", caption), tag("thead", head), tag("tbody", *body))
    # A wide table scrolls by itself, also by keys, and not the page.
    return tag("div", whole, class_="scroll", tabindex=0, role="group", aria_label=caption)


def _attribute(key: str, value: _Attribute) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escaped(str(value))}"'
