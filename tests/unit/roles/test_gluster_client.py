# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The unit that mounts what a boot could not mount, and what the role reads of a machine that was looked at.

What the unit does is tried on real machines (scenario power_cut).
"""

import configparser
import pathlib
import subprocess

import pytest
import yaml

from ansible_collections.brickwork.gluster.tests.fakes.standins import StandIns

ROLE = pathlib.Path(__file__).resolve().parents[3] / "roles/gluster_client"
UNIT = ROLE / "files/brickwork-mounts.service"


def test_it_repeats_until_all_is_mounted_and_its_end_ends_no_mount():
    unit = configparser.ConfigParser(interpolation=None)
    unit.optionxform = str
    unit.read(UNIT)
    service = unit["Service"]
    # All words are ones that systemd 219 (EL 7) knows.
    assert service["ExecStart"] == "/bin/mount --all --types glusterfs"
    assert service["Restart"] == "on-failure"
    # A mount's process lives in the unit's control group; more starts than five in ten seconds would be the last.
    assert service["KillMode"] == "process" and int(service["RestartSec"]) > 2
    assert "remote-fs.target" in unit["Unit"]["After"], "the boot tries first"
    assert unit["Install"]["WantedBy"] == "multi-user.target"


MOUNT = {"volume": "v", "path": "/mnt/v", "source": "n1:/v", "options": "defaults,_netdev"}
FILES = {
    "/etc/fstab": "n1:/v /mnt/v glusterfs defaults,_netdev 0 0\n",
    "/proc/mounts": "n1:/v /mnt/v fuse.glusterfs rw 0 0\n",
    "/etc/systemd/system/brickwork-mounts.service": UNIT.read_text(),
}
OBSERVE = {
    "name": "Read",
    "ansible.builtin.include_role": {"name": "brickwork.gluster.gluster_client", "tasks_from": "observe"},
}
TELL = {
    "name": "Tell",
    "ansible.builtin.debug": {"msg": "{{ gluster_client_pending | length }} mounts, {{ gluster_client_unit_pending }}"},
}


def observed(tmp_path, look):
    """Return what was said."""
    note = {"name": "Note the look", "ansible.builtin.set_fact": {"gluster_server_seen": look}}
    said, code = StandIns(tmp_path).play([note, OBSERVE, TELL], gluster_client_mounts=[MOUNT])
    assert code == 0, said
    return said


@pytest.mark.parametrize("fstab", [FILES["/etc/fstab"], ""])
def test_the_role_reads_no_file_again_that_the_look_has_read(tmp_path, fstab):
    said = observed(tmp_path, {"files": {**FILES, "/etc/fstab": fstab}})
    assert f"{0 if fstab else 1} mounts, False" in said
    assert said.count("skipping: [a]") == 3 + 1, "three files, and the task"


@pytest.mark.parametrize(
    ("answer", "taken"), [("stat: cannot statx: Transport endpoint is not connected", True), ("", False)]
)
def test_what_nobody_serves_any_more_is_taken_away_unless_somebody_serves_it_by_now(tmp_path, answer, taken):
    done = tmp_path / "unmounted"
    for name, script in (("stat", f"echo '{answer}' >&2"), ("umount", f'echo "$@" > {done}')):
        program = tmp_path / "bin" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
    [task] = [
        task for task in yaml.safe_load((ROLE / "tasks/mount.yml").read_text()) if "ansible.builtin.shell" in task
    ]
    given = {"PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin", "MOUNT_POINT": "/mnt/v"}
    subprocess.run(["/bin/sh", "-c", task["ansible.builtin.shell"]["cmd"]], env=given, check=True)
    assert (done.read_text() == "-l -- /mnt/v\n") if taken else not done.exists()


def test_a_dead_mount_is_pending(tmp_path):
    assert "1 mounts, False" in observed(tmp_path, {"files": FILES, "dead_mounts": ["/mnt/v"]})


def test_the_role_reads_what_nobody_has_read(tmp_path):
    said = observed(tmp_path, {"files": {"/etc/fstab": ""}})
    assert "1 mounts, True" in said and "skipping" not in said
