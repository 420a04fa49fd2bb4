# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Disks of which LVM tells nothing, or that it does not take: refused while looking, whatever overwrite says."""

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.command import NOT_FOUND, Result
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import UnsafeChangeError
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.answers import parse_rejection
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.records import physical_uuid
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import converge
from ansible_collections.brickwork.gluster.tests.fakes.bricks import brick, machine, operation, refused, run

OVERWRITE = [{"path": "/dev/sdb", "overwrite": True}]


@pytest.fixture
def host():
    return machine()


@pytest.mark.parametrize("devices", [[], OVERWRITE])
def test_a_brick_on_a_disk_that_lvm_hides_is_in_use(host, devices):
    """As seen on a real machine: the plan was to wipe it, and only wipefs' busy check saved the brick."""
    run(host, brick())
    host.hidden.add("/dev/sdb")
    error = refused(host, brick(), devices=devices)
    assert isinstance(error, UnsafeChangeError)
    for words in (
        "device /dev/sdb on host1: is a physical volume of this collection (brickw-",
        "in use by /dev/brickwork_sdb/brick_shared-1",
        "LVM does not show it",
        "devices file",
        "filter",
    ):
        assert words in str(error)
    assert "overwrite" not in str(error)


@pytest.mark.parametrize("devices", [[], OVERWRITE])
def test_a_hidden_physical_volume_of_anybody_is_never_overwritten(host, devices):
    host.physicals["/dev/sdb"] = {"uuid": "C4vAAi-DYUe", "group": ""}
    host.hidden.add("/dev/sdb")
    host.rejected["/dev/sdb"] = "device is not in devices file"
    error = str(refused(host, brick(), devices=devices))
    assert "is a physical volume (C4vAAi-DYUe), and LVM does not show it" in error
    assert "device is not in devices file" in error and "lvmdevices --adddev" in error


@pytest.mark.parametrize("devices", [[], OVERWRITE])
def test_without_lvm_nobody_can_tell_what_a_physical_volume_holds(host, devices):
    """The system disk was made anew: lvm2 is not there yet, and the bricks are."""
    run(host, brick())
    host.tools = False
    error = str(refused(host, brick(), devices=devices, tools_needed=False))
    assert "is a physical volume of this collection" in error and "install lvm2 there" in error


@pytest.mark.parametrize("devices", [[], OVERWRITE])
def test_what_lvm_will_not_take_is_known_while_looking(host, devices):
    host.rejected["/dev/sdb"] = "device is rejected by filter config"
    error = str(refused(host, brick(), devices=devices))
    assert "device /dev/sdb on host1: LVM takes no such device" in error
    assert "device is rejected by filter config" in error


def test_overwriting_lifts_content_and_not_a_filter(host):
    host.signatures["/dev/sdb"] = "ext4"
    host.rejected["/dev/sdb"] = "device is rejected by filter config"
    assert "rejected by filter" in str(refused(host, brick(), devices=OVERWRITE))
    host.rejected.clear()
    assert "wipe_device" in [step.kind for step in converge(operation(host, brick(), devices=OVERWRITE)).steps]


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_logical_volume_is_no_device_for_bricks(host, overwrite):
    run(host, brick(size="3GiB"))
    for name in ("/dev/brickwork_sdb/brick_shared-1", "/dev/mapper/brickwork_sdb-brick_shared--1"):
        devices = [{"path": name, "overwrite": overwrite}]
        assert "is a logical volume of LVM" in str(refused(host, brick("b-1", name, "1GiB"), devices=devices))


@pytest.mark.parametrize(
    ("said", "signature", "reason"),
    [
        # Recorded on Debian 12 (LVM 2.03.16).
        ("  Cannot use /dev/sdc: device is rejected by filter config\n", "", "rejected by filter config"),
        ("  Cannot use /dev/foo/bar: device is an LV\n", "", "device is an LV"),
        ("WARNING: ext4 signature detected on /dev/sdc at offset 1080. Wipe it? [y/n]: [n]\n"
         "  Aborted wiping of ext4.\n  1 existing signature left on the device.\n", "ext4", ""),
        # From the source of lvm2.
        ("  Cannot use /dev/sdc: device is partitioned\n", "dos partition table", ""),
        ("  Cannot use /dev/sdc: device is an md component\n", "linux_raid_member", ""),
        ("  Cannot use /dev/sdc: device is a multipath component\n", "", "multipath component"),
        ("  Device /dev/sdc excluded by a filter.\n", "dos partition table", ""),
        ("  Device /dev/sdc excluded by a filter.\n", "ext4", "excluded by a filter"),
        ("  Device /dev/sdc excluded by a filter.\n", "", "excluded by a filter"),
    ],
)  # fmt: skip
def test_reasons_of_pvcreate(said, signature, reason):
    head = "  TEST MODE: Metadata will NOT be updated and volumes will not be (de)activated.\n"
    found = parse_rejection(Result(5, "", head + said), signature)
    assert (reason in found) if reason else found == ""
    assert "TEST MODE" not in found


def test_no_reason_where_pvcreate_agrees_or_is_not_there():
    head = "  TEST MODE: Metadata will NOT be updated and volumes will not be (de)activated.\n"
    assert parse_rejection(Result(0, "", head + "  Not creating system devices file due to existing VGs.\n"), "") == ""
    assert parse_rejection(Result(NOT_FOUND, "", "pvcreate: program not found"), "") == ""


def test_looking_at_a_disk_with_bricks_costs_no_question_to_pvcreate(host):
    run(host, brick())
    asked = []
    real = host.run
    host.run = lambda argv, timeout: asked.append(argv[0]) or real(argv, timeout)
    converge(operation(host, brick()))
    assert "pvcreate" not in asked


def test_the_uuid_of_a_new_physical_volume_is_no_other_ones(host):
    """A disk that was replaced under its old name may come back, also under another name or hidden."""
    run(host, brick())
    old = host.physicals.pop("/dev/sdb")
    host.volumes.clear()
    host.mounted.clear()
    host.texts["/etc/fstab"] = ""
    host.texts["/proc/sys/kernel/random/boot_id"] = "another boot\n"
    run(host, brick())
    assert host.physicals["/dev/sdb"]["uuid"] != old["uuid"]
    first = physical_uuid("m", "b", "/dev/sdb")
    assert physical_uuid("m", "b", "/dev/sdb", {first}) not in (first, physical_uuid("m", "b", "/dev/sdc"))
