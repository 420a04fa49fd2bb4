# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The system disk of a node is replaced and its data disks stay: the bricks are found, mounted, started and healed.

The fresh system has the same name and address, another machine-id, and neither fstab lines nor /var/lib/glusterd.
"""

import pytest

VICTIM, OTHER = "node2", "node1"
MOUNT = "/srv/gluster/shared-2"
RENEW = {"gluster_replace_nodes": [VICTIM]}
LOST = "gluster_address on node2: the pool knows 192.168.72.102 as the member with the uuid "


@pytest.fixture(scope="module")
def kept(lab):
    """What was there before the system disk went: the file system's uuid, glusterd's identity and its files."""
    lab.play("site").succeeded()
    lab.run("client1", "mkdir /mnt/shared/before && cp /etc/services /etc/passwd /mnt/shared/before && sync")
    return {
        "machine": lab.run(VICTIM, "cat /etc/machine-id"),
        "filesystem": lab.run(VICTIM, f"findmnt -no UUID {MOUNT}"),
        "uuid": lab.run(VICTIM, "sed -n s/UUID=//p /var/lib/glusterd/glusterd.info"),
        "glusterd": lab.run(VICTIM, "tar -C /var/lib -cz glusterd | base64 -w0"),
    }


def replace_system_disk(lab, name):
    """Give the node a new system disk; what the client writes meanwhile has to be healed."""
    # What the file system of a brick has not written yet goes with the power, and no heal would know of it.
    lab.run(VICTIM, "sync")
    lab.power("power-off", VICTIM)
    lab.run("client1", f"mkdir /mnt/shared/{name} && cp /etc/services /mnt/shared/{name} && sync")
    lab.power("new-system-disk", VICTIM)
    lab.power("power-on", VICTIM)


def the_brick_is_back(lab, kept, name):
    """The same file system, mounted by fstab, with the old files and those that were written while it was away."""
    assert lab.run(VICTIM, f"findmnt -no UUID {MOUNT}") == kept["filesystem"]
    assert lab.run(VICTIM, f"grep -c '^/dev/brickwork_.*/brick_shared-2 {MOUNT} xfs' /etc/fstab") == "1"
    lab.wait_for(lambda: lab.play("health").rc == 0, "healed")
    for folder in ("before", name):
        assert lab.run(VICTIM, f"sha256sum < {MOUNT}/brick/{folder}/services") == lab.run(
            "client1", f"sha256sum < /mnt/shared/{folder}/services"
        )
    assert lab.run(VICTIM, "ls -A /srv/gluster") == "shared-2"


def test_a_lost_identity_is_one_refusal_that_says_what_to_do(lab, kept):
    replace_system_disk(lab, "first")
    assert lab.run(VICTIM, "cat /etc/machine-id") != kept["machine"]
    before = lab.fingerprint()
    for playbook in ("plan", "site"):
        lab.play(playbook).refused(
            LOST + kept["uuid"], "which holds bricks of shared", "Restore /var/lib/glusterd on node2 from a backup",
            f"UUID={kept['uuid']}", "/var/lib/glusterd/peers/", "hostname1=192.168.72.101",
        )  # fmt: skip
    assert lab.fingerprint() == before


def test_with_glusterds_files_from_a_backup_site_brings_all_back(lab, kept):
    lab.run(VICTIM, f"echo {kept['glusterd']} | base64 -d | tar -C /var/lib -xz")
    said = lab.play("site").succeeded().text
    assert "start bricks" in said and "make filesystem" not in said
    the_brick_is_back(lab, kept, "first")
    lab.play("site").without_change()


def test_the_playbook_replace_makes_it_the_member_again_and_brings_its_brick_back(lab, kept):
    replace_system_disk(lab, "second")
    version = lab.run(OTHER, "sed -n s/operating-version=//p /var/lib/glusterd/glusterd.info")
    assert f"UUID={kept['uuid']} and operating-version={version}" in lab.play("plan").refused(LOST).words
    before = lab.fingerprint()
    lab.play("replace", RENEW, "--check").succeeded()
    lab.play("replace").refused(LOST)
    assert lab.fingerprint() == before
    lab.play("replace", RENEW).succeeded()
    the_brick_is_back(lab, kept, "second")
    lab.play("replace", RENEW).without_change()
    lab.play("site").without_change()
