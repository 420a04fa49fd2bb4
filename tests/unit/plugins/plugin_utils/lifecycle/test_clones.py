# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a volume may be cloned, on machines in memory."""

import pytest

from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.plan import Settings
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.records import Absent
from ansible_collections.brickwork.gluster.tests.fakes.site import SHARED, Site


@pytest.fixture
def site():
    made = Site()
    made.run(SHARED)
    return made


def problems(site, volume="shared", name="look", used=20, away=(), volumes=(SHARED,)):
    nodes = []
    for node in site.nodes():
        bricks = {path: {**disk, "data_percent": used} for path, disk in node.disks.bricks.items()}
        nodes.append(node._replace(disks=node.disks._replace(bricks=bricks)))
    nodes = [node for node in nodes if node.name not in away]
    absent = [Absent(one, one, "c") for one in away]
    return site.planned(list(volumes), nodes, Settings(cloned=volume, clone=name), absent=absent)["unclonable"]


def test_a_volume_whose_pools_have_room_may_be_cloned(site):
    assert problems(site) == [] and problems(site, used=50) == [] and problems(site, volume="", name="") == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"used": 51}, "volume shared: the thin pool of brick n"),
        ({"used": None}, "volume shared: brick n"),
        ({"name": ""}, "gluster_clone_name: found no name for the clone of shared"),
        ({"volume": "nosuch"}, "gluster_clone_volume: found no volume nosuch"),
        ({"away": ("n3",)}, "volume shared is not cloned while n3 is away"),
        (
            {"name": "other", "volumes": (SHARED, {**SHARED, "name": "other", "size": "1GiB"})},
            "gluster_clone_name: found other, a volume of the inventory",
        ),
    ],
)
def test_what_is_in_the_way_is_said(site, given, said):
    assert problems(site, **given)[0].startswith(said)


def test_where_the_clone_is_there_nothing_is_in_the_way(site):
    volumes = site.cluster.machines["n1"].volumes
    volumes["look"] = dict(volumes["shared"], name="look")
    assert problems(site, used=99) == []
