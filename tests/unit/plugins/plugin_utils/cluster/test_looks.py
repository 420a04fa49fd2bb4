# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the look answered comes back out of the text that Ansible carries."""

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.look import packed
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.looks import look_of, node_of, unpacked

SEEN = {
    "gluster": {"running": True, "known_volumes": 1, "volumes": {"v": "5f1c20aa"}},
    "disks": {"devices": [{"path": "/dev/sdb"}], "bricks": [], "observed": {"uuid": "u"}},
    "files": {},
}


def test_what_is_packed_comes_back_whole():
    answer = packed(SEEN)
    assert "disks" not in answer and "volumes" not in answer["gluster"] and isinstance(answer["details"], str)
    assert answer["gluster"]["known_volumes"] == 1
    seen = unpacked(answer)
    assert {key: seen[key] for key in SEEN} == SEEN


def test_a_client_has_nothing_to_pack():
    assert packed({"files": {}}) == {"files": {}}


@pytest.mark.parametrize("answer", [None, {"unreachable": True}, {"files": {}}, SEEN])
def test_what_is_not_packed_stays_as_it_is(answer):
    assert look_of({"gluster_server_seen": answer}) == answer


def test_a_host_that_was_not_looked_at_has_no_node():
    assert node_of({}) is None and node_of({"gluster_server_seen": {"unreachable": True}}) is None
    assert node_of({"gluster_server_seen": {"node": {}}}) == {}
