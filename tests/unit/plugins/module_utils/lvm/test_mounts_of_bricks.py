# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A brick is found by what its file system says, mounted, and looked for at its mount point before it is used."""

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import PlanError, UnsafeChangeError
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm import fstab
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.boot_order import BOOT_FILES
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.host import BrickHost
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.info import observe_bricks
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import StepError, converge
from ansible_collections.brickwork.gluster.tests.fakes.bricks import brick, machine, operation, refused, run
from ansible_collections.brickwork.gluster.tests.fakes.host import FakeDirectories

MOUNT = "/srv/gluster/shared-1"
VOLUME = "brickwork_sdb/brick_shared-1"
#: A new system has nothing that orders glusterd.
ORDERED = ["order_glusterd"] * len(BOOT_FILES)
MOUNTED = ["make_mount_point", "mount", "make_brick_directory"]
NEW_SYSTEM = "# a new system\n"


@pytest.fixture
def host():
    """A machine with a brick that holds data."""
    made = machine()
    run(made, brick())
    made.volumes[VOLUME]["content"].append("data")
    return made


def with_new_system_disk(host):
    """The machine with a fresh system on another disk: nothing of the old one but the data disks."""
    host.mounted.clear()
    host.folders = {"/": []}
    host.texts = {"/etc/machine-id": "fedcba9876543210\n", "/etc/fstab": NEW_SYSTEM}
    host.changes.clear()
    return host


def line(host):
    [entry] = fstab.find_targets(host.texts["/etc/fstab"], MOUNT)
    return entry


def test_the_brick_is_found_again_after_the_machine_got_another_identity(host):
    """As seen: what fstab named was computed from the machine's id, and no disk had that."""
    assert run(with_new_system_disk(host), brick()) == ["add_fstab_line", *MOUNTED, *ORDERED]
    assert line(host).source == "/dev/" + VOLUME
    assert host.mounted == {MOUNT: VOLUME}
    assert set(host.volumes[VOLUME]["content"]) == {"brick", "data"}
    assert not any(change.startswith(("mkfs", "lvcreate", "pvcreate", "wipefs")) for change in host.changes)


def test_what_is_mounted_stays_mounted_whatever_the_identity(host):
    host.texts["/etc/machine-id"] = "fedcba9876543210\n"
    assert run(host, brick()) == []
    assert run(host, {"name": "shared-1", "state": "absent"}) == ["unmount", "remove_fstab_line", "remove_brick_volume"]


def test_a_brick_that_is_not_active_yet_on_a_new_system_is_found_once_it_is(host):
    with_new_system_disk(host).inactive.add(VOLUME)
    planned = converge(operation(host, brick()), check_mode=True)
    assert [step.kind for step in planned.steps] == ["activate_volume", *ORDERED]
    done = converge(operation(host, brick()))
    assert [step.kind for step in done.steps] == ["activate_volume", *ORDERED, "add_fstab_line", *MOUNTED]
    assert host.mounted == {MOUNT: VOLUME} and MOUNT + "/brick" not in host.folders


def test_no_brick_directory_is_made_where_nothing_is_mounted(host):
    """mount succeeds without mounting, because of nofail."""
    host = machine()
    mount = host._mount
    host._mount = lambda argv: mount(["/elsewhere"]) and type(mount(["/"]))(0, "", "")
    with pytest.raises(
        StepError, match="mount shared-1: bricks: mount said nothing, and /dev/brickwork_sdb/brick_shared-1 is"
    ):
        converge(operation(host, brick()))
    assert MOUNT + "/brick" not in host.folders


def test_something_else_at_the_mount_point_after_mounting_is_noticed(host):
    fresh = machine()
    fresh._mount = lambda argv: fresh.mounted.update({argv[0]: "elsewhere/volume"}) or fresh._systemctl(argv)
    with pytest.raises(StepError, match="is not mounted at /srv/gluster/shared-1 on host1"):
        converge(operation(fresh, brick()))


STRANGE = "11111111-2222-3333-4444-555555555555"
BROKEN = "UUID=%s /srv/gluster/shared-1 xfs noatime, inode64,nofail,x-systemd.before=glusterd.service 0 0"


@pytest.mark.parametrize(
    "written",
    [
        BROKEN,
        "UUID=%s /srv/gluster/shared-1 xfs noatime 0 0",
        "UUID=%s  /srv//gluster/shared-1/ xfs",
        "UUID=%s /srv/gluster/shared-1 xfs nofail,x-systemd.before=glusterd.service 0 0" % STRANGE,
        "/dev/brickwork_sdb/brick_shared-1 /srv/gluster/shared-1 xfs defaults 0 0",
        BROKEN + "\n" + BROKEN.replace("noatime,", "noatime"),
    ],
)
def test_a_line_of_ours_that_differs_is_repaired(host, written):
    uuid = host.volumes[VOLUME]["uuid"]
    desired = line(host).line
    written = written.replace("%s", uuid)
    host.texts["/etc/fstab"] = "# first\n%s\n/dev/x /last ext4 defaults 0 0\n" % written
    host.mounted.clear()
    assert run(host, brick()) == ["repair_fstab_line", *MOUNTED]
    assert host.texts["/etc/fstab"] == "# first\n%s\n/dev/x /last ext4 defaults 0 0\n" % desired
    assert run(host, brick()) == []


def test_other_options_are_written_and_spaces_between_words_are_nobodys_business(host):
    assert run(host, brick(), mount_options="noatime") == ["repair_fstab_line"]
    assert "xfs noatime,nofail," in line(host).line
    host.texts["/etc/fstab"] = host.texts["/etc/fstab"].replace(" xfs ", "\txfs\t")
    assert run(host, brick(), mount_options="noatime") == []


@pytest.mark.parametrize(
    "written",
    [
        "/dev/sdz /srv/gluster/shared-1 ext4 defaults 0 0",
        "UUID=11111111-2222-3333-4444-555555555555 /srv/gluster/shared-1 xfs defaults 0 0",
        "server:/export /srv/gluster/shared-1 nfs defaults 0 0",
    ],
)
def test_a_line_of_somebody_else_stays_and_is_named_with_what_belongs_there(host, written):
    host.texts["/etc/fstab"] = written + "\n"
    error = refused(host, brick())
    assert isinstance(error, PlanError)
    assert written in str(error) and "is not free for brick shared-1 (/dev/%s): " % VOLUME in str(error)


def with_snapshot(host):
    """A snapshot that GlusterFS made of the brick: the same file system, with the same uuid, in the same thin pool."""
    host.volumes["brickwork_sdb/0123abcd_0"] = dict(host.volumes[VOLUME], tags=set(), content=["brick"])
    return host


def test_after_a_boot_the_brick_is_mounted_and_no_snapshot_of_it(host):
    """As seen: mount by uuid took the snapshot, and the volume went on with its old files."""
    with_snapshot(host).mounted.clear()
    run(host, brick())
    assert host.mounted == {MOUNT: VOLUME} and "data" in host.volumes[VOLUME]["content"]


def test_a_line_by_uuid_of_an_earlier_release_is_repaired_while_the_brick_serves(host):
    desired, uuid = line(host).line, host.volumes[VOLUME]["uuid"]
    host.texts["/etc/fstab"] = host.texts["/etc/fstab"].replace(f"/dev/{VOLUME} ", f"UUID={uuid} ")
    assert run(with_snapshot(host), brick()) == ["repair_fstab_line"]
    assert line(host).line == desired and run(host, brick()) == []


@pytest.mark.parametrize("inactive", [set(), {VOLUME}])
def test_a_snapshot_in_place_of_the_brick_is_refused_and_named(host, inactive):
    """Also while the brick's own volume is not active, so that nobody knows its uuid."""
    with_snapshot(host).mounted[MOUNT] = "brickwork_sdb/0123abcd_0"
    host.inactive = inactive
    error = refused(host, brick())
    assert isinstance(error, UnsafeChangeError)
    assert "brick shared-1 serves old files, as its snapshot /dev/mapper/brickwork_sdb-0123abcd_0 is" in str(error)
    seen = BrickHost(host, Gluster(host), host, FakeDirectories(), "host1")
    [told] = observe_bricks(seen, [], "/srv/gluster")["bricks"]
    assert told["mounted_instead"] == "/dev/mapper/brickwork_sdb-0123abcd_0" and told["problem"] == ""


def test_of_two_volumes_with_one_name_the_mounted_one_is_the_brick(host):
    """A disk was given up, its brick was made anew on another one, and the disk comes back."""
    run(host, brick("other-1", device="/dev/sdc", size="1GiB"))
    anew = "brickwork_sdc/brick_shared-1"
    host.volumes[anew] = {**host.volumes[VOLUME], "group": "brickwork_sdc", "uuid": "anew"}
    for there, group in ((anew, "brickwork_sdc"), (VOLUME, "brickwork_sdb")):
        host.mounted[MOUNT] = there
        seen = BrickHost(host, Gluster(host), host, FakeDirectories(), "host1").observe([], [])
        assert seen.logical("brick_shared-1").group == group


def test_what_is_in_another_thin_pool_is_no_snapshot_of_the_brick(host):
    """Of a brick that is not active, the volume of another one is told from a snapshot by its pool."""
    run(host, brick("other-1", size="1GiB"))
    host.mounted[MOUNT] = "brickwork_sdb/brick_other-1"
    host.inactive = {VOLUME}
    assert "/dev/mapper/brickwork_sdb-brick_other--1 is mounted there; see what" in str(refused(host, brick()))


def test_a_volume_marked_as_new_is_never_formatted_while_it_is_mounted(host):
    """Whatever uuid its file system has: the machine may have had another identity when that was made."""
    host.texts["/etc/machine-id"] = "fedcba9876543210\n"
    host.volumes[VOLUME]["tags"].add("brickwork_new")
    host.mounted = {"/mnt/elsewhere": VOLUME}
    error = refused(host, brick())
    assert isinstance(error, UnsafeChangeError) and "marked as new and yet mounted at /mnt/elsewhere" in str(error)


def test_a_volume_that_systemd_mounted_before_it_was_marked_as_ready_is_taken_as_it_is(host):
    """A run was cut off after its mkfs, and fstab had the brick's line already."""
    host.volumes[VOLUME]["tags"].add("brickwork_new")
    assert run(host, brick()) == ["mark_ready"]
    assert "data" in host.volumes[VOLUME]["content"]


def test_mkfs_waits_while_systemd_tries_to_mount_what_is_not_there_yet(host):
    host.busy = 20
    assert "make_filesystem" in run(host, brick("other-1", size="1GiB"))


def test_a_device_that_stays_in_use_ends_the_run(host):
    host.busy = 1000
    with pytest.raises(StepError, match="cannot open /dev/brickwork_sdb/brick_other-1: Device or resource busy"):
        run(host, brick("other-1", size="1GiB"))


def test_words_of_fstab_are_escaped_and_read_back():
    written = fstab.brick_line("/dev/g/l", "/srv/a b\\c#d", "noatime")
    assert "/srv/a\\040b\\134c\\043d" in written and len(written.split()) == 6
    [entry] = fstab.entries("# no entry\n\n%s\nalone\n" % written)
    assert (entry.source, entry.target, entry.kind) == ("/dev/g/l", "/srv/a b\\c#d", "xfs")
    assert entry.options[0] == "noatime"
    assert [entry.line for entry in fstab.find_targets(written, "/srv/a b\\c#d")] == [written]
    assert [entry.target for entry in fstab.find_targets("a /srv//x/ xfs", "/srv/x")] == ["/srv/x"]
