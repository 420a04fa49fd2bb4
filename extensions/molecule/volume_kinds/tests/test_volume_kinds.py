# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every kind of volume through site.yml alone: made, grown by a set, tuned; and what is impossible is refused."""

import copy
import time

KINDS = [
    {
        "name": "spread",
        "type": "distribute",
        "sets": 2,
        "size": "600MiB",
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


def desired(**changes):
    """Return the desired volumes of all kinds, with some fields of some volumes changed."""
    volumes = copy.deepcopy(KINDS)
    for volume in volumes:
        volume.update(changes.get(volume["name"], {}))
    return {"gluster_volumes": volumes, "gluster_zone_policy": "preferred"}


def grown():
    """Return the volumes with a second set for "single", a larger "spread", and options changed and reset."""
    return desired(
        single={
            "sets": 2,
            "size": "1GiB",
            "rebalance": True,
            "options": {"nfs.disable": True, "cluster.lookup-optimize": False},
        },
        spread={
            "size": "1GiB",
            "reset_options": ["features.cache-invalidation"],
            "options": {"performance.cache-size": "64MB"},
        },
    )


def node_and_path(brick):
    """Return the machine and the directory of a brick."""
    address, _colon, path = brick.partition(":")
    return f"node{address[-1]}", path


def sizes_of(lab, volume):
    """Return the bytes of the file systems under a volume's bricks."""
    places = [node_and_path(brick) for brick in lab.bricks(volume)]
    return [int(lab.run(node, f"df --output=size -B1 {path} | tail -1")) for node, path in places]


def rebalanced(lab, volume):
    """Whether no node moves files any more; until then a client may see a moving file twice."""
    said = lab.gluster(f"volume rebalance {volume} status")
    return "completed" in said and "in progress" not in said


def test_all_kinds_are_made(lab):
    # That a second run changes nothing is seen below, once they are grown.
    lab.play("site", desired()).succeeded()
    for name, (kind, bricks) in TYPES.items():
        volume = lab.volume(name)
        assert (volume["Type"], volume["Number of Bricks"], volume["Status"]) == (kind, bricks, "Started")


def test_no_set_has_two_bricks_on_one_host(lab):
    for name, width in {"pairs": 2, "single": 3, "umpire": 3, "coded": 3, "wide": 3}.items():
        hosts = [brick.partition(":")[0] for brick in lab.bricks(name)]
        for first in range(0, len(hosts), width):
            assert len(set(hosts[first : first + width])) == width, (name, hosts)


def test_grows_by_a_set_behind_the_old_bricks_and_by_size(lab):
    lab.run("client1", "for i in $(seq 100); do echo $i > /mnt/single/$i; done; sync")
    before = lab.bricks("single")
    free = int(lab.run("client1", "stat -f -c %b /mnt/single"))
    smaller = sizes_of(lab, "spread")
    lab.check_gate(grown())
    assert all(size > 1.5 * before for before, size in zip(smaller, sizes_of(lab, "spread"), strict=True))
    after = lab.bricks("single")
    assert after[:3] == before
    assert len(after) == 6
    assert lab.volume("single")["Type"] == "Distributed-Replicate"
    assert int(lab.run("client1", "stat -f -c %b /mnt/single")) > 1.8 * free
    lab.wait_for(lambda: rebalanced(lab, "single"), "the rebalance")
    assert lab.run("client1", "cat /mnt/single/* | wc -l") == "100"


def test_rebalance_moved_data_to_the_new_set(lab):
    node, path = node_and_path(lab.bricks("single")[3])
    assert int(lab.run(node, f"find {path} -maxdepth 1 -type f -not -perm -1000 | wc -l")) > 0


def test_options_are_changed_and_reset(lab):
    assert lab.volume("single")["cluster.lookup-optimize"] in ("off", "false", "False")
    spread = lab.volume("spread")
    assert spread["performance.cache-size"] == "64MB"
    assert "features.cache-invalidation" not in spread


def test_a_group_of_options_is_what_glusterfs_has_in_it(lab):
    """One that is not there is refused by the plan; what is given beside a group goes before it."""
    tuned = {"name": "umpire", "options": {"group": "virt", "network.ping-timeout": 21}}
    wanted = grown()
    wanted["gluster_volumes"][3]["options"] = {"group": "no-such"}
    lab.play("site", wanted).refused("has no group 'no-such'", "virt")
    assert "CHANGED" in lab.module("node1", "gluster_volume", **tuned)
    lines = lab.run("node1", "cat /var/lib/glusterd/groups/virt").split()
    expected = dict(dict(line.split("=", 1) for line in lines), **{"network.ping-timeout": "21"})
    umpire = lab.volume("umpire")
    assert len(lines) > 5 and expected.items() <= umpire.items() and "group" not in umpire
    assert "CHANGED" not in lab.module("node1", "gluster_volume", **tuned)


def test_fewer_sets_are_refused(lab):
    # The same volumes as before the growth: leaving a set out removes nothing.
    lab.play("site", dict(desired(single={"sets": 1}))).refused("single", "sets")
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


LATE = {"name": "late", "type": "replicate", "replicas": 3, "size": "300MiB"}
MARK = "getfattr -n trusted.glusterfs.volume-id --only-values {path} >/dev/null 2>&1"


def test_what_a_refused_create_left_is_recognised_and_taken_away(lab):
    """Bricks stand ready, and a create by hand is refused because of the third: the first bears a mark of no volume."""
    places = {f"node{number}": f"/srv/gluster/late-{number}/brick" for number in (1, 2, 3)}
    for number, node in enumerate(places, 1):
        lab.module(node, "lvm_brick", bricks=[{"name": f"late-{number}", "device": "/dev/sdb", "size": "300MiB"}])
    bricks = [f"192.168.72.10{number}:{path}" for number, path in enumerate(places.values(), 1)]
    refused = " ".join([*bricks[:2], bricks[2] + "/no/such/folder/brick"])
    assert not lab.succeeds("node1", f"gluster --mode=script volume create late replica 3 {refused}")
    assert lab.succeeds("node1", MARK.format(path=places["node1"]))
    wanted = grown()
    wanted["gluster_volumes"].append(LATE)
    lab.play("site", wanted).succeeded()
    assert lab.bricks("late") == bricks


def test_commands_that_meet_at_the_lock_all_succeed(lab):
    """glusterd lets one of them through and refuses the others."""
    values = {"network.ping-timeout": "21", "performance.cache-size": "40MB", "cluster.lookup-optimize": "off"}
    running = [
        lab.start_module(node, "gluster_volume", name="late", options={option: value})
        for node, (option, value) in zip(("node1", "node2", "node3"), values.items(), strict=True)
    ]
    said = [process.communicate(timeout=300)[0] for process in running]
    assert [process.returncode for process in running] == [0, 0, 0], "\n".join(said)[-6000:]
    volume = lab.volume("late")
    assert {option: volume.get(option) for option in values} == values


def test_after_a_time_out_the_state_is_read(lab):
    """A frozen member blocks every writer. The command is ended before it answers, and carried out all the same."""
    lab.power("pause", "node4")
    try:
        running = lab.start_module(
            "node1", "gluster_volume", name="late", options={"performance.cache-size": "48MB"}, command_timeout=6
        )
        time.sleep(15)
        assert running.poll() is None, running.stdout.read()
    finally:
        lab.power("resume", "node4")
    said, _nothing = running.communicate(timeout=300)
    assert running.returncode == 0, said
    assert "set_options" in said
    assert lab.volume("late")["performance.cache-size"] == "48MB"
