# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the inventory to what heketi_topology takes, on the controller. Pure. PRIVATE to the collection."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError

#: What may be said of a device. heketi aligns by itself, so data_alignment is for lvm_brick only.
DEVICE_KEYS = frozenset(("path", "data_alignment", "overwrite", "tags"))
#: Zone whose hosts take arbiter bricks only, as everywhere in the collection.
ARBITER_ZONE = "arbiter"

#: What heketi makes of the state of a disk (gluster_devices): nothing new goes to one that is not active.
_STATES = {"active": "online", "retired": "offline", "lost": "offline"}
_NUMBER = re.compile(r"([0-9]+)\Z")


def heketi_clusters(servers: Iterable[str], hostvars: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the one cluster of those hosts as heketi_topology takes it; raises InputError with all that is wrong."""
    problems: list[str] = []
    zones: dict[int, str] = {}
    nodes = []
    for name in servers:
        facts = hostvars[name]
        if not facts.get("gluster_address"):
            problems.append("%s: gluster_address is missing" % name)
            continue
        zone = _zone(name, facts, zones, problems)
        nodes.append(_node(facts, zone, _devices(name, facts, problems)))
    if problems:
        raise InputError("\n".join(problems))
    return [{"nodes": nodes}]


def _node(facts: Mapping[str, Any], zone: int, devices: list[dict[str, Any]]) -> dict[str, Any]:
    address = str(facts["gluster_address"])
    node: dict[str, Any] = {
        "manage": [str(facts.get("heketi_manage") or address)],
        "storage": [address],
        "zone": zone,
        "devices": devices,
    }
    tags = dict(facts.get("heketi_tags") or {})
    if facts.get("gluster_zone") == ARBITER_ZONE:
        tags.setdefault("arbiter", "required")
    return dict(node, tags=tags) if tags else node


def _zone(name: str, facts: Mapping[str, Any], zones: dict[int, str], problems: list[str]) -> int:
    """Return heketi's number of a host's zone: the one that its name ends with, so that it stays when others come."""
    zone = _text(facts.get("gluster_zone"), "1")
    wanted = _text(facts.get("heketi_zone"), "")
    found = _NUMBER.search(wanted or zone)
    number = int(found.group(1)) if found else 0
    if number < 1:
        problems.append(
            "%s: heketi numbers zones from 1, can't change a node's zone, and %r ends with no number; set heketi_zone"
            % (name, wanted or zone)
        )
    elif zones.setdefault(number, zone) != zone:
        problems.append(
            "%s: zones %s and %s are both %s for heketi; set heketi_zone" % (name, zones[number], zone, number)
        )
    return number


def _text(value: Any, default: str) -> str:
    """A zone may be called 0, which is no less than any other name."""
    return default if value is None or value == "" else str(value)


def _devices(name: str, facts: Mapping[str, Any], problems: list[str]) -> list[dict[str, Any]]:
    shared = "heketi_devices" not in facts
    given = facts.get("gluster_devices") or [] if shared else facts["heketi_devices"]
    keys = DEVICE_KEYS | {"state"} if shared else DEVICE_KEYS
    devices = [device if isinstance(device, dict) else {"path": str(device)} for device in given]
    for device in devices:
        unknown = ", ".join(sorted(set(device) - keys))
        if unknown or not device.get("path"):
            what = "%s is unknown" % unknown if unknown else "path is missing"
            problems.append("%s: heketi_devices: %s: %s" % (name, device.get("path"), what))
    return [_device(device) for device in devices]


def _device(device: dict[str, Any]) -> dict[str, Any]:
    desired: dict[str, Any] = {"name": device.get("path"), "destroydata": device.get("overwrite", False) is True}
    if "state" in device:
        desired["state"] = _STATES.get(device["state"], device["state"])
    return dict(desired, tags=device["tags"]) if "tags" in device else desired
