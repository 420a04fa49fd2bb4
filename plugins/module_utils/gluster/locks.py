# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which member holds the lock that another transaction waits for: only glusterd's log tells. PRIVATE."""

import re
from typing import Optional

from ansible_collections.brickwork.gluster.plugins.module_utils.files import TextFiles

_LOG = "/var/log/glusterfs/glusterd.log"
#: Bytes at the end of the log in which the refusal of a moment ago is looked for.
_TAIL = 65536
#: GlusterFS 7 to 11: glusterd-locks.c, message GD_MSG_LOCK_ALREADY_HELD.
_HELD = re.compile(r"Lock for \S+ held by ([0-9a-f-]{36})")


def lock_holder(files: Optional[TextFiles] = None) -> str:
    """Return the uuid of the member that held the lock which was refused last, "" where the log does not tell."""
    found = _HELD.findall((files or TextFiles()).tail(_LOG, _TAIL))
    return found[-1] if found else ""
