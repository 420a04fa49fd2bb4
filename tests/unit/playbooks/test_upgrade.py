# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook upgrade, with programs in the place of the modules: who is stopped, in which order, and who is not."""

import json

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.facts import to_facts
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.records import (
    LogicalVolume,
    ObservedHost,
    PhysicalVolume,
)
from ansible_collections.brickwork.gluster.tests.fakes.standins import StandIns

SERVERS = {f"n{number}": {"gluster_address": f"10.0.0.{number}", "gluster_devices": []} for number in (1, 2, 3)}
INVENTORY = {"gluster_servers": {"hosts": SERVERS}, "gluster_clients": {"hosts": {"c1": {}}}}
#: Which machine is looked at, its folder of RPMs tells the stand-in.
FOLDER = {
    "gluster_server_source": "rpm_folder",
    "gluster_server_rpm_folder": "/srv/{{ inventory_hostname }}",
    "gluster_server_rpm_folder_on_node": True,
}
GLUSTER = {
    "running": True, "maintenance": "", "version": "10.3", "uuid": "", "peers": 3, "known_volumes": 1,
    "op_version": 90000,
}  # fmt: skip
#: What is seen of the disks of a node that has no bricks.
DISKS = {"devices": [], "bricks": [], "observed": to_facts(ObservedHost("n", "", {}))}
UUIDS = {f"n{number}": {"uuid": f"u{number}"} for number in (1, 2, 3)}
PEERS = [
    {"uuid": f"u{number}", "names": [f"n{number}"], "connected": True, "state": 3, "state_text": "Peer in Cluster"}
    for number in (1, 2, 3)
]
POOL = {
    "running": True, "pool": {"peers": PEERS, "own_names": []},
    "volumes": [], "bricks": [], "tasks": [], "heal": [], "unread": [], "changed": False,
}  # fmt: skip
DISPERSED = {
    "name": "v", "volume_id": "i", "status": "Started", "replicas": 0, "arbiters": 0, "disperse": 3, "redundancy": 1,
    "bricks": [], "options": {},
}  # fmt: skip
OURS = "2026-11-28 10:40 UTC (brickwork playbook upgrade)"
RAISED = {"changed": True, "op_version": 100000, "highest": 100000, "older_clients": [], "steps": []}


class Cluster(StandIns):
    """Machines that have 9.2, and 10.3 from the moment on in which it was installed there.

    From the look with the number newer_from on, there is 10.4 for them.
    """

    def __init__(self, folder, newer_from=99, **machines):
        super().__init__(folder, ("gluster_inventory", "gluster_node_info", "plan_upgrade"))
        self.machines = machines
        log = str(folder / "log")
        self.module(
            "gluster_node_info",
            f"""(lambda who, has, there: dict(
                looked=True, changed=False, files={{}}, software=[], missing_packages=[],
                said=dict(python="3.11.2 /usr/bin/python3", gluster="9.2"),
                disks={machines.get("disks", DISKS)!r},
                gluster=dict({GLUSTER!r}, **dict({UUIDS!r}.get(who, {{}}), **{machines!r}.get(who, {{}}))),
                upgrade=dict(
                    version=has, missing_mounts={machines!r}.get(who, {{}}).get("missing", []), own_names=[],
                    old_mounts=["/mnt/shared"] if who == "c1" and has == "10.3" else [],
                    offered=dict(installed=has, version=there, versions=[there], names=[], held=[]),
                ),
            ))(*(lambda who, log: (
                who,
                "10.3" if who in {list(machines.get("new", ()))!r} or any(
                    json.loads(line)[0] == "rpm_folder" and json.loads(line)[2]["path"] == "/srv/" + who
                    for line in open(log)
                ) else "9.2",
                "10.4" if sum('"offers"' in line for line in open(log)) >= {newer_from} else "10.3",
            ))(((arguments.get("rpm_folder") or {{}}).get("path") or "").rpartition("/")[2], {log!r}))""",
        )
        self.module("gluster_info", repr(POOL))
        self.module("gluster_op_version", repr(RAISED))
        self.module("gluster_node", "dict(changed=True, maintenance='')")
        self.module("gluster_heal", "dict(changed=False, healed=True, volumes=[])")
        self.module("rpm_folder", "dict(changed=True)")
        self.module("gluster_remount", "dict(changed=True, kept=[])")
        self.module("gluster_snapshot", "dict(changed=True, snapshots={})")
        self.module("gluster_pause", "dict(changed=True, paused=[])")

    def upgrade(self, *words, inventory=None, **given):
        asked = ["-e", json.dumps({**FOLDER, **given})]
        return self.run("brickwork.gluster.upgrade", inventory or INVENTORY, *asked, *words)

    @property
    def done(self):
        """What was called to change something, in order, with the machine where that is told."""
        found = []
        for name, _host, arguments in self.calls():
            if name == "rpm_folder":
                found.append(arguments["path"].rpartition("/")[2])
            elif name in ("gluster_node", "gluster_heal", "gluster_remount", "gluster_snapshot", "gluster_pause"):
                word = arguments.get("state") or name.rpartition("_")[2]
                found.append(f"{word}?" if arguments.get("_ansible_check_mode") else word)
            elif name == "gluster_op_version" and not arguments.get("_ansible_check_mode"):
                found.append("op_version")
        return found


def turn(name):
    return ["maintenance", name, "active", "heal"]


def test_servers_follow_each_other_then_clients_then_the_op_version(tmp_path):
    cluster = Cluster(tmp_path)
    said, code = cluster.upgrade()
    assert code == 0, said
    assert cluster.done == [*turn("n1"), *turn("n2"), *turn("n3"), "c1", "remount", "op_version"]
    assert "n1: GlusterFS 9.2 -> 10.3, out of service meanwhile" in said


def test_check_mode_shows_and_changes_nothing(tmp_path):
    cluster = Cluster(tmp_path)
    said, code = cluster.upgrade("--check")
    assert code == 0 and cluster.done == [], said
    assert "n3: GlusterFS 9.2 -> 10.3, out of service meanwhile" in said and "client c1: GlusterFS 9.2 -> 10.3" in said


def test_where_all_have_the_version_nobody_is_stopped(tmp_path):
    cluster = Cluster(tmp_path, new=("n1", "n2", "n3", "c1"))
    cluster.module("gluster_op_version", repr(dict(RAISED, changed=False)))
    cluster.module("gluster_remount", "dict(changed=False, kept=[])")
    said, code = cluster.upgrade()
    assert code == 0, said
    # The client has a mount that an older program serves.
    assert cluster.done == ["remount", "op_version"] and said.count("changed=0") == said.count("ok="), said


def test_a_cut_run_goes_on_with_the_node_that_it_left_out_of_service_and_makes_no_snapshot_again(tmp_path):
    resting = {"running": False, "maintenance": OURS, "uuid": "u2"}
    cluster = Cluster(tmp_path, n2=resting, new=("n1",))
    said, code = cluster.upgrade(gluster_upgrade_snapshots=["shared"])
    assert code == 0, said
    assert cluster.done[:8] == [*turn("n2"), *turn("n3")] and cluster.calls("gluster_snapshot") == [], said


def test_a_node_that_was_left_with_its_packages_installed_serves_again(tmp_path):
    resting = {"running": False, "maintenance": OURS, "uuid": "u2"}
    cluster = Cluster(tmp_path, n2=resting, new=("n1", "n2", "n3", "c1"))
    said, code = cluster.upgrade()
    assert code == 0, said
    assert cluster.done[:3] == ["maintenance", "active", "heal"] and "rpm_folder" not in str(
        cluster.calls("rpm_folder")
    )


def test_a_pool_of_one_node_is_asked_when_it_serves_again(tmp_path):
    resting = {"running": False, "maintenance": OURS, "peers": 0, "known_volumes": 0}
    cluster = Cluster(tmp_path, n1=resting)
    one = {"gluster_servers": {"hosts": {"n1": SERVERS["n1"]}}}
    said, code = cluster.run("brickwork.gluster.upgrade", one, "-e", json.dumps(FOLDER))
    assert code == 0 and cluster.done == [*turn("n1"), "op_version"] and cluster.calls("gluster_info") == [], said


def test_the_first_node_that_does_not_heal_is_the_last(tmp_path):
    cluster = Cluster(tmp_path)
    cluster.module("gluster_heal", "dict(failed=True, msg='volumes: nothing got less')")
    said, code = cluster.upgrade()
    assert code == 2 and cluster.done == turn("n1"), said


def test_a_node_that_does_not_get_the_version_is_the_last(tmp_path):
    cluster = Cluster(tmp_path)
    cluster.module("rpm_folder", "dict(changed=False) if arguments.update(path='elsewhere') is None else {}")
    log = tmp_path / "log"
    cluster.module("rpm_folder", f"(open({str(log)!r}, 'w').write(''), dict(changed=False))[1]")
    said, code = cluster.upgrade()
    assert code == 2 and "n1 serves and has found" in said and "GlusterFS 9.2 -> 10.3" in said, said


def test_what_is_seen_of_the_pool_is_said_before_the_first_change(tmp_path):
    cluster = Cluster(tmp_path, n3={"maintenance": "2026-11-28 (bad memory)", "running": True})
    told = {
        "tasks": [{"volume": "v", "kind": "Rebalance", "status": "in progress", "bricks": []}],
        "heal": [{"volume": "v", "brick": "h:/b", "connected": True, "pending": 0, "split_brain": 2}],
        "volumes": [DISPERSED],
    }
    cluster.module("gluster_info", repr({**POOL, **told}))
    said, code = cluster.upgrade()
    assert code == 2 and cluster.done == [], said
    for found in (
        "a task is under way",
        "2 entries of h:/b are in split-brain",
        "no upgrade of dispersed volumes while they are in use (volumes v)",
        "n3 is in maintenance since 2026-11-28 (bad memory)",
    ):
        assert found in said, said


def test_a_glusterd_that_stops_before_it_is_asked_is_no_pool_in_order(tmp_path):
    cluster = Cluster(tmp_path)
    cluster.module("gluster_info", repr({**POOL, "running": False}))
    said, code = cluster.upgrade()
    assert code == 2 and cluster.done == [] and "n1: found glusterd not running, which ran a moment ago" in said, said


def test_a_limit_without_storage_nodes_is_refused(tmp_path):
    cluster = Cluster(tmp_path)
    said, code = cluster.upgrade("--limit", "c1")
    assert code == 2 and cluster.done == [] and "--limit leaves out storage nodes" in said, said


def test_what_waits_for_healing_is_waited_for_first_and_op_version_and_mounts_stay_where_the_user_says_so(tmp_path):
    cluster = Cluster(tmp_path)
    count = {"volume": "v", "brick": "h:/b", "connected": True, "pending": 4, "split_brain": 0}
    cluster.module("gluster_info", repr({**POOL, "heal": [count], "volumes": [DISPERSED]}))
    stays = {"gluster_upgrade_op_version": False, "gluster_upgrade_remount": False}
    said, code = cluster.upgrade(gluster_accept_downtime=["v"], **stays)
    assert code == 0 and cluster.done[:5] == ["heal", *turn("n1")], said
    assert "volume v: 4 entries wait for healing first" in said
    assert cluster.done[-1] == "c1" and "op-version stays as it is" in said


def test_tasks_of_the_user_take_the_place_of_the_packages(tmp_path):
    cluster = Cluster(tmp_path, new=())
    (tmp_path / "own.yml").write_text(
        json.dumps(
            [
                {"name": "Upgrade", "ansible.builtin.debug": {"msg": "own tasks on {{ inventory_hostname }}"}},
                {"name": "Pretend", "brickwork.gluster.rpm_folder": {"path": "/srv/{{ inventory_hostname }}"}},
            ]
        )
    )
    said, code = cluster.upgrade(gluster_upgrade_tasks="own.yml", gluster_server_version="10")
    assert code == 0, said
    assert [name for name in ("n1", "n2", "n3", "c1") if f"own tasks on {name}" in said] == ["n1", "n2", "n3"]
    assert cluster.done[:12] == [*turn("n1"), *turn("n2"), *turn("n3")]


def test_tasks_without_a_version_or_without_their_file_are_refused(tmp_path):
    cluster = Cluster(tmp_path)
    (tmp_path / "own.yml").write_text("[]")
    said, code = cluster.upgrade(gluster_upgrade_tasks="own.yml")
    assert code == 2 and cluster.done == [] and "gluster_server_version is not" in said, said
    said, code = cluster.upgrade(gluster_upgrade_tasks="none.yml")
    assert code == 2 and cluster.done == [] and "found no file none.yml; write the path" in said, said


def test_snapshots_are_made_before_the_first_node_is_stopped_and_who_keeps_the_older_version_is_named(tmp_path):
    cluster = Cluster(tmp_path)
    old = {"address": "10.0.0.9", "op_version": 90000}
    cluster.module("gluster_op_version", repr(dict(RAISED, changed=False, older_clients=[old])))
    kept = [{"path": "/mnt/shared", "reason": "in use by rsync (7)"}]
    cluster.module("gluster_remount", f"dict(changed=False, kept={kept!r})")
    said, code = cluster.upgrade(gluster_upgrade_snapshots=["shared"])
    assert code == 0 and cluster.done[:2] == ["snapshot", "maintenance"], said
    [(_host, given)] = cluster.calls("gluster_snapshot")
    assert (given["volumes"], given["label"]) == (["shared"], "before-10.3")
    assert "client c1 mounts /mnt/shared with the older version until that is mounted anew: in use by rsync (7)" in said
    assert "the client 10.0.0.9 does not support the op-version 100000; upgrade it" in said


def test_a_machine_that_is_server_and_client_is_stopped_once_and_mounts_anew(tmp_path):
    cluster = Cluster(tmp_path)
    both = {"gluster_servers": {"hosts": {"n1": SERVERS["n1"]}}, "gluster_clients": {"hosts": {"n1": {}}}}
    said, code = cluster.run("brickwork.gluster.upgrade", both, "-e", json.dumps(FOLDER))
    assert code == 0, said
    assert cluster.done == [*turn("n1"), "remount", "op_version"]


def test_a_machine_that_is_server_and_client_gets_its_packages_only_out_of_service(tmp_path):
    # In the client's turn, the source has a newer version than in the node's own.
    cluster = Cluster(tmp_path, newer_from=4)
    both = {"gluster_servers": {"hosts": {"n1": SERVERS["n1"]}}, "gluster_clients": {"hosts": {"n1": {}}}}
    said, code = cluster.run("brickwork.gluster.upgrade", both, "-e", json.dumps(FOLDER))
    assert code == 0, said
    assert cluster.done == [*turn("n1"), "remount", "op_version"], said


def test_where_one_can_not_be_made_nothing_is_stopped(tmp_path):
    cluster = Cluster(tmp_path)
    cluster.module("gluster_snapshot", "dict(failed=True, msg='supported only for thin provisioned LV')")
    said, code = cluster.upgrade(gluster_upgrade_snapshots=["shared"])
    assert code == 2 and "supported only for thin" in said and cluster.done == ["snapshot"]


# ---- all nodes at once


NFS = {**DISPERSED, "disperse": 0, "redundancy": 0, "replicas": 3}
PAUSED = {**NFS, "status": "Stopped", "options": {"user.brickwork-upgrade": "started"}}
OFFLINE = {"gluster_upgrade_offline": True, "gluster_accept_downtime": ["v"]}
RESTS = {"running": False, "maintenance": "2026-11-28 10:40 UTC (brickwork playbook upgrade offline)"}
SERVES = [*["active"] * 3, "resumed", *["mounted"] * 3]


def alike(done):
    """The packages of machines side by side come in any order."""
    return [("packages" if name in ("n1", "n2", "n3") else name) for name in done]


def test_all_nodes_are_stopped_upgraded_and_started_at_once(tmp_path):
    cluster = Cluster(tmp_path)
    cluster.module("gluster_info", repr({**POOL, "volumes": [NFS], "clients": {"v": ["10.0.0.1", "10.0.0.9"]}}))
    said, code = cluster.upgrade(**OFFLINE)
    assert code == 0, said
    stopped = [*["unmounted?"] * 4, "paused?", *["unmounted"] * 4, "paused", *["maintenance"] * 3]
    after = ["c1", "mounted", "remount", "heal", "op_version"]
    assert list(alike(cluster.done)) == [*stopped, *["packages"] * 3, *SERVES, *after], said
    assert "volume v: stopped meanwhile; connected clients: 10.0.0.9" in said
    assert all(given["whole_pool"] for _host, given in cluster.calls("gluster_node"))


def unmounted():
    """A brick that a boot has not mounted, as the look tells of it."""
    seen = ObservedHost(
        "n",
        "",
        {},
        physicals=(PhysicalVolume("/dev/sdb", "pv", "brickwork_sdb", ("brickwork",), 0),),
        logicals=(LogicalVolume("brick_v-1", "brickwork_sdb", 1),),
        fstab="/dev/brickwork_sdb/brick_v-1 /srv/gluster/v-1 xfs noatime,x-brickwork.brick 0 0\n",
    )
    brick = {"name": "v-1", "path": "/srv/gluster/v-1/brick", "mounted": False, "mounted_instead": ""}
    return {"devices": [], "bricks": [brick], "observed": to_facts(seen)}


def test_before_the_pool_is_started_all_are_looked_at_once_more_and_a_run_again_goes_on(tmp_path):
    """The boots between have not mounted a brick."""
    cluster = Cluster(tmp_path, disks=unmounted())
    said, code = cluster.upgrade(**OFFLINE)
    assert code == 2 and "active" not in cluster.done and "resumed" not in cluster.done, said
    assert "n2: brick v-1 is not in its place: nothing is mounted at /srv/gluster/v-1; a boot may take a minute" in said
    asked = [given for _host, given in cluster.calls("gluster_node_info") if "bricks" in given]
    assert sum("upgrade" not in given for given in asked) == 3, "one look a node"
    again = tmp_path / "again"
    again.mkdir()
    resting = {name: {**RESTS, **UUIDS[name]} for name in SERVERS}
    cluster = Cluster(again, new=("n1", "n2", "n3"), **resting)
    said, code = cluster.upgrade(**OFFLINE)
    assert code == 0 and cluster.done[:10] == [*["maintenance"] * 3, *SERVES], said


def test_a_volume_that_is_not_named_is_refused_with_its_clients(tmp_path):
    cluster = Cluster(tmp_path)
    cluster.module("gluster_info", repr({**POOL, "volumes": [NFS], "clients": {"v": ["10.0.0.9"]}}))
    said, code = cluster.upgrade(gluster_upgrade_offline=True)
    assert code == 2 and cluster.done == [], said
    assert "volume v is started, and would be stopped" in said and "connected clients: 10.0.0.9" in said


@pytest.mark.parametrize(
    ("module", "before"), [("gluster_remount", ["unmounted?"] * 4), ("gluster_pause", ["paused?"])]
)
def test_nothing_is_unmounted_or_stopped_where_a_mount_is_in_use_or_a_volume_is_busy(tmp_path, module, before):
    cluster = Cluster(tmp_path)
    cluster.module(module, "dict(failed=True, msg='in use by rsync (7)')")
    said, code = cluster.upgrade(**OFFLINE)
    assert code == 2 and "in use by rsync (7)" in said, said
    assert set(cluster.done) <= {"unmounted?", "paused?"} and cluster.done[-len(before) :] == before


def test_a_node_whose_packages_fail_ends_it_with_all_nodes_out_of_service(tmp_path):
    cluster = Cluster(tmp_path)
    cluster.module("rpm_folder", "dict(failed=arguments['path'].endswith('n2'), msg='no room', changed=True)")
    said, code = cluster.upgrade(**OFFLINE)
    assert code == 2 and "active" not in cluster.done and "resumed" not in cluster.done, said
    assert sorted(cluster.done[-3:]) == ["n1", "n2", "n3"]


def test_a_run_that_was_cut_while_all_are_stopped_goes_on(tmp_path):
    cluster = Cluster(tmp_path, n1=RESTS, n2=RESTS, n3=RESTS, new=("n1",))
    said, code = cluster.upgrade(**OFFLINE)
    assert code == 0, said
    assert cluster.calls("gluster_info") == [] and "paused" not in cluster.done
    assert alike(cluster.done)[-13:] == ["packages", *SERVES, "c1", "mounted", "remount", "heal", "op_version"], said


def test_a_run_that_was_cut_when_all_had_their_packages_starts_them(tmp_path):
    cluster = Cluster(tmp_path, n2={**RESTS, "uuid": "u2"}, new=("n1", "n2", "n3", "c1"))
    cluster.module("gluster_info", repr({**POOL, "volumes": [PAUSED]}))
    said, code = cluster.upgrade(**OFFLINE)
    assert code == 0, said
    assert cluster.done == ["maintenance", *SERVES, "mounted", "remount", "heal", "op_version"], said


def test_without_the_variable_it_is_not_gone_on_with_and_nothing_else_is_begun(tmp_path):
    cluster = Cluster(tmp_path, n2={**RESTS, "uuid": "u2"})
    cluster.module("gluster_info", repr({**POOL, "volumes": [PAUSED]}))
    said, code = cluster.upgrade()
    assert code == 2 and cluster.done == [], said
    assert (
        "volume v was stopped by an offline upgrade that did not end" in said and "n2 is out of service since" in said
    )


def test_check_mode_of_all_nodes_at_once_changes_nothing(tmp_path):
    cluster = Cluster(tmp_path)
    said, code = cluster.upgrade("--check", **OFFLINE)
    assert code == 0 and cluster.done == [], said
    assert "all storage nodes are stopped, upgraded and started together" in said


TWO_CLIENTS = {**INVENTORY, "gluster_clients": {"hosts": {"c1": {}, "c2": {}}}}
#: A stand-in of gluster_remount that fails at the call with this number among those that mount.
MOUNT_FAILS = """dict(failed=arguments.get("state") == "mounted" and sum(
    '"mounted"' in line for line in open({log!r})) == {number}, msg="no route to n1", changed=True, kept=[])"""


def test_the_volumes_are_started_by_the_first_node_that_knows_one(tmp_path):
    """A node that knows none is perhaps in no pool: it would find nothing to start, and leave all volumes stopped."""
    cluster = Cluster(tmp_path, n1={"known_volumes": 0}, new=("n1", "n2", "n3", "c1"))
    cluster.module("gluster_info", repr({**POOL, "volumes": [PAUSED]}))
    said, code = cluster.upgrade(**OFFLINE)
    assert code == 0 and cluster.done.count("resumed") == 1, said
    task = said.split(": Start the volumes that were stopped]")[1].split("TASK [")[0]
    assert "changed: [n1 -> n2]" in task, said


def test_a_mount_that_is_missing_on_a_node_is_mounted_and_nothing_is_started_for_it(tmp_path):
    cluster = Cluster(tmp_path, n2={"missing": ["/mnt/a"]}, new=("n1", "n2", "n3", "c1"))
    cluster.module("gluster_op_version", repr(dict(RAISED, changed=False)))
    said, code = cluster.upgrade(**OFFLINE)
    assert code == 0 and cluster.done == ["mounted", "mounted", "remount", "op_version"], said
    assert "n2: mount /mnt/a of /etc/fstab at the end; found not mounted now" in said


def test_a_node_that_somebody_else_has_in_maintenance_is_refused_where_only_volumes_are_left_to_start(tmp_path):
    foreign = {"running": False, "maintenance": "2026-11-28 (new power supply)"}
    cluster = Cluster(tmp_path, n2=foreign, new=("n1", "n2", "n3", "c1"))
    cluster.module("gluster_info", repr({**POOL, "volumes": [PAUSED]}))
    said, code = cluster.upgrade(**OFFLINE)
    assert code == 2 and cluster.done == [] and "n2 is in maintenance since 2026-11-28 (new power supply)" in said, said


def test_a_mount_that_fails_on_a_node_keeps_no_client_without_its_files(tmp_path):
    cluster = Cluster(tmp_path)
    cluster.module("gluster_remount", MOUNT_FAILS.format(log=str(tmp_path / "log"), number=1))
    said, code = cluster.upgrade("--forks", "1", **OFFLINE)
    assert code == 2 and alike(cluster.done)[-9:] == [
        "resumed", *["mounted"] * 3, "c1", "mounted", "remount", "heal", "op_version",
    ], said  # fmt: skip
    assert "n1: found volumes of /etc/fstab not mounted" in said


def test_healing_that_does_not_end_keeps_no_machine_without_its_files(tmp_path):
    cluster = Cluster(tmp_path)
    cluster.module("gluster_heal", "dict(failed=True, msg='volumes: nothing got less')")
    said, code = cluster.upgrade(**OFFLINE)
    assert code == 2 and cluster.done[-4:] == ["c1", "mounted", "remount", "heal"], said


@pytest.mark.parametrize("number", [4, 5])
def test_the_op_version_stays_where_the_turn_of_a_client_failed(tmp_path, number):
    cluster = Cluster(tmp_path)
    cluster.module("gluster_remount", MOUNT_FAILS.format(log=str(tmp_path / "log"), number=number))
    said, code = cluster.upgrade("--forks", "1", inventory=TWO_CLIENTS, **OFFLINE)
    assert "op_version" not in cluster.done and cluster.done[-1] == "heal", said
    assert f"stays as it is, since the turn of the client c{number - 3} failed" in said


def test_a_client_whose_packages_fail_has_its_files_again(tmp_path):
    cluster = Cluster(tmp_path)
    cluster.module("rpm_folder", "dict(failed=arguments['path'].endswith('c1'), msg='no room', changed=True)")
    said, code = cluster.upgrade(**OFFLINE)
    assert code == 2 and cluster.done[-2:] == ["c1", "mounted"], said


def test_a_member_that_is_no_storage_node_of_the_inventory_is_refused(tmp_path):
    cluster = Cluster(tmp_path)
    stranger = {**PEERS[0], "uuid": "u9", "names": ["n9"]}
    cluster.module("gluster_info", repr({**POOL, "pool": {"peers": [*PEERS, stranger], "own_names": []}}))
    said, code = cluster.upgrade(**OFFLINE)
    assert code == 2 and cluster.done == [] and "pool: n9 is a member and no host of gluster_servers" in said, said


@pytest.mark.parametrize("stopped", [[], ["stop_volume"]])
def test_where_no_volume_could_be_stopped_all_are_mounted_again(tmp_path, stopped):
    cluster = Cluster(tmp_path)
    done = [{"kind": kind, "target": "v"} for kind in ["note_volume", *stopped]]
    failed = f"dict(failed=not arguments['_ansible_check_mode'], msg='no answer', steps_done={done!r})"
    cluster.module("gluster_pause", failed)
    said, code = cluster.upgrade(**OFFLINE)
    assert code == 2 and "no answer" in said and "maintenance" not in cluster.done, said
    assert cluster.done.count("mounted") == (0 if stopped else 4)


def test_where_the_kernel_lets_one_mount_not_go_all_are_mounted_again_and_no_volume_is_stopped(tmp_path):
    cluster = Cluster(tmp_path)
    log = str(tmp_path / "log")
    cluster.module(
        "gluster_remount",
        f"""dict(changed=True, kept=[], msg="target is busy", failed=(
        arguments["state"] == "unmounted" and not arguments["_ansible_check_mode"]
        and sum('"gluster_remount"' in line for line in open({log!r})) == 5))""",
    )
    said, code = cluster.upgrade("--forks", "1", **OFFLINE)
    assert code == 2 and "n1 found no way to unmount: target is busy" in said, said
    assert cluster.done[-8:] == [*["unmounted"] * 4, *["mounted"] * 4]


def test_several_versions_that_only_the_repositories_tell_are_refused_before_anything_is_stopped(tmp_path):
    cluster = Cluster(tmp_path, newer_from=7)
    cluster.module("gluster_info", repr({**POOL, "volumes": [NFS]}))
    said, code = cluster.upgrade("--forks", "1", **OFFLINE)
    assert code == 2 and cluster.done == [] and "one pool has one version of GlusterFS" in said, said


def test_only_the_volumes_of_the_pool_are_unmounted(tmp_path):
    cluster = Cluster(tmp_path)
    cluster.module("gluster_info", repr({**POOL, "volumes": [NFS]}))
    cluster.module("gluster_pause", "dict(failed=True, msg='busy')")
    cluster.upgrade(**OFFLINE)
    assert [given["volumes"] for _host, given in cluster.calls("gluster_remount")] == [["v"]] * 4
