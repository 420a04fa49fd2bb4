# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a run stops: at the first node that does not get well, at the first volume that can't be made.

The roles are run by ansible-playbook, with small programs in the place of the collection's modules.
"""

import pathlib

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.facts import to_facts
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Peer
from ansible_collections.brickwork.gluster.tests.fakes.standins import StandIns

KILLED = "the kernel ended it: Out of memory: Killed process 812 (glusterd)"


@pytest.fixture
def stubs(tmp_path):
    return StandIns(tmp_path)


def role(name, tasks):
    return [
        {"name": "Run it", "ansible.builtin.include_role": {"name": f"brickwork.gluster.{name}", "tasks_from": tasks}}
    ]


@pytest.mark.parametrize(("sick", "restarted"), [("b", ["a", "b"]), ("nobody", ["a", "b", "c"])])
def test_a_rolling_restart_stops_at_the_first_node_that_is_not_well(stubs, sick, restarted):
    """As seen: healing ran out of its time on one node, and the next ones were restarted all the same."""
    stubs.module(
        "gluster_daemon",
        "dict(changed=True, restart_needed=not arguments.get('restart', True), old_certificates=[], "
        f"failed=arguments.get('restart', True) and host == {sick!r}, msg='not healed')",
    )
    said, code = stubs.play(role("gluster_server", "configure"), gluster_server_firewall=False)
    calls = stubs.calls("gluster_daemon")
    assert [host for host, arguments in calls if arguments.get("restart", True)] == restarted, said
    assert (code != 0) == (sick == "b")


VOLUMES = [{"name": name, "state": "started", "type": "distribute", "bricks": [f"a:/b/{name}"]} for name in "xyz"]


BOOT = pathlib.Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def observed(answer="True", members=0):
    peers = [to_facts(Peer(f"u{number}", (f"n{number}",), True, 3, "")) for number in range(members)]
    return (
        f"dict(changed=False, running={answer}, stopped_because='' if {answer} else {KILLED!r}, volumes=[], bricks=[], "
        f"pool=dict(peers={peers!r}, own_names=[]))"
    )


VARIABLES = {"gluster_volumes_list": VOLUMES, "gluster_volumes_node": "a", "gluster_volumes_root": "/srv/gluster"}


def states(call):
    return [(volume["name"], volume.get("state")) for volume in call]


@pytest.mark.parametrize("at", ["present", "started"])
def test_each_volume_that_failed_is_named_with_the_nodes_without_glusterd_and_nothing_is_done_after_it(stubs, at):
    """As seen: the kernel ended glusterd on two nodes, and ten more volumes were tried."""
    stubs.module("gluster_info", observed("host != 'b'"))
    told = "dict(failed=True, msg='y: bring them back first\\nz: no', members_away=['10.0.0.2'])"
    stubs.module("gluster_volume", f"{told} if arguments['volumes'][0]['state'] == {at!r} else dict(changed=True)")
    said, code = stubs.play(role("gluster_volumes", "main"), **VARIABLES)
    assert len(stubs.calls("gluster_volume")) == (1 if at == "present" else 2), said
    assert code != 0 and "b: glusterd does not run; " + KILLED in said
    assert "y: bring them back first" in said and "z: no" in said


def test_all_volumes_are_made_by_one_call_and_started_by_another_with_a_sync_between(stubs):
    stubs.module("gluster_info", observed())
    stubs.module("gluster_volume", "dict(changed=True)")
    volumes = [dict(volume, options={"a.b": "c"}, rebalance=True) for volume in VOLUMES[:2]]
    volumes.append({name: value for name, value in VOLUMES[2].items() if name != "state"})
    said, code = stubs.play(role("gluster_volumes", "main"), **dict(VARIABLES, gluster_volumes_list=volumes))
    assert code == 0, said
    created, started = (arguments["volumes"] for _host, arguments in stubs.calls("gluster_volume"))
    assert [name for name, _state in states(created)] == [name for name, _state in states(started)] == list("xyz")
    assert {state for _name, state in states(created)} == {"present"}
    assert {state for _name, state in states(started)} == {"started"}
    # Options are for the second call: before a first start they make all members write the files of the volume.
    assert [volume["options"] for volume in created] == [{}] * 3 and not any(volume["rebalance"] for volume in created)
    assert started[0]["options"] == {"a.b": "c"} and started[0]["rebalance"]
    titles = ["Create the volumes that", "Write them to the disks", "Start, grow and tune"]
    assert sorted(titles, key=said.index) == titles


@pytest.mark.parametrize(
    ("boot", "members", "stored"),
    [(BOOT, 3, True), ("another boot", 3, False), (BOOT, 4, False), (None, 3, False)],
    ids=["no boot", "a boot", "a member that is not in the play", "no look"],
)
def test_the_files_of_a_new_volume_are_stored_where_no_member_booted_since_the_look(stubs, boot, members, stored):
    stubs.module("gluster_info", observed(members=members))
    stubs.module("gluster_volume", "dict(changed=True)")
    look = {} if boot is None else {"gluster_server_seen": {"node": {"boot": boot}}}
    note = [{"name": "Note the look", "ansible.builtin.set_fact": look or {"nothing": True}}]
    said, code = stubs.play(note + role("gluster_volumes", "main"), **VARIABLES)
    assert code == 0, said
    created, started = (arguments["volumes"] for _host, arguments in stubs.calls("gluster_volume"))
    assert [volume.get("stored_everywhere") for volume in started] == [stored] * 3
    assert not any(volume.get("stored_everywhere") for volume in created)


def test_a_second_use_of_the_role_does_all_again(stubs):
    stubs.module("gluster_info", observed())
    stubs.module("gluster_volume", "dict(changed=True)")
    again = [dict(role("gluster_volumes", "main")[0], vars={"gluster_volumes_list": VOLUMES})]
    said, code = stubs.play(role("gluster_volumes", "main") + again, **dict(VARIABLES, gluster_volumes_list=[]))
    assert code == 0 and len(stubs.calls("gluster_volume")) == 2, said
