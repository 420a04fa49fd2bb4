# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The copies of files on this node's bricks, read without following anything. PRIVATE to the collection.

A brick holds files of less trusted people. So a path is opened folder by folder, no link is followed, and no file is
opened.
"""

import contextlib
import os
import re
import stat
import struct
from typing import Any, Dict, Iterator, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.answers import split_brick

#: As many names of a folder are told; the first ones, so that all bricks tell the same.
MOST_NAMES = 2000
_ROOT_GFID = "00000000-0000-0000-0000-000000000001"
_HIDDEN = ".glusterfs"
#: No path is deeper.
_DEEPEST = 2048
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
_GFID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
#: Folder and name of what has a gfid: the target of a folder's link, or the attribute of a file.
_HOLDER = re.compile(
    r"(?:\.\./\.\./[0-9a-f]{2}/[0-9a-f]{2}/)?(?P<gfid>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/(?P<name>[^/]+)\Z"
)
#: trusted.glusterfs.mdata: version and flags, then seconds and nanoseconds of ctime, mtime and atime.
_TIMES = struct.Struct(">BQqqqqqq")
_KINDS = ((stat.S_ISREG, "file"), (stat.S_ISDIR, "directory"), (stat.S_ISLNK, "link"))


class NamedCopy(NamedTuple):
    """What a brick has under a name; gfid is empty where it has none, size in bytes, modified in seconds since 1970."""

    name: str
    gfid: str
    kind: str
    size: int
    modified: float


class Copy(NamedTuple):
    """What one brick has of an entry. reason is why it could not be read; names are those in a folder.

    found_gfid is the gfid of what is there, if it has one. cut: the folder holds more names than are told.
    """

    volume: str
    gfid: str
    brick: str
    path: str
    found_gfid: str = ""
    kind: str = "missing"
    size: int = 0
    modified: float = 0.0
    names: Tuple[NamedCopy, ...] = ()
    cut: bool = False
    reason: str = ""


def printable(text: str) -> str:
    """Return a name as a terminal may show it: what can't be printed as its escape."""
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text)


def read_copies(files: Sequence[Mapping[str, Any]], own_uuid: str) -> List[Copy]:
    """Return the copies on this node's bricks of files as gluster_split_brain_info lists them."""
    for file in files:
        _refuse_odd_paths(file)
    return [
        _copy_on(file, brick["name"])
        for file in files
        for brick in file["bricks"]
        if own_uuid and brick["host_uuid"] == own_uuid
    ]


def _refuse_odd_paths(file: Mapping[str, Any]) -> None:
    path = file.get("path") or "/"
    if not path.startswith("/") or ".." in path.split("/") or "\0" in path or not _GFID.match(file["gfid"]):
        raise InputError(
            "files: found path %s and gfid %s; write what gluster_split_brain_info lists"
            % (printable(path), printable(file["gfid"]))
        )


def _copy_on(file: Mapping[str, Any], brick: str) -> Copy:
    copy = Copy(file["volume"], file["gfid"], brick, file.get("path") or "")
    _host, path = split_brick(brick)
    try:
        root = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        return copy._replace(kind="unreadable", reason=str(error))
    try:
        return _read(root, copy)
    except (FileNotFoundError, NotADirectoryError):
        return copy
    except OSError as error:
        return copy._replace(kind="unreadable", reason=str(error))
    finally:
        os.close(root)


def _read(root: int, copy: Copy) -> Copy:
    """Where no path is known, the brick itself may know it: it has every gfid in its own folder."""
    if copy.path:
        return _read_at(root, _parts(copy.path), copy)
    path = _path_of(root, copy.gfid)
    if path:
        with contextlib.suppress(OSError):
            found = _read_at(root, _parts(path), copy)
            if found.found_gfid == copy.gfid:
                return found._replace(path=path)
    return _read_at(root, _by_gfid(copy.gfid), copy)


def _parts(path: str) -> List[str]:
    return [part for part in path.split("/") if part] or ["."]


def _by_gfid(gfid: str) -> List[str]:
    return [_HIDDEN, gfid[:2], gfid[2:4], gfid]


def _read_at(root: int, parts: Sequence[str], copy: Copy) -> Copy:
    """Return the copy with what is there."""
    with _folder(root, parts[:-1]) as folder:
        found = _named(folder, parts[-1])
        copy = copy._replace(found_gfid=found.gfid, kind=found.kind, size=found.size, modified=found.modified)
        if found.kind != "directory":
            return copy
        with _folder(folder, parts[-1:]) as inner:
            names = sorted(name for name in os.listdir(inner) if name != _HIDDEN)
            told = [_named_or_none(inner, name) for name in names[:MOST_NAMES]]
    return copy._replace(names=tuple(one for one in told if one), cut=len(names) > MOST_NAMES)


@contextlib.contextmanager
def _folder(above: int, parts: Sequence[str]) -> Iterator[int]:
    """Open a folder below an open one, part by part: a link among them is an error, and leads nowhere."""
    here = os.dup(above)
    try:
        for part in parts:
            inner = os.open(part, _FOLDER, dir_fd=here)
            os.close(here)
            here = inner
        yield here
    finally:
        os.close(here)


def _named(folder: int, name: str) -> NamedCopy:
    status = os.stat(name, dir_fd=folder, follow_symlinks=False)
    attributes = _attributes(folder, name, ("trusted.gfid", "trusted.glusterfs.mdata"))
    gfid = attributes.get("trusted.gfid", b"").hex()
    kind = next((word for is_kind, word in _KINDS if is_kind(status.st_mode)), "other")
    modified = _modified(attributes.get("trusted.glusterfs.mdata", b""), status.st_mtime)
    return NamedCopy(printable(name), _with_dashes(gfid), kind, status.st_size, modified)


def _named_or_none(folder: int, name: str) -> Optional[NamedCopy]:
    try:
        return _named(folder, name)
    except FileNotFoundError:
        return None


def _with_dashes(digits: str) -> str:
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])) if digits else ""


def _modified(noted: bytes, otherwise: float) -> float:
    """Return the time that clients see, and that GlusterFS compares: the noted one, where there is one."""
    if len(noted) != _TIMES.size:
        return otherwise
    times = _TIMES.unpack(noted)
    return float(times[4] + times[5] / 1e9)


def _attributes(folder: int, name: str, wanted: Sequence[str]) -> Dict[str, bytes]:
    """Return those attributes that are there; one that ends with a dot stands for all that begin so.

    Through /proc the name is looked up in the folder that is open.
    """
    where = "/proc/self/fd/%d/%s" % (folder, name)
    found = {}
    for attribute in os.listxattr(where, follow_symlinks=False):
        if attribute in wanted or attribute.startswith(tuple(one for one in wanted if one.endswith("."))):
            found[attribute] = os.getxattr(where, attribute, follow_symlinks=False)
    return found


def _path_of(root: int, gfid: str) -> str:
    """Return the path that a brick notes for a gfid, "" where it notes none."""
    names: List[str] = []
    while gfid != _ROOT_GFID:
        holder = _holder_of(root, gfid)
        if holder is None or len(names) == _DEEPEST:
            return ""
        gfid, name = holder
        names.append(name)
    return "/" + "/".join(reversed(names))


def _holder_of(root: int, gfid: str) -> Optional[Tuple[str, str]]:
    """Return gfid of the folder that holds a file or folder, and its name there, as the brick notes them."""
    *folders, name = _by_gfid(gfid)
    with _folder(root, folders) as folder:
        notes = _attributes(folder, name, ("trusted.gfid2path.",))
        text = os.fsdecode(notes[min(notes)]) if notes else _target(folder, name)
    found = _HOLDER.match(text)
    return (found.group("gfid"), found.group("name")) if found and found.group("name") not in (".", "..") else None


def _target(folder: int, name: str) -> str:
    """Return what a folder's link in the brick's own folder points to; it is read, and not followed."""
    try:
        return os.readlink(name, dir_fd=folder)
    except OSError:
        return ""
