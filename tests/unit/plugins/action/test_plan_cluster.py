# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan as a task: a refusal is its failure message, and clients are planned with the cluster."""

from unittest import mock

import pytest

from ansible_collections.brickwork.gluster.plugins.action.plan_cluster import ActionModule
from ansible_collections.brickwork.gluster.plugins.module_utils.facts import to_facts
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.records import Device, ObservedHost
from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import GIB

DISK = {"path": "/dev/sdb", "size": 9 * GIB, "free": 8 * GIB, "group": "", "reason": ""}
UNIT = "/etc/systemd/system/brickwork-mounts.service"
PEER = {"uuid": "u2", "names": ["10.0.0.2"], "connected": False, "state": 3, "state_text": "Peer in Cluster"}
VOLUME = {"name": "v", "type": "distribute", "size": "1GiB", "clients": [{"path": "/mnt/v"}]}


def look(**more):
    observed = ObservedHost("n1", "m", {"/dev/sdb": Device("/dev/sdb", "/dev/sdb", 9 * GIB)})
    gluster = {
        "installed": True,
        "running": False,
        "uuid": "",
        "peers": 0,
        "unwell": [],
        "known_volumes": 0,
        "volumes": {},
    }
    gluster.update(listening=True, version="10.3", op_version=100000)
    disks = {"devices": [DISK], "bricks": [], "observed": to_facts(observed)}
    return dict({"gluster": gluster, "disks": disks, "missing_packages": []}, **more)


def run(facts, others=None, **args):
    node = {"gluster_address": "10.0.0.1", "gluster_devices": ["/dev/sdb"], **facts}
    files = {"/etc/fstab": "", "/proc/mounts": "", UNIT: ""}
    client = {"gluster_server_seen": {"files": files, "missing_packages": []}}
    given = dict({"hosts": ["n1"], "clients": ["c1"]}, **args)
    task = mock.Mock(args=given, async_val=0, environment=None, delay=0)
    action = ActionModule(task, mock.Mock(), mock.Mock(check_mode=False), None, None, None)
    return action.run(None, {"hostvars": dict({"n1": node, "c1": client}, **(others or {}))})


def test_a_node_that_was_not_looked_at_is_named():
    answer = run({})
    assert answer["failed"]
    assert answer["msg"].startswith("gluster_servers: n1 was not looked at; leave no storage node out by --limit")


def test_machines_that_do_not_answer_are_named_and_keep_nobody_from_the_rest():
    away = {"unreachable": True, "msg": "no route to host"}
    node = {"gluster_address": "10.0.0.2", "gluster_server_seen": away}
    seen = look()
    seen["gluster"].update(running=True, uuid="u1", peers=2, unwell=[PEER], volumes={"w": "1"})
    peers = [
        {"uuid": "u1", "names": ["localhost"], "connected": True, "state": None, "state_text": ""},
        PEER,
    ]
    volume = dict.fromkeys(("replicas", "arbiters", "disperse", "redundancy"), 0)
    volume.update(name="w", volume_id="1", status="Started", bricks=[], options={})
    pool = {"pool": {"peers": peers, "own_names": ["10.0.0.1"]}, "volumes": [volume]}
    hosts = {"n2": node, "c1": {"gluster_server_seen": away}}
    answer = run({"gluster_server_seen": seen}, hosts, hosts=["n1", "n2"], volumes=[], pool=pool)
    assert answer["broken"] == [
        "n2 did not answer: what is on it stays as it is; bring it back",
        "c1 did not answer: its mounts stay as they are; bring it back",
    ]
    assert answer["clients"] == {} and not answer["pool_due"]


def test_what_is_wrong_in_the_inventory_is_the_failure():
    answer = run({"gluster_server_seen": look()}, volumes=[{"name": "v"}])
    assert answer["failed"] and answer["msg"].startswith("gluster_volumes: v: type is missing; write ")


def test_all_of_the_cluster_is_planned_clients_too():
    answer = run({"gluster_server_seen": look()}, volumes=[VOLUME], client_unit="[Unit]")
    assert "failed" not in answer and answer["needs_change"] and not answer["changed"]
    assert answer["servers"] == ["start glusterd on n1"] and answer["servers_due"]
    assert [mount["path"] for mount in answer["clients"]["c1"]["pending"]] == ["/mnt/v"]
    assert answer["clients"]["c1"]["unit_pending"]
    assert "c1: mount v at /mnt/v from 10.0.0.1:/v" in answer["lines"]


@pytest.mark.parametrize(
    ("more", "due"), [({}, True), ({"missing_packages": ["attr"]}, True), ({"missing_packages": None}, True)]
)
def test_the_role_runs_where_a_node_is_not_set_up(more, due):
    seen = look(**more)
    answer = run({"gluster_server_seen": seen}, volumes=[])
    assert answer["servers_due"] is due


def test_a_node_that_is_set_up_needs_no_role():
    seen = look()
    seen["gluster"].update(running=True, uuid="u1", peers=1)
    local = {"uuid": "u1", "names": ["localhost"], "connected": True, "state": None, "state_text": ""}
    pool = {"pool": {"peers": [local], "own_names": []}, "volumes": []}
    answer = run({"gluster_server_seen": seen}, volumes=[], pool=pool)
    assert not answer["servers_due"] and not answer["pool_due"]
    deaf = look()
    deaf["gluster"].update(running=True, uuid="u1", peers=1, listening=False)
    assert run({"gluster_server_seen": deaf}, volumes=[], pool=pool)["servers_due"]
    lonely = look()
    lonely["gluster"].update(running=True, uuid="u1", peers=2, unwell=[PEER])
    assert run({"gluster_server_seen": lonely}, volumes=[], pool=pool)["pool_due"]
    steps = [{"kind": "restart", "target": "glusterd", "command": "x", "destroys": False}]
    answer = run({"gluster_server_seen": dict(seen, daemon=steps)}, volumes=[], pool=pool)
    assert answer["servers_due"] and answer["server_steps"]["n1"] == steps


SOFTWARE = [{"kind": "install", "target": "glusterfs-server 7.5", "command": "from /srv/rpms", "destroys": False}]


def test_what_a_folder_of_rpms_would_change_is_planned_on_servers_and_clients():
    seen = look(software=SOFTWARE)
    seen["gluster"].update(running=True, uuid="u1", peers=1)
    client = {"files": {"/etc/fstab": "", "/proc/mounts": "", UNIT: ""}, "missing_packages": [], "software": SOFTWARE}
    answer = run({"gluster_server_seen": seen}, {"c1": {"gluster_server_seen": client}}, volumes=[])
    assert answer["servers_due"] and answer["servers"] == ["n1: install glusterfs-server 7.5 from /srv/rpms"]
    assert "c1: install glusterfs-server 7.5 from /srv/rpms" in answer["lines"] and answer["needs_change"]


def test_what_is_to_be_installed_on_machines_of_kubernetes_alone_is_planned():
    seen = look()
    seen["gluster"].update(running=True, uuid="u1", peers=1)
    others = {
        "k1": {"gluster_server_seen": {"files": {}, "missing_packages": [], "software": SOFTWARE}},
        "k2": {"gluster_server_seen": {"files": {}, "missing_packages": ["glusterfs-client"]}},
        "k3": {"gluster_server_seen": {"files": {}, "missing_packages": []}},
    }
    answer = run({"gluster_server_seen": seen}, others, volumes=[], kubernetes=["k1", "k2", "k3"])
    assert answer["needs_change"] and answer["lines"][-2:] == [
        "k1: install glusterfs-server 7.5 from /srv/rpms",
        "k2: install glusterfs-client",
    ]


DUE = {"due": "it ends on 2027-02-01", "steps": [], "encrypts": True, "refusal": ""}


def test_certificates_are_planned_on_servers_and_clients():
    seen = look(certificate=DUE)
    seen["gluster"].update(running=True, uuid="u1", peers=1)
    files = {"/etc/fstab": "", "/proc/mounts": "", UNIT: ""}
    client = {"gluster_server_seen": {"files": files, "missing_packages": [], "certificate": dict(DUE, encrypts=False)}}
    both = {
        "gluster_server_seen": dict(seen, files=files),
        "gluster_address": "10.0.0.1",
        "gluster_devices": ["/dev/sdb"],
    }
    volumes = [dict(VOLUME, name="v")]
    answer = run({"gluster_server_seen": seen}, {"n1": both, "c1": client}, clients=["c1", "n1"], volumes=volumes)
    assert answer["servers_due"] and answer["needs_change"]
    assert answer["certificates"] == ["n1: sign a certificate (it ends on 2027-02-01)"]
    assert answer["clients"]["n1"]["certificate"] == []
    assert answer["clients"]["c1"]["certificate"] == [
        "c1: sign a certificate (it ends on 2027-02-01)",
        "c1: turn on encryption",
    ]


def test_a_client_that_lacks_only_its_certificate_is_due():
    mounts = "10.0.0.1:/v /mnt/v fuse.glusterfs rw 0 0\n"
    fstab = "10.0.0.1:/v /mnt/v glusterfs defaults,_netdev 0 0\n"
    files = {"/etc/fstab": fstab, "/proc/mounts": mounts, UNIT: "[Unit]"}

    def client(**more):
        answer = {"files": files, "missing_packages": [], **more}
        others = {"c1": {"gluster_server_seen": answer}}
        return run({"gluster_server_seen": look()}, others, volumes=[VOLUME], client_unit="[Unit]")["clients"]["c1"]

    assert not client()["is_due"]
    assert client(certificate=DUE)["is_due"]


def test_what_a_certificate_can_not_be_is_refused_before_anything_changes():
    refused = {"due": "", "steps": [], "encrypts": False, "refusal": "certificate: found one that is not for it"}
    seen = look(certificate=refused)
    answer = run({"gluster_server_seen": seen}, volumes=[])
    assert answer["msg"] == "n1: certificate: found one that is not for it"
    for missing in (["openssl"], None):
        assert "failed" not in run({"gluster_server_seen": dict(seen, missing_packages=missing)}, volumes=[])


def test_answers_of_another_version_are_one_clear_failure():
    from ansible.errors import AnsibleActionFail

    with pytest.raises(AnsibleActionFail, match="look at the nodes with the same version of this collection"):
        run({"gluster_server_seen": look(disks={"devices": [DISK]})})


def test_only_a_volume_that_is_about_to_shrink_may_have_more_sets_than_the_inventory_says():
    seen = look()
    seen["gluster"].update(running=True, uuid="u1", peers=1, volumes={"v": "1"})
    peers = [{"uuid": "u1", "names": ["localhost"], "connected": True, "state": None, "state_text": ""}]
    bricks = [{"host": "10.0.0.1", "path": f"/srv/gluster/v-{number}/brick", "host_uuid": "u1"} for number in (1, 2)]
    volume = dict.fromkeys(("replicas", "arbiters", "disperse", "redundancy"), 0)
    volume.update(name="v", volume_id="1", status="Started", bricks=bricks, options={})
    pool = {"pool": {"peers": peers, "own_names": ["10.0.0.1"]}, "volumes": [volume]}
    given = {"volumes": [dict(VOLUME, sets=1)], "pool": pool}
    answer = run({"gluster_server_seen": seen}, **given)
    assert answer["failed"] and "the playbook shrink takes sets out of a volume" in answer["msg"]
    assert run({"gluster_server_seen": seen}, shrinking=["w"], **given)["failed"]
    answer = run({"gluster_server_seen": seen}, shrinking=["v"], **given)
    assert "failed" not in answer and [len(one["bricks"]) for one in answer["volumes"]] == [2]
