# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.brickwork.gluster.plugins.module_utils.command import Result
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import (
    InputError,
    PlanError,
    UnsafeChangeError,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.marks import Mark
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm import fstab
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.desired import desired_device
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.records import OUR_PV
from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import GIB
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import StepError, converge
from ansible_collections.brickwork.gluster.tests.fakes.bricks import brick, machine, operation, refused, run
from ansible_collections.brickwork.gluster.tests.fakes.host import FakeDirectories, FakeHost, PowerCut

CREATED = [
    "create_physical_volume",
    "create_volume_group",
    "create_thin_pool",
    "create_thin_volume",
    "make_filesystem",
    "mark_ready",
    "add_fstab_line",
    "make_mount_point",
    "mount",
    "make_brick_directory",
]


@pytest.fixture
def host():
    return machine()


def test_from_a_raw_disk_to_a_brick_once(host):
    assert run(host, brick()) == CREATED
    assert host.mounted == {"/srv/gluster/shared-1": "brickwork_sdb/brick_shared-1"}
    made = host.volumes["brickwork_sdb/brick_shared-1"]
    assert made["filesystem"] == "xfs" and made["content"] == ["brick"] and made["tags"] == set()
    mkfs = next(change for change in host.changes if change.startswith("mkfs.xfs"))
    assert "-i size=512 -n size=8192" in mkfs
    assert "--dataalignment 256k" in next(change for change in host.changes if change.startswith("pvcreate"))


def test_the_fstab_line_is_by_the_logical_volume_and_can_not_hang_a_boot(host):
    run(host, brick())
    [entry] = fstab.find_targets(host.texts["/etc/fstab"], "/srv/gluster/shared-1")
    assert entry.source == "/dev/brickwork_sdb/brick_shared-1"
    assert "nofail,x-systemd.device-timeout=60s" in entry.line
    assert host.texts["/etc/fstab"].startswith("# a comment\n/dev/ubda / ext4 defaults 0 1\n")


def test_two_bricks_share_a_disk_and_a_third_gets_its_own(host):
    run(host, brick(size="3GiB"))
    assert "create_physical_volume" not in run(host, brick(size="3GiB"), brick("archive-1", size="2GiB"))
    assert "create_physical_volume" in run(host, brick("other-1", "/dev/sdc"))
    assert len(host.mounted) == 3


def test_another_name_of_the_same_disk_is_the_same_disk(host):
    host.links["/dev/disk/by-id/x"] = "/dev/sdb"
    run(host, brick())
    assert run(host, brick(device="/dev/disk/by-id/x")) == []
    with pytest.raises(InputError, match="are the same disk /dev/sdb"):
        run(host, brick(), brick("b-1", "/dev/disk/by-id/x"))


@pytest.mark.parametrize("changes", range(len(CREATED)))
def test_a_run_that_was_cut_off_anywhere_is_finished_by_the_next(changes):
    host = machine()
    host.cut_after = changes
    with pytest.raises(PowerCut):
        converge(operation(host, brick()))
    host.cut_after = None
    host.mounted.clear()
    converge(operation(host, brick()))
    assert converge(operation(host, brick())).steps == []
    assert host.volumes["brickwork_sdb/brick_shared-1"]["content"] == ["brick"]
    assert sum(change.startswith("pvcreate") for change in host.changes) == 1


def test_a_file_system_that_was_cut_off_is_made_again_and_a_whole_one_never(host):
    host.cut_after = 5
    with pytest.raises(PowerCut):
        converge(operation(host, brick()))
    host.cut_after = None
    assert run(host, brick())[:2] == ["make_filesystem", "mark_ready"]
    host.mounted.clear()
    converge(operation(host, brick()))
    assert sum(change.startswith("mkfs") for change in host.changes) == 2


@pytest.mark.parametrize("content", ["xfs", "ext4", "dos", "crypto_LUKS", "linux_raid_member", "swap"])
def test_a_disk_that_holds_something_is_refused_and_named(host, content):
    host.signatures["/dev/sdc"] = content
    error = refused(host, brick(), brick("b-1", "/dev/sdc"))
    assert isinstance(error, UnsafeChangeError)
    assert "device /dev/sdc on host1: holds %s" % content in str(error)


def test_partitions_mounts_and_volume_groups_of_others_are_refused(host):
    host.partitions["/dev/sdb"] = ["/dev/sdb1"]
    assert "/dev/sdb on host1: is in use by /dev/sdb1" in str(refused(host, brick()))
    host.signatures["/dev/sdb"] = "dos"
    assert "holds dos" in str(refused(host, brick()))
    assert "and is in use by /dev/sdb1" in str(refused(host, brick()))
    host.physicals["/dev/sdc"] = {"uuid": "someone", "group": "data"}
    host.groups["data"] = {"tags": [], "size": 8 * GIB}
    assert "physical volume of the volume group data" in str(refused(host, brick(device="/dev/sdc")))
    for overwrite in (False, True):
        device = {"path": "/dev/sdc", "overwrite": overwrite}
        refused(host, brick(device="/dev/sdc"), devices=[device])


def test_a_physical_volume_of_nobody_knows_whom_is_refused_and_ours_is_not(host):
    host.physicals["/dev/sdb"] = {"uuid": "abcdef-xxxx", "group": ""}
    assert "is a physical volume (abcdef-xxxx) of no volume group" in str(refused(host, brick()))
    host.physicals["/dev/sdb"]["uuid"] = OUR_PV + "0000"
    assert run(host, brick())[0] == "create_volume_group"


def test_overwriting_is_one_option_for_one_disk(host):
    host.signatures = {"/dev/sdb": "ext4", "/dev/sdc": "ext4"}
    devices = [{"path": "/dev/sdb", "overwrite": True}]
    refused(host, brick(), brick("b-1", "/dev/sdc"), devices=devices)
    plan = converge(operation(host, brick(), devices=devices))
    assert [step.kind for step in plan.steps if step.destroys] == ["wipe_device"]
    assert host.signatures == {"/dev/sdc": "ext4"}


def test_sizes_are_checked_for_all_bricks_before_the_first_change(host):
    error = refused(host, brick(size="7GiB"), brick("b-1", size="2GiB"))
    assert isinstance(error, InputError)
    assert "size on host1: shared-1 (7 GiB), b-1 (2 GiB) need" in str(error)
    assert "size on host1: shared-1 (20 GiB) needs" in str(refused(host, brick(size="20GiB")))
    assert "write 300 MiB or more" in str(refused(host, brick(size="10MiB")))


@pytest.mark.parametrize(
    ("bricks", "message"),
    [
        ([brick(), brick(device="/dev/sdc")], "found name shared-1 twice"),
        ([brick(device="/dev/sdx")], "found no such device; write one of the disks there: /dev/sdb, /dev/sdc"),
        ([brick(mount="/a", directory="/b/brick")], "write one inside its mount"),
        ([brick(), brick("b-1", mount="/srv/gluster/shared-1")], "found mount /srv/gluster/shared-1 twice"),
    ],
)
def test_bad_input_is_named_before_anything_is_changed(host, bricks, message):
    error = refused(host, *bricks)
    assert isinstance(error, InputError) and message in str(error) and "host1" in str(error)


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"name": "a b"}, "mount of a b: found"),
        ({"name": "a_tdata-1"}, "name: found"),
        ({"mount": "/"}, "mount of shared-1: found"),
        ({"mount": "/srv/x", "directory": "/srv/x/../../etc"}, "directory of shared-1: found"),
        ({"mount": "/srv/x\n/etc /y xfs"}, "mount of shared-1: found"),
        ({"device": "/dev/sdb\n"}, "device of shared-1: found"),
        ({"device": "--config=x"}, "device of shared-1: found"),
    ],
)
def test_texts_that_are_no_names_and_paths(host, given, found):
    assert found in str(refused(host, brick(**given)))


@pytest.mark.parametrize("given", ["false", "no", 1])
def test_a_text_gives_no_leave_to_wipe(given):
    with pytest.raises(InputError, match="overwrite of /dev/sdb: found .*; write true or false"):
        desired_device({"path": "/dev/sdb", "overwrite": given})


def test_a_plain_path_is_a_device():
    assert desired_device("/dev//sdb") == desired_device({"path": "/dev/sdb"})
    for wrong in ({}, {"path": "/dev/sdb", "color": 1}, 7, {"path": "sdb"}):
        with pytest.raises(InputError, match="devices: "):
            desired_device(wrong)


def test_bad_sizes_and_devices():
    for bricks, devices, message in (
        ([brick(size="much")], [], 'size of shared-1: found "much"'),
        ([brick()], [{"path": "/dev/sdb"}, {"path": "/dev/sdb"}], "found /dev/sdb twice"),
        ([brick()], [{"path": "/dev/sdb", "data_alignment": "100K"}], "found 100K; write a multiple of 64KiB"),
    ):
        with pytest.raises(InputError, match=message):
            operation(machine(), *bricks, devices=devices)


def test_growth_and_no_shrinking(host):
    run(host, brick(size="3GiB"))
    assert run(host, brick(size="5GiB")) == [
        "extend_pool_metadata",
        "extend_pool",
        "mark_growing",
        "extend_thin_volume",
        "grow_filesystem",
        "mark_grown",
    ]
    made = host.volumes["brickwork_sdb/brick_shared-1"]
    assert made["filesystem_size"] == made["size"] == 5 * GIB
    with pytest.raises(UnsafeChangeError, match="has 5 GiB and would shrink to 4 GiB"):
        run(host, brick(size="4GiB"))


@pytest.mark.parametrize("changes", range(6))
def test_growth_that_was_cut_off_is_finished(changes):
    host = machine()
    run(host, brick(size="3GiB"))
    host.cut_after = len(host.changes) + changes
    with pytest.raises(PowerCut):
        converge(operation(host, brick(size="5GiB")))
    host.cut_after = None
    converge(operation(host, brick(size="5GiB")))
    made = host.volumes["brickwork_sdb/brick_shared-1"]
    assert made["filesystem_size"] == made["size"] == 5 * GIB


def test_leaving_out_removes_nothing_and_absent_removes_one(host):
    run(host, brick(size="3GiB"), brick("b-1", size="2GiB"))
    assert run(host, brick(size="3GiB")) == []
    assert run(host, {"name": "b-1", "state": "absent"}) == ["unmount", "remove_fstab_line", "remove_brick_volume"]
    assert "/srv/gluster/shared-1" in host.mounted and "b-1" not in host.texts["/etc/fstab"]
    assert run(host, {"name": "never-1", "state": "absent"}) == []


def test_a_brick_of_a_volume_is_not_removed(host):
    run(host, brick())
    wanted = operation(host, {"name": "shared-1", "state": "absent"})
    observed = wanted.observe()._replace(
        volume_ids={"id": "shared"}, used_paths={"/srv/gluster/shared-1/brick": "shared"}
    )
    with pytest.raises(UnsafeChangeError, match="is a brick of volume shared"):
        wanted.plan(observed)


def test_a_marked_brick_is_not_removed_while_nobody_can_say_whose_it_is(host):
    run(host, brick())
    directories = FakeDirectories()
    directories.marks["/srv/gluster/shared-1/brick"] = Mark("/srv/gluster/shared-1/brick", "some-id", False)
    with pytest.raises(UnsafeChangeError, match="glusterd does not answer"):
        converge(operation(host, {"name": "shared-1", "state": "absent"}, directories=directories))


def test_marks_of_refused_creates_are_cleared_only_where_that_is_certain(host):
    path = "/srv/gluster/shared-1/brick"
    run(host, brick())
    directories = FakeDirectories()
    directories.marks[path] = Mark(path, "never", True)
    wanted = operation(host, brick(), directories=directories)
    observed = wanted.observe()
    assert wanted.plan(observed).steps == [], "glusterd could not be asked"
    assert [step.kind for step in wanted.plan(observed._replace(volume_ids={})).steps] == ["clear_mark"]
    assert wanted.plan(observed._replace(volume_ids={"never": "v"}, used_paths={path: "v"})).steps == []
    left = wanted.plan(observed._replace(volume_ids={"never": "v"})).steps
    assert [step.kind for step in left] == ["clear_mark"], "of an add-brick that was refused"
    directories.marks[path] = Mark(path, "never", False)
    assert wanted.plan(wanted.observe()._replace(volume_ids={})).steps == [], "it holds data"


def test_a_name_that_device_mapper_can_not_take_is_refused_before_anything_is_changed(host):
    name = "v-" * 30 + "1"
    host.links["/dev/disk/by-id/wwn-0x5000c500a1b2c3d4"] = "/dev/sdb"
    error = str(refused(host, brick(name=name, device="/dev/disk/by-id/wwn-0x5000c500a1b2c3d4")))
    assert name in error and "127" in error
    assert run(host, brick(name=name))[-1] == "make_brick_directory"


@pytest.mark.parametrize("mounted", [True, False])
def test_no_empty_directory_is_made_beside_the_files_of_a_brick(host, mounted):
    """As where xfs_repair has moved it to lost+found: a brick with an empty directory would be filled from others."""
    run(host, brick())
    [volume] = [one for one in host.volumes.values() if one["content"] == ["brick"]]
    volume["content"] = ["lost+found"]
    if not mounted:
        host.mounted.clear()
    with pytest.raises((UnsafeChangeError, StepError), match="no folder /srv/gluster/shared-1/brick.*lost.found"):
        run(host, brick())
    assert volume["content"] == ["lost+found"]


def test_a_new_brick_gets_back_the_mark_that_a_power_cut_took(host):
    """The volume was created and never started; the brick's file system had not written mark or directory yet."""
    path, volume_id = "/srv/gluster/shared-1/brick", "2f0d9a3e-6b1c-4f0e-9d55-6f5c3a1b7e21"
    directories = FakeDirectories()
    run(host, brick(), directories=directories)
    wanted = operation(host, brick(), directories=directories)
    observed = wanted.observe()
    created = observed._replace(
        volume_ids={volume_id: "shared"}, used_paths={path: "shared"}, unstarted={path: volume_id}
    )
    [step] = wanted.plan(created).steps
    assert (step.kind, step.target, step.destroys) == ("set_mark", path, False)
    wanted.perform(step)
    assert directories.read(path) == Mark(path, volume_id, True)
    assert wanted.plan(created._replace(places=wanted.observe().places)).steps == []
    lost = created.places[path]._replace(
        directory_exists=False, directory_is_pristine=False, mount_is_empty=True
    )
    assert [step.kind for step in wanted.plan(created._replace(places={path: lost})).steps] == [
        "make_brick_directory",
        "set_mark",
    ]
    # A volume that was started may have data elsewhere, and a directory that holds something is not new.
    assert wanted.plan(created._replace(unstarted={})).steps == []
    full = created.places[path]._replace(directory_is_pristine=False)
    assert wanted.plan(created._replace(places={path: full})).steps == []


def test_what_is_in_the_way_of_the_mount_is_refused(host):
    host.folders["/srv/gluster/shared-1"] = ["precious"]
    assert "is not empty" in str(refused(host, brick()))
    host.folders["/srv/gluster/shared-1"] = []
    host.mounted["/srv/gluster/shared-1"] = "elsewhere/volume"
    assert "(/dev/brickwork_sdb/brick_shared-1): /dev/mapper/elsewhere-volume is mounted there" in str(
        refused(host, brick())
    )
    host.mounted.clear()
    host.texts["/etc/fstab"] += "/dev/sdz /srv/gluster/shared-1 ext4 defaults 0 0\n"
    assert "/etc/fstab mounts something else" in str(refused(host, brick()))


def test_a_brick_does_not_move_to_another_disk(host):
    run(host, brick())
    with pytest.raises(PlanError, match="exists in the volume group brickwork_sdb, which is not on /dev/sdc"):
        converge(operation(host, brick(device="/dev/sdc")))


def test_missing_tools_are_named_but_check_mode_still_plans():
    host = FakeHost({"/dev/sdb": 8 * GIB}, tools=False)
    with pytest.raises(PlanError, match="host1 lacks pvs, thin_check, mkfs.xfs"):
        converge(operation(host, brick()))
    plan = converge(operation(host, brick(), tools_needed=False), check_mode=True)
    assert [step.kind for step in plan.steps] == CREATED


def test_a_failing_command_names_the_step_and_what_was_done(host):
    host._mkfs_xfs = lambda argv: type("Failed", (), {"rc": 1, "stdout": "", "stderr": "bad disk"})()
    with pytest.raises(StepError, match="make filesystem shared-1: running mkfs.xfs: bad disk") as caught:
        converge(operation(host, brick()))
    assert [step.kind for step in caught.value.done] == CREATED[:4]


SIZES = st.sampled_from(["1GiB", "2GiB", "3GiB"])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["a-1", "b-1"]), SIZES), min_size=1, max_size=4), st.integers(0, 30))
def test_no_run_destroys_anything_and_the_last_inventory_holds(desired, cut):
    host = machine()
    largest = {}
    for name, size in desired:
        largest[name] = max(size, largest.get(name, size))
        bricks = [brick(known, size=grown) for known, grown in sorted(largest.items())]
        host.cut_after = cut
        try:
            converge(operation(host, *bricks))
        except PowerCut:
            host.cut_after = None
            converge(operation(host, *bricks))
        plan = converge(operation(host, *bricks))
        assert plan.steps == []
    assert not any(change.startswith(("wipefs", "lvremove", "umount")) for change in host.changes)


def test_a_pool_that_a_power_cut_left_half_made_is_made_anew(host):
    """As seen on a real machine: lvcreate --type thin-pool begins with a plain volume under the pool's name."""
    run(host, brick(name="other-1", size="1GiB"))
    group = next(iter(host.groups))
    half = dict(host.volumes["%s/pool_other-1" % group], metadata=0, size=4 * 1024**2)
    host.volumes["%s/pool_shared-1" % group] = half
    host.inactive.add("%s/pool_shared-1" % group)
    kinds = run(host, brick(size="3GiB"))
    assert kinds[:3] == ["remove_half_made_pool", "create_thin_pool", "create_thin_volume"]
    host.volumes["%s/pool_more-1" % group] = dict(half, tags=set())
    with pytest.raises(UnsafeChangeError, match="pool_more-1 bears the name of a thin pool and is none"):
        run(host, brick(name="more-1", size="1GiB"))


def test_an_empty_pool_that_a_power_cut_left_on_another_disk_is_removed(host):
    """As seen on a real machine: placement then chose the emptier disk, and lvcreate looked for the pool there."""
    run(host, brick(name="other-1", size="1GiB"))
    group = next(iter(host.groups))
    host.volumes["%s/pool_shared-1" % group] = dict(host.volumes["%s/pool_other-1" % group])
    kinds = run(host, brick(device="/dev/sdc", size="3GiB"))
    assert "remove_half_made_pool" in kinds
    assert "%s/pool_shared-1" % group not in host.volumes
    host.volumes["%s/pool_foreign-1" % group] = dict(host.volumes["%s/pool_other-1" % group], tags=set())
    with pytest.raises(UnsafeChangeError, match="pool_foreign-1 is in the way .* is not of this collection"):
        run(host, brick(name="foreign-1", device="/dev/sdc", size="1GiB"))


def test_volumes_that_are_not_active_yet_are_activated(host):
    """As seen on a real machine: ssh answers after a boot before LVM has activated the volumes."""
    run(host, brick())
    [name] = [name for name in host.volumes if "brick_" in name]
    host.inactive.add(name)
    host.mounted.clear()
    assert run(host, brick()) == [
        "activate_volume",
        "make_mount_point",
        "mount",
        "make_brick_directory",
    ]


def test_systemd_may_mount_first(host):
    """As seen on a real machine: what fstab names is mounted when its volume becomes active, and mount fails."""
    run(host, brick())
    [name] = [name for name in host.volumes if "brick_" in name]
    host.inactive.add(name)
    host.mounted.clear()
    host.systemd_mounts = True
    assert run(host, brick())[:3] == ["activate_volume", "make_mount_point", "mount"]
    host.mounted.clear()
    host._mount = lambda argv: type("Failed", (), {"rc": 32, "stdout": "", "stderr": "bad superblock"})()
    with pytest.raises(StepError, match="mount shared-1: running mount: bad superblock"):
        converge(operation(host, brick()))


def test_a_new_volume_that_the_kernel_lost_in_a_power_cut_is_made_anew(host):
    """As seen on a real machine: LVM knows the thin volume and the pool does not, so that it can't be activated."""
    run(host, brick(), brick("b-1", size="1GiB"))
    [name] = [name for name in host.volumes if "brick_shared" in name]
    host.inactive.add(name)
    host.mounted.pop("/srv/gluster/shared-1")
    host.volumes[name].update(tags={"brickwork_new"}, filesystem="")
    kinds = run(host, brick(), brick("b-1", size="1GiB"))
    assert kinds[:4] == ["remove_half_made_pool", "create_thin_pool", "create_thin_volume", "make_filesystem"]
    assert "/srv/gluster/b-1" in host.mounted
    # A volume with a file system is activated, and never made anew.
    host.inactive.add(name)
    host.mounted.pop("/srv/gluster/shared-1")
    assert run(host, brick(), brick("b-1", size="1GiB"))[0] == "activate_volume"
    # Somebody else's volume in the pool keeps it from being removed.
    host.volumes[name]["tags"] = {"brickwork_new"}
    host.mounted.pop("/srv/gluster/shared-1")
    host.inactive.add(name)
    host.volumes[name.replace("brick_shared-1", "snapshot")] = dict(host.volumes[name], tags=set())
    with pytest.raises(UnsafeChangeError, match="holds snapshot"):
        run(host, brick(), brick("b-1", size="1GiB"))


def test_an_unused_pool_that_can_not_be_activated_is_made_anew(host):
    run(host, brick(name="other-1", size="1GiB"))
    pool = "%s/pool_shared-1" % next(iter(host.groups))
    host.volumes[pool] = dict(host.volumes[pool.replace("shared", "other")])
    assert run(host, brick(size="3GiB"))[:2] == ["extend_pool_metadata", "extend_pool"]
    host.volumes = {name: lv for name, lv in host.volumes.items() if "brick_shared" not in name}
    host.mounted.pop("/srv/gluster/shared-1")
    host.inactive.add(pool)
    assert run(host, brick(size="3GiB"))[:2] == ["remove_half_made_pool", "create_thin_pool"]


def test_what_is_not_mounted_is_not_removed_while_nobody_can_say_whose_it_is(host):
    """Its mark can't be read, and glusterd does not answer: it may be a brick in the middle of a repair."""
    run(host, brick())
    host.mounted.clear()
    host._gluster = lambda _argv: Result(1, "Connection failed. Please check if gluster daemon is operational.", "")
    assert "brick shared-1 is not mounted, and glusterd does not answer" in str(
        refused(host, {"name": "shared-1", "state": "absent"})
    )
