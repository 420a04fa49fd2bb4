# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A folder becomes one transaction, and what stands in the way is told at once, before anything is changed."""

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import PlanError
from ansible_collections.brickwork.gluster.plugins.module_utils.rpm.folder import FolderOperation
from ansible_collections.brickwork.gluster.plugins.module_utils.rpm.host import KEPT, MARK, RpmHost
from ansible_collections.brickwork.gluster.plugins.module_utils.rpm.plan import DesiredPackages
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import converge
from ansible_collections.brickwork.gluster.tests.fakes.rpm_node import FakeNode, PowerCut, make_package

SERVER = ("glusterfs-server", "attr", "psmisc", "rpcbind")
CLIENT = ("glusterfs-fuse", "attr", "psmisc")
RCU = "liburcu-bp.so.6()(64bit)"
SET = [
    make_package("glusterfs-libs"),
    make_package("glusterfs", requires=["=glusterfs-libs", RCU]),
    make_package("glusterfs-client-xlators"),
    make_package("glusterfs-api", requires=["=glusterfs", "=glusterfs-client-xlators"]),
    make_package("glusterfs-api-devel", requires=["=glusterfs", "=glusterfs-devel", "libacl-devel"]),
    make_package("glusterfs-cli", requires=["=glusterfs-libs"]),
    make_package("glusterfs-fuse", requires=["attr", "psmisc", "=glusterfs", "=glusterfs-client-xlators"]),
    make_package("glusterfs-server", requires=["=glusterfs-cli", "=glusterfs-fuse", "=glusterfs-api", "rpcbind"]),
    make_package("psmisc", "22.20-15.el7"),
    make_package("userspace-rcu", "0.10.0-3.el7", provides=[RCU]),
    make_package("userspace-rcu", "0.7.16-1.el7", provides=["liburcu-bp.so.1()(64bit)"]),
    make_package("cowsay", "3.04-4.el7", arch="noarch"),
]
BASE = [make_package("attr", "2.4.46-13.el7"), make_package("rpcbind", "0.2.0-49.el7")]
EL = 'ID="%s"\nVERSION_ID="%s"\n'


def without(name):
    return [package for package in SET if package.name != name]


def operation(node, packages=SERVER, **more):
    desired = {key: more.pop(key) for key in ("whole_set", "allow_downgrade") if key in more}
    return FolderOperation(RpmHost(node, node), DesiredPackages("/f", packages, **desired), node, **more)


def refused(node, **more):
    """Return the error of a desired that can't be had; nothing may have been changed."""
    with pytest.raises(PlanError) as caught:
        converge(operation(node, **more))
    assert node.changes == [] and node.marked() is None
    return str(caught.value)


def test_all_in_one_transaction_and_nothing_the_second_time():
    node = FakeNode(SET + BASE)
    first = converge(operation(node))
    assert [step.kind for step in first.steps] == ["install"]
    assert len(node.changes) == 1 and "--disablerepo=*" in node.changes[0]
    assert node.versions()["userspace-rcu"] == "0.10.0-3.el7"
    assert {name for name in node.versions() if name.startswith("glusterfs")} == {
        package.name for package in SET if package.name.startswith("glusterfs") and "devel" not in package.name
    }
    assert converge(operation(node)).steps == [] and len(node.changes) == 1
    left_out = {each["file"]: each["reason"] for each in first.findings["left_out"]}
    assert left_out == {
        "cowsay-3.04-4.el7.noarch.rpm": "nothing that is wanted needs it",
        "userspace-rcu-0.7.16-1.el7.x86_64.rpm": "userspace-rcu-0.10.0-3.el7.x86_64.rpm is newer",
        "glusterfs-api-devel-7.5-1.el7.x86_64.rpm": "it needs glusterfs-devel(x86-64) = 7.5-1.el7, libacl-devel",
    }


def test_check_mode_tells_the_same_and_changes_nothing():
    node = FakeNode(SET + BASE)
    planned = converge(operation(node), check_mode=True)
    assert node.changes == [] and node.installed == []
    assert planned.describe() == converge(operation(node)).describe()


def test_what_the_folder_lacks_comes_from_the_repositories():
    node = FakeNode(SET, repositories=BASE)
    asked = converge(operation(node))
    assert asked.findings["from_repositories"] == ["attr", "rpcbind"]
    assert {"attr", "rpcbind"} <= set(node.versions()) and "--disablerepo=*" not in node.changes[0]


def test_rpm_alone():
    node = FakeNode(SET + BASE, programs=("rpm",))
    converge(operation(node))
    assert [argv[:2] for argv in node.changes] == [["rpm", "-U"]]
    assert not any({"--nodeps", "--force"} & set(argv) for argv in node.calls)


def test_a_client_gets_what_it_needs_and_no_more():
    node = FakeNode(SET + BASE)
    converge(operation(node, packages=CLIENT, whole_set=False))
    assert sorted(node.versions()) == [
        "attr", "glusterfs", "glusterfs-client-xlators", "glusterfs-fuse", "glusterfs-libs", "psmisc", "userspace-rcu",
    ]  # fmt: skip


def test_a_program_without_a_package_is_enough():
    node = FakeNode([make_package("glusterfs-server")], programs=("rpm", "getfattr", "killall", "rpcbind"))
    assert converge(operation(node)).steps[0].target == "glusterfs-server-7.5-1.el7.x86_64"


def test_a_newer_prerequisite_on_the_node_is_kept():
    node = FakeNode(SET + BASE, installed=[make_package("psmisc", "22.20-17.el7")])
    kept = converge(operation(node))
    assert node.versions()["psmisc"] == "22.20-17.el7"
    reason = "the node has the newer psmisc-22.20-17.el7.x86_64"
    assert {"file": "psmisc-22.20-15.el7.x86_64.rpm", "reason": reason} in kept.findings["left_out"]


@pytest.mark.parametrize("name", sorted({package.name for package in SET if package.name.startswith("glusterfs")}))
def test_a_missing_package_of_the_set_is_named_with_those_that_need_it(name):
    needers = [
        package.nevra
        for package in SET
        if package.name != "glusterfs-api-devel"
        and any(requirement.name == name + "(x86-64)" for requirement in package.requires)
    ]
    node = FakeNode(without(name) + BASE)
    if name == "glusterfs-api-devel":
        converge(operation(node))
        return
    said = refused(node)
    assert "%s is not there" % name in said and all(needer in said for needer in needers)
    assert said.count("%s is not there" % name) == 1


def test_unmet_requirements_are_named_with_their_packages():
    for programs in (("rpm",), ("rpm", "dnf")):
        said = refused(FakeNode(SET, programs=programs))
        assert "attr (glusterfs-fuse-7.5-1.el7.x86_64 needs it)" in said
        assert "rpcbind (glusterfs-server-7.5-1.el7.x86_64 needs it)" in said


def test_wrong_architecture():
    foreign = make_package("glusterfs-libs", arch="aarch64")
    said = refused(FakeNode([*without("glusterfs-libs"), foreign, *BASE]))
    assert "glusterfs-libs-7.5-1.el7.aarch64.rpm is for aarch64" in said
    node = FakeNode([*SET, foreign, *BASE])
    converge(operation(node))
    assert {package.arch for package in node.installed} == {"x86_64"}


@pytest.mark.parametrize(
    ("system", "fits"),
    [("centos 7", True), ("rocky 9.3", False), ("rhel 8.10", False), ("debian 12", True), ("fedora 40", True)],
)
def test_other_release(system, fits):
    node = FakeNode(SET + BASE, os_release=EL % tuple(system.split()))
    if fits:
        assert converge(operation(node)).steps
    else:
        assert "built for Enterprise Linux 7, and the node is" in refused(node)


def test_broken_files_are_all_named():
    node = FakeNode(SET + BASE)
    node.corrupt = {"glusterfs-cli-7.5-1.el7.x86_64.rpm", "cowsay-3.04-4.el7.noarch.rpm"}
    node.damaged_files = {"glusterfs-libs-7.5-1.el7.x86_64.rpm"}
    node.folder["notes.rpm"] = None
    said = refused(node)
    assert "notes.rpm is no rpm" in said
    assert "glusterfs-cli-7.5-1.el7.x86_64.rpm is broken" in said and "cowsay-3.04-4.el7.noarch.rpm is broken" in said
    assert "glusterfs-libs-7.5-1.el7.x86_64.rpm is broken: its content" in said


def test_newer_on_the_node():
    newer = [make_package("glusterfs-libs", "9.2-1.el7"), make_package("glusterfs-cli", "9.2-1.el7")]
    said = refused(FakeNode(SET + BASE, installed=newer))
    assert "glusterfs-libs-9.2-1.el7.x86_64, which is newer than glusterfs-libs-7.5" in said
    assert "glusterfs-cli-9.2-1.el7.x86_64" in said and "allow_downgrade" in said
    node = FakeNode(SET + BASE, installed=newer)
    converge(operation(node, allow_downgrade=True))
    assert node.changes[0][:3] == ["rpm", "-U", "--oldpackage"]
    assert {node.versions()[name] for name in ("glusterfs-libs", "glusterfs-cli")} == {"7.5-1.el7"}


def test_an_older_one_on_the_node_is_replaced():
    node = FakeNode(SET + BASE, installed=[make_package("glusterfs-libs", "6.0-1.el7")])
    converge(operation(node))
    assert node.versions()["glusterfs-libs"] == "7.5-1.el7"


def test_signatures():
    node = FakeNode(SET + BASE)
    said = refused(node, key="a key")
    assert "glusterfs-server-7.5-1.el7.x86_64.rpm is not signed with gpg_key" in said and "cowsay" not in said
    node.signed = set(node.folder)
    converge(operation(node, key="a key"))


def test_several_problems_are_told_at_once():
    node = FakeNode(without("glusterfs-cli"), installed=[make_package("glusterfs-libs", "9.2-1.el7")])
    node.folder["notes.rpm"] = None
    said = refused(node)
    for words in ("notes.rpm", "glusterfs-cli is not there", "glusterfs-libs-9.2", "attr (glusterfs-fuse"):
        assert words in said


@pytest.mark.parametrize("name", ["glusterfs", "glusterfs-fuse", "glusterfs-server", "userspace-rcu"])
@pytest.mark.parametrize("manager", ["dnf", "rpm"])
def test_a_transaction_that_was_cut_off_is_finished(name, manager):
    node = FakeNode(SET + BASE, programs=("rpm", manager))
    node.cut = name
    with pytest.raises(PowerCut):
        converge(operation(node))
    assert node.marked() == []
    node.cut = None
    assert converge(operation(node)).steps[0].kind == "repair"
    assert not node.damaged and node.marked() is None
    assert node.versions()["glusterfs-server"] == "7.5-1.el7"
    assert converge(operation(node)).steps == []


VOL = "/etc/glusterfs/glusterd.vol"


@pytest.mark.parametrize("installed", [True, False])
def test_configuration_that_a_power_cut_left_empty_is_put_in_place(installed):
    """Files that were not on the disk yet are there without content; rpm takes that for what the user wants."""
    node = FakeNode(SET + BASE)
    node.configuration = {"glusterfs-server": VOL}
    node.cut = "userspace-rcu"
    with pytest.raises(PowerCut):
        converge(operation(node))
    node.cut = None
    node.texts[VOL] = ""
    if not installed:
        node.installed = [package for package in node.installed if package.name != "glusterfs-server"]
    kinds = [step.kind for step in converge(operation(node)).steps]
    assert kinds == ["remove_remnant", "repair"] and node.texts[VOL] == "of the package"
    assert converge(operation(node)).steps == [] and node.marked() is None


def test_configuration_that_is_gone_after_a_power_cut_is_put_in_place():
    """As after a second cut, between making room and the repair."""
    node = FakeNode(SET + BASE)
    node.configuration = {"glusterfs-server": VOL}
    converge(operation(node))
    node.texts[MARK] = "[]"
    del node.texts[VOL]
    assert [step.kind for step in converge(operation(node)).steps] == ["repair"] and node.texts[VOL]


@pytest.mark.parametrize("mark", [None, '["glusterfs-server-7.5-1.el7.x86_64"]'])
def test_configuration_that_the_user_emptied_stays(mark):
    node = FakeNode(SET + BASE)
    node.configuration = {"glusterfs-server": VOL}
    converge(operation(node))
    node.texts[VOL] = ""
    if mark:
        node.texts[MARK] = mark
    converge(operation(node))
    assert node.texts[VOL] == ""


def test_a_transaction_that_was_cut_off_at_its_very_end():
    node = FakeNode(SET + BASE)
    converge(operation(node))
    node.texts[MARK] = "[]"
    assert [step.kind for step in converge(operation(node)).steps] == ["clear_mark"]
    assert converge(operation(node)).steps == [] and node.marked() is None


def test_an_older_version_that_was_left_beside_the_new_one_goes():
    node = FakeNode(SET + BASE)
    converge(operation(node))
    node.installed.append(make_package("glusterfs-libs", "6.0-1.el7"))
    node.texts[MARK] = "[]"
    assert [step.target for step in converge(operation(node)).steps] == ["glusterfs-libs-7.5-1.el7.x86_64"]
    assert len(node.installed) == len(node.versions())


@pytest.mark.parametrize("name", ["attr", "rpcbind"])
def test_what_came_from_the_repositories_is_mended_as_well(name):
    node = FakeNode(SET, installed=[make_package("bash", "4.2-1.el7")], repositories=BASE)
    node.cut = name
    with pytest.raises(PowerCut):
        converge(operation(node))
    node.cut = None
    node.damaged.add("bash")
    steps = converge(operation(node)).steps
    assert ("dnf", "-y", "reinstall", name) in [step.argv for step in steps]
    assert node.damaged == {"bash"}, "what was there before is not ours to mend"
    assert converge(operation(node)).steps == []


def test_the_mark_stays_until_the_last_of_two_transactions():
    """A power cut between the two must not make the next run forget what is left to mend."""
    node = FakeNode(SET, repositories=BASE)
    node.cut = "glusterfs-libs"
    with pytest.raises(PowerCut):
        converge(operation(node))
    node.cut = "rpcbind"
    with pytest.raises(PowerCut):
        converge(operation(node))
    node.cut = None
    converge(operation(node))
    assert not node.damaged and node.marked() is None
    assert node.versions()["glusterfs-server"] == "7.5-1.el7"


def test_half_a_mark_is_none():
    node = FakeNode(SET + BASE)
    node.texts[MARK] = '["bash-4.2'
    assert [step.kind for step in converge(operation(node)).steps] == ["install"]


def brought(*packages, texts=None):
    """Return a node to which these packages come from the controller, after runs that have left these texts."""
    node = FakeNode(packages, programs=("rpm", "getfattr", "killall", "rpcbind"))
    node.staging = "/f/kept/"
    node.texts.update(texts or {})
    return node


def kept(node):
    return sorted(path for path in node.texts if path.startswith(node.staging))


def test_a_file_that_was_brought_goes_when_another_one_of_its_package_is_brought():
    """What another folder has brought stays, and so does what this collection has not put there."""
    old = brought(make_package("glusterfs-server"), make_package("psmisc", "22.20-15.el7"))
    converge(operation(old))
    assert kept(old) == ["/f/kept/glusterfs-server-7.5-1.el7.x86_64.rpm", "/f/kept/psmisc-22.20-15.el7.x86_64.rpm"]
    by_hand = "/f/kept/glusterfs-server-6.0-1.el7.x86_64.rpm"
    node = brought(make_package("glusterfs-server", "9.2-1.el7"), texts=dict(old.texts, **{by_hand: "of somebody"}))
    planned = converge(operation(node), check_mode=True)
    done = converge(operation(node))
    assert [step.kind for step in done.steps] == ["stage", "install", "remove_file"]
    assert planned.describe() == done.describe()
    assert kept(node) == [
        by_hand,
        "/f/kept/glusterfs-server-9.2-1.el7.x86_64.rpm",
        "/f/kept/psmisc-22.20-15.el7.x86_64.rpm",
    ]
    assert converge(operation(node)).steps == []


def test_both_versions_of_one_folder_are_kept():
    node = brought(make_package("glusterfs-server"), make_package("glusterfs-server", "9.2-1.el7"))
    assert "remove_file" not in [step.kind for step in converge(operation(node)).steps]
    assert len(kept(node)) == 2


@pytest.mark.parametrize("text", ["", '{"/f/kept/glusterfs-server'])
def test_where_the_list_of_what_was_brought_is_lost_nothing_is_removed(text):
    old = "/f/kept/glusterfs-server-7.5-1.el7.x86_64.rpm"
    node = brought(make_package("glusterfs-server", "9.2-1.el7"), texts={old: "of the folder", KEPT: text})
    assert "remove_file" not in [step.kind for step in converge(operation(node)).steps]
    assert old in kept(node)
