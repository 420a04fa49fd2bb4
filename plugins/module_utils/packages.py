# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What of the distribution's, or of a repository's, packages a node lacks. PRIVATE to the collection."""

from typing import Any, Dict, List, Mapping, NamedTuple, Optional

from ansible_collections.brickwork.gluster.plugins.module_utils.command import NOT_FOUND, Commands
from ansible_collections.brickwork.gluster.plugins.module_utils.files import TextFiles
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.labels import is_enabled

#: What tells the installed packages of a family of distributions, a line each: name, state and version, and "hold" for
#: one that the package manager itself marks as held.
QUERIES = (
    ("Debian", ("dpkg-query", "-W", "-f", r"${Package} ${db:Status-Status} ${Version} ${db:Status-Want}\n")),
    ("RedHat", ("rpm", "-q", "--qf", r"%{NAME} installed %{VERSION}-%{RELEASE}\n")),
)
#: The word that a file's text has in the place of the distribution's release, such as bookworm.
RELEASE = "{release}"
#: Gives bricks their label. The package that has it is called otherwise in each release, and is found by this path.
SEMANAGE = "/usr/sbin/semanage"
_SET = "glusterfs"


class Installed(NamedTuple):
    """An installed package: its version, and whether the package manager marks it as held."""

    version: str
    held: bool


class Packages(NamedTuple):
    """The packages of a node by name, and by which family's program they were asked for."""

    family: str
    installed: Mapping[str, Installed]


def installed_packages(commands: Commands, by_family: Mapping[str, List[str]]) -> Optional[Packages]:
    """Return those of the packages that are there, None on a system that has none of the package managers."""
    if not any(by_family.values()):
        return Packages("", {})
    for family, query in QUERIES:
        answer = commands.answer(list(query) + list(by_family.get(family) or []))
        if answer.rc != NOT_FOUND:
            lines = [line.split() for line in answer.stdout.splitlines()]
            found = [line for line in lines if len(line) in (3, 4) and line[1] == "installed"]
            return Packages(family, {line[0]: Installed(line[2], line[3:] == ["hold"]) for line in found})
    return None


def missing_packages(
    packages: Optional[Packages], by_family: Mapping[str, List[str]], version: str = ""
) -> Optional[List[str]]:
    """Return which of the family's packages are not installed, None where no family is known.

    version is what GlusterFS's own must have, or its beginning.
    """
    if packages is None:
        return None
    return [
        name
        for name in by_family.get(packages.family) or []
        if name not in packages.installed or not _is_version(name, packages.installed[name].version, version)
    ]


def lacks_semanage(packages: Optional[Packages], files: TextFiles) -> bool:
    """Whether a node of the Red Hat family has SELinux, and no program that gives bricks their label."""
    return bool(packages and packages.family == "RedHat" and is_enabled(files) and not files.exists(SEMANAGE))


def _is_version(name: str, found: str, desired: str) -> bool:
    """Whether a package of GlusterFS has the version; 10 and 10.3 stand for 10.3-5, and neither for 100 or 10.30."""
    if not desired or not name.startswith(_SET):
        return True
    found = found.rpartition(":")[2]
    return found.startswith(desired) and not found[len(desired) :][:1].isalnum()


def look_at_repository(
    files: TextFiles,
    packages: Optional[Packages],
    by_family: Mapping[str, List[str]],
    desired: Mapping[str, Any],
) -> Dict[str, Any]:
    """Return missing_packages and what is to be done (software) until a node has what it shall from a repository.

    desired: url and version, and by family (families) the texts of files by path (files), and the files that hold
    versions (locks), none where the package manager has a mark of its own for that.
    """
    missing = missing_packages(packages, by_family, desired["version"])
    if packages is None or missing is None:
        return {"missing_packages": None, "software": []}
    family = desired["families"].get(packages.family) or {}
    steps = [_step("write", path) for path in _other_files(files, family.get("files") or {})]
    if missing:
        steps.append(_step("install", ", ".join(_named(name, desired["version"]) for name in missing), _from(desired)))
    if missing or not _is_held(files, packages, family.get("locks") or []):
        steps.append(_step("hold", "the version of GlusterFS"))
    return {"missing_packages": missing, "software": steps}


def _named(name: str, version: str) -> str:
    return "%s %s" % (name, version) if version and name.startswith(_SET) else name


def _from(desired: Mapping[str, Any]) -> str:
    return "from %s" % (desired["url"] or "the repositories of the node")


def _step(kind: str, target: str, command: str = "") -> Dict[str, Any]:
    return {"kind": kind, "target": target, "command": command, "destroys": False}


def _other_files(files: TextFiles, desired: Mapping[str, str]) -> List[str]:
    """Return the paths of the files that have another text than they shall, or are not there."""
    release = _release(files)
    texts = {path: text.replace(RELEASE, release) for path, text in desired.items()}
    return [path for path, text in sorted(texts.items()) if files.read(path).strip() != text.strip()]


def _release(files: TextFiles) -> str:
    lines = [line.partition("=") for line in files.read("/etc/os-release").splitlines()]
    return next((value.strip("\"'") for key, _equal, value in lines if key == "VERSION_CODENAME"), "")


def _is_held(files: TextFiles, packages: Packages, locks: List[str]) -> bool:
    """Whether GlusterFS is held: by a line for it in one of the locks, or by the package manager's own mark."""
    if locks:
        return any(_SET in files.read(path) for path in locks)
    return all(each.held for name, each in packages.installed.items() if name.startswith(_SET))
