# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Volumes move to other disks and another host while a client writes without a pause; a run is killed on the way."""

import json
import pathlib
import time

import pytest

WORKLOAD = pathlib.Path(__file__).resolve().parents[4] / "tests/e2e/workload.py"
FOLDER, JOURNAL = "/mnt/{name}/work", "/var/tmp/{name}.journal"
KINDS = {
    "shared": {"type": "replicate", "size": "2GiB", "options": {"network.ping-timeout": 20}},
    "ec": {"type": "disperse", "disperse_data": 2, "redundancy": 1, "size": "2GiB"},
    "archive": {"type": "arbiter", "size": "1GiB"},
}
ZONES = {"1": "a", "2": "b", "3": "c", "4": "a"}


def desired(disk, **limits):
    """Return the variable for the volumes, all on one disk of each host, with more limits by name."""
    volumes = [
        {"name": name, "clients": [{"path": f"/mnt/{name}", "hosts": ["client1"]}], "devices": [disk], **kind}
        for name, kind in KINDS.items()
    ]
    return {"gluster_volumes": [{**volume, **limits.get(volume["name"], {})} for volume in volumes]}


def moving(*names, **given):
    return {**desired("/dev/sdc", **given), "gluster_move_volumes": list(names)}


def disks(lab, name):
    """Return the disks that the bricks of a volume are on, by their names in the inventory."""
    found = set()
    for brick in lab.bricks(name):
        address, _colon, path = brick.partition(":")
        node = f"node{address[-1]}"
        mounted = lab.run(node, f"findmnt -no SOURCE {path.removesuffix('/brick')}")
        below = lab.run(node, f"lsblk -nslo PATH,TYPE {mounted} | awk '$2 == \"disk\" {{print $1}}'").split()
        found |= {given for given in ("/dev/sdb", "/dev/sdc") if lab.run(node, f"readlink -f {given}") in below}
    return found


def hosts(lab, name):
    return [brick.partition(":")[0][-1] for brick in lab.bricks(name)]


@pytest.fixture(scope="module", autouse=True)
def written(lab):
    lab.play("site", desired("/dev/sdb")).succeeded()
    lab.copy("client1", WORKLOAD)
    for name in KINDS:
        lab.run(
            "client1",
            f"head -c 60M /dev/urandom > /mnt/{name}/kept && sha256sum /mnt/{name}/kept > /var/tmp/{name}.sum",
        )
        run = f"python3 /srv/workload.py run {FOLDER.format(name=name)} {JOURNAL.format(name=name)} 0.2"
        lab.run("client1", f"systemd-run --unit workload-{name} {run}")


def test_the_plan_names_what_is_elsewhere_and_only_what_is_named_moves(lab):
    before = {name: lab.bricks(name) for name in KINDS}
    assert all(disks(lab, name) == {"/dev/sdb"} for name in KINDS)
    said = lab.play("plan", desired("/dev/sdc")).succeeded().words
    assert "outside of its hosts and devices in the inventory; the playbook move moves that" in said
    lab.play("site", desired("/dev/sdc")).without_change()
    lab.play("move", desired("/dev/sdc")).refused("gluster_move_volumes: found no names")
    said = lab.play("move", moving("shared"), "--check").succeeded().words
    assert "2 healed copies until then, 3 after" in said
    assert {name: lab.bricks(name) for name in KINDS} == before


def test_a_run_that_is_killed_on_the_way_is_continued_by_the_next(lab):
    first = set(lab.bricks("shared"))
    process = lab.start("move", moving("shared"))
    lab.wait_for(lambda: len(first & set(lab.bricks("shared"))) == 2, "the first brick is replaced")
    process.kill()
    process.wait()
    time.sleep(5)
    lab.play("move", moving("shared")).succeeded()
    assert disks(lab, "shared") == {"/dev/sdc"} and not first & set(lab.bricks("shared"))
    assert sorted(ZONES[host] for host in hosts(lab, "shared")) == ["a", "b", "c"]
    lab.play("move", moving("shared")).without_change()


def test_dispersed_and_arbiter_volumes_move_as_well(lab):
    # Six bricks, each of them healed while the client writes.
    lab.play("move", moving("ec", "archive"), limit=30 * 60).succeeded()
    for name in ("ec", "archive"):
        assert disks(lab, name) == {"/dev/sdc"} and len(set(hosts(lab, name))) == 3
    lab.play("move", moving("ec", "archive")).without_change()
    lab.play("site", desired("/dev/sdc")).without_change()
    lab.play("health", desired("/dev/sdc")).succeeded()


def test_a_volume_moves_to_another_host_of_the_zone(lab):
    [old] = [host for host in hosts(lab, "shared") if ZONES[host] == "a"]
    other = {"1": "4", "4": "1"}[old]
    limits = {"shared": {"hosts": ["node2", "node3", f"node{other}"], "devices": ["/dev/sdc"]}}
    lab.play("move", moving("shared", **limits)).succeeded()
    assert sorted(hosts(lab, "shared")) == sorted(["2", "3", other])


def test_nothing_that_was_acknowledged_is_lost(lab):
    for name in KINDS:
        lab.run("client1", f"systemctl stop workload-{name}")
        check = f"python3 /srv/workload.py check {FOLDER.format(name=name)} {JOURNAL.format(name=name)}"
        said = json.loads(lab.run("client1", check))
        print(name, said)
        assert said["operations"] > 50 and said["wrong"] == [] and said["errors"] == []
        lab.run("client1", f"sha256sum --quiet -c /var/tmp/{name}.sum")
