# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The version is the same everywhere, and tools/release tags what is ready to be released, and nothing else."""

import os
import pathlib
import re
import shutil
import subprocess
import sys

import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[3]
VERSION = yaml.safe_load((ROOT / "galaxy.yml").read_text())["version"]
RELEASES = yaml.safe_load((ROOT / "changelogs/changelog.yaml").read_text())["releases"]
FRAGMENTS = sorted((ROOT / "changelogs/fragments").glob("*.y*ml"))
#: An archive, an image, or a requirement, on one line or on two.
NAMED = re.compile(r"brickwork[-._/]gluster(?:[-:=<>~ ]+|\s+version: *['\"]?)v?(\d+\.\d+\.\d+)")
TEXTS = [
    path
    for pattern in ("*.md", "awx/**/*", "docs/**/*", "roles/*/README.md", ".github/**/*", "inventory.example/**/*")
    for path in ROOT.glob(pattern)
    if path.suffix in (".md", ".yml", ".json", ".py")
]


def numbers(version):
    return tuple(map(int, version.split(".")))


# ---- this repository


def test_the_version_is_the_newest_one_of_the_changes():
    assert max(RELEASES, key=numbers) == VERSION
    assert re.findall(r"^v(\d+\.\d+\.\d+)$", (ROOT / "CHANGELOG.rst").read_text(), re.MULTILINE)[0] == VERSION


def test_no_file_names_another_version_of_the_collection():
    named = {str(path.relative_to(ROOT)): set(NAMED.findall(path.read_text())) for path in TEXTS}
    found = {path: versions for path, versions in named.items() if versions}
    assert found == dict.fromkeys(found, {VERSION})
    assert {"awx/execution-environment.yml", "awx/settings.example.yml"} <= set(found)


@pytest.mark.parametrize(
    "text",
    [
        "brickwork-gluster-0.1.0.tar.gz",
        "brickwork-gluster:0.1.0",
        "brickwork.gluster v0.1.0",
        "brickwork.gluster:==0.1.0",
        "- name: brickwork.gluster\n  version: '0.1.0'",
    ],
)
def test_a_version_is_found_however_it_is_written(text):
    assert NAMED.findall(text) == ["0.1.0"]


def coming():
    """Return the versions that may be released next: none as long as nothing has changed since the last one."""
    major, minor, repair = numbers(VERSION)
    return {(major, minor, repair + 1), (major, minor + 1, 0), (major + 1, 0, 0)} if FRAGMENTS else set()


def test_what_was_added_came_with_a_release_or_comes_with_the_next_one():
    added = {
        str(path.relative_to(ROOT)): re.findall(r"^ *version_added: *['\"]?([\w.]+)", path.read_text(), re.MULTILINE)
        for folder in ("plugins", "roles")
        for path in ROOT.glob(folder + "/**/*")
        if path.suffix in (".py", ".yml")
    }
    allowed = {numbers(version) for version in RELEASES} | coming()
    assert [path for path, versions in added.items() if not set(map(numbers, versions)) <= allowed] == []
    assert len([path for path, versions in added.items() if versions]) > 40


def test_the_changes_list_the_filters_that_are_for_users_and_no_others():
    """antsibull-changelog lists what has a version_added."""
    for path in ROOT.glob("plugins/filter/*.yml"):
        assert ("version_added:" in path.read_text()) != path.name.startswith("_"), path.name


# ---- tools/release, in a repository of its own


def git(root, *words):
    return subprocess.run(["git", *words], cwd=root, check=True, capture_output=True, text=True).stdout


def write(root, version="1.2.0", told=("1.1.0", "1.2.0"), summary="It ``does``\nmore."):
    """Write the files of a repository that is ready to be released as they are."""
    changes = {one: {"changes": {"release_summary": summary} if summary else {}} for one in told}
    (root / "galaxy.yml").write_text(yaml.safe_dump({"name": "gluster", "version": version}))
    (root / "changelogs/changelog.yaml").write_text(yaml.safe_dump({"ancestor": None, "releases": changes}))


def commit(root):
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--allow-empty", "--message=change")


@pytest.fixture
def root(tmp_path, monkeypatch):
    """The folder of a repository whose last tag is v1.1.0; 1.2.0 is ready."""
    for variable in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(variable)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "Somebody")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "somebody@example.com")
    root = tmp_path / "repository"
    (root / "changelogs/fragments").mkdir(parents=True)
    (root / "tools").mkdir()
    shutil.copy(ROOT / "tools/release", root / "tools/release")
    write(root)
    git(root, "init", "--quiet", "--initial-branch=main")
    commit(root)
    git(root, "tag", "--annotate", "--message=v1.1.0", "v1.1.0")
    git(root, "tag", "v0.9.0")
    commit(root)
    return root


def release(root, *words):
    """Return the exit code of tools/release, and all that it says."""
    done = subprocess.run(
        [sys.executable, "tools/release", *words], cwd=root, check=False, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    return done.returncode, done.stdout


def tags(root):
    return git(root, "tag", "--list").split()


def test_it_makes_an_annotated_tag_with_the_release_summary(root):
    code, said = release(root)
    assert code == 0 and said.endswith("\n  git push --atomic origin HEAD v1.2.0\n"), said
    assert git(root, "cat-file", "-t", "v1.2.0") == "tag\n"
    assert git(root, "rev-parse", "v1.2.0^{commit}") == git(root, "rev-parse", "HEAD")
    assert git(root, "for-each-ref", "--format=%(contents)", "refs/tags/v1.2.0").strip() == (
        "brickwork.gluster 1.2.0\n\nIt does more."
    )


def test_it_changes_no_file_and_tags_nothing_twice(root):
    assert release(root)[0] == 0
    assert git(root, "status", "--porcelain") == ""
    code, said = release(root)
    assert code == 1 and "version is 1.2.0, and there is the tag v1.2.0 already; set a newer version" in said


def test_versions_are_compared_as_numbers(root):
    write(root, "1.10.0", ("1.9.0", "1.10.0", "1.2.0"))
    commit(root)
    git(root, "tag", "v1.9.0")
    assert release(root)[0] == 0 and "v1.10.0" in tags(root)


def test_the_first_release_needs_no_tag_before_it(root):
    git(root, "tag", "--delete", "v1.1.0", "v0.9.0")
    git(root, "tag", "vacation")
    assert release(root)[0] == 0 and "v1.2.0" in tags(root)


def leave_a_change(root):
    (root / "galaxy.yml").write_text((root / "galaxy.yml").read_text() + "\n")


def leave_a_new_file(root):
    (root / "new").touch()


def leave_a_fragment(root):
    (root / "changelogs/fragments/later.yml").write_text("bugfixes: [a]\n")
    commit(root)


def go_elsewhere(root):
    git(root, "checkout", "--quiet", "-b", "side")


def rewrite(*what, **how):
    """Return what commits a repository with these versions."""

    def change(root):
        write(root, *what, **how)
        commit(root)

    return change


REFUSALS = {
    "change": (leave_a_change, "work tree: galaxy.yml not committed; commit"),
    "branch": (go_elsewhere, "branch: side is checked out; check out main"),
    "file": (leave_a_new_file, "work tree: new not committed; commit or remove it"),
    "fragment": (leave_a_fragment, "changelogs/fragments: later.yml left; run antsibull-changelog release"),
    "same": (rewrite("1.1.0", ["1.1.0"]), "galaxy.yml: version is 1.1.0, and there is the tag v1.1.0 already; set"),
    "older": (rewrite("1.0.5", ["1.0.5"]), "galaxy.yml: version is 1.0.5, and there is the tag v1.1.0 already; set"),
    "ahead": (rewrite("1.3.0"), "galaxy.yml: version is 1.3.0, the newest one of changelogs/changelog.yaml 1.2.0; set"),
    "behind": (rewrite("1.1.0"), "version is 1.1.0, the newest one of changelogs/changelog.yaml 1.2.0; set"),
    "untold": (rewrite("1.2.0", []), "version is 1.2.0, the newest one of changelogs/changelog.yaml missing; set"),
    "none": (rewrite("1.2.0-rc1"), "galaxy.yml: version is 1.2.0-rc1; write three numbers, such as 1.2.3"),
    "summary": (rewrite(summary=""), "changelogs/changelog.yaml: 1.2.0 has no release_summary; add one"),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_it_refuses_what_is_not_ready_and_tags_nothing(root, case):
    change, expected = REFUSALS[case]
    change(root)
    code, said = release(root)
    assert code == 1 and expected in said and len(said.splitlines()) == 1, said
    assert tags(root) == ["v0.9.0", "v1.1.0"]


def test_it_names_all_that_is_against_it(root):
    leave_a_fragment(root)
    rewrite("1.1.0", ["1.1.0"])(root)
    for number in range(7):
        (root / f"new{number}").touch()
    said = release(root)[1].splitlines()
    assert len(said) == 3 and said[2].endswith("new3, new4 and others not committed; commit or remove it"), said


def test_a_tag_that_git_cannot_make_is_told(root):
    (root / ".git/refs/tags/v1.2.0.lock").touch()
    code, said = release(root)
    assert code == 1 and said.startswith("tools/release: git tag: ") and "push" not in said


def test_it_takes_no_word(root):
    code, said = release(root, "--force")
    assert code == 2 and said.startswith("Tags the commit") and "v1.2.0" not in tags(root)
