# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What bricks need of the system beside LVM: their place in the boot, and their type where there is SELinux."""

import os
import subprocess

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.command import NOT_FOUND, Result
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.boot_order import BOOT_FILES
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


def test_glusterd_starts_after_the_unit_that_waits_for_bricks(host):
    for path in BOOT_FILES:
        del host.texts[path]
    kinds = run(host, brick(size="3GiB"))
    assert kinds.count("order_glusterd") == len(BOOT_FILES) and kinds[-1] == "order_glusterd"
    assert {path: host.texts[path] for path in BOOT_FILES} == BOOT_FILES
    assert ",x-brickwork.brick 0 0" in host.texts["/etc/fstab"]
    ordering = "".join(BOOT_FILES.values())
    assert "Requires" not in ordering, "a dead disk must not keep glusterd from starting"
    assert "x-systemd.before" not in host.texts["/etc/fstab"], "with it glusterd would wait a minute for a dead disk"


def test_systemd_reads_all_new_files_at_once(host, monkeypatch):
    asked = []
    monkeypatch.setattr(host, "_systemctl", lambda argv: asked.append(argv) or Result(0, "", ""))
    for path in BOOT_FILES:
        del host.texts[path]
    converge(operation(host, brick()))
    assert asked == [["daemon-reload"]]
    converge(operation(host, brick()))
    assert len(asked) == 1


def test_a_node_that_an_older_release_set_up_gets_the_unit_and_the_new_line(host):
    run(host, brick())
    host.texts["/etc/fstab"] = host.texts["/etc/fstab"].replace(
        "x-brickwork.brick", "x-systemd.before=glusterd.service"
    )
    del host.texts[next(iter(BOOT_FILES))]
    assert run(host, brick()) == ["repair_fstab_line", "order_glusterd"]


FSTAB = """# x-brickwork.brick
{links}/here /srv/gluster/a-1 xfs noatime,x-brickwork.brick 0 0
UUID=gone /srv/gluster/my\\040brick xfs nofail,x-systemd.before=glusterd.service 0 0
UUID=other /data xfs defaults 0 0
"""


class Boot:
    """A node that boots: small programs tell the time, what is mounted, and what LVM has still to activate."""

    def __init__(self, folder):
        self.bin, self.clock, self.fstab = folder / "bin", folder / "uptime", folder / "fstab"
        self.bin.mkdir()
        self.folder = folder
        self.clock.write_text("20.00 1\n")
        self.fstab.write_text(FSTAB.replace("{links}", str(folder / "links")))
        self.program("sleep", f"n=$(cut -d. -f1 {self.clock}); echo $((n + 1)).00 > {self.clock}")
        self.program("udevadm", ":")
        self.program("mountpoint", f'grep -qxF "$2" {folder}/mounted')
        self.program("lvs", f"cat {folder}/inactive")
        self.program("systemd-escape", 'echo "$3" | tr / -')
        self.program("systemctl", f'grep -q . {folder}/failed && echo "$3" | grep -q -f {folder}/failed')
        self.tell()

    def program(self, name, text):
        (self.bin / name).write_text("#!/bin/sh\n" + text + "\n")
        (self.bin / name).chmod(0o755)

    def tell(self, mounted="", inactive="", links=(), failed=""):
        (self.folder / "failed").write_text(failed)
        (self.folder / "mounted").write_text(mounted)
        (self.folder / "inactive").write_text(inactive)
        (self.folder / "links").mkdir(exist_ok=True)
        for name in links:
            (self.folder / "links" / name).touch()

    def with_lines_by_uuid(self):
        """What an earlier release wrote."""
        self.fstab.write_text(self.fstab.read_text().replace(f"{self.folder}/links/here", "UUID=here"))

    def waits(self):
        """Run the script and return for how many seconds it held glusterd back."""
        text = next(iter(BOOT_FILES.values()))
        places = {"/proc/uptime": self.clock, "/etc/fstab": self.fstab, "/dev/disk/by-uuid": self.folder / "links"}
        for path, place in places.items():
            text = text.replace(path, str(place))
        environment = {"PATH": f"{self.bin}:{os.environ['PATH']}"}
        subprocess.run(["/bin/sh", "-c", text], env=environment, check=True, timeout=60)
        return int(self.clock.read_text().partition(".")[0]) - 20


@pytest.mark.parametrize(
    ("node", "seconds"),
    [
        ({"mounted": "/srv/gluster/a-1\n/srv/gluster/my brick\n"}, 0),
        ({"mounted": "/srv/gluster/a-1\n"}, 15),
        ({"mounted": "/srv/gluster/a-1\n", "inactive": "           brickwork brick_my\n"}, 60),
        ({"mounted": "/srv/gluster/a-1\n", "inactive": "    active brickwork brick_my\n"}, 15),
        # Nobody waits for a snapshot of GlusterFS.
        ({"mounted": "/srv/gluster/a-1\n", "inactive": "           brickwork 0123abcd_0\n"}, 15),
        ({"mounted": "/srv/gluster/my brick\n", "links": ["here"]}, 60),
        ({"mounted": "/srv/gluster/my brick\n", "links": ["here"], "failed": "srv-gluster-a"}, 15),
    ],
)
def test_what_the_boot_waits_for(tmp_path, node, seconds):
    """As seen: one lost disk kept the healthy bricks of its node away for a minute."""
    boot = Boot(tmp_path)
    boot.tell(**node)
    assert boot.waits() == seconds


def test_lines_by_uuid_are_waited_for_until_they_are_repaired(tmp_path):
    boot = Boot(tmp_path)
    boot.with_lines_by_uuid()
    boot.tell(mounted="/srv/gluster/my brick\n", links=["here"])
    assert boot.waits() == 60


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
