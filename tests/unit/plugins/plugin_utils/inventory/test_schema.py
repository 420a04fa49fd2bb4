# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The schema says of every variable what people have to know, and the roles' defaults are the schema's."""

import pathlib

import pytest
import yaml

from ansible_collections.brickwork.gluster.plugins.plugin_utils.inventory.kinds import Items, Record, read_value
from ansible_collections.brickwork.gluster.plugins.plugin_utils.inventory.schema import GROUPS, ROLES

ROOT = pathlib.Path(__file__).resolve().parents[5]
OF_ROLES = {
    role: {variable.name: variable for variables in entries.values() for variable in variables}
    for role, entries in ROLES.items()
}
VARIABLES = {
    **{variable.name: variable for variables in GROUPS.values() for variable in variables},
    **{name: variable for variables in OF_ROLES.values() for name, variable in variables.items()},
}


def keys(variable, where=""):
    """Yield a variable and all keys of the records in it, by their path."""
    yield where + variable.name, variable
    kind = variable.kind.kind if isinstance(variable.kind, Items) else variable.kind
    for key in kind.keys if isinstance(kind, Record) else ():
        yield from keys(key, f"{where}{variable.name}.")


KEYS = dict(pair for variable in VARIABLES.values() for pair in keys(variable))


def defaults(role):
    """Return what the role's defaults/main.yml says."""
    return yaml.safe_load((ROOT / "roles" / role / "defaults/main.yml").read_text()) or {}


DEFAULTS = [(role, name) for role in ROLES for name in defaults(role)]


@pytest.mark.parametrize("name", sorted(KEYS))
def test_a_key_says_what_it_is_in_sentences(name):
    key = KEYS[name]
    assert len(key.text) > 10 and key.text.endswith(".") and "  " not in key.text
    assert not (key.required and (key.default is not None or key.otherwise))
    assert key.default is None or not key.otherwise


@pytest.mark.parametrize("name", [name for name in sorted(KEYS) if KEYS[name].default is not None])
def test_a_default_may_stand_in_an_inventory(name):
    told = []
    read_value(KEYS[name].kind, KEYS[name].default, name, told.append)
    assert told == []


@pytest.mark.parametrize(("role", "name"), DEFAULTS)
def test_a_default_of_a_role_is_that_of_the_schema(role, name):
    variable, value = OF_ROLES[role][name], defaults(role)[name]
    if "{{" in str(value):
        assert variable.default is None and variable.otherwise
    else:
        assert variable.default == value and type(variable.default) is type(value)


@pytest.mark.parametrize("role", [role for role in ROLES if role != "gluster_plan"])
def test_a_role_has_every_default_of_the_schema(role):
    said = {name for name, variable in OF_ROLES[role].items() if variable.default is not None}
    assert said <= set(defaults(role))
