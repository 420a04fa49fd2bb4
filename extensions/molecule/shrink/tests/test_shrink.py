# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A volume gets a second set, its files are spread, and it gets one set again; no file is lost."""

import copy
import pathlib

import pytest
import yaml

EXAMPLE = pathlib.Path(__file__).resolve().parents[4] / "inventory.example/three_zones/group_vars/all.yml"
CONFIRM = {"gluster_shrink_volume": "shared", "gluster_shrink_confirm": "three-zones"}
FOLDER, SUMS = "/mnt/shared/kept", "/var/tmp/kept.sums"
#: Names with more than one folder, so that both sets get some whatever their hashes are.
WRITE = (
    f"mkdir -p {FOLDER}/a/b {FOLDER}/c && cd {FOLDER} && "
    "for n in $(seq 60); do for d in . a a/b c; do head -c $((n * 3000)) /dev/urandom > $d/file-$n; done; done && "
    f"find . -type f -exec sha256sum {{}} + | sort > {SUMS} && sync"
)
CHECK = f"cd {FOLDER} && test $(find . -type f | wc -l) = 240 && sha256sum --quiet -c {SUMS}"
#: Files with something in them; link files of GlusterFS are empty.
HOLDS = "find {path} -path {path}/.glusterfs -prune -o -type f -size +0 -print | wc -l"


def wanted(sets):
    """Return the inventory's volumes, the first of them with so many sets."""
    volumes = copy.deepcopy(yaml.safe_load(EXAMPLE.read_text())["gluster_volumes"])
    assert volumes[0]["name"] == "shared"
    volumes[0].update(sets=sets, size=f"{2 * sets}GiB")
    return {"gluster_volumes": volumes}


def node_and_path(lab, brick):
    """Return the machine and the directory of a brick."""
    address, _colon, path = brick.partition(":")
    return {f"192.168.72.{100 + number}": f"node{number}" for number in range(1, 5)}[address], path


def files_on(lab, brick):
    node, path = node_and_path(lab, brick)
    return int(lab.run(node, HOLDS.format(path=path)))


@pytest.fixture(scope="module", autouse=True)
def grown(lab):
    """Return the bricks of the first set, and those of the second, which was added when there were files."""
    lab.play("site", wanted(1)).succeeded()
    lab.run("client1", WRITE)
    first = lab.bricks("shared")
    lab.play("heal").succeeded()
    lab.play("site", wanted(2)).succeeded()
    both = lab.bricks("shared")
    assert both[:3] == first and len(both) == 6
    return first, both[3:]


def test_files_are_spread_over_the_new_set_once(lab, grown):
    _first, second = grown
    assert files_on(lab, second[0]) == 0
    given = {**wanted(2), "gluster_rebalance_volumes": ["shared"]}
    lab.play("rebalance", given, "--check").succeeded()
    assert files_on(lab, second[0]) == 0
    assert "shared: completed, " in lab.play("rebalance", given).succeeded().words
    assert files_on(lab, second[0]) > 20
    lab.play("rebalance", given).without_change()
    lab.run("client1", CHECK)


def test_fewer_sets_are_refused_by_plan_and_site_and_shrink_refuses_what_the_inventory_does_not_have(lab, grown):
    lab.play("site", wanted(1)).refused("shared: sets: found 1", "the playbook shrink takes sets out of a volume")
    lab.play("shrink", {**wanted(1), **CONFIRM, "gluster_shrink_confirm": "other"}).refused("gluster_shrink_confirm")
    lab.play("shrink", {**wanted(2), **CONFIRM, "gluster_shrink_sets": 1}).refused("the inventory has 2")
    lab.play("shrink", {**wanted(1), **CONFIRM}, "--check").succeeded()
    assert len(lab.bricks("shared")) == 6


def test_a_removal_that_waits_for_its_commit_is_named_and_can_be_given_up(lab, grown):
    given = {**wanted(1), **CONFIRM}
    lab.play("shrink", {**given, "gluster_shrink_commit": False}).succeeded()
    assert len(lab.bricks("shared")) == 6
    named = "a removal of bricks is completed and waits for its commit"
    assert named in lab.play("plan", wanted(2)).succeeded().words
    health = lab.play("health")
    assert health.rc != 0 and named in health.words and "the playbook shrink" in health.words
    lab.play("shrink", {**given, "gluster_shrink_state": "stopped"}).succeeded()
    lab.play("shrink", {**given, "gluster_shrink_state": "stopped"}).without_change()
    assert named not in lab.play("plan", wanted(2)).succeeded().words
    lab.run("client1", CHECK)


def test_the_files_of_the_last_set_move_and_its_bricks_are_given_back(lab, grown):
    first, second = grown
    given = {**wanted(1), **CONFIRM, "gluster_shrink_destroy_bricks": True}
    lab.play("shrink", given).succeeded()
    assert lab.bricks("shared") == first
    lab.run("client1", CHECK)
    for brick in second:
        node, path = node_and_path(lab, brick)
        assert not lab.succeeds(node, f"test -e {path}")
        assert path.split("/")[-2].replace("-", "--") not in lab.run(node, "ls /dev/mapper")


def test_a_second_run_and_site_change_nothing(lab, grown):
    lab.play("shrink", {**wanted(1), **CONFIRM}).without_change()
    # Clients name other nodes of the volume in their fstab now.
    lab.play("site", wanted(1)).succeeded()
    lab.play("site", wanted(1)).without_change()
    lab.play("health").without_change()
    lab.run("client1", CHECK)
