# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What apt, dnf and a folder of RPMs have for a node."""

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.command import NOT_FOUND, Commands, Result
from ansible_collections.brickwork.gluster.plugins.module_utils.offers import (
    described,
    offer_of_folder,
    offer_of_packages,
    parse_apt_policy,
    parse_dnf_list,
)

DPKG = """\
glusterfs installed glusterfs-client 10.3-5 install
glusterfs installed glusterfs-server 10.3-5 hold
glusterfs installed libgfapi0 10.3-5 hold
glusterfs config-files glusterfs-common 10.3-5 deinstall
nfs-ganesha installed libglusterfs-of-others 1-1 install
"""
POLICY = """\
glusterfs-client:
  Installed: 10.3-5
  Candidate: 11.1-6
  Version table:
     11.1-6 500
        500 http://deb.debian.org/debian trixie/main amd64 Packages
 *** 10.3-5 500
        500 http://deb.debian.org/debian bookworm/main amd64 Packages
        100 /var/lib/dpkg/status
glusterfs-server:
  Installed: 10.3-5
  Candidate: 10.3-5
  Version table:
     11.1-6 -1
        500 http://deb.debian.org/debian trixie/main amd64 Packages
 *** 10.3-5 990
        100 /var/lib/dpkg/status
libgfapi0:
  Installed: 10.3-5
  Candidate: (none)
  Version table:
 *** 10.3-5 100
        100 /var/lib/dpkg/status
"""
RPM = """\
glusterfs-7.5-1.el7.src.rpm installed glusterfs-server 7.5-1.el7 install
glusterfs-7.5-1.el7.src.rpm installed glusterfs-fuse 7.5-1.el7 install
glusterfs-coreutils-0.3-1.src.rpm installed glusterfs-coreutils 0.3-1 install
bash-4.2-1.src.rpm installed bash 4.2-1 install
"""
DNF = """\
Available Packages
glusterfs-fuse.x86_64            7.5-1.el7             centos-gluster7
glusterfs-server.x86_64
                                 7.5-1.el7             centos-gluster7
glusterfs-server.x86_64          9.2-1.el7             centos-gluster9
glusterfs-fuse.x86_64            9.2-1.el7             centos-gluster9
"""


class Node:
    """Answers by the first word of a command."""

    def __init__(self, **answers):
        self.answers = answers
        self.asked = []

    def run(self, argv, timeout):
        self.asked.append(argv)
        text = self.answers.get(argv[0].replace("-", "_"))
        return Result(NOT_FOUND, "", "") if text is None else Result(0, text, "")


def offer(desired="", **answers):
    return described(offer_of_packages(Commands(Node(**answers), 1), desired))


def test_apt_is_taken_at_its_word_where_no_version_is_desired():
    assert offer(dpkg_query=DPKG, apt_cache=POLICY) == {
        "installed": "10.3-5",
        "version": "10.3-5",
        "versions": ["10.3-5", "11.1-6"],
        "names": ["glusterfs-client=10.3-5", "glusterfs-server=10.3-5", "libgfapi0=10.3-5"],
        "held": ["glusterfs-server", "libgfapi0"],
        "unfinished": [],
    }


@pytest.mark.parametrize("state", ["unpacked", "half-configured", "half-installed", "triggers-pending"])
def test_a_package_that_dpkg_was_cut_off_in_is_there_and_not_finished(state):
    """Left out, the others would tell that the machine has the version."""
    cut = DPKG.replace("glusterfs installed glusterfs-server", f"glusterfs {state} glusterfs-server")
    found = offer(dpkg_query=cut, apt_cache=POLICY)
    assert found["unfinished"] == ["glusterfs-server"] and "glusterfs-server=10.3-5" in found["names"]
    assert found["installed"] == "10.3-5" and found["held"] == ["glusterfs-server", "libgfapi0"]


def test_a_desired_version_is_found_whatever_is_pinned_and_what_lacks_it_is_left_to_apt():
    found = offer("11", dpkg_query=DPKG, apt_cache=POLICY)
    assert found["version"] == "11.1-6" and found["names"] == ["glusterfs-client=11.1-6", "glusterfs-server=11.1-6"]


def test_a_version_that_nobody_has_is_none():
    found = offer("12", dpkg_query=DPKG, apt_cache=POLICY)
    assert (found["version"], found["names"], found["versions"]) == ("", [], ["10.3-5", "11.1-6"])


def test_a_node_without_packages_of_glusterfs_or_without_a_manager_is_offered_nothing():
    assert offer(dpkg_query="", apt_cache=POLICY) is None
    assert offer() is None


def test_dnf_and_yum_are_asked_without_their_locks():
    node = Node(rpm=RPM, yum=DNF)
    found = described(offer_of_packages(Commands(node, 1), "9"))
    assert found["installed"] == "7.5-1.el7" and found["version"] == "9.2-1.el7"
    assert found["names"] == ["glusterfs-fuse-9.2-1.el7", "glusterfs-server-9.2-1.el7"]
    assert "--disableplugin=versionlock" in node.asked[-1]
    assert [word for word in node.asked[-1] if "coreutils" in word or "bash" in word] == []


def test_where_dnf_has_nothing_nothing_is_offered():
    assert described(offer_of_packages(Commands(Node(rpm=RPM, dnf=""), 1), "9"))["version"] == ""


@pytest.mark.parametrize(("desired", "version"), [("", "9.4"), ("9.2", "9.2"), ("10", "")])
def test_a_folder_is_judged_by_the_names_of_its_files(desired, version):
    files = [
        "glusterfs-server-9.2-1.el7.x86_64.rpm", "glusterfs-server-9.4-1.el7.x86_64.rpm", "attr-2.4-1.el7.x86_64.rpm",
        "README.rpm",
    ]  # fmt: skip
    found = described(offer_of_folder(Commands(Node(rpm=RPM), 1), files, desired))
    assert (found["installed"], found["version"]) == ("7.5", version)


def test_the_forms_of_the_answers():
    assert parse_apt_policy("N: Unable to locate package x\n") == {}
    assert parse_dnf_list("Error: No matching Packages to list\n") == {}
    assert parse_dnf_list(DNF)["glusterfs-server"] == ["9.2-1.el7", "7.5-1.el7"]
