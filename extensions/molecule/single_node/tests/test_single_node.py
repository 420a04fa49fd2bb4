# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One machine: a distributed volume over its two disks, mounted on itself."""


def test_volume_is_mounted(lab):
    volume = lab.volume("scratch")
    assert (volume["Type"], volume["Status"]) == ("Distribute", "Started")
    assert volume["bricks"] == [
        "192.168.72.101:/srv/gluster/scratch-1/brick",
        "192.168.72.101:/srv/gluster/scratch-2/brick",
    ]
    assert lab.host("node1").mount_point("/mnt/scratch").filesystem == "fuse.glusterfs"


def test_bricks_are_on_both_disks(lab):
    assert lab.run("node1", "pvs --noheadings -o pv_name").split() == ["/dev/sdb", "/dev/sdc"]


def test_data_is_kept(lab):
    lab.run("node1", "for i in $(seq 20); do echo $i > /mnt/scratch/$i; done; sync")
    assert lab.run("node1", "cat /mnt/scratch/* | sort -n | tail -1; ls /mnt/scratch | wc -l") == "20\n20"
    assert all(lab.run("node1", f"ls /srv/gluster/scratch-{number}/brick | wc -l") != "0" for number in (1, 2))


def test_check_mode_and_plan_see_nothing_to_do(lab):
    lab.play("site", None, "--check").without_change()
    assert "nothing to do" in lab.play("plan").without_change().text


def test_health_is_well(lab):
    lab.play("health").without_change()


def test_a_mount_whose_process_has_ended_is_named_and_mounted_again(lab):
    """While a program works there, so that it can't simply be unmounted."""
    lab.run("node1", "systemd-run --unit holder --property WorkingDirectory=/mnt/scratch sleep 3600")
    lab.run("node1", "kill -9 $(pgrep -f ' /mnt/scratch$')")
    assert not lab.succeeds("node1", "ls /mnt/scratch")
    lab.play("health").refused("the process that served /mnt/scratch has ended")
    assert "and mount again scratch at /mnt/scratch" in lab.play("plan").without_change().words
    lab.check_gate()
    assert lab.run("node1", "systemctl stop holder; ls /mnt/scratch | wc -l") == "20"
