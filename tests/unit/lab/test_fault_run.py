# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a fault run draws, and what it takes for a lost write or for copies that differ."""

import hashlib
import json
import random
import subprocess

import pytest
import workload
import yaml
from brickwork_lab.spec import parse_spec
from fault_run import clusters, events, rounds, verdict
from machines import Run


@pytest.mark.parametrize("seed", range(50))
def test_a_seed_draws_the_same_cluster_again_with_three_zones_and_a_node_to_spare(seed):
    cluster = clusters.draw(random.Random(seed))
    assert cluster == clusters.draw(random.Random(seed))
    assert set(cluster.zones.values()) == {"a", "b", "c"}
    assert any(cluster.neighbours(node) for node in cluster.nodes)
    assert {volume["name"] for volume in cluster.volumes} == {"first", "second"}


def test_the_spec_is_one_of_the_lab_and_the_inventory_says_which_node_is_in_which_state():
    cluster = clusters.draw(random.Random(1))
    spec = parse_spec(cluster.spec("faults-1"), "drawn")
    assert [guest.name for guest in spec.guests] == [*cluster.nodes, "client1"]
    cluster.states["node2"] = "lost"
    cluster.disk_states["node1", "/dev/sdc"] = "retired"
    hosts = yaml.safe_load(yaml.safe_dump(cluster.inventory()))["gluster_servers"]["hosts"]
    assert {name: host.get("gluster_state") for name, host in hosts.items() if "gluster_state" in host} == {
        "node2": "lost"
    }
    states = {name: [disk["state"] for disk in host["gluster_devices"]] for name, host in hosts.items()}
    assert states.pop("node1") == ["active", "retired"] and set(map(tuple, states.values())) == {("active", "active")}


class OneDisk:
    """A lab in which each node has a brick on /dev/sdb."""

    def run(self, *words):
        return "/srv/gluster/first-1" if "findmnt -rno" in words[-1] else "/dev/sdb"

    def power(self, *_words):
        pass

    def host(self, _node):
        return self


def test_a_disk_that_leaves_is_active_again_after_its_event(monkeypatch):
    for event, state, playbook in ((events.retired_disk, "retired", "retire"), (events.disk_gone, "lost", "replace")):
        cluster = clusters.Cluster({"node1": "a"}, [])
        found = event(events.Scene(random.Random(1), OneDisk(), cluster))
        assert cluster.disk_states == {("node1", "/dev/sdb"): state} and found.playbook == playbook
        assert found.away == "node1"
        monkeypatch.setattr(events, "_remove_leftovers", lambda _scene: None)
        found.after()
        assert cluster.disk_states == {}


def test_a_volume_with_three_copies_gets_arbiters_and_one_without_does_not():
    cluster = clusters.Cluster({"node1": "a"}, [{"name": "v", "type": "replicate", "replicas": 3}])
    assert events.POSSIBLE["fewer_copies"](cluster)
    found = events.fewer_copies(events.Scene(random.Random(1), None, cluster))
    assert cluster.volumes == [{"name": "v", "type": "arbiter"}] and found.playbook == "expand" and found.loses
    assert not events.POSSIBLE["fewer_copies"](cluster)


class Recorded:
    """A lab that notes what it is asked for."""

    def __init__(self):
        self.asked = []

    def run(self, node, command):
        self.asked.append((node, command))

    def power(self, command, node):
        self.asked.append((node, command))


def test_a_node_goes_by_its_other_address_and_gets_it_back_with_a_new_system_disk():
    cluster, lab = clusters.Cluster({"node2": "a"}, []), Recorded()
    scene = events.Scene(random.Random(1), lab, cluster)
    found = events.readdressed(scene)
    assert found.playbook == "readdress" and found.variables == {"gluster_readdress_nodes": ["node2"]}
    host = cluster.inventory()["gluster_servers"]["hosts"]["node2"]
    assert host["gluster_address"] == "192.168.72.152" and clusters.node_at("192.168.72.152") == "node2"
    assert clusters.node_at("192.168.72.102") == "node2"
    lab.asked.clear()
    events.new_system_disk(scene)
    assert [command for _node, command in lab.asked[:4]] == ["sync", "power-off", "new-system-disk", "power-on"]
    assert "192.168.72.152/24" in lab.asked[4][1]
    events.readdressed(scene)
    assert cluster.address_of("node2") == "192.168.72.102"


def test_a_volume_that_moved_may_be_anywhere_afterwards(monkeypatch):
    cluster = clusters.Cluster({"node1": "a"}, [{"name": "v", "type": "arbiter"}])
    found = events.moved(events.Scene(random.Random(1), None, cluster))
    assert cluster.volumes[0]["devices"][0] in clusters.DEVICES and found.playbook == "move" and found.loses
    monkeypatch.setattr(events, "_remove_leftovers", lambda _scene: None)
    found.after()
    assert cluster.volumes == [{"name": "v", "type": "arbiter"}]


def test_an_event_is_drawn_only_where_the_cluster_can_have_it():
    one = clusters.Cluster({"node1": "a"}, [{"name": "v", "size": "512MiB"}])
    two = clusters.Cluster({"node1": "a"}, [{"name": "v", "size": "512MiB", "sets": 2}])
    able = {name: (events.POSSIBLE[name](one), events.POSSIBLE[name](two)) for name in events.EVENTS}
    assert able["more_sets"] == (True, False) and able["fewer_sets"] == able["spread"] == (False, True)
    assert able["grow"] == (True, True)


def write(folder, journal, number, error="", content=b""):
    """Note a write of a file; the content is there if it is given."""
    digest = hashlib.sha256(content or b"meant").hexdigest()
    with journal.open("a") as log:
        log.write(f"{error}f{number} {digest} 0.10\n")
    if content:
        (folder / f"f{number}").write_bytes(content)


def judged(folder, journal, capsys):
    workload.check(folder, journal)
    return json.loads(capsys.readouterr().out)


def test_what_was_acknowledged_and_is_not_there_is_wrong(tmp_path, capsys):
    journal = tmp_path / "journal"
    write(tmp_path, journal, 1, content=b"one")
    write(tmp_path, journal, 2)
    assert judged(tmp_path, journal, capsys)["wrong"] == ["f2"]
    write(tmp_path, journal, 2, content=b"two")
    assert judged(tmp_path, journal, capsys)["wrong"] == []


@pytest.mark.parametrize(("happened", "wrong"), [(b"", []), (b"meant", []), (b"else", ["f1"])])
def test_what_failed_may_have_happened_or_not_and_nothing_else(tmp_path, capsys, happened, wrong):
    journal = tmp_path / "journal"
    write(tmp_path, journal, 1, content=b"one")
    write(tmp_path, journal, 1, error="ERROR 107 ")
    if happened:
        (tmp_path / "f1").write_bytes(happened)
    said = judged(tmp_path, journal, capsys)
    assert said["wrong"] == wrong and said["errors"] == ["107"]


def test_the_workload_shortens_what_it_writes_and_reads_it_back(tmp_path):
    workload.change(tmp_path, "f1", b"abcdef", 3)
    assert (tmp_path / "f1").read_bytes() == b"abc"


class TwoBricks:
    """A lab with two bricks, which hold these files."""

    def __init__(self, *copies):
        self.copies = dict(zip(("node1", "node2", "node3"), copies))

    def bricks(self, _name):
        return [f"192.168.72.10{number}:/b" for number in range(1, 4)]

    def run(self, node, _command):
        return "\n".join(f"{digest}  {name}" for name, digest in self.copies[node].items())


SAME = {"./a": "1", "./b": "2"}


@pytest.mark.parametrize(
    ("kind", "copies", "differing"),
    [
        ("replicate", (SAME, SAME, SAME), []),
        ("replicate", (SAME, SAME, {"./a": "1"}), ["./b"]),
        ("replicate", ({**SAME, "./a": "3"}, SAME, SAME), ["./a"]),
        ("arbiter", (SAME, SAME, {"./a": "0"}), []),
        ("disperse", (SAME, {}, {}), []),
    ],
)
def test_copies_of_a_set_are_compared_and_an_arbiter_has_none(kind, copies, differing):
    assert verdict.differing_copies(TwoBricks(*copies), {"name": "v", "type": kind}) == differing


def test_what_failed_is_told_with_all_lines_of_its_message():
    text = "fatal: [node1]: FAILED! => \n    msg: |-\n      may not be stopped:\n      59 entries wait\n\nPLAY RECAP"
    said = rounds.in_short(Run(subprocess.CompletedProcess([], 2, text)))
    assert said == "exit code 2: node1]: FAILED! => msg: |- may not be stopped: 59 entries wait"
