# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.info import PARTS, local_facts, observe_gluster
from ansible_collections.brickwork.gluster.tests.fakes.clock import FakeClock
from ansible_collections.brickwork.gluster.tests.fakes.cluster import NEW_OPTIONS, FakeCluster


@pytest.fixture
def cluster():
    made = FakeCluster("h1", "h2")
    made.form_pool("h1", "h2")
    gluster = Gluster(made.on("h1"), clock=FakeClock())
    gluster.ask("volume", "create", "v", "h1:/b/1", "h2:/b/2")
    gluster.ask("volume", "start", "v")
    made.commands.clear()
    return made


def info(cluster, *parts):
    gluster = Gluster(cluster.on("h1"), clock=FakeClock())
    return observe_gluster(gluster, parts or PARTS, local=lambda: {"stored_volumes": ["v"]})


def test_one_read_tells_everything(cluster):
    facts = info(cluster)
    assert facts["running"] and facts["version"] == "10.3"
    assert {name for peer in facts["pool"]["peers"] for name in peer["names"]} == {"localhost", "h2"}
    assert [(volume["name"], volume["sets"], volume["started"]) for volume in facts["volumes"]] == [("v", 2, True)]
    assert [(brick["host"], brick["online"], brick["port"]) for brick in facts["bricks"]] == [
        ("h1", True, 49152),
        ("h2", True, 49152),
    ]
    assert (facts["tasks"], facts["heal"]) == ([], [])
    assert len(cluster.commands) == 5


def test_options_are_those_that_hold_whoever_set_them(cluster):
    assert info(cluster, "options")["options"] == {"v": dict(NEW_OPTIONS, **{"performance.cache-size": "32MB"})}


def test_bricks_of_a_dead_member_are_offline(cluster):
    cluster.machines["h2"].up = False
    assert [brick["online"] for brick in info(cluster, "bricks")["bricks"]] == [True, False]


def test_bricks_of_a_volume_that_another_transaction_holds_are_asked_for_once_more(cluster):
    gluster = Gluster(cluster.on("h1"), clock=FakeClock())
    gluster.ask("volume", "create", "w", "h1:/b/3", "h2:/b/4")
    gluster.ask("volume", "start", "w")
    cluster.held.add("v")
    assert [brick["online"] for brick in info(cluster, "bricks")["bricks"]] == [True] * 4
    assert cluster.commands[-2:] == ["volume status all detail", "volume status v detail"]


def test_only_what_is_asked_for_is_read(cluster):
    assert "volumes" not in info(cluster, "pool")
    assert cluster.commands == ["pool list"]


def test_a_stopped_daemon_is_an_answer(cluster):
    cluster.machines["h1"].up = False
    facts = info(cluster)
    assert (facts["running"], facts["stored_volumes"], facts["volumes"]) == (False, ["v"], [])
    assert facts["options"] == {}


TCP = """  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:%s 00000000:0000 %s 00000000:00000000 00:00000000 00000000     0        0 8401 1 0 100 0 0 10 0
"""


class Files:
    def __init__(self, **texts):
        self.texts = texts

    def read(self, path):
        return self.texts.get(self._key(path), "")

    def exists(self, path):
        return self._key(path) in self.texts

    @staticmethod
    def _key(path):
        return path.rpartition("/")[2].replace(".", "_").replace("-", "_")

    def entries(self, folder):
        return [folder]


def test_a_node_tells_some_things_without_its_glusterd():
    assert local_facts(Files()) == {
        "uuid": "",
        "stored_volumes": ["/var/lib/glusterd/vols"],
        "op_version": 0,
        "listening": False,
        "encrypted": False,
    }
    volfile = "option working-directory /data\n"
    info = "UUID=1\noperating-version=100000\n"
    facts = local_facts(Files(glusterd_vol=volfile, glusterd_info=info, tcp=TCP % ("5DC7", "0A"), secure_access=""))
    assert facts == {
        "uuid": "1",
        "stored_volumes": ["/data/vols"],
        "op_version": 100000,
        "listening": True,
        "encrypted": True,
    }


@pytest.mark.parametrize("port, state", [("5DC7", "01"), ("5DC8", "0A")])
def test_a_connection_is_no_listening(port, state):
    assert not local_facts(Files(tcp6=TCP % (port, state)))["listening"]
