# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What TLS means for a cluster's plan: the volumes' options, and what stands in the way. Pure. PRIVATE."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError, PlanError, UnsafeChangeError
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.options import as_typed
from ansible_collections.brickwork.gluster.plugins.module_utils.gluster.records import Volume
from ansible_collections.brickwork.gluster.plugins.module_utils.tls.names import common_name

#: By host, the names in the certificates of machines.
_Names = Mapping[str, str]
_ALLOWED = "auth.ssl-allow"
_BOTH_ENDS = ("client.ssl", "server.ssl")
_REMEDY = "its clients would lose it; stop it (state: stopped), run site, unmount it on its clients, and start it again"


def check_names(names: _Names) -> None:
    """Raise InputError for names of machines, by host, that certificates can't bear or that two hosts share."""
    for host, name in sorted(names.items()):
        common_name("%s: gluster_server_tls_name" % host, name)
    for name in sorted(set(names.values())):
        hosts = sorted(host for host in names if names[host] == name)
        if hosts[1:]:
            raise InputError(
                "gluster_server_tls_name: %s are all called %s; give each machine a name of its own"
                % (", ".join(hosts), name)
            )


def check_encryption(names: _Names, encrypted: Mapping[str, Any], volumes: Iterable[Volume]) -> None:
    """Refuse what would part nodes from each other, or clients from a started volume.

    names are those of all machines by host, none without TLS; encrypted tells for each node whether its glusterd does;
    volumes are those that exist.
    """
    desired, those = bool(names), sorted(node for node in encrypted if encrypted[node])
    if those and not desired:
        raise PlanError(
            "gluster_server_tls: it is not true, and glusterd encrypts on %s (/var/lib/glusterd/secure-access), "
            "so that others could not talk to it; set it to true" % ", ".join(those)
        )
    if desired and not those:
        _refuse_started(volumes, "gluster_server_tls: %s is started, and glusterd does not encrypt yet: " + _REMEDY)


def _refuse_started(volumes: Iterable[Volume], complaint: str) -> None:
    started = [volume.name for volume in volumes if volume.is_started]
    if started:
        raise UnsafeChangeError(complaint % ", ".join(started))


def encrypted_volume(
    volume: Mapping[str, Any],
    names: _Names,
    servers: Sequence[str],
    clients: Iterable[str],
    present: Mapping[str, Volume],
) -> dict[str, Any]:
    """Return a volume of the inventory with the options that encryption asks for; the user's own stand.

    servers are all storage nodes, clients all hosts that mount volumes; present are the volumes that exist, by name.
    Raises InputError where the user shuts the nodes themselves out, UnsafeChangeError for a started one that does not
    encrypt.
    """
    mounting = {host for place in volume.get("clients") or () for host in place.get("hosts") or clients}
    allowed = sorted({names[host] for host in mounting.union(servers) if host in names})
    given = volume.get("options") or {}
    options = dict({"client.ssl": "on", "server.ssl": "on", _ALLOWED: ",".join(allowed)}, **given)
    _refuse_shut_out(volume["name"], str(options[_ALLOWED]), [names[host] for host in servers])
    existing = present.get(volume["name"])
    if existing and volume.get("state") != "stopped" and _turns_on(options, existing):
        _refuse_started([existing], "gluster_volumes: volume %s is started without encryption: " + _REMEDY)
    return dict(volume, options=options)


def _refuse_shut_out(name: str, allowed: str, servers: Iterable[str]) -> None:
    absent = sorted(set(servers) - set(allowed.replace(" ", "").split(",")))
    if allowed != "*" and absent:
        raise InputError(
            "gluster_volumes: %s of %s lacks the storage nodes %s, which could not heal it; add them"
            % (_ALLOWED, name, ", ".join(absent))
        )


def _turns_on(options: Mapping[str, Any], existing: Volume) -> bool:
    return any(as_typed(options[name]) == "on" and existing.options.get(name) != "on" for name in _BOTH_ENDS)
