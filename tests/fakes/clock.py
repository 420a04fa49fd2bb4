# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A clock that passes only while somebody sleeps."""

#: What time() says at the beginning.
BEGIN = 1.8e9


class FakeClock:
    """Stands in for the module time."""

    def __init__(self):
        self.now = 0.0

    def monotonic(self):
        return self.now

    def time(self):
        return BEGIN + self.now

    def sleep(self, seconds):
        self.now += seconds
