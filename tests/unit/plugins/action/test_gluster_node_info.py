# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The look costs one call, and more only where the module can't run."""

import pathlib
from unittest import mock

import pytest
from ansible.parsing.dataloader import DataLoader

from ansible_collections.brickwork.gluster.plugins.action.gluster_node_info import ActionModule

WORDS = {"python": "3.11.2 /usr/bin/python3", "gluster": "10.3", "clock": "100 103"}
SEEN = {"looked": True, "said": WORDS, "changed": False, "files": {}}
NO_PYTHON = {"failed": True, "msg": "MODULE FAILURE", "module_stdout": "sh: 1: /usr/bin/python3: not found", "rc": 127}
INSTALLED = "brickwork missing apt-get\nbrickwork python 3.9.2 /usr/bin/python3.9\nbrickwork installed apt-get\n"


def run(*answers, script=None, check_mode=False, interpreter=None, state="active", named=None, **args):
    """Return the answer, the interpreters that the module was given, and what the node was asked by a script."""
    task = mock.Mock(args=args, async_val=0, environment=None, delay=0, check_mode=check_mode)
    templar = mock.Mock(template=lambda text: text)
    action = ActionModule(task, mock.Mock(), mock.Mock(check_mode=check_mode), DataLoader(), templar, None)
    variables = {"inventory_hostname": "n1", "gluster_state": state, **(named or {})}
    if interpreter:
        variables["ansible_python_interpreter"] = interpreter
    said = dict({"stdout": "", "stderr": "", "rc": 0}, **(script or {}))
    with (
        mock.patch.object(action, "_execute_module", side_effect=[dict(answer) for answer in answers]) as module,
        mock.patch.object(action, "_low_level_execute_command", return_value=said) as command,
    ):
        answer = action.run(None, variables)
    run.arguments = [call.kwargs["module_args"] for call in module.call_args_list]
    used = [call.kwargs["task_vars"]["ansible_python_interpreter"] for call in module.call_args_list]
    return answer, used, [call.args[0] for call in command.call_args_list]


@pytest.mark.parametrize(
    ("named", "used"),
    [(None, "/usr/bin/python3"), ("auto_silent", "/usr/bin/python3"), ("/opt/python", "/opt/python")],
)
def test_one_call_tells_all(named, used):
    answer, interpreters, asked = run(SEEN, interpreter=named)
    assert (interpreters, asked) == ([used], [])
    assert answer["node"]["gluster"] == "10.3" and answer["node"]["clock_offset"] == 3
    assert "failed" not in answer and not {"said", "looked"} & set(answer)


@pytest.mark.parametrize(
    "first", [NO_PYTHON, {"failed": True, "msg": "ansible-core requires a minimum of Python version"}]
)
def test_where_the_module_can_not_run_the_node_is_asked_by_a_script(first):
    answer, interpreters, [asked] = run(first, SEEN, script={"stdout": INSTALLED}, python_install=True)
    assert interpreters == ["/usr/bin/python3", "/usr/bin/python3.9"]
    assert asked.startswith("set -- install '' '' ") and "find_python" in asked
    assert answer["node"]["installed_by"] == "apt-get" and answer["changed"] and "failed" not in answer


def test_a_node_that_is_lost_is_not_contacted():
    answer, interpreters, asked = run(SEEN, state="lost")
    assert answer == {"lost": True, "changed": False} and (interpreters, asked) == ([], [])


def test_what_is_to_become_of_a_disk_is_not_for_the_node():
    disks = ["/dev/sdb", {"path": "/dev/sdc", "state": "retired", "overwrite": True}]
    run(SEEN, bricks={"devices": disks, "root": "/srv"})
    [given] = run.arguments
    assert given["bricks"] == {"devices": ["/dev/sdb", {"path": "/dev/sdc", "overwrite": True}], "root": "/srv"}


def test_the_variables_of_the_role_are_templated_and_tell_what_is_asked():
    named = {
        "groups": {"gluster_servers": ["n1"]},
        "gluster_devices": ["/dev/sdb"],
        "gluster_server_look_plans": False,
        "gluster_server_python_install": True,
    }
    _answer, _used, [asked] = run(NO_PYTHON, SEEN, script={"stdout": INSTALLED}, named=named, from_role=True)
    assert asked.startswith("set -- install ")
    for given in run.arguments:
        assert given["bricks"]["devices"] == ["/dev/sdb"] and "from_role" not in given and "packages" not in given


def test_check_mode_installs_nothing():
    answer, _used, [asked] = run(
        NO_PYTHON, script={"stdout": "brickwork missing apt-get\n"}, python_install=True, check_mode=True
    )
    assert asked.startswith("set -- look ")
    assert answer["failed"] and answer["msg"].startswith("n1 has no python3, and without it nothing more")


def test_an_error_of_the_look_itself_is_told_as_it_is():
    refused = {"failed": True, "msg": "devices: found x", "looked": True}
    answer, used, asked = run(refused)
    assert answer["failed"] and answer["msg"] == "devices: found x" and asked == [] and len(used) == 1


def test_a_full_file_system_is_refused():
    full = dict(SEEN, said=dict(WORDS, **{"space:/var": "0 100000 4096 1"}))
    answer, _used, _asked = run(full)
    assert answer["failed"] and answer["msg"].startswith("n1 has no room left on /var")


def test_the_interpreter_that_was_found_spares_ansible_its_own_search():
    answer, _used, _asked = run(SEEN)
    assert answer["ansible_facts"] == {"discovered_interpreter_python": "/usr/bin/python3"}
    assert "ansible_facts" not in run(SEEN, interpreter="/opt/python")[0]


def test_texts_of_certificates_come_from_the_controller(tmp_path):
    paths = {name: str(tmp_path / name) for name in ("authority", "certificate", "private_key")}
    for name, path in paths.items():
        pathlib.Path(path).write_text("the " + name)
    answer, _used, _asked = run(SEEN, tls={"name": "n1", "renew_days": 90, "files": paths})
    texts = {name: "the " + name for name in paths}
    assert run.arguments[0]["tls"] == {"name": "n1", "renew_days": 90, **texts} and "failed" not in answer
    pathlib.Path(paths["private_key"]).unlink()
    answer, used, _asked = run(tls={"name": "n1", "files": paths})
    assert answer["failed"] and "gluster_server_tls_private_key; give all three" in answer["msg"] and used == []


def test_a_lost_authority_is_refused_where_a_machine_encrypts(tmp_path):
    files = {"authority": str(tmp_path / "ca.pem"), "signing_key": str(tmp_path / "ca.key")}
    seen = dict(SEEN, certificate={"due": "", "steps": [], "encrypts": True, "refusal": ""})
    answer, _used, _asked = run(seen, tls={"name": "n1", "files": files})
    assert answer["failed"] and "n1 encrypts already" in answer["msg"] and files["signing_key"] in answer["msg"]


def test_the_files_of_a_folder_on_the_controller_are_told_to_the_node(tmp_path):
    (tmp_path / "one-1-1.noarch.rpm").write_text("one")
    with mock.patch.object(ActionModule, "_find_needle", lambda _self, _folder, path: path):
        answer, _used, _asked = run(SEEN, rpm_folder={"path": str(tmp_path), "packages": ["one"]})
        told = run.arguments[0]["rpm_folder"]
        assert [(file["name"], file["size"]) for file in told["brought"]] == [("one-1-1.noarch.rpm", 3)]
        assert "failed" not in answer and told["packages"] == ["one"]
        (tmp_path / "one-1-1.noarch.rpm").unlink()
        answer, used, _asked = run(rpm_folder={"path": str(tmp_path)})
    assert answer["failed"] and "found no file *.rpm in" in answer["msg"] and used == []


@pytest.mark.parametrize("folder", [{"path": "/srv/rpms", "remote_src": True}, {"path": "http://mirror/rpms"}])
def test_a_folder_elsewhere_is_the_nodes_own_affair(folder):
    run(SEEN, rpm_folder=folder)
    assert run.arguments[0]["rpm_folder"] == folder
