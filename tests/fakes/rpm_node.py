# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A node with packages in memory that answers rpm and dnf, and the folder whose files are put on it.

C(cut) says of which package on a transaction is cut off: those before it are installed, its own files are not whole.
C(configuration) is package -> path of a file that rpm leaves as it is, once it is there.
"""

import json

from ansible_collections.brickwork.gluster.plugins.module_utils.command import Result
from ansible_collections.brickwork.gluster.plugins.module_utils.rpm.answers import FILES_FORMAT
from ansible_collections.brickwork.gluster.plugins.module_utils.rpm.host import MARK
from ansible_collections.brickwork.gluster.plugins.module_utils.rpm.records import Evr, FolderFile, Package, Requirement
from ansible_collections.brickwork.gluster.plugins.module_utils.rpm.versions import compare

OK = Result(0, "", "")


class PowerCut(Exception):
    """The node went away in the middle."""


def make_package(name, version="7.5-1.el7", requires=(), provides=(), arch="x86_64"):
    """Return a Package with a file; a requirement =NAME is NAME of the same version."""
    number, release = version.split("-")
    texts = [text[1:] + "(x86-64) = " + version if text.startswith("=") else text for text in requires]
    return Package(
        name=name,
        evr=Evr(0, number, release),
        arch=arch,
        file="%s-%s.%s.rpm" % (name, version, arch),
        provides=(name, name + "(x86-64)") + tuple(provides),
        requires=tuple(Requirement(text.split(" ")[0], text) for text in texts),
    )


class FakeNode:
    """Also stands in for NodeFiles and for a source of files."""

    def __init__(self, folder, installed=(), repositories=(), programs=("rpm", "dnf"), os_release=""):
        self.folder = {package.file: package for package in folder}
        self.installed = list(installed)
        self.repositories = {package.name: package for package in repositories}
        self.programs = set(programs)
        self.texts = {"/etc/os-release": os_release}
        self.corrupt = set()
        self.damaged = set()
        self.configuration = {}
        self.signed = set()
        self.cut = None
        self.calls = []

    # A source of files

    #: Where files are to stay; the same as where they are, if they are not brought from elsewhere.
    staging = "/f/"

    def missing(self):
        return []

    lacking = missing

    def names(self):
        return sorted(self.folder)

    def files(self):
        return tuple(FolderFile(name, self._path(name), self.staging + name, 1) for name in sorted(self.folder))

    def _path(self, name):
        return self.staging + name if self.staging + name in self.texts else "/f/" + name

    # What a NodeFiles does

    def begins_as_rpm(self, path):
        return self.folder[_name(path)] is not None

    def read(self, path):
        return self.texts.get(path, "")

    def write(self, path, text, mode=None):
        self.texts[path] = text

    replace = write

    def exists(self, path):
        return path in self.texts

    def move(self, path, place):
        self.texts[place] = "of the folder"

    def remove(self, path):
        del self.texts[path]

    def remove_when_all_is_written(self, path):
        self.texts.pop(path, None)

    def is_empty(self, path):
        return self.texts.get(path) == ""

    def program(self, name):
        return name in self.programs

    # What the commands do

    @property
    def changes(self):
        """The commands that changed something."""
        return [
            argv
            for argv in self.calls
            if {"-U", "install", "reinstall"} & set(argv) and not {"--test", "--assumeno"} & set(argv)
        ]

    def run(self, argv, timeout):
        self.calls.append(list(argv))
        if argv[0] == "dnf":
            return self._dnf(argv)
        for option, answer in (
            ("-qa", self._all), (FILES_FORMAT, self._configuration), ("-qp", self._headers), ("-V", self._verify),
            ("--checksig", self._checksig), ("--import", self._import), ("-U", self._upgrade),
        ):  # fmt: skip
            if option in argv:
                return answer(argv)
        raise AssertionError(argv)

    def _all(self, argv):
        return Result(0, "".join(_line(package) for package in self.installed), "")

    def _configuration(self, argv):
        asked = [_name(word).partition("-7.5")[0] for word in argv]
        return Result(0, "".join("%s\tcn\t9\t%s\n" % (n, p) for n, p in self.configuration.items() if n in asked), "")

    def _headers(self, argv):
        packages = [self.folder[_name(path)] for path in argv if path.startswith("/f/")]
        if any(package.file in self.corrupt for package in packages):
            return Result(1, "", "error: not an rpm package (or package manifest)")
        return Result(0, "".join(_line(package) + _relations(package) for package in packages), "")

    def _verify(self, argv):
        if argv[-1] in self.damaged:
            return Result(1, "missing     /usr/sbin/gluster\n", "")
        path = self.configuration.get(argv[-1])
        if path and not self.texts.get(path):
            return Result(1, "%s  c %s\n" % ("S.5......" if path in self.texts else "missing  ", path), "")
        return OK

    def _checksig(self, argv):
        names = [_name(path) for path in argv if path.startswith("/f/")]
        if "--nosignature" in argv:
            return Result(1 if self.damaged_files & set(names) else 0, "", "")
        words = "digests signatures OK" if names[0] in self.signed else "digests OK"
        return Result(0, "%s: %s\n" % (argv[-1], words), "")

    damaged_files = frozenset()

    def _import(self, argv):
        return OK

    def _unmet(self, packages):
        """Return rpm's lines for what packages need that neither they nor the node has."""
        present = {name for package in list(packages) + self.installed for name in package.provides}
        return [
            "\t%s is needed by %s\n" % (requirement.text, package.nevra)
            for package in packages
            for requirement in package.requires
            if requirement.name not in present
        ]

    def _upgrade(self, argv):
        packages = [self.folder[_name(path)] for path in argv if path.startswith("/f/")]
        said = "".join(self._unmet(packages)) and "error: Failed dependencies:\n" + "".join(self._unmet(packages))
        if said or "--test" in argv:
            return Result(1 if said else 0, "", said)
        return self._put(packages)

    def _dnf(self, argv):
        wanted = [self.folder[_name(word)] if word.startswith("/f/") else word for word in argv[1:]]
        packages = [word for word in wanted if isinstance(word, Package)]
        names = [word for word in wanted if not isinstance(word, Package) and "install" not in word and word[0] != "-"]
        unknown = [name for name in names if name not in self.repositories]
        if unknown:
            return Result(1, "", "Error: Unable to find a match: " + " ".join(unknown))
        if "reinstall" in argv:
            return self._put([self.repositories[name] for name in names])
        if "--disablerepo=*" not in argv:
            needed = [line.split(" ")[0].strip() for line in self._unmet(packages)]
            packages += [self.repositories[name] for name in names]
            packages += [self.repositories[name] for name in needed if name in self.repositories]
        lacking = self._unmet(packages)
        if lacking:
            return Result(1, "", "Error: nothing provides " + lacking[0])
        return Result(1, "Operation aborted.", "") if "--assumeno" in argv else self._put(packages)

    def _put(self, packages):
        for package in packages:
            if self.cut == package.name:
                self.damaged.add(package.name)
            self.installed = [each for each in self.installed if each.name != package.name] + [package]
            if self.cut == package.name:
                raise PowerCut(package.name)
            self.damaged.discard(package.name)
            # As %config(noreplace): what is there stays.
            if package.name in self.configuration:
                self.texts.setdefault(self.configuration[package.name], "of the package")
        return OK

    def marked(self):
        """Return the names in the mark of a transaction, None without one."""
        return json.loads(self.texts[MARK]) if MARK in self.texts else None

    def versions(self):
        """Return name -> version of what is installed."""
        assert all(compare(package.evr, package.evr) == 0 for package in self.installed)
        return {package.name: str(package.evr) for package in self.installed}


def _name(path):
    return path.rpartition("/")[2]


def _line(package):
    return "P\t%s\t%s\t%s\t%s\t%s\n" % ((package.name,) + tuple(package.evr) + (package.arch,))


def _relations(package):
    provides = "".join("+\t%s\n" % name for name in package.provides)
    return provides + "".join("-\t%s\t%s  \n" % requirement for requirement in package.requires)
