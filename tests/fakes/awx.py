# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWX does with the data of awx/: it judges a survey, and makes a job's variables of the answers."""

import pathlib

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
#: By the type of a question, that of its answer and of its default.
TYPES = {
    "text": str, "textarea": str, "password": str, "multiplechoice": str, "multiselect": list, "integer": int,
    "float": float,
}  # fmt: skip


class Stored(str):
    """A template that AWX stores, and that Ansible has to read as one."""


class _Loader(yaml.SafeLoader):
    """Reads !unsafe, which yaml does not know."""


_Loader.add_constructor("!unsafe", lambda loader, node: Stored(loader.construct_scalar(node)))


def load(name):
    """Return what a file of awx/ says."""
    return yaml.load((ROOT / "awx" / name).read_text(), Loader=_Loader)


TEMPLATES = {row["playbook"]: row for row in load("templates.yml")["gluster_awx_templates"]}
EVERY_TEMPLATE = load("templates.yml")["gluster_awx_every_template"]
SURVEYS = load("surveys.yml")["gluster_awx_surveys"]


def questions_of(playbook):
    return SURVEYS.get(playbook, {"survey_spec": {"spec": []}})["survey_spec"]["spec"]


def survey_problems(survey):
    """Return for what AWX refuses a survey: its own rules (of JobTemplateSurveySpec)."""
    problems = [key for key in ("name", "description") if not isinstance(survey.get(key), str)]
    asked = survey.get("spec") or []
    problems += [] if asked else ["spec: no items"]
    names = [question["variable"] for question in asked]
    problems += ["%s: asked twice" % name for name in names if names.count(name) > 1]
    return problems + [problem for question in asked for problem in _question_problems(question)]


def _question_problems(question):
    name = question["variable"]
    found = ["%s: %s" % (name, key) for key in ("type", "question_name") if not isinstance(question.get(key), str)]
    if not isinstance(question.get("required"), bool):
        found.append("%s: required" % name)
    if question.get("type") not in TYPES:
        return found + ["%s: type" % name]
    if question["type"].startswith("multi") and not question.get("choices"):
        found.append("%s: choices" % name)
    default = question.get("default", "")
    if default != "" and answer_problems(question, default):
        found.append("%s: default" % name)
    return found


def answer_problems(question, answer):
    """Return for what AWX refuses an answer."""
    kind = TYPES[question["type"]]
    if not isinstance(answer, kind) or (isinstance(answer, bool) and kind is int):
        return ["%s: type" % question["variable"]]
    if question["type"] == "multiplechoice" and answer not in question["choices"]:
        return ["%s: choice" % question["variable"]]
    return []


def variables_of_launch(playbook, answers, **more):
    """Return the variables of a job: the template's own, then the survey's defaults, then what was answered or written.

    Only what the template itself has may be a template of Ansible's; the others are marked as Ansible's !unsafe.
    """
    stored = dict(SURVEYS.get(playbook, {}).get("extra_vars", {}))
    asked = questions_of(playbook)
    missing = [one["variable"] for one in asked if one["required"] and one["variable"] not in answers]
    problems = [
        problem
        for question in asked
        if question["variable"] in answers
        for problem in answer_problems(question, answers[question["variable"]])
    ]
    if missing or problems:
        raise ValueError("variables_needed_to_start: %s" % (missing + problems))
    defaults = {
        question["variable"]: question["default"]
        for question in asked
        if not answer_problems(question, question.get("default"))
    }
    return {**stored, **defaults, **answers, **more}


def as_extra_vars(variables):
    """Return the text of the file that AWX gives to Ansible."""
    return yaml.dump(variables, Dumper=_Dumper, default_flow_style=False)


class _Dumper(yaml.SafeDumper):
    """Marks all texts but those that the template stores."""


_Dumper.add_representer(str, lambda dumper, text: dumper.represent_scalar("!unsafe", text))
_Dumper.add_representer(Stored, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", str(text)))
