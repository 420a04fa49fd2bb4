# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The folder of RPMs on the controller, as the modules are told of it. PRIVATE to the collection."""

import os
from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleError
from ansible.module_utils.parsing.convert_bool import boolean

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError
from ansible_collections.brickwork.gluster.plugins.module_utils.rpm.sources import is_url, rpm_names, sha256_of


def is_on_controller(arguments: Mapping[str, Any]) -> bool:
    """Whether the arguments of rpm_folder name a folder on the controller."""
    path = str(arguments.get("path") or "")
    return bool(path) and not is_url(path) and not boolean(arguments.get("remote_src", False), strict=False)


def find_folder(path: str, find: Callable[[str, str], str]) -> str:
    """Return the folder; find is what Ansible finds files of a role with. Raises InputError where there is none."""
    try:
        return find("files", os.path.expanduser(path))
    except AnsibleError as error:
        raise InputError(
            f"path: there is no folder {path} on the controller ({error}); write the folder that holds the RPMs"
        ) from error


def list_files(folder: str) -> list[dict[str, Any]]:
    """Return name, sha256 and size of each RPM; raises InputError where there is none."""
    return [_described(os.path.join(folder, name)) for name in rpm_names(folder, " on the controller")]


def _described(path: str) -> dict[str, Any]:
    return {"name": os.path.basename(path), "sha256": sha256_of(path), "size": os.path.getsize(path)}
