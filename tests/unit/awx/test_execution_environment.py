# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The image of awx/execution-environment.yml, as far as it can be made offline: its context, and what it is to hold."""

import pathlib
import re
import shutil
import subprocess
import sys
import tarfile

import ansible_builder
import pytest
import yaml

from ansible_collections.brickwork.gluster.tests.fakes.awx_jobs import build, install

ROOT = pathlib.Path(__file__).resolve().parents[3]
BUILDER = pathlib.Path(sys.executable).with_name("ansible-builder")
INTROSPECT = pathlib.Path(ansible_builder.__file__).parent / "_target_scripts/introspect.py"
DEFINITION = yaml.safe_load((ROOT / "awx/execution-environment.yml").read_text())


@pytest.fixture(scope="module")
def context(tmp_path_factory):
    """The folder that ansible-builder makes, of a copy of the definition beside a fresh archive."""
    folder = tmp_path_factory.mktemp("image")
    shutil.copytree(ROOT / "awx", folder / "awx")
    build(folder / "dist")
    argv = [
        BUILDER,
        "create",
        "-f",
        "awx/execution-environment.yml",
        "-c",
        "context",
        "--output-filename",
        "Containerfile",
    ]
    done = subprocess.run(argv, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "context"


@pytest.fixture(scope="module")
def needs(context):
    """What ansible-builder finds that the collection in the image needs."""
    collections = context / "collections"
    [archive] = context.glob("_build/collections/*")
    install(archive, collections)
    argv = [sys.executable, INTROSPECT, "introspect", collections]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return yaml.safe_load(done.stdout)


def test_every_file_that_the_context_names_is_there(context):
    text = (context / "Containerfile").read_text()
    named = re.findall(r"^(?:COPY|ADD) (?!--from)(\S+) ", text, re.MULTILINE)
    assert named and [name for name in named if not (context / name).exists()] == []
    scripts = re.findall(r"/output/scripts/([\w.-]+)", text)
    assert scripts and [name for name in scripts if not (context / "_build/scripts" / name).exists()] == []
    for step in re.findall(r"-r (\S+)", text):
        assert (context / "_build" / step).exists()


def test_the_collection_comes_from_the_archive_that_is_in_the_context(context):
    [named] = yaml.safe_load((context / "_build/requirements.yml").read_text())["collections"]
    assert named["type"] == "file"
    with tarfile.open(context / "_build" / named["name"]) as archive:
        assert {"MANIFEST.json", "playbooks/site.yml", "awx/apply.yml"} <= set(archive.getnames())


def test_the_base_is_for_the_user_to_name(context):
    assert re.search(r'^ARG EE_BASE_IMAGE="base-image:latest"$', (context / "Containerfile").read_text(), re.MULTILINE)
    assert "/" not in DEFINITION["images"]["base_image"]["name"]
    assert "--build-arg EE_BASE_IMAGE=" in (ROOT / "awx/execution-environment.yml").read_text()


def test_the_version_is_that_of_the_collection():
    version = yaml.safe_load((ROOT / "galaxy.yml").read_text())["version"]
    [collection] = DEFINITION["dependencies"]["galaxy"]["collections"]
    [file] = DEFINITION["additional_build_files"]
    assert collection["name"] == f"{file['dest']}/brickwork-gluster-{version}.tar.gz"
    assert file["src"] == f"../dist/brickwork-gluster-{version}.tar.gz"
    settings = yaml.safe_load((ROOT / "awx/settings.example.yml").read_text())
    assert settings["gluster_awx_project_url"].endswith(f"/brickwork-gluster-{version}.tar.gz")
    assert settings["gluster_awx_image"].endswith(f":{version}")


def plain(lines):
    return sorted(line.split("#")[0].strip() for line in lines if line.split("#")[0].strip())


def test_python_packages_are_those_that_the_controller_needs(needs):
    required = plain((ROOT / "requirements.txt").read_text().splitlines())
    assert plain(needs["python"]) == [line for line in required if not line.startswith("ansible-core")]
    assert [DEFINITION["dependencies"]["ansible_core"]["package_pip"]] == [
        line for line in required if line.startswith("ansible-core")
    ]


def test_system_packages_are_what_reaches_the_machines(needs):
    assert plain(needs["system"]) == ["openssh-client [platform:dpkg]", "openssh-clients [platform:rpm]"]
