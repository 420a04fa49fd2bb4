# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks replace and retire, with programs in the place of the modules: what is done where, in which order."""

import json

import pytest
import yaml

from ansible_collections.brickwork.gluster.tests.fakes.standins import ROOT, StandIns

SERVERS = {f"n{number}": {"gluster_address": f"10.0.0.{number}", "gluster_devices": []} for number in (1, 2, 3)}
INVENTORY = {"gluster_servers": {"hosts": SERVERS}}
LOOK = {
    "looked": True, "said": {"python": "3.11.2 /usr/bin/python3", "gluster": "10.3"}, "changed": False, "files": {},
    "gluster": {
        "running": True, "installed": True, "maintenance": "", "version": "10.3",
        "uuid": "u", "peers": 3, "known_volumes": 1, "volumes": {},
    },
    "missing_packages": [], "daemon": [],
}  # fmt: skip
IDENTITY = {"node": "n2", "uuid": "u2", "op_version": 9, "peer_uuid": "u1", "peer_address": "10.0.0.1"}
NONE = {"devices": [], "root": "/srv/gluster", "mount_options": "noatime", "bricks": [], "steps": []}
PLAN = {
    "changed": False, "lines": [], "broken": [], "reference": "n1", "identities": [], "replacements": [],
    "irreplaceable": [], "moves": [], "immovable": [], "leaving": {"lost": [], "retired": []}, "lost": [],
    "leaving_places": {"lost": [], "retired": []},
    "staying": "n3",
    "filling": {}, "begun": {}, "starts": {}, "clients": {}, "bricks": dict.fromkeys(SERVERS, NONE),
    "servers_due": False,
}  # fmt: skip
ANSWER = {"changed": True, "running": True, "installed": True, "version": "10.3", "op_version": 9, "listening": True}


def lost(node, name="shared-2", with_arbiter=False):
    """Return a lost brick that can be made anew."""
    brick = f"{SERVERS[node]['gluster_address']}:/srv/gluster/{name}/brick"
    made = {"name": name, "device": "/dev/sdb", "size": "1B"}
    return {
        "volume": "shared", "brick": brick, "node": node, "made": made, "lost_with": [], "with_arbiter": with_arbiter
    }  # fmt: skip


@pytest.fixture
def stubs(tmp_path):
    stubs = StandIns(tmp_path, ("gluster_inventory",))
    stubs.module("gluster_node_info", repr(LOOK))
    stubs.module("gluster_info", repr(dict(ANSWER, pool={"peers": []})))
    for name in (
        "gluster_peer",
        "gluster_identity",
        "lvm_brick",
        "gluster_brick",
        "gluster_volume",
        "gluster_daemon",
        "gluster_firewall",
    ):
        stubs.module(name, repr(ANSWER))
    stubs.module("gluster_heal", "dict(changed=False, healed=True, volumes=[])")
    return stubs


def run(stubs, plan, *words, playbook="replace", **given):
    stubs.module("plan_cluster", repr({**PLAN, **plan}))
    return stubs.run(f"brickwork.gluster.{playbook}", INVENTORY, "-e", json.dumps(given), *words)


def leaves(state, name):
    """Return a plan with a node that leaves, and where its two bricks go."""
    old = f"{SERVERS[name]['gluster_address']}:/srv/gluster"
    moves = [
        {
            "volume": "shared", "brick": f"{old}/shared-{number}/brick", "leaving": name, "node": "n3",
            "new_brick": f"10.0.0.3:/srv/gluster/shared-{number + 3}/brick",
            "made": {"name": f"shared-{number + 3}", "device": "/dev/sdb", "size": "1B"},
        }
        for number in (1, 2)
    ]  # fmt: skip
    return {"moves": moves, "leaving": {"lost": [], "retired": [], state: [name]}}


def done(stubs):
    """Return what was called to bring something back, in order."""
    ours = ("gluster_peer", "gluster_identity", "lvm_brick", "gluster_brick", "gluster_volume", "gluster_heal")
    return [name for name, _host, _arguments in stubs.calls() if name in ours]


def test_where_nothing_is_lost_nothing_is_called(stubs):
    said, code = run(stubs, {})
    assert code == 0 and done(stubs) == [], said
    assert "no brick is lost" in said and len(stubs.calls("gluster_node_info")) == 3


def test_lost_bricks_are_made_taken_up_and_filled_one_node_after_the_other(stubs):
    said, code = run(stubs, {"replacements": [lost("n3"), lost("n2"), lost("n2", "shared-5")]})
    assert code == 0, said
    assert done(stubs) == [
        "lvm_brick", "gluster_brick", "gluster_brick", "gluster_heal", "lvm_brick", "gluster_brick", "gluster_heal",
    ]  # fmt: skip
    made = [arguments["bricks"] for _host, arguments in stubs.calls("lvm_brick")]
    assert [[brick["name"] for brick in bricks] for bricks in made] == [["shared-2", "shared-5"], ["shared-2"]]


def test_what_an_arbiter_lists_is_asked_for_before_the_first_brick_is_made_and_once_a_brick(stubs):
    said, code = run(stubs, {"replacements": [lost("n3", with_arbiter=True), lost("n2")]})
    assert code == 0, said
    assert done(stubs) == ["gluster_brick", *["lvm_brick", "gluster_brick", "gluster_heal"] * 2]
    asked, *others = [arguments for _host, arguments in stubs.calls("gluster_brick")]
    assert asked["only_judge"] and asked["brick"] == lost("n3")["brick"]
    assert not any(arguments.get("only_judge") for arguments in others)


@pytest.mark.parametrize("words", [(), ("--check",)])
def test_where_only_a_lost_brick_had_what_an_arbiter_lists_nothing_is_made(stubs, words):
    stubs.module("gluster_brick", "dict(failed=True, msg='brick: an arbiter lists 3 entries')")
    said, code = run(stubs, {"replacements": [lost("n2"), lost("n3", with_arbiter=True)]}, *words)
    assert code == 2 and "an arbiter lists 3 entries" in said and done(stubs) == ["gluster_brick"], said


def test_what_a_cut_run_has_begun_is_brought_to_its_place_and_then_planned_anew(stubs):
    """Whether it is empty shows only then."""
    begun = {"n2": [lost("n2")["made"]]}
    before, after = dict(PLAN, begun=begun), dict(PLAN, replacements=[lost("n2")])
    is_made = f"""'["lvm_brick"' in open({str(stubs._log)!r}).read()"""
    stubs.module("plan_cluster", f"{after!r} if {is_made} else {before!r}")
    said, code = stubs.run("brickwork.gluster.replace", INVENTORY)
    assert code == 0 and done(stubs) == ["lvm_brick", "lvm_brick", "gluster_brick", "gluster_heal"], said
    assert stubs.calls("lvm_brick")[0][1]["bricks"] == begun["n2"]


def test_a_brick_that_can_not_be_brought_to_its_place_holds_up_no_other_and_is_named_in_the_end(stubs):
    """n1 is also the node that plans the rest."""
    begun = {"n1": [dict(lost("n1")["made"], name="shared-9")], "n2": [lost("n2")["made"]]}
    is_bad = "arguments['bricks'][0]['name'] == 'shared-9'"
    stubs.module("lvm_brick", f"dict(failed=True, msg='bricks: bad superblock') if {is_bad} else dict(changed=True)")
    is_made = f"""'["lvm_brick"' in open({str(stubs._log)!r}).read()"""
    after = dict(PLAN, replacements=[lost("n2")], starts={"archive": ["10.0.0.2:/b/a"]})
    stubs.module("plan_cluster", f"{after!r} if {is_made} else {dict(PLAN, begun=begun)!r}")
    said, code = stubs.run("brickwork.gluster.replace", INVENTORY)
    assert code == 2 and "bricks: bad superblock" in said.rpartition("Name them")[2], said
    assert done(stubs)[2:] == ["gluster_volume", "lvm_brick", "gluster_brick", "gluster_heal"]


def test_the_first_that_does_not_fill_is_the_last(stubs):
    stubs.module("gluster_heal", "dict(failed=True, msg='volumes: nothing got less')")
    said, code = run(stubs, {"replacements": [lost("n2"), lost("n3")]})
    assert code == 2 and done(stubs) == ["lvm_brick", "gluster_brick", "gluster_heal"], said


def test_what_can_not_be_made_anew_ends_it_before_the_first_change(stubs):
    plan = {"replacements": [lost("n2")], "irreplaceable": ["volume scratch: brick b is the only copy of its files"]}
    said, code = run(stubs, plan)
    assert code == 2 and "is the only copy of its files" in said and done(stubs) == []


def test_a_named_node_becomes_a_member_again_before_its_bricks_come_back(stubs):
    there = dict(NONE, bricks=[{"name": "shared-2"}], steps=[{"kind": "mount"}])
    plan = {
        "identities": [IDENTITY], "bricks": {**PLAN["bricks"], "n2": there}, "replacements": [lost("n2", "archive-1")],
        "starts": {"shared": ["10.0.0.2:/srv/gluster/shared-2/brick"]},
    }  # fmt: skip
    said, code = run(stubs, plan, gluster_replace_nodes=["n2"])
    assert code == 0, said
    assert done(stubs) == [
        "gluster_identity", "lvm_brick", "gluster_volume", "lvm_brick", "gluster_brick", "gluster_heal", "gluster_heal",
    ]  # fmt: skip
    given = stubs.calls("gluster_identity")[0][1]
    assert {name: given[name] for name in IDENTITY if name != "node"} == {
        name: value for name, value in IDENTITY.items() if name != "node"
    }


def test_check_mode_plans_and_shows(stubs):
    plan = {"identities": [IDENTITY], "bricks": {**PLAN["bricks"], "n2": NONE}}
    said, code = run(stubs, plan, "--check", gluster_replace_nodes=["n2"])
    assert code == 0, said
    assert "gluster_identity" not in done(stubs) and "gluster_volume" not in done(stubs)


def test_a_name_that_is_no_storage_node_is_refused(stubs):
    said, code = run(stubs, {}, gluster_replace_nodes=["n9"])
    assert code == 2 and "gluster_replace_nodes: found n9, which is no storage node; write one of n1, n2, n3" in said
    assert done(stubs) == []


MOVED = ["lvm_brick", "gluster_brick", "gluster_heal"]


def test_the_bricks_of_a_lost_node_are_made_anew_one_after_the_other_and_it_leaves_the_pool(stubs):
    said, code = run(stubs, {**leaves("lost", "n2"), "lost": ["10.0.0.2"]})
    assert code == 0, said
    assert done(stubs) == [*MOVED, *MOVED, "gluster_peer"]
    [(_host, peer)] = stubs.calls("gluster_peer")
    assert (peer["peers"], peer["state"], peer["lost"]) == (["10.0.0.2"], "absent", ["10.0.0.2"])
    first = stubs.calls("gluster_brick")[0][1]
    assert first["new_brick"] == "10.0.0.3:/srv/gluster/shared-4/brick"


@pytest.mark.parametrize("given", [{}, {"gluster_retire_confirm": "other"}])
def test_nothing_is_retired_without_the_name_of_the_cluster(stubs, given):
    said, code = run(stubs, leaves("retired", "n2"), playbook="retire", gluster_cluster_name="this", **given)
    assert code == 2 and "gluster_retire_confirm: found" in said and "to retire n2" in said and done(stubs) == []


def test_a_retired_node_gives_its_bricks_to_others_and_leaves_the_pool(stubs):
    names = {"gluster_cluster_name": "this", "gluster_retire_confirm": "this"}
    said, code = run(stubs, leaves("retired", "n2"), playbook="retire", **names)
    assert code == 0, said
    assert done(stubs) == [*MOVED, *MOVED, "gluster_peer"]


@pytest.mark.parametrize(("playbook", "state"), [("retire", "retired"), ("replace", "lost")])
def test_where_one_brick_has_no_place_none_is_moved(stubs, playbook, state):
    plan = {**leaves(state, "n2"), "immovable": ["volume plain keeps no copies"]}
    names = {"gluster_cluster_name": "this", "gluster_retire_confirm": "this"}
    said, code = run(stubs, plan, playbook=playbook, **names)
    assert code == 2 and "volume plain keeps no copies" in said and done(stubs) == []


@pytest.mark.parametrize(("playbook", "state"), [("retire", "retired"), ("replace", "lost")])
def test_one_playbook_does_not_do_the_work_of_the_other(stubs, playbook, state):
    other = {"retired": "lost", "lost": "retired"}[state]
    said, code = run(stubs, leaves(other, "n2"), playbook=playbook)
    assert code == 0 and done(stubs) == [], said


def disk(state, name="n2"):
    """Return a plan with a disk that leaves, and where its two bricks go."""
    plan, label = leaves(state, name), f"{name}:/dev/sdb"
    moves = [{**move, "leaving": label} for move in plan["moves"]]
    return {"moves": moves, "leaving_places": {"lost": [], "retired": [], state: [label]}}


@pytest.mark.parametrize(("playbook", "state"), [("retire", "retired"), ("replace", "lost")])
def test_the_bricks_of_a_disk_move_and_its_node_stays_in_the_pool(stubs, playbook, state):
    names = {"gluster_cluster_name": "this", "gluster_retire_confirm": "this"}
    said, code = run(stubs, disk(state), playbook=playbook, **names)
    assert code == 0, said
    assert done(stubs) == [*MOVED, *MOVED]
    assert {arguments["lost"] for _host, arguments in stubs.calls("gluster_brick")} == {state == "lost"}


@pytest.mark.parametrize(("playbook", "state"), [("retire", "lost"), ("replace", "retired")])
def test_a_disk_in_the_other_state_is_left_alone(stubs, playbook, state):
    said, code = run(stubs, disk(state), playbook=playbook)
    assert code == 0 and done(stubs) == [], said


def test_no_disk_is_retired_without_the_name_of_the_cluster(stubs):
    said, code = run(stubs, disk("retired"), playbook="retire", gluster_cluster_name="this")
    assert code == 2 and "to retire n2:/dev/sdb" in said and done(stubs) == []


@pytest.mark.parametrize(
    ("playbook", "plan"), [("replace", {"replacements": [lost("n2")]}), ("retire", disk("retired"))]
)
def test_what_an_earlier_run_has_taken_in_is_filled_before_anything_else_is_changed(stubs, playbook, plan):
    names = {"gluster_cluster_name": "this", "gluster_retire_confirm": "this"}
    new = "10.0.0.3:/srv/gluster/shared-3/brick"
    said, code = run(stubs, {**plan, "filling": {"shared": [new]}}, playbook=playbook, **names)
    assert code == 0, said
    assert done(stubs)[:2] == ["gluster_heal", "lvm_brick"]
    first = stubs.calls("gluster_heal")[0][1]
    assert first["volumes"] == ["shared"] and first["bricks"] == [new]
    assert all("10.0.0.2:/srv/gluster" in name for name in first["lost"])


def test_several_of_one_set_are_taken_up_before_any_is_waited_for(stubs):
    two = [{**lost("n2"), "lost_with": [lost("n3")["brick"]]}, {**lost("n3"), "lost_with": [lost("n2")["brick"]]}]
    said, code = run(stubs, {"replacements": two})
    assert code == 0, said
    told = [arguments for _host, arguments in stubs.calls("gluster_heal")]
    assert [one["lost"] for one in told] == [two[0]["lost_with"], two[1]["lost_with"]]
    assert [arguments["lost_with"] for _host, arguments in stubs.calls("gluster_brick")] == [
        one["lost"] for one in told
    ]


def test_a_moved_brick_says_what_was_lost_with_it(stubs):
    plan = leaves("lost", "n2")
    plan["moves"] = [{**move, "lost_with": ["10.0.0.1:/srv/gluster/x/brick"]} for move in plan["moves"]]
    said, code = run(stubs, plan)
    assert code == 0, said
    assert {tuple(arguments["lost_with"]) for _host, arguments in stubs.calls("gluster_brick")} == {
        ("10.0.0.1:/srv/gluster/x/brick",)
    }
    assert all(arguments["lost"] for _host, arguments in stubs.calls("gluster_heal"))


def with_others(state):
    """Return an inventory with a heketi and a machine of Kubernetes, and one node that left."""
    servers = {name: dict(values) for name, values in INVENTORY["gluster_servers"]["hosts"].items()}
    servers["n3"]["gluster_state"] = state
    keys = {"heketi_admin_key": "s3cret-of-the-admin", "heketi_user_key": "s3cret-of-users"}
    heketi = {"gluster_address": "10.0.0.9", **keys}
    others = {"heketi": {"hosts": {"h1": heketi}}, "kubernetes": {"hosts": {"k1": {}}}}
    return {**INVENTORY, "gluster_servers": {"hosts": servers}, **others}


ENDPOINTS = {
    "metadata": {"name": "glusterfs-dynamic-1", "namespace": "default"},
    "subsets": [{"addresses": [{"ip": "10.0.0.1"}, {"ip": "10.0.0.3"}]}],
}


def closing(stubs, state="retired"):
    """Play the last two plays of both playbooks, whose hosts are in the group of those that answered."""
    folder = stubs._folder
    plays = {name: yaml.safe_load((ROOT / f"playbooks/{name}.yml").read_text())[-2:] for name in ("replace", "retire")}
    assert plays["replace"] == plays["retire"]
    (folder / "closing.yml").write_text(yaml.safe_dump(plays["retire"]))
    inventory = with_others(state)
    inventory["gluster_answering"] = {"hosts": {"h1": {}, "k1": {}}}
    return stubs.run("closing.yml", inventory)


def test_what_heketi_and_kubernetes_still_have_is_named_with_what_to_do(stubs):
    nodes = [{"id": "abc", "storage": ["10.0.0.3"]}, {"id": "def", "storage": ["10.0.0.1"]}]
    stubs.module("heketi_info", repr({"changed": False, "clusters": [{"nodes": nodes}]}))
    stubs.module("k8s_info", repr({"changed": False, "resources": [ENDPOINTS]}), "kubernetes.core")
    said, code = closing(stubs)
    assert code == 0 and "heketi still has n3 (10.0.0.3, id abc): remove it there by heketi_topology with" in said
    assert "Endpoints default/glusterfs-dynamic-1 still have n3 (10.0.0.3): take it out there (kubectl -n" in said
    assert "10.0.0.1" not in said and "s3cret" not in said


def test_where_they_have_it_no_more_or_do_not_tell_that_is_said(stubs):
    stubs.module("heketi_info", repr({"changed": False, "clusters": []}))
    stubs.module("k8s_info", repr({"failed": True, "msg": "no way"}), "kubernetes.core")
    said, code = closing(stubs, "lost")
    assert code == 0 and "heketi has none of n3" in said, said
    assert "the API of Kubernetes did not answer: look for Endpoints with 10.0.0.3 (kubectl get endpoints -A)" in said


def test_where_nobody_left_nobody_is_asked(stubs):
    said, code = closing(stubs, "active")
    assert code == 0 and stubs.calls() == [], said
