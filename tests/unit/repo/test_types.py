# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every function of the plugins says its types, and mypy looks at all of them."""

import fnmatch
import pathlib
import re

try:
    import tomllib
except ImportError:  # Python 3.10, where pytest needs this one itself.
    import tomli as tomllib

ROOT = pathlib.Path(__file__).resolve().parents[3]
SOURCES = sorted((ROOT / "plugins").rglob("*.py"))
PACKAGE = "ansible_collections.brickwork.gluster."
#: What mypy's configuration may not take back for a module of the plugins.
STRICT = ("disallow_untyped_defs", "disallow_incomplete_defs", "check_untyped_defs")
LAX = ("ignore_errors", "ignore_missing_imports")


def mypy():
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mypy"]


def module_of(path):
    return PACKAGE + ".".join(path.relative_to(ROOT).with_suffix("").parts)


def matches(pattern, module):
    """Whether mypy applies an override to a module; "a.*" is a itself, too."""
    return fnmatch.fnmatchcase(module, pattern) or (pattern.endswith(".*") and module == pattern[:-2])


def as_list(value):
    return [value] if isinstance(value, str) else value


def test_mypy_wants_types_everywhere():
    assert {option: mypy()[option] for option in STRICT} == dict.fromkeys(STRICT, True)
    assert not any(mypy().get(option) for option in LAX)


def test_mypy_exempts_no_module():
    overrides = mypy().get("overrides", [])
    patterns = [
        pattern
        for one in overrides
        for pattern in ([one["module"]] if isinstance(one["module"], str) else one["module"])
    ]
    assert patterns
    assert len(SOURCES) > 150
    exempt = {module for module in map(module_of, SOURCES) for pattern in patterns if matches(pattern, module)}
    assert not exempt


def test_mypy_looks_at_every_file():
    excluded = mypy()["exclude"]
    assert excluded
    left_out = [path for path in SOURCES for pattern in excluded if re.search(pattern, str(path.relative_to(ROOT)))]
    assert not left_out
    recipe = (ROOT / "Makefile").read_text().partition("lint-types: bootstrap\n")[2].partition("\nlint-")[0]
    assert "mypy --config-file=$(CURDIR)/pyproject.toml" in recipe
    assert recipe.strip().endswith("ansible_collections/brickwork/gluster/plugins")


def test_no_file_has_rules_of_its_own():
    own = [path for path in SOURCES if re.search(r"# *(mypy:|type: *ignore *$)", path.read_text(), re.MULTILINE)]
    assert not own
