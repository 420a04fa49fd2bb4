# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Copies side by side: what people read, and what the resolution gets to know of it."""

import pytest

from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.split_brain import tell

FILE = {
    "volume": "v", "gfid": "g1", "path": "/d/f",
    "bricks": [{"name": f"{node}:/b", "host_uuid": node, "arbiter": node == "h3"} for node in ("h1", "h2", "h3")],
}  # fmt: skip


def copy(node, kind="file", size=0, modified=0.0, names=(), gfid="g1", **more):
    found = {"volume": "v", "gfid": gfid, "brick": f"{node}:/b", "path": "/d/f", "kind": kind, "size": size}
    return {**found, "modified": modified, "names": list(names), "cut": False, "reason": "", **more}


def name(text, gfid, size=1, modified=0.0):
    return {"name": text, "gfid": gfid, "kind": "file", "size": size, "modified": modified}


def test_of_each_copy_size_and_time_which_was_written_last_and_which_is_the_biggest():
    copies = [copy("h1", size=2048, modified=1795862412.25), copy("h2", size=10, modified=1795862413.0), copy("h3")]
    assert tell([FILE], copies)["lines"] == [
        "volume v: /d/f",
        "  h1:/b: file, 2 KiB, 2026-11-28 10:40:12.250 UTC, biggest",
        "  h2:/b: file, 10 B, 2026-11-28 10:40:13.000 UTC, written last",
        "  h3:/b: file, an arbiter without data, 1970-01-01 00:00:00.000 UTC",
    ]


def test_of_equal_copies_none_is_the_better_one():
    lines = tell([FILE], [copy("h1", size=5, modified=7), copy("h2", size=5, modified=7), copy("h3", modified=9)])[
        "lines"
    ]
    assert not any("biggest" in line or "written last" in line for line in lines)


@pytest.mark.parametrize("modified", [1e30, -1e30])
def test_a_time_that_no_calendar_has_is_told_all_the_same(modified):
    assert "s after 1970" in tell([FILE], [copy("h1", modified=modified)])["lines"][1]


def test_what_was_not_read_is_missing_or_broken_is_said():
    lines = tell([FILE], [copy("h2", "missing"), copy("h3", "unreadable", reason="[Errno 5] Input/output error")])[
        "lines"
    ]
    assert lines[1:] == [
        "  h1:/b: was not read",
        "  h2:/b: has nothing there",
        "  h3:/b: can't be read ([Errno 5] Input/output error)",
    ]


def test_a_path_that_only_a_brick_knows_is_told_and_handed_on():
    nameless = {**FILE, "path": ""}
    told = tell([nameless], [copy("h1", path=""), copy("h2")])
    assert told["lines"][0] == "volume v: /d/f"
    assert told["seen"] == [{"volume": "v", "gfid": "g1", "path": "/d/f", "conflicts": None}]
    assert tell([nameless], [])["lines"][0] == "volume v: gfid:g1 (no brick tells its path)"


def test_what_can_not_be_printed_is_escaped():
    assert tell([{**FILE, "path": "/\x1b[2J"}], [])["lines"][0] == "volume v: /\\x1b[2J"


# ---- folders


FOLDER = {**FILE, "path": "/d"}
NAMES = {
    "h1": [name("x", "1", 5, 1.0), name("y", "3"), name("new", "4"), name("bare", "6")],
    "h2": [name("x", "2", 7, 2.0), name("y", "3"), name("bare", "")],
    "h3": [name("x", "2"), name("y", "3")],
}


def folder(**more):
    return [copy(node, "directory", names=names, **more) for node, names in NAMES.items()]


def test_of_a_folder_the_names_are_told_that_stand_for_different_files():
    told = tell([FOLDER], folder())
    assert told["lines"][4:] == [
        "volume v: /d/x, different files of one name",
        "  h1:/b: file, 5 B, 1970-01-01 00:00:01.000 UTC, gfid 1",
        "  h2:/b: file, 7 B, 1970-01-01 00:00:02.000 UTC, written last, biggest, gfid 2",
        "  h3:/b: file, an arbiter without data, 1970-01-01 00:00:00.000 UTC, gfid 2",
    ]
    assert told["seen"][0]["conflicts"] == ["x"]


def test_where_not_all_of_a_folder_was_read_nobody_says_that_all_such_names_are_known():
    assert tell([FOLDER], folder()[:2])["seen"][0]["conflicts"] is None
    cut = tell([FOLDER], folder(cut=True))
    assert cut["seen"][0]["conflicts"] is None and "only its first names" in cut["lines"][-1]
    assert tell([FOLDER], [*folder()[:2], copy("h3", "missing")])["seen"][0]["conflicts"] == ["x"]


def test_a_folder_that_two_sets_list_has_the_names_of_both():
    other = {**FOLDER, "bricks": [{"name": f"{node}:/b", "host_uuid": node, "arbiter": False} for node in ("h4", "h5")]}
    copies = [copy(node, "directory", names=[name("z", node)]) for node in ("h4", "h5")]
    assert [one["conflicts"] for one in tell([FOLDER, other], folder() + copies)["seen"]] == [["x", "z"]]
    assert [one["conflicts"] for one in tell([FOLDER, other], folder() + copies[:1])["seen"]] == [None]


# ---- what GlusterFS does not call split-brain


def test_of_what_waits_only_names_that_stand_for_different_files_are_told():
    copies = [copy(node, "directory", names=names, path="/d") for node, names in NAMES.items()]
    told = tell([], copies, [FOLDER])
    first, *names = told["lines"]
    assert first == "volume v: /d waits for healing; where that does not advance, these names keep it:"
    assert names[0] == "volume v: /d/x, different files of one name" and len(names) == 4
    assert told["seen"] == [{"volume": "v", "gfid": "g1", "path": "/d", "conflicts": ["x"]}]


def test_a_file_that_waits_and_a_folder_whose_names_are_the_same_are_not_told():
    same = [copy(node, "directory", names=[name("y", "3")]) for node in NAMES]
    for copies in ([copy("h1", size=5), copy("h2", size=7), copy("h3")], same, []):
        assert tell([], copies, [FOLDER]) == {"lines": [], "seen": []}
