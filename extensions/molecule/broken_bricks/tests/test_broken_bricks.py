# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A disk is replaced by an empty one, a brick answers with read errors: each is named, and ends nothing else.

The way back is the playbook replace. What no volume uses is named, and removed by name.
"""

import collections

import pytest

Victim = collections.namedtuple("Victim", "node address brick name device healthy")


def path_of(brick):
    return brick.partition(":")[2]


@pytest.fixture(scope="module")
def victim(lab):
    """A node with bricks of both volumes on two disks, and its brick of shared."""
    lab.play("site").succeeded()
    lab.run("client1", "mkdir /mnt/shared/before && cp /etc/services /etc/passwd /mnt/shared/before && sync")
    address = next(
        brick.partition(":")[0]
        for brick in lab.bricks("shared")
        if any(other.partition(":")[0] == brick.partition(":")[0] for other in lab.bricks("archive"))
    )
    brick = next(brick for brick in lab.bricks("shared") if brick.startswith(address))
    healthy = next(brick for brick in lab.bricks("archive") if brick.startswith(address))
    node = "node" + address[-1]
    name = path_of(brick).split("/")[-2]
    device = lab.run(node, f"lvs --noheadings -o devices -S lv_name=pool_{name}_tdata -a | sed 's/(.*//;s/ //g'")
    return Victim(node, address, brick, name, "/dev/sd" + device.removeprefix("/dev/ubd")[-1:], healthy)


def wait_until_healed(lab, volume):
    """Ask for healing as the guide says: a self-heal daemon that found a brick too late looks again in ten minutes."""

    def healed():
        lab.succeeds("node1", f"gluster --mode=script volume heal {volume}")
        health = lab.play("health")
        print(health.words[-600:])
        return health.rc == 0

    lab.wait_for(healed, f"healed {volume}")


def test_a_disk_that_is_lost_keeps_no_other_brick_away_at_boot(lab, victim):
    lab.run(victim.node, f"dd if=/dev/zero of={victim.device} bs=1M count=64 conv=fsync status=none; sync")
    lab.power("power-off", victim.node)
    lab.run("client1", "cp /etc/services /mnt/shared/meanwhile && sync")
    lab.power("power-on", victim.node)
    # In brackets, since the shell that looks has these words in its command line, too.
    process = f"pgrep -f 'glusterf[s]d .*{path_of(victim.healthy)}'"
    lab.wait_for(lambda: lab.succeeds(victim.node, process), "the healthy brick")
    events = "journalctl -b -o short-monotonic --no-pager | grep -E 'Started glusterd|Timed out waiting for device'"
    lab.wait_for(lambda: len(lab.run(victim.node, events).splitlines()) == 2, "systemd gives the lost disk up")
    first, last = lab.run(victim.node, events).splitlines()
    assert "Started glusterd" in first and "Timed out" in last


def test_it_is_named_with_its_disk_and_site_goes_on_for_the_rest(lab, victim):
    said = lab.play("plan").succeeded().words
    assert f"volume shared: brick {victim.brick} on {victim.node} is gone: /etc/fstab mounts /dev/brickwork_" in said
    assert f"{victim.device} is empty" in said and "docs/repair.md" in said
    lab.run("client1", "umount /mnt/archive")
    run = lab.play("site")
    assert run.rc != 0 and "is gone: /etc/fstab mounts" in run.words, run.text[-6000:]
    assert lab.succeeds("client1", "mountpoint -q /mnt/archive"), "all else is done"
    assert run.changed["client1"] == 1 and sum(run.changed.values()) == 1, run.text[-6000:]
    health = lab.play("health").refused(f"brick {victim.brick} on {victim.node} is gone", f"{victim.brick} is offline")
    assert "does not answer" not in health.words


def test_the_playbook_replace_makes_it_anew_and_fills_it(lab, victim):
    lab.play("replace", None, "--check").succeeded()
    assert not lab.succeeds(victim.node, f"lvs | grep -q {victim.name}")
    lab.play("replace").succeeded()
    lab.play("health").without_change()
    lab.play("replace").without_change()
    for name in ("before/services", "before/passwd", "meanwhile"):
        assert lab.run(victim.node, f"sha256sum < {path_of(victim.brick)}/{name}") == lab.run(
            "client1", f"sha256sum < /mnt/shared/{name}"
        )
    lab.play("site").without_change()


def test_a_brick_that_can_not_be_read_is_named_alone(lab, victim):
    mapped = lab.run(victim.node, f"findmnt -no SOURCE {path_of(victim.healthy).rpartition('/')[0]}")
    table = lab.run(victim.node, f"dmsetup table {mapped}")
    size = table.split()[1]
    lab.run(
        victim.node,
        f"dmsetup suspend {mapped}; dmsetup reload {mapped} --table '0 {size} error'; dmsetup resume {mapped}",
    )
    lab.run(victim.node, "echo 3 > /proc/sys/vm/drop_caches")
    try:
        for playbook in ("plan", "health"):
            said = lab.play(playbook)
            # YAML doubles an apostrophe.
            words = said.words.replace("''", "'")
            assert f"volume archive: brick {victim.healthy} on {victim.node} can't be read (" in words, said.text[
                -6000:
            ]
            assert (said.rc == 0) == (playbook == "plan") and "does not answer" not in said.words
    finally:
        lab.power("power-off", victim.node)
        lab.power("power-on", victim.node)
    wait_until_healed(lab, "archive")


def take_away(lab, brick):
    """Remove a brick with its thin pool, as a disk that died would."""
    node, name = "node" + brick.partition(":")[0][-1], path_of(brick).split("/")[-2]
    group = lab.run(node, f"lvs --noheadings -o vg_name -S lv_name=brick_{name}").strip()
    # In brackets, since the shell that looks has these words in its command line, too.
    lab.run(node, f"pkill -f 'glusterf[s]d .*{path_of(brick)}'; sleep 2; umount {path_of(brick).rpartition('/')[0]}")
    lab.run(node, f"lvremove -fy {group}/pool_{name}")


def test_two_of_one_set_are_made_anew_from_the_one_that_is_left(lab, victim):
    first, second, third = lab.bricks("shared")
    take_away(lab, first)
    take_away(lab, second)
    lab.play("replace").refused(f"volume shared has lost {first}, {second} of one set, and the inventory does not say")
    states = {
        "node" + brick.partition(":")[0][-1]: [{"path": path_of(brick), "state": "lost"}] for brick in (first, second)
    }
    given = {"gluster_bricks": "{{ %r[inventory_hostname] | default([]) }}" % states}
    lab.play("replace", given).succeeded()
    lab.play("health").without_change()
    for brick in set(lab.bricks("shared")) - {third}:
        node = "node" + brick.partition(":")[0][-1]
        for name in ("before/services", "before/passwd", "meanwhile"):
            assert lab.run(node, f"sha256sum < {path_of(brick)}/{name}") == lab.run(
                "client1", f"sha256sum < /mnt/shared/{name}"
            )
    lab.play("replace").without_change()


def test_what_no_volume_uses_is_named_and_removed_by_name(lab, victim):
    lab.module("node4", "lvm_brick", bricks=[{"name": "archive-1b", "device": "/dev/sdc", "size": "512MiB"}])
    assert "archive-1b on node4 (512 MiB on /dev/sdc) is used by no volume" in lab.play("plan").succeeded().words
    desired = {"gluster_teardown_confirm": "three-zones", "gluster_teardown_bricks": ["node4:archive-1b"]}
    brick = lab.bricks("shared")[0]
    used = f"node{brick.partition(':')[0][-1]}:{path_of(brick).split('/')[-2]}"
    lab.play("teardown", dict(desired, gluster_teardown_bricks=[used])).refused(f"{used} is a brick of volume shared")
    lab.play("teardown", desired, "--check").succeeded()
    assert lab.succeeds("node4", "lvs | grep -q archive-1b")
    lab.play("teardown", desired).succeeded()
    assert not lab.succeeds("node4", "(lvs; cat /etc/fstab /proc/mounts) | grep archive-1b")
    lab.play("teardown", desired).without_change()


def test_teardown_refuses_before_the_first_client_is_unmounted(lab):
    lab.gluster("snapshot create s1 archive no-timestamp")
    desired = {"gluster_teardown_confirm": "three-zones", "gluster_teardown_volumes": ["archive"]}
    lab.play("teardown", desired).refused("gluster_teardown_volumes: archive has 1 snapshots; delete them first")
    assert lab.succeeds("client1", "mountpoint -q /mnt/archive && grep /mnt/archive /etc/fstab")


def test_where_only_an_arbiter_is_left_it_says_what_is_lost(lab):
    lab.gluster("snapshot delete s1")
    first, second, arbiter = lab.bricks("archive")
    take_away(lab, first)
    take_away(lab, second)
    lab.play("replace").refused(
        f"volume archive has lost {first}, {second} of one set, and what is left of it ({arbiter}, an arbiter, which"
    )
