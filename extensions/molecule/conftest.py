# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the scenarios' tests share: see machines.py."""

import os
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tests" / "e2e"))
import machines  # noqa: E402


@pytest.fixture(scope="session")
def lab():
    """The scenario's machines."""
    return machines.Machines.of_scenario(os.environ["MOLECULE_SCENARIO_NAME"], os.environ.get("LAB_SPEC"))
