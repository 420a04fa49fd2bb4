# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Roles are called by entry points that they have: in roles, playbooks, scenarios and the documentation."""

import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[3]
CALL = re.compile(
    r"""name['"]?: ['"]?brickwork\.gluster\.(?P<role>\w+)['"]?,?\s+['"]?tasks_from['"]?: ['"]?(?P<part>\w+)""", re.ASCII
)
PLACES = ("roles/**/*.yml", "playbooks/*.yml", "extensions/**/*.yml", "extensions/**/*.py", "docs/*.md", "roles/*/*.md")


def calls():
    """Yield where an entry point is called, the role and the entry point."""
    for path in sorted({path for place in PLACES for path in ROOT.glob(place)}):
        for found in CALL.finditer(path.read_text()):
            yield str(path.relative_to(ROOT)), found["role"], found["part"]


CALLS = sorted(set(calls()))


def test_there_are_calls():
    assert len(CALLS) > 20


@pytest.mark.parametrize(("where", "role", "part"), CALLS, ids=[" ".join(call) for call in CALLS])
def test_an_entry_point_is_there(where, role, part):
    assert (ROOT / f"roles/{role}/tasks/{part}.yml").exists()
