# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The wait for files that move: what is shown, and when it ends."""

from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.heals import Limits
from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.migrations import MigrationWait
from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.progress import time_of_day

MIB = 2**20
NOW = 1795953600


def volume(**more):
    made = {"name": "v", "state": "in progress", "layout_only": False, "files": 0, "size": 0, "scanned": 0,
            "failures": 0, "skipped": 0, "left": 0, "used": 0, "problems": []}  # fmt: skip
    return dict(made, **more)


def wait(timeout=1000, patience=100):
    return MigrationWait(Limits(timeout, patience), 0, lambda: NOW)


def test_what_is_left_and_when_it_should_end_is_shown():
    made = wait()
    made.note(0, [volume(left=100 * MIB)])
    now = volume(left=80 * MIB, files=4, size=20 * MIB, scanned=9, skipped=1)
    made.note(10, [now])
    assert made.lines([now, volume(state="completed")]) == [
        "v: 9 files looked at, 4 moved (20 MiB), 1 skipped, about 80 MiB left, 2 MiB a second, done in about 40 s, at "
        + time_of_day(NOW + 40, NOW)
    ]
    ended = volume(state="completed", files=5, failures=2, problems=["h2: 2 files failed"])
    assert made.ends([ended, volume(name="w", state="completed"), now]) == [
        "v: completed, 0 files looked at, 5 moved (0 B), 2 failed",
        "h2: 2 files failed",
    ]


def test_of_a_layout_no_bytes_are_told():
    made = wait()
    made.note(0, [volume(left=100, layout_only=True)])
    assert made.lines([volume(left=100, layout_only=True)]) == ["v: 0 files looked at, 0 moved (0 B)"]


def test_it_ends_when_the_time_is_up_and_says_that_the_move_goes_on():
    made = wait()
    made.note(0, [volume()])
    assert made.verdict(99, [volume()]) == ""
    assert made.verdict(1000, [volume()]).startswith("volumes: not done after 17 min; it goes on without this wait;")


def test_a_large_file_that_is_on_its_way_is_no_standstill():
    made = wait()
    for moment in range(0, 1000, 90):
        made.note(moment, [volume(used=moment)])
        assert made.verdict(min(moment + 89, 999), [volume(used=moment)]) == ""


def test_it_ends_where_nothing_moves():
    made = wait()
    made.note(0, [volume(used=1)])
    made.note(100, [volume(used=1)])
    assert made.verdict(99, [volume()]) == ""
    assert made.verdict(100, [volume()]).startswith("volumes: nothing has moved for 2 min; it goes on")
