# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""heketi's bricks on a node that are not mounted, or that no boot would mount; on the controller. Pure. PRIVATE.

GlusterFS knows which bricks a node has, and LVM whether they are there. heketi itself never looks again.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from ansible_collections.brickwork.gluster.plugins.module_utils.facts import from_facts
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm import fstab
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.records import ObservedHost
from ansible_collections.brickwork.gluster.plugins.plugin_utils.heketi.account import DEFAULT_FSTAB

#: The program by which heketi itself does this; it judges the words, and writes fstab as a whole or not at all.
PROGRAM = "/usr/local/sbin/brickwork-heketi-node"

_BRICK = re.compile(r"(/var/lib/heketi/mounts/(vg_[0-9a-f]{32})/(brick_[0-9a-f]{32}))/brick\Z")
_AWK = 'BEGIN {print "%s %s xfs %s 1 2" >> "%s"}'


class HeketiBrick(NamedTuple):
    """A brick of one of heketi's volumes, as it is on its node."""

    volume: str
    path: str
    mount: str
    group: str
    name: str
    is_there: bool
    is_active: bool
    is_mounted: bool
    has_line: bool

    @property
    def device(self) -> str:
        """Its logical volume."""
        return "/dev/mapper/%s-%s" % (self.group, self.name)

    @property
    def is_well(self) -> bool:
        """Whether it is mounted now and after the next boot."""
        return self.is_mounted and self.has_line


def heketi_bricks(observed: ObservedHost) -> list[HeketiBrick]:
    """Return the bricks of heketi's volumes that GlusterFS says this host has."""
    places = [(_BRICK.match(path), observed.used_paths[path]) for path in sorted(observed.used_paths)]
    return [_brick(observed, place, volume) for place, volume in places if place]


def _brick(observed: ObservedHost, place: re.Match[str], volume: str) -> HeketiBrick:
    mount, group, name = place.groups()
    logical = next((one for one in observed.logicals if (one.group, one.name) == (group, name)), None)
    return HeketiBrick(
        volume=volume,
        path=place.group(),
        mount=mount,
        group=group,
        name=name,
        is_there=logical is not None,
        is_active=logical is not None and logical.active,
        is_mounted=observed.mount_at(mount) is not None,
        has_line=bool(fstab.find_targets(observed.fstab, mount)),
    )


def _bricks_of(disks: Mapping[str, Any], fstab_path: str) -> list[HeketiBrick]:
    """Return the bricks in an answer of lvm_brick_info; what stands in another fstab is not in there."""
    if not disks.get("observed"):
        return []
    found = heketi_bricks(from_facts(ObservedHost, disks["observed"]))
    return found if fstab_path == DEFAULT_FSTAB else [brick._replace(has_line=True) for brick in found]


def brick_problems(looked: Mapping[str, Any], fstab_path: str = DEFAULT_FSTAB) -> list[str]:
    """Return in sentences what is wrong with heketi's bricks; looked has by host what lvm_brick_info said there."""
    return [
        "%s: heketi's brick %s of volume %s %s" % (host, brick.name, brick.volume, _words(brick, fstab_path))
        for host in sorted(looked)
        for brick in _bricks_of(looked[host] or {}, fstab_path)
        if not brick.is_well
    ]


def _words(brick: HeketiBrick, fstab_path: str) -> str:
    if not brick.is_there:
        return "is gone: there is no logical volume %s/%s; its disk may be dead" % (brick.group, brick.name)
    if brick.is_mounted:
        return "has no line in %s, so no boot mounts it; run playbooks/heketi.yml" % fstab_path
    lacks = "is not mounted" + ("" if brick.has_line else " and has no line in %s" % fstab_path)
    return lacks + "; run playbooks/heketi.yml"


def restoring_commands(disks: Mapping[str, Any], settings: Mapping[str, Any]) -> list[list[str]]:
    """Return the commands that bring heketi's bricks of a node back; settings are those of heketi's program there."""
    return [
        command
        for brick in _bricks_of(disks, settings["fstab"])
        if brick.is_there and not brick.is_well
        for command in _commands(brick, settings["mount_options"], settings["fstab"])
    ]


def _commands(brick: HeketiBrick, options: str, fstab_path: str) -> list[list[str]]:
    commands = []
    if not brick.is_active:
        commands.append(["lvchange", "-ay", "%s/%s" % (brick.group, brick.name)])
    if not brick.is_mounted:
        commands.append([PROGRAM, "mkdir", "-p", brick.mount])
    if not brick.has_line:
        commands.append([PROGRAM, "awk", _AWK % (brick.device, brick.mount, options, fstab_path)])
    if not brick.is_mounted:
        commands.append([PROGRAM, "mount", "-o", options, brick.device, brick.mount])
    return commands


def volumes_to_start(looked: Iterable[Mapping[str, Any]], bricks: Iterable[dict[str, Any]]) -> list[str]:
    """Return the volumes whose bricks were away and have no process yet, of those that somebody started.

    looked are the answers of lvm_brick_info from before, bricks is what gluster_info says now.
    """
    away: set[str] = {
        brick.path for disks in looked for brick in _bricks_of(disks, DEFAULT_FSTAB) if not brick.is_mounted
    }
    return sorted(
        {
            brick["volume"]
            for brick in bricks
            if brick["path"] in away and brick["volume_started"] and not brick["online"]
        }
    )
