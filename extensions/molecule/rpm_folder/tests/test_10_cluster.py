# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the folder of eleven RPMs and a stray one to a mounted volume, by dnf and by rpm alone."""

import re
from collections import Counter

import pytest

SET = ["glusterfs", "glusterfs-client-xlators", "glusterfs-fuse", "glusterfs-libs"]
SERVERS = sorted([*SET, "glusterfs-api", "glusterfs-cli", "glusterfs-server"])


def packages(lab, host, pattern):
    return sorted(lab.run(host, f"rpm -qa --qf '%{{NAME}} %{{VERSION}}-%{{RELEASE}}\\n' '{pattern}'").splitlines())


@pytest.mark.parametrize(("host", "names"), [("node1", SERVERS), ("node2", SERVERS), ("client1", SET)])
def test_each_machine_has_what_it_needs(lab, host, names):
    assert packages(lab, host, "glusterfs*") == [f"{name} 7.5-1.el7" for name in names]
    assert packages(lab, host, "userspace-rcu") == ["userspace-rcu 0.10.0-3.el7"], "the newest, and only that"
    assert packages(lab, host, "psmisc") == ["psmisc 22.20-15.el7"]
    assert packages(lab, host, "cowsay") == []
    assert packages(lab, host, "attr") == ["attr 2.4.46-13.el7"], "from the node's repository"


def test_who_installed_it(lab):
    assert lab.succeeds("node1", "dnf history list | grep -q install")
    assert not lab.succeeds("node2", "command -v dnf yum")


def test_all_files_are_as_the_packages_have_them(lab):
    """But for glusterd's own configuration, in which the role sets its ping time-out."""
    for host in ("node1", "node2"):
        assert lab.run(host, "rpm -V $(rpm -qa 'glusterfs*') | grep -v 'c /etc/glusterfs/glusterd.vol$' | wc -l") == "0"
        assert lab.run(host, "grep -c 'option ping-timeout 30' /etc/glusterfs/glusterd.vol") == "1"


def test_volume_is_mounted(lab):
    assert lab.volume("xtest-fs")["Status"] == "Started"
    assert lab.host("client1").mount_point("/mnt/xtest-fs").filesystem == "fuse.glusterfs"
    lab.run("client1", "for i in $(seq 20); do echo $i > /mnt/xtest-fs/$i; done; sync")
    assert lab.run("client1", "cat /mnt/xtest-fs/* | sort -n | tail -1") == "20"
    bricks = lab.bricks("xtest-fs")
    assert sum(int(lab.run(node, f"ls {path} | wc -l")) for node, path in zip(lab.nodes, map(path_of, bricks))) == 20


def path_of(brick):
    return brick.partition(":")[2]


def test_check_mode_sees_nothing_to_do(lab, folder):
    lab.play("site", {"gluster_server_rpm_folder": str(folder)}, "--check").without_change()


def test_a_second_run_calls_nothing_but_the_look(lab, folder):
    """What is in the folder is compared with what is installed, and with that a second run is the look and the plan."""
    run = lab.play("site", {"gluster_server_rpm_folder": str(folder)}, "-vvv").without_change()
    modules = Counter(re.findall(r"Using module file \S+/(\w+)\.py", run.text))
    assert modules == {"gluster_node_info": 3}, modules


def test_a_package_that_is_gone_is_planned_and_brought_back(lab, folder):
    desired = {"gluster_server_rpm_folder": str(folder)}
    lab.run("client1", "rpm -e --nodeps psmisc")
    planned = lab.play("plan", desired).succeeded()
    assert re.search(r"client1: install psmisc\S* from " + re.escape(str(folder)), planned.words), planned.text[-6000:]
    run = lab.play("site", desired).succeeded()
    assert run.changed["client1"] and not run.changed["node1"] and not run.changed["node2"]
    assert packages(lab, "client1", "psmisc") == ["psmisc 22.20-15.el7"]
