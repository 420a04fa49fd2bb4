# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The schema knows every variable of every role, and both say the same of it."""

import pathlib

import pytest
import yaml

from ansible_collections.brickwork.gluster.plugins.plugin_utils.inventory.kinds import read_value
from ansible_collections.brickwork.gluster.plugins.plugin_utils.inventory.schema import GROUPS

ROOT = pathlib.Path(__file__).resolve().parents[5]
VARIABLES = {variable.name: variable for variables in GROUPS.values() for variable in variables}
#: What playbooks give to roles, and people don't write.
FROM_PLAYBOOKS = (
    "gluster_bricks_",
    "gluster_client_",
    "gluster_pool_",
    "gluster_volumes_",
    "gluster_plan_hosts",
    "gluster_plan_volumes",
    "gluster_plan_zone_policy",
    "gluster_plan_root",
    "gluster_plan_clients",
)


def specified():
    """Yield what the roles' argument_specs say, as role, entry point, name and option."""
    for path in sorted(ROOT.glob("roles/*/meta/argument_specs.yml")):
        for entry, specification in yaml.safe_load(path.read_text())["argument_specs"].items():
            for name, option in specification["options"].items():
                yield path.parts[-3], entry, name, option


OPTIONS = {(role, name): option for role, _entry, name, option in specified()}


def defaults():
    """Return the defaults of all roles that are no templates."""
    found = {}
    for path in ROOT.glob("roles/*/defaults/main.yml"):
        found.update(yaml.safe_load(path.read_text()))
    return {name: value for name, value in found.items() if "{{" not in str(value)}


DEFAULTS = defaults()


@pytest.mark.parametrize(("role", "name"), sorted(OPTIONS))
def test_the_schema_knows_the_variable_and_both_say_the_same(role, name):
    if name.startswith(FROM_PLAYBOOKS):
        assert name not in VARIABLES
        return
    kind, option = VARIABLES[name].kind, OPTIONS[role, name]
    # A path is a text here: whether it is one of the controller or of the node differs.
    assert kind.argument_type == {"path": "str"}.get(option["type"], option["type"])
    if "choices" in option and option["type"] != "list":
        assert tuple(option["choices"]) == kind.values


@pytest.mark.parametrize("name", sorted(VARIABLES))
def test_every_default_may_stand_in_an_inventory(name):
    told = []
    values = [option["default"] for (_role, known), option in OPTIONS.items() if known == name and "default" in option]
    values += [DEFAULTS[name]] if name in DEFAULTS else []
    for value in values:
        read_value(VARIABLES[name].kind, value, name, told.append)
    assert told == []
