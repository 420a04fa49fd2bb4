# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.desired import desired_topology
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.topology import TopologyOperation
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import converge
from ansible_collections.brickwork.gluster.plugins.plugin_utils.heketi.inventory import heketi_clusters
from ansible_collections.brickwork.gluster.tests.fakes.heketi_wire import client_of, new_server


def host(number, **more):
    facts = {"gluster_address": "10.0.0.%s" % number, "gluster_zone": "rack%s" % number}
    return dict(facts, gluster_devices=[{"path": "/dev/sdb"}], **more)


def problems(**hosts):
    with pytest.raises(InputError) as error:
        heketi_clusters(sorted(hosts), hosts)
    return str(error.value).splitlines()


def test_the_inventory_is_a_topology():
    hosts = {"a": host(1, heketi_manage="a.example.com", heketi_tags={"rack": "x"}), "b": host(2)}
    hosts["b"]["gluster_devices"] = [{"path": "/dev/sdb", "overwrite": True, "data_alignment": "1MiB"}]
    assert heketi_clusters(["a", "b"], hosts) == [
        {
            "nodes": [
                {
                    "manage": ["a.example.com"],
                    "storage": ["10.0.0.1"],
                    "zone": 1,
                    "devices": [{"name": "/dev/sdb", "destroydata": False}],
                    "tags": {"rack": "x"},
                },
                {
                    "manage": ["10.0.0.2"],
                    "storage": ["10.0.0.2"],
                    "zone": 2,
                    "devices": [{"name": "/dev/sdb", "destroydata": True}],
                },
            ]
        }
    ]


def test_it_can_be_loaded():
    hosts = {"h%s" % number: host(number) for number in range(1, 5)}
    hosts["h4"].update(gluster_zone="arbiter", heketi_zone=9)
    hosts["h1"]["heketi_devices"] = [{"path": "/dev/sdx", "tags": {"disk": "ssd"}}, "/dev/sdy"]
    app = new_server()
    desired = desired_topology({"clusters": heketi_clusters(sorted(hosts), hosts)})
    converge(TopologyOperation(client_of(app), desired, clock=app.clock))
    nodes = {node.manage[0]: node for node in app.state.nodes.values()}
    assert nodes["10.0.0.4"].zone == 9 and nodes["10.0.0.4"].tags == {"arbiter": "required"}
    assert sorted(device.name for device in app.state.devices_of(nodes["10.0.0.1"])) == ["/dev/sdx", "/dev/sdy"]


def test_hosts_without_a_zone_share_one():
    hosts = {"a": host(1), "b": host(2)}
    for facts in hosts.values():
        del facts["gluster_zone"]
    assert [node["zone"] for node in heketi_clusters(["a", "b"], hosts)[0]["nodes"]] == [1, 1]


def test_zones_without_a_number_need_one():
    [text] = problems(a=dict(host(1), gluster_zone="cellar"), b=host(2))
    assert text.startswith("a: heketi numbers zones from 1") and "'cellar'" in text and "set heketi_zone" in text


def test_two_zones_of_one_number_are_refused():
    assert problems(a=host(1), b=dict(host(2), gluster_zone="room1")) == [
        "b: zones rack1 and room1 are both 1 for heketi; set heketi_zone"
    ]


def test_all_that_is_wrong_is_told_at_once():
    device = [{"path": "/dev/sdb", "size": 1}, {"overwrite": True}]
    assert problems(a={}, b=dict(host(2), heketi_devices=device)) == [
        "a: gluster_address is missing",
        "b: heketi_devices: /dev/sdb: size is unknown",
        "b: heketi_devices: None: path is missing",
    ]


def test_zone_0_is_not_zone_1():
    """heketi numbers from 1, so the user has to say which zone it is there."""
    [told] = problems(a=host(1, gluster_zone=0), b=host(2, gluster_zone=1))
    assert told.startswith("a: heketi numbers zones from 1") and "set heketi_zone" in told
    hosts = {"a": host(1, gluster_zone=0, heketi_zone=2), "b": host(2, gluster_zone=1)}
    assert [node["zone"] for node in heketi_clusters(["a", "b"], hosts)[0]["nodes"]] == [2, 1]


@pytest.mark.parametrize("text", ["false", "true", 1])
def test_a_text_never_destroys(text):
    hosts = {"a": host(1, heketi_devices=[{"path": "/dev/sdb", "overwrite": text}])}
    assert heketi_clusters(["a"], hosts)[0]["nodes"][0]["devices"] == [{"name": "/dev/sdb", "destroydata": False}]
    topology = {
        "clusters": [
            {
                "nodes": [
                    {
                        "node": {"hostnames": {"manage": ["a"], "storage": ["a"]}, "zone": 1},
                        "devices": [{"name": "/dev/sdb", "destroydata": text}],
                    }
                ]
            }
        ]
    }
    with pytest.raises(InputError, match="device /dev/sdb: destroydata: found .*; write true or false"):
        desired_topology({"topology": topology})


@pytest.mark.parametrize(("state", "heketi"), [("retired", "offline"), ("lost", "offline"), ("active", "online")])
def test_the_state_of_a_disk_that_both_have_is_taken_along(state, heketi):
    disks = [{"path": "/dev/sdb", "state": state}, {"path": "/dev/sdc"}]
    [cluster] = heketi_clusters(["a"], {"a": {**host(1), "gluster_devices": disks}})
    assert cluster["nodes"][0]["devices"] == [
        {"name": "/dev/sdb", "destroydata": False, "state": heketi},
        {"name": "/dev/sdc", "destroydata": False},
    ]
    own = {**host(1), "gluster_devices": [], "heketi_devices": disks}
    assert problems(a=own) == ["a: heketi_devices: /dev/sdb: state is unknown"]


def test_a_retired_disk_is_closed_in_heketi_and_open_again_when_it_is_active():
    app = new_server()
    for state in (None, "retired", "retired", "active"):
        disks = [{"path": "/dev/sdb", **({"state": state} if state else {})}]
        desired = desired_topology({"clusters": heketi_clusters(["a"], {"a": {**host(1), "gluster_devices": disks}})})
        converge(TopologyOperation(client_of(app), desired, clock=app.clock))
        states = [device.state for device in app.state.devices.values()]
        assert states == [{"retired": "offline"}.get(state, "online")]
