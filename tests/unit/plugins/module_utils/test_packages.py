# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a node lacks of its distribution's packages, and of what a repository is to be there."""

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.command import NOT_FOUND, Commands, Result
from ansible_collections.brickwork.gluster.plugins.module_utils.packages import (
    SEMANAGE,
    installed_packages,
    lacks_semanage,
    look_at_repository,
    missing_packages,
)

BY_FAMILY = {"Debian": ["attr", "glusterfs-server", "lvm2"], "RedHat": ["attr", "glusterfs-fuse"]}
DEBIAN = "attr installed 1:2.5 install\nglusterfs-server config-files 10.3 deinstall\n"
OS_RELEASE = 'ID=debian\nVERSION_CODENAME="bookworm"\n'
LIST = "/etc/apt/sources.list.d/brickwork-gluster.list"
LOCK = "/etc/dnf/plugins/versionlock.list"
FAMILIES = {
    "Debian": {"files": {LIST: "deb http://r {release} main\n"}, "locks": []},
    "RedHat": {"files": {}, "locks": [LOCK]},
}


class Answers:
    """A node with one program for packages, and its files."""

    def __init__(self, program="", said="", **files):
        self.program, self.said = program, said
        self.texts = {"/etc/os-release": OS_RELEASE, LIST: "deb http://r bookworm main", **files}

    def run(self, argv, timeout):
        return Result(1, self.said, "") if argv[0] == self.program else Result(NOT_FOUND, "", "")

    def read(self, path):
        return self.texts.get(path, "")

    def exists(self, path):
        return path in self.texts


def packages(node, by_family):
    return installed_packages(Commands(node, 1), by_family)


@pytest.mark.parametrize(
    ("program", "said", "missing"),
    [
        ("dpkg-query", DEBIAN, ["glusterfs-server", "lvm2"]),
        ("rpm", "package lvm2 is not installed\nattr installed 2.4-1\n", ["glusterfs-fuse"]),
        ("", "", None),
    ],
)
def test_packages_that_are_missing(program, said, missing):
    assert missing_packages(packages(Answers(program, said), BY_FAMILY), BY_FAMILY) == missing


def test_a_machine_that_needs_nothing_is_not_asked():
    assert missing_packages(packages(Answers(), {}), {}) == []


HELD = "glusterfs-server installed 10.3-5 hold\n"


def from_repository(node, version="10", names=("glusterfs-server",)):
    by_family = {"Debian": list(names), "RedHat": list(names)}
    desired = {"url": "http://r", "version": version, "families": FAMILIES}
    answer = look_at_repository(node, packages(node, by_family), by_family, desired)
    return answer["missing_packages"], [(step["kind"], step["target"]) for step in answer["software"]]


@pytest.mark.parametrize(
    ("said", "version", "missing"),
    [
        (HELD, "10", []),
        (HELD, "10.3", []),
        (HELD, "", []),
        ("glusterfs-server installed 1:10.3-5 hold\n", "10.3", []),
        ("glusterfs-server installed 100.3-5 hold\n", "10", ["glusterfs-server"]),
        ("glusterfs-server installed 10.30-5 hold\n", "10.3", ["glusterfs-server"]),
        ("", "10", ["glusterfs-server"]),
    ],
)
def test_a_version_is_compared_with_what_is_installed(said, version, missing):
    assert from_repository(Answers("dpkg-query", said), version)[0] == missing


def test_nothing_is_due_where_the_repository_is_as_it_shall_be():
    assert from_repository(Answers("dpkg-query", HELD)) == ([], [])


def test_what_is_missing_is_told_with_its_version():
    node = Answers("dpkg-query", "")
    assert from_repository(node, names=("glusterfs-server", "attr")) == (
        ["glusterfs-server", "attr"],
        [("install", "glusterfs-server 10, attr"), ("hold", "the version of GlusterFS")],
    )


@pytest.mark.parametrize("text", ["", "deb http://other bookworm main", "deb http://r trixie main"])
def test_a_definition_that_differs_is_written(text):
    assert from_repository(Answers("dpkg-query", HELD, **{LIST: text})) == ([], [("write", LIST)])


def test_packages_that_nothing_holds_are_held():
    free = Answers("dpkg-query", HELD.replace("hold", "install"))
    assert from_repository(free) == ([], [("hold", "the version of GlusterFS")])
    rpm = "glusterfs-server installed 10.3-5\n"
    assert from_repository(Answers("rpm", rpm))[1] == [("hold", "the version of GlusterFS")]
    assert from_repository(Answers("rpm", rpm, **{LOCK: "glusterfs-server-0:10.3-5.*"})) == ([], [])


SELINUX = {"/sys/fs/selinux/enforce": "1", "/etc/selinux/config": ""}


@pytest.mark.parametrize(
    ("program", "files", "lacks"),
    [
        ("rpm", SELINUX, True),
        ("rpm", {**SELINUX, SEMANAGE: ""}, False),
        ("rpm", {"/sys/fs/selinux/enforce": "1"}, False),
        ("dpkg-query", SELINUX, False),
    ],
)
def test_a_node_with_selinux_needs_what_gives_bricks_their_label(program, files, lacks):
    node = Answers(program, "", **files)
    assert lacks_semanage(installed_packages(Commands(node, 10), BY_FAMILY), node) is lacks
