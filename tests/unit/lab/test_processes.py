# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Only the recorded process is ended, never another that has got its number."""

import subprocess

import pytest
from brickwork_lab import processes


@pytest.fixture
def sleeper():
    with subprocess.Popen(["sleep", "60"], start_new_session=True) as process:
        yield process
        process.kill()


def test_ends_what_was_recorded(sleeper):
    record = processes.record_of(sleeper.pid)
    assert processes.is_alive(record)
    processes.end(record)
    assert not processes.is_alive(record)


def test_never_touches_a_process_that_started_at_another_time(sleeper):
    record = dict(processes.record_of(sleeper.pid), started="1")
    assert not processes.is_alive(record)
    processes.end(record)
    assert sleeper.poll() is None


def test_a_record_of_nothing_is_dead():
    assert not processes.is_alive(None)
    assert processes.start_time(2**22 + 1) is None
