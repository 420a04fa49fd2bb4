# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a forge runs on every commit is what docs/supported.md promises, and a tag publishes what passed it."""

import os
import pathlib
import re
import subprocess

import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[3]
WORKFLOW = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text())
RELEASE = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text())
MATRIX = WORKFLOW["jobs"]["unit"]["strategy"]["matrix"]["include"]


def supported():
    """Return by ansible-core the Pythons of a controller."""
    text = (
        (ROOT / "docs/supported.md").read_text().split("\n## Which controller fits which node\n")[1].split("\n## ")[0]
    )
    rows = re.findall(r"^\| ([\d., ]+) \| 3\.(\d+) to 3\.(\d+) \|", text, re.MULTILINE)
    return {core: range(int(first), int(last) + 1) for cores, first, last in rows for core in cores.split(", ")}


def test_every_supported_core_is_tried_with_its_oldest_and_its_newest_python():
    tried = {(row["core"], int(row["python"].partition(".")[2])) for row in MATRIX}
    expected = {(core, python) for core, pythons in supported().items() for python in (pythons[0], pythons[-1])}
    assert len(supported()) >= 6 and tried == expected


def steps_of(job):
    """Return all commands of a job."""
    return [step["run"] for step in job.get("steps", []) if "run" in step]


def trigger(workflow):
    """Return what starts a workflow; YAML reads "on" as a truth value."""
    return workflow[True]


def test_each_target_that_it_runs_is_one():
    makefile = (ROOT / "Makefile").read_text()
    steps = [step for workflow in (WORKFLOW, RELEASE) for job in workflow["jobs"].values() for step in steps_of(job)]
    targets = re.findall(r"^make (?:-k )?([\w-]+)$", "\n".join(steps), re.MULTILINE)
    assert {"lint", "dist"} <= set(targets)
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    assert any(step.startswith("tools/test_controllers ") for step in steps)


# ---- a release


def needed_by(name):
    """Return the jobs of a release that end well before that one begins."""
    needs = RELEASE["jobs"][name].get("needs", [])
    direct = [needs] if isinstance(needs, str) else needs
    return {job for one in direct for job in {one, *needed_by(one)}}


def test_a_release_begins_with_a_tag_of_a_version_only():
    assert trigger(RELEASE) == {"push": {"tags": ["v*"]}}


def test_nothing_is_published_that_did_not_pass_what_every_commit_does():
    assert RELEASE["jobs"]["test"] == {"uses": "./.github/workflows/test.yml"} and "workflow_call" in trigger(WORKFLOW)
    publishing = {
        name for name, job in RELEASE["jobs"].items() if re.search("publish|gh release", "\n".join(steps_of(job)))
    }
    assert publishing == {"galaxy", "forge"}
    assert all({"test", "build"} <= needed_by(name) for name in publishing)


@pytest.mark.parametrize(("tag", "code"), [("v1.2.3", 0), ("v1.2.30", 1), ("v1.2", 1), ("v1x2.3", 1)])
def test_a_tag_that_is_not_the_version_builds_nothing(tag, code, tmp_path):
    (tmp_path / "galaxy.yml").write_text("name: gluster\nversion: 1.2.3\n")
    compare, *_others = steps_of(RELEASE["jobs"]["build"])
    env = {**os.environ, "GITHUB_REF_NAME": tag}
    assert subprocess.run(["bash", "-ec", compare], cwd=tmp_path, env=env, check=False).returncode == code


def test_a_tag_that_is_not_on_main_builds_nothing():
    build = RELEASE["jobs"]["build"]
    assert "git merge-base --is-ancestor HEAD origin/main" in steps_of(build)
    # A shallow copy has no branch to compare with.
    assert build["steps"][0]["with"]["fetch-depth"] == 0


@pytest.mark.parametrize(
    ("there", "same", "code"), [("", "", 0), ("archive", "same=yes\n", 0), ("another", "", 1)]
)  # fmt: skip
def test_what_galaxy_has_of_an_earlier_attempt_is_not_published_again(there, same, code, tmp_path):
    """An upload that galaxy refuses since it has the version would hold up the rest for ever."""
    write = f'mkdir -p there && printf {there} > there/brickwork-gluster-1.2.3.tar.gz' if there else "exit 1"
    (tmp_path / "ansible-galaxy").write_text(f"#!/bin/sh\n{write}\n")
    (tmp_path / "ansible-galaxy").chmod(0o755)
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist/brickwork-gluster-1.2.3.tar.gz").write_text("archive")
    asked, publish = RELEASE["jobs"]["galaxy"]["steps"][-2:]
    env = {
        **os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "GITHUB_REF_NAME": "v1.2.3",
        "GITHUB_OUTPUT": str(tmp_path / "output"),
    }  # fmt: skip
    (tmp_path / "output").touch()
    done = subprocess.run(["bash", "-ec", asked["run"]], cwd=tmp_path, env=env, check=False)
    assert (done.returncode, (tmp_path / "output").read_text()) == (code, same)
    assert publish["if"] == f"steps.{asked['id']}.outputs.same != 'yes'"


def test_the_token_of_galaxy_is_in_no_command():
    assert not any("secrets." in step for job in RELEASE["jobs"].values() for step in steps_of(job))
    [publish] = [step for step in RELEASE["jobs"]["galaxy"]["steps"] if "publish" in step.get("run", "")]
    assert publish["env"]["TOKEN"] == "${{ secrets.GALAXY_TOKEN }}"
