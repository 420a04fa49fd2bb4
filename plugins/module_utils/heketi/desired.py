# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what a user writes about clusters, nodes and devices to the planner's records. Pure. PRIVATE."""

import re
from typing import Any, Dict, Iterable, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError
from ansible_collections.brickwork.gluster.plugins.module_utils.grammar import shown

PRESENT, ABSENT = "present", "absent"
STATES = (PRESENT, "online", "offline", ABSENT)
MAX_TAGS = 32

_DEVICE_NAME = re.compile(r"/[a-zA-Z0-9_.:/-]+\Z")
_HOST_NAME = re.compile(r"[a-zA-Z0-9_.:\[\]-]+\Z")
_TAG_NAME = re.compile(r"[a-zA-Z0-9_.-]{1,32}\Z")
_TAG_VALUE = re.compile(r".{0,64}\Z")


class DesiredDevice(NamedTuple):
    """A disk. Tags that are None are left as they are; the state "present" leaves the state as it is."""

    name: str
    tags: Optional[Dict[str, str]] = None
    destroy_data: bool = False
    state: str = PRESENT


class DesiredNode(NamedTuple):
    """A storage node; manage and storage are its names, and a zone of 0 is none."""

    manage: Tuple[str, ...]
    storage: Tuple[str, ...]
    zone: int
    tags: Optional[Dict[str, str]] = None
    state: str = PRESENT
    devices: Tuple[DesiredDevice, ...] = ()

    @property
    def name(self) -> str:
        """The name by which heketi reaches it."""
        return self.manage[0]


class DesiredCluster(NamedTuple):
    """Nodes that share volumes. Flags that are None are left as they are, and true for a new cluster."""

    nodes: Tuple[DesiredNode, ...] = ()
    cluster_id: str = ""
    file: Optional[bool] = None
    block: Optional[bool] = None
    state: str = PRESENT

    @property
    def is_kept(self) -> bool:
        """Whether any node is to be in it. A cluster of which all nodes are to be removed is not created for that."""
        return self.state != ABSENT and any(node.state != ABSENT for node in self.nodes)


def desired_topology(params: Mapping[str, Any]) -> Tuple[DesiredCluster, ...]:
    """Return the DesiredClusters of heketi_topology's parameters; raises InputError with all that is wrong in them."""
    if params.get("topology") is not None:
        clusters = [_cluster_of_file(cluster) for cluster in _list_in(params["topology"], "clusters")]
    else:
        clusters = [_cluster(cluster) for cluster in params["clusters"]]
    problems = _problems(clusters)
    if problems:
        raise InputError("\n".join(problems))
    return tuple(clusters)


def _cluster(given: Dict[str, Any]) -> DesiredCluster:
    return DesiredCluster(
        nodes=tuple(_node(node) for node in given.get("nodes") or ()),
        cluster_id=given.get("id") or "",
        file=given.get("file"),
        block=given.get("block"),
        state=given.get("state") or PRESENT,
    )


def _node(given: Dict[str, Any]) -> DesiredNode:
    return DesiredNode(
        manage=tuple(given["manage"]),
        storage=tuple(given.get("storage") or ()),
        zone=given.get("zone") or 0,
        tags=_tags(given),
        state=given.get("state") or PRESENT,
        devices=tuple(_device(device) for device in given.get("devices") or ()),
    )


def _device(given: Any) -> DesiredDevice:
    """A device may be its name only, as in heketi's own file."""
    if not isinstance(given, dict):
        return DesiredDevice(str(given))
    name = str(given.get("name") or "")
    return DesiredDevice(name, _tags(given), _destroys(name, given), given.get("state") or PRESENT)


def _destroys(name: str, given: Dict[str, Any]) -> bool:
    """heketi's own file may hold anything, and a text that says false must not count as true."""
    destroy = given.get("destroydata")
    if destroy is not None and not isinstance(destroy, bool):
        raise InputError(
            "device %s: destroydata: found %s; write true or false without quotes" % (name, shown(destroy))
        )
    return bool(destroy)


def _tags(given: Dict[str, Any]) -> Optional[Dict[str, str]]:
    tags = given.get("tags")
    return None if tags is None else {str(name): str(value) for name, value in tags.items()}


def _cluster_of_file(given: Any) -> DesiredCluster:
    """heketi's topology.json says less, and says it deeper."""
    nodes = [_node_of_file(node) for node in _list_in(given, "nodes")]
    return DesiredCluster(tuple(nodes), file=given.get("file"), block=given.get("block"))


def _node_of_file(given: Any) -> DesiredNode:
    node = given.get("node") if isinstance(given, dict) else None
    if not isinstance(node, dict) or not isinstance(node.get("hostnames"), dict):
        raise InputError(
            "topology: found a node without node.hostnames (%s); write manage and storage names there" % shown(given)
        )
    names = node["hostnames"]
    flat = {"zone": node.get("zone"), "tags": node.get("tags"), "devices": _list_in(given, "devices")}
    return _node(dict(flat, manage=_list_in(names, "manage"), storage=_list_in(names, "storage")))


def _list_in(given: Any, key: str) -> List[Any]:
    value = given.get(key, []) if isinstance(given, dict) else None
    if not isinstance(value, list):
        raise InputError("topology: found %s for %s; write a list" % (shown(value), key))
    return value


def _problems(clusters: Sequence[DesiredCluster]) -> List[str]:
    """Return all that heketi would refuse, and what it would take and make a mess of."""
    problems: List[str] = []
    for cluster in clusters:
        for node in cluster.nodes:
            problems += _node_problems(node)
    return problems + _twice(clusters)


def _node_problems(node: DesiredNode) -> List[str]:
    if not node.manage or not node.manage[0]:
        return ["a node without a name: manage is empty"]
    problems = ["%s: %r is no host name" % (node.name, host) for host in node.manage + node.storage if _no_host(host)]
    if node.state != ABSENT:
        problems += (
            [] if node.storage else ["%s: storage: the address that bricks are reached at is missing" % node.name]
        )
        problems += (
            [] if node.zone >= 1 else ["%s: zone: heketi wants a number from 1, found %s" % (node.name, node.zone)]
        )
    problems += _tag_problems(node.name, node.tags)
    for device in node.devices:
        problems += _device_problems(node, device)
    return problems


def _no_host(host: Any) -> bool:
    return not _HOST_NAME.match(str(host))


def _device_problems(node: DesiredNode, device: DesiredDevice) -> List[str]:
    where = "%s: device %s" % (node.name, device.name or "without a name")
    problems = _tag_problems(where, device.tags)
    if not _DEVICE_NAME.match(device.name):
        problems.append("%s: heketi wants a path of letters, digits and _ . : / -" % where)
    if device.state not in STATES:
        problems.append("%s: state %r; use one of %s" % (where, device.state, ", ".join(STATES)))
    return problems


def _tag_problems(where: str, tags: Optional[Dict[str, str]]) -> List[str]:
    given = tags or {}
    if len(given) > MAX_TAGS:
        return ["%s: %s tags; heketi takes %s" % (where, len(given), MAX_TAGS)]
    return [
        "%s: tag %s=%s: names are up to 32 letters, digits and _ . -, values up to 64 characters" % (where, name, value)
        for name, value in sorted(given.items())
        if not (_TAG_NAME.match(name) and _TAG_VALUE.match(value))
    ]


def _twice(clusters: Iterable[DesiredCluster]) -> List[str]:
    """Names of nodes are unique over all clusters, for managing and for storage each; devices are on their node."""
    nodes = [node for cluster in clusters for node in cluster.nodes if node.manage]
    problems = ["manage: %s belongs to two nodes" % name for name in _repeated(nodes, "manage")]
    problems += ["storage: %s belongs to two nodes" % name for name in _repeated(nodes, "storage")]
    for node in nodes:
        names = [device.name for device in node.devices]
        problems += ["%s: device %s is named twice" % (node.name, name) for name in _doubles(names)]
    return problems


def _repeated(nodes: Iterable[DesiredNode], field: str) -> List[str]:
    return _doubles([name for node in nodes for name in set(getattr(node, field))])


def _doubles(names: Sequence[str]) -> List[str]:
    return sorted({name for name in names if names.count(name) > 1})
