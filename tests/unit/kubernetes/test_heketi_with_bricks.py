# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the test server says exists has been made on the storage nodes, and what it says is gone has been removed."""

import pytest
from heketi_with_bricks import Bricks, FollowedQueue

from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.client import Heketi as Client
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.client import HeketiError
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.transport import HttpTransport
from ansible_collections.brickwork.gluster.tests.fakes.heketi.serve import serving
from ansible_collections.brickwork.gluster.tests.fakes.heketi.service import Heketi
from ansible_collections.brickwork.gluster.tests.fakes.heketi.wire import Failure

HOSTS = ["192.0.2.11", "192.0.2.12", "192.0.2.13"]


class Nodes:
    """Storage nodes that only write down what they were asked to do."""

    def __init__(self):
        self.scripts = []
        self.failure = ""

    def run(self, host, script):
        if self.failure and self.failure in script:
            raise Failure(self.failure)
        self.scripts.append((host, script))

    def hosts_that_ran(self, words):
        """Return the hosts that ran a script with these words, in order."""
        return sorted(host for host, script in self.scripts if words in script)


@pytest.fixture
def nodes():
    return Nodes()


@pytest.fixture
def client(nodes):
    """A client of a test server that knows three hosts."""
    app = Heketi(duration=0)
    bricks = Bricks(nodes.run)
    app.queue = FollowedQueue(app, lambda: bricks.follow(app.state))
    with serving(app) as server:
        client = Client(HttpTransport(server.url), "admin", "adminkey")
        cluster = client.change("POST", "/clusters", {"file": True, "block": True})["id"]
        for zone, host in enumerate(HOSTS, 1):
            names = {"manage": [host], "storage": [host]}
            node = client.change("POST", "/nodes", {"zone": zone, "cluster": cluster, "hostnames": names})["id"]
            client.change("POST", "/devices", {"name": "/dev/sdb", "node": node})
        yield client


def make(client):
    durability = {"type": "replicate", "replicate": {"replica": 3}}
    desired = {"size": 1, "gid": 40001, "durability": durability, "glustervolumeoptions": ["network.ping-timeout 10"]}
    return client.change("POST", "/volumes", desired)


def test_a_volume_is_made_with_a_brick_on_each_host(nodes, client):
    name = make(client)["name"]
    assert nodes.hosts_that_ran("chown :40001 ") == HOSTS
    [(_host, script)] = [pair for pair in nodes.scripts if "volume create" in pair[1]]
    created, option, started = [line for line in script.splitlines() if line.startswith("gluster")]
    assert f"volume create {name} replica 3 " in created and all(
        f" {host}:/var/lib/heketi" in created for host in HOSTS
    )
    assert option.endswith(f"volume set {name} network.ping-timeout 10")
    assert started.endswith(f"volume start {name}")


def test_a_volume_that_grows_gets_new_bricks_and_keeps_its_own(nodes, client):
    volume = make(client)
    nodes.scripts.clear()
    client.change("POST", f"/volumes/{volume['id']}/expand", {"expand_size": 2})
    assert nodes.hosts_that_ran("mkfs.xfs") == HOSTS
    [(_host, script)] = [pair for pair in nodes.scripts if "add-brick" in pair[1]]
    assert script.count(":/var/lib/heketi") == 3
    assert not nodes.hosts_that_ran("volume create")


def test_a_deleted_volume_leaves_no_brick(nodes, client):
    client.change("DELETE", f"/volumes/{make(client)['id']}")
    assert nodes.hosts_that_ran("lvremove") == HOSTS
    scripts = [script for _host, script in nodes.scripts]
    deleted = next(number for number, script in enumerate(scripts) if "volume delete" in script)
    assert all(number > deleted for number, script in enumerate(scripts) if "umount" in script)


def test_what_fails_on_a_host_is_heketis_answer(nodes, client):
    nodes.failure = "mkfs.xfs"
    with pytest.raises(HeketiError, match=r"mkfs\.xfs"):
        make(client)
