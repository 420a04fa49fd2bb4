# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What clients mount, and what is still to be mounted. Pure. PRIVATE to the collection."""

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError, UnsafeChangeError
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm import fstab

KIND = "glusterfs"
MOUNTED_KIND = "fuse.glusterfs"


def client_mounts(volumes, client):
    """Return what a client mounts: volume, path, source and options.

    A volume says in C(clients) where it is mounted: path, and optionally hosts (all clients if left out) and options.
    Each mount starts from the volume's first brick and falls back on the other hosts of its bricks.
    """
    mounts = []
    for volume in volumes:
        for place in volume.get("clients") or ():
            if client in (place.get("hosts") or [client]):
                mounts.append(_mount(volume, place))
    paths = [mount["path"] for mount in mounts]
    twice = sorted({path for path in paths if paths.count(path) > 1})
    if twice:
        raise InputError("clients: %s on %s is the mount point of two volumes" % (", ".join(twice), client))
    return mounts


def _mount(volume, place):
    path = str(place.get("path") or "")
    if not path.startswith("/") or any(letter.isspace() for letter in path):
        raise InputError("clients: path %r of volume %s is no mount point" % (path, volume["name"]))
    servers = list(dict.fromkeys(brick["address"] for brick in volume["bricks"]))
    options = [place["options"]] if place.get("options") else ["defaults"]
    options.append("_netdev")
    if servers[1:]:
        options.append("backup-volfile-servers=%s" % ":".join(servers[1:]))
    return {
        "volume": volume["name"],
        "path": path.rstrip("/"),
        "source": "%s:/%s" % (servers[0], volume["name"]),
        "options": ",".join(options),
    }


def plan_mounts(mounts, fstab_text, mounts_text):
    """Return those of the mounts that are not yet so, with the state that ansible.posix.mount needs.

    fstab_text is /etc/fstab, mounts_text is /proc/mounts. Raises UnsafeChangeError where something else is mounted.
    """
    mounted = {entry.target: entry for entry in fstab.entries(mounts_text)}
    pending = []
    for mount in mounts:
        is_mounted = _is_mounted(mount, mounted.get(mount["path"]))
        if not is_mounted or not _is_written(mount, fstab.find_target(fstab_text, mount["path"])):
            pending.append(dict(mount, state="present" if is_mounted else "mounted"))
    return pending


def _is_mounted(mount, entry):
    if entry is None:
        return False
    kind = entry.line.split()[2]
    # Any server of the pool hands out the volume, so only the volume counts.
    if kind != MOUNTED_KIND or entry.source.rpartition(":")[2].lstrip("/") != mount["volume"]:
        raise UnsafeChangeError(
            "clients: %s has %s (%s) mounted, not volume %s; it stays as it is"
            % (mount["path"], entry.source, kind, mount["volume"])
        )
    return True


def _is_written(mount, entry):
    words = entry.line.split() if entry else []
    return words[:1] == [mount["source"]] and words[2:4] == [KIND, mount["options"]]
