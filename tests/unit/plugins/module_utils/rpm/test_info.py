# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the look tells of a folder of packages is what rpm_folder would do, and it brings nothing."""

import json

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import PlanError
from ansible_collections.brickwork.gluster.plugins.module_utils.rpm.folder import FolderOperation
from ansible_collections.brickwork.gluster.plugins.module_utils.rpm.host import MARK, RpmHost
from ansible_collections.brickwork.gluster.plugins.module_utils.rpm.info import folder_steps
from ansible_collections.brickwork.gluster.plugins.module_utils.rpm.plan import DesiredPackages
from ansible_collections.brickwork.gluster.plugins.module_utils.rpm.sources import BroughtFolder, sha256_of
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import converge
from ansible_collections.brickwork.gluster.tests.fakes.rpm_node import FakeNode, make_package

SERVER = make_package("glusterfs-server")
ATTR = make_package("attr", "2.4.46-13.el7")
WANTED = DesiredPackages("/f", ("glusterfs-server", "attr"), whole_set=True)


def operation(node):
    return FolderOperation(RpmHost(node, node), WANTED, node)


def looked(node, source=None):
    """Return what is missing and the steps; nothing may have been changed."""
    before = dict(node.texts)
    answer = folder_steps(RpmHost(node, node).node(), WANTED, source or node, lambda _source: operation(node))
    assert node.changes == [] and node.texts == before
    return answer


def kinds(answer):
    return [step["kind"] for step in answer["steps"]]


def test_a_bare_node_is_told_what_it_gets_and_from_where():
    answer = looked(FakeNode([SERVER, ATTR]))
    [step] = answer["steps"]
    assert answer["missing"] == ["glusterfs-server", "attr"]
    assert step["kind"] == "install" and step["command"] == "from /f"
    assert step["target"] == "attr-2.4.46-13.el7.x86_64, glusterfs-server-7.5-1.el7.x86_64"


def test_nothing_is_due_where_all_is_installed():
    assert looked(FakeNode([SERVER, ATTR], installed=[SERVER, ATTR])) == {"missing": [], "steps": []}


def test_another_version_in_the_folder_is_due_though_no_package_is_missing():
    answer = looked(FakeNode([make_package("glusterfs-server", "7.6-1.el7"), ATTR], installed=[SERVER, ATTR]))
    assert (answer["missing"], kinds(answer)) == ([], ["install"])


def test_a_transaction_that_was_cut_off_is_due():
    node = FakeNode([SERVER, ATTR], installed=[SERVER, ATTR])
    node.texts[MARK] = json.dumps([ATTR.nevra])
    node.damaged = {"glusterfs-server"}
    assert kinds(looked(node)) == ["repair"]
    node.damaged = set()
    assert kinds(looked(node)) == ["clear_mark"]


def test_what_would_be_refused_is_refused_by_the_look():
    node = FakeNode([SERVER, ATTR], installed=[make_package("glusterfs-server", "9.2-1.el7")])
    with pytest.raises(PlanError, match="newer than glusterfs-server-7.5"):
        looked(node)


def listed(folder):
    return [{"name": path.name, "sha256": sha256_of(str(path)), "size": 3} for path in sorted(folder.iterdir())]


def test_files_that_were_not_brought_yet_are_told_by_name_and_version(tmp_path):
    folder, staging = tmp_path / "folder", tmp_path / "staging"
    folder.mkdir()
    for package in (SERVER, ATTR):
        (folder / package.file).write_text("rpm")
    source = BroughtFolder(listed(folder), str(staging))
    answer = looked(FakeNode([], installed=[ATTR]), source)
    assert [(step["kind"], step["target"]) for step in answer["steps"]] == [
        ("install", "glusterfs-server 7.5"),
        ("stage", "2 of its files"),
    ]
    assert answer["missing"] == ["glusterfs-server"]
    assert kinds(looked(FakeNode([], installed=[ATTR, SERVER]), source)) == ["stage"]
    folder.rename(staging)
    brought = BroughtFolder(listed(staging), str(staging))
    assert looked(FakeNode([SERVER, ATTR], installed=[SERVER, ATTR]), brought)["steps"] == []


def test_after_a_run_nothing_is_left():
    node = FakeNode([SERVER, ATTR])
    converge(operation(node))
    node.calls.clear()
    assert looked(node)["steps"] == []
