# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whoever adds something adds all of it: docs/extending.md names the files, these tests tell which one is missing."""

import ast
import pathlib
import re

import pytest
import yaml

from ansible_collections.brickwork.gluster.plugins.filter.place_bricks import FilterModule as Placement
from ansible_collections.brickwork.gluster.plugins.filter.planners import FilterModule as Planners
from ansible_collections.brickwork.gluster.plugins.filter.sign_certificate import FilterModule as Certificates
from ansible_collections.brickwork.gluster.plugins.module_utils.firewall.backends import BACKENDS
from ansible_collections.brickwork.gluster.plugins.module_utils.offers import MANAGERS as OFFERS
from ansible_collections.brickwork.gluster.plugins.module_utils.packages import QUERIES
from ansible_collections.brickwork.gluster.plugins.plugin_utils.inventory import variables_server

ROOT = pathlib.Path(__file__).resolve().parents[3]
MODULES = sorted(path.stem for path in ROOT.glob("plugins/modules/*.py"))
ROLES = sorted(path.parent.parent.name for path in ROOT.glob("roles/*/tasks/main.yml"))
PLAYBOOKS = sorted(path.stem for path in ROOT.glob("playbooks/*.yml"))
#: What other playbooks begin with; nobody runs it alone.
PARTS_OF_PLAYBOOKS = ("check_inventory",)
#: No answer to "what happened?": guides of their own tell of them.
NO_EVENTS = ("plan", "heketi", "heketi_restore", "kubernetes")
FIREWALL = ROOT / "plugins/module_utils/firewall"


def read(path):
    return (ROOT / path).read_text()


def table_row(name):
    """Return the row of README.md's table "What is in it" that begins with that name."""
    table = read("README.md").split("\n## What is in it\n")[1].split("\n## ")[0]
    return "\n".join(row for row in table.splitlines() if row.startswith(f"| {name}"))


def changes():
    """Return all that is told of changes, released or not."""
    return "\n".join(path.read_text() for path in ROOT.glob("changelogs/**/*.yml")) + read("CHANGELOG.rst")


CHANGES = changes()
TESTS = {
    path: path.read_text()
    for folder in ("tests/unit", "tests/e2e", "extensions/molecule")
    for path in ROOT.glob(folder + "/**/*")
    if path.suffix in (".py", ".yml") and "repo" not in path.parts
}
PLAYS = "\n".join(path.read_text() for folder in ("roles", "playbooks") for path in ROOT.glob(folder + "/**/*.yml"))


# ---- a module


@pytest.mark.parametrize("name", MODULES)
def test_a_module_is_in_the_readme_and_the_changes(name):
    assert f"`{name}`" in table_row("modules"), "README.md, What is in it"
    assert re.search(rf"\b{name}\b", CHANGES), "changelogs/fragments"


@pytest.mark.parametrize("name", MODULES)
def test_a_module_is_tested_by_itself_or_through_a_role(name):
    tested = [path for path, text in TESTS.items() if re.search(rf"\b{name}\b", text)]
    assert tested or f"brickwork.gluster.{name}:" in PLAYS, "tests/unit/plugins/modules"


# ---- a role, a playbook


@pytest.mark.parametrize("name", ROLES)
def test_a_role_is_in_the_readme(name):
    assert f"[{name}](roles/{name})" in table_row("roles"), "README.md, What is in it"


@pytest.mark.parametrize("name", PLAYBOOKS)
def test_a_playbook_is_in_the_readme_and_says_what_it_does(name):
    assert name in PARTS_OF_PLAYBOOKS or f"`{name}`" in table_row("playbooks"), "README.md, What is in it"
    head = read(f"playbooks/{name}.yml").split("\n- ")[0]
    sentences = [
        line for line in head.splitlines() if line.startswith("# ") and "SPDX" not in line and "(see" not in line
    ]
    assert len(sentences) > 1, "a comment above its first play"


@pytest.mark.parametrize("name", sorted(set(PLAYBOOKS) - {*PARTS_OF_PLAYBOOKS, *NO_EVENTS}))
def test_a_playbook_is_in_the_table_of_operations(name):
    rows = [line for line in read("docs/operations.md").splitlines() if line.startswith("| ")]
    assert any(f"`{name}`" in row for row in rows), "docs/operations.md"


@pytest.mark.parametrize("name", sorted(set(PLAYBOOKS) - set(PARTS_OF_PLAYBOOKS)))
def test_a_playbook_is_run_by_a_test(name):
    """Beside those of all job templates in tests/unit/awx, which tell little of what one does."""
    runs = re.compile(rf"brickwork\.gluster\.{name}\b|\b(?:play|start|run)\w*\((?:\w+, )*\"{name}\"|playbooks/{name}\b")
    tried = [path for path, text in TESTS.items() if "awx" not in path.parts and runs.search(text)]
    assert tried, f"tests/unit/playbooks/test_{name}.py"


@pytest.mark.parametrize("name", sorted(set(PLAYBOOKS) - set(PARTS_OF_PLAYBOOKS)))
def test_a_playbook_judges_the_inventory_before_anything_else(name):
    first = yaml.safe_load(read(f"playbooks/{name}.yml"))[0]
    assert first.get("ansible.builtin.import_playbook", "").startswith("brickwork.gluster."), first


# ---- a filter


FILTERS = sorted(name for plugin in (Planners, Placement, Certificates) for name in plugin().filters())
USED = set(re.findall(r"\bbrickwork\.gluster\.(\w+)", PLAYS))


@pytest.mark.parametrize("name", FILTERS)
def test_a_filter_is_for_users_and_told_to_them_or_marked_and_used_by_a_role(name):
    told = read("docs/architecture.md").split("\n## Filters\n")[1].split("\n## ")[0]
    if name.startswith("_"):
        assert name in USED, "a filter that nobody calls"
        assert '"[INTERNAL] ' in read(f"plugins/filter/{name}.yml")
    else:
        assert f"\n| `{name}` |" in told and f"`{name}`" in table_row("filters")


def test_every_private_name_that_a_role_calls_is_a_filter():
    assert {name for name in USED if name.startswith("_")} <= set(FILTERS)


# ---- a firewall


def observers():
    """Return the names of the modules of firewall/ that read a firewall."""
    found = set()
    for path in FIREWALL.glob("*.py"):
        functions = {node.name for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)}
        found |= {path.stem} if f"observe_{path.stem}" in functions else set()
    return found


def test_every_firewall_is_in_the_registry():
    assert {backend.observe.__module__.rpartition(".")[2] for backend in BACKENDS.values()} == observers()


@pytest.mark.parametrize("name", sorted(BACKENDS))
def test_a_firewall_is_documented_and_tested(name):
    assert f"**{name}**" in read("roles/gluster_server/README.md")
    assert name in read("plugins/modules/gluster_firewall.py").split("EXAMPLES")[0]
    assert f'Node("{name}"' in read("tests/unit/plugins/module_utils/firewall/test_operation.py")


# ---- packages


SOFTWARE = ROOT / "roles/gluster_software"


def software_variables():
    """Return all variables of the role for software, unrendered."""
    found = {}
    for path in SOFTWARE.glob("vars/main/*.yml"):
        found.update(yaml.safe_load(path.read_text()))
    return found


VARIABLES = software_variables()
#: By family of distributions: the name of its package manager.
MANAGERS = {
    family: re.fullmatch(r"{{ __gluster_software_(\w+) }}", manager)[1]
    for family, manager in VARIABLES["__gluster_software_managers"].items()
}
MANAGER_TASKS = ("install", "repository", "sources", "hold", "refresh", "upgrade")
COMPONENTS = next(v for v in variables_server.SOFTWARE if v.name == "gluster_server_components").kind.kind.values
SOURCES = next(v for v in variables_server.SOFTWARE if v.name == "gluster_server_source").kind.values


def test_every_package_manager_is_in_the_registry():
    others = ("main", "managers")
    assert {path.stem for path in SOFTWARE.glob("vars/main/*.yml")} - set(others) == set(MANAGERS.values())


def test_what_a_manager_writes_for_a_repository_is_in_the_registry():
    known = {family: "{{ __gluster_software_%s_repository }}" % name for family, name in MANAGERS.items()}
    assert VARIABLES["__gluster_software_repositories"] == known


@pytest.mark.parametrize("name", sorted(MANAGERS.values()))
def test_a_package_manager_has_every_component_and_its_tasks(name):
    assert set(VARIABLES[f"__gluster_software_{name}"]) == {"name", "packages", "looked_for"}
    assert set(VARIABLES[f"__gluster_software_{name}_repository"]) == {"files", "locks"}
    assert VARIABLES[f"__gluster_software_{name}"]["name"] == name
    assert set(VARIABLES[f"__gluster_software_{name}_packages"]) == set(COMPONENTS)
    for part in MANAGER_TASKS:
        assert (SOFTWARE / f"tasks/{name}_{part}.yml").exists(), part


@pytest.mark.parametrize("family", sorted(MANAGERS))
def test_a_family_is_known_to_the_look_and_to_what_brings_python(family):
    assert family in {known for known, _query in QUERIES}, "plugins/module_utils/packages.py"
    assert family in OFFERS, "plugins/module_utils/offers.py"
    assert re.search(rf"^for tool in .*\b{MANAGERS[family]}\b", read(SOFTWARE / "files/bootstrap.sh"), re.MULTILINE)


def test_installed_packages_and_versions_are_asked_for_in_the_same_order():
    """Two families may have the same program, such as rpm. The one with more to it is asked first."""
    assert list(OFFERS) == [family for family, _query in QUERIES]


def test_no_task_asks_for_a_family_or_a_manager():
    """What differs stands in the registry and in the manager's own files."""
    own = {f"{name}_{part}.yml" for name in MANAGERS.values() for part in MANAGER_TASKS}
    for path in SOFTWARE.glob("tasks/*.yml"):
        words = path.read_text()
        named = [family for family in MANAGERS if re.search(rf"['\"]{family}['\"]|\.{family}\b|_{family}\.yml", words)]
        assert path.name in own or not named, path.name


@pytest.mark.parametrize("source", SOURCES)
def test_a_source_has_its_tasks(source):
    assert (SOFTWARE / f"tasks/install_{source}.yml").exists()


# ---- rooms


@pytest.mark.parametrize("folder", ["plugins/module_utils", "plugins/plugin_utils"])
def test_every_room_is_in_the_architecture(folder):
    rooms = {path.parent.name for path in ROOT.glob(folder + "/*/*.py")}
    told = set(re.findall(r"^\| `(\w+)/`", read("docs/architecture.md").split(f"`{folder}/`")[1], re.MULTILINE))
    assert rooms <= told, "docs/architecture.md"


def test_the_guide_names_files_that_exist():
    named = set(
        re.findall(
            r"`((?:plugins|roles|docs|tests|tools|playbooks|meta|changelogs|extensions|awx)/[\w./-]+)`",
            read("docs/extending.md"),
        )
    )
    examples = set(re.findall(r"^#### New: `([\w./-]+)`$", read("docs/extending.md"), re.MULTILINE))
    assert [path for path in sorted(named - examples) if not (ROOT / path).exists()] == []


# ---- links


GUIDES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("roles/*/README.md"), ROOT / "awx/README.md"])


def anchors(path):
    """Return what a link may lead to in a file: its headings, as the web makes anchors of them."""
    headings = re.findall(r"^#+ (.*)$", path.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(guide):
    text = re.sub(r"^```.*?^```$", "", guide.read_text(), flags=re.DOTALL | re.MULTILINE)
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        name, _hash, anchor = link.partition("#")
        target = (guide.parent / name).resolve() if name else guide
        if not link.startswith("http"):
            assert target.exists(), link
            assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("name", PLAYBOOKS)
def test_what_goes_one_host_after_the_other_ends_with_the_first_that_fails(name):
    # With any_errors_fatal, Ansible counts one that can not be reached twice, so not as the whole batch, and goes
    # on with the next one.
    plays = [play for play in yaml.safe_load(read(f"playbooks/{name}.yml")) if "serial" in play]
    assert not [play["name"] for play in plays if "any_errors_fatal" in play]


@pytest.mark.parametrize("name", ROLES)
def test_no_role_recommends_what_goes_on_after_one_that_fails(name):
    readme = read(f"roles/{name}/README.md")
    examples = [play for play in re.findall(r"```yaml\n(.*?)```", readme, re.DOTALL) if "serial:" in play]
    assert not [play for play in examples if "any_errors_fatal" in play]
    assert "C(any_errors_fatal=true)" not in read(f"roles/{name}/meta/argument_specs.yml")
