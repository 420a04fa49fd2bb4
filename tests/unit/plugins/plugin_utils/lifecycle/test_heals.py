# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is shown while volumes heal, and when nobody waits any longer."""

import time

import pytest

from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.heals import HealWait, Limits
from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.progress import (
    Progress,
    duration,
    time_of_day,
)

#: In seconds since 1970: 12:00 UTC on 2026-11-29.
NOON = 1795953600


def volume(name="v", pending=0, behind=0, obstacles=(), unknown=""):
    healed = not (pending or obstacles or unknown)
    return {
        "name": name, "pending": pending, "behind": behind, "obstacles": list(obstacles), "unknown": unknown,
        "healed": healed,
    }  # fmt: skip


def verdicts(*counts, timeout=1000, patience=300):
    """Return the last verdict; a count is (seconds, volumes)."""
    wait = HealWait(Limits(timeout, patience), 0, lambda: NOON)
    for at, volumes in counts:
        wait.note(at, volumes)
        said = wait.verdict(at, volumes)
    return said


def test_the_rate_is_that_of_the_last_two_minutes_and_tells_the_end():
    progress = Progress()
    for at, left in ((0, 1000), (100, 900), (200, 700), (300, 500)):
        progress.note(at, left)
    assert progress.rate == 2.0 and progress.seconds_left == 250
    assert progress.idle(310) == 10


def test_what_does_not_get_less_has_no_end():
    progress = Progress()
    progress.note(0, 10)
    assert (progress.rate, progress.seconds_left) == (0.0, None)
    progress.note(10, 20)
    assert (progress.rate, progress.seconds_left, progress.idle(30)) == (0.0, None, 30)


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.4, "0 s"), (89, "89 s"), (90, "2 min"), (5399, "1 h 30 min"), (12000, "3 h 20 min")]
)
def test_durations_are_for_people(seconds, said):
    assert duration(seconds) == said


@pytest.mark.parametrize(
    ("zone", "seconds", "said"),
    [("UTC", 90, "12:01 UTC"), ("UTC", 12 * 3600, "2026-11-30 00:00 UTC"), ("CET-1", 90, "13:01 CET")],
)
def test_a_moment_is_told_by_the_controllers_clock(monkeypatch, zone, seconds, said):
    with monkeypatch.context() as patch:
        patch.setenv("TZ", zone)
        time.tzset()
        assert time_of_day(NOON + seconds, NOON) == said
    time.tzset()


def test_the_latest_end_is_that_of_the_limit():
    wait = HealWait(Limits(3600, 300), 0, lambda: NOON)
    assert wait.latest_end() == f"this wait ends at {time_of_day(NOON + 3600, NOON)} at the latest"


def test_a_line_tells_what_is_left_how_fast_and_until_when():
    wait = HealWait(Limits(1000, 300), 0, lambda: NOON)
    wait.note(0, [volume(pending=120)])
    wait.note(10, [volume(pending=100, behind=64 << 20), volume("w")])
    assert wait.lines([volume(pending=100, behind=64 << 20), volume("w")]) == [
        "v: 100 entries left, about 64 MiB to copy, 2.0 entries a second, done in about 50 s, at "
        + time_of_day(NOON + 50, NOON)
    ]


def test_it_waits_as_long_as_something_gets_less():
    assert verdicts((0, [volume(pending=9)]), (290, [volume(pending=8)]), (580, [volume(pending=7)])) == ""


def test_it_ends_where_nothing_gets_less_or_the_time_is_up():
    said = verdicts((0, [volume(pending=9)]), (300, [volume(pending=9, unknown="no answer")]))
    assert said.startswith("volumes: nothing got less for 5 min (the playbook split_brain shows names")
    assert said.endswith("):\nv: 9 entries left; no answer")
    assert "not healed after 17 min" in verdicts((0, [volume(pending=9)]), (1000, [volume(pending=1)]))


def test_what_does_not_heal_by_itself_is_waited_for_a_minute_and_as_long_as_another_volume_heals():
    stuck = volume(pending=9, obstacles=["brick b does not serve"])
    assert verdicts((0, [stuck]), (59, [stuck])) == ""
    said = verdicts((0, [stuck]), (60, [stuck]))
    assert said == "volumes: this does not heal by itself:\nv: 9 entries left; brick b does not serve"
    heals = [volume("w", pending=50)]
    assert verdicts((0, [stuck, *heals]), (100, [stuck, volume("w", pending=40)])) == ""


def test_counts_that_rise_first_and_then_get_less_are_progress():
    rising = [(0, [volume(pending=1)]), (5, [volume(pending=180)]), (295, [volume(pending=90000)])]
    assert verdicts(*rising, (500, [volume(pending=60000)]), (700, [volume(pending=50000)])) == ""


def test_one_large_file_is_progress_as_long_as_its_bytes_get_less():
    counts = [(at, [volume(pending=1, behind=1000 - at)]) for at in range(0, 900, 100)]
    assert verdicts(*counts) == ""
    assert "nothing got less for 5 min" in verdicts(*counts, (1100, [volume(pending=1, behind=200)]), timeout=9000)


def test_bricks_that_are_new_are_named_while_nothing_else_is_left():
    wait = HealWait(Limits(1000, 300), 0, lambda: NOON)
    waiting = {**volume(), "healed": False, "filling": ["h4:/b/n"]}
    wait.note(0, [waiting])
    assert wait.lines([waiting]) == ["v: 0 entries left, not known to be filled: h4:/b/n"]
