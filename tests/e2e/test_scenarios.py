# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every molecule scenario as one test, so that one summary counts unit tests and scenarios together.

LAB=skip leaves the scenarios out and says so; without it a lab that can't run is a failure.
"""

import os
import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXTENSIONS = ROOT / "extensions"
SCENARIOS = sorted(path.parent.name for path in EXTENSIONS.glob("molecule/*/molecule.yml"))
#: Longer than any scenario takes; a hanging machine must not hang everything.
TIME_LIMIT = 30 * 60

pytestmark = [
    pytest.mark.lab,
    pytest.mark.skipif(os.environ.get("LAB") == "skip", reason="LAB=skip: NOTHING WAS TRIED ON REAL MACHINES"),
]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_scenario(scenario, capfd):
    molecule = pathlib.Path(sys.executable).with_name("molecule")
    with capfd.disabled():
        print(f"\n---- molecule test -s {scenario}", flush=True)
        done = subprocess.run(
            [molecule, "test", "-s", scenario], cwd=ROOT, stdin=subprocess.DEVNULL, timeout=TIME_LIMIT, check=False
        )
    assert done.returncode == 0, f"molecule test -s {scenario} failed; what it said stands above"


def test_there_are_scenarios():
    assert SCENARIOS, f"no scenario in {EXTENSIONS}/molecule"
