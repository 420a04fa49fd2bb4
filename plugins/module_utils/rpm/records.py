# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Packages in a folder and on a node. Immutable; sizes in bytes. PRIVATE to the collection."""

from typing import Dict, List, NamedTuple, Optional, Tuple

#: What the packages of GlusterFS's set are called. All of one set have one version.
SET = "glusterfs"
#: What is needed beside the set. A node has it, too, if the program is there and no package of that name.
PROGRAMS = {
    "attr": "getfattr",
    "psmisc": "killall",
    "rpcbind": "rpcbind",
    "lvm2": "lvm",
    "device-mapper-persistent-data": "thin_check",
    "xfsprogs": "mkfs.xfs",
}


def is_of_the_set(name: str) -> bool:
    """Whether a package belongs to GlusterFS itself: glusterfs, glusterfs-server and so on."""
    return name == SET or name.startswith(SET + "-")


class Evr(NamedTuple):
    """Epoch, version and release of a package."""

    epoch: int
    version: str
    release: str

    def __str__(self) -> str:
        return "%s%s-%s" % ("%s:" % self.epoch if self.epoch else "", self.version, self.release)


class Requirement(NamedTuple):
    """What a package needs: a package's name, a library or a file, with a version where it says one."""

    name: str
    text: str


class Package(NamedTuple):
    """A package, as its header says. file is its name in the folder, "" for one that is installed."""

    name: str
    evr: Evr
    arch: str
    file: str = ""
    provides: Tuple[str, ...] = ()
    requires: Tuple[Requirement, ...] = ()

    @property
    def nevra(self) -> str:
        """How rpm names it."""
        return "%s-%s-%s.%s" % (self.name, self.evr.version, self.evr.release, self.arch)


class FolderFile(NamedTuple):
    """A file of the folder: where it is now, and where it is to stay (the same, if it is there already)."""

    name: str
    path: str
    place: str
    size: int


class Unmet(NamedTuple):
    """A requirement that neither the folder nor the node meets, and the package that has it, as rpm names it."""

    requirement: str
    package: str


class Trial(NamedTuple):
    """What rpm says of a transaction without doing it."""

    unmet: Tuple[Unmet, ...] = ()
    problems: Tuple[str, ...] = ()


class Node(NamedTuple):
    """What is on the node. el is the release of Enterprise Linux, None elsewhere.

    manager: dnf, yum or rpm. programs: those of PROGRAMS that are there.
    interrupted: whether a transaction of ours was cut off; damaged: packages whose files are not as they should be.
    emptied: path -> package of configuration that it wrote and that was not on the disk yet when the power went.
    """

    host: str
    arch: str
    el: Optional[int]
    manager: str
    installed: Tuple[Package, ...] = ()
    programs: Tuple[str, ...] = ()
    interrupted: bool = False
    damaged: Tuple[str, ...] = ()
    emptied: Dict[str, str] = {}

    def versions(self, name: str) -> List[Package]:
        """Return the installed packages of that name; more than one after a transaction that was cut off."""
        return [package for package in self.installed if package.name == name]

    def has(self, name: str) -> bool:
        """Whether what that package brings is there."""
        return bool(self.versions(name)) or PROGRAMS.get(name) in self.programs
