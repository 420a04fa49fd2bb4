# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole way in memory: four hosts with disks in one network, from bare to volumes, by the same engine."""

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import (
    BrickworkError,
    InputError,
    PlanError,
    UnsafeChangeError,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.info import observe_gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.marks import Mark
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Pool
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.volumes_plan import (
    pending_volumes,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.bricks import BrickOperation
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.desired import desired_host
from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import GIB
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import converge
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.plan import Settings
from ansible_collections.brickwork.gluster.tests.fakes.cluster import uuid_of
from ansible_collections.brickwork.gluster.tests.fakes.site import ARCHIVE, SHARED, ZONES, Site


def bricks_of(plan, name):
    return next(volume["parameters"]["bricks"] for volume in plan["volumes"] if volume["name"] == name)


def test_from_bare_to_complete_and_then_nothing_to_do():
    site = Site()
    planned = site.plan(SHARED, ARCHIVE)
    assert planned["needs_change"] and planned["pool"] == ["probe n2", "probe n3", "probe n4"]
    site.run(SHARED, ARCHIVE)
    again = site.plan(SHARED, ARCHIVE)
    assert not again["needs_change"], again
    assert bricks_of(again, "shared") == bricks_of(planned, "shared")
    zones = [ZONES[brick.split(":")[0]] for brick in bricks_of(again, "shared")]
    assert sorted(zones) == ["a", "b", "c"]


def test_a_member_that_is_about_to_connect_does_not_end_the_plan():
    """It has just booted, and answers for its disks before its glusterd is back; the pool is waited for later."""
    site = Site()
    site.run(dict(SHARED, state="present"))
    nodes = site.nodes()
    peers = tuple(peer._replace(connected="n2" not in peer.names) for peer in site.answer(nodes).pool.peers)
    plan = site.planned([SHARED], nodes, pool=Pool(peers))
    assert plan["pool_due"]
    assert [step["kind"] for step in plan["volumes"][0]["steps"]][-1] == "start_volume"


def test_a_machine_without_gluster_is_planned_for():
    plan = Site(installed=False).plan(SHARED)
    assert "install GlusterFS on n1" in plan["servers"] and "start glusterd on n4" in plan["servers"]


@pytest.mark.parametrize("cut_off", [("n1",), ("n2", "n3"), ("n1", "n2", "n3", "n4")])
def test_bricks_of_a_run_that_was_cut_off_are_used_where_they_are(cut_off):
    site = Site()
    planned = site.plan(SHARED, ARCHIVE)
    site.make_bricks(planned, cut_off)
    assert bricks_of(site.plan(SHARED, ARCHIVE), "shared") == bricks_of(planned, "shared")
    site.run(SHARED, ARCHIVE)
    assert not site.plan(SHARED, ARCHIVE)["needs_change"]
    assert sum(len(host.mounted) for host in site.hosts.values()) == 6


def volume_steps(plan):
    return [step["kind"] for volume in plan["volumes"] for step in volume["steps"]]


def test_a_brick_without_a_process_is_started_and_one_without_its_mark_is_named():
    site = Site()
    brick = bricks_of(site.run(SHARED), "shared")[1]
    site.cluster.processes[brick] = None
    plan = site.plan(SHARED)
    assert volume_steps(plan) == []
    assert "shared: brick %s has no process and is not started" % brick in plan["broken"][-1]
    site.mark_bricks("shared")
    plan = site.plan(SHARED)
    assert plan["needs_change"] and volume_steps(plan) == ["start_bricks"]


def test_what_is_under_way_is_told():
    site = Site()
    site.run(SHARED)
    running = {"volume": "shared", "kind": "Rebalance", "status": "in progress"}
    removed = {"volume": "shared", "kind": "Remove brick", "status": "completed"}
    lines = site.plan(SHARED, tasks=[running, removed])["explanation"][-2:]
    assert lines[0].startswith("volume shared: Rebalance is in progress; the playbook rebalance ")
    assert lines[1].startswith("volume shared: a removal of bricks is completed and waits for its commit")
    assert lines[1].endswith("the playbook shrink commits it, or gives them back")


def test_a_brick_that_site_mounts_is_started_after_it():
    site = Site()
    brick = bricks_of(site.run(SHARED), "shared")[1]
    host, path = brick.split(":")
    site.cluster.processes[brick] = None
    site.hosts[host].mounted.clear()
    plan = site.plan(SHARED)
    assert "mount" in [step["kind"] for step in plan["bricks"][host]["steps"]]
    assert volume_steps(plan) == ["start_bricks"]


@pytest.fixture
def site_of_shared():
    """A Site with the volume shared; host and path of one of its bricks."""
    site = Site()
    host, path = bricks_of(site.run(SHARED), "shared")[1].split(":")
    return site, host, path


def kill_disk(site, host, path):
    """Have all that reads the brick answer EIO, as a device-mapper error target does."""
    site.directories[host].dead = {path}


def take_disk(site, host, disk, replaced_by=None):
    """Take a disk out of a host that is off, with all that was on it; perhaps another one is put in its place."""
    machine = site.hosts[host]
    group = machine.physicals.pop(disk)["group"]
    machine.groups.pop(group)
    machine.volumes = {name: volume for name, volume in machine.volumes.items() if volume["group"] != group}
    machine.mounted = {target: source for target, source in machine.mounted.items() if source in machine.volumes}
    machine.disks.pop(disk)
    if replaced_by:
        machine.disks[disk] = replaced_by


def test_a_brick_that_cannot_be_read_is_its_own_finding_and_ends_nothing():
    site = Site()
    victim = bricks_of(site.run(SHARED), "shared")[1]
    host, path = victim.split(":")
    kill_disk(site, host, path)
    plan = site.plan(SHARED, ARCHIVE)
    [broken] = plan["broken"]
    device = next(disk["device"] for node in site.nodes() for disk in node.disks.bricks.values() if disk["problem"])
    assert broken.startswith("volume shared: brick %s on %s can't be read (Input/output error)" % (victim, host))
    assert "its disk %s may be dead" % device in broken and "docs/repair.md" in broken
    assert [volume["name"] for volume in plan["volumes"] if volume["steps"]] == ["archive"]
    steps = [step for step in plan["bricks"][host]["steps"] if "shared" in step["target"]]
    assert steps == [] and all(brick["device"] != device for brick in plan["bricks"][host]["bricks"])


def test_a_brick_that_is_read_from_memory_while_its_disk_is_dead(site_of_shared):
    """As seen: the kernel still knew the directory, and no probe found a file system below it."""
    site, host, path = site_of_shared
    machine = site.hosts[host]
    volume = machine.volumes[machine.mounted[path.rpartition("/")[0]]]
    volume["filesystem"] = ""
    plan = site.plan(SHARED, ARCHIVE)
    [broken] = plan["broken"]
    assert "can't be read (blkid finds nothing on /dev/brickwork_sd" in broken
    assert [volume["name"] for volume in plan["volumes"] if volume["steps"]] == ["archive"]


@pytest.mark.parametrize("replaced_by", [None, 8 * GIB])
def test_a_disk_that_died_is_named_and_is_no_reason_to_plan_nothing(replaced_by):
    """As seen: the brick counted as kept, there was nothing to do, and it stayed dead."""
    site = Site()
    victim = bricks_of(site.run(SHARED), "shared")[1]
    host, path = victim.split(":")
    disk = next(disk["device"] for node in site.nodes() for disk in node.disks.bricks.values() if disk["path"] == path)
    take_disk(site, host, disk, replaced_by)
    plan = site.plan(SHARED, ARCHIVE)
    [broken] = plan["broken"]
    assert broken.startswith(f"volume shared: brick {victim} on {host} is gone: /etc/fstab mounts /dev/brickwork_")
    assert "%s is %s" % (disk, "empty" if replaced_by else "missing") in broken
    assert [volume["name"] for volume in plan["volumes"] if volume["steps"]] == ["archive"]
    assert not any(step["destroys"] for node in plan["bricks"].values() for step in node["steps"])


def test_a_lost_brick_is_found_while_glusterd_of_its_node_does_not_run_yet(site_of_shared):
    """As seen after a boot without the disk: glusterd waits for the brick, and nobody else tells of it there."""
    site, host, path = site_of_shared
    disk = next(disk["device"] for node in site.nodes() for disk in node.disks.bricks.values() if disk["path"] == path)
    take_disk(site, host, disk, 8 * GIB)
    machine = site.cluster.machines[host]
    machine.up = False
    # Its own file tells the uuid.
    nodes = [
        node._replace(gluster=dict(node.gluster, uuid=machine.uuid), disks=node.disks._replace(uuid=machine.uuid))
        if node.name == host
        else node
        for node in site.nodes()
    ]
    [broken] = site.planned([SHARED], nodes)["broken"]
    assert f"{path} on {host} is gone: /etc/fstab mounts /dev/brickwork_" in broken


def test_a_disk_that_lvm_can_not_read_any_more_is_what_died(site_of_shared):
    """Its label is gone, and the kernel still has what stood on it."""
    site, host, path = site_of_shared
    disk = next(disk["device"] for node in site.nodes() for disk in node.disks.bricks.values() if disk["path"] == path)
    nodes = site.nodes()
    [node] = [node for node in nodes if node.name == host]
    observed, devices = node.disks.host, node.disks.devices
    child = "/dev/mapper/brickwork_sdb-pool_shared--2_tdata"
    observed.devices[disk] = observed.devices[disk]._replace(physical=None, children=(child,))
    next(device for device in devices if device["path"] == disk).update(free=0, group="", reason="is in use by x")
    with pytest.raises(UnsafeChangeError, match="is in use by x"):
        site.planned([SHARED], nodes)
    observed.places[path] = observed.places[path]._replace(problem="Input/output error")
    [broken] = site.planned([SHARED], nodes)["broken"]
    assert "can't be read (Input/output error)" in broken


def test_a_brick_that_only_has_to_be_mounted_is_not_called_gone(site_of_shared):
    """It was adopted from elsewhere: no disk is to be replaced, and lvm_brick can not make it."""
    site, host, path = site_of_shared
    site.hosts[host].texts["/etc/fstab"] += "/dev/sdz1 /data/b1 xfs defaults 0 0\n"
    for member in site.cluster.machines.values():
        member.volumes["shared"]["bricks"][1] = "%s:/data/b1/brick" % host
    [broken] = site.plan(ARCHIVE)["broken"]
    assert "has no directory there: /etc/fstab mounts /dev/sdz1 at /data/b1; mount that" in broken
    assert "lvm_brick" not in broken and "put a disk" not in broken


def test_bricks_of_heketi_are_told_of_elsewhere(site_of_shared):
    site, host, _path = site_of_shared
    for member in site.cluster.machines.values():
        member.volumes["shared"]["bricks"][1] = "%s:/var/lib/heketi/mounts/vg_1/brick_1/brick" % host
    assert site.plan(ARCHIVE)["broken"] == []


def test_a_member_outside_of_the_inventory_does_not_fail_the_run():
    site = Site()
    brick = bricks_of(site.run(SHARED), "shared")[1]
    host = brick.split(":")[0]
    site.cluster.processes[brick] = None
    nodes = [node for node in site.nodes() if node.name != host]
    plan = site.planned([], nodes)
    assert plan["broken"] == [] and any(brick + " has no process" in line for line in plan["explanation"])


def test_a_disk_that_is_missing_is_a_slip_where_no_brick_is_lost():
    site = Site()
    site.run(SHARED)
    spare = bricks_of(site.plan(SHARED), "shared")
    host = next(name for name in ZONES if not any(brick.startswith(name + ":") for brick in spare))
    del site.hosts[host].disks["/dev/sdb"]
    with pytest.raises(UnsafeChangeError, match="gluster_devices: device /dev/sdb on %s: found no such device" % host):
        site.plan(SHARED)


def test_the_brick_of_a_restored_snapshot_is_named_as_one_that_does_not_grow():
    site = Site()
    host, path = bricks_of(site.run(SHARED), "shared")[0].split(":")
    machine = site.hosts[host]
    snapshot = "/run/gluster/snaps/1/brick1"
    origin = next(volume for volume in machine.volumes.values() if volume["pool"])
    group = origin["group"]
    machine.volumes["%s/0123_0" % group] = dict(origin)
    machine.mounted[snapshot] = "%s/0123_0" % group
    machine.volumes["%s/0123_0" % group]["content"] = ["brick"]
    for member in site.cluster.machines.values():
        member.volumes["shared"]["bricks"][0] = "%s:%s/brick" % (host, snapshot)
    plan = site.plan(dict(SHARED, size="3GiB"))
    [left] = [line for line in plan["explanation"] if "is used by no volume" in line]
    assert "and stays: its thin pool holds snapshots" in left and "gluster_teardown_bricks" not in left
    doomed = {"bricks": [{"name": "shared-1", "state": "absent"}], "devices": [], "root": "/srv/gluster"}
    doomed["mount_options"] = "noatime"
    with pytest.raises(UnsafeChangeError, match="pool_shared-1 of brick shared-1 also holds 0123_0: snapshots"):
        converge(BrickOperation(site.brick_host(host), desired_host(doomed)))
    found = [
        line for line in plan["explanation"] if "did not make: it stays at 2 GiB and does not grow to 3 GiB" in line
    ]
    assert len(found) == 1 and "%s:%s/brick is on /dev/" % (host, snapshot) in found[0]
    assert not plan["broken"]


def test_a_clone_that_somebody_made_by_hand_is_left_alone():
    site = Site()
    bricks = [brick.split(":")[0] for brick in bricks_of(site.run(SHARED), "shared")]
    for host in bricks:
        machine = site.hosts[host]
        origin = next(volume for volume in machine.volumes.values() if volume["pool"])
        machine.volumes["%s/0123_0" % origin["group"]] = dict(origin, content=["brick"])
        machine.mounted["/run/gluster/snaps/0123/brick1"] = "%s/0123_0" % origin["group"]
    volumes = site.cluster.machines["n1"].volumes
    clone = [host + ":/run/gluster/snaps/0123/brick1/brick" for host in bricks]
    volumes["look"] = dict(volumes["shared"], name="look", id=uuid_of("look"), bricks=clone)
    plan = site.plan(SHARED)
    assert not plan["needs_change"] and plan["broken"] == [] and plan["irreplaceable"] == []
    assert not any("look" in line or "0123" in line for line in plan["explanation"])


def test_what_no_volume_uses_is_named_whatever_its_name():
    site = Site()
    host = bricks_of(site.run(SHARED, ARCHIVE), "archive")[0].split(":")[0]
    for member in site.cluster.machines.values():
        member.volumes["archive"]["bricks"][0] = "n1:/srv/gluster/archive-1b/brick"
    lines = [line for line in site.plan(SHARED)["explanation"] if "is used by no volume" in line]
    assert len(lines) == 1 and lines[0].startswith("archive-1 on %s (1 GiB on /dev/sd" % host)
    assert "gluster_teardown_bricks" in lines[0]


def test_a_member_whose_daemon_is_stopped_is_known_by_its_files():
    """As seen: its bricks were said to be on a member that is not in the group, and site could not start glusterd."""
    site = Site()
    site.run(SHARED)
    victim = bricks_of(site.plan(SHARED), "shared")[1].split(":")[0]
    nodes = site.nodes()
    for node in nodes:
        if node.name == victim:
            uuid = node.uuid
            node.gluster.update(running=False, uuid="", peers=0, volumes={})
            with pytest.raises(PlanError, match="lost|was lost"):
                site.planned([SHARED], nodes)
            node.gluster["uuid"] = uuid
    plan = site.planned([SHARED], nodes)
    assert plan["servers"] == ["start glusterd on %s" % victim] and plan["servers_due"]


def test_growth_by_a_set_keeps_the_bricks_and_their_order():
    site = Site()
    small = dict(SHARED, replicas=2, hosts=["n1", "n2", "n3", "n4"])
    before = bricks_of(site.run(small), "shared")
    grown = dict(small, sets=2, size="4GiB", rebalance=True)
    plan = site.run(grown)
    assert bricks_of(plan, "shared")[:2] == before and len(bricks_of(plan, "shared")) == 4
    assert not site.plan(grown)["needs_change"]
    with pytest.raises(InputError, match="sets"):
        site.plan(dict(grown, sets=1))


def test_a_larger_size_lets_the_bricks_grow():
    site = Site()
    site.run(SHARED)
    plan = site.plan(dict(SHARED, size="3GiB"))
    kinds = [step["kind"] for node in plan["bricks"].values() for step in node["steps"]]
    assert kinds.count("grow_filesystem") == 3
    site.run(dict(SHARED, size="3GiB"))
    assert not site.plan(dict(SHARED, size="3GiB"))["needs_change"]


def test_leaving_a_volume_out_removes_nothing():
    site = Site()
    site.run(SHARED, ARCHIVE)
    assert not site.plan(SHARED)["needs_change"]


@pytest.mark.parametrize("pristine", [True, False])
def test_what_a_deleted_volume_left_is_refused_and_what_a_refused_create_left_is_not(pristine):
    site = Site()
    site.run(SHARED, ARCHIVE)
    host, path = bricks_of(site.plan(SHARED), "shared")[1].split(":")
    for machine in site.cluster.machines.values():
        machine.volumes.pop("shared", None)
    site.directories[host].marks[path] = Mark(path, "11111111-2222-4333-8444-555555555555", pristine)
    if pristine:
        assert site.plan(SHARED)["volumes"][0]["steps"]
        return
    with pytest.raises(UnsafeChangeError, match="%s:%s holds what the volume with the id 1111" % (host, path)):
        site.plan(SHARED)


def test_a_brick_in_a_volume_bears_its_mark():
    site = Site()
    site.run(SHARED)
    host, path = bricks_of(site.plan(SHARED), "shared")[1].split(":")
    site.directories[host].marks[path] = Mark(path, site.cluster.machines["n1"].volumes["shared"]["id"], False)
    assert not site.plan(SHARED)["needs_change"]


def test_a_disk_with_something_on_it_is_refused_by_name_whether_needed_or_not():
    site = Site()
    site.hosts["n4"].signatures["/dev/sdc"] = "ext4"
    with pytest.raises(UnsafeChangeError, match="/dev/sdc on n4: holds ext4"):
        site.plan(SHARED)
    assert all(host.changes == [] for host in site.hosts.values())


def test_two_pools_a_clone_and_a_stopped_daemon_with_volumes_are_refused():
    site = Site()
    site.cluster.form_pool("n1", "n2")
    site.cluster.form_pool("n3", "n4")
    with pytest.raises(PlanError, match="n3 is in another pool than n1"):
        site.plan(SHARED)
    site = Site()
    site.cluster.machines["n2"].uuid = site.cluster.machines["n1"].uuid
    with pytest.raises(PlanError, match="n1 and n2 are one machine"):
        site.plan(SHARED)
    site.hosts["n2"].texts["/etc/machine-id"] = "fedcba9876543210\n"
    with pytest.raises(PlanError, match="n1 and n2 are two machines with the same uuid .* keep that one") as caught:
        site.plan(SHARED)
    assert "remove" not in str(caught.value) and "glusterd.info" not in str(caught.value)
    nodes = Site().nodes()
    nodes[1].gluster.update(running=False, volumes={"shared": "1"})
    with pytest.raises(PlanError, match="n2: glusterd is stopped and knows the volumes shared"):
        Site().planned([SHARED], nodes)


def test_the_pool_that_has_volumes_is_joined():
    site = Site()
    site.run(dict(SHARED, type="distribute", hosts=["n3"], options={}))
    for name in ("n1", "n2", "n4"):
        site.cluster.machines[name].peers, site.cluster.machines[name].volumes = [], {}
    site.cluster.machines["n3"].peers = []
    plan = site.plan(dict(SHARED, type="distribute", hosts=["n3"], options={}))
    assert plan["reference"] == "n3" and plan["pool"] == ["probe n1", "probe n2", "probe n4"]


def test_a_node_that_has_left_and_is_still_known_is_taken_in_anew():
    site, volume = Site(), dict(SHARED, hosts=["n1", "n2", "n3"])
    site.run(volume)
    site.cluster.machines["n4"].peers, site.cluster.machines["n4"].volumes = [], {}
    plan = site.plan(volume)
    assert plan["pool"] == ["detach and probe n4: it has left, and members know it from before"]
    assert plan["pool_due"] and plan["needs_change"]
    site.run(volume)
    assert not site.plan(volume)["needs_change"]


def test_members_that_know_different_things_of_a_volume_are_named():
    site = Site()
    site.run(SHARED)
    nodes = site.nodes()
    assert not any("know different things" in line for line in site.planned([SHARED], nodes)["explanation"])
    nodes[2].gluster["volumes"]["shared"] = "another"
    [line] = [line for line in site.planned([SHARED], nodes)["explanation"] if "know different things" in line]
    assert line.startswith("n1 and n3 know different things of the volumes shared: ")
    nodes[2].gluster["running"] = False
    assert not any("know different things" in line for line in site.planned([SHARED], nodes)["explanation"])


def test_members_outside_of_the_inventory_are_named():
    site = Site()
    site.run(SHARED)
    nodes = [node for node in site.nodes() if node.name != "n2"]
    with pytest.raises(PlanError, match="gluster_volumes: shared has the brick n2:/.*add that host"):
        site.planned([SHARED], nodes)


@pytest.mark.parametrize(
    ("volume", "message"),
    [
        (dict(SHARED, type="stripe"), "features.shard"),
        (dict(SHARED, type="raid"), "type"),
        (dict(SHARED, size="90GiB"), "90|free"),
        (dict(SHARED, hosts=["n1", "n2"]), "shared"),
    ],
)
def test_bad_input_is_one_error(volume, message):
    with pytest.raises(BrickworkError, match=message):
        Site().plan(volume)


def test_one_read_tells_which_volumes_need_the_module():
    site = Site()
    plan = site.run(SHARED, ARCHIVE)
    gluster = observe_gluster(Gluster(site.hosts["n1"]), ("pool", "volumes"), lambda: [])
    wanted = [volume["parameters"] for volume in plan["volumes"]]
    assert pending_volumes(wanted, gluster) == []
    wanted[0] = dict(wanted[0], options={"network.ping-timeout": 30})
    assert [volume["name"] for volume in pending_volumes(wanted, gluster)] == [wanted[0]["name"]]


def test_a_brick_that_would_shrink_is_refused():
    site = Site()
    site.run(SHARED)
    nodes = site.nodes()
    desired = desired_host(
        {
            "bricks": [
                {"name": "shared-1", "device": next(iter(nodes[0].disks.bricks.values()))["device"], "size": "1GiB"}
            ],
            "devices": [],
            "root": "/srv/gluster",
            "mount_options": "noatime",
        }
    )
    with pytest.raises(UnsafeChangeError, match="shrink"):
        converge(BrickOperation(site.brick_host("n1"), desired))


TLS = {
    "tls_names": {"n1": "n1", "n2": "n2.pool", "n3": "n3", "n4": "n4", "c1": "c1", "c2": "c2"},
    "clients": ("c1", "c2"),
}
MOUNTED = dict(SHARED, clients=[{"path": "/m", "hosts": ["c2"]}])


def options_of(plan, name="shared"):
    return next(volume["parameters"]["options"] for volume in plan["volumes"] if volume["name"] == name)


def test_encrypted_volumes_are_for_the_pool_and_who_mounts_them():
    site = Site()
    options = options_of(site.run(MOUNTED, **TLS))
    assert (options["client.ssl"], options["server.ssl"], options["network.ping-timeout"]) == ("on", "on", 20)
    assert options["auth.ssl-allow"] == "c2,n1,n2.pool,n3,n4"
    site.encrypted = True
    assert not site.plan(MOUNTED, **TLS)["needs_change"]
    everywhere = dict(SHARED, clients=[{"path": "/m"}])
    assert options_of(site.plan(everywhere, **TLS))["auth.ssl-allow"] == "c1,c2,n1,n2.pool,n3,n4"
    assert "auth.ssl-allow" not in options_of(Site().plan(MOUNTED))


def test_who_is_allowed_can_be_said_but_not_without_the_nodes():
    own = dict(MOUNTED, options={"auth.ssl-allow": "*"})
    assert options_of(Site().plan(own, **TLS))["auth.ssl-allow"] == "*"
    own["options"] = {"auth.ssl-allow": "c9, n1, n3, n4"}
    with pytest.raises(InputError, match=r"auth.ssl-allow of shared lacks the storage nodes n2\.pool"):
        Site().plan(own, **TLS)


def test_encryption_comes_to_stopped_volumes_only():
    site = Site()
    site.run(MOUNTED)
    with pytest.raises(UnsafeChangeError, match="gluster_server_tls: shared is started, and glusterd does not encrypt"):
        site.plan(MOUNTED, **TLS)
    site.encrypted = True
    with pytest.raises(UnsafeChangeError, match="volume shared is started without encryption"):
        site.plan(MOUNTED, **TLS)
    site.encrypted = False
    stopped = dict(MOUNTED, state="stopped")
    site.run(stopped)
    site.run(stopped, **TLS)
    site.encrypted = True
    steps = [step["kind"] for volume in site.plan(MOUNTED, **TLS)["volumes"] for step in volume["steps"]]
    assert steps == ["start_volume"]


def test_encryption_does_not_end_by_omission():
    site = Site()
    site.encrypted = True
    with pytest.raises(PlanError, match="gluster_server_tls: it is not true, and glusterd encrypts on n1, n2, n3, n4"):
        site.plan(SHARED)


@pytest.mark.parametrize(
    ("name", "reason"), [("n1", "n1, n2 are all called n1"), ("a b", "n2: gluster_server_tls_name")]
)
def test_names_of_certificates(name, reason):
    with pytest.raises(InputError, match=reason):
        Site().plan(SHARED, tls_names={"n1": "n1", "n2": name, "n3": "n3", "n4": "n4"})


def with_snapshot(site, host, path):
    """A boot has mounted a snapshot of the brick in its place, as a line by uuid lets it."""
    machine, mount = site.hosts[host], path.rpartition("/")[0]
    own = machine.mounted[mount]
    snapshot = own.partition("/")[0] + "/0123abcd_0"
    machine.volumes[snapshot] = dict(machine.volumes[own], tags=set(), content=["brick"])
    machine.mounted[mount] = snapshot
    return own


def test_a_snapshot_in_place_of_a_brick_is_a_finding_and_all_else_goes_on(site_of_shared):
    """As after a power cut of all nodes: one node after the other can be mended."""
    site, host, path = site_of_shared
    with_snapshot(site, host, path)
    other = bricks_of(site.plan(SHARED), "shared")[2].split(":")[0]
    site.hosts[other].mounted.clear()
    plan = site.plan(dict(SHARED, size="3GiB"), ARCHIVE)
    [said] = plan["broken"]
    assert said.startswith(f"volume shared: brick {host}:{path} on {host} serves old files: its snapshot /dev/mapper/")
    assert "'A snapshot is mounted in place of a brick'" in said
    assert not [step for step in plan["bricks"][host]["steps"] if "shared" in step["target"]]
    assert "mount" in [step["kind"] for step in plan["bricks"][other]["steps"]]
    assert [volume["name"] for volume in plan["volumes"] if volume["steps"]] == ["archive"]
    assert (plan["replacements"], plan["irreplaceable"], plan["moves"]) == ([], [], [])
    site.make_bricks(plan)
    assert site.hosts[host].mounted[path.rpartition("/")[0]].endswith("/0123abcd_0")


def with_other(site, host, mount):
    """Somebody has mounted something else where a brick belongs."""
    site.hosts[host].volumes["vg0/home"] = dict(site.hosts[host].volumes[site.hosts[host].mounted[mount]], tags=set())
    site.hosts[host].volumes["vg0/home"]["uuid"] = "8b2a5df0-6f0e-4d57-9a39-64c2f0b4b0ab"
    site.hosts[host].mounted[mount] = "vg0/home"


def test_something_else_in_place_of_a_brick_is_a_finding_and_all_else_goes_on(site_of_shared):
    site, host, path = site_of_shared
    mount = path.rpartition("/")[0]
    with_other(site, host, mount)
    plan = site.plan(dict(SHARED, size="3GiB"), ARCHIVE)
    [said] = plan["broken"]
    assert said == (
        f"volume shared: brick {host}:{path} on {host} is left as it is: it belongs at {mount}, and "
        "/dev/mapper/vg0-home is mounted there; unmount that, and run site"
    )
    assert not [step for step in plan["bricks"][host]["steps"] if "shared" in step["target"]]
    assert [volume["name"] for volume in plan["volumes"] if volume["steps"]] == ["archive"]


LINE = "server:/export {mount} nfs defaults 0 0"


def with_line(site, host, mount):
    """Somebody has written into fstab what a boot would mount where a brick belongs."""
    site.hosts[host].texts["/etc/fstab"] = LINE.format(mount=mount) + "\n"


def with_files(site, host, mount):
    """Something has written into the mount point while the brick was not mounted."""
    site.hosts[host].mounted.pop(mount)
    site.hosts[host].folders[mount] = ["precious"]


@pytest.mark.parametrize(
    ("disturb", "found", "is_there"),
    [
        (with_line, f"/etc/fstab mounts something else there ({LINE}); remove that line, and run site", True),
        (
            with_files,
            "that folder is not empty: a mount would hide what it holds; move what is in it elsewhere,",
            False,
        ),
    ],
)
def test_what_keeps_a_brick_from_its_mount_is_a_finding_and_all_else_goes_on(site_of_shared, disturb, found, is_there):
    site, host, path = site_of_shared
    mount = path.rpartition("/")[0]
    disturb(site, host, mount)
    plan = site.plan(dict(SHARED, size="3GiB"), ARCHIVE)
    [said] = plan["broken"]
    assert f"brick {host}:{path} on {host} is left as it is: it belongs at {mount}, and " in said
    assert found.format(mount=mount) in said
    assert not [step for step in plan["bricks"][host]["steps"] if "shared" in step["target"]]
    assert [volume["name"] for volume in plan["volumes"] if volume["steps"]] == ["archive"]
    others = [step["target"] for name in ZONES for step in plan["bricks"][name]["steps"] if "shared" in step["target"]]
    assert len(set(others)) == 2, "the other bricks grow"
    site.make_bricks(plan)
    nodes = [node._replace(gluster=dict(node.gluster, running=node.name != host)) for node in site.nodes()]
    if is_there:
        assert site.planned([SHARED, ARCHIVE], nodes)["needs_change"], "glusterd may start: the brick is in its place"
    else:
        with pytest.raises(
            UnsafeChangeError, match=f"glusterd does not run on {host}, and is not started: volume shared:"
        ):
            site.planned([SHARED, ARCHIVE], nodes)


@pytest.mark.parametrize("disturb", [with_line, with_files])
def test_no_brick_is_filled_from_one_that_is_not_mounted_though_it_is_from_one_that_a_boot_would_not_mount(
    site_of_shared, disturb
):
    site, host, path = site_of_shared
    other = next(name for name in bricks_of(site.plan(SHARED), "shared") if not name.startswith(f"{host}:"))
    disturb(site, host, path.rpartition("/")[0])
    plan = site.planned([SHARED], stating_lost(site.nodes(), dict([other.split(":")])))
    assert bool(plan["moves"]) == (disturb is with_line), plan["immovable"]


def test_a_brick_that_is_to_be_made_is_refused_before_the_first_change_where_fstab_has_another_line():
    site = Site()
    host, path = bricks_of(site.plan(SHARED), "shared")[0].split(":")
    with_line(site, host, path.rpartition("/")[0])
    with pytest.raises(
        UnsafeChangeError, match=f"mount on {host}: .* is not free for brick shared-1 .* remove that line, or"
    ):
        site.plan(SHARED)


@pytest.mark.parametrize("in_place", ["snapshot", "other", "line", "files"])
def test_a_volume_waits_where_its_prepared_brick_can_not_come_to_its_place(in_place):
    """A run that was cut off has made the brick: nothing is done to it, and the plan goes on with all else."""
    site = Site()
    plan = site.plan(SHARED)
    site.make_bricks(plan)
    host, path = bricks_of(plan, "shared")[0].split(":")
    mount = path.rpartition("/")[0]
    fstab = site.hosts[host].texts["/etc/fstab"]
    if in_place == "snapshot":
        with_snapshot(site, host, path)
    else:
        {"other": with_other, "line": with_line, "files": with_files}[in_place](site, host, mount)
    plan = site.plan(dict(SHARED, size="3GiB"), ARCHIVE)
    [said] = plan["broken"]
    assert said.startswith(
        f"gluster_volumes: shared waits: its brick shared-1 on {host}, which was made before, is left"
    )
    assert f"it belongs at {mount}, and " in said and said.endswith(", and run site") and plan["needs_change"]
    assert not [step for step in plan["bricks"][host]["steps"] if "shared" in step["target"]]
    assert [volume["name"] for volume in plan["volumes"]] == ["archive"]
    others = [step["target"] for name in ZONES for step in plan["bricks"][name]["steps"] if "shared" in step["target"]]
    assert len(set(others)) >= 2, "the other bricks grow meanwhile"
    site.make_bricks(plan)
    site.hosts[host].mounted.pop(mount, None)
    site.hosts[host].folders[mount] = []
    site.hosts[host].texts["/etc/fstab"] = fstab
    assert [volume["name"] for volume in site.plan(dict(SHARED, size="3GiB"), ARCHIVE)["volumes"]] == [
        "shared",
        "archive",
    ]


def test_a_brick_left_over_from_earlier_holds_up_no_volume(site_of_shared):
    site, _host, _path = site_of_shared
    plan = site.plan({**SHARED, "sets": 2, "size": "4GiB"})
    site.make_bricks(plan)
    host, path = bricks_of(plan, "shared")[3].split(":")
    with_other(site, host, path.rpartition("/")[0])
    plan = site.plan(SHARED)
    assert plan["broken"] == [] and [volume["name"] for volume in plan["volumes"]] == ["shared"]


def test_no_brick_is_started_on_its_snapshot(site_of_shared):
    site, host, path = site_of_shared
    with_snapshot(site, host, path)
    site.mark_bricks("shared")
    site.cluster.processes[f"{host}:{path}"] = None
    plan = site.plan(SHARED)
    assert plan["starts"] == {} and volume_steps(plan) == [] and len(plan["broken"]) == 1


def test_a_volume_that_does_not_run_waits_while_a_snapshot_is_in_place_of_its_brick(site_of_shared):
    site, host, path = site_of_shared
    with_snapshot(site, host, path)
    for machine in site.cluster.machines.values():
        machine.volumes["shared"]["status"] = "Stopped"
    plan = site.plan(SHARED, ARCHIVE)
    assert [volume["name"] for volume in plan["volumes"]] == ["archive"]
    assert "gluster_volumes: shared: it waits, and does not run: " in plan["broken"][-1]


def test_glusterd_is_not_started_where_it_would_start_a_brick_on_its_snapshot(site_of_shared):
    site, host, path = site_of_shared
    with_snapshot(site, host, path)
    nodes = [node._replace(gluster=dict(node.gluster, running=node.name != host)) for node in site.nodes()]
    with pytest.raises(UnsafeChangeError, match=f"glusterd does not run on {host}, and is not started: volume shared:"):
        site.planned([SHARED], nodes)


@pytest.mark.parametrize("lost", ["disk", "brick"])
def test_no_brick_is_made_anew_beside_one_with_old_files(site_of_shared, lost):
    """It might be filled from that: AFR has nothing pending for what such a brick lacks."""
    site, host, path = site_of_shared
    with_snapshot(site, host, path)
    name = next(brick for brick in bricks_of(site.plan(SHARED), "shared") if brick != f"{host}:{path}")
    other, other_path = name.split(":")
    nodes = site.nodes()
    if lost == "disk":
        take_disk(site, other, brick_device(nodes, other_path))
        plan = site.plan(SHARED)
    else:
        plan = site.planned([SHARED], stating_lost(nodes, {other: other_path}))
    [refused] = plan["irreplaceable"] + plan["immovable"]
    assert refused.startswith(f"volume shared: {name} is not replaced, since it might be filled from {host}:{path},")
    assert (plan["replacements"], plan["moves"]) == ([], [])


def test_one_with_old_files_is_no_source_where_all_others_are_lost(site_of_shared):
    """It does not say that the others have everything."""
    site, host, path = site_of_shared
    with_snapshot(site, host, path)
    lost = [brick for brick in bricks_of(site.plan(SHARED), "shared") if brick != f"{host}:{path}"]
    site.cluster.processes.update(dict.fromkeys(lost))
    plan = site.planned([SHARED], stating_lost(site.nodes(), dict(brick.split(":") for brick in lost)))
    [refused] = {*plan["irreplaceable"], *plan["immovable"]}
    assert refused.startswith(f"volume shared has lost {', '.join(sorted(lost))} of one set, and what is left of it (")
    assert f"({host}:{path}, which is not mounted in its place) does not hold all files: 0 bricks do" in refused
    assert f"what {host}:{path} shows of its files may be old" in refused
    assert (plan["replacements"], plan["moves"]) == ([], [])


def test_the_brick_with_old_files_is_made_anew_itself(site_of_shared):
    site, host, path = site_of_shared
    with_snapshot(site, host, path)
    plan = site.planned([SHARED], stating_lost(site.nodes(), {host: path}))
    assert plan["immovable"] == [] and [move["brick"] for move in plan["moves"]] == [f"{host}:{path}"]


def brick_device(nodes, path):
    return next(disk["device"] for node in nodes for disk in node.disks.bricks.values() if disk["path"] == path)


def stating_lost(nodes, bricks):
    states = {name: {path: "lost"} for name, path in bricks.items()}
    return [node._replace(brick_states=states.get(node.name, {})) for node in nodes]


def test_a_volume_with_old_files_is_neither_moved_nor_reshaped(site_of_shared):
    site, host, path = site_of_shared
    nodes = site.nodes()
    device = next(one for one in ("/dev/sdb", "/dev/sdc") if one != brick_device(nodes, path))
    moved, reshaped = dict(SHARED, devices=[device]), {**SHARED, "type": "arbiter"}
    given = Settings(moved=("shared",))
    before = site.planned([moved], nodes, given), site.planned([reshaped], nodes)
    assert before[0]["volume_moves"] and before[1]["copy_changes"]
    with_snapshot(site, host, path)
    moves, changes = site.planned([moved], site.nodes(), given), site.planned([reshaped], site.nodes())
    assert moves["volume_moves"] == changes["copy_changes"] == []
    for [refused] in (moves["volumes_immovable"], changes["unchangeable"]):
        assert "serves old files" in refused and refused.endswith("the volume stay where they are")
