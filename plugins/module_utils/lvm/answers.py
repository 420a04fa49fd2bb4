# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what lsblk, findmnt, blkid and LVM print to records. Pure. PRIVATE to the collection.

lsblk and findmnt print pairs (-P) and not JSON, which the versions of EL7 do not have yet.
"""

import json
import re
from typing import Dict, List, Optional, Tuple

from ansible_collections.brickwork.gluster.plugins.module_utils.command import NOT_FOUND, Result
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm.records import (
    FileSystem,
    LogicalVolume,
    Mount,
    PhysicalVolume,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.reading import parser

_PAIR = re.compile(r'([A-Z:_-]+)="((?:[^"\\]|\\.)*)"')
_ESCAPE = re.compile(r"\\x([0-9a-fA-F]{2})")


def parse_pairs(text: str) -> List[Dict[str, str]]:
    """Return one dictionary a line of KEY="value" output."""
    return [
        {key: _ESCAPE.sub(lambda code: chr(int(code.group(1), 16)), value) for key, value in _PAIR.findall(line)}
        for line in text.splitlines()
        if line.strip()
    ]


@parser("LVM")
def parse_report(text: str, kind: str) -> List[Dict[str, str]]:
    """Return the rows of one LVM report (C(--reportformat json)); kind is C(pv) or C(lv)."""
    return [row for report in json.loads(text)["report"] for row in report.get(kind, [])]


@parser("pvs")
def parse_physicals(text: str) -> Tuple[PhysicalVolume, ...]:
    """Return the PhysicalVolumes of C(pvs)."""
    return tuple(
        PhysicalVolume(row["pv_name"], row["pv_uuid"], row["vg_name"], _tags(row["vg_tags"]), int(row["vg_free"] or 0))
        for row in parse_report(text, "pv")
    )


@parser("lvs")
def parse_logicals(text: str) -> Tuple[LogicalVolume, ...]:
    """Return the LogicalVolumes of C(lvs)."""
    return tuple(
        LogicalVolume(
            row["lv_name"],
            row["vg_name"],
            int(row["lv_size"]),
            _tags(row["lv_tags"]),
            row["pool_lv"],
            int(row["lv_metadata_size"] or 0),
            _percent(row["data_percent"]),
            _percent(row["metadata_percent"]),
            row["lv_active"].startswith("active"),
        )
        for row in parse_report(text, "lv")
    )


def _tags(text: str) -> Tuple[str, ...]:
    return tuple(tag for tag in text.split(",") if tag)


def _percent(text: str) -> Optional[float]:
    return float(text) if text else None


@parser("findmnt")
def parse_mounts(text: str) -> Tuple[Mount, ...]:
    """Return the Mounts of C(findmnt -P)."""
    return tuple(
        Mount(row.get("SOURCE", ""), row.get("TARGET", ""), row.get("FSTYPE", ""), row.get("UUID", ""))
        for row in parse_pairs(text)
    )


@parser("blkid")
def parse_probe(result: Result) -> FileSystem:
    """Return the FileSystem that C(blkid -p -o export) found on a device, several kinds joined."""
    if result.rc == 2:
        return FileSystem()
    if result.rc == 8:
        return FileSystem("several signatures that contradict each other")
    found = dict(line.partition("=")[::2] for line in result.stdout.splitlines())
    kinds = [found["TYPE"]] if "TYPE" in found else []
    if "PTTYPE" in found:
        kinds.append("%s partition table" % found["PTTYPE"])
    unread = "" if result.rc == 0 else "something that blkid can't read: " + result.stderr.strip()
    return FileSystem(" and ".join(kinds) or unread, found.get("UUID", ""))


def parse_probes(result: Result) -> Dict[str, FileSystem]:
    """Return by device what C(blkid -p -o export) found on several; devices that it does not tell of are left out.

    Where it failed, nobody knows of which device that tells: then all are.
    """
    told = re.split(r"^DEVNAME=(.*)$", result.stdout, flags=re.MULTILINE)[1:] if result.rc == 0 else []
    return {path: parse_probe(Result(0, text, "")) for path, text in zip(told[::2], told[1::2])}


#: What pvcreate says in each test, and of what it would only ask about.
_NO_REASON = re.compile(r"^(TEST MODE: |WARNING: |Not creating system devices file)")
#: Why LVM leaves a device alone that is none any more once what is on it is wiped.
_CONTENT = re.compile(
    r"device is partitioned|device has a signature|md component|Aborted wiping|"
    r"existing signatures? left|without -ff|physical volume not initialized"
)


def parse_rejection(result: Result, signature: str) -> str:
    """Return why C(pvcreate --test) takes no such device, "" if it does, or if only what the device holds keeps it.

    Before LVM 2.03.12 a device with partitions or in a RAID is "excluded by a filter" like any other.
    """
    if result.rc in (0, NOT_FOUND):
        return ""
    lines = [line.strip() for line in (result.stderr + "\n" + result.stdout).splitlines()]
    reasons = [line.rstrip(".") for line in lines if line and not _NO_REASON.match(line)]
    ambiguous = "partition table" in signature or "raid_member" in signature
    return "; ".join(
        reason for reason in reasons if not _CONTENT.search(reason) and not (ambiguous and _is_unspecific(reason))
    )


def _is_unspecific(reason: str) -> bool:
    return "excluded by a filter" in reason
