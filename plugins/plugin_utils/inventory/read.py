# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads an inventory: every variable of every machine once, and all that is wrong in them at once. PRIVATE.

What is behind this sees values in their one normal form, and only those that were given.
"""

import difflib
import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.brickwork.gluster.plugins.module_utils.grammar import shown
from ansible_collections.brickwork.gluster.plugins.plugin_utils.inventory import checks
from ansible_collections.brickwork.gluster.plugins.plugin_utils.inventory.kinds import Secret, read_value
from ansible_collections.brickwork.gluster.plugins.plugin_utils.inventory.problems import Problems, Report
from ansible_collections.brickwork.gluster.plugins.plugin_utils.inventory.schema import CLUSTER, GROUPS, Variable

#: The hosts of each group.
Groups = Mapping[str, Sequence[str]]
#: The variables of each host.
Hostvars = Mapping[str, Mapping[str, Any]]

#: Names of variables that are this collection's.
_PREFIXES = ("gluster_", "heketi_")
#: How alike a name has to be to a known one to be taken for a misspelt one; people have variables of their own, too.
_ALIKE = 0.92


@dataclass(frozen=True)
class Machine:
    """A host, and its variables in their normal form, without those that were not given."""

    name: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Inventory:
    """All that the inventory says. machines are those of each group by name, cluster is what holds for all."""

    machines: Mapping[str, Mapping[str, Machine]]
    cluster: Mapping[str, Any]

    @property
    def volumes(self) -> list[dict[str, Any]]:
        """The volumes, each with the keys that were given."""
        return list(self.cluster.get("gluster_volumes", []))

    def group(self, name: str) -> Mapping[str, Machine]:
        """Return the machines of a group by name."""
        return self.machines.get(name, {})


def read_inventory(groups: Groups, hostvars: Hostvars, given: Mapping[str, Any] | None = None) -> Inventory:
    """Return what the inventory says of these groups' hosts.

    given are variables that stand in front of every host's own. Raises InputError with all that is wrong, a line each.
    """
    problems = Problems()
    inventory = _read(groups, hostvars, given or {}, problems)
    checks.check(inventory, set(hostvars), problems)
    problems.refuse()
    return inventory


def _read(groups: Groups, hostvars: Hostvars, given: Mapping[str, Any], problems: Problems) -> Inventory:
    machines: dict[str, dict[str, Machine]] = {}
    for group, hosts in groups.items():
        own = [variable for variable in GROUPS[group] if variable not in CLUSTER]
        machines[group] = {host: _machine(host, own, hostvars[host], problems.of(host)) for host in hosts}
    first = next((hostvars[host] for host in groups.get("gluster_servers", ())), {})
    cluster = _values(CLUSTER, {**_present(CLUSTER, first), **given}, problems.of())
    if not given:
        _report_elsewhere(groups, hostvars, first, problems)
    return Inventory(machines, cluster)


def _report_elsewhere(groups: Groups, hostvars: Hostvars, first: Mapping[str, Any], problems: Problems) -> None:
    """What holds for the whole cluster is read from one storage node; where that one lacks it, nobody would see it."""
    for host in dict.fromkeys([*groups.get("gluster_servers", ()), *groups.get("gluster_clients", ())]):
        for variable in CLUSTER:
            if first and variable.name in hostvars[host] and variable.name not in first:
                problems.of(host)(
                    f"{variable.name}: found here and not on all storage nodes; write it for all, in group_vars/all.yml"
                )


def _machine(host: str, variables: Sequence[Variable], facts: Mapping[str, Any], report: Report) -> Machine:
    _report_misspelt(facts, report)
    return Machine(host, _values(variables, _present(variables, facts), report))


def _present(variables: Iterable[Variable], facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return a host's variables as they are, a template that can't be made as the error that it ends in."""
    return {variable.name: _templated(facts, variable.name) for variable in variables if variable.name in facts}


def _templated(facts: Mapping[str, Any], name: str) -> Any:
    try:
        return _decrypted(facts[name])
    except Exception as error:  # A template may end in anything that Python raises.
        return _Unknown(str(error))


def _decrypted(value: Any) -> Any:
    """Before ansible-core 2.19, a value that a vault encrypted is no text yet."""
    if getattr(type(value), "__ENCRYPTED__", False):
        return str(value)
    if isinstance(value, Mapping):
        return {key: _decrypted(part) for key, part in value.items()}
    return [_decrypted(part) for part in value] if isinstance(value, (list, tuple)) else value


@dataclass(frozen=True)
class _Unknown:
    """A template that could not be made."""

    reason: str


def _values(variables: Iterable[Variable], found: Mapping[str, Any], report: Report) -> dict[str, Any]:
    values = {}
    for variable in variables:
        if variable.name in found:
            value = _read_variable(variable, found[variable.name], report)
            if value is not None:
                values[variable.name] = value
        elif variable.required:
            report(f"{variable.name}: it is missing; write it for this host, such as 192.168.72.101")
    return values


def _read_variable(variable: Variable, value: Any, report: Report) -> Any:
    if isinstance(variable.kind, Secret) and (isinstance(value, _Unknown) or _is_template(value)):
        # Neither the template nor Ansible's words about it are shown: both may hold the key.
        report(f"{variable.name}: it can not be resolved; check its variable and the vault's password")
        return None
    if isinstance(value, _Unknown):
        report(f"{variable.name}: its template can not be resolved ({value.reason}); {_ON_FACTS}")
        return None
    # Older versions of Ansible hand out a template that they can't make as it stands, however deep.
    if _is_template(value):
        report(f"{variable.name}: found {shown(value)}, of which a variable is not known here; {_ON_FACTS}")
        return None
    return read_value(variable.kind, value, variable.name, report)


_ON_FACTS = "write the value itself, or gather the facts that it is made of in a play before this playbook"


def _is_template(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(_is_template(part) for part in value.values())
    if isinstance(value, (list, tuple)):
        return any(_is_template(part) for part in value)
    return isinstance(value, str) and "{{" in value


def _report_misspelt(facts: Mapping[str, Any], report: Report) -> None:
    """Report what is nearly one of these variables, where that one is not there: people have some of their own, too."""
    for name in facts:
        meant = _meant(str(name))
        if meant and meant not in facts:
            report(f"{name}: no such variable; did you mean {meant}?")


@functools.lru_cache(maxsize=4096)
def _meant(name: str) -> str:
    """Return the variable that a name is nearly, "" if it is one or none."""
    if not name.startswith(_PREFIXES) or name in _KNOWN:
        return ""
    return next(iter(difflib.get_close_matches(name, _KNOWN, 1, _ALIKE)), "")


_KNOWN = sorted({variable.name for variables in GROUPS.values() for variable in variables})
