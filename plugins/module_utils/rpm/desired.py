# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a module's parameters to what is asked of a folder of packages. PRIVATE to the collection."""

from typing import Any, Dict, Optional

from ansible_collections.brickwork.gluster.plugins.module_utils.grammar import package_name
from ansible_collections.brickwork.gluster.plugins.module_utils.rpm.answers import parse_checksums
from ansible_collections.brickwork.gluster.plugins.module_utils.rpm.plan import DesiredPackages
from ansible_collections.brickwork.gluster.plugins.module_utils.rpm.sources import (
    BroughtFolder,
    NodeFolder,
    Source,
    WebClient,
    WebFolder,
    is_url,
)

_FILE_SPEC = {
    "name": {"type": "str", "required": True},
    "sha256": {"type": "str", "required": True},
    "size": {"type": "int", "required": True},
    "path": {"type": "path"},
}
#: The parameters that say which folder, and what of it.
FOLDER_SPEC = {
    "path": {"type": "str", "required": True},
    "remote_src": {"type": "bool", "default": False},
    "files": {"type": "list", "elements": "str", "default": []},
    "brought": {"type": "list", "elements": "dict", "default": [], "options": _FILE_SPEC},
    "packages": {"type": "list", "elements": "str", "default": ["glusterfs-server", "attr", "psmisc", "rpcbind"]},
    "whole_set": {"type": "bool", "default": True},
    "allow_downgrade": {"type": "bool", "default": False},
    "checksums": {"type": "str"},
    "gpg_key": {"type": "str", "no_log": False},
}


def desired_folder(params: Dict[str, Any]) -> DesiredPackages:
    """Return the DesiredPackages of the parameters."""
    packages = tuple(package_name("packages", name) for name in params["packages"])
    return DesiredPackages(params["path"], packages, params["whole_set"], params["allow_downgrade"])


def source_of(params: Dict[str, Any], temporary: str, timeout: int) -> Source:
    """Return where the files are. What is fetched goes to a temporary folder first; timeout is in seconds."""
    if is_url(params["path"]):
        return WebFolder(params["path"], params["files"], temporary, WebClient(timeout))
    return NodeFolder(params["path"]) if params["remote_src"] else BroughtFolder(params["brought"])


def sums_of(params: Dict[str, Any]) -> Optional[Dict[str, str]]:
    """Return file -> sha256 of O(checksums), None if there are none."""
    return None if params["checksums"] is None else parse_checksums(params["checksums"], "checksums")
