# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The power of a node is cut in the middle of site.yml; the run fails, and the next one completes the job.

The moments are those at which a half-made thing exists on the machines, seen there and not guessed by a clock.
"""

import time

import pytest

HOMES = {
    "name": "homes",
    "type": "replicate",
    "replicas": 3,
    "sets": 2,
    "size": "2GiB",
    "clients": [{"path": "/mnt/homes"}],
}
MORE = {"name": "more", "type": "arbiter", "size": "1GiB", "clients": [{"path": "/mnt/more"}]}
VICTIM = "node2"

#: Moment -> what is desired, and the command on the node that sees the moment.
MOMENTS = {
    "bricks are made": ([HOMES], VICTIM, "lvs --noheadings -o lv_name 2>/dev/null | grep -q homes"),
    # The marks of its bricks are on the disks by then, and its first clients are about to mount it.
    "the volume is started": ([HOMES, MORE], "node1", "grep -qx status=1 /var/lib/glusterd/vols/more/info"),
}


def wait_for_moment(lab, running, node, sign):
    """Wait inside the machine, where looking is cheap, until the sign is there."""
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        assert running.poll() is None, f"ended before the moment:\n{running.stdout.read()[-4000:]}"
        if lab.succeeds(node, f"timeout 20 sh -c 'until {sign}; do sleep 0.05; done'"):
            return
    raise AssertionError(f"{sign}: not within 300 s")


#: Node -> what is there of its new brick when the power goes.
STAGES = {
    "node1": "lvs --noheadings -o lv_name 2>/dev/null | grep -q pool_cut",
    "node3": "lvs --noheadings -o lv_name 2>/dev/null | grep -q brick_cut",
    "node4": "grep -q cut /etc/fstab",
}


def test_a_brick_is_finished_whatever_there_is_of_it(lab):
    """The next run comes as soon as ssh answers, which is before LVM has activated the volumes.

    It is done on nodes without a pool, so that several can be cut off without harm to a volume.
    """
    desired = {"bricks": [{"name": "cut", "device": "/dev/sdc", "size": "300MiB"}]}
    for node, stage in STAGES.items():
        running = lab.start_module(node, "lvm_brick", **desired)
        try:
            wait_for_moment(lab, running, node, stage)
            lab.power("power-off", node)
        finally:
            running.kill()
            running.communicate()
    lab.power("power-on", *STAGES)
    lab.module(",".join(STAGES), "lvm_brick", **desired)
    assert lab.module(",".join(STAGES), "lvm_brick", **desired).count("changed: false") == len(STAGES)
    for node in STAGES:
        assert lab.host(node).mount_point("/srv/gluster/cut").filesystem == "xfs"
        assert lab.succeeds(node, "test -d /srv/gluster/cut/brick")


@pytest.mark.parametrize("moment", MOMENTS)
def test_next_run_completes(lab, moment):
    volumes, node, sign = MOMENTS[moment]
    desired = {"gluster_volumes": volumes, "gluster_zone_policy": "preferred"}
    running = lab.start("site", desired)
    try:
        wait_for_moment(lab, running, node, sign)
        lab.power("power-off", VICTIM)
        if node != VICTIM:
            # glusterd on node1 waits for the victim, for minutes while that is off; whether this run survives is luck.
            lab.power("power-on", VICTIM)
        said, _nothing = running.communicate(timeout=300)
    finally:
        running.kill()
    if node == VICTIM:
        assert running.returncode != 0, said[-4000:]
        lab.power("power-on", VICTIM)
    lab.check_gate(desired)
    for volume in volumes:
        assert lab.volume(volume["name"])["Status"] == "Started"
        place = volume["clients"][0]["path"]
        lab.run("client1", f"echo '{moment}' > {place}/file; sync")
        assert lab.run("node1", f"cat {place}/file") == moment
    lab.wait_for(lambda: lab.play("health").rc == 0, "healthy")


def test_no_brick_was_made_twice(lab):
    for node in lab.nodes:
        names = lab.run(node, "lvs --noheadings -o lv_name").split()
        assert len(names) == len(set(names))
        assert lab.run(node, "grep -c xfs /etc/fstab") == lab.run(node, "grep -c ' xfs ' /proc/mounts")


def test_clients_mount_by_themselves_after_all_machines_lost_their_power(lab):
    """The client boots first and finds nobody; then the nodes come, one of them a client; nobody runs a playbook."""
    for node in lab.nodes:
        lab.run(node, "sync")
    lab.power("power-off", *lab.guests)
    lab.power("power-on", "client1")
    assert not lab.succeeds("client1", "mountpoint -q /mnt/homes")
    lab.power("power-on", *lab.nodes)
    for client in ("client1", "node1"):
        for place in ("/mnt/homes", "/mnt/more"):
            lab.wait_for(lambda c=client, p=place: lab.succeeds(c, f"mountpoint -q {p}"), f"{place} on {client}")
    lab.wait_for(lambda: lab.play("health").rc == 0, "healthy")
    lab.play("site", {"gluster_volumes": [HOMES, MORE], "gluster_zone_policy": "preferred"}).without_change()


def test_health_names_a_mount_that_is_missing_and_site_brings_it_back(lab):
    lab.run("client1", "umount /mnt/more")
    lab.play("health").refused("client client1: /etc/fstab has", "at /mnt/more, and that is not mounted")
    lab.power("power-off", "client1")
    lab.play("health").refused("client client1 does not answer")
    lab.power("power-on", "client1")
    lab.wait_for(lambda: lab.succeeds("client1", "mountpoint -q /mnt/more"), "mounted after the boot")


def test_a_node_boots_without_its_disk(lab):
    """A disk died: a blank one is in its place. The node boots, its volumes live on, and health names the brick."""
    lab.run("client1", "echo kept > /mnt/homes/kept; sync")
    mount = lab.run("node3", "findmnt -lnt xfs -o TARGET | head -1")
    lab.power("power-off", "node3")
    for image in lab.state.glob("node3-sd*.img"):
        image.unlink()
    lab.power("power-on", "node3")
    # Only glusterd waits for the disk, for a minute.
    lab.wait_for(lambda: lab.succeeds("node3", "systemctl is-active glusterd"), "glusterd after the boot")
    lab.play("health").refused("node3")
    assert lab.run("client1", "cat /mnt/homes/kept") == "kept"
    assert lab.run("node3", "ls -A " + mount) == "", "nothing is written under the mount point of a missing disk"
