# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything about the pool in one read, for gluster_info and for planning on the controller. PRIVATE."""

import os
from typing import Any, Dict

from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.settings import (
    VOLFILE,
    assignment,
    management_port,
    working_directory,
)
from ansible_collections.brickwork.gluster.plugins.module_utils.facts import to_facts
from ansible_collections.brickwork.gluster.plugins.module_utils.files import TextFiles
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster import answers
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.option_groups import read_groups
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import BrickStatus, Pool
from ansible_collections.brickwork.gluster.plugins.module_utils.tls.files import SECURE_ACCESS

PARTS = ("pool", "volumes", "options", "bricks", "tasks", "heal")


def local_facts(files=None):
    """Return what this node tells even while its glusterd is stopped: volumes, op-version, open port, encryption."""
    files = files or TextFiles()
    volfile = files.read(VOLFILE)
    folder = working_directory(volfile)
    tables = files.read("/proc/net/tcp") + files.read("/proc/net/tcp6")
    identity = files.read(os.path.join(folder, "glusterd.info"))
    return {
        "uuid": assignment(identity, "UUID") or "",
        "stored_volumes": files.entries(os.path.join(folder, "vols")),
        "op_version": int(assignment(identity, "operating-version") or 0),
        "listening": is_listening(tables, management_port(volfile)),
        "encrypted": files.exists(SECURE_ACCESS),
    }


def is_listening(tables, port):
    """Whether something listens on a TCP port, as /proc/net/tcp and tcp6 tell (state 0A, ports in hexadecimal)."""
    rows = [line.split() for line in tables.splitlines()]
    return any(row[3] == "0A" and row[1].endswith(":%04X" % port) for row in rows if len(row) > 3)


def observe_gluster(gluster, parts=PARTS, local=local_facts, groups=read_groups):
    """Return what the asked parts say. A node without GlusterFS, or with a stopped glusterd, is an answer, too."""
    version = gluster.version()
    facts = dict(local(), installed=version is not None, version=version, running=False)
    empty = {"pool": to_facts(Pool(())), "volumes": [], "options": {}, "bricks": [], "tasks": [], "heal": []}
    facts.update({part: empty[part] for part in parts})
    if "volumes" in parts:
        facts["option_groups"] = groups()
    if version is None:
        return facts
    try:
        facts["pool"] = to_facts(gluster.pool())
    except answers.DaemonDown:
        return facts
    facts["running"] = True
    facts.update(_volume_parts(gluster, parts))
    return facts


def _volume_parts(gluster, parts):
    if not set(parts) - {"pool"}:
        return {}
    volumes = gluster.volumes()
    facts: Dict[str, Any] = {"volumes": [_volume_facts(volume) for volume in volumes]}
    if "options" in parts:
        facts["options"] = {volume.name: gluster.options(volume.name) for volume in volumes}
    started = [volume.name for volume in volumes if volume.is_started]
    if "bricks" in parts:
        facts["bricks"] = brick_facts(volumes, gluster.brick_status(started))
    if "tasks" in parts:
        facts["tasks"] = to_facts(gluster.tasks(started))
    if "heal" in parts:
        facts["heal"] = [count for volume in volumes if _heals(volume) for count in _heal_facts(gluster, volume)]
    return facts


def _volume_facts(volume):
    return dict(to_facts(volume), sets=volume.sets, started=volume.is_started)


def brick_facts(volumes, status):
    """Return all bricks of all volumes with their state. Those of a dead peer, which status leaves out, are offline."""
    facts = []
    for volume in volumes:
        known = {(brick.host, brick.path): brick for brick in status.get(volume.name, ())}
        for brick in volume.bricks:
            found = known.get((brick.host, brick.path), BrickStatus(brick.host, brick.path, False, None, None))
            facts.append(
                dict(to_facts(found), volume=volume.name, volume_started=volume.is_started, arbiter=brick.arbiter)
            )
    return facts


def _heals(volume):
    return volume.is_started and volume.set_width > 1


def _heal_facts(gluster, volume):
    return [dict(to_facts(count), volume=volume.name) for count in gluster.heal_counts(volume.name)]
