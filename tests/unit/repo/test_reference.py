# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The reference of the variables is what tools/reference makes of the schema, and editors can check with it."""

import importlib.machinery
import importlib.util
import json
import pathlib
import re

import jsonschema
import pytest
import yaml

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError
from ansible_collections.brickwork.gluster.plugins.plugin_utils.inventory.read import read_inventory
from ansible_collections.brickwork.gluster.plugins.plugin_utils.inventory.schema import GROUPS, ROLES

ROOT = pathlib.Path(__file__).resolve().parents[3]
GROUP_VARS = sorted([*ROOT.glob("inventory.example/*/group_vars/*.yml"), *ROOT.glob("extensions/**/group_vars/*.yml")])


def load_tool():
    """Return tools/reference as a module; it has no suffix."""
    loader = importlib.machinery.SourceFileLoader("reference", str(ROOT / "tools/reference"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("reference", loader))
    loader.exec_module(module)
    return module


reference = load_tool()
CHECK = jsonschema.Draft7Validator(json.loads((ROOT / reference.JSON_SCHEMA).read_text()))


def test_what_is_committed_is_what_the_schema_makes():
    assert [str(path.relative_to(ROOT)) for path, _text in reference.differing()] == []


def test_a_changed_text_is_found_and_only_the_marked_part_is_made_anew():
    text = "before\n<!-- reference: begin teardown -->\n| MINE |\n<!-- reference: end -->\nbehind\n"
    made = reference.made_of(text, lambda found: reference.table(reference.TABLES[found[3]], "docs"))
    assert made.startswith("before\n<!-- reference: begin teardown -->\n| variable |")
    assert made.endswith("|\n<!-- reference: end -->\nbehind\n") and "MINE" not in made


def test_every_role_is_in_the_schema():
    assert set(ROLES) == {path.parent.parent.name for path in ROOT.glob("roles/*/tasks/main.yml")}


@pytest.mark.parametrize("role", sorted(ROLES))
def test_every_entry_point_and_the_readme_of_a_role_are_made(role):
    text = (ROOT / f"roles/{role}/meta/argument_specs.yml").read_text()
    assert set(yaml.safe_load(text)["argument_specs"]) == set(ROLES[role])
    assert text.count("# reference: begin\n    options:") == text.count("\n    options:") == len(ROLES[role])
    assert (ROOT / f"roles/{role}/README.md").read_text().count("<!-- reference: begin -->\n| variable |") == 1


def test_every_variable_of_every_group_is_in_the_guide():
    told = set(re.findall(r"^<!-- reference: begin (\w+) -->$", (ROOT / "docs/inventory.md").read_text(), re.MULTILINE))
    assert told == set(reference.TABLES)
    listed = {variable.name for table in reference.TABLES.values() for variable in table}
    assert listed == {variable.name for variables in GROUPS.values() for variable in variables}


@pytest.mark.parametrize(
    "path",
    [ROOT / "docs/inventory.md", *ROOT.glob("inventory.example/*/group_vars/*.yml")],
    ids=lambda path: path.parts[-3],
)
def test_guide_and_examples_have_the_line_that_lets_an_editor_check(path):
    assert f"\n# yaml-language-server: $schema={CHECK.schema['$id']}\n" in path.read_text()


# ---- the JSON schema


def test_the_json_schema_is_one():
    jsonschema.Draft7Validator.check_schema(CHECK.schema)


@pytest.mark.parametrize("path", GROUP_VARS, ids=lambda path: str(path.relative_to(ROOT)))
def test_group_vars_of_examples_and_scenarios_are_right(path):
    assert [error.message for error in CHECK.iter_errors(yaml.safe_load(path.read_text()))] == []


@pytest.mark.parametrize("variable", sorted({v.name: v for group in GROUPS.values() for v in group}.items()))
def test_defaults_and_templates_are_right(variable):
    name, known = variable
    assert CHECK.is_valid({name: "{{ mine }}"})
    assert known.default is None or CHECK.is_valid({name: known.default})


SHARED = {"name": "shared", "type": "replicate", "size": "10GiB"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"gluster_server_tls": "yes"},
        {"gluster_server_version": 1.2},
        {"gluster_server_network": "10.0.0.1"},
        {"gluster_server_base_port": 80},
        {"gluster_server_source": "rpm"},
        {"gluster_root": None},
        {"gluster_devices": "/dev/sdb"},
        {"gluster_devices": ["sdb"]},
        {"gluster_devices": [{"path": "/dev/sdb", "overwrite": "false"}]},
        {"gluster_volumes": {"shared": {}}},
        {"gluster_volumes": [{"name": "shared"}]},
        {"gluster_volumes": [{**SHARED, "repilcas": 2}]},
        {"gluster_volumes": [{**SHARED, "type": "raid"}]},
        {"gluster_volumes": [{**SHARED, "size": 10}]},
        {"gluster_volumes": [{**SHARED, "hosts": []}]},
        {"gluster_volumes": [{**SHARED, "clients": [{"path": "mnt"}]}]},
        {"heketi_admin_key": "short"},
    ],
    ids=str,
)
def test_what_an_editor_marks_is_what_the_door_refuses(wrong):
    assert not CHECK.is_valid(wrong)
    group = "heketi" if any(name.startswith("heketi_admin") for name in wrong) else "gluster_servers"
    with pytest.raises(InputError):
        read_inventory({group: ["n1"]}, {"n1": {"gluster_address": "10.0.0.1", **wrong}})


def test_what_an_editor_takes_is_what_the_door_takes():
    volume = {**SHARED, "options": {"auth.allow": ["10.0.0.1"], "features.shard": True}, "replicas": "3"}
    volume["clients"] = [{"path": "/mnt/x", "options": ["ro", "acl"]}]
    assert CHECK.is_valid(
        {"gluster_volumes": [volume], "gluster_devices": ["/dev/sdb", {"path": "{{ disk }}"}], "mine": 1}
    )
