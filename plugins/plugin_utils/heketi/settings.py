# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands in heketi.json and in heketi's environment, by version. Pure. PRIVATE to the collection.

heketi reads its JSON strictly: a number in quotes keeps it from starting, as the file does that it is shipped with.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Union

VERSIONS = (9, 10)
EXECUTORS = ("ssh", "mock")
FOLDER = "/etc/heketi"
KEY_FILE = FOLDER + "/ssh_key"
KNOWN_HOSTS = FOLDER + "/known_hosts"
CERTIFICATE = FOLDER + "/tls.pem"
CERTIFICATE_KEY = FOLDER + "/tls.key"

#: Where an option stands: at the root of heketi.json, in one of its parts, or in the environment under another name.
ROOT, GLUSTERFS, SSHEXEC, ENVIRONMENT = "", "glusterfs", "sshexec", "environment"

_TRUE, _FALSE = ("true", "yes", "on"), ("false", "no", "off")
_SIZE = re.compile(r"\A[1-9][0-9]*[KMG]\Z")
ABSOLUTE_PATH = re.compile(r"\A/[A-Za-z0-9_./-]+\Z")
_WORDS = re.compile(r"\A[^\x00-\x1f\"'`$\\]+\Z")


class Option(NamedTuple):
    """One option of heketi's. kind says what it takes: a name of _KINDS, or the words to choose from."""

    part: str
    kind: Union[str, tuple[str, ...]]
    versions: tuple[int, ...] = VERSIONS
    variable: str = ""


#: All options that a user may give. What the role decides itself (port, keys, executor, key file) is not among them,
#: nor is what heketi ignores (allocator) or what only makes sense inside of Kubernetes.
OPTIONS: dict[str, Option] = {
    "profiling": Option(ROOT, "bool"),
    "default_state": Option(ROOT, ("normal", "read-only", "local-client")),
    "loglevel": Option(GLUSTERFS, ("none", "critical", "error", "warning", "info", "debug")),
    "brick_max_size_gb": Option(GLUSTERFS, "count"),
    "brick_min_size_gb": Option(GLUSTERFS, "count"),
    "max_bricks_per_volume": Option(GLUSTERFS, "count"),
    "average_file_size_kb": Option(GLUSTERFS, "count"),
    "pre_request_volume_options": Option(GLUSTERFS, "words"),
    "post_request_volume_options": Option(GLUSTERFS, "words"),
    "zone_checking": Option(GLUSTERFS, ("none", "strict")),
    "max_volumes_per_cluster": Option(GLUSTERFS, "int"),
    "auto_create_block_hosting_volume": Option(GLUSTERFS, "bool"),
    "block_hosting_volume_size": Option(GLUSTERFS, "count"),
    "block_hosting_volume_options": Option(GLUSTERFS, "words"),
    "disable_monitor_gluster_nodes": Option(GLUSTERFS, "bool"),
    "refresh_time_monitor_gluster_nodes": Option(GLUSTERFS, "count"),
    "start_time_monitor_gluster_nodes": Option(GLUSTERFS, "count"),
    "max_inflight_operations": Option(GLUSTERFS, "count"),
    "disable_background_cleaner": Option(GLUSTERFS, "bool"),
    "refresh_time_background_cleaner": Option(GLUSTERFS, "count"),
    "start_time_background_cleaner": Option(GLUSTERFS, "count"),
    "operation_retry_limits": Option(GLUSTERFS, "limits"),
    "db_read_only": Option(GLUSTERFS, "bool", (10,)),
    "fstab": Option(SSHEXEC, "path"),
    "snapshot_limit": Option(SSHEXEC, "count"),
    "backup_lvm_metadata": Option(SSHEXEC, "bool"),
    "gluster_cli_timeout": Option(SSHEXEC, "count"),
    "pv_data_alignment": Option(SSHEXEC, "size"),
    "vg_physicalextentsize": Option(SSHEXEC, "size"),
    "lv_chunksize": Option(SSHEXEC, "size"),
    "xfs_sw": Option(SSHEXEC, "count"),
    "xfs_su": Option(SSHEXEC, "count"),
    "debug_umount_failures": Option(SSHEXEC, "bool"),
    "block_prealloc": Option(SSHEXEC, ("full", "no")),
    "mountopts": Option(SSHEXEC, "words", (10,)),
    "lvm_wrapper": Option(SSHEXEC, "path", (10,)),
    # heketi reads these two from its environment only; in its JSON the first is ignored, the second unknown.
    "rebalance_on_expansion": Option(ENVIRONMENT, "bool", VERSIONS, "HEKETI_GLUSTERAPP_REBALANCE_ON_EXPANSION"),
    "jwt_iat_leeway_seconds": Option(ENVIRONMENT, "count", VERSIONS, "HEKETI_JWT_IAT_LEEWAY_SECONDS"),
}


def option_problems(options: Any, version: int) -> list[str]:
    """Return in sentences what is wrong with the options a user gives."""
    if not isinstance(options, dict):
        return ["heketi_options: %r is no dictionary of options" % (options,)]
    problems = [_option_problem(name, options[name], version) for name in sorted(options)]
    return ["heketi_options: " + problem for problem in problems if problem]


def _option_problem(name: str, value: Any, version: int) -> str:
    option = OPTIONS.get(name)
    if option is None:
        return "%s is none that can be given; known are %s" % (name, ", ".join(sorted(OPTIONS)))
    if version in VERSIONS and version not in option.versions:
        return "%s: heketi %s does not know it, only %s" % (name, version, " and ".join(map(str, option.versions)))
    try:
        _value(option.kind, value)
    except ValueError as error:
        return "%s: %s" % (name, error)
    return ""


def _value(kind: Union[str, tuple[str, ...]], value: Any) -> Any:
    """Return the value as heketi's JSON has it; raises ValueError with what is wrong."""
    if isinstance(kind, tuple):
        return _choice(value, kind)
    return _KINDS[kind](value)


def _choice(value: Any, choices: tuple[str, ...]) -> str:
    # YAML takes a bare no for false.
    word = "no" if value is False else value
    if word not in choices:
        raise ValueError("%r is none of %s" % (value, ", ".join(choices)))
    return word


def _bool(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if str(value).lower() in _TRUE + _FALSE:
        return str(value).lower() in _TRUE
    raise ValueError("%r is neither true nor false" % (value,))


def _int(value: Any) -> int:
    if not isinstance(value, bool) and re.match(r"\A-?[0-9]+\Z", str(value)):
        return int(value)
    raise ValueError("%r is no whole number" % (value,))


def _count(value: Any) -> int:
    if _int(value) < 1:
        raise ValueError("%r is not 1 or more" % (value,))
    return int(value)


def _matching(pattern: re.Pattern[str], what: str) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if isinstance(value, str) and pattern.match(value):
            return value
        raise ValueError("%r is no %s" % (value, what))

    return check


def _limits(value: Any) -> dict[str, int]:
    if isinstance(value, dict) and list(value) == ["volume_create"]:
        return {"volume_create": _count(value["volume_create"])}
    raise ValueError("%r is not the one limit that there is, such as {volume_create: 4}" % (value,))


_KINDS = {
    "bool": _bool,
    "int": _int,
    "count": _count,
    "limits": _limits,
    "size": _matching(_SIZE, "size such as 256K"),
    "path": _matching(ABSOLUTE_PATH, "absolute path"),
    "words": _matching(_WORDS, "plain text without quotes"),
}


def _given(desired: Mapping[str, Any], part: str) -> dict[str, Any]:
    """Return the options of one part that a user gives, as heketi wants them."""
    return {
        name: _value(OPTIONS[name].kind, value)
        for name, value in sorted(desired["options"].items())
        if OPTIONS[name].part == part
    }


def configuration(desired: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content of heketi.json; no secret is in it. The settings have no problems."""
    config = dict(_given(desired, ROOT), port=str(desired["port"]))
    if desired["tls"]:
        config.update(enable_tls=True, cert_file=CERTIFICATE, key_file=CERTIFICATE_KEY)
    # Version 10 asks for a key in any case, and warns of an option that it does not know.
    if int(desired["version"]) == 9:
        config["use_auth"] = True
    config["glusterfs"] = dict(
        _given(desired, GLUSTERFS), db=desired["data_folder"] + "/heketi.db", executor=desired["executor"]
    )
    if desired["executor"] == "ssh":
        config["glusterfs"]["sshexec"] = dict(
            _given(desired, SSHEXEC),
            keyfile=KEY_FILE,
            user=desired["ssh_user"],
            port=str(desired["ssh_port"]),
            sudo=desired["ssh_user"] != "root",
        )
    return config


def environment(desired: Mapping[str, Any]) -> str:
    """Return the text of heketi's environment file: its keys, and what it reads from nowhere else."""
    variables = {
        "HEKETI_ADMIN_KEY": desired["admin_key"],
        "HEKETI_USER_KEY": desired["user_key"],
    }
    # Version 9 checks no host keys at all. This is the one variable of version 10 that does not begin with HEKETI_.
    if int(desired["version"]) == 10 and desired["executor"] == "ssh":
        variables["SSH_KNOWN_HOSTS"] = KNOWN_HOSTS
    for name, value in _given(desired, ENVIRONMENT).items():
        variables[OPTIONS[name].variable] = str(value).lower()
    lines: list[str] = ['%s="%s"' % (name, variables[name]) for name in sorted(variables)]
    return "\n".join(lines) + "\n"
