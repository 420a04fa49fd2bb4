# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""After a power cut that emptied /etc/fstab: which of heketi's bricks are away, and what brings them back."""

import importlib.util
import pathlib

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.facts import to_facts
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.records import LogicalVolume, Mount, ObservedHost
from ansible_collections.brickwork.gluster.plugins.plugin_utils.heketi.bricks import (
    PROGRAM,
    brick_problems,
    restoring_commands,
    volumes_to_start,
)

GROUP = "vg_" + "0a" * 16
NAME = "brick_" + "1b" * 16
MOUNT = "/var/lib/heketi/mounts/%s/%s" % (GROUP, NAME)
DEVICE = "/dev/mapper/%s-%s" % (GROUP, NAME)
OPTIONS = "rw,inode64,noatime,nouuid"
LINE = "%s %s xfs %s,nosuid,nodev 1 2\n" % (DEVICE, MOUNT, OPTIONS)
SETTINGS = {"fstab": "/etc/fstab", "mount_options": OPTIONS}
SHOWN = "n1: heketi's brick %s of volume v " % NAME
NODE_PROGRAM = pathlib.Path(__file__).resolve().parents[5] / "roles/heketi/files/heketi_node.py"


def looked(**changes):
    """Return what lvm_brick_info says of a node with one brick of heketi's, one of ours and one of somebody else's."""
    well = {
        "host": "n1",
        "machine_id": "",
        "devices": {},
        "logicals": (LogicalVolume(NAME, GROUP, 1 << 30), LogicalVolume("brick_shared-1", "brickwork-1", 1 << 30)),
        "mounts": (Mount(DEVICE, MOUNT, "xfs", "u"),),
        "fstab": LINE,
        "used_paths": {MOUNT + "/brick": "v", "/srv/gluster/shared-1/brick": "shared", "/data/x": "other"},
    }
    return {"devices": [], "bricks": [], "observed": to_facts(ObservedHost(**dict(well, **changes)))}


INACTIVE = (LogicalVolume(NAME, GROUP, 1 << 30, active=False),)


def kinds(disks, **settings):
    """Return what the commands are, in order."""
    found = restoring_commands(disks, dict(SETTINGS, **settings))
    return [command[0] if command[0] != PROGRAM else command[1] for command in found]


@pytest.mark.parametrize(
    ("changes", "told", "commands"),
    [
        ({}, [], []),
        ({"used_paths": {}, "fstab": "", "mounts": ()}, [], []),
        (
            {"fstab": ""},
            ["has no line in /etc/fstab, so no boot mounts it; run playbooks/heketi.yml"],
            ["awk"],
        ),
        ({"mounts": ()}, ["is not mounted; run playbooks/heketi.yml"], ["mkdir", "mount"]),
        (
            {"mounts": (), "fstab": "", "logicals": INACTIVE},
            ["is not mounted and has no line in /etc/fstab; run playbooks/heketi.yml"],
            ["lvchange", "mkdir", "awk", "mount"],
        ),
        (
            {"mounts": (), "logicals": ()},
            ["is gone: there is no logical volume %s/%s; its disk may be dead" % (GROUP, NAME)],
            [],
        ),
    ],
)
def test_a_brick_that_is_away_is_named_and_brought_back(changes, told, commands):
    disks = looked(**changes)
    assert brick_problems({"n1": disks}) == [SHOWN + text for text in told]
    assert kinds(disks) == commands


def test_a_node_that_did_not_answer_tells_nothing():
    assert brick_problems({"n1": None, "n2": {"msg": "unreachable"}}) == [] and kinds({}) == []


def test_of_another_fstab_nothing_is_known():
    disks = looked(fstab="")
    assert kinds(disks, fstab="/etc/fstab.heketi") == [] == brick_problems({"n1": disks}, "/etc/fstab.heketi")


def test_what_is_run_is_what_heketi_itself_may_run():
    """The program on the node takes every one of the commands, and writes the line that heketi's own brick has."""
    spec = importlib.util.spec_from_file_location("heketi_node", str(NODE_PROGRAM))
    program = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(program)
    settings = dict(SETTINGS, devices={}, peers=[], volumes="", modules=[])

    class Node(program.Node):
        def require_roots(self, path):
            """All is root's."""

        require_folder = require_roots

        def is_device(self, path):
            return True

    _lvchange, mkdir, awk, mount = restoring_commands(looked(mounts=(), fstab="", logicals=INACTIVE), SETTINGS)
    node = Node(settings)
    assert program.judge(mkdir[1:], node) == mkdir[1:]
    rule, found = program.find_rule(awk[1:], node)
    assert rule.edit(found, "") == LINE
    assert program.judge(mount[1:], node) == ["mount", "-o", OPTIONS + ",nosuid,nodev", DEVICE, MOUNT]


@pytest.mark.parametrize(
    ("changes", "started"),
    [({}, ["v"]), ({"online": True}, []), ({"volume_started": False}, []), ({"path": "/srv/x/brick"}, [])],
)
def test_only_volumes_that_run_and_lack_a_process_are_started(changes, started):
    """What somebody stopped stays so."""
    brick = dict({"volume": "v", "path": MOUNT + "/brick", "volume_started": True, "online": False}, **changes)
    assert volumes_to_start([looked(mounts=()), {}], [brick]) == started
    assert volumes_to_start([looked(fstab="")], [brick]) == []


@pytest.mark.parametrize(("options", "told"), [({}, 1), ({"fstab": "/etc/fstab.heketi"}, 0)])
def test_health_names_them(options, told):
    """Where heketi writes another fstab, lines in this one are not missed."""
    pytest.importorskip("ansible", reason="action plugins run on the controller only")
    judge = importlib.import_module("ansible_collections.brickwork.gluster.plugins.action.judge_health").judge
    disks = dict(looked(fstab=""), bricks=[])
    gluster = {"running": True, "uuid": "", "peers": 1, "unwell": [], "volumes": {}}
    answer = {"bricks": [], "volumes": [], "tasks": [], "heal": []}
    hostvars = {"n1": {"gluster_server_seen": {"gluster": gluster, "disks": disks}}, "h1": {"heketi_options": options}}
    assert judge({"hosts": ["n1"], "pool": answer}, hostvars)["problems"] == told * [
        SHOWN + "has no line in /etc/fstab, so no boot mounts it; run playbooks/heketi.yml"
    ]
