# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from collections import namedtuple

from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.info import memory_of
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Brick, Volume
from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import MIB
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.memory import memory_warnings, node_loads

Node = namedtuple("Node", "name uuid gluster")
BRICKS = tuple(Brick("10.0.0.1", "/b/%s" % number, "u1") for number in range(20))
VOLUME = Volume("v", "id", "Started", 0, 0, 0, 0, BRICKS, {})
PLACED = ({"bricks": [{"host": "n1", "path": "/b/%s" % number} for number in range(10, 30)]},)


def warnings(memory, volume=VOLUME, placed=PLACED):
    nodes = [Node("n1", "u1", {"memory": memory}), Node("n2", "", {"memory": memory})]
    return memory_warnings(node_loads(nodes, [volume], placed), [volume])


def test_thirty_bricks_on_a_small_node_are_named_before_the_kernel_ends_glusterd():
    """As seen: 30 brick processes on nodes of 600 MiB; with 1,800 MiB all went well."""
    [warning] = warnings(576 * MIB)
    assert warning.startswith("n1: 30 brick processes take about ") and "cluster.brick-multiplex on" in warning
    assert warnings(1800 * MIB) == []


def test_bricks_that_are_there_already_count_once_and_new_ones_too():
    assert warnings(576 * MIB, placed=())[0].startswith("n1: 20 brick processes")


def test_bricks_of_stopped_volumes_take_none():
    stopped = [dict(PLACED[0], state="stopped")]
    assert warnings(576 * MIB, VOLUME._replace(status="Stopped"), stopped) == []


def test_one_process_for_all_bricks_and_a_node_that_did_not_tell():
    assert warnings(576 * MIB, VOLUME._replace(options={"cluster.brick-multiplex": "enable"})) == []
    assert warnings(0) == []


def test_memory_is_read_of_the_kernel_s_table():
    assert memory_of("MemFree: 1 kB\nMemTotal:         590148 kB\n") == 590148 * 1024
    assert memory_of("") == 0
