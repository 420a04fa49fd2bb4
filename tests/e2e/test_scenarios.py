# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every molecule scenario as one test, so that one summary counts unit tests and scenarios together."""

import contextlib
import os
import pathlib
import re
import signal
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXTENSIONS = ROOT / "extensions"
SCENARIOS = sorted(path.parent.name for path in EXTENSIONS.glob("molecule/*/molecule.yml"))
#: Longer than any scenario takes; a hanging machine must not hang everything.
TIME_LIMIT = 15 * 60
#: Lines of molecule's output that say what failed, and how many of the last ones a failure repeats.
_TELLING = re.compile(r"^\W*(E   |FAILED |fatal: |\[?ERROR|\w+Error: )")
_TELLING_COUNT = 40
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def environment():
    """Return the environment for molecule: its programs first, and the lab's state where the inventories look."""
    venv = str(pathlib.Path(sys.executable).parent)
    state = str(pathlib.Path.home() / ".local/state")
    return dict(os.environ, PATH=f"{venv}:{os.environ['PATH']}", XDG_STATE_HOME=state, COLUMNS="150")


def run_scenario(scenario, log):
    """Run a scenario to its end or to its time limit, whose processes then end with it; return the exit code.

    What it says is shown as it comes, and kept in the file log.
    """
    argv = ["bash", "-o", "pipefail", "-c", '"$@" 2>&1 | tee "$0"', log, "molecule", "test", "-s", scenario]
    process = subprocess.Popen(
        argv, cwd=ROOT, env=environment(), stdin=subprocess.DEVNULL, start_new_session=True
    )  # fmt: skip
    try:
        return process.wait(TIME_LIMIT)
    finally:
        if process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def remove_machines(scenario):
    """Remove the scenario's lab if molecule was cut off before it could; nothing happens where there is none."""
    name = "mol-" + scenario.replace("_", "-")
    subprocess.run([ROOT / "tests/lab/lab", "--name", name, "down"], env=environment(), timeout=120, check=True)


def what_failed(log):
    """Return the lines of molecule's output that say what failed."""
    lines = _COLOUR.sub("", log.read_text(errors="replace")).splitlines()
    return "\n".join([line for line in lines if _TELLING.match(line)][-_TELLING_COUNT:])


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_scenario(scenario, capfd, tmp_path):
    log = tmp_path / "molecule.log"
    with capfd.disabled():
        print(f"\n---- molecule test -s {scenario}", flush=True)
        try:
            code = run_scenario(scenario, log)
        finally:
            remove_machines(scenario)
    if code != 0:
        said = what_failed(log)
        pytest.fail(f"molecule test -s {scenario} failed; all that it said stands above\n{said}", pytrace=False)


def test_there_are_scenarios():
    assert SCENARIOS, f"no scenario in {EXTENSIONS}/molecule"
