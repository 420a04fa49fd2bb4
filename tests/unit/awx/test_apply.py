# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""awx/apply.yml with programs in the place of awx.awx: what it asks for, judged by the specifications of awx.awx."""

import ast
import pathlib

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.brickwork.gluster.tests.fakes.awx import EVERY_TEMPLATE, SURVEYS, TEMPLATES, load
from ansible_collections.brickwork.gluster.tests.fakes.standins import StandIns

ROOT = pathlib.Path(__file__).resolve().parents[3]
AWX = pathlib.Path(yaml.__file__).parents[1] / "ansible_collections/awx/awx/plugins/modules"
SETTINGS = yaml.safe_load((ROOT / "awx/settings.example.yml").read_text())
#: Of what the connection to AWX takes, and this playbook never gives.
MODULES = (
    "organization", "execution_environment", "project", "inventory", "inventory_source", "notification_template",
    "job_template", "workflow_job_template", "workflow_job_template_node", "schedule",
)  # fmt: skip
#: By option: the kinds of things of which it names one or several.
NAMES = {
    "organization": ("organization",), "lookup_organization": ("organization",), "project": ("project",),
    "source_project": ("project",), "inventory": ("inventory",), "execution_environment": ("execution_environment",),
    "default_environment": ("execution_environment",), "workflow_job_template": ("workflow_job_template",),
    "unified_job_template": ("job_template",), "notification_templates_error": ("notification_template",),
    "notification_templates_approvals": ("notification_template",),
}  # fmt: skip


def specification(module):
    """Return the argument_spec of a module of awx.awx, out of its source."""
    tree = ast.parse((AWX / f"{module}.py").read_text())
    [found] = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "argument_spec"
    ]
    return eval(compile(ast.Expression(found), module, "eval"), {})  # noqa: S307


class Awx(StandIns):
    """Programs in the place of the modules of awx.awx, and what they were asked for."""

    def __init__(self, folder):
        super().__init__(folder)
        for name in MODULES:
            self.module(name, "dict(changed=True)", collection="awx.awx")
        (folder / "awx").symlink_to(ROOT / "awx")

    def apply(self, settings, *words):
        (self._folder / "settings.yml").write_text(yaml.safe_dump(settings))
        return self.run("awx/apply.yml", {}, "-e", "@settings.yml", *words)

    def asked(self, module):
        """Return the options of each call."""
        return [
            {key: value for key, value in options.items() if not key.startswith("_ansible")}
            for _host, options in self.calls(module)
        ]


@pytest.fixture(scope="module")
def awx(tmp_path_factory):
    made = Awx(tmp_path_factory.mktemp("apply"))
    said, code = made.apply(SETTINGS)
    assert code == 0, said
    return made


@pytest.mark.parametrize("module", MODULES)
def test_every_module_gets_what_it_takes(awx, module):
    asked = awx.asked(module)
    assert asked, "nothing of that kind is made"
    for options in asked:
        result = ArgumentSpecValidator(specification(module)).validate(options)
        assert not result.error_messages, options


@pytest.mark.parametrize("module", MODULES)
def test_what_is_named_was_made_before(awx, module):
    """AWX refuses a name that it does not have."""
    made = {}
    for name, _host, options in awx.calls():
        if name == module:
            for option, kinds in NAMES.items():
                named = options.get(option) or []
                known = {one for kind in kinds for one in made.get(kind, ())}
                assert {named} <= known if isinstance(named, str) else set(named) <= known, (option, named)
        made.setdefault(name, set()).add(options.get("name"))


def test_each_row_is_a_job_template_with_its_survey(awx):
    templates = {options["playbook"]: options for options in awx.asked("job_template")}
    assert set(templates) == {f"playbooks/{name}.yml" for name in TEMPLATES}
    for name, row in TEMPLATES.items():
        made = templates[f"playbooks/{name}.yml"]
        survey = SURVEYS.get(name, {"extra_vars": {}, "survey_spec": {}})
        # As AWX is to store them: this run must not read them as templates of its own.
        assert (made["extra_vars"], made["survey_spec"]) == (survey["extra_vars"], survey["survey_spec"])
        assert made["survey_enabled"] == bool(survey["survey_spec"])
        expected = {**EVERY_TEMPLATE, **{key: row[key] for key in EVERY_TEMPLATE if key in row}}
        # Before ansible-core 2.19, a template makes text of a number, which awx.awx takes as well.
        numbers = {key for key, value in expected.items() if isinstance(value, int) and not isinstance(value, bool)}
        assert {key: int(made[key]) if key in numbers else made[key] for key in expected} == expected
        assert made["credentials"] == SETTINGS["gluster_awx_credentials"]


def test_a_workflow_shows_asks_does_and_judges(awx):
    for row in load("workflows.yml")["gluster_awx_workflows"]:
        name = f"gluster {row['does']}, approved"
        nodes = {
            node["identifier"]: node
            for node in awx.asked("workflow_job_template_node")
            if node["workflow_job_template"] == name
        }
        assert [node.get("success_nodes") for node in map(nodes.get, ("show", "approve", "do", "judge"))] == [
            ["approve"], ["do"], ["judge"], None,
        ]  # fmt: skip
        assert (nodes["show"]["job_type"], nodes["do"]["job_type"]) == ("check", "run")
        assert nodes["do"]["unified_job_template"] == f"gluster {row['does']}"
        assert nodes["approve"]["approval_node"]["timeout"] > 0
        # A failure that leads on has the workflow end well.
        assert not any(set(node) & {"always_nodes", "failure_nodes"} for node in nodes.values())


def test_nodes_are_linked_to_nodes_that_are_there(awx):
    made = set()
    for node in awx.asked("workflow_job_template_node"):
        here = node["workflow_job_template"]
        assert {(here, name) for name in node.get("success_nodes", [])} <= made
        made.add((here, node["identifier"]))


def test_a_workflow_asks_what_its_template_asks(awx):
    for workflow in awx.asked("workflow_job_template"):
        does = workflow["name"].removeprefix("gluster ").removesuffix(", approved")
        assert workflow["survey_spec"] == SURVEYS.get(does, {}).get("survey_spec", {})
        assert workflow["notification_templates_approvals"] == ["gluster by mail"]


def test_without_a_repository_and_notifications_there_are_none(tmp_path):
    awx = Awx(tmp_path)
    optional = ("gluster_awx_inventory_", "gluster_awx_notifications")
    said, code = awx.apply({key: value for key, value in SETTINGS.items() if not key.startswith(optional)})
    assert code == 0, said
    assert awx.asked("inventory_source") == awx.asked("notification_template") == []
    assert [project["scm_type"] for project in awx.asked("project")] == ["archive"]
    assert len(awx.asked("inventory")) == 1 and awx.asked("job_template")[0]["notification_templates_error"] == []


def test_settings_that_lack_something_are_refused_before_awx_is_asked(tmp_path):
    awx = Awx(tmp_path)
    said, code = awx.apply({"gluster_awx_organization": "Default"})
    assert code == 2 and awx.calls() == []
    for name in ("gluster_awx_project_url", "gluster_awx_image", "gluster_awx_inventory", "gluster_awx_credentials"):
        assert name in said
    assert "awx/settings.example.yml" in said
