# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with an inventory: each line once, with the hosts that it holds for. PRIVATE to the collection."""

from collections.abc import Callable

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError, all_at_once

MOST_HOSTS = 3
_LONGEST_LINE = 400

#: Takes one line about the value that is being read.
Report = Callable[[str], None]


class Problems:
    """Collects lines; the same line of several hosts is one."""

    def __init__(self) -> None:
        self._hosts: dict[str, list[str]] = {}

    def of(self, host: str = "") -> Report:
        """Return what takes the lines of a host, or of the cluster."""

        def report(line: str) -> None:
            hosts = self._hosts.setdefault(line[:_LONGEST_LINE], [])
            if host and host not in hosts:
                hosts.append(host)

        return report

    def refuse(self) -> None:
        """Raise InputError with the lines, if there are any."""
        if self._hosts:
            raise InputError(all_at_once([_located(line, hosts) for line, hosts in self._hosts.items()]))


def _located(line: str, hosts: list[str]) -> str:
    if not hosts:
        return line
    named = ", ".join(hosts[:MOST_HOSTS])
    more = f" and {len(hosts) - MOST_HOSTS} more" if hosts[MOST_HOSTS:] else ""
    return f"{named}{more}: {line}"
