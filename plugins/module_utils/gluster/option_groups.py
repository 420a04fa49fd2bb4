# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""GlusterFS's own groups of options, which C(gluster volume set NAME group GROUP) sets at once. PRIVATE.

GlusterFS keeps what is in a group, and not the group's name. So the name is replaced by what the node's own file says,
and a plan compares that.
"""

import os
from typing import Any, Dict, Mapping, Optional

from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.settings import VOLFILE, working_directory
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError
from ansible_collections.brickwork.gluster.plugins.module_utils.files import TextFiles
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.options import as_typed, long_name

#: What stands for a group among a volume's options.
GROUP = "group"

Groups = Dict[str, Dict[str, str]]


def read_groups(files: Optional[TextFiles] = None) -> Groups:
    """Return by name the groups that this node's GlusterFS has; none where it is not installed."""
    files = files or TextFiles()
    folder = os.path.join(working_directory(files.read(VOLFILE)), "groups")
    return {name: parse_group(files.read(os.path.join(folder, name))) for name in files.entries(folder)}


def parse_group(text: str) -> Dict[str, str]:
    """Return the options of a group's file: a line NAME=VALUE each."""
    lines = [line.strip() for line in text.splitlines()]
    pairs = [line.partition("=") for line in lines if line and not line.startswith("#")]
    return {name.strip(): value.strip() for name, sign, value in pairs if sign}


def expand_group(options: Mapping[str, Any], groups: Optional[Groups]) -> Dict[str, Any]:
    """Return options with those of their group in its place; what is given beside the group goes before it.

    Where no groups are known, as before GlusterFS is installed, the options stay as they are.
    """
    if GROUP not in options or not groups:
        return dict(options)
    name = as_typed(options[GROUP])
    if name not in groups:
        raise InputError(
            "options: group: this node's GlusterFS has no group %r; use one of %s, or give the options themselves"
            % (name, ", ".join(sorted(groups)))
        )
    given = {option: value for option, value in options.items() if option != GROUP}
    named = {long_name(option) for option in given}
    return dict({option: value for option, value in groups[name].items() if long_name(option) not in named}, **given)
