# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a wait shows how far it is."""

import pytest

from ansible_collections.brickwork.gluster.plugins.plugin_utils.lifecycle.pace import Pace, seconds_between_lines


@pytest.mark.parametrize(
    ("environment", "terminal", "seconds"),
    [
        ({}, True, 5),
        ({}, False, 60),
        ({"AWX_ISOLATED_DATA_DIR": "/runner/artifacts/1"}, True, 60),
        ({"CI": "true"}, True, 60),
        ({"CI": "true", "BRICKWORK_PROGRESS_SECONDS": "20"}, True, 20),
        ({"BRICKWORK_PROGRESS_SECONDS": "often"}, True, 5),
    ],
)
def test_a_terminal_has_lines_every_few_seconds_and_a_log_once_a_minute(environment, terminal, seconds):
    assert seconds_between_lines(environment, terminal) == seconds


def test_the_first_line_and_each_new_phase_are_shown_and_else_what_is_due():
    pace = Pace(60)
    moments = [(0, "a"), (59, "a"), (60, "a"), (61, "a"), (62, "b"), (121, "b"), (122, "b")]
    assert [at for at, phase in moments if pace.due(at, phase)] == [0, 60, 62, 122]
