# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The copies of what is in split-brain, side by side for people. Pure. PRIVATE to the collection."""

import datetime
import posixpath
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.brick_files import printable
from ansible_collections.brickwork.gluster.plugins.module_utils.reading import parser
from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import format_size

_File = Mapping[str, Any]
_Copy = Mapping[str, Any]
#: What a brick has of an entry is known in full but for these.
_UNREAD = ("unread", "unreadable")


@parser("gluster_split_brain_info")
def tell(files: Sequence[_File], copies: Iterable[_Copy], waiting: Sequence[_File] = ()) -> dict[str, Any]:
    """Return lines for people, and what the bricks know beyond the list; copies are those of all nodes.

    Of what waits for healing, folders in which a name stands for different files are told, and nothing else.
    """
    read = {(copy["volume"], copy["gfid"], copy["brick"]): copy for copy in copies}
    listed, stuck = _joined(files, read), [one for one in _joined(waiting, read) if _conflicts(one[1])]
    lines = [_lines(*one) for one in listed] + [_stuck_lines(*one) for one in stuck]
    seen = [_seen(*one) for one in listed] + [{**_seen(*one), "conflicts": _conflicts(one[1])} for one in stuck]
    return {"lines": [line for some in lines for line in some], "seen": _merged(seen)}


def _joined(
    files: Iterable[_File], read: Mapping[tuple[str, str, str], _Copy]
) -> list[tuple[_File, list[dict[str, Any]]]]:
    return [(file, [_copy_of(file, brick, read) for brick in file["bricks"]]) for file in files]


def _copy_of(file: _File, brick: Mapping[str, Any], read: Mapping[tuple[str, str, str], _Copy]) -> dict[str, Any]:
    nothing = {"kind": "unread", "names": [], "cut": False, "path": "", "reason": ""}
    found = read.get((file["volume"], file["gfid"], brick["name"])) or nothing
    return {**found, "brick": brick["name"], "arbiter": brick["arbiter"]}


def _path_of(file: _File, there: Sequence[_Copy]) -> str:
    return file["path"] or next((str(copy["path"]) for copy in there if copy["path"]), "")


def _shown(file: _File, there: Sequence[_Copy]) -> str:
    """Return how it is named in gluster_split_brain_files: GlusterFS finds each file by its path."""
    return printable(_path_of(file, there)) or f"gfid:{file['gfid']} (no brick tells its path)"


def _lines(file: _File, there: Sequence[_Copy]) -> list[str]:
    shown = _shown(file, there)
    lines = [f"volume {file['volume']}: {shown}"]
    lines += [f"  {copy['brick']}: {words}" for copy, words in zip(there, _described(there), strict=True)]
    return lines + _lines_of_names(file, shown, there)


def _stuck_lines(file: _File, there: Sequence[_Copy]) -> list[str]:
    """GlusterFS does not call it split-brain. While healing advances, it may mend it by itself."""
    shown = _shown(file, there)
    first = f"volume {file['volume']}: {shown} waits for healing; where that does not advance, these names keep it:"
    return [first, *_lines_of_names(file, shown, there)]


def _lines_of_names(file: _File, shown: str, there: Sequence[_Copy]) -> list[str]:
    lines = []
    for name in _conflicts(there):
        lines.append(f"volume {file['volume']}: {posixpath.join(shown, name)}, different files of one name")
        lines += _lines_of_name(name, there)
    if any(copy["cut"] for copy in there):
        lines.append("  the folder is large, and only its first names were compared")
    return lines


def _lines_of_name(name: str, there: Sequence[_Copy]) -> list[str]:
    holders = [(copy, one) for copy in there for one in copy["names"] if one["name"] == name]
    parts = [{**one, "arbiter": copy["arbiter"]} for copy, one in holders]
    return [
        f"  {copy['brick']}: {words}, gfid {one['gfid'] or 'missing'}"
        for (copy, one), words in zip(holders, _described(parts), strict=True)
    ]


def _described(there: Sequence[_Copy]) -> list[str]:
    """Return what is said of each copy, beside the others."""
    known = [copy for copy in there if copy["kind"] not in (*_UNREAD, "missing")]
    times = {copy["modified"] for copy in known if not copy["arbiter"]}
    sizes = {copy["size"] for copy in known if copy["kind"] == "file" and not copy["arbiter"]}
    latest = max(times) if len(times) > 1 else None
    biggest = max(sizes) if len(sizes) > 1 else None
    return [_words(copy, latest, biggest) for copy in there]


def _words(copy: _Copy, latest: float | None, biggest: int | None) -> str:
    if copy["kind"] in (*_UNREAD, "missing"):
        told = {"unread": "was not read", "missing": "has nothing there"}
        return told.get(copy["kind"], f"can't be read ({copy.get('reason')})")
    words = [copy["kind"]]
    if copy["arbiter"]:
        return ", ".join([*words, "an arbiter without data", _moment(copy["modified"])])
    if copy["kind"] == "file":
        words.append(format_size(copy["size"]))
    words.append(_moment(copy["modified"]))
    words += ["written last"] if latest is not None and copy["modified"] == latest else []
    words += ["biggest"] if copy["kind"] == "file" and copy["size"] == biggest else []
    return ", ".join(words)


def _moment(seconds: float) -> str:
    """Return a time for people. A file may have any time, also one that no calendar has."""
    try:
        moment = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    except (OverflowError, ValueError, OSError):
        return f"{seconds:.0f} s after 1970"
    return moment.strftime("%Y-%m-%d %H:%M:%S.") + f"{moment.microsecond // 1000:03} UTC"


def _conflicts(there: Sequence[_Copy]) -> list[str]:
    """Return the names in a folder that have different gfids on its bricks."""
    gfids: dict[str, set[str]] = {}
    for copy in there:
        for one in copy["names"]:
            # What has no gfid yet gets one when it heals.
            gfids.setdefault(one["name"], set()).update([one["gfid"]] if one["gfid"] else [])
    return sorted(name for name, found in gfids.items() if len(found) > 1)


def _seen(file: _File, there: Sequence[_Copy]) -> dict[str, Any]:
    is_folder = any(copy["kind"] == "directory" for copy in there)
    is_known = is_folder and not any(copy["cut"] or copy["kind"] in _UNREAD for copy in there)
    return {
        "volume": file["volume"],
        "gfid": file["gfid"],
        "path": _path_of(file, there),
        "conflicts": _conflicts(there) if is_known else None,
    }


def _merged(seen: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """A folder is in all sets, and may be listed by several: all of its names count, known ones only if all are."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for one in seen:
        key = (one["volume"], one["gfid"])
        first = found.setdefault(key, one)
        if first is not one:
            both = None if None in (first["conflicts"], one["conflicts"]) else first["conflicts"] + one["conflicts"]
            found[key] = {**first, "path": first["path"] or one["path"], "conflicts": both}
    return list(found.values())
