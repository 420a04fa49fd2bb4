# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples of docs/extending.md: each change applies to the files as they are now, and in one place only."""

import ast
import os
import pathlib
import re
import shutil
import subprocess

import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[3]
GUIDE = (ROOT / "docs/extending.md").read_text()
#: By the heading of the example that it belongs to.
DIFFS = {
    part.partition("\n")[0]: diff
    for part in re.split(r"^### Example: ", GUIDE, flags=re.MULTILINE)[1:]
    for diff in re.findall(r"^```diff\n(.*?)^```$", part, re.DOTALL | re.MULTILINE)[:1]
}
NEW = re.findall(r"^#### New: `([\w./-]+)`\n\n```(\w+)\n(.*?)^```$", GUIDE, re.DOTALL | re.MULTILINE)
PYTHON = [(path, text) for path, kind, text in NEW if kind == "python" and path.startswith("plugins/")]


def files_of(diff):
    return re.findall(r"^--- a/(\S+)$", diff, re.MULTILINE)


def hunks_of(diff):
    """Return of each hunk its file, and the lines that it looks for there."""
    for part in re.split(r"^--- a/", diff, flags=re.MULTILINE)[1:]:
        for hunk in re.split(r"^@@ .*\n", part, flags=re.MULTILINE)[1:]:
            lines = [line for line in hunk.splitlines() if not line.startswith("+")]
            yield part.partition("\n")[0], "".join(line[1:] + "\n" for line in lines)


def test_all_diffs_are_looked_at():
    assert len(DIFFS) == GUIDE.count("\n```diff\n") and len(NEW) == GUIDE.count("\n#### New: ")


@pytest.mark.parametrize("example", DIFFS)
def test_a_diff_applies(example, tmp_path):
    """The files are copied, so that it is the same in an archive, which is no work tree of git."""
    for name in files_of(DIFFS[example]):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    done = subprocess.run(
        ["git", "apply", "--check", "--verbose", "-"],
        input=DIFFS[example], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=tmp_path, check=False,
        env={**os.environ, "GIT_CEILING_DIRECTORIES": str(tmp_path.parent)},
    )  # fmt: skip
    assert done.returncode == 0 and "Skipped" not in done.stdout, done.stdout


@pytest.mark.parametrize("example", DIFFS)
def test_a_diff_applies_in_one_place_only(example):
    """git takes the nearest place that looks the same, and tells nobody."""
    for name, sought in hunks_of(DIFFS[example]):
        assert ("\n" + (ROOT / name).read_text()).count("\n" + sought) == 1, f"{name}:\n{sought}"


@pytest.mark.parametrize(("path", "text"), PYTHON, ids=[path for path, _text in PYTHON])
def test_every_function_of_an_example_says_its_types(path, text):
    """As mypy wants it in plugins/."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            assert node.returns and all(argument.annotation for argument in node.args.args), f"{path}: {node.name}"


@pytest.mark.parametrize(("path", "kind", "text"), NEW, ids=[path for path, _kind, _text in NEW])
def test_a_new_file_can_be_read_and_is_not_there(path, kind, text):
    assert {"python": ast.parse, "yaml": yaml.safe_load}[kind](text)
    assert not (ROOT / path).exists()
