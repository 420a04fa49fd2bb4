# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is in split-brain, and its resolution by a policy that the user names. PRIVATE to the collection.

Of a file that differs, GlusterFS lists the file. Of one name that stands for different files (their gfids differ), it
lists the folder that holds the name. It resolves that by the path of the name, and lists the folder until that has
healed.

Where a client dies in the middle of a change, such a folder is listed as waiting for healing alone, and waits for ever
(seen on 7.5). GlusterFS resolves its names all the same.
"""

import posixpath
from typing import Any, Collection, Dict, FrozenSet, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import (
    BrickworkError,
    InputError,
    PlanError,
    VerifyError,
    all_at_once,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.facts import to_facts
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.answers import split_brick
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.client import Gluster, gluster_argv
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.heal import COUNT_TIMEOUT
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Brick, Listed, Volume
from ansible_collections.brickwork.gluster.plugins.module_utils.grammar import (
    absolute_path,
    argument,
    present_name,
    volume_path,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import Operation, Plan, Step

#: With more entries that wait, nobody looks at them one by one: each may be a folder with thousands of names.
WAITING_LIMIT = 100
SOURCE_BRICK = "source-brick"
POLICIES = ("latest-mtime", "bigger-file", SOURCE_BRICK)


class SplitBrain(NamedTuple):
    """An entry that is in split-brain in one set of a volume. path is empty where no brick tells it.

    conflicts are the names in a folder that stand for different files, None where nobody has looked.
    """

    volume: str
    gfid: str
    path: str
    bricks: Tuple[Brick, ...]
    conflicts: Optional[Tuple[str, ...]] = None

    @property
    def names(self) -> Tuple[str, str]:
        """What it may be called in a resolution."""
        return (self.path, "gfid:" + self.gfid)


# ---- the list


class SplitBrains(NamedTuple):
    """What GlusterFS calls split-brain, and what only waits for healing: names that differ may stand in the way."""

    listed: List[SplitBrain]
    waiting: List[SplitBrain]


def observe_split_brains(gluster: Gluster, names: Sequence[str] = ()) -> SplitBrains:
    """Return what is in split-brain, and what waits, in the named volumes, or all that are replicated and started.

    That is one command, and two or three for each volume. Raises InputError for a volume that there is not.
    """
    volumes = gluster.volumes()
    unknown = sorted(set(names) - {volume.name for volume in volumes})
    if unknown:
        raise InputError("volumes: found no volume %s; write names of volumes that exist" % ", ".join(unknown))
    return _found_in(gluster, [volume for volume in volumes if not names or volume.name in names])


def _found_in(gluster: Gluster, volumes: Sequence[Volume]) -> SplitBrains:
    """Dispersed volumes know no split-brain, and GlusterFS refuses the question."""
    found = SplitBrains([], [])
    for volume in volumes:
        if volume.replicas and volume.is_started:
            listed = split_brains_of(volume, gluster.listed_in_split_brain(volume.name))
            known = {(one.bricks, one.gfid) for one in listed}
            waiting = split_brains_of(volume, _waiting_in(gluster, volume.name))
            found.listed.extend(listed)
            found.waiting.extend(one for one in waiting if (one.bricks, one.gfid) not in known)
    return found


def _waiting_in(gluster: Gluster, volume: str) -> List[Listed]:
    """Return what waits for healing, nothing where that is so much that it says nothing."""
    counts = gluster.cheap_heal_counts(volume, COUNT_TIMEOUT)
    if counts and not any(count.pending for count in counts):
        return []
    # Where a self-heal daemon has died, there are no counts.
    listed = gluster.listed_waiting(volume)
    return listed if len({one.gfid for one in listed}) <= WAITING_LIMIT else []


def split_brains_of(volume: Volume, listed: Sequence[Listed]) -> List[SplitBrain]:
    """Return each entry once for each set that lists it; a folder is in all sets."""
    sets = {brick.name: bricks for bricks in volume.brick_sets for brick in bricks}
    paths: Dict[Tuple[Tuple[Brick, ...], str], str] = {}
    for one in listed:
        key = (sets.get(one.brick, ()), one.gfid)
        paths[key] = paths.get(key) or one.path
    return [SplitBrain(volume.name, gfid, path, bricks) for (bricks, gfid), path in paths.items()]


def file_facts(found: SplitBrain) -> Dict[str, Any]:
    """Return a SplitBrain as gluster_split_brain_info returns it."""
    bricks = [{"name": one.name, "host_uuid": one.host_uuid, "arbiter": one.arbiter} for one in found.bricks]
    return {"volume": found.volume, "gfid": found.gfid, "path": found.path, "bricks": bricks}


# ---- what is desired


class Resolution(NamedTuple):
    """A path of a volume, and whose copy overwrites the others. source is a brick for the policy source-brick."""

    volume: str
    path: str
    policy: str
    source: str = ""

    @property
    def about(self) -> str:
        """How a message begins."""
        return "files: %s of volume %s" % (self.path, self.volume)


def desired_resolutions(files: Sequence[Mapping[str, Any]]) -> List[Resolution]:
    """Return the Resolutions of the module's option; raises InputError with all that is wrong in it."""
    read: List[Resolution] = []
    problems: List[str] = []
    for number, given in enumerate(files, 1):
        try:
            read.append(resolution("files, number %s" % number, given))
        except BrickworkError as error:
            problems.append(str(error))
    problems += _twice(read)
    if problems:
        raise InputError(all_at_once(problems))
    return read


def resolution(option: str, given: Mapping[str, Any]) -> Resolution:
    """Return one Resolution; raises InputError or ParseError."""
    source, policy = given.get("source") or "", given["policy"]
    if (policy == SOURCE_BRICK) != bool(source):
        raise InputError(
            "%s: found policy %s with source %s; write a source (host:/path) with source-brick, and none with another"
            % (option, policy, source or "empty")
        )
    if source:
        host, path = split_brick(argument(option, source))
        source = "%s:%s" % (host, absolute_path(option, path))
    return Resolution(present_name(option, given["volume"]), volume_path(option, given["path"]), policy, source)


def _twice(read: Sequence[Resolution]) -> List[str]:
    names = [(one.volume, one.path) for one in read]
    several = sorted({name for name in names if names.count(name) > 1})
    return ["files: found %s of volume %s twice; write it once" % (path, volume) for volume, path in several]


# ---- the plan


class ObservedSplitBrain(NamedTuple):
    """The volumes by name, the bricks that clients can reach, and what is in split-brain."""

    volumes: Dict[str, Volume]
    serving: FrozenSet[str]
    found: Tuple[SplitBrain, ...]


def plan_resolutions(
    desired: Sequence[Resolution], observed: ObservedSplitBrain, resolved: Collection[Resolution] = ()
) -> Plan:
    """Return the Plan; raises PlanError with all that stands against it. resolved was resolved in this run."""
    problems = [text for one in desired for text in _problems(one, observed)]
    if problems:
        raise PlanError(all_at_once(problems))
    due = [one for one in desired if _is_due(one, observed, resolved)]
    before = sorted("%s: %s" % (one.volume, one.names[not one.path]) for one in observed.found)
    after = sorted(set(before) - {"%s: %s" % (one.volume, one.path) for one in due})
    plan = Plan([_step(one) for one in due], {"split_brain": before}, {"split_brain": after})
    return plan._replace(warnings=[text for one in desired for text in _doubts(one, observed)])


def _entries_of(one: Resolution, observed: ObservedSplitBrain) -> List[SplitBrain]:
    """Return the entries that are meant: of that name, or else the folder that holds it."""
    listed = [found for found in observed.found if found.volume == one.volume]
    folder, name = posixpath.split(one.path)
    return [found for found in listed if one.path in found.names] or [
        found
        for found in listed
        if found.path and found.path == folder and (found.conflicts is None or name in found.conflicts)
    ]


def _is_due(one: Resolution, observed: ObservedSplitBrain, resolved: Collection[Resolution]) -> bool:
    entries = _entries_of(one, observed)
    # The folder of a name stays listed until it has healed.
    return bool(entries) and (one not in resolved or any(one.path in found.names for found in entries))


def _step(one: Resolution) -> Step:
    source = (one.source,) if one.source else ()
    argv = gluster_argv(("volume", "heal", one.volume, "split-brain", one.policy) + source + (one.path,))
    # Each has a lane of its own: one that can't be resolved keeps no other one.
    lane = "%s of volume %s" % (one.path, one.volume)
    return Step("resolve", lane, tuple(argv), destroys=True, lane=lane)


def _problems(one: Resolution, observed: ObservedSplitBrain) -> List[str]:
    volume = observed.volumes.get(one.volume)
    if volume is None:
        return ["%s: found no such volume; write the name of one that exists" % one.about]
    if not volume.replicas:
        return ["%s: the volume is not replicated and knows no split-brain; leave it out" % one.about]
    if not volume.is_started:
        return ["%s: the volume is not started; start it first" % one.about]
    entries = _entries_of(one, observed)
    return _source_problems(one, volume, entries) + _entry_problems(one, entries, observed.serving)


def _source_problems(one: Resolution, volume: Volume, entries: Sequence[SplitBrain]) -> List[str]:
    if not one.source:
        return []
    bricks = [brick for found in entries for brick in found.bricks] or list(volume.bricks)
    chosen = next((brick for brick in bricks if brick.name == one.source), None)
    if chosen and not chosen.arbiter:
        return []
    what = "is an arbiter and holds no data" if chosen else "is no brick of the set that holds it"
    others = ", ".join(brick.name for brick in bricks if not brick.arbiter)
    return ["%s: source %s %s; write one of %s" % (one.about, one.source, what, others)]


def _entry_problems(one: Resolution, entries: Sequence[SplitBrain], serving: FrozenSet[str]) -> List[str]:
    silent = sorted({brick.name for found in entries for brick in found.bricks} - serving)
    problems = [
        "%s: brick %s of its set does not serve, and may hold the better copy; bring it back first (the playbook heal)"
        % (one.about, name)
        for name in silent
    ]
    names = sorted({name for found in entries if one.path in found.names for name in found.conflicts or ()})
    if names:
        problems.append(
            "%s: it is a folder in which a name stands for different files; name these instead: %s"
            % (one.about, ", ".join(posixpath.join(one.path, name) for name in names))
        )
    return problems


def _doubts(one: Resolution, observed: ObservedSplitBrain) -> List[str]:
    """A path that is not listed may be one of those of which GlusterFS tells the gfid only."""
    nameless = [found for found in observed.found if found.volume == one.volume and not found.path]
    if not nameless or _entries_of(one, observed):
        return []
    return [
        "%s: it is not listed as in split-brain, and of %s entries that are listed GlusterFS tells no path; the "
        "playbook split_brain finds their paths, or name one by gfid: and its gfid" % (one.about, len(nameless))
    ]


# ---- the way through


class ResolveOperation(Operation[ObservedSplitBrain]):
    """Resolves what is named, and nothing else. seen is what was found by looking at the bricks."""

    def __init__(self, gluster: Gluster, desired: Sequence[Resolution], seen: Sequence[Mapping[str, Any]] = ()) -> None:
        self._gluster = gluster
        self._desired = desired
        self._seen = {(one["volume"], one["gfid"]): one for one in seen}
        self._resolved: List[Resolution] = []

    def observe(self) -> ObservedSplitBrain:
        """Read volumes, bricks, and what is in split-brain in the volumes that are named."""
        volumes = {volume.name: volume for volume in self._gluster.volumes()}
        names = sorted({one.volume for one in self._desired} & set(volumes))
        asked = [volumes[name] for name in names if volumes[name].replicas and volumes[name].is_started]
        status = self._gluster.brick_status([volume.name for volume in asked], detail=False) if asked else {}
        serving = [one.name for bricks in status.values() for one in bricks if one.serves]
        observed = _found_in(self._gluster, asked)
        # Of what waits, only folders concern us in which names stand for different files.
        waiting = [one for one in map(self._known, observed.waiting) if one.conflicts]
        found = [*map(self._known, observed.listed), *waiting]
        return ObservedSplitBrain(volumes, frozenset(serving), tuple(found))

    def _known(self, found: SplitBrain) -> SplitBrain:
        """Return an entry with what its bricks have told of it before."""
        seen = self._seen.get((found.volume, found.gfid)) or {}
        conflicts = seen.get("conflicts")
        return found._replace(
            path=found.path or seen.get("path") or "", conflicts=None if conflicts is None else tuple(conflicts)
        )

    def plan(self, observed: ObservedSplitBrain) -> Plan:
        """Return the Plan; see plan_resolutions."""
        return plan_resolutions(self._desired, observed, self._resolved)

    def perform(self, step: Step) -> None:
        """Resolve one path; what GlusterFS says to it is judged by its words."""
        problem = self._gluster.resolve(step.argv[3:])
        if "No difference in mtime" in problem or "No bigger file" in problem:
            raise VerifyError(
                "files: GlusterFS finds no difference by which to choose (%s); take the policy source-brick, with the "
                "brick whose copy is the right one" % problem
            )
        if problem:
            raise VerifyError(
                "files: it stays in split-brain, and GlusterFS says: %s; take the policy source-brick if another one "
                "was tried, and look at /var/log/glusterfs/glfsheal-%s.log" % (problem, step.argv[5])
            )
        self._resolved += [one for one in self._desired if _step(one) == step]

    def settle(self, plan: Plan) -> None:
        """Have the daemons heal the folders of names that were resolved. One that refuses is no reason to fail here."""
        for volume in sorted({one.volume for one in self._resolved}):
            self._gluster.heal(volume)

    def findings(self, observed: ObservedSplitBrain) -> Dict[str, Any]:
        """Return what is still in split-brain in these volumes, without the folders that are about to heal."""
        left = [found for found in observed.found if not self._heals(found)]
        return {"left": [{key: to_facts(one)[key] for key in ("volume", "gfid", "path")} for one in left]}

    def _heals(self, found: SplitBrain) -> bool:
        parts = [posixpath.split(one.path) for one in self._resolved if one.volume == found.volume]
        names = {name for folder, name in parts if found.path and folder == found.path}
        return bool(names) and set(found.conflicts or ()) <= names

    def goes_on_after(self, error: BrickworkError) -> bool:
        """Whether the next path is tried: not where glusterd does not answer."""
        return isinstance(error, VerifyError)
