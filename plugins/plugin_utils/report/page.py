# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as one HTML file. Pure. PRIVATE to the collection."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import format_size
from ansible_collections.brickwork.gluster.plugins.plugin_utils.report.markup import (
    Content,
    Markup,
    joined,
    listed,
    table,
    tag,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.report.rates import until
from ansible_collections.brickwork.gluster.plugins.plugin_utils.report.style import SCRIPT, STYLE, policy
from ansible_collections.brickwork.gluster.plugins.plugin_utils.report.volume_page import (
    heal_pace,
    numbered,
    size_words,
    state,
    volumes_section,
)

_Data = Mapping[str, Any]
#: Names of volumes that are shown at once; more are behind a click.
_SHOWN = 5
#: Lines that are shown at once.
_LINES = 20
#: Percent from which on a disk counts as nearly full.
_FULL = 85
_NOT_KNOWN = "not known"
_PACE = "How fast, and until when"
_HEAL_HEADS = ("Volume", "Entries that wait", _PACE, "In split-brain", "New bricks that are filled", "Not known")
_MOVING_HEADS = ("Volume", "What", "State", "Moved", "Left", _PACE, "Failed or skipped")


def page(data: _Data) -> str:
    """Return the report as HTML."""
    title = f"GlusterFS cluster {data['cluster']['name']}".rstrip()
    sections = _sections(data)
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy()),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="generator", content="brickwork.gluster"),
        tag("title", f"{title}: report"),
        tag("style", Markup(STYLE)),
    )
    main = tag("main", *(_section(*one) for one in sections), id="main", tabindex=-1)
    body = tag(
        "body",
        tag("a", "Skip to the report", class_="skip", href="#main"),
        tag("header", tag("h1", title), _made(data)),
        tag("nav", listed(tag("a", name, href=f"#{key}") for key, name, _content in sections), aria_label="Sections"),
        main,
        tag("footer", tag("p", "Made by the playbook report of brickwork.gluster. Nothing was changed.")),
        tag("script", Markup(SCRIPT)),
    )
    return f"<!DOCTYPE html>\n{tag('html', head, body, lang='en')}\n"


def _made(data: _Data) -> Markup:
    made = tag("time", data["made"].replace("T", " ").replace("Z", " UTC"), datetime=data["made"])
    asked = data["cluster"]["asked"]
    source = f". {asked} was asked about the pool." if asked else ". No node could be asked about the pool."
    return tag("p", "As it was seen at ", made, source, class_="quiet")


def _sections(data: _Data) -> list[tuple[str, str, Markup]]:
    return [
        ("summary", "Summary", _summary(data)),
        ("findings", "What is wrong", _findings(data)),
        ("progress", "Healing and moving", _progress(data)),
        ("failures", "What fails if a node or a zone fails", _failures(data)),
        ("capacity", "What fits still", _capacity(data)),
        ("zones", "Zones", _zones(data)),
        ("nodes", "Nodes", _nodes(data)),
        ("disks", "Disks", _disks(data)),
        ("volumes", "Volumes", volumes_section(data["volumes"])),
        ("versions", "Versions", _versions(data)),
        ("certificates", "Certificates", _certificates(data)),
        ("placement", "Why bricks are where they are", _lines(data["placement"], "Nothing is known of the placement.")),
    ]


def _section(key: str, name: str, content: Markup) -> Markup:
    return tag("section", tag("h2", name, id=f"{key}-title"), content, id=key, aria_labelledby=f"{key}-title")


def _none(text: str) -> Markup:
    return tag("p", text, class_="quiet")


def _summary(data: _Data) -> Markup:
    told = data["summary"]
    problems = told["problems"]
    verdict = state(
        "All is well." if not problems else f"{numbered(problems, 'problem')}.", "bad" if problems else "good"
    )
    facts = (
        ("Nodes", f"{told['nodes_serving']} of {told['nodes']} serve, in {numbered(told['zones'], 'zone')}"),
        ("Volumes", f"{told['volumes_started']} of {told['volumes']} are started"),
        ("Bricks", f"{told['bricks']}, of which {told['bricks_offline']} are not known to serve"),
        ("Entries to heal", str(told["entries_to_heal"])),
        ("Room on disks", f"{format_size(told['free'])} of {format_size(told['size'])} is free for new bricks"),
    )
    return joined([tag("p", verdict), tag("dl", *(joined([tag("dt", name), tag("dd", text)]) for name, text in facts))])


def _findings(data: _Data) -> Markup:
    rows = [(one["text"], one["advice"]) for one in data["findings"]]
    found = (
        table("What health finds, and what to do", ("What is wrong", "What to do"), rows)
        if rows
        else _none("Health finds nothing wrong.")
    )
    notes = [tag("h3", "What is under way, and is no problem"), listed(data["notes"])] if data["notes"] else []
    return joined([found, *notes])


def _progress(data: _Data) -> Markup:
    heals, moving = data["heals"], data["moving"]
    parts = []
    if heals:
        parts.append(table("What waits for healing", _HEAL_HEADS, map(_heal_row, heals)))
    if moving:
        parts.append(table("Files that move between sets", _MOVING_HEADS, map(_moving_row, moving)))
    return joined(parts) if parts else _none("Nothing waits for healing, and no files move.")


def _heal_row(one: _Data) -> Sequence[Content]:
    split = f"{one['split_brain']}: {', '.join(one['files_in_split_brain'])}".rstrip(": ")
    unknown = [f"{brick} can't be asked" for brick in one["not_asked"]] + [one["unread"]] * bool(one["unread"])
    return (
        one["volume"],
        one["pending"],
        heal_pace(one["rate"], one["ends"]) or (_NOT_KNOWN if one["pending"] else "nothing waits"),
        split,
        ", ".join(one["new_bricks"]) or "none",
        "; ".join(unknown) or "nothing",
    )


def _moving_row(one: _Data) -> Sequence[Content]:
    if one["files"] is None:
        return one["volume"], one["kind"], one["status"], *4 * (_NOT_KNOWN,)
    moved = f"{one['files']} files ({format_size(one['size'])}), {one['scanned']} looked at"
    left = f"about {format_size(one['left'] or 0)}"
    speed = "" if one["rate"] is None else f"{format_size(int(one['rate']))} a second since its start"
    pace = ", ".join([speed] * bool(speed) + ([until(one["ends"])] if one["ends"] else [])) or _NOT_KNOWN
    kept = f"{one['failures']} failed, {one['skipped']} skipped"
    return one["volume"], one["kind"], one["status"], moved, left, pace, kept


def _failures(data: _Data) -> Markup:
    told = data["failures"]
    ids = {volume["name"]: f"volume-{number}" for number, volume in enumerate(data["volumes"], 1)}
    heads = (
        "If this fails",
        "Volumes that stop",
        "Volumes that lose files if it does not come back",
        "Volumes with fewer copies",
    )
    text = tag(
        "p",
        "Judged set by set, from what serves now. A volume that stops can't be written, or not all of it can be read, "
        "until enough bricks are back.",
    )
    now = tag("p", state("Stopped already: ", "bad"), _names(told["now"], ids)) if told["now"] else ""
    parts = [
        _long_table(f"If one {what} fails", heads, [_failure_row(one, ids) for one in told[key]], key)
        for what, key in (("zone", "zones"), ("node", "nodes"))
    ]
    return joined([text, now, *parts])


def _failure_row(one: _Data, ids: Mapping[str, str]) -> Sequence[Content]:
    weakened = numbered(len(one["weakened"]), "volume") if one["weakened"] else "none"
    return one["name"], _names(one["stops"], ids), _names(one["loses"], ids), weakened


def _names(names: Sequence[str], ids: Mapping[str, str]) -> Content:
    """Return links to volumes; of many, the others are behind a click."""
    if not names:
        return "none"
    links = [tag("a", name, href=f"#{ids[name]}") for name in names]
    first = joined(_with_commas(links[:_SHOWN]))
    if len(links) <= _SHOWN:
        return first
    rest = tag("details", tag("summary", f"{len(links) - _SHOWN} more"), tag("p", ", ".join(names[_SHOWN:])))
    return joined([first, rest])


def _with_commas(items: Sequence[Content]) -> Iterable[Content]:
    for number, item in enumerate(items):
        yield joined([", ", item]) if number else item


def _capacity(data: _Data) -> Markup:
    if not data["capacity"]:
        return _none("What fits is not known.")
    heads = ("Kind of volume", "Size of each", "How many more fit", "What ends that", "The largest one of a single set")
    rows = [
        (
            one["kind"],
            f"{format_size(one['size'])} in {numbered(one['sets'], 'set')}",
            f"{one['count']} or more" if one["at_least"] else one["count"],
            one["limit"] or "nothing yet",
            format_size(one["largest"]) if one["largest"] else "none",
        )
        for one in data["capacity"]
    ]
    text = "Each row is for itself: what one takes is none for the others. Bricks are placed by all rules of site."
    return joined([tag("p", text), table("How many more volumes fit", heads, rows)])


def _zones(data: _Data) -> Markup:
    heads = ("Zone", "Nodes", "Disks for bricks", "Free", "In use")
    rows = [
        (one["name"], ", ".join(one["nodes"]), format_size(one["size"]), format_size(one["free"]), _share(one))
        for one in data["zones"]
    ]
    return table("Failure zones", heads, rows)


def _share(one: _Data) -> Markup:
    """Return how full something is, in words and as a bar for those who see it."""
    percent = one["full_percent"]
    if percent is None:
        return state(_NOT_KNOWN, "quiet")
    meter = tag("meter", min=0, max=100, high=_FULL, value=percent, aria_hidden="true")
    words = state(f"{percent} %", "warn") if percent >= _FULL else f"{percent} %"
    return joined([words, " ", meter])


def _nodes(data: _Data) -> Markup:
    heads = ("Node", "Address", "Zone", "State", "Members that it sees", "Memory")
    return _long_table("Storage nodes of the inventory", heads, [_node_row(one) for one in data["nodes"]], "nodes")


def _node_row(one: _Data) -> Sequence[Content]:
    kind = {"serves": "good", "in maintenance": "warn"}.get(one["state"], "bad")
    words: list[Content] = [state(one["state"], kind)]
    words += [f" since {one['since']}"] * bool(one["since"]) + [f": {one['reason']}"] * bool(one["reason"])
    words += [", retired"] * one["retired"]
    members = _NOT_KNOWN if one["members"] is None else one["members"]
    return one["name"], one["address"], one["zone"], joined(words), members, size_words(one["memory"])


def _disks(data: _Data) -> Markup:
    if not data["disks"]:
        return _none("No node tells of disks that the inventory gives to bricks (gluster_devices).")
    heads = ("Disk", "Zone", "Size", "Free for new bricks", "In use", "Bricks", "Remarks")
    rows = [
        (
            f"{one['node']}: {one['path']}",
            one["zone"],
            format_size(one["size"]),
            format_size(one["free"]),
            _share(one),
            one["bricks"],
            "; ".join(text for text in ("" if one["state"] == "active" else one["state"], one["reason"]) if text),
        )
        for one in data["disks"]
    ]
    return _long_table("Disks for bricks", heads, rows, "disks")


def _long_table(caption: str, heads: Sequence[str], rows: Sequence[Sequence[Content]], what: str) -> Markup:
    """Return a table, behind a click where it has many rows."""
    found = table(caption, heads, rows)
    return found if len(rows) <= _LINES else _folded(f"{caption}: all {len(rows)} {what}", found)


def _folded(name: str, content: Markup) -> Markup:
    return tag("details", tag("summary", name), content)


def _versions(data: _Data) -> Markup:
    heads = ("Machine", "Part", "GlusterFS", "Operating version", "Python")
    rows = [
        (
            one["machine"],
            one["part"],
            one["glusterfs"] or _NOT_KNOWN,
            one["op_version"] or _NOT_KNOWN,
            one["python"] or _NOT_KNOWN,
        )
        for one in data["versions"]
    ]
    counted = sorted({one["glusterfs"] for one in data["versions"] if one["glusterfs"]})
    text = f"GlusterFS {', '.join(counted)}" if counted else "No machine tells a version of GlusterFS"
    cluster = data["cluster"]["op_version"]
    text += f"; the pool works as version {cluster}." if cluster else "."
    return joined([tag("p", text), _long_table("Versions on machines", heads, rows, "machines")])


def _certificates(data: _Data) -> Markup:
    if not data["certificates"]:
        return _none("No node has a certificate for GlusterFS.")
    rows = [
        (one["node"], state(f"{one['until']}, to be renewed", "bad") if one["due"] else one["until"])
        for one in data["certificates"]
    ]
    return _long_table("How long certificates hold", ("Node", "At least until"), rows, "nodes")


def _lines(lines: Sequence[str], otherwise: str) -> Markup:
    if not lines:
        return _none(otherwise)
    found = listed(lines)
    return found if len(lines) <= _LINES else _folded(f"All {len(lines)} lines", found)
