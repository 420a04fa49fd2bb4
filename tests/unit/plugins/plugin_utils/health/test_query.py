# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Questions to the judged cluster: those of the role's README have answers, and one that is none is told."""

import pathlib
import re

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError
from ansible_collections.brickwork.gluster.plugins.plugin_utils.health import query

README = pathlib.Path(__file__).resolve().parents[5] / "roles/gluster_health/README.md"
EXAMPLES = dict(re.findall(r"^\| ([^|]+\?) \| `(.+)` \|$", README.read_text(), re.MULTILINE))
BRICKS = [
    {"host": "h1", "path": "/b/1", "volume_started": True, "online": False, "free": None},
    {"host": "h2", "path": "/b/2", "volume_started": True, "online": True, "free": 7},
    {"host": "h3", "path": "/b/3", "volume_started": True, "online": True, "free": 5},
]
HEAL = [{"brick": "h2:/b/2", "pending": 3}, {"brick": "h3:/b/3", "pending": 2}, {"brick": "h1:/b/1", "pending": None}]
NODES = {
    "n2": {"gluster": {"version": "10.3", "volumes": {"v": "5f1c20aa"}}, "disks": {"devices": [], "bricks": []}},
    "n1": {},
}
DOCUMENT = query.judged_cluster(
    {"problems": ["n1 does not answer"], "notes": []}, NODES, {"pool": {"peers": []}, "bricks": BRICKS, "heal": HEAL}
)
ANSWERS = {
    "What is wrong?": ["n1 does not answer"],
    "Which nodes do not answer?": ["n1"],
    "Which version runs where?": [{"node": "n2", "version": "10.3"}],
    "Which bricks are offline?": [["h1", "/b/1"]],
    "How many entries wait for healing?": 5,
    "Where is the least room?": {"brick": "/b/3", "free": 5},
}


@pytest.mark.parametrize("question", sorted(set(ANSWERS) | set(EXAMPLES)))
def test_the_examples_of_the_readme_have_answers(question):
    assert query.answer_query("query", EXAMPLES[question], DOCUMENT) == ANSWERS[question]


def test_what_nobody_told_is_empty():
    assert query.answer_query("query", "[volumes, tasks, heal, peers]", query.judged_cluster({}, {}, {})) == [
        [],
        [],
        [],
        [],
    ]
    assert query.answer_query("query", "nothing", DOCUMENT) is None


@pytest.mark.parametrize("text", ["nodes[", "nodes[?name == n1", "no such words", "problems\nnotes"])
def test_what_is_no_expression_is_refused(text):
    with pytest.raises(InputError, match="gluster_health_query: found .*; write "):
        query.query_expression("gluster_health_query", text)


def test_an_expression_that_does_not_fit_is_refused():
    with pytest.raises(InputError, match=r"query: found sum\(nodes\), which has no answer here"):
        query.answer_query("query", "sum(nodes)", DOCUMENT)


def test_the_library_is_asked_for_where_it_is_missing(monkeypatch):
    monkeypatch.setattr(query, "jmespath", None)
    with pytest.raises(InputError, match="found no Python library jmespath on the controller; install it"):
        query.query_expression("gluster_health_query", "problems")
