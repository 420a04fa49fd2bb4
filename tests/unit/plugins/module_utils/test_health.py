# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import copy

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.health import find_problems


def peer(name, connected=True, state=3):
    return {"names": [name], "connected": connected, "state": state, "state_text": "Peer in Cluster"}


def brick(path, **more):
    return dict({"volume": "v", "host": "h", "path": path, "online": True, "volume_started": True}, **more)


NODE = {
    "gluster": {"running": True, "pool": {"peers": [peer("localhost", state=None), peer("h2"), peer("h3")]}},
    "disks": {"bricks": [{"name": "v-1", "mounted": True, "data_percent": 10.0, "metadata_percent": None}]},
}
GLUSTER = {
    "bricks": [brick("/1"), brick("/2"), brick("/3")],
    "volumes": [
        {
            "name": "v",
            "volume_id": "1",
            "status": "Started",
            "started": True,
            "replicas": 3,
            "arbiters": 0,
            "disperse": 0,
            "redundancy": 0,
            "options": {},
            "bricks": [brick("/1"), brick("/2"), brick("/3")],
        }
    ],
    "tasks": [{"volume": "v", "kind": "Rebalance", "status": "in progress"}],
    "heal": [{"volume": "v", "brick": "h:/1", "connected": True, "pending": 0, "split_brain": 0}],
}


@pytest.fixture
def node():
    return copy.deepcopy(NODE)


@pytest.fixture
def gluster():
    return copy.deepcopy(GLUSTER)


def test_a_cluster_that_is_well(node, gluster):
    assert find_problems({"h1": node}, gluster) == []


def test_nodes_and_peers(node, gluster):
    assert find_problems({"h1": {"gluster": None, "disks": None}}, gluster) == ["h1 does not answer"]
    node["gluster"]["pool"]["peers"][1]["connected"] = False
    assert find_problems({"h1": node}, gluster) == ["h1 sees h2: Peer in Cluster, disconnected"]
    node["gluster"]["pool"]["peers"][2]["connected"] = False
    assert "the pool has no quorum, only 1 of 3" in find_problems({"h1": node}, gluster)[-1]
    node["gluster"]["running"] = False
    assert find_problems({"h1": node}, gluster) == ["h1: glusterd does not run"]


def test_certificates(node, gluster):
    node["gluster"]["certificate_days"] = 30
    assert find_problems({"h1": node}, gluster) == []
    node["gluster"]["certificate_days"] = 3
    [problem] = find_problems({"h1": node}, gluster)
    assert problem.startswith("h1: its certificate ends within 4 days")


def test_disks(node, gluster):
    node["disks"]["bricks"][0].update(mounted=False, metadata_percent=91.0)
    assert find_problems({"h1": node}, gluster) == [
        "h1: brick v-1 is not mounted",
        "h1: thin pool of brick v-1: metadata is 91 % full",
    ]


def test_a_brick_on_a_dead_disk(node, gluster):
    node["disks"]["bricks"][0]["problem"] = "Input/output error"
    assert find_problems({"h1": node}, gluster) == [
        "h1: brick v-1 can't be read: Input/output error; its disk may be dead"
    ]


def test_clients(node, gluster):
    line = "h1:/v /mnt/v glusterfs defaults,_netdev 0 0\n"
    clients = {
        "c1": {"fstab": line, "mounts": "h1:/v /mnt/v fuse.glusterfs rw 0 0\n"},
        "c2": {"fstab": line, "mounts": "/dev/vda / ext4 rw 0 0\n"},
        "c3": None,
    }
    [unmounted, silent] = find_problems({"h1": node}, gluster, clients=clients)
    assert unmounted.startswith("client c2: /etc/fstab has h1:/v at /mnt/v, and that is not mounted")
    assert silent == "client c3 does not answer"


def test_bricks_and_quorum(node, gluster):
    gluster["bricks"][0]["online"] = False
    assert find_problems({"h1": node}, gluster) == ["volume v: brick h:/1 is offline"]
    gluster["bricks"][1]["online"] = False
    assert find_problems({"h1": node}, gluster)[-1] == (
        "volume v: set 1 has no quorum, 1 of 3 bricks are online and 2 are needed"
    )
    gluster["volumes"][0].update(replicas=0, disperse=3, redundancy=2)
    assert len(find_problems({"h1": node}, gluster)) == 2


def test_tasks_and_heals(node, gluster):
    gluster["tasks"][0]["status"] = "failed"
    gluster["heal"] = [
        {"volume": "v", "brick": "h:/1", "connected": False, "pending": None, "split_brain": None},
        {"volume": "v", "brick": "h:/2", "connected": True, "pending": 4, "split_brain": 1},
    ]
    assert find_problems({"h1": node}, gluster) == [
        "volume v: Rebalance has failed",
        "volume v: heals of h:/1 are unknown, it can't be asked",
        "volume v: 4 entries wait for healing on h:/2",
        "volume v: 1 entries are in split-brain on h:/2",
    ]
