# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The data in awx/: every playbook has its template, and a survey asks what the schema of the inventory says."""

import pathlib
import re

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from dateutil import rrule

from ansible_collections.brickwork.gluster.plugins.plugin_utils.inventory.kinds import Boolean, Choice, Items
from ansible_collections.brickwork.gluster.plugins.plugin_utils.inventory.schema import GROUPS
from ansible_collections.brickwork.gluster.tests.fakes.awx import (
    EVERY_TEMPLATE,
    SURVEYS,
    TEMPLATES,
    answer_problems,
    as_extra_vars,
    load,
    questions_of,
    survey_problems,
    variables_of_launch,
)

try:
    from ansible.template import trust_as_template
except ImportError:  # ansible-core before 2.19 trusts every text.
    trust_as_template = str

ROOT = pathlib.Path(__file__).resolve().parents[3]
PLAYBOOKS = {path.stem for path in ROOT.glob("playbooks/*.yml")}
VARIABLES = {variable.name: variable for group in GROUPS.values() for variable in group}
WORKFLOWS = load("workflows.yml")["gluster_awx_workflows"]
SCHEDULES = load("schedules.yml")["gluster_awx_schedules"]
ASKED = [
    (row["playbook"], asked, made)
    for row in TEMPLATES.values()
    for asked, made in zip(row.get("questions", []), questions_of(row["playbook"]), strict=True)
]


def asked_ids(asked):
    return asked if isinstance(asked, str) else asked.get("variable", "")


# ---- playbooks and templates


def test_every_playbook_has_a_template_and_every_template_a_playbook():
    rows = [row["playbook"] for row in load("templates.yml")["gluster_awx_templates"]]
    assert sorted(rows) == sorted(PLAYBOOKS), "awx/templates.yml needs one row for each file in playbooks/"


@pytest.mark.parametrize("playbook", sorted(PLAYBOOKS))
def test_awx_takes_the_file_for_a_playbook(playbook):
    """By a line with hosts: in it; a full name of import_playbook is not known to all versions."""
    assert re.search(r"^\s*-?\s*hosts:", (ROOT / f"playbooks/{playbook}.yml").read_text(), re.MULTILINE)


def test_a_row_says_what_the_template_is_for_and_nothing_that_nobody_reads():
    known = {"playbook", "about", "questions", *EVERY_TEMPLATE}
    assert [row["playbook"] for row in TEMPLATES.values() if not {"about"} <= set(row) <= known] == []


@pytest.mark.parametrize(
    "playbook", ["retire", "replace", "readdress", "shrink", "teardown", "state_restore", "heketi_restore"]
)
def test_what_takes_something_away_begins_in_check_mode(playbook):
    assert TEMPLATES[playbook]["job_type"] == "check" and EVERY_TEMPLATE["ask_job_type_on_launch"]


def test_no_template_runs_twice_at_once_or_asks_the_controller_for_root():
    rows = [{**EVERY_TEMPLATE, **row} for row in TEMPLATES.values()]
    assert not any(row["allow_simultaneous"] or row["become_enabled"] for row in rows)


@pytest.mark.parametrize("row", WORKFLOWS, ids=lambda row: row["does"])
def test_a_workflow_shows_does_and_judges_by_templates_that_exist(row):
    assert {row["does"], row["shown_by"], "health"} <= set(TEMPLATES)
    asked = {question["variable"] for question in questions_of(row["shown_by"]) if question["required"]}
    assert asked <= {question["variable"] for question in questions_of(row["does"])}


def test_health_is_judged_every_hour_and_a_report_written_every_day():
    rules = {row["playbook"]: rrule.rrulestr(row["rrule"].replace(" RRULE", "\nRRULE")) for row in SCHEDULES}
    hours = {name: (rule[1] - rule[0]).total_seconds() / 3600 for name, rule in rules.items()}
    assert hours == {"health": 1, "report": 24}


# ---- surveys


@pytest.mark.parametrize("playbook", sorted(SURVEYS))
def test_awx_takes_the_survey(playbook):
    assert survey_problems(SURVEYS[playbook]["survey_spec"]) == []


def test_a_survey_that_awx_refuses_is_found():
    good = {"type": "multiplechoice", "question_name": "?", "variable": "a", "required": True, "choices": ["x"]}
    survey = {"name": "n", "description": "d", "spec": [good]}
    assert survey_problems(survey) == []
    for wrong in ({"type": "bool"}, {"default": "y"}, {"required": "yes"}, {"choices": []}):
        assert survey_problems({**survey, "spec": [{**good, **wrong}]}) != []
    assert survey_problems({**survey, "spec": [good, good]}) != [] and survey_problems({**survey, "spec": []}) != []


@pytest.mark.parametrize(("playbook", "asked", "made"), ASKED, ids=asked_ids)
def test_a_question_has_kind_choices_and_default_of_the_schema(playbook, asked, made):
    variable = VARIABLES[asked["variable"]]
    assert made["variable"] == f"survey_{variable.name}" and made["question_name"] == asked["question"]
    choices = {Choice: lambda kind: list(kind.values), Boolean: lambda _kind: ["false", "true"]}
    expected = choices.get(type(variable.kind))
    assert made.get("choices") == (expected(variable.kind) if expected else None)
    assert made["type"] == ("multiplechoice" if expected else "text")
    default = variable.default
    assert made["default"] == (str(default).lower() if isinstance(default, bool) else default or "")


@pytest.mark.parametrize(("playbook", "asked", "made"), ASKED, ids=asked_ids)
def test_what_a_playbook_asks_for_it_reads(playbook, asked, made):
    """In its own file, or in those of the roles that it includes."""
    text = (ROOT / f"playbooks/{playbook}.yml").read_text()
    roles = [path.read_text() for path in ROOT.glob("roles/*/**/*.yml") if path.parts[-3] in text]
    plugins = [path.read_text() for path in ROOT.glob("plugins/plugin_utils/**/*.py") if "variables_" not in path.name]
    assert any(asked["variable"] in words for words in [text, *roles, *plugins])


# ---- from the answer to the value


def value_of(playbook, name, **answers):
    """Return what a job's variable is after AWX and Ansible have read the answers."""
    given = {
        question["variable"]: question["default"] or question.get("choices", ["x"])[0]
        for question in questions_of(playbook)
    }
    chosen = {key: value for key, value in {**given, **answers}.items() if value is not None}
    return templated(variables_of_launch(playbook, chosen), name)


def templated(variables, name):
    """Return a variable as Ansible reads it out of the file that AWX writes."""
    loader = DataLoader()
    loader.set_vault_secrets([])
    read = loader.load(as_extra_vars(variables))
    return Templar(loader, variables=read).template(trust_as_template(str(variables[name])))


@pytest.mark.parametrize(
    ("playbook", "variable", "answer", "value"),
    [
        ("teardown", "gluster_teardown_volumes", "shared", ["shared"]),
        ("teardown", "gluster_teardown_volumes", "shared, archive  v3", ["shared", "archive", "v3"]),
        ("teardown", "gluster_teardown_volumes", "", []),
        ("teardown", "gluster_teardown_volumes", "2026", ["2026"]),
        ("teardown", "gluster_teardown_destroy_data", "true", True),
        ("teardown", "gluster_teardown_destroy_data", "false", False),
        ("teardown", "gluster_teardown_destroy_data", None, False),
        ("shrink", "gluster_shrink_commit", "false", False),
        ("shrink", "gluster_shrink_commit", None, True),
        ("shrink", "gluster_shrink_state", None, "shrunk"),
        ("health", "gluster_health_query", "", ""),
        ("maintenance", "gluster_maintenance_reason", "new {{ fan }}", "new {{ fan }}"),
        ("retire", "gluster_retire_confirm", "7", "7"),
    ],
)
def test_an_answer_becomes_the_value_that_the_schema_reads(playbook, variable, answer, value):
    found = value_of(playbook, variable, **{f"survey_{variable}": answer})
    assert found == value and isinstance(found, type(value))
    VARIABLES[variable].kind.read(found, variable, pytest.fail)


@pytest.mark.parametrize("playbook", sorted(SURVEYS))
def test_untouched_answers_leave_a_job_as_the_schema_has_it(playbook):
    for question in TEMPLATES[playbook]["questions"]:
        variable = VARIABLES[question["variable"]]
        if not question.get("required"):
            empty = [] if isinstance(variable.kind, Items) else False if isinstance(variable.kind, Boolean) else ""
            expected = empty if variable.default is None else variable.default
            assert value_of(playbook, variable.name, **{f"survey_{variable.name}": None}) == expected


def test_awx_begins_no_job_without_what_is_required_or_with_what_it_did_not_offer():
    with pytest.raises(ValueError, match="survey_gluster_retire_confirm"):
        variables_of_launch("retire", {})
    [first, *_others] = questions_of("maintenance")
    assert answer_problems(first, "enter") == [] and answer_problems(first, "explode") != []


def test_the_data_are_plain_yaml_but_for_templates_that_awx_stores():
    assert all("{{" in value for survey in SURVEYS.values() for value in survey["extra_vars"].values())
    assert yaml.safe_load((ROOT / "awx/templates.yml").read_text())["gluster_awx_every_template"] == EVERY_TEMPLATE
