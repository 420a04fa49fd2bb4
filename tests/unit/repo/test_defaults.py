# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A default that several files say has one value; Python has it from one constant."""

import importlib
import inspect
import pathlib
import re

import pytest
import yaml

from ansible_collections.brickwork.gluster.plugins.filter.place_bricks import place_bricks
from ansible_collections.brickwork.gluster.plugins.module_utils.defaults import MOUNT_OPTIONS, ROOT

REPOSITORY = pathlib.Path(__file__).resolve().parents[3]
MODULES = sorted(path.stem for path in REPOSITORY.glob("plugins/modules/*.py") if "def main()" in path.read_text())
ONE_VALUE = {"root": ROOT, "mount_options": MOUNT_OPTIONS}


def said():
    """Yield where a file of the collection says a default of these, and which."""
    for name in MODULES:
        module = importlib.import_module("ansible_collections.brickwork.gluster.plugins.modules." + name)
        for option in set(ONE_VALUE) & set(module.argument_spec()):
            yield f"{name}: {option}", option, module.argument_spec()[option].get("default")
    for path in REPOSITORY.glob("roles/*/defaults/main.yml"):
        for name, value in (yaml.safe_load(path.read_text()) or {}).items():
            option = next((option for option in ONE_VALUE if name.endswith("_" + option)), None)
            if option:
                yield name, option, value if option != "root" else _after_the_inventory(value)
    for path in [*REPOSITORY.glob("playbooks/*.yml"), *REPOSITORY.glob("roles/gluster_software/*/**/*.yml")]:
        for value in re.findall(r"gluster_root \| default\('([^']*)'\)", path.read_text()):
            yield path.name, "root", value


def _after_the_inventory(value):
    """Return what a role takes where the inventory says nothing; each role takes the inventory's value first."""
    found = re.fullmatch(r"{{ gluster_root \| default\('([^']*)'\) }}", value)
    return found and found[1]


SAID = sorted(said())


def test_there_are_such_defaults():
    assert len(SAID) >= 6


@pytest.mark.parametrize(("where", "option", "value"), SAID)
def test_a_default_has_one_value(where, option, value):
    assert value == ONE_VALUE[option]


def test_the_filter_that_places_bricks_has_it_too():
    assert inspect.signature(place_bricks).parameters["root"].default == ROOT


@pytest.mark.parametrize("value", [ROOT, MOUNT_OPTIONS])
def test_the_door_and_the_placement_have_it_from_the_constant(value):
    folders = ("inventory", "placement")
    files = [path for folder in folders for path in REPOSITORY.glob(f"plugins/plugin_utils/{folder}/*.py")]
    assert [path.name for path in files if f'"{value}"' in path.read_text()] == []
