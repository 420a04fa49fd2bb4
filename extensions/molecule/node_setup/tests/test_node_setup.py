# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From machines without python3 to a pool with other ports; then other settings, while a client writes."""

import re
from collections import Counter

from el7_rpms import build_folders

#: A client that writes; whatever fails is noted.
WRITER = (
    "systemd-run -q --unit=writer sh -c 'while sleep 0.1; do dd if=/dev/zero of=/mnt/shared/$(date +%N) bs=4k count=1"
    " conv=fsync status=none || echo failed >> /root/failed; done'"
)
#: Numbers of the brick processes, and the ports on which they listen.
BRICKS = "pgrep -x glusterfsd | sort | xargs"
LISTENING = "ss -Hltnp | grep glusterfsd | grep -oE ':[0-9]+ ' | tr -d ': ' | sort -u | xargs"
#: When glusterd was last stopped and started, in seconds since 1970.
RESTART = "systemctl show glusterd --timestamp=unix -p InactiveEnterTimestamp -p ActiveEnterTimestamp --value | tr -d @"


def test_without_python_nothing_is_changed_but_it_is_told(lab):
    before = lab.fingerprint()
    teardown = {"gluster_teardown_confirm": "node-setup", "gluster_teardown_volumes": ["shared"]}
    for playbook, desired, options in (
        ("plan", None, ()), ("site", None, ("--check",)), ("health", None, ()), ("teardown", teardown, ()),
    ):  # fmt: skip
        run = lab.play(playbook, desired, *options).refused("node1 has no python3", "node2 has no python3")
        assert "by apt-get" in run.words and "by rpm" in run.words
        assert "Traceback" not in run.text
    assert lab.fingerprint() == before
    assert not lab.succeeds("node1", "command -v python3")


def test_site_brings_python_and_starts_bricks_on_the_ports_asked_for(lab, tmp_path):
    """From its repository to one node, and from a folder of RPMs to the other."""
    build_folders(lab.spec, tmp_path / "rpms", ["python"])
    lab.copy("node2", tmp_path / "rpms/python")
    # Debian's rpm warns of installing what is not Debian's.
    lab.run("node2", "echo 'rpm alias -U --force-debian -U' > /etc/popt")
    run = lab.play("site").succeeded()
    for node, tool in {"node1": "apt-get", "node2": "rpm"}.items():
        assert f"{node} had no python3; {tool} installed 3." in run.words
    assert lab.run("node2", "rpm -qf --qf '%{NAME}' /usr/bin/python3.11") == "python3"
    assert lab.host("node1").mount_point("/mnt/shared").filesystem == "fuse.glusterfs"
    for node in lab.nodes:
        [port] = lab.run(node, LISTENING).split()
        assert 50000 <= int(port) < 50100


def test_a_second_run_calls_nothing_but_the_look(lab):
    """The repository's definition, the pins and what is held are read by the look."""
    run = lab.play("site", None, "-vvv").without_change()
    modules = Counter(re.findall(r"Using module file \S+/(\w+)\.py", run.text))
    assert modules == {"gluster_node_info": len(lab.nodes)}, modules
    lab.run("node1", "apt-mark unhold glusterfs-server")
    assert "node1: hold the version of GlusterFS" in lab.play("plan").succeeded().words
    assert lab.play("site").succeeded().changed["node1"]
    lab.play("site").without_change()


def test_the_version_is_pinned_and_held(lab):
    for node in lab.nodes:
        held = set(lab.run(node, "apt-mark showhold").split())
        assert held >= {"glusterfs-server", "glusterfs-common", "libglusterfs0"}
        assert "http://192.168.72.1:8000" in lab.run(node, "cat /etc/apt/sources.list.d/brickwork-gluster.list")
        assert "990" in lab.run(node, "apt-cache policy glusterfs-server | grep -A1 -F '***'")


def test_another_version_is_refused_before_anything_changes(lab):
    for source in ("repository", "preinstalled"):
        desired = {"gluster_server_source": source, "gluster_server_version": "9"}
        lab.play("site", desired).refused("node1 has GlusterFS 10.3, and gluster_server_version is 9", "node2 has")
    lab.play("site", {"gluster_server_source": "preinstalled", "gluster_server_version": "10"}).without_change()


def test_a_folder_of_rpms_must_be_named(lab):
    lab.play("site", {"gluster_server_source": "rpm_folder"}).refused("node1", "gluster_server_rpm_folder does not say")


def test_settings_change_one_node_after_the_other_and_no_write_fails(lab):
    """Other ports: glusterd is restarted, bricks and clients are not. A second run changes nothing."""
    bricks = {node: lab.run(node, BRICKS) for node in lab.nodes}
    assert all(bricks.values())
    lab.run("node1", WRITER)
    desired = {"gluster_server_max_port": 50199, "gluster_server_log_level": "WARNING", "gluster_server_events": True}
    assert "Restart glusterd where it runs with other settings" in lab.play("site", desired, "--check").succeeded().text
    lab.check_gate(desired)
    lab.run("node1", "systemctl stop writer; test $(ls /mnt/shared | wc -l) -gt 20; ! cat /root/failed 2>/dev/null")
    assert {node: lab.run(node, BRICKS) for node in lab.nodes} == bricks
    (began, ended), (other_began, other_ended) = sorted(sorted(lab.run(node, RESTART).split()) for node in lab.nodes)
    assert began <= ended <= other_began <= other_ended
    for node in lab.nodes:
        assert lab.host(node).service("glustereventsd").is_running
        assert "--log-level WARNING" in lab.run(node, "ps -o args= -C glusterd")
        assert lab.run(node, "grep -c -e 'base-port 50000' -e 'max-port 50199' /etc/glusterfs/glusterd.vol") == "2"
