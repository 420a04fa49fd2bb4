# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Setting up heketi's server, on the controller: what is wrong with its settings, or its way to nodes. Pure. PRIVATE.

What is desired is what the role's variables say, by their names without C(heketi_).
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError
from ansible_collections.brickwork.gluster.plugins.plugin_utils.cluster.looks import LOOK, is_absent, node_of
from ansible_collections.brickwork.gluster.plugins.plugin_utils.heketi.inventory import heketi_clusters
from ansible_collections.brickwork.gluster.plugins.plugin_utils.heketi.settings import (
    ABSOLUTE_PATH,
    EXECUTORS,
    VERSIONS,
    configuration,
    environment,
    option_problems,
)

#: The account of the service itself.
SERVICE_USER = "heketi"
SOURCES = ("binary", "tarball", "rpm_folder", "repository", "preinstalled")
KEY_TYPES = ("ed25519", "ecdsa")
KERNEL_MODULES = ("dm_thin_pool", "dm_snapshot", "dm_mirror")

_CHECKSUM = re.compile(r"\A(sha256:)?[0-9a-f]{64}\Z")
#: heketi's volume groups.
_GROUP = re.compile(r"\Avg_[0-9a-f]{32}\Z")
_USER = re.compile(r"\A[a-z_][a-z0-9_-]{0,31}\Z")
#: What an environment file of systemd's takes as it is, in any version of it.
_KEY = re.compile(r"\A[!#%&()*+,./0-9:;<=>?@A-Z\[\]^_a-z{|}~-]+\Z")

#: What to do about a link of the way to a node that is broken.
_LINKS = (
    ("sudo", "{user} may not run heketi's commands by sudo; look at /etc/sudoers.d/brickwork-heketi there"),
    ("glusterd", "glusterd has to run there, as the unit glusterd"),
    ("lvm", "LVM's programs have to be found by sudo (package lvm2)"),
    ("thin_check", "thin pools need it (thin-provisioning-tools, on EL device-mapper-persistent-data)"),
    ("modules", "the kernel has to have them now and after each boot"),
)


def server_files(desired: Mapping[str, Any]) -> dict[str, Any]:
    """Return the texts of settings without problems: C(config) as data, and C(environment)."""
    return {"config": configuration(desired), "environment": environment(desired)}


def server_problems(
    desired: Mapping[str, Any], host: str, hosts: Sequence[str], hostvars: Mapping[str, Any], servers: Sequence[str]
) -> list[str]:
    """Return all that is wrong with the settings, in sentences. hosts is the group heketi, servers the nodes."""
    problems = (
        _version_problems(desired) + _source_problems(desired) + _key_problems(desired) + _account_problems(desired)
    )
    if len(hosts) != 1:
        problems.append("the group heketi has %s; only one heketi may run on a database" % ", ".join(hosts))
    if host in servers and desired["ssh_user"] == SERVICE_USER:
        problems.append("heketi_ssh_user: %s is the service's own account on %s; name another" % (SERVICE_USER, host))
    problems += ["%s: there is no such file on the controller" % name for name in desired["missing_files"]]
    return problems + _node_problems(desired, hostvars, servers)


def _version_problems(desired: Mapping[str, Any]) -> list[str]:
    version = int(desired["version"]) if str(desired["version"]).isdigit() else 0
    problems = [] if version in VERSIONS else ["heketi_version: %r is neither 9 nor 10" % (desired["version"],)]
    if desired["executor"] not in EXECUTORS:
        problems.append("heketi_executor: %r is none of %s" % (desired["executor"], ", ".join(EXECUTORS)))
    problems += option_problems(desired["options"], version)
    for name in ("lvm_wrapper", "debug_umount_failures"):
        if desired["ssh_user"] != "root" and isinstance(desired["options"], dict) and desired["options"].get(name):
            problems.append(
                "heketi_options: %s: heketi's account on the nodes may not run what it needs; leave it out, or set "
                "heketi_ssh_user to root" % name
            )
    return problems


def _source_problems(desired: Mapping[str, Any]) -> list[str]:
    source = desired["source"]
    if source not in SOURCES:
        return ["heketi_source: %r is none of %s" % (source, ", ".join(SOURCES))]
    if source == "rpm_folder" and not desired["rpm_folder"]:
        return ["heketi_rpm_folder: it does not say where the RPMs are, and heketi_source is rpm_folder"]
    if source not in ("binary", "tarball"):
        return []
    problems = [] if desired["file"] else ["heketi_file: it does not say where the %s is" % source]
    for name in ("", "client_"):
        if desired[name + "file"] and not _CHECKSUM.match(str(desired[name + "checksum"])):
            problems.append(
                "heketi_%schecksum: %r is no sha256 of %s; nothing is installed without it"
                % (name, desired[name + "checksum"], desired[name + "file"])
            )
    return problems


def _key_problems(desired: Mapping[str, Any]) -> list[str]:
    problems = [
        "heketi_%s: it has to be given, of visible ASCII signs but for blanks, quotes, $, ` and \\" % name
        for name in ("admin_key", "user_key")
        if not _KEY.match(str(desired[name]))
    ]
    if not problems and desired["admin_key"] == desired["user_key"]:
        problems.append("heketi_user_key: it is the same as heketi_admin_key")
    return problems


def _account_problems(desired: Mapping[str, Any]) -> list[str]:
    problems = (
        [] if desired["address"] else ["heketi_address: it does not say from which address heketi comes to the nodes"]
    )
    if desired["key_type"] not in KEY_TYPES:
        problems.append("heketi_key_type: %r is none of %s" % (desired["key_type"], ", ".join(KEY_TYPES)))
    unknown = [name for name in desired["kernel_modules"] if name not in KERNEL_MODULES]
    if unknown:
        problems.append("heketi_kernel_modules: %s is none of %s" % (", ".join(unknown), ", ".join(KERNEL_MODULES)))
    if bool(desired["tls_certificate"]) != bool(desired["tls_private_key"]):
        problems.append("heketi_tls_certificate and heketi_tls_private_key: only one of them is given")
    return problems + [
        "heketi_%s: %r is no %s" % (name, desired[name], what)
        for name, what, fits in _SHAPES
        if not fits(str(desired[name]))
    ]


def _is_port(text: str) -> bool:
    return text.isdigit() and 0 < int(text) < 65536


#: What single values have to look like: the variable, what it is to be, and the test.
_SHAPES = (
    ("ssh_user", "name of a user", _USER.match),
    ("port", "port", _is_port),
    ("ssh_port", "port", _is_port),
    ("data_folder", "absolute path", ABSOLUTE_PATH.match),
    ("backup_folder", "absolute path", ABSOLUTE_PATH.match),
    ("backup_keep", "number from 1", re.compile(r"\A[1-9][0-9]*\Z").match),
)


def _node_problems(desired: Mapping[str, Any], hostvars: Mapping[str, Any], servers: Sequence[str]) -> list[str]:
    unseen = [name for name in servers if not _was_looked_for(hostvars[name])]
    problems = []
    if unseen and desired["executor"] == "ssh":
        problems.append(
            "%s is left out by --limit; heketi has to get its key to every storage node" % ", ".join(unseen)
        )
    if not desired["topology_load"] or desired["topology_file"]:
        return problems
    if not servers:
        problems.append("the group gluster_servers is empty, so there is no topology to load")
    for name in servers:
        problems += _shared_disks(name, hostvars[name])
    try:
        heketi_clusters(servers, hostvars)
    except InputError as error:
        problems += str(error).splitlines()
    return problems


def _was_looked_for(facts: Mapping[str, Any]) -> bool:
    """Whether somebody looked at a node; what needs one that did not answer waits, and is told of in the plan."""
    return node_of(facts) is not None or is_absent(facts.get(LOOK))


def _shared_disks(name: str, facts: Mapping[str, Any]) -> list[str]:
    """A disk that volumes of the inventory use can't be heketi's, too."""
    if not facts.get("gluster_volumes") or not facts.get("gluster_devices"):
        return []
    if "heketi_devices" not in facts:
        return [
            "%s: gluster_volumes are made on gluster_devices, so heketi needs disks of its own; set heketi_devices "
            "([] for none)" % name
        ]
    own = {_path(device) for device in facts["gluster_devices"]}
    shared = [_path(device) for device in facts["heketi_devices"] if _path(device) in own]
    return ["%s: %s is one of gluster_devices and of heketi_devices" % (name, path) for path in shared]


def _path(device: Any) -> Any:
    return device.get("path") if isinstance(device, dict) else device


def desired_disks(hostvars: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """Return a node's disks for heketi as lvm_brick_info takes them."""
    [cluster] = heketi_clusters([name], hostvars)
    disks = cluster["nodes"][0]["devices"]
    return [{"path": disk["name"], "overwrite": disk["destroydata"]} for disk in disks]


def disk_problems(looked: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[str]:
    """Return in sentences which disks are none for heketi; looked has by node what lvm_brick_info says of them.

    Those that heketi has already bear its volume group. Version 9 wipes what it is told to without looking.
    """
    return [
        "%s: %s" % (name, problem)
        for name in sorted(looked)
        for disk in looked[name]
        for problem in [_disk_problem(disk)]
        if problem
    ]


def _disk_problem(disk: Mapping[str, Any]) -> str:
    if _GROUP.match(disk["group"]):
        return ""
    if disk["group"] and not disk["reason"]:
        return "%s has bricks that this collection made, in the volume group %s" % (disk["path"], disk["group"])
    return disk["reason"]


def chain_problems(tried: Mapping[str, Mapping[str, Any]], user: str) -> list[str]:
    """Return which links of the way to the nodes are broken, in sentences.

    tried has by node what ssh ended with: C(rc), C(stdout) with a line C(LINK ok) or C(LINK TEXT) for each, C(stderr).
    """
    return [problem for name in sorted(tried) for problem in _way_problems(name, tried[name], user)]


def _way_problems(name: str, answer: Mapping[str, Any], user: str) -> list[str]:
    said = dict(line.partition(" ")[::2] for line in answer.get("stdout", "").splitlines())
    if "sudo" not in said:
        return [_cut_off(name, user, answer, "anything was")]
    problems = [
        "%s: %s: %s: %s" % (name, link, said[link], advice.format(user=user))
        for link, advice in _LINKS
        if said.get(link, "ok") != "ok"
    ]
    unseen = [link for link, _advice in _LINKS if link not in said]
    if unseen:
        problems.append(_cut_off(name, user, answer, ", ".join(unseen) + " were") + "; run again")
    return problems


def _cut_off(name: str, user: str, answer: Mapping[str, Any], unseen: str) -> str:
    """What is not in a partial answer may be whole, so nothing is told of it but how ssh ended."""
    words = (answer.get("stderr") or answer.get("msg") or "").strip().splitlines() or ["it said nothing"]
    ended = (name, user, answer.get("rc", "unknown"), unseen, words[-1])
    return "%s: ssh as %s ended with exit code %s before %s looked at: %s" % ended
