# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Talks to glusterd through its command line: XML, script mode, a time limit, patience with locks. PRIVATE."""

import time
from typing import Callable, Dict, Iterable, List, Optional, Sequence, Tuple
from xml.etree import ElementTree

from ansible_collections.brickwork.gluster.plugins.module_utils.command import COMMAND_TIMEOUT, Runner
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import ParseError, VerifyError
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster import answers, commits
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import (
    BrickStatus,
    HealCount,
    Listed,
    NodeMigration,
    Pool,
    SelfHealDaemon,
    Task,
    Volume,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.waiting import Clock, wait_until_nothing

#: Seconds during which a held lock is no error: other transactions end within their own 120.
LOCK_PATIENCE = 150
_LOCK_PAUSE = 1.0
#: Seconds during which a question without any answer is asked again: the bricks of a volume are being changed.
_SILENCE_PATIENCE = 15
#: Seconds during which a member that failed in a change may come to have it: its connection alone may have failed.
_COMMIT_PATIENCE = 30
#: Seconds for a file in split-brain, which is copied before the command ends. Cut off, it leaves a copy half written,
#: which the next run could take for the one that was written last.
RESOLVE_TIMEOUT = 86400


def _tell_nobody(_warning: str) -> None:
    """Who changes nothing has nothing to warn of."""


class Gluster:
    """The trusted storage pool as seen from this node."""

    def __init__(
        self,
        runner: Runner,
        timeout: int = COMMAND_TIMEOUT,
        lock_patience: float = LOCK_PATIENCE,
        clock: Clock = time,
        warn: Callable[[str], None] = _tell_nobody,
    ) -> None:
        self._runner = runner
        self._timeout = timeout
        self._lock_patience = lock_patience
        self._clock = clock
        self._warn = warn

    def ask(self, *words: str, remote_host: Optional[str] = None, timeout: Optional[int] = None) -> ElementTree.Element:
        """Run a gluster command and return the root of its XML answer.

        remote_host asks another node (reading only: glusterd refuses changes from afar). timeout is this command's own
        limit in seconds.
        Raises GlusterError or one of its kinds; Busy only when the lock was held all the time.
        """
        argv = gluster_argv(words, remote_host)
        answer = self._answered(argv, timeout or self._timeout)
        if answer.root is None:
            raise ParseError(
                "%s: found no XML in its answer (%s); run it by hand on the node to see all of it"
                % (" ".join(argv), answer.message)
            )
        return answer.root

    def _answered(self, argv: List[str], timeout: int) -> answers.Answer:
        """Return the Answer of a command that succeeds, asked again as long as another transaction has the lock."""
        deadline = self._clock.monotonic() + self._lock_patience
        while True:
            try:
                return self._answered_once(argv, timeout)
            except answers.Busy:
                if self._clock.monotonic() >= deadline:
                    raise
            self._clock.sleep(_LOCK_PAUSE)

    def _answered_once(self, argv: List[str], timeout: int) -> answers.Answer:
        result = self._runner.run(argv, timeout)
        answer = answers.judge(result)
        if answer.failed:
            error = answers.refusal(argv, result, answer)
            if not isinstance(error, answers.CommitFailed):
                raise error
            self._look_again(error)
        return answer

    def _look_again(self, error: answers.CommitFailed) -> None:
        """Return with a warning where the members that failed have the change all the same; else raise the error."""
        words = answers.words_of(error.argv)
        if not commits.is_change(words):
            raise error
        name = commits.volume_of(words)
        doubt = self._doubt(name, error.peers) if name else "nothing tells whether it was done there"
        if doubt:
            error.args = ("%s: this node has done it, and %s; %s" % (error, doubt, commits.advice(error.peers)),)
            raise error
        self._warn(commits.warning("gluster " + " ".join(words), name, error.peers))

    def _doubt(self, name: str, peers: Sequence[str]) -> str:
        """Return why a volume is not known to be on these members as it is on this node, "" where it is."""
        try:
            if not commits.is_told_by_memory(next(iter(self.volumes(name)), None)):
                return "it was never started, so that its files may lack there"
            wait_until_nothing(lambda: self._strangers(name, peers), _COMMIT_PATIENCE, self._clock, "; ".join)
        except (answers.GlusterError, ParseError, VerifyError) as why:
            return str(why)
        return ""

    def _strangers(self, name: str, peers: Sequence[str]) -> List[str]:
        """Return which members know another state of a volume than this node, and in what."""
        ours = next(iter(self.volumes(name)), None)
        found = {}
        for peer in peers:
            try:
                theirs = next(iter(self.volumes(name, remote_host=peer)), None)
                found[peer] = commits.difference(ours, theirs)
            except answers.GlusterError as error:
                found[peer] = "it can't be asked: %s" % error
        return ["%s knows another state of volume %s (%s)" % (peer, name, what) for peer, what in found.items() if what]

    def pool(self, remote_host: Optional[str] = None) -> Pool:
        """Return the Pool as this node, or a remote one, sees it."""
        peers = answers.parse_peers(self.ask("pool", "list", remote_host=remote_host))
        return Pool(peers, () if remote_host else self.own_names())

    def own_names(self) -> Tuple[str, ...]:
        """Return the host names and addresses of this node: pool list calls it just localhost."""
        names: List[str] = []
        for argv in (["hostname"], ["hostname", "-f"], ["hostname", "-I"]):
            result = self._runner.run(argv, 10)
            names.extend(result.stdout.split() if result.rc == 0 else [])
        return tuple(names)

    def volumes(self, name: Optional[str] = None, remote_host: Optional[str] = None) -> List[Volume]:
        """Return all Volumes, or a list with the named one, empty if there is none, as this node or another sees."""
        words = ("volume", "info") + ((name,) if name else ())
        try:
            return answers.parse_volumes(self._answer_in_the_end(*words, remote_host=remote_host))
        except answers.GlusterError as error:
            if "does not exist" in str(error) or "No volumes present" in str(error):
                return []
            raise

    def _answer_in_the_end(self, *words: str, remote_host: Optional[str] = None) -> ElementTree.Element:
        """Return the answer to a question that gets none while bricks are being changed."""
        deadline = self._clock.monotonic() + _SILENCE_PATIENCE
        while True:
            try:
                return self.ask(*words, remote_host=remote_host)
            except answers.Silent:
                if self._clock.monotonic() >= deadline:
                    raise
            self._clock.sleep(_LOCK_PAUSE)

    def snapshot_status(self, name: str) -> str:
        """Return whether a snapshot is C(Started), which is to say active, or C(Stopped); "" where there is none."""
        try:
            return answers.parse_snapshot_status(self.ask("snapshot", "info", name))
        except answers.GlusterError as error:
            if "does not exist" in str(error):
                return ""
            raise

    def brick_status(self, started: Sequence[str], detail: bool = True) -> Dict[str, List[BrickStatus]]:
        """Return by volume the BrickStatus records of the volumes with these names, which are started."""
        status: Dict[str, List[BrickStatus]] = {}
        for root in self._statuses(started, ["detail"] if detail else []):
            status.update(answers.parse_brick_status(root))
        return status

    def status_with_tasks(self, started: Sequence[str]) -> Tuple[Dict[str, List[BrickStatus]], List[Task]]:
        """Return brick_status without sizes and devices, and tasks, of one answer."""
        roots = self._statuses(started)
        status = {name: bricks for root in roots for name, bricks in answers.parse_brick_status(root).items()}
        return status, [task for root in roots for task in answers.parse_tasks(root)]

    def tasks(self, started: Sequence[str]) -> List[Task]:
        """Return the Tasks of the volumes with these names, which are started."""
        return [task for root in self._statuses(started) for task in answers.parse_tasks(root)]

    def tasks_and_daemons(self, started: Sequence[str]) -> Tuple[List[Task], List[SelfHealDaemon]]:
        """Return the Tasks and SelfHealDaemons of the volumes with these names, which are started, of one answer."""
        roots = self._statuses(started)
        tasks = [task for root in roots for task in answers.parse_tasks(root)]
        return tasks, [daemon for root in roots for daemon in answers.parse_self_heal_daemons(root)]

    def migration(self, *words: str) -> Tuple[NodeMigration, ...]:
        """Return by member what a rebalance or a remove-brick has moved, nothing where there is none.

        words are the command before C(status): C(rebalance NAME), or C(remove-brick NAME BRICK ...).
        """
        try:
            return answers.parse_migration(self.ask("volume", *(words + ("status",))))
        except answers.GlusterError as error:
            if "not started" in str(error):
                return ()
            raise

    def clients(self, started: Sequence[str]) -> Dict[str, Dict[str, List[str]]]:
        """Return by volume and brick the addresses of the clients of started volumes, by their names."""
        found: Dict[str, Dict[str, List[str]]] = {}
        for root in self._statuses(started, ["clients"]):
            found.update(answers.parse_clients(root))
        return found

    def client_versions(self, started: Sequence[str]) -> Dict[str, int]:
        """Return by address the op-versions of the clients of started volumes, by their names."""
        found: Dict[str, int] = {}
        for root in self._statuses(started, ["clients"]):
            for address, version in answers.parse_client_versions(root).items():
                found[address] = min(version, found.get(address, version))
        return found

    def _statuses(self, started: Sequence[str], words: Sequence[str] = ()) -> List[ElementTree.Element]:
        """Return the roots of answers that hold the status of all volumes with these names.

        The answer for all leaves out, without a word, a volume that another transaction holds at that moment.
        """
        names = ["all"] if len(started) > 1 else list(started)
        roots = [self._status(name, *words) for name in names]
        told = {name for root in roots if root is not None for name in answers.parse_brick_status(root)}
        late = [name for name in started if name not in told and names == ["all"]]
        return [root for root in roots + [self._status(name, *words) for name in late] if root is not None]

    def _status(self, *words: str) -> Optional[ElementTree.Element]:
        try:
            return self.ask("volume", "status", *words)
        except answers.GlusterError as error:
            if "is not started" in str(error) or "No volumes present" in str(error):
                return None
            raise

    def heal_counts(self, volume: str, timeout: Optional[int] = None) -> List[HealCount]:
        """Return the HealCounts of a started volume that keeps copies; timeout in seconds, as it goes through all."""
        return answers.parse_heal_counts(self.ask("volume", "heal", volume, "info", "summary", timeout=timeout))

    def cheap_heal_counts(self, volume: str, timeout: int) -> List[HealCount]:
        """Return HealCounts that take no time and know no split-brain; none where the kind of volume has no such count.

        The answer is text, also with --xml.
        """
        argv = gluster_argv(("volume", "heal", volume, "statistics", "heal-count"))
        answer = answers.judge(self._runner.run(argv, timeout))
        return [] if answer.failed else answers.parse_cheap_heal_counts(answer.message)

    def snapshots(self, volume: str) -> List[str]:
        """Return the names of a volume's snapshots."""
        return answers.parse_snapshots(self.ask("snapshot", "list", volume))

    def waiting(self, volume: str, timeout: Optional[int] = None) -> List[str]:
        """Return the names of what waits for healing in a volume: paths, or gfids where GlusterFS knows no path."""
        return answers.parse_entries(self.ask("volume", "heal", volume, "info", timeout=timeout))

    def split_brain(self, volume: str, timeout: Optional[int] = None) -> List[str]:
        """Return the names of what is in split-brain in a volume: paths, or gfids where GlusterFS knows no path."""
        return answers.parse_entries(self.ask("volume", "heal", volume, "info", "split-brain", timeout=timeout))

    def listed_in_split_brain(self, volume: str) -> List[Listed]:
        """Return what each brick of a started, replicated volume lists as in split-brain."""
        return answers.parse_listed(self.ask("volume", "heal", volume, "info", "split-brain"))

    def listed_waiting(self, volume: str) -> List[Listed]:
        """Return what each brick of a started, replicated volume lists as waiting for healing."""
        return answers.parse_listed(self.ask("volume", "heal", volume, "info"))

    def resolve(self, words: Sequence[str]) -> str:
        """Run C(volume heal NAME split-brain POLICY ... PATH); return why the path stays in split-brain, "" if not.

        Raises GlusterError where glusterd could not be asked.
        """
        argv = gluster_argv(words)
        result = self._runner.run(argv, max(self._timeout, RESOLVE_TIMEOUT))
        error = answers.refusal(argv, result, answers.judge(result))
        if isinstance(error, answers.UNASKED):
            raise error
        return answers.resolution_problem(result.stdout + "\n" + result.stderr, words[-1])

    def heal(self, volume: str, full: bool = False) -> str:
        """Have the self-heal daemons go through what waits in a volume; return why they refused, "" if they did not.

        With full they go through all files. By themselves they look every ten minutes (cluster.heal-timeout). The
        answer is text, also with --xml.
        """
        words = ("volume", "heal", volume) + (("full",) if full else ())
        answer = answers.judge(self._runner.run(gluster_argv(words), self._timeout))
        return answer.message if answer.failed else ""

    def say(self, *words: str) -> None:
        """Run a gluster command whose answer is text, also with --xml; raises GlusterError where it fails."""
        self._answered(gluster_argv(words), self._timeout)

    def options(self, volume: str) -> Dict[str, str]:
        """Return name and value of all options of a volume, or of the pool (all), also of those that nobody set."""
        return answers.parse_options(self.ask("volume", "get", volume, "all"))

    def version(self) -> Optional[str]:
        """Return the version of the gluster command (C(10.3)), or None where it is not installed."""
        result = self._runner.run(["gluster", "--version"], 10)
        words = result.stdout.split()
        return words[1] if result.rc == 0 and words[:1] == ["glusterfs"] else None


def gluster_argv(words: Iterable[str], remote_host: Optional[str] = None) -> List[str]:
    """Return the command line for a gluster command."""
    remote = ["--remote-host=%s" % remote_host] if remote_host else []
    return ["gluster", "--mode=script", "--xml"] + remote + list(words)
