# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks rebalance and shrink, with programs in the place of the modules: what is asked for, and refused."""

import json
import os

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.facts import to_facts
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Brick, Peer, Pool, Volume
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.records import ObservedHost
from ansible_collections.brickwork.gluster.tests.fakes.standins import StandIns

GIVEN = {"gluster_cluster_name": "c", "gluster_server_source": "preinstalled", "gluster_server_firewall": False}
NUMBERS = (1, 2, 3)
#: The disk of a host tells its stand-in which one it is.
SERVERS = {
    f"n{number}": {**GIVEN, "gluster_address": f"10.0.0.{number}", "gluster_devices": [f"/dev/n{number}"]}
    for number in NUMBERS
}
INVENTORY = {"gluster_servers": {"hosts": SERVERS}}
VOLUME = {"name": "v", "type": "replicate", "replicas": 3, "size": "1GiB", "sets": 1}
SEEN = {
    "looked": True, "said": {"python": "3.11.2 /usr/bin/python3", "gluster": "10.3"}, "changed": False,
    "missing_packages": [], "daemon": [], "files": {"/etc/fstab": "", "/proc/mounts": ""},
}  # fmt: skip
GLUSTER = {
    "installed": True, "running": True, "version": "10.3", "peers": 3, "unwell": [], "listening": True,
    "op_version": 100000, "known_volumes": 1, "volumes": {"v": "d"}, "encrypted": False,
}  # fmt: skip
WHO = "arguments['bricks']['devices'][0][-1]"


def path_of(folder, number):
    return f"{folder}/v-{number}/brick"


@pytest.fixture
def stubs(tmp_path):
    """Two sets, of which the inventory asks for one; the bricks 4 to 6 are folders of this machine."""
    made = StandIns(tmp_path, ("gluster_inventory", "gluster_node_info", "plan_cluster", "plan_teardown"))
    disks = {"devices": [], "observed": dict(to_facts(ObservedHost("h", "m", {})), volume_ids={})}
    brick = f"dict(name='v-' + str(n), path={str(tmp_path)!r} + '/v-%s/brick' % n)"
    own = f"[{brick} for n in (int({WHO}), 3 + int({WHO}))]"
    observed = f"dict({disks['observed']!r}, uuid='u' + {WHO})"
    made.module(
        "gluster_node_info",
        f"dict({SEEN!r}, gluster=dict({GLUSTER!r}, uuid='u' + {WHO}), "
        f"disks=dict(devices=[], bricks={own}, observed={observed}))",
    )
    have(made, tmp_path, 6)
    shrink(made, freed=[f"10.0.0.{number}:{path_of(tmp_path, 3 + number)}" for number in NUMBERS])
    made.module("lvm_brick", "dict(changed=True)")
    made.module("gluster_rebalance", "dict(changed=True, volumes=[])")
    for number in range(1, 7):
        os.makedirs(path_of(tmp_path, number))
    return made


def have(stubs, folder, count):
    """The volume has so many bricks."""
    bricks = tuple(
        Brick(f"10.0.0.{1 + number % 3}", path_of(folder, number + 1), f"u{1 + number % 3}") for number in range(count)
    )
    volume = dict(to_facts(Volume("v", "i", "Started", 3, 0, 0, 0, bricks, {})), started=True)
    peers = [Peer("u1", ("localhost",), True, None, "")]
    peers += [Peer(f"u{number}", (f"10.0.0.{number}",), True, 3, "Peer in Cluster") for number in (2, 3)]
    seen = {"pool": to_facts(Pool(tuple(peers), ("10.0.0.1",))), "volumes": [volume], "bricks": [], "tasks": []}
    stubs.module("gluster_info", repr(dict(seen, running=True, stored_volumes=["v"], changed=False)))


def shrink(stubs, freed=()):
    volumes = [{"name": "v", "state": "not started", "left": 3 * 2**30}]
    stubs.module("gluster_shrink", repr({"changed": True, "freed": list(freed), "volumes": volumes, "sets": 1}))


def run(stubs, playbook, *words, **given):
    given.setdefault("gluster_volumes", [VOLUME])
    return stubs.run(f"brickwork.gluster.{playbook}", INVENTORY, "-e", json.dumps(given), *words)


NAMED = {"gluster_shrink_volume": "v", "gluster_shrink_confirm": "c"}


def asked(stubs):
    return [arguments for _host, arguments in stubs.calls("gluster_shrink")]


def test_the_number_of_sets_is_that_of_the_inventory_and_plan_and_site_go_on_refusing_it(stubs):
    said, code = run(stubs, "plan")
    assert code == 2 and "the playbook shrink takes sets out of a volume" in said
    said, code = run(stubs, "shrink", **NAMED)
    assert code == 0, said
    [arguments] = asked(stubs)
    assert (arguments["volume"], arguments["sets"], arguments["state"], arguments["commit"]) == ("v", 1, "shrunk", True)
    assert stubs.calls("lvm_brick") == []


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"gluster_shrink_confirm": "d"}, "gluster_shrink_confirm: found d, which is not the name of this cluster"),
        ({"gluster_shrink_sets": 2}, "gluster_shrink_sets: found 2, and the inventory has 1 (sets of v)"),
        ({"gluster_shrink_volume": "w"}, "gluster_shrink_sets: found none, and the inventory has none (sets of w)"),
    ],
)
def test_what_is_not_meant_is_refused(stubs, tmp_path, given, words):
    have(stubs, tmp_path, 3)
    said, code = run(stubs, "shrink", **{**NAMED, **given})
    assert code == 2 and words in said and asked(stubs) == []


def test_a_volume_outside_of_the_inventory_needs_the_number(stubs):
    said, code = run(stubs, "shrink", **NAMED, gluster_volumes=[], gluster_shrink_sets="1")
    assert code == 0, said
    assert asked(stubs)[0]["sets"] == 1


def test_bricks_are_given_back_to_the_volume(stubs):
    said, code = run(stubs, "shrink", **NAMED, gluster_shrink_state="stopped")
    assert code == 0, said
    assert asked(stubs)[0]["state"] == "stopped" and "sets" not in asked(stubs)[0]


def test_freed_bricks_are_removed_where_they_are_if_that_was_asked_for(stubs, tmp_path):
    os.makedirs(path_of(tmp_path, 5) + "/.glusterfs/00")
    for file in (".glusterfs/00/rest", "link"):
        (tmp_path / "v-5/brick" / file).touch()
    (tmp_path / "v-5/brick/link").chmod(0o1000)
    have(stubs, tmp_path, 3)
    said, code = run(stubs, "shrink", **NAMED, gluster_shrink_destroy_bricks=True)
    assert code == 0, said
    removed = [arguments["bricks"] for _host, arguments in stubs.calls("lvm_brick")]
    assert sorted(brick["name"] for [brick] in removed) == ["v-4", "v-5", "v-6"]
    assert {brick["state"] for [brick] in removed} == {"absent"}


def test_a_brick_that_still_holds_a_file_is_not_removed(stubs, tmp_path):
    (tmp_path / "v-5/brick/kept").write_text("x")
    said, code = run(stubs, "shrink", **NAMED, gluster_shrink_destroy_bricks=True)
    assert code == 2 and "v-5/brick/kept, which has not moved" in said and stubs.calls("lvm_brick") == []


def test_check_mode_shows_the_steps_and_removes_nothing(stubs):
    said, code = run(stubs, "shrink", "--check", **NAMED, gluster_shrink_destroy_bricks=True)
    assert code == 0, said
    assert asked(stubs)[0]["_ansible_check_mode"] is True and stubs.calls("lvm_brick") == []
    assert "after about 3.0 GiB have moved, these would leave: 10.0.0.1:" in said


def test_a_rebalance_is_of_the_named_volumes(stubs):
    given = {"gluster_volumes": [dict(VOLUME, sets=2)], "gluster_rebalance_volumes": ["v"]}
    said, code = run(stubs, "rebalance", **given, gluster_rebalance_throttle="lazy")
    assert code == 0, said
    run(stubs, "rebalance", **given, gluster_rebalance_state="stopped")
    [(_host, first), (_host, second)] = stubs.calls("gluster_rebalance")
    assert (first["volumes"], first["state"], first["throttle"]) == (["v"], "started", "lazy")
    assert second["state"] == "stopped" and "throttle" not in second
