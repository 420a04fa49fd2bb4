# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documentation of every module says what it can do, marks options as options, and shows real answers."""

import importlib
import pathlib
import re

import pytest
import yaml

from ansible_collections.brickwork.gluster.plugins.doc_fragments.attributes import ModuleDocFragment
from ansible_collections.brickwork.gluster.plugins.doc_fragments.heketi import ModuleDocFragment as HeketiFragment

ROOT = pathlib.Path(__file__).resolve().parents[3]
MODULES = {
    path.stem: importlib.import_module("ansible_collections.brickwork.gluster.plugins.modules." + path.stem)
    for path in sorted(ROOT.glob("plugins/modules/*.py"))
}
DOCUMENTATION = {name: yaml.safe_load(module.DOCUMENTATION) for name, module in MODULES.items()}
RETURN = {name: yaml.safe_load(module.RETURN) for name, module in MODULES.items()}
ATTRIBUTES = {"check_mode", "diff_mode", "idempotent", "platform"}
FRAGMENTS = {"attributes": ModuleDocFragment, "heketi": HeketiFragment}


def attributes(name):
    """Return the attributes of a module with those of its fragments."""
    found = {}
    for fragment in DOCUMENTATION[name].get("extends_documentation_fragment", []):
        _namespace, _collection, file, *part = fragment.split(".")
        text = getattr(FRAGMENTS[file], part[0].upper() if part else "DOCUMENTATION")
        found.update(yaml.safe_load(text).get("attributes", {}))
    return {**found, **DOCUMENTATION[name].get("attributes", {})}


def texts(tree):
    """Yield every description in a part of a documentation, with notes."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            if key in ("description", "short_description", "notes"):
                yield from [value] if isinstance(value, str) else [text for text in value if isinstance(text, str)]
            elif key not in ("sample", "default", "choices", "membership"):
                yield from texts(value)


def options_of(tree):
    """Yield the names of all options and suboptions."""
    for name, option in (tree or {}).items():
        yield name
        yield from options_of(option.get("suboptions"))


@pytest.mark.parametrize("name", MODULES)
def test_a_module_says_what_it_supports(name):
    found = attributes(name)
    # What runs on the controller only takes no options of the action group.
    assert set(found) >= ATTRIBUTES | {"action" if "action" in found else "action_group"}
    assert found["platform"]["platforms"] == "linux"
    assert found["idempotent"]["support"] in ("full", "partial", "N/A")


@pytest.mark.parametrize("name", MODULES)
def test_an_option_is_marked_as_one(name):
    options = set(options_of(DOCUMENTATION[name].get("options")))
    marked = list(texts(DOCUMENTATION[name]))
    wrong = [word for text in marked for word in re.findall(r"\bC\(([a-z_]+)\)", text) if word in options]
    assert wrong == [], "write O(...)"
    assert not [text for text in marked if re.search(r"[IB]\([a-z_]+\)", text) or "``" in text]


@pytest.mark.parametrize("name", MODULES)
def test_a_value_is_marked_as_one(name):
    wrong = [
        text
        for text in texts(DOCUMENTATION[name])
        if re.search(r"\bC\((true|false)\)|(?<![('\w])(?:true|false)\b(?!\))", text)
    ]
    assert wrong == [], "write V(true)"


def parts(kind):
    """Return the keys of a returned value, or of its items."""
    return set(kind.get("contains", {}))


def without_sample(tree, where=""):
    """Yield every returned value that shows no sample, neither of itself nor of all of its parts."""
    for name, value in tree.items():
        if value.get("sample") in (None, {}, [], ""):
            yield from without_sample(value["contains"], f"{where}{name}.") if parts(value) else [where + name]


@pytest.mark.parametrize("name", MODULES)
def test_every_answer_has_a_sample_that_is_not_empty(name):
    assert list(without_sample(RETURN[name])) == []


TYPES = {"str": str, "int": int, "bool": bool, "float": (int, float), "list": list, "dict": dict, "raw": object}


@pytest.mark.parametrize("name", MODULES)
def test_a_sample_has_the_documented_type_and_keys(name):
    for key, value in RETURN[name].items():
        sample = value.get("sample")
        assert sample is None or isinstance(sample, TYPES[value["type"]]), key
        items = sample if isinstance(sample, list) else [sample]
        for item in items if parts(value) and sample is not None else []:
            assert set(item) == parts(value), key
            assert all(isinstance(item[part], TYPES[of["type"]]) for part, of in value["contains"].items()), key
