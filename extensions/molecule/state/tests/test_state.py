# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The only node of a pool loses its system disk; an archive of glusterd's state and its data disks bring all back."""

import pytest

NODE = "node1"
HOOK = "/var/lib/glusterd/hooks/1/set/post/S99own.sh"
WRITE = "mkdir -p /mnt/scratch/kept && cp /etc/services /etc/passwd /mnt/scratch/kept && sync"
SUMS = "cd /mnt/scratch/kept && sha256sum services passwd"


class Saved:
    """The controller's folder of archives, the password, and what was there before."""

    def __init__(self, folder):
        self.folder = folder / "states"
        self.password = folder / "password"
        self.password.write_text("not for everybody\n")
        self.uuid = self.sums = ""

    def given(self, **more):
        return {"gluster_state_folder": str(self.folder), **more}

    @property
    def options(self):
        return ("--vault-password-file", str(self.password))

    @property
    def archives(self):
        return sorted(path.name for path in self.folder.iterdir())


@pytest.fixture(scope="module")
def saved(lab, tmp_path_factory):
    lab.play("site").succeeded()
    found = Saved(tmp_path_factory.mktemp("controller"))
    lab.run(NODE, WRITE)
    lab.run(NODE, f"mkdir -p $(dirname {HOOK}) && printf '#!/bin/sh\\n' > {HOOK} && chmod 700 {HOOK}")
    found.sums = lab.run(NODE, SUMS)
    found.uuid = lab.run(NODE, "sed -n s/UUID=//p /var/lib/glusterd/glusterd.info")
    return found


def test_a_state_is_saved_once_and_again_where_it_changes(lab, saved):
    encrypted = saved.given(gluster_state_encrypt=True)
    lab.play("state_backup", encrypted, *saved.options).succeeded()
    [first] = saved.archives
    assert (saved.folder / first).read_bytes().startswith(b"$ANSIBLE_VAULT;")
    lab.play("state_backup", encrypted, *saved.options).without_change()
    lab.gluster("volume set scratch user.note changed")
    lab.play("state_backup", {**encrypted, "gluster_state_keep": 1}, *saved.options).succeeded()
    [second] = saved.archives
    assert second > first


def test_a_node_that_has_its_state_gets_back_a_hook_at_most(lab, saved):
    given = saved.given(gluster_state_node=NODE)
    lab.play("state_restore", given, *saved.options).without_change()
    lab.run(NODE, f"rm {HOOK}")
    lab.play("state_restore", given, *saved.options).succeeded()
    assert lab.run(NODE, f"stat -c %a {HOOK}") == "700"


def test_a_new_system_disk_gets_the_state_and_site_mounts_the_bricks(lab, saved):
    lab.run(NODE, "sync")
    lab.power("power-off", NODE)
    lab.power("new-system-disk", NODE)
    lab.power("power-on", NODE)
    given = saved.given(gluster_state_node=NODE)
    said = lab.play("state_restore", given).text
    assert "no vault password that opens it" in said
    before = lab.fingerprint()
    lab.play("state_restore", given, "--check", *saved.options).succeeded()
    assert lab.fingerprint() == before
    lab.play("state_restore", given, *saved.options).succeeded()
    assert lab.run(NODE, "sed -n s/UUID=//p /var/lib/glusterd/glusterd.info") == saved.uuid
    assert lab.volume("scratch", NODE)["user.note"] == "changed"
    lab.play("site").succeeded()
    assert lab.run(NODE, SUMS) == saved.sums
    lab.play("site").without_change()
    lab.play("health").succeeded()
    lab.play("state_restore", given, *saved.options).without_change()
