# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of a report on the controller: compared with what is there, and put in place whole. PRIVATE."""

import os
import re
import tempfile

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError

#: By the letters, rights as chmod takes them.
_MODE = re.compile(r"0?[0-7]{3}\Z")


def read_mode(option: str, value: object) -> int:
    """Return the rights of a file; YAML takes 0640 for a number, and 640 for another one."""
    text = value if isinstance(value, str) else ""
    if not _MODE.match(text):
        raise InputError(f'{option}: found {str(value)[:40]!r}; write the rights in quotes, such as "0640"')
    return int(text, 8)


def file_mode(option: str, value: object) -> str:
    """Return the rights of a file as they are written."""
    return f"{read_mode(option, value):04o}"


def path_of(option: str, value: str) -> str:
    """Return the absolute path of a file; raises InputError for a folder."""
    path = os.path.abspath(os.path.expanduser(value))
    if value.endswith("/") or os.path.isdir(path):
        raise InputError(f"{option}: found the folder {value}; write the name of a file in it")
    return path


def present_text(path: str) -> str:
    """Return what is in a file, "" where there is none or it can't be read."""
    try:
        with open(path, encoding="utf-8") as stream:
            return stream.read()
    except (OSError, UnicodeDecodeError):
        return ""


def write_text(option: str, path: str, text: str, mode: int) -> None:
    """Put a file in place whole, with these rights; its folder is made where it is not there."""
    try:
        os.makedirs(os.path.dirname(path), mode=0o750, exist_ok=True)
        _write(path, text, mode)
    except OSError as error:
        raise InputError(
            f"{option}: found that {path} can't be written ({error.strerror}); write a path of the controller where "
            "the user who runs Ansible may write"
        ) from error


def _write(path: str, text: str, mode: int) -> None:
    handle, temporary = tempfile.mkstemp(dir=os.path.dirname(path), prefix=".report-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(temporary, mode)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
