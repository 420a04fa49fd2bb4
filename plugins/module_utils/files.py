# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text files of the node, read and put in place whole. PRIVATE to the collection."""

import errno
import os
import stat
import tempfile
from typing import Callable, List, Optional


class TextFiles:
    """Files of this machine."""

    def read(self, path: str) -> str:
        """Return a file's text, "" if it is not there."""
        try:
            with open(path, encoding="utf-8", errors="surrogateescape") as stream:
                return stream.read()
        except (FileNotFoundError, ProcessLookupError):
            # The latter is what a file of a process says in /proc while that ends.
            return ""

    def tail(self, path: str, size: int) -> str:
        """Return the last so many bytes of a file as text, "" if it is not there."""
        try:
            with open(path, "rb") as stream:
                stream.seek(max(os.path.getsize(path) - size, 0))
                return stream.read(size).decode("utf-8", "surrogateescape")
        except FileNotFoundError:
            return ""

    def exists(self, path: str) -> bool:
        """Whether there is such a file."""
        return os.path.exists(path)

    def replace(self, path: str, text: str, mode: Optional[int] = None) -> None:
        """Put a new text into a file in one step, so that a power cut leaves the old or the new one.

        Without a mode the file is an administrator's: it keeps its mode, owner, group, label and other attributes, and
        where it is a link, what that points to is written. One that is new can be read by all.
        """

        def write(temporary: str) -> None:
            with open(temporary, "w", encoding="utf-8", errors="surrogateescape") as stream:
                stream.write(text)

        self.make(os.path.realpath(path) if mode is None else path, write, mode)

    def make(self, path: str, write: Callable[[str], None], mode: Optional[int] = 0o600) -> None:
        """Put in place what write(path of an empty file that only root can read) writes; see replace()."""
        os.makedirs(os.path.dirname(path), exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=os.path.dirname(path))
        try:
            write(temporary)
            _take_over(path, temporary, mode)
            os.fsync(handle)
        except BaseException:
            os.unlink(temporary)
            raise
        finally:
            os.close(handle)
        os.replace(temporary, path)

    def entries(self, folder: str) -> List[str]:
        """Return the names in a folder, none where there is no folder."""
        return sorted(os.listdir(folder)) if os.path.isdir(folder) else []

    def remove(self, path: str) -> None:
        """Remove a file; one that is not there is no error."""
        try:
            os.unlink(path)
        except FileNotFoundError:
            pass


def _take_over(path: str, temporary: str, mode: Optional[int]) -> None:
    """Give a new file a mode; without one, all that the file has that it takes the place of."""
    if mode is not None or not os.path.exists(path):
        os.chmod(temporary, 0o644 if mode is None else mode)
        return
    old = os.stat(path)
    os.chown(temporary, old.st_uid, old.st_gid)
    _copy_attributes(path, temporary)
    os.chmod(temporary, stat.S_IMODE(old.st_mode))


def _copy_attributes(path: str, temporary: str) -> None:
    """Copy the extended attributes: SELinux's label, access lists, and what users put there."""
    try:
        for name in os.listxattr(path):
            os.setxattr(temporary, name, os.getxattr(path, name))
    except OSError as error:
        if error.errno != errno.ENOTSUP:
            raise
