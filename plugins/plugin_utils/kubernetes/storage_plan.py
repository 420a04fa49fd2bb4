# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the role's variables to the objects that are put into Kubernetes, or all that is wrong. Pure. PRIVATE."""

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence, Set
from typing import Any, NamedTuple

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError
from ansible_collections.brickwork.gluster.plugins.plugin_utils.kubernetes import (
    local_path,
    manifests,
    names,
    parameters,
    versions,
)

#: What may be said of a class, whatever the way.
COMMON = frozenset(("name", "default", "reclaim_policy", "mount_options", "allow_expansion"))
POLICIES = ("Delete", "Retain")
SWITCHES = ("default", "allow_expansion", "restauthenabled")
_FOLDER = re.compile(r"/[^/\s\"\\]+/[^\s\"\\]+\Z")
VOLUME_KEYS = frozenset(("name", "path", "size", "mode", "class", "claim"))

#: A class or a volume as the user writes it, or an object of Kubernetes.
_Data = dict[str, Any]


class Settings(NamedTuple):
    """What the role's variables say beside classes and volumes."""

    way: str = versions.AUTO
    resturl: str = ""
    has_key: bool = False
    secret_name: str = ""
    namespace: str = "default"
    path: str = ""
    provisioner: str = ""
    provisioner_namespace: str = ""
    provisioner_image: str = ""
    pod_image: str = ""
    registry: str = ""
    trial_namespace: str = "default"
    trial_size: str = "1Gi"


def plan_storage(
    classes: Sequence[_Data], volumes: Sequence[_Data], version: str, settings: Settings, addresses: dict[str, str]
) -> _Data:
    """Return all that is put into a cluster of that version; raises InputError with all that is wrong, a line each.

    classes and volumes are dictionaries as a user writes them, addresses are those of the storage nodes by host.
    """
    way = versions.choose_way(version, settings.way)
    offers = [_with_defaults(offer, settings, way.name) for offer in classes]
    problems = list(_all_problems(offers, list(volumes), settings, way.name, addresses))
    if problems:
        raise InputError("\n".join(problems))
    return {
        "way": way.name,
        "reason": way.reason,
        "secrets": _secrets(offers) if way.name == versions.HEKETI else [],
        "objects": _objects(offers, volumes, settings, way.name),
        "folders": _folders(offers, volumes, settings) if way.name == versions.MOUNTED else [],
        "claims": [manifests.trial_claim(one["name"], settings.trial_namespace, settings.trial_size) for one in offers],
        "pods": [_trial_pods(one["name"], settings) for one in offers],
    }


def _with_defaults(offer: _Data, settings: Settings, way: str) -> _Data:
    common = {"default": False, "reclaim_policy": "Delete", "mount_options": [], "allow_expansion": False}
    if way == versions.HEKETI:
        common.update(
            allow_expansion=True,
            resturl=settings.resturl,
            restauthenabled=True,
            secret_name=settings.secret_name,
            secret_namespace=settings.namespace,
        )
    return dict(common, **offer)


def _all_problems(
    offers: Sequence[_Data], volumes: Sequence[_Data], settings: Settings, way: str, addresses: dict[str, str]
) -> Iterator[str]:
    if not offers and not volumes:
        yield "gluster_storageclass_classes: there is no class"
    judge = _heketi_problems if way == versions.HEKETI else _mounted_problems
    for offer in offers:
        for problem in _common_problems(offer):
            yield "gluster_storageclass_classes: %s: %s" % (offer.get("name"), problem)
    yield from judge(offers, volumes, settings, addresses)
    yield from _several("gluster_storageclass_classes", [offer.get("name") for offer in offers])
    if len([offer for offer in offers if offer["default"]]) > 1:
        yield "gluster_storageclass_classes: only one class can be the default"
    yield from _setting_problems(settings)


def _setting_problems(settings: Settings) -> Iterator[str]:
    judged = {
        "test_namespace": names.label_problem(settings.trial_namespace),
        "test_size": names.quantity_problem(settings.trial_size),
        "provisioner_namespace": names.label_problem(settings.provisioner_namespace),
    }
    for name, problem in judged.items():
        if problem:
            yield "gluster_storageclass_%s: %s" % (name, problem)


def _several(option: str, values: Sequence[Any]) -> Iterator[str]:
    for value in sorted({str(value) for value in values if values.count(value) > 1}):
        yield "%s: %s is there more than once" % (option, value)


def _common_problems(offer: _Data) -> Iterator[str]:
    problem = names.subdomain_problem(offer.get("name", ""))
    if problem:
        yield "name: %s" % problem
    if offer["reclaim_policy"] not in POLICIES:
        yield "reclaim_policy: %r is none of %s" % (offer["reclaim_policy"], ", ".join(POLICIES))
    for key in SWITCHES:
        if not isinstance(offer.get(key, False), bool):
            yield "%s: %r is neither true nor false" % (key, offer[key])
    if isinstance(offer["mount_options"], str):
        yield "mount_options: %r is no list" % offer["mount_options"]


def _heketi_problems(
    offers: Sequence[_Data], volumes: Sequence[_Data], settings: Settings, addresses: dict[str, str]
) -> Iterator[str]:
    for offer in offers:
        for problem in _unknown_keys(offer, parameters.KEYS, versions.HEKETI):
            yield "gluster_storageclass_classes: %s: %s" % (offer.get("name"), problem)
        for problem in parameters.parameter_problems(offer):
            yield "gluster_storageclass_classes: %s: %s" % (offer.get("name"), problem)
    if any(offer["restauthenabled"] for offer in offers) and not settings.has_key:
        yield "gluster_storageclass_key: the key of heketi's user admin is missing"
    if volumes:
        yield "gluster_storageclass_volumes: volumes are offered with the way mounted only, and this is heketi"
    yield from parameters.storage_problems(addresses)


def _unknown_keys(offer: _Data, known: Set[str], way: str) -> Iterator[str]:
    for key in sorted(set(offer) - COMMON - known):
        yield "%s: there is no such key with the way %s" % (key, way)


def _mounted_problems(
    offers: Sequence[_Data], volumes: Sequence[_Data], settings: Settings, _addresses: dict[str, str]
) -> Iterator[str]:
    for offer in offers:
        for problem in _mounted_class_problems(offer):
            yield "gluster_storageclass_classes: %s: %s" % (offer.get("name"), problem)
    if offers and not _is_folder(settings.path):
        yield "gluster_storageclass_path: %r is no folder, below a mount point, for the classes' claims" % settings.path
    for volume in volumes:
        for problem in _volume_problems(volume):
            yield "gluster_storageclass_volumes: %s: %s" % (volume.get("name"), problem)
    yield from _several("gluster_storageclass_volumes", [volume.get("name") for volume in volumes])


def _mounted_class_problems(offer: _Data) -> Iterator[str]:
    yield from _unknown_keys(offer, set(), versions.MOUNTED)
    if offer["allow_expansion"]:
        yield "allow_expansion: a folder has no size that could grow"


def _volume_problems(volume: _Data) -> Iterator[str]:
    for key in sorted(set(volume) - VOLUME_KEYS):
        yield "%s: there is no such key" % key
    judged = {
        "name": names.subdomain_problem(volume.get("name", "")),
        "size": names.quantity_problem(volume.get("size", "")),
        "path": "" if _is_folder(volume.get("path")) else "%r is no folder below a mount point" % volume.get("path"),
        "claim": _claim_problem(volume.get("claim")),
    }
    for key, problem in judged.items():
        if problem:
            yield "%s: %s" % (key, problem)


def _claim_problem(claim: Any) -> str:
    if claim and (not isinstance(claim, dict) or not claim.get("name") or set(claim) - {"name", "namespace"}):
        return "%r is no claim; give it a name, and a namespace if that is not default" % (claim,)
    return ""


def _is_folder(path: Any) -> bool:
    return bool(_FOLDER.match(str(path))) and posixpath.normpath(str(path)) == str(path)


def _secrets(offers: Iterable[_Data]) -> list[dict[str, str]]:
    """Return name and namespace of each Secret, once."""
    named = [(offer["secret_name"], offer["secret_namespace"]) for offer in offers if offer["restauthenabled"]]
    return [{"name": name, "namespace": namespace} for name, namespace in dict.fromkeys(named)]


def _objects(offers: Sequence[_Data], volumes: Iterable[_Data], settings: Settings, way: str) -> list[dict[str, Any]]:
    if way == versions.HEKETI:
        return [
            manifests.storage_class(offer["name"], parameters.PROVISIONER, parameters.class_parameters(offer), offer)
            for offer in offers
        ]
    shared = local_path.local_path_manifests(_named(settings), settings.path, _images(settings)) if offers else []
    offered = [manifests.storage_class(offer["name"], settings.provisioner, {}, offer) for offer in offers]
    return shared + offered + [_persistent_volume(volume) for volume in volumes]


def _named(settings: Settings) -> dict[str, str]:
    return {"namespace": settings.provisioner_namespace, "provisioner": settings.provisioner}


def _images(settings: Settings) -> dict[str, str]:
    named = {"provisioner": settings.provisioner_image, "pod": settings.pod_image}
    return {use: manifests.image(name, settings.registry) for use, name in named.items()}


def _persistent_volume(volume: _Data) -> _Data:
    return manifests.persistent_volume(
        volume["name"], volume["path"], str(volume["size"]), volume.get("class", ""), volume.get("claim")
    )


def _trial_pods(name: str, settings: Settings) -> _Data:
    return manifests.trial_pods(name, settings.trial_namespace, _images(settings)["pod"])


def _folders(offers: Sequence[_Data], volumes: Iterable[_Data], settings: Settings) -> list[dict[str, str]]:
    """Return the folders that must be on the mounted volumes, with their modes; claims' folders have the guard."""
    found = [{"path": volume["path"], "mode": str(volume.get("mode", "0777")), "guard": ""} for volume in volumes]
    if offers:
        guard = posixpath.join(settings.path, local_path.GUARD)
        found.append({"path": settings.path, "mode": "0755", "guard": guard})
    return found
