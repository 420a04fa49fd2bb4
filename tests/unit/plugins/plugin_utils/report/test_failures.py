# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stops, and what is lost, when nodes fail: quorum of clients and servers, arbiters, bricks that are new."""

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.filling import FILLING_MARK
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Brick, Volume
from ansible_collections.brickwork.gluster.plugins.plugin_utils.report.failures import (
    Failure,
    Standing,
    failures,
    stopped_now,
)

NODES = ("n1", "n2", "n3", "n4")


def volume(name="v", nodes="123", replicas=3, arbiters=0, disperse=0, redundancy=0, status="Started", **options):
    width = max(replicas, disperse, 1)
    bricks = tuple(
        Brick(f"n{node}", f"/{name}-{number}", arbiter=bool(arbiters) and number % width == width - 1)
        for number, node in enumerate(nodes)
    )
    dotted = {key.replace("__", ".").replace("_", "-"): value for key, value in options.items()}
    return Volume(name, name, status, replicas, arbiters, disperse, redundancy, bricks, dotted)


def standing(*volumes, away=(), empty=(), absent=()):
    owners = {brick.name: brick.host for one in volumes for brick in one.bricks}
    return Standing(volumes, owners, frozenset(away), frozenset(empty), frozenset(NODES), frozenset(absent))


def fails(nodes, *volumes, **more):
    return failures({"it": nodes}, standing(*volumes, **more))["it"]


@pytest.mark.parametrize(
    ("one", "nodes", "expected"),
    [
        (volume(), ["n1"], "weakened"),
        (volume(), ["n1", "n2"], "stops"),
        (volume(), ["n1", "n2", "n3"], "stops loses"),
        (volume(), ["n4"], ""),
        (volume(replicas=3, arbiters=1), ["n3"], "weakened"),
        (volume(replicas=3, arbiters=1), ["n1", "n3"], "stops"),
        # Of the arbiter no file can be read.
        (volume(replicas=3, arbiters=1), ["n1", "n2"], "stops loses"),
        (volume(nodes="12", replicas=2), ["n1"], "weakened"),
        (volume(nodes="12", replicas=2, cluster__quorum_type="auto"), ["n1"], "stops"),
        (volume(nodes="1234", replicas=0, disperse=4, redundancy=1), ["n1"], "weakened"),
        (volume(nodes="1234", replicas=0, disperse=4, redundancy=1), ["n1", "n2"], "stops loses"),
        (volume(nodes="12", replicas=0), ["n1"], "stops loses"),
        # Two of a set on one node.
        (volume(nodes="112"), ["n1"], "stops"),
        # The second set only.
        (volume(nodes="123124"), ["n3", "n4"], "weakened"),
        (volume(nodes="123144"), ["n4"], "stops"),
        (volume(status="Stopped"), ["n1", "n2"], "weakened"),
        (volume(status="Stopped"), ["n1", "n2", "n3"], "loses"),
    ],
)
def test_one_volume(one, nodes, expected):
    found = fails(nodes, one)
    assert " ".join(key for key in Failure._fields if getattr(found, key) == ["v"]) == expected


def test_what_is_away_already_counts():
    one = volume()
    assert fails(["n2"], one, away=["n1:/v-0"]) == Failure(["v"], [], [])
    # What is stopped is stopped by no failure any more.
    two_away = ["n1:/v-0", "n2:/v-1"]
    assert fails(["n3"], one, away=two_away).stops == []
    assert stopped_now(standing(one, away=two_away)) == ["v"] and stopped_now(standing(one)) == []


def test_a_brick_that_is_new_or_lost_saves_no_file():
    one = volume(nodes="12", replicas=2)
    assert fails(["n1"], one, empty=["n2:/v-1"]).loses == ["v"]
    assert fails(["n2"], one, empty=["n2:/v-1"]).loses == []


@pytest.mark.parametrize(
    ("options", "nodes", "stops"),
    [
        ({}, ["n3", "n4"], False),
        ({"cluster__server_quorum_type": "server"}, ["n4"], False),
        ({"cluster__server_quorum_type": "server"}, ["n3", "n4"], True),
        ({"cluster__server_quorum_type": "server", "cluster__server_quorum_ratio": "50%"}, ["n3", "n4"], False),
        ({"cluster__server_quorum_type": "server", "cluster__server_quorum_ratio": "80"}, ["n4"], True),
    ],
)
def test_quorum_of_servers_stops_also_what_has_all_of_its_bricks(options, nodes, stops):
    one = volume(nodes="12", replicas=2, **options)
    assert fails(nodes, one).stops == (["v"] if stops else [])


def test_each_domain_is_judged_by_itself():
    volumes = [volume("a", "123"), volume("b", "124"), volume("c", "1", replicas=0)]
    found = failures({"z1": ["n1"], "z2": ["n2", "n4"]}, standing(*volumes))
    assert found["z1"] == Failure(["c"], ["c"], ["a", "b"])
    assert found["z2"] == Failure(["b"], [], ["a"])
    assert FILLING_MARK.startswith("user.")
