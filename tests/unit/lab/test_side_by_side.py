# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scenarios run two at a time, and whatever ends them ends all that they started. molecule is a small program here."""

import os
import pathlib
import time

import pytest
import scenarios
from brickwork_lab import processes

#: The second line is what Ansible's workers do. A scenario goes on once there is a file go.NAME.
MOLECULE = """#!/bin/sh
cd {folder}; touch began.$3
setsid sleep 600 & echo $! > worker.$3
until [ -e go.$3 ]; do sleep 0.02; done
kill $!; echo "all of $3"; [ $3 != bad ]
"""


class Stage:
    """A folder in which the small programs note what they do."""

    def __init__(self, folder):
        self.folder = folder
        self.removed = []

    def wait(self, *names):
        """Wait until there are all of these files."""
        deadline = time.monotonic() + 60
        while not all((self.folder / name).exists() for name in names):
            assert time.monotonic() < deadline, names
            time.sleep(0.02)

    def go(self, *names):
        for name in names:
            (self.folder / f"go.{name}").touch()

    def began(self):
        return sorted(path.suffix[1:] for path in self.folder.glob("began.*"))


@pytest.fixture
def stage(tmp_path, monkeypatch):
    program = tmp_path / "molecule"
    program.write_text(MOLECULE.format(folder=tmp_path))
    program.chmod(0o755)
    made = Stage(tmp_path)
    monkeypatch.setattr(scenarios, "environment", lambda: dict(os.environ, PATH=f"{tmp_path}:{os.environ['PATH']}"))
    monkeypatch.setattr(scenarios, "remove_machines", made.removed.append)
    return made


def test_two_at_a_time_and_each_with_its_own_output(stage):
    running = scenarios.Scenarios(["one", "bad", "three"], stage.folder)
    stage.wait("began.one", "began.bad")
    assert stage.began() == ["bad", "one"]
    stage.go("bad")
    stage.wait("began.three")
    stage.go("one", "three")
    assert running.result("one") == ("", "all of one\n")
    assert running.result("bad") == ("failed with exit code 1", "all of bad\n")
    assert running.result("three") == ("", "all of three\n")
    running.end()
    assert sorted(stage.removed) == ["bad", "one", "three"]


def test_the_end_leaves_nothing_running_and_starts_nothing_more(stage):
    running = scenarios.Scenarios(["one", "two", "three"], stage.folder)
    stage.wait("worker.one", "worker.two")
    workers = [processes.record_of(int((stage.folder / f"worker.{name}").read_text())) for name in ("one", "two")]
    assert all(processes.is_alive(worker) for worker in workers)
    running.end()
    assert not any(processes.is_alive(worker) for worker in workers)
    assert sorted(stage.removed) == ["one", "two"] and stage.began() == ["one", "two"]


def test_one_that_hangs_is_ended(stage, monkeypatch):
    monkeypatch.setattr(scenarios, "TIME_LIMIT", 1)
    running = scenarios.Scenarios(["one"], stage.folder)
    assert running.result("one")[0] == "did not come to an end within 1 s"
    assert stage.removed == ["one"]


def test_all_scenarios_are_there_and_the_short_ones_come_last():
    folder = pathlib.Path(scenarios.ROOT) / "extensions/molecule"
    assert set(scenarios.MOLECULE) == {path.parent.name for path in folder.glob("*/molecule.yml")}
    assert scenarios.SCENARIOS[-1] == "two_zones_arbiter" and scenarios.SCENARIOS[0] not in scenarios.SHORT
