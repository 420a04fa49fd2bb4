# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which bricks serve: those that glusterd was asked about, or all, where each node has found its own ones running."""

from ansible_collections.brickwork.gluster.plugins.module_utils.facts import to_facts
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Brick, Pool, Volume
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.records import pool_answer


def volume(name, status):
    return to_facts(Volume(name, name, status, 1, 0, 0, 0, (Brick("h1", f"/b/{name}", "u1"),), {}))


FACTS = {"pool": to_facts(Pool(())), "volumes": [volume("v", "Started"), volume("w", "Stopped")]}
STATES = [{"host": "h1", "path": "/b/v", "online": False}, {"host": "h1", "path": "/b/w", "online": True}]


def test_bricks_of_started_volumes_serve_where_nobody_had_to_be_asked():
    assert pool_answer(FACTS).serving == {"h1:/b/v"}


def test_where_somebody_was_asked_his_answer_counts_also_an_empty_one():
    assert pool_answer({**FACTS, "bricks": STATES}).serving == {"h1:/b/w"}
    assert pool_answer({**FACTS, "bricks": []}).serving == frozenset()
