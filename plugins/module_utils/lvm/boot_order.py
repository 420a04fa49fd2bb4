# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""That bricks are mounted before glusterd starts, where fstab can't say so: systemd before 233 (EL7). Pure. PRIVATE.

Elsewhere the option x-systemd.before in the brick's line does it. The older systemd passes over that, and orders a
mount with nofail before nothing; so a file beside glusterd's unit names the mounts. It orders and requires nothing: for
a dead disk glusterd waits as long as fstab says, and starts without it.
"""

import re
from typing import Iterable, List

from ansible_collections.brickwork.gluster.plugins.module_utils.steps import Step

DROP_IN = "/etc/systemd/system/glusterd.service.d/brickwork-bricks.conf"
#: The first that reads x-systemd.before in fstab.
_READS_BEFORE = 233
_HEAD = "# Written by brickwork.gluster.lvm_brick: this systemd does not know x-systemd.before in /etc/fstab.\n[Unit]\n"
_AFTER = re.compile(r"^After=(\S+)$", re.MULTILINE)
_PLAIN = re.compile(r"[A-Za-z0-9:_.]")


def mount_unit(target: str) -> str:
    """Return the name of systemd's unit for a mount point, as systemd-escape --path makes it."""
    words = [word for word in target.split("/") if word]
    return "-".join(_escaped(word, first=number == 0) for number, word in enumerate(words)) + ".mount"


def _escaped(word: str, first: bool) -> str:
    return "".join(
        letter
        if _PLAIN.match(letter) and not (first and position == 0 and letter == ".")
        else "".join("\\x%02x" % byte for byte in letter.encode("utf-8"))
        for position, letter in enumerate(word)
    )


def order_steps(present: Iterable[str], absent: Iterable[str], systemd: int, text: str) -> List[Step]:
    """Return the step that writes the file, if that is needed; its text is the new one.

    present and absent are mount points, systemd is its version (0 where nobody told), text is the file as it is. Bricks
    that are not spoken of stay in it.
    """
    if not 0 < systemd < _READS_BEFORE:
        return []
    gone = {mount_unit(target) for target in absent}
    units = sorted(({mount_unit(target) for target in present} | set(_AFTER.findall(text))) - gone)
    desired = _HEAD + "".join("After=%s\n" % unit for unit in units)
    return [Step("order_glusterd", DROP_IN, text=desired)] if desired != text and (units or text) else []
