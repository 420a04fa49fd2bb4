# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""GlusterFS's own groups of options stand for what is in them, in plans, differences and second runs."""

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError
from ansible_collections.brickwork.gluster.plugins.module_utils.facts import to_facts
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.info import observe_gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.option_groups import (
    expand_group,
    parse_group,
    read_groups,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.volume import VolumesOperation
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.volumes_plan import (
    desired_volume,
    pending_volumes,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import converge
from ansible_collections.brickwork.gluster.tests.fakes.clock import FakeClock
from ansible_collections.brickwork.gluster.tests.fakes.cluster import FakeCluster

#: As the packages have it, with what an administrator may add.
VIRT = """performance.quick-read=off
performance.stat-prefetch=off

# ours
cluster.eager-lock=enable
network.remote-dio = enable
cluster.quorum-type=auto
"""
GROUPS = {"virt": parse_group(VIRT), "metadata-cache": {"performance.nl-cache": "on"}}


class Files:
    """Files of a node."""

    def __init__(self, files):
        self._files = files

    def read(self, path):
        return self._files.get(path, "")

    def entries(self, folder):
        return sorted(path.rpartition("/")[2] for path in self._files if path.rpartition("/")[0] == folder)


def test_groups_are_read_where_glusterd_keeps_its_files():
    assert read_groups(Files({"/var/lib/glusterd/groups/virt": VIRT})) == {"virt": GROUPS["virt"]}
    volfile = "volume management\n    option working-directory /data\nend-volume\n"
    moved = {"/etc/glusterfs/glusterd.vol": volfile, "/data/groups/virt": VIRT, "/var/lib/glusterd/groups/old": "a=b"}
    assert list(read_groups(Files(moved))) == ["virt"]
    assert read_groups(Files({})) == {}
    assert GROUPS["virt"]["network.remote-dio"] == "enable" and len(GROUPS["virt"]) == 5


def test_what_is_given_beside_a_group_wins():
    """Also under its short name."""
    expanded = expand_group({"group": "virt", "remote-dio": "off", "user.x": "y"}, GROUPS)
    assert "group" not in expanded and "network.remote-dio" not in expanded
    assert (expanded["remote-dio"], expanded["user.x"], expanded["cluster.eager-lock"]) == ("off", "y", "enable")


def test_a_group_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(InputError, match="has no group 'virtual'; use one of metadata-cache, virt"):
        expand_group({"group": "virtual"}, GROUPS)
    # Before GlusterFS is installed nothing is known of groups.
    assert expand_group({"group": "virtual"}, {}) == {"group": "virtual"}
    assert expand_group({"x": 1}, GROUPS) == {"x": 1}


@pytest.fixture
def cluster():
    made = FakeCluster("h1", "h2", "h3")
    made.form_pool("h1", "h2", "h3")
    return made


def parameters(**options):
    bricks = ["h%s:/b/1" % number for number in (1, 2, 3)]
    return {
        "name": "v",
        "state": "started",
        "type": "replicate",
        "replicas": 3,
        "bricks": bricks,
        "options": dict({"group": "virt"}, **options),
    }


def run(cluster, desired, check_mode=False):
    gluster = Gluster(cluster.on("h1"), clock=FakeClock())
    made = VolumesOperation(
        gluster,
        cluster.directories_of("h1"),
        [desired_volume(desired)],
        5,
        FakeClock(),
        lambda name: [],
        groups=lambda: GROUPS,
    )
    return converge(made, check_mode)


def test_a_volume_with_a_group_is_made_and_left_alone_by_the_next_run(cluster):
    planned = run(cluster, parameters(), check_mode=True)
    assert planned.after["options"]["cluster.eager-lock"] == "enable" and "group" not in planned.after["options"]
    assert run(cluster, parameters()).describe() == planned.describe()
    assert run(cluster, parameters()).steps == []
    changed = run(cluster, parameters(**{"cluster.eager-lock": "off"}))
    [step] = changed.steps
    assert step.argv[-2:] == ("cluster.eager-lock", "off")
    assert run(cluster, parameters(**{"cluster.eager-lock": "off"})).steps == []


def test_the_controller_plans_the_same(cluster):
    def facts():
        gluster = Gluster(cluster.on("h1"), clock=FakeClock())
        return observe_gluster(gluster, ("pool", "volumes"), local=dict, groups=lambda: to_facts(GROUPS))

    assert facts()["option_groups"] == GROUPS
    run(cluster, parameters())
    assert pending_volumes([parameters()], facts()) == []
    assert pending_volumes([parameters(**{"features.shard": "on"})], facts()) != []
    with pytest.raises(InputError, match="has no group 'virt2'"):
        pending_volumes([dict(parameters(), options={"group": "virt2"})], facts())
