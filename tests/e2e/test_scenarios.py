# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every molecule scenario and fault run as one test, so that one summary counts unit tests and these together.

Scenarios run side by side; each test waits for its own and shows what that said, all of it together.
"""

import re

import pytest
from scenarios import MOLECULE, NIGHTLY, SCENARIOS

#: Lines of the output that say what failed, and how many of the last ones a failure repeats.
_TELLING = re.compile(r"^\W*(E   |FAILED |fatal: |\[?ERROR|\w+Error: )")
_TELLING_COUNT = 40
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def what_failed(said):
    """Return the lines of the output that say what failed."""
    lines = _COLOUR.sub("", said).splitlines()
    return "\n".join([line for line in lines if _TELLING.match(line)][-_TELLING_COUNT:])


def marked(scenario):
    return pytest.param(scenario, marks=pytest.mark.nightly) if scenario in NIGHTLY else scenario


@pytest.mark.parametrize("scenario", [marked(scenario) for scenario in SCENARIOS])
def test_scenario(scenario, scenarios, capfd):
    wrong, said = scenarios.result(scenario)
    with capfd.disabled():
        print(f"\n---- {scenario}\n{said}", flush=True)
    if wrong:
        pytest.fail(f"{scenario} {wrong}; all that it said stands above\n{what_failed(said)}", pytrace=False)


def test_there_are_scenarios():
    assert MOLECULE, "no scenario in extensions/molecule"
    assert set(NIGHTLY) <= set(SCENARIOS), "a scenario that is left to the night is gone"
