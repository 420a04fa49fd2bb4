# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One round: an event, its playbook, a fault at some moment of it, the playbook again, and the verdict."""

from __future__ import annotations

import pathlib
import random
import re
import subprocess
import threading
import time
from collections.abc import Callable, Iterator

import yaml
from machines import Machines, Run
from scenarios import end

from fault_run import events, faults
from fault_run.clusters import Cluster
from fault_run.events import Event, Scene
from fault_run.faults import Fault
from fault_run.verdict import WORKLOAD, Work, differing_copies

#: Seconds for one playbook: all waits of the playbooks end before.
TIME_LIMIT = 15 * 60
#: Tasks of a playbook before which a fault can strike. One that has fewer is struck at its end.
TASKS = {"heal": 12, "maintenance": 12, "rolling": 60, "site": 60, "rebalance": 15, "shrink": 45}
_MANY_TASKS = 70
#: Seconds that a fault waits at most after its task began.
_LATER = 8
#: What a playbook may say of a cluster that is not well yet; anything else is a mistake of the playbook.
_TRUE_REASONS = re.compile(
    r"heal|does not serve|does not answer|offline|not connected|is gone|can't be read|in maintenance|unreachable|"
    r"Another transaction|disconnected|is lost",
    re.IGNORECASE,
)
_MISTAKES = ("Traceback (most recent call last)", "MODULE FAILURE", "is undefined", "Unexpected failure")


class Failed(Exception):
    """A round that did not end well, with what was said last."""


class Rounds:
    """A cluster on which one event after the other happens. folder holds its inventory and what the playbooks said."""

    def __init__(self, lab: Machines, cluster: Cluster, chance: random.Random, folder: pathlib.Path) -> None:
        self.lab, self.cluster, self.chance, self.folder = lab, cluster, chance, folder
        self.work = [Work(volume["name"]) for volume in cluster.volumes]
        self._said = 0

    def begin(self) -> None:
        """Set the cluster up, and give the client its work."""
        self._write_inventory()
        self._wants("site")
        self.lab.copy("client1", WORKLOAD)

    def one(self, event_name: str = "", fault_kind: str = "") -> Iterator[str]:
        """Have one event and one fault happen; yield in lines what came of it. Failed if it did not end well."""
        for work in self.work:
            work.start(self.lab)
        time.sleep(5)
        scene = Scene(self.chance, self.lab, self.cluster)
        event = events.draw(scene, event_name)
        self._write_inventory()
        yield from self._struck(event, fault_kind)
        event.after()
        self._write_inventory()
        yield self._judge()

    def _struck(self, event: Event, kind: str) -> Iterator[str]:
        """Run the event's playbook, strike it, mend what was struck, and run it again until it has ended well."""
        began = time.monotonic()
        task, later = self.chance.randint(1, TASKS.get(event.playbook, _MANY_TASKS)), self.chance.uniform(0, _LATER)
        playbook = self.lab.start(event.playbook, event.variables)
        fault = self._fault(playbook, event, kind)
        yield f"{event.words}; {fault.words} {later:.0f} s after task {task} of {event.playbook}"
        try:
            first = self._attend(playbook, fault, task, later)
        finally:
            fault.mend()
        yield f"  at first, after {time.monotonic() - began:.0f} s: {in_short(first)}"
        if fault.dead:
            # The dead disk is another event, and has its own playbook.
            self._again("replace", {})
        again = self._again(event.playbook, event.variables)
        yield f"  in the end, after {time.monotonic() - began:.0f} s: {in_short(again)}"

    def _fault(self, playbook: subprocess.Popen, event: Event, kind: str) -> Fault:
        nodes = [node for node in self.cluster.nodes if node != event.away and node not in self.cluster.states]
        if not kind:
            kind = self.chance.choice([one for one in faults.KINDS if one != "dead_disk" or not event.loses])
        return faults.draw(self.chance, self.lab, playbook, nodes, kind)

    def _attend(self, playbook: subprocess.Popen, fault: Fault, task: int, later: float) -> Run:
        """Follow a playbook; strike some seconds after its task of that number began, or at its end."""
        strike = threading.Timer(later, fault.strike)
        begun = []

        def count(line: str) -> None:
            begun.extend([line] if line.startswith("TASK [") else [])
            if len(begun) >= task and not strike.ident:
                strike.start()

        run = self._follow(playbook, count)
        if strike.ident:
            strike.join()
        else:
            fault.strike()
        return run

    def _again(self, playbook: str, variables: dict) -> Run:
        """Run a playbook; where it refuses since the cluster is not healed yet, heal and run it once more."""
        run = self._play(playbook, variables)
        if run.rc == 0:
            return run
        if not _TRUE_REASONS.search(in_short(run)):
            raise Failed(f"{playbook} refuses without a true reason: {run.text[-6000:]}")
        self._play("heal", {})
        return self._wants(playbook, variables)

    def _wants(self, playbook: str, variables: dict | None = None) -> Run:
        run = self._play(playbook, variables or {})
        if run.rc:
            raise Failed(f"{playbook} does not end well: {run.text[-6000:]}")
        return run

    def _play(self, playbook: str, variables: dict) -> Run:
        return self._follow(self.lab.start(playbook, variables))

    def _follow(self, playbook: subprocess.Popen, heard: Callable[[str], None] = lambda line: None) -> Run:
        """Read what a playbook says until it ends, and keep it; Failed where that is a mistake of its own."""
        self._said += 1
        limit = threading.Timer(TIME_LIMIT, lambda: end(playbook))
        limit.start()
        lines = []
        try:
            with (self.folder / f"{self._said:03}.log").open("w", buffering=1) as log:
                for line in playbook.stdout or ():
                    lines.append(line)
                    log.write(f"{time.strftime('%T')} {line}")
                    heard(line)
            playbook.wait()
        finally:
            limit.cancel()
            end(playbook)
        run = Run(subprocess.CompletedProcess(playbook.args, playbook.returncode, "".join(lines)))
        found = [mistake for mistake in _MISTAKES if mistake in run.text]
        if found:
            raise Failed(f"{found[0]!r}: {run.text[-6000:]}")
        return run

    def _judge(self) -> str:
        """Return in a line how the cluster is; Failed if it is not whole."""
        self._wants("site")
        self._wants("heal")
        # The client goes on writing, and may leave something to heal after that.
        self._again("health", {})
        came = [(work.volume, work.stop(self.lab)) for work in self.work]
        # What the client wrote last is on all bricks in a moment.
        self._wants("heal")
        for volume, said in came:
            if said["wrong"] or "0" in said["errors"]:
                raise Failed(f"{volume}: what was acknowledged is not there: {said}")
        for volume in self.cluster.volumes:
            differing = differing_copies(self.lab, volume)
            if differing:
                raise Failed(f"{volume['name']}: the copies differ: {', '.join(differing[:10])}")
        return "  " + "; ".join(
            f"{volume}: {said['operations']} operations, {len(said['errors'])} failed, longest {said['longest']:.1f} s"
            for volume, said in came
        )

    def _write_inventory(self) -> None:
        (self.folder / "hosts.yml").write_text(yaml.safe_dump(self.cluster.inventory(), sort_keys=False))


def in_short(run: Run) -> str:
    """Return what a playbook says in the end: that it is done, or what failed last."""
    if run.rc == 0:
        return f"done, {run.changes} changes"
    told = run.text.rpartition("fatal: [")[2].partition("PLAY RECAP")[0]
    return f"exit code {run.rc}: {' '.join(told.split())[:600]}"
