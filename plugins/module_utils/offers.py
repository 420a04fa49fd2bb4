# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which version of GlusterFS a node's package manager, or a folder of RPMs, has for it. PRIVATE to the collection."""

import re
from typing import Any, Callable, Dict, Iterable, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.brickwork.gluster.plugins.module_utils.command import NOT_FOUND, Commands
from ansible_collections.brickwork.gluster.plugins.module_utils.facts import to_facts
from ansible_collections.brickwork.gluster.plugins.module_utils.reading import parser
from ansible_collections.brickwork.gluster.plugins.module_utils.versions import fits, numbers

#: What a machine is judged by: the first of these that it has. The others of the set have the same version.
_FIRST = ("glusterfs-server", "glusterfs-client", "glusterfs-fuse", "glusterfs-common", "glusterfs")
_SET = "glusterfs"
_DPKG = (
    "dpkg-query",
    "-W",
    "-f",
    r"${source:Package} ${db:Status-Status} ${Package} ${Version} ${db:Status-Want}\n",
)
_RPM = ("rpm", "-qa", "--qf", r"%{SOURCERPM} installed %{NAME} %{VERSION}-%{RELEASE} install\n")
#: " *** 10.3-5 500" is a version; what a version comes from stands below it, farther in.
_APT_VERSION = re.compile(r"^ (?:\*\*\*|   ) (\S+)(?: -?\d+)?\s*\Z")
_APT_CANDIDATE = "  Candidate: "
#: A line in which apt tells of a package: its name and a colon.
_APT_NAME = re.compile(r"^(\S+):\s*\Z")
#: What dpkg calls a package that it has not finished, since it was cut off; C(triggers-...) are part of that.
_UNFINISHED = ("unpacked", "half-configured", "half-installed", "triggers-awaited", "triggers-pending")
_RPM_FILE = re.compile(r"^(.+)-([^-]+)-[^-]+\.[^.-]+\.rpm\Z")


class SetPackage(NamedTuple):
    """An installed package of GlusterFS's set: its version, and whether the package manager marks it as held.

    finished is whether its installation has come to its end.
    """

    version: str
    held: bool
    finished: bool = True


class Offer(NamedTuple):
    """What a node can get. version is "" where nothing that fits is to be had; versions are all that are, best first.

    names are the packages as the package manager wants them named, for exactly that version. held are those of them
    that are marked as held, unfinished those that the package manager was cut off in.
    """

    installed: str
    version: str
    versions: Tuple[str, ...]
    names: Tuple[str, ...] = ()
    held: Tuple[str, ...] = ()
    unfinished: Tuple[str, ...] = ()


Offered = Mapping[str, Sequence[str]]


def choose(packages: Mapping[str, SetPackage], offered: Offered, desired: str, join: str) -> Optional[Offer]:
    """Return the Offer of the best version that fits the desired one; None where nothing of the set is installed.

    offered are by package the versions that are to be had, best first; join stands between a name and a version.
    """
    first = next((name for name in _FIRST if name in packages), "")
    if not first:
        return None
    versions = tuple(offered.get(first, ()))
    version = next((each for each in versions if fits(_upstream(each), desired)), "")
    names = tuple(name + join + _plain(version) for name in sorted(packages) if version in offered.get(name, ()))
    held = tuple(name for name in sorted(packages) if packages[name].held)
    unfinished = tuple(name for name in sorted(packages) if not packages[name].finished)
    return Offer(packages[first].version, version, versions, names if version else (), held, unfinished)


def _plain(version: str) -> str:
    """rpm's epoch stands in front of the name; a name and a version are enough."""
    return version.rpartition(":")[2]


def _upstream(version: str) -> str:
    return _plain(version).partition("-")[0]


@parser("dpkg-query or rpm")
def parse_set(text: str) -> Dict[str, SetPackage]:
    """Return by name the packages of GlusterFS's source; a line has source, state, name, version and want."""
    lines = [line.split() for line in text.splitlines()]
    there = ("installed",) + _UNFINISHED
    rows = [line for line in lines if len(line) == 5 and line[1] in there and _is_of_the_set(line[0])]
    return {row[2]: SetPackage(row[3], row[4] == "hold", row[1] not in _UNFINISHED) for row in rows}


def _is_of_the_set(source: str) -> bool:
    return source == _SET or re.match(_SET + r"-\d", source) is not None


@parser("apt-cache policy")
def parse_apt_policy(text: str) -> Dict[str, List[str]]:
    """Return by package the versions that apt knows: first the one that it would take, then the newest first."""
    found: Dict[str, List[str]] = {}
    name = ""
    for line in text.splitlines():
        package = _APT_NAME.match(line)
        if package:
            name = package.group(1)
        elif name:
            found.setdefault(name, []).extend(_apt_versions(line))
    return {name: list(dict.fromkeys(versions)) for name, versions in found.items()}


def _apt_versions(line: str) -> List[str]:
    """Return the version that a line is about, if it is about one."""
    if line.startswith(_APT_CANDIDATE):
        candidate = line[len(_APT_CANDIDATE) :].strip()
        return [] if candidate == "(none)" else [candidate]
    version = _APT_VERSION.match(line)
    return [version.group(1)] if version else []


@parser("dnf list")
def parse_dnf_list(text: str) -> Dict[str, List[str]]:
    """Return by package the versions that dnf or yum know, newest first. yum breaks lines of three words anywhere."""
    words = text.partition("Available Packages")[2].split()
    found: Dict[str, List[str]] = {}
    for package, version in zip(words[::3], words[1::3]):
        found.setdefault(package.rpartition(".")[0], []).append(version)
    return {name: sorted(set(versions), key=numbers, reverse=True) for name, versions in found.items()}


def _of_apt(commands: Commands, names: List[str]) -> Offered:
    return parse_apt_policy(commands.run(["apt-cache", "policy"] + names, "asking apt for versions"))


def _of_dnf(commands: Commands, names: List[str]) -> Offered:
    """A lock would hide what there is. Where there is nothing, the answer is an error, and as good as none."""
    words = ["-q", "--disableplugin=versionlock", "--showduplicates", "list", "available"] + names
    answers = [commands.answer([program] + words) for program in ("dnf", "yum")]
    return parse_dnf_list(next((answer.stdout for answer in answers if answer.rc != NOT_FOUND), ""))


_Ask = Callable[[Commands, List[str]], Offered]


class Manager(NamedTuple):
    """A package manager: what lists the installed packages, what asks for versions, what stands before a version."""

    query: Tuple[str, ...]
    ask: _Ask
    join: str


#: By family of distributions, in the order in which they are asked. The first whose query is there answers.
MANAGERS: Dict[str, Manager] = {
    "Debian": Manager(_DPKG, _of_apt, "="),
    "RedHat": Manager(_RPM, _of_dnf, "-"),
}


def offer_of_packages(commands: Commands, desired: str) -> Optional[Offer]:
    """Return what the node's package manager offers, None on a node without one or without GlusterFS."""
    for manager in MANAGERS.values():
        answer = commands.answer(manager.query)
        if answer.rc != NOT_FOUND:
            packages = parse_set(answer.stdout)
            offered = manager.ask(commands, sorted(packages)) if packages else {}
            return choose(packages, offered, desired, manager.join)
    return None


def offer_of_folder(commands: Commands, files: Iterable[str], desired: str) -> Optional[Offer]:
    """Return what a folder of RPMs offers, as far as the names of its files tell; the release is of no account."""
    packages = {
        name: each._replace(version=_upstream(each.version))
        for name, each in parse_set(commands.answer(_RPM).stdout).items()
    }
    offered: Dict[str, List[str]] = {}
    for match in filter(None, map(_RPM_FILE.match, files)):
        offered.setdefault(match.group(1), []).append(match.group(2))
    newest = {name: sorted(versions, key=numbers, reverse=True) for name, versions in offered.items()}
    return choose(packages, newest, desired, "-")


def described(offer: Optional[Offer]) -> Optional[Dict[str, Any]]:
    """Return an Offer as plain data."""
    return None if offer is None else dict(to_facts(offer))
