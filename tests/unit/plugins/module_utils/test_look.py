# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The look at one machine: small, whatever the pool, and each command once."""

import json
from types import SimpleNamespace

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils import look
from ansible_collections.brickwork.gluster.plugins.module_utils.command import NOT_FOUND, Result
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster import answers
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.look import (
    RememberingGluster,
    RememberingRunner,
    look_at_gluster,
    look_at_software,
    node_words,
    packed,
    volume_digests,
    with_certificate,
    without_pool,
)
from ansible_collections.brickwork.gluster.tests.fakes.cluster import FakeCluster


class Answers:
    """Answers commands by their first word, and counts them."""

    def __init__(self, **answers):
        self.answers = answers
        self.asked = []

    def run(self, argv, timeout):
        self.asked.append(argv[0])
        return self.answers.get(argv[0].replace("-", "_"), Result(NOT_FOUND, "", ""))


class Runs:
    """Answers the commands of GlusterFS by a function; there is no other."""

    def __init__(self, gluster):
        self.gluster = gluster

    def run(self, argv, timeout):
        return self.gluster(argv, timeout) if argv[0] == "gluster" else Result(NOT_FOUND, "", "")


#: Nothing is asked for.
_ALL = dict(
    dict.fromkeys(
        ("bricks", "packages", "rpm_folder", "repository", "daemon", "firewall", "tls", "managed", "upgrade")
    ),
    command_timeout=1,
    asked="1",
    files=[],
)


class Files:
    def __init__(self, **texts):
        self.texts = texts

    def read(self, path):
        return self.texts.get("/".join(path.split("/")[-2:]).replace("/", "_"), "")

    def exists(self, path):
        return bool(self.read(path))


def test_a_command_is_run_once():
    runner = Answers(pvs=Result(0, "x", ""))
    remembering = RememberingRunner(runner)
    assert [remembering.run(["pvs"], 1).stdout, remembering.run(("pvs",), 1).stdout] == ["x", "x"]
    remembering.run(["pvs", "--all"], 1)
    assert runner.asked == ["pvs", "pvs"]


@pytest.mark.parametrize("said", ["", "Another transaction is in progress for v. Please try again after some time."])
def test_what_gluster_does_not_answer_in_the_end_is_asked_again(said):
    """A look while another node replaces a brick: the first answer is none, the one after it is."""
    results = [Result(2, "", said), Result(0, "x", "")]
    remembering = RememberingRunner(SimpleNamespace(run=lambda argv, timeout: results.pop(0)))
    assert [remembering.run(["gluster", "volume", "info"], 1).rc for _time in range(3)] == [2, 0, 0]


def test_what_another_program_does_not_find_is_asked_once():
    results = [Result(1, "", "")]
    remembering = RememberingRunner(SimpleNamespace(run=lambda argv, timeout: results.pop(0)))
    assert [remembering.run(["rpm", "-q", "x"], 1).rc for _time in range(2)] == [1, 1]


def test_the_volumes_are_read_once_and_a_named_one_is_asked_for(monkeypatch):
    read = []
    parse = answers.parse_volumes
    monkeypatch.setattr(answers, "parse_volumes", lambda element: read.append(1) or parse(element))
    cluster = FakeCluster("n1")
    cluster.on("n1").run(["gluster", "--mode=script", "--xml", "volume", "create", "v", "n1:/b"], 1)
    gluster = RememberingGluster(cluster.on("n1"), 10)
    assert [volume.name for volume in gluster.volumes()] == ["v"] and gluster.volumes() == gluster.volumes()
    assert len(read) == 1
    assert [volume.name for volume in gluster.volumes("v")] == ["v"] and len(read) == 2


def test_a_digest_differs_with_the_volume_and_with_what_is_known_of_it():
    first = Files(v_info="volume-id=a\n", v_cksum="info=1\n")
    changed = Files(v_info="volume-id=a\n", v_cksum="info=2\n")
    other = Files(v_info="volume-id=b\n", v_cksum="info=1\n")
    digests = [volume_digests(files, ["v"])["v"] for files in (first, changed, other)]
    assert len(set(digests)) == 3 and volume_digests(first, ["v"]) == {"v": digests[0]}


def local():
    return {"uuid": "from-file", "stored_volumes": ["v"], "encrypted": False}


def test_a_node_tells_of_itself_and_counts_its_peers():
    cluster = FakeCluster("n1", "n2", "n3")
    for name in ("n2", "n3"):
        cluster.on("n1").run(["gluster", "--mode=script", "--xml", "peer", "probe", name], 1)
    runner = cluster.on("n1")
    seen = look_at_gluster(Gluster(runner), runner, Files(), local)
    assert seen["running"] and seen["peers"] == 3 and seen["uuid"] == cluster.machines["n1"].uuid
    assert list(seen["volumes"]) == ["v"] and "pool" not in seen


def test_a_node_names_the_peers_that_it_does_not_count_on():
    cluster = FakeCluster("n1", "n2", "n3")
    for name in ("n2", "n3"):
        cluster.on("n1").run(["gluster", "--mode=script", "--xml", "peer", "probe", name], 1)
    cluster.machines["n3"].up = False
    runner = cluster.on("n1")
    seen = look_at_gluster(Gluster(runner), runner, Files(), local)
    assert [peer["names"][0] for peer in seen["unwell"]] == ["n3"] and not seen["unwell"][0]["connected"]


def test_the_pool_is_told_in_passing_without_one_question_more(monkeypatch):
    cluster = FakeCluster("n1", "n2")
    for words in ("peer probe n2", "volume create v n1:/b n2:/b", "volume start v"):
        cluster.on("n1").run(["gluster", "--mode=script", "--xml", *words.split()], 1)
    asked = []

    def run(argv, _timeout):
        asked.append(" ".join(word for word in argv[1:] if not word.startswith("--")))
        return cluster.on("n1").run(argv, 1)

    monkeypatch.setattr(look, "observe_bricks", lambda *_given: {"observed": {"volume_ids": {}}})
    params = dict(_ALL, bricks={"devices": [], "root": "/srv/gluster", "pool": True})
    seen = look.look(Runs(run), params)
    told = json.loads(packed(seen)["pool_details"])
    assert [volume["name"] for volume in told["volumes"]] == ["v"] and len(told["pool"]["peers"]) == 2
    assert told["option_groups"] is not None and told["running"]
    # The state of bricks takes locks: who has no process for one only says so.
    assert [words for words in asked if words.startswith(("volume", "pool"))] == ["pool list", "volume info"]
    assert seen["gluster"]["doubtful"] == ["v"]
    assert "pool" not in look.look(Runs(run), dict(params, bricks=dict(params["bricks"], pool=False)))


def test_a_glusterd_that_lists_no_volumes_hides_nothing_else():
    cluster = FakeCluster("n1")
    cluster.form_pool("n1")

    def run(argv, timeout):
        return Result(1, "", "timed out") if "info" in argv else cluster.on("n1").run(argv, timeout)

    runner = Runs(run)
    seen = look_at_gluster(Gluster(runner), runner, Files(), local)
    assert seen["running"] and seen["doubtful"] == ["v"]
    assert look._pool_in_passing(Gluster(runner)) == {}


def test_a_certificate_is_read_where_there_is_one():
    class OpenSsl:
        def readable_certificate(self, path):
            return None

    assert with_certificate({"encrypted": False}, None)["certificate_days"] is None
    assert with_certificate({"encrypted": True}, OpenSsl())["certificate_days"] == 0


def test_a_node_without_gluster_is_an_answer():
    runner = Answers()
    seen = look_at_gluster(Gluster(runner), runner, Files(), local)
    assert (seen["installed"], seen["running"], seen["uuid"], seen["peers"]) == (False, False, "from-file", 0)


def test_the_size_of_an_answer_does_not_grow_with_the_pool():
    """1,000 volumes in the pool, 20 bricks on the node: names and digests, and the node's own bricks."""
    names = ["volume-of-a-team-%04d" % number for number in range(1000)]
    digests = volume_digests(Files(), names)
    ids = {"00000000-0000-4000-8000-%012d" % number: name for number, name in enumerate(names)}
    disks = without_pool({"observed": {"volume_ids": ids}})
    assert disks == {"observed": {"volume_ids": {}}}
    assert without_pool({"observed": {"volume_ids": None}}) == {"observed": {"volume_ids": None}}
    assert len(json.dumps(digests)) < 50000


def test_the_words_are_those_of_the_bootstrap_script():
    words = node_words("10.3", "100")
    assert words["gluster"] == "10.3" and words["clock"].startswith("100 ")
    assert words["python"].split()[1].startswith("/")
    assert all(len(words[key].split()) == 4 for key in words if key.startswith("space:"))


_NOTHING = {"command_timeout": 1, "bricks": None, "repository": None, "rpm_folder": None}


def software(**params):
    return look_at_software(Answers(), dict(_NOTHING, **params))


def test_each_source_of_software_is_looked_at_in_its_own_way(monkeypatch):
    step = {"kind": "install", "target": "attr"}
    monkeypatch.setattr(look, "look_at_folder", lambda _runner, asked, _limit: {"missing": [asked], "steps": [step]})
    assert software(packages={}, rpm_folder="/f") == {"missing_packages": ["/f"], "software": [step]}
    repository = {"url": "", "version": "", "families": {}}
    names = {"Debian": ["attr"]}
    assert software(packages=names) == {"missing_packages": None, "software": []}
    assert software(packages=names, repository=repository) == {"missing_packages": None, "software": []}
    assert software(packages={}) == {"missing_packages": [], "software": []}
    monkeypatch.setattr(look, "lacks_semanage", lambda _packages, _files: True)
    assert software(packages={}, bricks={})["missing_packages"] == ["/usr/sbin/semanage"]
    assert software(packages={})["missing_packages"] == []
