# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What several files say of the collection, and must say alike."""

import importlib
import os
import pathlib
import re

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.brickwork.gluster.plugins.module_utils.adapter import COMMON_SPEC

ROOT = pathlib.Path(__file__).resolve().parents[3]
SOURCES = [
    path for folder in ("plugins", "tests", "tools") for path in ROOT.glob(folder + "/**/*.py") if path.stat().st_size
]
RUNNABLE = [
    path
    for folder in (".ci", "tests", "tools")
    for path in ROOT.glob(folder + "/**/*")
    if path.is_file() and path.read_bytes()[:2] == b"#!"
]
#: What runs on the controller has a file of documentation here, and no code.
MODULES = sorted(path.stem for path in ROOT.glob("plugins/modules/*.py") if "def main()" in path.read_text())
#: How a role's variables begin where it is not the role's name: as inventories have them.
PREFIXES = {"gluster_software": "gluster_server"}
ROLES = sorted(path.parent.parent for path in ROOT.glob("roles/*/tasks/main.yml"))


def load(path):
    return yaml.safe_load((ROOT / path).read_text())


def test_every_module_is_in_the_action_group():
    assert set(MODULES) == set(load("meta/runtime.yml")["action_groups"]["gluster"])


@pytest.mark.parametrize("name", MODULES)
def test_every_module_takes_what_the_action_group_may_set(name):
    module = importlib.import_module("ansible_collections.brickwork.gluster.plugins.modules." + name)
    specification = module.argument_spec()
    assert {option: specification.get(option) for option in COMMON_SPEC} == COMMON_SPEC


@pytest.mark.parametrize("name", MODULES)
def test_examples_give_modules_what_they_take(name):
    examples = importlib.import_module("ansible_collections.brickwork.gluster.plugins.modules." + name).EXAMPLES
    tasks = [task for task in yaml.safe_load(examples) if any(key.startswith("brickwork.gluster.") for key in task)]
    assert any("brickwork.gluster." + name in task for task in tasks)
    for task in tasks:
        [used] = [key for key in task if key.startswith("brickwork.gluster.")]
        module = importlib.import_module("ansible_collections.brickwork.gluster.plugins.modules." + used.split(".")[-1])
        answer = ArgumentSpecValidator(module.argument_spec()).validate(task[used] or {})
        assert not answer.error_messages, task


def test_what_has_an_interpreter_line_can_be_run():
    for path in RUNNABLE:
        assert os.access(path, os.X_OK), path


def test_requirements_name_the_collections_of_galaxy():
    required = {item["name"]: item["version"] for item in load("requirements.yml")["collections"]}
    assert required == load("galaxy.yml")["dependencies"]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_source_file_states_its_licence(path):
    # In two parts, as this line is not what states the licence of this file.
    assert "".join(("SPDX-License-", "Identifier: GPL-3.0-or-later")) in path.read_text()[:600]


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_role_documents_every_default(role):
    entries = load(role / "meta/argument_specs.yml")["argument_specs"].values()
    specification = {name for entry in entries for name in entry.get("options", {})}
    defaults = load(role / "defaults/main.yml") or {}
    assert set(defaults) <= specification
    assert all(name.startswith(PREFIXES.get(role.name, role.name)) for name in defaults)


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_role_has_a_readme(role):
    assert (role / "README.md").exists()


def plays_of(playbook):
    """Return the plays of a playbook, with those of the playbooks that it imports."""
    plays = []
    for play in load("playbooks/%s.yml" % playbook):
        imported = play.get("ansible.builtin.import_playbook")
        plays += plays_of(imported.rpartition(".")[2]) if imported else [play]
    return plays


def pattern_of(play):
    """Return the hosts of a play; of those that depend on whether there is a group, the ones where there is."""
    found = re.match(r"{{ '([^']+)'", play["hosts"])
    return found.group(1) if found else play["hosts"]


def asks_nobody(task):
    """Whether a role's tasks that a task includes only work something out."""
    role = task.get("ansible.builtin.include_role", {})
    tasks = load("roles/%s/tasks/%s.yml" % (role["name"].rpartition(".")[2], role["tasks_from"])) if role else []
    return bool(tasks) and all("ansible.builtin.set_fact" in one for one in tasks)


def chooses_python(task):
    """Whether a task looks at the host before any module of Ansible does, or a role's tasks that it includes do so."""
    role = task.get("ansible.builtin.include_role", task.get("ansible.builtin.import_role", {}))
    name, part = role.get("name", "").rpartition(".")[2], role.get("tasks_from", "main")
    if part in ("bootstrap", "look"):
        return True
    tasks = load("roles/%s/tasks/%s.yml" % (name, part)) if name else []
    if "ansible.builtin.import_tasks" in task:
        tasks = load("roles/%s/tasks/%s" % (task["role"], task["ansible.builtin.import_tasks"]))
    first = next((one for one in tasks if "ansible.builtin.assert" not in one), None)
    return bool(first) and chooses_python(dict(first, role=name or task.get("role")))


@pytest.mark.parametrize("playbook", sorted(path.stem for path in ROOT.glob("playbooks/*.yml")))
def test_no_module_runs_on_a_node_before_its_python_is_chosen(playbook):
    """Left alone, Ansible takes Python 2 on EL 7."""
    chosen = set()
    for play in plays_of(playbook):
        # What follows "&" only narrows the choice, and who plans was looked at.
        groups = {name for name in pattern_of(play).split(":") if not name.startswith("&")}
        groups -= {"localhost", "gluster_planning[-1]"}
        for task in play.get("roles", []) + play.get("tasks", []):
            if chooses_python(task):
                chosen |= groups
            on_controller = {"ansible.builtin.assert", "ansible.builtin.add_host"} & set(task)
            assert groups <= chosen or on_controller or asks_nobody(task), task
