# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was held before an upgrade of Debian is held after it, by the shell of the tasks themselves."""

import os
import pathlib
import subprocess

import pytest
import yaml

TASKS = yaml.safe_load((pathlib.Path(__file__).resolve().parents[3] / "playbooks/tasks/upgrade_debian.yml").read_text())
NAMES = [task["name"] for task in TASKS]
HOLD = TASKS[NAMES.index("Hold again what was held")]


def hold(folder, noted, installed):
    """Run the task's shell with small programs in the place of dpkg and apt; return what was held."""
    note, held = folder / "noted", folder / "held"
    if noted is not None:
        note.write_text("".join(f"{name}\n" for name in noted))
    lines = "".join(f"{state} {name}\\n" for name, state in installed.items())
    (folder / "dpkg-query").write_text(f"#!/bin/sh\nprintf '{lines}'\n")
    (folder / "apt-mark").write_text(f'#!/bin/sh\necho "$@" >> {held}\necho "$2 set on hold."\n')
    for name in ("dpkg-query", "apt-mark"):
        (folder / name).chmod(0o755)
    text = HOLD["ansible.builtin.shell"]["cmd"].replace("{{ debian_noted }}", str(note))
    path = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}
    subprocess.run(["/bin/bash", "-c", text], check=True, env=path, capture_output=True)
    assert not note.exists()
    return held.read_text().split() if held.exists() else []


@pytest.mark.parametrize(
    ("noted", "installed", "held"),
    [
        (None, {"glusterfs-server": "installed"}, []),
        (["glusterfs-server"], {"glusterfs-server": "installed", "bash": "installed"}, ["hold", "glusterfs-server"]),
        (["libgfapi0"], {"libgfapi0t64": "installed", "libgfapi0": "config-files"}, []),
    ],
)
def test_what_was_held_and_is_there_is_held_again_and_the_note_goes(tmp_path, noted, installed, held):
    assert hold(tmp_path, noted, installed) == held


def test_the_note_is_written_before_anything_is_unheld():
    note, unhold = NAMES.index("Note what is held again at the end"), NAMES.index("Let GlusterFS go with the others")
    assert note < unhold < NAMES.index("Hold again what was held")
    assert TASKS[note]["when"] == TASKS[unhold]["when"], "a run after a cut finds none held, and leaves the note"
    assert TASKS[note]["ansible.builtin.copy"]["dest"] == HOLD["vars"]["debian_noted"]
