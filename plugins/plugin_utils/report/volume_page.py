# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The volumes in the page of a report: each in one line, with its bricks behind it. Pure. PRIVATE."""

from collections.abc import Mapping, Sequence
from typing import Any, Optional

from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import format_size
from ansible_collections.brickwork.gluster.plugins.plugin_utils.report.markup import (
    Content,
    Markup,
    joined,
    table,
    tag,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.report.rates import until
from ansible_collections.brickwork.gluster.plugins.plugin_utils.report.volumes import OFFLINE, SERVES

_Data = Mapping[str, Any]
_FIELD = "filter"


def volumes_section(volumes: Sequence[_Data]) -> Markup:
    """Return all volumes, with the field that filters them."""
    if not volumes:
        return tag("p", "The pool has no volumes, or no node could be asked.", class_="quiet")
    # The script shows the field: without one there is nothing that it could do.
    field = tag(
        "p",
        tag("label", "Show volumes with these words: ", for_=_FIELD),
        tag("input", type="search", id=_FIELD, autocomplete="off"),
        " ",
        tag("span", f"{numbered(len(volumes), 'volume')}", id=f"{_FIELD}-count", role="status"),
        class_="filter",
        hidden=True,
    )
    return joined([field, *(_volume(volume, number) for number, volume in enumerate(volumes, 1))])


def _volume(volume: _Data, number: int) -> Markup:
    sets = volume["sets"]
    heads = ("Brick", "Set", "Node", "Zone", "Disk", "Size", "Full", "State", "To heal")
    rows = [_brick_row(brick, one["number"]) for one in sets for brick in one["bricks"]]
    caption = f"Bricks of {volume['name']}, set by set"
    return tag(
        "details",
        tag("summary", tag("strong", volume["name"]), f": {volume['kind']}, ", *_remarks(volume)),
        table(caption, heads, rows),
        _options(volume["options"]),
        id=f"volume-{number}",
    )


def _remarks(volume: _Data) -> list[Content]:
    words: list[Content] = [
        f"{numbered(len(volume['sets']), 'set')}, ",
        state(volume["status"].lower(), "good" if volume["status"] == "Started" else "warn"),
    ]
    if volume["size"]:
        used = f"{format_size(volume['used'])} of " if volume["used"] is not None else ""
        words.append(f", {used}{format_size(volume['size'])} used" if used else f", {format_size(volume['size'])}")
    for key, text in (("offline", "not known to serve"), ("pending", "to heal"), ("split_brain", "in split-brain")):
        if volume[key]:
            words += [", ", state(f"{volume[key]} {text}", "bad" if key != "pending" else "warn")]
    if volume["snapshots"]:
        words.append(f", {numbered(volume['snapshots'], 'snapshot')}")
    return words


def _brick_row(brick: _Data, number: int) -> Sequence[Content]:
    full = "not known" if brick["full_percent"] is None else f"{brick['full_percent']} %"
    kind = {SERVES: "good", OFFLINE: "bad"}.get(brick["state"], "warn")
    words: list[Content] = [state(brick["state"], kind)]
    words += [", arbiter"] * brick["arbiter"] + [", new"] * brick["new"]
    heal = "not known" if brick["pending"] is None else str(brick["pending"])
    return (
        brick["brick"],
        number,
        brick["node"],
        brick["zone"],
        brick["disk"] or "not known",
        size_words(brick["size"]),
        full,
        joined(words),
        ", ".join([heal, *_more_of_heal(brick)]),
    )


def _more_of_heal(brick: _Data) -> list[str]:
    pace = heal_pace(brick["heal_rate"], brick["heal_ends"])
    return [pace] * bool(pace) + [f"{brick['split_brain']} in split-brain"] * bool(brick["split_brain"])


def heal_pace(rate: Optional[float], ends: Optional[str]) -> str:
    """Return how fast something heals and when it should end, "" where that is not known."""
    if rate is None:
        return ""
    if not rate:
        return "did not get less while the report was made"
    return f"{rate:.1f} a second" + (f", {until(ends)}" if ends else "")


def _options(options: Mapping[str, str]) -> Content:
    text = ", ".join(f"{name}: {value}" for name, value in options.items())
    return tag("p", f"Options: {text}", class_="quiet") if text else ""


def state(text: str, kind: str) -> Markup:
    """Return a text that stands out by its colour, and says all of it in words."""
    return tag("span", text, class_=kind)


def numbered(number: int, word: str) -> str:
    """Return a number with its word, in the plural where that is due."""
    return f"{number} {word}" + ("" if number == 1 else "s")


def size_words(size: Optional[int]) -> str:
    """Return a size for people."""
    return format_size(size) if size else "not known"
