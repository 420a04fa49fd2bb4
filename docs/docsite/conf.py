# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How Sphinx makes the site of what tools/docs has gathered beside this file."""

project = "Brickwork"
copyright = "2026, Brickwork contributors"
html_title = "Brickwork: GlusterFS with Ansible"

extensions = ["myst_parser", "sphinx.ext.intersphinx", "sphinx_antsibull_ext"]

# Each link of a guide leads to a page, and to a heading where it names one. Levels as the web makes anchors of them.
nitpicky = True
myst_heading_anchors = 6
default_role = "any"
# The addresses of what other collections document, without asking them: tools/docs writes this file.
intersphinx_mapping = {"ansible": ("https://docs.ansible.com/ansible/latest/", "ansible.inv")}
intersphinx_disabled_reftypes = ["std:doc"]

highlight_language = "text"
pygments_style = "ansible"
html_theme = "furo"
html_copy_source = False
html_show_sphinx = False
html_use_index = False
