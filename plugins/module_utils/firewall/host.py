# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the firewalls of this node are asked and told through. PRIVATE to the collection."""

from typing import List, Optional, Sequence

from ansible_collections.brickwork.gluster.plugins.module_utils.command import (
    NOT_FOUND,
    Commands,
    Runner,
    require_success,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.files import TextFiles

_CHECKED = "/run/brickwork-check.nft"


class FirewallHost:
    """What is asked and told on this node."""

    def __init__(self, runner: Runner, timeout: int, files: Optional[TextFiles] = None) -> None:
        self.commands = Commands(runner, timeout)
        self.files = files or TextFiles()

    def active(self, units: Sequence[str]) -> List[str]:
        """Return those of the units that are active. One that is not there is not active."""
        argv = ["systemctl", "is-active"] + list(units)
        result = self.commands.answer(argv)
        if result.rc == NOT_FOUND:
            require_success(argv, result, "asking systemd")
        # The exit code says only whether all, or none, are active.
        return [name for name, state in zip(units, result.stdout.split()) if state == "active"]

    def check_rules(self, text: str) -> None:
        """Have nft check rules without loading them; raises CommandError if they could not be loaded."""
        self.files.replace(_CHECKED, text, 0o644)
        try:
            self.commands.run(["nft", "-c", "-f", _CHECKED], "checking rules")
        finally:
            self.files.remove(_CHECKED)
