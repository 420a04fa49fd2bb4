# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The site of the documentation can be made, has what it should have, and is refused for a link that leads nowhere."""

import importlib.machinery
import importlib.util
import pathlib
import shutil

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[3]
# Other ansible-cores are tried without what makes the site.
pytest.importorskip("antsibull_docs")
pytest.importorskip("myst_parser")


def load_tool():
    """Return tools/docs as a module; it has no suffix."""
    loader = importlib.machinery.SourceFileLoader("docs", str(ROOT / "tools/docs"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("docs", loader))
    loader.exec_module(module)
    return module


docs = load_tool()


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The folder with the site of this repository."""
    folder = tmp_path_factory.mktemp("site")
    assert docs.make(folder / "work", folder / "html") == 0
    return folder / "html"


def pages_of(pattern):
    return sorted(path.with_suffix(".html").relative_to(ROOT) for path in ROOT.glob(pattern))


@pytest.mark.parametrize("pattern", ["docs/*.md", "roles/*/README.md"])
def test_every_guide_is_a_page(site, pattern):
    assert pages_of(pattern)
    assert [path for path in pages_of(pattern) if not (site / path).exists()] == []


def test_modules_roles_and_playbooks_have_a_page_of_reference(site):
    modules = {f"reference/{path.stem}_module.html" for path in ROOT.glob("plugins/modules/*.py")}
    roles = {f"reference/{path.parent.parent.name}_role.html" for path in ROOT.glob("roles/*/meta/argument_specs.yml")}
    playbooks = {f"playbooks/{path.stem}.html" for path in ROOT.glob("playbooks/*.yml")}
    assert [page for page in sorted(modules | roles | playbooks) if not (site / page).exists()] == []


def test_filters_that_only_roles_use_are_left_out(site):
    assert (site / "reference/place_bricks_filter.html").exists()
    assert list((site / "reference").glob("_*")) == []
    assert "brickwork.gluster._" not in (site / "reference/index.html").read_text()


def test_pictures_and_the_search_are_there(site):
    assert {"overview.svg", "report.png"} <= {path.name for path in (site / "_images").iterdir()}
    assert "place_brick" in (site / "searchindex.js").read_text()


def test_the_page_of_a_playbook_has_its_comment_and_its_variables(site):
    page = (site / "playbooks/replace.html").read_text()
    assert "<li><p>nodes that do not come back" in page
    assert page.index("brickwork.gluster.replace") < page.index("<table")
    assert "gluster_replace_nodes" in page[page.index("<table") :]


# ---- links, on a site of two pages


@pytest.fixture
def small(tmp_path):
    """Return a function that makes a site of one guide with that text, and returns Sphinx's exit code."""
    root, source = tmp_path / "repository", tmp_path / "work/source"
    (root / "docs/docsite").mkdir(parents=True)
    source.mkdir(parents=True)
    shutil.copy(ROOT / "galaxy.yml", root / "galaxy.yml")
    shutil.copy(ROOT / "docs/docsite/conf.py", root / "docs/docsite/conf.py")
    (root / "docs/docsite/index.md").write_text("# Top\n\n```{toctree}\ndocs/guide\n```\n")

    def build(text):
        (root / "docs/guide.md").write_text(f"# Guide\n\n{text}\n")
        docs.gather(root, source)
        docs.write_inventory_of_others(source)
        return docs.build(source, tmp_path / "html")

    build.html = tmp_path / "html"
    return build


def test_links_to_pages_headings_and_files_hold(small):
    assert small("## On it\n\n[a](guide.md#on-it) [b](#on-it) [c](../galaxy.yml) [d](https://example.com)") == 0
    page = (small.html / "docs/guide.html").read_text()
    assert 'href="https://github.com/brickwork/brickwork.gluster/blob/main/galaxy.yml"' in page


@pytest.mark.parametrize(
    "text",
    ["[a](nothing.md)", "[a](guide.md#nothing)", "[a](#nothing)", "![a](nothing.png)", "```{toctree}\nnothing\n```"],
)
def test_a_link_that_leads_nowhere_is_an_error(small, text):
    assert small(text) != 0


def test_a_guide_that_no_page_leads_to_is_an_error(small):
    (small.html.parent / "repository/docs/lonely.md").write_text("# Lonely\n")
    assert small("text") != 0
