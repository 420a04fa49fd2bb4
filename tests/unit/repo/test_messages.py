# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every refusal says which option or thing it is about, what was found, and what to do."""

import ast
import pathlib
import re

import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[3]
REFUSALS = ("InputError", "PlanError", "UnsafeChangeError", "PlacementError", "ParseError", "VerifyError", "TimeUp")
#: What a message is about comes first: an option, a thing, or what holds its name.
ABOUT = re.compile(r"(%[srd]|\{\}|[A-Za-z_][A-Za-z_.0-9-]*)[^:;]{0,60}: ")
FOUND = re.compile(r"%[-0-9.]*[srd]|\{\}|found (no|neither|a|true|with)\b|is missing|nothing behind it")
#: How the advice begins, behind a semicolon or as a sentence of its own.
ADVICE = re.compile(
    r"(?:; |\. |: )(?:[a-z ]+, )?(?:then )?(?:first )?(?:on [A-Za-z ]+ |if [^;]+, |in [^;]+ |%s|\{\})?(?:"
    "add|bring|check|choose|delete|detach|empty|free|get|give|have|install|keep|leave|let|list|look|lower|make|mount|move|"
    "name|probe|put|raise|reinstall|remove|repair|replace|restore|run|save|say|see|set|start|stop|take|unmount|use|wait|"
    "write)\\b"
)


#: What has its advice from its caller.
PUT_TOGETHER = ("%s: it is missing; %s",)


def literal(node):
    """Return the text of a message with %s or {} for its values, None for one that is put together elsewhere."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        node = node.left
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def messages():
    """Yield where each literal refusal stands, and its text."""
    for path in sorted(ROOT.glob("plugins/**/*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            name = getattr(getattr(node, "func", None), "id", "")
            text = literal(node.args[0]) if name in REFUSALS and node.args else None
            # One that is made of other parts only is judged where these are.
            if text is not None and text not in PUT_TOGETHER and re.sub(r"[%{}srd: ]", "", text):
                yield f"{path.relative_to(ROOT / 'plugins')}:{node.lineno}", text


MESSAGES = dict(messages())


def test_there_are_refusals():
    assert len(MESSAGES) > 130


@pytest.mark.parametrize("where", sorted(MESSAGES))
def test_a_refusal_says_what_it_is_about_what_was_found_and_what_to_do(where):
    text = MESSAGES[where]
    assert ABOUT.match(text), f"is about nothing: {text}"
    assert FOUND.search(text), f"tells nothing that was found: {text}"
    assert ADVICE.search(text), f"tells nothing to do: {text}"


def asserted(tree):
    """Yield what tasks say when they refuse: of asserts and of fails, however deep in blocks."""
    if isinstance(tree, list):
        for item in tree:
            yield from asserted(item)
    elif isinstance(tree, dict):
        yield from ([tree["fail_msg"]] if isinstance(tree.get("fail_msg"), str) else [])
        yield from ([tree["ansible.builtin.fail"]["msg"]] if "ansible.builtin.fail" in tree else [])
        for item in tree.values():
            yield from asserted(item)


def task_messages():
    """Yield where a task refuses, and its text with {} for its values; one that is only a value is made elsewhere."""
    for path in sorted([*ROOT.glob("roles/*/tasks/*.yml"), *ROOT.glob("playbooks/*.yml")]):
        for text in asserted(yaml.safe_load(path.read_text())):
            plain = re.sub(r"\{\{.*?\}\}", "{}", text, flags=re.DOTALL)
            if plain.replace("{}", "").strip():
                yield f"{path.relative_to(ROOT)}: {plain[:40]}", plain


TASK_MESSAGES = dict(task_messages())


@pytest.mark.parametrize("where", sorted(TASK_MESSAGES))
def test_a_task_that_refuses_says_what_was_found_and_what_to_do(where):
    text = TASK_MESSAGES[where]
    assert FOUND.search(text), f"tells nothing that was found: {text}"
    assert ADVICE.search(text), f"tells nothing to do: {text}"


def test_tasks_refuse():
    assert len(TASK_MESSAGES) > 15


def anchors():
    """Yield where a pattern ends with a dollar sign that is no end of a line."""
    for path in sorted(ROOT.glob("plugins/**/*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            called = getattr(node, "func", None)
            if isinstance(called, ast.Attribute) and getattr(called.value, "id", "") == "re" and node.args:
                pattern = str(getattr(node.args[0], "value", "")).rstrip("'")
                flags = " ".join(ast.dump(part) for part in [*node.args[1:], *node.keywords])
                if pattern.endswith(("$", "$)")) and "MULTILINE" not in flags:
                    yield f"{path.relative_to(ROOT / 'plugins')}:{node.lineno}: {pattern}"


def test_no_pattern_accepts_a_newline_at_the_end():
    """A dollar sign matches before a final newline, which then becomes a line of a file."""
    assert list(anchors()) == []
