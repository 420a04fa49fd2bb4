# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A node of Kubernetes: containerd and a kubelet in namespaces and cgroups of their own, on this machine's kernel.

Nothing of it is seen outside, and all of it ends with one process: its mounts, its pods and their FUSE clients too.
"""

from __future__ import annotations

import contextlib
import json
import pathlib
import shlex
import shutil
import signal
import subprocess
import time
from typing import NamedTuple

import yaml

CGROUPS = pathlib.Path("/sys/fs/cgroup")
#: The kubelet would set these for the whole machine. It reads files with these values instead, and leaves it alone.
SYSCTLS = {"vm/overcommit_memory": "1", "kernel/panic": "10", "kernel/panic_on_oops": "1"}
IMAGES = ["docker.io/library/busybox:1.36", "k8s.gcr.io/pause:3.2"]
_COMMON_OPTIONS = ("rw", "ro", "relatime", "nosuid", "nodev", "noexec", "xattr", "clone_children")
#: Seconds for a process to be there or gone.
PATIENCE = 60


class Settings(NamedTuple):
    """What a node is made of. folder is its own; number tells nodes from each other; gateway leads to the API."""

    name: str
    number: int
    address: str
    gateway: str
    folder: pathlib.Path
    tree: pathlib.Path
    programs: pathlib.Path


def hierarchies(mounts: str) -> dict[str, str]:
    """Return folder -> mount options of the cgroup hierarchies (version 1) in a text such as /proc/mounts."""
    found = {}
    for _source, target, kind, options, *_rest in map(str.split, mounts.splitlines()):
        if kind == "cgroup" and pathlib.Path(target).parent == CGROUPS:
            words = [word for word in options.split(",") if word not in _COMMON_OPTIONS and "release_agent" not in word]
            named = [f"none,{word}" for word in words if word.startswith("name=")]
            found[pathlib.Path(target).name] = named[0] if named else ",".join(words)
    return found


def enter_script(settings: Settings, kinds: dict[str, str]) -> str:
    """Return the shell script that goes into cgroups and namespaces of its own, and on with begin_script()."""
    lines = ["set -e"]
    for kind in kinds:
        group = CGROUPS / kind / cgroup_name(settings.name)
        lines.append(f"mkdir -p {group}")
        if kind == "cpuset":
            lines += [f"cat {CGROUPS}/cpuset/cpuset.{what} > {group}/cpuset.{what}" for what in ("cpus", "mems")]
        lines.append(f"echo 0 > {group}/cgroup.procs")
    unshare = "unshare --net --mount --pid --cgroup --uts --ipc --fork --kill-child --propagation private"
    lines.append(f"exec {unshare} sh -c {shlex.quote(begin_script(settings, kinds))}")
    return "\n".join(lines)


def cgroup_name(name: str) -> str:
    """Return what a node's cgroups are called."""
    return f"brickwork-{name}"


def begin_script(settings: Settings, kinds: dict[str, str]) -> str:
    """Return the shell script that is process 1 of a node.

    The root is changed by pivot_root: in a chroot, what is run in a pod from outside would get this machine's root.
    """
    sysctls = [f"mount --bind ../sysctls/{key} proc/sys/{key}" for key in SYSCTLS]
    groups = [
        f"mkdir sys/fs/cgroup/{kind}; mount -t cgroup -o {options} cgroup sys/fs/cgroup/{kind}"
        for kind, options in kinds.items()
    ]
    return "\n".join(
        [
            "set -e", f"cd {settings.folder}",
            f"mount -t overlay -o lowerdir={settings.tree},upperdir=own,workdir=work overlay root", "cd root",
            "mount -t proc proc proc", "mount -t sysfs sysfs sys", "mount -t tmpfs tmpfs sys/fs/cgroup", *groups,
            "mount --rbind /dev dev", "mount --make-rslave dev", "mount -t tmpfs tmpfs run",
            # An overlay can't have its upper folder on another overlay.
            "mount --bind ../containerd var/lib/containerd", "mount --bind ../log var/log",
            f"mount --bind {settings.programs} opt", *sysctls, f"hostname {settings.name}",
            "mkdir -p before", "pivot_root . before", "cd /", "umount -l /before", "mount --make-rshared /",
            "ip link set lo up", "until ip link set eth0 up 2>/dev/null; do sleep 0.1; done",
            f"ip address add {settings.address}/24 dev eth0", f"ip route add default via {settings.gateway}",
            "containerd >/var/log/containerd.log 2>&1 &",
            "until ctr version >/dev/null 2>&1; do sleep 0.2; done",
            "ctr --namespace k8s.io images import /etc/kubernetes/image.tar",
            f"{shlex.join(kubelet(settings))} >/var/log/kubelet.log 2>&1 &", "wait",
        ]
    )  # fmt: skip


def kubelet(settings: Settings) -> list[str]:
    """Return the command line of a node's kubelet."""
    return [
        "/opt/kubelet", "--config=/etc/kubernetes/kubelet.yaml", "--kubeconfig=/etc/kubernetes/kubeconfig",
        "--container-runtime=remote", "--container-runtime-endpoint=unix:///run/containerd/containerd.sock",
        f"--hostname-override={settings.name}", f"--node-ip={settings.address}",
    ]  # fmt: skip


def own_files(settings: Settings, kubeconfig: dict) -> dict[str, str]:
    """Return the files that a node has beside the common tree."""
    # Without a registry there is one sandbox image. This machine may keep root from changing oom scores.
    runtime = {"sandbox_image": IMAGES[1], "restrict_oom_score_adj": True}
    network = {
        "cniVersion": "0.4.0",
        "name": "pods",
        "plugins": [
            {
                "type": "bridge",
                "bridge": "cni0",
                "isGateway": True,
                "ipam": {"type": "host-local", "subnet": f"10.88.{settings.number}.0/24"},
            }
        ],
    }
    return {
        "etc/containerd/config.toml": _toml(runtime),
        "etc/cni/net.d/10-pods.conflist": json.dumps(network),
        "etc/kubernetes/kubelet.yaml": yaml.safe_dump(kubelet_configuration(settings.address)),
        "etc/kubernetes/kubeconfig": yaml.safe_dump(kubeconfig),
        "etc/hosts": f"127.0.0.1 localhost\n{settings.address} {settings.name}\n",
        "etc/resolv.conf": "",
    }


def _toml(runtime: dict) -> str:
    lines = ["version = 2", '[plugins."io.containerd.grpc.v1.cri"]']
    lines += [f"{key} = {'true' if value is True else repr(value)}" for key, value in runtime.items()]
    lines += ['[plugins."io.containerd.grpc.v1.cri".cni]', 'bin_dir = "/usr/lib/cni"', 'conf_dir = "/etc/cni/net.d"']
    return "\n".join(lines) + "\n"


def kubelet_configuration(address: str) -> dict:
    """Return the file that a kubelet is told by, but for what is its command line."""
    return {
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "address": address,
        "authentication": {"anonymous": {"enabled": True}, "webhook": {"enabled": False}},
        "authorization": {"mode": "AlwaysAllow"},
        "cgroupDriver": "cgroupfs",
        "failSwapOn": False,
        "makeIPTablesUtilChains": False,
        # With these it refuses to start where it would have to change a sysctl.
        "protectKernelDefaults": True,
        "resolvConf": "/etc/resolv.conf",
        "evictionHard": {"memory.available": "50Mi", "nodefs.available": "1%", "imagefs.available": "1%"},
    }


class Node:
    """A node that runs. image is the archive that its containerd gets."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.name = settings.name
        self._process: subprocess.Popen | None = None

    def start(self, kubeconfig: dict, image: pathlib.Path) -> None:
        """Start everything, and give it a cable to the bridge of this namespace."""
        self._write_files(kubeconfig, image)
        script = enter_script(self._settings, hierarchies(pathlib.Path("/proc/mounts").read_text()))
        with (self._settings.folder / "log/node.log").open("wb") as log:
            self._process = subprocess.Popen(["sh", "-c", script], stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        self._wait("its network namespace is there", self._has_own_network)
        self._connect(self._process.pid)

    def _write_files(self, kubeconfig: dict, image: pathlib.Path) -> None:
        folder = self._settings.folder
        for name in ("own/etc/kubernetes", "own/var/lib/containerd", "work", "root", "containerd", "log"):
            (folder / name).mkdir(parents=True)
        files = {f"own/{name}": text for name, text in own_files(self._settings, kubeconfig).items()}
        files.update({f"sysctls/{name}": value + "\n" for name, value in SYSCTLS.items()})
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
        shutil.copy(image, folder / "own/etc/kubernetes/image.tar")

    def _has_own_network(self) -> bool:
        if self._process.poll() is not None:
            raise RuntimeError(f"{self.name} has ended: {self.log('node')}")
        own = pathlib.Path("/proc/self/ns/net").readlink()
        return pathlib.Path(f"/proc/{self._process.pid}/ns/net").readlink() != own

    def _connect(self, pid: int) -> None:
        cable = f"veth{self._settings.number}"
        inside = ["nsenter", f"--net=/proc/{pid}/ns/net"]
        plain = "gso off tso off gro off tx off".split()
        for argv in (
            ["ip", "link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", str(pid)],
            ["ethtool", "-K", cable, *plain],
            [*inside, "ethtool", "-K", "eth0", *plain],
            ["ip", "link", "set", cable, "master", "br0", "up"],
        ):
            subprocess.run(argv, check=True, capture_output=True)

    def _wait(self, what: str, look) -> None:
        deadline = time.monotonic() + PATIENCE
        while not look():
            if time.monotonic() > deadline:
                raise TimeoutError(f"{self.name}: {what}: not within {PATIENCE} s\n{self.log('node')}")
            time.sleep(0.1)

    def log(self, program: str) -> str:
        """Return what containerd, kubelet or the node's first process have said, as far as they were started."""
        path = self._settings.folder / f"log/{program}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def _first_process(self) -> int:
        children = pathlib.Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text()
        return int(children.split()[0])

    def run(self, *argv: str) -> str:
        """Run a command in the node and return what it printed."""
        enter = ["nsenter", f"--target={self._first_process()}", "--all", "--root", "--wd"]
        return subprocess.run([*enter, *argv], check=True, capture_output=True, text=True).stdout

    def volumes_mounted(self) -> list[str]:
        """Return where volumes of GlusterFS are mounted in the node."""
        lines = pathlib.Path(f"/proc/{self._first_process()}/mounts").read_text().splitlines()
        return [line.split()[1] for line in lines if line.split()[2] == "fuse.glusterfs"]

    def end(self) -> None:
        """End all that runs in the node, and say what it said last; what it had mounted goes with it."""
        if not self._process:
            return
        for program in ("containerd", "kubelet"):
            print(f"{self.name}: {program}:", *self.log(program).splitlines()[-20:], sep="\n  ")
        # It ignores SIGTERM. Its death is the death of the node's first process, and of all others there.
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        assert not remove_cgroups(self.name)


def cgroups(name: str = "*") -> list[pathlib.Path]:
    """Return the cgroups of a node, or of all nodes."""
    return sorted(CGROUPS.glob(f"*/{cgroup_name(name)}"))


def remove_cgroups(name: str = "*") -> list[pathlib.Path]:
    """Remove the cgroups of a node or of all nodes; return those whose processes do not end in time."""
    deadline = time.monotonic() + PATIENCE
    while cgroups(name) and time.monotonic() < deadline:
        for group in cgroups(name):
            _remove_empty(group)
        time.sleep(0.1)
    return cgroups(name)


def _remove_empty(group: pathlib.Path) -> None:
    """Remove a cgroup and those in it, the deepest first, as far as no process is in them."""
    inner = sorted(group.rglob("*/"), key=lambda path: len(path.parts), reverse=True)
    for one in [*inner, group]:
        with contextlib.suppress(OSError):
            one.rmdir()
