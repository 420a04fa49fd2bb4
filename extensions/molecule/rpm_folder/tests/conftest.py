# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of this scenario share."""

import os
import pathlib

import pytest


@pytest.fixture(scope="session")
def folder():
    """The folder of RPMs on this machine."""
    return pathlib.Path(os.environ["LAB_RPMS"]) / "set"
