# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What waits for healing and what keeps it from its end, asked of a pool in memory."""

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.heal import (
    VolumeHeal,
    counted,
    heal_facts,
    names_of_waiting,
    observe_heals,
    request_heals,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import (
    Brick,
    BrickStatus,
    HealCount,
    Volume,
)
from ansible_collections.brickwork.gluster.tests.fakes.clock import FakeClock
from ansible_collections.brickwork.gluster.tests.fakes.cluster import FakeCluster

NODES = ("h1", "h2", "h3")


@pytest.fixture
def cluster():
    made = FakeCluster(*NODES)
    made.form_pool(*NODES)
    for name, words in (("v", "replica 3"), ("w", "disperse 3 redundancy 1"), ("plain", "")):
        gluster(made).ask("volume", "create", name, *words.split(), *(f"{node}:/b/{name}" for node in NODES))
        gluster(made).ask("volume", "start", name)
    made.commands.clear()
    return made


def gluster(cluster):
    return Gluster(cluster.on("h1"), clock=FakeClock())


def heals(cluster, *names):
    return {heal.volume.name: heal for heal in observe_heals(gluster(cluster), names)}


def test_all_started_volumes_that_keep_copies_are_counted_with_two_commands_and_one_for_each(cluster):
    assert [heal_facts(heal)["healed"] for heal in heals(cluster).values()] == [True, True]
    assert len(cluster.commands) == 2 + 2
    gluster(cluster).ask("volume", "stop", "w")
    assert list(heals(cluster)) == ["v"] and list(heals(cluster, "v")) == ["v"]
    with pytest.raises(InputError, match="found no volume x; write names of volumes that exist"):
        heals(cluster, "x", "v")


def test_an_entry_that_several_bricks_list_counts_once(cluster):
    cluster.pending.update({"h1:/b/v": 5, "h2:/b/v": 7})
    found = heals(cluster)
    assert (found["v"].pending, found["w"].pending) == (7, 0)
    assert not heal_facts(found["v"])["healed"]


def test_what_waits_is_named_once_and_at_most_ten_of_it(cluster):
    cluster.pending.update({"h1:/b/v": 3, "h2:/b/v": 2})
    assert names_of_waiting(gluster(cluster), heals(cluster)["v"]) == ["/0", "/1", "/2"]
    cluster.pending["h2:/b/v"] = 30
    assert len(names_of_waiting(gluster(cluster), heals(cluster)["v"])) == 10


def test_what_can_not_be_listed_has_no_names(cluster):
    cluster.pending["h1:/b/v"] = 3
    found = heals(cluster)["v"]
    cluster.heal_failures["v"] = "Transport endpoint is not connected"
    assert names_of_waiting(gluster(cluster), found) == []


def test_only_volumes_with_entries_are_asked_for_unless_all_files_are_meant(cluster):
    cluster.pending["h1:/b/v"] = 5
    cluster.commands.clear()
    assert request_heals(gluster(cluster), list(heals(cluster).values())) == {}
    assert [command for command in cluster.commands if "info" not in command and "status" not in command] == [
        "volume heal v"
    ]
    assert heals(cluster)["v"].pending == 0
    cluster.commands.clear()
    request_heals(gluster(cluster), list(heals(cluster).values()), full=True)
    assert [command for command in cluster.commands if command.endswith(" full")] == [
        "volume heal v full",
        "volume heal w full",
    ]


def test_who_refuses_is_named(cluster):
    cluster.pending["h1:/b/v"] = 5
    cluster.heal_refusal = "Self-heal-daemon is disabled."
    found = heals(cluster)["v"]
    refused = request_heals(gluster(cluster), [found])
    assert "Self-heal-daemon is disabled" in refused["v"]
    assert heal_facts(found, refused["v"])["obstacles"] == [f"the self-heal daemons refuse: {refused['v']}"]


def test_a_daemon_that_died_is_found_while_a_new_brick_is_filled_and_nothing_waits(cluster):
    """As seen on 7.5: it crashed when nothing was left to heal, and nobody could say that the new brick is filled."""
    gluster(cluster).ask("volume", "set", "v", "user.brickwork-filling", "healing:h1:/b/v")
    why = "Staging failed on h3. Error: Self-heal daemon is not running. Check self-heal daemon log file."
    cluster.heal_refusal = why
    given = {"volumes": ["v"], "bricks": [], "lost": [], "full": False, "names": False}
    [volume] = counted(given, gluster(cluster), check_mode=False)["volumes"]
    [obstacle] = volume["obstacles"]
    assert why[:-1] in obstacle and "'A self-heal daemon that died'" in obstacle


def test_a_daemon_that_glusterd_has_lost_is_started(cluster):
    """As seen on 10.3, after bricks were replaced: "attached to pid -1"."""
    cluster.pending["h1:/b/v"] = 5
    cluster.lost_healers.add("v")
    found = heals(cluster)["v"]
    assert request_heals(gluster(cluster), [found]) == {}
    assert "volume start v force" in cluster.commands and heals(cluster)["v"].pending == 0


def test_no_daemon_is_started_where_a_brick_would_be_started_with_it(cluster):
    cluster.pending["h1:/b/v"] = 5
    cluster.lost_healers.add("v")
    cluster.processes["h2:/b/v"] = None
    assert "'A self-heal daemon that died'" in request_heals(gluster(cluster), [heals(cluster)["v"]])["v"]
    assert not any("start" in command for command in cluster.commands if "force" in command)


def test_obstacles_are_what_does_not_heal_by_itself(cluster):
    cluster.processes["h2:/b/v"] = None
    cluster.split_brain["h1:/b/w"] = [("g", "/f")]
    found = heals(cluster)
    assert found["v"].obstacles == ["brick h2:/b/v does not serve"]
    assert found["w"].obstacles == ["1 entries are in split-brain (the playbook split_brain shows and resolves them)"]
    assert not any(heal_facts(heal)["healed"] for heal in found.values())


def test_heals_that_can_not_be_counted_are_not_taken_for_none(cluster):
    cluster.heal_failures["v"] = "Volume heal failed."
    cluster.pending["h1:/b/v"] = 3
    found = heals(cluster)["v"]
    assert "Volume heal failed" in found.unknown and found.pending == 3, "the cheap count stands in"
    cluster.pending.clear()
    assert not heal_facts(heals(cluster)["v"])["healed"]


BRICKS = tuple(Brick(node, "/b", node, arbiter=node == "h3") for node in NODES)


@pytest.mark.parametrize(
    ("free", "behind", "full"),
    [((60, 90, 99), 30, []), ((60, None, 99), 0, []), ((0, 60, 99), 60, ["brick h1:/b is full (0 B free)"])],
)
def test_what_is_to_be_copied_is_told_of_how_full_the_bricks_are_and_not_of_arbiters(free, behind, full):
    status = {f"{node}:/b": BrickStatus(node, "/b", True, 1, 1, 100, left) for node, left in zip(NODES, free)}
    heal = VolumeHeal(Volume("v", "i", "Started", 3, 1, 0, 0, BRICKS, {}), {}, status)
    assert (heal.behind, heal.obstacles) == (behind, full)


def test_only_the_sets_of_the_named_bricks_are_looked_at(cluster):
    six = ["%s:/b/six%s" % (node, number) for number in (1, 2) for node in NODES]
    gluster(cluster).ask("volume", "create", "six", "replica", "3", *six)
    gluster(cluster).ask("volume", "start", "six")
    cluster.processes[six[5]] = None
    cluster.pending[six[4]] = 3
    [whole] = observe_heals(gluster(cluster), ["six"], [six[0]])
    [other] = observe_heals(gluster(cluster), ["six"], [six[3]])
    assert heal_facts(whole)["healed"] and not heal_facts(other)["healed"] and other.pending == 3


def test_a_brick_that_serves_and_can_not_tell_is_not_taken_for_whole():
    volume = Volume("v", "id", "Started", 2, 0, 0, 0, (Brick("h1", "/b", "u1"), Brick("h2", "/b", "u2")), {})
    status = {"%s:/b" % host: BrickStatus(host, "/b", True, 1, 1, 100, 50) for host in ("h1", "h2")}
    counts = {"h1:/b": HealCount("h1:/b", True, 0, 0), "h2:/b": HealCount("h2:/b", True, None, None)}
    told = heal_facts(VolumeHeal(volume, counts, status))
    assert not told["healed"] and told["unknown"] == "h2:/b can't tell what waits for healing"


def test_a_set_is_left_out_while_a_brick_of_it_is_lost_and_made_anew_later(cluster):
    cluster.processes["h2:/b/v"] = None
    [waiting] = observe_heals(gluster(cluster), ["v"], lost=["h2:/b/v"])
    assert heal_facts(waiting)["healed"] and waiting.sets == []
    cluster.processes["h2:/b/v"] = 7
    cluster.pending["h1:/b/v"] = 3
    [there] = observe_heals(gluster(cluster), ["v"], lost=["h2:/b/v"])
    assert not heal_facts(there)["healed"] and there.pending == 3
