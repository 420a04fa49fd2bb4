# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What glusterd keeps in its working directory, as one archive and back. PRIVATE to the collection.

Nothing of an archive is believed: a name that leaves the directory, a link or a device is refused before anything is
written.
"""

import gzip
import hashlib
import io
import json
import os
import posixpath
import stat
import tarfile
import zlib
from typing import Any, Dict, Iterable, List, Mapping, NamedTuple, Sequence, Tuple

from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.settings import assignment
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError, PlanError
from ansible_collections.brickwork.gluster.plugins.module_utils.grammar import shown
from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import MIB, format_size

#: The first member of an archive. No file of glusterd is at this place.
MANIFEST = "brickwork-state.json"
#: Who a glusterd is: its uuid, and the pool's op-version.
INFO = "glusterd.info"
FORMAT = 1
#: A pool of a thousand volumes has 50 MiB.
MOST_BYTES = 512 * MIB
MOST_FILES = 500000
#: Of a mode: without the bits that give a program the rights of its owner.
_RIGHTS = 0o777
_PRIVATE_KEY = b"PRIVATE KEY-----"
#: What glusterd writes beside a file before it takes its place.
_TEMPORARY = ".tmp"


class StateFile(NamedTuple):
    """A file of glusterd: its path below the working directory, its mode and its content."""

    path: str
    mode: int
    content: bytes

    @property
    def is_private_key(self) -> bool:
        """Whether it is a key by which one machine trusts another, as geo-replication's."""
        return _PRIVATE_KEY in self.content


class Archive(NamedTuple):
    """What is told of a saved state, and its files."""

    manifest: Dict[str, Any]
    files: List[StateFile]


def read_files(folder: str) -> List[StateFile]:
    """Return all files below a folder, by their paths. Links, sockets and unfinished files are none of them."""
    found = []
    total = 0
    for parent, _folders, names in os.walk(folder):
        for name in names:
            path = os.path.join(parent, name)
            if name.endswith(_TEMPORARY) or not stat.S_ISREG(os.lstat(path).st_mode):
                continue
            total += os.lstat(path).st_size
            if total > MOST_BYTES:
                raise PlanError(
                    "%s: found more than %s there; look what is so large (du -a %s | sort -n | tail)"
                    % (folder, format_size(MOST_BYTES), folder)
                )
            with open(path, "rb") as stream:
                found.append(StateFile(os.path.relpath(path, folder), os.lstat(path).st_mode & _RIGHTS, stream.read()))
    return sorted(found)


def digest_of(files: Iterable[StateFile]) -> str:
    """Return what is the same for the same files."""
    total = hashlib.sha256()
    for file in files:
        total.update(("%s\0%o\0%s\0" % (file.path, file.mode, len(file.content))).encode("utf-8", "surrogateescape"))
        total.update(file.content)
    return total.hexdigest()


def pack(manifest: Mapping[str, Any], files: Sequence[StateFile]) -> bytes:
    """Return the archive: a tar file, compressed, the manifest first."""
    text = json.dumps(dict(manifest, format=FORMAT), sort_keys=True, indent=1).encode("utf-8")
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for file in [StateFile(MANIFEST, 0o600, text)] + list(files):
            member = tarfile.TarInfo(file.path)
            member.size, member.mode = len(file.content), file.mode
            archive.addfile(member, io.BytesIO(file.content))
    packed = io.BytesIO()
    # Without the time, so that the same state is the same archive.
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as stream:
        stream.write(plain.getvalue())
    return packed.getvalue()


def unpack(data: bytes) -> Archive:
    """Return the Archive; raises InputError for what is none, and for names and members that no archive of ours has."""
    try:
        with tarfile.open(fileobj=io.BytesIO(_decompressed(data)), mode="r:") as archive:
            files = _members(archive)
    except (tarfile.TarError, OSError, EOFError, zlib.error) as error:
        raise InputError("archive: found no archive of a saved state (%s); name a file of state_backup" % error)
    if not files or files[0].path != MANIFEST:
        raise InputError("archive: found no %s at its beginning; name a file of state_backup" % MANIFEST)
    found = Archive(_manifest(files[0].content), files[1:])
    if digest_of(found.files) != found.manifest["digest"]:
        raise InputError("archive: found no longer what was saved in it, so that it is damaged; take another one")
    _refuse_other_identity(found)
    return found


def _refuse_other_identity(archive: Archive) -> None:
    texts = [file.content.decode("utf-8", "replace") for file in archive.files if file.path == INFO]
    uuid = assignment("".join(texts), "UUID")
    if uuid != archive.manifest["uuid"]:
        raise InputError(
            "archive: found the uuid %s in its %s, and it says that it is of %s; it is damaged: take another one"
            % (uuid or "of nobody", INFO, archive.manifest["uuid"])
        )


def _decompressed(data: bytes) -> bytes:
    """A few bytes can stand for very many. To ask for all at once takes memory for as much as is asked for."""
    plain = io.BytesIO()
    with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
        for part in iter(lambda: stream.read(MIB), b""):
            if plain.tell() + len(part) > 2 * MOST_BYTES:
                raise InputError(
                    "archive: found more than %s in it; name a file of state_backup" % format_size(2 * MOST_BYTES)
                )
            plain.write(part)
    return plain.getvalue()


def _members(archive: tarfile.TarFile) -> List[StateFile]:
    found: List[StateFile] = []
    seen = set()
    for member in archive:
        _refuse_member(member, member.name in seen)
        seen.add(member.name)
        if len(seen) > MOST_FILES:
            raise InputError("archive: found more than %s files in it; name a file of state_backup" % MOST_FILES)
        stream = archive.extractfile(member)
        found.append(StateFile(member.name, member.mode & _RIGHTS, stream.read() if stream else b""))
    return found


def _refuse_member(member: tarfile.TarInfo, is_twin: bool) -> None:
    name = member.name
    if not member.isreg():
        raise InputError(
            "archive: found %s in it, which is no plain file; nothing of this archive is restored: take another one"
            % shown(name)
        )
    if is_twin or not _is_inside(name):
        raise InputError(
            "archive: found the name %s in it, %s; nothing of this archive is restored: take another one"
            % (shown(name), "which it has twice" if is_twin else "which is not a path below glusterd's directory")
        )


def _is_inside(name: str) -> bool:
    """Whether a name is a plain path below a directory. Control characters are in no file of glusterd."""
    parts = name.split("/")
    plain = posixpath.normpath(name) == name and not name.startswith("/") and ".." not in parts
    return bool(name) and plain and name != "." and all(character >= " " for character in name)


def _manifest(content: bytes) -> Dict[str, Any]:
    try:
        found = json.loads(content.decode("utf-8"))
    except ValueError as error:
        raise InputError("archive: found no manifest that can be read (%s); name a file of state_backup" % error)
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise InputError("archive: found no manifest of format %s; use the version that wrote it" % FORMAT)
    texts = ("node", "uuid", "digest")
    if not all(isinstance(found.get(key), str) for key in texts) or not _are_texts(found.get("peers")):
        raise InputError("archive: found a manifest without %s, peers; name a file of state_backup" % ", ".join(texts))
    return found


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def without_keys(files: Iterable[StateFile]) -> Tuple[List[StateFile], List[str]]:
    """Return the files without private keys, and the paths of those keys."""
    found = list(files)
    return [file for file in found if not file.is_private_key], [file.path for file in found if file.is_private_key]
