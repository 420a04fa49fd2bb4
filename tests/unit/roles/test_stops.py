# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a run stops: at the first node that does not get well, at the first volume that can't be made.

The roles are run by ansible-playbook, with small programs in the place of the collection's modules.
"""

import json
import os
import pathlib
import subprocess
import sys

import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[3]
TOOL = pathlib.Path(sys.executable).with_name("ansible-playbook")
KILLED = "the kernel ended it: Out of memory: Killed process 812 (glusterd)"
STUB = """#!{python}
# WANT_JSON
import json, os, sys
arguments = json.load(open(sys.argv[1]))
host = os.environ["STUB_HOST"]
with open({log!r}, "a") as log:
    log.write(json.dumps([{name!r}, host, arguments.get("name", ""), arguments.get("restart", True)]) + "\\n")
print(json.dumps({answer}))
"""


class Stubs:
    """The collection with its modules replaced, each by what Python makes of an expression over host and arguments."""

    def __init__(self, folder):
        self._folder = folder
        self._log = folder / "log"
        self._collection = folder / "ansible_collections/brickwork/gluster"
        (self._collection / "plugins/modules").mkdir(parents=True)
        for name in ("roles", "meta", "galaxy.yml"):
            (self._collection / name).symlink_to(ROOT / name)
        for plugins in (ROOT / "plugins").iterdir():
            if plugins.name not in ("modules", "action"):
                (self._collection / "plugins" / plugins.name).symlink_to(plugins)
        for name in (path.stem for path in (ROOT / "plugins/modules").glob("*.py")):
            self.module(name, "dict(failed=True, msg='no stand-in for this module')")

    def module(self, name, answer):
        text = STUB.format(python=sys.executable, log=str(self._log), name=name, answer=answer)
        (self._collection / f"plugins/modules/{name}.py").write_text(text)

    def play(self, tasks, **variables):
        """Run tasks on the hosts a, b and c, which are this machine; return what was said, and the exit code."""
        hosts = {name: {"ansible_connection": "local", "ansible_python_interpreter": sys.executable} for name in "abc"}
        play = {
            "hosts": "all", "gather_facts": False, "vars": variables, "tasks": tasks,
            "environment": {"STUB_HOST": "{{ inventory_hostname }}"},
        }  # fmt: skip
        (self._folder / "hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": hosts}}))
        (self._folder / "play.yml").write_text(yaml.safe_dump([play]))
        environment = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")}
        environment.update(ANSIBLE_COLLECTIONS_PATH=str(self._folder), ANSIBLE_NOCOLOR="1")
        done = subprocess.run(
            [str(TOOL), "-i", "hosts.yml", "play.yml"], cwd=self._folder, env=environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=300,
        )  # fmt: skip
        return done.stdout, done.returncode

    def calls(self, module):
        lines = [json.loads(line) for line in self._log.read_text().splitlines()]
        return [call[1:] for call in lines if call[0] == module]


@pytest.fixture
def stubs(tmp_path):
    return Stubs(tmp_path)


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
    assert [host for host, _name, restart in stubs.calls("gluster_daemon") if restart] == restarted, said
    assert (code != 0) == (sick == "b")


def failing(more):
    told = f"dict(failed=True, msg='y: bring them back first', {more})"
    return f"dict(changed=True, **({told} if arguments['name'] == 'y' else {{}}))"


VOLUMES = [{"name": name, "state": "started", "type": "distribute", "bricks": [f"a:/b/{name}"]} for name in "xyz"]


def observed(answer="True"):
    return (
        f"dict(changed=False, running={answer}, stopped_because='' if {answer} else {KILLED!r}, volumes=[], bricks=[], "
        "pool=dict(peers=[], own_names=[]))"
    )


def test_no_volume_is_tried_after_one_that_failed_and_the_nodes_without_glusterd_are_named(stubs):
    """As seen: the kernel ended glusterd on two nodes, and ten more volumes were tried."""
    stubs.module("gluster_info", observed("host != 'b'"))
    stubs.module("gluster_volume", failing("members_away=['10.0.0.2']"))
    variables = {"gluster_volumes_list": VOLUMES, "gluster_volumes_node": "a", "gluster_volumes_root": "/srv/gluster"}
    said, code = stubs.play(role("gluster_volumes", "main"), **variables)
    assert [name for _host, name, _restart in stubs.calls("gluster_volume")] == ["x", "y"], said
    assert code != 0 and "b: glusterd does not run; " + KILLED in said


def test_a_failure_of_one_volume_alone_is_no_reason_to_leave_the_others(stubs):
    stubs.module("gluster_info", observed())
    stubs.module("gluster_volume", failing("members_away=[]"))
    variables = {"gluster_volumes_list": VOLUMES, "gluster_volumes_node": "a", "gluster_volumes_root": "/srv/gluster"}
    said, code = stubs.play(role("gluster_volumes", "main"), **variables)
    assert [name for _host, name, _restart in stubs.calls("gluster_volume")] == ["x", "y", "z"], said
    assert code != 0 and "y: bring them back first" in said


def test_a_second_use_of_the_role_does_all_again(stubs):
    stubs.module("gluster_info", observed())
    stubs.module("gluster_volume", "dict(changed=True)")
    variables = {"gluster_volumes_list": [], "gluster_volumes_node": "a", "gluster_volumes_root": "/srv/gluster"}
    again = [dict(role("gluster_volumes", "main")[0], vars={"gluster_volumes_list": VOLUMES})]
    said, code = stubs.play(role("gluster_volumes", "main") + again, **variables)
    assert code == 0 and len(stubs.calls("gluster_volume")) == 6, said


def test_all_volumes_are_made_where_none_fails(stubs):
    stubs.module("gluster_info", observed())
    stubs.module("gluster_volume", "dict(changed=True)")
    variables = {"gluster_volumes_list": VOLUMES, "gluster_volumes_node": "a", "gluster_volumes_root": "/srv/gluster"}
    said, code = stubs.play(role("gluster_volumes", "main"), **variables)
    assert code == 0, said
    # Created, and then started: what was observed before knows none of them.
    assert [name for _host, name, _restart in stubs.calls("gluster_volume")] == list("xyzxyz")
