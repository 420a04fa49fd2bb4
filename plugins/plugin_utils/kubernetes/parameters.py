# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parameters of a StorageClass for heketi, judged as the provisioner of Kubernetes and heketi judge them. Pure.

Only some mistakes show in a claim's events, and some leave a volume behind with each of the provisioner's attempts; so
all of it is looked at before. PRIVATE to the collection.
"""

import ipaddress
import re
from collections.abc import Callable, Iterator
from typing import Any

from ansible_collections.brickwork.gluster.plugins.module_utils.heketi.volume_plan import (
    DISPERSED,
    MAX_REPLICAS,
    is_unread_switch,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.kubernetes import names

#: What Kubernetes takes for groups of volumes.
FIRST_GID, LAST_GID = 2000, 2147483647
#: The name of a Service has 63 characters at most, of which 37 are "-" and the claim's uid.
MAX_ENDPOINT_PREFIX = 26
PROVISIONER = "kubernetes.io/glusterfs"

_URL = re.compile(r"https?://(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+)(:[0-9]{1,5})?/?\Z")
_CLUSTER_ID = re.compile(r"[0-9a-f]{32}\Z")
_NAME_PREFIX = re.compile(r"[A-Za-z0-9-]+\Z")
_ENDPOINT_PREFIX = re.compile(r"[a-z]([a-z0-9-]*[a-z0-9])?\Z")
_OPTION = re.compile(r"[A-Za-z0-9_.-]+\Z")


def parameter_problems(desired: dict[str, Any]) -> Iterator[str]:
    """Yield in sentences what is wrong with the parameters of a class, each beginning with the key's name."""
    for key, judge in _JUDGES.items():
        if desired.get(key) not in (None, ""):
            problem = judge(desired[key])
            if problem:
                yield "%s: %s" % (key, problem)
    if not desired.get("resturl"):
        yield "resturl: the address of heketi is missing"
    if (
        _is_gid(desired.get("gid_min"))
        and _is_gid(desired.get("gid_max"))
        and int(desired["gid_min"]) > int(desired["gid_max"])
    ):
        yield "gid_min: %s is above gid_max, %s" % (desired["gid_min"], desired["gid_max"])


def class_parameters(desired: dict[str, Any]) -> dict[str, str]:
    """Return the parameters of a StorageClass, which are all texts. What is left out is left to Kubernetes."""
    found = {
        "resturl": str(desired["resturl"]).rstrip("/"),
        "restauthenabled": "true" if desired["restauthenabled"] else "false",
        "clusterid": ",".join(as_list(desired.get("clusterid"))),
        "gidMin": str(desired.get("gid_min") or ""),
        "gidMax": str(desired.get("gid_max") or ""),
        "volumetype": str(desired.get("volumetype") or ""),
        "volumeoptions": ",".join("%s %s" % pair for pair in sorted((desired.get("volumeoptions") or {}).items())),
        "volumenameprefix": str(desired.get("volumenameprefix") or ""),
        "snapfactor": str(desired.get("snapfactor") or ""),
        "customepnameprefix": str(desired.get("customepnameprefix") or ""),
    }
    if desired["restauthenabled"]:
        found.update(restuser="admin", secretName=desired["secret_name"], secretNamespace=desired["secret_namespace"])
    return {key: value for key, value in sorted(found.items()) if value}


def as_list(value: Any) -> list[str]:
    """Return a list, or a text with commas, as a list of texts."""
    parts = value.split(",") if isinstance(value, str) else value or []
    return [str(part).strip() for part in parts]


def storage_problems(addresses: dict[str, str]) -> list[str]:
    """Return in sentences which storage addresses Kubernetes can't put into Endpoints, by host."""
    return [
        "%s: gluster_address: %r %s, and each attempt of Kubernetes would leave a volume behind"
        % (host, address, problem)
        for host, address, problem in ((host, one, _address_problem(one)) for host, one in sorted(addresses.items()))
        if problem
    ]


def _address_problem(address: Any) -> str:
    try:
        found = ipaddress.ip_address(str(address))
    except ValueError:
        return "is no IP address, which Kubernetes needs of heketi's storage names"
    if found.is_loopback or found.is_unspecified or found.is_link_local or found.is_multicast:
        return "is an address that Kubernetes takes for no Endpoints"
    return ""


def _is_gid(value: Any) -> bool:
    return str(value).isdigit() and FIRST_GID <= int(value) <= LAST_GID


def _judge_gid(value: Any) -> str:
    return "" if _is_gid(value) else "%s is no number from %s to %s" % (value, FIRST_GID, LAST_GID)


def _judge_url(value: Any) -> str:
    if not _URL.match(str(value)):
        return "%r is no address such as http://192.168.72.100:8080, without user, path and query" % value
    return ""


def _judge_user(value: Any) -> str:
    # POST works for another user and reading the queue does not, so every attempt makes one volume more.
    if value != "admin":
        return (
            "%r may not read what becomes of a request, so each attempt would leave a volume behind; use admin" % value
        )
    return ""


def _judge_clusters(value: Any) -> str:
    wrong = [one for one in as_list(value) if not _CLUSTER_ID.match(one)]
    return "%s is no id of a cluster of heketi's" % ", ".join(map(repr, wrong)) if wrong else ""


def _judge_kind(value: Any) -> str:
    kind, *numbers = str(value).split(":")
    if kind == "none" and not numbers:
        return ""
    if not all(number.isdigit() for number in numbers):
        return "%r has something else than numbers behind %s" % (value, kind)
    return _judge_counts(kind, value, tuple(map(int, numbers)))


def _judge_counts(kind: str, value: Any, numbers: tuple[int, ...]) -> str:
    if kind == "replicate":
        if len(numbers) > 1 or not 1 <= (numbers or (MAX_REPLICAS,))[0] <= MAX_REPLICAS:
            return "%r; heketi makes replicate:1 to replicate:%s" % (value, MAX_REPLICAS)
        return ""
    if kind == "disperse":
        known = ", ".join("disperse:%s:%s" % pair for pair in DISPERSED)
        return "" if numbers in DISPERSED else "%r; heketi makes %s" % (value, known)
    return "%r is none of replicate:N, disperse:DATA:REDUNDANCY and none" % value


def _judge_options(value: Any) -> str:
    if not isinstance(value, dict):
        return "%r is no dictionary of options and values" % value
    for name, setting in value.items():
        if not _OPTION.match(str(name)) or not str(setting) or "," in str(setting):
            return "%r: %r can't be said in a StorageClass, which parts options at commas and blanks" % (name, setting)
        if is_unread_switch(str(name), str(setting)):
            return "%r: %r is taken for false by heketi; write true or false" % (name, setting)
    return ""


def _judge_name_prefix(value: Any) -> str:
    return "" if _NAME_PREFIX.match(str(value)) else "%r has something else than letters, digits and -" % value


def _judge_factor(value: Any) -> str:
    try:
        fits = 1 <= float(value) <= 100
    except ValueError:
        fits = False
    return "" if fits else "%r is no number from 1 to 100" % value


def _judge_endpoint_prefix(value: Any) -> str:
    if len(str(value)) > MAX_ENDPOINT_PREFIX:
        return "%r has more than %s characters" % (value, MAX_ENDPOINT_PREFIX)
    if not _ENDPOINT_PREFIX.match(str(value)):
        return "%r is no beginning of a Service's name: small letters, digits and -, a letter first" % value
    return ""


_JUDGES: dict[str, Callable[[Any], str]] = {
    "resturl": _judge_url,
    "restuser": _judge_user,
    "secret_name": names.subdomain_problem,
    "secret_namespace": names.label_problem,
    "clusterid": _judge_clusters,
    "gid_min": _judge_gid,
    "gid_max": _judge_gid,
    "volumetype": _judge_kind,
    "volumeoptions": _judge_options,
    "volumenameprefix": _judge_name_prefix,
    "snapfactor": _judge_factor,
    "customepnameprefix": _judge_endpoint_prefix,
}
KEYS = frozenset(_JUDGES) | {"restauthenabled"}
