# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The mark that GlusterFS leaves on a brick directory: whose brick it is. PRIVATE to the collection.

A C(volume create) that is refused after its first checks leaves the mark of a volume that never came to be;
the corrected command then fails with "is already part of a volume".
"""

import errno
import os
import uuid
from typing import Iterable, List, Mapping, NamedTuple, Optional, Sequence

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import UnsafeChangeError
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Volume
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import Step

VOLUME_ID = "trusted.glusterfs.volume-id"
_GFID = "trusted.gfid"


#: Folder that glusterd makes in a brick directory together with the mark, and that a brick process fills.
_HIDDEN = ".glusterfs"


class Mark(NamedTuple):
    """The mark of one brick directory. pristine: no brick process ever ran on it, and it holds no data."""

    path: str
    volume_id: str
    pristine: bool


class BrickDirectories:
    """Reads and clears the marks of brick directories on this node."""

    def read(self, path: str) -> Optional[Mark]:
        """Return the Mark of a directory, or None where there is no mark, no directory or no extended attributes."""
        try:
            raw = os.getxattr(path, VOLUME_ID)
        except OSError as error:
            if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ENODATA, errno.ENOTSUP):
                return None
            raise
        return Mark(path, str(uuid.UUID(bytes=raw)), self.is_pristine(path))

    def exists(self, path: str) -> bool:
        """Whether there is such a directory."""
        return os.path.isdir(path)

    def is_on_root(self, path: str) -> bool:
        """Whether a directory is on the root file system, as that of a brick is whose disk is not mounted."""
        return os.path.isdir(path) and os.stat(path).st_dev == os.stat("/").st_dev

    def is_pristine(self, path: str) -> bool:
        """Whether there is a directory, and in it nothing but what glusterd makes there before a brick is started."""
        if not os.path.isdir(path) or set(os.listdir(path)) - {_HIDDEN}:
            return False
        return not any(_holds_more_than_folders(*found) for found in os.walk(os.path.join(path, _HIDDEN)))

    def set(self, path: str, volume_id: str) -> None:
        """Mark a directory as a brick of a volume, as glusterd does; it must be pristine, which is looked at again."""
        self._require_pristine(path)
        # Without this folder the brick's process ends at once.
        os.makedirs(os.path.join(path, _HIDDEN), 0o600, exist_ok=True)
        os.setxattr(path, VOLUME_ID, uuid.UUID(volume_id).bytes)

    def clear(self, path: str) -> None:
        """Take the mark and glusterd's empty folders away; the directory must be pristine, which is looked at again."""
        self._require_pristine(path)
        for folder, _folders, _files in os.walk(os.path.join(path, _HIDDEN), topdown=False):
            os.rmdir(folder)
        for name in (VOLUME_ID, _GFID):
            try:
                os.removexattr(path, name)
            except OSError as error:
                if error.errno != errno.ENODATA:
                    raise

    def _require_pristine(self, path: str) -> None:
        if not self.is_pristine(path):
            raise UnsafeChangeError(
                "bricks: %s is not empty any more, so its mark is kept; look who has written there, and run again"
                % path
            )


def _holds_more_than_folders(folder: str, folders: Sequence[str], files: Sequence[str]) -> bool:
    """Whether os.walk found a file or a link in a folder; links to folders are among its folders."""
    return bool(files) or any(os.path.islink(os.path.join(folder, name)) for name in folders)


def set_step(path: str, volume_id: str) -> Step:
    """Return the step that marks a directory as a brick of a volume; the volume's id is the step's text."""
    value = "0x" + uuid.UUID(volume_id).hex
    return Step("set_mark", path, ("setfattr", "-n", VOLUME_ID, "-v", value, path), text=volume_id)


def clear_steps(marks: Iterable[Mark], owners: Mapping[str, Volume]) -> List[Step]:
    """Return the steps that clear marks of volumes that do not exist; owners are those that do, by their ids.

    Raises UnsafeChangeError for a directory that belongs to a volume, was removed from one, or that holds what a
    deleted one left.
    """
    return [_clear_step(mark, owners) for mark in marks]


def _clear_step(mark: Mark, owners: Mapping[str, Volume]) -> Step:
    if mark.volume_id in owners:
        raise UnsafeChangeError(_owned(mark, owners[mark.volume_id]))
    if not mark.pristine:
        raise UnsafeChangeError(
            "bricks: %s holds what the volume with the id %s left, and no volume has that id now; save what you need "
            "of it and empty it, or use another directory" % (mark.path, mark.volume_id)
        )
    return Step("clear_mark", mark.path, ("setfattr", "--remove=" + VOLUME_ID, mark.path))


def _owned(mark: Mark, volume: Volume) -> str:
    """The mark alone tells no brick from one that was removed or replaced: that keeps it."""
    # On the controller the host stands before the path.
    path = mark.path[mark.path.index("/") :]
    if path in {brick.path for brick in volume.bricks}:
        return "bricks: %s is a brick of volume %s; name another directory" % (mark.path, volume.name)
    return (
        "bricks: %s was a brick of volume %s, which goes on without it, and holds what it held; save what you need of "
        "it, and remove it by gluster_teardown_bricks, or use another directory" % (mark.path, volume.name)
    )
