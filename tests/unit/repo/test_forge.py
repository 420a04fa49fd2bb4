# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a forge runs on every commit is what docs/supported.md promises."""

import pathlib
import re

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[3]
WORKFLOW = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text())
MATRIX = WORKFLOW["jobs"]["unit"]["strategy"]["matrix"]["include"]


def supported():
    """Return by ansible-core the Pythons of a controller, from 3.11 on."""
    text = (
        (ROOT / "docs/supported.md").read_text().split("\n## Which controller fits which node\n")[1].split("\n## ")[0]
    )
    rows = re.findall(r"^\| ([\d., ]+) \| 3\.(\d+) to 3\.(\d+) \|", text, re.MULTILINE)
    return {
        core: range(max(int(first), 11), int(last) + 1) for cores, first, last in rows for core in cores.split(", ")
    }


def test_every_supported_core_is_tried_with_its_oldest_and_its_newest_python():
    tried = {(row["core"], int(row["python"].partition(".")[2])) for row in MATRIX}
    expected = {(core, python) for core, pythons in supported().items() for python in (pythons[0], pythons[-1])}
    assert len(supported()) >= 6 and tried == expected


def test_each_target_that_it_runs_is_one():
    makefile = (ROOT / "Makefile").read_text()
    steps = [step["run"] for job in WORKFLOW["jobs"].values() for step in job["steps"] if "run" in step]
    for target in re.findall(r"^make (?:-k )?([\w-]+)$", "\n".join(steps), re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    assert any(step.startswith("tools/test_controllers ") for step in steps)
