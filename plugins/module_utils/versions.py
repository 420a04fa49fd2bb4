# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which versions of GlusterFS go together, and what must hold of a server that was set up. Pure. PRIVATE."""

import re
from typing import Any, Dict, Iterator, List, Mapping, NamedTuple

#: Sources that bring what they have, and upgrade nothing.
_NEVER_UPGRADES = ("distribution", "preinstalled", "repository")


class Node(NamedTuple):
    """A machine: its GlusterFS ("" for none), and the version and source that its variables ask for.

    folder is the version in its folder of RPMs, "" where it serves no volumes and may get that at once.
    """

    name: str
    gluster: str
    desired: str = ""
    source: str = "distribution"
    folder: str = ""


def fits(version: str, desired: str) -> bool:
    """Whether a version is the desired one or begins with it: C(10.3) begins with C(10), and C(1.0) does not."""
    return not desired or numbers(version)[: len(numbers(desired))] == numbers(desired)


def numbers(version: str) -> List[int]:
    """Return a version as what can be compared."""
    return [int(number) for number in re.findall(r"\d+", str(version))]


def version_problems(servers: List[Node], clients: List[Node]) -> List[str]:
    """Return in sentences what is wrong with the versions that the machines have before anything is changed."""
    problems = [problem for node in servers + clients for problem in _own_problems(node)]
    problems += differences({node.name: node.gluster for node in servers if node.gluster})
    oldest = min((node.gluster for node in servers if node.gluster), key=numbers, default="")
    if oldest:
        problems += [_newer_client(node, oldest) for node in clients if numbers(node.gluster) > numbers(oldest)]
    return problems


def _own_problems(node: Node) -> Iterator[str]:
    if node.source == "preinstalled" and not node.gluster:
        yield "%s has no GlusterFS, and gluster_server_source is preinstalled; install it or name another source" % (
            node.name
        )
    elif node.gluster and not fits(node.gluster, node.desired) and node.source in _NEVER_UPGRADES:
        yield _unfitting(node.name, node.gluster, node.desired)
    elif node.gluster and node.folder and not fits(node.gluster, node.folder):
        yield "%s has GlusterFS %s, and its folder of RPMs has %s; run the playbook upgrade, which takes it there" % (
            node.name,
            node.gluster,
            node.folder,
        )


def _unfitting(name: str, version: str, desired: str) -> str:
    return "%s has GlusterFS %s, and gluster_server_version is %s; run the playbook upgrade, which takes it there" % (
        name,
        version,
        desired,
    )


def differences(versions: Mapping[str, Any]) -> List[str]:
    """Return, for versions by machine, that one pool has several, nothing where it has one."""
    if len(set(versions.values())) < 2:
        return []
    return [
        "one pool has one version of GlusterFS, and these have several: %s; run the playbook upgrade, which goes on "
        "with the others" % _listed(versions)
    ]


def _listed(values: Mapping[str, Any]) -> str:
    return ", ".join("%s %s" % pair for pair in sorted(values.items()))


def _newer_client(node: Node, oldest: str) -> str:
    return "%s mounts with GlusterFS %s, which is newer than the servers' %s; upgrade the servers first" % (
        node.name,
        node.gluster,
        oldest,
    )


def server_problems(answers: Mapping[str, Dict[str, Any]], desired: Dict[str, str]) -> List[str]:
    """Return in sentences what does not hold of servers that were set up.

    answers are by host what the look, or gluster_info, found of GlusterFS, with the number of peers; desired are the
    versions asked for.
    """
    problems = []
    for name, answer in sorted(answers.items()):
        if not answer["running"]:
            problems.append("%s: glusterd does not answer; see journalctl -u glusterd there" % name)
        elif not answer["listening"]:
            problems.append("%s: glusterd answers, and nothing listens on its port 24007" % name)
        if not fits(answer["version"] or "", desired.get(name, "")):
            problems.append(_unfitting(name, answer["version"], desired[name]))
    problems += differences({name: answer["version"] for name, answer in answers.items()})
    return problems + _op_versions(answers)


def _op_versions(answers: Mapping[str, Dict[str, Any]]) -> List[str]:
    """A member takes on its pool's op-version when it joins; before, it has its own."""
    members = {name: answer["op_version"] for name, answer in answers.items() if answer["peers"] > 1}
    if len(set(members.values())) < 2:
        return []
    return [
        "the members of the pool have several op-versions: %s; on those with another than cluster.op-version restart "
        "glusterd" % _listed(members)
    ]
