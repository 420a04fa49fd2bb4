# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that move between the sets of a volume: what is known of that, and what speaks against it. PRIVATE.

Both a rebalance and the removal of sets read and write files on all sets. All but observe_volumes is pure.
"""

from typing import Any, Dict, Iterable, List, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.brickwork.gluster.plugins.module_utils.gluster import answers
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.filling import filling_objections
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.pool import peer_title
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import (
    Brick,
    BrickStatus,
    HealCount,
    NodeMigration,
    Pool,
    Task,
    Volume,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.waiting import Clock

#: What a migration is: nobody started one, it is under way, or how it ended.
NOT_STARTED, RUNNING, COMPLETED, FAILED, STOPPED = "not started", "in progress", "completed", "failed", "stopped"

#: What GlusterFS says while one that was stopped has not ended, and how many seconds that may take.
_STILL = ("ebalance is in progress", "is already started")
_ENDING = 120
_PAUSE = 2


class MovingVolume(NamedTuple):
    """A volume whose files move, or are to: the states of its bricks, its tasks, and what each member has moved.

    heals is read only where a migration is to be started; unknown is why they could not be counted.
    """

    volume: Volume
    pool: Pool
    status: Dict[str, BrickStatus] = {}
    tasks: Tuple[Task, ...] = ()
    members: Tuple[NodeMigration, ...] = ()
    heals: Tuple[HealCount, ...] = ()
    unknown: str = ""

    @property
    def state(self) -> str:
        """What the migration is as a whole: under way as long as it is on any member."""
        words = [member.status for member in self.members]
        for state in (RUNNING, FAILED, STOPPED):
            if any(word.endswith(state) for word in words):
                return state
        if not words:
            return NOT_STARTED
        # What else GlusterFS may say ("unknown") is no end that anybody can build on.
        return COMPLETED if all(word.endswith(COMPLETED) for word in words) else STOPPED

    @property
    def of_layout(self) -> bool:
        """Whether only the layout of folders changes, and no file moves."""
        return any(member.status.startswith("fix-layout") for member in self.members)

    @property
    def removal(self) -> Optional[Task]:
        """The task that takes bricks out of the volume, if there is one."""
        return next((task for task in self.tasks if task.is_removal), None)

    def silent(self, bricks: Iterable[Brick]) -> List[str]:
        """Return the members with these bricks that do not tell what they have moved, by a name of each.

        Each member with a brick moves the files of that, and the sum leaves out one that is away.
        """
        told = {member.uuid for member in self.members}
        return sorted({brick.host for brick in bricks if brick.host_uuid not in told})

    def name_of(self, uuid: str) -> str:
        """Return how people call a member: as its bricks do, or as the pool does."""
        hosts = [brick.host for brick in self.volume.bricks if brick.host_uuid == uuid]
        peers = [peer_title(self.pool, peer) for peer in self.pool.peers if peer.uuid == uuid]
        return (hosts + peers + [uuid])[0]

    def used(self, bricks: Iterable[Brick]) -> Optional[int]:
        """Return the bytes of files in a set, None where nobody told: the fullest of its bricks counts."""
        found = [_used(self.status.get(brick.name)) for brick in bricks if not brick.arbiter]
        known = [one for one in found if one is not None]
        return max(known) * data_bricks(self.volume) if known and len(known) == len(found) else None


def _used(status: Optional[BrickStatus]) -> Optional[int]:
    if status is None or status.size is None or status.free is None:
        return None
    return status.size - status.free


def data_bricks(volume: Volume) -> int:
    """Return how many bricks' worth of files a set holds."""
    return volume.disperse - volume.redundancy if volume.disperse else 1


def observe_volumes(gluster: Gluster, names: Sequence[str]) -> Dict[str, MovingVolume]:
    """Return by their names those of the volumes that exist, without what their members have moved.

    That is four commands for all of them.
    """
    pool = gluster.pool()
    found = [volume for volume in gluster.volumes(names[0] if len(names) == 1 else None) if volume.name in names]
    started = [volume.name for volume in found if volume.is_started]
    status = gluster.brick_status(started) if started else {}
    tasks = gluster.tasks(started) if started else []
    return {
        volume.name: MovingVolume(
            volume,
            pool,
            {one.name: one for one in status.get(volume.name, ())},
            tuple(task for task in tasks if task.volume == volume.name),
        )
        for volume in found
    }


def with_heals(moving: MovingVolume, gluster: Gluster) -> MovingVolume:
    """Return the volume with what waits for healing in it."""
    if moving.volume.set_width == 1 or not moving.volume.is_started:
        return moving
    try:
        return moving._replace(heals=tuple(gluster.heal_counts(moving.volume.name)))
    except answers.UNREADABLE as error:
        return moving._replace(unknown=str(error))


def objections(moving: MovingVolume) -> List[str]:
    """Return every reason against moving files of a volume now."""
    if not moving.volume.is_started:
        return ["it is not started"]
    found = [
        "the member %s is '%s'%s"
        % (peer_title(moving.pool, peer), peer.state_text, "" if peer.connected else " and disconnected")
        for peer in moving.pool.peers
        if not peer.is_well
    ]
    serving = {name for name, status in moving.status.items() if status.serves}
    found += ["brick %s does not serve" % brick.name for brick in moving.volume.bricks if brick.name not in serving]
    found += filling_objections(moving.volume, [brick.name for brick in moving.volume.bricks])
    return found + _heal_objections(moving)


def _heal_objections(moving: MovingVolume) -> List[str]:
    """What moves files reads one copy of each, and that may be one that is behind."""
    found = ["what waits for healing is not known: %s" % moving.unknown] if moving.unknown else []
    for count in moving.heals:
        if count.split_brain:
            found.append("%s entries of %s are in split-brain" % (count.split_brain, count.brick))
        if count.pending:
            found.append("%s entries of %s wait for healing" % (count.pending, count.brick))
        if count.pending is None:
            found.append("%s can't tell what waits for healing" % count.brick)
    return found


def did_not_move(moving: MovingVolume) -> List[str]:
    """Return by member how many files did not move, and where their names are."""
    return [
        "%s: %s files failed and %s were skipped; their names are in /var/log/glusterfs/%s-rebalance.log there"
        % (moving.name_of(member.uuid), member.failures, member.skipped, moving.volume.name)
        for member in moving.members
        if member.failures or member.skipped
    ]


def begin(gluster: Gluster, words: Iterable[str], clock: Clock) -> None:
    """Have files move. A rebalance that was just stopped ends with the file that it is at, which takes seconds."""
    deadline = clock.monotonic() + _ENDING
    while True:
        try:
            gluster.ask(*words)
        except answers.TimeUp:
            # Only the next observation tells whether it was done.
            return
        except answers.GlusterError as error:
            if not any(text in str(error) for text in _STILL) or clock.monotonic() >= deadline:
                raise
        else:
            return
        clock.sleep(_PAUSE)


def migration_facts(moving: MovingVolume, left: int, bricks: Iterable[Brick]) -> Dict[str, Any]:
    """Return what is known as the modules return it.

    left is about how many bytes are still to move, bricks those whose members move files.
    """
    numbers = ("files", "size", "scanned", "failures", "skipped")
    return dict(
        {number: sum(getattr(member, number) for member in moving.members) for number in numbers},
        name=moving.volume.name,
        state=moving.state,
        layout_only=moving.of_layout,
        left=left,
        used=sum(_used(status) or 0 for status in moving.status.values()),
        problems=did_not_move(moving),
        silent=moving.silent(bricks) if moving.members else [],
        members=[
            dict({number: getattr(member, number) for number in numbers}, name=moving.name_of(member.uuid),
                 state=member.status, seconds=int(member.seconds))
            for member in moving.members
        ],
    )  # fmt: skip
