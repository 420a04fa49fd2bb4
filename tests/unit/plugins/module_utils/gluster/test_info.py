# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.files import TextFiles
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.answers import GlusterError
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.info import (
    PARTS,
    local_facts,
    observe_gluster,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.locks import lock_holder
from ansible_collections.brickwork.gluster.tests.fakes.clock import FakeClock
from ansible_collections.brickwork.gluster.tests.fakes.cluster import NEW_OPTIONS, FakeCluster


@pytest.fixture
def cluster():
    made = FakeCluster("h1", "h2")
    made.form_pool("h1", "h2")
    gluster = Gluster(made.on("h1"), clock=FakeClock())
    gluster.ask("volume", "create", "v", "h1:/b/1", "h2:/b/2")
    gluster.ask("volume", "start", "v")
    made.commands.clear()
    return made


def info(cluster, *parts):
    gluster = Gluster(cluster.on("h1"), clock=FakeClock())
    return observe_gluster(gluster, parts or PARTS, local=lambda: {"stored_volumes": ["v"]})


def test_one_read_tells_everything(cluster):
    facts = info(cluster)
    assert facts["running"] and facts["version"] == "10.3"
    assert {name for peer in facts["pool"]["peers"] for name in peer["names"]} == {"localhost", "h2"}
    assert [(volume["name"], volume["sets"], volume["started"]) for volume in facts["volumes"]] == [("v", 2, True)]
    assert [(brick["host"], brick["online"], brick["port"]) for brick in facts["bricks"]] == [
        ("h1", True, 49152),
        ("h2", True, 49152),
    ]
    assert (facts["tasks"], facts["heal"]) == ([], [])
    assert len(cluster.commands) == 5


def test_options_are_those_that_hold_whoever_set_them(cluster):
    assert info(cluster, "options")["options"] == {"v": dict(NEW_OPTIONS, **{"performance.cache-size": "32MB"})}


def test_bricks_of_a_dead_member_are_offline(cluster):
    cluster.machines["h2"].up = False
    assert [brick["online"] for brick in info(cluster, "bricks")["bricks"]] == [True, False]


def test_bricks_of_a_volume_that_another_transaction_holds_are_asked_for_once_more(cluster):
    gluster = Gluster(cluster.on("h1"), clock=FakeClock())
    gluster.ask("volume", "create", "w", "h1:/b/3", "h2:/b/4")
    gluster.ask("volume", "start", "w")
    cluster.held.add("v")
    assert [brick["online"] for brick in info(cluster, "bricks")["bricks"]] == [True] * 4
    assert cluster.commands[-2:] == ["volume status all detail", "volume status v detail"]


def test_only_what_is_asked_for_is_read(cluster):
    assert "volumes" not in info(cluster, "pool")
    assert cluster.commands == ["pool list"]


def test_a_stopped_daemon_is_an_answer(cluster):
    cluster.machines["h1"].up = False
    facts = info(cluster)
    assert (facts["running"], facts["stored_volumes"], facts["volumes"]) == (False, ["v"], [])
    assert facts["options"] == {}


@pytest.fixture
def replicated(cluster):
    gluster = Gluster(cluster.on("h1"), clock=FakeClock())
    for name in ("r", "s"):
        gluster.ask("volume", "create", name, "replica", "2", "h1:/b/%s" % name, "h2:/b/%s" % name, "force")
        gluster.ask("volume", "start", name)
    return cluster


def partial(cluster, *parts, **more):
    gluster = Gluster(cluster.on("h1"), clock=FakeClock())
    return observe_gluster(gluster, parts, lambda: {}, partial=True, **dict({"clock": FakeClock()}, **more))


def down(cluster, **more):
    """Return by volume the members whose self-heal daemon does not run."""
    found = partial(cluster, "bricks", "tasks", **more)["self_heal_daemons_down"]
    members = {machine.uuid: machine.name for machine in cluster.machines.values()}
    return sorted((one["volume"], members[one["host_uuid"]]) for one in found)


def test_a_self_heal_daemon_that_died_is_told_and_while_all_run_that_costs_no_command(replicated):
    replicated.commands.clear()
    assert down(replicated) == []
    assert replicated.commands == ["pool list", "volume info", "volume status all detail", "volume status all"]
    replicated.dead_healers.add("h2")
    assert down(replicated) == [("r", "h2"), ("s", "h2")], "the third volume keeps no copies"
    Gluster(replicated.on("h1"), clock=FakeClock()).ask("volume", "set", "r", "cluster.self-heal-daemon", "off")
    assert down(replicated) == [("s", "h2")]
    Gluster(replicated.on("h1"), clock=FakeClock()).ask("volume", "stop", "s")
    assert down(replicated) == []


def test_a_self_heal_daemon_that_is_just_being_started_is_not_told(replicated):
    class StartingClock(FakeClock):
        def sleep(self, seconds):
            super().sleep(seconds)
            replicated.dead_healers.discard("h2")

    replicated.dead_healers.update({"h1", "h2"})
    assert down(replicated, clock=StartingClock()) == [("r", "h1"), ("s", "h1")]


def test_of_a_member_that_is_away_no_self_heal_daemon_is_told(replicated):
    replicated.dead_healers.add("h2")
    replicated.machines["h2"].up = False
    assert down(replicated) == []


def test_where_the_lock_is_held_nothing_is_told_of_self_heal_daemons(replicated):
    replicated.dead_healers.add("h2")
    replicated.busy = 10**6
    facts = partial(replicated, "tasks")
    assert facts["self_heal_daemons_down"] == [] and facts["unread"][0]["part"] == "tasks"


def test_heals_that_fail_for_one_volume_leave_the_cheap_count_and_the_other_volumes(replicated):
    """As seen: opRet -1, errno 5, and health was mute about a brick that it had read as offline before."""
    replicated.heal_failures["r"] = "Not able to fetch volfile from glusterd"
    replicated.pending["h1:/b/r"] = 95
    replicated.processes["h2:/b/r"] = None
    with pytest.raises(GlusterError, match="fetch volfile"):
        info(replicated, "heal")
    facts = partial(replicated, "bricks", "heal")
    assert [brick["path"] for brick in facts["bricks"] if not brick["online"]] == ["/b/r"]
    counts = {(count["volume"], count["brick"]): count["pending"] for count in facts["heal"]}
    assert counts[("r", "h1:/b/r")] == 95 and counts[("s", "h1:/b/s")] == 0
    [unread] = facts["unread"]
    assert (unread["part"], unread["volume"]) == ("heal", "r") and "fetch volfile" in unread["reason"]


class HealingClock(FakeClock):
    """While it is waited, a brick heals."""

    def __init__(self, cluster, brick, less):
        super().__init__()
        self._cluster, self._brick, self._less = cluster, brick, less

    def sleep(self, seconds):
        super().sleep(seconds)
        self._cluster.pending[self._brick] -= self._less


def heal_commands(cluster):
    return [words for words in map(str, cluster.commands) if "heal" in words]


def test_where_something_heals_just_that_volume_is_counted_once_more(replicated):
    replicated.pending["h1:/b/r"] = 95
    replicated.commands.clear()
    facts = partial(replicated, "heal", later=10, clock=HealingClock(replicated, "h1:/b/r", 20))
    later = {one["brick"]: (one["volume"], one["pending"], one["seconds"]) for one in facts["heal_later"]}
    assert later == {"h1:/b/r": ("r", 75, 10), "h2:/b/r": ("r", 0, 10)}
    assert [count["pending"] for count in facts["heal"]] == [95, 0, 0, 0], "the first count stays"
    assert len(heal_commands(replicated)) == 3


def test_where_nothing_waits_nothing_is_waited_for(replicated):
    clock = FakeClock()
    replicated.commands.clear()
    assert partial(replicated, "heal", later=10, clock=clock)["heal_later"] == [] and clock.monotonic() == 0
    assert len(heal_commands(replicated)) == 2
    assert "heal_later" not in partial(replicated, "heal")


def test_a_second_count_is_made_like_the_first_and_may_fail(replicated):
    replicated.heal_failures["r"] = "Not able to fetch volfile from glusterd"
    replicated.pending["h1:/b/r"] = 95
    facts = partial(replicated, "heal", later=10, clock=HealingClock(replicated, "h1:/b/r", 20))
    assert {one["brick"]: one["pending"] for one in facts["heal_later"]}["h1:/b/r"] == 75, "the cheap count"
    failure = replicated.heal_failures.pop("r")
    clock = FakeClock()
    clock.sleep = lambda seconds: replicated.heal_failures.update(r=failure)
    facts = partial(replicated, "heal", later=10, clock=clock)
    assert facts["heal_later"] == [] and facts["unread"] == []


def test_names_in_split_brain_are_told_once_and_by_path_where_a_brick_knows_it(replicated):
    files = [("g%s" % number, "/f%02d" % number) for number in range(30)]
    replicated.split_brain["h1:/b/s"] = [("g0", "<gfid:g0>")]
    replicated.split_brain["h2:/b/s"] = files
    found = info(replicated, "heal")["split_brain"]
    assert found == {"s": ["/f%02d" % number for number in range(20)]}


def test_a_lock_that_stays_is_waited_for_once_and_its_holder_is_named(replicated):
    replicated.busy = 10**6
    holder = "6f9890be-d4b2-4043-9620-da6ad817d4da"
    facts = partial(replicated, "bricks", "tasks", holder=lambda: holder)
    [unread] = facts["unread"]
    assert unread["part"] == "bricks" and holder in unread["reason"] and "Another transaction" in unread["reason"]
    assert facts["bricks"] == facts["tasks"] == []


LOG = """[2026-11-27 10:00:00.1] W [glusterd-locks.c:579:glusterd_mgmt_v3_lock] 0-management: Lock for a held by %s
[2026-11-27 10:00:01.1] E [MSGID: 106118] [glusterd-op-sm.c] 0-management: Unable to acquire lock for a
"""


def test_the_log_tells_who_held_the_lock_last(tmp_path):
    uuids = ["6f9890be-d4b2-4043-9620-da6ad817d4d%s" % digit for digit in "ab"]
    log = tmp_path / "glusterd.log"
    log.write_text("x" * 70000 + "".join(LOG % uuid for uuid in uuids))

    class Files(TextFiles):
        def tail(self, path, size):
            return super().tail(str(log), size)

    assert lock_holder(Files()) == uuids[-1]
    log.unlink()
    assert lock_holder(Files()) == ""


TCP = """  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:%s 00000000:0000 %s 00000000:00000000 00:00000000 00000000     0        0 8401 1 0 100 0 0 10 0
"""


class Files:
    def __init__(self, **texts):
        self.texts = texts

    def read(self, path):
        return self.texts.get(self._key(path), "")

    def exists(self, path):
        return self._key(path) in self.texts

    @staticmethod
    def _key(path):
        return path.rpartition("/")[2].replace(".", "_").replace("-", "_")

    def entries(self, folder):
        return [folder]


def test_a_node_tells_some_things_without_its_glusterd():
    assert local_facts(Files()) == {
        "uuid": "",
        "stored_volumes": ["/var/lib/glusterd/vols"],
        "op_version": 0,
        "listening": False,
        "encrypted": False,
        "memory": 0,
    }
    volfile = "option working-directory /data\n"
    info = "UUID=1\noperating-version=100000\n"
    facts = local_facts(Files(glusterd_vol=volfile, glusterd_info=info, tcp=TCP % ("5DC7", "0A"), secure_access=""))
    assert facts == {
        "uuid": "1",
        "stored_volumes": ["/data/vols"],
        "op_version": 100000,
        "listening": True,
        "encrypted": True,
        "memory": 0,
    }


@pytest.mark.parametrize("port, state", [("5DC7", "01"), ("5DC8", "0A")])
def test_a_connection_is_no_listening(port, state):
    assert not local_facts(Files(tcp6=TCP % (port, state)))["listening"]


def test_clients_are_told_by_volume_where_they_are_asked_for(cluster):
    cluster.clients = {"h1:/b/1": ["10.0.0.9", "10.0.0.8"], "h2:/b/2": ["10.0.0.9"]}
    assert info(cluster, "clients")["clients"] == {"v": ["10.0.0.8", "10.0.0.9"]}
    assert "clients" not in info(cluster)
    Gluster(cluster.on("h1"), clock=FakeClock()).ask("volume", "stop", "v")
    assert info(cluster, "clients")["clients"] == {}
