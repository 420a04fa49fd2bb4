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

from typing import Optional, Sequence

from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import NEVER_STARTED, Volume

#: What C(volume info) shows on each member, whatever came of the files there: glusterd sends them anew.
_SHOWN = ("set", "reset", "start", "stop")
#: What changes bricks or files: what the member that failed has not done, its memory does not tell.
_BRICKS = ("add-brick", "remove-brick", "replace-brick", "reset-brick", "rebalance")
_QUESTION = "status"


def is_change(words: Sequence[str]) -> bool:
    """Whether a command, without its options, is a change that a member may lack without anybody being told."""
    return words[0] == "volume" and words[1] in _SHOWN + _BRICKS and words[-1] != _QUESTION


def volume_of(words: Sequence[str]) -> str:
    """Return the volume that tells what came of a change, "" where none does."""
    return words[2] if words[1] in _SHOWN and words[2] != "all" else ""


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
        "see /var/log/glusterfs/glusterd.log on %s, restart glusterd there as docs/repair.md tells ('A change that "
        "failed on a member'; on Debian a plain restart ends the bricks), and run the same playbook again"
        % ", ".join(peers)
    )


def warning(command: str, volume: str, peers: Sequence[str]) -> str:
    """Return what is to be said where the change is there all the same."""
    return (
        "%s: failed on %s, where the same is known of volume %s as on this node; perhaps a daemon did not start, or it "
        "is not written there: run the playbook health, and see docs/repair.md, 'A change that failed on a member'"
        % (command, ", ".join(peers), volume)
    )
