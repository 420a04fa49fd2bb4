# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.brickwork.gluster.plugins.filter.planners import FilterModule

FILTERS = FilterModule().filters()
VOLUME_FACTS = {
    "name": "v",
    "volume_id": "i",
    "status": "Started",
    "replicas": 0,
    "arbiters": 0,
    "disperse": 0,
    "redundancy": 0,
    "options": {},
    "bricks": [{"host": "h", "path": "/s/b", "host_uuid": "u"}],
}


def step(kind, target, destroys=False):
    return {"kind": kind, "target": target, "command": "x", "destroys": destroys}


def test_an_error_of_the_engine_is_one_of_ansible():
    mount = {"volume": "v", "path": "/mnt", "source": "n1:/v", "options": "defaults"}
    with pytest.raises(AnsibleFilterError, match="/mnt has /dev/sdb .ext4. mounted, not volume v"):
        FILTERS["_plan_mounts"]([mount], "", "/dev/sdb /mnt ext4 rw 0 0")


def test_heketi_gets_its_topology_of_the_inventory():
    hosts = {"n1": {"gluster_address": "10.0.0.1", "gluster_zone": "rack7", "gluster_devices": [{"path": "/dev/sdb"}]}}
    [cluster] = FILTERS["heketi_clusters"](["n1"], hosts)
    assert cluster["nodes"][0]["zone"] == 7 and cluster["nodes"][0]["devices"][0]["name"] == "/dev/sdb"
    with pytest.raises(AnsibleFilterError, match="n1: gluster_address: it is missing"):
        FILTERS["heketi_clusters"](["n1"], {"n1": {}})


def test_lines_of_heketi_for_people():
    lines = FILTERS["_heketi_lines"]
    node = {"manage": ["n1"], "devices": [{"name": "/dev/sdb", "destroydata": True}]}
    assert lines(["start heketi"], None, [{"nodes": [node, {"manage": ["n2"], "devices": []}]}]) == [
        "start heketi",
        "n1: load node with DESTROYS DATA: /dev/sdb",
        "n2: load node with no disks",
    ]
    assert lines([], [step("add_node", "n1"), step("add_device", "n1 /dev/sdb", True)]) == [
        "n1: add node",
        "n1 /dev/sdb: DESTROYS DATA: add device",
    ]
    assert lines([], []) == ["nothing to do"]
    # A brick that is away was "nothing to do".
    assert lines([], [], [], ["n1: heketi's brick b is not mounted"]) == ["n1: heketi's brick b is not mounted"]


def test_versions_are_those_of_hosts_that_were_looked_at():
    hostvars = {
        "n1": {"gluster_server_seen": {"node": {"gluster": "10.3"}}, "gluster_server_version": 7.5},
        "n2": {},
        "c1": {"gluster_server_seen": {"node": {"gluster": "11.1"}}},
    }
    problems = FILTERS["_version_problems"](hostvars, ["n1", "n2"], ["n1", "c1"])
    assert [problem.split()[0] for problem in problems] == ["n1", "c1"]


@pytest.mark.parametrize(
    ("gluster", "refused"), [({"peers": 3}, True), ({"known_volumes": 1}, True), ({"peers": 1}, False)]
)
def test_a_folder_counts_for_those_that_serve(gluster, refused):
    look = {"node": {"gluster": "7.5"}, "gluster": gluster, "upgrade": {"offered": {"version": "7.9"}}}
    hostvars = {"n1": {"gluster_server_seen": look, "gluster_server_source": "rpm_folder"}}
    assert bool(FILTERS["_version_problems"](hostvars, ["n1"], [])) is refused


def test_a_folder_is_compared_with_the_packages_and_not_with_what_the_program_says():
    offered = {"installed": "7.5", "version": "7.5"}
    look = {"node": {"gluster": "10.3"}, "gluster": {"peers": 2}, "upgrade": {"offered": offered}}
    hostvars = {"n1": {"gluster_server_seen": look, "gluster_server_source": "rpm_folder"}}
    assert FILTERS["_version_problems"](hostvars, ["n1"], []) == []


def test_what_does_not_hold_of_servers():
    answer = {"running": False, "listening": False, "version": "10.3", "op_version": 0, "pool": {"peers": []}}
    hostvars = {"n1": {"gluster_server_answer": answer, "gluster_server_version": "10"}}
    assert FILTERS["_server_problems"](hostvars, ["n1"]) == [
        "n1: glusterd does not answer; see journalctl -u glusterd there"
    ]


def test_storage_is_planned_for_the_version_of_kubernetes():
    settings = {"resturl": "http://192.0.2.1:8080", "has_key": True, "secret_name": "s", "provisioner_namespace": "p"}
    hostvars = {"n1": {"gluster_address": "192.0.2.11"}}
    plan = FILTERS["_plan_storage"]([{"name": "a"}], [], "v1.20.2", settings, hostvars, ["n1"])
    assert plan["way"] == "heketi"
    assert FILTERS["_storage_secrets"](plan["secrets"], "k")[0]["data"] == {"key": "aw=="}
    found = [dict(plan["objects"][0], reclaimPolicy="Retain")]
    assert FILTERS["_storage_differences"](plan["objects"], found) == [
        "StorageClass a: reclaimPolicy is 'Retain' and not 'Delete'"
    ]
    plan = FILTERS["_plan_storage"]([{"name": "a"}], [], "v1.26.0", dict(settings, way="heketi"), hostvars, ["n1"])
    assert "heketi is not possible with Kubernetes v1.26.0" in plan["refusal"]
    plan = FILTERS["_plan_storage"]([{"name": "a"}], [], "1.20", settings, {"n1": {}}, ["n1"])
    assert plan["refusal"].startswith("n1: gluster_address: '' is no IP address")


def test_bricks_are_started_where_the_hosts_of_the_play_saw_them():
    pool = {"peers": [{"uuid": "u", "names": ["localhost"], "connected": True, "state": None, "state_text": ""}]}
    gluster = {
        "pool": pool,
        "volumes": [VOLUME_FACTS],
        "bricks": [{"volume": "v", "host": "h", "path": "/s/b", "online": False, "volume_started": True}],
    }
    mark = {"path": "/s/b", "volume_id": "i", "pristine": False}
    place = {"mount_is_empty": False, "directory_exists": True, "directory_is_pristine": False, "mark": mark}
    mounts = [{"source": "/dev/x", "target": "/s", "kind": "xfs", "uuid": "f"}]
    seen = {"host": "h", "machine_id": "", "devices": {}, "mounts": mounts, "places": {"/s/b": place}, "uuid": "u"}
    hostvars = {
        "h": {"gluster_volumes_disks": {"observed": seen}},
        "skipped": {"gluster_volumes_disks": {"skipped": 1}},
    }
    desired = [{"name": "v", "state": "started"}]
    assert FILTERS["_pending_volumes"](desired, gluster, hostvars, list(hostvars)) == [
        dict(desired[0], start_bricks=["h:/s/b"])
    ]
    assert FILTERS["_pending_volumes"](desired, gluster, hostvars, ["skipped"]) == []
    lost = {"h": {**hostvars["h"], "gluster_bricks": [{"path": "/s/b", "state": "lost"}]}}
    assert FILTERS["_pending_volumes"](desired, gluster, lost, ["h"]) == []
    look = {"disks": {"bricks": [{"path": "/s/b", "device": "/dev/sdb"}]}}
    lost = {"h": {**hostvars["h"], "gluster_server_seen": look, "gluster_devices": [{"path": "/dev/sdb"}]}}
    assert FILTERS["_pending_volumes"](desired, gluster, lost, ["h"]) != []
    lost["h"]["gluster_devices"][0]["state"] = "lost"
    assert FILTERS["_pending_volumes"](desired, gluster, lost, ["h"]) == []
