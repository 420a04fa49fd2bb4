# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes this node to what a folder of packages holds. PRIVATE to the collection."""

from typing import Any, Dict, Iterable, List, Mapping, Optional, Sequence, Tuple

from ansible_collections.brickwork.gluster.plugins.module_utils.rpm import plan
from ansible_collections.brickwork.gluster.plugins.module_utils.rpm.host import RpmHost
from ansible_collections.brickwork.gluster.plugins.module_utils.rpm.plan import DesiredPackages, Observed, Selection
from ansible_collections.brickwork.gluster.plugins.module_utils.rpm.records import FolderFile, Node, Package, Trial
from ansible_collections.brickwork.gluster.plugins.module_utils.rpm.sources import Source, sha256_of
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import Operation, Plan, Step


class FolderOperation(Operation[Observed]):
    """Installs what is wanted of a folder. sums: file -> sha256 that it must have; key: the text of a public key."""

    def __init__(
        self,
        host: RpmHost,
        desired: DesiredPackages,
        source: Source,
        sums: Optional[Mapping[str, str]] = None,
        key: str = "",
    ) -> None:
        self._host = host
        self._desired = desired
        self._source = source
        self._sums = sums
        self._key = key
        self._observed: Observed

    def observe(self) -> Observed:
        """Read the folder and the node, and ask rpm what it thinks of the transaction."""
        files = self._source.files()
        packages, bad = self._host.headers(files)
        node = self._host.node([file for file in files if file.name not in bad])
        problems = ["%s %s" % (name, what) for name, what in sorted(bad.items())] + self._wrong_sums(files)
        selection = plan.select(self._desired, packages, node)
        selection, trial = self._tried(selection, files, node)
        problems += self._untrusted(files, selection)
        names = {package.file: package.name for package in packages}
        replaced = plan.replaced(self._host.kept(), files, names)
        observed = plan.Observed(files, node, selection, trial, tuple(problems), names=names, replaced=replaced)
        self._observed = observed._replace(resolved=self._resolve(observed))
        return self._observed

    def _wrong_sums(self, files: Sequence[FolderFile]) -> List[str]:
        if self._sums is None:
            return []
        problems = ["%s is not named in checksums" % file.name for file in files if file.name not in self._sums]
        for file in files:
            found = sha256_of(file.path)
            if self._sums.get(file.name, found) != found:
                said = self._sums[file.name]
                problems.append("%s has the sha256 %s, and checksums says %s" % (file.name, found, said))
        return problems

    def _tried(self, selection: Selection, files: Sequence[FolderFile], node: Node) -> Tuple[Selection, Trial]:
        """Return the Selection without what of it is optional and can't be installed, and rpm's Trial of the rest."""
        while True:
            paths = [file.path for file in _of(files, selection.transaction)]
            trial = self._host.trial(paths, plan.is_going_back(selection, node))
            left = plan.drop_unmet(selection, trial)
            if left.optional == selection.optional:
                return selection, trial
            selection = left

    def _untrusted(self, files: Sequence[FolderFile], selection: Selection) -> List[str]:
        """Return a problem for each file of the transaction whose digests or signature are not good."""
        chosen = _of(files, selection.transaction)
        broken = self._host.broken(chosen)
        problems = ["%s is broken: its content is not what its own digest says" % name for name in broken]
        if self._key and chosen:
            unsigned = self._host.unsigned([file for file in chosen if file.name not in broken], self._key)
            problems += [
                "%s is not signed with gpg_key (rpm says: %s)" % (name, said) for name, said in sorted(unsigned.items())
            ]
        return problems

    def _resolve(self, observed: Observed) -> str:
        """Return why what is missing can't come from the node's repositories, "" if it can or nothing is missing."""
        selection, node, trial = observed.selection, observed.node, observed.trial
        if not plan.needs_repositories(selection, trial):
            return ""
        if node.manager == "rpm":
            return "rpm alone can't get it from a repository"
        if plan.is_hopeless(observed):
            # Whether the repositories have it is told all the same, beside what else is wrong.
            return self._host.resolve([node.manager, "install"] + plan.wanted_outside(selection, trial))
        if plan.is_going_back(selection, node):
            return "it must be there before going back to an older version, which rpm alone does"
        paths = {file.name: file.path for file in observed.files}
        return self._host.resolve(plan.transaction(selection, node, paths, repositories=True))

    def plan(self, observed: Observed) -> Plan:
        """Return the Plan; see plan_folder."""
        return plan.plan_folder(self._desired, observed)

    def findings(self, observed: Observed) -> Dict[str, Any]:
        """Return what folder_findings tells."""
        return plan.folder_findings(observed)

    def perform(self, step: Step) -> None:
        """Do one step."""
        if step.kind == "stage":
            [file] = [file for file in self._observed.files if file.name == step.target]
            self._host.keep(file, self._observed.names[file.name])
        elif step.kind == "remove_file":
            self._host.drop(step.target)
        elif step.kind == "remove_remnant":
            self._host.files.remove(step.target)
        elif step.kind != "clear_mark":
            self._host.run(step.argv, self._observed.node.installed)

    def settle(self, plan: Plan) -> None:
        """Wait until all is on the disk. After the last step only: the first must not hide that a second is due."""
        if plan.steps:
            self._host.clear_mark()


def _of(files: Iterable[FolderFile], packages: Iterable[Package]) -> List[FolderFile]:
    """Return the FolderFiles of some Packages."""
    names = {package.file for package in packages}
    return [file for file in files if file.name in names]
