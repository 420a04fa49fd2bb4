# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Small programs that stand in for a machine's own, in a folder that comes first in PATH."""


def program_folder(folder):
    """Make the folder, and return what puts a program into it: put(name, text of a shell script)."""
    folder.mkdir()

    def put(name, text):
        (folder / name).write_text("#!/bin/sh\n" + text)
        (folder / name).chmod(0o755)

    return put
