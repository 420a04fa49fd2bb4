# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all tests on real machines have in common: LAB=skip leaves them out; where no lab can run they fail at once."""

import os
import pathlib
import signal
import sys

import pytest

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent), str(pathlib.Path(__file__).resolve().parents[1] / "lab")]
from brickwork_lab.errors import LabError  # noqa: E402
from brickwork_lab.host import check_host  # noqa: E402
from scenarios import Scenarios  # noqa: E402


def pytest_sessionstart():
    """Let a polite end do what Ctrl-C does: end what runs, and remove its machines."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def pytest_collection_modifyitems(items):
    """Mark the tests here, and skip them if the caller says so: the summary names the reason."""
    for item in items:
        if pathlib.Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.lab)
            if os.environ.get("LAB") == "skip":
                item.add_marker(pytest.mark.skip(reason="LAB=skip: NOTHING WAS TRIED ON REAL MACHINES"))


@pytest.fixture(scope="session", autouse=True)
def lab_is_possible():
    """Say in one sentence what is missing, not once for every machine that does not boot."""
    try:
        check_host()
        return
    except LabError as error:
        reason = str(error)
    pytest.fail(f"{reason}; LAB=skip leaves the tests on real machines out", pytrace=False)


@pytest.fixture(scope="session", autouse=True)
def scenarios(request, lab_is_possible, tmp_path_factory):
    """The scenarios that were asked for. They run beside the other tests on real machines, from the first one on."""
    asked = [item for item in request.session.items if item.name.startswith("test_scenario[")]
    names = [item.callspec.params["scenario"] for item in asked]
    running = Scenarios(names, tmp_path_factory.mktemp("molecule"))
    yield running
    running.end()
