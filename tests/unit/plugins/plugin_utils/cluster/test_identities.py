# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A node that lost /var/lib/glusterd is told apart from one whose glusterd is stopped, and from a host left out."""

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import PlanError
from ansible_collections.brickwork.gluster.plugins.module_utils.facts import to_facts
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Brick, Peer, Pool, Volume
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.records import ObservedHost
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.identities import (
    identity_facts,
    lost_identities,
    refuse_lost_identities,
    without_lost,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.records import (
    Node,
    ObservedCluster,
    PoolAnswer,
    node_disks,
)

NOTHING = {"observed": to_facts(ObservedHost("", "", {})), "devices": [], "bricks": []}


def node(name, address, uuid=""):
    gluster = {"running": True, "installed": True, "uuid": uuid, "peers": 1, "known_volumes": 0, "volumes": {}}
    return Node(name, address, "a", [], gluster, node_disks(name, uuid, NOTHING))


POOL = (
    Peer("u1", ("localhost",), True, None, ""),
    Peer("u2", ("10.0.0.2", "node2.example"), False, 3, "Peer in Cluster"),
)
VOLUME = Volume("v", "id", "Started", 2, 0, 0, 0, (Brick("10.0.0.1", "/b", "u1"), Brick("10.0.0.2", "/b", "u2")), {})
FIRST = node("node1", "10.0.0.1", "u1")


def seen(*others, peers=POOL):
    return ObservedCluster([FIRST, *others], FIRST, PoolAnswer(Pool(peers), (VOLUME,), op_version=9))


def judge(*others, peers=POOL, renewed=()):
    cluster = seen(*others, peers=peers)
    refuse_lost_identities(lost_identities(cluster), cluster, renewed)


def refusal(*others):
    with pytest.raises(PlanError) as caught:
        judge(*others)
    return str(caught.value)


@pytest.mark.parametrize(("uuid", "own"), [("", "has no uuid"), ("u9", "has the uuid u9")])
def test_a_node_that_lost_its_identity_is_told_what_it_was_and_how_to_get_it_back(uuid, own):
    for address in ("10.0.0.2", "node2.example"):
        said = refusal(node("node2", address, uuid))
        assert said.startswith("gluster_address on node2: the pool knows %s as the member with the uuid u2" % address)
        for words in (
            own,
            "which holds bricks of v",
            "nothing is changed",
            "Restore /var/lib/glusterd on node2 from a backup",
            "the playbook replace makes it that member again (gluster_replace_nodes: [node2])",
            "two lines UUID=u2 and operating-version=9",
            "/var/lib/glusterd/peers/u1 with the three lines uuid=u1, state=3 and hostname1=10.0.0.1",
        ):
            assert words in said
        assert "remove" not in said and "overwrite" not in said


def test_a_node_that_only_its_bricks_know_by_that_address_is_no_host_that_was_left_out():
    """The pool was probed by names, and the bricks were named by addresses."""
    peers = (POOL[0], POOL[1]._replace(names=("node2.example",)))
    with pytest.raises(PlanError, match="on node2: the pool knows 10.0.0.2 as the member with the uuid u2"):
        judge(node("node2", "10.0.0.2", "u9"), peers=peers)


def test_a_stopped_daemon_and_a_new_node_are_no_such_case():
    judge(node("node2", "10.0.0.2", "u2"))
    judge(node("node3", "10.0.0.3", "u3"), node("node4", "10.0.0.4"))


def test_a_member_under_another_address_is_found_by_its_uuid():
    judge(node("node2", "10.0.0.7", "u2"), node("node3", "10.0.0.2", "u3"))


def test_all_at_once():
    peers = POOL + (Peer("u3", ("10.0.0.3",), False, 3, "Peer in Cluster"),)
    with pytest.raises(PlanError) as caught:
        judge(node("node2", "10.0.0.2"), node("node3", "10.0.0.3"), peers=peers)
    assert len(str(caught.value).splitlines()) == 2 and "which holds no bricks" in str(caught.value)


def test_one_of_which_the_user_says_so_is_absent_until_it_is_a_member_again():
    lost = node("node2", "10.0.0.2", "u9")
    judge(lost, renewed=("node2",))
    cluster = seen(lost)
    rest = without_lost(lost_identities(cluster), cluster)
    assert [one.name for one in rest.nodes] == ["node1"]
    assert [(one.name, one.renewed) for one in rest.absent] == [("node2", True)]
    assert identity_facts(lost_identities(cluster)[0], cluster) == {
        "node": "node2", "uuid": "u2", "op_version": 9, "peer_uuid": "u1", "peer_address": "10.0.0.1",
    }  # fmt: skip


def test_another_node_that_lost_its_identity_is_refused_all_the_same():
    with pytest.raises(PlanError, match="^gluster_address on node2"):
        judge(node("node2", "10.0.0.2", "u9"), renewed=("node1",))


def test_two_machines_never_have_one_identity():
    peers = (POOL[0], POOL[1]._replace(connected=True))
    with pytest.raises(
        PlanError, match="^gluster_replace_nodes: node2: the pool still sees the member u2 .* switch it"
    ):
        judge(node("node2", "10.0.0.2", "u9"), peers=peers, renewed=("node2",))
