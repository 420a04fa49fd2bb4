# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a folder of packages and what is on a node to one transaction. Pure. PRIVATE to the collection."""

import re
from typing import Any, Dict, Iterable, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import PlanError
from ansible_collections.brickwork.gluster.plugins.module_utils.rpm.records import (
    FolderFile,
    Node,
    Package,
    Trial,
    Unmet,
    is_of_the_set,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.rpm.versions import compare, newest
from ansible_collections.brickwork.gluster.plugins.module_utils.steps import Plan, Step

#: ".el7" or ".el7_9" in a release, and nothing else, says which Enterprise Linux a package was built for.
_EL_TAG = re.compile(r"\.el(\d+)(?:[._]|\Z)")
_ARCH = re.compile(r"\([a-z0-9_-]+\)\Z")


class DesiredPackages(NamedTuple):
    """What is asked for: packages by name, and whether to take all of GlusterFS's set that is in the folder."""

    folder: str
    packages: Tuple[str, ...]
    whole_set: bool = True
    allow_downgrade: bool = False


class Selection(NamedTuple):
    """What of the folder goes into the transaction.

    optional: of the set, and needed by none that is wanted. repairs: installed, and to be put in place once more.
    outside: packages that are neither in the folder nor on the node; reinstall: damaged ones that the folder lacks.
    absent: package of the set -> who needs it. foreign: packages that are there for other architectures only.
    left_out: file -> why.
    """

    install: Tuple[Package, ...] = ()
    optional: Tuple[Package, ...] = ()
    repairs: Tuple[Package, ...] = ()
    outside: Tuple[str, ...] = ()
    reinstall: Tuple[str, ...] = ()
    foreign: Tuple[str, ...] = ()
    absent: Dict[str, Tuple[str, ...]] = {}
    left_out: Dict[str, str] = {}
    problems: Tuple[str, ...] = ()

    @property
    def transaction(self) -> Tuple[Package, ...]:
        """All packages that rpm is to put in place."""
        return self.install + self.optional + self.repairs


class Observed(NamedTuple):
    """All that planning needs.

    resolved: why the repositories can't give what is missing, "" if they can. names: file -> name of its package.
    replaced: paths of files that earlier runs have brought, see replaced().
    """

    files: Tuple[FolderFile, ...]
    node: Node
    selection: Selection
    trial: Trial = Trial()
    problems: Tuple[str, ...] = ()
    resolved: str = ""
    names: Dict[str, str] = {}
    replaced: Tuple[str, ...] = ()


class _Folder:
    """The packages of the folder that suit the node, the newest of each name, and why the others are left out."""

    def __init__(self, packages: Sequence[Package], node: Node) -> None:
        fitting = [package for package in packages if package.arch in (node.arch, "noarch")]
        self.foreign = [package for package in packages if package not in fitting]
        names = sorted({package.name for package in fitting})
        self.newest = {name: newest([each for each in fitting if each.name == name]) for name in names}
        self.left_out = {package.file: "is for %s" % package.arch for package in self.foreign}
        for package in fitting:
            chosen = self.newest[package.name]
            if package is not chosen:
                self.left_out[package.file] = "%s is newer" % chosen.file
        self._providers: Dict[str, Package] = {}
        for package in self.newest.values():
            for capability in package.provides + (package.name,):
                self._providers.setdefault(capability, package)

    def provider(self, name: str) -> Optional[Package]:
        """Return the package that brings a capability: the one of that name, if there is one; None if none does."""
        return self.newest.get(name) or self._providers.get(name)

    def closure(self, names: Iterable[str]) -> List[Package]:
        """Return the packages of these names with all of the folder that they need, in the order of their names."""
        found, waiting = {}, [name for name in names if name in self.newest]
        while waiting:
            package = self.newest[waiting.pop()]
            if package.name not in found:
                found[package.name] = package
                needed = [self.provider(requirement.name) for requirement in package.requires]
                waiting += [each.name for each in needed if each]
        return [found[name] for name in sorted(found)]


def select(desired: DesiredPackages, packages: Sequence[Package], node: Node) -> Selection:
    """Return the Selection of a folder's Packages for a Node; see there. What is wrong is in its problems."""
    folder = _Folder(packages, node)
    wanted = folder.closure(desired.packages)
    extra, strangers = _rest_of_the_set(desired, folder, wanted)
    kept = {package.file: _kept(package, node) for package in wanted + extra}
    reasons = dict(folder.left_out, **strangers)
    reasons.update((file, reason) for file, reason in kept.items() if reason)
    chosen = {package.name for package in wanted + extra}
    for name in sorted(set(folder.newest) - chosen):
        reasons.setdefault(folder.newest[name].file, "nothing that is wanted needs it")
    return Selection(
        install=tuple(package for package in wanted if _is_due(package, node)),
        optional=tuple(package for package in extra if _is_due(package, node)),
        repairs=tuple(package for package in wanted + extra if _is_damaged(package, node)),
        outside=tuple(name for name in desired.packages if _is_outside(name, folder, node)),
        reinstall=tuple(name for name in node.damaged if not _is_replaced(name, wanted + extra, node)),
        foreign=tuple(sorted({package.name for package in folder.foreign} - set(folder.newest))),
        absent=_absent(desired, folder, wanted, node),
        left_out=reasons,
        problems=tuple(_foreign(desired, folder, node) + _other_release(wanted, node) + _newer(desired, wanted, node)),
    )


def _rest_of_the_set(
    desired: DesiredPackages, folder: _Folder, wanted: Sequence[Package]
) -> Tuple[List[Package], Dict[str, str]]:
    """Return the packages of the set that are not wanted by name, and those that are of another version: why."""
    if not desired.whole_set:
        return [], {}
    names = [package.name for package in wanted]
    versions = {package.evr for package in wanted if is_of_the_set(package.name)}
    rest = [package for name, package in sorted(folder.newest.items()) if is_of_the_set(name) and name not in names]
    same = [package.name for package in rest if package.evr in versions]
    strangers = {package.file: "is of another version" for package in rest if package.name not in same}
    return [package for package in folder.closure(same) if package.name not in names], strangers


def _installed(package: Package, node: Node) -> Optional[Package]:
    """Return the newest version of a package that is on the node, or None."""
    versions = node.versions(package.name)
    return newest(versions) if versions else None


def _is_due(package: Package, node: Node) -> bool:
    there = _installed(package, node)
    if there is None:
        return True
    order = compare(package.evr, there.evr)
    return order > 0 or (order < 0 and is_of_the_set(package.name))


def _is_damaged(package: Package, node: Node) -> bool:
    """Whether a transaction that was cut off left files of it undone, or an older version beside it."""
    there = _installed(package, node)
    if there is None or there.evr != package.evr or not node.interrupted:
        return False
    return package.name in node.damaged or len(node.versions(package.name)) > 1


def _is_replaced(name: str, packages: Iterable[Package], node: Node) -> bool:
    """Whether the folder has what mends an installed package: the same version of it, or another that is due."""
    chosen = [package for package in packages if package.name == name]
    return any(_is_damaged(package, node) or _is_due(package, node) for package in chosen)


def _kept(package: Package, node: Node) -> str:
    """Return why a package is left out because of what is on the node, "" if it is not."""
    there = _installed(package, node)
    if there is None or is_of_the_set(package.name) or compare(package.evr, there.evr) >= 0:
        return ""
    return "the node has the newer %s" % there.nevra


def _is_outside(name: str, folder: _Folder, node: Node) -> bool:
    return not is_of_the_set(name) and name not in folder.newest and not node.has(name)


def _absent(
    desired: DesiredPackages, folder: _Folder, wanted: Iterable[Package], node: Node
) -> Dict[str, Tuple[str, ...]]:
    """Return package of the set -> who needs it, for those that are neither in the folder nor on the node."""
    needed: Dict[str, List[str]] = {name: [] for name in desired.packages if is_of_the_set(name)}
    for package in wanted:
        for requirement in package.requires:
            name = _ARCH.sub("", requirement.name)
            if is_of_the_set(name) and package.nevra not in needed.get(name, []):
                needed.setdefault(name, []).append(package.nevra)
    foreign = {package.name for package in folder.foreign}
    return {
        name: tuple(by)
        for name, by in sorted(needed.items())
        if not folder.provider(name) and not node.versions(name) and name not in foreign
    }


def _foreign(desired: DesiredPackages, folder: _Folder, node: Node) -> List[str]:
    """Return a problem for each package that is there, but for another architecture only."""
    return [
        "%s is for %s, and the node is %s" % (package.file, package.arch, node.arch)
        for package in folder.foreign
        if package.name not in folder.newest and (package.name in desired.packages or is_of_the_set(package.name))
    ]


def _other_release(packages: Iterable[Package], node: Node) -> List[str]:
    """Return a problem for each release, other than the node's, that packages were certainly built for."""
    files: Dict[str, List[str]] = {}
    for package in packages:
        tag = _EL_TAG.search(package.evr.release)
        if node.el and tag and int(tag.group(1)) != node.el:
            files.setdefault(tag.group(1), []).append(package.file)
    return [
        "built for Enterprise Linux %s, and the node is release %s: %s" % (release, node.el, ", ".join(names))
        for release, names in sorted(files.items())
    ]


def _newer(desired: DesiredPackages, packages: Iterable[Package], node: Node) -> List[str]:
    """Return a problem for each package of the set that is newer on the node, unless going back is allowed."""
    both = [(package, _installed(package, node)) for package in packages if is_of_the_set(package.name)]
    return [
        "the node has %s, which is newer than %s (set allow_downgrade to go back)" % (there.nevra, package.file)
        for package, there in both
        if there and compare(package.evr, there.evr) < 0 and not desired.allow_downgrade
    ]


def drop_unmet(selection: Selection, trial: Trial) -> Selection:
    """Return the Selection without its optional packages that need what is not there, as the trial found."""
    needs: Dict[str, List[str]] = {}
    for unmet in trial.unmet:
        needs.setdefault(unmet.package, []).append(unmet.requirement)
    dropped = [package for package in selection.optional if package.nevra in needs]
    reasons = {package.file: "it needs " + ", ".join(needs[package.nevra]) for package in dropped}
    return selection._replace(
        optional=tuple(package for package in selection.optional if package not in dropped),
        left_out=dict(selection.left_out, **reasons),
    )


def is_going_back(selection: Selection, node: Node) -> bool:
    """Whether a package of the transaction is older than the one on the node."""
    both = [(package, _installed(package, node)) for package in selection.install + selection.optional]
    return any(there and compare(package.evr, there.evr) < 0 for package, there in both)


def needs_repositories(selection: Selection, trial: Trial) -> bool:
    """Whether something is missing that only the node's repositories can have."""
    return bool(selection.outside or _askable(trial))


def _askable(trial: Trial) -> List[Unmet]:
    """Return the Unmet that repositories may meet: not the set's own, and not what would break what is installed."""
    return [
        unmet
        for unmet in trial.unmet
        if not is_of_the_set(_name_of(unmet.requirement)) and not unmet.package.startswith("(installed)")
    ]


def wanted_outside(selection: Selection, trial: Trial) -> List[str]:
    """Return the names of what only the repositories can have."""
    return sorted(set(selection.outside) | {unmet.requirement.split(" ")[0] for unmet in _askable(trial)})


def is_hopeless(observed: Observed) -> bool:
    """Whether something stands in the way that no repository can help."""
    others = len(observed.trial.unmet) - len(_askable(observed.trial))
    selection = observed.selection
    return bool(observed.problems or selection.problems or selection.absent or observed.trial.problems or others)


def _name_of(requirement: str) -> str:
    return _ARCH.sub("", requirement.split(" ")[0])


def transaction(selection: Selection, node: Node, paths: Mapping[str, str], repositories: bool) -> List[str]:
    """Return the command that puts what is not installed yet in place; paths: file -> path."""
    files = [paths[package.file] for package in selection.install + selection.optional]
    if node.manager == "rpm" or is_going_back(selection, node):
        return _by_rpm(selection, node, files)
    silent = [] if repositories else ["--disablerepo=*"]
    return [node.manager, "-y"] + silent + ["install"] + list(selection.outside) + files


def _by_rpm(selection: Selection, node: Node, files: List[str]) -> List[str]:
    options = ["--replacepkgs"] if selection.repairs else []
    return ["rpm", "-U"] + options + (["--oldpackage"] if is_going_back(selection, node) else []) + files


def plan_folder(desired: DesiredPackages, observed: Observed) -> Plan:
    """Return the Plan; raises PlanError with all that stands in the way."""
    _refuse(desired, observed)
    selection, node = observed.selection, observed.node
    steps = [
        Step("stage", file.name, text="copy to %s" % file.place) for file in observed.files if file.path != file.place
    ]
    steps += _remnants(selection, node) + _transactions(selection, node, observed)
    if node.interrupted and not steps:
        steps.append(Step("clear_mark", "the transaction that was cut off", text="all of it is in place"))
    steps += [Step("remove_file", path, text="the folder has another of its package") for path in observed.replaced]
    return Plan(steps, _versions(node.installed, selection), _after(selection, node), _told(observed))


def _remnants(selection: Selection, node: Node) -> List[Step]:
    """Return the steps that make room for the configuration that a power cut has emptied."""
    names = {package.name for package in selection.transaction} | set(selection.reinstall)
    return [
        Step("remove_remnant", path, text="%s, whose installation was cut off, left it empty" % name)
        for path, name in sorted(node.emptied.items())
        if name in names
    ]


def replaced(kept: Mapping[str, str], files: Iterable[FolderFile], names: Mapping[str, str]) -> Tuple[str, ...]:
    """Return the paths of kept files whose package this run has in other files.

    kept: path -> package of what earlier runs have brought. names: file -> package of this run's files. What another
    folder has brought, of packages that this one has not, stays: it is in use as well.
    """
    used = {file.place for file in files}
    return tuple(path for path, name in sorted(kept.items()) if path not in used and name in set(names.values()))


def _told(observed: Observed) -> Dict[str, Any]:
    """Return what the steps take from elsewhere. After them, nothing of it is to be seen any more."""
    unmet = {unmet.requirement for unmet in observed.trial.unmet}
    return {"from_repositories": sorted(set(observed.selection.outside) | unmet)}


def folder_findings(observed: Observed) -> Dict[str, Any]:
    """Return which files are not installed, and why; missing is what the action plugin would have to bring."""
    left_out = sorted(observed.selection.left_out.items())
    return {"left_out": [{"file": file, "reason": why} for file, why in left_out], "missing": []}


def _transactions(selection: Selection, node: Node, observed: Observed) -> List[Step]:
    """Return the steps that put packages in place: one, unless a repair needs something of the repositories first."""
    places = {file.name: file.place for file in observed.files}
    repositories = needs_repositories(selection, observed.trial)
    steps = []
    if selection.reinstall:
        argv = (node.manager, "-y", "reinstall") + selection.reinstall
        steps.append(Step("repair", ", ".join(selection.reinstall), argv))
    if selection.repairs and not repositories:
        return steps + [_step("repair", selection, _by_rpm(selection, node, _places(selection.transaction, places)))]
    due = selection._replace(repairs=())
    if due.transaction or due.outside:
        steps.append(_step("install", due, transaction(due, node, places, repositories)))
    if selection.repairs:
        mended = Selection(repairs=selection.repairs)
        steps.append(_step("repair", mended, _by_rpm(mended, node, _places(selection.repairs, places))))
    return steps


def _places(packages: Iterable[Package], places: Mapping[str, str]) -> List[str]:
    return [places[package.file] for package in packages]


def _step(kind: str, selection: Selection, argv: Iterable[str]) -> Step:
    names = [package.nevra for package in selection.transaction] + list(selection.outside)
    return Step(kind, ", ".join(sorted(names)), tuple(argv))


def _versions(packages: Iterable[Package], selection: Selection) -> Dict[str, str]:
    names = {package.name for package in selection.transaction}
    return {package.name: str(package.evr) for package in packages if package.name in names}


def _after(selection: Selection, node: Node) -> Dict[str, str]:
    after = _versions(node.installed, selection)
    after.update((package.name, str(package.evr)) for package in selection.transaction)
    after.update((name, "from the repositories") for name in selection.outside)
    return after


def _refuse(desired: DesiredPackages, observed: Observed) -> None:
    found = list(observed.problems + observed.selection.problems)
    found += [_absence(name, by) for name, by in observed.selection.absent.items()]
    found += _unmet(observed)
    found += observed.trial.problems
    if found:
        raise PlanError(
            "path: the packages of %s can't be installed on %s, and nothing was changed; look at each of these: %s"
            % (desired.folder, observed.node.host, "; ".join(found))
        )


def _absence(name: str, by: Sequence[str]) -> str:
    return "%s is not there%s" % (name, ", and %s needs it" % ", ".join(by) if by else "")


def _unmet(observed: Observed) -> List[str]:
    """Return a problem for each requirement that can't be met."""
    selection, trial = observed.selection, observed.trial
    askable = _askable(trial)
    lost = [unmet for unmet in trial.unmet if unmet not in askable]
    told = set(selection.absent) | set(selection.foreign)
    lost = [unmet for unmet in lost if _name_of(unmet.requirement) not in told]
    problems = ["%s needs %s" % (unmet.package, unmet.requirement) for unmet in lost]
    if not observed.resolved:
        return problems
    lines = ["%s (%s needs it)" % (unmet.requirement, unmet.package) for unmet in askable]
    named = [name for name in selection.outside if not any(unmet.requirement == name for unmet in askable)]
    missing = ", ".join(named + lines)
    return problems + ["neither in the folder nor on the node: %s; %s" % (missing, observed.resolved)]
