# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text files of the node, read and put in place whole. PRIVATE to the collection."""

import os
import tempfile


class TextFiles(object):
    """Files of this machine."""

    def read(self, path):
        """Return a file's text, "" if it is not there."""
        try:
            with open(path, encoding="utf-8", errors="surrogateescape") as stream:
                return stream.read()
        except FileNotFoundError:
            return ""

    def exists(self, path):
        """Whether there is such a file."""
        return os.path.exists(path)

    def replace(self, path, text, mode=0o644):
        """Put a new text into a file in one step, so that a power cut leaves the old or the new one."""

        def write(temporary):
            with open(temporary, "w", encoding="utf-8", errors="surrogateescape") as stream:
                stream.write(text)

        self.make(path, write, mode)

    def make(self, path, write, mode=0o600):
        """Put in place what write(path of an empty file that only root can read) writes; see replace()."""
        os.makedirs(os.path.dirname(path), exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=os.path.dirname(path))
        try:
            write(temporary)
            os.fsync(handle)
        except BaseException:
            os.unlink(temporary)
            raise
        finally:
            os.close(handle)
        os.chmod(temporary, mode)
        os.replace(temporary, path)

    def entries(self, folder):
        """Return the names in a folder, none where there is no folder."""
        return sorted(os.listdir(folder)) if os.path.isdir(folder) else []

    def remove(self, path):
        """Remove a file; one that is not there is no error."""
        try:
            os.unlink(path)
        except FileNotFoundError:
            pass
