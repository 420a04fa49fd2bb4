# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every kind of volume through site.yml alone: made, grown by a set, tuned; and what is impossible is refused."""

import copy

KINDS = [
    {
        "name": "spread",
        "type": "distribute",
        "sets": 2,
        "size": "512MiB",
        "options": {"features.cache-invalidation": "yes"},
    },
    {"name": "pairs", "type": "replicate", "replicas": 2, "sets": 2, "size": "1GiB"},
    {"name": "single", "type": "replicate", "replicas": 3, "size": "512MiB", "clients": [{"path": "/mnt/single"}]},
    {"name": "umpire", "type": "arbiter", "size": "512MiB"},
    {"name": "coded", "type": "disperse", "disperse_data": 2, "redundancy": 1, "size": "1GiB"},
    {"name": "wide", "type": "disperse", "disperse_data": 2, "redundancy": 1, "sets": 2, "size": "2GiB"},
]
TYPES = {
    "spread": ("Distribute", "2"),
    "pairs": ("Distributed-Replicate", "2 x 2 = 4"),
    "single": ("Replicate", "1 x 3 = 3"),
    "umpire": ("Replicate", "1 x (2 + 1) = 3"),
    "coded": ("Disperse", "1 x (2 + 1) = 3"),
    "wide": ("Distributed-Disperse", "2 x (2 + 1) = 6"),
}


def wish(**changes):
    """Return the wish for all kinds, with some fields of some volumes changed."""
    volumes = copy.deepcopy(KINDS)
    for volume in volumes:
        volume.update(changes.get(volume["name"], {}))
    return {"gluster_volumes": volumes, "gluster_zone_policy": "preferred"}


def grown():
    """Return the wish in which "single" has a second set, and options are changed and reset."""
    return wish(
        single={
            "sets": 2,
            "size": "1GiB",
            "rebalance": True,
            "options": {"nfs.disable": True, "cluster.lookup-optimize": False},
        },
        spread={"reset_options": ["features.cache-invalidation"], "options": {"performance.cache-size": "64MB"}},
    )


def test_all_kinds_are_made(lab):
    lab.check_gate(wish())
    for name, (kind, bricks) in TYPES.items():
        volume = lab.volume(name)
        assert (volume["Type"], volume["Number of Bricks"], volume["Status"]) == (kind, bricks, "Started")


def test_no_set_has_two_bricks_on_one_host(lab):
    for name, width in {"pairs": 2, "single": 3, "umpire": 3, "coded": 3, "wide": 3}.items():
        hosts = [brick.partition(":")[0] for brick in lab.bricks(name)]
        for first in range(0, len(hosts), width):
            assert len(set(hosts[first : first + width])) == width, (name, hosts)


def test_grows_by_a_set_behind_the_old_bricks(lab):
    lab.run("client1", "for i in $(seq 100); do echo $i > /mnt/single/$i; done; sync")
    before = lab.bricks("single")
    free = int(lab.run("client1", "stat -f -c %b /mnt/single"))
    lab.check_gate(grown())
    after = lab.bricks("single")
    assert after[:3] == before
    assert len(after) == 6
    assert lab.volume("single")["Type"] == "Distributed-Replicate"
    assert int(lab.run("client1", "stat -f -c %b /mnt/single")) > 1.8 * free
    lab.wait_for(lambda: "completed" in lab.gluster("volume rebalance single status"), "the rebalance", patience=120)
    assert lab.run("client1", "cat /mnt/single/* | wc -l") == "100"


def test_rebalance_moved_data_to_the_new_set(lab):
    address, _colon, path = lab.bricks("single")[3].partition(":")
    node = f"node{address[-1]}"
    assert int(lab.run(node, f"find {path} -maxdepth 1 -type f -not -perm -1000 | wc -l")) > 0


def test_options_are_changed_and_reset(lab):
    assert lab.volume("single")["cluster.lookup-optimize"] in ("off", "false", "False")
    spread = lab.volume("spread")
    assert spread["performance.cache-size"] == "64MB"
    assert "features.cache-invalidation" not in spread


def test_fewer_sets_are_refused(lab):
    # The same wish as before the growth: leaving a set out removes nothing.
    lab.play("site", dict(wish(single={"sets": 1}))).refused("single", "sets")
    assert len(lab.bricks("single")) == 6


def test_another_type_is_refused(lab):
    wanted = grown()
    wanted["gluster_volumes"][4] = {"name": "coded", "type": "replicate", "replicas": 3, "size": "512MiB"}
    lab.play("site", wanted).refused("coded", "type")


def test_a_smaller_size_shrinks_nothing(lab):
    wanted = grown()
    wanted["gluster_volumes"][1]["size"] = "700MiB"
    run = lab.play("plan", wanted)
    assert run.rc != 0 or "nothing to do" in run.text


def test_leaving_a_volume_out_removes_nothing(lab):
    wanted = grown()
    del wanted["gluster_volumes"][0]
    lab.play("site", wanted).without_change()
    assert lab.volume("spread")["Status"] == "Started"
