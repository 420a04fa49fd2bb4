# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import copy

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.facts import to_facts
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.heal import DEAD_DAEMON_REMEDY
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.records import (
    BrickPlace,
    LogicalVolume,
    Mount,
    ObservedHost,
    PhysicalVolume,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.health.findings import find_notes, find_problems


def away(name):
    return {"names": [name], "connected": False, "state": 3, "state_text": "Peer in Cluster"}


def brick(path, **more):
    return dict({"volume": "v", "host": "h", "path": path, "online": True, "volume_started": True}, **more)


NODE = {
    "gluster": {"running": True, "uuid": "u1", "peers": 3, "unwell": [], "volumes": {}},
    "disks": {
        "devices": [],
        "bricks": [
            {"name": "v-1", "path": "/v-1/brick", "mounted": True, "data_percent": 10.0, "metadata_percent": None}
        ],
    },
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


def test_what_is_in_maintenance_is_a_note_and_what_it_takes_with_it_no_problem(node, gluster):
    resting = copy.deepcopy(NODE)
    resting["gluster"].update(running=False, uuid="u2", maintenance="2026-11-28 10:40 UTC (fan)")
    node["gluster"]["unwell"] = [dict(away("h2"), uuid="u2")]
    for one in (gluster["bricks"][1], gluster["volumes"][0]["bricks"][1]):
        one.update(online=False, host="h2", host_uuid="u2")
    gluster["heal"].append({"volume": "v", "brick": "h2:/2", "connected": False, "pending": None, "split_brain": None})
    nodes = {"h1": node, "h2": resting}
    assert find_problems(nodes, gluster) == []
    assert "h2 is in maintenance since 2026-11-28 10:40 UTC (fan); the playbook maintenance has it serve again" in (
        find_notes(nodes, gluster)
    )
    resting["gluster"]["maintenance"] = ""
    assert len(find_problems(nodes, gluster)) == 4
    resting["gluster"]["maintenance"] = "x"
    gluster["bricks"][2]["online"] = False
    assert "volume v: set 1 has no quorum" in "".join(find_problems(nodes, gluster)), "quorum counts all the same"


DIED = [{"volume": name, "host_uuid": "u2"} for name in ("w", "v")]


def test_a_self_heal_daemon_that_died_is_named_with_its_node_and_the_remedy_that_gluster_heal_names(node, gluster):
    other = copy.deepcopy(NODE)
    other["gluster"]["uuid"] = "u2"
    gluster["self_heal_daemons_down"] = DIED
    nodes = {"h1": node, "h2": other}
    [note] = [line for line in find_notes(nodes, gluster) if "self-heal daemon" in line]
    assert note.startswith("h2: its self-heal daemon does not run, and heals nothing of v, w; where something waits, ")
    assert note.endswith(DEAD_DAEMON_REMEDY)
    assert find_problems(nodes, gluster) == [], "after a boot, glusterd 10.3 may have lost it, and nothing waits"


def test_a_self_heal_daemon_of_a_node_that_was_not_heard_has_the_name_that_the_pool_knows(node, gluster):
    gluster["self_heal_daemons_down"] = DIED
    gluster["pool"] = {"peers": [dict(away("10.0.0.2"), uuid="u2", connected=True)]}
    [note] = [line for line in find_notes({"h1": node, "h2": {}}, gluster) if "self-heal daemon" in line]
    assert note.startswith("10.0.0.2: its self-heal daemon does not run")


@pytest.mark.parametrize("state", [{"running": False}, {"running": False, "maintenance": "2026-11-28 10:40 UTC (fan)"}])
def test_where_glusterd_is_off_nothing_is_said_of_the_self_heal_daemon(node, gluster, state):
    other = copy.deepcopy(NODE)
    other["gluster"].update(state, uuid="u2")
    gluster["self_heal_daemons_down"] = DIED
    assert not any("self-heal daemon" in line for line in find_notes({"h1": node, "h2": other}, gluster))


def test_nothing_is_said_of_the_self_heal_daemon_of_a_node_in_maintenance_while_its_glusterd_runs(node, gluster):
    other = copy.deepcopy(NODE)
    other["gluster"].update(uuid="u2", maintenance="2026-11-28 10:40 UTC (fan)")
    gluster["self_heal_daemons_down"] = DIED
    assert not any("self-heal daemon" in line for line in find_notes({"h1": node, "h2": other}, gluster))


def test_an_offline_upgrade_that_did_not_end_is_a_problem(node, gluster):
    node["gluster"].update(running=False, maintenance="2026-11-28 10:40 UTC (brickwork playbook upgrade offline)")
    gluster["volumes"][0].update(status="Stopped", started=False, options={"user.brickwork-upgrade": "started"})
    rests, stopped = find_problems({"h1": node}, dict(gluster, bricks=[]))
    assert (
        rests.startswith("h1 is out of service since 2026-11-28 10:40 UTC") and "gluster_upgrade_offline: true" in rests
    )
    assert stopped.startswith("volume v was stopped by an offline upgrade that did not end; run the playbook upgrade")
    assert not any("h1 is in maintenance" in note for note in find_notes({"h1": node}, gluster))


def test_bricks_with_another_address_than_the_inventory_has_are_a_note(node, gluster):
    gluster["volumes"][0]["bricks"][0].update(host="10.0.0.1", host_uuid="u1")
    told = find_notes({"h1": node}, gluster, addresses={"h1": "10.0.1.1"})
    said = "h1 is 10.0.1.1 in the inventory, and 10.0.0.1 in its bricks of v; the playbook readdress changes that"
    assert said in told
    for addresses in ({"h1": "10.0.0.1"}, {}, {"h2": "10.0.1.1"}):
        assert not any("in the inventory" in line for line in find_notes({"h1": node}, gluster, addresses=addresses))


def test_volumes_whose_clients_may_crash_are_a_note(node, gluster):
    """As seen on 7.5, whose client died in a rename."""

    def told(version, **options):
        node["gluster"]["version"] = version
        gluster["volumes"][0]["options"] = options
        return [note for note in find_notes({"h1": node}, gluster) if "crash" in note]

    [note] = told("7.5")
    assert note.endswith("set performance.open-behind to 'off' in the options of v, or upgrade to 7.8 or newer")
    assert told("7.5", **{"performance.open-behind": "disable"}) == []
    assert told("7.5", **{"performance.open-behind": "enable"}) and told("7.8") == told("") == []


def test_nodes_and_peers(node, gluster):
    assert find_problems({"h1": {}}, gluster) == ["h1 does not answer"]
    lost = "h1 is lost (gluster_state): run the playbook replace, and remove it from the inventory then"
    assert find_problems({"h1": {"lost": True}}, gluster) == [lost]
    node["gluster"]["unwell"] = [away("h2")]
    assert find_problems({"h1": node}, gluster) == ["h1 sees h2: Peer in Cluster, disconnected"]
    node["gluster"]["unwell"] += [dict(away("h3"), connected=True, state=4, state_text="Accepted peer request")]
    assert find_problems({"h1": node}, gluster)[1] == "h1 sees h3: Accepted peer request"
    assert "the pool has no quorum, only 1 of 3" in find_problems({"h1": node}, gluster)[-1]
    node["gluster"]["running"] = False
    assert find_problems({"h1": node}, gluster) == ["h1: glusterd does not run"]


def test_several_versions_are_a_problem_beside_all_others(node, gluster):
    other = copy.deepcopy(NODE)
    node["gluster"]["version"], other["gluster"]["version"] = "9.2", "10.3"
    other["gluster"]["certificate_days"] = 3
    found = find_problems({"h1": node, "h2": other}, gluster)
    assert len(found) == 2 and "h1 9.2, h2 10.3; run the playbook upgrade" in found[1]
    other["gluster"]["running"] = False
    assert "playbook upgrade" not in "".join(find_problems({"h1": node, "h2": other}, gluster))


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


def test_a_snapshot_in_place_of_a_brick_is_named_with_what_to_read(node, gluster):
    node["disks"]["bricks"][0].update(mounted_instead="/dev/mapper/g-0123_0")
    [problem] = find_problems({"h1": node}, gluster)
    assert problem.startswith("h1: brick v-1 serves old files: its snapshot /dev/mapper/g-0123_0 is mounted in its")
    assert "'A snapshot is mounted in place of a brick'" in problem


def test_a_line_by_which_a_boot_may_mount_a_snapshot_is_named_with_what_belongs_there(node, gluster):
    """Also of volumes that the inventory does not name, which site does not touch."""
    lines = (
        "UUID=f /srv/gluster/old-1 xfs noatime,x-systemd.before=glusterd.service 0 0\n"
        "/dev/brickwork_sdb/brick_new-1 /srv/gluster/new-1 xfs noatime,x-brickwork.brick 0 0\n"
        "UUID=g /srv/somebody xfs noatime,x-systemd.before=glusterd.service 0 0\n"
        "UUID=h /srv/gluster/plain-1 xfs noatime 0 0\n"
    )
    physicals = (PhysicalVolume("/dev/sdb", "pv", "brickwork_sdb", ("brickwork",), 0),)
    logicals = tuple(LogicalVolume(f"brick_{name}-1", "brickwork_sdb", 1) for name in ("old", "new", "plain"))
    seen = ObservedHost("h1", "", {}, physicals=physicals, logicals=logicals, fstab=lines, uuid="u1")
    node["disks"]["observed"] = to_facts(seen)
    [problem] = find_problems({"h1": node}, gluster)
    assert problem.startswith("h1: /etc/fstab mounts /srv/gluster/old-1 by UUID=f, which each snapshot")
    assert "write /dev/brickwork_sdb/brick_old-1 there instead" in problem


@pytest.mark.parametrize(
    ("more", "found", "remedy"),
    [
        ({"mounts": (Mount("/dev/sdz", "/srv/gluster/w-1", "xfs", "f"),)}, "/dev/sdz is mounted there", "unmount that"),
        ({"fstab": "s:/e /srv/gluster/w-1 nfs defaults 0 0\n"}, "something else there (s:/e /srv", "remove that line"),
        (
            {"places": {"/srv/gluster/w-1/brick": BrickPlace(False, False, False, None)}},
            "not empty",
            "move what is in it",
        ),
    ],
)
def test_what_keeps_a_brick_from_its_mount_is_named_also_of_one_that_no_volume_has_yet(
    node, gluster, more, found, remedy
):
    physicals = (PhysicalVolume("/dev/sdb", "pv", "brickwork_sdb", ("brickwork",), 0),)
    logicals = (LogicalVolume("brick_w-1", "brickwork_sdb", 1),)
    seen = ObservedHost("h1", "", {}, physicals=physicals, logicals=logicals, uuid="u1")
    node["disks"]["bricks"].append(dict(node["disks"]["bricks"][0], name="w-1", path="/srv/gluster/w-1/brick"))
    node["disks"]["observed"] = to_facts(seen)
    assert find_problems({"h1": node}, gluster) == []
    node["disks"]["observed"] = to_facts(seen._replace(**more))
    [problem] = find_problems({"h1": node}, gluster)
    assert problem.startswith("h1: brick w-1 is left as it is: it belongs at /srv/gluster/w-1, and ")
    assert found in problem and f"; {remedy}" in problem and problem.endswith(", and run site")


def test_clients(node, gluster):
    line = "h1:/v /mnt/v glusterfs defaults,_netdev 0 0\n"
    clients = {
        "c1": {"files": {"/etc/fstab": line, "/proc/mounts": "h1:/v /mnt/v fuse.glusterfs rw 0 0\n"}},
        "c2": {"files": {"/etc/fstab": line, "/proc/mounts": "/dev/vda / ext4 rw 0 0\n"}},
        "c3": {"unreachable": True, "msg": "timed out"},
        "c4": {"files": {"/etc/fstab": "", "/proc/mounts": ""}, "dead_mounts": ["/mnt/v"]},
    }
    [unmounted, silent, dead] = find_problems({"h1": node}, gluster, clients=clients)
    assert unmounted.startswith("client c2: /etc/fstab has h1:/v at /mnt/v, and that is not mounted")
    assert silent == "client c3 does not answer"
    assert dead.startswith("client c4: the process that served /mnt/v has ended") and "playbook site" in dead


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
    gluster["split_brain"] = {"v": ["/a", "/b"]}
    assert find_problems({"h1": node}, gluster) == [
        "volume v: Rebalance has failed; the playbook rebalance starts it anew",
        "volume v: heals of h:/1 are unknown, it can't be asked",
        "volume v: 4 entries wait for healing on h:/2",
        "volume v: 1 entries are in split-brain on h:/2",
        "volume v: the playbook split_brain shows what is in split-brain, and resolves it; the first files: /a, /b",
    ]
    gluster["split_brain"] = {"v": []}
    assert find_problems({"h1": node}, gluster)[-1].endswith("resolves it"), "also where no name could be read"


def test_what_is_under_way_is_told_and_is_no_problem_and_what_waits_for_its_commit_is_one(node, gluster):
    assert find_problems({"h1": node}, gluster) == []
    [note] = find_notes({}, gluster)
    assert note.startswith("volume v: Rebalance is in progress; the playbook rebalance ")
    gluster["tasks"] = [{"volume": "v", "kind": "Rebalance", "status": "fix-layout in progress"}]
    assert find_notes({}, gluster) == [note]
    gluster["tasks"] = [{"volume": "v", "kind": "Remove brick", "status": "in progress"}]
    assert "the playbook shrink " in find_notes({}, gluster)[0]
    gluster["tasks"] = [{"volume": "v", "kind": "Remove brick", "status": "failed"}]
    [problem] = find_problems({"h1": node}, gluster)
    assert problem == "volume v: Remove brick has failed; the playbook shrink tells where"
    gluster["tasks"] = [{"volume": "v", "kind": "Remove brick", "status": "completed"}]
    assert find_notes({}, gluster) == []
    [problem] = find_problems({"h1": node}, gluster)
    assert problem.startswith("volume v: a removal of bricks is completed and waits for its commit")


def test_what_could_not_be_read_hides_nothing_else(node, gluster):
    gluster["bricks"][0]["online"] = False
    gluster["unread"] = [{"part": "heal", "volume": "v", "reason": "Not able to fetch volfile"}]
    assert find_problems({"h1": node}, gluster) == [
        "volume v: what waits for healing is not fully known: Not able to fetch volfile",
        "volume v: brick h:/1 is offline",
    ]


def test_a_lock_that_stays_is_told_with_its_holder_and_no_brick_is_called_offline(node, gluster):
    node["disks"]["observed"] = {"host": "h1", "machine_id": "m", "devices": {}, "uuid": "u1"}
    gluster["unread"] = [{"part": "bricks", "volume": "", "reason": "Another transaction (held by u1)"}]
    gluster["bricks"] = []
    assert find_problems({"h1": node}, gluster) == [
        "which bricks are online is unknown: Another transaction (held by u1); that is h1: see there what runs, or "
        "restart glusterd there"
    ]


def test_a_brick_without_a_port(node, gluster):
    """GlusterFS below 10 forgets the ports of bricks outside of its range, and calls them online."""
    gluster["bricks"][1].update(port=None, pid=77)
    [problem] = find_problems({"h1": node}, gluster)
    assert problem.startswith("volume v: brick h:/2 is online and glusterd knows no port of it")


def test_a_node_that_failed_is_not_called_silent(node, gluster):
    failed = {"failed": True, "msg": "Module failed: [Errno 5]\nmore", "node": {"refusal": ""}}
    assert find_problems({"h1": failed}, gluster) == ["h1 could not be looked at: Module failed: [Errno 5]"]
    full = {"failed": True, "msg": "h1 has no room left on /var", "node": {"refusal": "has no room left on /var"}}
    assert find_problems({"h1": full}, gluster) == ["h1 has no room left on /var"]
    silent = {"unreachable": True, "msg": "timed out"}
    assert find_problems({"h1": silent}, gluster) == ["h1 does not answer"]


def test_room_on_the_system_s_disks(node, gluster):
    node["node"] = {"space": [{"path": "/var", "free": 2**20 * 99, "size": 2**30}]}
    [problem] = find_problems({"h1": node}, gluster)
    assert problem.startswith("h1: /var has 99 MiB of 1 GiB free")
    node["node"]["space"] = [{"path": "/var", "free": 2**30, "size": 2**36}]
    assert len(find_problems({"h1": node}, gluster)) == 1
    node["node"]["space"] = [{"path": "/var", "free": 2**20 * 60, "size": 2**26}]
    assert find_problems({"h1": node}, gluster) == [], "a small one that is empty"
    node["node"]["space"] = [{"path": "/var", "free": 2**32, "size": 2**38}]
    assert find_problems({"h1": node}, gluster) == []


def test_clocks(node, gluster):
    nodes = {name: dict(node, node={"clock_offset": offset}) for name, offset in (("a", 2), ("b", 0), ("c", 10802))}
    assert find_problems(nodes, gluster) == [
        "c: its clock is 10800 s ahead of those of the others; have it set by NTP (chrony)"
    ]
    nodes["c"]["node"]["clock_offset"] = -61
    assert "c: its clock is 61 s behind" in find_problems(nodes, gluster)[0]
    nodes["c"]["node"]["clock_offset"] = 60
    assert find_problems(nodes, gluster) == []


def test_members_that_know_different_things_of_a_volume(node, gluster):
    """As seen: /var was full on one, which GlusterFS called connected all the same."""
    other = copy.deepcopy(node)
    gluster["pool"] = {"peers": [{"uuid": "u1"}, {"uuid": "u2"}]}
    node["gluster"].update(uuid="u1", volumes={"v": "5f1c20aa", "w": "1"})
    other["gluster"].update(uuid="u2", volumes={"v": "c07d11e4", "w": "2"})
    [problem] = find_problems({"h1": node, "h2": other}, gluster)
    assert problem.startswith("volume v: the members know different things of it (checksums 5f1c20aa on h1; c07d1")
    other["gluster"]["uuid"] = "u9"
    assert find_problems({"h1": node, "h2": other}, gluster) == [], (
        "of a node that is no member yet nothing is expected"
    )
    other["gluster"].update(uuid="u2", volumes={"v": "5f1c20aa", "w": "2"})
    assert find_problems({"h1": node, "h2": other}, gluster) == [], (
        "what is being made or deleted is no volume of the answer"
    )


def test_a_brick_whose_disk_is_gone_is_named_with_it(node, gluster):
    gluster["volumes"][0]["bricks"][0]["host_uuid"] = "u1"
    line = "UUID=874650b2 /srv/gluster/v-1 xfs defaults,x-brickwork.brick 0 0\n"
    place = BrickPlace(True, False, False, None)
    observed = ObservedHost("h1", "m", {}, uuid="u1", fstab=line, places={"/srv/gluster/v-1/brick": place})
    gluster["volumes"][0]["bricks"][0]["path"] = gluster["bricks"][0]["path"] = "/srv/gluster/v-1/brick"
    node["disks"] = {
        "bricks": [],
        "devices": [{"path": "/dev/sdb", "size": 1, "group": ""}],
        "observed": to_facts(observed),
    }
    [problem] = find_problems({"h1": node}, gluster)
    assert problem.startswith("volume v: brick h:/srv/gluster/v-1/brick on h1 is gone: /etc/fstab mounts UUID=874650b2")
    assert "/dev/sdb is empty" in problem
    states = {"h1": {"/srv/gluster/v-1/brick": "lost"}}
    assert find_problems({"h1": node}, gluster, states=states) == [
        "volume v: brick h:/srv/gluster/v-1/brick on h1 is lost (gluster_bricks): the playbook replace makes it anew "
        "at another place"
    ]
    states = {"h1": {"/srv/gluster/v-1/brick": "retired"}}
    [problem] = find_problems({"h1": node}, gluster, states=states)
    assert problem.endswith("write state: lost there, and run the playbook replace")


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (
            "lost",
            "was on h1:/dev/sdb, which is lost (gluster_devices): the playbook replace makes it anew on another disk",
        ),
        (
            "retired",
            "and h1:/dev/sdb is retired: the playbook retire moves only what can be read; write state: lost there",
        ),
    ],
)
def test_a_brick_on_a_disk_that_the_inventory_gives_up_names_the_playbook(node, gluster, state, said):
    gluster["volumes"][0]["bricks"][0].update(host_uuid="u1", path="/srv/gluster/v-1/brick")
    gluster["bricks"][0]["path"] = "/srv/gluster/v-1/brick"
    place = BrickPlace(True, False, False, None, problem="Input/output error")
    observed = ObservedHost("h1", "m", {}, uuid="u1", places={"/srv/gluster/v-1/brick": place})
    disk = brick("/srv/gluster/v-1/brick", device="/dev/sdb")
    node["disks"] = {"bricks": [disk], "devices": [], "observed": to_facts(observed)}
    [problem] = find_problems({"h1": node}, gluster, states={"h1": {"/dev/sdb": state}})
    assert said in problem and "put a disk" not in problem
    [other] = find_problems({"h1": node}, gluster, states={"h1": {"/dev/sdc": state}})
    assert "put a disk that works in its place" in other


def test_what_is_still_to_be_moved_is_a_note_with_its_playbook(node, gluster):
    gluster["volumes"][0]["bricks"][0].update(host_uuid="u1", path="/srv/gluster/v-1/brick")
    observed = ObservedHost("h1", "m", {}, uuid="u1")
    node["disks"] = {
        "bricks": [brick("/srv/gluster/v-1/brick", device="/dev/sdb")],
        "devices": [],
        "observed": to_facts(observed),
    }
    gluster["tasks"] = []
    assert find_notes({"h1": node}, gluster, {"h1": {"/dev/sdb": "retired", "/dev/sdc": "lost"}}) == [
        "h1:/dev/sdb is retired (gluster_devices): the playbook retire moves the bricks that it has to other disks"
    ]
    assert find_notes({"h1": node}, gluster, {"h1": {"/srv/gluster/v-1/brick": "lost"}}) == [
        "h1:/srv/gluster/v-1/brick is lost (gluster_bricks): the playbook replace makes it anew at another place"
    ]


def test_bricks_that_are_new_are_a_problem(node, gluster):
    name = "%(host)s:%(path)s" % gluster["volumes"][0]["bricks"][0]
    gluster["volumes"][0]["options"] = {"user.brickwork-filling": f"healing:{name}"}
    [problem] = find_problems({"h1": node}, gluster)
    assert problem.startswith(f"volume v: brick {name} is new, and not known to be filled: run the playbook heal")
