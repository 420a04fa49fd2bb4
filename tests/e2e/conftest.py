# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all tests on real machines have in common: LAB=skip leaves them out; where no lab can run they fail at once."""

import os
import pathlib
import shutil
import signal
import sys
import tempfile

import pytest

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent), str(pathlib.Path(__file__).resolve().parents[1] / "lab")]
from brickwork_lab.errors import LabError  # noqa: E402
from brickwork_lab.host import check_host  # noqa: E402
from scenarios import Scenarios  # noqa: E402

_RUNNING = pytest.StashKey[Scenarios]()


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


def pytest_collection_finish(session):
    """Start the scenarios that were asked for. They run beside all other tests, also those without machines."""
    asked = [item for item in session.items if item.name.startswith("test_scenario[")]
    names = [item.callspec.params["scenario"] for item in asked if not item.get_closest_marker("skip")]
    if names and not session.config.option.collectonly and not why_no_lab():
        session.config.stash[_RUNNING] = Scenarios(names, pathlib.Path(tempfile.mkdtemp(prefix="brickwork-e2e-")))


def pytest_sessionfinish(session, exitstatus):
    """End what still runs of them, and remove its machines. What they said is kept where something failed."""
    if _RUNNING in session.config.stash:
        session.config.stash[_RUNNING].end()
        if not exitstatus:
            shutil.rmtree(session.config.stash[_RUNNING].folder)


def pytest_terminal_summary(terminalreporter, config):
    """Tell how long each scenario took: a test of one only waits for it."""
    for name, seconds in config.stash[_RUNNING].seconds.items() if _RUNNING in config.stash else ():
        terminalreporter.write_line(f"scenario {name}: {seconds:.0f} s")


def why_no_lab():
    """Return what is missing for a lab on this machine, "" if nothing is."""
    try:
        check_host()
        return ""
    except LabError as error:
        return str(error)


@pytest.fixture(scope="session", autouse=True)
def lab_is_possible():
    """Say in one sentence what is missing, not once for every machine that does not boot."""
    if reason := why_no_lab():
        pytest.fail(f"{reason}; LAB=skip leaves the tests on real machines out", pytrace=False)


@pytest.fixture(scope="session")
def scenarios(request, lab_is_possible):
    """The scenarios that run."""
    return request.config.stash[_RUNNING]
