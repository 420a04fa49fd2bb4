# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What bricks need of the system beside LVM: their place in the boot of EL7, and their type where there is SELinux."""

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.command import NOT_FOUND, Result
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.answers import parse_systemd_version
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.boot_order import DROP_IN, mount_unit
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.host import BrickHost
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.info import observe_bricks
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.labels import type_of
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import StepError, converge
from ansible_collections.brickwork.gluster.tests.fakes.bricks import brick, machine, operation, run
from ansible_collections.brickwork.gluster.tests.fakes.host import FakeDirectories

DIRECTORY = "/srv/gluster/shared-1/brick"


@pytest.fixture
def host():
    return machine()


@pytest.mark.parametrize(
    ("path", "unit"),
    [
        # As systemd-escape --path --suffix=mount made them.
        ("/srv/gluster/shared-1", "srv-gluster-shared\\x2d1.mount"),
        ("/srv//a_b/c.d:e/", "srv-a_b-c.d:e.mount"),
        ("/.hidden/x", "\\x2ehidden-x.mount"),
        ("/srv/ä", "srv-\\xc3\\xa4.mount"),
    ],
)
def test_names_of_mount_units(path, unit):
    assert mount_unit(path) == unit


def test_an_old_systemd_is_told_the_order_beside_the_unit(host):
    host.systemd_version = 219
    assert run(host, brick(size="3GiB"))[-1] == "order_glusterd"
    assert "After=srv-gluster-shared\\x2d1.mount\n" in host.texts[DROP_IN]
    assert "Requires" not in host.texts[DROP_IN], "a dead disk must not keep glusterd from starting"
    run(host, brick("b-1", size="2GiB"))
    assert host.texts[DROP_IN].count("After=") == 2, "a brick that is not named stays"
    run(host, {"name": "b-1", "state": "absent"})
    assert host.texts[DROP_IN].count("After=") == 1


def test_a_newer_systemd_reads_it_in_fstab(host):
    assert "order_glusterd" not in run(host, brick())
    assert DROP_IN not in host.texts and "x-systemd.before=glusterd.service" in host.texts["/etc/fstab"]


def test_versions_of_systemd():
    assert parse_systemd_version(Result(0, "systemd 219\n+PAM +AUDIT\n", "")) == 219
    assert parse_systemd_version(Result(0, "systemd 252 (252.39-1~deb12u2)\n+PAM\n", "")) == 252
    assert parse_systemd_version(Result(NOT_FOUND, "", "")) == parse_systemd_version(Result(0, "?", "")) == 0


def enable_selinux(host):
    host.texts.update({"/sys/fs/selinux/enforce": "1", "/etc/selinux/config": "SELINUX=enforcing\n"})


def test_without_selinux_nothing_is_labelled(host):
    """As seen: a kernel with SELinux, and a system without a policy and without its programs."""
    host.texts["/sys/fs/selinux/enforce"] = "0"
    kinds = run(host, brick())
    assert not {"add_label_rule", "label_brick"} & set(kinds)


def test_with_selinux_a_brick_gets_its_rule_and_its_label_once(host):
    enable_selinux(host)
    assert run(host, brick())[-2:] == ["add_label_rule", "label_brick"]
    rule = next(change for change in host.changes if change.startswith("semanage"))
    assert rule == "semanage fcontext -a -t glusterd_brick_t /srv/gluster/shared-1(/.*)?"
    assert type_of(host.labels[DIRECTORY]) == "glusterd_brick_t"
    host.labels[DIRECTORY] = "system_u:object_r:unlabeled_t:s0"
    assert run(host, brick()) == ["label_brick"]
    assert host.changes[-1] == "restorecon /srv/gluster/shared-1 " + DIRECTORY, "never the whole brick"


def test_a_rule_of_the_administrators_for_all_bricks_is_enough(host):
    enable_selinux(host)
    host.label_rules["/srv/gluster"] = "glusterd_brick_t"
    assert run(host, brick())[-1] == "label_brick"
    assert not any(change.startswith("semanage") for change in host.changes)


def test_a_missing_semanage_is_an_error_that_names_it(host):
    enable_selinux(host)
    host._semanage = lambda argv: Result(NOT_FOUND, "", "semanage: program not found")
    with pytest.raises(
        StepError, match="add label rule shared-1: bricks: host1 has SELinux and no semanage; install policy"
    ):
        converge(operation(host, brick()))


def test_what_a_context_says():
    assert type_of("system_u:object_r:glusterd_brick_t:s0\0") == "glusterd_brick_t"
    assert type_of("unconfined_u:object_r:default_t:s0:c1,c2") == "default_t"
    assert type_of("") == type_of("?") == ""


def test_the_plan_on_the_controller_knows_the_labels_that_are_there(host):
    enable_selinux(host)
    run(host, brick())
    seen = BrickHost(host, Gluster(host), host, FakeDirectories(), "host1")
    facts = observe_bricks(seen, [], "/srv/gluster")["observed"]
    assert facts["selinux_rules"] == {DIRECTORY: "glusterd_brick_t"}
    assert facts["places"][DIRECTORY]["selinux_type"] == "glusterd_brick_t"
