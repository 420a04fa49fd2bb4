# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action plan_upgrade: what the look told becomes machines, and the plan comes back."""

import pytest

from ansible_collections.brickwork.gluster.plugins.action.plan_upgrade import ActionModule

OFFERED = {"installed": "9.2-1", "version": "10.3-5", "versions": ["10.3-5", "9.2-1"], "names": [], "held": []}
MOUNTS = {"old_mounts": [], "missing_mounts": [], "own_names": []}


def seen(**more):
    gluster = {"uuid": "u", "maintenance": "", "op_version": 90000}
    return {"gluster": gluster, "upgrade": {"version": "9.2", "offered": OFFERED, **MOUNTS}, **more}


def plan(hostvars, **arguments):
    return ActionModule.compute(None, arguments, hostvars)


def test_servers_and_clients_are_made_of_what_was_seen():
    hostvars = {"n1": {"gluster_server_seen": seen()}, "c1": {"gluster_server_seen": seen(gluster=None)}, "c2": {}}
    made = plan(hostvars, servers=["n1"], clients=["c1", "c2"], pool={"volumes": []})
    assert (made["then"], made["clients"], made["refusals"]) == (["n1"], ["c1"], [])
    assert made["goals"] == {"n1": "10.3-5", "c1": "10.3-5"}


def test_a_client_with_a_volume_that_is_not_mounted_has_its_turn():
    upgrade = {"version": "10.3", "offered": None, **MOUNTS, "missing_mounts": ["/mnt/a"]}
    made = plan({"c1": {"gluster_server_seen": seen(upgrade=upgrade)}}, clients=["c1"])
    assert made["clients"] == ["c1"]
    assert made["lines"] == ["client c1: /mnt/a of /etc/fstab is not mounted; mount it first"]


@pytest.mark.parametrize(
    ("look", "words"),
    [
        ({"unreachable": True}, "n1 does not answer"),
        ({"lost": True}, "n1 is lost (gluster_state)"),
        ({"failed": True, "msg": "path: no folder\nmore"}, "n1 could not be looked at: path: no folder; bring it back"),
        (None, "n1 was not looked at"),
    ],
)
def test_a_server_of_which_nothing_is_known_is_a_reason(look, words):
    assert words in plan({"n1": {"gluster_server_seen": look} if look else {}}, servers=["n1"])["refusals"][0]


def test_what_a_repository_has_is_not_known_before_it_is_written():
    write = seen(software=[{"kind": "write", "target": "/etc/apt/sources.list.d/x.list"}])
    variables = {
        "gluster_server_source": "repository",
        "gluster_server_repository_url": "http://m/",
        "gluster_server_seen": write,
    }
    made = plan({"n1": {**variables, "gluster_server_version": "11"}}, servers=["n1"])
    assert made["then"] == ["n1"] and made["refusals"] == [] and made["goals"] == {"n1": "11"}
    known = {**variables, "gluster_server_seen": seen(software=[]), "gluster_server_version": "10"}
    assert plan({"n1": known}, servers=["n1"])["goals"] == {"n1": "10.3-5"}


def test_tasks_and_a_folder_that_does_not_go_back():
    hostvars = {
        "n1": {
            "gluster_server_version": "10",
            "gluster_server_seen": seen(upgrade={"version": "9.2", "offered": None, **MOUNTS}),
        }
    }
    assert plan(hostvars, servers=["n1"], with_tasks=["n1"])["then"] == ["n1"]
    older = seen(upgrade={"version": "10.3", "offered": {**OFFERED, "installed": "10.3", "version": "9.2"}, **MOUNTS})
    folder = {"gluster_server_source": "rpm_folder", "gluster_server_seen": older}
    assert "gluster_server_rpm_allow_downgrade" in plan({"n1": folder}, servers=["n1"])["refusals"][0]
    allowed = {**folder, "gluster_server_rpm_allow_downgrade": True}
    assert plan({"n1": allowed}, servers=["n1"])["refusals"] == []


def test_clients_are_told_by_their_names_whatever_address_they_come_from():
    shape = {"replicas": 3, "arbiters": 0, "disperse": 0, "redundancy": 0}
    volume = {"name": "v", "volume_id": "i", "status": "Started", **shape, "bricks": [], "options": {}}
    own = {"version": "9.2", "offered": OFFERED, **MOUNTS, "own_names": ["client", "10.0.0.8"]}
    hostvars = {
        "n1": {"gluster_server_seen": seen(), "gluster_address": "10.0.0.1"},
        "c1": {"gluster_server_seen": seen(upgrade=own)},
    }
    pool = {"volumes": [volume], "clients": {"v": ["10.0.0.1", "10.0.0.8", "10.0.0.9"]}}
    made = plan(hostvars, servers=["n1"], clients=["c1"], pool=pool, offline=True)
    assert "volume v: stopped meanwhile; connected clients: 10.0.0.9, c1" in made["lines"]


def test_a_brick_with_old_files_is_read_from_the_look():
    shape = {"replicas": 1, "arbiters": 0, "disperse": 0, "redundancy": 0}
    brick = {"host": "n1", "path": "/b/v/brick", "host_uuid": "u", "arbiter": False}
    volume = {"name": "v", "volume_id": "i", "status": "Started", **shape, "bricks": [brick], "options": {}}
    disks = {"bricks": [{"path": "/b/v/brick", "mounted_instead": "/dev/mapper/g-0_0"}, {"path": "/b/w/brick"}]}
    hostvars = {"n1": {"gluster_server_seen": seen(disks=disks)}}
    [refusal] = plan(hostvars, servers=["n1"], pool={"volumes": [volume]}, accept_downtime=["v"])["refusals"]
    assert refusal.startswith("volume v: brick n1:/b/v/brick on n1 serves old files: its snapshot /dev/mapper/g-0_0 is")
