# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a folder of packages would change on this node, told without bringing or fetching a file. PRIVATE."""

import os
import re
from typing import Any, Callable, Dict, Mapping, Optional, Sequence

from ansible_collections.brickwork.gluster.plugins.module_utils.command import Runner
from ansible_collections.brickwork.gluster.plugins.module_utils.rpm.desired import desired_folder, source_of, sums_of
from ansible_collections.brickwork.gluster.plugins.module_utils.rpm.folder import FolderOperation
from ansible_collections.brickwork.gluster.plugins.module_utils.rpm.host import RpmHost
from ansible_collections.brickwork.gluster.plugins.module_utils.rpm.plan import DesiredPackages
from ansible_collections.brickwork.gluster.plugins.module_utils.rpm.records import Node
from ansible_collections.brickwork.gluster.plugins.module_utils.rpm.sources import Source
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import Operation, Step

#: What the files of packages are usually called. Only words for people depend on it.
_FILE_NAME = re.compile(r"^(.+)-([^-]+)-[^-]+\.[^.-]+\.rpm\Z")
#: In the place of the temporary folder: nothing is fetched, as a file that is not here is lacking.
_NOWHERE = os.devnull
#: Steps that say where their packages come from.
_FROM = ("install", "repair", "stage")


def look_at_folder(runner: Runner, params: Dict[str, Any], timeout: int) -> Dict[str, Any]:
    """Return the packages that the node lacks (missing), and what rpm_folder would do (steps).

    Raises PlanError where that would refuse the folder. As long as files are not on the node, the folder is not judged.
    """
    host, desired = RpmHost(runner, timeout=timeout), desired_folder(params)
    params = dict(params, checksums=params["checksums"] or None)

    def operation(source: Source) -> Operation[Any]:
        return FolderOperation(host, desired, source, sums_of(params), params["gpg_key"] or "")

    return folder_steps(host.node(), desired, source_of(params, _NOWHERE, timeout), operation)


def folder_names(params: Dict[str, Any], timeout: int) -> Sequence[str]:
    """Return the names of the files in a folder of packages."""
    return source_of(params, _NOWHERE, timeout).names()


def folder_steps(
    node: Node, desired: DesiredPackages, source: Source, operation: Callable[[Source], Operation[Any]]
) -> Dict[str, Any]:
    """Return missing and steps for a Node; operation makes the FolderOperation of the source. See look_at_folder."""
    missing = [name for name in desired.packages if not node.has(name)]
    lacking = source.lacking()
    if lacking:
        steps = [_install(missing, source.names())] if missing else []
        steps.append(Step("stage", "%s of its files" % len(lacking)))
    else:
        planned = operation(source)
        steps = planned.plan(planned.observe()).steps
    return {"missing": missing, "steps": [_described(step, desired.folder) for step in steps]}


def _install(missing: Sequence[str], files: Sequence[str]) -> Step:
    versions = _versions(files)
    return Step("install", ", ".join(_named(name, versions.get(name)) for name in missing))


def _named(name: str, version: Optional[str]) -> str:
    return "%s %s" % (name, version) if version else name


def _versions(files: Sequence[str]) -> Mapping[str, str]:
    """Return package -> version, as far as the names of the files tell."""
    matches = [_FILE_NAME.match(name) for name in files]
    return {match.group(1): match.group(2) for match in matches if match}


def _described(step: Step, folder: str) -> Dict[str, Any]:
    """Return a step as the plan shows it: with the folder that its packages come from."""
    return dict(step.describe(), command="from %s" % folder if step.kind in _FROM else "")
