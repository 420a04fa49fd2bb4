# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a volume itself remembers of its rebalance, so that any node, at any time, knows it. Pure. PRIVATE.

glusterd knows how the last rebalance ended, and not of which bricks it was: these may have been added after it.
"""

import hashlib
from typing import Iterable

#: The option of the volume. Options that begin with C(user.) mean nothing to GlusterFS.
REBALANCE_MARK = "user.brickwork-rebalance"
#: Bricks are about to be added, and the rebalance is still to be started.
PENDING = "pending"


def started_mark(bricks: Iterable[str]) -> str:
    """Return the value that says that a rebalance of just these bricks was started."""
    return "started-" + hashlib.sha256("\n".join(bricks).encode("utf-8")).hexdigest()[:16]
