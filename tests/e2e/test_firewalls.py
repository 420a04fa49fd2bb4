# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The firewalls as Debian has them, each in a tree and a network of its own: the lab's kernel has no packet filter."""

import pathlib
import subprocess

import pytest
from brickwork_lab import host
from brickwork_lab.cache import cached

ROOT = pathlib.Path(__file__).resolve().parents[2]
PACKAGES = ("python3", "nftables", "ufw", "firewalld", "dbus", "iproute2")
COLLECTION = "opt/ansible_collections/brickwork/gluster"
#: Nothing of this is seen outside of its mount and network namespaces, and nothing is left in the tree.
SCRIPT = f"""
mount -t tmpfs tmpfs "$2"
mkdir "$2/upper" "$2/work" "$2/root"
mount -t overlay overlay -o "lowerdir=$1,upperdir=$2/upper,workdir=$2/work" "$2/root"
cd "$2/root"
mkdir -p {COLLECTION}
mount --bind "$3" {COLLECTION}
mount -t proc proc proc
mount --rbind /dev dev
mount -t tmpfs tmpfs run
exec chroot . env PYTHONPATH=/opt PYTHONDONTWRITEBYTECODE=1 python3 /{COLLECTION}/tests/e2e/firewall_on_node.py "$4"
"""


def build_tree(folder):
    """Make a Debian with all three firewalls in it."""
    host.install_missing(host.NEEDED)
    argv = ["mmdebstrap", "--quiet", "--variant=minbase", "--mode=root", "--include=" + ",".join(PACKAGES)]
    host.run([*argv, "bookworm", str(folder / "tree")], "building a tree with firewalls")


@pytest.fixture(scope="module")
def tree():
    """A Debian with all three firewalls; nothing can be tried where this machine's kernel has no packet filter."""
    tree = cached("firewalls", PACKAGES, build_tree) / "tree"
    argv = ["unshare", "--net", "chroot", str(tree), "nft", "list", "ruleset"]
    probe = subprocess.run(argv, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=30, check=False)
    if probe.returncode != 0:
        pytest.skip(f"NO FIREWALL WAS TRIED: this kernel has no packet filter ({probe.stdout.strip()})")
    return tree


@pytest.mark.parametrize("firewall", ["nftables", "ufw", "firewalld"])
def test_ports_are_opened_to_the_storage_network(firewall, tree, tmp_path):
    argv = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "sh", "-ec", SCRIPT, "sh"]
    done = subprocess.run(
        [*argv, str(tree), str(tmp_path), str(ROOT), firewall],
        text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120, check=False,
    )  # fmt: skip
    print(done.stdout)
    assert done.returncode == 0, done.stdout[-4000:]
