# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What clients mount, and what is still to be mounted. Pure. PRIVATE to the collection."""

from typing import Any, Collection, Dict, Iterable, List, Mapping, Optional

from ansible_collections.brickwork.gluster.plugins.module_utils import grammar
from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError, UnsafeChangeError
from ansible_collections.brickwork.gluster.plugins.module_utils.lvm import fstab

_Data = Mapping[str, Any]
_Mount = Dict[str, str]
KIND = "glusterfs"
MOUNTED_KIND = "fuse.glusterfs"
_AUTOMOUNT_KIND = "autofs"
#: What /proc/mounts calls the source of an automount of systemd's; other automounters have maps of their own.
_AUTOMOUNT_SOURCE = "systemd-1"


def client_mounts(volumes: Iterable[_Data], client: str) -> List[_Mount]:
    """Return what a client mounts: volume, path, source and options.

    A volume says in C(clients) where it is mounted: path, and optionally hosts (all clients if left out) and options.
    Each mount starts from the volume's first brick and falls back on the other hosts of its bricks.
    """
    mounts = []
    for volume in volumes:
        for place in volume.get("clients") or ():
            if client in (place.get("hosts", [client])):
                mounts.append(_mount(volume, place))
    paths = [mount["path"] for mount in mounts]
    twice = sorted({path for path in paths if paths.count(path) > 1})
    if twice:
        raise InputError(
            "clients: %s on %s is the mount point of two volumes; give one of them another path"
            % (", ".join(twice), client)
        )
    return mounts


def _mount(volume: _Data, place: _Data) -> _Mount:
    path = grammar.mount_point("clients: path of volume %s" % volume["name"], place.get("path") or "")
    servers = list(dict.fromkeys(brick["address"] for brick in volume["bricks"]))
    options = ["defaults"]
    if place.get("options"):
        options = [grammar.mount_options("clients: options of volume %s" % volume["name"], place["options"])]
    options.append("_netdev")
    if servers[1:]:
        options.append("backup-volfile-servers=%s" % ":".join(servers[1:]))
    return {
        "volume": volume["name"],
        "path": path,
        "source": "%s:/%s" % (servers[0], volume["name"]),
        "options": ",".join(options),
    }


def plan_mounts(
    mounts: Iterable[_Mount], fstab_text: str, mounts_text: str, dead: Collection[str] = ()
) -> List[Dict[str, Any]]:
    """Return those of the mounts that are not yet so, with the state that ansible.posix.mount needs.

    fstab_text is /etc/fstab, mounts_text is /proc/mounts; dead are the mount points that nobody serves any more.
    Raises UnsafeChangeError where something else is mounted.
    """
    mounts, mounted = list(mounts), seen_mounts(mounts_text)
    goes = [mount["path"] for mount in mounts if mount["path"] in dead and not _foreign_inside(mount, mounts, mounted)]
    pending: List[Dict[str, Any]] = []
    for mount in mounts:
        is_mounted = _is_mounted(mount, mounted.get(mount["path"]))
        if is_mounted and mount["path"] in goes:
            pending.append(dict(mount, state="mounted", dead=True))
        elif is_mounted and any(_is_inside(mount["path"], path) for path in goes):
            # It goes with the one around it.
            pending.append(dict(mount, state="mounted"))
        elif not is_mounted or not _is_written(mount, fstab.find_targets(fstab_text, mount["path"])):
            pending.append(dict(mount, state="present" if is_mounted else "mounted"))
    return sorted(pending, key=lambda mount: mount["path"]) if goes else pending


def _is_inside(path: str, outer: str) -> bool:
    return path.startswith(outer.rstrip("/") + "/")


def _foreign_inside(mount: _Mount, mounts: Iterable[_Mount], mounted: Iterable[str]) -> bool:
    """Whether something is mounted inside a mount that nobody would mount again if that one went."""
    ours = {one["path"] for one in mounts}
    return any(_is_inside(path, mount["path"]) and path not in ours for path in mounted)


def seen_mounts(mounts_text: str) -> Dict[str, fstab.Entry]:
    """Return by mount point what is seen there: the last one, which covers an automount that has done its work."""
    return {entry.target: entry for entry in fstab.entries(mounts_text)}


def _is_idle_automount(entry: fstab.Entry) -> bool:
    """Whether systemd mounts there as soon as somebody looks."""
    return entry.kind == _AUTOMOUNT_KIND and entry.source == _AUTOMOUNT_SOURCE


def _is_mounted(mount: _Mount, entry: Optional[fstab.Entry]) -> bool:
    if entry is None:
        return False
    if _is_idle_automount(entry):
        return True
    # Any server of the pool hands out the volume, so only the volume counts.
    if entry.kind != MOUNTED_KIND or _volume_of(entry) != mount["volume"]:
        raise UnsafeChangeError(
            "clients: %s has %s (%s) mounted, not volume %s; unmount that, or give the volume another path"
            % (mount["path"], entry.source, entry.kind, mount["volume"])
        )
    return True


def _volume_of(entry: fstab.Entry) -> str:
    return entry.source.rpartition(":")[2].lstrip("/")


def _is_written(mount: _Mount, entries: List[fstab.Entry]) -> bool:
    if len(entries) != 1:
        return False
    [entry] = entries
    return (
        entry.source == mount["source"] and entry.kind == KIND and entry.options == tuple(mount["options"].split(","))
    )


def unmounted_lines(fstab_text: str, mounts_text: str, volumes: Iterable[str]) -> List[fstab.Entry]:
    """Return the lines of fstab that mount one of the volumes at every boot, and that are not mounted."""
    mounted = seen_mounts(mounts_text)
    known = set(volumes)
    return [
        entry
        for entry in fstab.entries(fstab_text)
        if entry.kind == KIND
        and _volume_of(entry) in known
        and "noauto" not in entry.options
        and not _shows(entry, mounted.get(entry.target))
    ]


def _shows(line: fstab.Entry, mounted: Optional[fstab.Entry]) -> bool:
    if mounted is None:
        return False
    return _is_idle_automount(mounted) or (mounted.kind == MOUNTED_KIND and _volume_of(mounted) == _volume_of(line))
