# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is in the cache is whole: a build that fails leaves nothing and is tried again."""

import pytest
from brickwork_lab.cache import cache_folder, cached


@pytest.fixture(autouse=True)
def own_cache(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


def fill(folder):
    (folder / "file").write_text("whole")


def fail(folder):
    fill(folder)
    raise RuntimeError("no network")


def test_is_built_once():
    place = cached("thing", ["a"], fill)
    assert (place / "file").read_text() == "whole"
    assert cached("thing", ["a"], fail) == place


def test_other_parts_are_another_thing():
    assert cached("thing", ["a"], fill) != cached("thing", ["b"], fill)


def test_a_failed_build_leaves_nothing_and_is_tried_again():
    with pytest.raises(RuntimeError):
        cached("thing", ["a"], fail)
    assert not [path for path in cache_folder().iterdir() if path.is_dir()]
    assert (cached("thing", ["a"], fill) / "file").exists()


def test_what_a_killed_build_left_goes_away():
    place = cached("thing", ["a"], fill)
    left = place.with_name(place.name + ".x.part")
    left.mkdir()
    place.rename(place.with_name("elsewhere"))
    cached("thing", ["a"], fill)
    assert not left.exists()
