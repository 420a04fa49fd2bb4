# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every recorded answer of GlusterFS 7.5 and 10.3 goes through the parsers."""

import gzip
import json
import pathlib
import re

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.command import Result
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster import answers

RECORDINGS = pathlib.Path(__file__).resolve().parents[4] / "recordings"
VERSIONS = ("7.5", "10.3")


def recordings(version):
    with gzip.open(RECORDINGS / ("gluster-%s.jsonl.gz" % version), "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def judged(row):
    return answers.judge(Result(row["rc"], row["stdout"], row["stderr"]))


@pytest.mark.parametrize("version", VERSIONS)
def test_every_answer_is_judged_and_parsed(version):
    rows = recordings(version)
    assert len(rows) == 1693
    for row in rows:
        answer = judged(row)
        if answer.root is not None:
            for parse in (
                answers.parse_peers,
                answers.parse_volumes,
                answers.parse_brick_status,
                answers.parse_clients,
                answers.parse_tasks,
                answers.parse_self_heal_daemons,
                answers.parse_migration,
                answers.parse_heal_counts,
                answers.parse_listed,
                answers.parse_options,
            ):
                parse(answer.root)


@pytest.mark.parametrize(("version", "lying"), [("7.5", 253), ("10.3", 252)])
def test_a_failure_is_a_failure_though_the_exit_code_is_0(version, lying):
    rows = [row for row in recordings(version) if "--xml" in row["argv"] and row["rc"] == 0]
    failed = [row for row in rows if re.search(r"<opRet>(?!0<)", row["stdout"])]
    assert len(failed) == lying
    assert all(judged(row).failed for row in failed)
    fine = [row for row in rows if "<opRet>0</opRet>" in row["stdout"]]
    assert fine and not any(judged(row).failed for row in fine)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_failing_text_answer_is_a_failure(version):
    rows = [row for row in recordings(version) if row["rc"] != 0 and "<opRet>" not in row["stdout"]]
    assert len(rows) > 300
    assert all(judged(row).failed for row in rows)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_stopped_daemon_a_lock_and_a_time_out_are_told_apart(version):
    kinds = {}
    for row in recordings(version):
        answer = judged(row)
        if answer.failed:
            error = answers.refusal(row["argv"], Result(row["rc"], row["stdout"], row["stderr"]), answer)
            kinds.setdefault(type(error), []).append(row["case"])
    assert set(kinds) >= {answers.GlusterError, answers.DaemonDown, answers.Busy, answers.TimeUp}
    assert all("glusterd-down" in case or "down" in case for case in kinds[answers.DaemonDown])
    assert any("locked" in case for case in kinds[answers.Busy])


def shapes(version):
    """Return name -> shape of all volumes that a version ever showed."""
    found = {}
    for row in recordings(version):
        answer = judged(row)
        if "--xml" in row["argv"] and "info" in row["argv"] and "volume" in row["argv"] and answer.root is not None:
            for volume in answers.parse_volumes(answer.root):
                found.setdefault(
                    (row["case"], volume.name),
                    (
                        volume.replicas,
                        volume.arbiters,
                        volume.disperse,
                        volume.redundancy,
                        volume.sets,
                        len(volume.bricks),
                    ),
                )
    return found


def test_both_versions_mean_the_same():
    old, new = shapes("7.5"), shapes("10.3")
    both = set(old) & set(new)
    assert len(both) > 100
    assert {key: old[key] for key in both} == {key: new[key] for key in both}


@pytest.mark.parametrize("version", VERSIONS)
def test_volumes_of_every_kind_have_their_shape(version):
    by_name = {name: shape for (_case, name), shape in shapes(version).items()}
    assert by_name["rep3t"][:5] in ((3, 0, 0, 0, 1), (3, 0, 0, 0, 2))
    assert by_name["arbt"][:4] == (3, 1, 0, 0)
    assert by_name["d42t"][:5] == (0, 0, 6, 2, 1)
    assert by_name["dr23t"][:5] == (3, 0, 0, 0, 2)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_rejected_peer_is_not_well_although_it_is_connected(version):
    states = [
        peer
        for row in recordings(version)
        if "--xml" in row["argv"] and row["case"].startswith("117") and judged(row).root is not None
        for peer in answers.parse_peers(judged(row).root)
        if peer.state == 6
    ]
    assert states and all(peer.connected and not peer.is_well for peer in states)


@pytest.mark.parametrize("version", VERSIONS)
def test_heals_of_a_dead_brick_are_unknown_and_not_zero(version):
    row = next(row for row in recordings(version) if row["case"] == "1114-peerdown-volume-heal-arb2t-info-summary-xml")
    counts = answers.parse_heal_counts(judged(row).root)
    assert [count.pending for count in counts] == [0, 0, None]
    assert [count.connected for count in counts] == [True, True, False]


@pytest.mark.parametrize("version", VERSIONS)
def test_status_tells_the_clients_of_each_brick(version):
    asked = ["gluster", "--mode=script", "--xml", "volume", "status", "arb2t", "clients"]
    row = next(row for row in recordings(version) if row["argv"] == asked and "<client>" in row["stdout"])
    clients = answers.parse_clients(judged(row).root)["arb2t"]
    assert list(clients) == ["h1:/bricks/arb2t/b1", "h2:/bricks/arb2t/b2"], "the brick of the dead peer is not listed"
    assert set(map(tuple, clients.values())) == {tuple("10.99.75.%s" % number for number in (1, 2, 3, 4))}


def test_a_self_heal_daemon_that_crashed_is_told_by_the_status_of_10_3():
    rows = {row["case"]: row for row in recordings("10.3")}
    daemons = answers.parse_self_heal_daemons(judged(rows["888-status-quota-xml"]).root)
    assert [(daemon.volume, daemon.online) for daemon in daemons] == [
        ("arb2t", True),
        ("arb2t", False),
        ("arb2t", False),
        ("arb2t", True),
    ]
    peers = judged(rows["1101-peerdown-pool-list-xml"]).root
    assert {daemon.host_uuid for daemon in daemons} == {peer.uuid for peer in answers.parse_peers(peers)}


@pytest.mark.parametrize("version", VERSIONS)
def test_status_tells_the_self_heal_daemons_of_members_that_answer(version):
    """Also of one that has no brick of the volume, and not with sizes."""
    rows = {row["case"]: row for row in recordings(version)}
    daemons = answers.parse_self_heal_daemons(judged(rows["1104-peerdown-volume-status-xml"]).root)
    arbiter = [daemon for daemon in daemons if daemon.volume == "arb2t"]
    assert len(arbiter) == 3 and len({daemon.host_uuid for daemon in arbiter}) == 3
    assert all(daemon.online for daemon in daemons)
    detail = judged(rows["1106-peerdown-volume-status-arb2t-detail-xml"]).root
    assert answers.parse_self_heal_daemons(detail) == []


@pytest.mark.parametrize("version", VERSIONS)
def test_status_tells_ports_sizes_and_tasks(version):
    rows = {row["case"]: row for row in recordings(version)}
    detail = answers.parse_brick_status(judged(rows["1106-peerdown-volume-status-arb2t-detail-xml"]).root)["arb2t"]
    assert len(detail) == 2 and all(brick.online and brick.port and brick.pid and brick.size for brick in detail)
    down = answers.parse_brick_status(judged(rows["1158-brickdown-status-xml"]).root)["rep3t"]
    assert [(brick.port, brick.pid) for brick in down if not brick.online] == [(None, None)]


@pytest.mark.parametrize("version", VERSIONS)
def test_each_brick_lists_what_is_in_split_brain_by_path_where_it_knows_that(version):
    row = next(row for row in recordings(version) if row["case"] == "806-heal-info-split-brain-xml")
    listed = answers.parse_listed(judged(row).root)
    assert [one.path for one in listed] == ["/s1", "/s2", "/s3", "", "", ""]
    assert [one.brick for one in listed] == 3 * ["h1:/bricks/sb/b1"] + 3 * ["h2:/bricks/sb/b2"]
    assert [one.gfid for one in listed[:3]] == [one.gfid for one in listed[3:]]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_resolution_is_judged_by_its_words(version):
    asked = [row for row in recordings(version) if "split-brain" in row["argv"] and row["argv"][-1].startswith("/s")]
    judged = {(row["argv"][-2], row["argv"][-1]): [] for row in asked}
    for row in asked:
        problem = answers.resolution_problem(row["stdout"] + row["stderr"], row["argv"][-1])
        judged[(row["argv"][-2], row["argv"][-1])].append(problem)
    assert judged == {
        ("latest-mtime", "/s1"): 2 * ["Healing /s1 failed: No difference in mtime."],
        ("h1:/bricks/sb/b1", "/s2"): ["", ""],
    }
    row = next(row for row in recordings(version) if row["argv"][-2:] == ["latest-mtime", "/nosuch"])
    assert answers.resolution_problem(row["stdout"], "/nosuch").startswith("Lookup failed on /nosuch:No such file")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("GFID split-brain resolved for file /d/x\n", ""),
        ("Lookup failed on /d/x:Input/output error.\nGFID split-brain resolved for file /d/x\n", ""),
        # With exit code 0.
        ("No difference in mtime for file /d/x\n", "No difference in mtime for file /d/x"),
        ("Healed /d/y.\n", "Healed /d/y."),
        ("", "no reason given"),
    ],
)
def test_a_name_that_stands_for_different_files_is_judged_by_whole_lines(text, problem):
    assert answers.resolution_problem(text, "/d/x") == problem


@pytest.mark.parametrize("version", VERSIONS)
def test_what_moves_is_read_by_member_and_what_is_removed_by_brick(version):
    rows = {row["case"]: judged(row).root for row in recordings(version)}
    running = answers.parse_migration(rows["1505-reb-status-running-xml"])
    assert {member.status for member in running} == {"in progress"} and len({member.uuid for member in running}) == 3
    done = answers.parse_migration(rows["1520-reb-status-completed-xml"])
    assert sum(member.files for member in done) * 20000 == sum(member.size for member in done) > 0
    assert max(member.seconds for member in done) > 1 and not any(member.failures for member in done)
    layout = answers.parse_migration(rows["1525-reb-status-fix-layout-xml"])
    assert {member.status for member in layout} == {"fix-layout completed"}
    [removed] = answers.parse_migration(rows["1550-rb-status-completed-xml"])
    assert removed.files > 400 and removed.status == "completed"
    [task] = answers.parse_tasks(rows["1551-rb-volume-status-completed-xml"])
    assert (task.is_removal, task.is_running, task.bricks) == (True, False, ("h3:/bricks/reb/b3",))
    [task] = answers.parse_tasks(rows["1508-reb-volume-status-running-xml"])
    assert (task.is_removal, task.is_running, task.bricks) == (False, True, ())
