# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what rpm prints to records. Pure. PRIVATE to the collection."""

import re
from typing import Dict, Tuple

from ansible_collections.brickwork.gluster.plugins.module_utils.command import Result
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError, ParseError
from ansible_collections.brickwork.gluster.plugins.module_utils.reading import parser
from ansible_collections.brickwork.gluster.plugins.module_utils.rpm.records import (
    Evr,
    Package,
    Requirement,
    Trial,
    Unmet,
)

_NEVRA = "P\t%{NAME}\t%|EPOCH?{%{EPOCH}}:{0}|\t%{VERSION}\t%{RELEASE}\t%|SOURCEPACKAGE?{src}:{%{ARCH}}|\n"
#: rpm -qa --qf
INSTALLED_FORMAT = _NEVRA
#: rpm -qp --qf
HEADER_FORMAT = (
    _NEVRA + "[+\t%{PROVIDENAME}\n][-\t%{REQUIRENAME}\t%{REQUIRENAME} %{REQUIREFLAGS:depflags} %{REQUIREVERSION}\n]"
)
#: rpm -q --qf and rpm -qp --qf
FILES_FORMAT = "[%{=NAME}\t%{FILEFLAGS:fflags}\t%{FILESIZES}\t%{FILENAMES}\n]"
_NEEDED = re.compile(r"^(.+) is needed by (.+)\Z")
_SUM = re.compile(r"^\\?([0-9a-fA-F]{64}) [ *](.+)\Z")


@parser("rpm")
def parse_packages(text: str) -> Tuple[Package, ...]:
    """Return the Packages that rpm printed in one of the formats above, in its order."""
    packages = []
    for line in text.splitlines():
        kind, _tab, rest = line.partition("\t")
        if kind == "P":
            packages.append(_package(rest))
        elif kind == "+":
            packages[-1] = packages[-1]._replace(provides=packages[-1].provides + (rest,))
        elif kind == "-":
            packages[-1] = packages[-1]._replace(requires=packages[-1].requires + (_requirement(rest),))
        elif line.strip():
            raise ParseError(
                "rpm: found the line %r, which is not in the format that was asked for; run rpm -qp by hand there"
                % line[:200]
            )
    return tuple(packages)


def _package(text: str) -> Package:
    name, epoch, version, release, arch = text.split("\t")
    return Package(name, Evr(int(epoch), version, release), arch)


def _requirement(text: str) -> Requirement:
    name, _tab, described = text.partition("\t")
    return Requirement(name, " ".join(described.split()))


@parser("rpm")
def parse_trial(result: Result) -> Trial:
    """Return the Trial of C(rpm --test). Its answers are lines of one problem each, below a line that says error."""
    if result.rc == 0:
        return Trial()
    lines = [line.strip() for line in result.stderr.splitlines() if line.strip()]
    told = [line for line in lines if not line.startswith("warning:") and line != "error: Failed dependencies:"]
    needed = [_NEEDED.match(line) for line in told]
    unmet = tuple(Unmet(*match.groups()) for match in needed if match)
    problems = tuple(line.replace("error: ", "", 1) for line, match in zip(told, needed) if not match)
    return Trial(unmet, problems or (() if unmet else ("rpm --test ended with exit code %s" % result.rc,)))


@parser("rpm")
def parse_damaged(text: str) -> bool:
    """Whether C(rpm -V) names files that are missing or have another content; that of configuration is the user's."""
    return any(_is_damage(line) for line in text.splitlines())


def _is_damage(line: str) -> bool:
    flags, kind = (line.split() + ["", ""])[:2]
    if kind == "g" or not flags:
        return False
    if flags == "missing" or flags.startswith("error"):
        return True
    return kind != "c" and ("5" in flags or "S" in flags)


@parser("rpm")
def parse_configuration(text: str) -> Dict[str, str]:
    """Return path -> package of the configuration files that packages bring with content (in FILES_FORMAT)."""
    rows = [line.split("\t") for line in text.splitlines() if line.count("\t") == 3]
    return {path: name for name, flags, size, path in rows if "c" in flags and int(size)}


@parser("rpm")
def is_signed(verdict: str) -> bool:
    """Whether C(rpm --checksig) finds a good signature. A file without any has good digests, and no more.

    Up to rpm 4.13 it says "rsa sha1 (md5) pgp md5 OK", later "digests signatures OK".
    """
    said = verdict.strip().rpartition(": ")[2]
    return said.endswith("OK") and "NOT OK" not in said and ("pgp" in said or "signatures" in said)


def parse_checksums(text: str, option: str) -> Dict[str, str]:
    """Return file name -> sha256 of a file as sha256sum writes it; raises InputError with the first wrong line."""
    sums = {}
    for number, line in enumerate(text.splitlines(), 1):
        match = _SUM.match(line)
        if match:
            sums[match.group(2).rpartition("/")[2]] = match.group(1).lower()
        elif line.strip() and not line.startswith("#"):
            raise InputError(
                "%s: found in line %d %r; write it as sha256sum does: 64 hexadecimal digits, two blanks, a name"
                % (option, number, line[:100])
            )
    return sums
