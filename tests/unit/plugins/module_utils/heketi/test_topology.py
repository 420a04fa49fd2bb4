# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import json
import pathlib

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import (
    InputError,
    PlanError,
    UnsafeChangeError,
    VerifyError,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.client import HeketiError
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.desired import desired_topology
from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.topology import TopologyOperation
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import StepError, converge
from ansible_collections.brickwork.gluster.tests.fakes.heketi import pending
from ansible_collections.brickwork.gluster.tests.fakes.heketi_wire import Cut, Wire, client_of, new_server

FOUR_NODES = json.loads((pathlib.Path(__file__).parent / "topology-four-nodes.json").read_text())


@pytest.fixture
def app():
    return new_server()


def node(number, devices="bc", zone=None, **more):
    disks = [device if isinstance(device, dict) else {"name": "/dev/sd" + device} for device in devices]
    name = "n%s" % number
    return dict({"manage": [name], "storage": ["10.0.0.%s" % number], "zone": zone or number}, devices=disks, **more)


def clusters(*nodes, **more):
    return [dict({"nodes": list(nodes)}, **more)]


def operation(app, desired, wire=None, timeout=60):
    given = {"topology": desired} if isinstance(desired, dict) else {"clusters": desired}
    client = client_of(app, wire=wire, job_timeout=timeout)
    return TopologyOperation(client, desired_topology(given), timeout, app.clock)


def load(app, desired, **more):
    """Plan in check mode, run, and run again; return the steps as kind and target."""
    wire = Wire(app)
    planned = converge(operation(app, desired, wire), check_mode=True)
    assert wire.changes == []
    done = converge(operation(app, desired, **more))
    assert planned.describe() == done.describe()
    assert (planned.before, planned.after) == (done.before, done.after)
    again = converge(operation(app, desired))
    assert again.steps == [] and again.before == again.after
    assert done.after == again.before or "<" in json.dumps(done.after)
    return [(step.kind, step.target) for step in done.steps]


def refused(app, desired, error=PlanError):
    """Return the text of the refusal; nothing may have been changed."""
    wire = Wire(app)
    with pytest.raises(error) as refusal:
        converge(operation(app, desired, wire))
    assert wire.changes == []
    return str(refusal.value)


def shown(app):
    """Return what the server has, without ids."""
    return sorted(sorted(_node(app, n) for n in app.state.nodes_of(one)) for one in app.state.clusters.values())


def _node(app, n):
    devices = [(d.name, d.state, sorted(d.tags.items())) for d in app.state.devices_of(n)]
    return (n.manage, n.storage, n.zone, sorted(n.tags.items()), n.state, sorted(devices))


def device_of(app, node_name, name):
    [found] = [one for one in app.state.nodes.values() if one.manage == [node_name]]
    return next(device for device in app.state.devices_of(found) if device.name == name)


def add_volume(app, **desired):
    client_of(app).change("POST", "/volumes", dict({"size": 10, "name": "v"}, **desired))
    return next(volume for volume in app.state.volumes.values() if volume.name == desired.get("name", "v"))


def replica(count):
    return {"type": "replicate", "replicate": {"replica": count}}


def test_four_nodes_of_eight_disks_are_loaded_as_heketi_cli_does(app):
    steps = load(app, FOUR_NODES)
    assert [kind for kind, _target in steps] == ["create_cluster"] + ["add_node"] * 4 + ["add_device"] * 32
    [cluster] = app.state.clusters.values()
    assert cluster.file and cluster.block
    assert len(app.state.devices) == 32


def test_a_device_may_be_its_name_only(app):
    hosts = {"manage": ["n1"], "storage": ["10.0.0.1"]}
    devices = ["/dev/sdb", {"name": "/dev/sdc", "destroydata": True, "tags": {"disk": "ssd"}}]
    load(app, {"clusters": [{"nodes": [{"node": {"hostnames": hosts, "zone": 1}, "devices": devices}]}]})
    assert not device_of(app, "n1", "/dev/sdb").destroyed
    assert device_of(app, "n1", "/dev/sdc").destroyed and device_of(app, "n1", "/dev/sdc").tags == {"disk": "ssd"}


def requests_of_a_load():
    wire = Wire(new_server())
    converge(operation(wire.app, FOUR_NODES, wire))
    return len(wire.sent), shown(wire.app)


@pytest.mark.parametrize("where", ["cut_before", "cut_after"])
def test_a_load_that_is_cut_off_anywhere_goes_on(where):
    total, whole = requests_of_a_load()
    assert total > 70
    for number in range(1, total):
        app = new_server()
        wire = Wire(app)
        setattr(wire, where, number)
        with pytest.raises(Cut):
            converge(operation(app, FOUR_NODES, wire))
        again = Wire(app)
        converge(operation(app, FOUR_NODES, again))
        assert shown(app) == whole, number
        posted = {sent.body for wired in (wire, again) for sent in wired.changes if sent.path == "/devices"}
        assert len(app.state.devices) == len(posted) == 32
        assert converge(operation(app, FOUR_NODES)).steps == []


def test_an_answer_that_is_lost_is_followed_by_a_read():
    total, whole = requests_of_a_load()
    for lost in range(37):
        app = new_server()
        wire = Wire(app)
        wire.lose = lambda method, path, wire=wire, lost=lost: method == "POST" and len(wire.changes) == lost + 1
        converge(operation(app, FOUR_NODES, wire))
        assert shown(app) == whole
        assert len(wire.changes) == 37


@pytest.mark.parametrize(("path", "call"), [("/devices", "device_setup"), ("/nodes", "peer_probe")])
def test_what_a_run_that_was_cut_off_began_in_vain_is_begun_again(app, path, call):
    """Its name is taken until it has failed."""
    wire = Wire(app)
    total, whole = requests_of_a_load()
    app.duration = 3
    with pytest.raises(Cut):
        wire.lose = lambda method, sent: sent == path and setattr(wire, "cut_before", len(wire.sent))
        converge(operation(app, FOUR_NODES, wire))
    app.faults.add(call)
    converge(operation(app, FOUR_NODES))
    assert shown(app) == whole


def test_a_request_that_never_arrived_is_told(app):
    wire = Wire(app)

    def swallow(method, path):
        if path == "/nodes":
            app.state.reserved_hosts.clear()
            app.restart()
        return path == "/nodes"

    wire.lose = swallow
    with pytest.raises(StepError) as error:
        converge(operation(app, clusters(node(1)), wire, timeout=5))
    assert "timed out; still not done" in str(error.value)
    assert [step.kind for step in error.value.done] == ["create_cluster"]
    assert isinstance(error.value.cause, VerifyError)


@pytest.mark.parametrize("position", [0, 1, 2])
def test_a_new_node_joins_the_cluster_of_its_neighbours_wherever_it_is_listed(app, position):
    load(app, clusters(node(1), node(2)))
    desired = [node(1), node(2)]
    desired.insert(position, node(3))
    assert load(app, clusters(*desired)) == [
        ("add_node", "n3"),
        ("add_device", "n3 /dev/sdb"),
        ("add_device", "n3 /dev/sdc"),
    ]
    assert len(app.state.clusters) == 1


def test_an_empty_cluster_is_used_and_made_usable(app):
    client_of(app).change("POST", "/clusters", {})
    assert load(app, clusters(node(1, "")))[:2] == [("set_cluster_flags", "cluster 1"), ("add_node", "n1")]
    [cluster] = app.state.clusters.values()
    assert cluster.file and cluster.block
    load(app, clusters(node(1, ""), file=False))
    assert not cluster.file and load(app, clusters(node(1, ""))) == []


def test_a_tag_may_look_like_what_stands_for_an_id(app):
    load(app, clusters(node(1, tags={"a": "<b>"})))
    load(app, clusters(node(1, tags={"a": "<node n1>"})))
    assert next(iter(app.state.nodes.values())).tags == {"a": "<node n1>"}


def test_two_clusters_stay_two(app):
    desired = clusters(node(1)) + clusters(node(2), block=False)
    load(app, desired)
    assert sorted((cluster.block, len(cluster.nodes)) for cluster in app.state.clusters.values()) == [
        (False, 1),
        (True, 1),
    ]
    load(app, [dict(desired[0], nodes=[node(3), node(1)]), desired[1]])
    assert len(app.state.clusters) == 2


def test_flags_tags_and_states_are_kept(app):
    load(app, clusters(node(1), node(2)))
    disk = {"name": "/dev/sdb", "tags": {"disk": "ssd"}, "state": "offline"}
    desired = clusters(node(1, [disk, "c"], tags={"rack": "r1"}), node(2, state="offline"), block=False)
    assert load(app, desired) == [
        ("set_cluster_flags", "cluster 1"),
        ("set_node_tags", "n1"),
        ("set_device_tags", "n1 /dev/sdb"),
        ("set_device_state", "n1 /dev/sdb offline"),
        ("set_node_state", "n2"),
    ]
    assert device_of(app, "n1", "/dev/sdb").tags == {"disk": "ssd"}
    # What the desired topology does not mention stays.
    assert load(app, clusters(node(1), node(2))) == []
    back = clusters(node(1, [dict(disk, tags={}, state="online"), "c"], tags={}), node(2, state="online"))
    assert len(load(app, back)) == 4
    assert device_of(app, "n1", "/dev/sdb").tags == {}


def test_what_is_new_can_be_offline_from_the_beginning(app):
    desired = clusters(node(1, [{"name": "/dev/sdb", "state": "offline"}], state="offline"))
    assert [kind for kind, _target in load(app, desired)][2:] == ["add_device", "set_device_state", "set_node_state"]


def test_a_device_that_failed_comes_back_by_way_of_offline(app):
    load(app, clusters(node(1)))
    device_of(app, "n1", "/dev/sdb").state = "failed"
    assert load(app, clusters(node(1))) == []
    desired = clusters(node(1, [{"name": "/dev/sdb", "state": "online"}]))
    assert [target for _kind, target in load(app, desired)] == ["n1 /dev/sdb offline", "n1 /dev/sdb online"]


def test_a_node_that_failed_is_beyond_help(app):
    load(app, clusters(node(1, "")))
    next(iter(app.state.nodes.values())).state = "failed"
    assert "n1: heketi takes a failed node to no other state" in refused(app, clusters(node(1, "", state="online")))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"zone": 3}, "n1: zone is 1 in heketi"),
        ({"storage": ["10.0.0.9"]}, "n1: storage is 10.0.0.1 in heketi"),
        ({"manage": ["other"]}, "other: manage is n1 in heketi"),
    ],
)
def test_what_no_request_can_change_is_an_error(app, change, told):
    load(app, clusters(node(1)))
    text = refused(app, clusters(dict(node(1), **change), node(2)))
    assert told in text and "heketi can't change that" in text


def test_nodes_of_two_clusters_can_not_be_one(app):
    load(app, clusters(node(1)) + clusters(node(2)))
    assert "heketi can't move a node" in refused(app, clusters(node(1), node(2)))
    load_both = clusters(node(3), node(1)) + clusters(node(4), id=sorted(app.state.clusters)[0])
    homes = {n.cluster for n in app.state.nodes.values() if n.manage == ["n1"]}
    if sorted(app.state.clusters)[0] in homes:
        assert "two of the desired clusters are the one cluster" in refused(app, load_both)


def test_a_cluster_that_is_named_by_its_id(app):
    load(app, clusters(node(1)))
    [known] = app.state.clusters
    load(app, clusters(node(2), id=known))
    assert len(app.state.clusters) == 1
    assert "heketi has no cluster 0123" in refused(app, clusters(node(3), id="0123"))


@pytest.mark.parametrize(
    ("nodes", "told"),
    [
        ([node(1, zone=-1)], "n1: zone: heketi wants a number from 1, found -1"),
        ([dict(node(1), storage=[])], "n1: storage: the address"),
        ([dict(node(1), manage=["bad host"])], "'bad host' is no host name"),
        ([dict(node(1), manage=[])], "a node without a name"),
        ([node(1), dict(node(2), storage=["10.0.0.1"])], "storage: 10.0.0.1 belongs to two nodes"),
        ([node(1, "bb")], "n1: device /dev/sdb is named twice"),
        ([node(1, [{"name": "sdb"}])], "n1: device sdb: heketi wants a path"),
        ([node(1, tags={"a b": "c"})], "n1: tag a b=c: names are up to 32"),
        ([node(1, tags={str(number): "" for number in range(33)})], "n1: 33 tags; heketi takes 32"),
    ],
)
def test_a_wrong_input_is_refused_before_anything_is_asked(nodes, told):
    with pytest.raises(InputError) as error:
        desired_topology({"clusters": clusters(*nodes)})
    assert told in str(error.value)


def test_all_that_is_wrong_is_told_at_once():
    with pytest.raises(InputError) as error:
        desired_topology({"clusters": clusters(node(1, zone=-1), dict(node(2, "bb"), storage=[]))})
    assert len(str(error.value).splitlines()) == 3


@pytest.mark.parametrize(
    "given", [{"clusters": 1}, {"clusters": [{"nodes": [{}]}]}, {"clusters": [{"nodes": [{"node": {"zone": 1}}]}]}]
)
def test_a_file_that_is_no_topology_is_refused(given):
    with pytest.raises(InputError, match="topology: "):
        desired_topology({"topology": given})


def leaving(number, gone, **more):
    return node(number, ["b", {"name": "/dev/sd" + gone, "state": "absent"}], **more)


def test_an_empty_device_is_taken_out(app):
    load(app, clusters(node(1)))
    assert load(app, clusters(leaving(1, "c"))) == [
        ("close_device", "n1 /dev/sdc"),
        ("evacuate_device", "n1 /dev/sdc"),
        ("delete_device", "n1 /dev/sdc"),
    ]
    assert len(app.state.devices) == 1


def test_nothing_goes_because_it_is_not_listed(app):
    load(app, clusters(node(1), node(2)))
    assert load(app, clusters(node(1, "b"))) == []
    assert len(app.state.devices) == 4


def with_bricks(app, nodes=4, **desired):
    """Return a volume, and the name and device of one of its bricks."""
    load(app, clusters(*[node(number) for number in range(1, nodes + 1)]))
    volume = add_volume(app, **desired)
    brick = app.state.bricks_of(volume)[0]
    return volume, app.state.nodes[brick.node].manage[0], app.state.devices[brick.device]


def without(name, device, nodes=4):
    desired = [node(number) for number in range(1, nodes + 1)]
    for one in desired:
        for disk in one["devices"]:
            if (one["manage"][0], disk["name"]) == (name, device.name):
                disk["state"] = "absent"
    return clusters(*desired)


@pytest.mark.parametrize("kind", [replica(3), {"type": "disperse", "disperse": {"data": 2, "redundancy": 1}}])
def test_the_bricks_of_a_device_move_before_it_goes(app, kind):
    volume, name, device = with_bricks(app, durability=kind)
    kinds = [kind for kind, _target in load(app, without(name, device))]
    assert kinds == ["close_device", "evacuate_device", "delete_device"]
    bricks = app.state.bricks_of(volume)
    assert len(bricks) == 3 and len({brick.node for brick in bricks}) == 3
    assert device.id not in app.state.devices


def test_a_volume_without_copies_keeps_its_device(app):
    volume, name, device = with_bricks(app)
    text = refused(app, without(name, device), UnsafeChangeError)
    assert "%s %s: volume v keeps no copies" % (name, device.name) in text
    client_of(app).change("DELETE", "/volumes/" + volume.id)
    load(app, without(name, device))


def test_too_few_nodes_are_told_before_anything_moves(app):
    # The other device of the same node may take the brick, so it has to be full.
    _volume, name, device = with_bricks(app, nodes=3, durability=replica(3))
    [other] = [one for one in app.state.devices.values() if one.node == device.node and one.id != device.id]
    other.state = "offline"
    text = refused(app, without(name, device, nodes=3), UnsafeChangeError)
    assert "has no place to go" in text and "there is no such device" in text


def test_too_little_room_is_told_before_anything_moves(app):
    _volume, name, device = with_bricks(app, durability=replica(3), size=400)
    for other in app.state.devices.values():
        if other.id != device.id:
            other.free = 100 * 1024 * 1024
    text = refused(app, without(name, device), UnsafeChangeError)
    assert "needs more than 402.0 GiB" in text and "the largest has 100.0 GiB free" in text


def test_a_brick_of_two_copies_is_moved_by_version_10_only(app):
    """heketi 9.0.0 wants two other bricks of the set online; that is known before the device is closed."""
    _volume, name, device = with_bricks(app, durability=replica(2))
    text = refused(app, without(name, device), UnsafeChangeError)
    assert text.startswith("%s %s: volume v keeps two copies, and heketi 9 never moves" % (name, device.name))
    assert "upgrade heketi to version 10" in text
    # So the server itself: the device stays closed.
    client = client_of(app)
    client.change("POST", "/devices/%s/state" % device.id, {"state": "offline"})
    with pytest.raises(HeketiError, match="only 1 of 2 required peer bricks are online; other bricks of its set"):
        client.change("POST", "/devices/%s/state" % device.id, {"state": "failed"})
    client.change("POST", "/devices/%s/state" % device.id, {"state": "online"})
    app.version = 10
    assert ("delete_device", "%s %s" % (name, device.name)) in load(app, without(name, device))


def test_the_version_is_asked_for_only_where_two_copies_have_to_move(app):
    _volume, name, device = with_bricks(app, durability=replica(3))
    wire = Wire(app)
    converge(operation(app, without(name, device), wire), check_mode=True)
    assert not [sent.path for sent in wire.sent if "evict" in sent.path]


def test_a_restart_of_heketi_is_waited_out(app):
    """The answer is lost, and for a while nothing listens there."""
    wire = Wire(app)

    def restarted(method, path):
        if path == "/nodes":
            wire.down_until = app.clock.monotonic() + 20
        return path == "/nodes"

    wire.lose = restarted
    converge(operation(app, clusters(node(1)), wire))
    assert [sent.path for sent in wire.changes] == ["/clusters", "/nodes", "/devices", "/devices"]


def test_a_heketi_that_does_not_come_back_is_told_with_what_it_says_now(app):
    wire = Wire(app)
    wire.lose = lambda method, path: path == "/nodes" and setattr(wire, "down_until", 10**9) is None
    with pytest.raises(StepError, match="Connection refused; still not done after 5 s"):
        converge(operation(app, clusters(node(1)), wire, timeout=5))


def test_a_strict_volume_needs_another_zone(app):
    app.version = 10
    desired = [node(number, zone=1 + number % 2) for number in range(1, 4)]
    load(app, clusters(*desired))
    options = ["user.heketi.zone-checking strict"]
    volume = add_volume(app, durability=replica(2), glustervolumeoptions=options)
    by_zone = {app.state.nodes[brick.node].zone: brick for brick in app.state.bricks_of(volume)}
    device = app.state.devices[by_zone[1].device]
    name = app.state.nodes[device.node].manage[0]
    for one in app.state.devices_of(app.state.nodes[device.node]):
        one.state = "offline"
    for one in desired:
        for disk in one["devices"]:
            if (one["manage"][0], disk["name"]) == (name, device.name):
                disk["state"] = "absent"
    assert "of a node in another zone that holds no other brick" in refused(app, clusters(*desired), UnsafeChangeError)


def test_a_pending_operation_holds_what_it_knows(app):
    volume, name, device = with_bricks(app, durability=replica(3))
    operation_of = pending.begin(app, "expand-volume", [(5, volume.id)])
    pending.make_stale(app.state)
    text = refused(app, without(name, device), UnsafeChangeError)
    assert "expand-volume %s (stale) is left over: clean it up first" % operation_of.id in text
    # It is shown and warned of even where it is in nobody's way.
    plan = converge(operation(app, clusters(node(1))))
    assert plan.findings["pending_operations"][0]["status"] == "stale"
    assert plan.warnings == ["pending operation: expand-volume %s (stale)" % operation_of.id]


def test_a_hidden_volume_holds_its_bricks(app):
    volume, name, device = with_bricks(app, durability=replica(3))
    volume.pending = "1"
    assert "volume %s is hidden by a pending operation" % volume.id in refused(
        app, without(name, device), UnsafeChangeError
    )


def test_a_disk_is_replaced_in_one_run(app):
    """The new one is not there when the plan is made, so its room is looked at right before bricks move."""
    volume, name, device = with_bricks(app, nodes=3, durability=replica(3))
    for other in app.state.devices.values():
        if other.node == device.node and other.id != device.id:
            other.state = "offline"
    desired = without(name, device, nodes=3)
    for one in desired[0]["nodes"]:
        if one["manage"][0] == name:
            one["devices"].append({"name": "/dev/sdx"})
    assert [kind for kind, _target in load(app, desired)][0] == "add_device"
    assert device_of(app, name, "/dev/sdx").bricks


def test_an_evacuation_that_can_not_end_well_is_not_begun(app):
    """A new device that turns out to be too small is found before anything is taken offline."""
    volume, name, device = with_bricks(app, nodes=3, durability=replica(3))
    for other in app.state.devices.values():
        if other.node == device.node and other.id != device.id:
            other.state = "offline"
    desired = without(name, device, nodes=3)
    desired[0]["nodes"].append(node(4, "b"))
    app.device_size = 5 * 1024 * 1024
    with pytest.raises(StepError) as error:
        converge(operation(app, desired))
    assert "the largest has 5.0 GiB free" in str(error.value)
    assert isinstance(error.value.cause, UnsafeChangeError)
    assert device.state == "online" and device.bricks


def test_a_node_goes_with_its_devices_in_the_only_order(app):
    volume, name, device = with_bricks(app, durability=replica(3))
    desired = clusters(*[node(n, state="absent" if name == "n%s" % n else "present") for n in range(1, 5)])
    assert load(app, desired) == [
        ("close_node", name),
        ("evacuate_node", name),
        ("delete_device", name + " /dev/sdb"),
        ("delete_device", name + " /dev/sdc"),
        ("delete_node", name),
    ]
    assert len(app.state.nodes) == 3 and len(app.state.bricks_of(volume)) == 3


def test_a_node_that_is_gone_may_be_known_by_its_address_only(app):
    load(app, clusters(node(1), node(2)))
    gone = dict(node(2, ""), manage=["other"], state="absent")
    assert ("delete_node", "n2") in load(app, clusters(node(1), gone))


def test_a_cluster_goes_last_and_only_with_all_of_its_nodes(app):
    load(app, clusters(node(1, "b"), node(2, "b")))
    assert "holds nodes that are not named: n2" in refused(app, clusters(node(1, "b"), state="absent"))
    steps = load(app, clusters(node(1, "b"), node(2, "b"), state="absent"))
    assert steps[-1] == ("delete_cluster", "cluster 1")
    assert not app.state.clusters and not app.state.nodes and not app.state.devices


def test_a_cluster_is_not_made_for_nodes_that_shall_go(app):
    assert load(app, clusters(node(1, state="absent"))) == []
    assert load(app, clusters()) == [] and not app.state.clusters


def test_nodes_of_another_cluster_do_not_go_with_one_that_is_gone(app):
    load(app, clusters(node(1)))
    assert "n1: is in cluster" in refused(app, clusters(node(1), id="0" * 32, state="absent"))


def test_two_nodes_can_not_go_where_one_can(app):
    with_bricks(app, durability=replica(3))
    desired = [node(number, state="absent" if number < 3 else "present") for number in range(1, 5)]
    assert "has no place to go" in refused(app, clusters(*desired), UnsafeChangeError)


def test_what_heketi_never_cleans_up_is_said_so(app):
    """A server that was restarted while it moved bricks never forgets."""
    volume, name, device = with_bricks(app, durability=replica(3))
    wire = Wire(app)
    wire.lose = lambda method, path: b"failed" in (wire.sent[-1][2] or b"") and (app.restart() or True)
    with pytest.raises(StepError):
        converge(operation(app, without(name, device), wire, timeout=5))
    text = refused(app, without(name, device), UnsafeChangeError)
    assert "remove-device" in text and "(stale) is left over, and heketi 9 never cleans up that kind" in text


def test_a_cluster_with_volumes_stays(app):
    load(app, clusters(node(1)))
    add_volume(app)
    assert "holds 1 volumes; delete them first" in refused(app, clusters(node(1), state="absent"))


@pytest.mark.parametrize("duration", [0.2, 3])
def test_a_removal_that_is_cut_off_anywhere_goes_on(duration):
    def run(number=None):
        app = new_server()
        with_bricks(app, durability=replica(3))
        app.duration = duration
        first = desired_without("n1")
        wire = Wire(app)
        wire.cut_after = number
        try:
            converge(operation(app, first, wire))
        except Cut:
            converge(operation(app, first))
        return len(wire.sent), shown(app)

    def desired_without(name):
        return clusters(*[node(n, state="absent" if name == "n%s" % n else "present") for n in range(1, 5)])

    total, whole = run()
    for number in range(1, total):
        assert run(number)[1] == whole


def test_a_cluster_that_is_named_by_its_id_goes_though_a_run_was_cut_off():
    def run(number=None):
        app = new_server()
        load(app, clusters(node(1, "b"), node(2, "b")))
        desired = clusters(node(1, "b"), node(2, "b"), id=list(app.state.clusters)[0], state="absent")
        wire = Wire(app)
        wire.cut_after = number
        try:
            converge(operation(app, desired, wire))
        except Cut:
            converge(operation(app, desired))
        assert not app.state.clusters
        return len(wire.sent)

    for number in range(1, run()):
        run(number)


def test_answers_that_are_lost_while_taking_out_are_followed_by_a_read():
    for lost in range(1, 12):
        app = new_server()
        load(app, clusters(node(1, "b"), node(2, "b")))
        wire = Wire(app)
        wire.lose = lambda method, path, wire=wire, lost=lost: method != "GET" and len(wire.changes) == lost
        converge(operation(app, clusters(node(1, "b"), node(2, "b"), state="absent"), wire))
        assert not app.state.clusters and not app.state.nodes


def test_a_failing_evacuation_keeps_the_servers_words(app):
    _volume, name, device = with_bricks(app, durability=replica(3))
    app.faults.add("heal_info")
    with pytest.raises(StepError) as error:
        converge(operation(app, without(name, device)))
    assert "Unable to get heal info of volume : v" in str(error.value) and "healed first" in str(error.value)
    assert [step.kind for step in error.value.done] == ["close_device"]
    load(app, without(name, device))
