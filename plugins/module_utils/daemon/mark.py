# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The mark of a node in maintenance, and what has systemd heed it. PRIVATE to the collection.

glusterd does not start while the mark is there, also not at a boot. The condition for that is a file of systemd, which
comes with the first brick or with the first maintenance, and stays: having systemd read its files takes seconds on a
small machine, and the mark itself needs none.
"""

from ansible_collections.brickwork.gluster.plugins.module_utils.files import TextFiles

MARK = "/var/lib/brickwork-maintenance"
CONDITION_FILE = "/etc/systemd/system/glusterd.service.d/brickwork-maintenance.conf"
CONDITION = (
    "# Written by brickwork.gluster. While the file that this names is there, the node is in maintenance.\n"
    "[Unit]\nConditionPathExists=!%s\n" % MARK
)
_SINCE = "In maintenance since "
_UNKNOWN = "an unknown time"
_TEXT = _SINCE + "%s\n# Written by brickwork.gluster.gluster_node, which takes it away again (state: active).\n"


def mark_text(words: str) -> str:
    """Return the text of the mark; words are since when, and why."""
    return _TEXT % words


def maintenance_of(files: TextFiles) -> str:
    """Return since when a node is in maintenance, and why, "" where it is not.

    systemd asks only whether the file is there, so one that somebody else has written is a mark, too.
    """
    lines = [line for line in files.read(MARK).splitlines() if line.startswith(_SINCE)]
    if lines:
        return lines[0][len(_SINCE) :]
    return _UNKNOWN if files.exists(MARK) else ""
