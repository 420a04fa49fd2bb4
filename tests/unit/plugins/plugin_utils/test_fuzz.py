# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers that nobody recorded, for what judges them on the controller."""

from hypothesis import given

from ansible_collections.brickwork.gluster.plugins.plugin_utils.health import findings as health
from ansible_collections.brickwork.gluster.plugins.plugin_utils.kubernetes.versions import parse_version
from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.split_brain import tell
from ansible_collections.brickwork.gluster.tests.fakes.mutations import (
    changed_data,
    changed_texts,
    fuzzed,
    only_own_errors,
)


@fuzzed
@given(changed_texts(["v1.20.2"]))
def test_versions_of_kubernetes(text):
    only_own_errors(parse_version, text)


def health_answers():
    volume = {
        "name": "v", "volume_id": "i", "status": "Started", "replicas": 2, "arbiters": 0, "disperse": 0,
        "redundancy": 0, "started": True, "options": {"cluster.quorum-type": "auto"}, "snapshots": 0,
        "bricks": [
            {"host": "a", "path": "/b", "host_uuid": "u", "arbiter": False},
            {"host": "b", "path": "/b", "host_uuid": "w", "arbiter": False},
        ],
    }  # fmt: skip
    brick = {"volume": "v", "host": "a", "path": "/b", "online": True, "volume_started": True}
    peer = {"uuid": "w", "names": ["b"], "connected": False, "state": 3, "state_text": "Peer in Cluster"}
    node = {
        "gluster": {"running": True, "certificate_days": 40, "peers": 2, "unwell": [peer], "volumes": {"v": "1"}},
        "disks": {
            "devices": [],
            "bricks": [{"name": "v", "path": "/v", "mounted": True, "data_percent": 1.0, "metadata_percent": None}],
        },
    }
    heal = {"volume": "v", "brick": "a:/b", "connected": True, "pending": 0, "split_brain": 0}
    task = {"volume": "v", "kind": "Rebalance", "status": "failed"}
    return [{"a": node, "b": node}, {"volumes": [volume], "bricks": [brick], "tasks": [task], "heal": [heal]}]


@fuzzed
@given(changed_data([health_answers()]))
def test_health(data):
    nodes, cluster = (data + [None, None])[:2] if isinstance(data, list) else (data, data)
    only_own_errors(health.find_problems, nodes, cluster)


def test_health_of_what_was_not_changed():
    problem = "volume v: Rebalance has failed; the playbook rebalance starts it anew"
    assert problem in health.find_problems(*health_answers())


def split_brain_answers():
    bricks = [{"name": f"{node}:/b", "host_uuid": node, "arbiter": False} for node in "ab"]
    file = {"volume": "v", "gfid": "g", "path": "/d", "bricks": bricks}
    name = {"name": "x", "gfid": "1", "kind": "file", "size": 1, "modified": 1.5}
    copy = {
        "volume": "v", "gfid": "g", "brick": "a:/b", "path": "/d", "kind": "directory", "size": 6, "modified": 2.5,
        "names": [name], "cut": False, "reason": "",
    }  # fmt: skip
    return [[file], [copy]]


@fuzzed
@given(changed_data([split_brain_answers()]))
def test_split_brain(data):
    files, copies = (data + [None, None])[:2] if isinstance(data, list) else (data, data)
    only_own_errors(tell, files, copies)


def test_split_brain_of_what_was_not_changed():
    assert tell(*split_brain_answers())["lines"][0] == "volume v: /d"
