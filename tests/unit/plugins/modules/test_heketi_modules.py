# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The heketi modules as Ansible runs them, against the fake on a socket; and their secrets in nothing they leave."""

import importlib
import json
import os
import pathlib

import pytest
from ansible.module_utils import basic

from ansible_collections.brickwork.gluster.plugins.module_utils.heketi import client
from ansible_collections.brickwork.gluster.tests.fakes.heketi import pending
from ansible_collections.brickwork.gluster.tests.fakes.heketi.serve import serving
from ansible_collections.brickwork.gluster.tests.fakes.heketi.service import Heketi as Server

KEY = "s3cr3t-of-admin"
MODULES = "ansible_collections.brickwork.gluster.plugins.modules."
ENGINE = pathlib.Path(__file__).resolve().parents[4] / "plugins" / "module_utils" / "heketi"
NODES = [
    {
        "manage": ["n%s" % number],
        "storage": ["10.0.0.%s" % number],
        "zone": number,
        "devices": [{"name": "/dev/sdb", "destroydata": True}],
    }
    for number in (1, 2, 3)
]


@pytest.fixture
def server():
    with serving(Server(KEY, duration=0.01, block_hosting_size=100)) as serving_one:
        yield serving_one


@pytest.fixture
def left(monkeypatch, capsys):
    """Return a function that runs a module and returns its answer; all that it leaves is in the list left.traces."""
    run = _Runner(monkeypatch, capsys)
    monkeypatch.setattr(basic.AnsibleModule, "log", lambda _self, text, log_args=None: run.log(text, log_args))
    # Where they go depends on whether Ansible's controller is in the same process, as it is in a run of all tests.
    monkeypatch.setattr(basic.AnsibleModule, "warn", lambda _self, text: run.warnings.append(text))
    monkeypatch.setattr(client, "FIRST_PAUSE", 0.02)
    # They need no root.
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    return run


class _Runner:
    def __init__(self, monkeypatch, capsys):
        self._monkeypatch = monkeypatch
        self._capsys = capsys
        self.traces = []
        self.warnings = []

    def log(self, text, arguments):
        self.traces.append("%s %s" % (text, arguments))

    def __call__(self, module, check=False, **arguments):
        given = dict(arguments, _ansible_check_mode=check, _ansible_diff=True, _ansible_verbosity=4)
        self._monkeypatch.setattr(basic, "_ANSIBLE_ARGS", json.dumps({"ANSIBLE_MODULE_ARGS": given}).encode())
        self._monkeypatch.setattr(basic, "_ANSIBLE_PROFILE", "legacy", raising=False)
        with pytest.raises(SystemExit):
            importlib.import_module(MODULES + module).main()
        written = self._capsys.readouterr()
        self.traces += [written.out, written.err]
        return json.loads(written.out.strip().splitlines()[-1])


def test_from_nothing_to_a_volume_and_back(server, left):
    login = {"url": server.url, "key": KEY}
    desired = [{"nodes": NODES}]
    planned = left("heketi_topology", check=True, clusters=desired, **login)
    assert planned["changed"] and not server.app.state.clusters
    done = left("heketi_topology", clusters=desired, **login)
    assert done["steps"] == planned["steps"] and done["diff"] == planned["diff"] and len(done["steps"]) == 7
    assert [step["destroys"] for step in done["steps"]] == [False] * 4 + [True] * 3
    assert not left("heketi_topology", clusters=desired, **login)["changed"]
    made = left("heketi_volume", name="v", size="10GiB", **login)
    assert made["changed"] and made["volume"]["mount"].endswith(":v")
    assert left("heketi_volume", name="v", size="12GiB", **login)["volume"]["size"] == 12
    assert not left("heketi_volume", name="v", size="12GiB", **login)["changed"]
    info = left("heketi_info", **login)
    assert [volume["size"] for volume in info["volumes"]] == [12]
    assert left("heketi_volume", name="v", state="absent", **login)["changed"]
    gone = left("heketi_topology", clusters=[{"nodes": NODES, "state": "absent"}], **login)
    assert gone["changed"] and not server.app.state.clusters


def test_a_block_volume(server, left):
    """Its password is told to those who ask for it, and to nobody else."""
    login = {"url": server.url, "key": KEY}
    left("heketi_topology", clusters=[{"nodes": NODES}], **login)
    desired = dict(login, name="b", size="10GiB", auth=True)
    assert left("heketi_block_volume", check=True, **desired)["changed"] and not server.app.state.blockvolumes
    made = left("heketi_block_volume", **desired)
    assert made["changed"] and made["volume"]["username"] and "password" not in made["volume"]
    assert left("heketi_block_volume", show_password=True, **desired)["volume"]["password"] == "secret"
    assert not left("heketi_block_volume", **desired)["changed"]
    [told] = left("heketi_info", **login)["block_volumes"]
    assert told == made["volume"]
    assert left("heketi_block_volume", **dict(desired, state="absent"))["changed"] and not server.app.state.blockvolumes


def test_pending_operations_are_warned_of(server, left):
    held = pending.begin(server.app, "clone-volume", [(9, "0" * 32)])
    pending.make_stale(server.app.state)
    answer = left("heketi_topology", url=server.url, key=KEY, clusters=[{"nodes": NODES}])
    assert answer["pending_operations"][0]["id"] == held.id
    assert left.warnings == ["pending operation: clone-volume %s (stale)" % held.id]


def test_what_was_cut_off_is_cleaned_up(server, left):
    login = {"url": server.url, "key": KEY}
    left("heketi_topology", clusters=[{"nodes": NODES}], **login)
    server.app.faults.add("volume_create", "no")
    server.app.faults.add("rollback", "no")
    assert left("heketi_volume", name="v", size="10GiB", **login)["failed"]
    planned = left("heketi_cleanup", check=True, **login)
    assert planned["changed"] and len(server.app.state.operations) == 1
    done = left("heketi_cleanup", **login)
    assert done["steps"] == planned["steps"] and done["pending_operations"] == []
    assert not left("heketi_cleanup", **login)["changed"]


def test_a_failure_tells_what_was_done(server, left):
    server.app.faults.add("device_setup", "Setup of device /dev/sdb failed (already initialized or contains data?)")
    answer = left("heketi_topology", url=server.url, key=KEY, clusters=[{"nodes": NODES}])
    assert answer["failed"] and "destroydata: true" in answer["msg"]
    assert len(answer["steps_done"]) == 4 and answer["failed_step"]["target"] == "n1 /dev/sdb"


def test_no_key_and_no_token_is_left_anywhere(server, left):
    login = {"url": server.url, "key": KEY}
    left("heketi_topology", clusters=[{"nodes": NODES}], **login)
    left("heketi_volume", name="v", size="10GiB", **login)
    left("heketi_info", **login)
    wrong = left("heketi_info", url=server.url, key=KEY + "x")
    assert "signature is invalid" in wrong["msg"]
    assert "no user was given" in left("heketi_info", url=server.url, key=KEY, user="")["msg"]
    server.shutdown()
    server.server_close()
    assert "nothing listens there" in left("heketi_info", **login)["msg"]
    assert len(left.traces) >= 18 and any("Invoked with" in trace for trace in left.traces)
    for trace in left.traces:
        assert KEY not in trace
        # A token begins with {"alg in base64.
        assert "eyJ" not in trace and "bearer" not in trace.lower()


def test_the_engine_itself_keeps_them_too(server, left, monkeypatch):
    """Ansible blanks what is marked no_log; here nothing is blanked, and still the answers are clean."""
    monkeypatch.setattr(basic, "remove_values", lambda value, _secrets: value)
    answers = [
        left("heketi_topology", url=server.url, key=KEY, clusters=[{"nodes": NODES}]),
        left("heketi_volume", url=server.url, key=KEY, name="v", size="10000GiB"),
        left("heketi_info", url=server.url, key=KEY),
        left("heketi_info", url=server.url, key=KEY + "x"),
        left("heketi_info", url=server.url + "/no", key=KEY),
    ]
    for answer in answers:
        # The parameters as they were given, which ansible-core 2.21 leaves out.
        answer.pop("invocation", None)
        assert KEY not in json.dumps(answer) and "eyJ" not in json.dumps(answer)


def test_the_engine_runs_no_commands():
    sources = [path.read_text() for path in ENGINE.glob("*.py")]
    assert len(sources) > 10
    assert not any("subprocess" in source or "module_utils.command" in source for source in sources)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({}, "one of the following is required: clusters, topology"),
        ({"clusters": [], "topology": {}}, "parameters are mutually exclusive: clusters|topology"),
        ({"clusters": [{"nodes": [dict(NODES[0], zone=0)]}]}, "n1: zone: heketi wants a number from 1"),
    ],
)
def test_a_wrong_input_is_one_clear_error(left, arguments, told):
    answer = left("heketi_topology", url="http://127.0.0.1:1", key=KEY, **arguments)
    assert answer["failed"] and told in answer["msg"]
