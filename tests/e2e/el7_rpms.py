# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds RPMs named as the CentOS storage SIG's of GlusterFS 7.5, with their dependencies and Debian's real files.

C(python el7_rpms.py SPEC FOLDER NAME...) takes the files from the packages that the lab of that spec serves, and makes
of these what is named: FOLDER/set (the eleven of docs/offline-el7.md, and a stray one), FOLDER/base (what a node's own
repository has), FOLDER/extra (what does not fit), FOLDER/python (python3 and what it needs).
"""

from __future__ import annotations

import concurrent.futures
import fnmatch
import pathlib
import shutil
import sys
import tempfile
from typing import NamedTuple

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lab"))
from brickwork_lab import host  # noqa: E402
from brickwork_lab.image import build_image  # noqa: E402
from brickwork_lab.kernel import find_kernel  # noqa: E402
from brickwork_lab.spec import load_spec  # noqa: E402

#: Program that must be on this machine -> the Debian package that brings it.
NEEDED = {"rpmbuild": "rpm", "createrepo_c": "createrepo-c", "gpg": "gnupg"}
XLATORS = "usr/lib/*/glusterfs/*/xlator"


class Rpm(NamedTuple):
    """A package to build.

    Its files are those of the Debian packages that match a pattern and that no package before it has taken.
    A requirement =NAME is NAME of this package's own version. folders are empty ones that it owns.
    """

    name: str
    version: str = "7.5"
    release: str = "1.el7"
    debs: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ("*",)
    requires: tuple[str, ...] = ()
    provides: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    arch: str = "x86_64"

    @property
    def file(self) -> str:
        """Its file's name."""
        return f"{self.name}-{self.version}-{self.release}.{self.arch}.rpm"


#: As glusterfs.spec of release 7 has it, without what the scriptlets and the libraries of EL7 need.
SET = (
    Rpm("glusterfs-libs", debs=("libglusterfs0", "libgfrpc0", "libgfxdr0", "libglusterd0", "libgfchangelog0")),
    Rpm("glusterfs-api", debs=("libgfapi0",), requires=("=glusterfs", "=glusterfs-client-xlators")),
    Rpm("glusterfs-cli", debs=("glusterfs-cli",), requires=("=glusterfs-libs",)),
    Rpm(
        "glusterfs-client-xlators",
        debs=("glusterfs-common",),
        patterns=(f"{XLATORS}/cluster/*", f"{XLATORS}/protocol/client.so"),
    ),
    Rpm(
        "glusterfs-fuse",
        debs=("glusterfs-client", "glusterfs-common"),
        patterns=("*/mount.glusterfs", "*/fusermount-glusterfs", f"{XLATORS}/mount/fuse.so"),
        requires=("attr", "psmisc", "=glusterfs", "=glusterfs-client-xlators"),
        provides=("glusterfs-client = 7.5-1.el7",),
    ),
    Rpm(
        "glusterfs-server",
        debs=("glusterfs-server", "glusterfs-common"),
        patterns=(
            "etc/*", "usr/lib/systemd/*", "usr/lib/tmpfiles.d/*", "usr/sbin/glusterd", "var/*", f"{XLATORS}/mgmt/*",
        ),
        requires=(
            "=glusterfs", "=glusterfs-cli", "=glusterfs-libs", "=glusterfs-fuse", "=glusterfs-api",
            "=glusterfs-client-xlators", "lvm2", "rpcbind", "pyxattr",
        ),
        folders=("var/lib/glusterd", "run/gluster"),
    ),
    Rpm(
        "glusterfs",
        debs=("glusterfs-common", "glusterfs-client"),
        requires=("=glusterfs-libs", "liburcu-bp.so.6()(64bit)"),
        folders=("var/log/glusterfs",),
    ),
    Rpm("glusterfs-api-devel", requires=("=glusterfs", "=glusterfs-devel", "libacl-devel")),
    Rpm("psmisc", "22.20", "15.el7", debs=("psmisc",)),
    Rpm("userspace-rcu", "0.10.0", "3.el7", debs=("liburcu8",), provides=("liburcu-bp.so.6()(64bit)",)),
    Rpm("userspace-rcu", "0.7.16", "1.el7", provides=("liburcu-bp.so.1()(64bit)",)),
    Rpm("cowsay", "3.04", "4.el7", arch="noarch"),
)  # fmt: skip
#: What EL7's own repositories have.
BASE = (
    Rpm("attr", "2.4.46", "13.el7", debs=("attr",)),
    Rpm("rpcbind", "0.2.0", "49.el7"),
    Rpm("lvm2", "2.02.187", "6.el7"),
    Rpm("pyxattr", "0.5.1", "5.el7"),
    Rpm(
        "python3-dnf-plugin-versionlock", "4.0.21", "1.el8", debs=("dnf-plugins-core",),
        patterns=("etc/dnf/plugins/versionlock.*", "*/dnf-plugins/versionlock.py", "*/dnfpluginscore/*"),
    ),
)  # fmt: skip
#: python3 with what a bare Debian lacks of it, and what Ansible needs to speak to apt.
PYTHON = (
    Rpm("libexpat", "2.5.0", "1.el9", debs=("libexpat1",)),
    Rpm("python3-libs", "3.11.2", "1.el9", requires=("libexpat",), debs=(
        "libpython3.11-minimal", "libpython3.11-stdlib", "libpython3-stdlib", "libsqlite3-0", "libreadline8",
    )),
    Rpm("python3", "3.11.2", "1.el9", requires=("python3-libs",), debs=(
        "python3.11-minimal", "python3.11", "python3-minimal", "python3", "python3-apt",
    )),
)  # fmt: skip
EXTRA = (Rpm("glusterfs-libs", arch="aarch64"), Rpm("glusterfs-libs", "9.2"))
FOLDERS = {"set": SET, "base": BASE, "extra": EXTRA, "python": PYTHON}
_SPEC = """Name: {rpm.name}
Version: {rpm.version}
Release: {rpm.release}
Summary: Made of Debian's files, for a test
License: GPLv3+
AutoReqProv: no
{relations}
%description
Made of Debian's files, for a test.
%files
{files}
"""
_MACROS = {
    "_build_id_links": "none",
    "__os_install_post": "%{nil}",
    "debug_package": "%{nil}",
    "_binary_payload": "w1.gzdio",
}


def main() -> None:
    """Build what the command line asks for."""
    spec, folder, *names = sys.argv[1:]
    build_folders(pathlib.Path(spec), pathlib.Path(folder), names)


def build_folders(spec_path: pathlib.Path, folder: pathlib.Path, names: list[str]) -> None:
    """Build the folders of these names, of FOLDERS, anew in a folder; a node can use each as a repository."""
    spec = load_spec(spec_path)
    host.install_missing(NEEDED)
    debs = build_image(spec, find_kernel(spec.kernel)) / "packages"
    shutil.rmtree(folder, ignore_errors=True)
    for name in names:
        build_all(FOLDERS[name], debs, folder / name)
        index(folder / name)


def index(folder: pathlib.Path) -> None:
    """Make a repository of a folder."""
    host.run(["createrepo_c", "--quiet", str(folder)], f"indexing {folder}")


def new_key(home: pathlib.Path) -> str:
    """Make a key for signing, and return its public part; home is a new folder for GnuPG."""
    home.mkdir(mode=0o700)
    gpg = ["gpg", "--homedir", str(home), "--batch", "--quiet", "--passphrase", ""]
    host.run([*gpg, "--quick-gen-key", "test@example.com", "rsa2048", "sign", "never"], "making a key")
    public = host.run([*gpg, "--armor", "--export"], "reading the key")
    _end_agent(home)
    return public


def sign_all(folder: pathlib.Path, home: pathlib.Path) -> None:
    """Sign the RPMs of a folder with the key of a GnuPG folder."""
    rpms = sorted(str(path) for path in folder.glob("*.rpm"))
    macros = {"_gpg_name": "test@example.com", "_gpg_path": str(home), "__gpg": str(shutil.which("gpg"))}
    host.run(["rpmsign", *_defines(macros), "--addsign", *rpms], "signing the RPMs")
    _end_agent(home)


def _end_agent(home: pathlib.Path) -> None:
    """GnuPG leaves a process behind."""
    host.run(["gpgconf", "--homedir", str(home), "--kill", "all"], "ending GnuPG's agent")


def _defines(macros: dict[str, str]) -> list[str]:
    return [word for name, value in macros.items() for word in ("--define", f"{name} {value}")]


def build_all(rpms: tuple[Rpm, ...], debs: pathlib.Path, folder: pathlib.Path) -> None:
    """Build RPMs into a folder; debs is the folder of the Debian packages that their files come from."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work, concurrent.futures.ThreadPoolExecutor(4) as pool:
        trees = Trees(debs, pathlib.Path(work))
        jobs = [pool.submit(build, one, trees.root_of(one), folder) for one in rpms]
        for job in jobs:
            job.result()


class Trees:
    """Debian packages unpacked, from which RPM after RPM takes its files."""

    def __init__(self, debs: pathlib.Path, work: pathlib.Path) -> None:
        self._debs = debs
        self._work = work

    def root_of(self, one: Rpm) -> pathlib.Path:
        """Return a folder with the files that an RPM is to have; each has one of its own, too."""
        root = self._work / f"{one.name}-{one.version}" / "root"
        readme = root / "usr/share/doc" / f"{one.name}-{one.version}" / "README"
        readme.parent.mkdir(parents=True)
        readme.write_text(f"{one.name} {one.version}, for a test\n")
        for deb in one.debs:
            _move(self._unpacked(deb), root, one.patterns)
        for folder in one.folders:
            (root / folder).mkdir(parents=True, exist_ok=True)
        return root

    def _unpacked(self, deb: str) -> pathlib.Path:
        tree = self._work / "debs" / deb
        if not tree.exists():
            tree.parent.mkdir(exist_ok=True)
            [archive] = self._debs.glob(f"{deb}_*.deb")
            host.run(["dpkg-deb", "-x", str(archive), str(tree)], f"unpacking {deb}")
        return tree


def _move(tree: pathlib.Path, root: pathlib.Path, patterns: tuple[str, ...]) -> None:
    """Move the files of a tree that match to where they belong in a root."""
    for path in sorted(tree.rglob("*")):
        name = str(path.relative_to(tree))
        # Debian's /lib, /bin and /sbin lie in /usr.
        name = name if name.partition("/")[0] in ("etc", "usr", "var") else f"usr/{name}"
        if _is_folder(path) or "/share/" in name or not any(fnmatch.fnmatch(name, pattern) for pattern in patterns):
            continue
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        path.rename(root / name)


def _is_folder(path: pathlib.Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def build(one: Rpm, root: pathlib.Path, folder: pathlib.Path) -> None:
    """Build an RPM of the files in root into a folder."""
    top = root.parent
    (top / "rpm.spec").write_text(specification(one, root))
    macros = {**_MACROS, "_topdir": str(top), "_rpmdir": str(top), "_dbpath": str(top / "db")}
    argv = ["rpmbuild", "-bb", "--quiet", "--target", one.arch, "--buildroot", str(root), *_defines(macros)]
    host.run([*argv, str(top / "rpm.spec")], f"building {one.file}")
    shutil.move(top / one.arch / one.file, folder / one.file)


def specification(one: Rpm, root: pathlib.Path) -> str:
    """Return the text of an RPM's spec file."""
    relations = [f"Requires: {_requirement(one, text)}" for text in one.requires]
    relations += [f"Provides: {text}" for text in one.provides]
    files = [f"%dir /{name}" for name in one.folders]
    names = [str(path.relative_to(root)) for path in sorted(root.rglob("*")) if not _is_folder(path)]
    files += [("%config(noreplace) /" if name.startswith("etc/") else "/") + name for name in names]
    return _SPEC.format(rpm=one, relations="\n".join(relations), files="\n".join(files))


def _requirement(one: Rpm, text: str) -> str:
    return f"{text[1:]}%{{?_isa}} = {one.version}-{one.release}" if text.startswith("=") else text


if __name__ == "__main__":
    main()
