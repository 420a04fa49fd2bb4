# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A node is retired, comes back, and takes over from one that died, while a client writes without a pause."""

import json
import pathlib

import pytest

WORKLOAD = pathlib.Path(__file__).resolve().parents[4] / "tests/e2e/workload.py"
FOLDER, JOURNAL = "/mnt/shared/work", "/var/tmp/journal"
#: Seconds without service that a client may see after a power cut. It notices a silent brick at the second end of its
#: ping-timeout (20 s for shared): at the first, what was sent or came before still counts (rpc-clnt-ping.c).
LONGEST = 2 * 20 + 5
#: Where glusterd keeps the list of members.
PEERS = "/var/lib/glusterd/peers"
CONFIRM = {"gluster_retire_confirm": "three-zones"}


def states(**nodes):
    """Return the variable that says which node is in which state."""
    return {"gluster_state": "{{ %r[inventory_hostname] | default('active') }}" % nodes}


def members(lab):
    """Return the addresses of the pool, as a node sees it that stays."""
    return sorted(lab.run("node2", "gluster pool list | awk 'NR > 1 && $2 != \"localhost\" {print $2}'").split())


def holds(lab, node):
    """Return which volumes have a brick on a node, as a node knows it that stays in the pool."""
    address = "192.168.72.10" + node[-1]
    bricks = {name: lab.bricks(name, "node2") for name in ("shared", "archive")}
    return [name for name, places in bricks.items() if any(place.startswith(address) for place in places)]


def layout(lab):
    """Return all bricks, of volumes and on disks; what the workload writes is no part of it."""
    volumes = [lab.bricks(name, "node2") for name in ("shared", "archive")]
    return volumes, [lab.run(node, "lvs --noheadings -o lv_name | sort") for node in ("node1", "node4")], members(lab)


@pytest.fixture(scope="module")
def nodes(lab):
    """The node of zone a that has a brick of shared, and the other one of that zone."""
    lab.play("site").succeeded()
    lab.copy("client1", WORKLOAD)
    lab.run("client1", f"systemd-run --unit workload python3 /srv/workload.py run {FOLDER} {JOURNAL}")
    first = "node1" if "shared" in holds(lab, "node1") else "node4"
    return first, {"node1": "node4", "node4": "node1"}[first]


def test_the_plan_shows_where_the_bricks_go_and_nothing_is_done_without_the_clusters_name(lab, nodes):
    first, other = nodes
    retired = states(**{first: "retired"})
    said = lab.play("plan", retired).succeeded().words
    assert f"{first} is retired: the playbook retire moves what it has to other nodes" in said
    assert f"on {first} is replaced by shared-4 on {other}" in said
    before = layout(lab)
    lab.play("site", retired).without_change()
    lab.play("retire", retired).refused("gluster_retire_confirm: found nothing")
    lab.play("retire", {**retired, **CONFIRM}, "--check").succeeded()
    assert layout(lab) == before


def test_a_retired_node_gives_its_bricks_away_and_leaves_the_pool(lab, nodes):
    first, other = nodes
    retired = {**states(**{first: "retired"}), **CONFIRM}
    lab.run("node2", f"cp -a {PEERS} /root/peers")
    lab.play("retire", retired).succeeded()
    assert holds(lab, first) == [] and "shared" in holds(lab, other)
    assert "192.168.72.10" + first[-1] not in members(lab)
    lab.play("retire", retired).without_change()
    assert f"{first} is retired and in no pool: remove it from the inventory" in lab.play("plan", retired).words


def test_it_comes_back_as_a_node_like_any_other_although_a_member_remembers_it(lab, nodes):
    """A power cut when the node left would leave node2 with the list of members that it had; it tells the others."""
    lab.run("node2", f"cp -a /root/peers/. {PEERS}/ && sync")
    for command in ("power-off", "power-on"):
        lab.power(command, "node2")
    lab.wait_for(lambda: "Peer Rejected" in lab.run("node2", "gluster peer status"), "node2 remembers it")
    said = lab.play("plan").succeeded().words
    assert "detach and probe 192.168.72.10" + nodes[0][-1] in said
    lab.play("site").succeeded()
    assert len(members(lab)) == 3
    lab.play("heal").succeeded()
    lab.play("site").without_change()


def test_a_single_brick_moves_and_its_node_stays(lab, nodes):
    brick = next(brick for brick in lab.bricks("shared") if brick.startswith("192.168.72.102:"))
    path = brick.partition(":")[2]
    one = [{"path": path, "state": "retired"}]
    given = {"gluster_bricks": "{{ %r[inventory_hostname] | default([]) }}" % {"node2": one}, **CONFIRM}
    said = f"node2:{path} is retired (gluster_bricks): the playbook retire moves it to another place"
    assert said in lab.play("plan", given).succeeded().words
    others = [other for other in lab.bricks("shared") + lab.bricks("archive") if other != brick]
    lab.play("retire", given).succeeded()
    now = lab.bricks("shared") + lab.bricks("archive")
    assert brick not in now and set(others) < set(now) and len(members(lab)) == 3
    lab.play("retire", given).without_change()
    assert "no volume has this brick; remove it from gluster_bricks" in lab.play("plan", given).succeeded().words


def test_the_bricks_of_a_node_that_died_are_made_anew_on_another(lab, nodes):
    first, other = nodes
    lost = states(**{other: "lost"})
    # What it has promised before is on its disks; what comes now is for the others.
    lab.power("power-off", other)
    said = lab.play("plan", lost).succeeded().words
    assert f"{other} is lost (gluster_state): the playbook replace makes its bricks anew on other nodes" in said
    assert f"on {other} is replaced by shared-" in said
    lab.play("replace", lost, "--check").succeeded()
    lab.play("replace", lost).succeeded()
    assert holds(lab, other) == [] and "shared" in holds(lab, first)
    assert "192.168.72.10" + other[-1] not in members(lab)
    lab.play("replace", lost).without_change()
    # Clients name a node that is there in their fstab.
    lab.play("site", lost).succeeded()
    lab.play("site", lost).without_change()


def test_nothing_that_was_acknowledged_is_lost_and_nobody_waited_long(lab):
    lab.run("client1", "systemctl stop workload")
    said = json.loads(lab.run("client1", f"python3 /srv/workload.py check {FOLDER} {JOURNAL}"))
    print(said)
    assert said["operations"] > 100 and said["wrong"] == [] and said["errors"] == []
    assert said["longest"] < LONGEST, said
