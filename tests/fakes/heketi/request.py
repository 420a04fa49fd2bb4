# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A request's body: parsed as strictly as Go does, and validated with heketi's texts."""

import json
import re

from .wire import Refusal

#: Stands for a map of strings in what parse expects.
TAGS = "tags"
MAX_TAGS = 32

_UUID = re.compile(r"[A-Fa-f0-9]{32}\Z")
_HOST = re.compile(r"[a-zA-Z0-9_.:\[\]-]+\Z")
_TAG_NAME = re.compile(r"[a-zA-Z0-9_.-]+\Z")
_ZEROS = {int: 0, float: 0, str: "", bool: False}
_CHANGES = ("set", "update", "delete")


def parse(body, expected):
    """Return the body's fields with Go's zero values for what is missing; 422 for what is no such object."""
    try:
        value = json.loads(body.decode())
    except ValueError:
        raise Refusal(422, "request unable to be parsed")
    return _typed(value, expected)


def _typed(value, kind):
    if isinstance(kind, dict):
        value = _of_kind(value, dict, {})
        return {name: _typed(value.get(name), kind[name]) for name in kind}
    if kind == TAGS:
        return {name: _typed(item, str) for name, item in _of_kind(value, dict, {}).items()}
    if isinstance(kind, list):
        return [_typed(item, kind[0]) for item in _of_kind(value, list, [])]
    if kind is float and isinstance(value, int):
        return value
    return _of_kind(value, kind, _ZEROS[kind])


def _of_kind(value, kind, zero):
    if value is None:
        return zero
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise Refusal(422, "request unable to be parsed")
    return value


def validate(problems):
    """Raise Refusal with those problems, name -> text or nested problems, that are any."""
    problems = _found(problems)
    if problems:
        raise Refusal(400, "validation failed: " + _sentence(problems))


def _found(problems):
    found = {name: _found(problem) if isinstance(problem, dict) else problem for name, problem in problems.items()}
    return {name: problem for name, problem in found.items() if problem}


def _sentence(problems):
    clauses = [
        "%s: %s" % (name, "(%s)" % _sentence(problem) if isinstance(problem, dict) else problem)
        for name, problem in sorted(problems.items())
    ]
    return "; ".join(clauses) + "."


def number(value, least=1):
    return "cannot be blank" if not value else "must be no less than %s" % least if value < least else ""


def uuid(value):
    return "cannot be blank" if not value else "" if _UUID.match(value) else "%s is not a valid UUID" % value


def uuids(values):
    return next((uuid(value) for value in values if uuid(value)), "")


def matching(value, pattern, required=True):
    if not value:
        return "cannot be blank" if required else ""
    return "" if re.match(pattern + r"\Z", value) else "must be in a valid format"


def hosts(values, kind):
    if not values:
        return "cannot be blank"
    wrong = any(not _HOST.match(value) for value in values)
    return "[%s] is not a valid %s hostname" % (" ".join(values), kind) if wrong else ""


def state(value, allowed):
    return "cannot be blank" if not value else "" if value in allowed else "%s is not valid state" % value


def one_of(value, allowed):
    return "cannot be blank" if not value else "" if value in allowed else "must be a valid value"


def tags(values):
    if len(values) > MAX_TAGS:
        return "too many tags specified (%s), up to %s supported" % (len(values), MAX_TAGS)
    wrong = [name for name in sorted(values) if not _TAG_NAME.match(name)]
    return "invalid characters in tag name %s" % wrong[0] if wrong else ""


def changed_tags(old, body):
    """Return the tags after the change that the body asks for."""
    desired = parse(body, {"change_type": str, "tags": TAGS})
    validate({"change_type": one_of(desired["change_type"], _CHANGES), "tags": tags(desired["tags"])})
    if desired["change_type"] == "delete":
        return {name: old[name] for name in old if name not in desired["tags"]}
    return dict(desired["tags"] if desired["change_type"] == "set" else dict(old, **desired["tags"]))
