# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.versions import (
    Node,
    fits,
    server_problems,
    version_problems,
)


@pytest.mark.parametrize(
    "version, desired, fitting",
    [("10.3", "10", True), ("10.3", "10.3", True), ("10.3", "1", False), ("7.50", "7.5", False), ("9.2", "", True)],
)
def test_prefixes_end_where_numbers_do(version, desired, fitting):
    assert fits(version, desired) is fitting


def test_bare_machines_and_equal_ones_are_fine():
    assert version_problems([Node("n1", "", "7.5"), Node("n2", "")], [Node("c1", "")]) == []
    assert version_problems([Node("n1", "10.3", "10"), Node("n2", "10.3")], [Node("c1", "9.2")]) == []
    assert version_problems([Node("n1", "")], [Node("c1", "11.1")]) == []


def test_everything_that_is_wrong_is_said_at_once():
    servers = [Node("n1", "10.3", "7.5"), Node("n2", "9.2"), Node("n3", "", source="preinstalled")]
    assert version_problems(servers, [Node("c1", "10.3")]) == [
        "n1 has GlusterFS 10.3, and gluster_server_version is 7.5; run the playbook upgrade, which takes it there",
        "n3 has no GlusterFS, and gluster_server_source is preinstalled; install it or name another source",
        "one pool has one version of GlusterFS, and these have several: n1 10.3, n2 9.2; run the playbook upgrade, "
        "which goes on with the others",
        "c1 mounts with GlusterFS 10.3, which is newer than the servers' 9.2; upgrade the servers first",
    ]


def test_a_source_that_upgrades_is_not_refused_before_it_did():
    assert version_problems([Node("n1", "7.4", "7.5", "rpm_folder")], []) == []


def test_a_member_with_another_version_than_its_folder_is_refused():
    """site would install it on all members at once."""
    members = [Node("n1", "7.5", "", "rpm_folder", "7.9"), Node("n2", "7.5", "", "rpm_folder", "7.5")]
    assert version_problems(members, []) == [
        "n1 has GlusterFS 7.5, and its folder of RPMs has 7.9; run the playbook upgrade, which takes it there"
    ]


def answer(**changes):
    well = {"version": "10.3", "running": True, "listening": True, "op_version": 100000, "peers": 2}
    return dict(well, **changes)


def test_servers_that_were_set_up():
    assert server_problems({"n1": answer(), "n2": answer()}, {"n1": "10", "n2": "10.3"}) == []
    alone = answer(op_version=70200, peers=1)
    assert server_problems({"n1": answer(), "n2": alone}, {}) == []


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"running": False}, "n2: glusterd does not answer"),
        ({"listening": False}, "n2: glusterd answers, and nothing listens"),
        ({"version": "9.2"}, "n1 10.3, n2 9.2"),
        ({"op_version": 90000}, "op-versions: n1 100000, n2 90000"),
    ],
)
def test_what_does_not_hold(changes, words):
    [problem] = server_problems({"n1": answer(), "n2": answer(**changes)}, {})
    assert words in problem


def test_another_version_than_asked_for():
    [problem] = server_problems({"n1": answer()}, {"n1": "7.5"})
    assert problem.startswith("n1 has GlusterFS 10.3, and gluster_server_version is 7.5")
