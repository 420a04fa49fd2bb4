# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of the trial's claims, and what is left of them. Pure. PRIVATE to the collection."""

from collections.abc import Container, Iterable
from typing import Any, Optional

#: What the provisioner's Endpoints and Services are called, before the claim's uid.
ENDPOINT_PREFIX = "glusterfs-dynamic"


def claim_problems(
    desired: list[dict[str, Any]], found: list[dict[str, Any]], events: list[dict[str, Any]], seconds: int = 0
) -> list[str]:
    """Return in sentences which of the desired claims have no volume after so many seconds, with their events."""
    existing = _by_name(found)
    phases = {name: one.get("status", {}).get("phase") for name, one in existing.items()}
    return [
        "claim %s of class %s is not Bound after %s s: %s"
        % (_full_name(claim), claim["spec"]["storageClassName"], seconds, _told(_uids(existing.get(name), []), events))
        for name, claim in _by_name(desired).items()
        if phases.get(name) != "Bound"
    ]


def pod_problems(
    desired: list[dict[str, Any]], found: list[dict[str, Any]], events: list[dict[str, Any]], seconds: int = 0
) -> list[str]:
    """Return in sentences which of the desired Deployments have pods that are not ready, with the pods' events.

    found has the Deployments, and to tell their pods' events from those of others also ReplicaSets and pods.
    """
    existing = _by_name(one for one in found if one["kind"] == "Deployment")
    ready = {name: one.get("status", {}).get("readyReplicas") or 0 for name, one in existing.items()}
    return [
        "of the %s pods of %s %s are ready after %s s: %s"
        % (
            one["spec"]["replicas"],
            _full_name(one),
            ready.get(name, 0),
            seconds,
            _told(_uids(existing.get(name), found), events),
        )
        for name, one in _by_name(desired).items()
        if ready.get(name, 0) < one["spec"]["replicas"]
    ]


def _by_name(found: Iterable[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {one["metadata"]["name"]: one for one in found}


def _full_name(one: dict[str, Any]) -> str:
    return "%s/%s" % (one["metadata"]["namespace"], one["metadata"]["name"])


def _uids(one: Optional[dict[str, Any]], found: list[dict[str, Any]]) -> set[str]:
    """Return the uids of an object and of the ReplicaSets and pods that it owns.

    Names would not do: those of other objects may begin alike, and events outlive what they are about by an hour.
    """
    uids = {one["metadata"]["uid"]} if one else set()
    for kind in ("ReplicaSet", "Pod"):
        uids |= {other["metadata"]["uid"] for other in found if other["kind"] == kind and uids & _owners(other)}
    return uids


def _owners(one: dict[str, Any]) -> set[str]:
    return {owner["uid"] for owner in one["metadata"].get("ownerReferences") or []}


def _told(uids: Container[str], events: Iterable[dict[str, Any]]) -> str:
    about = [event for event in events if event["involvedObject"].get("uid") in uids]
    told = ["%s: %s" % (event.get("reason"), event.get("message")) for event in about if event.get("type") != "Normal"]
    return "; ".join(dict.fromkeys(told)) or "there is no event that tells why"


def leftovers(claims: list[dict[str, Any]], classes: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Return what is to be changed and deleted with the trial's claims.

    C(volumes) are PersistentVolumes as they must be, so that a class that retains does not retain the trial's, too.
    C(endpoints) are the Services and Endpoints of claims that were never bound, which Kubernetes forgets.
    """
    prefixes = {one["metadata"]["name"]: _endpoint_prefix(one) for one in classes}
    volumes = [_deleted_with_claim(claim["spec"]["volumeName"]) for claim in claims if claim["spec"].get("volumeName")]
    endpoints = [
        _named(kind, "%s-%s" % (prefixes[claim["spec"]["storageClassName"]], claim["metadata"]["uid"]), claim)
        for claim in claims
        if not claim["spec"].get("volumeName") and prefixes.get(claim["spec"]["storageClassName"])
        for kind in ("Endpoints", "Service")
    ]
    return {"volumes": volumes, "endpoints": endpoints}


def _endpoint_prefix(storage_class: dict[str, Any]) -> str:
    """Return how the names of a class's Endpoints begin, "" for one without any."""
    if storage_class["provisioner"] != "kubernetes.io/glusterfs":
        return ""
    return (storage_class.get("parameters") or {}).get("customepnameprefix") or ENDPOINT_PREFIX


def _deleted_with_claim(name: str) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": name},
        "spec": {"persistentVolumeReclaimPolicy": "Delete"},
    }


def _named(kind: str, name: str, claim: dict[str, Any]) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": kind,
        "metadata": {"name": name, "namespace": claim["metadata"]["namespace"]},
    }
