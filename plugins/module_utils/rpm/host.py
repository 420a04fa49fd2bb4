# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads packages and runs rpm, dnf or yum on this node. PRIVATE to the collection."""

import json
import os
import platform
import re
import shutil
import socket
import tempfile
from typing import Dict, Iterable, List, Optional, Sequence, Tuple

from ansible_collections.brickwork.gluster.plugins.module_utils.command import (
    COMMAND_TIMEOUT,
    CommandRunner,
    Commands,
    Runner,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import PlanError
from ansible_collections.brickwork.gluster.plugins.module_utils.files import TextFiles
from ansible_collections.brickwork.gluster.plugins.module_utils.rpm import answers
from ansible_collections.brickwork.gluster.plugins.module_utils.rpm.records import (
    PROGRAMS,
    FolderFile,
    Node,
    Package,
    Trial,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.rpm.sources import STAGING

#: Seconds for a transaction, whatever the limit of other commands: ending one in the middle does harm.
TRANSACTION_TIMEOUT = 30 * 60
#: What was installed before a transaction of ours; there from before it begins until all of it is on the disk.
MARK = "/var/lib/brickwork/rpm_transaction"
#: Path -> package of the files that were put into STAGING.
KEPT = os.path.join(STAGING, "kept.json")
#: How every rpm begins (rpm's "lead"). Other files rpm would take for lists of packages.
_MAGIC = b"\xed\xab\xee\xdb"
_EL = re.compile(r"^(?:rhel|centos|rocky|almalinux|ol)\Z")
#: How dnf and yum say that they would have done it.
_DECLINED = ("Operation aborted", "Exiting on user")


class NodeFiles(TextFiles):
    """What is read and written without a program."""

    def begins_as_rpm(self, path: str) -> bool:
        """Whether a file is an rpm, as far as its first bytes tell."""
        with open(path, "rb") as stream:
            return stream.read(4) == _MAGIC

    def write(self, path: str, text: str) -> None:
        """Put a small file in place, and return when it is on the disk."""
        self.replace(path, text, 0o644)
        os.sync()

    def remove_when_all_is_written(self, path: str) -> None:
        """Remove a file after all that was written before is on the disk; a power cut can't undo that then."""
        os.sync()
        self.remove(path)

    def move(self, path: str, place: str) -> None:
        """Move a file to its place in one step, readable for all."""
        os.makedirs(os.path.dirname(place), mode=0o755, exist_ok=True)
        part = place + ".part"
        shutil.copyfile(path, part)
        shutil.copystat(path, part)
        os.chmod(part, 0o644)
        os.replace(part, place)
        os.remove(path)

    def exists(self, path: str) -> bool:
        """Whether a file is there."""
        return os.path.exists(path)

    def is_empty(self, path: str) -> bool:
        """Whether this is a file, and without content."""
        return os.path.isfile(path) and not os.path.islink(path) and not os.path.getsize(path)

    def program(self, name: str) -> bool:
        """Whether a program is there."""
        return bool(shutil.which(name, path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"))


class RpmHost:
    """This node, as far as its packages go."""

    def __init__(self, runner: Runner, files: Optional[NodeFiles] = None, timeout: int = COMMAND_TIMEOUT) -> None:
        self._commands = Commands(runner, timeout)
        self._transactions = Commands(runner, TRANSACTION_TIMEOUT)
        self.files = files or NodeFiles()

    # The node

    def node(self, files: Sequence[FolderFile] = ()) -> Node:
        """Return the Node; files are the FolderFiles of a transaction that may have been cut off here."""
        installed = self._installed()
        before = self._before()
        suspects = sorted({each.name for each in installed if each.nevra not in before}) if before is not None else []
        emptied = self._emptied(before, suspects, files) if before is not None else {}
        spoilt = {name for name in suspects if name in emptied.values() or self._is_damaged(name)}
        return Node(
            host=socket.gethostname(),
            arch=platform.machine(),
            el=self._el(),
            manager=self._manager(),
            installed=installed,
            programs=tuple(name for name in sorted(PROGRAMS.values()) if self.files.program(name)),
            interrupted=before is not None,
            damaged=tuple(sorted(spoilt)),
            emptied=emptied,
        )

    def _manager(self) -> str:
        if not self.files.program("rpm"):
            raise PlanError(
                "path: found no program rpm on %s; use gluster_server_source: distribution or repository there"
                % socket.gethostname()
            )
        return next((name for name in ("dnf", "yum") if self.files.program(name)), "rpm")

    def _el(self) -> Optional[int]:
        """Return the release of Enterprise Linux, None for anything else."""
        lines = [line.partition("=") for line in self.files.read("/etc/os-release").splitlines()]
        fields = {key: value.strip("\"'") for key, _equal, value in lines}
        kinds = fields.get("ID_LIKE", "").split() + [fields.get("ID", "")]
        release = fields.get("VERSION_ID", "").partition(".")[0]
        return int(release) if any(_EL.match(kind) for kind in kinds) and release.isdigit() else None

    def _installed(self) -> Tuple[Package, ...]:
        argv = ["rpm", "-qa", "--qf", answers.INSTALLED_FORMAT]
        said = self._commands.run(argv, "reading the installed packages (rpm --rebuilddb may mend it)")
        return answers.parse_packages(said)

    def _before(self) -> Optional[List[str]]:
        """Return what was installed before a transaction of ours that did not come to its end, None without one."""
        try:
            return json.loads(self.files.read(MARK))
        except ValueError:
            # Empty or cut short: it was being written, so the transaction had not begun.
            return None

    def _emptied(self, before: Iterable[str], suspects: List[str], files: Sequence[FolderFile]) -> Dict[str, str]:
        """Return path -> package of the configuration of new packages that a power cut has left without content.

        rpm leaves changed configuration as it is, so it would take such a file for what the user wants.
        """
        asking = ["rpm", "--nosignature", "--qf", answers.FILES_FORMAT]
        argvs = [asking + ["-qp"] + [file.path for file in files]] if files else []
        argvs += [asking + ["-q"] + suspects] if suspects else []
        brought = answers.parse_configuration("".join(self._commands.answer(argv).stdout for argv in argvs))
        old = {nevra.rsplit("-", 2)[0] for nevra in before}
        return {path: name for path, name in brought.items() if name not in old and self.files.is_empty(path)}

    def _is_damaged(self, name: str) -> bool:
        argv = ["rpm", "-V", "--nomtime", "--nouser", "--nogroup", "--nomode", name]
        result = self._commands.answer(argv)
        return result.rc != 0 and answers.parse_damaged(result.stdout)

    # The folder

    def headers(self, files: Sequence[FolderFile]) -> Tuple[List[Package], Dict[str, str]]:
        """Return the Packages of FolderFiles, and file -> what is wrong with those that can't be read."""
        bad = {file.name: "is no rpm" for file in files if not self.files.begins_as_rpm(file.path)}
        good = [file for file in files if file.name not in bad]
        packages = self._headers(good)
        if packages is None:
            single = {file.name: self._headers([file]) for file in good}
            bad.update((name, "is broken: rpm can't read it") for name, found in single.items() if found is None)
            packages = [found[0] for found in single.values() if found]
        return packages, bad

    def _headers(self, files: Sequence[FolderFile]) -> Optional[List[Package]]:
        """Return the files' Packages, None if rpm can't read all of them."""
        if not files:
            return []
        argv = ["rpm", "-qp", "--nosignature", "--qf", answers.HEADER_FORMAT] + [file.path for file in files]
        result = self._commands.answer(argv)
        packages = answers.parse_packages(result.stdout) if result.rc == 0 else ()
        if len(packages) != len(files):
            return None
        return [package._replace(file=file.name) for package, file in zip(packages, files)]

    def broken(self, files: Sequence[FolderFile]) -> List[str]:
        """Return the names of the files that are not what their own digests say."""
        argv = ["rpm", "--checksig", "--nosignature"]
        if not files or self._commands.answer(argv + [file.path for file in files]).rc == 0:
            return []
        return [file.name for file in files if self._commands.answer(argv + [file.path]).rc != 0]

    def unsigned(self, files: Iterable[FolderFile], key: str) -> Dict[str, str]:
        """Return name -> what rpm says of files that are not signed with a key (its text, as gpg --armor writes it).

        The key goes into a database that lasts as long as this; the node's own is left alone.
        """
        with tempfile.TemporaryDirectory(prefix="brickwork-") as folder:
            path = os.path.join(folder, "key")
            self.files.write(path, key)
            database = ["--dbpath", os.path.join(folder, "db")]
            self._commands.run(["rpm"] + database + ["--import", path], "gpg_key: reading the key")
            argv = ["rpm"] + database + ["--checksig"]
            verdicts = {file.name: self._commands.answer(argv + [file.path]).stdout for file in files}
        return {name: said.strip() for name, said in verdicts.items() if not answers.is_signed(said)}

    # What was brought

    def kept(self) -> Dict[str, str]:
        """Return path -> package of the files that this run or one before it has put in their place."""
        try:
            listed = json.loads(self.files.read(KEPT))
        except ValueError:
            return {}
        return {path: package for path, package in listed.items() if self.files.exists(path)}

    def keep(self, file: FolderFile, package: str) -> None:
        """Move a file of a package to its place; it is listed first, so that whatever is there of ours is listed."""
        self.files.replace(KEPT, json.dumps(dict(self.kept(), **{file.place: package}), sort_keys=True), 0o644)
        self.files.move(file.path, file.place)

    def drop(self, path: str) -> None:
        """Remove a file that was put in its place."""
        self.files.remove(path)
        self.files.replace(KEPT, json.dumps(self.kept(), sort_keys=True), 0o644)

    # The transaction

    def trial(self, paths: List[str], going_back: bool) -> Trial:
        """Return what rpm says of these files as one transaction, without doing it."""
        if not paths:
            return Trial()
        argv = ["rpm", "-U", "--test", "--replacepkgs"] + (["--oldpackage"] if going_back else []) + paths
        return answers.parse_trial(self._commands.answer(argv))

    def resolve(self, argv: Sequence[str]) -> str:
        """Return why dnf or yum can't do a transaction, "" if it can; nothing is done."""
        asking = [argv[0], "--assumeno"] + [word for word in argv[1:] if word != "-y"]
        result = self._transactions.answer(asking)
        if result.rc == 0 or any(words in result.stdout + result.stderr for words in _DECLINED):
            return ""
        said = " ".join(result.stderr.split())
        return "%s says: %s" % (argv[0], said[max(said.find("Error"), 0) :][:500] or "exit code %s" % result.rc)

    def run(self, argv: Sequence[str], installed: Iterable[Package]) -> None:
        """Run a transaction; installed are the packages before it. What it has done is marked as not whole yet."""
        if self._before() is None:
            self.files.write(MARK, json.dumps(sorted(package.nevra for package in installed)))
        self._transactions.run(argv, "running %s" % argv[0])

    def clear_mark(self) -> None:
        """Take the mark away, once all that was done is on the disk."""
        self.files.remove_when_all_is_written(MARK)


def local_host(timeout: int) -> RpmHost:
    """Return the RpmHost of the node that this runs on; timeout is in seconds, for one command that reads."""
    return RpmHost(CommandRunner(), timeout=timeout)
