# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can't be installed is refused before the first change, and all of it is named at once."""

import hashlib

import pytest

_CLI = "glusterfs-cli-7.5-1.el7.x86_64.rpm"
_NO_REPOSITORY = "mv /etc/yum.repos.d/base.repo /srv/"
_REPOSITORY = "mv /srv/base.repo /etc/yum.repos.d/"
_FUSE_MISSING = "glusterfs-fuse is not there, and glusterfs-server-7.5-1.el7.x86_64 needs it"
_SMALL = "/usr/lib/x86_64-linux-gnu/glusterfs"

#: Case -> what is done to the folder or the machine, how that is undone, and what must be said.
CASES = {
    "a package of the set is missing": ("rm glusterfs-fuse-*", "", [_FUSE_MISSING]),
    "wrong architecture": (
        "rm glusterfs-libs-*; ln /srv/extra/*.aarch64.rpm .",
        "",
        ["glusterfs-libs-7.5-1.el7.aarch64.rpm is for aarch64, and the node is x86_64"],
    ),
    "wrong release": (
        "cp -P /etc/os-release /srv; rm /etc/os-release; printf 'ID=rhel\\nVERSION_ID=9.4\\n' > /etc/os-release",
        "rm /etc/os-release; mv /srv/os-release /etc",
        ["built for Enterprise Linux 7, and the node is release 9: glusterfs-7.5-1.el7.x86_64.rpm, "],
    ),
    "unmet requirements": (
        _NO_REPOSITORY,
        _REPOSITORY,
        [
            "attr (glusterfs-fuse-7.5-1.el7.x86_64 needs it)",
            "pyxattr (glusterfs-server-7.5-1.el7.x86_64 needs it)",
            "rpcbind (glusterfs-server-7.5-1.el7.x86_64 needs it)",
            "dnf says",
        ],
    ),
    "a truncated file": (f"rm {_CLI}; head -c 90000 /srv/set/{_CLI} > {_CLI}", "", [f"{_CLI} is broken"]),
    "a newer version on the node": (
        "rpm -U /srv/extra/glusterfs-libs-9.2*",
        "rpm -e glusterfs-libs",
        ["the node has glusterfs-libs-9.2-1.el7.x86_64, which is newer than", "allow_downgrade"],
    ),
    "no space for the packages": (
        f"ln /srv/base/*.rpm .; mkdir -p {_SMALL}; mount -t tmpfs -o size=200k none {_SMALL}",
        f"umount {_SMALL}",
        ["installing package glusterfs-7.5-1.el7.x86_64 needs", f"on the {_SMALL} filesystem"],
    ),
    "several at once": (
        f"rm glusterfs-fuse-*; echo text > notes.rpm; ln /srv/extra/*9.2* .; {_NO_REPOSITORY}",
        _REPOSITORY,
        [_FUSE_MISSING, "notes.rpm is no rpm", "rpcbind (glusterfs-server-7.5-1.el7.x86_64 needs it)"],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_refused(spare, case):
    spoil, undo, words = CASES[case]
    path = spare.spoil(spoil)
    try:
        said = spare.refused(path)
    finally:
        spare.run(undo or "true")
    print(said[:900])
    assert [word for word in words if word not in said] == [], said
    assert "path: the packages of /srv/case can't be installed on spare1, and nothing was changed" in said


def test_no_space_for_the_files(spare, folder):
    spare.run("mkdir -p /var/cache/brickwork; mount -t tmpfs -o size=1m none /var/cache/brickwork")
    try:
        said = spare.refused(str(folder), remote_src=False)
    finally:
        spare.run("umount /var/cache/brickwork; rmdir /var/cache/brickwork")
    assert "in /var/cache/brickwork/rpms, and " in said


def test_checksums(spare, folder):
    sums = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.rpm")}
    sums[_CLI] = "0" * 64
    del sums["cowsay-3.04-4.el7.noarch.rpm"]
    said = spare.refused("/srv/set", checksums="".join(f"{value}  {name}\n" for name, value in sums.items()))
    assert f"{_CLI} has the sha256" in said and f"checksums says {sums[_CLI]}" in said
    assert "cowsay-3.04-4.el7.noarch.rpm is not named in checksums" in said


def test_no_folder(spare):
    assert "path: found no folder /srv/nowhere" in spare.refused("/srv/nowhere")
    assert "path: there is no folder /nowhere on the controller" in spare.refused("/nowhere", remote_src=False)
    assert "path: http://127.0.0.1:9/" in spare.refused("http://127.0.0.1:9/")
