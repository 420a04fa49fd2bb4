# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many examples a property is tried with: a few by day, many by night (make test-plans)."""

import os


def examples(by_day):
    """Return the number of examples; BRICKWORK_EXAMPLES is by how much there are more than by day."""
    return by_day * int(os.environ.get("BRICKWORK_EXAMPLES", "1"))
