# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a node is told, and what is left of it. That it works is for make test-kubernetes."""

import json
import pathlib

import node
import pytest
import yaml

try:
    import tomllib
except ImportError:  # Python 3.10, where pytest needs this one itself.
    import tomli as tomllib

MOUNTS = """\
tmpfs /sys/fs/cgroup tmpfs rw,relatime,mode=755 0 0
cgroup /sys/fs/cgroup/cpuset cgroup rw,relatime,cpuset 0 0
cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,nosuid,nodev,noexec,relatime,cpu,cpuacct 0 0
cgroup /sys/fs/cgroup/systemd cgroup rw,relatime,xattr,release_agent=/lib/agent,name=systemd 0 0
cgroup2 /sys/fs/cgroup/unified cgroup2 rw,relatime 0 0
cgroup /srv/tree/sys/fs/cgroup/memory cgroup rw,memory 0 0
"""
SETTINGS = node.Settings(
    "worker2", 2, "10.0.0.52", "10.0.0.1", pathlib.Path("/f"), pathlib.Path("/tree"), pathlib.Path("/programs")
)


def test_hierarchies_are_mounted_again_with_their_own_options():
    assert node.hierarchies(MOUNTS) == {
        "cpuset": "cpuset",
        "cpu,cpuacct": "cpu,cpuacct",
        "systemd": "none,name=systemd",
    }


def test_a_cpuset_gets_its_processors_before_a_process():
    lines = node.enter_script(SETTINGS, {"cpuset": "cpuset"}).splitlines()
    group = "/sys/fs/cgroup/cpuset/brickwork-worker2"
    assert lines[1:5] == [
        f"mkdir -p {group}",
        f"cat /sys/fs/cgroup/cpuset/cpuset.cpus > {group}/cpuset.cpus",
        f"cat /sys/fs/cgroup/cpuset/cpuset.mems > {group}/cpuset.mems",
        f"echo 0 > {group}/cgroup.procs",
    ]


def test_sysctls_are_hidden_before_the_kubelet_starts_and_it_may_set_none():
    script = node.begin_script(SETTINGS, {})
    for name in node.SYSCTLS:
        assert 0 < script.index(f"proc/sys/{name}") < script.index("/opt/kubelet")
    assert node.kubelet_configuration("10.0.0.52")["protectKernelDefaults"] is True


def test_a_nodes_files_are_what_their_programs_read():
    files = node.own_files(SETTINGS, {"kind": "Config"})
    runtime = tomllib.loads(files["etc/containerd/config.toml"])["plugins"]["io.containerd.grpc.v1.cri"]
    assert runtime["sandbox_image"] in node.IMAGES and runtime["restrict_oom_score_adj"] is True
    assert runtime["cni"]["conf_dir"] == "/etc/cni/net.d"
    [plugin] = json.loads(files["etc/cni/net.d/10-pods.conflist"])["plugins"]
    assert plugin["ipam"]["subnet"] == "10.88.2.0/24"
    assert yaml.safe_load(files["etc/kubernetes/kubeconfig"]) == {"kind": "Config"}


@pytest.fixture
def groups(tmp_path, monkeypatch):
    """A place for cgroups with those of two nodes. What is no folder in there stands for a process."""
    monkeypatch.setattr(node, "CGROUPS", tmp_path)
    monkeypatch.setattr(node, "PATIENCE", 0.3)
    for name in ("cpu/brickwork-worker1/kubepods/pod1", "cpu/brickwork-worker2/kubepods", "cpu/other"):
        (tmp_path / name).mkdir(parents=True)
    return tmp_path / "cpu"


def test_cgroups_go_with_their_node_and_no_others(groups):
    assert node.remove_cgroups("worker1") == []
    assert sorted(path.name for path in groups.iterdir()) == ["brickwork-worker2", "other"]


def test_a_cgroup_with_a_process_stays_and_is_told(groups):
    (groups / "brickwork-worker2/kubepods/process").touch()
    assert node.remove_cgroups() == [groups / "brickwork-worker2"]
    assert sorted(path.name for path in groups.iterdir()) == ["brickwork-worker2", "other"]
