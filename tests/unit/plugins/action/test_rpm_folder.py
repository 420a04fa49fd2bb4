# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Only what the node lacks is copied from the controller, and nothing of it stays where it was copied to."""

import pathlib
import shutil
from unittest import mock

import pytest
from ansible.errors import AnsibleActionFail, AnsibleConnectionFailure, AnsibleFileNotFound

from ansible_collections.brickwork.gluster.plugins.action.rpm_folder import ActionModule
from ansible_collections.brickwork.gluster.plugins.module_utils.rpm.sources import BroughtFolder

ONE = "one-1-1.noarch.rpm"
TWO = "two-1-1.noarch.rpm"


class Action(ActionModule):
    """The action, and a node whose module keeps the files in a folder of this machine."""

    def __init__(self, node, **args):
        connection = mock.Mock()
        connection._shell.tmpdir = None
        connection._shell.join_path = lambda *parts: "/".join(parts)
        super().__init__(mock.Mock(args=args, async_val=0, environment=None), connection, None, None, None, None)
        self._staging, self._temporary = node / "staging", node / "temporary"
        self._staging.mkdir(exist_ok=True)
        self.calls, self.transferred = [], []
        self.broken = False

    # What Ansible does for an action

    def _find_needle(self, dirname, needle):
        if not pathlib.Path(needle).is_dir():
            raise AnsibleFileNotFound(file_name=needle)
        return needle

    def _make_tmp_path(self, remote_user=None):
        self._temporary.mkdir()
        self._connection._shell.tmpdir = str(self._temporary)

    def _remove_tmp_path(self, tmp_path, force=False):
        shutil.rmtree(tmp_path)

    def _fixup_perms2(self, remote_paths, remote_user=None, execute=True):
        assert all(pathlib.Path(path).exists() for path in remote_paths)

    def _transfer_file(self, local_path, remote_path):
        if self.broken:
            raise AnsibleConnectionFailure("the node went away")
        self.transferred.append(pathlib.Path(remote_path).name)
        return shutil.copy(local_path, remote_path)

    # What the module does

    def _execute_module(self, module_name=None, module_args=None, task_vars=None, **more):
        self.calls.append(module_args)
        if not module_args.get("brought"):
            return {"changed": False}
        source = BroughtFolder(module_args["brought"], str(self._staging))
        missing = source.missing()
        if missing:
            return {"changed": False, "missing": missing}
        due = [file for file in source.files() if file.path != file.place]
        for file in due:
            shutil.move(file.path, file.place)
        return {"changed": bool(due), "missing": []}


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "folder"
    place.mkdir()
    for name in (ONE, TWO):
        (place / name).write_text(f"content of {name}")
    (place / "README").write_text("no package")
    return place


@pytest.fixture
def node(tmp_path):
    place = tmp_path / "node"
    place.mkdir()
    return place


def run(action):
    """Run the action; whatever comes of it, nothing stays in its temporary folder."""
    try:
        return action.run(task_vars={})
    finally:
        assert not action._temporary.exists()


def test_a_bare_node_gets_all_and_the_next_run_copies_nothing(node, folder):
    first = Action(node, path=str(folder), packages=["one"])
    assert run(first)["changed"]
    assert sorted(first.transferred) == [ONE, TWO]
    assert [call["packages"] for call in first.calls] == [["one"], ["one"]]
    assert sorted(path.name for path in (node / "staging").iterdir()) == [ONE, TWO]
    second = Action(node, path=str(folder))
    assert not run(second)["changed"]
    assert (second.transferred, len(second.calls)) == ([], 1)


def test_only_the_file_whose_content_differs_is_copied(node, folder):
    run(Action(node, path=str(folder)))
    (folder / TWO).write_text(f"CONTENT OF {TWO}")
    action = Action(node, path=str(folder))
    assert run(action)["changed"]
    assert action.transferred == [TWO]
    assert (node / "staging" / TWO).read_text() == f"CONTENT OF {TWO}"


@pytest.mark.parametrize(
    "args", [{"path": "/srv/on/node", "remote_src": "yes"}, {"path": "https://mirror.example.com/rpms/"}, {}]
)
def test_what_is_not_on_the_controller_is_the_modules_alone(node, args):
    """Without a path it is the module that says what is missing."""
    action = Action(node, **args)
    run(action)
    assert action.calls == [args]


def test_a_node_without_space_is_not_sent_anything(node, folder):
    action = Action(node, path=str(folder))
    action._execute_module = lambda **_more: {"failed": True, "msg": "only 1 MiB is free", "missing": [ONE]}
    assert run(action)["failed"]
    assert action.transferred == []


def test_a_copy_that_fails_leaves_nothing(node, folder):
    action = Action(node, path=str(folder))
    action.broken = True
    with pytest.raises(AnsibleConnectionFailure):
        run(action)
    assert list((node / "staging").iterdir()) == []


@pytest.mark.parametrize(
    ("path", "words"),
    [("/nowhere", "path: there is no folder /nowhere on the controller"), ("empty", "no file .*rpm in .*controller")],
)
def test_no_folder_and_an_empty_one(node, tmp_path, path, words):
    (tmp_path / "empty").mkdir()
    action = Action(node, path=str(tmp_path / path))
    with pytest.raises(AnsibleActionFail, match=words):
        run(action)
    assert action.calls == []
