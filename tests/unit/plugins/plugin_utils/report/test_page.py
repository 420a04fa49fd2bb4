# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page as a browser, a screen reader and a stranger's text see it."""

import html.parser
import itertools
import re

import pytest

from ansible_collections.brickwork.gluster.plugins.plugin_utils.report.markup import Markup, escaped, table, tag
from ansible_collections.brickwork.gluster.plugins.plugin_utils.report.page import page
from ansible_collections.brickwork.gluster.plugins.plugin_utils.report.style import (
    BACKGROUNDS,
    MARKS,
    PALETTES,
    SCRIPT,
    STYLE,
    TEXTS,
)
from ansible_collections.brickwork.gluster.tests.fakes.reported import ReportedCluster

VOID = ("meta", "input")
EVIL = """<script>alert(1)</script>'"><img src=x onerror=alert(1)>&amp;\x00\udc80"""


class Parsed(html.parser.HTMLParser):
    """Elements with their attributes and texts; a wrong nesting is an error."""

    def __init__(self, text):
        super().__init__()
        self.elements, self._open, self.path_of = [], [], []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag, attrs):
        assert len({name for name, _value in attrs}) == len(attrs)
        element = {"tag": tag, "attributes": dict(attrs), "text": "", "inside": [one["tag"] for one in self._open]}
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag):
        assert self._open.pop()["tag"] == tag

    def handle_data(self, data):
        for one in self._open:
            one["text"] += data

    def all(self, *tags):
        return [one for one in self.elements if one["tag"] in tags]

    def with_attribute(self, name):
        return [one["attributes"][name] for one in self.elements if name in one["attributes"]]


def full_cluster():
    """Return a cluster of which every section has something to tell."""
    cluster = ReportedCluster(nodes=6, volumes=30)
    cluster.silence("node0005")
    cluster.pool["heal"][0].update(pending=3, split_brain=1)
    cluster.pool["heal"][9].update(pending=5)
    cluster.pool["heal_later"] = [{**cluster.pool["heal"][index], "pending": 2, "seconds": 10.0} for index in (0, 9)]
    cluster.pool["heal_later"][1]["pending"] = 5
    cluster.pool["split_brain"] = {cluster.pool["heal"][0]["volume"]: ["/a"]}
    cluster.pool["tasks"] = [
        {"volume": "volume00000", "kind": "Rebalance", "status": "in progress"},
        {"volume": "volume00001", "kind": "Remove brick", "status": "in progress", "bricks": ["h:/b"]},
    ]
    cluster.look("node0001")["gluster"].update(certificate_days=3)
    cluster.look("node0002")["gluster"].update(maintenance="today", running=False)
    cluster.volume("volume00002").update(status="Stopped", started=False, snapshots=2)
    return cluster


NUMBERS = {
    **dict.fromkeys(("files", "size", "scanned", "failures", "skipped", "left"), 7),
    "state": "in progress", "layout_only": False, "members": [{"seconds": 7}],
}  # fmt: skip
FULL = page(full_cluster().report(moving={"volumes": [{"name": "volume00000", **NUMBERS}]}))
EMPTY = page(ReportedCluster(volumes=0).report(pool={}, asked=""))
PAGES = pytest.mark.parametrize("text", [FULL, EMPTY], ids=["full", "empty"])


@PAGES
def test_it_is_one_document_with_its_parts(text):
    parsed = Parsed(text)
    assert text.startswith("<!DOCTYPE html>\n")
    for name in ("html", "head", "title", "body", "header", "nav", "main", "footer", "h1"):
        assert len(parsed.all(name)) == 1, name
    assert parsed.all("html")[0]["attributes"]["lang"] == "en"
    assert parsed.all("title")[0]["text"] == "GlusterFS cluster test: report"
    assert parsed.all("nav")[0]["attributes"]["aria-label"]


@PAGES
def test_ids_are_unique_and_links_lead_to_one(text):
    parsed = Parsed(text)
    ids = parsed.with_attribute("id")
    assert len(ids) == len(set(ids))
    links = parsed.with_attribute("href")
    assert len(links) > 12
    for target in links + [
        "#" + name for name in parsed.with_attribute("aria-labelledby") + parsed.with_attribute("for")
    ]:
        assert target.startswith("#") and target[1:] in ids


@PAGES
def test_headings_follow_each_other(text):
    levels = [int(one["tag"][1]) for one in Parsed(text).all("h1", "h2", "h3", "h4")]
    assert levels[0] == 1 and all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert levels.count(2) == 12


@PAGES
def test_every_table_says_what_it_is_and_every_cell_has_its_heads(text):
    parsed = Parsed(text)
    tables = re.findall(r"<table>.*?</table>", text, re.DOTALL)
    assert tables and len(tables) == len(parsed.all("caption"))
    for one in tables:
        inner = Parsed(one)
        assert inner.all("caption")[0]["text"] and one.startswith("<table><caption>")
        heads = [th for th in inner.all("th") if th["attributes"]["scope"] == "col"]
        rows = len(inner.all("tr")) - 1
        assert all(th["text"] for th in heads)
        assert len(inner.all("td")) == rows * (len(heads) - 1)
        assert [th["attributes"]["scope"] for th in inner.all("th")] == ["col"] * len(heads) + ["row"] * rows


@PAGES
def test_what_scrolls_can_be_reached_by_keys_and_has_a_name(text):
    for one in Parsed(text).elements:
        attributes = one["attributes"]
        if one["tag"] == "input":
            assert attributes["id"] in Parsed(text).with_attribute("for")
        if attributes.get("class") == "scroll":
            assert (attributes["tabindex"], attributes["role"]) == ("0", "group") and attributes["aria-label"]
        assert attributes.get("tabindex") in (None, "0", "-1")


@PAGES
def test_nothing_is_loaded_and_nothing_of_others_can_run(text):
    parsed = Parsed(text)
    assert "http://" not in text and "https://" not in text and "url(" not in STYLE and "@import" not in STYLE
    assert not parsed.all("link", "img", "iframe", "object", "embed", "base", "form")
    assert not parsed.with_attribute("src") and not parsed.with_attribute("style")
    assert not [name for one in parsed.elements for name in one["attributes"] if name.startswith("on")]
    [script], [style] = parsed.all("script"), parsed.all("style")
    assert (script["text"], style["text"]) == (SCRIPT, STYLE)
    [policy] = [one["attributes"]["content"] for one in parsed.all("meta") if "http-equiv" in one["attributes"]]
    assert policy.startswith("default-src 'none'; ") and "unsafe" not in policy and policy.count("sha256-") == 2


def test_every_section_has_something_to_tell():
    text = Parsed(FULL).all("main")[0]["text"]
    for words in (
        "node0005 does not answer", "What to do", "What waits for healing", "Files that move between sets",
        "In split-brain", "If one zone fails", "If one node fails", "How many more volumes fit", "replica 3",
        "in maintenance since today", "Bricks of volume00000, set by set", "performance.cache-size: 64MB",
        "0.1 a second, until about 2026-11-28 21:30 UTC", "3, 0.1 a second",
        "did not get less while the report was made",
        "1 B a second since its start, until about 2026-11-28 21:30 UTC",
        "2 snapshots", "2026-12-01, to be renewed", "GlusterFS 10.3", "set of bricks of",
    ):  # fmt: skip
        assert words in text, words


def test_no_state_is_told_by_its_colour_alone():
    for one in Parsed(FULL).elements:
        if one["attributes"].get("class") in ("good", "warn", "bad"):
            assert one["text"].strip()
    assert all(one["attributes"]["aria-hidden"] == "true" for one in Parsed(FULL).all("meter"))


def planted(value, keys):
    """Return data with something in front of every text, also of names that users give."""
    if isinstance(value, dict):
        return {
            key if key in keys else EVIL + key: part if key == "made" else planted(part, keys)
            for key, part in value.items()
        }
    if isinstance(value, list):
        return [planted(part, keys) for part in value]
    return EVIL + value if isinstance(value, str) else value


def test_no_text_of_users_or_machines_becomes_html():
    data = full_cluster().report()
    text = page(planted(data, keys_of(data) - {"performance.cache-size"}))
    shape = [(one["tag"], sorted(one["attributes"])) for one in Parsed(page(data)).elements]
    assert [(one["tag"], sorted(one["attributes"])) for one in Parsed(text).elements] == shape
    assert "<script>alert" not in text and "<img" not in text and "\x00" not in text
    assert text.encode("utf-8")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def keys_of(value):
    if isinstance(value, dict):
        return set(value) | {key for part in value.values() for key in keys_of(part)}
    return {key for part in value for key in keys_of(part)} if isinstance(value, list) else set()


def test_an_option_and_a_message_with_a_script_are_shown_as_text():
    cluster = ReportedCluster()
    cluster.volume("volume00000")["options"]["user.note"] = "<script>alert(1)</script>"
    cluster.hostvars["node0001"]["gluster_server_seen"] = {"failed": True, "msg": "<b onclick='x'>down</b>"}
    text = page(cluster.report())
    assert "user.note: &lt;script&gt;alert(1)&lt;/script&gt;" in text and "&lt;b onclick=&#x27;x&#x27;&gt;down" in text
    assert len(Parsed(text).all("script")) == 1 and not Parsed(text).all("b")


def test_what_is_markup_stays_and_what_is_not_is_escaped():
    assert tag("p", "a < b", Markup("<br>"), id='"x"', hidden=True, class_=None) == (
        '<p id="&quot;x&quot;" hidden>a &lt; b<br></p>'
    )
    assert escaped("\ud800a\x1b[0m") == "\ufffda\ufffd[0m" and escaped(7) == "7"
    assert "<caption>&lt;i&gt;</caption>" in table("<i>", ("a", "b"), [("<x>", 1)])


def test_a_cluster_of_100_nodes_and_1000_volumes():
    data = ReportedCluster(nodes=100, devices=8, volumes=1000).report()
    text = page(data)
    assert len(text.encode("utf-8")) < 3 * 1000 * 1000
    parsed = Parsed(text)
    volumes = [one for one in parsed.all("details") if one["attributes"].get("id", "").startswith("volume-")]
    assert len(volumes) == 1000 and not any("open" in one["attributes"] for one in volumes)
    for number, one in enumerate(volumes):
        assert one["text"].startswith(f"volume{number:05}: replica 3, 1 set, started")
        assert one["text"].count("/srv/gluster/") == 3
    # What is long is behind a click.
    assert len([one for one in parsed.all("tr", "li") if "details" not in one["inside"]]) < 50


# ---- contrast, as WCAG 2.1 computes it


def luminance(colour):
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    return sum(share * one for share, one in zip((0.2126, 0.7152, 0.0722), linear))


def contrast(one, other):
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_computed_right():
    assert round(contrast("#000000", "#ffffff"), 2) == 21 and round(contrast("#777777", "#ffffff"), 2) == 4.48


@pytest.mark.parametrize("theme", sorted(PALETTES))
@pytest.mark.parametrize("back", BACKGROUNDS)
def test_texts_and_lines_can_be_seen_in_both_themes(theme, back):
    palette = PALETTES[theme]
    assert set(palette) == {*TEXTS, *BACKGROUNDS, *MARKS}
    for name in TEXTS:
        assert contrast(palette[name], palette[back]) >= 4.5, name
    for name in MARKS:
        assert contrast(palette[name], palette[back]) >= 3, name


def test_colours_come_from_the_palette_only():
    rules = STYLE
    for palette in PALETTES.values():
        for name, colour in palette.items():
            rules = rules.replace(f"--{name}:{colour};", "")
    assert not re.search(r"#[0-9a-f]{3,6}\b|rgb|hsl", rules)
    assert set(re.findall(r"var\(--(\w+)\)", rules)) <= set(PALETTES["light"]) == set(PALETTES["dark"])
