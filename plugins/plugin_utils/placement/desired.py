# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads what the user wrote, and refuses what is wrong in itself, before placing. PRIVATE to the collection."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Optional, TypeVar

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError, all_at_once
from ansible_collections.brickwork.gluster.plugins.module_utils.grammar import shown, volume_name
from ansible_collections.brickwork.gluster.plugins.module_utils.shapes import Shape, shape_of
from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import parse_size
from ansible_collections.brickwork.gluster.plugins.plugin_utils.placement.records import (
    ARBITER_ZONE,
    DEFAULT_ZONE,
    PREFERRED,
    STRICT,
    Device,
    Existing,
    Host,
    Request,
    RequestedVolume,
)

Record = TypeVar("Record")

_OUR_PATH = re.compile(r"/([^/]+)/brick\Z")
_COUNT = re.compile(r"[0-9]{1,9}\Z")
#: Beyond this nobody has run a volume: a slip of the keyboard must end in an error and not in hours.
MOST_BRICKS = 10000


def read_request(
    volumes: Iterable[Any], hosts: Iterable[Any], existing: Iterable[Any], zone_policy: Any, root: Any
) -> Request:
    """Return the Request made of plain lists and dictionaries.

    Raises InputError that names every wrong option with its volume or host, and what to change.
    """
    problems: list[str] = []
    if zone_policy not in (STRICT, PREFERRED):
        problems.append("zone_policy: %r is unknown; use %s or %s" % (zone_policy, STRICT, PREFERRED))
    if not str(root).startswith("/"):
        problems.append("root: %s is no absolute path" % root)
    read_hosts = _read_all("hosts", _read_host, hosts, problems)
    requested = _read_all("volumes", _read_volume, volumes, problems)
    bricks = _read_all("existing", _read_existing, existing, problems)
    _refuse_twins("hosts", "name", [host.name for host in read_hosts], problems)
    _refuse_twins("hosts", "address", [host.address for host in read_hosts], problems)
    _refuse_twins("volumes", "name", [desired.name for desired in requested], problems)
    _check_limits(requested, read_hosts, problems)
    if problems:
        raise InputError(all_at_once(problems))
    return Request(requested, sorted(read_hosts), _by_volume(requested, bricks), zone_policy, str(root).rstrip("/"))


def _read_all(option: str, read: Callable[[Any], Record], items: Iterable[Any], problems: list[str]) -> list[Record]:
    """Read every item; what is wrong goes to the problems, so that the user sees all of it at once."""
    records = []
    for position, item in enumerate(items):
        where = "%s: %s" % (option, _called(item, position))
        try:
            records.append(read(item))
        except InputError as error:
            problems.append("%s: %s" % (where, error))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            problems.append("%s: %s is missing or malformed" % (where, error))
    return records


def _called(item: Any, position: int) -> str:
    name = item.get("name") or item.get("volume") if isinstance(item, dict) else None
    return str(name or "number %s" % (position + 1))


def _required(item: Mapping[str, Any], key: str, advice: str) -> str:
    value = item.get(key)
    if value is None or str(value).strip() == "":
        raise InputError("%s: it is missing; %s" % (key, advice))
    return str(value)


def _read_host(item: Mapping[str, Any]) -> Host:
    name = _required(item, "name", "give the host's inventory name")
    address = _required(item, "address", "give the address that the pool knows the host by")
    devices = tuple(sorted(_read_device(device) for device in item.get("devices") or ()))
    problems: list[str] = []
    _refuse_twins("devices", "path", [device.path for device in devices], problems)
    if problems:
        raise InputError(problems[0])
    zone = item.get("zone")
    # A zone may be called 0.
    zone = DEFAULT_ZONE if zone is None or zone == "" else str(zone)
    return Host(name, address, zone, devices, bool(item.get("arbiter_only", zone == ARBITER_ZONE)))


def _read_device(item: Mapping[str, Any]) -> Device:
    path = _required(item, "path", "give the device's path, for example /dev/sdb")
    size = _bytes(item.get("size"), "size of %s" % path)
    return Device(path, size, _bytes(item.get("free"), "free of %s" % path), str(item.get("reason") or ""))


def _bytes(value: Any, option: str) -> int:
    # A device that could not be looked at has neither size nor room.
    if isinstance(value, int):
        return max(value, 0)
    return parse_size(value, option) if value is not None else 0


def _read_volume(item: dict[str, Any]) -> RequestedVolume:
    name = volume_name("name", _required(item, "name", "give the volume's name"))
    size = item.get("size")
    shape, sets = _read_shape(item), _count(item, "sets")
    if (sets or 1) * shape.width > MOST_BRICKS:
        raise InputError("sets: found %s of %s bricks; write at most %s bricks" % (sets, shape.width, MOST_BRICKS))
    return RequestedVolume(
        name,
        shape,
        sets,
        None if size is None else parse_size(size),
        tuple(str(host) for host in item.get("hosts") or ()),
        item,
        tuple(str(path) for path in item.get("devices") or ()),
    )


def _read_shape(item: Mapping[str, Any]) -> Shape:
    kind = str(_required(item, "type", "use one of distribute, replicate, arbiter, disperse"))
    replicas = _count(item, "replicas")
    if _flag(item, "arbiter"):
        if kind not in ("replicate", "distributed-replicate", "arbiter", "distributed-arbiter"):
            raise InputError("arbiter: found true with type %s; write it with type: replicate only" % kind)
        kind = "arbiter"
    return shape_of(kind, replicas, _count(item, "disperse_data"), _count(item, "redundancy"))


def _flag(item: Mapping[str, Any], option: str) -> bool:
    """A text that says false would count as true."""
    value = item.get(option, False)
    if not isinstance(value, bool):
        raise InputError("%s: found %s; write true or false without quotes" % (option, shown(value)))
    return value


def _count(item: Mapping[str, Any], option: str) -> Optional[int]:
    value = item.get(option)
    if value is None:
        return None
    if isinstance(value, bool) or not _COUNT.match(str(value)) or not 1 <= int(value) <= MOST_BRICKS:
        raise InputError("%s: found %s; write a whole number from 1 to %s" % (option, shown(value), MOST_BRICKS))
    return int(value)


def _read_existing(item: Mapping[str, Any]) -> Existing:
    device, size, path = item.get("device"), item.get("size"), item.get("path")
    volume, number = str(item["volume"]), int(item["index"])
    return Existing(
        volume,
        number,
        _brick_name(volume, number, path),
        str(item["host"]),
        None if device is None else str(device),
        None if size is None else _bytes(size, "size"),
        None if path is None else str(path),
        bool(item["in_volume"]),
        bool(item.get("fixed")),
    )


def _brick_name(volume: str, number: int, path: Optional[str]) -> str:
    """Return the name of a brick that exists: its mount's last part where that is one of ours."""
    match = _OUR_PATH.search(path or "")
    if match and match.group(1).startswith(volume + "-"):
        return match.group(1)
    return "%s-%s" % (volume, number)


def _refuse_twins(option: str, key: str, values: Iterable[str], problems: list[str]) -> None:
    seen = set()
    for value in values:
        if value in seen:
            problems.append("%s: %s %s is given twice; remove or rename one" % (option, key, value))
        seen.add(value)


def _check_limits(requested: Iterable[RequestedVolume], hosts: Iterable[Host], problems: list[str]) -> None:
    known = {host.name: host for host in hosts}
    for desired in requested:
        strangers = [name for name in desired.hosts if name not in known]
        if strangers:
            problems.append("volumes: %s: hosts: %s not among the hosts" % (desired.name, ", ".join(strangers)))


def _by_volume(requested: Iterable[RequestedVolume], bricks: Iterable[Existing]) -> dict[str, list[Existing]]:
    """Return the bricks of the declared volumes; those of others take no room that is counted as free."""
    found: dict[str, list[Existing]] = {desired.name: [] for desired in requested}
    for brick in bricks:
        if brick.volume in found:
            found[brick.volume].append(brick)
    return found
