# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Volumes get more copies, and an arbiter in place of one, with their files in use; each copy holds all of them.

Then a disk is retired, and another one is lost: their bricks go to other disks.
"""

import pytest

FOLDER, SUMS = "/mnt/{name}/kept", "/var/tmp/{name}.sums"
WRITE = (
    "mkdir -p {folder}/a/b && cd {folder} && "
    "for n in $(seq 40); do for d in . a a/b; do head -c $((n * 3000)) /dev/urandom > $d/file-$n; done; done && "
    "find . -type f -exec sha256sum {{}} + | sort > {sums} && sync"
)
CHECK = "cd {folder} && test $(find . -type f | wc -l) = 120 && sha256sum --quiet -c {sums}"
#: A copy of a set holds the files of its set, and so do the others: name, size and sha256.
HOLDS = "cd {path} && find . -path ./.glusterfs -prune -o -type f -exec sha256sum {{}} + | sort"
KINDS = {
    "none": {"type": "distribute"},
    "two": {"type": "replicate", "replicas": 2},
    "three": {"type": "replicate", "replicas": 3},
    "arbiter": {"type": "arbiter"},
}


def desired(pair, plain):
    """Return the variable for two volumes of these kinds."""
    volumes = [
        {"name": "pair", "sets": 2, "size": "2GiB", "clients": [{"path": "/mnt/pair"}], **KINDS[pair]},
        {"name": "plain", "sets": 1, "size": "1GiB", "clients": [{"path": "/mnt/plain"}], **KINDS[plain]},
    ]
    return {"gluster_volumes": volumes}


def sets_of(lab, name, width):
    bricks = lab.bricks(name)
    return [bricks[first : first + width] for first in range(0, len(bricks), width)]


def held(lab, brick):
    """Return what a brick holds."""
    address, _colon, path = brick.partition(":")
    return lab.run("node" + address[-1], HOLDS.format(path=path))


def are_copies(lab, name, width, data):
    """Whether the copies of each set hold the same, and all sets together everything."""
    sets = [[held(lab, brick) for brick in bricks[:data]] for bricks in sets_of(lab, name, width)]
    assert all(len(set(copies)) == 1 for copies in sets)
    assert len({line for copies in sets for line in copies[0].splitlines() if "kept/" in line}) >= 120


def zones_of(lab, name, width):
    zones = {"1": "a", "2": "b", "3": "c", "4": "a"}
    return [sorted(zones[brick.partition(":")[0][-1]] for brick in bricks) for bricks in sets_of(lab, name, width)]


@pytest.fixture(scope="module", autouse=True)
def written(lab):
    lab.play("site", desired("two", "none")).succeeded()
    for name in ("pair", "plain"):
        lab.run("client1", WRITE.format(folder=FOLDER.format(name=name), sums=SUMS.format(name=name)))


@pytest.fixture(autouse=True)
def all_files_stay(lab, written):
    yield
    for name in ("pair", "plain"):
        lab.run("client1", CHECK.format(folder=FOLDER.format(name=name), sums=SUMS.format(name=name)))


def test_plan_and_site_name_the_playbook_and_change_nothing(lab):
    before = lab.bricks("pair"), lab.bricks("plain")
    said = lab.play("plan", desired("three", "arbiter")).succeeded().words
    assert "the playbook expand changes that" in said and "replica 2 to replica 3" in said
    lab.play("site", desired("three", "arbiter")).without_change()
    lab.play("expand", desired("three", "arbiter"), "--check").succeeded()
    assert (lab.bricks("pair"), lab.bricks("plain")) == before


def test_a_third_copy_of_each_set_and_copies_where_there_were_none(lab):
    lab.play("expand", desired("three", "arbiter")).succeeded()
    assert lab.volume("pair")["Number of Bricks"] == "2 x 3 = 6"
    assert lab.volume("plain")["Number of Bricks"] == "1 x (2 + 1) = 3"
    assert zones_of(lab, "pair", 3) == [["a", "b", "c"]] * 2 and zones_of(lab, "plain", 3) == [["a", "b", "c"]]
    are_copies(lab, "pair", 3, data=3)
    are_copies(lab, "plain", 3, data=2)
    lab.play("expand", desired("three", "arbiter")).without_change()
    lab.play("site", desired("three", "arbiter")).succeeded()
    lab.play("health").without_change()


def test_a_new_copy_that_glusterfs_was_not_told_of_is_filled_before_anything_relies_on_it(lab):
    """As a power cut leaves it: the brick is in the volume, empty, and the others know nothing of that."""
    brick = lab.bricks("pair")[2]
    node, path = node_of(brick), brick.partition(":")[2]
    lab.run(node, f"pkill -f 'glusterf[s]d .*{path}'; sleep 2; find {path} -mindepth 1 -delete")
    # glusterd makes this folder with each new brick, which does not start without it.
    lab.run(node, f"mkdir -m 0600 {path}/.glusterfs; sync")
    lab.gluster(f"volume set pair user.brickwork-filling marking:{brick}")
    lab.gluster("volume start pair force")
    given = desired("three", "arbiter")
    said = f"brick {brick} is new, and not known to be filled: run the playbook heal"
    lab.play("health", given).refused(said)
    assert said in lab.play("plan", given).succeeded().words
    other = node_of(lab.bricks("pair")[0])
    enter = {"gluster_maintenance": "enter", "gluster_maintenance_nodes": [other]}
    lab.play("maintenance", {**given, **enter}).refused(said)
    lab.play("heal", given).succeeded()
    are_copies(lab, "pair", 3, data=3)
    assert "user.brickwork-filling: none" in lab.gluster("volume info pair")
    lab.play("heal", given).without_change()
    lab.play("health", given).without_change()


def test_fewer_copies_only_by_the_name_of_the_volume(lab):
    given = desired("arbiter", "arbiter")
    lab.play("expand", given).refused("gluster_accept_fewer_copies")
    lab.play("expand", {**given, "gluster_accept_fewer_copies": ["pair"]}).succeeded()
    assert lab.volume("pair")["Number of Bricks"] == "2 x (2 + 1) = 6"
    are_copies(lab, "pair", 3, data=2)
    lab.play("expand", given).without_change()
    assert "is used by no volume" in lab.play("plan", given).succeeded().words
    lab.play("health").without_change()


def node_of(brick):
    return "node" + brick.partition(":")[0][-1]


def disk_of(lab, brick):
    """Return the disk of a brick, which names its volume group."""
    name = brick.rpartition("/brick")[0].rpartition("/")[2]
    group = lab.run(node_of(brick), f"lvs --noheadings -o vg_name -S lv_name=brick_{name}")
    return "/dev/" + group.removeprefix("brickwork_")


def with_disk(node, disk, state):
    """Return the variables of which one disk is in a state."""
    disks = [{"path": path, **({"state": state} if path == disk else {})} for path in ("/dev/sdb", "/dev/sdc")]
    active = [{"path": path} for path in ("/dev/sdb", "/dev/sdc")]
    chosen = f"{{{{ {disks!r} if inventory_hostname == {node!r} else {active!r} }}}}"
    return {**desired("arbiter", "arbiter"), "gluster_devices": chosen, "gluster_retire_confirm": "three-zones"}


def bricks_on(lab, node, disk):
    bricks = [brick for name in ("pair", "plain") for brick in lab.bricks(name)]
    return [brick for brick in bricks if node_of(brick) == node and disk_of(lab, brick) == disk]


def test_the_bricks_of_a_retired_disk_move_to_others(lab):
    brick = lab.bricks("pair")[0]
    node, disk = node_of(brick), disk_of(lab, brick)
    given = with_disk(node, disk, "retired")
    assert f"{node}:{disk} is retired (gluster_devices)" in lab.play("plan", given).succeeded().words
    lab.play("retire", given).succeeded()
    assert bricks_on(lab, node, disk) == []
    are_copies(lab, "pair", 3, data=2)
    lab.play("retire", given).without_change()
    lab.play("health", given).without_change()


def test_the_bricks_of_a_lost_disk_are_made_anew_on_others(lab):
    brick = lab.bricks("pair")[3]
    node, disk = node_of(brick), disk_of(lab, brick)
    lab.run(node, f"dd if=/dev/zero of={disk} bs=1M count=64 conv=fsync status=none; sync")
    lab.power("power-off", node)
    lab.power("power-on", node)
    given = with_disk(node, disk, "lost")
    assert f"{node}:{disk} is lost (gluster_devices)" in lab.play("plan", given).succeeded().words
    lab.play("replace", given).succeeded()
    are_copies(lab, "pair", 3, data=2)
    assert brick not in lab.bricks("pair")
    lab.play("replace", given).without_change()
    lab.play("health", given).without_change()
