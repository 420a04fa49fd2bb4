# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""That glusterd starts after the bricks that can be mounted, and does not wait for a disk that is gone. Pure. PRIVATE.

fstab alone can't say that: x-systemd.before makes glusterd, and with it the healthy bricks of the node, wait for a dead
disk as long as for a slow one (60 s, since LVM may take half of that to activate many volumes). systemd before 233
(EL 7) does not even read it. So a small unit runs before glusterd and looks what is still to come.
"""

from typing import Dict, Iterable, List

from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.mark import CONDITION, CONDITION_FILE
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.fstab import FORMER_OPTION, OUR_OPTION
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import Step

_HEAD = "# Written by brickwork.gluster.lvm_brick.\n"
_SCRIPT = "/usr/local/lib/brickwork/wait-for-bricks.sh"
_UNIT = "brickwork-bricks.service"
#: Seconds that a disk has to show itself; and as many as are waited in all for what LVM knows.
_GRACE, _LIMIT = 15, 60

#: By path, what orders glusterd after its bricks. Those of which nothing is to come any more are not waited for.
BOOT_FILES: Dict[str, str] = {
    _SCRIPT: r"""#!/bin/sh
# Written by brickwork.gluster.lvm_brick.
# Ends as soon as each brick in /etc/fstab is mounted, or no more can be: LVM has no such volume, and none that is still
# to be activated, %(grace)s s after the start of this.
age() { echo $(($(cut -d. -f1 /proc/uptime) - began)); }
inactive() {
    timeout 10 lvs --noheadings -o lv_active,vg_tags,lv_name 2>/dev/null | grep -q '^ *brickwork.* brick_'
}
failed() { systemctl is-failed -q "$(systemd-escape -p --suffix=mount "$1")"; }
began=0; began=$(age)
udevadm settle --timeout=%(grace)s
while [ $(age) -lt %(limit)s ]; do
    missing= coming=
    while read -r source target kind options rest; do
        case ",$options," in *,%(option)s,* | *,%(former)s,*) ;; *) continue ;; esac
        place=$(printf '%%b' "$target")
        mountpoint -q "$place" && continue
        missing=yes
        case $source in UUID=*) source=/dev/disk/by-uuid/${source#UUID=} ;; esac
        [ -e "$source" ] && ! failed "$place" && coming=yes
    done < /etc/fstab
    [ -n "$missing" ] || exit 0
    [ -n "$coming" ] || [ $(age) -lt %(grace)s ] || inactive || exit 0
    sleep 1
done
"""
    % {"grace": _GRACE, "limit": _LIMIT, "option": OUR_OPTION, "former": FORMER_OPTION},
    "/etc/systemd/system/" + _UNIT: (
        _HEAD + "[Unit]\nDescription=Wait for the bricks that can be mounted\nBefore=glusterd.service\n"
        "[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/sh %s\nTimeoutStartSec=%s\nTimeoutStopSec=5\n"
    )
    % (_SCRIPT, _LIMIT + _GRACE),
    "/etc/systemd/system/glusterd.service.d/brickwork-bricks.conf": (
        _HEAD + "[Unit]\nWants=%s\nAfter=%s\n" % (_UNIT, _UNIT)
    ),
    # Has nothing to do with bricks. It is written with the others, as systemd takes seconds to read its files anew.
    CONDITION_FILE: CONDITION,
}


def order_steps(present: Iterable[str], found: Dict[str, str]) -> List[Step]:
    """Return the steps that write what is not as it should be, where there are bricks (their mount points)."""
    if not list(present):
        return []
    return [Step("order_glusterd", path, text=text) for path, text in BOOT_FILES.items() if found.get(path) != text]
