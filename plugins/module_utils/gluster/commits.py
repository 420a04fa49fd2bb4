# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of a change that some members could not carry out ("Commit failed on ..."). Pure. PRIVATE.

glusterd changes the member that was asked first, and then all others at once. It takes nothing back where one of them
fails, so the others have the change. Whether that one has it depends on where it failed. A daemon that does not start
ends the start of a volume when its bricks run and all is written (glusterd_op_start_volume, 7.5 and 10.3). It ends a
change of options when the member knows them and has not written them (glusterd_op_set_volume, 7.5): what members have
written is compared by the playbook health.
"""

from typing import Iterable, List, Optional, Sequence

from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import NEVER_STARTED, Brick, Volume

#: Commands that only read.
_READING = ("status", "info", "get", "list")
#: Commands whose outcome C(volume info) shows on each member, or for which their callers wait.
_SHOWN = ("set", "reset", "start", "stop", "add-brick", "replace-brick", "reset-brick")
_REMOVED = ("commit", "force")


def is_reading(words: Sequence[str]) -> bool:
    """Whether a command, without its options, changes nothing."""
    return words[0] == "volume" and words[1] in _READING


def volume_of(words: Sequence[str]) -> str:
    """Return the volume that tells what came of a command, "" where none does."""
    if words[0] != "volume" or len(words) < 3 or words[2] == "all":
        return ""
    is_shown = words[1] in _SHOWN or (words[1] == "remove-brick" and words[-1] in _REMOVED)
    return words[2] if is_shown or "granular-entry-heal" in words else ""


def named_bricks(words: Iterable[str], volume: Volume) -> List[Brick]:
    """Return the bricks of a volume that a command names: what was done to them is on their members alone."""
    named = set(words)
    return [brick for brick in volume.bricks if brick.name in named]


def difference(ours: Optional[Volume], theirs: Optional[Volume]) -> str:
    """Return in what a member knows another state of a volume than this one, "" where it knows the same."""
    if ours is None or theirs is None:
        return "" if ours is theirs else "whether it exists"
    if ours == theirs:
        return ""
    return ", ".join(field for field in Volume._fields if getattr(ours, field) != getattr(theirs, field))


def is_told_by_memory(volume: Optional[Volume]) -> bool:
    """Whether what members know of a volume tells enough: one that was never started may lack its files on one."""
    return volume is not None and volume.status != NEVER_STARTED


def advice(peers: Sequence[str]) -> str:
    """Return what to do where a change is not known to be on all members."""
    return (
        "see /var/log/glusterfs/glusterd.log on %s, restart glusterd there (docs/repair.md, 'A change that failed on a "
        "member'), and run the same playbook again" % ", ".join(peers)
    )


def warning(command: str, volume: str, peers: Sequence[str]) -> str:
    """Return what is to be said where the change is there all the same."""
    return (
        "%s: failed on %s, where the same is known of volume %s as on this node, so that the change is there; perhaps "
        "a daemon did not start: run the playbook health, and see docs/repair.md, 'A change that failed on a member'"
        % (command, ", ".join(peers), volume)
    )
