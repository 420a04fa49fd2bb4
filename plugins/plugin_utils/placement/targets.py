# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many bricks a volume consists of, and how large they are. Sizes in bytes. PRIVATE to the collection."""

import re
from collections.abc import Iterable, Sequence

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError
from ansible_collections.brickwork.gluster.plugins.module_utils.shapes import Shape
from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import (
    EXTENT,
    MIB,
    MIN_BRICK,
    brick_footprint,
    format_size,
    round_up,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.placement.records import (
    Existing,
    Host,
    Limits,
    Request,
    RequestedVolume,
    Target,
)

#: An arbiter holds no data, only names and attributes: 4 KiB for each file (Red Hat Gluster Storage administration
#: guide, "Arbiter capacity requirements"). At an average of 64 KiB a file, that is a sixteenth of the data.
ARBITER_SHARE = 16
MIN_ARBITER = 512 * MIB

_NUMBER = re.compile(r"-(\d+)\Z")

#: The hosts that a volume may use, and the largest device for data: its size, host and path.
_Eligible = tuple[list[Host], tuple[int, str, str]]


def read_targets(request: Request) -> list[Target]:
    """Return the Target of every desired volume, in the order given.

    Raises InputError that names every volume that can't be made of these hosts, and why.
    """
    targets, problems = [], []
    eligible: dict[Limits, _Eligible] = {}
    for desired in request.volumes:
        if desired.limits not in eligible:
            eligible[desired.limits] = _eligible(desired.limits, request.hosts)
        try:
            targets.append(_checked(target_of(desired, request.existing[desired.name]), eligible[desired.limits]))
        except InputError as error:
            problems.append("volumes: %s: %s" % (desired.name, error))
    if problems:
        raise InputError("\n".join(problems))
    return targets


def target_of(desired: RequestedVolume, existing: Sequence[Existing]) -> Target:
    """Return the Target of a desired volume, given what exists of it.

    Raises InputError where what is desired contradicts the running volume, or has no size.
    """
    running = _running(existing)
    sets = _sets(desired, len(running))
    first = _first_number(running)
    last = first + sets * desired.shape.width - len(running)
    prepared: dict[int, Existing] = {}
    left_over = []
    for brick in existing:
        if brick.in_volume or _is_running(brick, running):
            continue
        if first <= brick.number < last:
            _refuse_double(prepared.setdefault(len(running) + brick.number - first, brick), brick)
        else:
            left_over.append(brick)
    target = Target(desired, sets, 0, 0, running, prepared, first, tuple(left_over))
    data = _data_size(target)
    return target._replace(data_size=data, arbiter_size=arbiter_size(data))


def arbiter_size(data_size: int) -> int:
    """Return the bytes of an arbiter brick that goes with data bricks of this size."""
    return round_up(max(data_size // ARBITER_SHARE, MIN_ARBITER), EXTENT)


def _running(existing: Iterable[Existing]) -> tuple[Existing, ...]:
    bricks = sorted((brick for brick in existing if brick.in_volume), key=lambda brick: brick.number)
    if [brick.number for brick in bricks] != list(range(1, len(bricks) + 1)):
        raise InputError(
            "existing: found %s bricks that are not numbered from 1; give all bricks of the volume" % len(bricks)
        )
    return tuple(bricks)


def _sets(desired: RequestedVolume, running: int) -> int:
    width = desired.shape.width
    if running % width:
        raise InputError(
            "type: found %s bricks, which are no whole sets of %s; write the type that the volume has"
            % (running, desired.shape.describe())
        )
    present = running // width
    if desired.sets is not None and desired.sets < present:
        raise InputError(
            "sets: found %s, and the volume has %s; write %s or more, as bricks are never removed by omission; the "
            "playbook shrink takes sets out of a volume" % (desired.sets, present, present)
        )
    return desired.sets or present or 1


def _first_number(running: Sequence[Existing]) -> int:
    """A replaced brick bears a higher number than its position; no number is used twice."""
    highest = len(running)
    for brick in running:
        match = _NUMBER.search(brick.name)
        highest = max(highest, int(match.group(1)) if match else 0)
    return highest + 1


def _is_running(prepared: Existing, running: Iterable[Existing]) -> bool:
    """Whether a logical volume that was found is the one under a brick of the running volume."""
    name = "%s-%s" % (prepared.volume, prepared.number)
    return any(brick.host == prepared.host and brick.name == name for brick in running)


def _data_size(target: Target) -> int:
    data = [target.existing_at(position) for position in _standing(target) if not target.is_arbiter(position)]
    largest = max((brick.size or 0 for brick in data if brick), default=0)
    if target.desired.size is None:
        if not largest:
            raise InputError("size: it is missing; write the usable size of the whole volume, such as 100GiB")
        return largest
    share = _brick_share(target.desired.size, target.sets, target.desired.shape)
    if largest >= round_up(share, EXTENT):
        # Also where that is too little for a new brick, as before a volume loses sets that its size no longer counts.
        return largest
    return round_up(check_brick_size(target.desired.size, target.sets, target.desired.shape), EXTENT)


def check_brick_size(size: int, sets: int, shape: Shape) -> int:
    """Return the bytes of each data brick of a volume; raises InputError for bricks that XFS can't be made on."""
    share = _brick_share(size, sets, shape)
    if share < MIN_BRICK:
        least = sets * _data_bricks(shape) * MIN_BRICK
        raise InputError(
            "size: found %s, which makes bricks of %s, and XFS needs %s; write %s or more"
            % (format_size(size), format_size(share), format_size(MIN_BRICK), format_size(least))
        )
    return share


def _brick_share(size: int, sets: int, shape: Shape) -> int:
    return -(-size // (sets * _data_bricks(shape)))


def _standing(target: Target) -> list[int]:
    return list(range(len(target.running))) + sorted(target.prepared)


def _data_bricks(shape: Shape) -> int:
    """Bricks' worth of data that one set holds."""
    return shape.disperse - shape.redundancy if shape.disperse else 1


def _refuse_double(first: Existing, second: Existing) -> None:
    if first is not second:
        raise InputError(
            "existing: found brick %s ready on both %s and %s; remove one of them by name (lvm_brick, state: absent)"
            % (first.number, first.host, second.host)
        )


def _eligible(limits: Limits, hosts: Iterable[Host]) -> _Eligible:
    """Return the hosts with the devices that a volume within these limits may use, and the largest device for data."""
    usable = [
        host._replace(devices=tuple(device for device in host.devices if limits.admits_device(device.path)))
        for host in hosts
        if limits.admits_host(host.name)
    ]
    found = [host for host in usable if host.devices]
    devices = [
        (device.size, host.name, device.path) for host in found for device in host.devices if not host.arbiter_only
    ]
    return found, max(devices or [(0, "", "")])


def _checked(target: Target, eligible: _Eligible) -> Target:
    """Return the target if hosts enough, and devices large enough, are there for what it still lacks."""
    if all(target.existing_at(position) for position in target.positions):
        return target
    hosts, (room, host, device) = eligible
    if not target.desired.shape.arbiters:
        hosts = [found for found in hosts if not found.arbiter_only]
    if len(hosts) < target.desired.shape.width:
        raise InputError(
            "type: %s needs %s hosts with devices, since no two bricks of a set share a host, and it may use %s (%s); "
            "add hosts or devices"
            % (
                target.desired.shape.describe(),
                target.desired.shape.width,
                len(hosts),
                ", ".join(host.name for host in hosts) or "none",
            )
        )
    if brick_footprint(target.data_size) > room:
        raise InputError(
            "size: bricks of %s take %s with their pools' metadata, and the largest device, %s of %s, has %s; "
            "raise sets, lower size or add larger devices"
            % (
                format_size(target.data_size),
                format_size(brick_footprint(target.data_size)),
                device,
                host,
                format_size(room),
            )
        )
    return target
