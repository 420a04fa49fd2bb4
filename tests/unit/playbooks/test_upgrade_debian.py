# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was held before an upgrade of Debian is held after it, by the shell of the tasks themselves."""

import base64
import os
import pathlib
import re
import subprocess

import pytest
import yaml

from ansible_collections.brickwork.gluster.tests.fakes.standins import StandIns

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


# ---- sources


def named(tmp_path, left, release):
    """Return the names that the task replaces in apt's sources when bookworm is the release to go to."""
    task = TASKS[NAMES.index("Name the release to go to in the sources that are there")]
    facts = {"ansible_distribution_release": release, "cacheable": True}
    note = {"debian_left": {"content": base64.b64encode(left.encode()).decode()} if left else {}}
    tell = {"name": "Tell", "ansible.builtin.debug": {"msg": "<{{ debian_names | sort | join(' ') }}>"}, **task}
    for key in ("ansible.builtin.replace", "loop", "loop_control", "when"):
        tell.pop(key)
    said, code = StandIns(tmp_path).play(
        [{"name": "Facts", "ansible.builtin.set_fact": facts}, tell], debian_suite="bookworm", **note
    )
    assert code == 0, said
    return re.search("<(.*)>", said).group(1)


@pytest.mark.parametrize(
    ("left", "release", "names"),
    [
        ("bullseye", "bullseye", "bullseye"),
        # Cut off: it calls itself by the new name, and the sources may be the old ones.
        ("bullseye", "bookworm", "bullseye"),
        ("buster", "bullseye", "bullseye buster"),
        ("", "bookworm", ""),
    ],
)
def test_the_sources_are_named_anew_also_where_the_machine_calls_itself_by_the_new_name(tmp_path, left, release, names):
    assert named(tmp_path, left, release) == names


def test_which_release_is_left_is_noted_before_anything_is_upgraded_and_forgotten_at_the_end():
    note, forget = NAMES.index("Note which release is left"), NAMES.index("Forget which release is left")
    assert note < NAMES.index("Upgrade what can be upgraded alone") < NAMES.index("Verify the release") < forget
    copy = TASKS[note]["ansible.builtin.copy"]
    assert copy["force"] is False and copy["dest"] == TASKS[forget]["ansible.builtin.file"]["path"]
