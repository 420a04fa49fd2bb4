# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bricks without a process are started where their nodes see that all of them is there, and nowhere else."""

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import BrickworkError
from ansible_collections.brickwork.gluster.plugins.module_utils.facts import to_facts
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.info import observe_gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.marks import Mark
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Brick, Peer, Pool, Volume
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.volume import VolumesOperation
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.volume_plan import DesiredVolume
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.volumes_plan import pending_volumes
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.records import (
    BrickPlace,
    LogicalVolume,
    Mount,
    ObservedHost,
    PhysicalVolume,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import converge
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.brick_starts import (
    brick_starts,
    with_brick_starts,
)
from ansible_collections.brickwork.gluster.tests.fakes.clock import FakeClock
from ansible_collections.brickwork.gluster.tests.fakes.cluster import FakeCluster

NAMES = ("h1", "h2", "h3")
PATHS = {name: "/srv/gluster/v-%s/brick" % name for name in NAMES}
BRICKS = tuple(Brick(name, PATHS[name], "uuid-" + name) for name in NAMES)
VOLUME = Volume("v", "the-id", "Started", 3, 0, 0, 0, BRICKS, {})
POOL = Pool(tuple(Peer("uuid-" + name, (name,), True, 3, "Peer in Cluster") for name in NAMES))
ROOT = Mount("/dev/vda", "/", "ext4", "root")


def host(name, **changes):
    path = PATHS[name]
    mount = Mount("/dev/x", path.rpartition("/")[0], "xfs", "u")
    place = BrickPlace(True, True, False, Mark(path, "the-id", False))
    place = place._replace(**changes.pop("place", {}))
    return ObservedHost(name, "m", {}, mounts=(ROOT, mount), places={path: place}, uuid="uuid-" + name)._replace(
        **changes
    )


def judge(*hosts, **more):
    offline = more.pop("offline", ["h2:" + PATHS["h2"]])
    return brick_starts(VOLUME, offline, more.pop("pool", POOL), {one.uuid: one for one in hosts}, **more)


def test_a_brick_that_is_whole_is_started():
    assert judge(host("h1"), host("h2"), host("h3")) == (("h2:" + PATHS["h2"],), ())
    assert judge(host("h2"), offline=[]) == ((), ())


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"mounts": (ROOT,)}, "nothing is mounted for it on h2"),
        ({"place": {"mark": None}}, "does not bear the mark of the volume"),
        ({"place": {"mark": Mark("p", "other-id", False)}}, "does not bear the mark of the volume"),
        ({"place": {"directory_exists": False, "mark": None}}, "on h2; its disk, or its mount, is missing"),
        ({"place": {"problem": "Input/output error"}}, r"can't be read (Input/output error); its disk may be dead"),
        ({"places": {}}, "its node did not tell"),
    ],
)  # fmt: skip
def test_a_brick_of_which_something_is_missing_is_not_started_and_the_reason_is_told(changes, reason):
    starts = judge(host("h1"), host("h2", **changes))
    assert starts.names == ()
    [(_brick, said)] = starts.reasons
    assert said.startswith("volume v: brick h2:%s has no process and is not started: " % PATHS["h2"]) and reason in said


def test_a_mark_on_the_root_file_system_under_a_mount_that_is_missing_does_not_help():
    """A start force by hand has marked the folder; /srv is a file system of its own, and the brick's is not there."""
    fstab = "UUID=u /srv/gluster/v-h2 xfs nofail 0 0\n"
    srv = Mount("/dev/vdb", "/srv", "ext4", "srv")
    assert judge(host("h2", mounts=(ROOT, srv), fstab=fstab)).names == ()
    assert judge(host("h2", fstab=fstab)).names
    assert judge(host("h2", mounts=(ROOT, srv))).names


def test_one_that_a_start_would_harm_keeps_the_others_and_one_that_is_gone_does_not():
    offline = ["h2:" + PATHS["h2"], "h3:" + PATHS["h3"]]
    assert judge(host("h2", mounts=(ROOT,)), host("h3"), offline=offline).names == ()
    gone = host("h2", place={"directory_exists": False, "mark": None})
    assert judge(gone, host("h3"), offline=offline).names == (offline[1],)


GROUP = "brickwork_sdb"
DISK = PhysicalVolume("/dev/sdb", "pv", GROUP, ("brickwork",), 0)
OWN = LogicalVolume("brick_v-h2", GROUP, 1, pool="pool_v-h2")
SNAPSHOT = OWN._replace(name="0123abcd_0")


@pytest.mark.parametrize("active", [True, False])
def test_no_brick_is_started_on_its_snapshot_and_none_beside_it(active):
    """A snapshot has the directory and the mark as the brick has them, and only old files."""
    lvm = {"physicals": (DISK,), "logicals": (OWN._replace(active=active), SNAPSHOT)}
    mounts = (ROOT, Mount(SNAPSHOT.mapper_path, "/srv/gluster/v-h2", "xfs", "u"))
    offline = ["h2:" + PATHS["h2"], "h3:" + PATHS["h3"]]
    starts = judge(host("h2", mounts=mounts, **lvm), host("h3"), offline=offline)
    [(_brick, said)] = starts.reasons
    assert starts.names == () and f"its snapshot {SNAPSHOT.mapper_path} is mounted in its place: docs" in said
    mounts = (ROOT, mounts[1]._replace(source=OWN.mapper_path))
    assert judge(host("h2", mounts=mounts, **lvm), host("h3"), offline=offline).names == tuple(offline)


def test_a_restored_volume_is_started_on_what_was_a_snapshot():
    path = "/run/gluster/snaps/0123abcd/brick1/brick"
    volume = VOLUME._replace(bricks=(Brick("h2", path, "uuid-h2"),))
    own = OWN._replace(name="brick_brick1", pool="pool_brick1")
    seen = host("h2", physicals=(DISK,), logicals=(own, SNAPSHOT._replace(pool="pool_brick1")))._replace(
        mounts=(ROOT, Mount(SNAPSHOT.mapper_path, path[: -len("/brick")], "xfs", "u")),
        places={path: BrickPlace(False, True, False, Mark(path, "the-id", False))},
    )
    assert brick_starts(volume, ["h2:" + path], POOL, {seen.uuid: seen}).names == ("h2:" + path,)


def test_a_brick_that_is_lost_is_not_started_and_keeps_others_only_while_it_is_there():
    """It may be there as it was long ago: a start of another one would start it as well."""
    offline = ["h2:" + PATHS["h2"], "h3:" + PATHS["h3"]]
    starts = judge(host("h2"), host("h3"), offline=offline, lost=offline[:1])
    [(name, said)] = starts.reasons
    assert (starts.names, name) == ((), offline[0]) and "says that it is lost, so that the playbook replace" in said
    gone = host("h2", mounts=(ROOT,), place={"directory_exists": False, "mark": None})
    starts = judge(gone, host("h3"), offline=offline, lost=offline[:1])
    assert starts.names == (offline[1],) and "says that it is lost" in starts.reasons[0][1]


def test_bricks_of_a_member_that_is_away_come_with_it():
    peers = tuple(peer._replace(connected=peer.uuid != "uuid-h2") for peer in POOL.peers)
    assert judge(host("h1"), host("h2"), pool=Pool(peers)) == ((), ())


def test_one_that_is_about_to_be_mounted_is_planned_for():
    name = "h2:" + PATHS["h2"]
    assert judge(host("h2", mounts=(ROOT,), place={"mark": None}), mounting=[name]).names == (name,)


# The whole way, on a pool in memory


@pytest.fixture
def cluster():
    made = FakeCluster(*NAMES)
    made.form_pool(*NAMES)
    gluster = Gluster(made.on("h1"), clock=FakeClock())
    gluster.ask("volume", "create", "v", "replica", "3", *[brick.name for brick in BRICKS])
    gluster.ask("volume", "start", "v")
    made.commands.clear()
    return made


def operation(cluster, start_bricks):
    desired = DesiredVolume("v", "started", start_bricks=tuple(start_bricks))
    gluster = Gluster(cluster.on("h1"), clock=FakeClock())
    return VolumesOperation(gluster, cluster.directories_of("h1"), [desired], 5, FakeClock(), lambda name: [])


def run(cluster, *start_bricks):
    return [step.kind for step in converge(operation(cluster, start_bricks)).steps]


def test_start_force_is_one_step_and_only_for_bricks_without_a_process(cluster):
    assert run(cluster, *BRICKS) == []
    cluster.processes[BRICKS[1].name] = None
    assert run(cluster) == [], "nobody looked at the brick"
    planned = converge(operation(cluster, BRICKS), check_mode=True)
    assert planned.steps[0].describe()["command"].endswith("volume start v force")
    assert run(cluster, *BRICKS) == ["start_bricks"]
    assert run(cluster, *BRICKS) == []


def test_a_start_that_says_success_and_starts_nothing_is_an_error(cluster):
    """As measured: start force answers success, and the brick stays offline."""
    cluster.processes[BRICKS[1].name] = None
    cluster.dead.add((BRICKS[1].host, BRICKS[1].path))
    with pytest.raises(BrickworkError, match="no brick process after 5 s for h2:"):
        run(cluster, *BRICKS)


def test_a_dead_brick_beside_it_does_not_make_the_start_of_another_fail(cluster):
    for brick in BRICKS[1:]:
        cluster.processes[brick.name] = None
    cluster.dead.add((BRICKS[1].host, BRICKS[1].path))
    assert run(cluster, BRICKS[2]) == ["start_bricks"]


def test_one_read_tells_which_volumes_have_bricks_to_start(cluster):
    hosts = [host(name, uuid=cluster.machines[name].uuid) for name in NAMES]
    volume_id = cluster.machines["h1"].volumes["v"]["id"]
    seen = [
        to_facts(one._replace(places={path: place._replace(mark=Mark(path, volume_id, False))}))
        for one in hosts
        for path, place in one.places.items()
    ]
    desired = [{"name": "v", "state": "started"}]

    def pending():
        facts = observe_gluster(Gluster(cluster.on("h1"), clock=FakeClock()), ("pool", "volumes", "bricks"), dict)
        return pending_volumes(with_brick_starts(desired, facts, seen), facts)

    assert pending() == []
    cluster.processes[BRICKS[1].name] = None
    assert pending() == [dict(desired[0], start_bricks=[BRICKS[1].name])]
    seen[1]["places"][BRICKS[1].path]["mark"] = None
    assert pending() == []
