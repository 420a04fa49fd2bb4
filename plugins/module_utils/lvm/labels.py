# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SELinux's type of bricks, where the node has SELinux. Pure. PRIVATE to the collection.

The rule goes into the local policy, so that a restorecon of the whole system keeps it. Only mount point and brick
directory are labelled: what is made in them inherits it, and a walk through a full brick would take hours.
"""

import re
from typing import List

from ansible_collections.brickwork.gluster.plugins.module_utils.files import TextFiles
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.records import DesiredBrick, ObservedHost
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import Step

#: What the policies of EL and Fedora call the files of a brick.
BRICK_TYPE = "glusterd_brick_t"
#: Both are there where SELinux is enabled (selinuxenabled(8)); a system without a policy has the first one only.
_SELINUX = ("/sys/fs/selinux/enforce", "/etc/selinux/config")


def is_enabled(files: TextFiles) -> bool:
    """Whether the node has SELinux."""
    return all(files.exists(path) for path in _SELINUX)


def type_of(context: str) -> str:
    """Return the type in a context such as C(system_u:object_r:glusterd_brick_t:s0), "" where there is none."""
    words = context.rstrip("\0\n").split(":")
    return words[2] if len(words) > 2 else ""


def label_steps(brick: DesiredBrick, observed: ObservedHost) -> List[Step]:
    """Return the steps that give a brick its type; none where the node has no SELinux."""
    if observed.selinux_rules is None:
        return []
    steps = []
    if observed.selinux_rules.get(brick.directory) != BRICK_TYPE:
        pattern = _pattern(brick.mount)
        argv = ("semanage", "fcontext", "-a", "-t", BRICK_TYPE, pattern)
        steps.append(Step("add_label_rule", brick.name, argv))
    place = observed.places.get(brick.directory)
    if steps or place is None or place.selinux_type != BRICK_TYPE or not observed.mount_at(brick.mount):
        steps.append(Step("label_brick", brick.name, ("restorecon", brick.mount, brick.directory)))
    return steps


def _pattern(mount: str) -> str:
    """Return the regular expression for a mount point and all in it, as semanage takes it."""
    return re.sub(r"([.+*?^$()\[\]{}|\\])", r"\\\1", mount) + "(/.*)?"
