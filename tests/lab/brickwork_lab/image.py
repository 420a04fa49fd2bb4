# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guests' system: a bare Debian as a disk image, the packages that it may install, and the keys to get in."""

from __future__ import annotations

import os
import pathlib
import shutil
import tempfile
from collections.abc import Iterator

from brickwork_lab import host
from brickwork_lab.cache import cached
from brickwork_lab.kernel import Kernel
from brickwork_lab.spec import Spec

#: Changes whenever this file builds something else, so that nobody boots an old image.
RECIPE = 7

BARE = (
    "systemd", "systemd-sysv", "udev", "dbus", "openssh-server", "python3", "python3-apt", "iproute2", "kmod",
    "procps", "ca-certificates", "netbase",
)  # fmt: skip
PYTHON = ("python3", "python3-apt")
MODULES = ("fuse", "dm_mod", "dm_thin_pool", "dm_snapshot")
MASKED = (
    "systemd-logind.service", "systemd-networkd-wait-online.service", "systemd-timesyncd.service",
    "getty@tty1.service", "e2scrub_reap.service", "e2scrub_all.timer", "apt-daily.timer", "apt-daily-upgrade.timer",
    "dpkg-db-backup.timer", "fstrim.timer", "motd-news.timer", "man-db.timer",
)  # fmt: skip
#: The disk on which each guest finds a tar file with its own address, names and repository.
CONFIG_DISK = "ubdp"

_CONFIG_UNIT = f"""[Unit]
Description=Take this guest's own files from the lab
DefaultDependencies=no
After=systemd-remount-fs.service
Before=sysinit.target systemd-networkd.service network-pre.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/tar --extract --file=/dev/{CONFIG_DISK} --directory=/ --no-same-owner --keep-directory-symlink

[Install]
WantedBy=sysinit.target
"""
# People and inventories speak of /dev/sdb; only data disks (b to o) get such a name.
_DISK_RULE = 'KERNEL=="ubd[b-o]", PROGRAM="/bin/sh -c \'n=%k; echo sd$${n#ubd}\'", SYMLINK+="%c"\n'
_FAST_DPKG = "force-unsafe-io\npath-exclude=/usr/share/man/*\npath-exclude=/usr/share/locale/*\n"


def build_image(spec: Spec, kernel: Kernel) -> pathlib.Path:
    """Return the folder with base.img, packages/, id (the key to log in) and host_key.pub for a spec."""
    parts = [RECIPE, spec.suite, sorted(spec.packages), bare_packages(spec), list(spec.upgrades), kernel.version]
    return cached(f"guest-{spec.suite}", parts, lambda folder: _build(folder, spec, kernel))


def bare_packages(spec: Spec) -> list[str]:
    """Return what every guest of a spec has from the start."""
    bare = [package for package in BARE if spec.python or package not in PYTHON]
    return bare + sorted(spec.include)


def _build(folder: pathlib.Path, spec: Spec, kernel: Kernel) -> None:
    host.say(f"building a bare {spec.suite} and its repository")
    # Inside the unfinished folder, so that it goes with that one if this is cut off.
    with tempfile.TemporaryDirectory(prefix="tree-", dir=folder) as temporary:
        tree = pathlib.Path(temporary) / "tree"
        packages = folder / "packages"
        packages.mkdir(parents=True)
        host.run(mmdebstrap_argv(spec, tree, packages), f"building a bare {spec.suite}")
        _index(packages)
        (packages / spec.suite).symlink_to(".")
        for suite in spec.upgrades:
            _index((folder / suite).rename(packages / suite))
        # Bullseye's /lib is no link to /usr/lib.
        shutil.copytree(kernel.modules, tree / "lib/modules" / kernel.version, symlinks=True)
        _make_keys(folder, tree)
        _customise(tree)
        host.say("making the disk image")
        host.run(["mkfs.ext4", "-q", "-F", "-d", str(tree), str(folder / "base.img"), "4G"], "making the disk image")


def _index(packages: pathlib.Path) -> None:
    index = host.run(["dpkg-scanpackages", "--multiversion", "."], "indexing the packages", cwd=packages)
    (packages / "Packages").write_text(index)


def mmdebstrap_argv(spec: Spec, tree: pathlib.Path, packages: pathlib.Path) -> list[str]:
    """Return the command that makes a spec's tree and fetches its packages, and those of its upgrades beside them."""
    argv = ["mmdebstrap", "--quiet", "--variant=minbase", "--mode=root", "--include=" + ",".join(bare_packages(spec))]
    argv += [f"--dpkgopt={line}" for line in _FAST_DPKG.splitlines()]
    if spec.packages:
        # apt knows best what a bare system lacks: it gets just those, and nothing of them stays in the image.
        get = "apt-get install --yes --no-install-recommends --download-only"
        argv.append(f'--customize-hook=chroot "$1" {get} {" ".join(sorted(spec.packages))}')
        argv.append(f'--customize-hook=mv "$1"/var/cache/apt/archives/*.deb {packages}/')
    return [*argv, *_upgrade_hooks(spec, packages), spec.suite, str(tree)]


def _upgrade_hooks(spec: Spec, packages: pathlib.Path) -> Iterator[str]:
    """Return the options that fetch what it takes to bring the bare system to later suites; the system stays."""
    before = spec.suite
    for suite in spec.upgrades:
        folder = packages.parent / suite
        yield f'--customize-hook=mkdir -p {folder}; rm -f "$1"/var/cache/apt/archives/*.deb'
        yield f'--customize-hook=sed -i "s/{before}/{suite}/g" "$1"/etc/apt/sources.list'
        yield '--customize-hook=chroot "$1" apt-get update'
        for get in ("dist-upgrade", f"install {' '.join(sorted(spec.packages))}"):
            yield f'--customize-hook=chroot "$1" apt-get {get} --yes --no-install-recommends --download-only'
        yield f'--customize-hook=mv "$1"/var/cache/apt/archives/*.deb {folder}/'
        before = suite


def _make_keys(folder: pathlib.Path, tree: pathlib.Path) -> None:
    host.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "lab", "-f", str(folder / "id")], "making a key")
    for key in tree.glob("etc/ssh/ssh_host_*"):
        key.unlink()
    host_key = tree / "etc/ssh/ssh_host_ed25519_key"
    host.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "lab", "-f", str(host_key)], "making a host key")
    shutil.copy(f"{host_key}.pub", folder / "host_key.pub")
    ssh = tree / "root/.ssh"
    ssh.mkdir(mode=0o700, exist_ok=True)
    shutil.copy(folder / "id.pub", ssh / "authorized_keys")


def _customise(tree: pathlib.Path) -> None:
    files = {
        "etc/modules-load.d/lab.conf": "\n".join(MODULES) + "\n",
        "etc/systemd/system/lab-config.service": _CONFIG_UNIT,
        # The kernel that boots itself anew does not get its network again.
        "etc/systemd/system/systemd-reboot.service.d/lab.conf": "[Unit]\nSuccessAction=poweroff-force\n",
        "etc/udev/rules.d/70-lab-disks.rules": _DISK_RULE,
        "etc/dpkg/dpkg.cfg.d/lab": _FAST_DPKG,
        "etc/fstab": "/dev/ubda / ext4 defaults,noatime 0 0\n",
        "etc/ssh/sshd_config.d/lab.conf": "UseDNS no\nPermitRootLogin yes\n",
        # Each guest must get an identity of its own, given on the kernel's command line.
        "etc/machine-id": "",
    }
    for name, text in files.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(text)
    (tree / "var/lib/dbus/machine-id").unlink(missing_ok=True)
    (tree / "etc/apt/sources.list").unlink(missing_ok=True)
    shutil.rmtree(tree / "etc/apt/sources.list.d", ignore_errors=True)
    # Empty lists are not fresh ones: apt must know that it has never read the lab's repository.
    os.utime(tree / "var/lib/apt/lists", (0, 0))
    for verb, units in (("enable", ("lab-config", "systemd-networkd", "ssh")), ("mask", MASKED)):
        host.run(["chroot", str(tree), "systemctl", verb, *units], f"{verb} units in the guest's tree")
