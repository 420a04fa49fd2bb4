# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Task files of the role heketi, run by ansible-playbook on this machine against the fake."""

import json
import os
import pathlib
import subprocess
import sys

import pytest
import yaml

from ansible_collections.brickwork.gluster.plugins.module_utils.facts import to_facts
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.records import LogicalVolume, ObservedHost
from ansible_collections.brickwork.gluster.tests.fakes.heketi import pending, program
from ansible_collections.brickwork.gluster.tests.fakes.heketi.serve import serving
from ansible_collections.brickwork.gluster.tests.fakes.heketi.service import Heketi as Server
from ansible_collections.brickwork.gluster.tests.fakes.heketi_wire import client_of
from ansible_collections.brickwork.gluster.tests.fakes.programs import program_folder

TOOL = pathlib.Path(sys.executable).with_name("ansible-playbook")
OLD_KEY = "s3cr3t-that-heketi-runs-with"


@pytest.fixture
def run(tmp_path):
    """Return a function that runs a task file of the role; programs of the test's own come first."""
    programs = tmp_path / "programs"
    put = program_folder(programs)

    def run_tasks(name, hosts=None, **variables):
        task = {"name": "Run", "ansible.builtin.include_role": {"name": "brickwork.gluster.heketi", "tasks_from": name}}
        play = [{"hosts": "heketi", "gather_facts": False, "tasks": [task]}]
        (tmp_path / "play.yml").write_text(yaml.safe_dump(play))
        local = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
        groups = {"heketi": {"hosts": {"h1": {}}, "vars": local}, "gluster_servers": {"hosts": hosts or {}}}
        (tmp_path / "hosts.yml").write_text(yaml.safe_dump(groups))
        kept = {key: value for key, value in os.environ.items() if not key.startswith("ANSIBLE_")}
        path = "%s:%s" % (programs, os.environ["PATH"])
        done = subprocess.run(
            [str(TOOL), "-i", "hosts.yml", "-e", json.dumps(variables), "play.yml"],
            cwd=tmp_path, env=dict(kept, PATH=path, COLUMNS="1000", ANSIBLE_NOCOLOR="1", ANSIBLE_HOME=str(tmp_path)),
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300, check=False,
        )  # fmt: skip
        assert OLD_KEY not in done.stdout
        return done.returncode, " ".join(done.stdout.split())

    run_tasks.put = put
    return run_tasks


NODE = {"user": "heketi-ssh", "port": 22}
LINKS = "\\n".join("%s ok" % link for link in ("sudo", "glusterd", "lvm", "thin_check", "modules"))


@pytest.mark.parametrize(("second", "code"), [(LINKS, 0), ("", 2)])
def test_a_session_that_says_nothing_and_ends_well_is_tried_again(run, tmp_path, second, code):
    """As seen on a busy machine: ssh ended with 0, and nothing of what the node had said had come."""
    tried = tmp_path / "tried"
    run.put("runuser", f"echo x >> {tried}\n[ $(wc -l < {tried}) -lt 2 ] || printf '{second}\\n'\n")
    ended, said = run("try_way", heketi_node_desired=NODE, gluster_address="10.0.0.1")
    assert ended == code, said
    assert len(tried.read_text().split()) == (2 if second else 3)
    assert ("before anything was looked at: it said nothing" in said) == bool(code)


@pytest.fixture
def busy(run):
    """Yield a server whose process was started with another key than the inventory has by now, and which works."""
    with serving(Server(OLD_KEY)) as server:
        server.operation = pending.begin(server.app, "create-volume", [(3, "0" * 32)])
        environment = dict(os.environ, HEKETI_ADMIN_KEY=OLD_KEY)
        process = subprocess.Popen(["sleep", "600"], env=environment)
        run.put("systemctl", 'echo "MainPID=%s"\n' % process.pid)
        yield server
        process.kill()
        process.wait()


def test_a_restart_waits_until_heketi_works_on_nothing(run, busy):
    """It is asked again and again, and has ended what it is at when it is asked for the third time."""
    answer, asked = busy.app.answer, []

    def ending(method, path, headers, body=b""):
        asked.extend([path] if path == "/operations/pending" else [])
        if len(asked) == 3:
            busy.app.state.operations.clear()
        return answer(method, path, headers, body)

    busy.app.answer = ending
    code, said = run("idle", heketi_url=busy.url, heketi_topology_timeout=60, heketi_admin_key="the-new-key")
    assert code == 0 and len(asked) == 3 and said.count("FAILED - RETRYING") == 2, said


def test_what_does_not_end_is_not_cut_off(run, busy):
    code, said = run("idle", heketi_url=busy.url, heketi_topology_timeout=2, heketi_admin_key="the-new-key")
    assert code == 2 and "found it still at work after 2 s: create-volume; run again when that has ended" in said, said


def test_what_was_cut_off_before_is_no_work(run, busy):
    pending.make_stale(busy.app.state)
    code, said = run("idle", heketi_url=busy.url, heketi_topology_timeout=2)
    assert code == 0 and "RETRYING" not in said, said


def test_a_heketi_that_does_not_run_or_answer_is_not_waited_for(run, busy):
    url = busy.url
    busy.shutdown()
    busy.server_close()
    code, said = run("idle", heketi_url=url, heketi_topology_timeout=600)
    assert code == 0 and "RETRYING" not in said, said
    run.put("systemctl", "echo MainPID=0\n")
    assert run("idle", heketi_url=url, heketi_topology_timeout=600)[0] == 0


def test_the_plan_names_bricks_that_are_away(run):
    """It said "nothing to do" while a brick was offline."""
    group, name = "vg_" + "0a" * 16, "brick_" + "1b" * 16
    path = "/var/lib/heketi/mounts/%s/%s/brick" % (group, name)
    observed = ObservedHost(
        "n1", "", {}, logicals=(LogicalVolume(name, group, 1 << 30),), used_paths={path: "v"}
    )  # fmt: skip
    seen = {"gluster_server_seen": {"disks": {"observed": to_facts(observed)}}}
    # Before ansible-core 2.19, a template reads all that it names, also what it does not come to.
    hosts = {"n1": {**seen, "gluster_address": "10.0.0.1"}, "n2": {"gluster_address": "10.0.0.2"}}
    host = {"heketi_server_plan": {"steps": [], "is_asked": False}, "heketi_topology_load": False}
    code, said = run("plan", hosts, **host)
    away = "n1: heketi's brick %s of volume v is not mounted and has no line in /etc/fstab; run playbooks/heketi.yml"
    assert code == 0 and away % name in said, said
    code, said = run("plan", hosts, heketi_options={"fstab": "/etc/fstab.heketi"}, **host)
    assert code == 0 and "is not mounted; run playbooks/heketi.yml" in said


@pytest.fixture
def restore(run, tmp_path):
    """Return a function that looks at GlusterFS before a copy is restored that has the volumes a and b."""
    run.put("runuser", 'shift 3\nexec "$@"\n')
    app = program.Program(tmp_path / "copy.db", duration=0)
    client = client_of(app)
    cluster = client.change("POST", "/clusters", {"file": True, "block": True})["id"]
    names = {"manage": ["n1"], "storage": ["10.0.0.1"]}
    node = client.change("POST", "/nodes", {"cluster": cluster, "zone": 1, "hostnames": names})["id"]
    client.change("POST", "/devices", {"node": node, "name": "/dev/sdb"})
    for name in ("a", "b"):
        client.change("POST", "/volumes", {"size": 1, "name": name})
    run.put("heketi", 'exec %s -c "from %s import main; main()" "$@"\n' % (sys.executable, program.__name__))

    def look(*present, own=(), running=True, **more):
        seen = {"running": running, "volumes": [{"name": name} for name in present]}
        facts = {"heketi_restore_seen": seen, "gluster_volumes": [{"name": name} for name in own]}
        given = {"heketi_restore_from": str(tmp_path / "copy.db"), "heketi_program": "heketi"}
        return run("restore_look", {"n1": {"heketi_restore_seen": {}}, "n2": facts}, **dict(given, **more))

    return look


def test_volumes_that_a_restore_forgets_stop_it_until_each_is_named(restore):
    """heketi would delete one of them with its files when it is asked for a volume of that name."""
    code, said = restore("a", "b", "late", "later", "shared", own=["shared"])
    assert code == 2 and "found volumes in GlusterFS that it lacks: late, later. heketi will not know them" in said, (
        said
    )
    code, said = restore("a", "b", "late", "later", heketi_restore_unknown_volumes=["late"])
    assert code == 2 and "that it lacks: later. heketi" in said
    code, said = restore("a", "b", "late", "later", heketi_restore_unknown_volumes=["later", "late"])
    assert code == 0, said


def test_volumes_that_are_in_the_copy_only_are_told(restore):
    code, said = restore("a")
    assert code == 0 and "gone from GlusterFS; delete them (heketi_volume): b" in said, said


def test_a_restore_is_refused_where_nobody_can_look_at_glusterfs(restore):
    code, said = restore(running=False)
    assert code == 2 and "found none of n1, n2 where glusterd answers" in said, said


def test_a_copy_that_this_heketi_can_not_read_is_refused(restore, tmp_path):
    (tmp_path / "other.db").write_bytes(bytes(64))
    code, said = restore("a", "b", heketi_restore_from=str(tmp_path / "other.db"))
    assert code == 2 and "found that heketi can't read it (Unable to open database" in said, said
